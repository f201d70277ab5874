"""What buyers and passers-by say is wrong with a pack: stored for the seller it concerns."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from shop.forms.lots import code_key
from shop.forms.problem import Problem
from shop.models.batches import ProblemReport
from shop.queries import orders, problem_reports
from shop.services import batch_codes
from shop.services.orders import is_order_code, read_order_code

__all__ = ["Concerned", "concerned", "file"]

SAME_WITHIN = timedelta(minutes=10)
"""The same words about the same code within this time are one report sent twice."""


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom a report is for, and the batch or order it is about where that is known."""

    seller_id: int
    batch_id: int | None = None
    order_id: int | None = None


def concerned(
    session: Session, code: str, *, gtin: str, own_hosts: frozenset[str]
) -> Concerned | None:
    """Return whom a report about `code` concerns; `None` where the code does not say.

    `gtin` is the number beside the code, if it is known. A lot that is unknown still leads to
    the seller of that number, or to the one whose lots begin like it; an order code to the
    seller with its two letters, whether there is such an order or not.
    """
    found = batch_codes.look_up(session, code, own_hosts=own_hosts)
    rows = [row for row in found.codes if row.gtin == gtin] or found.codes
    batches = {(row.seller_id, row.batch_id) for row in rows}
    if len(batches) == 1:
        return Concerned(*batches.pop())
    sellers = {row.seller_id for row in rows}
    if product := found.product or batch_codes.product_of(session, gtin):
        sellers = sellers or {product.seller_id}
    return Concerned(sellers.pop()) if len(sellers) == 1 else _by_form(session, code)


def file(session: Session, problem: Problem, about: Concerned, *, now: datetime) -> ProblemReport:
    """Store a report and return it; the same one sent twice is stored once."""
    known = problem_reports.same_report(
        session,
        seller_id=about.seller_id,
        code_seen=problem.code,
        text=problem.text,
        since=now - SAME_WITHIN,
    )
    if known is not None:
        return known
    report = ProblemReport(
        seller_id=about.seller_id,
        batch_id=about.batch_id,
        order_id=about.order_id,
        code_seen=problem.code,
        text=problem.text,
        phone=problem.phone,
        made_at=now,
    )
    session.add(report)
    session.flush()
    return report


def _by_form(session: Session, code: str) -> Concerned | None:
    """Return the seller that the form of the code gives away."""
    order_code = read_order_code(code)
    if is_order_code(order_code):
        order = orders.order_by_code(session, order_code)
        if order is not None:
            return Concerned(order.seller_id, order_id=order.id)
    key = code_key(code)
    beginnings = problem_reports.beginnings(session)
    fitting = [
        (len(beginning), seller_id)
        for seller_id, beginning in beginnings
        if beginning and key.startswith(code_key(beginning))
    ]
    longest = max((length for length, _ in fitting), default=0)
    sellers = {seller_id for length, seller_id in fitting if length == longest}
    return Concerned(sellers.pop()) if len(sellers) == 1 else None
