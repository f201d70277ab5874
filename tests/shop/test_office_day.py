"""A day of the office breaks no rule of money and stock, whatever came of its orders."""

from datetime import timedelta

import pytest

from shop import invariants
from shop.models.batches import BatchState
from shop.models.people import Role

MONEY_AND_STOCK = [rule for rule in invariants.DATA_RULES if rule.invariant in {1, 2, 3, 4}]


def order_page(visitor, order):
    return visitor.open(f"/quan-ly/don-hang/{order.code}")


def sell(visitor, order):
    page = order_page(visitor, order).submit(press="Bắt đầu soạn")
    page = page.follow("Gửi hàng").submit({"carrier": "Bưu điện"})
    return page.submit(press="Đã giao tới khách")


@pytest.mark.both_databases
def test_a_day_of_the_office_breaks_no_rule_of_money_and_stock(app, office):
    visitor = office.visitor(Role.DIRECTOR)
    level = office.level(on_hand=50)
    pack = level.batch_pack.pack

    sell(visitor, office.pay(office.order(pack, quantity=2))).submit(press="Hoàn tất đơn")
    cash = office.cash_order(pack)
    order_page(visitor, cash).submit(press="Khách đồng ý")
    sell(visitor, cash)
    visitor.open(f"/quan-ly/tien/cod/{cash.code}").submit({"amount": "100k", "fee": "15k"})
    order_page(visitor, office.late_order()).submit(press="Nhận lại đơn này")
    order_page(visitor, office.late_order()).submit(press="Trả lại")
    visitor.open("/quan-ly/tien").follow("Đã chuyển trả").submit({"reference": "FT900"})
    unknown = visitor.open("/quan-ly/tien/chua-ro")
    told = unknown.submit({"amount": "70k", "memo": "MUA CHE", "reference": "FT902"})
    told.submit({"code": office.order(pack).code})
    told = unknown.submit({"amount": "90k", "memo": "NHAM", "reference": "FT903"})
    told.submit({"reference": "FT904"}, press="Đã trả lại")
    short = office.order(pack)
    form = visitor.open(f"/quan-ly/tien/chuyen-khoan/{short.code}")
    form.submit({"amount": "200k", "reference": "FT901"}).submit(press="Ghi nhận 200.000 ₫")
    order_page(visitor, short).follow("Hủy đơn").submit({"reason": "buyer_asked"})
    back = office.paid_order(pack, quantity=3)
    page = sell(visitor, back).follow("Khách trả hàng").submit({"reason": "damaged"})
    goods = visitor.open("/quan-ly/ton-kho").follow("Xử lý")
    goods.submit({"act": "put_back", "quantity": "1", "reason": "Còn nguyên"})
    visitor.open("/quan-ly/ton-kho").follow("Xử lý").submit(
        {"act": "destroy", "quantity": "2", "reason": "Rách"}
    )
    other = office.level(pack=pack, expires_on=office.today + timedelta(days=600))
    office.paid_order(pack)
    visitor.open("/quan-ly/soan-hang").follow("cho đơn").submit(
        {"level": f"{other.place_id}-{other.batch_pack_id}", "words": "Khách dặn lô mới"}
    )
    visitor.open("/quan-ly/soan-hang").submit({"picked": "1"})
    held = office.paid_order(pack)
    level.batch_pack.batch.state = BatchState.HELD
    office.session.commit()
    order_page(visitor, held).follow("Lấy lô khác").submit({"words": "Lô đang kiểm tra"})
    asked = visitor.open(f"/quan-ly/ton-kho/{other.place_id}/kiem-ke").submit(
        {f"count-{other.batch_pack_id}": "18"}
    )
    asked.submit({f"reason-{other.batch_pack_id}": "Vỡ 2 gói"})

    level.batch_pack.batch.state = BatchState.RELEASED
    office.session.commit()
    with app.extensions["dacsan_engine"].connect() as connection:
        found = list(invariants.prove(connection, now=office.now, rules=MONEY_AND_STOCK))
    assert "Đã trả hàng" in page.text
    assert found == []
