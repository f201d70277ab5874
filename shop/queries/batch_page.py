"""Everything the page of a batch shows, in four statements whatever the amount of data."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, aliased

from shop.models.batches import (
    Batch,
    BatchInput,
    BatchNotice,
    BatchPack,
    BatchState,
    BatchStep,
)
from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    Pack,
    Photo,
    Product,
    Seller,
)
from shop.models.inventory import Place, StockLevel
from shop.models.people import Member, Plot


@dataclass(frozen=True, slots=True)
class BatchRows:
    """The rows behind one batch page; `packs` begins with the pack that was scanned."""

    packs: Sequence[Any]
    steps: Sequence[Any]
    inputs: Sequence[Any]
    papers: Sequence[Any]


_AVAILABLE = (
    select(func.coalesce(func.sum(StockLevel.on_hand - StockLevel.reserved), 0))
    .join(Place, Place.id == StockLevel.place_id)
    .where(StockLevel.batch_pack_id == BatchPack.id, Place.sells_online)
    .correlate(BatchPack)
    .scalar_subquery()
    .label("available")
)

_PICTURE = (
    select(Photo.key + "." + Photo.extension)
    .where(Photo.product_id == Product.id)
    .order_by(Photo.position, Photo.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
    .label("picture")
)

_LATEST_NOTICE = (
    select(func.max(BatchNotice.id))
    .where(BatchNotice.batch_id == Batch.id)
    .correlate(Batch)
    .scalar_subquery()
)


def _heads() -> Any:
    return (
        select(
            Batch.id.label("batch_id"), Batch.lot, Batch.state, Batch.kind, Batch.goods,
            Batch.made_on, Batch.packed_on, Batch.expires_on, Batch.quantity_g, Batch.note,
            Batch.released_at, Batch.is_sample,
            BatchPack.id.label("batch_pack_id"), BatchPack.produced, BatchPack.withdrawn_at,
            BatchPack.withdrawn_reason,
            Pack.id.label("pack_id"), Pack.gtin, Pack.sku, Pack.label, Pack.unit,
            Pack.net_quantity, Pack.net_unit, Pack.mass_g, Pack.price_vnd, Pack.gtin_is_internal,
            Product.id.label("product_id"), Product.slug, Product.name, Product.kind.label("sort"),
            Product.state.label("product_state"),
            Product.brand, Product.ingredients, Product.allergens, Product.allergens_stated,
            Product.storage, Product.storage_min_c, Product.storage_max_c, Product.directions,
            Product.cautions, Product.shelf_life_days, Product.shelf_life_open_days,
            Seller.id.label("seller_id"), Seller.slug.label("seller_slug"),
            Seller.name.label("seller_name"), Seller.short_name, Seller.hamlet, Seller.commune,
            Seller.province, Seller.old_address, Seller.phone.label("seller_phone"), Seller.mode,
            Seller.registration_no, Seller.tax_code, Seller.commune_code,
            BatchNotice.kind.label("notice_kind"), BatchNotice.reason, BatchNotice.remedy,
            BatchNotice.declared_at, BatchNotice.ended_at, BatchNotice.outcome,
            _AVAILABLE, _PICTURE,
        )
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Product, Product.id == Pack.product_id)
        .join(Seller, Seller.id == Batch.seller_id)
        .outerjoin(BatchNotice, BatchNotice.id == _LATEST_NOTICE)
    )  # fmt: skip


def batch_page(session: Session, gtin: str, lot: str) -> BatchRows | None:
    """Return the rows of the released batch with this printed code; drafts stay unknown."""
    scanned_pack, scanned = aliased(Pack), aliased(BatchPack)
    batch_id = (
        select(scanned.batch_id)
        .join(scanned_pack, scanned_pack.id == scanned.pack_id)
        .join(Batch, Batch.id == scanned.batch_id)
        .where(scanned_pack.gtin == gtin, Batch.lot == lot)
        .scalar_subquery()
    )
    heads = session.execute(
        _heads()
        .where(Batch.id == batch_id, Batch.state != BatchState.DRAFT)
        .order_by((Pack.gtin == gtin).desc(), BatchPack.id)
    ).all()
    return rows_of(session, heads) if heads else None


def rows_of(session: Session, heads: Sequence[Any]) -> BatchRows:
    """Return `heads` with the steps, inputs and papers of their batch."""
    head = heads[0]
    return BatchRows(
        packs=heads,
        steps=steps_of(session, head.batch_id),
        inputs=inputs_of(session, head.batch_id),
        papers=papers_of(session, head.batch_id, head.product_id),
    )


def steps_of(session: Session, batch_id: int) -> Sequence[Any]:
    """Return the steps of a batch in order, with the operator's name if it may be shown."""
    return session.execute(
        select(
            BatchStep.seq, BatchStep.code, BatchStep.name, BatchStep.place, BatchStep.started_at,
            BatchStep.ended_at, BatchStep.in_g, BatchStep.added_g, BatchStep.added_what,
            BatchStep.out_g, BatchStep.loss_g, BatchStep.by_product_g, BatchStep.details,
            Member.full_name, Member.show_name,
        )
        .outerjoin(Member, Member.id == BatchStep.operator_id)
        .where(BatchStep.batch_id == batch_id)
        .order_by(BatchStep.seq)
    ).all()  # fmt: skip


