"""After a payment through a provider came to nothing the same order is paid in another way."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.errors import FieldRefused, WrongMove
from shop.models.catalog import Pack, Seller
from shop.models.inventory import Reservation, ReservationState
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    Payment,
    ProviderAccount,
    Refund,
    RefundState,
)
from shop.models.people import AuditEntry
from shop.services import (
    order_payment,
    payment_ways,
    payments,
    provider_accounts,
    provider_payments,
)
from shop.services.actors import BUYER, SYSTEM
from tests.factories import make_level, make_order, make_pack, make_product, make_seller
from tests.shop.test_provider_payments import PROVIDER, attempts, pay, tell
from tests.support.pages import Visitor

A = AttemptState
TRANSFER, AT_THE_DOOR = "Quét mã VietQR ·", "Trả tiền khi nhận hàng ·"


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests open their own seller."""
    return database_url


@pytest.fixture
def account(app_session: Session) -> ProviderAccount:
    """A contract with the simulator of a provider."""
    seller = make_seller(app_session)
    made = provider_accounts.open_simulator(
        app_session, seller, PROVIDER, actor=SYSTEM, now=clock.now()
    )
    app_session.commit()
    return made


@pytest.fixture
def order(app_session: Session, account: ProviderAccount) -> Order:
    """An order that is to be paid through the provider."""
    pack: Pack = make_pack(
        app_session, make_product(app_session, app_session.get_one(Seller, account.seller_id))
    )
    make_level(app_session, pack, on_hand=10)
    made = make_order(
        app_session, pack, now=clock.now(), today=clock.today(), payment_way=PROVIDER.name
    )
    app_session.commit()
    return made


def states(session: Session) -> list[tuple[str, AttemptState]]:
    found = [(one.provider, one.state) for one in attempts(session)]
    session.commit()  # keeps no lock
    return found


def transfer(session: Session, order: Order, amount_vnd: int, reference: str) -> None:
    order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=amount_vnd,
        source="hand",
        reference=reference,
        credited_at=clock.now(),
        actor=SYSTEM,
        now=clock.now(),
        today=clock.today(),
    )
    session.commit()


def money(session: Session, order: Order) -> tuple[int, int]:
    """Return what came and what is promised back, in đồng."""
    session.expire_all()
    payment = session.scalars(select(Payment).where(Payment.order_id == order.id)).one()
    refunds = session.scalars(select(Refund).where(Refund.payment_id == payment.id)).all()
    assert all(one.state is RefundState.ASKED for one in refunds)
    came = payment.received_vnd, sum(one.amount_vnd for one in refunds)
    session.commit()
    return came


