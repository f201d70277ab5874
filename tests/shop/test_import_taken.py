"""What a spreadsheet or a habit left out of a whole column is asked about by one tick."""

import pytest
from sqlalchemy import select

from shop.models.people import Member
from shop.services.imports.running import TicksMissing
from tests.support.imports import Importing, csv_file, workbook

HEAD = ["Họ tên", "SĐT", "Năm sinh"]
NAMES = ["Nguyễn Thị Mẫu", "Trần Văn Mẫu", "Lê Thị Mẫu"]


def both(*cells: tuple[object, object]) -> list[bytes]:
    """Return a workbook and a CSV with a name, a phone and a year in each row."""
    rows: list[list[object]] = [[name, *pair] for name, pair in zip(NAMES, cells, strict=False)]
    lines = [",".join(HEAD), *(",".join(str(cell) for cell in row) for row in rows)]
    return [workbook(HEAD, *rows), csv_file(*lines)]


@pytest.mark.parametrize("kind", [0, 1], ids=["xlsx", "csv"])
def test_phones_without_their_zero_are_asked_about_once_and_come_in_with_it(
    importing: Importing, kind: int
) -> None:
    file = both((912345678, 1958), ("0912 345 679", 1960), (2083812345, 1961))[kind]

    plan = importing.look(file, "members")
    importing.bring_in(file, "members")
    again = importing.look(file, "members")

    assert plan.faults == []
    assert [(tick.code, tick.rows) for tick in plan.ticks] == [("phones_without_zero", (2, 4))]
    assert "ở 2 dòng thiếu số 0 ở đầu" in plan.ticks[0].sentence
    assert "“912345678” → 0912 345 678" in plan.ticks[0].sentence
    phones = importing.session.scalars(select(Member.phone).order_by(Member.id)).all()
    assert phones == ["+84912345678", "+84912345679", "+842083812345"]
    assert again.counts["unchanged"] == 3


@pytest.mark.parametrize("kind", [0, 1], ids=["xlsx", "csv"])
@pytest.mark.parametrize(("typed", "year"), [("58", 1958), ("05", 2005), ("5/11/58", 1958)])
def test_years_of_two_figures_are_asked_about_once(
    importing: Importing, kind: int, typed: str, year: int
) -> None:
    file = both(("0912 345 678", typed), ("0912 345 679", 1960))[kind]

    plan = importing.look(file, "members")
    importing.bring_in(file, "members")

    assert plan.faults == []
    assert [(tick.code, tick.rows) for tick in plan.ticks] == [("years_short", (2,))]
    assert f"“{typed}” → {year}" in plan.ticks[0].sentence
    years = importing.session.scalars(select(Member.birth_year).order_by(Member.id)).all()
    assert years == [year, 1960]


def test_nothing_is_taken_for_what_it_may_mean_before_somebody_ticks(importing: Importing) -> None:
    file = both((912345678, 58))[0]

    with pytest.raises(TicksMissing) as refused:
        importing.bring_in(file, "members", tick_all=False)

    assert refused.value.values["codes"] == ["phones_without_zero", "years_short"]
    assert importing.session.scalars(select(Member)).all() == []


@pytest.mark.parametrize(
    ("phone", "year", "code"),
    [
        ("91234567", "1958", "phone_unreadable"),
        ("2011234567", "1958", "phone_landline_invalid"),
        ("0912345678", "15", "year_unreadable"),
        ("0912345678", "21308", "year_unsure"),
    ],
)
def test_what_can_mean_nothing_sensible_is_still_told_by_its_cell(
    importing: Importing, phone: str, year: str, code: str
) -> None:
    plan = importing.look(both((phone, year))[1], "members")

    assert [fault.code for fault in plan.faults] == [code]
    assert plan.ticks == []
