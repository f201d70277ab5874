"""Keeping the promises in the outbox: claim one, tell the outside, write down the answer.

The table is the queue. The bell only shortens the wait, and losing it loses nothing: every few
seconds the table is looked through anyway.
"""

import secrets
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from shop import clock
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.jobs.deliverers import CameToNothing, Refused, deliverers
from shop.models.outbox import OutboxMessage
from shop.queries import outbox
from shop.services import outbox_delivery

LEASE = timedelta(seconds=30)
"""How long a message belongs to the worker that took it; deliverers end well before."""

SWEEP_SECONDS = 3.0
"""How long a promise waits at most when nobody rings."""

log = structlog.get_logger()


@dataclass(frozen=True)
class Delivery:
    """A worker's hand in the outbox."""

    engine: Engine
    settings: Settings
    worker: str
    lease: timedelta = LEASE

    def deliver_next(self) -> bool:
        """Deliver the message that is due longest; return `False` when none is due.

        The claim is committed before the outside hears anything, and no transaction is open
        while it listens.
        """
        message = self._claim()
        if message is None:
            return False
        try:
            answer = self._tell(message)
        except Refused as error:
            self._note_failure(message, str(error), is_final=True)
        except Exception as error:
            # whatever a deliverer stumbles over, the promise stays and is tried again
            expected = isinstance(error, CameToNothing)
            reason = str(error) if expected else f"{type(error).__name__}: {error}"
            self._note_failure(message, reason, is_final=False)
            if not expected:
                log.error("delivery_broke", message=message.id, kind=message.kind, exc_info=True)
        else:
            self._note_answer(message, answer)
        return True

    def _claim(self) -> OutboxMessage | None:
        now = clock.now()
        with open_session(self.engine, self.settings, **READ_ONLY) as reading:
            if not outbox.is_anything_due(reading, now):
                return None
        with open_session(self.engine, self.settings) as session:
            message = outbox_delivery.claim(
                session,
                claimant=f"{self.worker}/{secrets.token_hex(4)}",
                lease=self.lease,
                now=now,
            )
            session.commit()
            return message

    def _tell(self, message: OutboxMessage) -> dict[str, Any]:
        deliverer = deliverers().get(message.kind)
        if deliverer is None:
            raise CameToNothing(f"nobody here delivers messages of kind {message.kind}")
        answer = deliverer.deliver(
            message, settings=self.settings, engine=self.engine, now=clock.now()
        )
        if not answer:
            raise CameToNothing("there was no answer to keep")
        return answer

    def _note_answer(self, message: OutboxMessage, answer: dict[str, Any]) -> None:
        with open_session(self.engine, self.settings) as session:
            was_ours = outbox_delivery.mark_sent(session, message, answer, now=clock.now())
            session.commit()
        log.info("message_sent", message=message.id, kind=message.kind, tries=message.tries)
        if not was_ours:
            log.warning("claim_was_lost", message=message.id, kind=message.kind)

    def _note_failure(self, message: OutboxMessage, error: str, *, is_final: bool) -> None:
        with open_session(self.engine, self.settings) as session:
            outbox_delivery.mark_failed(
                session, message, error[:1000], is_final=is_final, now=clock.now()
            )
            session.commit()
        log.warning(
            "message_failed",
            message=message.id,
            kind=message.kind,
            tries=message.tries,
            is_final=is_final,
        )


def deliver_due(delivery: Delivery, *, most: int = 1000) -> int:
    """Deliver what is due and return how many messages that was."""
    for done in range(most):
        if not delivery.deliver_next():
            return done
    return most


def keep_delivering(delivery: Delivery, *, bell: threading.Event, stop: threading.Event) -> None:
    """Deliver at each ring, and every few seconds without one, until `stop` is set.

    Several threads may share one bell: all look, and each message goes to one.
    """
    while not stop.is_set():
        bell.clear()
        try:
            while not stop.is_set() and delivery.deliver_next():
                pass
        except DBAPIError:
            # the database is away or busy: the promises stand in it and wait
            log.error("outbox_unreachable", exc_info=True)
        _wait(bell, stop)


def _wait(bell: threading.Event, stop: threading.Event) -> None:
    end = time.monotonic() + SWEEP_SECONDS
    while not stop.is_set() and (left := end - time.monotonic()) > 0:
        if bell.wait(min(left, 0.5)):
            return
