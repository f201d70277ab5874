"""Messages in and out: what a provider's server sent us, what we answer, what we ask it.

`requests` bounds each read, not the whole: an answer that drips outlasts any time-out of its own.
`Caller` adds a deadline for the whole call, all its tries together, and a cap on the size of the
answer. `requests` is loaded by the first call: who only reads notices never needs it.
"""

import logging
import math
import random
import re
import threading
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl, urlsplit

from integrations import clock, transport
from integrations.errors import NextStep, RateLimited, Seen, Unreachable, Words
from integrations.excerpts import excerpt

if TYPE_CHECKING:
    import requests

__all__ = ["Answer", "Caller", "HttpClient", "InboundRequest", "Limits", "Reply", "new_call_id"]

log = logging.getLogger("integrations")

_SECONDS = re.compile("[0-9]{1,9}")
_KEPT_HEADERS = ("content-type", "user-agent", "x-request-id")


@dataclass(frozen=True, slots=True)
class InboundRequest:
    """A request exactly as a provider's server, or a browser it sends, made it.

    `query` is the raw text behind `?`, `body` the raw bytes; names in `headers` are lower case.
    """

    method: str
    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    sender: str = ""

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the query, decoded once, in their order, empty ones too."""
        return parse_qsl(self.query, keep_blank_values=True, errors="replace")

    def as_json(self) -> dict[str, Any]:
        """Return what a table keeps of it; `from_json` makes the same request again.

        Of the headers only those that help to read it stay: no cookie, no authorisation.
        """
        return {
            "method": self.method,
            "path": self.path,
            "query": self.query,
            "headers": {
                name: self.headers[name] for name in _KEPT_HEADERS if name in self.headers
            },
            "body": self.body.decode("latin-1"),
            "sender": self.sender,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "InboundRequest":
        """Return the request that `as_json` described."""
        return cls(
            method=kept["method"],
            path=kept["path"],
            query=kept["query"],
            headers=dict(kept["headers"]),
            body=kept["body"].encode("latin-1"),
            sender=kept["sender"],
        )


@dataclass(frozen=True, slots=True)
class Reply:
    """What a provider's server is to be answered."""

    status: int
    body: bytes = b""
    content_type: str = "application/json"

    def as_tuple(self) -> tuple[bytes, int, dict[str, str]]:
        """Return body, status and headers: what a view of Flask may return as it is.

        >>> Reply(200, b"{}").as_tuple()
        (b'{}', 200, {'Content-Type': 'application/json'})
        """
        return self.body, self.status, {"Content-Type": self.content_type}


