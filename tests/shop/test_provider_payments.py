"""Paying through a provider: to its page and back, and what its notices do to an order."""

import json
import re
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from integrations.payments import providers
from integrations.payments.protocol import Outcome, PaymentNotification, PaymentReport, Verdict
from shop import clock
from shop.models.catalog import Pack, Seller
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage
from shop.models.payments import (
    AttemptState,
    BankCredit,
    CreditState,
    PaymentAttempt,
    ProviderAccount,
    ProviderNotice,
)
from shop.models.people import Role
from shop.queries.ledger import balance
from shop.services import order_payment, provider_accounts, provider_payments
from shop.services.actors import BUYER, SYSTEM, Actor, Reach
from tests.factories import make_level, make_order, make_pack, make_product, make_seller
from tests.support.pages import Visitor

PROVIDER = next(iter(providers().values()))


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


def attempts(session: Session) -> list[PaymentAttempt]:
    session.expire_all()
    found = list(session.scalars(select(PaymentAttempt).order_by(PaymentAttempt.id)))
    session.commit()
    return found


def pay(client: FlaskClient, order: Order, *, code: str = "") -> str:
    """Go to the provider's page, choose how it ends; return the address that leads back."""
    page = client.get(f"/don-hang/{order.token}/tra-tien").text
    address = re.search(r'content="0; url=([^"]+)"', page)
    assert address, page
    parts = urlsplit(address[1].replace("&amp;", "&"))
    page = client.get(f"{parts.path}?{parts.query}").text
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
    codes = re.findall(r'<button name="code" value="([^"]+)"', page)
    action = re.search(r'<form method="post" action="([^"]+)"', page)
    assert action, page
    came = client.post(action[1], data=fields | {"code": code or codes[0], "silent": "1"})
    assert came.status_code == 303
    return str(came.location)


def tell(client: FlaskClient, account: ProviderAccount, query: str) -> str:
    """Call as the provider's server does and return the code of the answer."""
    came = client.get(f"/webhooks/{account.provider}/{account.token}?{query}")
    assert came.status_code == 200
    return str(json.loads(came.data)["RspCode"])


