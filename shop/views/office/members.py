"""The members in the office: the list, writing one down, changing what is written, plots."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, formats, messages, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms import office_members as forms
from shop.forms.areas import region_of
from shop.forms.base import Fields
from shop.locales import current_locale
from shop.models.people import Member, Plot
from shop.office import office_seller
from shop.office_members import visible_member
from shop.office_orders import Answer
from shop.pages import office_members
from shop.queries import members as queries
from shop.queries import staff
from shop.services import member_sign_ins, members
from shop.services.permissions import Action

bp = Blueprint("office_members", __name__, url_prefix="/quan-ly/xa-vien")

LONGEST_QUESTION = 80


@bp.get("")
@signing_in.needs(Action.MANAGE_MEMBERS)
def index() -> str:
    """The members of the seller, found by name, code or phone."""
    seller = office_seller(Action.MANAGE_MEMBERS)
    words = " ".join(request.args.get("q", "")[:LONGEST_QUESTION].split())
    rows, part = office_members.listed(
        db.session(),
        seller.id,
        words=words,
        page=request.args.get("trang", ""),
        today=clock.today(),
    )
    return render_template("office/members/index.html", rows=rows, part=part, words=words)


@bp.get("/moi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_new() -> str:
    """Ask who is to be written down."""
    office_seller(Action.MANAGE_MEMBERS)
    return _form(Fields({}))


@bp.post("/moi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def write_down() -> Answer:
    """Write a member down; a name and phone number that stand there are led to, not doubled."""
    seller, fields = office_seller(Action.MANAGE_MEMBERS), Fields(request.form)
    draft = forms.read_member(fields, today=clock.today())
    if draft is None:
        return _form(fields), 422
    known = queries.twin(db.session(), seller.id, draft.full_name, draft.phone)
    if known is not None:
        flash(_("%(name)s đã có trong danh sách.", name=known.full_name))
        return redirect(url_for(".show", member_id=known.id), 303)
    try:
        member = members.write_down(
            db.session(), seller, draft, actor=signing_in.actor(), now=clock.now()
        )
    except FieldRefused as refused:
        return _refused(fields, refused, None)
    db.session().commit()
    flash(_("Đã ghi xã viên %(code)s.", code=member.code))
    return redirect(url_for(".show", member_id=member.id), 303)


@bp.get("/<int:member_id>")
@signing_in.needs(Action.MANAGE_MEMBERS)
def show(member_id: int) -> str:
    """One member: what is written down, sign-in, who helps, what was done."""
    member, session = visible_member(member_id), db.session()
    account = None
    if member.account_id is not None:
        account = staff.account(session, member.account_id)
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    found = office_members.sheet(session, member, account, today=clock.today(), **by)
    return render_template("office/members/show.html", fields=Fields({}), **found)


@bp.get("/<int:member_id>/sua")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_change(member_id: int) -> str:
    """Show what is written down, to be changed."""
    member = visible_member(member_id)
    return _form(Fields(forms.typed_member(member)), member)


@bp.post("/<int:member_id>/sua")
@signing_in.needs(Action.MANAGE_MEMBERS)
def change(member_id: int) -> Answer:
    """Change what is written down."""
    member, fields = visible_member(member_id), Fields(request.form)
    draft = forms.read_member(fields, today=clock.today(), kind=member.kind)
    if draft is None:
        return _form(fields, member), 422
    session = db.session()
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    members.change(session, member, draft, **by)
    is_new = False
    if fields.typed("sign_in_too") and member.account_id is not None:
        if draft.phone is None:
            session.rollback()
            fields.refuse("phone", _("Ghi số mới để đăng nhập. Ví dụ 0912 345 678"))
            return _form(fields, visible_member(member_id)), 422
        try:
            is_new = member_sign_ins.change_number(session, member, phone=draft.phone, **by)
        except FieldRefused as refused:
            session.rollback()
            fields.refuse(refused.field, messages.sentence(refused))
            return _form(fields, visible_member(member_id)), refused.status
    session.commit()
    flash(office_members.saved(session, member, is_new_number=is_new))
    return redirect(url_for(".show", member_id=member_id), 303)


@bp.get("/<int:member_id>/nuong/moi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_plot(member_id: int) -> str:
    """Ask which plot the member works."""
    return _plot_form(visible_member(member_id), Fields({}))


@bp.post("/<int:member_id>/nuong/moi")
@signing_in.needs(Action.MANAGE_MEMBERS)
def add_plot(member_id: int) -> Answer:
    """Write a plot down."""
    return _write_plot(visible_member(member_id), None)


@bp.get("/<int:member_id>/nuong/<int:plot_id>")
@signing_in.needs(Action.MANAGE_MEMBERS)
def ask_plot_change(member_id: int, plot_id: int) -> str:
    """Show a plot, to be changed."""
    member = visible_member(member_id)
    plot = _plot(member, plot_id)
    return _plot_form(member, Fields(forms.typed_plot(plot)), plot)


@bp.post("/<int:member_id>/nuong/<int:plot_id>")
@signing_in.needs(Action.MANAGE_MEMBERS)
def change_plot(member_id: int, plot_id: int) -> Answer:
    """Change a plot; its code stays."""
    member = visible_member(member_id)
    return _write_plot(member, _plot(member, plot_id))


def _plot(member: Member, plot_id: int) -> Plot:
    plot = next((plot for plot in member.plots if plot.id == plot_id), None)
    if plot is None:
        raise NotFound(f"plot {plot_id} of member {member.id}")
    return plot


def _write_plot(member: Member, plot: Plot | None) -> Answer:
    typed = dict(request.form) | ({"plot_code": plot.code} if plot else {})
    fields, seller = Fields(typed), member.seller
    draft = forms.read_plot(fields, region=region_of(seller.province_code or ""))
    if draft is None:
        return _plot_form(member, fields, plot), 422
    try:
        members.write_plot(db.session(), member, draft, actor=signing_in.actor(), now=clock.now())
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _plot_form(visible_member(member.id), fields, plot), refused.status
    db.session().commit()
    area = _("chưa ghi diện tích")
    if draft.area_m2:
        area = formats.area(draft.area_m2, current_locale())
    flash(_("Đã lưu nương %(code)s, %(area)s.", code=draft.code, area=area))
    return redirect(url_for(".show", member_id=member.id), 303)


def _form(fields: Fields, member: Member | None = None) -> str:
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    return render_template(
        "office/members/form.html",
        fields=fields,
        member=member,
        sign_in=office_members.sign_in_number(db.session(), member, **by) if member else None,
        genders=office_members.gender_choices(),
        summary=forms.summary(fields),
    )


def _plot_form(member: Member, fields: Fields, plot: Plot | None = None) -> str:
    return render_template(
        "office/members/plot.html",
        fields=fields,
        member=member,
        plot=plot,
        area_hint=office_members.area_hint(member.seller),
        summary=forms.summary(fields),
    )


def _refused(fields: Fields, refused: FieldRefused, member: Member | None) -> Answer:
    db.session().rollback()
    fields.refuse(refused.field, messages.sentence(refused))
    return _form(fields, member), refused.status
