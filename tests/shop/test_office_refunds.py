"""The office gives money back: asked on the order page, read back, confirmed by another."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from integrations.payments import providers
from integrations.payments.protocol import Outcome, PaymentNotification
from shop import formats
from shop.models.orders import Order, OrderState
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import Payment, Refund, RefundState, RefundWay
from shop.models.people import Account, Role
from shop.services import (
    order_fulfilment,
    order_payment,
    provider_accounts,
    provider_payments,
    refund_ends,
    refund_rules,
    refunds,
)
from shop.services.actors import SYSTEM
from tests.support.office import Office, open_office
from tests.support.pages import Page, Visitor

PROVIDER = next(iter(providers().values()))


def ask_page(visitor: Visitor, order: Order) -> Page:
    return visitor.open(f"/quan-ly/don-hang/{order.code}").follow("Hoàn tiền")


def ask(visitor: Visitor, order: Order, **values: Any) -> Page:
    """Fill in the form and press both buttons."""
    typed = {"scope": "part", "amount": "20k", "reason": "damaged", "way": "hand"} | values
    return ask_page(visitor, order).submit(typed).submit(press="Hoàn ")


def refund_of(office: Office, order: Order) -> Refund:
    office.session.expire_all()
    found = office.session.scalars(
        select(Refund)
        .join(Payment, Payment.id == Refund.payment_id)
        .where(Payment.order_id == order.id)
        .order_by(Refund.id.desc())
        .limit(1)
    ).one()
    office.session.commit()
    return found


def count(office: Office) -> int:
    office.session.rollback()
    found = office.session.query(Refund).count()
    office.session.commit()
    return found


def limited(office: Office, limit: int) -> None:
    refund_rules.change_limit(office.session, office.seller, limit, actor=SYSTEM, now=office.now)
    office.session.commit()


def through_provider(office: Office) -> Order:
    """Return an order that was paid through a provider."""
    account = provider_accounts.open_simulator(
        office.session, office.seller, PROVIDER, actor=SYSTEM, now=office.now
    )
    order = office.order(payment_way=PROVIDER.name)
    told = PaymentNotification(
        f"{order.code}-1", order.total_vnd, Outcome.PAID, "140", "00", "", office.now
    )
    provider_payments.take(office.session, account, told, now=office.now, today=office.today)
    office.session.commit()
    return order


def test_a_part_is_read_back_and_then_promised(office: Office) -> None:
    order = office.paid_order()
    form = ask_page(office.visitor(), order)

    asked = form.submit({"scope": "part", "amount": "20k", "reason": "damaged", "way": "hand"})
    before = count(office)
    page = asked.submit(press="Hoàn 20.000 ₫")

    assert "Hiểu là hoàn 20.000 ₫ cho Nguyễn Thị Hoa bằng chuyển khoản." in asked.text
    assert before == 0
    assert "Đã ghi yêu cầu hoàn tiền." in page.text
    assert "Hàng hỏng, vỡ" in page.text
    assert refund_of(office, order).way is RefundWay.HAND


def test_a_line_or_all_of_it_is_chosen_without_typing(office: Office) -> None:
    pack = office.level().batch_pack.pack
    order = office.paid_order(pack, quantity=2)
    visitor = office.visitor()

    ask(visitor, order, scope=f"line-{order.lines[0].id}", amount="")
    line = refund_of(office, order).amount_vnd
    ask(visitor, order, scope="whole", amount="")

    assert line == 180_000
    assert refund_of(office, order).amount_vnd == order.total_vnd - 180_000


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"amount": "116k"}, "Nhiều hơn số còn hoàn được."),
        ({"amount": "0"}, "lớn hơn 0"),
        ({"amount": ""}, "Chưa ghi số tiền"),
        ({"reason": ""}, "Chọn một lý do trong danh sách."),
        ({"reason": "other", "words": ""}, "Chưa ghi lý do."),
        ({"way": ""}, "Chọn một cách hoàn."),
        ({"way": "bitcoin"}, "Chọn một cách hoàn."),
        ({"scope": ""}, "Chọn hoàn bao nhiêu."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    office: Office, values: dict[str, str], said: str
) -> None:
    order = office.paid_order()
    typed = {"scope": "part", "amount": "20k", "reason": "damaged", "way": "hand", "words": ""}

    page = ask_page(office.visitor(), order).submit(typed | values, status=422)

    assert said in page.text
    assert count(office) == 0


def test_an_amount_changed_after_it_was_read_back_is_read_back_again(office: Office) -> None:
    order = office.paid_order()
    asked = ask_page(office.visitor(), order).submit(
        {"scope": "part", "amount": "20k", "reason": "damaged", "way": "hand"}
    )

    again = asked.submit({"amount": "30k"}, press="Hoàn ")

    assert "Hiểu là hoàn 30.000 ₫" in again.text
    assert count(office) == 0


def test_the_second_press_of_one_form_is_no_second_refund(office: Office) -> None:
    order = office.paid_order()
    asked = ask_page(office.visitor(), order).submit(
        {"scope": "part", "amount": "20k", "reason": "damaged", "way": "hand"}
    )

    for _ in range(2):
        asked.submit(press="Hoàn 20.000 ₫")

    assert count(office) == 1


def test_the_second_press_finds_the_refund_that_is_on_its_way_through_the_provider(
    office: Office,
) -> None:
    order = through_provider(office)
    asked = ask_page(office.visitor(), order).submit(
        {"scope": "part", "amount": "20k", "reason": "damaged", "way": "provider"}
    )

    pages = [asked.submit(press="Hoàn 20.000 ₫").path for _ in range(2)]

    assert pages[0] == pages[1]
    assert count(office) == 1


def test_another_way_on_an_old_page_is_not_taken_for_the_same_refund(office: Office) -> None:
    order = through_provider(office)
    old = ask_page(office.visitor(), order)
    typed = {"scope": "part", "amount": "20k", "reason": "damaged"}
    read_back = [old.submit(typed | {"way": way}) for way in ("provider", "hand")]

    read_back[0].submit(press="Hoàn 20.000 ₫")
    refused = read_back[1].submit(press="Hoàn 20.000 ₫", status=409)

    assert "Số liệu vừa đổi" in refused.text
    assert refund_of(office, order).way is RefundWay.PROVIDER


def test_two_people_with_old_pages_do_not_refund_twice(office: Office) -> None:
    order = office.paid_order()
    typed = {"scope": "part", "amount": "20k", "reason": "damaged", "way": "hand"}
    pages = [ask_page(office.visitor(), order).submit(typed) for _ in range(2)]

    pages[0].submit(press="Hoàn 20.000 ₫")
    refused = pages[1].submit(press="Hoàn 20.000 ₫", status=409)

    assert "Số liệu vừa đổi" in refused.text
    assert count(office) == 1


def test_by_hand_the_reference_is_written_down_and_the_order_can_be_completed(
    office: Office,
) -> None:
    order = office.shipped_order()
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)
    office.session.commit()
    visitor = office.visitor()

    page = ask(visitor, order).submit({"reference": "ft99"})
    visitor.open(f"/quan-ly/don-hang/{order.code}").submit(press="Hoàn tất đơn")

    refund = refund_of(office, order)
    assert "Tiền đã về khách." in page.text
    assert (refund.state, refund.reference) == (RefundState.SETTLED, "FT99")
    assert office.fresh(order).state is OrderState.COMPLETED
    shown = visitor.open(f"/quan-ly/don-hang/{order.code}").text
    assert "Hoàn 20.000 ₫: Hàng hỏng, vỡ" in shown
    assert "còn thiếu" not in shown


def test_money_of_a_provider_goes_back_through_it_unless_somebody_chooses_else(
    office: Office,
) -> None:
    order = through_provider(office)
    form = ask_page(office.visitor(), order)

    page = form.submit({"scope": "whole", "reason": "goodwill"}).submit(press="Hoàn ")

    message = office.session.query(OutboxMessage).filter_by(kind="refund").one()
    office.session.commit()
    assert form.fields(form="hoan-tien")["way"] == ["provider"]
    assert f"Đang gửi {PROVIDER.title}." in page.text
    assert message.payload == {"refund_id": refund_of(office, order).id}


def test_what_the_machine_sends_is_no_task_of_anybody(office: Office) -> None:
    order = through_provider(office)
    visitor = office.visitor()

    ask(visitor, order, way="provider")
    through = visitor.open("/quan-ly").text
    by_hand = office.paid_order()
    ask(visitor, by_hand)

    assert "Hoàn 20.000 ₫ cho" not in through
    assert "Hoàn 20.000 ₫ cho" in visitor.open("/quan-ly").text


def test_above_the_limit_the_second_person_finds_it_in_the_inbox(office: Office) -> None:
    limited(office, 10_000)
    order = through_provider(office)
    second = office.visitor(Role.DIRECTOR)
    first = office.visitor(Role.DIRECTOR)

    asked = ask(first, order, way="provider")
    own = first.open("/quan-ly").text
    buyer = Visitor.of(office.app.test_client())
    before = buyer.open(f"/don-hang/{order.token}").text
    page = second.open("/quan-ly").follow("Đồng ý hoàn 20.000 ₫?")
    confirmed = page.submit(press="Đồng ý hoàn 20.000 ₫")
    after = buyer.open(f"/don-hang/{order.token}").text

    assert "cần người thứ hai đồng ý" in asked.text
    assert "sẽ trả lại" not in before
    assert "sẽ trả lại 20.000 ₫" in after
    assert "Đồng ý hoàn" not in asked.body.split("<main")[1].split("<form")[0]
    assert "Đồng ý hoàn 20.000 ₫?" not in own
    assert f"Đang gửi {PROVIDER.title}." in confirmed.text
    refund = refund_of(office, order)
    assert refund.confirmed_by_id not in {None, refund.proposed_by_id}


def test_many_small_sums_of_an_order_come_to_need_a_second_person(office: Office) -> None:
    limited(office, 100_000)
    pack = office.level().batch_pack.pack
    order = office.pay(office.order(pack), 205_000)
    surplus = refund_of(office, order)
    visitor = office.visitor()
    ask(visitor, order, amount="20k").submit({"reference": "FT1"})

    page = visitor.open(f"/quan-ly/tien/hoan/{surplus.id}").submit(press="Hoàn 90.000 ₫")

    assert "cần người thứ hai đồng ý" in page.text
    assert refund_of(office, order).state is RefundState.SETTLED


def test_the_first_person_cannot_confirm_even_without_the_button(office: Office) -> None:
    limited(office, 0)
    order = office.paid_order()
    client = office.client(Role.DIRECTOR)
    page = ask(Visitor.of(client), order)
    token = page.fields(form="/khong")["csrf_token"]

    refused = client.post(f"{page.path}/dong-y", data={"csrf_token": token})

    assert refused.status_code == 409
    assert "Người đề nghị không tự đồng ý được." in refused.text
    assert refund_of(office, order).confirmed_by_id is None


def test_when_there_is_nobody_else_the_page_says_whom_to_appoint(
    app: Any, app_session: Any
) -> None:
    office = open_office(app, app_session)
    office.session.execute(update(Account).values(is_active=False))
    office.session.commit()
    limited(office, 0)
    order = office.paid_order()

    page = ask(office.visitor(Role.DIRECTOR), order)

    assert "chưa có ai khác được hoàn tiền" in page.text
    assert "cho một người nữa vai trò thủ quỹ hoặc giám đốc" in page.text
    assert refund_of(office, order).state is RefundState.ASKED


def test_the_second_person_says_no_with_a_reason(office: Office) -> None:
    limited(office, 0)
    order = office.paid_order()
    asked = ask(office.visitor(Role.DIRECTOR), order)

    second = office.visitor(Role.DIRECTOR).open(asked.path)
    empty = second.submit({"words": ""}, form="/khong", status=422)
    page = empty.submit({"words": "khách đã nhận đủ"}, form="/khong")

    assert "Không hoàn: khách đã nhận đủ." in page.text
    assert refund_of(office, order).state is RefundState.REJECTED
    office.session.commit()
    order_page = office.visitor().open(f"/quan-ly/don-hang/{order.code}").text
    assert "khách đã nhận đủ" in order_page
    assert "Hoàn tiền" in order_page


def test_money_owed_for_a_cancelled_order_can_go_through_the_provider(office: Office) -> None:
    order = through_provider(office)
    order_payment.cancel(office.session, order.id, reason="x", actor=SYSTEM, now=office.now)
    office.session.commit()
    refund = refund_of(office, order)

    page = office.visitor().open(f"/quan-ly/tien/hoan/{refund.id}").submit(press="Hoàn 115.000 ₫")

    assert f"Đang gửi {PROVIDER.title}." in page.text


def test_what_the_provider_refused_is_told_with_its_words_and_the_way_to_the_new_one(
    office: Office,
) -> None:
    order = through_provider(office)
    visitor = office.visitor()
    page = ask(visitor, order, way="provider")
    refund = refund_of(office, order)
    told = {"code": "95", "text": "Giao dịch này không thành công."}
    found = refund_ends.locked(office.session, refund.id, SYSTEM)
    refund_ends.reject(office.session, *found, told=told, actor=SYSTEM, now=office.now)
    office.session.commit()

    shown = visitor.open(page.path)
    in_english = visitor.open(f"/en{page.path}")
    new = shown.follow("Số tiền này vẫn phải hoàn")

    assert f"{PROVIDER.title} không hoàn, mã 95." in shown.text
    assert "không thành công" not in in_english.text
    assert "Giao dịch này không thành công." in shown.text
    assert "Chưa chọn cách hoàn." in new.text


def test_after_the_machine_gave_up_the_page_says_what_to_do(office: Office) -> None:
    order = through_provider(office)
    visitor = office.visitor()
    page = ask(visitor, order, way="provider")
    message = office.session.query(OutboxMessage).filter_by(kind="refund").one()
    message.state = OutboxState.DEAD
    message.last_error = "Unreachable: x: no whole answer in time"
    office.session.commit()

    stuck = visitor.open(page.path)
    listed = stuck.follow("Gửi lại ở mục Thư không gửi được")
    given_up = stuck.submit({"words": "đã xem, chưa đi"}, form="/thoi-gui")

    assert "nhiều lần chưa rõ kết quả" in stuck.text
    assert f"{PROVIDER.title} không trả lời, hoặc trả lời không đọc được." in stuck.text
    assert f"Xem ở trang của {PROVIDER.title} tiền đã đi chưa." in stuck.text
    assert "vẫn phải hoàn" in given_up.text
    assert "Yêu cầu hoàn tiền gửi cổng thanh toán" in listed.text
    assert "Cổng thanh toán không trả lời, hoặc trả lời không đọc được." in listed.text


@pytest.mark.parametrize(
    ("error", "said", "then"),
    [
        ("Unreachable: x: the answer is not JSON", "trả lời không đọc được", "tự hỏi lại"),
        ("Unreachable: x: answered 500", "trả lời không đọc được", "tự hỏi lại"),
        ("BadSignature: x: the answer is not signed", "không có chữ ký", "tự hỏi lại"),
        ("Unreachable: x: closed (code 16) – Đóng cửa.", "Lần gửi trước: Đóng cửa.", "tự hỏi lại"),
        ("Unauthorized: x: site or secret", "không nhận mã hoặc khóa", "Xem lại hợp đồng"),
        ("OperationalError: database is locked", "Máy gặp lỗi khi gửi.", "tự hỏi lại"),
    ],
)
def test_after_a_fault_the_page_says_in_plain_words_what_happened_and_what_comes_next(
    office: Office, error: str, said: str, then: str
) -> None:
    order = through_provider(office)
    visitor = office.visitor()
    page = ask(visitor, order, way="provider")
    message = office.session.query(OutboxMessage).filter_by(kind="refund").one()
    message.last_error, message.due_at = error, office.now + timedelta(minutes=20)
    due = formats.clock_time(message.due_at)
    office.session.commit()

    shown = visitor.open(page.path)
    in_english = visitor.open(f"/en{page.path}").text.partition("Technical details")

    plain, _, folded = shown.text.partition("Chi tiết kỹ thuật")
    assert "Đóng cửa." not in in_english[0]
    assert error in in_english[2]
    assert said in plain
    assert then in plain
    assert f"lúc {due}" in plain
    assert error.partition(" – ")[0] not in plain
    assert error in folded
    assert ("đừng chuyển khoản cho khách" in plain) is (then == "tự hỏi lại")


def test_who_asks_again_after_all_has_gone_back_reads_when_and_how_much(office: Office) -> None:
    order = office.paid_order()
    visitor = office.visitor()
    form = ask_page(visitor, order)
    typed = {"scope": "whole", "amount": "", "reason": "damaged", "way": "hand"}
    read_back = form.submit(typed)
    page = read_back.submit(press="Hoàn ")
    done = page.submit({"reference": "FT26326999"}, form=page.path)

    again = form.submit(typed, status=409)
    pressed_again = read_back.submit(press="Hoàn ", status=409)

    assert "Tiền đã về khách." in done.text
    for shown in (again, pressed_again):
        assert "Đã hoàn hết." in shown.text
        assert "Hoàn 115.000 ₫, đã chuyển" in shown.text
        assert shown.follow("Hoàn 115.000 ₫").path == page.path


def test_the_limit_is_set_in_the_office_and_asked_back_in_figures(office: Office) -> None:
    visitor = office.visitor()
    shown = visitor.open("/quan-ly/cua-hang").text

    page = visitor.open("/quan-ly/cua-hang/hoan-tien").submit({"limit": "2 triệu"})
    refused = visitor.open("/quan-ly/cua-hang/hoan-tien").submit({"limit": "-1"}, status=422)

    office.session.refresh(office.seller)
    limit = refund_rules.limit_vnd(office.seller)
    office.session.commit()
    assert "tự hoàn đến 1.000.000 ₫" in shown
    assert "Từ nay hoàn quá 2.000.000 ₫ cần hai người." in page.text
    assert limit == 2_000_000
    assert "mức cần hai người" in refused.text


def test_who_sees_orders_and_may_not_refund_has_no_button(office: Office) -> None:
    order = office.paid_order()

    page = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}")

    assert "Hoàn tiền" not in page.links()
    assert (
        office.client(Role.OFFICE).get(f"/quan-ly/don-hang/{order.code}/hoan-tien").status_code
        == 403
    )


def test_an_order_of_another_seller_is_not_there(app: Any, app_session: Any) -> None:
    here, there = open_office(app, app_session), open_office(app, app_session)
    order = there.paid_order()
    refund = refunds.ask(
        there.session,
        order.id,
        amount_vnd=1_000,
        reason="damaged",
        way=RefundWay.HAND,
        seen=0,
        actor=SYSTEM,
        now=there.now,
    )
    there.session.commit()
    number = refund.id
    there.session.commit()
    client = here.client(Role.DIRECTOR)

    answers = [
        client.get(f"/quan-ly/don-hang/{order.code}/hoan-tien").status_code,
        client.get(f"/quan-ly/tien/hoan/{number}").status_code,
    ]

    assert answers == [404, 404]


def test_the_limit_that_is_told_is_the_one_that_held_when_the_way_was_chosen(
    office: Office,
) -> None:
    limited(office, 10_000)
    order = office.paid_order()
    asked = ask(office.visitor(), order, amount="20k")
    limited(office, 500_000)

    page = office.visitor().open(asked.path)

    assert "Hoàn quá 10.000 ₫ cần người thứ hai đồng ý" in page.text


def test_while_one_refund_is_on_its_way_the_form_says_why_only_a_transfer_is_left(
    office: Office,
) -> None:
    order, visitor = through_provider(office), office.visitor()
    old = ask_page(visitor, order)
    ask(visitor, order, amount="20k", way="provider")

    fresh = ask_page(visitor, order)
    typed = {"scope": "part", "amount": "30k", "reason": "damaged", "way": "provider"}
    stale = old.submit(typed, status=409)

    assert f"Một khoản hoàn khác đang đi qua {PROVIDER.title}." in fresh.text
    assert f"Qua {PROVIDER.title}" not in fresh.text
    assert "qua ." not in stale.text
    assert f"Một khoản hoàn khác đang đi qua {PROVIDER.title}." in stale.text
