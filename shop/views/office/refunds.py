"""Giving money back in the office: asked from the order page, confirmed, sent, written down."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, formats, messages_office, signing_in
from shop.errors import Changed, NotFound, ShopError, WrongMove
from shop.forms.base import Fields
from shop.forms.ids import read_number
from shop.forms.office_orders import read_reference
from shop.forms.refunds import PART, RefundDraft, read_refund, read_way, read_why_not
from shop.locales import current_locale
from shop.models.orders import Order
from shop.models.payments import Refund, RefundWay
from shop.office import show_for
from shop.office_orders import Answer, visible_order
from shop.pages import office_refund as pages
from shop.pages import order_words
from shop.queries import order_money
from shop.queries import refunds as queries
from shop.services import refund_rules, refunds
from shop.services.actors import require
from shop.services.permissions import Action
from shop.services.refund_promises import RefundTooMuch
from shop.services.refund_rules import NoWayBack, RefundNeedsSecond, SamePerson

bp = Blueprint("office_refunds", __name__, url_prefix="/quan-ly")

REFUSALS = (WrongMove, NoWayBack, RefundNeedsSecond, SamePerson)
"""What may come between a page and its button: the page shows it with what holds now."""


@bp.get("/don-hang/<code>/hoan-tien")
@signing_in.needs(Action.REFUND)
def ask(code: str) -> str:
    """Ask how much goes back, why, and in which way."""
    order = visible_order(code)
    require(signing_in.actor(), Action.REFUND, order.seller_id)
    return _ask_form(order, Fields(_proposed()))


@bp.post("/don-hang/<code>/hoan-tien")
@signing_in.needs(Action.REFUND)
def promise(code: str) -> Answer:
    """Read the refund back first; the second press promises it and sends it where it may go."""
    order, fields = visible_order(code), Fields(request.form)
    payment = order_money.payment_of(db.session(), order.id)
    left_vnd = refund_rules.refundable_vnd(db.session(), order, payment)
    if not left_vnd:
        return _ask_form(order, fields), 409
    draft = read_refund(
        fields,
        amounts=pages.amounts_of(order, left_vnd),
        reasons=order_words.REFUNDED_BECAUSE,
    )
    if draft is None:
        return _ask_form(order, fields), 422
    if fields.typed("understood") != _as_understood(draft):
        is_through = draft.way is RefundWay.PROVIDER
        if is_through and not refund_rules.way_back(db.session(), payment, draft.amount_vnd):
            fields.refuse("way", messages_office.sentence(NoWayBack()))
            return _ask_form(order, fields), NoWayBack.status
        return _ask_form(order, fields, draft), 200
    try:
        refund = refunds.ask(
            db.session(),
            order.id,
            amount_vnd=draft.amount_vnd,
            reason=draft.reason,
            way=draft.way,
            seen=read_number(fields.typed("seen")) or 0,
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except (RefundTooMuch, NoWayBack, Changed) as refused:
        db.session().rollback()
        field = "way" if isinstance(refused, NoWayBack) else "scope"
        fields.refuse(field, messages_office.sentence(refused))
        return _ask_form(visible_order(code), fields), refused.status
    db.session().commit()
    flash(_("Đã ghi yêu cầu hoàn tiền."))
    return redirect(url_for(".show", refund_id=refund.id), 303)


def _proposed() -> dict[str, str]:
    """Return the fields filled in for goods that came back: an address may name their worth."""
    amount = read_number(request.args.get("tra", ""))
    if not amount:
        return {}
    return {"scope": PART, "amount": formats.number(amount), "reason": "sent_back"}


def _as_understood(draft: RefundDraft) -> str:
    return f"{draft.amount_vnd} {draft.way.value}"


def _ask_form(order: Order, fields: Fields, draft: RefundDraft | None = None) -> str:
    page = pages.ask_page(
        db.session(), order, fields, draft, actor=signing_in.actor(), now=clock.now()
    )
    read_back = _as_understood(draft) if draft else ""
    return render_template("office/orders/refund.html", read_back=read_back, **page)


@bp.get("/tien/hoan/<int:refund_id>")
@signing_in.needs(Action.REFUND)
def show(refund_id: int) -> str:
    """Where one refund stands, and what can be done."""
    return _page(*_found(refund_id), Fields({}))


@bp.post("/tien/hoan/<int:refund_id>")
@signing_in.needs(Action.REFUND)
def settle(refund_id: int) -> Answer:
    """The money went back to the buyer by a transfer."""
    refund, order = _found(refund_id)
    fields = Fields(request.form)
    reference = read_reference(fields)
    if reference is None:
        return _page(refund, order, fields), 422
    amount = formats.money(refund.amount_vnd, current_locale())
    return _carry_out(
        refund_id,
        lambda by: refunds.settle_refund(db.session(), refund_id, reference=reference, **by),
        _("Đã ghi là trả lại khách %(amount)s.", amount=amount),
    )


@bp.post("/tien/hoan/<int:refund_id>/cach")
@signing_in.needs(Action.REFUND)
def choose(refund_id: int) -> Answer:
    """Choose how money that is owed goes back."""
    refund, order = _found(refund_id)
    fields = Fields(request.form)
    way = read_way(fields)
    if way is None:
        return _page(refund, order, fields), 422
    return _carry_out(
        refund_id,
        lambda by: refunds.choose(db.session(), refund_id, way, **by),
        _("Đã chọn cách hoàn."),
    )


@bp.post("/tien/hoan/<int:refund_id>/dong-y")
@signing_in.needs(Action.REFUND)
def confirm(refund_id: int) -> Answer:
    """A second person agrees."""
    return _carry_out(
        refund_id,
        lambda by: refunds.confirm(db.session(), refund_id, **by),
        _("Đã đồng ý hoàn tiền."),
    )


@bp.post("/tien/hoan/<int:refund_id>/khong")
@signing_in.needs(Action.REFUND)
def refuse(refund_id: int) -> Answer:
    """Somebody says no, or takes an own proposal back."""
    return _with_reason(
        refund_id,
        lambda reason, by: refunds.refuse(db.session(), refund_id, reason=reason, **by),
        _("Đã ghi là không hoàn theo cách này."),
    )


@bp.post("/tien/hoan/<int:refund_id>/thoi-gui")
@signing_in.needs(Action.REFUND)
def give_up(refund_id: int) -> Answer:
    """A person looked at the provider's own pages: it did not go; it is tried anew."""
    return _with_reason(
        refund_id,
        lambda reason, by: refunds.give_up(db.session(), refund_id, reason=reason, **by),
        _("Đã thôi gửi. Số tiền này vẫn phải hoàn, chọn cách khác."),
    )


