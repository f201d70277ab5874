"""Real server processes on one database: as many as a race needs, stopped after the test.

After every test marked `race` or `journey`, `dacsan check` must find nothing in its databases;
after a journey it looks at the pages too.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pytest
import requests

from tests.support import guard
from tests.support.chromium import FAILED
from tests.support.databases import CopyDatabase
from tests.support.redis import free_port
from tests.support.run import Run
from tests.support.shared import CHECKOUT

PATIENCE = 30.0
"""Seconds a server has to answer after its start, on a machine that does other things too."""


@dataclass(frozen=True)
class Server:
    """A running `dacsan` command."""

    url: str
    """Its address; empty for one that does not listen."""
    log: Path
    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """End it as Ctrl-C does."""
        guard.stop(self.process)

    def kill(self) -> None:
        """End it as a power cut does."""
        guard.kill(self.process)


class StartProgram(Protocol):
    """Starts `dacsan` commands that run until the test ends."""

    def __call__(
        self, *words: str, url: str = "", tree: Path = CHECKOUT, **settings: str
    ) -> Server:
        """Return the running command `words` of the code in `tree`.

        `settings` are `DACSAN_...` variables without the prefix, in small letters.
        """


class Serve(Protocol):
    """Starts web servers that share one database and one folder for data."""

    def __call__(
        self, database_url: str, *, processes: int = 1, tree: Path = CHECKOUT, **settings: str
    ) -> list[Server]:
        """Return web servers that answer, each on a port of its own."""


class PatchTree(Protocol):
    """Makes a copy of the code with a defence taken out."""

    def __call__(self, place: str, old: str, new: str) -> Path:
        """Return the folder of a copy in whose file `place` the text `old` is now `new`."""


@pytest.fixture
def start_program(
    run: Run, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[StartProgram]:
    """Start `dacsan` commands; what they logged is shown when the test fails."""
    started: list[Server] = []

    def start(*words: str, url: str = "", tree: Path = CHECKOUT, **settings: str) -> Server:
        log = tmp_path / f"{words[0]}-{len(started)}.log"
        environment = environment_for(tmp_path, tree=tree, **settings)
        command = [sys.executable, "-m", "shop.cli", *words]
        process = guard.start(command, owner=run.owner, log=log, env=environment, cwd=tmp_path)
        started.append(Server(url, log, process))
        return started[-1]

    yield start
    for server in started:
        server.stop()
    if request.node.stash.get(FAILED, False):
        for server in started:
            print(f"--- {server.log.name}\n{server.log.read_text(errors='replace')[-4000:]}")


@pytest.fixture
def serve(start_program: StartProgram) -> Serve:
    """Start web servers that really listen."""

    def start(
        database_url: str, *, processes: int = 1, tree: Path = CHECKOUT, **settings: str
    ) -> list[Server]:
        servers = []
        for _ in range(processes):
            port = str(free_port())
            given = {"database_url": database_url, "port": port} | settings
            url = f"http://127.0.0.1:{port}"
            servers.append(start_program("run", "--web-only", url=url, tree=tree, **given))
        for server in servers:
            wait_until_healthy(server)
        return servers

    return start


@pytest.fixture
def patch_tree(tmp_path: Path) -> PatchTree:
    """Copy the code and change it, to see that a test notices what is missing then."""

    def patch(place: str, old: str, new: str) -> Path:
        tree = tmp_path / "tree"
        if not tree.exists():
            for folder in ("shop", "traceability", "integrations", "templates"):
                shutil.copytree(CHECKOUT / folder, tree / folder)
        path = tree / place
        source = path.read_text("utf-8")
        assert source.count(old) == 1, f"{place} holds {old!r} {source.count(old)} times"
        path.write_text(source.replace(old, new), encoding="utf-8")
        return tree

    return patch


@pytest.fixture(autouse=True)
def checked_database(request: pytest.FixtureRequest) -> Iterator[None]:
    """After a race or a journey every invariant of the design holds in its databases."""
    marks = {mark.name for mark in request.node.iter_markers()}
    if not marks & {"race", "journey"} or "copy_database" not in request.fixturenames:
        yield
        return
    databases: CopyDatabase = request.getfixturevalue("copy_database")
    folder: Path = request.getfixturevalue("tmp_path")
    yield
    for url in databases.made:
        assert_sound(url, folder, pages="journey" in marks)


def assert_sound(database_url: str, folder: Path, *, pages: bool = True) -> None:
    """Fail with what `dacsan check` finds in the database, and in the pages unless told not to."""
    options = ["--json"] if pages else ["--json", "--no-pages"]
    done = subprocess.run(
        [sys.executable, "-m", "shop.cli", "check", *options],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env=environment_for(folder, database_url=database_url),
        timeout=120,
    )
    assert done.stdout, done.stderr[-2000:]
    assert json.loads(done.stdout)["findings"] == [], done.stderr[-2000:]


def environment_for(folder: Path, *, tree: Path = CHECKOUT, **settings: str) -> dict[str, str]:
    """Return the variables for a command that works in `folder` with the code in `tree`."""
    given = {"var": str(folder / "var"), "secret_key": "0" * 64, "rate_limits": "0"} | settings
    environment = {f"DACSAN_{name.upper()}": value for name, value in given.items()}
    environment |= {"PYTHONPATH": str(tree), "PYTHONUNBUFFERED": "1", "LANG": "C.UTF-8"}
    return environment | {"PATH": os.environ["PATH"], "HOME": str(folder)}


def wait_until_healthy(server: Server) -> None:
    """Return when `server` answers at `/healthz`; fail with its log when it does not."""
    deadline = time.monotonic() + PATIENCE
    while not _answers(server.url):
        if server.process.poll() is not None or time.monotonic() > deadline:
            said = server.log.read_text(errors="replace")[-4000:]
            raise AssertionError(f"{server.url} does not answer:\n{said}")
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        return requests.get(f"{url}/healthz", timeout=5).status_code == 200
    except requests.ConnectionError:
        return False
