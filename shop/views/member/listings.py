"""A member's goods: the list, one screen to offer something, taking it back."""

import uuid
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, formats, messages_forms, signing_in
from shop.errors import NotFound
from shop.forms import listing as form
from shop.forms.base import Fields, fault_of, offers_in, summary
from shop.forms.ids import read_id
from shop.forms.read_back import ECHO
from shop.forms.spoken_packs import PackSaid
from shop.member_entries import Answer, client_id, photo_folder, take_photo, wants_data
from shop.member_pages import acting_member
from shop.models.catalog import PHOTO_SMALL, Product, ProductState
from shop.models.people import Member
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.pages import listings as page
from shop.pages import office_changes
from shop.queries import submissions as queries
from shop.services import photos, submissions
from shop.services.permissions import Action

bp = Blueprint("member_listings", __name__, url_prefix="/thanh-vien/ban-hang")


@bp.get("")
@signing_in.needs(Action.ACT_AS_MEMBER)
def index() -> str:
    """What the member sells and what is on its way, each with its state and reason."""
    member = acting_member()
    groups = page.groups(db.session(), member.id, today=clock.today())
    return render_template("member/listings.html", groups=groups)


@bp.get("/moi")
@signing_in.needs(Action.ACT_AS_MEMBER)
def new() -> str:
    """One screen: photo, name, price, pack; an unfinished draft is offered first."""
    unfinished = page.unfinished(db.session(), acting_member().id, today=clock.today())
    return _form(None, {"client_id": str(uuid.uuid4())}, {}, unfinished=unfinished)


@bp.get("/sua/<int:product_id>")
@signing_in.needs(Action.ACT_AS_MEMBER)
def change(product_id: int) -> str:
    """The same screen, filled with a product that is sold already and the pack that is meant."""
    product = _own_product(acting_member(), product_id)
    packs = page.offered(product)
    asked = read_id(request.args.get("loai", ""))
    pack = next((one for one in packs if one.id == asked), None)
    if pack is None and len(packs) > 1:
        return render_template(
            "member/listing_pack.html",
            product=product,
            packs=page.pack_choices(db.session(), product),
        )
    pack = pack or next(iter(packs), None)
    typed = page.typed_of(product, pack) | {
        "client_id": str(uuid.uuid4()),
        "product": str(product.id),
    }
    pending = page.pending(db.session(), product, pack) if pack else ""
    return _form(None, typed, {}, product=product, pending=pending, has_packs=len(packs) > 1)


@bp.get("/<int:submission_id>")
@signing_in.needs(Action.ACT_AS_MEMBER)
def show(submission_id: int) -> str:
    """A draft or what came back, to go on with; of all else how far it has come."""
    found = _own(acting_member(), submission_id)
    typed = dict(found.typed) | {"client_id": found.client_id}
    if found.state in submissions.OPEN:
        return _form(found, typed, {}, product=found.product)
    return render_template(
        "member/listing.html",
        one=found,
        title=page.title(found),
        facts=page.facts(found),
        state=page.STATES[found.state],
        changes=office_changes.lines(found),
        is_on_sale=found.product is not None and found.product.state is ProductState.PUBLISHED,
    )


@bp.post("/moi")
@signing_in.needs(Action.ACT_AS_MEMBER)
def keep() -> Answer:
    """Keep what was typed at once; with `act=send` it goes to the office if it can be read."""
    member, session = acting_member(), db.session()
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    typed = {name: request.form.get(name, "")[: form.LONGEST_TYPED] for name in form.FIELDS}
    product_id = read_id(request.form.get("product", ""))
    product = _own_product(member, product_id) if product_id else None
    found = submissions.keep(
        session,
        member,
        SubmissionKind.PRODUCT,
        client_id=client_id(),
        typed=typed,
        product=product,
        **by,
    )
    if request.form.get("act") == "replace" and found.state is SubmissionState.SENT:
        submissions.take_back(session, found, **by)
        submissions.keep(session, member, found.kind, client_id=found.client_id, typed=typed, **by)
    is_sending = request.form.get("act") in {"send", "replace"}
    is_open = found.state in submissions.OPEN
    is_late_copy = wants_data() and not is_sending
    if not is_open and found.typed != typed and not is_late_copy:
        session.rollback()
        return _sent_before(found)
    fields = Fields(request.form)
    take_photo(found, fields)
    if not is_sending or not is_open:
        session.commit()
        return _kept(found, fields)
    listing, to_confirm = form.read_listing(fields, request.form)
    if listing is None or fields.faults or to_confirm:
        session.commit()
        return _asked_again(found, fields, to_confirm)
    submissions.send(session, found, listing.as_data(), **by)
    session.commit()
    return _kept(found, fields)


@bp.get("/hieu")
@signing_in.needs(Action.ACT_AS_MEMBER)
def understand() -> Response:
    """Say how a price and a pack are understood, and what to send back as seen."""
    price_vnd, pack, faults = _understood(request.args)
    words = page.understood_words(price_vnd, pack)
    shown = {name: messages_forms.understood(value) for name, value in words.items()}
    echo = _echo(price_vnd, pack)
    return jsonify(understood=shown, echo=echo, faults=faults, offers=offers_in(faults))


@bp.post("/anh")
@signing_in.needs(Action.ACT_AS_MEMBER)
def add_photo() -> Answer:
    """Put a photo beside an entry whose words came before it."""
    member = acting_member()
    found = queries.by_client_id(db.session(), member.seller_id, client_id(), locked=True)
    if found is None or found.member_id != member.id:
        raise NotFound(f"entry of member {member.id}")
    fields = Fields({})
    take_photo(found, fields)
    db.session().commit()
    return jsonify(state=found.state.value, faults=fields.faults), 422 if fields.faults else 200


