"""A member's batches: the list, and one screen for what was harvested or made today."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, formats, messages_forms, signing_in
from shop.errors import NotFound
from shop.forms import member_batch as form
from shop.forms.base import Fields, fault_of, offers_in, summary
from shop.forms.counted_goods import read_quantity
from shop.forms.read_back import ECHO
from shop.forms.values import ValueRefused
from shop.locales import current_locale
from shop.member_entries import Answer, client_id, take_photo, wants_data
from shop.member_pages import acting_member
from shop.models.catalog import Product
from shop.models.people import Member
from shop.models.submissions import Submission, SubmissionKind
from shop.pages import member_batches as page
from shop.queries import member_goods
from shop.queries import submissions as queries
from shop.services import member_batches, submissions
from shop.services.permissions import Action

bp = Blueprint("member_batches", __name__, url_prefix="/thanh-vien")


@bp.get("/lo")
@signing_in.needs(Action.ACT_AS_MEMBER)
def index() -> str:
    """The member's own batches and what is on its way, each with its state."""
    member, session = acting_member(), db.session()
    sent = queries.of_member(session, member.id, SubmissionKind.BATCH)
    return render_template(
        "member/batches.html",
        drafts=[page.entry(one) for one in sent if one.batch is None],
        rows=page.rows(member_goods.batches(session, member.id), sent),
    )


@bp.get("/lo-moi")
@signing_in.needs(Action.ACT_AS_MEMBER)
def new() -> str:
    """One screen: which product, what, how much, when."""
    member = acting_member()
    return _form(member, None, {"client_id": str(uuid.uuid4()), "day": _("hôm nay")}, {})


@bp.get("/lo-moi/<int:submission_id>")
@signing_in.needs(Action.ACT_AS_MEMBER)
def show(submission_id: int) -> str:
    """A draft or what came back, to go on with; of all else how far it has come."""
    member = acting_member()
    found = queries.one(db.session(), submission_id)
    if found is None or found.member_id != member.id or found.kind is not SubmissionKind.BATCH:
        raise NotFound(f"submission {submission_id}")
    if found.state in submissions.OPEN:
        return _form(member, found, dict(found.typed) | {"client_id": found.client_id}, {})
    return render_template("member/batch.html", one=found, **page.sheet(found))


@bp.post("/lo-moi")
@signing_in.needs(Action.ACT_AS_MEMBER)
def keep() -> Answer:
    """Keep what was typed at once; with `act=send` the batch is opened and the office told."""
    member, session, today = acting_member(), db.session(), clock.today()
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    typed = {name: request.form.get(name, "")[:600] for name in form.FIELDS}
    found = member_batches.keep(session, member, client_id=client_id(), typed=typed, **by)
    is_sending, is_open = request.form.get("act") == "send", found.state in submissions.OPEN
    is_late_copy = wants_data() and not is_sending
    if not is_open and found.typed != typed and not is_late_copy:
        session.rollback()
        return _sent_before(member, found)
    fields = Fields(request.form)
    take_photo(found, fields)
    if not is_sending or not is_open:
        session.commit()
        return _kept(found, fields)
    said, to_confirm = form.read_member_batch(
        fields,
        request.form,
        products=page.products(session, member, found),
        plots=[plot.id for plot in member.plots],
        most_before_g=member_goods.most_at_once(session, member.id),
        today=today,
    )
    early = member_batches.too_early(session, said.plot_id, said.day) if said else {}
    asks = bool(early) and not request.form.get("harvested_early")
    if said is None or fields.faults or to_confirm or asks:
        session.commit()
        return _asked_again(member, found, fields, to_confirm, early if asks else {})
    member_batches.send(session, found, said, **by)
    session.commit()
    return _kept(found, fields)


