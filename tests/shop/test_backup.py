"""A backup holds everything, and a restore brings all of it back or changes nothing."""

import io
import json
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from shop.backup import bringing_back
from shop.cli import main
from shop.config import Settings
from tests.factories import NOW
from tests.support import postgres
from tests.support.databases import CopyDatabase
from tests.support.redis import free_port
from tests.support.shared import CHECKOUT

KEY, PHOTO = "0" * 64, b"\x89PNG of a tea leaf"


class Installation:
    """A folder with a shop in it, and somebody who types commands there."""

    def __init__(
        self,
        var: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
        url: str = "",
    ) -> None:
        self.var, self.url = var, url or f"sqlite:///{var / 'dacsan.sqlite'}"
        self._monkeypatch, self._capsys = monkeypatch, capsys
        self.environment = {"DACSAN_VAR": str(var), "DACSAN_PORT": str(free_port())}
        if url:
            self.environment["DACSAN_DATABASE_URL"] = url

    def dacsan(self, *words: str) -> tuple[int, str, str]:
        """Run a command and return its exit code, what it said, and its complaint."""
        for name, value in {"DACSAN_LANG": "vi", **self.environment}.items():
            self._monkeypatch.setenv(name, value)
        self._monkeypatch.setattr(sys, "stdin", io.StringIO("mat khau dai\n"))
        code = main(words)
        said = self._capsys.readouterr()
        return code, said.out, said.err

    def refusal(self, *words: str) -> str:
        code, said, _ = self.dacsan(*words, "--json")
        assert code == 1
        error: str = json.loads(said)["error"]
        return error

    def furnish(self, name: str) -> "Installation":
        """Put an account, a key, a photo and a letter of their own into the installation."""
        (self.var / "photos").mkdir(parents=True)
        (self.var / "mail").mkdir()
        (self.var / "photos" / "la-che.png").write_bytes(PHOTO)
        (self.var / "mail" / "letter.eml").write_text(f"Kính gửi {name}", encoding="utf-8")
        (self.var / "secret.key").write_text(KEY.replace("0", name[0]), encoding="ascii")
        assert self.dacsan("user", "add", "--phone", "0912345678", "--name", name)[0] == 0
        return self

    def names(self) -> list[str]:
        engine = create_engine(self.url)
        with engine.connect() as connection:
            found = list(connection.execute(text("SELECT name FROM account")).scalars())
        engine.dispose()
        return found

    def backup(self) -> Path:
        _, said, _ = self.dacsan("backup", "--json")
        return Path(json.loads(said)["path"])


MakeInstallation = Callable[[str], Installation]


