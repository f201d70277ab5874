"""Reading what stands on labels."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchPack, BatchState
from shop.models.catalog import Pack


def newest_label(session: Session) -> str | None:
    """Return the path of the label of the goods released last: `/01/<gtin>/10/<lot>`."""
    found = session.execute(
        select(Pack.gtin, Batch.lot)
        .join(BatchPack, BatchPack.pack_id == Pack.id)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Batch.state == BatchState.RELEASED, BatchPack.withdrawn_at.is_(None))
        .order_by(Batch.released_at.desc(), Batch.id.desc(), Pack.id)
        .limit(1)
    ).one_or_none()
    return None if found is None else f"/01/{found.gtin}/10/{found.lot}"
