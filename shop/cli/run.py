"""`dacsan run`: open the shop on this machine, and close it again without leaving anything."""

import argparse
import gc
import os
import shutil
import signal
import sys
import threading
from pathlib import Path
from types import FrameType
from typing import TextIO

from sqlalchemy.engine import make_url

from shop import clock, formats, network, schema, supervisor
from shop.cli.failures import Refused
from shop.cli.language import Language
from shop.cli.run_texts import NAMES, PROGRESS, CannotStart, Opening
from shop.config import Settings

NAME = "run"
HELP = {
    "vi": "Mở cửa hàng: trang web và phần việc nền, tới khi bấm Ctrl-C.",
    "en": "Open the shop: web server and worker, until Ctrl-C.",
}
_DEMO = {"vi": "nạp dữ liệu mẫu nếu chưa có", "en": "load the sample data if it is not there"}
_WEB_ONLY = {
    "vi": "chỉ chạy trang web, ngay trong tiến trình này, trên cơ sở dữ liệu đã sẵn sàng",
    "en": "run the web server alone, in this very process, on a database that is ready",
}
_NO_WORKER = {
    "vi": "không chạy phần việc nền (nó chạy ở nơi khác bằng dacsan worker)",
    "en": "run no worker (it runs elsewhere, by dacsan worker)",
}

LEFTOVER_SECONDS = 10.0
"""How long an ended process may keep its port before it counts as another program's."""


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("--demo", action="store_true", help=_DEMO[lang])
    parser.add_argument("--web-only", action="store_true", help=_WEB_ONLY[lang])
    parser.add_argument("--no-worker", action="store_true", help=_NO_WORKER[lang])
    parser.set_defaults(run=lambda arguments, **files: _run(arguments, lang, **files))


def _run(arguments: argparse.Namespace, lang: Language, *, stdin: TextIO, stdout: TextIO) -> int:
    settings = Settings()
    if settings.workers > 1 and make_url(settings.database).get_backend_name() == "sqlite":
        raise CannotStart("one_process_on_sqlite")
    if settings.is_open_plainly:
        warning = PROGRESS["open_plainly"][lang]
        print(warning.format(url=settings.base_url), file=stdout, flush=True)
    prepare_folder(settings)
    if arguments.web_only:
        return _serve_here(settings, lang, stdout)
    # with a heap for each thread a web process that had signed many people in kept 300 MB, not 190
    os.environ.setdefault("MALLOC_ARENA_MAX", "2")
    return _Run(settings, lang, stdout).open(
        demo=arguments.demo or settings.demo, worker=not arguments.no_worker
    )


def prepare_folder(settings: Settings) -> None:
    """Make the folder for data; raise `CannotStart` when nothing can be written there."""
    trial = settings.var / f"trial-{os.getpid()}"
    try:
        settings.var.mkdir(parents=True, exist_ok=True)
        trial.touch()
        trial.unlink()
    except OSError as error:
        raise CannotStart("folder_unwritable", where=settings.var) from error


def _require_newest(settings: Settings) -> None:
    url = make_url(settings.database)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        raise Refused("database_missing", where=url.database)
    state, revision = schema.look(settings.database)
    if state == "new":
        raise Refused("database_new", revision=revision)
    if state == "old":
        raise Refused("database_old" if revision else "database_empty", revision=revision)


def _serve_here(settings: Settings, lang: Language, stdout: TextIO) -> int:
    _require_newest(settings)
    _require_port(settings)
    stdout.write(Opening(network.own_url(settings.host, settings.port)).text(lang))
    stdout.flush()
    from shop.serve import serve

    serve(
        host=settings.host,
        port=settings.port,
        threads=settings.threads,
        workers=settings.workers,
    )
    return 0


def _require_port(settings: Settings) -> None:
    problem = network.why_port_is_closed(settings.host, settings.port)
    if problem is not None:
        other = settings.port + 1 if settings.port < 65535 else 8000
        values = {"host": settings.host, "port": settings.port, "other": other}
        raise CannotStart(problem, **values, command=_command())


def _command() -> str:
    """Return what to type to run this again: by make, or the command where it was found."""
    if "MAKELEVEL" in os.environ:
        return "make run"
    started = Path(sys.argv[0])
    if started.name.startswith("dacsan") and shutil.which("dacsan") is None:
        return f"{started} run"
    return "dacsan run"


class _StopLoading(BaseException):
    """Somebody does not want to wait until everything is loaded."""


