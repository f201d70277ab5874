"""Reading the catalogue: products on the shelf, their packs, and who sells them."""

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    Pack,
    Product,
    ProductState,
    Seller,
    TaxRate,
)


def published_product(session: Session, slug: str) -> Product | None:
    """Return a product that is on the shelf, with packs, photos and seller."""
    return session.scalars(
        select(Product)
        .where(Product.slug == slug, Product.state == ProductState.PUBLISHED)
        .options(
            joinedload(Product.seller), selectinload(Product.packs), selectinload(Product.photos)
        )
    ).one_or_none()


def offered_packs(session: Session, pack_ids: Iterable[int]) -> dict[int, Pack]:
    """Return those of `pack_ids` that can be bought, by id, with product and seller."""
    packs = session.scalars(
        select(Pack)
        .join(Pack.product)
        .where(Pack.id.in_(list(pack_ids)), Pack.is_offered)
        .where(Product.state == ProductState.PUBLISHED)
        .options(joinedload(Pack.product).joinedload(Product.seller))
    )
    return {pack.id: pack for pack in packs}


def seller_by_slug(session: Session, slug: str) -> Seller | None:
    """Return the seller with this name in the address."""
    return session.scalars(select(Seller).where(Seller.slug == slug)).one_or_none()


def tax_rate(session: Session, tax_class: str, day: date) -> int | None:
    """Return the VAT rate of `tax_class` on `day` in hundredths of a percent, if it bears VAT."""
    return session.scalar(
        select(TaxRate.rate_basis_points)
        .where(TaxRate.tax_class == tax_class, TaxRate.valid_from <= day)
        .where(or_(TaxRate.valid_to.is_(None), TaxRate.valid_to >= day))
        .order_by(TaxRate.valid_from.desc())
        .limit(1)
    )


def valid_certificates(
    session: Session, *, product_id: int, batch_id: int | None, day: date
) -> Sequence[Certificate]:
    """Return the papers that hold on `day` for the product and, if given, for this batch.

    A paper that names single batches speaks for those alone (invariant 8).
    """
    named = select(CertificateBatch.certificate_id).where(CertificateBatch.batch_id == batch_id)
    covering = select(CertificateProduct.certificate_id).where(
        CertificateProduct.product_id == product_id
    )
    return session.scalars(
        select(Certificate)
        .where(
            or_(
                Certificate.id.in_(named),
                Certificate.id.in_(covering) & Certificate.covers_all_batches,
            )
        )
        .where(Certificate.issued_on <= day)
        .where(or_(Certificate.expires_on.is_(None), Certificate.expires_on >= day))
        .where(or_(Certificate.revoked_on.is_(None), Certificate.revoked_on > day))
        .order_by(Certificate.kind, Certificate.id)
    ).all()
