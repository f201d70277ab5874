"""A private Redis for one test run: empty for each test, gone with the run."""

import secrets
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from tests.support import guard
from tests.support.run import Run


@pytest.fixture(scope="session")
def redis_server(run: Run) -> str:
    """The address of a Redis of this worker's own."""
    program = shutil.which("redis-server")
    if program is None:
        pytest.skip("missing: redis-server (Debian: redis-server)")
    port = free_port()
    log = run.folder / f"redis-{port}.log"
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
    command += ["--appendonly", "no"]
    guard.start(command, owner=run.owner, log=log, detach=True)
    url = f"redis://127.0.0.1:{port}/0"
    _wait_for(url, log)
    return url


@pytest.fixture
def redis_url(redis_server: str) -> str:
    """The address of an empty Redis."""
    with redis.Redis.from_url(redis_server) as connection:
        connection.flushall()
    return redis_server


def free_port() -> int:
    """Return a port on which nobody listens at the moment.

    Below 32768, where no connection that goes out takes it before the server does.
    """
    while True:
        port = secrets.choice(range(10_000, 32_768))
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def _wait_for(url: str, log: Path) -> None:
    deadline = time.monotonic() + 10
    while True:
        try:
            with redis.Redis.from_url(url) as connection:
                connection.ping()
        except redis.ConnectionError:
            if time.monotonic() > deadline:
                raise RuntimeError(log.read_text(errors="replace")[-2000:]) from None
            time.sleep(0.05)
        else:
            return
