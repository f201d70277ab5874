"""Logs: one JSON object a line on standard error, without personal data or secrets."""

import logging
import sys

import structlog

HIDDEN = frozenset(
    {"password", "pin", "phone", "name", "email", "street", "secret", "token", "account_number"}
)


def configure_logs() -> None:
    """Send our events and the libraries' warnings to standard error as JSON."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _hide(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for key in HIDDEN & event.keys():
        event[key] = "…"
    return event
