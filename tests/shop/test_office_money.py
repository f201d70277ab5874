"""The office writes money down as people say it, once, and says what is missing or too much."""

import json
import re
from datetime import timedelta

import pytest

from integrations.payments import providers
from integrations.payments.protocol import Outcome, PaymentNotification
from shop import clock, formats
from shop.models.orders import OrderState
from shop.models.payments import AttemptState, BankCredit, Payment, Refund, RefundState
from shop.models.people import Role
from shop.presentation import order_code
from shop.queries.ledger import balance
from shop.services import order_payment, provider_accounts, provider_payments
from shop.services.actors import SYSTEM

S = OrderState


def form_of(visitor, order):
    return visitor.open(f"/quan-ly/tien/chuyen-khoan/{order.code}")


def credits_of(office):
    office.session.rollback()
    rows = office.session.query(BankCredit).filter_by(seller_id=office.seller.id).all()
    office.session.commit()
    return rows


@pytest.mark.parametrize("typed", ["115.000", "115k", "115000đ", "115,000", "115 nghìn"])
def test_the_amount_owed_confirms_the_order_however_it_is_written(office, typed):
    order = office.order()

    page = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": typed, "reference": "ft26326123456"}
    )

    credit = credits_of(office)[0]
    assert "Đã ghi nhận 115.000 ₫." in page.text
    assert (credit.amount_vnd, credit.reference, credit.source) == (
        115_000,
        "FT26326123456",
        "hand",
    )
    assert office.fresh(order).state is S.CONFIRMED


def test_too_little_is_read_back_and_then_waits_for_the_rest(office):
    order = office.order()
    values = {"amount": "100k", "reference": "FT1"}

    asked = form_of(office.visitor(Role.TREASURER), order).submit(values)
    before = credits_of(office)
    page = asked.submit(press="Ghi nhận 100.000 ₫")

    assert "Hiểu là 100.000 ₫" in asked.text
    assert "đơn còn thiếu 15.000 ₫" in asked.text
    assert before == []
    assert "Đã nhận 100.000 ₫, còn thiếu 15.000 ₫." in page.text
    assert office.fresh(order).state is S.AWAITING_PAYMENT


def test_too_much_is_read_back_and_the_rest_is_owed_to_the_buyer(office):
    order = office.order()
    values = {"amount": "125.000", "reference": "FT1"}

    asked = form_of(office.visitor(Role.TREASURER), order).submit(values)
    page = asked.submit(press="Ghi nhận 125.000 ₫")

    assert "phần thừa 10.000 ₫ chuyển sang mục phải hoàn" in asked.text
    assert "Hoàn 10.000 ₫: Khách chuyển thừa" in page.text
    assert office.fresh(order).state is S.CONFIRMED


def test_an_amount_changed_after_it_was_read_back_is_read_back_again(office):
    order = office.order()
    asked = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": "11.500", "reference": "FT1"}
    )

    again = asked.submit({"amount": "1.150.000"})

    assert "Hiểu là 1.150.000 ₫" in again.text
    assert credits_of(office) == []


def test_the_same_transfer_sent_twice_is_one(office):
    order = office.order()
    form = form_of(office.visitor(Role.TREASURER), order)
    values = {"amount": "115.000", "reference": "FT1"}

    form.submit(values)
    page = form.submit(values)

    assert len(credits_of(office)) == 1
    assert "Đã xác nhận" in page.text


def test_a_reference_of_another_order_is_refused_and_named(office):
    pack = office.level().batch_pack.pack
    first, second = office.order(pack), office.order(pack)
    visitor = office.visitor(Role.TREASURER)
    values = {"amount": "115.000", "reference": "FT1"}
    form_of(visitor, first).submit(values)

    refused = form_of(visitor, second).submit(values, status=409)

    assert f"Mã giao dịch FT1 đã ghi cho đơn {first.code}, 115.000 ₫." in refused.text
    assert 'value="115.000"' in refused.body
    assert office.fresh(second).state is S.AWAITING_PAYMENT


@pytest.mark.parametrize("case_id", ["S01", "S02"])
def test_amounts_of_the_bad_input_cases_are_understood(office, shared, case_id):
    order = office.order()
    typed = bad_input(shared, case_id)["price"]

    asked = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": typed, "reference": "FT1"}
    )

    assert "Hiểu là 50.000 ₫" in asked.text


