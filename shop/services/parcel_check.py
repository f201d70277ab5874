"""`Đây có phải gói của tôi?`: the code on a pack held against the batches given to an order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchState
from shop.models.orders import Order, OrderLine
from shop.services import batch_codes


class Verdict(StrEnum):
    """What a code on a pack means for an order."""

    OWN = "own"
    RECALLED = "recalled"
    EXPIRED = "expired"
    OTHER_PACK = "other_pack"
    OTHER_BATCH = "other_batch"
    OTHER_SELLER = "other_seller"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict, and the line and batch, or the code of another batch, that it is about."""

    verdict: Verdict
    line: OrderLine | None = None
    batch: Batch | None = None
    other: Any = None


def check(
    session: Session, order: Order, typed: str, *, own_hosts: frozenset[str], today: date
) -> Answer:
    """Return what the code that stands on a pack means for `order`.

    A lot alone is enough; a whole code names the pack as well. Of what matters most is told: a
    recall before everything, then that the day has passed.
    """
    given = [
        (line, allocation.batch_pack) for line in order.lines for allocation in line.allocations
    ]
    codes = batch_codes.look_up(session, typed, own_hosts=own_hosts).codes
    if not codes:
        return Answer(Verdict.UNKNOWN)
    batch_ids = {code.batch_id for code in codes}
    gtins = {code.gtin for code in codes}
    same_batch = [(line, one) for line, one in given if one.batch_id in batch_ids]
    if not same_batch:
        other = codes[0]
        is_own_seller = other.seller_id == order.seller_id
        verdict = Verdict.OTHER_BATCH if is_own_seller else Verdict.OTHER_SELLER
        return Answer(verdict, other=other)
    exact = [(line, one) for line, one in same_batch if line.pack.gtin in gtins]
    line, batch_pack = (exact or same_batch)[0]
    return Answer(
        _verdict(batch_pack.batch, is_exact=bool(exact), today=today), line, batch_pack.batch
    )


def telling(
    session: Session, order: Order, said: Sequence[str], *, own_hosts: frozenset[str], today: date
) -> str:
    """Return which of the codes in a photo is about a batch; the first where none is."""
    for typed in said:
        found = check(session, order, typed, own_hosts=own_hosts, today=today)
        if found.verdict is not Verdict.UNKNOWN:
            return typed
    return said[0]


def _verdict(batch: Batch, *, is_exact: bool, today: date) -> Verdict:
    if batch.state is BatchState.RECALLED:
        return Verdict.RECALLED
    if batch.expires_on is not None and batch.expires_on < today:
        return Verdict.EXPIRED
    return Verdict.OWN if is_exact else Verdict.OTHER_PACK
