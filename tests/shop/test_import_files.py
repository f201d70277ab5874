"""Files in every shape offices send them are read, or refused with what to do instead."""

import io
import random
import zipfile
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shop.forms.imports.kinds import ImportKind
from shop.forms.imports.member_rows import read_member
from shop.forms.imports.product_rows import read_product
from shop.forms.imports.rows import read_rows
from shop.forms.tables import MOST_ROWS, FileRefused
from shop.forms.tables.delimited import read_delimited
from shop.messages_forms import sentence
from tests.factories import TODAY
from tests.support.imports import csv_file, workbook

HEAD = "sku,ten,gia,khoi_luong_g"
ROW = "A-1,Chè móc câu,90000,200"


def products(content, **values):
    """Return the rows of a file of products and what was understood of them."""
    file = read_rows(content, ImportKind.PRODUCTS, **values)
    return file, [read_product(fields) for fields in file.rows]


def codes(content, kind="products"):
    """Return row, field and code of each fault of a file."""
    file = read_rows(content, ImportKind(kind))
    for fields in file.rows:
        if kind == "products":
            read_product(fields)
        else:
            read_member(fields, region="north", today=TODAY)
    return [(f.row, f.field, f.code) for fields in file.rows for f in fields.found]


def helped(read, *values):
    """Return what `read` gives; nothing for a refusal that says what to do."""
    try:
        return read(*values)
    except FileRefused as refused:
        said = sentence(refused)
    assert len(said) > 20
    return None


def refusal(content, kind="products", **values):
    with pytest.raises(FileRefused) as refused:
        read_rows(content, ImportKind(kind), **values)
    assert len(sentence(refused.value)) > 20
    return refused.value.code


@pytest.mark.parametrize(
    "content",
    [
        csv_file(HEAD, ROW),
        csv_file(HEAD, ROW, encoding="utf-8-sig"),
        csv_file(HEAD, ROW, encoding="utf-16"),
        "\n".join([HEAD, ROW]).encode("utf-16-le"),
        "\n".join([HEAD, ROW]).encode("utf-16-be"),
        csv_file("sep=;", HEAD.replace(",", ";"), ROW.replace(",", ";")),
        csv_file(HEAD.replace(",", "\t"), ROW.replace(",", "\t")),
        csv_file(HEAD.replace(",", "|"), ROW.replace(",", "|")),
        csv_file("", "DANH SÁCH HÀNG,,,", "", HEAD + ",,", ROW + ",,", ",,,,,"),
        csv_file("Khối lượng (g);Giá bán;Tên hàng;Mã hàng", "200;90.000đ;Chè móc câu;A-1"),
        csv_file(HEAD, '"A-1","Chè\nmóc câu","90000","200"'),
        csv_file(HEAD, 'A-1,"Chè móc câu","90,000",200'),
        csv_file(HEAD, ROW).replace(b"\r\n", b"\r"),
        csv_file("Mã hàng,Tên hàng,Giá (nghìn đồng),Khối lượng (kg)", 'A-1,Chè móc câu,90,"0,2"'),
        csv_file(HEAD, '="A-1",Chè móc câu,90k,200g'),
        workbook(["sku", "ten", "gia", "khoi_luong_g"], ["A-1", "Chè móc câu", 90000, 200]),
        workbook(
            ["BÁO GIÁ"], [], ["sku", "Tên", "Giá", "KL (g)"], ["A-1", "Chè móc câu", "90k", 200.0]
        ),
    ],
)  # fmt: skip
def test_the_same_row_is_read_from_every_shape_of_file(content):
    _file, (row,) = products(content)

    assert (row.sku, row.name, row.price_vnd) == ("A-1", "Chè móc câu", 90_000)
    assert row.net is not None
    assert row.net.quantity == 200


