"""Notices whose reading was broken off are read again; coming back sets off a question."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integrations.payments.vnpay import signing
from shop import clock
from shop.cli import main
from shop.jobs import query_returned, read_notices
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage
from shop.models.payments import BankCredit, ProviderAccount, ProviderNotice
from shop.services import order_payment, provider_accounts
from shop.services.actors import SYSTEM
from tests.shop.test_provider_payments import account, demo_database_url, order, pay, tell

__all__ = ["account", "demo_database_url", "order"]

STATE = "vnp_TransactionStatus"


def broken_off(
    session: Session, client: FlaskClient, account: ProviderAccount, query: str
) -> None:
    """Store a notice whose reader is killed before it reads."""
    secret = account.secrets_encrypted
    session.execute(update(ProviderAccount).values(secrets_encrypted="unreadable"))
    session.commit()
    client.get(f"/webhooks/{account.provider}/{account.token}?{query}")
    session.execute(update(ProviderAccount).values(secrets_encrypted=secret))
    session.commit()


def outcomes(session: Session) -> list[str]:
    session.expire_all()
    found = list(session.scalars(select(ProviderNotice.outcome).order_by(ProviderNotice.id)))
    session.commit()
    return found


def state_of(session: Session, order: Order) -> OrderState:
    session.expire_all()
    session.refresh(order)
    state = order.state
    session.commit()
    return state


def test_a_notice_that_nobody_read_is_read_a_minute_later_and_once(
    app: Flask, client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    broken_off(app_session, client, account, urlsplit(pay(client, order)).query)
    engine, settings = app.extensions["dacsan_engine"], app.extensions["dacsan_settings"]
    now = clock.now()

    early = read_notices.run(engine, settings, now=now)
    told = read_notices.run(engine, settings, now=now + timedelta(minutes=2))
    again = read_notices.run(engine, settings, now=now + timedelta(minutes=3))

    assert (early, told, again) == ("0 read, 0 left", "1 read, 0 left", "0 read, 0 left")
    assert outcomes(app_session) == ["recorded"]
    assert state_of(app_session, order) is OrderState.CONFIRMED


def test_what_still_cannot_be_read_waits_and_is_told(
    app: Flask, client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    app_session.execute(update(ProviderAccount).values(secrets_encrypted="unreadable"))
    app_session.commit()
    client.get(f"/webhooks/{account.provider}/{account.token}?{query}")
    app_session.commit()
    engine, settings = app.extensions["dacsan_engine"], app.extensions["dacsan_settings"]

    told = read_notices.run(engine, settings, now=clock.now() + timedelta(minutes=2))

    assert told == "0 read, 1 left"
    assert outcomes(app_session) == ["stored"]


def test_a_forged_notice_is_still_forged_when_it_is_read_later(
    app: Flask, client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    broken_off(app_session, client, account, query[:-1] + ("0" if query[-1] != "0" else "1"))
    engine, settings = app.extensions["dacsan_engine"], app.extensions["dacsan_settings"]

    read_notices.run(engine, settings, now=clock.now() + timedelta(minutes=2))

    assert outcomes(app_session) == ["not_signed"]
    assert state_of(app_session, order) is OrderState.AWAITING_PAYMENT


@pytest.fixture
def run_here(
    app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> "RunHere":
    """Run `dacsan` commands on the database of `app`."""
    settings = app.extensions["dacsan_settings"]
    monkeypatch.setenv("DACSAN_DATABASE_URL", settings.database)
    monkeypatch.setenv("DACSAN_VAR", str(settings.var))
    monkeypatch.setenv("DACSAN_SECRET_KEY", "0" * 64)
    return RunHere(capsys)


class RunHere:
    """Runs commands in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def __call__(self, *words: str) -> tuple[int, str]:
        """Return the exit code and what was printed."""
        self._capsys.readouterr()
        code = main(words)
        return code, self._capsys.readouterr().out


def test_a_command_names_what_waits_and_exports_a_notice_for_replay(
    run_here: RunHere,
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
    tmp_path: Path,
) -> None:
    secret = provider_accounts.values(app_session, account)["hash_secret"]
    broken_off(app_session, client, account, urlsplit(pay(client, order)).query)
    kept = tmp_path / "notice.json"

    listed = json.loads(run_here("notices", "--list", "--json")[1])
    (number,) = listed["unread"]
    named = run_here("notices", "--list")[1]
    kept.write_text(run_here("notices", "--show", str(number))[1], encoding="utf-8")
    code, out = run_here("vnpay", "replay", "--secret", secret, str(kept))[:2]
    absent = run_here("notices", "--show", "999")

    said = json.loads(out)
    assert (code, said["valid"], said["paid"]) == (0, True, True)
    assert said["amount_vnd"] == order.total_vnd
    assert [(one["number"], one["outcome"]) for one in listed["notices"]] == [(number, "stored")]
    assert named.startswith(f"{number}\t")
    assert (absent[0], "999" in absent[1]) == (1, True)


