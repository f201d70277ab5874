"""The office sees what stands where, counts it, and decides about goods that came back."""

from shop.models.batches import BatchState
from shop.models.inventory import MovementKind, Place, PlaceKind, StockLevel, StockMovement
from shop.models.people import Role


def stock(office, role=Role.OFFICE, query=""):
    return office.visitor(role).open(f"/quan-ly/ton-kho{query}")


def count_form(office, level):
    return office.visitor(Role.OFFICE).open(f"/quan-ly/ton-kho/{level.place_id}/kiem-ke")


def field(level):
    return f"count-{level.batch_pack_id}"


def on_hand(office, level):
    key = (level.place_id, level.batch_pack_id)
    office.session.rollback()
    found = office.session.get_one(StockLevel, key, populate_existing=True).on_hand
    office.session.commit()
    return found


def test_levels_tell_what_is_there_promised_and_for_sale(office):
    level = office.level(on_hand=20)
    office.order(level.batch_pack.pack, quantity=3)

    page = stock(office)

    assert f"{level.batch_pack.batch.lot} gói 200 g" in page.text
    assert "Kho chính 20 3 17" in page.text


def test_a_recalled_batch_has_nothing_for_sale(office):
    level = office.level(on_hand=20, state=BatchState.RECALLED)

    page = stock(office)

    assert f"{level.batch_pack.batch.lot} đang thu hồi" in page.text
    assert "Kho chính 20 0 0" in page.text


def test_the_stock_is_narrowed_by_lot_and_place(office):
    level, other = office.level(), office.level()
    quarantine = office.session.query(Place).filter_by(
        seller_id=office.seller.id, kind=PlaceKind.QUARANTINE
    )

    page = stock(office, query=f"?q={level.batch_pack.batch.lot.lower()}")
    empty = stock(office, query=f"?cho={quarantine.one().id}")

    assert level.batch_pack.batch.lot in page.text
    assert other.batch_pack.batch.lot not in page.text
    assert "Không có lô nào ở đây" in empty.text


def test_an_inspector_sees_the_stock_and_counts_nothing(office):
    office.level()

    page = stock(office, Role.INSPECTOR)

    assert not any(words.startswith("Kiểm kê") for words in page.links())


def test_a_count_that_agrees_is_written_down_at_once(office):
    level = office.level(on_hand=20)

    page = count_form(office, level).submit({field(level): "20"})

    assert "Đã kiểm kê 1 lô. Khớp cả." in page.text


def test_a_difference_is_shown_before_it_is_written_down_with_its_reason(office):
    level = office.level(on_hand=20)

    asked = count_form(office, level).submit({field(level): "18"})
    before = on_hand(office, level)
    page = asked.submit({f"reason-{level.batch_pack_id}": "Vỡ 2 gói"})

    moved = office.session.query(StockMovement).filter_by(kind=MovementKind.STOCK_TAKE).one()
    assert "Lệch −2, vì sao?" in asked.text
    assert before == 20
    assert "1 lô lệch đã sửa" in page.text
    assert (moved.quantity, moved.reason, moved.event_id is not None) == (-2, "Vỡ 2 gói", True)


def test_a_difference_without_a_reason_is_refused_with_an_example(office):
    level = office.level(on_hand=20)
    asked = count_form(office, level).submit({field(level): "18"})

    refused = asked.submit({f"reason-{level.batch_pack_id}": ""}, status=422)

    assert "Chưa ghi lý do. Ví dụ vỡ 2 gói" in refused.text
    assert 'value="18"' in refused.body
    assert on_hand(office, level) == 20


def test_a_count_below_what_orders_were_promised_says_which_and_what_to_do(office):
    level = office.level(on_hand=20)
    order = office.order(level.batch_pack.pack, quantity=4)
    asked = count_form(office, level).submit({field(level): "3"})

    refused = asked.submit({f"reason-{level.batch_pack_id}": "Mất"}, status=409)

    assert f"Đã hứa 4 gói cho đơn {order.code}" in refused.text
    assert "Lấy lô khác hoặc hủy các đơn đó trước" in refused.text
    assert on_hand(office, level) == 20


