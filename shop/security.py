"""What every answer carries against misuse, and how often one address may ask."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from flask import Flask, Response, request
from flask_compress import Compress
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect
from flask_wtf.csrf import CSRFError
from limits import parse

from shop.config import Settings

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; manifest-src 'self'; "
    "worker-src 'self'; frame-ancestors 'none'; base-uri 'none'; object-src 'none'"
)

P = ParamSpec("P")
R = TypeVar("R")

csrf = CSRFProtect()
limiter = Limiter(get_remote_address, strategy="moving-window", headers_enabled=False)


def without_token(view: Callable[P, R]) -> Callable[P, R]:
    """Let a form in that bears no token: the view itself judges where it came from."""
    csrf.exempt(view)
    return view


def has_token() -> bool:
    """Return whether the form of this request bears the token of the browser it comes from."""
    try:
        csrf.protect()
    except CSRFError:
        return False
    return True


_GUESSES = parse("20/hour")


def codes_guessed() -> bool:
    """Return whether too many codes that are none came from this address within the hour."""
    return limiter.enabled and not limiter.limiter.test(_GUESSES, "voucher", get_remote_address())


def note_guess(*, is_wrong: bool) -> None:
    """Count a code that is none against the address it came from."""
    if is_wrong and limiter.enabled:
        limiter.limiter.hit(_GUESSES, "voucher", get_remote_address())


def protect(app: Flask, settings: Settings) -> None:
    """Add the headers, the rate limits and the compression to `app`."""
    app.config.update(
        RATELIMIT_STORAGE_URI=settings.redis_url or "memory://",
        RATELIMIT_ENABLED=settings.rate_limits,
        COMPRESS_MIMETYPES=[
            "text/html",
            "text/plain",
            "application/json",
            "image/svg+xml",
            "application/problem+json",
        ],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
    )
    limiter.init_app(app)
    Compress(app)

    @app.after_request
    def _headers(response: Response) -> Response:
        headers = response.headers
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        headers["X-Content-Type-Options"] = "nosniff"
        headers.setdefault("Referrer-Policy", "same-origin")
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "geolocation=(), microphone=(), camera=(self)"
        if settings.is_https:
            headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
        if request.path.startswith(("/quan-ly", "/thanh-vien", "/don-hang", "/dang-nhap")):
            headers.setdefault("Cache-Control", "no-store")
        return response