@pytest.mark.parametrize("letters", ["tcvn3", "vni"])
def test_letters_of_an_old_font_are_read_and_asked_about(letters):
    said = {
        "tcvn3": "sku;ten;gia;khoi_luong_g\r\nA-1;ChÌ mãc c©u La B»ng;90000;200",
        "vni": "sku;ten;gia;khoi_luong_g\r\nA-1;Cheø moùc caâu La Baèng;90000;200",
    }[letters]

    for content in (said.encode("latin-1"), said.encode("utf-8")):
        file, (row,) = products(content)
        assert row.name == "Chè móc câu La Bằng"
        assert [tick.code for tick in file.ticks] == ["legacy_encoding"]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"\xef\xbb\xbf\r\n \r\n", "file_empty"),
        (b"\0" * 4000, "file_empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "file_too_large"),
        (b"%PDF-1.4", "file_is_pdf"),
        (b"\xff\xd8\xff\xe0 JFIF", "file_is_picture"),
        (b"\0\0\0\x18ftypheic", "file_is_picture"),
        (b"{\\rtf1 x}", "file_is_document"),
        (b"\x1f\x8b\x08\0", "file_is_packed"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\1" * 520, "file_is_old_workbook"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "file_is_locked",
        ),
        (b'<?xml version="1.0"?><Workbook/>', "file_is_web_page"),
        (bytes(range(256)) * 40, "file_is_no_table"),
        (csv_file(HEAD, 'A-1,"Chè,90000,200', ROW), "file_quote_unclosed"),
        (
            csv_file(HEAD, *[f"A-{n},Chè,90000,200" for n in range(MOST_ROWS + 1)]),
            "file_too_many_rows",
        ),
        (csv_file(HEAD), "no_rows"),
        (csv_file("a,b,c", "1,2,3"), "header_missing"),
        (csv_file("gia,khoi_luong", "90000,200 g"), "columns_missing"),
        (csv_file("sku,ten,gia,gia ban", "A,Chè,1,2"), "columns_twice"),
    ],
)
def test_a_file_that_is_no_table_is_refused_by_its_bytes(content, code):
    assert refusal(content) == code


def archive(files, compression=zipfile.ZIP_DEFLATED):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", compression) as made:
        for name, content in files.items():
            made.writestr(name, content)
    return packed.getvalue()


def parts(content, **changes):
    """Return a workbook with some of its parts put in place of others."""
    with zipfile.ZipFile(io.BytesIO(content)) as made:
        files = {name: made.read(name) for name in made.namelist()}
    return archive(files | changes)


SHEET = "xl/worksheets/sheet1.xml"
GOOD = workbook(["sku", "ten", "gia", "khoi_luong_g"], ["A-1", "Chè", 90000, 200])
SWOLLEN = 70 * 1024 * 1024
XML = '<?xml version="1.0"?>'
NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def shared(texts, cells):
    """Return `GOOD` with its texts kept apart from the sheet, as Excel writes them."""
    strings = "".join(f"<si>{text}</si>" for text in texts)
    return parts(
        GOOD,
        **{
            "xl/sharedStrings.xml": f"{XML}<sst {NS}>{strings}</sst>",
            SHEET: f"{XML}<worksheet {NS}><sheetData>{cells}</sheetData></worksheet>",
        },
    )


HEADS = "<t>sku</t>", "<t>ten</t>", "<t>gia</t>", "<t>khoi_luong_g</t>"
FIRST = '<row r="1">' + "".join(
    f'<c r="{column}1" t="s"><v>{number}</v></c>' for number, column in enumerate("ABCD")
) + "</row>"  # fmt: skip


def test_texts_that_excel_keeps_apart_are_read_with_their_runs():
    name = '<r><rPr><b/></rPr><t xml:space="preserve">Chè </t></r><r><t>móc câu</t></r>'
    sounds = '<rPh sb="0" eb="1"><t>x</t></rPh>'
    third = '<row r="3"><c r="A3" t="s"><v>5</v></c><c r="B3" t="s"><v>4</v></c>'
    numbers = '<c r="C3"><v>90000</v></c><c r="D3"><v>200</v></c></row>'
    content = shared([*HEADS, name + sounds, "<t>A-1</t>"], FIRST + third + numbers)

    (row,) = read_rows(content, ImportKind.PRODUCTS).rows

    assert row.row.number == 3
    assert [row.typed(field) for field in ("sku", "name")] == ["A-1", "Chè móc câu"]


