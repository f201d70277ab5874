"""Refunds through a provider that misbehaves: each goes once, whatever comes back."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session
from werkzeug.serving import BaseWSGIServer, make_server

from integrations.payments.vnpay import provider as vnpay
from integrations.payments.vnpay.simulator.records import Records
from shop import clock
from shop.config import Settings
from shop.jobs import query_refunds
from shop.jobs.outbox import Delivery, deliver_due
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import PaymentAttempt, ProviderAccount, Refund, RefundState, RefundWay
from shop.queries.ledger import balance
from shop.services import provider_accounts, refunds
from shop.services.actors import SYSTEM
from tests.factories import make_level, make_order
from tests.support.office import Office

LEASE = timedelta(seconds=3)
FAULTS = ["reset", "500", "garbage", "unsigned", "drip", "time-out"]


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests open their own seller."""
    return database_url


@pytest.fixture
def web(app: Flask) -> Iterator[BaseWSGIServer]:
    """The application behind a real socket, so that the shop reaches the simulator in it."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()


@dataclass
class Stage:
    """An order that was paid through the simulator, and the worker's hand."""

    session: Session
    engine: Engine
    settings: Settings
    records: Records
    terminal: str
    order_id: int
    token: str
    total_vnd: int

    def ask(self, amount_vnd: int = 20_000, *, seen: int = 0) -> int:
        """Promise a refund through the provider and return its number."""
        made = refunds.ask(
            self.session,
            self.order_id,
            amount_vnd=amount_vnd,
            reason="damaged",
            way=RefundWay.PROVIDER,
            seen=seen,
            actor=SYSTEM,
            now=clock.now(),
        )
        self.session.commit()
        return made.id

    def deliver(self) -> OutboxMessage:
        """Let the worker try once, whatever pause it was to make."""
        self.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.kind != "refund")
            .values(state=OutboxState.SENT, answer={"told": "elsewhere"})
        )
        self.session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.state == OutboxState.PENDING)
            .values(due_at=clock.now())
        )
        self.session.commit()
        deliver_due(Delivery(self.engine, self.settings, "test", LEASE), most=1)
        self.session.expire_all()
        found = self.session.scalars(
            select(OutboxMessage)
            .where(OutboxMessage.kind == "refund")
            .order_by(OutboxMessage.id.desc())
            .limit(1)
        ).one()
        self.session.commit()
        self.session.expunge(found)
        return found

    def refund(self, refund_id: int) -> Refund:
        self.session.expire_all()
        found = self.session.get_one(Refund, refund_id)
        self.session.commit()
        self.session.expunge(found)
        return found

    def fault(self, kind: str, place: str = "refund") -> None:
        self.records.order_fault(self.terminal, place, kind)

    def at_provider(self) -> list[str]:
        """Return the amounts that the provider gave back, in hundredths."""
        return [one["amount"] for one in self.records.refunds(self.terminal)]

    def follow(self, refund_id: int) -> Refund:
        """Let the provider end its work, and the shop ask after it."""
        for one in self.records.refunds(self.terminal):
            if one["status"] == "05":
                self.records.change_refund(self.terminal, one["request_id"], status="06")
        query_refunds.run(self.engine, self.settings, now=clock.now() + timedelta(minutes=2))
        return self.refund(refund_id)


@pytest.fixture
def stage(app: Flask, app_session: Session, web: BaseWSGIServer) -> Stage:
    """An order of one pack that its buyer paid at the simulator."""
    url = f"http://127.0.0.1:{web.server_port}"
    settings = app.extensions["dacsan_settings"].model_copy(update={"public_url": url})
    app_session.info["base_url"] = settings.base_url
    pack = make_level(app_session).batch_pack.pack
    account = provider_accounts.open_simulator(
        app_session, pack.product.seller, vnpay, actor=SYSTEM, now=clock.now()
    )
    order = make_order(
        app_session, pack, now=clock.now(), today=clock.today(), payment_way=vnpay.name
    )
    app_session.commit()
    _pay(app, account, order)
    app_session.refresh(order)
    assert order.state is OrderState.CONFIRMED
    made = Stage(
        app_session,
        app.extensions["dacsan_engine"],
        settings,
        Records(settings.var / "simulators"),
        terminal=account.settings["tmn_code"],
        order_id=order.id,
        token=order.token,
        total_vnd=order.total_vnd,
    )
    app_session.commit()
    return made


def _pay(app: Flask, account: ProviderAccount, order: Order) -> None:
    client = app.test_client()
    page = client.get(f"/don-hang/{order.token}/tra-tien").text
    found = re.search(r'content="0; url=([^"]+)"', page)
    assert found, page
    parts = urlsplit(found[1].replace("&amp;", "&"))
    page = client.get(f"{parts.path}?{parts.query}").text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert action, page
    came = client.post(action[1], data=fields | {"code": "00", "silent": "1"})
    query = urlsplit(str(came.location)).query
    client.get(f"/webhooks/{account.provider}/{account.token}?{query}")


def test_a_refund_is_accepted_followed_and_settled(stage: Stage) -> None:
    refund_id = stage.ask()

    message = stage.deliver()
    accepted = stage.refund(refund_id).state
    settled = stage.follow(refund_id)

    assert message.state is OutboxState.SENT
    assert (accepted, settled.state) == (RefundState.ACCEPTED, RefundState.SETTLED)
    assert stage.at_provider() == ["2000000"]
    held = balance(stage.session, "clearing:vnpay", order_id=stage.order_id)
    assert held == stage.total_vnd - 20_000
    assert settled.reference


