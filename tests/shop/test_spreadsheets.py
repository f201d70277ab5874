"""Tables come out so that a spreadsheet shows what the screen showed, and runs nothing."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from openpyxl import load_workbook

from shop.spreadsheets import csv_bytes, neutral, xlsx_bytes

COLUMNS = ["Mã đơn", "Người nhận", "Tổng cộng (đ)", "Đặt lúc", "Hạn dùng"]
ROW = ["NK7K2QF9", "Nguyễn Thị Hoa", 315_000, datetime(2026, 11, 22, 3, 5, tzinfo=UTC), None]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r"])
def test_a_cell_that_would_be_a_formula_is_text(begin):
    assert neutral(f"{begin}1+1") == f"'{begin}1+1"


def test_csv_begins_with_the_mark_by_which_excel_knows_utf8():
    assert csv_bytes(COLUMNS, [ROW]).startswith(b"\xef\xbb\xbf")


def test_csv_holds_the_rows_with_amounts_as_plain_digits_and_times_of_viet_nam():
    text = csv_bytes(COLUMNS, [ROW]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text))) == [
        COLUMNS,
        ["NK7K2QF9", "Nguyễn Thị Hoa", "315000", "22/11/2026 10:05", ""],
    ]


def test_csv_of_a_name_that_is_a_formula_holds_no_formula():
    text = csv_bytes(["Tên"], [["=HYPERLINK(1)"]]).decode("utf-8-sig")

    assert list(csv.reader(io.StringIO(text)))[1] == ["'=HYPERLINK(1)"]


def opened(columns, rows):
    return load_workbook(io.BytesIO(xlsx_bytes("Đơn hàng", columns, rows))).active


def test_xlsx_holds_amounts_as_numbers_and_times_of_viet_nam():
    sheet = opened(COLUMNS, [ROW])

    assert [cell.value for cell in sheet[2]] == [
        "NK7K2QF9",
        "Nguyễn Thị Hoa",
        315_000,
        datetime(2026, 11, 22, 10, 5),
        None,
    ]


def test_xlsx_shows_a_day_as_people_write_it():
    sheet = opened(["Hạn dùng"], [[date(2027, 11, 5)]])

    assert (sheet["A2"].is_date, sheet["A2"].number_format) == (True, "dd/mm/yyyy")


def test_xlsx_keeps_a_formula_somebody_typed_as_text():
    sheet = opened(["Tên"], [["=1+1"]])

    assert (sheet["A2"].value, sheet["A2"].data_type) == ("'=1+1", "s")


def test_xlsx_without_rows_still_has_its_columns():
    sheet = opened(COLUMNS, [])

    assert [cell.value for cell in sheet[1]] == COLUMNS
