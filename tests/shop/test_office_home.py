"""The office opens with what waits today, most urgent first, each with its next act."""

from datetime import timedelta

import pytest

from shop.models.batches import BatchKind, BatchState, NoticeKind, ProblemReport, ProblemState
from shop.models.people import Account, Role
from tests import factories
from tests.support.office import open_office, sign_in
from tests.support.pages import Visitor


def inbox(office, role=Role.DIRECTOR):
    return office.visitor(role).open("/quan-ly")


def report(office, text="Gói chè có mùi mốc", **values):
    values = {"made_at": office.now} | values
    row = ProblemReport(seller_id=office.seller.id, text=text, **values)
    office.session.add(row)
    office.session.commit()
    return row


def test_an_office_without_work_says_so(office):
    page = inbox(office, Role.OFFICE)

    assert page.heading == "Việc hôm nay"
    assert "Hết việc. Đơn mới sẽ hiện ở đây." in page.text
    assert "0 việc đang chờ" in page.text


@pytest.mark.both_databases
def test_groups_stand_in_the_order_of_urgency(office):
    level = office.level()
    office.shipped_order(level.batch_pack.pack)
    factories.make_notice(office.session, level.batch_pack.batch)
    office.late_order()
    office.cash_order()
    office.paid_order()
    office.pay(office.order(), 200_000)
    report(office)

    page = inbox(office)

    order = [
        f"Lô {level.batch_pack.batch.lot} đang thu hồi",
        "Tiền về muộn: 115.000 ₫",
        "Đơn mới, gọi xác nhận",
        "Cần soạn và gửi",
        "Phải hoàn khách",
        "Người mua báo sự cố",
    ]
    places = [page.text.index(words) for words in order]
    assert places == sorted(places)


def test_a_recalled_batch_leads_to_the_buyers_to_call(office):
    level = office.level()
    order = office.shipped_order(level.batch_pack.pack)
    factories.make_notice(office.session, level.batch_pack.batch)
    office.session.commit()

    page = inbox(office)

    assert "1 đơn đã gửi." in page.text
    assert order.code[2:] in page.follow("Gọi người mua").text


def held_delivery(office):
    batch = factories.make_batch(
        office.session,
        factories.make_product(office.session, office.seller),
        kind=BatchKind.DELIVERY,
        goods="Búp chè tươi",
    )
    factories.make_notice(office.session, batch, kind=NoticeKind.HOLD, reason="Phun chưa đủ ngày")
    office.session.commit()
    return batch


def test_a_held_delivery_leads_to_its_slip(office):
    batch = held_delivery(office)

    page = inbox(office, Role.TECHNICIAN)

    assert f"Phiếu cân {batch.lot} đang tạm giữ" in page.text
    assert "Búp chè tươi. Phun chưa đủ ngày" in page.text
    assert batch.lot in page.follow("Mở phiếu").text


def test_who_may_open_no_slip_is_told_of_it_without_a_link(office):
    batch = held_delivery(office)

    page = inbox(office, Role.TREASURER)

    assert f"Phiếu cân {batch.lot} đang tạm giữ" in page.text
    assert not any("Phiếu cân" in words or "Mở phiếu" in words for words in page.links())


def test_a_batch_near_its_end_is_told_and_a_young_one_is_not(office):
    begun = {"made_on": office.today - timedelta(days=300)}
    begun["packed_on"] = begun["made_on"]
    old = office.level(**begun, expires_on=office.today + timedelta(days=40))
    young = office.level(expires_on=office.today + timedelta(days=400))

    page = inbox(office)

    assert f"lô {old.batch_pack.batch.lot}: còn 40 ngày" in page.text
    assert young.batch_pack.batch.lot not in page.text


def test_a_batch_past_its_end_is_told_as_expired(office):
    begun = {"made_on": office.today - timedelta(days=30)}
    begun["packed_on"] = begun["made_on"]
    level = office.level(**begun, expires_on=office.today - timedelta(days=1))

    assert f"lô {level.batch_pack.batch.lot} đã hết hạn" in inbox(office).text


