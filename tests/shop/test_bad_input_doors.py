"""Every bad-input case comes through every door it can: here the files, and the last forms."""

import json
from datetime import date

import pytest
from PIL import Image
from sqlalchemy import select

from shop.forms.tables import FileRefused
from shop.messages_forms import sentence
from shop.models.batches import Batch
from shop.models.catalog import PHOTO_WIDTHS, Pack, Product
from shop.models.people import Member
from shop.services import photos
from shop.services.imports.running import RowsRefused, TicksMissing
from tests import factories
from tests.support.imports import csv_file, workbook

PRODUCT = {"sku": "A-1", "ten": "Chè thử", "gia": "90000", "khoi_luong": "200 g", "mo_ta": ""}
BATCH = {"ma_lo": "LO-1", "sku": "B-1", "ngay_san_xuat": "01/11/2026", "han_su_dung": ""}


@pytest.fixture
def case(shared):
    """Give what is typed in a case and what should come of it."""
    folder = shared / "data" / "bad_input"
    cases = {one["id"]: one for one in json.loads((folder / "index.json").read_text())["cases"]}

    def load(case_id):
        file = cases[case_id]["file"]
        content = (folder / file).read_bytes()
        if file.endswith(".json"):
            return json.loads(content)["payload"], cases[case_id]["expected"]
        return content, cases[case_id]["expected"]

    return load


def as_file(kind, row):
    if kind == "csv":
        quoted = (
            f'"{value}"'.replace('""', '""') if "," in value else value for value in row.values()
        )
        return csv_file(",".join(row), ",".join(quoted))
    return workbook(list(row), list(row.values()))


def helps(said, expected):
    words = expected["error"]["message_must_mention_any_of"]
    return any(word in said.lower() for word in words)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("case_id", "columns"),
    [
        ("S01", {"gia": "price"}),
        ("S02", {"gia": "price"}),
        ("S13", {"mo_ta": "description"}),
        ("S14", {"ten": "name"}),
        ("S16", {"ten": "name"}),
    ],
)
def test_a_product_of_the_case_is_stored_as_it_is_meant(importing, case, kind, case_id, columns):
    payload, expected = case(case_id)
    typed = {name: payload[key].replace('"', '""') if kind == "csv" else payload[key]
             for name, key in columns.items()}  # fmt: skip
    row = PRODUCT | typed
    if kind == "csv":
        row = {name: f'"{value}"' for name, value in row.items()}
        content = csv_file(",".join(row), ",".join(row.values()))
    else:
        content = as_file(kind, row)

    importing.bring_in(content)

    product = importing.session.scalars(select(Product)).one()
    pack = importing.session.scalars(select(Pack)).one()
    stored = {
        "price_vnd": pack.price_vnd,
        "name": product.name,
        "description": product.description,
    }
    for name, value in expected["normalised"].items():
        assert stored[name] == value


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("case_id", "columns"),
    [
        ("S03", {"gia": "price"}),
        ("S04", {"gia": "price"}),
        ("S12", {"ten": "name"}),
    ],
)
def test_a_product_of_the_case_is_refused_beside_its_cell(importing, case, kind, case_id, columns):
    payload, expected = case(case_id)

    content = as_file(kind, PRODUCT | {name: payload[key] for name, key in columns.items()})

    with pytest.raises(RowsRefused) as refused:
        importing.bring_in(content)
    (fault,) = refused.value.values["plan"].faults
    assert (fault.row, fault.column, fault.code) == (2, *columns, expected["error"]["code"])
    assert helps(fault.told, expected)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_pack_of_five_hundred_kilograms_is_questioned(importing, case, kind):
    payload, expected = case("S08")
    weight = f"{payload['net_weight']} {payload['net_unit']}"

    plan = importing.look(as_file(kind, PRODUCT | {"khoi_luong": weight, "gia": payload["price"]}))

    assert [fault.code for fault in plan.faults] == [expected["error"]["code"]]
    assert helps(plan.faults[0].told, expected)