@pytest.fixture
def installation(
    copy_database: CopyDatabase,
    database_kind: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> MakeInstallation:
    """Make installations, each with one account by whose name they are told apart."""

    def make(name: str) -> Installation:
        var = tmp_path / f"var-{name}"
        var.mkdir()
        url = copy_database()
        if database_kind == "postgres":
            return Installation(var, monkeypatch, capsys, url).furnish(name)
        shutil.move(str(make_url(url).database), var / "dacsan.sqlite")
        return Installation(var, monkeypatch, capsys).furnish(name)

    return make


@pytest.mark.both_databases
def test_a_backup_is_read_back_and_warns_of_what_it_holds(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    (shop.var / "photos_waiting").mkdir()
    (shop.var / "photos_waiting" / "sent-by-a-member.webp").write_bytes(PHOTO)

    code, said, _ = shop.dacsan("backup")

    [path] = (shop.var / "backups").iterdir()
    assert code == 0
    assert f"Đã sao lưu vào {path}" in said
    assert "khoá bí mật" in said
    assert sorted(zipfile.ZipFile(path).namelist()) == [
        "database",
        "files/mail/letter.eml",
        "files/photos/la-che.png",
        "files/photos_waiting/sent-by-a-member.webp",
        "files/secret.key",
        "manifest.json",
    ]


@pytest.mark.both_databases
def test_a_restore_brings_everything_back_and_keeps_the_old_aside(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    shop.dacsan("user", "add", "--phone", "0912345679", "--name", "Lan", "--role", "admin")
    (shop.var / "photos" / "la-che.png").unlink()
    (shop.var / "mail" / "letter.eml").write_text("đã sửa", encoding="utf-8")

    code, said, complaint = shop.dacsan("restore", str(path))

    [aside] = (shop.var / "before-restore").iterdir()
    assert (code, complaint) == (0, "")
    assert "Đã lấy lại dữ liệu của bản sao lưu" in said
    assert shop.names() == ["Hoa"]
    assert (shop.var / "photos" / "la-che.png").read_bytes() == PHOTO
    assert (shop.var / "mail" / "letter.eml").read_text("utf-8") == "Kính gửi Hoa"
    assert (aside / "mail" / "letter.eml").read_text("utf-8") == "đã sửa"
    assert not list(shop.var.glob("restoring-*"))


def test_what_was_there_before_can_be_brought_back_too(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    shop.dacsan("user", "add", "--phone", "0912345679", "--name", "Lan", "--role", "admin")

    shop.dacsan("restore", str(path))

    [aside] = (shop.var / "before-restore").iterdir()
    with closing(sqlite3.connect(aside / "dacsan.sqlite")) as old:
        assert old.execute("SELECT count(*) FROM account").fetchone() == (2,)


@pytest.mark.postgres
def test_the_old_database_stays_on_the_server_under_another_name(
    installation: MakeInstallation, postgres_socket: Path
) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    shop.dacsan("user", "add", "--phone", "0912345679", "--name", "Lan", "--role", "admin")

    shop.dacsan("restore", str(path))

    [aside] = (shop.var / "before-restore").iterdir()
    old = (aside / "database.txt").read_text("utf-8").strip()
    kept = Installation.names(_at(shop, postgres.url(postgres_socket, old)))
    postgres.drop_database(postgres_socket, old)
    assert kept == ["Hoa", "Lan"]


def _at(shop: Installation, url: str) -> Installation:
    other = object.__new__(Installation)
    other.url = url
    return other


@pytest.mark.both_databases
def test_a_backup_moves_to_another_machine_with_its_key(
    installation: MakeInstallation,
) -> None:
    there, here = installation("Hoa"), installation("Lan")
    path = there.backup()

    code, _, _ = here.dacsan("restore", str(path))

    assert code == 0
    assert here.names() == ["Hoa"]
    assert (here.var / "secret.key").read_text("ascii") == KEY.replace("0", "H")


def test_a_backup_is_restored_where_nothing_is_yet(
    installation: MakeInstallation,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    path = installation("Hoa").backup()
    new = Installation(tmp_path / "new" / "var", monkeypatch, capsys)

    code, _, complaint = new.dacsan("restore", str(path))

    assert (code, complaint) == (0, "")
    assert new.names() == ["Hoa"]


def test_a_damaged_database_is_replaced_and_kept_aside(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    broken = b"dien yeu giua chung " * 1000
    (shop.var / "dacsan.sqlite").write_bytes(broken)
    (shop.var / "dacsan.sqlite-wal").write_bytes(broken)

    code, _, complaint = shop.dacsan("restore", str(path))

    [aside] = (shop.var / "before-restore").iterdir()
    assert (code, complaint) == (0, "")
    assert shop.names() == ["Hoa"]
    assert (aside / "dacsan.sqlite").read_bytes() == broken


def test_a_damaged_database_makes_no_backup(installation: MakeInstallation) -> None:
    shop = installation("Hoa")
    with closing(sqlite3.connect(shop.var / "dacsan.sqlite")) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray((shop.var / "dacsan.sqlite").read_bytes())
    page = 4096 * 20
    content[page : page + 4096 * 4] = b"\xff" * 4096 * 4
    (shop.var / "dacsan.sqlite").write_bytes(content)

    error = shop.refusal("backup")

    assert error in {"backup_database_damaged", "database_damaged"}
    assert not list((shop.var / "backups").glob("*"))


def repack(path: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """Write the backup anew with its parts changed."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    changed = path.with_name("changed.zip")
    with zipfile.ZipFile(changed, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return changed


def edit_manifest(parts: dict[str, bytes], **values: Any) -> None:
    manifest = json.loads(parts["manifest.json"])
    parts["manifest.json"] = json.dumps(manifest | values).encode()


def alter(parts: dict[str, bytes]) -> None:
    parts["files/photos/la-che.png"] = b"another picture"


def drop_part(parts: dict[str, bytes]) -> None:
    del parts["files/secret.key"]


def add_part(parts: dict[str, bytes]) -> None:
    parts["files/more.txt"] = b"not listed"


def climb(parts: dict[str, bytes]) -> None:
    manifest = json.loads(parts["manifest.json"])
    manifest["parts"][1]["name"] = "files/../../outside.txt"
    parts["files/../../outside.txt"] = parts.pop("files/mail/letter.eml")
    parts["manifest.json"] = json.dumps(manifest).encode()


def no_manifest(parts: dict[str, bytes]) -> None:
    del parts["manifest.json"]


@pytest.mark.parametrize(
    ("change", "error"),
    [
        (alter, "backup_part_damaged"),
        (drop_part, "backup_parts_differ"),
        (add_part, "backup_parts_differ"),
        (climb, "backup_unsafe_name"),
        (no_manifest, "backup_not_a_backup"),
        (lambda parts: edit_manifest(parts, revision="9999"), "backup_newer_release"),
        (lambda parts: edit_manifest(parts, version=2), "backup_other_version"),
        (lambda parts: edit_manifest(parts, database_kind="postgresql"), "backup_other_database"),
        (lambda parts: edit_manifest(parts, made_at="hôm qua"), "backup_not_a_backup"),
    ],
)
def test_a_backup_that_cannot_be_trusted_changes_nothing(
    installation: MakeInstallation, change: Callable[[dict[str, bytes]], None], error: str
) -> None:
    shop = installation("Hoa")
    path = repack(shop.backup(), change)
    before = sorted(path.relative_to(shop.var) for path in shop.var.rglob("*"))

    found = shop.refusal("restore", str(path))

    assert found == error
    assert shop.names() == ["Hoa"]
    assert not (shop.var.parent / "outside.txt").exists()
    assert not list(shop.var.glob("restoring-*"))
    assert {one for one in before if one.parts[0] != "dacsan.sqlite-wal"} >= {
        path.relative_to(shop.var) for path in shop.var.rglob("*")
    }


@pytest.mark.parametrize("share", [0.2, 0.6, 0.97])
def test_a_backup_that_was_cut_short_is_refused(
    installation: MakeInstallation, share: float
) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * share)])

    assert shop.refusal("restore", str(path)) == "backup_not_a_backup"


@pytest.mark.parametrize("place", [0.3, 0.6])
def test_a_bit_that_fell_over_is_noticed(installation: MakeInstallation, place: float) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    content = bytearray(path.read_bytes())
    content[int(len(content) * place)] ^= 0x10
    path.write_bytes(content)

    assert shop.refusal("restore", str(path)) == "backup_part_damaged"


def test_data_with_faults_comes_back_only_when_asked_for(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    with closing(sqlite3.connect(shop.var / "dacsan.sqlite")) as connection:
        connection.execute("DROP TRIGGER posting_no_update")
        connection.commit()
    path = shop.backup()

    refused, _, complaint = shop.dacsan("restore", str(path))
    accepted, _, _ = shop.dacsan("restore", str(path), "--with-faults")

    assert (refused, accepted) == (1, 0)
    assert "có 1 chỗ sai" in complaint
    assert "posting" in complaint


@pytest.mark.both_databases
def test_a_database_that_somebody_uses_is_not_replaced(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    engine = create_engine(shop.url)

    with engine.connect() as connection:
        connection.execute(text("SELECT 1 FROM account")).all()
        connection.rollback()
        error = shop.refusal("restore", str(path))

    engine.dispose()
    assert error == "database_in_use"
    assert shop.names() == ["Hoa"]


def test_a_shop_that_answers_on_its_port_is_not_replaced(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    path = shop.backup()

    with socket.socket() as other:
        other.bind(("127.0.0.1", int(shop.environment["DACSAN_PORT"])))
        other.listen()
        refused = shop.refusal("restore", str(path))
        told, _, _ = shop.dacsan("restore", "--ignore-port", str(path))

    assert refused == "shop_is_running"
    assert told == 0


def test_two_restores_at_once_are_one(installation: MakeInstallation) -> None:
    shop = installation("Hoa")
    path = shop.backup()
    settings = Settings(var=shop.var)
    staged = bringing_back.stage(settings, path, say=lambda _: None)
    (shop.var / bringing_back.PLAN).write_text("{}", encoding="utf-8")

    with pytest.raises(bringing_back.UnderWay):
        bringing_back.put_in_place(settings, staged, now=NOW)

    assert shop.names() == ["Hoa"]


def test_a_restore_killed_at_any_step_leaves_old_or_new_whole(
    installation: MakeInstallation, tmp_path: Path
) -> None:
    old, new = installation("Lan"), installation("Hoa")
    path = new.backup()
    work = tmp_path / "work"
    work.mkdir()

    said = subprocess.run(
        [sys.executable, "-m", "tests.support.killed_restore", old.var, path, work],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout

    lines = [json.loads(line) for line in said.splitlines()]
    wholes = [
        {"whole": "ok", "database": name, "key": KEY.replace("0", name[0]),
         "letter": f"Kính gửi {name}"}
        for name in ("Lan", "Hoa")
    ]  # fmt: skip
    assert len(lines) > 30
    assert lines[-1]["ended"] == 0
    assert {line["ended"] for line in lines[:-1]} == {99}
    assert all(line["before"] in [None, *wholes] for line in lines)
    assert all(line["after"] in wholes for line in lines)
    assert sum(line["finished"] for line in lines) > 3
    assert [line["after"] for line in (lines[0], lines[-1])] == wholes


def test_the_next_command_ends_a_restore_that_was_killed(
    installation: MakeInstallation,
) -> None:
    old, new = installation("Lan"), installation("Hoa")
    staged = bringing_back.stage(Settings(var=old.var), new.backup(), say=lambda _: None)
    plan = {"folder": staged.folder.name, "database": "", "aside": "earlier"}
    (old.var / bringing_back.PLAN).write_text(json.dumps(plan), encoding="utf-8")

    _, said, _ = old.dacsan("user", "list")

    assert "Hoa" in said
    assert (old.var / "secret.key").read_text("ascii") == KEY.replace("0", "H")
    assert not (old.var / bringing_back.PLAN).exists()


WRITER = """
import itertools, sys
from sqlalchemy import create_engine, text
engine = create_engine(sys.argv[1])
for number in itertools.count():
    with engine.begin() as connection:
        for side in ("left", "right"):
            connection.execute(
                text("INSERT INTO pair (number, side) VALUES (:number, :side)"),
                {"number": number, "side": side},
            )
    print(number, flush=True)
"""


@pytest.fixture
def busy_writer() -> Iterator[Callable[[str], "subprocess.Popen[str]"]]:
    """Start a process that writes pairs of rows, each pair in one transaction, without a rest."""
    started: list[subprocess.Popen[str]] = []

    def start(url: str) -> "subprocess.Popen[str]":
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("CREATE TABLE pair (number integer, side text)"))
        engine.dispose()
        started.append(
            subprocess.Popen(
                [sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True
            )
        )
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


@pytest.mark.both_databases
def test_a_backup_taken_while_another_process_writes_is_one_moment(
    installation: MakeInstallation,
    busy_writer: Callable[[str], "subprocess.Popen[str]"],
) -> None:
    shop = installation("Hoa")
    writer = busy_writer(shop.url)
    assert writer.stdout is not None
    for _ in range(5):
        writer.stdout.readline()

    path = shop.backup()
    time.sleep(0.1)
    writer.kill()
    writer.wait()

    written = count_pairs(shop.url)
    shop.dacsan("restore", str(path))
    left, right = count_pairs(shop.url)
    assert left == right >= 5
    assert left < written[0]


def count_pairs(url: str) -> tuple[int, int]:
    engine = create_engine(url)
    with engine.connect() as connection:
        query = "SELECT count(*) FROM pair WHERE side = :side"
        left, right = (
            connection.execute(text(query), {"side": side}).scalar_one()
            for side in ("left", "right")
        )
    engine.dispose()
    return left, right


def test_a_folder_gets_a_backup_named_by_its_moment(
    installation: MakeInstallation, tmp_path: Path
) -> None:
    shop, stick = installation("Hoa"), tmp_path / "usb"
    stick.mkdir()

    shop.dacsan("backup", str(stick))

    [path] = stick.iterdir()
    assert path.name.startswith("dac-san-20")
    assert path.suffix == ".zip"


def test_a_missing_backup_is_named(installation: MakeInstallation, tmp_path: Path) -> None:
    code, _, complaint = installation("Hoa").dacsan("restore", str(tmp_path / "khong-co.zip"))

    assert code == 1
    assert complaint == f"Không có tệp {tmp_path / 'khong-co.zip'}.\n"


def test_a_key_from_the_environment_stays_there(
    installation: MakeInstallation,
) -> None:
    shop = installation("Hoa")
    shop.environment["DACSAN_SECRET_KEY"] = "f" * 64
    path = shop.backup()
    (shop.var / "secret.key").write_text("mine", encoding="ascii")

    shop.dacsan("restore", str(path))

    assert json.loads(zipfile.ZipFile(path).read("manifest.json"))["key_from"] == "environment"
    assert (shop.var / "secret.key").read_text("ascii") == "mine"
