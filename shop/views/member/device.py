"""A member's own phone without a network: who works on it, its worker, the pages it opens then."""

import json

from flask import Blueprint, Response, jsonify, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from shop import db, member_entries, member_pages, resources, signing_in
from shop.member_pages import acting_member
from shop.pages import listings, member_batches
from shop.services.permissions import Action

bp = Blueprint("member_device", __name__, url_prefix="/thanh-vien")

SCRIPTS = (
    "main", "submit-once", "photos", "understood", "member-device", "member-store",
    "member-send", "member-form", "member-queue", "member-understood", "offers",
)  # fmt: skip
"""The scripts of the pages that open without a network."""


@bp.get("/ai-day")
@signing_in.needs_sign_in
def who() -> tuple[Response, int]:
    """Say for whom this device works, with a fresh token; nothing when it may send nothing.

    401 when nobody is signed in; 403 with the reason when the person helped on it lets the helper
    act no more.
    """
    person = signing_in.signed_in()
    if person is None:
        return jsonify(), 401
    ended = member_pages.ended_help() if member_entries.keeps_on_device() else None
    if ended is not None:
        member_id, why = ended
        known = {"account": str(person.account.id), "member": str(member_id)}
        return jsonify(ended=why, url=url_for("member_helping.ask"), **known), 403
    may = signing_in.actor().sellers(Action.ACT_AS_MEMBER) != set()
    if not may or not member_entries.keeps_on_device():
        return jsonify({}), 200
    member = acting_member()
    found = member_batches.choices(db.session(), member, None)
    # without several to choose from the phone asks nothing, as the form with a network does
    plots = found["plots"] if len(found["plots"]) > 1 else []
    choices = {"product": found["products"], "plot": plots}
    answer = jsonify(
        account=str(person.account.id),
        member=str(member.id),
        whose=member_pages.being_helped(),
        token=generate_csrf(),
        choices=choices,
    )
    return answer, 200


@bp.get("/may.js")
@signing_in.is_open
def worker() -> Response:
    """The worker of a member's pages, with the files of this release."""
    shells = {
        "": url_for(".offline"),
        url_for("member_listings.new"): url_for(".offline_listing"),
        url_for("member_batches.new"): url_for(".offline_batch"),
    }
    files = [resources.static_address(f"js/{name}.js") for name in SCRIPTS]
    files += [resources.static_address(name) for name in ("style.css", "mark.svg")]
    name = f"xa-vien-{resources.static_version()}-{request.script_root.strip('/') or 'vi'}"
    lines = [
        f"const SHELLS = {json.dumps(shells)};",
        f"const FILES = {json.dumps(files)};",
        f"const NAME = {json.dumps(name)};",
        f"importScripts({json.dumps(resources.static_address('js/member-worker.js'))});",
    ]
    answer = Response("\n".join(lines) + "\n", mimetype="text/javascript")
    answer.headers["Service-Worker-Allowed"] = url_for("member_home.home")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/khi-mat-mang")
@signing_in.is_open
def offline() -> str:
    """The page that opens instead of any other when there is no network."""
    return render_template("member/offline/home.html")


@bp.get("/khi-mat-mang/ban-hang")
@signing_in.is_open
def offline_listing() -> str:
    """The form for offering goods, empty and for nobody yet."""
    empty: dict[str, dict[str, str]] = {"typed": {}, "faults": {}, "understood": {}}
    return render_template("member/offline/listing.html", needs=listings.needs(), **empty)


@bp.get("/khi-mat-mang/lo-moi")
@signing_in.is_open
def offline_batch() -> str:
    """The form for a new batch, empty and for nobody yet."""
    return render_template(
        "member/offline/batch.html",
        typed={"day": _("hôm nay")},
        faults={},
        understood={},
        needs=member_batches.needs(),
        **member_batches.no_choices(),
    )
