"""The inbox of the office: groups of things to do, most urgent first, each with its next act."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from shop import formats
from shop.clock import VIETNAM
from shop.locales import current_locale
from shop.models.batches import BatchKind, BatchState
from shop.models.orders import Order, OrderState
from shop.models.payments import Payment
from shop.models.submissions import SubmissionKind
from shop.pages import (
    approvals,
    invoice_tasks,
    legal_tasks,
    office_messages,
    order_words,
    payment_tasks,
    problem_tasks,
    review_tasks,
)
from shop.pages.office_tasks import Group, Task
from shop.presentation import order_code
from shop.queries import (
    invoices,
    money_lists,
    office_inbox,
    order_lists,
    outbox,
    refunds,
    stock_watches,
    submissions,
)
from shop.queries.order_lists import Narrowed
from shop.services import refund_rules
from shop.services.actors import Actor
from shop.services.permissions import Action
from shop.services.recoveries import waiting_for

SHOWN = 5
"""Rows of a group; the rest is behind its link."""

LONGEST_AHEAD_DAYS = 60
SHORTEST_AHEAD_DAYS = 3
SHARE_OF_LIFE = 5
"""A batch is near its end in the last fifth of its life, within these two bounds of days."""

FEW_PACKS = 3

LOST_LATELY = timedelta(days=14)
"""For so long a message that was given up is a task."""


def inbox(
    session: Session, seller_id: int, *, actor: Actor, today: date, now: datetime
) -> list[Group]:
    """Return the groups that hold something and that `actor` may do something about."""
    found = [*_recoveries(session, seller_id, actor, now)]
    found += _urgent(session, seller_id, actor, today)
    groups = [Group(_("Cần làm ngay"), found, is_urgent=True, total=len(found))]
    groups += _order_groups(session, seller_id, actor)
    groups += _sent_by_members(session, seller_id, actor)
    if actor.may(Action.REFUND, seller_id):
        groups.append(_refunds(session, seller_id))
    if actor.may(Action.CANCEL_ORDER, seller_id):
        groups.append(
            _orders(session, Narrowed(seller_id, is_short=True), _("Đơn thiếu hàng"), "thieu-hang")
        )
    if actor.may(Action.ANSWER_PROBLEM, seller_id):
        groups += problem_tasks.groups(session, seller_id)
    if actor.may(Action.MODERATE_REVIEW, seller_id):
        groups.append(_reviews(session, seller_id))
    if actor.may(Action.ISSUE_INVOICE, seller_id):
        groups.append(_invoices(session, seller_id))
    if actor.may(Action.CONFIRM_ORDER, seller_id):
        groups.append(_calls(session, seller_id))
    if actor.may(Action.EDIT_PRODUCT, seller_id):
        groups.append(_scarce(session, seller_id, today))
    lacking = legal_tasks.to_complete(session, seller_id, actor=actor, today=today)
    pages = [Task(*row) for row in lacking]
    groups.append(Group(_("Trang phải có"), pages, total=len(pages)))
    return [group for group in groups if group.tasks]


def _recoveries(session: Session, seller_id: int, actor: Actor, now: datetime) -> Iterator[Task]:
    """Tell of people who wait to be let in again, whoever may confirm it as the second."""
    for recovery in waiting_for(session, seller_id, actor=actor, now=now):
        until = formats.moment(recovery.expires_at, current_locale())
        yield Task(
            _("Lấy lại đăng nhập cho %(name)s", name=recovery.account.name),
            _("%(name)s nhờ, xác nhận trước %(until)s", name=recovery.asked_by.name, until=until),
            url_for("office_recoveries.show", recovery_id=recovery.id),
            _("Xem lời nhờ"),
        )


def _urgent(session: Session, seller_id: int, actor: Actor, today: date) -> Iterator[Task]:
    sees_orders = actor.may(Action.SEE_ORDERS, seller_id)
    sees_batches = actor.may(Action.EDIT_BATCH, seller_id)
    for row in office_inbox.stopped_batches(session, seller_id):
        yield _stopped(row, sees_orders=sees_orders, sees_batches=sees_batches)
    if actor.may(Action.MANAGE_SELLER, seller_id):
        yield from (Task(*row) for row in payment_tasks.closed_contracts(session, seller_id))
        yield from (Task(*row) for row in payment_tasks.wrong_addresses(session, seller_id))
        refused = payment_tasks.refused_notices_today(session, seller_id, today=today)
        yield from (Task(*row) for row in refused)
    if actor.may(Action.CONFIRM_MONEY, seller_id):
        yield from (Task(*row) for row in payment_tasks.in_review(session, seller_id, shown=SHOWN))
        yield from _late_money(session, seller_id)
    if actor.may(Action.REFUND, seller_id):
        yield from _refunds_to_confirm(session, seller_id, actor)
    for row in office_inbox.dated_stock(session, seller_id):
        if _is_near_its_end(row, today):
            yield _ageing(row, today)
    if sees_orders:
        yield from _lost_messages(session, seller_id, actor, today)
    for paper in office_inbox.ageing_papers(session, seller_id, today=today):
        day = formats.day(paper.expires_on or today, current_locale())
        left = formats.days_left(paper.expires_on or today, today=today, lang=current_locale())
        words = _("Giấy tờ hết hạn ngày %(day)s, %(left)s. Nộp hồ sơ gia hạn.", day=day, left=left)
        yield Task(f"{paper.title} {paper.number}", words)


def _stopped(row: Any, *, sees_orders: bool, sees_batches: bool) -> Task:
    state = order_words.batch_state(row.state)
    if row.kind is BatchKind.DELIVERY:
        return _stopped_delivery(row, state, sees_batches=sees_batches)
    facts = _("%(packs)s gói trong kho. %(reason)s", packs=row.packs_left, reason=row.reason)
    title = _("Lô %(lot)s %(state)s", lot=row.lot, state=state)
    if sees_orders and row.sent:
        sent = _("%(count)s đơn đã gửi. ", count=row.sent)
        act = _("Gọi người mua") if row.state is BatchState.RECALLED else _("Xem đơn")
        return Task(title, sent + facts, url_for("office_orders.index", q=row.lot), act)
    if sees_batches:
        url = url_for("office_batches.show", batch_id=row.id)
        return Task(title, facts, url, _("Mở lô"))
    return Task(title, facts, url_for("office_stock.index", q=row.lot), _("Xem kho"))


def _stopped_delivery(row: Any, state: str, *, sees_batches: bool) -> Task:
    title = _("Phiếu cân %(lot)s %(state)s", lot=row.lot, state=state)
    facts = f"{row.goods}. {row.reason}"
    if not sees_batches:
        return Task(title, facts)
    url = url_for("office_deliveries.show", delivery_id=row.id)
    return Task(title, facts, url, _("Mở phiếu"))


def _late_money(session: Session, seller_id: int) -> Iterator[Task]:
    lang = current_locale()
    for credit in money_lists.unmatched_credits(session, seller_id, limit=SHOWN):
        yield Task(
            _("Tiền chưa rõ đơn: %(amount)s", amount=formats.money(credit.amount_vnd, lang)),
            _(
                "Về %(time)s, nội dung “%(memo)s”",
                time=formats.moment(credit.credited_at, lang),
                memo=credit.memo,
            ),
            url_for("office_unknown_money.match", credit_id=credit.id),
            _("Ghép đơn"),
        )
    for credit, order in money_lists.late_credits(session, seller_id, limit=SHOWN):
        yield Task(
            _("Tiền về muộn: %(amount)s", amount=formats.money(credit.amount_vnd, lang)),
            _(
                "Về %(time)s cho đơn %(code)s đã đóng",
                time=formats.moment(credit.credited_at, lang),
                code=order_code(order.code),
            ),
            url_for("office_orders.show", code=order.code),
            _("Xử lý"),
        )
    sums = (money_lists.unmatched_sum, money_lists.late_sum)
    if hidden := sum(max(0, one(session, seller_id).count - SHOWN) for one in sums):
        yield Task(
            ngettext("Còn %(num)s khoản tiền nữa", "Còn %(num)s khoản tiền nữa", hidden),
            _("Tiền chưa rõ đơn hoặc về muộn."),
            url_for("office_money.index"),
            _("Xem tiền"),
        )


def _refunds_to_confirm(session: Session, seller_id: int, actor: Actor) -> Iterator[Task]:
    """Tell of money above the limit that waits for somebody else than who asked."""
    for refund, payment, order in refunds.with_a_way(session, seller_id):
        if refund.proposed_by_id == actor.account_id:
            continue
        if refund_rules.needs_second(session, payment, refund):
            amount = formats.money(refund.amount_vnd, current_locale())
            yield Task(
                _("Đồng ý hoàn %(amount)s?", amount=amount),
                _(
                    "Đơn %(code)s: %(reason)s",
                    code=order_code(order.code),
                    reason=order_words.reason(refund.reason),
                ),
                url_for("office_refunds.show", refund_id=refund.id),
                _("Xem"),
            )


def _lost_messages(session: Session, seller_id: int, actor: Actor, today: date) -> Iterator[Task]:
    """Tell of messages given up lately; older ones stay in their list."""
    since = datetime.combine(today - LOST_LATELY, time(), VIETNAM)
    which = office_messages.meant(seller_id, actor=actor, since=since)
    if count := outbox.count_given_up(session, which):
        yield Task(
            ngettext("%(num)s thư không gửi được", "%(num)s thư không gửi được", count),
            _("Máy đã thôi thử. Xem vì sao rồi gửi lại."),
            url_for("office_messages.index"),
            _("Xem thư"),
        )


def _is_near_its_end(row: Any, today: date) -> bool:
    left = (row.expires_on - today).days
    begun = row.packed_on or row.made_on
    if begun is None:
        return bool(left <= LONGEST_AHEAD_DAYS)
    share = (row.expires_on - begun).days // SHARE_OF_LIFE
    return bool(left <= max(SHORTEST_AHEAD_DAYS, min(LONGEST_AHEAD_DAYS, share)))


def _ageing(row: Any, today: date) -> Task:
    lang = current_locale()
    day = formats.day(row.expires_on, lang)
    left = formats.days_left(row.expires_on, today=today, lang=lang)
    title = _("%(goods)s, lô %(lot)s: %(left)s", goods=row.goods, lot=row.lot, left=left)
    if row.expires_on < today:
        title = _("%(goods)s, lô %(lot)s đã hết hạn", goods=row.goods, lot=row.lot)
    facts = _("%(packs)s gói trong kho, hạn %(day)s", packs=row.packs_left, day=day)
    return Task(title, facts, url_for("office_stock.index", q=row.lot), _("Xem kho"))


def _order_groups(session: Session, seller_id: int, actor: Actor) -> Iterable[Group]:
    """Return the orders that wait for an act, each group to those who may do that act."""
    states = OrderState
    if actor.may(Action.CONFIRM_ORDER, seller_id):
        yield _orders(
            session,
            Narrowed(seller_id, (states.NEW,), is_short=False),
            _("Đơn mới, gọi xác nhận"),
            "moi",
            act=_("Gọi"),
        )
    if actor.may(Action.PICK_ORDER, seller_id):
        yield _orders(
            session,
            Narrowed(seller_id, (states.CONFIRMED, states.PACKING), is_short=False),
            _("Cần soạn và gửi"),
            "cho-soan",
            act=_("Soạn"),
        )
        failed = Narrowed(seller_id, (states.DELIVERY_FAILED,))
        yield _orders(session, failed, _("Giao không thành công"), "giao-hong")


def _orders(
    session: Session, narrowed: Narrowed, title: str, group: str, *, act: str = ""
) -> Group:
    total = order_lists.count(session, narrowed)
    rows = order_lists.page(session, narrowed, limit=SHOWN, oldest_first=True)
    return Group(
        title,
        [_order(order, payment, act or _("Mở đơn")) for order, payment in rows],
        total=total,
        more_url=url_for("office_orders.index", nhom=group) if total > len(rows) else "",
    )


def _order(order: Order, payment: Payment, act: str) -> Task:
    facts = [order_words.money_line(order, payment)]
    if order.hold_until is not None:
        until = formats.moment(order.hold_until, current_locale())
        facts.append(_("giữ hàng đến %(until)s", until=until))
    if order.call_tries:
        facts.append(_("đã gọi %(count)s lần", count=order.call_tries))
    if order.state is OrderState.PACKING:
        facts.append(_("đang soạn"))
    return Task(
        f"{order_code(order.code)} · {order.buyer_name}",
        ", ".join(facts),
        url_for("office_orders.show", code=order.code),
        act,
    )


def _refunds(session: Session, seller_id: int) -> Group:
    lang = current_locale()
    found = money_lists.refunds_to_do(session, seller_id, limit=SHOWN)
    total = money_lists.refunds_to_do_sum(session, seller_id).count
    tasks = [
        Task(
            _(
                "Hoàn %(amount)s cho %(buyer)s",
                amount=formats.money(refund.amount_vnd, lang),
                buyer=order.buyer_name,
            ),
            _(
                "Đơn %(code)s: %(reason)s",
                code=order_code(order.code),
                reason=order_words.reason(refund.reason),
            ),
            url_for("office_refunds.show", refund_id=refund.id),
            order_words.refund_act(refund, order),
        )
        for refund, order in found
    ]
    more = url_for("office_money.index") if total > SHOWN else ""
    return Group(_("Phải hoàn khách"), tasks, total=total, more_url=more)


def _sent_by_members(session: Session, seller_id: int, actor: Actor) -> Iterator[Group]:
    for kind, action, title, act, endpoint in (
        (SubmissionKind.PRODUCT, Action.PUBLISH_PRODUCT, _("Chờ duyệt"), _("Xem và duyệt"),
         "office_approvals.index"),
        (SubmissionKind.BATCH, Action.EDIT_BATCH, _("Xã viên gửi"), _("Cân và nhận"),
         "office_member_batches.index"),
    ):  # fmt: skip
        if not actor.may(action, seller_id):
            continue
        found = submissions.waiting(session, seller_id, (kind,), limit=SHOWN)
        total = submissions.count_waiting(session, seller_id, (kind,)) if found else 0
        tasks = [Task(*row, act) for row in approvals.rows(found)]
        more = url_for(endpoint) if total > SHOWN else ""
        yield Group(title, tasks, total=total, more_url=more)


def _reviews(session: Session, seller_id: int) -> Group:
    total = review_tasks.count(session, seller_id)
    found = review_tasks.waiting(session, seller_id, shown=SHOWN) if total else ()
    tasks = [Task(*row, _("Đọc")) for row in found]
    more = url_for("office_reviews.index") if total > SHOWN else ""
    return Group(_("Đánh giá chờ đọc"), tasks, total=total, more_url=more)


def _invoices(session: Session, seller_id: int) -> Group:
    total = invoices.count(session, seller_id)
    found = invoice_tasks.waiting(session, seller_id, shown=SHOWN) if total else ()
    tasks = [Task(*row, _("Ghi số")) for row in found]
    more = url_for("office_invoices.index") if total > SHOWN else ""
    return Group(_("Hóa đơn cần xuất"), tasks, total=total, more_url=more)


def _calls(session: Session, seller_id: int) -> Group:
    total = stock_watches.count_to_call(session, seller_id)
    found = stock_watches.to_call(session, seller_id, limit=SHOWN) if total else ()
    url = url_for("office_stock_watches.index")
    tasks = [
        Task(f"{one.pack.product.name}, {one.pack.label}", formats.phone(one.phone), url, _("Gọi"))
        for one in found
    ]
    return Group(_("Gọi báo có hàng"), tasks, total=total, more_url=url if total > SHOWN else "")


def _scarce(session: Session, seller_id: int, today: date) -> Group:
    found = office_inbox.scarce_packs(session, seller_id, today=today, few=FEW_PACKS)
    tasks = [
        Task(
            f"{row.name}, {row.label}",
            _("còn %(count)s gói bán được", count=left) if left else _("hết hàng"),
            url_for("office_stock.index", q=row.name),
        )
        for row, left in found[:SHOWN]
    ]
    more = url_for("office_stock.index") if len(found) > SHOWN else ""
    return Group(_("Sắp hết hàng"), tasks, total=len(found), more_url=more)