@pytest.mark.parametrize(
    ("case_id", "said"),
    [
        ("S03", "Số tiền phải lớn hơn 0 đồng"),
        ("S04", "Chưa rõ số tiền “50,5” là 50.500 ₫ hay 50 ₫. Xin ghi đủ số, ví dụ 50.500"),
    ],
)
def test_amounts_of_the_bad_input_cases_are_refused_and_kept(office, shared, case_id, said):
    order = office.order()
    typed = bad_input(shared, case_id)["price"]

    refused = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": typed, "reference": "FT1"}, status=422
    )

    assert said in refused.text
    assert f'value="{typed}"' in refused.body
    assert 'value="FT1"' in refused.body


def test_a_day_that_does_not_exist_is_refused_with_its_month(office, shared):
    order = office.order()
    typed = f"9:40 {bad_input(shared, 'S06')['produced_on']}"

    refused = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": "115k", "reference": "FT1", "credited_at": typed}, status=422
    )

    assert "Tháng 11 năm 2026 chỉ có 30 ngày" in refused.text


def test_a_day_is_read_with_the_day_first(office, shared):
    order = office.order()
    typed = f"9:40 {bad_input(shared, 'S05')['produced_on']}"

    form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": "115k", "reference": "FT1", "credited_at": typed}
    )

    assert formats.moment(credits_of(office)[0].credited_at) == "09:40 05/10/2026"


def test_money_cannot_have_come_in_the_future(office):
    order = office.order()
    soon = formats.moment(clock.now() + timedelta(minutes=90))

    refused = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": "115k", "reference": "FT1", "credited_at": soon}, status=422
    )

    assert "chưa tới" in refused.text
    assert credits_of(office) == []


def test_a_transfer_without_a_reference_is_refused_with_an_example(office):
    order = office.order()

    refused = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": "115k", "reference": " "}, status=422
    )

    assert "Chưa ghi mã giao dịch. Ví dụ FT26326123456" in refused.text
    assert "Còn 1 chỗ cần sửa: mã giao dịch" in refused.text


def test_late_money_is_taken_when_there_are_goods(office):
    order = office.late_order()
    visitor = office.visitor(Role.TREASURER)

    page = visitor.open("/quan-ly/tien").follow("Nhận lại hay trả lại")
    taken = page.submit(press="Nhận lại đơn này")

    assert "Tiền về muộn: 115.000 ₫." in page.text
    assert "Đã nhận lại đơn" in taken.text
    assert office.fresh(order).state is S.CONFIRMED


def test_late_money_cannot_be_taken_without_goods_and_the_page_says_what_to_do(office):
    level = office.level(on_hand=1)
    order = office.order(level.batch_pack.pack)
    order_payment.lapse(office.session, order.id, now=office.now + timedelta(days=2))
    office.pay(order)
    office.paid_order(level.batch_pack.pack)
    page = office.visitor(Role.DIRECTOR).open(f"/quan-ly/don-hang/{order.code}")

    refused = page.submit(press="Nhận lại đơn này", status=409)

    assert "không còn đủ: cần 1, còn 0. Nhập thêm hàng" in refused.text
    assert office.fresh(order).state is S.CANCELLED


def test_late_money_is_given_back_by_a_refund(office):
    order = office.late_order()
    visitor = office.visitor(Role.TREASURER)
    visitor.open(f"/quan-ly/don-hang/{order.code}").submit(press="Trả lại 115.000 ₫")

    page = visitor.open("/quan-ly/tien").follow("Đã chuyển trả")
    done = page.submit({"reference": "ft77"})

    refund = office.session.query(Refund).one()
    assert "Đã ghi là trả lại khách 115.000 ₫." in done.text
    assert (refund.state, refund.reference) == (RefundState.SETTLED, "FT77")
    assert balance(office.session, "refunds_due", order_id=order.id) == 0


def test_a_refund_is_paid_once(office):
    order = office.paid_order()
    order_payment.cancel(office.session, order.id, reason="x", actor=SYSTEM, now=office.now)
    office.session.commit()
    form = office.visitor(Role.TREASURER).open("/quan-ly/tien").follow("Đã chuyển trả")

    form.submit({"reference": "FT77"})
    form.submit({"reference": "FT77"})

    payment = office.session.query(Payment).filter_by(order_id=order.id).one()
    assert payment.refunded_vnd == order.total_vnd


def test_the_office_sees_refunds_and_cannot_pay_them(office):
    order = office.paid_order()
    order_payment.cancel(office.session, order.id, reason="x", actor=SYSTEM, now=office.now)
    office.session.commit()

    page = office.visitor(Role.OFFICE).open("/quan-ly/tien")

    assert "Hoàn 115.000 ₫ cho Nguyễn Thị Hoa" in page.text
    assert "Đã chuyển trả" not in page.links()


