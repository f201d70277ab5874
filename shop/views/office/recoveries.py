"""Helping somebody back in: one of the office asks, a second one confirms."""

from collections.abc import Callable
from typing import TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, formats, messages_office, signing_in
from shop.errors import NotFound, ShopError
from shop.forms.base import Fields
from shop.forms.recoveries import CARD, NAMES, PASSWORD, read_recovery
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.credentials import AccountRecovery, RecoveryState
from shop.models.people import Account
from shop.office import office_seller
from shop.office_orders import Answer
from shop.pages import printed_card
from shop.queries import recoveries as queries
from shop.queries import staff
from shop.security import limiter
from shop.services import cards, recoveries, second_factor
from shop.services.actors import require
from shop.services.cards import CardAddressNotSafe, NotForACard
from shop.services.permissions import Action
from shop.services.recoveries import NobodyToConfirm, OwnRecovery, RecoveryOpen, RecoveryOver
from shop.services.seller_staff import WorksElsewhere

bp = Blueprint("office_recoveries", __name__, url_prefix="/quan-ly/nguoi-dung")

Done = TypeVar("Done")
_REFUSALS = (
    CardAddressNotSafe,
    NobodyToConfirm,
    NotForACard,
    OwnRecovery,
    RecoveryOpen,
    RecoveryOver,
    WorksElsewhere,
)


@bp.get("/<int:account_id>/lay-lai")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask(account_id: int) -> Answer:
    """Ask why, and how the person was recognised; say who could confirm."""
    seller = office_seller(Action.MANAGE_MEMBERS)
    fields = Fields({"can": request.args.get("can", PASSWORD)})
    return _ask_page(seller, _person(seller, account_id), fields)


def _ask_page(seller: Seller, account: Account, fields: Fields, trouble: str = "") -> str:
    session, actor, now = db.session(), signing_in.actor(), clock.now()
    able: list[Account] = []
    try:
        require(actor, recoveries.action_for(session, account, seller, now=now), seller.id)
        able = recoveries.who_else_may(session, account, seller, actor=actor, now=now)
        if not able and not trouble:
            raise NobodyToConfirm(f"seller {seller.id}")
    except (NobodyToConfirm, WorksElsewhere) as refused:
        trouble = messages_office.sentence(refused)
    known = queries.asked_for(session, account.id)
    return render_template(
        "office/people/recovery.html",
        account=account,
        able=[one.name for one in able],
        known=known if known is not None and known.expires_at > now else None,
        has_phone=second_factor.enrolled(session, account.id) is not None,
        ways=_ways(seller, account),
        is_self=account.id == actor.account_id,
        fields=fields,
        trouble=trouble,
        summary=[(name, str(NAMES[name])) for name in fields.faults],
    )


def _ways(seller: Seller, account: Account) -> list[dict[str, str]]:
    """Return what the person may get: a card for whom a card may open everything."""
    try:
        cards.require_fit(db.session(), account, seller, now=clock.now())
    except (NotForACard, NotFound):
        return []
    return [
        {
            "value": PASSWORD,
            "title": _("Mật khẩu dùng một lần"),
            "note": _("Mọi máy và thẻ của người này bị thoát; họ chọn mật khẩu mới khi vào."),
        },
        {
            "value": CARD,
            "title": _("Thẻ in mới"),
            "note": _("Thẻ cũ hết dùng được; mật khẩu giữ như cũ."),
        },
    ]