def test_a_paper_that_ends_soon_is_told(office):
    factories.make_certificate(
        office.session, office.seller, expires_on=office.today + timedelta(days=30)
    )
    office.session.commit()

    page = inbox(office)

    assert "Giấy chứng nhận VietGAP" in page.text
    assert "còn 30 ngày" in page.text


def test_a_short_order_is_told_until_goods_are_found(office):
    level = office.level(on_hand=1)
    order = office.order(level.batch_pack.pack)
    level.batch_pack.batch.state = BatchState.HELD
    office.session.commit()
    office.pay(order)

    page = inbox(office)

    assert "Đơn thiếu hàng" in page.text
    assert order.code[2:] in page.text


def test_a_pack_that_is_nearly_gone_is_told(office):
    office.level(on_hand=2)

    assert "còn 2 gói bán được" in inbox(office).text


@pytest.mark.parametrize(
    ("made", "act"), [("cash_order", "Gọi"), ("paid_order", "Soạn"), ("late_order", "Xử lý")]
)
def test_each_task_leads_to_where_it_is_done(office, made, act):
    order = getattr(office, made)()
    visitor = office.visitor(Role.DIRECTOR)

    page = visitor.open(visitor.open("/quan-ly").links()[act])

    assert page.heading == f"Đơn {order.code[:2]} {order.code[2:]}"


def test_a_technician_sees_batches_and_no_orders(office):
    office.cash_order()
    office.paid_order()

    page = inbox(office, Role.TECHNICIAN)

    assert "Nguyễn Thị Hoa" not in page.text
    assert "Đơn hàng" not in page.links()


def test_the_menu_holds_only_what_the_person_may_open(office):
    links = inbox(office, Role.TREASURER).links()

    assert {"Việc hôm nay", "Đơn hàng", "Tiền", "Tồn kho"} <= set(links)
    assert not {"Soạn hàng", "Người dùng", "Lịch sử", "Sản phẩm"} & set(links)


@pytest.mark.both_databases
def test_the_menu_of_a_director_opens_every_page(office):
    page = inbox(office)
    words = ["Đơn hàng", "Soạn hàng", "Sản phẩm", "Lô hàng", "Tiền", "Tồn kho", "Người dùng"]

    headings = [page.follow(word).heading for word in [*words, "Lịch sử"]]

    assert headings == [*words, "Lịch sử"]


def test_todays_sales_are_those_confirmed_less_those_cancelled(office):
    kept, given_up = office.paid_order(), office.paid_order()
    visitor = office.visitor(Role.DIRECTOR)
    visitor.open(f"/quan-ly/don-hang/{given_up.code}/huy").submit({"reason": "duplicate"})

    page = visitor.open("/quan-ly")

    assert kept.total_vnd == 115_000
    assert "Bán được 115.000 ₫ Đơn mới đặt 2" in page.text


def test_who_works_for_two_sellers_chooses_one(app, app_session, office):
    other = open_office(app, app_session, short_name="HTX Bên Kia")
    account = office.account(Role.OFFICE)
    other.grant(account, Role.OFFICE)
    order = other.paid_order()
    visitor = Visitor.of(sign_in(app, account))

    before = visitor.open("/quan-ly/don-hang")
    chosen = before.follow("Đổi nơi bán").submit(press="Làm cho nơi này")
    after = visitor.open("/quan-ly/don-hang")

    assert order.code[2:] not in before.text
    assert "HTX Bên Kia" in chosen.text
    assert order.code[2:] in after.text


def test_sellers_of_one_short_name_are_told_apart(app, app_session, office):
    other = open_office(app, app_session, short_name=office.seller.short_name)
    account = office.account(Role.OFFICE)
    other.grant(account, Role.OFFICE)
    visitor = Visitor.of(sign_in(app, account))

    page = visitor.open("/quan-ly/noi-ban")

    assert page.text.count("đang làm") == 1
    assert page.text.count("Làm cho nơi này") == 1