def _with_reason(
    refund_id: int, use_case: Callable[[str, dict[str, Any]], object], done: str
) -> Answer:
    refund, order = _found(refund_id)
    fields = Fields(request.form)
    reason = read_why_not(fields)
    if reason is None:
        return _page(refund, order, fields), 422
    return _carry_out(refund_id, lambda by: use_case(reason, by), done)


def _carry_out(refund_id: int, use_case: Callable[[dict[str, Any]], object], done: str) -> Answer:
    """Carry out one use case and show the refund; a refusal stands above what holds now."""
    _found(refund_id)
    try:
        use_case({"actor": signing_in.actor(), "now": clock.now()})
    except REFUSALS as refused:
        db.session().rollback()
        return _refused(refund_id, refused)
    db.session().commit()
    flash(done)
    return redirect(url_for(".show", refund_id=refund_id), 303)


def _refused(refund_id: int, refused: ShopError) -> tuple[str, int]:
    trouble = messages_office.sentence(refused)
    return _page(*_found(refund_id), Fields({}), trouble), refused.status


def _found(refund_id: int) -> tuple[Refund, Order]:
    found = queries.refund_by_id(db.session(), refund_id)
    if found is None or not signing_in.actor().may(Action.REFUND, found[1].seller_id):
        raise NotFound(f"refund {refund_id}")
    show_for(found[1].seller)
    return found


def _page(refund: Refund, order: Order, fields: Fields, trouble: str = "") -> str:
    page = pages.refund_page(
        db.session(), refund, order, actor=signing_in.actor(), now=clock.now()
    )
    return render_template(
        "office/money/refund.html",
        fields=fields,
        summary=pages.summary(fields),
        trouble=trouble,
        ways=pages.ways(page["provider"]),
        **page,
    )
