"""How the money of an order stands, in the words of its buyer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import clock, formats
from shop.locales import current_locale
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankAccount,
    BankCredit,
    CreditState,
    Payment,
    PaymentAttempt,
    Refund,
    RefundState,
)
from shop.pages.attempt_words import failed_because
from shop.pages.seller_words import short_word
from shop.queries import order_money
from shop.services import provider_accounts, provider_payments, refund_rules
from shop.services.actors import BUYER
from shop.services.order_payment import LAPSED
from shop.services.payment_attempts import in_review
from shop.services.payments import CLOSED, WITHOUT_PROVIDER


@dataclass(frozen=True, slots=True)
class Money:
    """The rows about the money of an order."""

    payment: Payment
    account: BankAccount | None
    credits: Sequence[BankCredit]
    refunds: Sequence[Refund]
    asked_at: datetime | None = None
    """When the buyer last came back from the provider with its result not known yet."""
    in_doubt: frozenset[int] = frozenset()
    """The refunds to which a second person has still to agree."""
    is_taken: bool = True
    """Whether the seller takes money through the order's provider at present."""

    @property
    def last_credit(self) -> BankCredit | None:
        """Return the transfer that came last."""
        return self.credits[-1] if self.credits else None

    @property
    def parked_vnd(self) -> int:
        """Return the đồng that came too late and wait for a person."""
        return sum(row.amount_vnd for row in self.credits if row.state is CreditState.LATE)

    @property
    def due_vnd(self) -> int:
        """Return the đồng that go back for certain and are not on their way yet.

        What waits for the consent of a second person is promised to nobody.
        """
        asked = [row for row in self.refunds if row.state is RefundState.ASKED]
        return sum(row.amount_vnd for row in asked if row.id not in self.in_doubt)


@dataclass(frozen=True, slots=True)
class Status:
    """Where the money stands: `kind` picks the look, `pays` shows the code, `waits` asks again."""

    kind: str
    lines: Sequence[str]
    pays: bool = False
    waits: bool = False
    leads_on: bool = False
    """The buyer may go to the provider's page."""
    leads_back: bool = False
    """The buyer was there and may go again, after thinking whether the money has gone."""
    tries_again: bool = False
    """The last try came to nothing, and another may begin."""


def money_of(session: Session, order: Order) -> Money:
    """Return the rows about the money of `order`."""
    payment = order_money.payment_of(session, order.id)
    last = payment.attempts[-1] if payment.attempts else None
    refunds = order_money.refunds_of(session, payment.id)
    return Money(
        payment,
        order_money.account_asked(session, payment),
        order_money.credits_of(session, payment.id),
        refunds,
        order_money.asked_after(session, last.id) if last and last.provider_account_id else None,
        frozenset(one.id for one in refunds if refund_rules.needs_second(session, payment, one)),
        last is None or last.state not in _CAME_TO or _is_taken(session, order),
    )


def _is_taken(session: Session, order: Order) -> bool:
    offered = provider_accounts.offered(session, order.seller_id, actor=BUYER)
    return order.payment_way in {one.provider for one in offered}


def status(order: Order, money: Money, *, now: datetime) -> Status:
    """Return where the money of `order` stands, in words (`screens.md` 5)."""
    if order.state in CLOSED:
        return _closed(order, money)
    if order.payment_way == "cod" and not money.credits:
        return _at_the_door(order, money)
    if not money.payment.missing_vnd:
        return _paid(order, money)
    is_over = order.hold_until is not None and order.hold_until <= now
    if is_over and not in_review(money.payment):
        return Status("expired", [_("Hết giờ giữ hàng.")], waits=True)
    if order.payment_way not in WITHOUT_PROVIDER:
        return _at_the_provider(order, money, now)
    return _by_transfer(money)


def _by_transfer(money: Money) -> Status:
    if not money.payment.received_vnd:
        waiting = _("Đang chờ tiền về. Tự báo khi nhận được.")
        return Status("waiting", [waiting], pays=True, waits=True)
    came = _(
        "Đã nhận %(came)s, còn thiếu %(missing)s.",
        came=dong(money.payment.received_vnd),
        missing=dong(money.payment.missing_vnd),
    )
    return Status("part", [came], pays=True, waits=True)


_CAME_TO = {
    AttemptState.FAILED: _l("Lần trả vừa rồi không thành công."),
    AttemptState.CANCELLED: _l("Bạn đã hủy lần trả vừa rồi."),
    AttemptState.EXPIRED: _l("Lần trả vừa rồi đã hết giờ."),
}


def _came_to(attempt: PaymentAttempt) -> list[str]:
    """Return how a try ended without money, why."""
    lines = [str(_CAME_TO[attempt.state])]
    if attempt.state is AttemptState.FAILED:
        unknown = _("Trả lại, hoặc hỏi ngân hàng của thẻ hay tài khoản.")
        lines.append(failed_because(attempt) or unknown)
    return lines


def _looked_into(order: Order) -> str:
    return str(
        _(
            "%(provider)s đang kiểm tra lần trả vừa rồi. Đừng trả lần nữa: %(seller)s sẽ gọi.",
            provider=provider_payments.title(order.payment_way),
            seller=short_word(order.seller),
        )
    )


