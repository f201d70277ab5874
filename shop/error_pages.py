"""The pages people see when something cannot be done."""

import secrets

import structlog
from flask import Flask, g, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from shop import messages
from shop.errors import ShopError
from shop.resending import came_from, typed_here

PAGES = {403, 404, 405, 409, 410, 413, 429, 500}

log = structlog.get_logger()


def prepare(app: Flask) -> None:
    """Answer refusals, HTTP errors and our own mistakes with a page that helps."""
    app.register_error_handler(ShopError, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _database_down)
    app.register_error_handler(Exception, _mistake)


def _refused(error: ShopError) -> tuple[str, int]:
    if error.status in {403, 404}:
        return render_template(f"errors/{error.status}.html"), error.status
    page = render_template("errors/refused.html", sentence=messages.sentence(error))
    return page, error.status


def _stale_form(_error: CSRFError) -> tuple[str, int]:
    page = render_template(
        "errors/csrf.html", resend_url=request.full_path, resend_fields=typed_here()
    )
    return page, 400


def _http(error: HTTPException) -> tuple[str, int] | HTTPException:
    if error.code is None or error.code < 400:
        return error
    page = error.code if error.code in PAGES else (404 if error.code < 500 else 500)
    return render_template(f"errors/{page}.html", number="", back_url=came_from()), error.code


def _database_down(error: OperationalError) -> tuple[str, int]:
    number = secrets.token_hex(4)
    log.error("database_down", number=number, path=request.path, exc_info=error)
    g.setdefault("training", False)  # nobody can be asked
    return render_template("errors/503.html", number=number), 503


def _mistake(error: Exception) -> tuple[str, int]:
    number = secrets.token_hex(4)
    log.error("mistake", number=number, path=request.path, exc_info=error)
    g.setdefault("training", False)  # the mistake may be one of the database
    return render_template("errors/500.html", number=number), 500
