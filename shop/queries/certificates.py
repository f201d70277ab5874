"""Reading certificates and what they speak for."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchPack, BatchState
from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    Pack,
    Product,
    ProductState,
    Seller,
)
from shop.queries import page_versions

MOST_LOTS = 30


@dataclass(frozen=True, slots=True)
class CertificateRows:
    """The rows behind the page of one certificate."""

    head: Any
    products: Sequence[Any]
    lots: Sequence[Any]


def certificate_page(session: Session, certificate_id: int) -> CertificateRows | None:
    """Return the rows of a certificate; its public lots at most `MOST_LOTS`, newest first."""
    head = session.execute(
        select(
            *page_versions.columns(certificate=Certificate.id, seller=Seller.id),
            Certificate.id, Certificate.kind, Certificate.title, Certificate.number,
            Certificate.issuer, Certificate.issued_on, Certificate.expires_on,
            Certificate.revoked_on, Certificate.scope, Certificate.extra, Certificate.is_sample,
            Seller.slug.label("seller_slug"), Seller.short_name, Seller.name.label("seller_name"),
            Seller.phone, Seller.mode,
        )
        .join(Seller, Seller.id == Certificate.seller_id)
        .where(Certificate.id == certificate_id)
    ).one_or_none()  # fmt: skip
    if head is None:
        return None
    products = session.execute(
        select(Product.name, Product.slug)
        .join(CertificateProduct, CertificateProduct.product_id == Product.id)
        .where(CertificateProduct.certificate_id == certificate_id)
        .where(Product.state == ProductState.PUBLISHED)
        .order_by(Product.name)
    ).all()
    lots = session.execute(
        select(Batch.lot, Pack.gtin)
        .join(CertificateBatch, CertificateBatch.batch_id == Batch.id)
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .where(CertificateBatch.certificate_id == certificate_id)
        .where(Batch.state != BatchState.DRAFT)
        .order_by(Batch.made_on.desc(), Batch.lot, Pack.gtin)
        .limit(MOST_LOTS)
    ).all()
    return CertificateRows(head, products, lots)
