"""The printed card of a member, helper or vendor: making one, taking it back."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, messages_office, signing_in
from shop.errors import NotFound
from shop.models.catalog import Seller
from shop.models.people import Account
from shop.office import office_seller
from shop.office_orders import Answer
from shop.pages import printed_card
from shop.queries import cards as card_queries
from shop.queries import recoveries, staff
from shop.security import limiter
from shop.services import cards
from shop.services.cards import CardAddressNotSafe, CardTakesTwo, NotForACard
from shop.services.permissions import Action

bp = Blueprint("office_cards", __name__, url_prefix="/quan-ly/nguoi-dung/<int:account_id>/the")


@bp.get("")
@signing_in.needs(Action.MANAGE_MEMBERS)
def show(account_id: int) -> Answer:
    """Whether somebody has a card, since when, used when, locked until when."""
    seller = office_seller(Action.MANAGE_MEMBERS)
    return _page(seller, _person(seller, account_id))


def _page(seller: Seller, account: Account, refusal: str = "") -> str:
    session, now, trouble = db.session(), clock.now(), ""
    try:
        cards.require_fit(session, account, seller, now=now)
        cards.require_address(session)
    except (NotForACard, CardAddressNotSafe) as refused:
        trouble = messages_office.sentence(refused)
    card = card_queries.living(session, account.id)
    asked = recoveries.asked_for(session, account.id)
    made_by = staff.names_of(session, [card.created_by_id or 0]) if card else {}
    return render_template(
        "office/people/card.html",
        account=account,
        card=card,
        made_by=made_by.get(card.created_by_id or 0, "") if card else "",
        is_locked=card is not None and card.locked_until is not None and card.locked_until > now,
        asked=asked if asked is not None and asked.expires_at > now else None,
        address=session.info["base_url"] if cards.is_sample(session) else "",
        trouble=trouble,
        refusal=refusal,
    )


@bp.post("")
@limiter.limit("300/hour")
@signing_in.needs(Action.MANAGE_MEMBERS)
def issue(account_id: int) -> Answer:
    """Make a card: this answer is the page to print, and the only place of its secrets."""
    seller = office_seller(Action.MANAGE_MEMBERS)
    account, session = _person(seller, account_id), db.session()
    try:
        issued = cards.issue(session, account, seller, actor=signing_in.actor(), now=clock.now())
    except (NotForACard, CardTakesTwo, CardAddressNotSafe) as refused:
        session.rollback()
        said = messages_office.sentence(refused) if isinstance(refused, CardTakesTwo) else ""
        return _page(seller, account, said), refused.status
    printed = printed_card.answer(session, issued, account, seller)
    session.commit()
    return printed


@bp.post("/thu-hoi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def revoke(account_id: int) -> Response:
    """Take the card back: what was opened with it ends at once."""
    seller = office_seller(Action.MANAGE_MEMBERS)
    account = _person(seller, account_id)
    card = card_queries.living(db.session(), account.id)
    if card is not None:
        if card.seller_id != seller.id:
            raise NotFound(f"card {card.id}")
        cards.revoke(db.session(), card, actor=signing_in.actor(), now=clock.now())
        db.session().commit()
    flash(_("Đã thu hồi thẻ của %(name)s. Máy nào vào bằng thẻ đã bị thoát.", name=account.name))
    return redirect(url_for(".show", account_id=account.id), 303)


def _person(seller: Seller, account_id: int) -> Account:
    account = staff.colleague(db.session(), seller.id, account_id, now=clock.now())
    if account is None:
        raise NotFound(f"account {account_id}")
    return account
