"""What the index keeps of each product that can be looked for."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.claims import claim_words
from shop.models.addresses import Commune
from shop.models.catalog import (
    Certificate,
    CertificateProduct,
    Pack,
    Product,
    ProductState,
    Seller,
)
from shop.models.people import Member
from shop.queries.catalog_wanted import holds
from shop.search.documents import Document


def documents(session: Session, *, today: date) -> list[Document]:
    """Return the texts of all products on the shelf, in three statements and one for papers."""
    packs, papers = _packs(session), _papers(session, today)
    return [
        Document(
            product_id=row.id,
            name=row.name,
            names=[*_names(row), *packs[row.id], *papers[row.id]],
            folded=[line.partition(",")[0] for line in (row.old_names or "").split("\n")],
            text=" ".join([row.description, *row.ingredients, row.directions, *_english(row)]),
        )
        for row in session.execute(
            select(
                Product.id, Product.name, Product.kind, Product.brand, Product.search_words,
                Product.description, Product.ingredients, Product.directions, Product.english,
                Seller.name.label("seller_name"), Seller.short_name, Seller.hamlet,
                Seller.commune, Seller.province, Seller.old_address, Commune.old_names,
                Member.full_name, Member.show_name,
            )
            .join(Seller, Seller.id == Product.seller_id)
            .outerjoin(Commune, Commune.code == Seller.commune_code)
            .outerjoin(Member, Member.id == Product.member_id)
            .where(Product.state == ProductState.PUBLISHED)
            .order_by(Product.id)
        )
    ]  # fmt: skip


_LINKING = frozenset({"and", "from", "in", "of", "the", "with"})
"""Words of English names that tell nothing apart."""


def _english(row: Any) -> list[str]:
    """Return the words that say in English what a product is."""
    words = row.english.get("name", "").split()
    return [word for word in words if word.lower() not in _LINKING]


def _names(row: Any) -> Iterable[str]:
    yield from (row.kind, row.brand, row.seller_name, row.short_name, row.hamlet, row.commune)
    yield from (row.province, row.old_address)
    yield from row.search_words
    if row.full_name and row.show_name:
        yield row.full_name


def _packs(session: Session) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for pack in session.execute(
        select(Pack.product_id, Pack.label, Pack.sku, Pack.gtin, Pack.net_quantity, Pack.net_unit)
        .where(Pack.is_offered)
        .order_by(Pack.position, Pack.id)
    ):
        found[pack.product_id] += [pack.label, pack.sku, pack.gtin, pack.gtin.lstrip("0")]
        found[pack.product_id] += _measures(pack.net_quantity, pack.net_unit.value)
    return found


def _measures(quantity: int, unit: str) -> Sequence[str]:
    """Return a net content in both sizes of its unit: `1600 g` and `1,6 kg`."""
    large = {"g": "kg", "ml": "l"}[unit]
    whole, rest = divmod(quantity, 1000)
    decimals = f",{rest:03}".rstrip("0") if rest else ""
    return [f"{quantity} {unit}", f"{whole}{decimals} {large}"]


def _papers(session: Session, today: date) -> dict[int, list[str]]:
    found: dict[int, list[str]] = defaultdict(list)
    for paper in session.execute(
        select(CertificateProduct.product_id, Certificate.kind, Certificate.extra)
        .join(Certificate, Certificate.id == CertificateProduct.certificate_id)
        .where(Certificate.covers_all_batches, holds(today))
        .order_by(Certificate.kind, Certificate.id)
    ):
        found[paper.product_id].append(claim_words(paper.kind, paper.extra))
    return found