def _at_the_provider(order: Order, money: Money, now: datetime) -> Status:
    """Return what became of the last try at the provider, and whether another may begin."""
    last = money.payment.attempts[-1]
    name = provider_payments.title(order.payment_way)
    if in_review(money.payment):
        return Status("part", [_looked_into(order)], waits=True)
    held = _held(order)
    if last.state in _CAME_TO and money.is_taken:
        return Status("part", [*_came_to(last), *held], waits=True, tries_again=True)
    if last.state in _CAME_TO:
        return Status("part", [*_came_to(last), _no_more(order, name)], waits=True)
    if provider_payments.is_awaited(money.asked_at, now=now):
        asking = _("Đang hỏi %(provider)s kết quả, thường trong một phút.", provider=name)
        return Status("waiting", [asking, _("Đừng trả lần nữa.")], waits=True)
    if money.asked_at is not None:
        silent = _("%(provider)s chưa báo kết quả.", provider=name)
        then = _("Đã bị trừ tiền thì đợi, tiền không mất: trang này tự hiện khi nhận được.")
        return Status("waiting", [silent, then, *held], waits=True, leads_back=True)
    waiting = _("Chưa thấy tiền qua %(provider)s. Trả rồi thì đợi báo về.", provider=name)
    return Status("waiting", [waiting, *held], waits=True, leads_on=True)


def _held(order: Order) -> list[str]:
    """Return until when the goods wait for their money."""
    if order.hold_until is None:
        return []
    return [str(_("Giữ hàng đến %(time)s.", time=moment(order.hold_until)))]


def _no_more(order: Order, provider: str) -> str:
    return str(
        _(
            "%(seller)s thôi nhận qua %(provider)s. Gọi để trả cách khác, hoặc hủy rồi đặt lại.",
            seller=short_word(order.seller),
            provider=provider,
        )
    )


def _closed(order: Order, money: Money) -> Status:
    who = short_word(order.seller)
    if order.state is OrderState.RETURNED:
        return Status("cancelled", [_("Hàng đã trả lại."), *_going_back(money, who)])
    if money.parked_vnd:
        return Status("late", [_came_late(order, who)], waits=True)
    lapsed = order.cancel_reason == LAPSED
    lines = [_("Hết giờ giữ hàng.") if lapsed else _("Đơn đã hủy.")]
    if in_review(money.payment):
        lines.append(_looked_into(order))
    return Status("expired" if lapsed else "cancelled", [*lines, *_going_back(money, who)])


def _came_late(order: Order, who: str) -> str:
    if order.cancel_reason == LAPSED:
        words = _(
            "Tiền về sau khi hết giờ giữ hàng. %(seller)s đang xem còn hàng không.", seller=who
        )
    else:
        words = _("Tiền về sau khi đơn đã hủy. %(seller)s sẽ trả lại hoặc gọi.", seller=who)
    return str(words)


def _going_back(money: Money, who: str) -> list[str]:
    """Return what is on its way back to the buyer, and what went when."""
    due = money.due_vnd
    lines = []
    if due:
        lines.append(_("%(seller)s sẽ trả lại %(amount)s.", seller=who, amount=dong(due)))
    for row in money.refunds:
        if row.state is RefundState.ACCEPTED:
            lines.append(_on_its_way(money, row))
        elif row.state is RefundState.SETTLED and row.settled_at is not None:
            lines.append(
                _(
                    "%(seller)s đã trả lại %(amount)s, %(time)s.",
                    seller=who,
                    amount=dong(row.amount_vnd),
                    time=moment(row.settled_at),
                )
            )
    return lines


def _on_its_way(money: Money, refund: Refund) -> str:
    through = next(one for one in money.payment.attempts if one.id == refund.attempt_id)
    return str(
        _(
            "%(amount)s đang về thẻ hoặc tài khoản đã trả, qua %(provider)s, từ %(time)s.",
            amount=dong(refund.amount_vnd),
            provider=provider_payments.title(through.provider),
            time=moment(refund.accepted_at or refund.asked_at),
        )
    )


def _paid(order: Order, money: Money) -> Status:
    lines, who = [], short_word(order.seller)
    last = money.last_credit
    if last is not None:
        lines.append(
            _(
                "Đã nhận %(amount)s lúc %(time)s.",
                amount=dong(money.payment.received_vnd),
                time=moment(last.credited_at),
            )
        )
    over = sum(
        row.amount_vnd
        for row in money.refunds
        if row.reason == "overpaid" and row.state is not RefundState.REJECTED
    )
    if over:
        lines.append(_("Nhận thừa %(amount)s.", amount=dong(over)))
    lines.extend(_going_back(money, who))
    if order.is_short:
        lines.append(_("Một món vừa hết, %(seller)s đang tìm lô khác và sẽ gọi.", seller=who))
    return Status("paid", lines)


def _at_the_door(order: Order, money: Money) -> Status:
    if money.payment.received_vnd and not money.payment.missing_vnd:
        paid = _("Đã trả %(amount)s khi nhận.", amount=dong(order.total_vnd))
        return Status("cash", [paid, *_going_back(money, short_word(order.seller))])
    amount = dong(money.payment.missing_vnd)
    lines = [_("Người giao thu %(amount)s khi giao.", amount=amount)]
    if order.state is OrderState.NEW:
        lines.append(_("%(seller)s gọi xác nhận trước khi gửi.", seller=short_word(order.seller)))
    return Status("cash", lines)


def dong(amount_vnd: int) -> str:
    """Return đồng as the reader writes them."""
    return formats.money(amount_vnd, current_locale())


def moment(instant: datetime) -> str:
    """Return a moment as the reader says it."""
    return formats.moment_in_words(instant, today=clock.today(), lang=current_locale())
