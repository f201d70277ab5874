"""What buyers said of the goods: to be read, shown or not, and answered."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import clock, db, messages, paging, signing_in
from shop.errors import Changed, NotFound, WrongMove
from shop.forms.base import Fields, summary
from shop.forms.ids import read_id
from shop.forms.reviews import LONGEST_TEXT
from shop.forms.text import read_text
from shop.models.catalog import Seller
from shop.models.reviews import Review, ReviewState
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.pages import reviews as page
from shop.queries import reviews as queries
from shop.services import reviews
from shop.services.permissions import Action

bp = Blueprint("office_reviews", __name__, url_prefix="/quan-ly/danh-gia")

ON_PAGE = 50

FILTERS = {
    "cho": ReviewState.WAITING,
    "hien": ReviewState.SHOWN,
    "khong-hien": ReviewState.REFUSED,
}

NAMES = {"reason": _l("lý do"), "answer": _l("phản hồi")}


@bp.get("")
@signing_in.needs(Action.MODERATE_REVIEW)
def index() -> str:
    """The reviews, page by page: those that wait first."""
    seller, session = office_seller(Action.MODERATE_REVIEW), db.session()
    asked = request.args.get("xem", "cho")
    chosen = asked if asked in FILTERS else "cho"
    counts = {name: queries.count(session, seller.id, state) for name, state in FILTERS.items()}
    part = paging.part(request.args.get("trang", ""), total=counts[chosen], limit=ON_PAGE)
    found = queries.of_seller(
        session, seller.id, state=FILTERS[chosen], limit=part.limit, offset=part.offset
    )
    return render_template(
        "office/reviews/index.html",
        reviews=[(review, _facts(review)) for review in found],
        chips=[(name, page.STATES[state], counts[name]) for name, state in FILTERS.items()],
        chosen=chosen,
        part=part,
    )


def _facts(review: Review) -> str:
    facts = [page.stars_words(review.stars), page.author(review.salutation, review.initial)]
    if review.photos:
        facts.append(_("%(count)s ảnh", count=len(review.photos)))
    if review.reply:
        facts.append(_("đã phản hồi"))
    return " · ".join(facts)


@bp.get("/<int:review_id>")
@signing_in.needs(Action.MODERATE_REVIEW)
def show(review_id: int) -> str:
    """One review with what can be done about it."""
    return _page(_review(review_id), Fields({}))


@bp.post("/<int:review_id>/hien")
@signing_in.needs(Action.MODERATE_REVIEW)
def approve(review_id: int) -> Answer:
    """Show a review to everybody, as it was read."""
    review = _review(review_id)
    try:
        reviews.approve(
            db.session(),
            review,
            version=_version(),
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except (Changed, WrongMove) as refused:
        return _overtaken(review_id, refused)
    db.session().commit()
    flash(_("Đánh giá đã hiện ở trang của món."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:review_id>/khong-hien")
@signing_in.needs(Action.MODERATE_REVIEW)
def refuse(review_id: int) -> Answer:
    """Keep a review back, or take it away again; its writer reads why."""
    review, fields = _review(review_id), Fields(request.form)
    reason = fields.read(
        "reason",
        read_text,
        longest=LONGEST_TEXT,
        required=True,
        instead={"text_empty": _l("Chưa ghi vì sao. Người viết đọc được lý do này")},
    )
    if reason is None:
        return _page(review, fields), 422
    try:
        reviews.refuse(
            db.session(),
            review,
            reason,
            version=_version(),
            actor=signing_in.actor(),
            now=clock.now(),
        )
    except (Changed, WrongMove) as refused:
        return _overtaken(review_id, refused)
    db.session().commit()
    flash(_("Đã để đánh giá không hiện, và báo lý do cho người viết."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:review_id>/phan-hoi")
@signing_in.needs(Action.MODERATE_REVIEW)
def answer(review_id: int) -> Answer:
    """Put an answer below a review, or take it away."""
    review, fields = _review(review_id), Fields(request.form)
    text = fields.read("answer", read_text, longest=LONGEST_TEXT)
    if text is None:
        return _page(review, fields), 422
    reviews.answer(db.session(), review, text, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã ghi phản hồi.") if text else _("Đã bỏ phản hồi."))
    return redirect(url_for(".show", review_id=review_id), 303)


def _version() -> int:
    return read_id(request.form.get("version", "")) or 0


def _overtaken(review_id: int, refused: Changed | WrongMove) -> tuple[str, int]:
    """Show what holds now where somebody else was quicker."""
    db.session().rollback()
    trouble = (
        _("Người viết vừa sửa đánh giá này. Xin đọc lại rồi bấm lần nữa.")
        if isinstance(refused, Changed)
        else messages.sentence(refused)
    )
    return _page(_review(review_id), Fields({}), trouble), refused.status


def _review(review_id: int) -> Review:
    found = queries.one(db.session(), review_id)
    if found is None or not signing_in.actor().may(Action.MODERATE_REVIEW, found.seller_id):
        raise NotFound(f"review {review_id}")
    show_for(db.session().get_one(Seller, found.seller_id))
    return found


def _page(review: Review, fields: Fields, trouble: str = "") -> str:
    return render_template(
        "office/reviews/show.html",
        review=review,
        order=review.line.order,
        author=page.author(review.salutation, review.initial),
        stars=page.stars_words(review.stars),
        state=page.STATES[review.state],
        may_show=review.state is not ReviewState.SHOWN,
        may_refuse=review.state is not ReviewState.REFUSED,
        answer=fields.typed("answer") or review.reply,
        reason=fields.typed("reason"),
        faults=fields.faults,
        summary=summary(fields.faults, NAMES),
        trouble=trouble,
        sees_orders=signing_in.actor().may(Action.SEE_ORDERS, review.seller_id),
    )