def test_cash_of_a_carrier_comes_with_its_fee(office):
    order = office.delivered_cash_order()
    form = office.visitor(Role.TREASURER).open("/quan-ly/tien").follow("Ghi tiền về")

    page = form.submit({"amount": "95k", "fee": "20.000"})

    assert "Đã ghi nhận 95.000 ₫ tiền COD." in page.text
    assert balance(office.session, "fees", order_id=order.id) == 20_000
    assert balance(office.session, "cod_in_transit", order_id=order.id) == 0


def test_cash_that_does_not_add_up_is_refused_with_the_difference(office):
    order = office.delivered_cash_order()
    form = office.visitor(Role.TREASURER).open(f"/quan-ly/tien/cod/{order.code}")

    refused = form.submit({"amount": "95k", "fee": ""}, status=422)

    assert "Hãng đã thu của khách 115.000 ₫." in refused.text
    assert "còn lệch 20.000 ₫" in refused.text
    assert 'value="95k"' in refused.body


def test_cash_handed_over_twice_is_written_down_once(office):
    order = office.delivered_cash_order()
    form = office.visitor(Role.TREASURER).open(f"/quan-ly/tien/cod/{order.code}")
    form.submit({"amount": "115k", "fee": "0"})

    again = form.submit({"amount": "115k", "fee": "0"})

    assert "đã ghi trước đó, không ghi hai lần" in again.text


def bad_input(shared, case_id):
    folder = shared / "data" / "bad_input"
    return json.loads(next(folder.glob(f"{case_id}_*.json")).read_text())["payload"]


def record_unknown(office, **values):
    typed = {"amount": "115k", "memo": "CHI HOA MUA CHE", "reference": "FT5"} | values
    page = office.visitor(Role.TREASURER).open("/quan-ly/tien").follow("Ghi tiền chưa rõ đơn")
    return page.submit(typed)


def test_money_of_an_unknown_order_waits_in_the_list_and_the_inbox(office):
    page = record_unknown(office)

    visitor = office.visitor(Role.TREASURER)
    assert "Đã ghi 115.000 ₫ là tiền chưa rõ đơn." in page.text
    assert "nội dung “CHI HOA MUA CHE”" in visitor.open("/quan-ly/tien").text
    assert "Tiền chưa rõ đơn: 115.000 ₫" in visitor.open("/quan-ly").text


def test_an_order_whose_code_was_cut_up_by_the_bank_is_proposed_first(office):
    pack = office.level().batch_pack.pack
    order, other = office.order(pack), office.order(pack)
    code = order.code

    page = record_unknown(office, memo=f"MBVCB.12 {code[:4].lower()}-{code[4:]} CT tu 0011")
    matched = page.submit(press="Ghép vào đơn này")

    assert page.text.index(code[2:]) < page.text.index(other.code[2:])
    assert "nội dung có mã đơn" in page.text
    assert "Đã ghép tiền vào đơn." in matched.text
    assert office.fresh(order).state is S.CONFIRMED


def test_money_is_matched_by_the_code_of_the_order(office):
    order = office.order()
    code = f"{order.code[:2].lower()} {order.code[2:]}"

    record_unknown(office, amount="100k").submit({"code": code})

    credit = credits_of(office)[0]
    payment = office.session.query(Payment).filter_by(order_id=order.id).one()
    assert (credit.payment_id, payment.received_vnd) == (payment.id, 100_000)
    assert office.fresh(order).state is S.AWAITING_PAYMENT


def test_a_code_that_is_not_there_is_refused_with_an_example(office):
    refused = record_unknown(office).submit({"code": "NK 7K2QF9"}, status=422)

    assert "Không có đơn này. Mã đơn có 8 chữ và số, ví dụ NK 7K2QF9." in refused.text


def test_money_that_is_for_nothing_goes_back_to_its_sender(office):
    page = record_unknown(office)

    done = page.submit({"reference": "FT6"}, press="Đã trả lại")

    assert "Đã ghi là trả lại người gửi." in done.text
    assert "Tiền chưa rõ đơn 0 ₫" in done.text


def test_money_is_matched_once(office):
    pack = office.level().batch_pack.pack
    first, second = office.order(pack), office.order(pack)
    page = record_unknown(office)
    page.submit({"code": first.code})

    again = page.submit({"code": second.code})

    assert "đã ghép hoặc đã trả trước đó" in again.text
    assert office.fresh(second).state is S.AWAITING_PAYMENT


def test_a_reference_told_as_unknown_money_is_not_counted_for_an_order_too(office):
    order = office.order()
    record_unknown(office)

    refused = form_of(office.visitor(Role.TREASURER), order).submit(
        {"amount": "115k", "reference": "ft5"}, status=409
    )

    assert "đã ghi là tiền chưa rõ đơn, 115.000 ₫. Vào mục Tiền để ghép" in refused.text


