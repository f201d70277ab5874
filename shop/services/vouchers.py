"""Vouchers: what an order gets off, and limits that hold whoever orders at the same moment.

A voucher's row is locked before the stock of the order: every act that takes or gives back a use
does so in this order.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.forms.vouchers import VoucherDraft, read_code
from shop.models.catalog import Seller
from shop.models.orders import Order
from shop.models.vouchers import Voucher, VoucherKind, VoucherUse
from shop.queries import vouchers as queries
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, record_change, require
from shop.services.permissions import Action

LEAST_TO_PAY_VND = 1_000
"""What goods cost at least after a voucher: an order of nothing has no payment."""


@dataclass(frozen=True, slots=True)
class Goods:
    """One line as a voucher sees it."""

    product_id: int
    total_vnd: int


@dataclass(frozen=True, slots=True)
class Quote:
    """What comes off, by line, and by which voucher; or why a typed code gives nothing."""

    voucher: Voucher | None = None
    parts_vnd: tuple[int, ...] = ()
    refused: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    is_better: bool = False
    """A code was typed and would do, but the voucher without one gives more."""

    @property
    def discount_vnd(self) -> int:
        """Return the đồng that come off."""
        return sum(self.parts_vnd)


def quote(
    session: Session,
    seller_id: int,
    goods: Sequence[Goods],
    *,
    code: str,
    phone: str | None,
    today: date,
) -> Quote:
    """Return what comes off these goods, in the order in which they are given.

    One voucher serves one order: the one whose code was typed, or one that needs no code where
    that gives more. Without `phone` nothing is said about how often somebody may. Nothing is
    locked: `take` decides.
    """
    best = Quote()
    for voucher in queries.automatic(session, seller_id):
        offered = _offer(session, voucher, goods, phone, today)
        if offered.discount_vnd > best.discount_vnd:
            best = offered
    if not read_code(code):
        return best
    found = queries.by_code(session, seller_id, read_code(code))
    if found is None or not found.is_open:
        return Quote(refused="voucher_unknown")
    typed = _offer(session, found, goods, phone, today)
    if typed.refused or typed.discount_vnd >= best.discount_vnd:
        return typed
    return Quote(best.voucher, best.parts_vnd, is_better=True)


def _offer(
    session: Session,
    voucher: Voucher,
    goods: Sequence[Goods],
    phone: str | None,
    today: date,
) -> Quote:
    """Return what one voucher takes off, or the code and values of why it does not."""
    base = [one.total_vnd if _is_for(voucher, one) else 0 for one in goods]
    if today < voucher.starts_on:
        return Quote(refused="voucher_not_yet", values={"starts_on": voucher.starts_on})
    if voucher.ends_on is not None and today > voucher.ends_on:
        return Quote(refused="voucher_over", values={"ends_on": voucher.ends_on})
    if not any(base):
        return Quote(refused="voucher_other_goods")
    if sum(base) < voucher.minimum_vnd:
        values = {
            "minimum_vnd": voucher.minimum_vnd,
            "missing_vnd": voucher.minimum_vnd - sum(base),
        }
        return Quote(refused="voucher_minimum", values=values)
    off = _off(voucher, sum(base), sum(one.total_vnd for one in goods))
    refused = _limit_reached(session, voucher, off, phone)
    if refused or off <= 0:
        return Quote(refused=refused or "voucher_other_goods")
    return Quote(voucher, tuple(spread(off, base)))


def _is_for(voucher: Voucher, one: Goods) -> bool:
    return voucher.product_ids is None or one.product_id in voucher.product_ids


def _off(voucher: Voucher, base_vnd: int, goods_vnd: int) -> int:
    """Return the đồng off, per cent half up, and never all that the goods cost."""
    if voucher.kind is VoucherKind.PERCENT:
        off = (2 * base_vnd * voucher.amount + 100) // 200
        off = off if voucher.cap_vnd is None else min(off, voucher.cap_vnd)
    else:
        off = voucher.amount
    return max(0, min(off, base_vnd, goods_vnd - LEAST_TO_PAY_VND))


def _limit_reached(session: Session, voucher: Voucher, off: int, phone: str | None) -> str:
    if voucher.uses_most is not None and voucher.used_count >= voucher.uses_most:
        return "voucher_used_up"
    if voucher.budget_vnd is not None and voucher.used_vnd + off > voucher.budget_vnd:
        return "voucher_used_up"
    if voucher.uses_per_phone is None or not phone:
        return ""
    own = queries.uses_of_phone(session, voucher.id, phone)
    return "voucher_used_by_you" if own >= voucher.uses_per_phone else ""


def spread(off_vnd: int, base: Sequence[int]) -> list[int]:
    """Return `off_vnd` in whole đồng by line, in proportion, adding up to it exactly.

    What rounding down leaves over goes to the largest remainders, the first lines first.

    >>> spread(10, [1, 1, 1]), spread(100, [0, 250, 750])
    ([4, 3, 3], [0, 25, 75])
    """
    whole = sum(base)
    parts = [off_vnd * one // whole for one in base]
    by_rest = sorted(range(len(base)), key=lambda at: -(off_vnd * base[at] % whole))
    for at in by_rest[: off_vnd - sum(parts)]:
        parts[at] += 1
    return parts


def take(session: Session, order: Order, offered: Quote, *, today: date, now: datetime) -> None:
    """Use the voucher of `offered` for a new order; nothing to do without one.

    Locks the voucher and asks once more. Raises `FieldRefused` for `voucher` where somebody was
    quicker.
    """
    if offered.voucher is None:
        return
    voucher = offered.voucher
    lock(session, voucher)
    refused = _limit_reached(session, voucher, offered.discount_vnd, order.buyer_phone)
    if refused or not voucher.is_open:
        raise FieldRefused("voucher", refused or "voucher_unknown")
    use = VoucherUse(
        voucher_id=voucher.id,
        order_id=order.id,
        phone=order.buyer_phone,
        amount_vnd=offered.discount_vnd,
        taken_at=now,
    )
    session.add(use)
    _count(voucher, use, 1)
    session.flush()


def give_back(session: Session, order: Order, *, now: datetime) -> None:
    """Give back the use of an order that came to nothing; a second time changes nothing.

    The order is locked.
    """
    use = queries.use_of(session, order.id)
    if use is None:
        return
    lock(session, use.voucher)
    lock(session, use)
    if use.given_back_at is None:
        use.given_back_at = now
        _count(use.voucher, use, -1)
        session.flush()


def take_again(session: Session, order: Order) -> None:
    """Use the voucher once more for an order whose money came late, if its limits still allow it.

    Raises `FieldRefused` where they do not: the office raises them, or sends the money back.
    """
    use = queries.use_of(session, order.id)
    if use is None:
        return
    lock(session, use.voucher)
    lock(session, use)
    if use.given_back_at is None:
        return
    refused = _limit_reached(session, use.voucher, use.amount_vnd, use.phone)
    if refused:
        raise FieldRefused("voucher", "voucher_gone_meanwhile", name=use.voucher.name)
    use.given_back_at = None
    _count(use.voucher, use, 1)
    session.flush()


def _count(voucher: Voucher, use: VoucherUse, change: int) -> None:
    voucher.used_count += change
    voucher.used_vnd += change * use.amount_vnd


def open_voucher(
    session: Session, seller: Seller, draft: VoucherDraft, *, actor: Actor, now: datetime
) -> Voucher:
    """Let a seller give something off from now on; raise `FieldRefused` for a code in use."""
    require(actor, Action.MANAGE_VOUCHERS, seller.id)
    lock(session, seller)
    _require_free(session, seller.id, draft.code, None)
    voucher = Voucher(seller_id=seller.id, **_values(draft))
    session.add(voucher)
    session.flush()
    after = {"name": voucher.name, "code": voucher.code}
    audit(session, actor, "voucher_opened", voucher, now=now, after=after)
    return voucher


def change(
    session: Session, voucher: Voucher, draft: VoucherDraft, *, actor: Actor, now: datetime
) -> None:
    """Change a voucher for the orders to come.

    Raises `FieldRefused` for a code in use, and for limits below what was given already.
    """
    require(actor, Action.MANAGE_VOUCHERS, voucher.seller_id)
    lock(session, voucher)
    _require_free(session, voucher.seller_id, draft.code, voucher.id)
    if draft.uses_most is not None and draft.uses_most < voucher.used_count:
        raise FieldRefused("uses_most", "voucher_uses_below", used=voucher.used_count)
    if draft.budget_vnd is not None and draft.budget_vnd < voucher.used_vnd:
        raise FieldRefused("budget", "voucher_budget_below", used_vnd=voucher.used_vnd)
    before = {name: getattr(voucher, name) for name in _values(draft)}
    values = _values(draft)
    differing = {name for name in values if values[name] != before[name]}
    for name in differing:
        setattr(voucher, name, values[name])
    session.flush()
    if differing:
        told, after = _told(before, differing), _told(values, differing)
        audit(session, actor, "voucher_changed", voucher, now=now, before=told, after=after)


def _values(draft: VoucherDraft) -> dict[str, Any]:
    return asdict(draft)


def _told(values: dict[str, Any], names: set[str]) -> dict[str, Any]:
    """Return values as the history keeps them; which products is told by how many."""
    told = {name: values[name] for name in names if name != "product_ids"}
    if "product_ids" in names:
        told["products"] = len(values["product_ids"] or ())
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in told.items()
    }


def set_open(
    session: Session, voucher: Voucher, *, is_open: bool, actor: Actor, now: datetime
) -> None:
    """Close a voucher to new orders, or open it again; orders that have it keep it."""
    require(actor, Action.MANAGE_VOUCHERS, voucher.seller_id)
    lock(session, voucher)
    action = "voucher_reopened" if is_open else "voucher_closed"
    record_change(session, actor, action, voucher, {"is_open": is_open}, now=now)


def _require_free(session: Session, seller_id: int, code: str | None, but_not: int | None) -> None:
    known = queries.by_code(session, seller_id, code) if code else None
    if known is not None and known.id != but_not:
        raise FieldRefused("code", "voucher_code_taken", value=code)
