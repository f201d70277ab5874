"""`dacsan doctor` tells a person without IT what is ill with the machine, and what to do."""

import json
import os
import shutil
import socket
import sqlite3
import string
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, make_url, text

from integrations.payments import providers
from shop import clock
from shop.backup.making import NOTE
from shop.cli import main
from shop.cli.doctor_texts import TEXTS
from tests.factories import TODAY
from tests.support.breaking import stored
from tests.support.redis import free_port
from tests.support.servers import Serve


class Patient:
    """A machine with the small shop on it, and somebody who asks the doctor."""

    def __init__(
        self,
        var: Path,
        url: str,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.var, self.url, self._capsys = var, url, capsys
        self.set = monkeypatch.setenv
        self.port = free_port()
        # the day after the shop's last one: whatever time it is, nothing was written later
        days = str((TODAY - clock.day_of(datetime.now(UTC))).days + 1)
        for name, value in {
            "LANG": "vi",
            "VAR": str(var),
            "PORT": str(self.port),
            "DATABASE_URL": url,
            "CLOCK_DAYS": days,
        }.items():
            self.set(f"DACSAN_{name}", value)

    def examine(self) -> dict[str, str]:
        """Return what was found, by probe, with its state: `problem disk_full`."""
        main(["doctor", "--json"])
        said: dict[str, Any] = json.loads(self._capsys.readouterr().out)
        found = {one["probe"]: f"{one['state']} {one['kind']}" for one in said["symptoms"]}
        assert said["ok"] == (not any(one.startswith("problem") for one in found.values()))
        return found

    def write(self, statement: str, **values: object) -> None:
        engine = create_engine(self.url)
        with engine.begin() as connection:
            shown = {
                name: stored(connection, value) if isinstance(value, datetime) else value
                for name, value in values.items()
            }
            connection.execute(text(statement), shown)
        engine.dispose()


@pytest.fixture
def patient(
    sqlite_shop: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Patient:
    var = tmp_path / "var"
    var.mkdir()
    shutil.copyfile(str(make_url(sqlite_shop).database), var / "dacsan.sqlite")
    key = var / "secret.key"
    key.touch(mode=0o600)
    key.write_text("0" * 64, encoding="ascii")
    note = {"made_at": clock.now().isoformat(), "path": str(tmp_path / "usb" / "a.zip")}
    (var / NOTE).write_text(json.dumps(note), encoding="utf-8")
    url = f"sqlite:///{var / 'dacsan.sqlite'}"
    return Patient(var, url, monkeypatch, capsys)


def test_a_machine_that_is_well_has_no_problem(patient: Patient) -> None:
    found = patient.examine()

    assert not [one for one in found.values() if one.startswith("problem")]
    assert set(found) == {
        "python", "folder", "disk", "port", "address", "key", "fonts", "database", "guards",
        "outbox", "notices", "contracts", "secrets", "clock", "worker", "backup",
    }  # fmt: skip


def drop_guard(patient: Patient) -> None:
    patient.write("DROP TRIGGER posting_no_update")


def open_key(patient: Patient) -> None:
    (patient.var / "secret.key").chmod(0o644)


def lose_key(patient: Patient) -> None:
    (patient.var / "secret.key").unlink()


def short_key(patient: Patient) -> None:
    patient.set("DACSAN_SECRET_KEY", "bi-mat")


def dead_letter(patient: Patient) -> None:
    patient.write("UPDATE outbox_message SET state = 'dead'")


def late_letter(patient: Patient) -> None:
    patient.write(
        "UPDATE outbox_message SET state = 'pending', due_at = :at",
        at=clock.now() - timedelta(hours=2),
    )


def refused_notices(patient: Patient) -> None:
    patient.write(
        "INSERT INTO provider_account (seller_id, seller_mode, provider, label, mode, token,"
        " settings, secrets_encrypted, is_active)"
        " SELECT MIN(id), 'live', 'x', 'x', 'live', 'x', '{}', '', 1 FROM seller"
    )
    for _ in range(3):
        patient.write(
            "INSERT INTO provider_notice (provider, provider_account_id, received_at, request,"
            " outcome) SELECT 'x', MAX(id), :at, '{}', 'not_signed' FROM provider_account",
            at=clock.now() - timedelta(hours=2),
        )


def other_key(patient: Patient) -> None:
    patient.write(
        "INSERT INTO provider_account (seller_id, seller_mode, provider, label, mode, token,"
        " settings, secrets_encrypted, is_active)"
        " SELECT MIN(id), 'live', 'x', 'x', 'live', 'x', '{}', 'closed elsewhere', 1 FROM seller"
    )


def wrong_contract(patient: Patient) -> None:
    contract(patient, "http://pay.example/")


def contract_before_the_address(patient: Patient) -> None:
    contract(patient, "https://pay.example/")


def contract(patient: Patient, address: str) -> None:
    provider = next(iter(providers().values()))
    names = [field.name for field in provider.fields if "://" in field.default]
    patient.write(
        "INSERT INTO provider_account (seller_id, seller_mode, provider, label, mode, token,"
        " settings, secrets_encrypted, is_active)"
        " SELECT MIN(id), 'live', :provider, 'x', 'live', 'x', :settings, '', 1 FROM seller",
        provider=provider.name,
        settings=json.dumps(dict.fromkeys(names, address)),
    )


def clock_set_back(patient: Patient) -> None:
    patient.set("DACSAN_CLOCK_DAYS", "-400")


def plain_address(patient: Patient) -> None:
    patient.set("DACSAN_PUBLIC_URL", "http://shop.example")


def no_address(patient: Patient) -> None:
    patient.set("DACSAN_PUBLIC_URL", "shop.example")


def address_with_path(patient: Patient) -> None:
    patient.set("DACSAN_PUBLIC_URL", "https://shop.example/cua-hang")


def old_backup(patient: Patient) -> None:
    note = {"made_at": (clock.now() - timedelta(days=8)).isoformat(), "path": "/usb/a.zip"}
    (patient.var / NOTE).write_text(json.dumps(note), encoding="utf-8")


def no_backup(patient: Patient) -> None:
    (patient.var / NOTE).unlink()


def backup_here(patient: Patient) -> None:
    path = patient.var / "backups" / "a.zip"
    note = {"made_at": clock.now().isoformat(), "path": str(path)}
    (patient.var / NOTE).write_text(json.dumps(note), encoding="utf-8")


def no_database(patient: Patient) -> None:
    (patient.var / "dacsan.sqlite").unlink()


def empty_database(patient: Patient) -> None:
    no_database(patient)
    with closing(sqlite3.connect(patient.var / "dacsan.sqlite")) as connection:
        connection.execute("CREATE TABLE other (number integer)")


def newer_database(patient: Patient) -> None:
    patient.write("UPDATE alembic_version SET version_num = '9999'")


def no_sqlite_file(patient: Patient) -> None:
    (patient.var / "dacsan.sqlite").write_bytes(b"khong phai co so du lieu" * 200)


def foreign_host(patient: Patient) -> None:
    patient.set("DACSAN_HOST", "192.0.2.7")


@pytest.mark.parametrize(
    ("harm", "probe", "expected"),
    [
        (drop_guard, "guards", "problem guards_missing"),
        (open_key, "key", "problem key_open"),
        (lose_key, "key", "problem key_lost"),
        (short_key, "key", "problem key_short"),
        (dead_letter, "outbox", "problem outbox_dead"),
        (late_letter, "outbox", "notice outbox_late"),
        (refused_notices, "notices", "notice notices_refused"),
        (other_key, "secrets", "problem secrets_of_another_key"),
        (wrong_contract, "contracts", "problem contracts_wrong"),
        (contract_before_the_address, "contracts", "problem contracts_out_of_reach"),
        (clock_set_back, "clock", "problem clock_back"),
        (plain_address, "address", "problem address_plain"),
        (no_address, "address", "problem address_unreadable"),
        (address_with_path, "address", "problem address_unreadable"),
        (old_backup, "backup", "problem backup_old"),
        (no_backup, "backup", "problem backup_never"),
        (backup_here, "backup", "notice backup_here_only"),
        (no_database, "database", "problem database_missing"),
        (empty_database, "database", "problem database_empty"),
        (newer_database, "database", "problem database_new"),
        (no_sqlite_file, "database", "problem database_damaged"),
        (foreign_host, "port", "problem port_host_not_here"),
    ],
)
def test_each_illness_is_found(
    patient: Patient, harm: Callable[[Patient], None], probe: str, expected: str
) -> None:
    harm(patient)

    assert patient.examine()[probe] == expected


def test_an_address_over_https_is_fine(patient: Patient) -> None:
    patient.set("DACSAN_PUBLIC_URL", "https://shop.example")

    assert patient.examine()["address"] == "fine address_fine"


def test_plain_http_is_a_notice_where_it_was_allowed(patient: Patient) -> None:
    patient.set("DACSAN_PUBLIC_URL", "http://192.168.1.5:8000")
    patient.set("DACSAN_ALLOW_HTTP", "1")

    assert patient.examine()["address"] == "notice address_plain_allowed"


def test_plain_http_is_never_allowed_on_the_internet(patient: Patient) -> None:
    patient.set("DACSAN_PUBLIC_URL", "http://shop.example")
    patient.set("DACSAN_ALLOW_HTTP", "1")

    assert patient.examine()["address"] == "problem address_plain"


def test_a_port_that_another_program_holds_is_a_problem(patient: Patient) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", patient.port))
        other.listen()
        found = patient.examine()

    assert found["port"] == "problem port_taken"


def test_a_missing_folder_is_a_problem(patient: Patient, tmp_path: Path) -> None:
    patient.set("DACSAN_VAR", str(tmp_path / "nowhere"))

    found = patient.examine()

    assert found["folder"] == "problem folder_missing"
    assert not (tmp_path / "nowhere").exists()


def test_a_folder_that_cannot_be_written_is_a_problem(patient: Patient) -> None:
    (patient.var / f"trial-{os.getpid()}").mkdir()

    assert patient.examine()["folder"] == "problem folder_unwritable"


def test_a_worker_that_was_heard_of_lately_is_alive(patient: Patient) -> None:
    heard = clock.now() - timedelta(seconds=40)
    patient.write(
        "INSERT INTO job_run (job, due_at, worker, finished_at, result) "
        "VALUES ('heartbeat', :at, 'w', :at, '')",
        at=heard,
    )

    assert patient.examine()["worker"] == "fine worker_fine"


def test_an_open_shop_without_a_worker_is_a_problem(patient: Patient, serve: Serve) -> None:
    [server] = serve(patient.url)
    patient.set("DACSAN_PORT", str(make_url(server.url).port))

    found = patient.examine()

    assert found["port"] == "fine port_ours"
    assert found["worker"] == "problem worker_dead"


def test_the_doctor_speaks_in_sentences_and_fails_on_a_problem(
    patient: Patient, capsys: pytest.CaptureFixture[str]
) -> None:
    lose_key(patient)

    code = main(["doctor"])

    said = capsys.readouterr().out.splitlines()
    assert code == 1
    assert said[-1] == "Có 1 việc cần sửa."
    assert any(line.startswith("✗ Có dữ liệu mà không có khoá bí mật") for line in said)


def test_every_sentence_has_the_same_places_in_both_languages() -> None:
    def places(sentence: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}

    different = [kind for kind, said in TEXTS.items() if places(said["vi"]) != places(said["en"])]

    assert different == []
