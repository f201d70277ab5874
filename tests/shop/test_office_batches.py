"""The clerk's way with a batch, over HTTP: slips, the batch, its steps, packs, the sale."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop import clock, formats
from shop.invariants import prove
from shop.models.batches import Batch, BatchKind, BatchState, InputKind
from shop.models.people import Role
from shop.services import batch_release, deliveries
from shop.services.actors import SYSTEM
from tests.factories import make_batch, make_product
from tests.support.office import open_office
from tests.support.workshop import DELIVERIES, LIST, make_member, make_plot

FROM_FACTORIES = {"seller", "product", "account", "role_grant", "bank_account"}
"""Rows that tests put there themselves, without anybody on record."""


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests make their own goods."""
    return database_url


def page_of(visitor, batch, **options):
    return visitor.open(f"{LIST}/{batch.id}", **options)


# ---- from the slip to the sale


def test_a_batch_goes_from_the_slip_to_the_sale(workshop):
    question = workshop.packed_batch()

    page = question.submit(form="/cho-ban", press="Cho bán")

    batch = workshop.newest()
    assert question.heading == f"Cho bán lô {batch.lot}?"
    assert f"Lô {batch.lot} đang bán." in page.text
    assert batch.state is BatchState.RELEASED
    assert (batch.retained_sample_g, batch.leftover_g) == (200, 0)
    assert batch.packs[0].produced == 104
    assert page.follow("Xem trang lô").path == f"/01/{workshop.small.gtin}/10/{batch.lot}"


def test_the_sale_can_wait(workshop):
    page = workshop.packed_batch().follow("Để sau")

    assert "Lô đã đóng gói, chưa bán." in page.text
    assert workshop.newest().state is BatchState.DRAFT
    workshop.clerk.open(f"/01/{workshop.small.gtin}/10/{workshop.newest().lot}", status=404)


def test_a_slip_is_kept_with_member_plot_and_day(workshop):
    page = workshop.delivery("28,5 kg", product=str(workshop.product.id))

    slip = workshop.newest(BatchKind.DELIVERY)
    assert f"Đã ghi 28,5 kg Búp chè tươi, mã {slip.lot}." in page.text
    assert slip.quantity_g == 28_500
    assert slip.made_on == workshop.yesterday
    assert slip.product_id == workshop.product.id
    assert (slip.inputs[0].plot_id, slip.inputs[0].member.full_name) == (
        workshop.plot.id,
        "Hoàng Văn Chanh",
    )
    assert "Hoàng Văn Chanh · LB-" in page.text


def test_goods_bought_elsewhere_are_kept_with_supplier_and_paper(workshop):
    workshop.delivery(
        goods="Thịt mông", giver="supplier", supplier="Lò mổ Yên Từ", document="Dấu 17"
    )

    origin = workshop.newest(BatchKind.DELIVERY).inputs[0]
    assert (origin.member_id, origin.supplier, origin.document) == (
        None,
        "Lò mổ Yên Từ",
        "Dấu 17",
    )


@pytest.mark.parametrize(
    ("typed", "understood", "grams"),
    [
        ("2 yến", "20 kg", 20_000),
        ("12kg5", "12,5 kg", 12_500),
        ("1 tạ 3 lạng", "100,3 kg", 100_300),
    ],
)
def test_a_weight_said_in_words_is_shown_back_before_it_is_written(
    workshop, typed, understood, grams
):
    slip = workshop.clerk.open(f"{DELIVERIES}/moi").submit(
        {"goods": "Búp chè", "weight": typed, "giver": f"plot:{workshop.plot.id}"},
        press="Ghi phiếu",
        status=422,
    )
    written_before = workshop.read().scalar(select(func.count(Batch.id)))

    slip.submit(press="Ghi phiếu")

    assert f"Máy hiểu là: số cân {understood}." in slip.text
    assert f"Hiểu là {understood}" in slip.text
    assert written_before == 0
    assert workshop.newest(BatchKind.DELIVERY).quantity_g == grams