@pytest.fixture
def goods(importing):
    """A cooperative with one product to make batches of."""
    product = factories.make_product(importing.session, importing.seller, shelf_life_days=700)
    factories.make_pack(importing.session, product, sku="B-1")
    importing.session.commit()
    return importing


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_batch_of_the_case_has_the_day_and_the_lot_that_are_meant(goods, case, kind):
    day, dated = case("S05")
    lot, coded = case("S10")
    row = BATCH | {"ma_lo": lot["lot_code"], "ngay_san_xuat": day["produced_on"]}

    goods.bring_in(as_file(kind, row), "batches")

    batch = goods.session.scalars(select(Batch)).one()
    assert batch.lot == coded["normalised"]["lot_code"]
    assert batch.made_on == date.fromisoformat(dated["normalised"]["produced_on"])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    ("case_id", "columns"),
    [
        ("S06", {"ngay_san_xuat": "produced_on"}),
        ("S07", {"ngay_san_xuat": "produced_on", "han_su_dung": "expires_on"}),
    ],
)
def test_a_batch_of_the_case_is_refused_beside_its_cell(goods, case, kind, case_id, columns):
    payload, expected = case(case_id)
    goods.today = date(2026, 11, 28)

    row = BATCH | {name: payload[key] for name, key in columns.items()}
    plan = goods.look(as_file(kind, row), "batches")

    assert [fault.code for fault in plan.faults] == [expected["error"]["code"]]
    assert helps(plan.faults[0].told, expected)


def test_a_lot_that_another_product_has_is_refused(goods, case):
    payload, expected = case("S11")
    factories.make_batch(
        goods.session,
        factories.make_product(goods.session, goods.seller),
        lot=payload["existing"][0],
    )

    plan = goods.look(as_file("csv", BATCH | {"ma_lo": payload["lot_code"]}), "batches")

    assert [fault.field for fault in plan.faults] == ["lot"]
    assert helps(plan.faults[0].told, expected)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_three_ways_to_write_a_number_are_one_member(importing, case, kind):
    payload, expected = case("S26")

    for phone in payload["phones"]:
        content = as_file(kind, {"ho_ten": "Nguyễn Thị Mận", "dien_thoai": phone})
        importing.bring_in(content, "members")

    member = importing.session.scalars(select(Member)).one()
    assert {"0" + member.phone.removeprefix("+84")} == set(expected["normalised"]["phones"])


def test_the_barcode_that_excel_damaged_is_refused_in_its_cell(importing, case):
    content, expected = case("S17")

    with pytest.raises(RowsRefused) as refused:
        importing.bring_in(content)

    fault = refused.value.values["plan"].faults[0]
    error = expected["error"]
    assert (fault.row, fault.column, fault.code) == (error["row"], error["field"], error["code"])
    assert helps(fault.told, expected)


@pytest.mark.parametrize("case_id", ["S18", "S19", "S20", "S21"])
def test_the_list_of_the_case_comes_in_with_its_stock(importing, case, case_id):
    content, expected = case(case_id)
    rows = (expected["normalised"] or {}).get("rows") or case("S18")[1]["normalised"]["rows"]

    if case_id == "S21":
        with pytest.raises(TicksMissing) as asked:
            importing.bring_in(content, tick_all=False)
        ticks = asked.value.values["plan"].ticks
        assert ticks[0].code == expected["error"]["code"]
        assert helps(ticks[0].sentence, expected)
        importing.session.rollback()
    importing.bring_in(content, stock_made_on=date(2026, 11, 1))

    packs = importing.session.scalars(select(Pack).order_by(Pack.id)).all()
    stored = [
        {"sku": pack.sku, "name": pack.product.name, "price_vnd": pack.price_vnd,
         "net_g": pack.net_quantity, "stock": on_hand(importing.session, pack)}
        for pack in packs
    ]  # fmt: skip
    assert stored == rows
    assert importing.faults() == []


def on_hand(session, pack):
    from shop.queries import imports

    return imports.on_hand(session, pack.seller_id).get(pack.id, 0)


def test_a_photo_of_twenty_megabytes_is_kept_small(tmp_path):
    path = tmp_path / "anh.jpg"
    Image.effect_noise((8000, 6000), 90).convert("RGB").save(path, quality=75)

    token = photos.stage(path.read_bytes(), folder=tmp_path / "photos")

    kept = photos.staged(token, PHOTO_WIDTHS[-1], folder=tmp_path / "photos")
    assert path.stat().st_size > 15_000_000
    assert kept.stat().st_size <= 409_600
    with Image.open(kept) as picture:
        assert max(picture.size) <= 1600


def test_a_photo_sent_as_a_list_is_refused_by_its_bytes(importing, case):
    content, _expected = case("S23")

    with pytest.raises(FileRefused) as refused:
        importing.look(content)

    assert refused.value.code == "file_is_picture"
    assert "ảnh" in sentence(refused.value)
