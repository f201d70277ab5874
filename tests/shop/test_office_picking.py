"""The office takes goods off the shelf by batch, the first to expire first."""

from datetime import timedelta

from shop.models.batches import BatchState
from shop.models.inventory import Allocation
from shop.models.orders import OrderState
from shop.models.people import AuditEntry, Role


def pick_list(office, role=Role.OFFICE):
    return office.visitor(role).open("/quan-ly/soan-hang")


def allocation_of(office, order):
    found = office.session.query(Allocation).filter_by(order_line_id=order.lines[0].id).one()
    office.session.commit()
    return found


def test_batches_stand_in_the_order_in_which_they_expire(office):
    late = office.level(expires_on=office.today + timedelta(days=300))
    soon = office.level(expires_on=office.today + timedelta(days=100))
    for level in (late, soon):
        office.paid_order(level.batch_pack.pack)

    page = pick_list(office)

    lots = [level.batch_pack.batch.lot for level in (soon, late)]
    assert page.text.index(lots[0]) < page.text.index(lots[1])


def test_one_row_takes_the_packs_of_several_orders(office):
    pack = office.level().batch_pack.pack
    first, second = office.paid_order(pack), office.paid_order(pack, quantity=2)

    page = pick_list(office)

    assert "3 gói Chè móc câu, gói 200 g" in page.text
    assert f"{first.code[2:]} (1)" in page.text
    assert f"{second.code[2:]} (2)" in page.text
    assert "2 đơn · 3 gói · đã soạn 0" in page.text


def test_a_tick_is_kept_on_the_server_and_starts_the_packing(office):
    order = office.paid_order()

    page = pick_list(office).submit({"picked": "1"})

    assert "đã soạn 1" in page.text
    assert 'aria-pressed="true"' in page.body
    assert 'aria-pressed="true"' in pick_list(office, Role.DIRECTOR).body
    assert office.fresh(order).state is OrderState.PACKING


def test_a_tick_can_be_taken_back_on_the_page(office):
    order = office.paid_order()
    ticked = pick_list(office).submit({"picked": "1"})

    page = ticked.submit({"picked": "0"})

    assert "đã soạn 0" in page.text
    assert allocation_of(office, order).picked_at is None


def test_an_order_that_came_later_gets_a_row_of_its_own(office):
    pack = office.level().batch_pack.pack
    office.paid_order(pack)
    visitor = office.visitor(Role.OFFICE)
    visitor.open("/quan-ly/soan-hang").submit({"picked": "1"})
    office.paid_order(pack)

    page = visitor.open("/quan-ly/soan-hang")

    assert page.body.count('aria-pressed="true"') == 1
    assert page.body.count('aria-pressed="false"') == 1


def test_a_batch_that_was_recalled_is_not_to_be_taken(office):
    level = office.level()
    office.paid_order(level.batch_pack.pack)
    level.batch_pack.batch.state = BatchState.RECALLED
    office.session.commit()

    page = pick_list(office)

    assert f"Lô {level.batch_pack.batch.lot} đang thu hồi." in page.text
    assert "disabled" in page.body


def test_orders_that_left_are_not_picked_again(office):
    office.shipped_order()

    assert "Không có gì phải soạn" in pick_list(office).text


def test_another_batch_is_taken_for_a_reason_that_is_recorded(office):
    level = office.level()
    pack = level.batch_pack.pack
    order = office.paid_order(pack)
    other = office.level(pack=pack, expires_on=office.today + timedelta(days=600))
    form = pick_list(office).follow("cho đơn")

    page = form.submit(
        {"level": f"{other.place_id}-{other.batch_pack_id}", "words": "Gói bị rách"}
    )

    said = office.session.query(AuditEntry).filter_by(action="batch_overridden").one()
    assert other.batch_pack.batch.lot in page.text
    assert allocation_of(office, order).batch_pack_id == other.batch_pack_id
    assert said.after["reason"] == "Gói bị rách"


def test_another_batch_needs_a_choice_and_a_reason(office):
    level = office.level()
    pack = level.batch_pack.pack
    office.paid_order(pack)
    office.level(pack=pack)
    form = pick_list(office).follow("cho đơn")

    refused = form.submit({"words": " "}, status=422)

    assert "Chọn một lô trong danh sách." in refused.text
    assert "Chưa ghi lý do" in refused.text
    assert "Còn 2 chỗ cần sửa: lô thay thế, lý do ghi rõ" in refused.text


def test_without_another_batch_the_page_says_what_to_do(office):
    office.paid_order()

    page = pick_list(office).follow("cho đơn")

    assert "Không lô nào khác còn đủ hàng" in page.text


def test_a_batch_held_while_the_form_was_open_is_refused_with_what_is_left(office):
    level = office.level()
    pack = level.batch_pack.pack
    office.paid_order(pack)
    other, third = office.level(pack=pack), office.level(pack=pack)
    form = pick_list(office).follow("cho đơn")
    other.batch_pack.batch.state = BatchState.HELD
    office.session.commit()

    refused = form.submit(
        {"level": f"{other.place_id}-{other.batch_pack_id}", "words": "Gói bị rách"}, status=409
    )

    assert "Số liệu vừa đổi" in refused.text
    assert third.batch_pack.batch.lot in refused.text
    assert 'value="Gói bị rách"' in refused.body
