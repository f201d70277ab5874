"""The page of a batch says first what matters most, then what is printed on the pack."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from sqlalchemy.orm import Session

from shop import clock
from shop.app import create_app
from shop.models.batches import (
    Batch,
    BatchInput,
    BatchPack,
    BatchState,
    InputKind,
    NoticeKind,
)
from shop.models.catalog import ProductState
from shop.models.people import Member
from tests import factories
from tests.support.applications import MakeSettings
from tests.support.pages import Page, Visitor
from tests.support.whole_batch import LOT, Whole, make_whole_batch, stop_clock


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)


@pytest.fixture
def whole(app_session: Session) -> Whole:
    return make_whole_batch(app_session, **days(left=500))


def days(*, left: int, made: int = 20) -> dict[str, date]:
    today = clock.today()
    return {
        "made_on": today - timedelta(days=made),
        "packed_on": today - timedelta(days=made - 1),
        "expires_on": today + timedelta(days=left),
    }


def first_words(page: Page) -> str:
    """What a person reads at the top of what the page is about, head left out."""
    return page.text.partition("Tiếng Việt")[2] or page.text.partition("English")[2]


def body_begins_with(page: Page) -> Element:
    return next(page.root.iter("body"))[0]


def test_a_batch_on_sale_begins_with_its_verdict_and_what_the_pack_says(
    visitor: Visitor, whole: Whole
) -> None:
    page = visitor.open(whole.path)

    assert first_words(page).startswith(
        " Lô đang bán, còn hạn dùng Chè xanh La Bằng Chè móc câu, gói 200 g Mã lô CHE-261103-01"
    )
    assert page.heading == "Chè xanh La Bằng"
    assert "HTX Chè La Bằng, xã La Bằng, tỉnh Thái Nguyên tên cũ: huyện Đại Từ" in page.text
    assert f"Mã in trên gói phải đúng {LOT}" in page.text


def test_the_way_from_plot_to_pack_stands_with_day_place_person_and_figures(
    visitor: Visitor, whole: Whole
) -> None:
    text = visitor.open(whole.path).text.replace("\u00a0", " ")

    harvest = "Búp chè tươi 02/11 · thửa LB-T03 · xóm La Bằng · 130 kg Phiếu CHEN-261102-01"
    assert harvest in text
    step = "Diệt men 02/11, 17–19 giờ · Xưởng · Triệu Văn Lim · 240 °C · 8 phút mỗi mẻ"
    assert step in text
    assert "8 phút mỗi mẻ · 130 kg → 27,5 kg Đóng gói 03/11 · 27,5 kg → 53 gói 200 g" in text
    assert "130 kg nguyên liệu → 27,5 kg thành phẩm → 53 gói 200 g" in text
    assert "Phun thuốc 25/10, cách ly 5 ngày, hái sau 8 ngày: đủ ngày." in text


def test_a_step_that_is_the_packing_says_itself_what_was_packed(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.step.code, whole.step.name = "pack", "Đóng túi"
    app_session.commit()

    text = visitor.open(whole.path).text.replace("\u00a0", " ")

    assert "Đóng túi 02/11, 17–19 giờ" in text
    assert "130 kg → 53 gói 200 g Xem lại, cho bán" in text


def test_figures_are_written_as_the_language_does(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.step.details = {"temp_c": 240.0, "moisture_pct": 77.2, "vacuum": True, "unknown": 3}
    app_session.commit()

    vietnamese = visitor.open(whole.path).text.replace("\u00a0", " ")
    english = visitor.open(f"/en{whole.path}").text.replace("\u00a0", " ")

    assert "240 °C · độ ẩm 77,2 % · 130 kg → 27,5 kg" in vietnamese
    assert "240 °C · " in english
    assert "77.2" in english


def test_several_households_are_named_in_one_sentence(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    other = Member(
        seller_id=whole.seller.id, code="tv-02", party_id="p-2", kind="member",
        full_name="Hoàng Thị Chanh", gender="nữ", show_name=True,
    )  # fmt: skip
    app_session.add(other)
    app_session.flush()
    app_session.add(
        BatchInput(
            batch_id=whole.batch.id, kind=InputKind.RAW_MATERIAL, name="Búp chè tươi",
            quantity_g=1_000, member_id=other.id,
        )
    )  # fmt: skip
    app_session.commit()

    page = visitor.open(whole.path)

    assert "Người làm Hộ anh Triệu Văn Lim, hộ chị Hoàng Thị Chanh" in page.text


def test_allergens_storage_and_cautions_are_told(visitor: Visitor, whole: Whole) -> None:
    text = visitor.open(whole.path).text

    assert "Dị ứng Không có chất gây dị ứng đã biết Bảo quản Nơi khô, mát" in text
    assert "Lưu ý Có caffeine" in text


def test_a_batch_that_is_sold_out_cannot_be_bought(visitor: Visitor, app_session: Session) -> None:
    pack = factories.make_pack(app_session)
    batch = factories.make_batch(app_session, pack.product, **days(left=100))
    factories.make_batch_pack(app_session, pack, batch)
    app_session.commit()

    page = visitor.open(f"/01/{pack.gtin}/10/{batch.lot}")

    assert "Lô đã bán hết, còn hạn dùng" in page.text
    assert no_way_to_buy(page)


def no_way_to_buy(page: Page) -> bool:
    addresses = page.links().values()
    return not any("/san-pham" in address or "/gio-hang" in address for address in addresses)


def test_the_button_promises_this_batch_only_if_it_is_sent_next(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    assert "Mua từ lô này" in visitor.open(whole.path).links()

    factories.make_level(app_session, whole.pack, on_hand=5, **days(left=100))
    app_session.commit()

    links = visitor.open(whole.path).links()
    assert links["Mua món này"] == f"/san-pham/{whole.product.slug}"
    assert "Mua từ lô này" not in links


def test_goods_that_are_no_longer_offered_have_no_button(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.product.state = ProductState.RETIRED
    app_session.commit()

    page = visitor.open(whole.path)

    assert "Món này không còn bán, lô còn hạn dùng" in page.text
    assert no_way_to_buy(page)


def test_a_recall_is_the_first_element_and_leaves_no_shop_on_the_page(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    factories.make_notice(app_session, whole.batch)
    app_session.commit()

    page = visitor.open(whole.path)

    banner = body_begins_with(page)
    assert (banner.get("class"), banner.get("role")) == ("bao-son", "alert")
    assert page.text.startswith(f"Lô {LOT} Đang thu hồi. Xin đừng dùng. Có mùi lạ")
    assert "Giữ nguyên gói và gọi HTX. HTX đổi gói khác hoặc trả lại tiền." in page.text
    assert page.links()["Gọi HTX 0540 001 001"] == "tel:+84540001001"
    assert "Mã của bạn khác? Chỉ lô này bị thu hồi." in page.text
    assert no_way_to_buy(page)
    assert "Lô đang bán" not in page.text


def test_goods_that_are_eaten_are_not_to_be_eaten_when_recalled(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.product.kind = "Giò chả"
    factories.make_notice(app_session, whole.batch)
    app_session.commit()

    assert "Đang thu hồi. Xin đừng ăn." in visitor.open(whole.path).text


def test_other_recalls_of_the_seller_are_not_denied(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    factories.make_notice(app_session, whole.batch)
    factories.make_notice(app_session, factories.make_batch(app_session, whole.product))
    app_session.commit()

    text = visitor.open(whole.path).text

    assert "Nơi bán này còn thu hồi lô khác." in text
    assert "Chỉ lô này bị thu hồi" not in text


def test_an_expired_batch_says_so_before_anything_else(
    visitor: Visitor, app_session: Session
) -> None:
    whole = make_whole_batch(app_session, **days(left=-1, made=400))

    page = visitor.open(whole.path)

    expired = clock.today() - timedelta(days=1)
    assert page.text.startswith(f"Lô {LOT} Hết hạn dùng từ {expired:%d/%m/%Y}. Xin đừng dùng.")
    assert body_begins_with(page).get("class") == "bao-son"
    assert no_way_to_buy(page)


def test_of_recall_and_expiry_the_recall_comes_first(
    visitor: Visitor, app_session: Session
) -> None:
    whole = make_whole_batch(app_session, **days(left=-1, made=400))
    factories.make_notice(app_session, whole.batch)
    app_session.commit()

    page = visitor.open(whole.path)

    assert page.heading == "Đang thu hồi. Xin đừng dùng."
    assert "đã hết hạn" in page.text


@pytest.mark.parametrize(("left", "is_sold"), [(0, True), (-1, False)])
def test_a_batch_is_sold_through_its_last_day(
    visitor: Visitor, app_session: Session, left: int, is_sold: bool
) -> None:
    whole = make_whole_batch(app_session, **days(left=left, made=400))

    page = visitor.open(whole.path)

    assert ("Hôm nay là ngày cuối dùng lô này." in page.text) is is_sold
    assert no_way_to_buy(page) is not is_sold


def test_a_batch_near_its_end_says_how_many_days_are_left(
    visitor: Visitor, app_session: Session
) -> None:
    near = make_whole_batch(app_session, **days(left=3, made=27))

    assert "Lô này còn 3 ngày." in visitor.open(near.path).text


def test_a_held_batch_is_being_checked_and_cannot_be_bought(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    factories.make_notice(
        app_session, whole.batch, kind=NoticeKind.HOLD, reason="nghi nhầm tem của chị Mận"
    )
    app_session.commit()

    page = visitor.open(whole.path)

    assert first_words(page).startswith(" HTX đang kiểm tra lô này, tạm ngừng bán.")
    assert "nghi nhầm tem" not in page.text
    assert no_way_to_buy(page)


def test_a_recall_that_ended_is_told_with_its_reason(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    ended = datetime(2026, 11, 15, 2, 0, tzinfo=UTC)
    notice = factories.make_notice(app_session, whole.batch)
    notice.ended_at, notice.outcome = ended, "Đã kiểm 12 gói, không có lỗi."
    whole.batch.state = BatchState.RELEASED
    app_session.commit()

    page = visitor.open(whole.path)

    told = "Lô này từng bị thu hồi, đã xong ngày 15/11/2026. Vì sao Có mùi lạ Đã kiểm 12 gói"
    assert told in page.text
    assert "Lô đang bán" in page.text


def test_a_hold_after_a_recall_that_ended_does_not_hide_it(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    notice = factories.make_notice(app_session, whole.batch)
    notice.ended_at = clock.now()
    factories.make_notice(app_session, whole.batch, kind=NoticeKind.HOLD)
    app_session.commit()

    text = visitor.open(whole.path).text

    assert "đang kiểm tra lô này" in text
    assert "từng bị thu hồi" in text


@pytest.mark.parametrize(
    ("values", "words", "is_claim"),
    [
        ({}, "VietGAP đến", True),
        ({"expires_on": date(2026, 1, 1)}, "hết hạn ngày 01/01/2026", False),
        ({"revoked_on": date(2026, 1, 1)}, "bị thu hồi ngày 01/01/2026", False),
    ],
)
def test_a_claim_stands_only_on_a_certificate_that_holds(
    visitor: Visitor,
    app_session: Session,
    whole: Whole,
    values: dict[str, Any],
    words: str,
    is_claim: bool,
) -> None:
    whole.certificate.expires_on = clock.today() + timedelta(days=30)
    for name, value in values.items():
        setattr(whole.certificate, name, value)
    app_session.commit()

    page = visitor.open(whole.path)

    claims = [element.get("data-claim") for element in page.root.iter("li")]
    assert (str(whole.certificate.id) in claims) is is_claim
    assert words in page.text


def test_a_certificate_that_names_other_batches_says_nothing_of_this_one(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    other = factories.make_batch(app_session, whole.product)
    factories.make_certificate(
        app_session,
        whole.seller,
        products=[whole.product],
        batches=[other],
        title="Phiếu kết quả thử nghiệm",
        kind="test_report",
    )
    app_session.commit()

    assert "Phiếu kết quả thử nghiệm" not in visitor.open(whole.path).text


def test_a_paper_about_one_consignment_stays_true_after_its_end(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    factories.make_certificate(
        app_session,
        whole.seller,
        batches=[whole.batch],
        kind="animal_quarantine",
        title="Giấy chứng nhận kiểm dịch",
        issued_on=date(2026, 11, 2),
        expires_on=date(2026, 11, 3),
    )
    app_session.commit()

    text = visitor.open(whole.path).text

    told = "Giấy tờ ghi riêng cho lô này Giấy chứng nhận kiểm dịch cấp ngày 02/11/2026"
    assert told in text
    assert "Giấy tờ không còn hiệu lực" not in text


def test_a_waiting_time_that_was_not_kept_is_not_hidden(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.spraying.phi_days = 10
    app_session.commit()

    assert "hái sau 8 ngày: chưa đủ ngày." in visitor.open(whole.path).text


def test_a_spraying_without_its_days_leaves_the_sentence_open(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.spraying.applied_on = None
    app_session.commit()

    assert "Có lần phun thuốc chưa ghi đủ ngày: chưa rõ." in visitor.open(whole.path).text


def test_all_packs_of_a_batch_tell_one_story_each_beginning_with_its_own(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    large = factories.make_pack(app_session, whole.product, label="Chè móc câu, gói 500 g")
    factories.make_batch_pack(app_session, large, whole.batch, produced=7)
    app_session.commit()

    page = visitor.open(f"/01/{large.gtin}/10/{LOT}")

    assert first_words(page).startswith(
        " Lô đang bán, còn hạn dùng Chè xanh La Bằng Chè móc câu, gói 500 g"
    )
    assert "Diệt men" in page.text


def test_the_page_can_be_read_in_english(visitor: Visitor, whole: Whole) -> None:
    page = visitor.open(f"/en{whole.path}")

    assert next(page.root.iter("html")).get("lang") == "en"
    assert page.links()["Tiếng Việt"] == whole.path


def test_the_demo_is_training_and_says_so(visitor: Visitor, app_session: Session) -> None:
    found = app_session.query(BatchPack).join(Batch).filter(Batch.state == BatchState.RELEASED)
    shown = found.first()
    assert shown is not None

    page = visitor.open(f"/01/{shown.pack.gtin}/10/{shown.batch.lot}")

    assert "Đang tập. Không có đơn thật, không mất tiền." in page.text
    assert "Dữ liệu mẫu, không có thật." in page.text


@pytest.mark.parametrize(
    ("public_url", "kept_out"), [("https://htx.example", True), ("http://127.0.0.1:8000", False)]
)
def test_search_engines_stay_out_of_training_that_the_world_can_reach(
    make_settings: MakeSettings, demo_database_url: str, *, public_url: str, kept_out: bool
) -> None:
    app = create_app(make_settings(database_url=demo_database_url, public_url=public_url))

    came = app.test_client().get("/san-pham", base_url=public_url)

    assert ('<meta name="robots" content="noindex">' in came.text) is kept_out


def test_a_link_shows_product_lot_and_maker_before_it_is_opened(
    visitor: Visitor, whole: Whole
) -> None:
    page = visitor.open(whole.path)

    preview = {meta.get("property"): meta.get("content") for meta in page.root.iter("meta")}
    assert preview["og:title"] == f"Chè xanh La Bằng, lô {LOT}"
    assert preview["og:description"] == "HTX Chè La Bằng. Lô đang bán, còn hạn dùng"
    assert f"/the-xem/lo/{whole.pack.gtin}/{LOT}/" in str(preview["og:image"])