@pytest.mark.both_databases
def test_each_list_of_money_is_turned_by_itself_and_summed_whole(office):
    pack = office.level(on_hand=80).batch_pack.pack
    for _number in range(31):
        office.order(pack)
    for _number in range(31):
        office.pay(office.order(pack), 120_000)

    page = office.visitor(Role.TREASURER).open("/quan-ly/tien")
    turned = page.follow("Trang sau")

    assert "Phải hoàn khách 155.000 ₫" in page.text
    assert counts_in(page) == (30, 30)
    assert (counts_in(turned), turned.path) == ((30, 1), "/quan-ly/tien?cho=2")


def counts_in(page):
    """Return how many refunds and how many awaited transfers a page shows."""
    return page.text.count("Hoàn 5.000 ₫ cho"), page.text.count("Chờ 115.000 ₫ đến")


def test_the_inbox_tells_the_first_late_money_and_how_much_more_there_is(office):
    pack = office.level(on_hand=40).batch_pack.pack
    for _number in range(7):
        office.late_order(pack)

    page = office.visitor(Role.DIRECTOR).open("/quan-ly")

    assert page.text.count("Tiền về muộn: 115.000 ₫") == 5
    assert "Còn 2 khoản tiền nữa" in page.text


def test_an_order_paid_through_a_gateway_waits_in_a_list_of_its_own(office):
    provider = next(iter(providers().values()))
    provider_accounts.open_simulator(
        office.session, office.seller, provider, actor=SYSTEM, now=office.now
    )
    by_transfer, through = office.order(), office.order(payment_way=provider.name)
    visitor = office.visitor()

    page = visitor.open("/quan-ly/tien")

    awaited, _, at_gateway = page.text.partition("Đang trả qua cổng thanh toán")
    codes = [order_code(one.code).replace("\u00a0", " ") for one in (by_transfer, through)]
    assert [code in awaited for code in codes] == [True, False]
    assert [code in at_gateway.partition("Tiền về gần đây")[0] for code in codes] == [False, True]
    assert page.body.count(">Ghi nhận<") == 1
    assert f"Chờ trả qua {provider.title}" in page.follow("Xem đơn").text
    transfer = re.search(
        r'<a class="([^"]*)"[^>]*>Ghi nhận chuyển khoản<', page.follow("Xem đơn").body
    )
    assert transfer[1].split() == ["nut", "vien"]


def test_money_that_goes_back_through_a_gateway_leads_to_its_page(office):
    provider = next(iter(providers().values()))
    account = provider_accounts.open_simulator(
        office.session, office.seller, provider, actor=SYSTEM, now=office.now
    )
    order = office.order(payment_way=provider.name)
    told = PaymentNotification(
        f"{order.code}-1", order.total_vnd, Outcome.PAID, "140", "00", "", office.now
    )
    provider_payments.take(office.session, account, told, now=office.now, today=office.today)
    order_payment.cancel(office.session, order.id, reason="x", actor=SYSTEM, now=office.now)
    office.session.commit()
    visitor = office.visitor()

    undecided = visitor.open("/quan-ly/tien")
    visitor.open("/quan-ly/tien").follow("Chọn cách hoàn").submit(press="Hoàn 115.000 ₫")
    sending = visitor.open("/quan-ly/tien")

    assert "Đã chuyển trả" not in undecided.text + sending.text
    assert "chờ gửi" in sending.text
    assert f"Đang gửi {provider.title}." in sending.follow("Xem").text


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AttemptState.CANCELLED, "đã hủy"),
        (AttemptState.FAILED, "không thành công"),
        (AttemptState.EXPIRED, "hết giờ"),
    ],
)
def test_a_try_that_ended_is_not_listed_as_awaited(office, state, words):
    provider = next(iter(providers().values()))
    provider_accounts.open_simulator(
        office.session, office.seller, provider, actor=SYSTEM, now=office.now
    )
    order = office.order(payment_way=provider.name)
    attempt = provider_payments.latest(office.session, order)
    attempt.state = state
    office.session.commit()

    page = office.visitor().open("/quan-ly/tien")

    assert "Đang trả qua cổng thanh toán" not in page.text
    row = page.text.partition("Lần trả qua cổng đã dừng")[2].partition("Tiền về gần đây")[0]
    assert order_code(order.code).replace("\u00a0", " ") in row
    assert f"{words}, giữ hàng đến" in row
    assert "văn phòng không cần làm gì" in row