def test_nobody_chooses_a_seller_they_do_not_work_for(app, app_session, office):
    other = open_office(app, app_session)
    client = office.client(Role.DIRECTOR)
    app.config["WTF_CSRF_ENABLED"] = False

    answer = client.post("/quan-ly/noi-ban", data={"seller": other.seller.id})

    assert answer.status_code == 404


def test_a_report_is_answered_and_leaves_the_inbox(office):
    report(office, text='Giá < 100k & "ngon" hơn chè > 3 năm', phone="+84912345678")
    visitor = office.visitor(Role.OFFICE)

    form = visitor.open("/quan-ly").follow("Trả lời")
    done = form.submit({"answer": "Đã gọi khách, đổi gói khác."})

    assert 'Giá < 100k & "ngon" hơn chè > 3 năm' in form.text
    assert "0912 345 678" in form.text
    assert "Đã trả lời" in done.text
    assert "Người mua báo sự cố" not in visitor.open("/quan-ly").text


@pytest.mark.both_databases
def test_answered_reports_stand_behind_the_open_ones_newest_first_on_further_pages(office):
    answered = {
        "state": ProblemState.ANSWERED,
        "answered_at": office.now,
        "answer": "Đã đổi gói",
    }
    for days in range(51):
        made_at = office.now - timedelta(days=days)
        report(office, f"Báo cách đây {days} ngày.", **answered | {"made_at": made_at})
    report(office, "Chưa ai trả lời.")

    first = office.visitor().open("/quan-ly/su-co")
    last = first.follow("Trang sau")

    order = ["Chưa ai trả lời.", "Báo cách đây 0 ngày.", "Báo cách đây 48 ngày."]
    places = [first.text.index(words) for words in order]
    assert places == sorted(places)
    assert "Báo cách đây 49 ngày." not in first.text
    assert "Báo cách đây 50 ngày." in last.text


def test_an_empty_answer_is_refused_with_an_example(office):
    row = report(office)
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/su-co/{row.id}")

    refused = form.submit({"answer": " \n "}, status=422)

    assert "Chưa ghi đã làm gì. Ví dụ đã gọi khách" in refused.text


def test_the_history_tells_who_did_what_with_what(office):
    order = office.order()
    visitor = office.visitor(Role.DIRECTOR)
    form = visitor.open(f"/quan-ly/tien/chuyen-khoan/{order.code}")
    form.submit({"amount": "115k", "reference": "FT1"})

    money = visitor.open("/quan-ly/lich-su?nhom=tien")

    assert "Nhận tiền" in money.text
    assert "số tiền: 115.000 ₫" in money.text
    assert "Nguyễn Thị Hoa" in money.text
    assert "127.0.0.1" in money.text
    assert "Khách đặt đơn" not in money.text.partition("1 việc")[2]


def test_the_history_tells_what_was_done_to_whom(office):
    director = office.account(Role.DIRECTOR)
    clerk = office.account(Role.OFFICE)
    office.session.get_one(Account, clerk.id).name = "Lê Thị Mai"
    office.session.commit()
    visitor = Visitor.of(sign_in(office.app, director))
    visitor.open("/quan-ly/nguoi-dung").submit(form=f"/{clerk.id}/thoat")
    visitor.open("/quan-ly/nguoi-dung/moi").submit(
        {"phone": "0987 654 321", "name": "Trần Văn Quân", "role": "office"}
    )

    page = visitor.open("/quan-ly/lich-su?nhom=nguoi")

    assert "Thoát mọi máy Tài khoản: Lê Thị Mai" in page.text
    assert "Mở tài khoản Tài khoản: Trần Văn Quân" in page.text
    assert "Cho vai trò Vai trò: Trần Văn Quân" in page.text


def test_the_history_is_narrowed_by_day(office):
    office.order()
    visitor = office.visitor(Role.DIRECTOR)

    page = visitor.open("/quan-ly/lich-su").submit({"tu": "01/02/2026", "den": "02/02/2026"})

    assert "Không có việc nào khớp" in page.text


def test_the_history_can_only_be_read(app):
    methods = {
        method
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("office_audit.")
        for method in rule.methods
    }

    assert methods == {"GET", "HEAD", "OPTIONS"}