def test_a_weight_changed_after_it_was_shown_back_is_shown_again(workshop):
    slip = workshop.clerk.open(f"{DELIVERIES}/moi").submit(
        {"goods": "Búp chè", "weight": "2 yến", "giver": f"plot:{workshop.plot.id}"},
        press="Ghi phiếu",
        status=422,
    )

    again = slip.submit({"weight": "3 yến"}, press="Ghi phiếu", status=422)

    assert "số cân 30 kg" in again.text


def test_one_slip_after_the_other_keeps_the_goods(workshop):
    page = workshop.clerk.open(f"{DELIVERIES}/moi").submit(
        {"goods": "Búp chè tươi", "weight": "28 kg", "giver": f"plot:{workshop.plot.id}"},
        press="Ghi rồi nhập phiếu nữa",
    )

    assert page.heading == "Ghi phiếu cân"
    assert 'value="Búp chè tươi"' in page.body


def test_what_is_wrong_with_a_slip_stands_beside_its_field(workshop):
    page = workshop.clerk.open(f"{DELIVERIES}/moi").submit(
        {"goods": "", "weight": "1.250 kg", "giver": "supplier", "harvested_on": "31/11/2026"},
        press="Ghi phiếu",
        status=422,
    )

    for said in ("Còn 4 chỗ cần sửa", "Chưa rõ “1.250 kg” là bao nhiêu", "Chưa ghi nơi bán"):
        assert said in page.text
    assert 'value="1.250 kg"' in page.body


def test_a_slip_names_who_gave_the_goods(workshop):
    page = workshop.clerk.open(f"{DELIVERIES}/moi").submit(
        {"goods": "Búp chè", "weight": "5 kg"}, press="Ghi phiếu", status=422
    )

    assert "Chọn hộ giao hàng" in page.text


def test_a_plot_of_another_seller_cannot_be_named_in_a_slip(workshop):
    other = open_office(workshop.office.app, workshop.office.session)
    plot = make_plot(other, make_member(other))
    other.session.commit()
    form = workshop.clerk.open(f"{DELIVERIES}/moi")

    form.submit(
        {"goods": "Búp chè", "weight": "5 kg", "giver": f"plot:{plot.id}"},
        press="Ghi phiếu",
        status=404,
    )

    assert workshop.read().scalar(select(func.count(Batch.id))) == 0


# ---- the page of a batch


def test_the_lot_is_given_by_the_system_and_shown_before(workshop):
    form = workshop.clerk.open(f"{LIST}/moi")

    page = form.submit({"product": str(workshop.product.id), "made_on": "hôm nay"}, press="Mở lô")

    batch = workshop.newest()
    assert batch.lot in form.text
    assert f"Đã mở lô {batch.lot}." in page.text
    assert batch.expires_on == workshop.office.today + timedelta(days=540)


def test_grams_of_a_slip_go_into_a_batch_and_the_rest_stays_open(workshop):
    workshop.delivery("100 kg")
    page = workshop.new_batch()
    slip = workshop.newest(BatchKind.DELIVERY)

    page = page.submit({f"take-{slip.id}": "60 kg"}, form="hang-nhan")

    assert "1 phiếu, 60 kg" in page.text
    assert "còn 40 kg" in page.text


def record_slips(workshop, count, **values):
    """Write slips down by the service, for speed; the first is the oldest."""
    office = workshop.office
    seller = office.session.merge(office.seller)
    for number in range(count):
        day = office.today - timedelta(days=count - number)
        given = {"goods": "Búp chè tươi", "supplier": f"Hộ số {number + 1:02}"} | values
        deliveries.record_delivery(
            office.session,
            seller,
            quantity_g=10_000,
            member=None,
            plot=None,
            document="",
            harvested_on=day,
            received_at=office.now,
            actor=SYSTEM,
            now=office.now,
            **given,
        )
    office.session.commit()


