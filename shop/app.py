"""The factory: settings, database, sign-in, languages, pages, error pages."""

from typing import Any

from flask import Flask
from flask_babel import Babel
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.middleware.proxy_fix import ProxyFix

from shop import (
    buyer_door,
    db,
    error_pages,
    incoming,
    kept_pages,
    locales,
    member_entries,
    member_pages,
    offline,
    presentation,
    resources,
    security,
    signing_in,
    simulators,
)
from shop.config import Settings
from shop.jobs.queue import ring_after_commit
from shop.logs import configure_logs
from shop.views import register_views

RETRIES = 4

LARGEST_REQUEST = 32 * 1024 * 1024
"""A form with one photo as large as phones make them (`services.photos.MOST_BYTES`)."""


class Shop(Flask):
    """A Flask application that repeats a request whose transaction the database broke off."""

    def dispatch_request(self) -> Any:
        """Answer the request; after a serialization failure, answer it again from the start."""
        for _ in range(RETRIES):
            try:
                return super().dispatch_request()
            except (DBAPIError, StaleDataError) as error:
                db.close_session()
                if not db.can_be_retried(error):
                    raise
                signing_in.start_over()
        return super().dispatch_request()


def create_app(settings: Settings | None = None) -> Flask:
    """Return the application for `settings`; without them the environment is read."""
    settings = settings or Settings()
    configure_logs()
    app = Shop(
        "shop",
        static_folder=None,
        template_folder=str(resources.templates_folder()),
    )
    app.url_map.merge_slashes = False  # `lost_pages` puts right all that is odd in one step
    app.config.update(
        SECRET_KEY=settings.master_key,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
        MAX_FORM_MEMORY_SIZE=2 * 1024 * 1024,
        SESSION_COOKIE_NAME="__Host-dacsan" if settings.is_https else "dacsan",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=settings.is_https,
        BABEL_DEFAULT_LOCALE="vi",
        BABEL_TRANSLATION_DIRECTORIES=str(resources.translations_folder()),
    )
    app.extensions["dacsan_settings"] = settings
    app.extensions["dacsan_engine"] = db.make_engine(settings.database, pool_size=settings.threads)
    ring_after_commit(app.extensions["dacsan_engine"], settings)
    app.teardown_appcontext(db.close_session)
    Babel(app, locale_selector=locales.current_locale)
    incoming.prepare(app)
    security.csrf.init_app(app)
    security.protect(app, settings)
    signing_in.prepare(app)
    presentation.prepare(app, settings)
    buyer_door.prepare(app)
    kept_pages.prepare(app)
    offline.prepare(app)
    member_pages.prepare(app)
    member_entries.prepare(app)
    error_pages.prepare(app)
    register_views(app)
    app.wsgi_app = in_front(app, settings)  # type: ignore[method-assign]
    return app


def in_front(app: Flask, settings: Settings) -> Any:
    """Return `app` behind what answers before it: proxy, static files, simulators, language."""
    served: Any = locales.LanguagePrefix(app.wsgi_app)
    served = simulators.mount(served, app, settings)
    served = resources.serve_static(served, settings.var)
    return ProxyFix(served, x_for=1, x_proto=1, x_host=1) if settings.is_https else served
