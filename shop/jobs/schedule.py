"""The timetable: which periodic jobs there are, when their turns are, and taking them.

A turn is due at a moment that every worker reckons alike, and a row that is unique makes one of
them take it. Turns that were missed while no worker ran are not made up for: each turn does all
the work it finds.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import structlog
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from shop import clock
from shop.config import Settings
from shop.db import open_session
from shop.jobs.deliverers import job_modules
from shop.services import job_runs

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)

TICK_SECONDS = 1.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Job:
    """One periodic job: `every` so often, `after` the start of that span (UTC)."""

    name: str
    every: timedelta
    after: timedelta
    run: Callable[..., str]

    def due_at(self, now: datetime) -> datetime:
        """Return when the turn was due that is the present one at `now`."""
        return now - (now - EPOCH - self.after) % self.every


def jobs() -> list[Job]:
    """Return the periodic jobs: modules of this package that say `EVERY`.

    Each has a `run(engine, settings, *, now) -> str` that opens its own transactions, may be run
    twice, and returns what it did in a few words without personal data.
    """
    return [
        Job(
            name=module.__name__.rpartition(".")[2],
            every=module.EVERY,
            after=getattr(module, "AFTER", timedelta()),
            run=module.run,
        )
        for module in job_modules()
        if hasattr(module, "EVERY")
    ]


@dataclass
class Timetable:
    """A worker's share in the periodic jobs."""

    engine: Engine
    settings: Settings
    worker: str
    jobs: list[Job] = field(default_factory=jobs)
    _seen: dict[str, datetime] = field(default_factory=dict)

    def run_due(self, now: datetime) -> list[str]:
        """Take the turns that are due and free, do them, and return the names of the jobs."""
        done = []
        for job in self.jobs:
            due_at = job.due_at(now)
            if self._seen.get(job.name) == due_at:
                continue
            taken = self._take(job, due_at)
            self._seen[job.name] = due_at
            if taken:
                self._run(job, due_at, now)
                done.append(job.name)
        return done

    def _take(self, job: Job, due_at: datetime) -> bool:
        with open_session(self.engine, self.settings) as session:
            taken = job_runs.take(session, job.name, due_at=due_at, worker=self.worker)
            session.commit()
            return taken

    def _run(self, job: Job, due_at: datetime, now: datetime) -> None:
        try:
            result = job.run(self.engine, self.settings, now=now)
        except Exception as error:
            # one job's mistake must not stop the others; the row stays unfinished and says why
            log.error("job_broke", job=job.name, exc_info=True)
            with open_session(self.engine, self.settings) as session:
                job_runs.fail(session, job.name, due_at=due_at, error=type(error).__name__)
                session.commit()
            return
        with open_session(self.engine, self.settings) as session:
            job_runs.finish(session, job.name, due_at=due_at, now=clock.now(), result=result)
            session.commit()


def keep_time(timetable: Timetable, *, stop: threading.Event) -> None:
    """Do what is due, again and again, until `stop` is set."""
    while not stop.wait(TICK_SECONDS):
        try:
            timetable.run_due(clock.now())
        except DBAPIError:
            # the database is away or busy: the next tick asks again
            log.error("timetable_unreachable", exc_info=True)
