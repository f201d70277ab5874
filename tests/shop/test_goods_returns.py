"""A buyer sends goods back: asked, decided, counted into quarantine, paid for."""

import re
from dataclasses import dataclass

import pytest
from sqlalchemy import select

from shop.models.buyers import ProvedBy, Purpose
from shop.models.inventory import MovementKind, Place, PlaceKind, StockLevel, StockMovement
from shop.models.orders import Order
from shop.models.outbox import OutboxMessage
from shop.models.payments import Refund
from shop.models.people import AuditEntry, Role
from shop.models.returns import GoodsReturn, ReturnState
from shop.pages.buyer_copy import everything
from shop.services import buyers, forgetting, order_fulfilment
from shop.services.actors import SYSTEM
from tests.support.office import Office
from tests.support.pages import Page, Visitor

TEXT = "Hai gói chè có mùi lạ."
WORDS = "HTX nhận lại. Gửi về xóm La Bằng, HTX trả phí gửi."


@dataclass(frozen=True)
class Sold:
    """What is known of a delivered order without a transaction."""

    id: int
    token: str
    line_id: int
    title: str
    quantity: int
    total_vnd: int


def delivered(office: Office) -> Sold:
    order = office.shipped_order(quantity=3)
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)
    (line,) = order.lines
    sold = Sold(order.id, order.token, line.id, line.title, line.quantity, line.total_vnd)
    office.session.commit()
    return sold


def asked(
    visitor: Visitor, order: Order, count: object, *, status: int = 200, **more: str
) -> Page:
    page = visitor.open(f"/don-hang/{order.token}/su-co")
    (field,) = re.findall(r'name="(back_\d+)"', page.body)
    typed = {"reason": "spoiled", "text": TEXT, field: str(count)} | more
    return page.submit(typed, form="su-co", status=status)


def only(office: Office) -> GoodsReturn:
    office.session.rollback()
    office.session.expire_all()
    found = office.session.scalars(select(GoodsReturn)).one()
    office.session.commit()
    return found


def in_quarantine(office: Office) -> int:
    office.session.rollback()
    levels = office.session.scalars(
        select(StockLevel).join(Place).where(Place.kind == PlaceKind.QUARANTINE)
    )
    count = sum(level.on_hand for level in levels)
    office.session.commit()
    return count


def decided(office: Office, takes: str, *, text: str = WORDS, status: int = 200) -> Page:
    page = office.visitor().open(f"/quan-ly/su-co/{only(office).report_id}")
    return page.submit({"takes": takes, "answer": text}, press="Ghi câu trả lời", status=status)


@pytest.mark.both_databases
def test_goods_go_back_into_quarantine_and_their_money_is_proposed(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)

    sent = asked(visitor, order, 1)
    at_office = office.visitor().open("/quan-ly").follow("Trả lời")
    decided(office, "1")
    waiting = visitor.open(f"/don-hang/{order.token}/su-co")
    count = office.visitor().open("/quan-ly").follow("Hàng đã về")
    money = count.submit({}, press="Ghi là hàng đã về")
    read_back = money.submit({"way": "hand"}, press="Xem lại")
    read_back.submit({}, press="Hoàn")
    done = visitor.open(f"/don-hang/{order.token}/su-co")

    assert "xem rồi trả lời có nhận lại không" in sent.text
    assert "Khách xin trả" in at_office.text
    assert f"{order.title}: 1 " in at_office.text
    assert "Gửi hàng theo lời dặn ở trên" in waiting.text
    assert WORDS in waiting.text
    assert "Đếm từng lô" in count.text
    assert in_quarantine(office) == 1
    assert "đã nhận lại hàng" in done.text
    office.session.rollback()
    refund = office.session.scalars(select(Refund)).one()
    assert refund.amount_vnd == order.total_vnd // order.quantity
    (back,) = office.session.scalars(
        select(StockMovement).where(StockMovement.kind == MovementKind.RETURN)
    )
    assert (back.quantity, back.order_line_id) == (1, order.line_id)
    assert back.event is not None
    acts = [entry.action for entry in office.session.scalars(select(AuditEntry))]
    assert [act for act in acts if act.startswith("return_")] == [
        "return_accepted", "return_received",
    ]  # fmt: skip