def test_goods_that_left_while_counting_are_told_with_the_new_number(office):
    level = office.level(on_hand=20)
    form = count_form(office, level)
    office.shipped_order(level.batch_pack.pack, quantity=2)

    refused = form.submit({field(level): "20"}, status=409)
    page = refused.submit({field(level): "18"})

    assert "Tồn vừa đổi thành 18 trong lúc đếm" in refused.text
    assert "Khớp cả" in page.text


def test_the_same_count_sent_twice_changes_the_stock_once(office):
    level = office.level(on_hand=20)
    asked = count_form(office, level).submit({field(level): "18"})
    reason = {f"reason-{level.batch_pack_id}": "Vỡ 2 gói"}

    asked.submit(reason)
    asked.submit(reason)

    assert on_hand(office, level) == 18


def test_a_count_that_is_no_number_keeps_what_was_typed(office):
    level = office.level(on_hand=20)

    refused = count_form(office, level).submit({field(level): "hai chục"}, status=422)

    assert "“hai chục” có phải là 20?" in refused.text
    assert 'value="hai chục"' in refused.body


def test_an_empty_count_asks_for_a_number(office):
    level = office.level(on_hand=20)

    refused = count_form(office, level).submit({field(level): ""}, status=422)

    assert "Chưa ghi lô nào" in refused.text


def test_packs_of_a_batch_that_was_gone_can_be_found_again(office):
    level = office.level(on_hand=0)
    form = count_form(office, level).follow("Hiện các lô đã hết")

    asked = form.submit({field(level): "1"})
    asked.submit({f"reason-{level.batch_pack_id}": "Tìm thấy sau kệ"})

    assert on_hand(office, level) == 1


def returned(office):
    quarantine = office.session.query(Place).filter_by(
        seller_id=office.seller.id, kind=PlaceKind.QUARANTINE
    )
    return office.level(on_hand=5, place=quarantine.one())


def test_goods_that_came_back_are_put_on_sale_by_a_person(office):
    level = returned(office)

    form = stock(office).follow("Xử lý")
    page = form.submit({"act": "put_back", "quantity": "3", "reason": "Còn nguyên niêm phong"})

    assert "Đã đưa 3 gói về kho bán." in page.text
    assert on_hand(office, level) == 2


def test_goods_that_came_back_are_destroyed_by_a_person(office):
    level = returned(office)

    form = stock(office).follow("Xử lý")
    page = form.submit({"act": "destroy", "quantity": "5", "reason": "Mốc"})

    assert "Đã ghi hủy 5 gói." in page.text
    assert on_hand(office, level) == 0


def test_recalled_goods_can_only_be_destroyed(office):
    level = returned(office)
    level.batch_pack.batch.state = BatchState.RECALLED
    office.session.commit()
    form = stock(office).follow("Xử lý")

    refused = form.submit({"act": "put_back", "quantity": "3", "reason": "Còn tốt"}, status=409)

    assert "Chỉ hủy bỏ được" in refused.text
    assert on_hand(office, level) == 5


def test_more_than_came_back_is_refused(office):
    returned(office)
    form = stock(office).follow("Xử lý")

    refused = form.submit({"act": "destroy", "quantity": "6", "reason": "Mốc"}, status=422)

    assert "Số lượng nhiều nhất là 5" in refused.text


def test_why_packs_came_and_left_can_be_read(office):
    level = office.level(on_hand=20)
    order = office.shipped_order(level.batch_pack.pack, quantity=2)

    page = stock(office).follow(level.batch_pack.batch.lot)

    assert "Đóng gói, nhập kho" in page.text
    assert "Gửi cho khách" in page.text
    assert f"{order.code[:2]} {order.code[2:]}" in page.text
    assert "−2" in page.text