def test_the_whole_sum_goes_back_as_a_whole_refund(stage: Stage) -> None:
    stage.ask(stage.total_vnd)

    stage.deliver()

    (at_provider,) = stage.records.refunds(stage.terminal)
    assert (at_provider["type"], at_provider["amount"]) == ("02", str(stage.total_vnd * 100))


@pytest.mark.parametrize("fault", FAULTS)
def test_after_an_unclear_answer_the_provider_is_asked_and_the_money_goes_once(
    stage: Stage, fault: str
) -> None:
    refund_id = stage.ask()
    stage.fault(fault)

    failed = stage.deliver()
    between = stage.refund(refund_id)
    again = stage.deliver()

    assert (failed.state, failed.last_error != "") == (OutboxState.PENDING, True)
    assert (between.state, between.sent_at is not None) == (RefundState.ASKED, True)
    assert again.state is OutboxState.SENT
    assert stage.refund(refund_id).state is RefundState.ACCEPTED
    assert stage.at_provider() == ["2000000"]
    assert "querydr" in [one.what for one in stage.records.calls(stage.terminal)]


def test_a_refund_asked_twice_is_known_to_the_provider_by_its_number(stage: Stage) -> None:
    refund_id = stage.ask()
    stage.fault("reset")
    stage.deliver()
    stage.fault(
        "wrong_amount", "query"
    )  # the query says another amount: it is asked again, and answers 94

    message = stage.deliver()

    assert message.answer is not None
    assert message.answer["code"] == "94"
    assert stage.refund(refund_id).state is RefundState.ACCEPTED
    assert stage.at_provider() == ["2000000"]


def test_an_hour_at_which_no_refunds_are_taken_is_waited_for(stage: Stage) -> None:
    refund_id = stage.ask()
    stage.fault("closed")

    closed = stage.deliver()
    later = stage.deliver()

    assert closed.last_error.endswith("(code 16) – Giờ này VNPay không nhận hoàn tiền.")
    assert later.state is OutboxState.SENT
    assert stage.refund(refund_id).state is RefundState.ACCEPTED


def test_what_the_provider_refuses_at_once_is_a_task_with_its_words(stage: Stage) -> None:
    stage.records.keep_refund(
        stage.terminal,
        "bang-tay",
        stage.session.scalars(select(PaymentAttempt.reference)).one(),
        {"amount": str(stage.total_vnd * 100), "type": "02", "status": "06", "number": "9"},
    )
    stage.session.commit()
    refund_id = stage.ask()

    message = stage.deliver()

    refused = stage.refund(refund_id)
    assert message.state is OutboxState.SENT
    assert refused.state is RefundState.REJECTED
    assert (refused.details["code"], refused.details["text"]) == (
        "93",
        "Số tiền hoàn không hợp lệ.",
    )
    assert balance(stage.session, "refunds_due", order_id=stage.order_id) == -20_000


def test_a_bank_that_refuses_later_is_told_and_the_next_try_has_a_key_of_its_own(
    stage: Stage,
) -> None:
    refund_id = stage.ask()
    stage.deliver()
    (sent,) = stage.records.refunds(stage.terminal)
    stage.records.change_refund(stage.terminal, sent["request_id"], status="09")

    refused = stage.follow(refund_id)
    new_id = stage.session.scalars(select(Refund.id).where(Refund.follows_id == refund_id)).one()
    refunds.choose(stage.session, new_id, RefundWay.PROVIDER, actor=SYSTEM, now=clock.now())
    stage.session.commit()
    stage.deliver()
    settled = stage.follow(new_id)

    ids = {one["request_id"] for one in stage.records.refunds(stage.terminal)}
    assert (refused.state, refused.details["code"]) == (RefundState.REJECTED, "09")
    assert settled.state is RefundState.SETTLED
    assert len(ids) == 2


def test_two_refunds_of_one_amount_are_told_apart(stage: Stage) -> None:
    first = stage.ask()
    stage.deliver()
    stage.follow(first)
    second = stage.ask(seen=1)
    stage.fault("closed")  # the second never reaches the provider at first

    stage.deliver()
    between = stage.refund(second).state
    stage.deliver()
    settled = stage.follow(second)

    assert between is RefundState.ASKED
    assert settled.state is RefundState.SETTLED
    assert stage.at_provider() == ["2000000", "2000000"]


def test_a_message_delivered_again_after_it_is_over_asks_nobody(stage: Stage) -> None:
    refund_id = stage.ask()
    stage.deliver()
    stage.follow(refund_id)
    calls = len(stage.records.calls(stage.terminal))
    stage.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.kind == "refund")
        .values(state=OutboxState.PENDING)
    )

    again = stage.deliver()

    assert again.answer == {"state": "over"}
    assert len(stage.records.calls(stage.terminal)) == calls


def test_the_buyer_reads_what_is_on_its_way_and_when_it_went(stage: Stage, app: Flask) -> None:
    refund_id = stage.ask()
    stage.deliver()
    client = app.test_client()

    sent = client.get(f"/don-hang/{stage.token}").text
    stage.follow(refund_id)
    gone = client.get(f"/don-hang/{stage.token}").text

    assert "20.000\u00a0₫ đang về thẻ hoặc tài khoản đã trả, qua VNPay" in sent
    assert "đã trả lại 20.000\u00a0₫" in gone


def test_a_contract_of_another_seller_is_never_asked(stage: Stage, office: Office) -> None:
    refund_id = stage.ask()

    page = office.client().get(f"/quan-ly/tien/hoan/{refund_id}")
    posted = office.client().post(f"/quan-ly/tien/hoan/{refund_id}/dong-y")

    assert page.status_code == 404
    assert posted.status_code in {400, 404}