def test_a_slip_older_than_those_that_are_offered_is_found_and_taken(workshop):
    record_slips(workshop, 61)
    page = workshop.new_batch()

    found = page.submit({"find": "hộ số 01"}, press="Tìm")
    took = found.submit(
        {next(name for name in found.fields(form="hang-nhan") if "take-" in name): "4 kg"},
        form="hang-nhan",
    )

    assert "Tìm trong 61 phiếu còn hàng" in page.text
    assert "Hộ số 01" not in page.text
    assert "Hộ số 02" not in found.text
    assert "1 phiếu, 4 kg" in took.text


def test_a_refused_weight_of_a_slip_that_was_searched_for_stays_in_its_field(workshop):
    record_slips(workshop, 61)
    page = workshop.new_batch().submit({"find": "hộ số 01"}, press="Tìm")
    field = next(name for name in page.fields(form="hang-nhan") if "take-" in name)

    page = page.submit({field: "11 kg"}, form="hang-nhan", status=422)

    assert "chỉ còn 10 kg." in page.text
    assert 'value="11 kg"' in page.body


def test_a_search_for_slips_that_finds_none_says_so(workshop):
    workshop.delivery()
    page = workshop.new_batch()

    page = workshop.clerk.open(f"{page.path}?find=khong-co")

    assert "Không phiếu nào khớp “khong-co”." in page.text


def test_more_than_a_slip_has_left_is_refused_beside_it(workshop):
    workshop.delivery("10 kg")
    page = workshop.new_batch()
    slip = workshop.newest(BatchKind.DELIVERY)

    page = page.submit({f"take-{slip.id}": "11 kg"}, form="hang-nhan", status=422)

    assert f"Phiếu {slip.lot} chỉ còn 10 kg." in page.text
    assert 'value="11 kg"' in page.body


def test_nothing_chosen_is_said(workshop):
    workshop.delivery("10 kg")

    page = workshop.new_batch().submit(form="hang-nhan", status=422)

    assert "Chọn “Lấy hết” hoặc ghi số cân" in page.text


def test_an_ingredient_has_a_weight_and_packaging_none(workshop):
    page = workshop.batch_with_leaf()

    page = page.submit({"goods_name": "Hoa nhài", "goods_weight": "3 kg"}, form="nguyen-lieu")
    page = page.submit({"goods_name": "Túi 200 g", "goods_kind": "packaging"}, form="nguyen-lieu")
    refused = page.submit({"goods_name": "Muối"}, form="nguyen-lieu", status=422)

    kinds = {row.name: (row.kind, row.quantity_g) for row in workshop.newest().inputs}
    assert kinds["Hoa nhài"] == (InputKind.INGREDIENT, 3_000)
    assert kinds["Túi 200 g"] == (InputKind.PACKAGING, 0)
    assert "Chưa ghi số cân" in refused.text


def test_a_treatment_is_kept_with_its_waiting_time(workshop):
    page = workshop.batch_with_leaf()
    applied_on = workshop.yesterday - timedelta(days=20)

    page = page.submit(
        {
            "spray_name": "Abamectin 3,6 %",
            "spray_on": formats.day(applied_on),
            "spray_phi": "10",
            "spray_dose": "12 ml/bình 16 lít",
        },
        form="phun-bon",
    )

    row = workshop.newest().inputs[-1]
    assert (row.kind, row.applied_on, row.phi_days) == (InputKind.PESTICIDE, applied_on, 10)
    assert (row.plot_id, row.harvested_on) == (workshop.plot.id, workshop.yesterday)
    assert "cách ly 10 ngày" in page.text


def test_the_balance_runs_under_the_steps(workshop):
    page = workshop.batch_with_leaf("130 kg")

    page = workshop.step(page, step_name="Nhận và cân", out_g="129,4 kg")

    assert "Vào 130 kg · ra 129,4 kg · hao 0,5 %" in page.text
    assert "Cả lô: vào 130 kg, nay còn 129,4 kg, bằng 99,5 %." in page.text


