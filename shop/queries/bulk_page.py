"""What the page of a delivery or of goods in bulk shows, in three statements."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchInput, BatchKind, BatchNotice, BatchState, InputKind
from shop.models.catalog import Seller
from shop.models.people import Member, Plot
from shop.queries import batch_codes, page_versions


@dataclass(frozen=True, slots=True)
class BulkRows:
    """The rows behind the page of goods without a GTIN."""

    head: Any
    origins: Sequence[Any]
    uses: Sequence[Any]


def bulk_page(session: Session, seller_slug: str, lot: str) -> BulkRows | None:
    """Return the rows of a public delivery or bulk batch; names only with consent (R41)."""
    head = session.execute(
        select(
            *page_versions.columns(batch=Batch.id, seller=Seller.id),
            Batch.id, Batch.lot, Batch.kind, Batch.state, Batch.goods, Batch.quantity_g,
            Batch.made_on, Batch.is_sample, Seller.slug.label("seller_slug"), Seller.short_name,
            Seller.kind.label("seller_kind"), Seller.commune, Seller.province, Seller.phone,
            Seller.mode, BatchNotice.reason, BatchNotice.declared_at,
        )
        .join(Seller, Seller.id == Batch.seller_id)
        .outerjoin(
            BatchNotice,
            and_(BatchNotice.batch_id == Batch.id, BatchNotice.ended_at.is_(None)),
        )
        .where(Seller.slug == seller_slug, Batch.lot == lot)
        .where(Batch.kind != BatchKind.RETAIL, Batch.state != BatchState.DRAFT)
        .order_by(BatchNotice.id.desc())
    ).first()  # fmt: skip
    if head is None:
        return None
    return BulkRows(head, _origins(session, head.id), uses=batch_codes.uses_of(session, head.id))


def _origins(session: Session, batch_id: int) -> Sequence[Any]:
    return session.execute(
        select(
            BatchInput.name, BatchInput.quantity_g, BatchInput.supplier, BatchInput.harvested_on,
            BatchInput.member_id, Plot.code.label("plot_code"), Plot.hamlet.label("plot_hamlet"),
            case((Member.show_name, Member.full_name)).label("shown_name"),
            case((Member.show_name, Member.gender)).label("gender"),
        )
        .outerjoin(Member, Member.id == BatchInput.member_id)
        .outerjoin(Plot, Plot.id == BatchInput.plot_id)
        .where(BatchInput.batch_id == batch_id, BatchInput.kind == InputKind.RAW_MATERIAL)
        .order_by(BatchInput.id)
    ).all()  # fmt: skip
