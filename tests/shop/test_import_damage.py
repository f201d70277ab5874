"""What spreadsheets, old programs and hurried people do to a file is read right, or told."""

import io
import unicodedata
from datetime import date, datetime

import pytest

from shop.forms.imports.kinds import ImportKind
from shop.forms.imports.rows import read_rows
from shop.forms.tables import MOST_ROWS, FileRefused
from shop.messages_forms import sentence
from tests.support.imports import csv_file, workbook

HEAD = "sku,ten,gia,khoi_luong_g"
ROW = "A-1,Chè móc câu,90000,200"


def look_at(importing, kind, column, value):
    """Return the plan of one good row with `value` under `column`."""
    names, cells = {
        "products": (["sku", "ten", "gia", "khoi luong"], ["A-1", "Chè", "90k", "200 g"]),
        "members": (["ho ten"], ["Lê Thị Mẫu"]),
        "batches": (["lo", "sku", "NSX"], ["L-1", "A-1", "15/10/2026"]),
    }[kind]
    said = dict(zip(names, cells, strict=True)) | {column: value}
    if isinstance(value, str):
        return importing.look(csv_file("\t".join(said), "\t".join(said.values())), kind)
    return importing.look(workbook(list(said), list(said.values())), kind)


@pytest.fixture
def goods(importing):
    importing.bring_in(csv_file(HEAD, ROW))
    return importing


@pytest.mark.parametrize(
    ("kind", "column", "value", "name", "meant"),
    [
        ("members", "nam sinh", "1958", "birth_year", 1958),
        ("members", "nam sinh", "１９５８", "birth_year", 1958),
        ("members", "nam sinh", "11/1958", "birth_year", 1958),
        ("members", "nam sinh", 1958.0, "birth_year", 1958),
        ("members", "nam sinh", datetime(1958, 5, 11), "birth_year", 1958),
        ("members", "sdt", "0902\u00a0000\u00a0001", "phone", "+84902000001"),
        ("members", "sdt", "０９０２０００００１", "phone", "+84902000001"),
        ("members", "sdt", 84902000001, "phone", "+84902000001"),
        ("batches", "NSX", "20/11/2026 0:00:00", "made_on", "2026-11-20"),
        ("batches", "NSX", "2026-11-20T00:00:00", "made_on", "2026-11-20"),
        ("batches", "NSX", "20-Nov-26", "made_on", "2026-11-20"),
        ("batches", "NSX", "Nov 20, 2026", "made_on", "2026-11-20"),
        ("batches", "NSX", "20 Thg 11 2026", "made_on", "2026-11-20"),
        ("batches", "NSX", "ngày 20/11/2026", "made_on", "2026-11-20"),
        ("batches", "NSX", "２０/11/2026", "made_on", "2026-11-20"),
        ("batches", "NSX", date(2026, 11, 20), "made_on", "2026-11-20"),
        ("batches", "so goi", "1.000", "units", 1000),
        ("batches", "so goi", "1\u00a0000", "units", 1000),
        ("products", "gia", "90.000 đ", "price_vnd", 90_000),
        ("products", "gia", "90,000.00", "price_vnd", 90_000),
        ("products", "gia", "９０.０００", "price_vnd", 90_000),
        ("products", "gia", 90000.0, "price_vnd", 90_000),
        ("products", "ma vach", "893 8505 974194", "gtin", "08938505974194"),
    ],
)
def test_a_cell_that_can_mean_one_thing_is_read(goods, kind, column, value, name, meant):
    plan = look_at(goods, kind, column, value)

    assert plan.faults == []
    assert plan.rows[0].values[name] == meant