def test_the_next_step_is_proposed_from_an_earlier_batch(workshop):
    page = workshop.batch_with_leaf()
    for name, out in (("Nhận búp", "99 kg"), ("Héo nhẹ", "90 kg"), ("Sao khô", "21 kg")):
        page = workshop.step(page, step_name=name, out_g=out)
    typed = {f"units-{workshop.small.id}": "105", "packed_on": formats.day(workshop.yesterday)}
    page.submit(typed, form="/dong-goi").submit(form="/cho-ban", press="Cho bán")

    page = workshop.step(workshop.batch_with_leaf(), step_name="Nhận búp", out_g="99 kg")

    assert 'name="step_name" type="text" value="Héo nhẹ"' in page.body
    assert 'name="in_g" type="text" value="99 kg"' in page.body
    assert '<option value="Sao khô">' in page.body


def test_known_words_of_a_step_give_it_the_code_that_rules_know(workshop):
    page = workshop.batch_with_leaf()

    workshop.step(page, step_name="Sấy ở 58 độ", temp_c="58", moisture_pct="6,5")

    (step,) = workshop.newest().steps
    assert (step.code, step.details) == ("dry", {"temp_c": 58, "moisture_pct": 6.5})


def test_an_unusual_yield_is_asked_about_and_goes_when_it_was_weighed_again(workshop):
    page = workshop.batch_with_leaf()

    asked = workshop.step(page, out_g="27 kg", status=422)
    page = asked.submit({"sure": "1"}, form="/buoc")

    assert "thường được 18 kg đến 25 kg, bác ghi 27 kg" in asked.text
    assert workshop.newest().steps[0].out_g == 27_000
    assert "Thường được 18 kg đến 25 kg, lô này ra 27 kg. Kiểm lại?" in page.text


def test_a_refused_step_keeps_everything_that_was_typed(workshop):
    page = workshop.batch_with_leaf()

    page = workshop.step(
        page, out_g="140 kg", step_name="Vò lần hai", loss_reason="dính máy", status=422
    )

    assert "Ra 140 kg nhưng chỉ có 100 kg vào. Xin cân lại" in page.text
    for kept in ("Vò lần hai", "140 kg", "dính máy", "11h30"):
        assert f'value="{kept}"' in page.body
    assert "Còn 1 chỗ cần sửa: số cân ra" in page.text


def test_a_step_over_midnight_says_on_which_day_it_ended(workshop):
    page = workshop.batch_with_leaf()
    before = workshop.yesterday - timedelta(days=1)
    hours = {"step_day": formats.day(before), "step_from": "22h", "step_until": "2h"}

    refused = workshop.step(page, **hours, status=422)
    workshop.step(page, **hours, step_until_day=formats.day(workshop.yesterday))

    (step,) = workshop.newest().steps
    assert "Giờ xong trước giờ bắt đầu" in refused.text
    assert step.ended_at - step.started_at == timedelta(hours=4)


def test_a_mistyped_step_is_taken_back_with_a_reason(workshop):
    page = workshop.step(workshop.batch_with_leaf(), out_g="25 kg")

    question = page.follow("Bỏ bước này")
    page = question.submit({"reason": "Ghi nhầm 21 thành 25"}, press="Bỏ")

    assert "Bỏ “Sao khô” khỏi lô" in question.heading
    assert "Đã bỏ Sao khô. Sổ vẫn giữ bản cũ." in page.text
    assert workshop.newest().steps == []


def test_goods_taken_by_mistake_are_taken_back(workshop):
    page = workshop.batch_with_leaf()

    page.follow("Bỏ").submit(press="Bỏ")

    assert workshop.newest().inputs == []
    assert "còn 100 kg" in page_of(workshop.clerk, workshop.newest()).text


def test_what_was_begun_is_there_the_next_day(workshop):
    workshop.step(workshop.batch_with_leaf(), out_g="25 kg")

    page = workshop.clerk.open(f"{LIST}?trang-thai=draft").follow(workshop.newest().lot)

    assert "1 phiếu, 100 kg" in page.text
    assert "1 bước" in page.text