@dataclass(frozen=True, slots=True)
class Answer:
    """What a provider's server answered; names in `headers` are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient(Protocol):
    """Anything that asks as `requests.Session` does."""

    def request(self, method: str, url: str, *args: Any, **options: Any) -> "requests.Response":
        """Send one request and return its response, the body unread when `stream` is set."""
        ...


@dataclass(frozen=True, slots=True)
class Limits:
    """How long one call may take, in seconds, and how many bytes its answer may have.

    `total` is for all `tries` together, with the pauses between them.
    """

    connect: float = 5
    read: float = 20
    total: float = 30
    size: int = 256 * 1024
    tries: int = 3
    pause: float = 0.5


def new_call_id() -> str:
    """Return a new correlation id: 32 hexadecimal digits."""
    return uuid.uuid4().hex


class Caller:
    """Makes calls to one provider within limits, and writes down each without its contents.

    `hidden` are secrets that no excerpt of an answer may show.
    """

    def __init__(
        self,
        provider: str,
        *,
        client: HttpClient | None = None,
        limits: Limits | None = None,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], datetime] = clock.now,
        hidden: Iterable[str] = (),
    ) -> None:
        self._now, self._provider, self._hidden = now, provider, tuple(hidden)
        self._client = client
        self._limits = limits or Limits()
        self._sleep = sleep

    def read(
        self,
        method: str,
        url: str,
        *,
        call_id: str,
        check: Callable[[Answer], object] = lambda answer: None,
        **options: Any,
    ) -> Answer:
        """Make a call that changes nothing there; it is tried again after a fault.

        `check` raises for an answer that cannot be used; an `Unreachable` that is `retryable`
        is a fault too. Raises `Unreachable` when every try failed, or there was no time left for
        another, and `RateLimited` as soon as the other side asks for a pause.
        """
        deadline = time.monotonic() + self._limits.total
        turn = 1
        while True:
            try:
                answer = self._try(method, url, call_id, options, deadline)
                check(answer)
            except Unreachable as fault:
                wait = self._limits.pause * 2 ** (turn - 1) * random.uniform(0.5, 1)
                is_last = turn >= self._limits.tries or time.monotonic() + wait >= deadline
                if is_last or not fault.retryable:
                    raise
                self._sleep(wait)
                turn += 1
            else:
                return answer

    def once(self, method: str, url: str, *, call_id: str, **options: Any) -> Answer:
        """Make a call once.

        Raises `Unreachable` when no whole answer came in time, or a server's fault (5xx) did;
        `unclear` says that the call may have had its effect nevertheless. Raises `RateLimited`
        for status 429 (RFC 6585, 4), with the time of its `Retry-After` (RFC 9110, 10.2.3).
        """
        return self._try(method, url, call_id, options, time.monotonic() + self._limits.total)

    def _try(
        self, method: str, url: str, call_id: str, options: dict[str, Any], deadline: float
    ) -> Answer:
        began = time.monotonic()
        outcome = "failed"
        try:
            answer = self._within_deadline(method, url, call_id, options, deadline - began)
            outcome = str(answer.status)
        finally:
            log.info(
                "call",
                extra={
                    "provider": self._provider,
                    "host": _host(url),
                    "call_id": call_id,
                    "outcome": outcome,
                    "seconds": round(time.monotonic() - began, 3),
                },
            )
        if answer.status >= 500:
            raise Unreachable(
                f"answered {answer.status}",
                provider=self._provider,
                words=transport.FAULT,
                request_id=call_id,
                unclear=True,
                seen=self.seen(answer),
            )
        if answer.status == 429:
            raise RateLimited(
                "too many calls",
                retry_after=self._pause_of(answer),
                provider=self._provider,
                words=transport.TOO_MANY,
                request_id=call_id,
                seen=self.seen(answer),
            )
        return answer

    def seen(self, answer: Answer) -> Seen:
        """Return what an error may tell of an answer: its status, and what is harmless of it."""
        return Seen(answer.status, excerpt(answer.body, self._hidden))

    def _pause_of(self, answer: Answer) -> int | None:
        """Return how many seconds to wait: told as such, or as the moment from which on."""
        told = answer.headers.get("retry-after", "").strip()
        if _SECONDS.fullmatch(told):
            return int(told)
        try:
            moment = parsedate_to_datetime(told)
            return max(0, math.ceil((moment - self._now()).total_seconds()))
        except (ValueError, TypeError, OverflowError):  # no date, or not one with its zone
            return None

    def _within_deadline(
        self, method: str, url: str, call_id: str, options: dict[str, Any], seconds: float
    ) -> Answer:
        """Let a thread of its own ask, and stop waiting for it at the deadline."""
        import requests

        if self._client is None:
            self._client = requests.Session()
        left = max(seconds, 0.01)
        limits = replace(
            self._limits,
            connect=min(self._limits.connect, left),
            read=min(self._limits.read, left),
        )
        asking = _Asking(self._client, method, url, options, limits)
        asking.start()
        asking.join(left)
        if asking.is_alive():
            asking.give_up()
            words = transport.BROKEN_OFF if asking.is_answered else transport.LATE
            raise self._unreachable("no whole answer in time", call_id, unclear=True, words=words)
        if asking.fault is not None:
            raise self._of_transport(asking.fault, call_id, asking) from asking.fault
        if asking.answer is None:
            detail = "the answer is too long"
            raise self._unreachable(detail, call_id, unclear=True, words=transport.FAULT)
        return asking.answer

    def _of_transport(self, fault: Exception, call_id: str, asking: "_Asking") -> Exception:
        """Return our error for what a client raised; a mistake in its program stays what it is."""
        known = transport.sorted_fault(fault, is_answered=asking.is_answered)
        if known is None:
            return fault
        return self._unreachable(
            known.detail, call_id, unclear=known.unclear, words=known.words, step=known.step
        )

    def _unreachable(
        self,
        detail: str,
        call_id: str,
        *,
        unclear: bool,
        words: Words,
        step: NextStep | None = None,
    ) -> Unreachable:
        return Unreachable(
            detail,
            provider=self._provider,
            words=words,
            request_id=call_id,
            unclear=unclear,
            next_step=step,
        )


def _host(url: str) -> str | None:
    try:
        return urlsplit(url).hostname
    except ValueError:
        return None


class _Asking(threading.Thread):
    """One request and the reading of its answer; neither an endless nor a huge one keeps it."""

    def __init__(
        self, client: HttpClient, method: str, url: str, options: dict[str, Any], limits: Limits
    ) -> None:
        super().__init__(daemon=True)
        self._client, self._method, self._url = client, method, url
        self._options, self._limits = options, limits
        self._given_up = threading.Event()
        self.answer: Answer | None = None
        self.fault: Exception | None = None
        self.is_answered = False
        """The head of the answer is there."""

    def give_up(self) -> None:
        """Stop reading at the next piece that comes."""
        self._given_up.set()

    def run(self) -> None:
        try:
            response = self._client.request(
                self._method,
                self._url,
                timeout=(self._limits.connect, self._limits.read),
                allow_redirects=False,
                stream=True,
                **self._options,
            )
            self.is_answered = True
            with response:
                self._read(response)
        except Exception as fault:  # raised again by the thread that waits for the answer
            self.fault = fault

    def _read(self, response: "requests.Response") -> None:
        pieces, size = [], 0
        for piece in response.iter_content(1024):
            size += len(piece)
            if size > self._limits.size or self._given_up.is_set():
                return
            pieces.append(piece)
        headers = {name.lower(): value for name, value in response.headers.items()}
        self.answer = Answer(response.status_code, headers, b"".join(pieces))
