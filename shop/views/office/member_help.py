"""Who helps a member, how the member signs in, and putting back what was done: in the office."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import Changed, FieldRefused, NotFound
from shop.forms import office_members as forms
from shop.forms.base import Fields
from shop.forms.phones import national, read_phone
from shop.forms.text import read_name
from shop.models.people import Member
from shop.office import office_seller
from shop.office_members import visible_member
from shop.office_orders import Answer
from shop.pages import office_members
from shop.queries import members as queries
from shop.queries import staff
from shop.security import limiter
from shop.services import helping, member_sign_ins, undo
from shop.services.member_sign_ins import Opened
from shop.services.permissions import Action
from shop.services.submission_undo import ApprovedSince
from shop.services.undo import CannotUndo, TooLateToUndo, UndoneBefore

bp = Blueprint("office_member_help", __name__, url_prefix="/quan-ly/xa-vien")

STAYS = {
    ApprovedSince: _l("HTX đã duyệt rồi. Sửa tay ở trang của món hàng hay của lô."),
    Changed: _l("Từ lúc đó đã có người sửa tiếp. Sửa tay ở mục bên trên."),
    CannotUndo: _l("Việc này không đổi lại bằng một lần bấm được. Sửa tay ở mục bên trên."),
    TooLateToUndo: _l("Đã quá 24 giờ. Sửa tay ở mục bên trên."),
    UndoneBefore: _l("Việc này đã đổi lại rồi."),
}
"""Why something is not put back by a tap."""


@bp.post("/<int:member_id>/dang-nhap")
@limiter.limit("60/hour")
@signing_in.needs(Action.MANAGE_MEMBERS)
def open_sign_in(member_id: int) -> Answer:
    """Let the member sign in; the PIN of a new account is shown on this answer alone."""
    member, fields = visible_member(member_id), Fields(request.form)
    phone = fields.read("phone", read_phone)
    if phone is None:
        return _sign_in_form(member, fields), 422
    try:
        opened = member_sign_ins.open_for(
            db.session(), member, phone=phone, actor=signing_in.actor(), now=clock.now()
        )
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse("phone", messages.sentence(refused))
        return _sign_in_form(visible_member(member_id), fields), refused.status
    db.session().commit()
    return _told(opened, url_for("office_members.show", member_id=member_id))


@bp.get("/<int:member_id>/dang-nhap")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_sign_in(member_id: int) -> Answer:
    """Ask for the phone number with which the member signs in; who has one is led to it."""
    member = visible_member(member_id)
    if member.account_id is not None:
        flash(_("%(name)s đã có tài khoản.", name=member.full_name))
        return redirect(url_for("office_members.show", member_id=member_id), 303)
    return _sign_in_form(member, Fields({"phone": national(member.phone) if member.phone else ""}))


@bp.get("/nguoi-giup/moi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_helper() -> str:
    """Ask who is to help members."""
    office_seller(Action.MANAGE_MEMBERS)
    return _helper_form(Fields({}))


@bp.post("/nguoi-giup/moi")
@limiter.limit("60/hour")
@signing_in.needs(Action.MANAGE_MEMBERS)
def take_on_helper() -> Answer:
    """Let somebody sign in as a helper; they help nobody before a consent is recorded."""
    seller, fields = office_seller(Action.MANAGE_MEMBERS), Fields(request.form)
    phone = fields.read("phone", read_phone)
    empty = _l("Chưa ghi họ và tên. Ví dụ Bùi Thị Hẹ")
    name = fields.read("full_name", read_name, longest=80, instead={"name_empty": empty})
    if phone is None or name is None:
        return _helper_form(fields), 422
    opened = member_sign_ins.take_on_helper(
        db.session(), seller, phone=phone, name=name, actor=signing_in.actor(), now=clock.now()
    )
    db.session().commit()
    return _told(opened, url_for("office_members.index"))


@bp.get("/<int:member_id>/giay-nho")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_consent(member_id: int) -> str:
    """Ask whom the member lets act for them, and how they said so."""
    today = clock.today()
    return _consent_form(visible_member(member_id), Fields({"given_on": f"{today:%d/%m/%Y}"}))


@bp.post("/<int:member_id>/giay-nho")
@signing_in.needs(Action.MANAGE_MEMBERS)
def record_consent(member_id: int) -> Answer:
    """Record a consent."""
    member, fields, session = visible_member(member_id), Fields(request.form), db.session()
    asked = forms.read_consent(fields, today=clock.today())
    helper = staff.account(session, asked.helper_id) if asked else None
    if asked is None:
        return _consent_form(member, fields), 422
    if helper is None:
        fields.refuse("helper", str(_l("Chọn người làm hộ.")))
        return _consent_form(member, fields), 422
    had_one = queries.living_consent(session, member.id, helper.id, today=clock.today())
    try:
        helping.record_consent(
            session,
            member,
            helper,
            given_how=asked.given_how,
            given_on=asked.given_on,
            until=asked.until,
            note=asked.note,
            actor=signing_in.actor(),
            now=clock.now(),
            today=clock.today(),
        )
    except FieldRefused as refused:
        session.rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _consent_form(visible_member(member_id), fields), refused.status
    session.commit()
    flash(_("Đã ghi: %(name)s được làm hộ.", name=helper.name))
    if had_one is not None:
        flash(_("Giấy nhờ trước của hai người hết hiệu lực từ lúc này."))
    return redirect(url_for("office_members.show", member_id=member_id), 303)


@bp.post("/<int:member_id>/giay-nho/<int:consent_id>/rut")
@signing_in.needs(Action.MANAGE_MEMBERS)
def withdraw(member_id: int, consent_id: int) -> Response:
    """End a consent for a member who asks for it."""
    member, session = visible_member(member_id), db.session()
    found = queries.consents_of(session, member.id)
    consent = next((one for one in found if one.id == consent_id), None)
    if consent is None:
        raise NotFound(f"consent {consent_id} of member {member_id}")
    helping.withdraw(session, consent, actor=signing_in.actor(), now=clock.now())
    session.commit()
    flash(_("Đã rút giấy nhờ."))
    return redirect(url_for("office_members.show", member_id=member_id), 303)


@bp.post("/<int:member_id>/viec/<int:entry_id>/doi-lai")
@signing_in.needs(Action.MANAGE_MEMBERS)
def take_back(member_id: int, entry_id: int) -> Response:
    """Put one thing back as it was, for a member who asks for it."""
    member, session = visible_member(member_id), db.session()
    try:
        undo.undo(session, member, entry_id, actor=signing_in.actor(), now=clock.now())
    except tuple(STAYS) as refused:
        session.rollback()
        flash(str(next(words for kind, words in STAYS.items() if isinstance(refused, kind))))
    else:
        session.commit()
        flash(_("Đã đổi lại như trước."))
    return redirect(url_for("office_members.show", member_id=member_id), 303)


def _sign_in_form(member: Member, fields: Fields) -> str:
    return render_template(
        "office/members/sign_in.html",
        member=member,
        fields=fields,
        known=office_members.account_to_join(db.session(), member),
        summary=forms.summary(fields),
    )


def _helper_form(fields: Fields) -> str:
    return render_template(
        "office/members/helper.html", fields=fields, summary=forms.summary(fields)
    )


def _consent_form(member: Member, fields: Fields) -> str:
    return render_template(
        "office/members/consent.html",
        member=member,
        fields=fields,
        helpers=office_members.helper_choices(db.session(), member, now=clock.now()),
        ways=office_members.how_choices(),
        summary=forms.summary(fields),
    )


def _told(opened: Opened, following: str) -> Answer:
    if opened.pin is None:
        flash(_("Số này đã có tài khoản: mật khẩu vẫn như cũ."))
        return redirect(following, 303)
    return render_template(
        "office/members/pin.html", account=opened.account, pin=opened.pin, following=following
    )
