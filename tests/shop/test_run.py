"""`dacsan run` as a person meets it: it opens, says where, keeps going, and leaves nothing."""

import json
import os
import re
import resource
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests

from shop import network, supervisor
from shop.cli import main
from tests.support.redis import free_port
from tests.support.servers import environment_for

PATIENCE = 60.0
START_RATIO = 6.5
"""Times the work of loading the libraries that no start can do without, all processes together.

A ratio and no seconds: processors that share their parts need up to twice the time for the same.
"""
LIBRARIES = "flask, flask_babel, flask_limiter, sqlalchemy.orm, alembic.command"
STOP_BUDGET = 5.0
MEMORY_BUDGET_MB = 120


@dataclass
class Shop:
    """One `dacsan run` in a folder of its own."""

    process: "subprocess.Popen[bytes]"
    port: int
    folder: Path
    output: Path

    @property
    def said(self) -> str:
        """Everything it printed so far."""
        return self.output.read_text("utf-8")

    @property
    def children(self) -> dict[str, int]:
        """The children it wrote down, by name."""
        record = self.folder / "var" / f"run-{self.port}.json"
        found: dict[str, int] = json.loads(record.read_text("utf-8"))["children"]
        return found

    def get(self, path: str) -> requests.Response:
        """Ask for a page until the server answers."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=20)
            except requests.ConnectionError:
                if time.monotonic() > end or self.process.poll() is not None:
                    raise AssertionError(self.said) from None
                time.sleep(0.05)

    def wait_for(self, words: str) -> None:
        """Wait until it says `words`."""
        end = time.monotonic() + PATIENCE
        while words not in self.said:
            assert time.monotonic() < end, self.said
            assert self.process.poll() is None, self.said
            time.sleep(0.05)

    def wait_for_note(self, words: str) -> None:
        """Wait until the worker has noted `words` in its file."""
        file, end = self.folder / "var" / "log" / "worker.log", time.monotonic() + PATIENCE
        while not file.exists() or words not in file.read_text("utf-8"):
            assert time.monotonic() < end, self.said
            time.sleep(0.05)

    def wait_for_child(self, name: str, *, other_than: int = 0) -> int:
        """Wait until a child runs, not the one there was; return its process number."""
        end = time.monotonic() + PATIENCE
        while self.children.get(name, other_than) == other_than:
            assert time.monotonic() < end, self.said
            time.sleep(0.05)
        return self.children[name]

    def processes(self) -> dict[int, str]:
        """Every living process that was started for this shop, by number."""
        mark = f"DACSAN_VAR={self.folder / 'var'}\0".encode()
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                if entry.name.isdigit() and mark in (entry / "environ").read_bytes():
                    command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode()
                    found[int(entry.name)] = command
            except OSError:
                continue
        return {pid: command for pid, command in found.items() if command}

    def stop(self, number: int = signal.SIGINT) -> float:
        """Ask it to stop and return how many seconds it took until every process was gone."""
        started = time.monotonic()
        self.process.send_signal(number)
        while self.processes() and time.monotonic() < started + PATIENCE:
            time.sleep(0.02)
        self.process.wait(PATIENCE)
        return time.monotonic() - started


class Open:
    """Opens shops in one folder, with the same settings unless told otherwise."""

    def __init__(self, folder: Path, settings: dict[str, Any] | None = None) -> None:
        self.folder = folder
        self.settings = settings or {}
        self.opened: list[Shop] = []

    def __call__(self, *words: str, port: int = 0, lang: str = "C.UTF-8", **settings: Any) -> Shop:
        """Start `dacsan run` with `words`; without a port on a free one."""
        port = port or free_port()
        output = self.folder / f"output-{port}-{len(self.opened)}"
        given = self.settings | {"port": str(port)} | settings
        environment = environment_for(self.folder, **given) | {"LANG": lang}
        with output.open("wb") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "shop.cli", "run", *words],
                stdout=file,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                env=environment,
                cwd=self.folder,
                start_new_session=True,
            )
        self.opened.append(Shop(process, port, self.folder, output))
        return self.opened[-1]

    def end(self) -> None:
        """End what a failing test left."""
        for shop in self.opened:
            for pid in shop.processes():
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            shop.process.wait(PATIENCE)


@pytest.fixture
def open_shop(tmp_path: Path, database_url: str) -> Iterator[Open]:
    """Open shops on a database that has its tables; they are gone after the test."""
    opener = Open(tmp_path, {"database_url": database_url})
    yield opener
    opener.end()


@pytest.fixture(scope="module")
def demo_shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """A shop that was opened for the first time, with the demo; tests leave it open."""
    opener = Open(tmp_path_factory.mktemp("demo-shop"))
    shop = opener("--demo")
    shop.wait_for("3. ")
    shop.wait_for_child("worker")
    yield shop
    opener.end()


def resident_mb(pid: int) -> int:
    """How much memory a process has in use, shared pages included."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) // 1024
    raise AssertionError(f"process {pid} has ended")


