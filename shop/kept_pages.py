"""Pages that browsers keep and ask about: answered by one look-up while nothing has changed.

The tag of a page says of which parts it is made (`page_sources`) and holds a digest of their
versions and of everything else its bytes follow from. Asked again, the versions are looked up by
primary key, and if the digest is the same nothing is rendered.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, ParamSpec

from flask import Flask, current_app, g, make_response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.http import parse_etags
from werkzeug.wrappers import Response

from shop import clock, db, resources
from shop.config import Settings
from shop.queries import page_versions
from shop.queries.page_versions import Part

P = ParamSpec("P")

_TAG = re.compile(r"([a-z]+[0-9]+(?:\.[a-z]+[0-9]+){0,5})-[0-9a-f]{32}")
_PART = re.compile(r"([a-z]+)([0-9]{1,18})")
_MOST_TAGS = 8
"""So many tags of a question are looked at; a browser sends one."""


class _NotOnKeptPages(SecureCookieSessionInterface):
    """Prolongs a sign-in by no page that is the same for everybody: somebody between us and the
    browser may keep it, and would hand the cookie of one to the next."""

    def should_set_cookie(self, app: Flask, session: SessionMixin) -> bool:
        """Return whether the cookie goes out with this answer."""
        return "page_parts" not in g and super().should_set_cookie(app, session)


def prepare(app: Flask) -> None:
    """Let every page that is the same for everybody be asked about at each use."""
    resources.release()  # no visitor waits for it
    app.session_interface = _NotOnKeptPages()

    @app.after_request
    def _ask_again(response: Response) -> Response:
        if "page_parts" in g:
            response.headers["Cache-Control"] = "no-cache"
        return response


def kept(view: Callable[P, Any]) -> Callable[P, Any]:
    """Answer 304 where the page that the browser keeps is still the same; else as `view` does.

    `view` says with `made_of` what it is made of; a page of which it says nothing is not kept.
    """

    @wraps(view)
    def asked(*args: P.args, **kwargs: P.kwargs) -> Any:
        if (tag := _unchanged()) is not None:
            g.page_parts = {}
            answer: Response = current_app.response_class(status=304)
            answer.set_etag(tag, weak=True)
            return answer
        answer = make_response(view(*args, **kwargs))
        parts: Mapping[Part, int | None] = g.get("page_parts", {})
        if answer.status_code == 200 and parts and None not in parts.values():
            answer.set_etag(_tag(parts), weak=True)
            if "If-Match" in request.headers or request.if_none_match.star_tag:
                return answer.make_conditional(request)
        return answer  # a tag that was refused by the look-up must not be taken here

    return asked


def made_of(parts: Mapping[Part, int | None]) -> None:
    """Say of which parts this page is made, by their versions before anything else was read."""
    g.page_parts = g.get("page_parts", {}) | parts


def made_of_row(row: Any) -> None:
    """Say it by a row with `page_versions.columns`."""
    made_of(page_versions.of_row(row))


def made_of_list(*kinds: str) -> None:
    """Say it of a page that stands on parts of which there is one, as `list` and `home`."""
    parts = [(kind, 0) for kind in kinds]
    made_of(page_versions.read(db.session(), parts, now=clock.now()))


def _unchanged() -> str | None:
    """Return the tag of the page that the browser keeps, if it is what we would answer."""
    if "If-Match" in request.headers or request.method not in {"GET", "HEAD"}:
        return None
    tags = parse_etags(request.headers.get("If-None-Match"))
    for tag in list(tags.as_set(include_weak=True))[:_MOST_TAGS]:
        if (found := _TAG.fullmatch(tag)) is None:
            continue
        parts = {(kind, int(number)) for kind, number in _PART.findall(found[1])}
        versions = page_versions.read(db.session(), parts, now=clock.now())
        if None not in versions.values() and _tag(versions) == tag:
            return tag
    return None


def _tag(parts: Mapping[Part, int | None]) -> str:
    """Return the tag of the page asked for, made of `parts`, as it is today."""
    settings: Settings = current_app.extensions["dacsan_settings"]
    about = [
        resources.release(),
        settings.base_url,
        settings.demo,
        settings.is_seen_from_outside,
        request.script_root,
        request.path,
        request.query_string,
        clock.today(),
        *sorted(parts.items()),
    ]
    digest = hashlib.sha256(repr(about).encode()).hexdigest()[:32]
    names = ".".join(f"{kind}{identity}" for kind, identity in sorted(parts))
    return f"{names}-{digest}"