class _Run:
    """One opening of the shop, from the first check to the last process."""

    def __init__(self, settings: Settings, lang: Language, stdout: TextIO) -> None:
        self.settings, self.lang, self.stdout = settings, lang, stdout
        self.url = network.own_url(settings.host, settings.port)
        self.record = settings.var / f"run-{settings.port}.json"
        self.wishes_to_stop, self.insists = threading.Event(), threading.Event()
        self.is_loading = False

    def open(self, *, demo: bool, worker: bool) -> int:
        """Open the shop, keep it open until somebody stops it, and close it."""
        self._make_way()
        self._prepare_tables()
        _require_port(self.settings)
        self._listen_to_signals()
        # One heap for all threads of a child: what one gave back the next takes (glibc has many).
        os.environ.setdefault("MALLOC_ARENA_MAX", "1")
        children = supervisor.Supervisor(self.record, os.getpid(), died=self._say_died)
        try:
            self.is_loading = True
            if self._is_empty(demo=demo):  # whoever comes meanwhile would see an empty shop
                opening = self._load(demo=demo)
                children.add("web", self._web_command())
            else:
                children.add("web", self._web_command())
                opening = self._load(demo=demo)  # while the web server starts
            self.is_loading = False
            children.watch(self.wishes_to_stop, until=self._answers)
            if not self.wishes_to_stop.is_set():
                self._say(opening.text(self.lang))
                if worker:
                    children.add("worker", [sys.executable, "-m", "shop.cli", "worker"])
                children.watch(self.wishes_to_stop)
        except supervisor.KeepsDying:
            raise CannotStart("web_does_not_start") from None
        except _StopLoading:
            pass  # nothing was committed: the next start loads it anew
        finally:
            self._tell("stopping")
            children.stop(at_once=self.insists)
        self._tell("stopped")
        gc.freeze()  # an interpreter that ends would look through everything once more: a second
        return 0

    def _make_way(self) -> None:
        pid = supervisor.running_supervisor(self.record, own_pid=os.getpid())
        if pid is not None:
            raise CannotStart("already_running", url=self.url, pid=pid)
        ended = supervisor.end_leftovers(self.record)
        if ended:
            self._tell("leftovers", names=", ".join(NAMES[name][self.lang] for name in ended))
            network.wait_for_port(self.settings.host, self.settings.port, LEFTOVER_SECONDS)

    def _prepare_tables(self) -> None:
        state, revision = schema.look(self.settings.database)
        if state == "new":
            raise Refused("database_new", revision=revision)
        if state == "current":
            return
        self._tell("migrating")
        from shop.db import make_engine
        from shop.migrate import upgrade

        engine = make_engine(self.settings.database)
        upgrade(engine)
        engine.dispose()

    def _is_empty(self, *, demo: bool) -> bool:
        url = self.settings.database
        has_demo = not demo or schema.has_rows(url, "seller", "is_sample")
        return not (has_demo and schema.has_rows(url, "commune"))

    def _load(self, *, demo: bool) -> Opening:
        from shop.db import make_engine, open_session
        from shop.demo import open_work, reference, seed, sign_ins
        from shop.queries.labels import newest_label
        from shop.search import engine as index
        from shop.services import search

        network_url = network.network_url(self.settings.host, self.settings.port)
        engine = make_engine(self.settings.database)
        with open_session(engine, self.settings) as session:
            reference.load(session)
            session.commit()
            if not demo:
                return Opening(self.url, network_url)
            if newest_label(session) is None:
                self._tell("loading_demo")
            if seed.load(session, today=clock.today()):
                folder, now = self.settings.var.resolve() / "photos", clock.now()
                open_work.load(session, folder=folder, now=now, today=clock.today())
            session.commit()
            if not index.current(search.folder(self.settings)):
                search.rebuild(session, search.folder(self.settings), today=clock.today())
            known = [
                (role, formats.phone(phone), password) for role, phone, password in sign_ins()
            ]
            return Opening(self.url, network_url, known, newest_label(session) or "")

    def _web_command(self) -> list[str]:
        options = {
            "--host": self.settings.host,
            "--port": self.settings.port,
            "--threads": self.settings.threads,
            "--workers": self.settings.workers,
        }
        words = [str(word) for option in options.items() for word in option]
        # without docstrings, which nobody reads here, it is six megabytes smaller
        return [sys.executable, "-OO", "-m", "shop.serve", *words]

    def _answers(self) -> bool:
        return network.answers(self.settings.host, self.settings.port)

    def _listen_to_signals(self) -> None:
        def hear(_number: int, _frame: FrameType | None) -> None:
            if self.wishes_to_stop.is_set():
                self.insists.set()
            self.wishes_to_stop.set()
            if self.is_loading:
                self.is_loading = False
                raise _StopLoading

        for name in ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), hear)

    def _say_died(self, name: str, code: int) -> None:
        self._tell("died", name=NAMES[name][self.lang], code=code)

    def _tell(self, what: str, **values: object) -> None:
        self._say(PROGRESS[what][self.lang].format(**values) + "\n")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()