def test_what_is_not_taken_back_stays_with_the_buyer_who_reads_why(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    asked(visitor, order, 1)

    unsaid = decided(office, "", status=422)
    decided(office, "0", text="Gói đã mở, HTX không nhận lại được.")
    page = visitor.open(f"/don-hang/{order.token}/su-co")
    again = asked(visitor, order, 1, text="Xin xem lại giúp.")

    assert "Chọn có nhận lại hàng không." in unsaid.text
    assert WORDS in unsaid.text
    assert "không nhận lại hàng này" in page.text
    assert "Gói đã mở, HTX không nhận lại được." in page.text
    assert in_quarantine(office) == 0
    assert "xem rồi trả lời" in again.text


@pytest.mark.parametrize(
    ("count", "words"),
    [("99", "Chỉ còn trả được"), ("hai", "Ghi số gói bằng chữ số"), ("-1", "0"), ("1,5", "")],
)
def test_a_count_that_cannot_be_is_told_beside_its_field(
    visitor: Visitor, office: Office, count: str, words: str
) -> None:
    order = delivered(office)

    page = asked(visitor, order, count, status=422)

    assert "Còn 1 chỗ cần sửa" in page.text
    assert words in page.text
    assert f'value="{count}"' in page.body
    assert TEXT in page.body
    office.session.rollback()
    assert office.session.scalars(select(GoodsReturn)).all() == []


def test_no_more_goes_back_than_came(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    asked(visitor, order, order.quantity)

    page = visitor.open(f"/don-hang/{order.token}/su-co")

    assert re.findall(r'name="back_\d+"', page.body) == []


def test_the_same_form_sent_twice_is_one_wish(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    page = visitor.open(f"/don-hang/{order.token}/su-co")
    (field,) = re.findall(r'name="(back_\d+)"', page.body)
    typed = {"reason": "spoiled", "text": TEXT, field: "1"}

    page.submit(typed, form="su-co")
    page.submit(typed, form="su-co")

    assert only(office).state is ReturnState.ASKED


def test_goods_asked_back_with_the_words_of_an_earlier_report_are_no_repetition(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    asked(visitor, order, "")

    asked(visitor, order, 1)
    asked(visitor, order, 1)

    assert [line.quantity for line in only(office).lines] == [1]


def test_an_order_that_has_not_come_offers_nothing_to_send_back(
    visitor: Visitor, office: Office
) -> None:
    token = office.shipped_order().token
    office.session.commit()

    page = visitor.open(f"/don-hang/{token}/su-co")

    assert "Muốn trả hàng?" not in page.text


def test_who_waits_for_goods_to_come_back_is_not_forgotten_yet(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    asked(visitor, order, 1)
    decided(office, "1")
    office.session.rollback()

    kept = office.session.get_one(Order, order.id)
    assert forgetting.ask(office.session, kept, now=office.now) is False
    office.session.commit()

    office.visitor().open("/quan-ly").follow("Hàng đã về").submit({}, press="Ghi là hàng đã về")
    assert forgetting.forget_asked(office.session, now=office.now) == 1
    office.session.commit()


def test_the_whole_order_that_comes_later_brings_only_what_is_left(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    asked(visitor, order, 1)
    decided(office, "1")
    office.visitor().open("/quan-ly").follow("Hàng đã về").submit({}, press="Ghi là hàng đã về")

    office.session.rollback()
    order_fulfilment.take_back(
        office.session, order.id, reason="refused", actor=SYSTEM, now=office.now
    )
    office.session.commit()

    assert in_quarantine(office) == order.quantity


def test_goods_that_are_never_sent_are_no_longer_waited_for(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    asked(visitor, order, 3)
    decided(office, "1")
    page = office.visitor().open(f"/quan-ly/su-co/{only(office).report_id}")

    page.submit({}, press="Khách không gửi nữa")
    page.submit({}, press="Khách không gửi nữa")

    assert only(office).state is ReturnState.ENDED
    assert "Hàng khách trả" not in office.visitor().open("/quan-ly").text
    assert "không chờ hàng này nữa" in visitor.open(f"/don-hang/{order.token}/su-co").text
    assert asked(visitor, order, 1, text="Nay tôi gửi.").text


def test_what_came_tells_later_what_is_due(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    asked(visitor, order, 2)
    decided(office, "1")
    office.visitor().open("/quan-ly").follow("Hàng đã về").submit({}, press="Ghi là hàng đã về")

    page = office.visitor().open(f"/quan-ly/su-co/{only(office).report_id}")

    amount = f"{order.total_vnd * 2 // 3:,}".replace(",", ".")
    assert amount in page.text
    assert f'value="{amount}"' in page.follow("Hoàn tiền").body


def test_a_letter_tells_the_decision(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    office.session.get_one(Order, order.id).buyer_email = "hoa@mau.example"
    office.session.commit()
    asked(visitor, order, 1)
    decided(office, "1")

    office.session.rollback()
    templates = [
        message.payload["template"]
        for message in office.session.scalars(select(OutboxMessage))
        if message.kind == "mail"
    ]
    assert "order_problem_answered" in templates


def test_nobody_else_counts_goods_in(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    asked(visitor, order, 1)
    decided(office, "1")
    path = f"/quan-ly/su-co/{only(office).report_id}/hang-ve"

    assert office.client(Role.MEMBER).get(path).status_code in {403, 404}


def test_the_copy_of_ones_data_has_what_was_reported_and_what_goes_back(
    visitor: Visitor, office: Office
) -> None:
    sold = delivered(office)
    asked(visitor, sold, 2)
    decided(office, "1")
    session = office.session
    buyer = buyers.open_account(
        session,
        phone="+84912345678",
        name="Nguyễn Thị Hoa",
        password="một câu dài để nhớ",
        purposes=(Purpose.ORDERS,),
        now=office.now,
    )
    order = session.get_one(Order, sold.id)
    buyers.own(session, buyer, order, ProvedBy.SIGNED_IN, now=office.now)

    (told,) = everything(session, buyer)["orders"]

    (report,) = told["reports"]
    assert (report["text"], report["answer"]) == (TEXT, WORDS)
    assert report["sends_back"] == {
        "state": "accepted",
        "lines": [{"title": sold.title, "quantity": 2, "received": 0}],
    }
    session.commit()