@pytest.mark.both_databases
def test_after_a_failed_try_the_order_is_paid_by_transfer(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    tell(client, account, urlsplit(pay(client, order, code="24")).query)
    page = visitor.open(f"/don-hang/{order.token}")

    changed = page.submit(press=TRANSFER)

    app_session.refresh(order)
    held = app_session.scalars(
        select(Reservation.expires_at).where(Reservation.state == ReservationState.HELD)
    ).all()
    entry = app_session.scalars(
        select(AuditEntry).where(AuditEntry.action == "payment_way_changed")
    ).one()
    assert "Trả cách khác" in page.text
    assert "Đã đổi cách trả tiền." in changed.text
    assert "Đang chờ tiền về." in changed.text
    assert "Trả cách khác" not in changed.text
    assert (order.payment_way, order.state) == ("vietqr", OrderState.AWAITING_PAYMENT)
    assert order.hold_until is not None
    assert order.hold_until > clock.now() + timedelta(hours=23)
    assert held == [order.hold_until]
    assert (entry.before, entry.after) == (
        {"payment_way": PROVIDER.name},
        {"payment_way": "vietqr"},
    )
    transfer(app_session, order, order.total_vnd, "FT-1")
    app_session.refresh(order)
    assert order.state is OrderState.CONFIRMED
    assert states(app_session) == [(PROVIDER.name, A.CANCELLED), ("vietqr", A.PAID)]


@pytest.mark.both_databases
def test_an_abandoned_try_is_ended_and_the_carrier_collects(
    client: FlaskClient, visitor: Visitor, app_session: Session, order: Order
) -> None:
    page = visitor.open(f"/don-hang/{order.token}").submit(press=AT_THE_DOOR)

    app_session.refresh(order)
    assert (order.payment_way, order.state) == ("cod", OrderState.NEW)
    assert "Người giao thu" in page.text
    assert "gọi xác nhận trước khi gửi" in page.text
    assert states(app_session) == [(PROVIDER.name, A.CANCELLED), ("cod", A.PENDING)]
    left = client.get(f"/don-hang/{order.token}/tra-tien")
    assert (left.status_code, left.location) == (303, f"/don-hang/{order.token}")


@pytest.mark.parametrize("way", ["vietqr", "cod"])
def test_money_of_the_first_try_that_comes_late_pays_the_order_once(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
    way: str,
) -> None:
    query = urlsplit(pay(client, order)).query
    payment_ways.change(app_session, order.id, way, actor=BUYER, now=clock.now())
    app_session.commit()

    answers = [tell(client, account, query), tell(client, account, query)]

    app_session.refresh(order)
    assert answers == ["00", "02"]
    assert order.state is OrderState.CONFIRMED
    assert money(app_session, order) == (order.total_vnd, 0)
    assert states(app_session)[0] == (PROVIDER.name, A.PAID)
    assert "Đã nhận" in visitor.open(f"/don-hang/{order.token}").text


@pytest.mark.both_databases
def test_money_that_comes_twice_is_owed_back_and_none_is_lost(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    query = urlsplit(pay(client, order)).query
    payment_ways.change(app_session, order.id, "vietqr", actor=BUYER, now=clock.now())
    app_session.commit()
    transfer(app_session, order, order.total_vnd, "FT-1")
    assert states(app_session) == [(PROVIDER.name, A.CANCELLED), ("vietqr", A.PAID)]
    app_session.refresh(account)
    app_session.commit()

    answered = tell(client, account, query)

    total = order.total_vnd
    assert answered == "00"
    assert money(app_session, order) == (2 * total, total)
    assert states(app_session) == [(PROVIDER.name, A.PAID), ("vietqr", A.PAID)]
    assert len(app_session.scalars(select(BankCredit)).all()) == 2
    assert "Nhận thừa" in visitor.open(f"/don-hang/{order.token}").text


def test_a_transfer_for_an_order_at_the_provider_does_not_hide_its_late_notice(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    transfer(app_session, order, order.total_vnd, "FT-1")

    answered = tell(client, account, query)

    assert answered == "00"
    assert money(app_session, order) == (2 * order.total_vnd, order.total_vnd)


def test_an_order_that_is_paid_meanwhile_keeps_its_way(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    page = visitor.open(f"/don-hang/{order.token}")
    tell(client, account, urlsplit(pay(client, order)).query)

    page.submit(press=AT_THE_DOOR, status=409)

    app_session.refresh(order)
    assert (order.payment_way, order.state) == (PROVIDER.name, OrderState.CONFIRMED)
    assert states(app_session) == [(PROVIDER.name, A.PAID)]


def test_the_same_way_twice_is_once(app_session: Session, order: Order) -> None:
    for _ in range(2):
        payment_ways.change(app_session, order.id, "vietqr", actor=BUYER, now=clock.now())
    app_session.commit()

    assert states(app_session) == [(PROVIDER.name, A.CANCELLED), ("vietqr", A.PENDING)]


@pytest.mark.parametrize("why", ["lapsed", "cancelled", "asked", "review", "changed"])
def test_what_waits_for_no_provider_keeps_its_way(
    app_session: Session, order: Order, why: str
) -> None:
    now, attempt = clock.now(), attempts(app_session)[0]
    if why == "lapsed":
        now += timedelta(hours=1)
    elif why == "cancelled":
        order_payment.cancel_by_buyer(app_session, order.id, actor=BUYER, now=now)
    elif why == "asked":
        provider_payments.ask_after(app_session, attempt, now=now)
    elif why == "review":
        attempt.state = A.REVIEW
    else:
        payment_ways.change(app_session, order.id, "vietqr", actor=BUYER, now=now)
    app_session.flush()
    before = order.payment_way

    with pytest.raises(WrongMove):
        payment_ways.change(app_session, order.id, "cod", actor=BUYER, now=now)

    payment = app_session.scalars(select(Payment)).one()
    assert payment_ways.other_ways(app_session, order, payment, now=now) == []
    assert order.payment_way == before


def test_another_try_at_the_provider_is_not_begun_once_the_way_is_another(
    app_session: Session, order: Order
) -> None:
    payment_ways.change(app_session, order.id, "vietqr", actor=BUYER, now=clock.now())

    with pytest.raises(WrongMove):
        provider_payments.begin_again(app_session, order.id, actor=BUYER, now=clock.now())


@pytest.mark.parametrize("rule", ["too much", "no account", "method"])
def test_only_ways_that_the_seller_takes_are_offered(
    visitor: Visitor, app_session: Session, order: Order, rule: str
) -> None:
    if rule == "too much":
        order.seller.settings = order.seller.settings | {"cod_max_vnd": 1}
        refused = "cod"
    elif rule == "method":
        delivery = order.snapshot["delivery"] | {"takes_cod": False}
        order.snapshot = order.snapshot | {"delivery": delivery}
        refused = "cod"
    else:
        known = payments.receiving_account(app_session, order.seller_id)
        assert known is not None
        known.is_active = False
        refused = "vietqr"
    app_session.commit()

    page = visitor.open(f"/don-hang/{order.token}")

    assert (TRANSFER in page.text) is (refused != "vietqr")
    assert (AT_THE_DOOR in page.text) is (refused != "cod")
    with pytest.raises(FieldRefused):
        payment_ways.change(app_session, order.id, refused, actor=BUYER, now=clock.now())


@pytest.mark.parametrize("way", ["", "nowhere", "x" * 500])
def test_an_unknown_way_changes_nothing(
    visitor: Visitor, app_session: Session, order: Order, way: str
) -> None:
    page = visitor.open(f"/don-hang/{order.token}")

    page.send({"way": way}, press=TRANSFER)
    with pytest.raises(FieldRefused):
        payment_ways.change(app_session, order.id, way, actor=BUYER, now=clock.now())