def test_the_days_of_a_draft_are_corrected_on_its_page(workshop):
    page = workshop.new_batch()

    page.submit({"made_on": "05/10/2026", "expires_on": "31/12/2027"}, form="/ngay")

    batch = workshop.newest()
    assert formats.day(batch.made_on) == "05/10/2026"
    assert formats.day(batch.expires_on) == "31/12/2027"


def test_what_is_missing_leads_to_its_block(workshop):
    workshop.product.storage = ""
    workshop.office.session.merge(workshop.product)
    workshop.office.session.commit()

    question = workshop.packed_batch()
    refused = workshop.clerk.open(f"{LIST}/{workshop.newest().id}/cho-ban")

    assert "còn thiếu: cách bảo quản của sản phẩm" in question.text
    assert question.links()["cách bảo quản của sản phẩm"] == (
        f"/quan-ly/san-pham/{workshop.product.id}"
    )
    assert "Cho bán thì" not in refused.text


def test_packs_that_outweigh_the_goods_are_refused(workshop):
    page = workshop.step(workshop.batch_with_leaf())

    page = page.submit({f"units-{workshop.small.id}": "106"}, form="/dong-goi", status=422)

    field = page.root.find(f".//input[@name='units-{workshop.small.id}']")
    assert "Các gói và mẫu lưu nặng 21,2 kg nhưng chỉ có 21 kg." in page.text
    assert (field.get("value"), field.get("aria-invalid")) == ("106", "true")


def test_much_left_over_is_asked_about(workshop):
    page = workshop.step(workshop.batch_with_leaf())

    asked = page.submit({f"units-{workshop.small.id}": "13"}, form="/dong-goi", status=422)
    asked.submit({"sure_packs": "1"}, form="/dong-goi")

    assert "Còn dư 18,4 kg trong 21 kg." in asked.text
    assert workshop.newest().leftover_g == 18_400


# ---- the list


def test_the_list_is_narrowed_by_state_product_and_lot(workshop):
    office = workshop.office
    tea, other = workshop.product, make_product(office.session, office.seller, name="Mật ong")
    days = {"made_on": office.today, "packed_on": office.today}
    make_batch(office.session, tea, lot="LBT-261015-01", **days)
    make_batch(office.session, other, lot="MAT-261016-02", state=BatchState.DRAFT, **days)
    gone = office.today - timedelta(days=1)
    make_batch(office.session, tea, lot="CU-01", made_on=gone, packed_on=gone, expires_on=gone)
    office.session.commit()
    page = workshop.clerk.open(LIST)

    def shown(found):
        return {lot for lot in ("LBT-261015-01", "MAT-261016-02", "CU-01") if lot in found.links()}

    assert shown(page) == {"LBT-261015-01", "MAT-261016-02", "CU-01"}
    assert shown(page.follow("Đang bán")) == {"LBT-261015-01"}
    assert shown(page.follow("Đang làm")) == {"MAT-261016-02"}
    assert shown(page.follow("Hết hạn")) == {"CU-01"}
    assert shown(page.submit({"san-pham": str(other.id)}, press="Lọc")) == {"MAT-261016-02"}
    assert shown(page.submit({"q": "lbt 261015 01"})) == {"LBT-261015-01"}
    assert "Không có lô nào khớp." in page.submit({"q": "KHONGCO"}).text


def test_the_list_is_paged(workshop):
    for number in range(41):
        make_batch(workshop.office.session, workshop.product, lot=f"LO-{number:03}")
    workshop.office.session.commit()

    first = workshop.clerk.open(LIST)
    second = first.follow("Trang sau")

    assert "41 lô" in first.text
    assert "LO-040" in first.links()
    assert "LO-000" in second.links()
    assert "LO-040" not in second.links()


def test_an_empty_list_says_how_to_begin(workshop):
    assert "Ghi phiếu cân" in workshop.clerk.open(LIST).links()


