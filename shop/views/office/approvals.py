"""The queue of goods that members sent: old and new side by side; yes, no with why, or edited."""

from collections.abc import Callable, Mapping

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, entry_desk, messages, signing_in
from shop.entry_desk import TOO_LATE, Answer, Desk
from shop.errors import FieldRefused, Incomplete
from shop.forms import product as product_form
from shop.forms.base import Fields
from shop.forms.drafts import ProductDraft
from shop.member_entries import photo_folder
from shop.models.submissions import Submission, SubmissionKind
from shop.pages import approvals as page
from shop.pages.listings import title
from shop.pages.product_form import form_facts, missing_words
from shop.services import products, submission_approval
from shop.services.permissions import Action
from shop.services.submission_approval import SentByOneself

bp = Blueprint("office_approvals", __name__, url_prefix="/quan-ly/cho-duyet")


@bp.get("")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def index() -> str:
    """What waits, the oldest first."""
    return render_template("office/approvals/index.html", rows=DESK.waiting())


@bp.get("/<int:submission_id>")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def show(submission_id: int) -> str:
    """One entry beside what is on the shelf today."""
    return DESK.page(submission_id)


@bp.get("/<int:submission_id>/anh-<int:width>")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def photo(submission_id: int, width: int) -> Response:
    """The photo of an entry, before it is anybody's to see."""
    return DESK.photo(submission_id, width)


@bp.post("/<int:submission_id>/duyet")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def approve(submission_id: int) -> Answer:
    """Approve an entry as it was sent; what a buyer must know first is asked for."""
    one = DESK.entry(submission_id, locked=True)
    draft = submission_approval.draft_of(one, one.product)

    def asked_first(_missing: list[str], _faults: dict[str, str]) -> Answer:
        return redirect(url_for(".edit", submission_id=submission_id, thieu="1"), 303)

    return _approved(one, draft, asked_first)


@bp.get("/<int:submission_id>/sua")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def edit(submission_id: int) -> Answer:
    """The form of the product, filled with what the member sent."""
    one = DESK.entry(submission_id)
    try:
        submission_approval.require_another(one, actor=signing_in.actor())
    except SentByOneself as refused:
        return DESK.too_late(submission_id, refused)
    draft = submission_approval.draft_of(one, one.product)
    typed = product_form.draft_as_typed(draft) | {"version": str(one.version)}
    missing = products.missing_to_publish(draft) if request.args.get("thieu") else []
    return _form(one, typed, {}, list(draft.allergens), missing=missing)


@bp.post("/<int:submission_id>/sua")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def approve_edited(submission_id: int) -> Answer:
    """Approve an entry as the office has changed it."""
    one = DESK.entry(submission_id, locked=True)
    allergens = request.form.getlist("allergens")
    if request.form.get("act") == "add_row":
        return _form(one, product_form.one_row_more(request.form), {}, allergens)
    fields = Fields(request.form)
    draft = product_form.read_product(fields, request.form, allergens)
    if draft is None:
        return _form(one, request.form, fields.faults, allergens), 422

    def asked_again(missing: list[str], faults: dict[str, str]) -> Answer:
        again = DESK.entry(submission_id)
        return _form(again, request.form, faults, allergens, missing=missing), 422

    return _approved(one, draft, asked_again)


@bp.post("/<int:submission_id>/tra-lai")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def send_back(submission_id: int) -> Answer:
    """Send an entry back with the reason the member reads."""
    return DESK.send_back(submission_id)


def _approved(
    one: Submission,
    draft: ProductDraft,
    asked_again: Callable[[list[str], dict[str, str]], Answer],
) -> Answer:
    session, submission_id = db.session(), one.id
    try:
        product = submission_approval.approve(
            session,
            one,
            draft,
            version=entry_desk.version(),
            folder=photo_folder(),
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except (*TOO_LATE, SentByOneself) as refused:
        return DESK.too_late(submission_id, refused)
    except Incomplete as incomplete:
        session.rollback()
        return asked_again(incomplete.values["missing"], {})
    except FieldRefused as refused:
        session.rollback()
        return asked_again([], {refused.field: messages.sentence(refused)})
    session.commit()
    flash(_("Đã duyệt, đang bán: %(name)s.", name=product.name))
    return redirect(url_for(".index"), 303)


def _show(
    one: Submission, typed: Mapping[str, str], faults: Mapping[str, str], notice: str
) -> str:
    known = entry_desk.facts(one, typed, faults, notice)
    return render_template(
        "office/approvals/show.html", sides=page.sides(one), needs_another=_why_not(one), **known
    )


def _why_not(one: Submission) -> str:
    """Return why this person may not approve an entry; empty where they may."""
    try:
        submission_approval.require_another(one, actor=signing_in.actor())
    except SentByOneself as refused:
        return messages.sentence(refused)
    return ""


def _form(
    one: Submission,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    allergens: list[str],
    *,
    missing: list[str] | None = None,
) -> str:
    return render_template(
        "office/products/form.html",
        product=None,
        approving=one,
        approving_title=title(one),
        said=page.said_of_goods(one),
        typed=typed,
        missing=missing_words(missing or []),
        **form_facts(db.session(), typed, faults, allergens),
    )


DESK = Desk(SubmissionKind.PRODUCT, Action.PUBLISH_PRODUCT, _show)