@pytest.mark.parametrize(
    ("kind", "column", "value", "code", "said"),
    [
        *(
            ("members", "nam sinh", typed, "year_unsure", "Có phải là 1958?")
            for typed in (
                "1.958",
                "1958.0",
                "21308",
                "2058",
                "Sinh năm 1958",
            )
        ),
        *(
            ("members", "nam sinh", typed, "year_unreadable", "Ghi đủ bốn số")
            for typed in ("15", "20/11")
        ),
        ("members", "nam sinh", "1850", "year_implausible", "15 đến 110 tuổi"),
        ("members", "sdt", "9.02E+08", "number_mangled_by_excel", "“9.02E+08”"),
        ("members", "sdt", "0902000001/0903000002", "phone_more_than_one", "0902 000 001"),
        ("members", "sdt", "không có", "phone_unreadable", "Không có thì để trống"),
        ("members", "ho ten", "2", "person_unreadable", "Ghi họ và tên"),
        ("members", "ho ten", "Nguy?n Th? M?u", "text_letters_lost", "CSV UTF-8"),
        ("members", "ho ten", "Lê Th?", "text_letters_lost", "CSV UTF-8"),
        ("batches", "NSX", "20/11", "date_year_missing", "Có phải là 20/11/2026?"),
        ("batches", "NSX", "3/2026", "date_day_missing", "ví dụ 01/03/2026"),
        ("batches", "NSX", "11/20/2026", "date_month_first", "Có phải là 20/11/2026?"),
        ("batches", "NSX", "20112026", "date_unsure", "Có phải là 20/11/2026?"),
        ("batches", "NSX", 20261120, "date_unsure", "Có phải là 20/11/2026?"),
        ("batches", "NSX", "hôm qua", "date_unsure", "Có phải là 21/11/2026?"),
        ("batches", "NSX", "46331", "date_is_serial", "Có phải là 05/11/2026?"),
        ("batches", "NSX", 46331.25, "date_is_serial", "Có phải là 05/11/2026?"),
        ("batches", "NSX", "4.6331E+04", "number_mangled_by_excel", "“4.6331E+04”"),
        ("batches", "HSD", "03/2027", "date_day_missing", "Xin ghi đủ ngày/tháng/năm"),
        ("batches", "so goi", "1E+03", "number_mangled_by_excel", "“1E+03”"),
        ("batches", "so goi", "#REF!", "cell_error", "“#REF!”"),
        ("products", "gia", "#N/A", "cell_error", "“#N/A”"),
        ("products", "gia", "90", "price_too_low", "Có phải là 90.000"),
        ("products", "gia", "90000.00", "price_ambiguous", "90.000"),
        ("products", "ma vach", "8.93E+12", "number_mangled_by_excel", "“8.93E+12”"),
        ("products", "ma vach", "8938505974195", "gtin_wrong", "So lại từng số"),
        ("products", "ten", "Chè m?c câu", "text_letters_lost", "CSV UTF-8"),
        ("products", "ten", "La B¢ng", "text_letters_lost", "CSV UTF-8"),
    ],
)
def test_a_cell_that_is_not_sure_is_told_with_what_it_may_mean(
    goods, kind, column, value, code, said
):
    (fault,) = look_at(goods, kind, column, value).faults

    assert (fault.row, fault.column, fault.code) == (2, column, code)
    assert said in fault.sentence


def test_a_question_in_a_description_and_an_address_with_a_query_are_kept(importing):
    text = "Ngon không? Xem https://vi.du/?a=b"

    plan = look_at(importing, "products", "mo ta", text)

    assert plan.faults == []


@pytest.mark.parametrize(
    ("kind", "lines"),
    [
        ("products", [HEAD, ROW, "Tổng cộng,,90000,"]),
        ("products", [HEAD, ROW, ",TỔNG CỘNG: 1 món,90000,200"]),
        ("members", ["ma,ho ten", "TV-1,Lê Thị Mẫu", "Tổng số: 1 người,"]),
        ("members", ["stt,ho ten,sdt", "1,Tống Thị Mẫu,", ",Tổng: 1 người,"]),
        ("batches", ["lo,sku,NSX,so goi", "L-1,A-1,15/10/2026,4", "Cộng,,,4"]),
    ],
)
def test_a_row_with_the_sum_is_left_out_after_a_question(goods, kind, lines):
    plan = goods.look(csv_file(*lines), kind)

    assert [row.number for row in plan.rows] == [2]
    assert [list(tick.rows) for tick in plan.ticks if tick.code == "total_rows"] == [[3]]


@pytest.mark.parametrize("name", ["Trà tổng hợp", "Tổng Văn Mẫu", "Cộng Hòa Mẫu", "Tong Van Mau"])
def test_a_name_that_only_begins_like_a_sum_is_a_name(importing, name):
    plan = importing.look(csv_file("ho ten", name), "members")

    assert [row.title for row in plan.rows] == [name]


