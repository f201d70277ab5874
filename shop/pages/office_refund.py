"""The office's pages of money that goes back: asking for it, and where one refund stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.base import Fields, in_page_order
from shop.forms.office_orders import OTHER
from shop.forms.refunds import NAMES, PART, WHOLE, RefundDraft
from shop.locales import current_locale
from shop.models.orders import Order
from shop.models.outbox import OutboxState
from shop.models.payments import Payment, Refund, RefundState, RefundWay
from shop.pages import attempt_words, order_words, refund_trouble
from shop.queries import order_money, refunds, staff
from shop.services import provider_payments, refund_promises, refund_rules
from shop.services.actors import Actor
from shop.services.permissions import ALLOWED, Action

LONG_DAYS = 7
"""After so many days at the provider somebody should ask there."""


@dataclass(frozen=True, slots=True)
class Phase:
    """Where a refund stands: `kind` picks what can be done, the others say it."""

    kind: str
    words: str
    more: str = ""
    lines: Sequence[str] = ()
    """What happened, what the machine does next, what nobody need do."""
    technical: str = ""


def summary(fields: Fields) -> list[tuple[str, str]]:
    """Return the faults of a form for the summary above it."""
    return [(name, str(NAMES[name])) for name in in_page_order(fields.faults, NAMES)]


def amounts_of(order: Order, left_vnd: int) -> dict[str, int]:
    """Return what may go back at one press: all that is left, or one line of the order."""
    lines = {f"line-{line.id}": line.total_vnd for line in order.lines}
    return {WHOLE: left_vnd} | {
        name: amount for name, amount in lines.items() if amount < left_vnd
    }


def ask_page(
    session: Session,
    order: Order,
    fields: Fields,
    draft: RefundDraft | None,
    *,
    actor: Actor,
    now: datetime,
) -> dict[str, Any]:
    """Return what the form for a refund shows; `draft` is read back in words."""
    payment = order_money.payment_of(session, order.id)
    left_vnd = refund_rules.refundable_vnd(session, order, payment)
    known = refund_promises.all_of(session, payment)
    back = refund_rules.way_back(session, payment, 1)
    provider = provider_payments.title(back.provider) if back else ""
    return {
        "order": order,
        "left_vnd": left_vnd,
        "gone": [] if left_vnd else [_gone(one) for one in known if _is_meant(one)],
        "seen": len(known),
        "fields": fields,
        "summary": summary(fields),
        "scopes": _scopes(order, left_vnd),
        "reasons": _reasons(),
        "ways": ways(provider),
        "busy": busy_words(session, payment) if not back else "",
        "way": fields.typed("way") or (RefundWay.PROVIDER if back else RefundWay.HAND).value,
        "draft": draft,
        "understood": _understood(order, draft, provider) if draft else "",
        "seconds": _seconds(session, order, payment, draft, actor=actor, now=now),
    }


def _is_meant(refund: Refund) -> bool:
    return refund.state is not RefundState.REJECTED


def _gone(refund: Refund) -> dict[str, Any]:
    """Return one refund of an order of which nothing is left: how much, how far, since when."""
    return {
        "amount_vnd": refund.amount_vnd,
        "state": order_words.refund_state(refund),
        "at": refund.settled_at or refund.accepted_at or refund.asked_at,
        "url": url_for("office_refunds.show", refund_id=refund.id),
    }


def _scopes(order: Order, left_vnd: int) -> list[dict[str, Any]]:
    lang = current_locale()
    found = amounts_of(order, left_vnd)
    titles = {f"line-{line.id}": f"{line.title} × {line.quantity}" for line in order.lines}
    titles[WHOLE] = _("Tất cả số còn hoàn được")
    shown = [
        {"value": name, "title": titles[name], "right": formats.money(amount, lang)}
        for name, amount in found.items()
    ]
    return [*shown, {"value": PART, "title": _("Số tiền khác, ghi ở dưới")}]


def _reasons() -> list[dict[str, str]]:
    options = [*order_words.REFUNDED_BECAUSE.items(), (OTHER, _l("Lý do khác, ghi ở dưới"))]
    return [{"value": value, "title": str(title)} for value, title in options]


def ways(provider: str) -> list[dict[str, str]]:
    """Return the ways money can go back; through the provider only where it can."""
    by_hand = {
        "value": RefundWay.HAND.value,
        "title": _("Chuyển khoản trả khách"),
        "note": _("Tự chuyển trong ứng dụng ngân hàng, rồi ghi mã giao dịch."),
    }
    if not provider:
        return [by_hand]
    through = {
        "value": RefundWay.PROVIDER.value,
        "title": _("Qua %(provider)s", provider=provider),
        "note": _("Tiền về đúng thẻ hoặc tài khoản khách đã trả. Máy tự gửi và theo dõi."),
    }
    return [through, by_hand]


def busy_words(session: Session, payment: Payment) -> str:
    """Return why money cannot go back through its provider now; empty if that is not why."""
    through = refund_rules.busy_try(session, payment)
    if through is None:
        return ""
    name = provider_payments.title(through.provider)
    return str(
        _(
            "Một khoản hoàn khác đang đi qua %(provider)s. Đợi khoản ấy xong thì hoàn tiếp qua "
            "%(provider)s được; gấp thì chuyển khoản.",
            provider=name,
        )
    )


def _understood(order: Order, draft: RefundDraft, provider: str) -> str:
    amount = formats.money(draft.amount_vnd, current_locale())
    values = {"amount": amount, "buyer": order.buyer_name, "provider": provider}
    if draft.way is RefundWay.PROVIDER:
        return str(_("hoàn %(amount)s cho %(buyer)s qua %(provider)s", **values))
    return str(_("hoàn %(amount)s cho %(buyer)s bằng chuyển khoản", **values))


def _seconds(
    session: Session,
    order: Order,
    payment: Payment,
    draft: RefundDraft | None,
    *,
    actor: Actor,
    now: datetime,
) -> str:
    """Return in words that a second person is needed and who that may be; empty when none is."""
    if draft is None or not _would_need_second(session, order, payment, draft, actor):
        return ""
    limit_vnd = refund_rules.limit_vnd(order.seller)
    return second_words(session, order, limit_vnd, but=actor.account_id, now=now)


def second_words(
    session: Session, order: Order, limit_vnd: int, *, but: int | None, now: datetime
) -> str:
    """Return who may be the second person, or what to do when nobody may.

    `limit_vnd` is the limit that held when the way was chosen, which the office may have changed.
    """
    limit = formats.money(limit_vnd, current_locale())
    names = refunds.others_with(session, ALLOWED[Action.REFUND], order.seller_id, but=but, now=now)
    if names:
        return str(
            _(
                "Hoàn quá %(limit)s cần người thứ hai đồng ý: %(names)s.",
                limit=limit,
                names=", ".join(names),
            )
        )
    return str(
        _(
            "Hoàn quá %(limit)s cần người thứ hai đồng ý, mà %(seller)s chưa có ai khác được "
            "hoàn tiền. Vào mục Người dùng, cho một người nữa vai trò thủ quỹ hoặc giám đốc.",
            limit=limit,
            seller=order.seller.short_name,
        )
    )


def refund_page(
    session: Session, refund: Refund, order: Order, *, actor: Actor, now: datetime
) -> dict[str, Any]:
    """Return what `office/money/refund.html` shows of one refund."""
    payment = order_money.payment_of(session, order.id)
    back = refund_rules.way_back(session, payment, refund.amount_vnd)
    through = refunds.attempt_of(session, refund) or back
    provider = provider_payments.title(through.provider) if through else ""
    stands = phase(session, refund, order, payment, provider, actor=actor, now=now)
    who = staff.names_of(
        session,
        [
            one
            for one in (refund.asked_by_id, refund.proposed_by_id, refund.confirmed_by_id)
            if one is not None
        ],
    )
    after = refunds.follower(session, refund.id)
    return {
        "refund": refund,
        "order": order,
        "phase": stands,
        "provider": provider if back else "",
        "busy": busy_words(session, payment) if not back else "",
        "reason": order_words.reason(refund.reason),
        "facts": _facts(refund, order, provider, who),
        "follower_id": after.id if after else None,
        "refused": refund.details.get("refused", ""),
        "is_remission": refund_promises.is_remission(session, refund),
        "is_large": _would_need_second(session, order, payment, refund, actor),
    }


def _would_need_second(
    session: Session, order: Order, payment: Payment, refund: Refund | RefundDraft, actor: Actor
) -> bool:
    """Return whether this much, sent by `actor` now, would need a second person."""
    asked = Refund(
        id=refund.id if isinstance(refund, Refund) else None,
        amount_vnd=refund.amount_vnd,
        proposed_by_id=actor.account_id,
        limit_vnd=refund_rules.limit_vnd(order.seller),
    )
    return refund_rules.needs_second(session, payment, asked)


def phase(
    session: Session,
    refund: Refund,
    order: Order,
    payment: Payment,
    provider: str,
    *,
    actor: Actor,
    now: datetime,
) -> Phase:
    """Return where a refund stands and what it waits for."""
    if refund.state is RefundState.SETTLED:
        return Phase("settled", _("Tiền đã về khách."))
    if refund.state is RefundState.REJECTED:
        return _rejected(refund, provider)
    if refund.state is RefundState.ACCEPTED:
        return _accepted(refund, provider, now)
    return _asked(session, refund, order, payment, provider, actor=actor, now=now)


def _accepted(refund: Refund, provider: str, now: datetime) -> Phase:
    days = (now - (refund.accepted_at or now)).days
    more = _("Đã %(days)s ngày. Hỏi %(provider)s xem sao.", days=days, provider=provider)
    words = _("%(provider)s đã nhận, tiền đang trên đường về khách.", provider=provider)
    return Phase("accepted", words, more if days >= LONG_DAYS else "")


def _asked(
    session: Session,
    refund: Refund,
    order: Order,
    payment: Payment,
    provider: str,
    *,
    actor: Actor,
    now: datetime,
) -> Phase:
    if refund.way is RefundWay.NONE:
        return Phase("due", _("Chưa chọn cách hoàn."))
    if refund_rules.needs_second(session, payment, refund):
        limit_vnd = refund.limit_vnd or 0
        words = second_words(session, order, limit_vnd, but=refund.proposed_by_id, now=now)
        is_first = refund.proposed_by_id == actor.account_id
        return Phase("first_waits" if is_first else "second", words)
    if refund.way is RefundWay.HAND:
        return Phase("by_hand", _("Chuyển khoản trả khách, rồi ghi mã giao dịch."))
    return _sending(session, refund, provider, now)


def _rejected(refund: Refund, provider: str) -> Phase:
    refused, text = refund.details.get("refused"), refund.details.get("text", "")
    if refused:
        return Phase("refused", _("Không hoàn: %(reason)s.", reason=refused))
    if refund.details.get("by_person"):
        return Phase("rejected", _("Đã thôi gửi: %(reason)s.", reason=text))
    code = refund.details.get("code", "")
    words = _("%(provider)s không hoàn, mã %(code)s.", provider=provider, code=code)
    return Phase("rejected", words, attempt_words.in_own_language(str(text)))


def _sending(session: Session, refund: Refund, provider: str, now: datetime) -> Phase:
    message = refund_rules.message_of(session, refund)
    words = _("Đang gửi %(provider)s.", provider=provider)
    if message is None or not message.last_error:
        return Phase("sending", words)
    if message.state is OutboxState.DEAD:
        words = _("Gửi %(provider)s nhiều lần chưa rõ kết quả. Máy đã thôi.", provider=provider)
        lines = refund_trouble.when_stuck(message, provider)
        return Phase("stuck", words, lines=lines, technical=message.last_error)
    lines = refund_trouble.while_sending(message, provider, now=now)
    return Phase("sending", words, lines=lines, technical=message.last_error)


def _facts(
    refund: Refund, order: Order, provider: str, who: dict[int, str]
) -> list[tuple[str, str]]:
    lang = current_locale()
    rows = [
        (_("Trả cho"), order.buyer_name),
        (_("Số tiền"), formats.money(refund.amount_vnd, lang)),
        (_("Lý do"), order_words.reason(refund.reason)),
        (_("Cách hoàn"), _way_words(refund, provider)),
        (_("Người đề nghị"), who.get(refund.proposed_by_id or refund.asked_by_id or 0, "")),
        (_("Người thứ hai"), who.get(refund.confirmed_by_id or 0, "")),
        (_("Gửi đi lúc"), formats.moment(refund.sent_at, lang) if refund.sent_at else ""),
        (_("Xong lúc"), formats.moment(refund.settled_at, lang) if refund.settled_at else ""),
        (_("Mã giao dịch"), refund.reference),
    ]
    return [(label, value) for label, value in rows if value]


def _way_words(refund: Refund, provider: str) -> str:
    if refund.way is RefundWay.PROVIDER:
        return str(_("Qua %(provider)s", provider=provider))
    return str(_("Chuyển khoản trả khách")) if refund.way is RefundWay.HAND else ""
