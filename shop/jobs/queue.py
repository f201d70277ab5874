"""The bell: Huey tells a worker that something was promised. All that Huey knows may be lost.

What is to be done stands in the outbox table; this module is the only one that knows Huey.
"""

import sqlite3
import threading
import weakref
from collections.abc import Callable
from functools import cached_property
from typing import Any

import structlog
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from shop.config import Settings
from shop.models.outbox import OutboxMessage

NAME = "dacsan"
LONGEST_POLL_SECONDS = 0.5
"""How long a ring waits at most where Huey has to look for it (SQLite)."""

REST_SECONDS = 30
"""How long the thread that rings stays without work: an application may be one of many."""

_PROMISED = "outbox_promised"

log = structlog.get_logger()


class Bell:
    """Rings for the workers of one installation, or hears the ringing."""

    def __init__(self, settings: Settings, *, rest_seconds: float = REST_SECONDS) -> None:
        self._settings = settings
        self._rest_seconds = rest_seconds
        self._wanted = threading.Event()
        self._lock = threading.Lock()
        self._ringer: threading.Thread | None = None

    def ring(self) -> None:
        """Ask for a ring and return at once: no request waits for Huey, nor fails with it."""
        self._wanted.set()
        with self._lock:
            if self._ringer is None or not self._ringer.is_alive():
                self._ringer = threading.Thread(target=self._keep_ringing, daemon=True)
                self._ringer.start()

    def _keep_ringing(self) -> None:
        while self._is_wanted():
            self._wanted.clear()
            try:
                self.ring_now()
            except _failures():
                # the next sweep of a worker finds the promise without being told
                log.warning("bell_is_silent", exc_info=True)

    def _is_wanted(self) -> bool:
        """Wait for the next ring; let the thread go where none is asked for a while."""
        if self._wanted.wait(self._rest_seconds):
            return True
        with self._lock:  # a ring asked for between the two finds no thread and starts one
            if not self._wanted.is_set():
                self._ringer = None
            return self._wanted.is_set()

    def ring_now(self) -> None:
        """Leave one ring in Huey's store, unless one is there that nobody has heard yet."""
        if not self._huey.pending_count():
            self._task()

    def listen(self, heard: Callable[[], None]) -> "Listener":
        """Return a listener that calls `heard` at each ring once it is started."""
        return Listener(self._make_huey(), heard)

    @cached_property
    def _huey(self) -> Any:
        return self._make_huey()

    @cached_property
    def _task(self) -> Any:
        return _ring_task(self._huey, _nothing)

    def _make_huey(self) -> Any:
        # imported late: it costs half a second and 20 MB that a web process may never need
        import huey

        if self._settings.redis_url:
            return huey.RedisHuey(NAME, url=self._settings.redis_url, results=False)
        self._settings.var.mkdir(parents=True, exist_ok=True)
        store = self._settings.var / "jobs.sqlite"
        return huey.SqliteHuey(NAME, filename=str(store), results=False, timeout=10)


class Listener:
    """A Huey consumer that hears rings, in threads of this process."""

    def __init__(self, huey: Any, heard: Callable[[], None]) -> None:
        _ring_task(huey, heard)
        self._consumer = huey.create_consumer(
            workers=1,
            periodic=False,
            initial_delay=0.05,
            max_delay=LONGEST_POLL_SECONDS,
            shutdown_timeout=1,
        )

    def start(self) -> None:
        """Begin to hear. It takes the signals SIGINT, SIGTERM and SIGHUP: set yours afterwards."""
        self._consumer.start()

    def check(self) -> None:
        """Replace a thread that died."""
        self._consumer.check_worker_health()

    def stop(self) -> None:
        """End the threads; a ring that is being heard is heard to its end."""
        self._consumer.stop(graceful=True)


def ring_after_commit(engine: Engine, settings: Settings) -> None:
    """Ring whenever a transaction of `engine` that added promises has been committed."""
    _bells[engine] = Bell(settings)
    for name, handler in (
        ("after_flush", _note_promises),
        ("after_commit", _ring_for_promises),
        ("after_rollback", _forget_promises),
    ):
        if not event.contains(Session, name, handler):
            event.listen(Session, name, handler)


_bells: "weakref.WeakKeyDictionary[Engine, Bell]" = weakref.WeakKeyDictionary()


def _note_promises(session: Session, _context: object) -> None:
    if any(isinstance(row, OutboxMessage) for row in session.new):
        session.info[_PROMISED] = True


def _ring_for_promises(session: Session) -> None:
    if session.in_nested_transaction() or not session.info.pop(_PROMISED, False):
        return
    bell = _bells.get(session.get_bind().engine)
    if bell is not None:
        bell.ring()


def _forget_promises(session: Session) -> None:
    if not session.in_nested_transaction():
        session.info.pop(_PROMISED, None)


def _ring_task(huey: Any, heard: Callable[[], None]) -> Any:
    def hear() -> None:  # of this module whoever hears: the name of a task begins with its module
        heard()

    return huey.task(name="ring")(hear)


def _nothing() -> None:
    """Stand for the worker's side of the task where it is only put into the queue."""


def _failures() -> tuple[type[Exception], ...]:
    """Return what Huey's stores raise when they are away; Redis' only where it is installed."""
    try:
        from redis.exceptions import RedisError
    except ImportError:
        return (OSError, sqlite3.Error)
    return (OSError, sqlite3.Error, RedisError)
