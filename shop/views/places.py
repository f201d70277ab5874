"""Communes for a field that is being filled in: the same for everybody, kept for a while."""

from flask import Blueprint, jsonify, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.services import place_suggestions

bp = Blueprint("places", __name__)

LONGEST = 120
"""Characters of what is typed that are looked at, as many as the field may hold."""

KEPT_SECONDS = 3600
"""How long a browser may keep an answer: communes change a few times a year."""


@bp.get("/xa-phuong")
@signing_in.is_open
def suggestions() -> Response:
    """Communes for what is being typed: code, words, and a note where an old name led there."""
    found = place_suggestions.suggest(
        db.session(), request.args.get("q", "")[:LONGEST], day=clock.today()
    )
    answer = jsonify(
        [
            {
                "code": one.commune.code,
                "words": one.words,
                "note": _("tên cũ") if one.is_former else "",
            }
            for one in found
        ]
    )
    answer.headers["Cache-Control"] = f"public, max-age={KEPT_SECONDS}"
    return answer
