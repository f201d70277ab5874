"""The labels of a batch: what stands on each, and the sheet to print.

What draws them is loaded by the first who prints: a quarter of a second and 15 MB that a web
process which only sells never needs.
"""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from sqlalchemy.orm import Session

from shop.errors import ShopError, WrongMove
from shop.models.batches import Batch, BatchPack, BatchState
from shop.network import is_open_plainly
from shop.services import journal
from shop.services.actors import Actor, require
from shop.services.permissions import Action
from traceability.labels.layout import LAYOUTS, CodeDoesNotFit

if TYPE_CHECKING:
    from traceability.labels.drawing import Label

SAMPLE_BAND = "MẪU"
"""On the labels of samples, of training sellers, and of a server that only this machine sees."""


class LabelTooSmall(ShopError):
    """The code of this address does not fit the label; a larger layout does."""

    code = "label_too_small"
    status = 409


class AddressNotSafe(ShopError):
    """Labels would lead buyers to an address without encryption."""

    code = "address_not_safe"
    status = 409


def is_address_safe(session: Session) -> bool:
    """Return whether labels may carry the address of this shop: https, or seen by us alone."""
    info = session.info
    return not is_open_plainly(info["base_url"], allowed=info.get("allow_http", False))


def label(session: Session, batch_pack: BatchPack) -> "Label":
    """Return what the label of one batch pack says; raise `AddressNotSafe` for plain http."""
    from traceability.labels.drawing import Label

    batch, pack = batch_pack.batch, batch_pack.pack
    base_url: str = session.info["base_url"]
    if not is_address_safe(session):
        raise AddressNotSafe(url=base_url)
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


def stopped(batch: Batch, *, today: date) -> str:
    """Return why no labels of `batch` are printed: `held`, `recalled`, `expired`; else nothing."""
    if batch.state in {BatchState.HELD, BatchState.RECALLED}:
        return batch.state.value
    return "expired" if batch.is_expired_on(today) else ""


def sheet(
    session: Session,
    wanted: Sequence[tuple[BatchPack, int]],
    *,
    layout: str,
    first_cell: int = 1,
    actor: Actor,
    today: date,
) -> bytes:
    """Return a PDF with the labels of packs of one batch, as many of each as `wanted` says.

    A batch that is stopped or expired gets none (`WrongMove`); `LabelTooSmall` when the code
    needs a larger layout; `AddressNotSafe` when the shop is open to all over plain http.
    """
    from traceability.labels.sheet import pdf

    batch = wanted[0][0].batch
    require(actor, Action.PRINT_LABEL, batch.seller_id)
    if state := stopped(batch, today=today):
        raise WrongMove(f"batch {batch.lot} is {state}", state=state)
    labels = [(label(session, one), copies) for one, copies in wanted]
    try:
        return pdf(labels, layout=LAYOUTS[layout], first_cell=first_cell)
    except CodeDoesNotFit as error:
        raise _too_small(error) from error


def picture(session: Session, batch_pack: BatchPack, *, layout: str) -> str:
    """Return one label as SVG for the screen, for a stopped batch too; raises `LabelTooSmall`."""
    from traceability.labels import preview

    try:
        return preview.svg(label(session, batch_pack), LAYOUTS[layout])
    except CodeDoesNotFit as error:
        raise _too_small(error) from error


def _too_small(error: CodeDoesNotFit) -> LabelTooSmall:
    return LabelTooSmall(
        layout=error.layout.key, smallest=error.smallest.key if error.smallest else ""
    )


__all__ = [
    "LAYOUTS",
    "SAMPLE_BAND",
    "AddressNotSafe",
    "LabelTooSmall",
    "is_address_safe",
    "label",
    "picture",
    "sheet",
    "stopped",
]