@bp.get("/lo-moi/hieu")
@signing_in.needs(Action.ACT_AS_MEMBER)
def understand() -> Response:
    """Say how a weight and a day are understood, and what to send back as seen."""
    products = page.products(db.session(), acting_member(), None)
    echo, faults = _understood(request.args, products)
    words = {name: messages_forms.understood(page.said_words(name, echo[name])) for name in echo}
    return jsonify(understood=words, echo=echo, faults=faults, offers=offers_in(faults))


def _understood(
    typed: Mapping[str, str], products: Sequence[Product] = ()
) -> tuple[dict[str, str], dict[str, str]]:
    """Return what can be read, as the form sends it back once seen; and what cannot, why."""
    echo: dict[str, str] = {}
    faults: dict[str, str] = {}
    product = form.chosen_product(typed.get("product", ""), products)
    packs = product.packs if product else ()
    readers: Mapping[str, Callable[[str], object]] = {
        "quantity": partial(read_quantity, packs=packs),
        "day": partial(form.read_day, today=clock.today()),
    }
    for name, reader in readers.items():
        text = typed.get(name, "")[:200]
        if not text.strip():
            continue
        try:
            echo[name] = str(reader(text))
        except ValueRefused as refused:
            faults[name] = fault_of(refused)
    return echo, faults


def _kept(found: Submission, fields: Fields) -> Answer:
    batch, is_draft = found.batch, found.state in submissions.OPEN
    if wants_data():
        at = found.changed_at if is_draft else (found.sent_at or found.changed_at)
        return jsonify(
            state=found.state.value,
            at=formats.clock_time(at),
            url=url_for(".show", submission_id=found.id),
            lot=batch.lot if batch else "",
            faults=fields.faults,
        )
    if is_draft or batch is None:
        flash(_("Đã lưu nháp, chưa gửi HTX."))
        for fault in fields.faults.values():
            flash(fault)
        return redirect(url_for(".index"), 303)
    if batch.expires_on is not None:
        day = formats.day(batch.expires_on, current_locale())
        flash(_("Đã mở lô %(lot)s, hạn dùng dự kiến %(day)s.", lot=batch.lot, day=day))
    else:
        flash(_("Đã mở lô %(lot)s.", lot=batch.lot))
    return redirect(url_for(".index"), 303)


def _sent_before(member: Member, found: Submission) -> Answer:
    """Say that the same entry has gone with other words; what was typed now stays on the page."""
    words = page.sent_before(found)
    if wants_data():
        url = url_for(".show", submission_id=found.id)
        return jsonify(state=found.state.value, url=url, faults={"": words}), 422
    typed = request.form.to_dict() | {"client_id": str(uuid.uuid4())}
    return _form(member, None, typed, {}, sent=words), 409


def _asked_again(
    member: Member,
    found: Submission,
    fields: Fields,
    to_confirm: Mapping[str, str],
    early: Mapping[str, Any],
) -> Answer:
    if wants_data():
        words = {
            name: messages_forms.understood(page.said_words(name, value))
            for name, value in to_confirm.items()
        }
        return jsonify(
            state=found.state.value,
            url=url_for(".show", submission_id=found.id),
            faults=fields.faults,
            confirm=words,
            echo=to_confirm,
            question=page.early_words(early) if early else "",
        ), 422
    typed = request.form.to_dict() | {"client_id": found.client_id}
    return _form(member, found, typed, fields.faults, to_confirm, early), 422


def _form(
    member: Member,
    found: Submission | None,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    to_confirm: Mapping[str, str] | None = None,
    early: Mapping[str, Any] | None = None,
    *,
    sent: str = "",
) -> str:
    echo, _faults = _understood(typed)
    return render_template(
        "member/batch_form.html",
        one=found,
        typed=typed,
        faults=faults,
        sent=sent,
        summary=summary(faults, form.NAMES),
        understood={name: page.said_words(name, value) for name, value in echo.items()},
        echoes={ECHO + name: value for name, value in echo.items()},
        to_confirm=to_confirm or {},
        question=page.early_words(early) if early else "",
        needs=page.needs(),
        **page.choices(db.session(), member, found),
    )