@pytest.mark.parametrize(
    ("lines", "notes"),
    [
        ([HEAD, ROW, "", HEAD, "A-2,Trà,50000,100"], ["lặp lại tên cột: dòng 4"]),
        ([HEAD, "1,2,3,4", ROW, "A-2,Trà,50000,100"], ["đánh số cột: dòng 2"]),
        ([HEAD, "(A),(B),(1),(2)", ROW, "A-2,Trà,50000,100"], ["đánh số cột: dòng 2"]),
        (["DANH SÁCH,,,", "", HEAD, ROW, "", ",,,", "A-2,Trà,50000,100"], ["dòng tiêu đề"]),
        (["Mã,Tên,Giá,KL", ",,(nghìn đồng),(g)", "A-1,Chè móc câu,90,200", "A-2,Trà,50,100"], []),
        (['"' + HEAD + '"', '"' + ROW + '"', '"A-2,Trà,50000,100"'], []),
        ([HEAD, "\ufeffA-1,Chè\u00a0móc câu\ufeff,90000,200", "A-2,Trà,50000,100\0"], []),
        ([HEAD, ROW, "A-2,Trà,50000,100", "\x1a"], []),
        ([HEAD, ROW.replace("è", "e\u0300"), 'A-2,"Tr\u00e0",50000,100'], []),
    ],
)
def test_rows_round_the_goods_do_not_become_goods(importing, lines, notes):
    plan = importing.look(csv_file(*lines))

    assert plan.faults == []
    assert [(row.values["sku"], row.values["name"]) for row in plan.rows] == [
        ("A-1", "Chè móc câu"), ("A-2", "Trà"),
    ]  # fmt: skip
    assert [row.values["price_vnd"] for row in plan.rows] == [90_000, 50_000]
    assert all(said in told for said, told in zip(notes, plan.notes, strict=True))


def test_a_header_of_two_rows_with_merged_cells_is_read_as_one(importing):
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (
        ["Mã hàng", "Tên hàng", "Giá", None, "KL"],
        [None, None, "bán lẻ", "bán buôn", "(g)"],
        ["A-1", "Chè móc câu", 90000, 80000, 200],
    ):
        sheet.append(row)
    for place in ("A1:A2", "B1:B2", "C1:D1"):
        sheet.merge_cells(place)
    saved = io.BytesIO()
    book.save(saved)

    plan = importing.look(saved.getvalue())

    assert plan.faults == []
    assert plan.rows[0].values | {"net_g": 200, "price_vnd": 90_000} == plan.rows[0].values
    assert ["bán buôn" in tick.sentence for tick in plan.ticks] == [True]


def test_a_thousand_goods_are_taken_and_one_more_is_too_many():
    lines = [f"A-{number},Chè {number},90000,200" for number in range(MOST_ROWS + 1)]

    taken = read_rows(csv_file("BẢNG GIÁ", "", HEAD, *lines[:-1]), ImportKind.PRODUCTS)
    with pytest.raises(FileRefused) as refused:
        read_rows(csv_file(HEAD, *lines), ImportKind.PRODUCTS)

    assert len(taken.rows) == MOST_ROWS
    assert "1.000 dòng" in sentence(refused.value)


VISCII = {"ằ": 0xA2, "ễ": 0xAD, "ị": 0xB8, "ẫ": 0xE7, "ứ": 0xD1, "ộ": 0xB5, "ả": 0xE4, "ọ": 0xF7}


def in_viscii(text):
    return b"".join(bytes([VISCII.get(sign) or ord(sign)]) for sign in text)


def in_windows_1258(text):
    """Return `text` as an old Windows wrote it: the tone is a byte behind its vowel."""
    out = b""
    for sign in text:
        marks = unicodedata.normalize("NFD", sign)
        tone = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tone))
        out += (bare + tone).encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("encode", "ticks"),
    [
        (in_viscii, ["legacy_encoding"]),
        (in_windows_1258, []),
        (lambda text: text.encode("utf-32"), []),
        (lambda text: text.encode("utf-16"), []),
        (lambda text: b"\xef\xbb\xbf" + text.encode(), []),
    ],
)
def test_names_come_out_of_old_letters_whole(encode, ticks):
    names = ["Chè móc câu La Bằng", "Giò trứng Nộn Khê", "Trà rau má Quảng Thọ"]
    content = encode("\r\n".join(["sku,ten", *(f"A,{name}" for name in names)]))

    file = read_rows(content, ImportKind.PRODUCTS)

    assert [fields.typed("name") for fields in file.rows] == names
    assert [tick.code for tick in file.ticks] == ticks


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\1\2\3" * 40, "file_is_old_workbook"),
        (b"<!-- x --><table><tr><td>sku</td></tr></table>", "file_is_web_page"),
        ("<html><table></table></html>".encode("utf-16"), "file_is_web_page"),
        (b"<div><table><tr><td>sku</td></tr></table></div>", "file_is_web_page"),
        (b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n", "file_is_web_page"),
        (b'[{"sku": "A-1", "ten": "x"}]', "file_is_no_table"),
        (b'ID;PWXL;N;E\r\nC;Y1;X1;K"sku"\r\nE', "file_is_no_table"),
        (b"MZ\x90\0" + b"\0\1\2" * 300, "file_is_no_table"),
    ],
)
def test_files_of_other_programs_are_named(content, code):
    with pytest.raises(FileRefused) as refused:
        read_rows(content, ImportKind.MEMBERS)

    assert refused.value.code == code
