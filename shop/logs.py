"""Logs: one JSON object a line on standard error, without personal data or secrets."""

import logging
import sys
from collections.abc import Mapping
from logging.handlers import RotatingFileHandler
from pathlib import Path

import structlog

HIDDEN = frozenset(
    {"password", "pin", "phone", "name", "email", "street", "secret", "token", "account_number"}
)


def without_secrets(path: str, values: Mapping[str, object]) -> str:
    """Return a path with those of its `values` left out that nobody may read in a log.

    >>> without_secrets("/dang-nhap/the/kZ3", {"token": "kZ3"})
    '/dang-nhap/the/…'
    """
    for name in HIDDEN & values.keys():
        path = path.replace(str(values[name]), "…")
    return path


NOTES_SIZE = 1_000_000
"""Bytes of a file of notes; the one before it is kept too."""


def configure_logs(*, notes: Path | None = None) -> None:
    """Send our events and the libraries' warnings to standard error as JSON.

    With `notes`, what is no warning goes into that file instead of before a clerk's eyes.
    """
    render: structlog.typing.Processor = structlog.processors.JSONRenderer(ensure_ascii=False)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _hide,
            render if notes is None else _put_aside(notes, render),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        # looked up at each event: the stream that stood there at the start may be closed by now
        logger_factory=lambda *_: structlog.PrintLogger(sys.stderr),
        cache_logger_on_first_use=False,
    )


def _put_aside(notes: Path, render: structlog.typing.Processor) -> structlog.typing.Processor:
    notes.parent.mkdir(parents=True, exist_ok=True)
    file = RotatingFileHandler(notes, maxBytes=NOTES_SIZE, backupCount=1, encoding="utf-8")

    def process(
        logger: object, method: str, event: structlog.typing.EventDict
    ) -> structlog.typing.ProcessorReturnValue:
        line = render(logger, method, event)
        if method not in {"debug", "info"}:
            return line
        file.handle(logging.makeLogRecord({"msg": line}))
        raise structlog.DropEvent

    return process


def _hide(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    for key in HIDDEN & event.keys():
        event[key] = "…"
    return event
