"""The worker process: hears the bell, keeps the promises, does what the timetable says."""

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import FrameType

import structlog

from shop.config import Settings
from shop.db import make_engine
from shop.jobs.outbox import LEASE, Delivery, keep_delivering
from shop.jobs.queue import Bell
from shop.jobs.schedule import Timetable, keep_time
from shop.logs import configure_logs

PATIENCE_SECONDS = 2.5
"""How long a delivery may go on after the process was asked to stop; its lease outlives it."""

CHECK_SECONDS = 1.0

log = structlog.get_logger()


def work(
    settings: Settings,
    *,
    stop: threading.Event,
    threads: int = 2,
    lease: timedelta = LEASE,
    notes: Path | None = None,
) -> None:
    """Work until `stop` is set, by SIGINT or SIGTERM if by nobody else.

    No new message is begun after that; one in delivery has a moment to end. What is no warning
    is noted in the file `notes`, if there is one.
    """
    configure_logs(notes=notes)
    name = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(3)}"
    engine = make_engine(settings.database, pool_size=threads + 2)
    bell = threading.Event()
    listener = Bell(settings).listen(bell.set)
    listener.start()
    _stop_on_signals(stop.set)  # after the listener, which sets its own
    delivery = Delivery(engine, settings, name, lease)
    timetable = Timetable(engine, settings, name)
    hands = [
        threading.Thread(
            target=keep_delivering,
            args=(delivery,),
            kwargs={"bell": bell, "stop": stop},
            daemon=True,
        )
        for _ in range(threads)
    ]
    hands.append(
        threading.Thread(target=keep_time, args=(timetable,), kwargs={"stop": stop}, daemon=True)
    )
    for hand in hands:
        hand.start()
    log.info("worker_started", worker=name, threads=threads)
    while not stop.wait(CHECK_SECONDS):
        listener.check()
    listener.stop()
    end = time.monotonic() + PATIENCE_SECONDS
    for hand in hands:
        hand.join(max(0.0, end - time.monotonic()))
    log.info("worker_stopped", worker=name, unfinished=sum(hand.is_alive() for hand in hands))


def _stop_on_signals(stop: Callable[[], None]) -> None:
    def handle(_number: int, _frame: FrameType | None) -> None:
        stop()

    for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), handle)
