"""Which pages a buyer's own browser may keep to be read without a network.

The worker of the public pages (`static/js/public-worker.js`) keeps what says that it may be kept,
and nothing else.
"""

from flask import Flask, Response, g
from markupsafe import Markup

from shop import buyer_door, signing_in

PRIVATE = frozenset({"gio", "don"})
"""Cart and order: the buyer's own; not of those who work here, not on a computer of many."""


def may_be_kept(kind: str) -> None:
    """Let the browser keep this page.

    Its kind is `lo` (a batch of which nothing bad is known), `canh-bao` (one that nobody should
    use or buy now), `gio` (cart) or `don` (order).
    """
    if kind not in PRIVATE or _is_own_browser():
        g.keep_kind = kind


def of_today(words: str) -> Markup:
    """Return `words` marked as true today only: the worker cuts them out of what it keeps."""
    return Markup("<!--nay-->{}<!--/nay-->").format(words)


def _is_own_browser() -> bool:
    if signing_in.signed_in() is not None:
        return False
    device = buyer_door.device()
    return device is None or not device.is_shared_computer


def prepare(app: Flask) -> None:
    """Say of each answer of `app` whether it may be kept."""

    @app.after_request
    def _say(response: Response) -> Response:
        if response.status_code == 200 and "keep_kind" in g:
            response.headers["Dacsan-Keep"] = g.keep_kind
        return response