def test_the_command_reads_what_is_unread_and_twice_is_harmless(
    run_here: RunHere,
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    broken_off(app_session, client, account, urlsplit(pay(client, order)).query)

    listed = run_here("notices", "--list", "--json")
    first = run_here("notices", "--json")
    second = run_here("notices", "--json")

    assert (listed[0], json.loads(listed[1])["unread"]) == (0, [1])
    assert (first[0], json.loads(first[1])) == (0, {"read": {"1": "recorded"}, "left": []})
    assert (second[0], json.loads(second[1])) == (0, {"read": {}, "left": []})
    assert len(app_session.scalars(select(BankCredit)).all()) == 1


def test_a_check_counts_the_notices_that_wait_before_they_are_a_fault(
    run_here: RunHere,
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    broken_off(app_session, client, account, urlsplit(pay(client, order)).query)
    check = ("check", "--no-pages", "--invariant", "4")

    code, told = run_here(*check, "--json")
    said = run_here(*check)[1]
    run_here("notices")
    after = run_here(*check)[1]

    assert (code, json.loads(told)["notices_waiting"]) == (0, 1)
    assert "1 thông báo của cổng thanh toán đang chờ đọc" in said
    assert "đang chờ đọc" not in after


def test_the_command_fails_while_something_is_left(
    run_here: RunHere, client: FlaskClient, app_session: Session, account: ProviderAccount
) -> None:
    app_session.execute(update(ProviderAccount).values(secrets_encrypted="unreadable"))
    app_session.commit()
    client.get(f"/webhooks/{account.provider}/{account.token}?a=1")
    app_session.commit()

    code, said = run_here("notices")

    assert code == 1
    assert "còn 1 chưa đọc được" in said


def questions(session: Session) -> list[OutboxMessage]:
    session.expire_all()
    found = list(
        session.scalars(select(OutboxMessage).where(OutboxMessage.kind == query_returned.KIND))
    )
    session.commit()
    return found


def test_a_buyer_who_comes_back_before_the_notice_sets_off_one_question(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    back = urlsplit(pay(client, order))

    for _ in range(5):
        client.get(f"{back.path}?{back.query}")

    asked = questions(app_session)
    minutes = {one.key.rpartition(":")[2] for one in asked}
    assert len(asked) == len(minutes) <= 2
    assert asked[0].due_at > asked[0].created_at
    assert state_of(app_session, order) is OrderState.AWAITING_PAYMENT


def without_state(session: Session, account: ProviderAccount, query: str) -> str:
    """Return the query of a success that does not say whether it is final, rightly signed."""
    secret = provider_accounts.values(session, account)["hash_secret"]
    session.commit()
    fields = {
        name: text for name, text in parse_qsl(query) if name not in {STATE, "vnp_SecureHash"}
    }
    data = signing.hash_data(fields)
    return f"{data}&vnp_SecureHash={signing.sign(data, secret)}"


@pytest.mark.parametrize("way", ["notice", "return"])
def test_a_success_without_its_state_decides_nothing_and_sets_off_a_question(
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
    way: str,
) -> None:
    back = urlsplit(pay(client, order))
    query = without_state(app_session, account, back.query)

    if way == "notice":
        assert tell(client, account, query) == "00"
        assert outcomes(app_session) == ["pending"]
    else:
        client.get(f"{back.path}?{query}")

    assert len(questions(app_session)) == 1
    assert state_of(app_session, order) is OrderState.AWAITING_PAYMENT


@pytest.mark.parametrize("change", ["forged", "told before", "cancelled"])
def test_nothing_is_asked_where_there_is_nothing_to_learn(
    client: FlaskClient,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
    change: str,
) -> None:
    back = urlsplit(pay(client, order))
    query = back.query
    if change == "forged":
        query = query[:-1] + ("0" if query[-1] != "0" else "1")
    if change == "told before":
        tell(client, account, query)
    if change == "cancelled":
        order_payment.cancel_by_buyer(app_session, order.id, actor=SYSTEM, now=clock.now())
        app_session.commit()

    client.get(f"{back.path}?{query}")

    assert questions(app_session) == []


def test_a_question_whose_answer_came_meanwhile_asks_nobody(
    app: Flask, client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    back = urlsplit(pay(client, order))
    client.get(f"{back.path}?{back.query}")
    tell(client, account, back.query)
    (message, *_) = questions(app_session)

    answer = query_returned.deliver(
        message,
        settings=app.extensions["dacsan_settings"],
        engine=app.extensions["dacsan_engine"],
        now=clock.now(),
    )

    assert answer == {"state": "paid"}


def test_a_provider_that_cannot_be_reached_is_asked_thrice_more_and_left_to_the_sweep(
    app: Flask, client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    back = urlsplit(pay(client, order))
    client.get(f"{back.path}?{back.query}")
    (message, *_) = questions(app_session)
    nowhere = app.extensions["dacsan_settings"].model_copy(
        update={"public_url": "http://127.0.0.1:9"}
    )

    now, answers, waits = clock.now(), [], []
    for turn in range(4):
        message = questions(app_session)[turn]
        waits.append(message.due_at - now)
        engine = app.extensions["dacsan_engine"]
        answers.append(query_returned.deliver(message, settings=nowhere, engine=engine, now=now))

    assert [one.get("asked_again_in_seconds") for one in answers] == [15, 45, 120, None]
    assert [wait.total_seconds() for wait in waits[1:]] == [15, 45, 120]
    assert answers[-1] == {"left_to_the_sweep": "Unreachable"}
    assert len({one.created_at for one in questions(app_session)}) == 1
    assert state_of(app_session, order) is OrderState.AWAITING_PAYMENT
