"""`dacsan` finds its commands, speaks Vietnamese or English, and loads only what was asked for."""

import errno
import json
import os
import re
import sqlite3
import string
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import create_engine
from sqlalchemy.exc import DBAPIError

from shop.cli import main
from shop.cli.arguments import VietnameseParser, vietnamese
from shop.cli.discovery import find_commands
from shop.cli.failures import recognise
from shop.cli.language import language
from shop.cli.refusals import SENTENCES

CHECKOUT = Path(__file__).resolve().parents[2]
HEAVY = ("flask", "sqlalchemy", "alembic", "requests", "shop.models", "shop.db", "shop.config")
COMMANDS = sorted(find_commands())
VIETQR = (
    "00020101021138570010A00000072701270006970436011300110019324180208QRIBFTTA53037045802VN6304"
)


def dacsan(
    *words: str, lang: str = "", code: str = "", env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Run the command in a process of its own, with a machine set to `lang`."""
    program = ["-c", code] if code else ["-m", "shop.cli"]
    return subprocess.run(
        [sys.executable, *program, *words],
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "LANG": lang, **(env or {})},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def test_the_overview_lists_every_command_with_its_sentence(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["--help"])

    said = capsys.readouterr().out
    assert code == 0
    assert all(command.help("vi") in said for command in find_commands().values())


def test_the_commands_of_the_design_are_found() -> None:
    assert {"check", "doctor", "backup", "restore", "user", "vietqr", "gs1"} <= set(COMMANDS)


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_explains_itself_and_its_json(
    name: str, lang: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DACSAN_LANG", lang)

    code = main([name, "--help"])

    said = capsys.readouterr().out
    first_words = " ".join(said.split())
    assert code == 0
    assert ("Cách dùng: " if lang == "vi" else "usage: ") in said
    assert find_commands()[name].help(lang) in first_words


def test_no_command_prints_the_overview_and_fails(capsys: pytest.CaptureFixture[str]) -> None:
    code = main([])

    assert code == 2
    assert "dacsan LỆNH" in capsys.readouterr().out


def test_an_unknown_command_is_told_with_the_nearest_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code = main(["chek"])

    assert code == 2
    assert "không có lệnh chek. Có phải là check?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "vi"),
        ({"LANG": "C"}, "vi"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LC_ALL": "en"}, "en"),
        ({"LANGUAGE": "en:vi", "LANG": "vi_VN.UTF-8"}, "en"),
        ({"LC_ALL": "vi_VN.UTF-8", "LANG": "en_US.UTF-8"}, "vi"),
        ({"DACSAN_LANG": "en", "LC_ALL": "vi_VN"}, "en"),
    ],
)
def test_the_machine_decides_the_language(environment: dict[str, str], expected: str) -> None:
    assert language(environment) == expected


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ([], "thiếu --size, what"),
        (["cake", "--size"], "--size: cần một giá trị theo sau"),
        (["cake", "--size", "big"], "--size: 'big' không đúng kiểu giá trị"),
        (["cake", "--size", "1", "--other"], "không có tham số --other"),
        (["bread", "--size", "1"], "what: không có 'bread'; chọn một trong"),
        (["cake", "--size", "1", "--hot", "--cold"], "--cold: không dùng cùng lúc với --hot"),
        (["cake", "--size", "1", "--hot=yes"], "--hot: không nhận giá trị 'yes'"),
        (["cake", "--size", "1", "--pair", "2"], "--pair: cần 2 giá trị theo sau"),
        (["cake", "--size", "1", "--many"], "--many: cần ít nhất một giá trị theo sau"),
    ],
)
def test_what_is_wrong_with_a_command_line_is_said_in_vietnamese(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = VietnameseParser("dacsan bake")
    parser.add_argument("--size", type=int, required=True)
    parser.add_argument("--pair", nargs=2)
    parser.add_argument("--many", nargs="+")
    parser.add_argument("what", choices=["cake", "pie"])
    either = parser.add_mutually_exclusive_group()
    either.add_argument("--hot", action="store_true")
    either.add_argument("--cold", action="store_true")

    with pytest.raises(SystemExit) as stopped:
        parser.parse_args(words)

    assert stopped.value.code == 2
    assert sentence in capsys.readouterr().err


def test_one_of_several_required_options_is_asked_for_in_vietnamese() -> None:
    assert (
        vietnamese("one of the arguments --a --b is required")
        == "cần một trong các tham số --a --b"
    )


def test_a_sentence_of_our_own_is_left_alone() -> None:
    assert vietnamese("dùng - hoặc các tuỳ chọn") == "dùng - hoặc các tuỳ chọn"


@pytest.mark.parametrize(
    "words",
    [("vietqr", "decode", VIETQR), ("gs1", "parse", "02000001010006")],
    ids=["vietqr", "gs1"],
)
def test_the_file_tools_load_neither_database_nor_web(words: tuple[str, ...]) -> None:
    code = (
        "import json, sys; from shop.cli import main; main(sys.argv[1:]); "
        "sys.stderr.write(json.dumps(sorted(sys.modules)))"
    )

    loaded = json.loads(dacsan(*words, code=code).stderr)

    assert not [name for name in loaded if name.startswith(HEAVY)]


@pytest.mark.parametrize(
    "words",
    [("vietqr", "decode", VIETQR), ("gs1", "parse", "02000001010006")],
    ids=["vietqr", "gs1"],
)
def test_the_file_tools_start_in_less_than_four_tenths_of_a_second(words: tuple[str, ...]) -> None:
    def seconds() -> float:
        began = time.perf_counter()
        dacsan(*words)
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.4


def test_python_dash_m_is_the_same_command() -> None:
    ended = dacsan("--help", lang="en_US.UTF-8")

    assert ended.returncode == 0
    assert ended.stdout.startswith("usage: dacsan COMMAND")


@pytest.mark.parametrize("words", [["--help"], ["vietqr", "--help"], ["gs1", "parse", "8936"]])
def test_a_reader_who_stops_reading_is_no_fault(words: list[str]) -> None:
    reads, writes = os.pipe()
    os.close(reads)

    ended = subprocess.run(
        [sys.executable, "-m", "shop.cli", *words],
        cwd=CHECKOUT,
        stdout=writes,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
        timeout=30,
    )
    os.close(writes)

    assert ended.stderr == ""


@pytest.mark.parametrize(
    ("command", "code"), [("gs1 run -", "bad_request"), ("vietqr encode -", "malformed")]
)
def test_a_command_without_a_keyboard_refuses_in_one_sentence(command: str, code: str) -> None:
    ended = in_a_shell(f"{command} <&-")

    assert (ended.returncode, ended.stderr) == (1, "")
    assert json.loads(ended.stdout)["error"] == code


@pytest.mark.parametrize("command", ["gs1 --help >&-", "gs1 --help <&- >&-"])
def test_a_command_that_nobody_listens_to_does_its_work(command: str) -> None:
    ended = in_a_shell(command)

    assert (ended.returncode, ended.stderr) == (0, "")


def in_a_shell(command: str) -> "subprocess.CompletedProcess[str]":
    """Run the command as somebody types it, with what the shell is told to do to its streams."""
    return subprocess.run(
        ["/bin/sh", "-c", f"{sys.executable} -m shop.cli {command}"],
        cwd=CHECKOUT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("name", ["check", "user"])
def test_a_missing_database_is_one_clear_sentence(name: str, tmp_path: Path) -> None:
    words = {"check": ["check"], "user": ["user", "list"]}[name]

    ended = dacsan(*words, env={"DACSAN_VAR": str(tmp_path)})

    assert ended.returncode == 1
    assert ended.stderr.startswith("Chưa có cơ sở dữ liệu ở ")
    assert len(ended.stderr.splitlines()) == 1
    assert not list(tmp_path.iterdir())


def test_a_refusal_is_json_when_asked_for(tmp_path: Path) -> None:
    ended = dacsan("check", "--json", env={"DACSAN_VAR": str(tmp_path)})

    assert ended.returncode == 1
    assert json.loads(ended.stdout)["error"] == "database_missing"


def test_a_file_that_is_no_database_is_one_clear_sentence(tmp_path: Path) -> None:
    (tmp_path / "dacsan.sqlite").write_text("không phải cơ sở dữ liệu " * 100, encoding="utf-8")

    ended = dacsan("check", env={"DACSAN_VAR": str(tmp_path)}, lang="en_US")

    assert ended.returncode == 1
    assert ended.stderr == (
        "The database file is damaged or is no database. Bring back the last backup with "
        "dacsan restore.\n"
    )


def test_an_unreachable_server_is_one_clear_sentence(tmp_path: Path) -> None:
    url = f"postgresql://nobody@/dacsan?host={tmp_path}"

    ended = dacsan("check", env={"DACSAN_VAR": str(tmp_path), "DACSAN_DATABASE_URL": url})

    assert ended.returncode == 1
    assert ended.stderr.startswith("Không nối được với máy chủ cơ sở dữ liệu.")


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    ended = dacsan("check", env={"DACSAN_VAR": str(tmp_path), "DACSAN_PORT": "tám nghìn"})

    assert ended.returncode == 1
    assert ended.stderr.startswith("Thiết lập chưa đúng: DACSAN_PORT.")


def test_every_refusal_of_a_command_has_its_sentence_in_both_languages() -> None:
    sources = [path.read_text("utf-8") for path in (CHECKOUT / "shop" / "cli").glob("*.py")]
    raised = {
        kind for text in sources for kind in re.findall(r'\bRefused\(\s*f?"([a-z_]+)"', text)
    }

    backup = [path.read_text("utf-8") for path in (CHECKOUT / "shop" / "backup").glob("*.py")]
    unusable = {
        f"backup_{reason}"
        for text in backup
        for reason in re.findall(r'BackupUnusable\(\s*"([a-z_]+)"', text)
    }

    def places(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    assert (raised | unusable) - set(SENTENCES) == set()
    assert len(unusable) > 7
    assert all(places(said["vi"]) == places(said["en"]) for said in SENTENCES.values())


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (sqlite3.OperationalError("database is locked"), "database_locked"),
        (sqlite3.OperationalError("attempt to write a readonly database"), "database_readonly"),
        (sqlite3.OperationalError("unable to open database file"), "database_unopened"),
        (sqlite3.OperationalError("database or disk is full"), "disk_full"),
        (sqlite3.DatabaseError("database disk image is malformed"), "database_damaged"),
        (OSError(errno.ENOSPC, "No space left", "/usb/a.zip"), "disk_full"),
        (OSError(errno.EFBIG, "File too large", "/usb/a.zip"), "file_too_large"),
        (PermissionError(errno.EACCES, "Permission denied", "var"), "not_writable"),
        (OSError(errno.EROFS, "Read-only", "/usb/a.zip"), "not_writable"),
        (ModuleNotFoundError("No module named 'sqlalchemy'", name="sqlalchemy"), "part_missing"),
        (KeyboardInterrupt(), "stopped"),
    ],
)
def test_what_stands_in_the_way_is_recognised(error: BaseException, kind: str) -> None:
    refused = recognise(error)

    assert refused is not None
    assert refused.kind == kind
    assert refused.sentence("vi") != refused.sentence("en")


@pytest.mark.parametrize(
    "mistake", [ValueError("ours"), ModuleNotFoundError("No module", name="shop.gone")]
)
def test_a_mistake_of_the_program_is_not_hidden(mistake: Exception) -> None:
    assert recognise(mistake) is None


@pytest.mark.both_databases
def test_a_locked_database_is_recognised(database_url: str) -> None:
    engine = create_engine(database_url, connect_args=_patience(database_url))
    with engine.connect() as holder, engine.connect() as other:
        if engine.dialect.name == "sqlite":
            holder.exec_driver_sql("BEGIN IMMEDIATE")
        holder.exec_driver_sql(TAKE[engine.dialect.name])

        with pytest.raises(DBAPIError) as blocked:
            other.exec_driver_sql(TAKE[engine.dialect.name])
        holder.rollback()
        other.rollback()

    engine.dispose()
    refused = recognise(blocked.value)
    assert refused is not None
    assert refused.kind == "database_locked"


TAKE = {
    "sqlite": "UPDATE alembic_version SET version_num = version_num",
    "postgresql": "LOCK TABLE account IN ACCESS EXCLUSIVE MODE",
}


def _patience(url: str) -> dict[str, object]:
    """Let the second one wait no longer than a moment."""
    return {"timeout": 0.1} if url.startswith("sqlite") else {"options": "-c lock_timeout=100"}


@pytest.mark.parametrize(
    "words", [["worker"], ["check"], ["demo"], ["labels", "A-1"], ["run", "--web-only"]]
)
def test_a_public_address_that_is_none_is_one_sentence_whatever_the_command(
    words: list[str], database_url: str, tmp_path: Path
) -> None:
    variables = {"VAR": str(tmp_path), "DATABASE_URL": database_url, "PUBLIC_URL": "shop.example"}

    done = dacsan(*words, env={f"DACSAN_{name}": value for name, value in variables.items()})

    assert done.returncode == 1
    assert done.stderr == (
        "DACSAN_PUBLIC_URL (shop.example) không phải địa chỉ. Viết như https://ten-mien.vn\n"
    )
