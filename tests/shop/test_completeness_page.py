"""The page names what the rules on traceability ask for, and exactly what is missing."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from shop.models.batches import BatchInput, BatchStep, InputKind
from shop.models.catalog import Photo
from shop.pages.regulations import FACTS, ITEMS
from shop.queries.batch_page import batch_page
from shop.services import batch_facts
from tests import factories
from tests.support.pages import Page, Visitor
from tests.support.whole_batch import LOT, Whole, make_whole_batch, missing_items, stop_clock
from traceability import gtin as gtins
from traceability.completeness import (
    CONDITIONAL,
    REGULATIONS,
    BatchFacts,
    Stage,
    State,
    check,
)

CIRCULAR = "Thông tư 02/2024/TT-BKHCN"
DECREE = "Nghị định 37/2026/NĐ-CP, điều 32"

Remove = Callable[[Session, Whole], None]


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)


@pytest.fixture
def whole(app_session: Session) -> Whole:
    return make_whole_batch(app_session)


def section(page: Page) -> str:
    return page.text.partition("Thông tin theo quy định")[2].partition("Báo sự cố")[0]


def test_a_batch_that_tells_everything_is_called_complete(visitor: Visitor, whole: Whole) -> None:
    page = visitor.open(whole.path)

    assert missing_items(page.root) == set()
    assert section(page).startswith(" đủ các mục")


def test_all_items_of_both_rules_are_listed_with_what_is_there(
    visitor: Visitor, whole: Whole
) -> None:
    said = section(visitor.open(whole.path))

    for words in (
        "Tên sản phẩm Chè xanh La Bằng Hình ảnh có",
        "Nơi sản xuất Hợp tác xã Chè La Bằng",
        "Địa chỉ Xóm La Bằng, Xã La Bằng, Tỉnh Thái Nguyên",
        "Các công đoạn: mã, nơi, thời gian 3 công đoạn, đủ Thời gian sản xuất 02/11/2026",
        f"Mã truy xuất http://127.0.0.1:8000{whole.path}",
        "Thương hiệu, kiểu loại, số sê-ri Chè La Bằng Hạn dùng 26/04/2028",
        f"Tên và mã GTIN Chè xanh La Bằng, {whole.pack.gtin}",
        "Nơi sản xuất và mã số Hợp tác xã Chè La Bằng, Xóm La Bằng, Xã La Bằng, "
        "Tỉnh Thái Nguyên, 4600000001",
        "Xuất xứ, nơi làm công đoạn cuối Xã La Bằng, Tỉnh Thái Nguyên",
        f"Thông tin truy xuất 3 công đoạn, đủ Giấy chứng nhận {whole.certificate.number}",
        "Ngày làm, hạn dùng 02/11/2026 – 26/04/2028 Cảnh báo an toàn Có caffeine",
        "Thông tin khác cơ quan yêu cầu không có",
    ):
        assert words in said


def without_name(_session: Session, whole: Whole) -> None:
    whole.product.name = ""


def without_picture(session: Session, whole: Whole) -> None:
    session.delete(session.get_one(Photo, whole.photo.id))


def without_producer(_session: Session, whole: Whole) -> None:
    whole.seller.name = ""


def without_address(_session: Session, whole: Whole) -> None:
    whole.seller.hamlet = whole.seller.commune = whole.seller.province = ""


def without_stages(session: Session, whole: Whole) -> None:
    session.delete(session.get_one(BatchStep, whole.step.id))
    session.delete(session.get_one(BatchInput, whole.harvest.id))
    whole.batch.released_at = None


def without_place_of_a_step(_session: Session, whole: Whole) -> None:
    whole.step.place = ""


def without_slip_of_the_harvest(_session: Session, whole: Whole) -> None:
    whole.harvest.source_id = None


def without_plot_of_the_harvest(_session: Session, whole: Whole) -> None:
    whole.harvest.plot_id = None


def without_day_of_the_harvest(_session: Session, whole: Whole) -> None:
    whole.harvest.harvested_on = None


def without_day_of_making(_session: Session, whole: Whole) -> None:
    whole.batch.made_on = None


def without_any_day_of_production(session: Session, whole: Whole) -> None:
    whole.batch.made_on = whole.batch.packed_on = None
    whole.spraying.harvested_on = None
    whole.harvest.harvested_on = None


def without_expiry(_session: Session, whole: Whole) -> None:
    whole.batch.expires_on = None


def without_licensed_number(_session: Session, whole: Whole) -> None:
    body = "200999900001"
    whole.pack.gtin = f"0{body}{gtins.check_digit(body)}"


def without_number_of_the_producer(_session: Session, whole: Whole) -> None:
    whole.seller.tax_code = whole.seller.registration_no = None


STAGES = {(CIRCULAR, "Các công đoạn: mã, nơi, thời gian"), (DECREE, "Thông tin truy xuất")}


@pytest.mark.parametrize(
    ("remove", "missing", "words"),
    [
        (
            without_name,
            {(CIRCULAR, "Tên sản phẩm"), (DECREE, "Tên và mã GTIN")},
            "chưa có: tên sản phẩm",
        ),
        (without_picture, {(CIRCULAR, "Hình ảnh")}, "chưa có: hình ảnh"),
        (
            without_producer,
            {(CIRCULAR, "Nơi sản xuất"), (DECREE, "Nơi sản xuất và mã số")},
            "chưa có: tên nơi sản xuất",
        ),
        (
            without_address,
            {(CIRCULAR, "Địa chỉ"), (DECREE, "Nơi sản xuất và mã số")},
            "chưa có: địa chỉ nơi sản xuất",
        ),
        (without_stages, STAGES, "chưa có: các công đoạn"),
        (without_place_of_a_step, STAGES, "chưa có: mã nơi làm của bước “Diệt men”"),
        (
            without_slip_of_the_harvest,
            STAGES,
            "chưa có: mã sản phẩm của bước “Búp chè tươi”",
        ),
        (without_plot_of_the_harvest, STAGES, "chưa có: mã nơi làm của bước “Búp chè tươi”"),
        (without_day_of_the_harvest, STAGES, "chưa có: thời gian của bước “Búp chè tươi”"),
        (without_day_of_making, {(DECREE, "Ngày làm, hạn dùng")}, "chưa có: ngày làm"),
        (
            without_any_day_of_production,
            {
                *STAGES,
                (CIRCULAR, "Thời gian sản xuất"),
                (DECREE, "Ngày làm, hạn dùng"),
            },
            "chưa có: ngày làm",
        ),
        (
            without_expiry,
            {(CIRCULAR, "Hạn dùng"), (DECREE, "Ngày làm, hạn dùng")},
            "chưa có: hạn dùng",
        ),
        (
            without_licensed_number,
            {(DECREE, "Tên và mã GTIN")},
            "chưa có: mã GTIN do GS1 cấp",
        ),
        (
            without_number_of_the_producer,
            {(DECREE, "Nơi sản xuất và mã số")},
            "chưa có: mã số nơi sản xuất",
        ),
    ],
)
def test_each_datum_that_is_removed_is_named_and_no_other(
    visitor: Visitor,
    app_session: Session,
    whole: Whole,
    remove: Remove,
    missing: set[tuple[str, str]],
    words: str,
) -> None:
    remove(app_session, whole)
    app_session.commit()

    page = visitor.open(whole.path)

    assert missing_items(page.root) == missing
    assert words in section(page)
    count = f"chưa có {len(missing)} mục"
    assert section(page).startswith(f" {count}")


def without_brand(_session: Session, whole: Whole) -> None:
    whole.product.brand = ""


def without_certificates(_session: Session, whole: Whole) -> None:
    whole.certificate.expires_on = date(2026, 1, 1)


def without_warnings(_session: Session, whole: Whole) -> None:
    whole.product.cautions = []


@pytest.mark.parametrize(
    ("remove", "item"),
    [
        (without_brand, "Thương hiệu, kiểu loại, số sê-ri"),
        (without_certificates, "Giấy chứng nhận"),
        (without_warnings, "Cảnh báo an toàn"),
    ],
)
def test_what_the_rules_ask_for_if_any_is_said_to_be_none(
    visitor: Visitor, app_session: Session, whole: Whole, remove: Remove, item: str
) -> None:
    remove(app_session, whole)
    app_session.commit()

    page = visitor.open(whole.path)

    assert missing_items(page.root) == set()
    assert f"{item} không có" in section(page)


def test_goods_without_a_shelf_life_lack_no_expiry(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.product.shelf_life_days = whole.batch.expires_on = None
    app_session.commit()

    page = visitor.open(whole.path)

    assert missing_items(page.root) == set()
    assert "Lô đang bán Chè xanh La Bằng" in page.text


def test_the_tracing_code_itself_is_one_of_the_facts(app_session: Session, whole: Whole) -> None:
    rows = batch_page(app_session, whole.pack.gtin, LOT, today=factories.TODAY)
    assert rows is not None
    known = batch_facts.facts(
        rows, ["1"], address="https://a.example/1", base_url="https://a.example"
    )

    lacking = check(replace(known, tracing_code=""))

    assert {(one.regulation, one.item) for one in lacking if one.state is State.MISSING} == {
        ("circular_02_2024", "tracing_code"),
        ("decree_37_2026_art_32", "traceability"),
    }


def test_many_gaps_are_counted_after_the_first_three(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    app_session.add_all(
        BatchInput(
            batch_id=whole.batch.id,
            kind=InputKind.RAW_MATERIAL,
            name="Búp chè tươi",
            quantity_g=1_000,
            harvested_on=date(2026, 11, 2),
        )
        for _ in range(100)
    )
    app_session.commit()

    said = section(visitor.open(whole.path))

    assert "và 197 chỗ khác" in said


def test_every_item_and_every_fact_that_can_lack_has_words() -> None:
    items = {item.key for regulation in REGULATIONS for item in regulation.items}
    empty = check(BatchFacts(applicable=CONDITIONAL))
    unplaced = check(BatchFacts(stages=(Stage("pack"),)))

    lacking = {name.rpartition(".")[2] for one in (*empty, *unplaced) for name in one.missing}

    assert items == set(ITEMS)
    assert lacking <= set(FACTS)
