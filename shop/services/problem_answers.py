"""Answering what people reported about a pack, a batch or an order."""

from datetime import datetime

from sqlalchemy.orm import Session

from shop.models.batches import ProblemReport, ProblemState
from shop.queries.locks import lock
from shop.services import order_mail
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action


def answer(
    session: Session, report: ProblemReport, text: str, *, actor: Actor, now: datetime
) -> None:
    """Write down what was found and done; a later answer takes the place of an earlier one.

    The buyer reads it on the page of the order if the report was written there, and in a letter
    if the order has an e-mail address.
    """
    require(actor, Action.ANSWER_PROBLEM, report.seller_id)
    lock(session, report)
    before = {"answer": report.answer} if report.answer else None
    report.answer = text
    report.answered_at = now
    report.state = ProblemState.ANSWERED
    session.flush()
    after = {"answer": text}
    audit(session, actor, "problem_answered", report, now=now, before=before, after=after)
    order_mail.tell_answer(session, report, now=now)
