"""What a spreadsheet makes of codes and names by itself is told, or read as it was meant."""

from datetime import date

import pytest

from shop import messages_forms
from shop.forms.imports.kinds import COLUMNS, ImportKind
from shop.forms.imports.rows import read_rows
from shop.forms.tables import FileRefused
from tests.support.imports import csv_file, workbook

DAY = date(2026, 11, 1)
HEADS = {
    "products": ["sku", "ten", "gia", "khoi_luong_g"],
    "members": ["ma", "ho ten", "ma thua", "dien tich"],
    "batches": ["lo", "sku", "NSX", "so goi"],
}
ROWS = {
    "products": ["A-1", "Chè", 90000, 200],
    "members": ["TV-1", "Lê Thị Mẫu", "T-1", "2 sào"],
    "batches": ["L-1", "A-1", DAY, 4],
}


@pytest.fixture
def goods(importing):
    importing.bring_in(csv_file("sku,ten,gia,khoi_luong_g", "A-1,Chè,90000,200"))
    return importing


@pytest.mark.parametrize(
    ("kind", "place"),
    [("products", 0), ("products", 1), ("members", 0), ("members", 1), ("members", 2),
     ("batches", 0), ("batches", 1)],
)  # fmt: skip
def test_a_code_or_name_that_became_a_day_is_told_beside_its_cell(goods, kind, place):
    row = [DAY if number == place else cell for number, cell in enumerate(ROWS[kind])]

    (fault,) = goods.look(workbook(HEADS[kind], row), kind).faults

    assert (fault.row, fault.column, fault.code) == (2, HEADS[kind][place], "cell_became_date")
    assert "Văn bản (Text)" in fault.sentence


@pytest.mark.parametrize(
    "name", ['=HYPERLINK("x")', "@SUM(A1)", "+HYPERLINK(A1)", "- cmd(A1)", "＝1+1", "＠SUM(A1)"]
)
def test_a_name_that_a_spreadsheet_would_reckon_is_refused(importing, name):
    row = "\t".join(["A-1", name.replace('"', ""), "90000", "200"])

    plan = importing.look(csv_file("\t".join(HEADS["products"]), row))

    assert [(fault.column, fault.code) for fault in plan.faults] == [("ten", "cell_is_formula")]


@pytest.mark.parametrize("row", ["'A-1,'Chè,'90000,'200", "Ａ-1,Chè,９００００,２００"])
def test_text_marks_and_wide_letters_mean_the_same_pack(goods, row):
    plan = goods.look(csv_file("sku,ten,gia,khoi_luong_g", row))

    assert plan.faults == []
    assert [one.act.value for one in plan.rows] == ["unchanged"]


def test_a_name_may_begin_with_a_sign_that_reckons_nothing(importing):
    plan = importing.look(csv_file("sku,ten,gia,khoi_luong_g", "A-1,+Chè (loại 1),90000,200"))

    assert plan.faults == []


def test_a_header_on_a_hidden_sheet_alone_is_told_with_its_name():
    file = workbook(
        sheets={"Ghi chú": [["xin chào"]], "Hàng": [HEADS["products"], ROWS["products"]]},
        hidden=["Hàng"],
    )

    with pytest.raises(FileRefused) as refused:
        read_rows(file, ImportKind.PRODUCTS)

    assert refused.value.values["names"] == ["Hàng"]
    assert len(read_rows(file, ImportKind.PRODUCTS, sheet="Hàng").rows) == 1


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("1-Oct", "1-10"), ("01-Oct", "1-10"), ("Jan-02", "1-2"), ("01-thg10", "1-10"),
     ("thg10-26", "10-26"), ("1-Oct-26", "1-10-26"), ("2-Jan-2026", "2-1-2026")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("kind", "place"), [("products", 0), ("members", 0), ("members", 2), ("batches", 0)]
)
def test_a_code_of_a_csv_that_became_a_day_is_told_with_what_to_type(
    goods, kind, place, typed, meant
):
    row = [str(typed if number == place else cell) for number, cell in enumerate(ROWS[kind])]

    faults = goods.look(csv_file(",".join(HEADS[kind]), ",".join(row)), kind).faults

    assert [(one.row, one.column, one.code) for one in faults][:1] == [
        (2, HEADS[kind][place], "code_is_day")
    ]
    assert f"“{typed}”" in faults[0].sentence
    assert f"ví dụ {meant}." in faults[0].sentence


@pytest.mark.parametrize("code", ["MAY-01", "1-10", "Octa-1", "10-26", "1-thg13", "L-1"])
def test_a_code_that_no_spreadsheet_made_is_taken_from_a_csv(importing, code):
    plan = importing.look(csv_file("sku,ten,gia,khoi_luong_g", f"{code},Chè,90000,200"))

    assert plan.faults == []
    assert plan.file.ticks == []


@pytest.mark.parametrize(
    ("typed", "asked"),
    [("10/1/2026", "codes_as_days"), ("2026-10-01", "codes_as_days"),
     ("01-10-26", "codes_as_days"), ("45000", "codes_as_serials")],
)  # fmt: skip
@pytest.mark.parametrize(("kind", "place"), [("products", 0), ("members", 0), ("batches", 0)])
def test_a_code_that_may_be_a_day_is_asked_about_and_then_taken(goods, kind, place, typed, asked):
    row = [typed if number == place else str(cell) for number, cell in enumerate(ROWS[kind])]
    row = ["01/11/2026" if cell == str(DAY) else cell for cell in row]
    file = csv_file(",".join(HEADS[kind]), ",".join(row))

    plan = goods.look(file, kind)

    assert plan.faults == []
    assert [(tick.code, list(tick.rows)) for tick in plan.file.ticks] == [(asked, [2])]
    assert f"“{typed}”" in plan.file.ticks[0].sentence
    assert goods.bring_in(file, kind) is not None


def test_a_text_of_a_workbook_that_looks_like_a_day_stays_a_code():
    file = workbook(HEADS["products"], ["1-Oct", "Chè", 90000, 200])

    rows = read_rows(file, ImportKind.PRODUCTS)

    assert rows.rows[0].faults == {}
    assert rows.ticks == []


@pytest.mark.parametrize("kind", list(ImportKind))
def test_who_left_out_the_names_of_columns_reads_them_whole(kind, importing):
    with pytest.raises(FileRefused) as refused:
        read_rows(csv_file("1,2,3", "4,5,6"), kind)

    sentence = messages_forms.sentence(refused.value)
    assert "…" not in sentence
    assert str(COLUMNS[kind][3].label) in sentence