def inputs_of(session: Session, batch_id: int) -> Sequence[Any]:
    """Return what went into a batch or onto its plots, with names that may be shown."""
    source = aliased(Batch)
    return session.execute(
        select(
            BatchInput.kind, BatchInput.name, BatchInput.quantity_g, BatchInput.supplier,
            BatchInput.document, BatchInput.harvested_on, BatchInput.applied_on,
            BatchInput.phi_days, BatchInput.details, BatchInput.member_id,
            Member.full_name, Member.show_name, Member.gender,
            Plot.code.label("plot_code"), Plot.hamlet.label("plot_hamlet"),
            source.lot.label("source_lot"),
        )
        .outerjoin(Member, Member.id == BatchInput.member_id)
        .outerjoin(Plot, Plot.id == BatchInput.plot_id)
        .outerjoin(source, source.id == BatchInput.source_id)
        .where(BatchInput.batch_id == batch_id)
        .order_by(BatchInput.id)
    ).all()  # fmt: skip


def papers_of(session: Session, batch_id: int, product_id: int) -> Sequence[Any]:
    """Return the certificates that speak for a batch, valid or not, with their dates."""
    named = select(CertificateBatch.certificate_id).where(CertificateBatch.batch_id == batch_id)
    covering = select(CertificateProduct.certificate_id).where(
        CertificateProduct.product_id == product_id
    )
    return session.execute(
        select(
            Certificate.id, Certificate.kind, Certificate.title, Certificate.number,
            Certificate.issuer, Certificate.issued_on, Certificate.expires_on,
            Certificate.revoked_on, Certificate.scope, Certificate.extra,
        )
        .where(
            Certificate.id.in_(named)
            | and_(Certificate.id.in_(covering), Certificate.covers_all_batches)
        )
        .order_by(Certificate.kind, Certificate.issued_on.desc())
    ).all()  # fmt: skip


def gtin_product(session: Session, gtin: str) -> Any:
    """Return name, slug and seller phone of the product behind a GTIN, if it is ours."""
    return session.execute(
        select(Product.name, Product.slug, Product.state, Pack.label, Seller.phone, Seller.slug)
        .join(Pack, Pack.product_id == Product.id)
        .join(Seller, Seller.id == Product.seller_id)
        .where(Pack.gtin == gtin)
    ).one_or_none()


def lots_of_gtin(session: Session, gtin: str) -> Sequence[str]:
    """Return the lots that were printed with a GTIN and are public, newest first."""
    return session.scalars(
        select(Batch.lot)
        .join(BatchPack, BatchPack.batch_id == Batch.id)
        .join(Pack, Pack.id == BatchPack.pack_id)
        .where(Pack.gtin == gtin, Batch.state != BatchState.DRAFT)
        .order_by(Batch.made_on.desc(), Batch.id.desc())
    ).all()


def codes_of_lot(session: Session, lot: str) -> Sequence[Any]:
    """Return GTIN, lot, product and pack of every public batch pack that carries `lot`."""
    return session.execute(
        select(Pack.gtin, Batch.lot, Product.name, Pack.label, Seller.short_name)
        .join(BatchPack, BatchPack.pack_id == Pack.id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Product, Product.id == Pack.product_id)
        .join(Seller, Seller.id == Batch.seller_id)
        .where(Batch.lot == lot, Batch.state != BatchState.DRAFT)
        .order_by(Pack.gtin)
    ).all()


def all_lots(session: Session) -> Sequence[str]:
    """Return every public lot of the installation, for proposals after a slip of the pen."""
    return session.scalars(
        select(Batch.lot).where(Batch.state != BatchState.DRAFT).distinct().order_by(Batch.lot)
    ).all()
