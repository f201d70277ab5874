"""A file of products says a pack in one cell, in the words of the member's own form."""

import pytest
from sqlalchemy import select

from shop.models.catalog import NetUnit, Pack
from tests.support.imports import Importing, csv_file, workbook

HEAD = "Tên sản phẩm,Đóng gói,Giá"


@pytest.mark.parametrize(
    ("typed", "label", "unit", "quantity", "measure"),
    [
        ("chai 500 ml", "chai 500 ml", "chai", 500, NetUnit.MILLILITRE),
        ("chai nửa lít", "chai 500 ml", "chai", 500, NetUnit.MILLILITRE),
        ("200 g", "gói 200 g", "gói", 200, NetUnit.GRAM),
        ("bịch 2 lạng", "túi 200 g", "túi", 200, NetUnit.GRAM),
        ("10 quả 600 g", "10 quả 600 g", "quả", 600, NetUnit.GRAM),
    ],
)
def test_a_pack_in_one_cell_is_read_as_a_member_says_it(
    importing: Importing, typed: str, label: str, unit: str, quantity: int, measure: NetUnit
) -> None:
    file = csv_file(HEAD, f"Mật ong,{typed},120000")

    plan = importing.look(file)
    importing.bring_in(file)
    again = importing.look(file)

    assert (plan.faults, plan.ticks) == ([], [])
    pack = importing.session.scalars(select(Pack)).one()
    assert (pack.label, pack.unit) == (label, unit)
    assert (pack.net_quantity, pack.net_unit) == (quantity, measure)
    assert again.counts["unchanged"] == 1


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("chai", "pack_content_missing"),
        ("chai 65", "pack_unit_missing"),
        ("vài gói", "weight_rough"),
        ("", "cell_needed_for_new"),
        ("gói 200 tấn", "weight_implausible"),
    ],
)
def test_a_pack_that_is_not_clear_is_told_by_its_cell_once(
    importing: Importing, typed: str, code: str
) -> None:
    plan = importing.look(csv_file(HEAD, f"Mật ong,{typed},120000"))

    assert [(fault.column, fault.code) for fault in plan.faults] == [("Đóng gói", code)]


@pytest.mark.parametrize(
    ("unit", "net", "codes"),
    [
        ("chai", "500 ml", []),
        ("", "500 ml", []),
        ("hộp", "", ["pack_said_twice"]),
        ("chai", "650 ml", ["pack_said_twice"]),
    ],
)
def test_a_pack_said_in_two_places_must_be_the_same(
    importing: Importing, unit: str, net: str, codes: list[str]
) -> None:
    head = ["Tên sản phẩm", "Đóng gói", "Đựng bằng", "Khối lượng", "Giá"]

    plan = importing.look(workbook(head, ["Mật ong", "chai 500 ml", unit, net, "120k"]))

    assert [fault.code for fault in plan.faults] == codes
