"""The office's pages of members: the list, one of them, the choices of its forms."""

from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats
from shop.forms.areas import region_of, sao_m2
from shop.forms.office_members import GENDERS
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.people import Account, Member
from shop.pages import deeds, member_consents
from shop.pages.member_consents import GIVEN_HOW
from shop.paging import Part, part
from shop.queries import members, staff
from shop.services import member_sign_ins, recoveries
from shop.services.actors import Actor
from shop.services.permissions import ALLOWED, Action

ON_PAGE = 30
DEEDS_SHOWN = 10


def listed(
    session: Session, seller_id: int, *, words: str, page: str, today: date
) -> tuple[list[dict[str, Any]], Part]:
    """Return one page of the members whom `words` fit, and which part of the list it is."""
    found = members.found(session, seller_id, words)
    shown = part(page, total=len(found), limit=ON_PAGE)
    here = found[shown.offset : shown.offset + ON_PAGE]
    helped = members.helped_ids(session, here, today=today)
    rows = [_row(member, member.id in helped) for member in members.in_order(session, here)]
    return rows, shown


def _row(member: Member, is_helped: bool) -> dict[str, Any]:
    area = sum(plot.area_m2 or 0 for plot in member.plots)
    return {
        "id": member.id,
        "full_name": member.full_name,
        "code": member.code,
        "phone": member.phone,
        "plots": len(member.plots),
        "area": formats.area(area, current_locale()) if area else "",
        "signs_in": member.account_id is not None,
        "is_helped": is_helped,
    }


def sheet(
    session: Session,
    member: Member,
    account: Account | None,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> dict[str, Any]:
    """Return what the page of one member shows `actor`."""
    return {
        "member": member,
        "gender": str(GENDERS.get(member.gender or "", "")),
        "account": account,
        "may_recover": account is not None
        and recoveries.may_ask(session, account, member.seller, actor=actor, now=now),
        "known": account_to_join(session, member),
        "plots": [
            (plot, formats.area(plot.area_m2, current_locale()) if plot.area_m2 else "")
            for plot in member.plots
        ],
        "consents": member_consents.every(session, member, today=today),
        "deeds": deeds.entries(session, member, actor=actor, now=now, limit=DEEDS_SHOWN),
    }


def account_to_join(session: Session, member: Member) -> Account | None:
    """Return the account that the number of a member without a sign-in has already."""
    if member.account_id is not None or not member.phone:
        return None
    return staff.account_by_phone(session, member.phone)


def sign_in_number(
    session: Session, member: Member, *, actor: Actor, now: datetime
) -> dict[str, Any] | None:
    """Return by which number a member signs in and whether `actor` may change it."""
    if member.account_id is None:
        return None
    account = session.get_one(Account, member.account_id)
    may_change = member_sign_ins.may_change_number(session, member, actor=actor, now=now)
    return {"phone": account.phone, "may_change": may_change}


def saved(session: Session, member: Member, *, is_new_number: bool) -> str:
    """Return what to say after a change: also by which number the member signs in now."""
    if member.account_id is None:
        return str(_("Đã lưu."))
    phone = session.get_one(Account, member.account_id).phone
    said = formats.phone(phone)
    if is_new_number:
        words = _("Đã lưu. Từ nay đăng nhập bằng số %(phone)s, mọi máy đã thoát.", phone=said)
        return str(words)
    if phone != member.phone:
        return str(_("Đã lưu. Số đăng nhập vẫn là %(phone)s.", phone=said))
    return str(_("Đã lưu."))


def gender_choices() -> list[dict[str, str]]:
    """Return the genders as the rows of a choice list."""
    return [{"value": value, "title": str(words)} for value, words in GENDERS.items()]


def how_choices() -> list[dict[str, str]]:
    """Return how somebody says yes, as the rows of a choice list."""
    return [{"value": how.value, "title": str(words)} for how, words in GIVEN_HOW.items()]


def helper_choices(session: Session, member: Member, *, now: datetime) -> list[tuple[str, str]]:
    """Return who may be chosen as helper of a member: value and name."""
    roles = ALLOWED[Action.HELP_MEMBER]
    found = members.helpers(session, member.seller_id, roles=roles, now=now)
    return [
        (str(account.id), f"{account.name} · {formats.phone(account.phone)}")
        for account in found
        if account.id != member.account_id
    ]


def area_hint(seller: Seller) -> str:
    """Return how an area may be typed, and what a sào is here."""
    sao = formats.area(sao_m2(region_of(seller.province_code or "")), current_locale())
    return str(_l("Ghi kèm đơn vị: 3 sào, 720 m², 0,5 ha. Ở đây 1 sào là %(sao)s.")) % {"sao": sao}