@bp.post("/<int:account_id>/lay-lai")
@limiter.limit("30/hour")
@signing_in.needs(Action.MANAGE_MEMBERS)
def begin(account_id: int) -> Answer:
    """Write down what was asked; a second person finds it in the inbox."""
    seller, fields = office_seller(Action.MANAGE_MEMBERS), Fields(request.form)
    account = _person(seller, account_id)
    asked = read_recovery(fields)
    if asked is None:
        return _ask_page(seller, account, fields), 422
    try:
        recovery = recoveries.ask(
            db.session(),
            account,
            seller,
            reason=asked.reason,
            recognised_by=asked.recognised_by,
            without_phone=asked.without_phone,
            by_card=asked.by_card,
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except _REFUSALS as refused:
        db.session().rollback()
        trouble = messages_office.sentence(refused)
        return _ask_page(seller, account, fields, trouble), refused.status
    db.session().commit()
    flash(
        _("Đã ghi. Người thứ hai xác nhận trong 30 phút thì in được thẻ.")
        if asked.by_card
        else _("Đã ghi. Người thứ hai xác nhận trong 30 phút thì mật khẩu mới đổi.")
    )
    return redirect(url_for(".show", recovery_id=recovery.id), 303)


@bp.get("/lay-lai/<int:recovery_id>")
@signing_in.needs(Action.MANAGE_MEMBERS)
def show(recovery_id: int) -> Answer:
    """What was asked for whom, and the two answers of a second person."""
    return _page(_recovery(office_seller(Action.MANAGE_MEMBERS), recovery_id))


def _page(recovery: AccountRecovery, trouble: str = "") -> str:
    actor = signing_in.actor()
    is_over = recovery.state is not RecoveryState.ASKED or recovery.expires_at <= clock.now()
    is_own = actor.account_id in {recovery.asked_by_id, recovery.account_id}
    return render_template(
        "office/people/recovery_asked.html",
        recovery=recovery,
        is_over=is_over,
        ended=_ended(recovery),
        may_confirm=not is_over and not is_own,
        may_refuse=not is_over and actor.account_id != recovery.account_id,
        trouble=trouble,
    )


def _ended(recovery: AccountRecovery) -> str:
    """Return who ended what was asked for, and when; nothing where time alone did."""
    if recovery.answered_by is None or recovery.answered_at is None:
        return ""
    at = formats.moment(recovery.answered_at, current_locale())
    said = {"name": recovery.answered_by.name, "time": at}
    if recovery.state is RecoveryState.REFUSED:
        return str(_("%(name)s đã từ chối lúc %(time)s. Mọi thứ giữ như cũ.", **said))
    if recovery.by_card:
        return str(_("%(name)s đã xác nhận và in thẻ lúc %(time)s.", **said))
    return str(_("%(name)s đã xác nhận và xem mật khẩu lúc %(time)s.", **said))


@bp.post("/lay-lai/<int:recovery_id>/xac-nhan")
@limiter.limit("30/hour")
@signing_in.needs(Action.MANAGE_MEMBERS)
def confirm(recovery_id: int) -> Answer:
    """Give the person a password for one time or a card, told by this answer alone."""
    seller = office_seller(Action.MANAGE_MEMBERS)
    recovery = _recovery(seller, recovery_id)
    if recovery.by_card:
        return _print_card(seller, recovery)
    found, refused = _answered(
        lambda: recoveries.confirm(
            db.session(), recovery, actor=signing_in.actor(), now=clock.now()
        )
    )
    if refused is not None:
        return _page(recovery, messages_office.sentence(refused)), refused.status
    return render_template(
        "office/people/password.html",
        account=recovery.account,
        password=found,
        is_for_one_time=True,
        back_url=url_for("office_home.inbox"),
    )


def _print_card(seller: Seller, recovery: AccountRecovery) -> Answer:
    session = db.session()
    try:
        issued = recoveries.confirm_card(
            session, recovery, actor=signing_in.actor(), now=clock.now()
        )
    except _REFUSALS as refused:
        session.rollback()
        return _page(recovery, messages_office.sentence(refused)), refused.status
    printed = printed_card.answer(session, issued, recovery.account, seller)
    session.commit()
    return printed


@bp.post("/lay-lai/<int:recovery_id>/tu-choi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def refuse(recovery_id: int) -> Answer:
    """End what was asked for; nothing changes for the person."""
    recovery = _recovery(office_seller(Action.MANAGE_MEMBERS), recovery_id)
    _done, refused = _answered(
        lambda: recoveries.refuse(
            db.session(), recovery, actor=signing_in.actor(), now=clock.now()
        )
    )
    if refused is not None:
        return _page(recovery, messages_office.sentence(refused)), refused.status
    flash(_("Đã từ chối. Mật khẩu và thẻ giữ như cũ."))
    return redirect(url_for("office_home.inbox"), 303)


def _answered(act: Callable[[], Done]) -> tuple[Done | None, ShopError | None]:
    """Do `act` and commit; return what it gave, or the refusal after which nothing changed."""
    try:
        done = act()
    except _REFUSALS as refused:
        db.session().rollback()
        return None, refused
    db.session().commit()
    return done, None


def _person(seller: Seller, account_id: int) -> Account:
    account = staff.colleague(db.session(), seller.id, account_id, now=clock.now())
    if account is None:
        raise NotFound(f"account {account_id}")
    return account


def _recovery(seller: Seller, recovery_id: int) -> AccountRecovery:
    """Return a recovery of the seller that the person may decide about."""
    session = db.session()
    recovery = queries.one(session, seller.id, recovery_id)
    if recovery is None:
        raise NotFound(f"recovery {recovery_id}")
    action = recoveries.action_for(session, recovery.account, seller, now=clock.now())
    require(signing_in.actor(), action, seller.id)
    return recovery
