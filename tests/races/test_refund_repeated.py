"""A refund whose answer was lost goes once; a worker without our defences would send it twice."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from integrations.payments.vnpay.simulator.records import Records
from shop import clock
from shop.db import make_engine, open_session
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import PaymentAttempt, ProviderAccount, RefundWay
from shop.services import refunds
from shop.services.actors import SYSTEM
from tests.races.test_notices import choose, order_at, state_of
from tests.support.databases import SETTINGS
from tests.support.servers import PatchTree, Serve, StartProgram
from tests.support.shared import CHECKOUT

PATIENCE = 60.0


@pytest.mark.race
@pytest.mark.parametrize(("is_naive", "times"), [(True, 2), (False, 1)])
def test_a_lost_answer_is_asked_after_under_the_key_of_the_refund(
    demo_database_url: str,
    serve: Serve,
    start_program: StartProgram,
    patch_tree: PatchTree,
    tmp_path: Path,
    *,
    is_naive: bool,
    times: int,
) -> None:
    (server,) = serve(demo_database_url)
    choose(order_at(server, demo_database_url))
    wait_for(lambda: state_of(demo_database_url) is OrderState.CONFIRMED)
    records = Records(tmp_path / "var/simulators")
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as session:
        order_id = session.scalars(select(Order.id)).one()
        attempt = session.scalars(select(PaymentAttempt)).one()
        account = session.get_one(ProviderAccount, attempt.provider_account_id)
        terminal = str(account.settings["tmn_code"])
        refunds.ask(
            session,
            order_id,
            amount_vnd=10_000,
            reason="damaged",
            way=RefundWay.PROVIDER,
            seen=0,
            actor=SYSTEM,
            now=clock.now(),
        )
        session.commit()
    records.order_fault(terminal, "refund", "reset")

    start_program(
        "worker",
        tree=naive_tree(patch_tree) if is_naive else CHECKOUT,
        database_url=demo_database_url,
        public_url=server.url,
    )
    wait_for(lambda: is_sent(engine))

    engine.dispose()
    assert [one["amount"] for one in records.refunds(terminal)] == ["1000000"] * times


def naive_tree(patch_tree: PatchTree) -> Path:
    """Return the code without a lasting key and without the question before a repeat."""
    patch_tree("shop/services/refund_delivery.py", "refund.sent_at is not None", "False")
    return patch_tree(
        "integrations/payments/vnpay/refunds.py",
        'said = f"{self._calls.settings.tmn_code}|{request.key}"',
        "said = str(id(request))",
    )


def is_sent(engine: Engine) -> bool:
    """Return whether the provider has answered; the pause before a repeat is cut short."""
    with Session(engine) as session:
        session.execute(
            update(OutboxMessage)
            .where(OutboxMessage.kind == "refund", OutboxMessage.claimed_until.is_(None))
            .values(due_at=clock.now())
        )
        session.commit()
        found = session.scalars(
            select(OutboxMessage.state).where(OutboxMessage.kind == "refund")
        ).one()
    return found is OutboxState.SENT


def wait_for(is_true: Callable[[], bool]) -> None:
    """Wait for something to become true."""
    end = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.2)