def test_a_text_that_is_not_there_makes_a_damaged_file():
    content = shared(HEADS, FIRST + '<row r="2"><c r="A2" t="s"><v>99</v></c></row>')

    with pytest.raises(FileRefused) as refused:
        read_rows(content, ImportKind.PRODUCTS)

    assert refused.value.code == "file_damaged"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (GOOD[: len(GOOD) // 2], "file_damaged"),
        (archive({"mimetype": "x", "content.xml": "<x/>"}), "file_is_open_document"),
        (archive({"word/document.xml": "<w/>", "[Content_Types].xml": ""}), "file_is_document"),
        (archive({"a.txt": "x"}), "file_is_packed"),
        (archive({"xl/workbook.bin": b"x", "[Content_Types].xml": ""}), "file_is_binary_workbook"),
        (parts(GOOD, **{SHEET: "<worksheet><sheetData><row>"}), "file_damaged"),
        (parts(GOOD, **{SHEET: '<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>'}), "file_damaged"),
        (parts(GOOD, **{SHEET: b" " * SWOLLEN}), "file_too_much_inside"),
        (parts(GOOD, **{SHEET: "<worksheet><!--" + "x" * SWOLLEN}), "file_too_much_inside"),
        (parts(GOOD, **{"xl/workbook.xml": f"{XML}<workbook {NS}/>"}), "file_damaged"),
    ],
)  # fmt: skip
def test_a_damaged_or_swollen_workbook_is_refused(content, code):
    assert refusal(content) == code


def test_a_million_empty_rows_are_read_in_little_time():
    empty = "".join(f'<row r="{number}" s="1"/>' for number in range(3, 1_048_577))
    head = '<row r="1"><c r="A1" t="inlineStr"><is><t>sku</t></is></c>'
    head += '<c r="B1" t="inlineStr"><is><t>gia</t></is></c></row>'
    row = (
        '<row r="2"><c r="A2" t="inlineStr"><is><t>A-1</t></is></c><c r="B2"><v>9E4</v></c></row>'
    )
    sheet = f"{XML}<worksheet {NS}><sheetData>{head}{row}{empty}</sheetData></worksheet>"

    _file, rows = products(parts(GOOD, **{SHEET: sheet}))

    assert [(row.sku, row.price_vnd) for row in rows] == [("A-1", 90_000)]


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        ("A-1,Chè,#N/A,200", (2, "price", "cell_error")),
        ("A-1,Chè,#####,200", (2, "price", "cell_too_narrow")),
        ("A-1,=1+1,90000,200", (2, "name", "cell_is_formula")),
        ("A-1,<b>Chè</b>,90000,200", (2, "name", "name_has_markup")),
        ("A-1,🍵🍵,90000,200", (2, "name", "name_empty")),
        ("A-1,Chè\0ngon,90000,200", (2, "name", "text_has_control")),
        ("A-1,Ch\ufffd ngon,90000,200", (2, "name", "text_damaged")),
        ("A-1,Chè,90,200", (2, "price", "price_too_low")),
        ("A-1,Chè,-90000,200", (2, "price", "price_not_positive")),
        ('A-1,Chè,"50,5",200', (2, "price", "price_ambiguous")),
        ("A-1,Chè,9E+04,200", (2, "price", "number_mangled_by_excel")),
        ("A-1,Chè ngon, bổ, rẻ,90000,200", (2, "", "row_too_wide")),
        (",,90000,200", (2, "", "row_without_name")),
        ("1.23E+15,Chè,90000,200", (2, "sku", "number_mangled_by_excel")),
    ],
)
def test_a_damaged_cell_is_told_by_its_row_and_column(line, fault):
    assert fault in codes(csv_file(HEAD, line))


def test_a_file_cut_off_in_its_last_row_says_so():
    cut = csv_file(HEAD, ROW, "A-2,Trà,50000,100", "A-3,Trà x")

    assert codes(cut) == [(4, "", "row_cut_short")]


def test_a_long_number_of_a_workbook_is_not_made_up():
    file = workbook(["sku", "gia", "ma_vach"], ["A-1", 90000, 8936012345678901])

    assert codes(file) == [(2, "gtin", "number_mangled_by_excel")]


def test_a_formula_without_a_result_and_a_merged_cell_are_refused():
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["sku", "ten", "gia"], ["A-1", "Chè", "=10*9000"], ["A-2", None, 50000]):
        sheet.append(row)
    sheet.merge_cells("B2:B3")
    saved = io.BytesIO()
    book.save(saved)

    assert codes(saved.getvalue()) == [
        (2, "price", "cell_formula_empty"), (3, "name", "cell_merged"),
    ]  # fmt: skip


