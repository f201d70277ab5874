"""The letters about an order: what they say, in which language, and how they are addressed."""

import re
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.config import Settings
from shop.jobs.deliverers import Refused
from shop.jobs.letters import compose, message_id
from shop.jobs.send_mail import deliver
from shop.models.batches import BatchState, ProblemReason, ProblemReport
from shop.models.catalog import SellerMode
from shop.models.inventory import StockLevel
from shop.models.orders import Order
from shop.models.outbox import OutboxMessage
from shop.services import order_fulfilment, order_payment, problem_answers
from shop.services.actors import SYSTEM
from tests.factories import (
    NOW,
    TODAY,
    make_level,
    make_order,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.applications import MakeSettings

NBSP = "\u00a0"


@pytest.fixture
def settings(make_settings: MakeSettings) -> Settings:
    """Settings of a shop with a public address."""
    return make_settings(public_url="https://htx.example", mail_from="Đặc Sản <cho@htx.example>")


@pytest.fixture
def session(session: Session) -> Session:
    """A session that knows the public address, as the shop's own do."""
    session.info["base_url"] = "https://htx.example"
    return session


def order_of(session: Session, **values: Any) -> Order:
    """An order by transfer of a buyer with an address; the seller has one too."""
    seller = make_seller(session, email="vanphong@htx.example")
    level = make_level(session, make_pack(session, make_product(session, seller)))
    return make_order(
        session, level.batch_pack.pack, quantity=2, buyer_email="hoa@example.com", **values
    )


def letter(session: Session, settings: Settings, template: str) -> EmailMessage:
    """The letter that was promised last with this template."""
    promised = session.scalars(select(OutboxMessage).order_by(OutboxMessage.id.desc())).all()
    message = next(one for one in promised if one.payload["template"] == template)
    return compose(session, message, settings=settings, now=message.created_at)


def pay(session: Session, order: Order, *, amount_vnd: int, days: int = 0) -> None:
    order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=amount_vnd,
        source="hand",
        reference=f"FT{amount_vnd}",
        credited_at=NOW,
        actor=SYSTEM,
        now=NOW + timedelta(days=days),
        today=TODAY + timedelta(days=days),
    )


def test_the_first_letter_says_what_was_ordered_and_how_to_pay(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)

    written = letter(session, settings, "order_placed")

    body = written.get_content()
    assert written["Subject"] == f"{order.seller.name} đã nhận đơn {order.code}"
    assert "Chào Anh/Chị Hoa," in body
    assert f"{order.lines[0].title} × 2: 180.000{NBSP}₫" in body
    assert f"Tổng cộng: 205.000{NBSP}₫" in body
    assert "Xin chuyển khoản trước 10:00 23/11/2026:" in body
    assert "Số tài khoản: 0000000000001" in body
    assert f"Nội dung chuyển khoản: {order.code}" in body
    assert f"https://htx.example/don-hang/{order.token}\n" in body


def test_a_cash_order_is_told_to_pay_at_the_door(session: Session, settings: Settings) -> None:
    order_of(session, payment_way="cod")

    body = letter(session, settings, "order_placed").get_content()

    assert f"Anh/Chị trả 205.000{NBSP}₫ khi nhận hàng." in body
    assert "Số tài khoản" not in body


def test_the_office_is_told_of_a_new_order_without_the_buyers_name(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)

    written = letter(session, settings, "order_for_office")

    text = written["Subject"] + written.get_content()
    assert written["To"] == "vanphong@htx.example"
    assert order.code in written["Subject"]
    assert f"chờ 205.000{NBSP}₫, nội dung {order.code}, trước 10:00 23/11/2026" in text
    assert all(part not in text for part in ("Hoa", "0912 345 678", "Văn Hương", order.token))


def test_a_paid_order_is_confirmed_with_the_amount_that_came(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)
    pay(session, order, amount_vnd=205_000)

    body = letter(session, settings, "order_confirmed").get_content()

    assert f"đã nhận đủ 205.000{NBSP}₫ và xác nhận đơn {order.code}." in body


def test_an_order_that_lapsed_says_why_and_that_part_payments_come_back(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)
    pay(session, order, amount_vnd=100_000)
    order_payment.lapse(session, order.id, now=NOW + timedelta(hours=25))

    body = letter(session, settings, "order_cancelled").get_content()

    assert "vì hết thời gian giữ hàng mà chưa nhận đủ tiền" in body
    assert f"Số tiền Anh/Chị đã trả, 100.000{NBSP}₫, sẽ được trả lại." in body


def test_an_order_for_which_goods_are_missing_is_not_called_confirmed(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)
    level = session.scalars(select(StockLevel)).one()
    batch = level.batch_pack.batch
    batch.state = BatchState.HELD
    pay(session, order, amount_vnd=205_000)

    written = letter(session, settings, "order_confirmed")

    text = written["Subject"] + written.get_content()
    assert written["Subject"] == f"Đơn {order.code} đang thiếu hàng"
    assert f"đã nhận đủ 205.000{NBSP}₫ cho đơn {order.code}." in text
    assert "sẽ gọi Anh/Chị để hỏi ý." in text
    assert "xác nhận" not in text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("out_of_stock", "đã hủy vì không còn hàng."),
        ("not_reached", "đã hủy vì gọi ba lần mà chưa gặp được Anh/Chị."),
        ("buyer_asked", "đã hủy."),
    ],
)
def test_a_cancelled_order_says_why_where_the_buyer_does_not_know(
    session: Session, settings: Settings, reason: str, words: str
) -> None:
    order = order_of(session)
    order_payment.cancel(session, order.id, reason=reason, actor=SYSTEM, now=NOW)

    body = letter(session, settings, "order_cancelled").get_content()

    assert f"Đơn {order.code} {words}\n" in body
    assert "sẽ được trả lại" not in body