def test_used_up_slips_leave_the_list_but_can_be_seen(workshop):
    workshop.batch_with_leaf()
    slip = workshop.newest(BatchKind.DELIVERY)

    open_ones = workshop.clerk.open(DELIVERIES)
    page = workshop.clerk.open(f"{DELIVERIES}?xem=het").follow(slip.lot)

    assert slip.lot not in open_ones.links()
    assert workshop.newest().lot in page.links()


# ---- hold


@pytest.mark.parametrize("where", ["list", "page"])
def test_one_press_holds_a_batch_with_its_reason(workshop, where):
    batch = workshop.released_batch()
    page = workshop.clerk.open(LIST if where == "list" else f"{LIST}/{batch.id}")

    page = page.submit(form=f"/{batch.id}/tam-giu", press="Nghi chất lượng")

    held = workshop.newest()
    assert held.state is BatchState.HELD
    assert held.notices[0].reason == "Nghi chất lượng, đang kiểm tra"
    assert "Lô đang tạm giữ, mọi nơi ngừng bán." in page.text
    public = workshop.clerk.open(f"/01/{workshop.small.gtin}/10/{batch.lot}")
    assert "tạm ngừng bán" in public.text


def test_a_hold_is_told_in_turmeric_and_a_recall_in_red(workshop):
    batch = workshop.released_batch()
    held = page_of(workshop.clerk, batch).submit(form="/tam-giu", press="Nhãn")
    session = workshop.office.session
    by = {"actor": SYSTEM, "now": clock.now()}
    stopped = session.get_one(Batch, batch.id, populate_existing=True)
    batch_release.recall(session, stopped, reason="Có cát", remedy="", **by)
    session.commit()

    recalled = page_of(workshop.clerk, batch)

    assert "bao-loi" not in held.body
    assert '<div class="bao"><p><b>Lô đang tạm giữ' in held.body
    assert '<div class="bao-loi" role="alert"><p><b>Lô đang thu hồi' in recalled.body


def test_a_reason_of_ones_own_is_kept_and_an_empty_one_asked_for(workshop):
    batch = workshop.released_batch()
    page = page_of(workshop.clerk, batch)

    refused = page.submit({"other_reason": ""}, form="/tam-giu", status=422)
    page.submit({"other_reason": "Khách kể có mùi ẩm"}, form="/tam-giu")

    assert "Chỗ này còn trống" in refused.text
    assert workshop.newest().notices[0].reason == "Khách kể có mùi ẩm"


def test_the_reason_of_a_button_is_kept_in_vietnamese_whoever_pressed_it(workshop):
    batch = workshop.released_batch()

    workshop.clerk.open(f"/en{LIST}/{batch.id}").submit(form="/tam-giu")

    assert workshop.newest().notices[0].reason == "Nghi chất lượng, đang kiểm tra"


def test_a_hold_ends_with_its_outcome_on_the_page(workshop):
    batch = workshop.released_batch()
    page = page_of(workshop.clerk, batch).submit(form="/tam-giu", press="Nhãn")

    page = page.submit({"outcome": "Nhãn đúng, in mờ"}, form="/ban-lai")

    assert f"Lô {batch.lot} bán lại từ bây giờ." in page.text
    assert "Nhãn đúng, in mờ" in page.text
    assert workshop.newest().state is BatchState.RELEASED


def test_a_slip_that_is_stopped_stops_what_was_made_from_it(workshop):
    batch = workshop.released_batch()
    slip = workshop.newest(BatchKind.DELIVERY)

    page = workshop.clerk.open(f"{DELIVERIES}/{slip.id}")
    page = page.submit(form="/tam-giu", press="Nghi chất lượng")

    assert "Giữ luôn 1 lô làm từ đó." in page.text
    assert workshop.read().get_one(Batch, batch.id).state is BatchState.HELD


