"""Papers that allow a claim: writing them down, and withdrawing them."""

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import FieldRefused, NotFound
from shop.forms.certificate_draft import CertificateDraft
from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    Product,
    Seller,
)
from shop.queries import batches
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action


def add(
    session: Session, seller: Seller, draft: CertificateDraft, *, actor: Actor, now: datetime
) -> Certificate:
    """Write down a paper of `seller` with what it speaks for.

    The same paper again returns the first row. Raises `FieldRefused` for a number that another
    paper of this kind has, or a lot that is not there.
    """
    require(actor, Action.PUBLISH_PRODUCT, seller.id)
    known = _known(session, seller, draft)
    if known is not None:
        return known
    certificate = Certificate(
        seller_id=seller.id,
        kind=draft.kind,
        title=draft.title,
        number=draft.number,
        issuer=draft.issuer,
        issued_on=draft.issued_on,
        expires_on=draft.expires_on,
        scope=draft.scope,
        extra=draft.extra,
        covers_all_batches=not draft.lot,
        is_sample=actor.kind == "demo",
    )
    session.add(certificate)
    session.flush()
    _speak_for(session, seller, certificate, draft)
    after = {"kind": draft.kind, "number": draft.number}
    audit(session, actor, "certificate_added", certificate, now=now, after=after)
    session.flush()
    return certificate


def revoke(
    session: Session, certificate: Certificate, *, revoked_on: date, actor: Actor, now: datetime
) -> None:
    """Withdraw a paper from a day on: its claim leaves every page; once is enough."""
    require(actor, Action.PUBLISH_PRODUCT, certificate.seller_id)
    if certificate.revoked_on is not None:
        return
    if revoked_on < certificate.issued_on:
        raise FieldRefused("revoked_on", "revoked_before_issue", issued_on=certificate.issued_on)
    certificate.revoked_on = revoked_on
    session.flush()
    after = {"revoked_on": revoked_on.isoformat()}
    audit(session, actor, "certificate_revoked", certificate, now=now, after=after)


def _known(session: Session, seller: Seller, draft: CertificateDraft) -> Certificate | None:
    found = session.scalars(
        select(Certificate).where(
            Certificate.seller_id == seller.id,
            Certificate.kind == draft.kind,
            Certificate.number == draft.number,
        )
    ).first()
    if found is None:
        return None
    same = (found.issuer, found.issued_on, found.expires_on) == (
        draft.issuer,
        draft.issued_on,
        draft.expires_on,
    )
    if not same:
        raise FieldRefused("number", "paper_known", number=draft.number)
    return found


def _speak_for(
    session: Session, seller: Seller, certificate: Certificate, draft: CertificateDraft
) -> None:
    """Join the paper to its products, or to the one batch it names."""
    if draft.lot:
        batch = batches.batch_by_lot(session, seller.id, draft.lot)
        if batch is None:
            raise FieldRefused("lot", "lot_unknown", lot=draft.lot)
        session.add(CertificateBatch(certificate_id=certificate.id, batch_id=batch.id))
    for product_id in dict.fromkeys(draft.product_ids):
        product = session.get(Product, product_id)
        if product is None or product.seller_id != seller.id:
            raise NotFound(f"product {product_id}")
        session.add(CertificateProduct(certificate_id=certificate.id, product_id=product_id))