def test_a_shipped_order_names_the_carrier_and_leads_to_its_batches(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)
    pay(session, order, amount_vnd=205_000)
    order_fulfilment.start_packing(session, order.id, actor=SYSTEM, now=NOW)
    order_fulfilment.ship(
        session,
        order.id,
        carrier="Bưu điện",
        tracking_code="VN123",
        actor=SYSTEM,
        now=NOW,
        today=TODAY,
    )

    order.parcels[0].tracking_url = "https://buudien.example/tra?ma=VN123"
    session.flush()

    body = letter(session, settings, "order_shipped").get_content()

    assert "Theo dõi bưu kiện: https://buudien.example/tra?ma=VN123" in body
    batch = order.lines[0].allocations[0].batch_pack
    assert "Đơn vị giao: Bưu điện" in body
    assert "Mã vận đơn: VN123" in body
    assert f"https://htx.example/01/{batch.pack.gtin}/10/{batch.batch.lot}" in body
    assert "trả khi nhận hàng" not in body


def test_each_answer_to_a_report_goes_to_the_buyer(session: Session, settings: Settings) -> None:
    order = order_of(session)
    report = ProblemReport(
        seller_id=order.seller_id, order_id=order.id, code_seen="", text="Hộp móp",
        reason=ProblemReason.DAMAGED, by_buyer=True, made_at=NOW,
    )  # fmt: skip
    session.add(report)
    session.flush()
    for minutes, text in ((1, "HTX đang xem."), (5, "HTX gửi bù\n2 gói <mai>.")):
        now = NOW + timedelta(minutes=minutes)
        problem_answers.answer(session, report, text, actor=SYSTEM, now=now)

    written = letter(session, settings, "order_problem_answered")
    letters = [
        message
        for message in session.scalars(select(OutboxMessage))
        if message.payload["template"] == "order_problem_answered"
    ]

    body = written.get_content()
    assert written["Subject"] == f"Trả lời về đơn {order.code}"
    assert "HTX gửi bù\n2 gói <mai>." in body
    assert f"https://htx.example/don-hang/{order.token}" in body
    assert len(letters) == 2


def test_a_training_order_says_so_first(session: Session, settings: Settings) -> None:
    seller = make_seller(session, mode=SellerMode.TRAINING)
    level = make_level(session, make_pack(session, make_product(session, seller)))
    make_order(session, level.batch_pack.pack, buyer_email="hoa@example.com")

    written = letter(session, settings, "order_placed")

    assert written["Subject"].startswith("[TẬP HUẤN] ")
    assert written.get_content().startswith("TẬP HUẤN: đơn này chỉ để tập.")


def test_a_letter_in_english_leads_to_english_pages(session: Session, settings: Settings) -> None:
    order = order_of(session, locale="en")

    written = letter(session, settings, "order_placed")

    body = written.get_content()
    assert written["Subject"] == f"{order.seller.name} has your order {order.code}"
    assert written["Content-Language"] == "en"
    assert f"https://htx.example/en/don-hang/{order.token}\n" in body
    assert f"205,000{NBSP}₫" in body


def test_a_letter_is_addressed_from_the_seller_and_answered_there(
    session: Session, settings: Settings
) -> None:
    order = order_of(session)

    written = letter(session, settings, "order_placed")

    assert written["From"].addresses[0].display_name == order.seller.name
    assert written["From"].addresses[0].addr_spec == "cho@htx.example"
    assert written["To"] == "hoa@example.com"
    assert written["Reply-To"] == "vanphong@htx.example"
    assert written["Auto-Submitted"] == "auto-generated"


def test_a_letter_travels_as_plain_ascii_in_short_lines(
    session: Session, settings: Settings
) -> None:
    order_of(session)

    sent = letter(session, settings, "order_placed").as_bytes(policy=SMTP)

    assert sent.isascii()
    assert max(len(line) for line in sent.split(b"\r\n")) <= 998
    assert b"\n" not in sent.replace(b"\r\n", b"")


def test_writing_a_letter_again_gives_the_same_head(session: Session, settings: Settings) -> None:
    order_of(session)

    first = letter(session, settings, "order_placed")
    second = letter(session, settings, "order_placed")

    assert first.items() == second.items()
    assert re.fullmatch(r"<[0-9a-f]{40}@htx\.example>", first["Message-ID"])


def test_the_same_key_at_another_time_is_another_letter(session: Session) -> None:
    order_of(session)
    message = session.scalars(select(OutboxMessage).limit(1)).one()
    before = message_id(message, sender="cho@htx.example")

    message.created_at += timedelta(microseconds=1)

    assert message_id(message, sender="cho@htx.example") != before


@pytest.mark.parametrize(
    "address",
    ["hoa@example.com\r\nBcc: all@example.com", "hoà@example.com", "no address"],
)
def test_what_is_no_address_is_refused_for_good(
    session: Session, settings: Settings, address: str
) -> None:
    order_of(session)
    message = session.scalars(select(OutboxMessage).limit(1)).one()
    message.payload = message.payload | {"to": address}
    session.commit()
    engine = session.get_bind().engine

    with pytest.raises(Refused):
        deliver(message, settings=settings, engine=engine, now=NOW)

    assert not (settings.var / "mail").exists()