def test_a_recalled_batch_shows_its_notice_and_whom_to_call(workshop):
    batch = workshop.released_batch()
    office = workshop.office
    order = office.paid_order(workshop.small)
    recalled = office.session.get_one(Batch, batch.id)
    batch_release.recall(
        office.session,
        recalled,
        reason="Sai nhãn",
        remedy="Đổi gói.",
        actor=SYSTEM,
        now=office.now,
    )
    office.session.commit()

    page = page_of(workshop.clerk, batch)

    assert "Lô đang thu hồi." in page.text
    assert "Lý do: Sai nhãn." in page.text
    assert order.code[2:] in page.text
    assert "Nguyễn Thị Hoa, 0912 345 678" in page.text
    assert "Bán lại" not in page.text


# ---- who sees what


def test_a_batch_of_another_seller_is_not_there(workshop):
    other = open_office(workshop.office.app, workshop.office.session)
    batch = make_batch(other.session, make_product(other.session, other.seller))
    other.session.commit()

    for address in ("", "/cho-ban", "/tem", "/tem/tem.pdf"):
        workshop.clerk.open(f"{LIST}/{batch.id}{address}", status=404)
    assert batch.lot not in workshop.clerk.open(LIST).text


@pytest.mark.parametrize("role", [Role.TREASURER, Role.MEMBER])
def test_others_do_not_see_the_batches(workshop, role):
    batch = workshop.released_batch()
    other = workshop.office.visitor(role)

    for address in (LIST, f"{LIST}/moi", f"{LIST}/{batch.id}", f"{LIST}/{batch.id}/tem"):
        other.open(address, status=403)


def test_a_technician_may_do_all_of_it(workshop):
    workshop.clerk = workshop.office.visitor(Role.TECHNICIAN)

    workshop.packed_batch().submit(form="/cho-ban", press="Cho bán")

    assert workshop.newest().state is BatchState.RELEASED


def test_a_stranger_is_asked_to_sign_in(workshop, visitor):
    assert visitor.open(LIST).path.startswith("/dang-nhap")


def test_the_address_of_a_refused_form_leads_to_the_page(workshop):
    refused = workshop.step(workshop.batch_with_leaf(), out_g="140 kg", status=422)

    assert refused.path.endswith("/buoc")
    assert workshop.clerk.open(refused.path).path == f"{LIST}/{workshop.newest().id}"


def test_the_pages_speak_english_too(workshop):
    batch = workshop.released_batch()

    for address in (LIST, f"{LIST}/moi", f"{LIST}/{batch.id}", DELIVERIES, f"{DELIVERIES}/moi"):
        page = workshop.clerk.open(f"/en{address}")
        assert page.path.startswith("/en/")


def test_what_the_pages_write_breaks_no_invariant(workshop):
    slip = workshop.clerk.open(f"{DELIVERIES}/moi").submit(
        {"goods": "Búp chè", "weight": "2 yến", "giver": f"plot:{workshop.plot.id}"},
        press="Ghi phiếu",
        status=422,
    )
    slip.submit(press="Ghi phiếu")
    wrong = workshop.step(workshop.batch_with_leaf(), out_g="25 kg")
    page = wrong.follow("Bỏ bước này").submit(press="Bỏ")
    page = page.submit(
        {
            "spray_name": "Abamectin",
            "spray_on": formats.day(workshop.yesterday - timedelta(days=20)),
            "spray_phi": "10",
        },
        form="phun-bon",
    )
    page = workshop.step(page)
    typed = {f"units-{workshop.small.id}": "104", "packed_on": formats.day(workshop.yesterday)}
    page = page.submit(typed, form="/dong-goi").submit(form="/cho-ban", press="Cho bán")
    page = page.submit(form="/tam-giu", press="Nhãn")
    page.submit({"outcome": "Nhãn đúng"}, form="/ban-lai")

    found = [
        finding.sentence("en")
        for finding in prove(workshop.read().connection(), now=workshop.office.now)
        if not finding.rule.work_of_the_worker and finding.table not in FROM_FACTORIES
    ]

    assert found == []
