"""Logs: what is told goes out, whatever became of the stream that stood there at the start."""

import io
import json
from contextlib import redirect_stderr

import structlog

from shop.logs import configure_logs


def test_an_event_after_the_first_stream_was_closed_goes_to_the_one_that_is_there() -> None:
    first, second = io.StringIO(), io.StringIO()
    with redirect_stderr(first):
        configure_logs()
    first.close()

    with redirect_stderr(second):
        structlog.get_logger().warning("bell_is_silent", phone="0912345678")

    told = json.loads(second.getvalue())
    assert told["event"] == "bell_is_silent"
    assert told["phone"] == "…"
