"""The demo's products, packs and papers."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from shop.demo.files import PICTURES, moved_lot, records, records_shift
from shop.demo.people import DEMO
from shop.models.batches import Batch
from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    NetUnit,
    Pack,
    Photo,
    Product,
    ProductState,
    Seller,
)
from shop.services.actors import audit
from shop.services.product_snapshot import snapshot


def load_products(
    session: Session, sellers: dict[str, Seller], *, today: date, now: datetime
) -> dict[str, Product]:
    """Write down the products with packs and drawn pictures, by the code of the file."""
    products = {}
    for record in records("products", today):
        seller, packs = sellers[record.pop("seller")], record.pop("packs")
        code, picture = record.pop("code"), record.pop("picture")
        product = Product(
            seller_id=seller.id,
            seller=seller,
            state=ProductState.PUBLISHED,
            allergens_stated=True,
            is_sample=True,
            created_at=now,
            **record,
        )
        session.add(product)
        session.flush()
        for position, pack in enumerate(packs):
            product.packs.append(
                Pack(
                    seller_id=seller.id,
                    sku=pack["sku"],
                    gtin=pack["gtin"],
                    gtin_is_internal=True,
                    label=pack["label"],
                    label_en=pack["label_en"],
                    unit=pack["unit"],
                    net_quantity=pack["net"],
                    net_unit=NetUnit(pack["net_unit"]),
                    mass_g=pack["mass_g"],
                    price_vnd=pack["price_vnd"],
                    position=position,
                )
            )
        session.flush()
        product.photos.append(_drawing(picture, product.name, now=now))
        for pack in product.packs:
            key = pack.sku.lower()
            if (PICTURES / f"{key}.svg").exists():
                alt = f"{product.name}, {pack.label}"
                product.photos.append(_drawing(key, alt, now=now, pack_id=pack.id))
        session.flush()
        audit(session, DEMO, "product_published", product, now=now, after=snapshot(product))
        products[code] = product
    return products


def _drawing(key: str, alt: str, *, now: datetime, pack_id: int | None = None) -> Photo:
    return Photo(
        key=key,
        extension="svg",
        width=400,
        height=400,
        alt=alt,
        is_sample=True,
        created_at=now,
        pack_id=pack_id,
    )


def load_certificates(
    session: Session,
    sellers: dict[str, Seller],
    products: dict[str, Product],
    batches: dict[str, Batch],
    *,
    today: date,
    now: datetime,
) -> None:
    """Write down the papers and what each of them speaks for."""
    shift = records_shift("certificates", today)
    for record in records("certificates", today):
        record.pop("code")
        seller = sellers[record.pop("seller")]
        covered, lots = record.pop("products", []), record.pop("lots", [])
        certificate = Certificate(
            seller_id=seller.id,
            covers_all_batches=not lots,
            is_sample=True,
            **record | {"extra": {key: str(value) for key, value in record["extra"].items()}},
        )
        session.add(certificate)
        session.flush()
        after = {"kind": certificate.kind, "number": certificate.number}
        audit(session, DEMO, "certificate_added", certificate, now=now, after=after)
        if certificate.revoked_on is not None:
            after = {"revoked_on": certificate.revoked_on.isoformat()}
            audit(session, DEMO, "certificate_revoked", certificate, now=now, after=after)
        session.add_all(
            CertificateProduct(certificate_id=certificate.id, product_id=products[code].id)
            for code in covered
        )
        session.add_all(
            CertificateBatch(
                certificate_id=certificate.id, batch_id=batches[moved_lot(lot, shift)].id
            )
            for lot in lots
        )
    session.flush()
