"""The labels of a batch: what stands on each, and the sheet to print."""

from sqlalchemy.orm import Session

from shop.errors import ShopError, WrongMove
from shop.models.batches import Batch, BatchPack, BatchState
from shop.services import journal
from traceability.labels.drawing import Label
from traceability.labels.layout import LAYOUTS, CodeDoesNotFit
from traceability.labels.sheet import pdf

SAMPLE_BAND = "MẪU"
"""On the labels of samples, of training sellers, and of a server that only this machine sees."""


class LabelTooSmall(ShopError):
    """The code of this address does not fit the label; a larger layout does."""

    code = "label_too_small"
    status = 409


def label(session: Session, batch_pack: BatchPack) -> Label:
    """Return what the label of one batch pack says."""
    batch, pack = batch_pack.batch, batch_pack.pack
    base_url: str = session.info["base_url"]
    is_sample = batch.is_sample or batch.seller.is_training or base_url.startswith("http://")
    return Label(
        digital_link=journal.pack_uri(session, batch_pack),
        name=pack.product.name,
        pack=pack.label,
        lot=batch.lot,
        look_up=f"{base_url.split('://', 1)[1]}/tra-cuu",
        maker=batch.seller.short_name,
        made_on=batch.made_on,
        expires_on=batch.expires_on,
        band=SAMPLE_BAND if is_sample else "",
    )


def sheet(
    session: Session, batch_pack: BatchPack, *, copies: int, layout: str, first_cell: int = 1
) -> bytes:
    """Return a PDF with `copies` labels; a batch that is stopped gets none (`WrongMove`)."""
    batch: Batch = batch_pack.batch
    if batch.state in {BatchState.HELD, BatchState.RECALLED}:
        raise WrongMove(f"batch {batch.lot} is {batch.state}", state=batch.state.value)
    try:
        return pdf(
            [(label(session, batch_pack), copies)], layout=LAYOUTS[layout], first_cell=first_cell
        )
    except CodeDoesNotFit as error:
        smallest = error.smallest.key if error.smallest else ""
        raise LabelTooSmall(layout=layout, smallest=smallest) from error


__all__ = ["LAYOUTS", "SAMPLE_BAND", "LabelTooSmall", "label", "sheet"]
