"""Who did what for the member: the list in plain words, putting it back, ending a consent."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.errors import Changed, NotAllowed, NotFound, ShopError
from shop.member_pages import acting_member
from shop.models.people import Member
from shop.pages import deeds as pages
from shop.pages import member_consents
from shop.paging import part
from shop.queries import deeds, members
from shop.services import helping, undo
from shop.services.permissions import Action
from shop.services.submission_undo import ApprovedSince
from shop.services.undo import CannotUndo, TooLateToUndo, UndoneBefore

bp = Blueprint("member_deeds", __name__, url_prefix="/thanh-vien/ai-lam-gi")

ON_PAGE = 20

REFUSALS = {
    ApprovedSince: _l("HTX đã duyệt rồi nên không tự đổi lại được. Gọi HTX sửa giúp."),
    Changed: _l("Từ lúc đó đã có người sửa tiếp nên không tự đổi lại được. Gọi HTX sửa giúp."),
    CannotUndo: _l("Việc này không đổi lại bằng một lần bấm được. Gọi HTX sửa giúp."),
    TooLateToUndo: _l("Đã quá 24 giờ nên không tự đổi lại được. Gọi HTX sửa giúp."),
    UndoneBefore: _l("Việc này đã đổi lại rồi."),
    NotAllowed: _l("Việc này chỉ chính bác hoặc HTX đổi lại được."),
}
"""Why something stays as it is, and who can help."""


@bp.get("")
@signing_in.needs(Action.ACT_AS_MEMBER)
def index() -> str:
    """Everything that was done about the member, the newest first."""
    return _page(acting_member())


def _page(member: Member, trouble: str = "") -> str:
    session, now = db.session(), clock.now()
    total = deeds.counted(session, member.id)
    shown = part(request.args.get("trang", ""), total=total, limit=ON_PAGE)
    return render_template(
        "member/deeds.html",
        deeds=pages.entries(
            session,
            member,
            actor=signing_in.actor(),
            now=now,
            limit=ON_PAGE,
            offset=shown.offset,
        ),
        consents=member_consents.living(session, member, today=clock.today()),
        may_withdraw=signing_in.actor().for_member_id is None,
        trouble=trouble,
        part=shown,
        responsible=member.seller,
    )


@bp.post("/<int:entry_id>/doi-lai")
@signing_in.needs(Action.ACT_AS_MEMBER)
def take_back(entry_id: int) -> Response | tuple[str, int]:
    """Put one thing back as it was."""
    member, session = acting_member(), db.session()
    try:
        undo.undo(session, member, entry_id, actor=signing_in.actor(), now=clock.now())
    except tuple(REFUSALS) as refused:
        session.rollback()
        return _refused(member.id, refused)
    session.commit()
    flash(_("Đã đổi lại như trước."))
    return redirect(url_for(".index"), 303)


def _refused(member_id: int, refused: ShopError) -> tuple[str, int]:
    member = members.by_id(db.session(), member_id)
    if member is None:
        raise NotFound(f"member {member_id}")
    why = next(words for kind, words in REFUSALS.items() if isinstance(refused, kind))
    return _page(member, str(why)), refused.status


@bp.post("/giay-nho/<int:consent_id>/rut")
@signing_in.no_helper
@signing_in.needs(Action.ACT_AS_MEMBER)
def withdraw(consent_id: int) -> Response:
    """End a consent at once: the helper is out with their next click."""
    member = acting_member()
    consent = next(
        (one for one in members.consents_of(db.session(), member.id) if one.id == consent_id),
        None,
    )
    if consent is None:
        raise NotFound(f"consent {consent_id} of member {member.id}")
    helping.withdraw(db.session(), consent, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã rút giấy nhờ. %(name)s không làm hộ bác được nữa.", name=consent.helper.name))
    return redirect(url_for(".index"), 303)