def test_a_notice_confirms_the_order_and_the_money_stands_with_the_provider(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    address = pay(client, order)

    answered = tell(client, account, urlsplit(address).query)

    app_session.refresh(order)
    assert answered == "00"
    assert order.state is OrderState.CONFIRMED
    assert balance(app_session, f"clearing:{account.provider}", order_id=order.id) == (
        order.total_vnd
    )
    app_session.commit()
    assert "Đã nhận" in visitor.open(f"/don-hang/{order.token}").text


def test_coming_back_changes_nothing_and_leads_to_the_order(
    client: FlaskClient, app_session: Session, order: Order
) -> None:
    address = urlsplit(pay(client, order))

    came = client.get(f"{address.path}?{address.query}")

    app_session.refresh(order)
    assert came.location == f"/don-hang/{order.token}"
    assert order.state is OrderState.AWAITING_PAYMENT


def test_a_way_back_that_nobody_signed_says_so_and_changes_nothing(
    client: FlaskClient, visitor: Visitor, app_session: Session, order: Order
) -> None:
    address = urlsplit(pay(client, order))

    pages = [
        visitor.open(f"{address.path}?{query}", status=400)
        for query in (f"{address.query}&vnp_Amount=100", address.query + "0", "")
    ]

    assert {page.heading for page in pages} == {"Không đọc được kết quả trả tiền."}
    assert pages[0].follow("Tìm đơn").path == "/tra-cuu/don"
    assert [one.state for one in attempts(app_session)] == [AttemptState.PENDING]


def test_who_has_not_paid_yet_reads_until_when_the_goods_are_kept(
    client: FlaskClient, visitor: Visitor, account: ProviderAccount, order: Order
) -> None:
    waiting = visitor.open(f"/don-hang/{order.token}").text
    tell(client, account, urlsplit(pay(client, order, code="51")).query)
    failed = visitor.open(f"/don-hang/{order.token}").text

    assert f"Chưa thấy tiền qua {PROVIDER.title}." in waiting
    assert "Giữ hàng đến" in waiting
    assert "Giữ hàng đến" in failed


@pytest.mark.parametrize("code", ["", "24"])
def test_who_has_just_come_back_is_not_sent_to_pay_again_until_the_result_is_late(
    client: FlaskClient, visitor: Visitor, app_session: Session, order: Order, code: str
) -> None:
    address, page = f"/don-hang/{order.token}", visitor.open(f"/don-hang/{order.token}")
    before = page.links()
    asked = client.get(f"{address}/trang-thai").headers["ETag"]
    back = urlsplit(pay(client, order, code=code))

    came = client.get(f"{back.path}?{back.query}")
    at_once = visitor.open(address)
    gone_again = client.get(f"{address}/tra-tien")
    asked_then = client.get(f"{address}/trang-thai").headers["ETag"]
    app_session.execute(
        update(OutboxMessage).values(created_at=clock.now() - timedelta(minutes=4))
    )
    app_session.commit()
    late = visitor.open(address)

    pays = f"Trả tiền qua {PROVIDER.title}"
    assert pays in before
    assert (came.location, gone_again.location) == (address, address)
    assert f"Đang hỏi {PROVIDER.title} kết quả" in at_once.text
    assert "Đừng trả lần nữa." in at_once.text
    assert not [link for link in at_once.links().values() if link.endswith("/tra-tien")]
    assert "Chưa bị trừ tiền?" in late.text
    assert late.follow(f"Trả lại qua {PROVIDER.title}").heading == f"Sang trang {PROVIDER.title}"
    assert len({asked, asked_then, client.get(f"{address}/trang-thai").headers["ETag"]}) == 3


@pytest.mark.parametrize(
    ("code", "outcome", "state", "says"),
    [
        ("24", Outcome.FAILED, AttemptState.CANCELLED, "Bạn đã hủy lần trả vừa rồi."),
        ("51", Outcome.FAILED, AttemptState.FAILED, "Tài khoản không đủ tiền."),
        ("99", Outcome.FAILED, AttemptState.FAILED, "hỏi ngân hàng"),
        ("24", Outcome.PAID, AttemptState.PAID, "Đã nhận"),
    ],
)
def test_why_a_try_failed_is_known_from_the_way_back_where_the_answer_does_not_tell(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
    code: str,
    outcome: Outcome,
    state: AttemptState,
    says: str,
) -> None:
    back = urlsplit(pay(client, order, code=code))
    client.get(f"{back.path}?{back.query}")
    (attempt,) = attempts(app_session)
    told = PaymentReport(attempt.reference, attempt.amount_vnd, outcome, "140001", "02", "Lỗi.")

    provider_payments.take(app_session, account, told, now=clock.now(), today=clock.today())
    app_session.commit()

    page = visitor.open(f"/don-hang/{order.token}").text
    assert [one.state for one in attempts(app_session)] == [state]
    assert says in page
    assert ("hỏi ngân hàng" in page) == (says == "hỏi ngân hàng")


def test_the_same_notice_again_is_known_and_counts_once(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query

    answers = [tell(client, account, query) for _ in range(3)]

    assert answers == ["00", "02", "02"]
    assert len(app_session.scalars(select(BankCredit)).all()) == 1
    assert [one.outcome for one in app_session.scalars(select(ProviderNotice))] == [
        "recorded",
        "repeated",
        "repeated",
    ]


def test_a_forged_notice_is_stored_and_believed_by_nobody(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    last = "0" if query[-1] != "0" else "1"

    answers = [tell(client, account, query[:-1] + last), tell(client, account, query)]

    assert answers == ["97", "00"]
    assert app_session.scalars(select(ProviderNotice.outcome)).first() == "not_signed"


def test_a_try_that_failed_is_recorded_and_another_may_begin(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    answered = tell(client, account, urlsplit(pay(client, order, code="24")).query)
    page = visitor.open(f"/don-hang/{order.token}")

    left = page.submit(press=f"Trả lại qua {PROVIDER.title}")
    second = tell(client, account, urlsplit(pay(client, order)).query)

    assert (answered, second) == ("00", "00")
    assert "Bạn đã hủy lần trả vừa rồi." in page.text
    assert "Khách hủy giao dịch" not in page.text
    assert left.heading == f"Sang trang {PROVIDER.title}"
    assert [one.state for one in attempts(app_session)] == [
        AttemptState.CANCELLED,
        AttemptState.PAID,
    ]


FAILURES = {
    "51": "Tài khoản không đủ tiền.",
    "13": "Mã OTP hoặc mật khẩu không đúng.",
    "75": "Ngân hàng đang bảo trì, lát nữa trả lại.",
    "99": "Trả lại, hoặc hỏi ngân hàng của thẻ hay tài khoản.",
}


@pytest.mark.parametrize("code", FAILURES)
def test_a_buyer_reads_why_a_try_failed_and_what_to_do(
    client: FlaskClient, visitor: Visitor, account: ProviderAccount, order: Order, code: str
) -> None:
    tell(client, account, urlsplit(pay(client, order, code=code)).query)

    page = visitor.open(f"/don-hang/{order.token}")
    in_english = visitor.open(f"/en/don-hang/{order.token}")

    assert f"Lần trả vừa rồi không thành công. {FAILURES[code]}" in page.text
    assert "did not go through" in in_english.text
    assert FAILURES[code] not in in_english.text


@pytest.mark.parametrize("way", ["leaves", "comes back"])
def test_a_buyer_is_told_when_the_contract_cannot_be_opened(
    client: FlaskClient, app_session: Session, order: Order, way: str
) -> None:
    back = urlsplit(pay(client, order))
    app_session.execute(update(ProviderAccount).values(secrets_encrypted="unreadable"))
    app_session.commit()

    leaving = f"/don-hang/{order.token}/tra-tien"
    came = client.get(leaving if way == "leaves" else f"{back.path}?{back.query}")

    assert came.status_code == 503
    assert f"chưa nối được với {PROVIDER.title}" in came.text
    assert "tiền không mất" in came.text


def test_money_for_an_order_that_lapsed_is_parked_for_a_person(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    order_payment.lapse(app_session, order.id, now=clock.now() + timedelta(hours=1))
    app_session.commit()

    answered = tell(client, account, query)

    app_session.refresh(order)
    credit = app_session.scalars(select(BankCredit)).one()
    assert answered == "00"
    assert (order.state, credit.state) == (OrderState.CANCELLED, CreditState.LATE)
    assert balance(app_session, "suspense", order_id=order.id) == -order.total_vnd


@pytest.mark.parametrize(("prefix", "label"), [("", "giả lập"), ("/en", "simulator")])
def test_the_simulated_page_speaks_the_language_of_the_buyer(
    client: FlaskClient, order: Order, prefix: str, label: str
) -> None:
    left = client.get(f"{prefix}/don-hang/{order.token}/tra-tien").text
    address = re.search(r'content="0; url=([^"]+)"', left)
    assert address, left
    parts = urlsplit(address[1].replace("&amp;", "&"))

    paying = client.get(f"{parts.path}?{parts.query}").text
    refused = client.get(f"{parts.path}?{parts.query}0").text

    for page in (paying, refused):
        assert f'<html lang="{"en" if prefix else "vi"}">' in page
        assert label in page
        assert ("Số tiền" in page or "Sai chữ ký" in page) is (not prefix)


def test_money_that_may_be_fraud_waits_for_a_person(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    answered = tell(client, account, urlsplit(pay(client, order, code="07")).query)

    app_session.refresh(order)
    assert answered == "00"
    assert attempts(app_session)[0].state is AttemptState.REVIEW
    assert order.state is OrderState.AWAITING_PAYMENT


def test_a_notice_for_nobody_finds_no_page(client: FlaskClient, account: ProviderAccount) -> None:
    assert client.get(f"/webhooks/{account.provider}/other?a=1").status_code == 404
    assert client.get(f"/webhooks/khac/{account.token}").status_code == 404
    assert client.get(f"/payments/{account.provider}/other/return").status_code == 404


def test_secrets_stand_in_the_database_only_encrypted(
    app_session: Session, account: ProviderAccount
) -> None:
    values = provider_accounts.values(app_session, account)
    hidden = [values[field.name] for field in PROVIDER.fields if field.is_secret]

    assert hidden
    assert all(secret not in repr(account.settings) for secret in hidden)
    assert all(secret not in account.secrets_encrypted for secret in hidden)


def test_every_page_of_the_way_says_that_it_is_a_simulator(
    app: Flask, client: FlaskClient, order: Order
) -> None:
    page = client.get(f"/don-hang/{order.token}/tra-tien").text
    address = re.search(r'content="0; url=([^"]+)"', page)
    assert address
    parts = urlsplit(address[1].replace("&amp;", "&"))

    assert parts.path.startswith(f"/gia-lap/{PROVIDER.name}/")
    assert "giả lập" in client.get(f"{parts.path}?{parts.query}").text


def test_a_notice_is_stored_and_sent_again_where_its_contract_cannot_be_read(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query, secret = urlsplit(pay(client, order)).query, account.secrets_encrypted
    account.secrets_encrypted = "of-another-master-key"
    app_session.commit()

    early = tell(client, account, query)

    account.secrets_encrypted = secret
    app_session.commit()
    assert (early, tell(client, account, query)) == ("99", "00")
    outcomes = select(ProviderNotice.outcome).order_by(ProviderNotice.id)
    assert app_session.scalars(outcomes).all() == ["stored", "recorded"]


def test_a_notice_over_another_amount_changes_nothing(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    query = urlsplit(pay(client, order)).query
    app_session.scalars(select(PaymentAttempt)).one().amount_vnd += 1_000
    app_session.commit()

    answered = tell(client, account, query)

    assert answered == "04"
    assert attempts(app_session)[0].state is AttemptState.PENDING


def told_of(attempt: PaymentAttempt, **said: Any) -> PaymentNotification:
    """Return that a try is paid, under a number that the provider gives to every one."""
    return PaymentNotification(
        **{
            "reference": attempt.reference,
            "amount_vnd": attempt.amount_vnd,
            "outcome": Outcome.PAID,
            "provider_reference": "0",
            "code": "00",
            "text": "",
        }
        | said
    )


def test_two_payments_under_one_number_of_the_provider_are_two(
    app_session: Session, account: ProviderAccount, order: Order
) -> None:
    now, today = clock.now(), clock.today()
    first = provider_payments.begin(app_session, order, account, now=now)
    take = partial(provider_payments.take, app_session, account, now=now, today=today)
    take(told_of(first, outcome=Outcome.FAILED))
    second = provider_payments.begin_again(app_session, order.id, actor=BUYER, now=now)

    verdicts = [take(told_of(attempt)) for attempt in (second, first)]

    assert verdicts == [Verdict.RECORDED, Verdict.RECORDED]
    payment = first.payment
    assert (payment.received_vnd, payment.surplus_vnd) == (2 * order.total_vnd, order.total_vnd)


@pytest.mark.parametrize(
    "paid_at",
    [
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=7))),
        datetime(2000, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, tzinfo=timezone(timedelta(hours=-7))),
    ],
)
def test_money_came_now_where_the_provider_names_a_time_that_cannot_be(
    app_session: Session, account: ProviderAccount, order: Order, paid_at: datetime
) -> None:
    now = clock.now()
    attempt = provider_payments.begin(app_session, order, account, now=now)

    provider_payments.take(
        app_session, account, told_of(attempt, paid_at=paid_at), now=now, today=clock.today()
    )

    assert app_session.scalars(select(BankCredit.credited_at)).all() == [now]


def test_what_is_larger_than_any_notice_is_answered_as_trouble_and_not_stored(
    client: FlaskClient, app_session: Session, account: ProviderAccount
) -> None:
    address = f"/webhooks/{account.provider}/{account.token}"

    answers = [
        client.post(address, data=b"x" * 100_000),
        client.get(f"{address}?a={'x' * 100_000}"),
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert [answer.get_json()["RspCode"] for answer in answers] == ["99", "99"]
    assert app_session.scalars(select(ProviderNotice)).all() == []


def test_who_bought_in_english_comes_back_in_english(
    client: FlaskClient, app_session: Session, order: Order
) -> None:
    back = urlsplit(pay(client, order, code="24"))
    order.locale = "en"
    app_session.commit()

    came = client.get(f"{back.path}?{back.query}")

    assert came.location == f"/en/don-hang/{order.token}"


def test_money_for_an_order_that_its_buyer_cancelled_names_no_lapsed_hold(
    client: FlaskClient,
    visitor: Visitor,
    app_session: Session,
    account: ProviderAccount,
    order: Order,
) -> None:
    query = urlsplit(pay(client, order)).query
    order_payment.cancel_by_buyer(app_session, order.id, actor=SYSTEM, now=clock.now())
    app_session.commit()

    tell(client, account, query)

    page = visitor.open(f"/don-hang/{order.token}").text
    assert "Tiền về sau khi đơn đã hủy." in page
    assert "hết giờ giữ hàng" not in page


def test_a_contract_that_cannot_be_opened_is_offered_to_nobody(
    app_session: Session, account: ProviderAccount
) -> None:
    offered = partial(provider_accounts.offered, app_session, account.seller_id, actor=BUYER)
    before = offered()

    app_session.execute(update(ProviderAccount).values(secrets_encrypted="unreadable"))
    app_session.refresh(account)

    assert (before, offered()) == ([account], [])


def test_a_sandbox_is_offered_to_staff_alone_and_called_a_trial(
    app_session: Session, account: ProviderAccount
) -> None:
    staff = Actor("account", 1, reaches=(Reach(Role.DIRECTOR, account.seller_id),))
    account.mode, account.seller_mode = "live", "live"
    account.settings = {}
    offered = partial(provider_accounts.offered, app_session, account.seller_id)

    in_sandbox = [offered(actor=BUYER), offered(actor=staff)]
    is_trial = provider_accounts.is_trial(account)
    account.settings = {
        field.name: field.default.replace("sandbox.", "pay.") for field in PROVIDER.fields
    }

    assert is_trial
    assert in_sandbox == [[], [account]]
    assert offered(actor=BUYER) == [account]


def test_a_buyer_reads_what_to_do_while_the_contract_cannot_be_used(
    visitor: Visitor, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    account.mode = account.seller_mode = "live"
    account.settings = account.settings | {"payment_url": "https://nguoi@may.example/cong"}
    app_session.commit()

    page = visitor.open(f"/don-hang/{order.token}/tra-tien", status=503)

    assert f"Lúc này chưa nối được với {PROVIDER.title}." in page.text


def test_another_try_goes_through_the_contract_in_use(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    tell(client, account, urlsplit(pay(client, order, code="24")).query)
    provider_accounts.close(app_session, account, actor=SYSTEM, now=clock.now())
    seller = app_session.get_one(Seller, account.seller_id)
    other = provider_accounts.open_account(
        app_session,
        seller,
        PROVIDER,
        PROVIDER.simulator_settings(""),
        mode=account.mode,
        label="other",
        actor=SYSTEM,
        now=clock.now(),
    )
    app_session.commit()

    Visitor.of(client).open(f"/don-hang/{order.token}").submit(press="Trả lại")

    assert [one.provider_account_id for one in attempts(app_session)] == [account.id, other.id]


def test_no_other_try_begins_through_a_closed_contract(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    tell(client, account, urlsplit(pay(client, order, code="24")).query)
    page = Visitor.of(client).open(f"/don-hang/{order.token}")
    provider_accounts.close(app_session, account, actor=SYSTEM, now=clock.now())
    app_session.commit()

    refused = page.submit(press="Trả lại", status=503)
    again = Visitor.of(client).open(f"/don-hang/{order.token}")

    assert f"thôi nhận qua {PROVIDER.title}" in again.text
    assert "Trả lại qua" not in again.text
    assert f"Lúc này chưa nối được với {PROVIDER.title}." in refused.text
    assert len(attempts(app_session)) == 1


def test_what_is_on_its_way_through_a_contract_that_was_closed_still_arrives(
    client: FlaskClient, app_session: Session, account: ProviderAccount, order: Order
) -> None:
    provider_accounts.close(app_session, account, actor=SYSTEM, now=clock.now())
    app_session.commit()

    answered = tell(client, account, urlsplit(pay(client, order)).query)

    app_session.refresh(order)
    assert answered == "00"
    assert order.state is OrderState.CONFIRMED
