"""Everything the page of a batch shows, in four statements whatever the amount of data.

The statements are put together once: that costs more than the database needs to answer them.
Names come out of the database only where their owner agreed to show them (R41).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from shop.models.base import total
from shop.models.batches import (
    Batch,
    BatchInput,
    BatchNotice,
    BatchPack,
    BatchState,
    BatchStep,
    NoticeKind,
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
from shop.models.journal import TraceEvent
from shop.models.people import Member, Plot
from shop.queries import page_versions, photos

_Open, _Ended = aliased(BatchNotice, name="open_notice"), aliased(BatchNotice, name="ended_recall")


@dataclass(frozen=True, slots=True)
class BatchRows:
    """The rows behind one batch page; `packs` begins with the pack that was scanned."""

    packs: Sequence[Any]
    steps: Sequence[Any]
    inputs: Sequence[Any]
    papers: Sequence[Any]


def batch_page(session: Session, gtin: str, lot: str, *, today: date) -> BatchRows | None:
    """Return the rows of the released batch with this printed code; drafts stay unknown."""
    heads = session.execute(_heads(), {"gtin": gtin, "lot": lot, "today": today}).all()
    if not heads:
        return None
    batch_id, product_id = heads[0].batch_id, heads[0].product_id
    return BatchRows(
        packs=heads,
        steps=steps_of(session, batch_id),
        inputs=inputs_of(session, batch_id),
        papers=papers_of(session, batch_id, product_id),
    )


@cache
def _heads() -> Any:
    scanned_pack, scanned = aliased(Pack), aliased(BatchPack)
    gtin: ColumnElement[str] = bindparam("gtin")
    batch_id = (
        select(scanned.batch_id)
        .join(scanned_pack, scanned_pack.id == scanned.pack_id)
        .join(Batch, Batch.id == scanned.batch_id)
        .where(scanned_pack.gtin == gtin, Batch.lot == bindparam("lot"))
        .scalar_subquery()
    )
    return (
        select(
            *page_versions.columns(batch=Batch.id, product=Product.id, seller=Seller.id),
            Batch.id.label("batch_id"), Batch.lot, Batch.state, Batch.made_on, Batch.packed_on,
            Batch.expires_on, Batch.released_at, Batch.retained_sample_g, Batch.is_sample,
            BatchPack.produced, BatchPack.withdrawn_at, BatchPack.withdrawn_reason,
            Pack.id.label("pack_id"), Pack.gtin, Pack.label, Pack.label_en,
            Pack.unit, Pack.net_quantity, Pack.net_unit,
            Product.id.label("product_id"), Product.slug, Product.name, Product.kind.label("sort"),
            Product.state.label("product_state"),
            Product.brand, Product.ingredients, Product.allergens, Product.allergens_stated,
            Product.storage, Product.directions, Product.cautions, Product.shelf_life_days,
            Product.shelf_life_open_days, Product.english,
            Seller.kind.label("seller_kind"), Seller.slug.label("seller_slug"),
            Seller.name.label("seller_name"), Seller.short_name, Seller.hamlet, Seller.commune,
            Seller.province, Seller.old_address, Seller.phone.label("seller_phone"), Seller.mode,
            Seller.registration_no, Seller.tax_code,
            *photos.COLUMNS,
            _Open.reason, _Open.remedy, _Open.declared_at,
            _Ended.reason.label("ended_reason"), _Ended.outcome, _Ended.ended_at,
            _available().label("available"), _batch_sent_next().label("next_batch_id"),
            _recalls_of_seller().label("recalls_of_seller"),
        )
        .join(Pack, Pack.id == BatchPack.pack_id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .join(Product, Product.id == Pack.product_id)
        .join(Seller, Seller.id == Batch.seller_id)
        .outerjoin(Photo, Photo.id == photos.shown(is_of_pack=True))
        .outerjoin(_Open, _Open.id == _latest_notice(BatchNotice.ended_at.is_(None)))
        .outerjoin(_Ended, _Ended.id == _latest_notice(
            and_(BatchNotice.ended_at.is_not(None), BatchNotice.kind == NoticeKind.RECALL)
        ))
        .where(Batch.id == batch_id, Batch.state != BatchState.DRAFT)
        .order_by((Pack.gtin == gtin).desc(), Pack.position, BatchPack.id)
    )  # fmt: skip


def _available() -> Any:
    return (
        select(func.coalesce(total(StockLevel.on_hand - StockLevel.reserved), 0))
        .join(Place, Place.id == StockLevel.place_id)
        .where(StockLevel.batch_pack_id == BatchPack.id, Place.sells_online)
        .correlate(BatchPack)
        .scalar_subquery()
    )


def _batch_sent_next() -> Any:
    """The batch that an order of this pack would get today (`queries.inventory.sellable`)."""
    batch, batch_pack = aliased(Batch), aliased(BatchPack)
    return (
        select(batch.id)
        .join(batch_pack, batch_pack.batch_id == batch.id)
        .join(StockLevel, StockLevel.batch_pack_id == batch_pack.id)
        .join(Place, Place.id == StockLevel.place_id)
        .where(batch_pack.pack_id == Pack.id, batch_pack.withdrawn_at.is_(None))
        .where(batch.state == BatchState.RELEASED, Place.sells_online)
        .where(or_(batch.expires_on.is_(None), batch.expires_on >= bindparam("today")))
        .where(StockLevel.on_hand > StockLevel.reserved)
        .order_by(batch.expires_on.is_(None), batch.expires_on, batch.made_on, batch.lot)
        .limit(1)
        .correlate(Pack)
        .scalar_subquery()
    )


def _recalls_of_seller() -> Any:
    recalled = aliased(Batch)
    return (
        select(func.count(recalled.id))
        .where(recalled.seller_id == Seller.id, recalled.state == BatchState.RECALLED)
        .correlate(Seller)
        .scalar_subquery()
    )


def _latest_notice(condition: ColumnElement[bool]) -> Any:
    return (
        select(func.max(BatchNotice.id))
        .where(BatchNotice.batch_id == Batch.id, condition)
        .correlate(Batch)
        .scalar_subquery()
    )


def steps_of(session: Session, batch_id: int) -> Sequence[Any]:
    """Return the steps of a batch in order, with when each was written into the journal."""
    return session.execute(_steps(), {"batch_id": batch_id}).all()


@cache
def _steps() -> Any:
    return (
        select(
            BatchStep.code, BatchStep.name, BatchStep.place, BatchStep.started_at,
            BatchStep.ended_at, BatchStep.in_g, BatchStep.added_g, BatchStep.out_g,
            BatchStep.details, BatchStep.operator_id, _shown_name(), TraceEvent.recorded_at,
        )
        .outerjoin(Member, Member.id == BatchStep.operator_id)
        .outerjoin(TraceEvent, TraceEvent.id == BatchStep.event_id)
        .where(BatchStep.batch_id == bindparam("batch_id"))
        .order_by(BatchStep.seq)
    )  # fmt: skip


def inputs_of(session: Session, batch_id: int) -> Sequence[Any]:
    """Return what went into a batch or onto its plots."""
    return session.execute(_inputs(), {"batch_id": batch_id}).all()


@cache
def _inputs() -> Any:
    source, source_seller = aliased(Batch), aliased(Seller)
    return (
        select(
            BatchInput.kind, BatchInput.name, BatchInput.quantity_g, BatchInput.supplier,
            BatchInput.harvested_on, BatchInput.applied_on, BatchInput.phi_days,
            BatchInput.details, BatchInput.member_id, _shown_name(),
            case((Member.show_name, Member.gender)).label("gender"),
            Plot.code.label("plot_code"), Plot.hamlet.label("plot_hamlet"),
            source.lot.label("source_lot"), source_seller.slug.label("source_seller"),
        )
        .outerjoin(Member, Member.id == BatchInput.member_id)
        .outerjoin(Plot, Plot.id == BatchInput.plot_id)
        .outerjoin(source, source.id == BatchInput.source_id)
        .outerjoin(source_seller, source_seller.id == source.seller_id)
        .where(BatchInput.batch_id == bindparam("batch_id"))
        .order_by(BatchInput.id)
    )  # fmt: skip


def _shown_name() -> Any:
    return case((Member.show_name, Member.full_name)).label("shown_name")


def papers_of(session: Session, batch_id: int, product_id: int) -> Sequence[Any]:
    """Return the certificates that speak for a batch, valid or not, with their dates."""
    about = {"batch_id": batch_id, "product_id": product_id}
    return session.execute(_papers(), about).all()


@cache
def _papers() -> Any:
    named = select(CertificateBatch.certificate_id).where(
        CertificateBatch.batch_id == bindparam("batch_id")
    )
    covering = select(CertificateProduct.certificate_id).where(
        CertificateProduct.product_id == bindparam("product_id")
    )
    return (
        select(
            Certificate.id, Certificate.kind, Certificate.title, Certificate.number,
            Certificate.issuer, Certificate.issued_on, Certificate.expires_on,
            Certificate.revoked_on, Certificate.extra,
        )
        .where(
            Certificate.id.in_(named)
            | and_(Certificate.id.in_(covering), Certificate.covers_all_batches)
        )
        .order_by(Certificate.kind, Certificate.issued_on.desc(), Certificate.id)
    )  # fmt: skip


def gtin_product(session: Session, gtin: str) -> Any:
    """Return the product behind a GTIN, its pack and its seller's phone, if it is ours."""
    return session.execute(
        select(
            Product.name, Product.slug, Product.state, Pack.gtin, Pack.label, Product.seller_id,
            Seller.phone,
            Seller.slug.label("seller_slug"), Seller.short_name, Seller.kind.label("seller_kind"),
            Seller.mode, Product.is_sample,
        )
        .join(Pack, Pack.product_id == Product.id)
        .join(Seller, Seller.id == Product.seller_id)
        .where(Pack.gtin == gtin)
    ).one_or_none()  # fmt: skip
