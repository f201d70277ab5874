"""Reading papers for the office: all of a seller, those that end soon first."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import Batch
from shop.models.catalog import Certificate, CertificateBatch, CertificateProduct, Product


def certificates(session: Session, seller_id: int) -> Sequence[Certificate]:
    """Return the papers of a seller, the first to end first, those without an end last."""
    return session.scalars(
        select(Certificate)
        .where(Certificate.seller_id == seller_id)
        .order_by(
            Certificate.revoked_on.is_not(None),
            Certificate.expires_on.is_(None),
            Certificate.expires_on,
            Certificate.id,
        )
    ).all()


def certificate(session: Session, certificate_id: int) -> Certificate | None:
    """Return a paper."""
    return session.get(Certificate, certificate_id)


def spoken_for(session: Session, seller_id: int) -> dict[int, list[str]]:
    """Return the names of products and the lots that each paper of a seller speaks for."""
    rows = [
        *session.execute(
            select(CertificateProduct.certificate_id, Product.name)
            .join(Product, Product.id == CertificateProduct.product_id)
            .where(Product.seller_id == seller_id)
            .order_by(Product.name)
        ),
        *session.execute(
            select(CertificateBatch.certificate_id, Batch.lot)
            .join(Batch, Batch.id == CertificateBatch.batch_id)
            .where(Batch.seller_id == seller_id)
            .order_by(Batch.lot)
        ),
    ]
    found: dict[int, list[str]] = {}
    for certificate_id, name in rows:
        found.setdefault(certificate_id, []).append(name)
    return found