@bp.get("/anh/<token>")
@signing_in.needs(Action.ACT_AS_MEMBER)
def photo(token: str) -> Response:
    """The photo of one of the member's own entries."""
    member = acting_member()
    mine = queries.of_member(db.session(), member.id, SubmissionKind.PRODUCT)
    mine = [*mine, *queries.of_member(db.session(), member.id, SubmissionKind.BATCH)]
    if token not in {one.photo for one in mine}:
        raise NotFound(f"photo of member {member.id}")
    path = photos.staged(token, PHOTO_SMALL, folder=photo_folder())
    if path is None:
        raise NotFound
    return send_file(path)


@bp.post("/<int:submission_id>/lay-lai")
@signing_in.needs(Action.ACT_AS_MEMBER)
def take_back(submission_id: int) -> Response:
    """Take back what the office has not decided yet, to change it."""
    found = _own(acting_member(), submission_id, locked=True)
    submissions.take_back(db.session(), found, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    return redirect(url_for(".show", submission_id=submission_id), 303)


@bp.post("/<int:submission_id>/bo")
@signing_in.needs(Action.ACT_AS_MEMBER)
def withdraw(submission_id: int) -> Response:
    """Drop an entry: the office does not see it any more."""
    found = _own(acting_member(), submission_id, locked=True)
    submissions.withdraw(db.session(), found, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã bỏ %(name)s.", name=page.title(found)))
    return redirect(url_for(".index"), 303)


def _own(member: Member, submission_id: int, *, locked: bool = False) -> Submission:
    found = queries.one(db.session(), submission_id, locked=locked)
    if found is None or found.member_id != member.id or found.kind is not SubmissionKind.PRODUCT:
        raise NotFound(f"submission {submission_id}")
    return found


def _own_product(member: Member, product_id: int) -> Product:
    product = db.session().get(Product, product_id)
    if product is None or product.member_id != member.id:
        raise NotFound(f"product {product_id}")
    return product


def _kept(found: Submission, fields: Fields) -> Answer:
    is_draft = found.state in submissions.OPEN
    if wants_data():
        at = found.changed_at if is_draft else (found.sent_at or found.changed_at)
        return jsonify(
            state=found.state.value,
            at=formats.clock_time(at),
            url=url_for(".show", submission_id=found.id),
            faults=fields.faults,
        )
    if is_draft:
        flash(_("Đã lưu nháp, chưa gửi HTX."))
        for fault in fields.faults.values():
            flash(fault)
    else:
        flash(_("Đã gửi HTX. HTX trả lời ở trang này."))
    return redirect(url_for(".index"), 303)


def _sent_before(found: Submission) -> Answer:
    """Say that the same entry has gone with other words; what was typed now stays on the page."""
    is_waiting = found.state is SubmissionState.SENT
    words = page.sent_before(found)
    if wants_data():
        url = url_for(".show", submission_id=found.id)
        return jsonify(state=found.state.value, url=url, faults={"": words}), 422
    again = found.client_id if is_waiting else str(uuid.uuid4())
    typed = request.form.to_dict() | {"client_id": again}
    return _form(None, typed, {}, product=found.product, sent=words, replaces=is_waiting), 409


def _asked_again(found: Submission, fields: Fields, to_confirm: Mapping[str, str]) -> Answer:
    if wants_data():
        words = page.understood_words(*_understood(request.form)[:2]) if to_confirm else {}
        return jsonify(
            state=found.state.value,
            url=url_for(".show", submission_id=found.id),
            faults=fields.faults,
            confirm={name: messages_forms.understood(words[name]) for name in to_confirm},
            echo=to_confirm,
        ), 422
    typed = request.form.to_dict() | {"client_id": found.client_id}
    return _form(found, typed, fields.faults, to_confirm=to_confirm, product=found.product), 422


def _understood(typed: Mapping[str, str]) -> tuple[Any, Any, dict[str, str]]:
    """Return price and pack as far as they can be read, and the sentences for what cannot."""
    texts = {name: typed.get(name, "")[:200] for name in ("price", "pack")}
    price_vnd, pack, refused = form.understand(**texts, sure=typed.get("sure", "")[:200])
    faults: dict[str, str] = {
        name: fault_of(why) for name, why in refused.items() if texts[name].strip()
    }
    return price_vnd, pack, faults


def _echo(price_vnd: int | None, pack: PackSaid | None) -> dict[str, str]:
    """Return what the form sends back once a price and a pack were shown as understood."""
    echo = {} if price_vnd is None else {"price": str(price_vnd)}
    return echo if pack is None else echo | {"pack": f"{pack.net_quantity}{pack.net_unit.value}"}


def _form(
    found: Submission | None,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    *,
    to_confirm: Mapping[str, str] | None = None,
    product: Product | None = None,
    sent: str = "",
    replaces: bool = False,
    **shown: Any,
) -> str:
    price_vnd, pack, _faults = _understood(typed)
    return render_template(
        "member/listing_form.html",
        one=found,
        product=product,
        typed=typed,
        faults=faults,
        sent=sent,
        replaces=replaces,
        summary=summary(faults, form.NAMES),
        understood=page.understood_words(price_vnd, pack),
        echoes={ECHO + name: value for name, value in _echo(price_vnd, pack).items()},
        to_confirm=to_confirm or {},
        needs=page.needs(),
        **shown,
    )
