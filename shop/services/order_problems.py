"""What a buyer reports behind the private link of an order: kept, looked at, answered, settled."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from shop.errors import ShopError, WrongMove
from shop.forms.problem import OrderProblem
from shop.models.batches import ProblemPhoto, ProblemReport, ProblemState
from shop.queries import order_problems as queries
from shop.queries.locks import lock
from shop.services import goods_returns, order_moves, photos
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

MOST_PHOTOS = 4
MOST_OPEN = 5

SAME_WITHIN = timedelta(minutes=10)
"""The same words, photos and packs to send back within this time are one report sent twice."""

PHOTO_PREFIX = "problem-"
"""Begins the names of these photos: `forget_photos` deletes no others."""


class ProblemsWait(ShopError):
    """So much about this order waits for an answer that one more would not help."""

    code = "problems_wait"
    status = 409


def report(
    session: Session,
    order_id: int,
    problem: OrderProblem,
    tokens: Sequence[str],
    *,
    folder: Path,
    actor: Actor,
    now: datetime,
    back: Mapping[int, int] | None = None,
) -> ProblemReport:
    """Keep what the buyer of an order says is wrong; the same sent twice is kept once.

    The private link is the authority. `tokens` are photos that were put aside, `back` counts the
    packs of each line that the buyer wants to send back. Raises `ProblemsWait`, and
    `FieldRefused` for a photo that waited too long and as `goods_returns.ask` does.
    """
    order = order_moves.locked(session, order_id)
    wanted = list(dict.fromkeys(tokens))[:MOST_PHOTOS]
    known = queries.same(
        session,
        order.id,
        problem.text,
        frozenset(wanted),
        back=back or {},
        since=now - SAME_WITHIN,
    )
    if known is not None:
        return known
    if queries.open_count(session, order.id) >= MOST_OPEN:
        raise ProblemsWait(f"{order.code} has {MOST_OPEN} open reports")
    found = ProblemReport(
        seller_id=order.seller_id,
        order_id=order.id,
        code_seen="",
        text=problem.text,
        reason=problem.reason,
        phone=order.buyer_phone or None,
        by_buyer=True,
        made_at=now,
    )
    for token in wanted:
        key, _ending = photos.keep_staged(token, folder=folder, prefix=PHOTO_PREFIX)
        found.photos.append(ProblemPhoto(key=key, token=token))
    session.add(found)
    session.flush()
    after = {"reason": problem.reason.value}
    audit(session, actor, "problem_reported", found, now=now, after=after)
    if back:
        goods_returns.ask(session, found, back, now=now)
    return found


def look_at(session: Session, found: ProblemReport, *, actor: Actor, now: datetime) -> None:
    """Let the buyer read that somebody is looking at it; again changes nothing."""
    require(actor, Action.ANSWER_PROBLEM, found.seller_id)
    lock(session, found)
    if found.state is ProblemState.RECEIVED:
        _move(session, found, ProblemState.LOOKING, "problem_looked_at", actor=actor, now=now)


def settle(session: Session, found: ProblemReport, *, actor: Actor, now: datetime) -> None:
    """Note that what was answered has been put right; raise `WrongMove` before an answer."""
    require(actor, Action.ANSWER_PROBLEM, found.seller_id)
    lock(session, found)
    _settle(session, found, actor=actor, now=now)


def settle_by_buyer(
    session: Session, order_id: int, report_id: int, *, actor: Actor, now: datetime
) -> None:
    """Let the buyer say that it is put right: the private link is the authority."""
    found = session.get(ProblemReport, report_id)
    if found is None or found.order_id != order_id or not found.by_buyer:
        raise WrongMove(f"report {report_id} is not of order {order_id}", state="")
    lock(session, found)
    _settle(session, found, actor=actor, now=now)


def _settle(session: Session, found: ProblemReport, *, actor: Actor, now: datetime) -> None:
    if found.state is ProblemState.SETTLED:
        return
    if found.state is not ProblemState.ANSWERED:
        raise WrongMove(f"report {found.id} is {found.state}", state=found.state.value)
    _move(session, found, ProblemState.SETTLED, "problem_settled", actor=actor, now=now)


def _move(
    session: Session,
    found: ProblemReport,
    state: ProblemState,
    act: str,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    before = {"state": found.state.value}
    found.state = state
    session.flush()
    after = {"state": state.value}
    audit(session, actor, act, found, now=now, before=before, after=after)


def forget(session: Session, order_id: int) -> None:
    """Take what the buyer of an order wrote and showed out of its reports; answers stay."""
    for found in queries.of_order(session, order_id):
        found.text, found.phone, found.photos = "", None, []
    session.flush()


def forget_photos(session: Session, folder: Path, *, now: datetime) -> int:
    """Delete files of photos that belong to no report any more; return how many photos."""
    kept = queries.kept_photos(session)
    return photos.forget_orphans(folder, PHOTO_PREFIX, kept=kept, now=now)
