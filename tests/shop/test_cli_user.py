"""`dacsan user` makes the first administrator and everybody after, without a password in sight."""

import io
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.cli import main
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.models.credentials import SecondFactor
from shop.models.people import AuditEntry, Role
from shop.services import cards, sign_ins
from shop.services.actors import SYSTEM
from tests.factories import NOW, make_account, make_seller


@dataclass
class Ended:
    """How a command ended, and what it said."""

    returncode: int
    stdout: str
    stderr: str


class Machine:
    """A machine with a database of its own, on which somebody types commands."""

    def __init__(
        self, url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        self.url = url
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def dacsan(self, *words: str, typed: str = "") -> Ended:
        self._monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
        code = main(["user", *words])
        said = self._capsys.readouterr()
        return Ended(code, said.out, said.err)

    def accounts(self) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = json.loads(self.dacsan("list", "--json").stdout)
        return listed


@pytest.fixture
def machine(
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Machine:
    monkeypatch.setenv("DACSAN_LANG", "vi")
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", database_url)
    return Machine(database_url, monkeypatch, capsys)


@pytest.mark.both_databases
def test_the_first_account_is_the_administrator(machine: Machine) -> None:
    done = machine.dacsan(
        "add", "--phone", "0912 345 678", "--name", "Trần Thị Hoa", typed="mat khau dai\n"
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Đã mở tài khoản 0912345678 (Trần Thị Hoa).\n"
    [account] = machine.accounts()
    assert account["phone"] == "+84912345678"
    assert account["roles"] == [{"role": "admin", "over": "all", "until": None}]


def test_the_password_from_standard_input_signs_in(machine: Machine) -> None:
    machine.dacsan("add", "--phone", "0912345678", "--name", "Hoa", typed="mat khau dai\n")

    engine = make_engine(machine.url)
    with Session(engine) as session:
        _, row = sign_ins.sign_in(
            session,
            phone="+84912345678",
            password="mat khau dai",
            is_shared_computer=False,
            device="",
            now=NOW,
        )
        assert row.account.name == "Hoa"
    engine.dispose()


def test_no_option_takes_a_password(machine: Machine) -> None:
    refused = machine.dacsan(
        "add", "--phone", "0912345678", "--name", "Hoa", "--password", "mat khau dai"
    )

    assert refused.returncode == 2
    assert machine.accounts() == []


def test_the_second_account_needs_a_role(machine: Machine) -> None:
    machine.dacsan("add", "--phone", "0912345678", "--name", "Hoa", typed="mat khau dai\n")

    refused = machine.dacsan(
        "add", "--phone", "0912345679", "--name", "Lan", typed="mat khau dai\n"
    )

    assert refused.returncode == 1
    assert refused.stderr.startswith("Cần nói rõ vai")
    assert len(machine.accounts()) == 1


def test_a_role_comes_and_goes(machine: Machine) -> None:
    engine = make_engine(machine.url)
    with Session(engine) as session:
        make_seller(session, slug="la-bang")
        session.commit()
    engine.dispose()
    machine.dacsan("add", "--phone", "0912345678", "--name", "Hoa", typed="mat khau dai\n")

    given = machine.dacsan(
        "grant", "0912345678", "office", "--seller", "la-bang", "--until", "31/12/2030"
    )
    roles_then = machine.accounts()[0]["roles"]
    taken = machine.dacsan("revoke", "0912345678", "office", "--seller", "la-bang")

    assert (given.returncode, given.stderr) == (0, "")
    assert roles_then[1]["role"] == "office"
    assert roles_then[1]["until"] == "2030-12-31T17:00:00+00:00"
    assert taken.stdout == "Đã thu vai office của 0912345678.\n"
    assert [role["role"] for role in machine.accounts()[0]["roles"]] == ["admin"]


def test_the_last_administrator_cannot_be_taken_away(machine: Machine) -> None:
    machine.dacsan("add", "--phone", "0912345678", "--name", "Hoa", typed="mat khau dai\n")

    refused = machine.dacsan("revoke", "0912345678", "admin", "--json")

    assert refused.returncode == 1
    assert json.loads(refused.stdout)["error"] == "last_admin"


def test_a_password_is_changed_and_sessions_are_ended(machine: Machine) -> None:
    machine.dacsan("add", "--phone", "0912345678", "--name", "Hoa", typed="mat khau dai\n")

    changed = machine.dacsan("password", "0912345678", typed="mat khau khac\n")
    ended = machine.dacsan("end-sessions", "0912345678")

    assert changed.stdout.startswith("Đã đặt mật khẩu mới cho 0912345678")
    assert ended.stdout == "0912345678 đã thoát khỏi mọi máy.\n"


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("password", "0912345670"), "Không có tài khoản nào với số 0912345670."),
        (("grant", "12", "admin"), "Số điện thoại"),
        (("grant", "0912345678", "office", "--seller", "khong-co"), "Không có nơi bán khong-co."),
        (("grant", "0912345678", "office"), "Vai này cần nói rõ ở nơi bán nào."),
        (
            ("grant", "0912345678", "office", "--until", "31/02/2030"),
            "Tháng 2 năm 2030 chỉ có 28 ngày.",
        ),
    ],
)
def test_what_cannot_be_done_is_said_in_one_sentence(
    machine: Machine, words: tuple[str, ...], sentence: str
) -> None:
    machine.dacsan("add", "--phone", "0912345678", "--name", "Hoa", typed="mat khau dai\n")

    refused = machine.dacsan(*words, typed="mat khau dai\n")

    assert refused.returncode == 1
    assert refused.stderr.startswith(sentence)
    assert len(refused.stderr.splitlines()) == 1


def test_a_password_from_this_machine_ends_the_card_and_a_lost_phone_goes(
    machine: Machine,
) -> None:
    engine = make_engine(machine.url)
    with open_session(engine, Settings()) as session:
        seller = make_seller(session, slug="la-bang")
        account = make_account(
            session, role=Role.MEMBER, seller=seller, phone="+84912345678", is_in_use=False
        )
        session.add(SecondFactor(account_id=account.id, secret="x", set_at=NOW))
        card = cards.issue(session, account, seller, actor=SYSTEM, now=NOW)
        session.commit()

    refused = machine.dacsan("password", "0912345678", typed="123456\n")
    machine.dacsan("password", "0912345678", typed="250196\n")
    removed = machine.dacsan("remove-phone", "0912345678")

    assert refused.returncode == 1
    assert refused.stderr.startswith("Mã PIN này ai cũng đoán ra.")
    assert removed.stdout.startswith("Đã bỏ máy tạo mã của 0912345678")
    with open_session(engine, Settings()) as session:
        assert session.scalars(select(SecondFactor)).all() == []
        with pytest.raises(cards.CardUnusable):
            cards.find(session, card.token)
        acts = session.scalars(
            select(AuditEntry.actor_kind).where(AuditEntry.action == "second_factor_removed")
        )
        assert list(acts) == ["system"]
    engine.dispose()


def test_an_empty_installation_says_so(machine: Machine) -> None:
    assert machine.dacsan("list").stdout == "Chưa có tài khoản nào.\n"
