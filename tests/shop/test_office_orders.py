"""The office sees its orders, finds one, and brings it from the first call to the door."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from shop.models.batches import BatchState
from shop.models.orders import Order, OrderState
from shop.models.payments import Refund
from shop.models.people import Role
from tests.support.pages import Visitor

S = OrderState


def page_of(visitor, order, status=200):
    return visitor.open(f"/quan-ly/don-hang/{order.code}", status=status)


def test_the_list_shows_each_order_with_buyer_state_and_total(office):
    order = office.paid_order()

    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang")

    assert "1 đơn" in page.text
    for said in ("Nguyễn Thị Hoa", "0912 345 678", "Đã xác nhận", "115.000 ₫", "đã trả"):
        assert said in page.text
    assert page.follow(order.code[2:]).heading == f"Đơn {order.code[:2]} {order.code[2:]}"


def test_the_list_is_narrowed_by_state(office):
    pack = office.level().batch_pack.pack
    waiting, paid = office.order(pack), office.paid_order(pack)

    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang").follow("Chờ chuyển khoản")

    assert waiting.code[2:] in page.text
    assert paid.code[2:] not in page.text


@pytest.mark.parametrize("spelling", ["{code}", "{head} {tail}", "{lower}"])
def test_an_order_is_found_by_its_code_however_it_is_typed(office, spelling):
    pack = office.level().batch_pack.pack
    order, other = office.order(pack), office.order(pack)
    code = order.code
    typed = spelling.format(code=code, head=code[:2], tail=code[2:], lower=code.lower())

    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang").submit({"q": typed})

    assert code[2:] in page.text
    assert other.code[2:] not in page.text


@pytest.mark.parametrize("typed", ["0987 654 321", "+84987654321", "654321", "0987.654.321"])
def test_an_order_is_found_by_the_phone_of_its_buyer(office, typed):
    pack = office.level().batch_pack.pack
    order = office.order(pack, buyer_phone="+84987654321")
    other = office.order(pack)

    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang").submit({"q": typed})

    assert order.code[2:] in page.text
    assert other.code[2:] not in page.text


def test_the_orders_of_a_lot_are_found_by_the_lot(office):
    level = office.level()
    order, other = office.paid_order(level.batch_pack.pack), office.paid_order()

    page = (
        office.visitor(Role.OFFICE)
        .open("/quan-ly/don-hang")
        .submit({"q": level.batch_pack.batch.lot.lower()})
    )

    assert order.code[2:] in page.text
    assert other.code[2:] not in page.text


def test_invisible_characters_copied_with_a_lot_do_not_hide_its_orders(office):
    level = office.level()
    order = office.paid_order(level.batch_pack.pack)
    head, _, tail = level.batch_pack.batch.lot.partition("-")
    typed = f"\u200b{head}-\u2060{tail}\ufeff"

    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang").submit({"q": typed})

    assert order.code[2:] in page.text


def test_a_search_without_result_says_what_to_try(office):
    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang?q=KHONGCO1")

    assert "Không có đơn nào khớp" in page.text


def test_an_office_without_orders_is_invited_to_share_its_shop(office):
    page = office.visitor(Role.OFFICE).open("/quan-ly/don-hang")

    assert "Chưa có đơn nào" in page.text


def test_a_long_list_is_paged_with_the_filter_kept(office):
    pack = office.level(on_hand=40).batch_pack.pack
    for _ in range(31):
        office.order(pack)
    visitor = office.visitor(Role.OFFICE)

    second = visitor.open("/quan-ly/don-hang?nhom=cho-tien").follow("Trang sau")

    assert "Trang 2 trên 2" in second.text
    assert "nhom=cho-tien" in second.path


def test_the_filtered_list_comes_as_csv(office):
    pack = office.level().batch_pack.pack
    office.order(pack)
    paid = office.paid_order(pack, buyer_name="=HYPERLINK(1)", note="Gọi trước, ạ")
    client = office.client(Role.OFFICE)
    page = Visitor.of(client).open("/quan-ly/don-hang?nhom=cho-soan")

    answer = client.get(page.links()["Tải CSV"])

    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert [row[0] for row in rows] == ["Mã đơn", paid.code]
    assert rows[1][3] == "'=HYPERLINK(1)"
    assert rows[1][10] == "115000"


def test_the_filtered_list_comes_as_a_workbook(office):
    pack = office.level().batch_pack.pack
    office.order(pack)
    paid = office.paid_order(pack)
    client = office.client(Role.OFFICE)

    answer = client.get("/quan-ly/don-hang.xlsx?nhom=cho-soan")

    sheet = load_workbook(io.BytesIO(answer.data)).active
    assert [sheet["A2"].value, sheet["K2"].value, sheet.max_row] == [paid.code, 115_000, 2]
    assert answer.headers["Cache-Control"] == "no-store"


def test_a_new_cash_order_is_confirmed_by_the_call(office):
    order = office.cash_order()
    page = page_of(office.visitor(Role.OFFICE), order)

    confirmed = page.submit(press="Khách đồng ý")

    assert "Chờ gọi xác nhận" in page.text
    assert "Đã xác nhận đơn" in confirmed.text
    assert office.fresh(order).state is S.CONFIRMED


def test_an_order_that_waits_shows_the_lot_that_is_held_for_it(office):
    level = office.level()
    order = office.order(level.batch_pack.pack)
    lot = level.batch_pack.batch.lot

    page = page_of(office.visitor(Role.OFFICE), order)

    assert f"đang giữ ở lô {lot} × 1" in page.text
    assert "chưa chia lô" not in page.text
    assert lot in page.follow("Phiếu đóng gói").text


def test_three_calls_without_an_answer_cancel_the_order(office):
    order = office.cash_order()
    page = page_of(office.visitor(Role.OFFICE), order)

    for number in (1, 2, 3):
        page = page.submit(press=f"Không nghe máy, lần {number} trên 3")

    assert "Gọi ba lần không được" in page.text
    assert office.fresh(order).state is S.CANCELLED


def test_the_same_failed_call_pressed_twice_counts_once(office):
    order = office.cash_order()
    page = page_of(office.visitor(Role.OFFICE), order)

    page.submit(press="Không nghe máy")
    page.submit(press="Không nghe máy")

    assert office.fresh(order).call_tries == 1


def test_an_order_goes_from_the_shelf_to_the_door(office):
    order = office.paid_order()
    page = page_of(office.visitor(Role.OFFICE), order)

    page = page.submit(press="Bắt đầu soạn")
    page = page.follow("Gửi hàng").submit({"carrier": "Bưu điện", "tracking_code": "EB123"})
    page = page.submit(press="Đã giao tới khách")
    page = page.submit(press="Hoàn tất đơn")

    stored = office.fresh(order)
    assert stored.state is S.COMPLETED
    assert (stored.parcels[0].carrier, stored.parcels[0].tracking_code) == (
        "Bưu điện",
        "EB123",
    )
    assert "mã EB123" in page.text


def test_shipping_without_a_carrier_keeps_what_was_typed(office):
    order = office.packing_order()
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/gui")

    refused = form.submit({"carrier": " ", "tracking_code": "EB123"}, status=422)

    assert "Chưa ghi ai chở hàng. Ví dụ Bưu điện" in refused.text
    assert "Còn 1 chỗ cần sửa: đơn vị vận chuyển" in refused.text
    assert 'value="EB123"' in refused.body
    assert office.fresh(order).state is S.PACKING


def test_the_shipping_form_warns_of_packs_that_nobody_ticked(office):
    order = office.packing_order(quantity=3)

    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/gui")

    assert "Còn 3 gói chưa đánh dấu đã soạn" in form.text


def test_a_parcel_that_could_not_be_handed_over_leaves_again(office):
    order = office.shipped_order()
    page = page_of(office.visitor(Role.OFFICE), order)

    page = page.follow("Giao không thành công").submit({"reason": "no_answer"})
    failed = office.fresh(order).state
    page = page.follow("Gửi lại").submit({"carrier": "Bưu điện"})

    assert failed is S.DELIVERY_FAILED
    assert "Không liên lạc được" in page.text
    assert office.fresh(order).state is S.SHIPPED


@pytest.mark.parametrize("asked", [{}, {"reason": "sao cũng được"}])
def test_a_failed_delivery_needs_a_reason_of_the_list(office, asked):
    order = office.shipped_order()
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/giao-hong")

    refused = form.submit(asked, form="giao-hong", status=422)

    assert "Chọn một lý do trong danh sách." in refused.text
    assert office.fresh(order).state is S.SHIPPED


def test_another_reason_is_told_in_words(office):
    order = office.shipped_order()
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/giao-hong")

    empty = form.submit({"reason": "other"}, status=422)
    page = empty.submit({"reason": "other", "words": "Đường ngập, xe không vào được"})

    assert "Chưa ghi lý do" in empty.text
    assert "Đường ngập, xe không vào được" in page.text


def test_returned_goods_wait_in_quarantine_and_the_money_is_owed_back(office):
    order = office.shipped_order(quantity=2)
    visitor = office.visitor(Role.OFFICE)
    page_of(visitor, order).follow("Giao không thành công").submit({"reason": "refused"})

    page = page_of(visitor, order).follow("Nhận hàng về").submit({"reason": "not_delivered"})

    assert office.fresh(order).state is S.RETURNED
    assert "Hàng đã về chỗ để hàng trả" in page.text
    assert "Hoàn 205.000 ₫" in page.text
    assert "Chỗ để hàng trả" in visitor.open("/quan-ly/ton-kho").text


def test_a_paid_order_is_cancelled_with_a_reason_and_the_money_is_owed_back(office):
    order = office.paid_order()
    page = page_of(office.visitor(Role.OFFICE), order)

    page = page.follow("Hủy đơn").submit({"reason": "out_of_stock"})

    refund = office.session.query(Refund).one()
    assert office.fresh(order).state is S.CANCELLED
    assert refund.amount_vnd == order.total_vnd
    assert "Không còn hàng" in page.text


def test_an_act_that_came_too_late_shows_what_holds_now(office):
    order = office.paid_order()
    first, second = office.visitor(Role.OFFICE), office.visitor(Role.DIRECTOR)
    stale = page_of(second, order)
    page_of(first, order).submit(press="Bắt đầu soạn")

    refused = stale.submit(press="Bắt đầu soạn", status=409)

    assert "Đơn vừa đổi trạng thái" in refused.text
    assert "Đang soạn" in refused.text


def test_a_batch_that_was_held_meanwhile_is_replaced_before_the_goods_leave(office):
    level = office.level()
    pack = level.batch_pack.pack
    order = office.packing_order(pack)
    level.batch_pack.batch.state = BatchState.HELD
    other = office.level(pack=pack, expires_on=office.today + timedelta(days=600))
    visitor = office.visitor(Role.OFFICE)

    page = page_of(visitor, order)
    changed = page.follow("Lấy lô khác").submit({"words": "Lô đang kiểm tra"})

    assert f"Lô {level.batch_pack.batch.lot} không được bán nữa" in page.text
    assert other.batch_pack.batch.lot in changed.text
    assert "Đã lấy lô khác" in changed.text


def test_shipping_a_batch_that_was_held_says_what_to_do(office):
    level = office.level()
    order = office.packing_order(level.batch_pack.pack)
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/gui")
    level.batch_pack.batch.state = BatchState.HELD
    office.session.commit()

    refused = form.submit({"carrier": "Bưu điện"}, status=409)

    assert f"Lô {level.batch_pack.batch.lot} không được bán nữa" in refused.text
    assert "Lấy lô khác" in refused.links()
    assert office.fresh(order).state is S.PACKING


def test_an_order_without_another_batch_stays_short_until_goods_come(office):
    level = office.level()
    pack = level.batch_pack.pack
    order = office.packing_order(pack)
    level.batch_pack.batch.state = BatchState.HELD
    office.session.commit()
    visitor = office.visitor(Role.OFFICE)
    short = page_of(visitor, order).follow("Lấy lô khác").submit({"words": "Lô đang kiểm tra"})

    still = short.submit(press="Tìm hàng cho đơn")
    office.level(pack=pack)
    found = still.submit(press="Tìm hàng cho đơn")

    assert "Không lô nào khác còn đủ hàng" in short.text
    assert "Chưa đủ hàng" in still.text
    assert "Đã tìm đủ hàng" in found.text
    assert not office.fresh(order).is_short


def test_a_recalled_batch_in_a_sent_order_is_told_in_red(office):
    level = office.level()
    order = office.shipped_order(level.batch_pack.pack)
    level.batch_pack.batch.state = BatchState.RECALLED
    office.session.commit()

    page = page_of(office.visitor(Role.OFFICE), order)

    assert f"Đơn có lô đang thu hồi: {level.batch_pack.batch.lot}." in page.text


def test_the_packing_slip_holds_address_batches_and_the_cash_to_take(office):
    level = office.level()
    order = office.cash_order(level.batch_pack.pack, quantity=2, note="Gọi trước khi giao")
    visitor = office.visitor(Role.OFFICE)
    page_of(visitor, order).submit(press="Khách đồng ý")

    slip = page_of(visitor, order).follow("Phiếu đóng gói")

    for said in (
        "12 ngõ Văn Hương, Phường Văn Miếu - Quốc Tử Giám, Thành phố Hà Nội",
        level.batch_pack.batch.lot,
        "205.000 ₫",
        "Gọi trước khi giao",
        "2 gói",
    ):
        assert said in slip.text


@pytest.mark.parametrize(
    ("typed", "is_told"),
    [
        ("van mieu quoc tu giam", True),
        ("p. Quốc Tử Giám, quận Đống Đa", True),
        ("phường Văn Miếu - Quốc Tử Giám", False),
        ("Văn Miếu - Quốc Tử Giám, Hà Nội", False),
        ("", False),
    ],
)
def test_what_the_buyer_wrote_for_the_commune_is_told_where_it_says_more(office, typed, is_told):
    order = office.order(typed_commune=typed)
    visitor = office.visitor(Role.OFFICE)

    page = page_of(visitor, order)
    slip = page.follow("Phiếu đóng gói")

    for shown in (page, slip):
        assert (f"Khách ghi: {typed}" in shown.text) is is_told
    answer = office.client(Role.OFFICE).get(visitor.open("/quan-ly/don-hang").links()["Tải CSV"])
    heads, *rows = csv.reader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert rows[0][heads.index("Xã, phường khách ghi")] == typed


def test_a_treasurer_sees_orders_and_is_offered_only_what_a_treasurer_may_do(office):
    order = office.order()

    page = page_of(office.visitor(Role.TREASURER), order)

    assert "Ghi nhận chuyển khoản" in page.links()
    assert "Hủy đơn" not in page.links()


def test_the_page_of_an_order_speaks_english(office):
    order = office.paid_order()

    page = office.visitor(Role.OFFICE).open(f"/en/quan-ly/don-hang/{order.code}")

    assert 'lang="en"' in page.body
    assert f"/en/quan-ly/don-hang/{order.code}/soan" in page.body


def test_pages_of_a_training_seller_say_so(app, app_session):
    from shop.models.catalog import SellerMode
    from tests.support.office import open_office

    office = open_office(app, app_session, mode=SellerMode.TRAINING)
    order = office.paid_order()

    page = page_of(office.visitor(Role.OFFICE), order)

    assert page.text.count("Đang tập. Không có đơn thật, không mất tiền.") == 2


def test_orders_are_never_changed_by_looking(office):
    order = office.paid_order()
    version = order.version

    page_of(office.visitor(Role.OFFICE), order)

    assert office.session.get_one(Order, order.id, populate_existing=True).version == version
