"""The pages people see when something cannot be done."""

import secrets

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from shop import lost_pages, messages, signing_in
from shop.errors import ShopError
from shop.logs import without_secrets
from shop.resending import came_from, files_again, typed_here

PAGES = {403, 404, 405, 409, 410, 413, 429, 500}

log = structlog.get_logger()


def prepare(app: Flask) -> None:
    """Answer refusals, HTTP errors and our own mistakes with a page that helps."""
    app.register_error_handler(ShopError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(Exception, _mistake)

    app.before_request(lost_pages.one_slash)

    @app.after_request
    def _keep_no_error(response: Response) -> Response:
        if response.status_code >= 500:
            response.headers["Cache-Control"] = "no-store"
        elif response.status_code in {404, 410}:
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


def _refused(error: ShopError) -> tuple[str, int]:
    if error.status == 403 and signing_in.helped() is not None:
        return render_template("errors/helping.html"), 403
    if error.status == 403:
        return render_template("errors/403.html", own_page=_own_page()), 403
    if error.status == 404:
        return _not_found()
    page = render_template(
        "errors/refused.html", sentence=messages.sentence(error), back_url=came_from()
    )
    return page, error.status


def _own_page() -> str:
    """Return where whoever is signed in has work; empty for nobody and for the page itself."""
    if signing_in.signed_in() is None:
        return ""
    found = signing_in.home()
    return "" if found == request.script_root + request.path else found


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    page = render_template(
        "errors/csrf.html",
        resend_url=request.script_root + request.full_path,
        resend_fields=typed_here(),
        files_again=files_again(),
        back_url=came_from(),
    )
    return page, 400


def _http(error: HTTPException) -> tuple[str, int] | HTTPException | Response:
    if error.code is None or error.code < 400:
        return error
    if error.code == 404:
        return lost_pages.way_on() or _not_found()
    page = error.code if error.code in PAGES else (404 if error.code < 500 else 500)
    return render_template(f"errors/{page}.html", number="", back_url=came_from()), error.code


def _not_found() -> tuple[str, int]:
    page = render_template(
        "errors/404.html",
        back_url=came_from(),
        near=lost_pages.near_goods(),
        responsible=lost_pages.whom_to_call(),
    )
    return page, 404


def _path() -> str:
    """Return the path that was asked for, without what opens a card or an order."""
    return without_secrets(request.path, request.view_args or {})


def _database_down(error: OperationalError) -> tuple[str, int]:
    number = secrets.token_hex(4)
    log.error("database_down", number=number, path=_path(), exc_info=error)
    _ask_nobody()
    typed = typed_here() if request.method == "POST" else []
    page = render_template(
        "errors/503.html",
        number=number,
        responsible=lost_pages.known_contact(),
        resend_url=request.script_root + request.full_path,
        resend_fields=typed,
        files_again=files_again() if request.method == "POST" else "",
    )
    return page, 503


def _mistake(error: Exception) -> tuple[str, int]:
    number = secrets.token_hex(4)
    log.error("mistake", number=number, path=_path(), exc_info=error)
    _ask_nobody()
    return render_template(
        "errors/500.html", number=number, responsible=lost_pages.known_contact()
    ), 500


def _ask_nobody() -> None:
    """Let the page stand without the database, of which the mistake may be one."""
    g.setdefault("training", False)
    g.helped = None
    for name in ("office_seller", "member"):
        g.pop(name, None)