def test_codes_kept_as_numbers_and_hidden_rows_are_asked_about():
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    for row in (["sku", "ten", "gia"], [7, "Chè", 90000], ["A-2", "Trà", 50000]):
        sheet.append(row)
    sheet.row_dimensions[3].hidden = True
    saved = io.BytesIO()
    book.save(saved)

    file, _rows = products(saved.getvalue())

    assert {tick.code: list(tick.rows) for tick in file.ticks} == {
        "hidden_rows": [3], "codes_as_numbers": [2],
    }  # fmt: skip


def test_days_that_excel_may_have_turned_round_are_asked_about():
    file = read_rows(
        workbook(
            ["lo", "sku", "NSX"],
            ["L-1", "A", date(2026, 5, 11)],
            ["L-2", "A", "25/11/2026"],
        ),
        ImportKind.BATCHES,
    )

    assert [tick.code for tick in file.ticks] == ["dates_swapped"]


def test_of_several_sheets_with_a_header_one_must_be_named():
    rows = [["sku", "ten", "gia"], ["A-1", "Chè", 90000]]
    file = workbook(sheets={"Một": rows, "Hai": rows, "Ghi chú": [["linh tinh"]]})

    assert refusal(file) == "sheet_unclear"
    assert products(file, sheet="Hai")[0].sheet == "Hai"
    assert refusal(file, sheet="Ba") == "sheet_missing"


def test_a_hidden_sheet_is_left_out_and_said():
    rows = [["sku", "ten", "gia"], ["A-1", "Chè", 90000]]

    file, _rows = products(workbook(sheets={"Một": rows, "Ẩn": rows}, hidden=["Ẩn"]))

    assert file.sheet == "Một"
    assert "Ẩn" in file.notes[0]


UGLY = st.sampled_from(
    ["", " ", "\0", "\ufeff", "#N/A", "####", "=1+1", "-1", "1e999", "8.93E+12", "50,5", "1.000",
     "٣٤", "½", "NaN", "Infinity", "31/02/2026", "46331", "A" * 40_000, '"', "'", ";", "\u202e",
     "<script>", "ChÌ mãc c©u", "Chè", "90k", "200 g", "\ud800", "0" * 400, "１２３", "1_000"]
) | st.text(max_size=12)  # fmt: skip


@settings(deadline=None, max_examples=120, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(UGLY, min_size=1, max_size=9), min_size=1, max_size=6), st.integers(0, 3))
def test_ugly_cells_are_read_or_refused_and_never_break_a_reader(lines, way):
    head = ["sku", "ten", "gia", "khoi_luong", "ton", "ma_vach", "dung bang", "han dung"]
    separator = ",;\t|"[way]
    text = "\n".join(separator.join(line) for line in [head, *lines])

    found = helped(products, text.encode("utf-8", "surrogatepass"))

    assert found is None or all(fault.told for one in found[0].rows for fault in one.found)


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300), st.sampled_from(list(ImportKind)))
def test_random_bytes_are_refused_or_read(content, kind):
    found = helped(read_rows, content, kind)

    assert found is None or found.rows


@pytest.mark.parametrize("seed", range(60))
def test_a_workbook_with_random_damage_is_refused_or_read(seed):
    chance = random.Random(seed)
    damaged = bytearray(GOOD)
    for _ in range(chance.choice([1, 3, 20])):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)

    found = helped(products, bytes(damaged))

    assert found is None or found[1]


@pytest.mark.parametrize("seed", range(40))
def test_a_sheet_with_random_damage_is_refused_or_read(seed):
    chance = random.Random(seed)
    with zipfile.ZipFile(io.BytesIO(GOOD)) as made:
        name = chance.choice([one for one in made.namelist() if one.startswith("xl/")])
        sheet = bytearray(made.read(name))
    for _ in range(chance.choice([1, 2, 8])):
        sheet[chance.randrange(len(sheet))] = chance.choice(b'<>&"0189AZrs= \0')

    found = helped(products, parts(GOOD, **{name: bytes(sheet)}))

    assert found is None or found[1]


def test_a_quoted_file_of_ten_megabytes_ends_in_little_time():
    long = csv_file(HEAD, *(f'"A-{n}","Chè ""ngon"" {n}","90,000","200"' for n in range(990)))

    assert len(read_delimited(long, most_rows=MOST_ROWS).rows) == 991
    with pytest.raises(FileRefused):
        read_delimited(b'"' + b"a\n" * 5_000_000, most_rows=MOST_ROWS)