def processor_seconds(pid: int) -> float:
    """How long a process has kept a processor busy."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])  # utime and stime of proc(5)
    return ticks / os.sysconf("SC_CLK_TCK")


def refusal(shop: Shop) -> str:
    """What a shop says that does not open; it must be one line and the exit code 1."""
    assert shop.process.wait(PATIENCE) == 1, shop.said
    lines = shop.said.strip().splitlines()
    assert len(lines) == 1, shop.said
    return lines[0]


def answering(shop: Shop) -> int:
    """The process that answers requests: the web child forked it."""
    parent = f"PPid:\t{shop.children['web']}\n"
    (found,) = [
        pid for pid in shop.processes() if parent in Path(f"/proc/{pid}/status").read_text()
    ]
    return found


def test_the_first_start_says_in_vietnamese_where_to_go_who_to_be_and_what_to_try(
    demo_shop: Shop,
) -> None:
    said = demo_shop.said

    assert f"Cửa hàng:   http://127.0.0.1:{demo_shop.port}/\n" in said
    assert f"Văn phòng:  http://127.0.0.1:{demo_shop.port}/quan-ly\n" in said
    assert "Đăng nhập mẫu (mật khẩu mau-dac-san):" in said
    assert "Máy tạo mã tập huấn (giả lập)" in said
    assert re.findall(r"^  (.+?) +0[0-9 ]{9,}$", said, re.MULTILINE) == [
        "Giám đốc",
        "Văn phòng",
        "Kỹ thuật",
        "Xã viên",
        "Người giúp",
        "Thủ quỹ",
    ]
    assert "Bốn việc để thử:" in said
    assert f"http://127.0.0.1:{demo_shop.port}/01/0" in said


def test_the_window_of_a_clerk_shows_no_lines_of_the_machine(demo_shop: Shop) -> None:
    demo_shop.wait_for_note("worker_started")

    assert '{"' not in demo_shop.said


def test_every_address_it_names_leads_somewhere(demo_shop: Shop) -> None:
    addresses = set(re.findall(rf"http://127.0.0.1:{demo_shop.port}(/[\w/-]*)", demo_shop.said))

    answers = {path: demo_shop.get(path).status_code for path in addresses}

    assert len(addresses) == 3
    assert set(answers.values()) == {200}, answers


def test_a_second_run_of_the_same_shop_says_where_the_first_one_is(demo_shop: Shop) -> None:
    opener = Open(demo_shop.folder)
    try:
        said = refusal(opener("--no-worker", port=demo_shop.port))
    finally:
        opener.opened[0].process.kill()

    assert said.startswith(f"Đặc Sản đang mở sẵn tại http://127.0.0.1:{demo_shop.port} ")
    assert demo_shop.get("/healthz").status_code == 200


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_child_that_dies_is_started_again_and_leaves_nothing(demo_shop: Shop, name: str) -> None:
    killed, forked = demo_shop.wait_for_child(name), answering(demo_shop)

    os.kill(killed, signal.SIGKILL)

    started = demo_shop.wait_for_child(name, other_than=killed)
    demo_shop.wait_for("dừng bất ngờ (mã -9), đang chạy lại.")
    assert demo_shop.get("/healthz").status_code == 200
    assert demo_shop.processes().keys() & {killed, started} == {started}
    assert (forked in demo_shop.processes()) == (name == "worker")


def test_a_process_that_answers_requests_comes_back_after_its_death(demo_shop: Shop) -> None:
    web = demo_shop.children["web"]

    os.kill(answering(demo_shop), signal.SIGKILL)

    demo_shop.wait_for_child("web", other_than=web)
    assert demo_shop.get("/healthz").status_code == 200


def test_the_machines_language_decides_what_it_speaks(open_shop: Open) -> None:
    shop = open_shop("--no-worker", lang="en_GB.UTF-8")

    shop.wait_for("Ctrl-C stops it.")

    assert f"Shop:    http://127.0.0.1:{shop.port}/en/\n" in shop.said
    assert list(shop.children) == ["web"]


def test_stopping_ends_every_process_within_five_seconds_while_requests_run(
    open_shop: Open,
) -> None:
    shop = open_shop()
    shop.wait_for("Ctrl-C")
    shop.wait_for_child("worker")
    busy = [socket.create_connection(("127.0.0.1", shop.port)) for _ in range(3)]
    for connection in busy:
        connection.sendall(
            b"POST /dang-nhap HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n"
            b"Content-Type: application/x-www-form-urlencoded\r\n\r\nphone="
        )

    lasted = shop.stop()

    for connection in busy:
        connection.close()
    assert lasted < STOP_BUDGET
    assert shop.process.returncode == 0
    assert "Đã dừng." in shop.said
    assert not (shop.folder / "var" / f"run-{shop.port}.json").exists()


def test_nobody_is_served_before_the_demo_is_loaded(open_shop: Open) -> None:
    shop = open_shop("--demo", "--no-worker")

    first_page = shop.get("/san-pham")

    assert "Chè xanh La Bằng" in first_page.text
    assert shop.get("/readyz").status_code == 200


def test_stopping_does_not_wait_until_the_demo_is_loaded(open_shop: Open) -> None:
    shop = open_shop("--demo")
    shop.wait_for("Đang nạp dữ liệu mẫu")
    time.sleep(0.5)

    lasted = shop.stop()

    assert lasted < STOP_BUDGET
    assert shop.process.returncode == 0
    assert "Đặc Sản đã mở" not in shop.said


def test_when_the_supervisor_is_killed_its_children_end_by_themselves(open_shop: Open) -> None:
    shop = open_shop()
    shop.wait_for("Ctrl-C")
    shop.wait_for_note("worker_started")

    lasted = shop.stop(signal.SIGKILL)

    assert shop.processes() == {}
    assert lasted < 2 * STOP_BUDGET


def test_what_an_earlier_run_left_behind_is_recognised_and_ended(open_shop: Open) -> None:
    port, mark = free_port(), "0123456789abcdef"
    words = ["--host", "127.0.0.1", "--threads", "2", "--workers", "1", "--port", str(port)]
    record = open_shop.folder / "var" / f"run-{port}.json"
    record.parent.mkdir()
    # its standard input stays open, as if somebody still held it
    with subprocess.Popen(
        [sys.executable, "-m", "shop.serve", *words, "--supervised", mark],
        stdin=subprocess.PIPE,
        env=environment_for(open_shop.folder, port=str(port), **open_shop.settings),
        start_new_session=True,
    ) as stale:
        while network.why_port_is_closed("127.0.0.1", port) is None:
            time.sleep(0.05)
        left = {"supervisor": stale.pid, "mark": mark, "children": {"web": stale.pid}}
        record.write_text(json.dumps(left), encoding="utf-8")

        shop = open_shop("--no-worker", port=port)
        shop.wait_for("Ctrl-C")

        assert "Đã dọn phần còn sót của lần chạy trước: Trang web." in shop.said
        assert stale.wait(PATIENCE) == -signal.SIGKILL
    assert shop.get("/healthz").status_code == 200


LEAVES_ITS_PORT_LATE = """
import os, socket, sys, time
door = socket.create_server(("127.0.0.1", int(sys.argv[1])))
parent = os.getpid()
if os.fork() == 0:
    os.setsid()
    while os.getppid() == parent:
        time.sleep(0.05)
    time.sleep(1)
    os._exit(0)
time.sleep(600)
"""
"""The system takes its time to clear a process away: here one second after it was ended."""


def test_the_port_of_what_was_left_behind_is_waited_for(open_shop: Open) -> None:
    port, mark = free_port(), "0123456789abcdef"
    record = open_shop.folder / "var" / f"run-{port}.json"
    record.parent.mkdir()
    command = [sys.executable, "-c", LEAVES_ITS_PORT_LATE, str(port), mark]
    with subprocess.Popen(command, start_new_session=True) as stale:
        while network.why_port_is_closed("127.0.0.1", port) is None:
            time.sleep(0.05)
        time.sleep(0.3)  # until its child has a session of its own
        left = {"supervisor": stale.pid, "mark": mark, "children": {"web": stale.pid}}
        record.write_text(json.dumps(left), encoding="utf-8")

        shop = open_shop("--no-worker", port=port)
        stale.wait(PATIENCE)  # the child sees that its parent has gone

        shop.wait_for("Ctrl-C")


def test_a_stranger_with_the_number_of_an_old_child_is_left_alone(tmp_path: Path) -> None:
    record = tmp_path / "run-8000.json"
    with subprocess.Popen(["sleep", "60"], start_new_session=True) as stranger:
        left = {"supervisor": stranger.pid, "mark": "f00d", "children": {"web": stranger.pid}}
        record.write_text(json.dumps(left), encoding="utf-8")

        ended = supervisor.end_leftovers(record)

        assert ended == []
        assert stranger.poll() is None
        assert not record.exists()
        stranger.kill()


def test_a_port_that_is_taken_is_named_with_another_to_try(open_shop: Open) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        said = refusal(open_shop("--no-worker", port=port))

    assert said == (
        f"Cổng {port} đang có chương trình khác dùng. Tắt chương trình đó, hoặc chọn cổng khác, "
        f"ví dụ: DACSAN_PORT={port + 1} dacsan run"
    )


def test_whoever_started_by_make_is_told_a_command_of_make(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        settings = {"MAKELEVEL": "1", "DACSAN_LANG": "vi", "DACSAN_PORT": str(port)}
        for name, value in (settings | {"DACSAN_VAR": str(tmp_path)}).items():
            monkeypatch.setenv(name, value)

        code = main(["run"])

    assert code == 1
    assert capsys.readouterr().err.endswith(f"ví dụ: DACSAN_PORT={port + 1} make run\n")


def test_a_public_address_that_is_none_is_refused(open_shop: Open) -> None:
    said = refusal(open_shop(public_url="shop.example"))

    assert said == (
        "DACSAN_PUBLIC_URL (shop.example) không phải địa chỉ. Viết như https://ten-mien.vn"
    )


def test_a_shop_open_to_all_over_plain_http_is_warned_of_its_labels(open_shop: Open) -> None:
    shop = open_shop("--no-worker", public_url="http://shop.example")

    shop.wait_for("Ctrl-C")

    assert shop.said.startswith("Chú ý: địa chỉ http://shop.example không mã hoá (http)")


def test_a_folder_that_cannot_be_written_is_named(open_shop: Open, tmp_path: Path) -> None:
    (tmp_path / "note").write_text("a file, not a folder", encoding="utf-8")
    folder = tmp_path / "note" / "var"

    said = refusal(open_shop(var=str(folder)))

    assert said.startswith(f"Không ghi được vào thư mục {folder}.")


def test_a_database_of_a_newer_release_is_not_touched(open_shop: Open, database_url: str) -> None:
    path = database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()

    said = refusal(open_shop())

    assert said.startswith("Cơ sở dữ liệu thuộc bản mới hơn (9999)")
    with closing(sqlite3.connect(path)) as connection:
        (revision,) = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    assert revision == "9999"


def test_the_web_server_alone_wants_a_database_that_is_ready(
    open_shop: Open, tmp_path: Path
) -> None:
    ready = open_shop("--web-only")
    without_tables = refusal(open_shop("--web-only", database_url=f"sqlite:///{tmp_path}/new"))

    ready.wait_for("Ctrl-C")

    assert "Chạy dacsan run một lần" in without_tables
    assert ready.get("/readyz").status_code == 200
    assert ready.stop(signal.SIGTERM) < STOP_BUDGET


def test_several_web_processes_on_sqlite_are_refused(open_shop: Open) -> None:
    said = refusal(open_shop(workers="2"))

    assert said.startswith("Nhiều tiến trình web cần PostgreSQL.")


def test_a_web_server_that_cannot_start_is_given_up_with_one_last_sentence(
    open_shop: Open,
) -> None:
    (open_shop.folder / "var").mkdir()
    (open_shop.folder / "var" / "static").write_text("in the way of a folder", encoding="utf-8")

    shop = open_shop("--no-worker")

    assert shop.process.wait(PATIENCE) == 1
    assert shop.said.splitlines()[-1] == (
        "Không mở được trang web; lý do nằm ở các dòng phía trên."
    )
    assert shop.processes() == {}


def loading_libraries() -> float:
    """Return the seconds of one processor that it takes here and now."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    for _ in range(3):
        subprocess.run([sys.executable, "-c", f"import {LIBRARIES}"], check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return used / 3


def test_a_later_start_takes_little_work_and_little_memory(
    open_shop: Open, demo_database_url: str
) -> None:
    shop = open_shop("--demo", "--no-worker", database_url=demo_database_url)
    first_page = shop.get("/")
    until_the_first_page = sum(map(processor_seconds, shop.processes()))

    for path in ("/", "/san-pham", "/gio-hang", "/tra-cuu", "/dang-nhap") * 3:
        shop.get(path)

    assert first_page.status_code == 200
    assert until_the_first_page < START_RATIO * loading_libraries()
    assert resident_mb(answering(shop)) <= MEMORY_BUDGET_MB


def test_the_worker_takes_little_memory(demo_shop: Shop) -> None:
    demo_shop.wait_for_note("worker_started")
    time.sleep(2)  # the jobs that are due at the start have been done by then

    used = resident_mb(demo_shop.children["worker"])

    assert used <= MEMORY_BUDGET_MB
