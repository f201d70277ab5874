"""Sheets of labels as a person holds them: rendered, cut apart, read by two readers."""

import warnings
from datetime import date
from unicodedata import normalize

import pypdfium2
import pypdfium2.raw as pdfium
import pytest
import zxingcpp
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image
from pyzbar import pyzbar

from traceability.errors import TraceabilityError
from traceability.labels import qr, sheet, typesetting

DPI = 300
TEA = sheet.Label(
    digital_link="https://dacsan.example/01/02000000000015/10/LBT-261103-01",
    name="Chè xanh La Bằng",
    pack="móc câu 200 g",
    lot="LBT-261103-01",
    look_up="dacsan.example/tra-cuu",
    maker="HTX Chè La Bằng",
    made_on=date(2026, 11, 3),
    expires_on=date(2028, 4, 26),
)
PENNYWORT = sheet.Label(
    digital_link="https://quangtho2.example/01/02000000000022/10/RMQT-261103-0123A",
    name="Trà rau má sấy lạnh Quảng Thọ loại thượng hạng",
    pack="túi lọc 20 × 2 g",
    lot="RMQT-261103-0123A",
    look_up="truyxuat.quangtho2.example/tra-cuu",
    maker="Hợp tác xã Nông nghiệp Quảng Thọ II, xã Quảng Điền, TP Huế",
    made_on=date(2026, 11, 3),
    expires_on=date(2028, 11, 2),
    band="TẬP HUẤN",
)
SHEETS = [sheet.SHEET_24, sheet.SHEET_40]
LAYOUTS = [*SHEETS, sheet.LABEL_40X30]


def _pages(pdf, dpi=DPI):
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.render(scale=dpi / 72).to_pil() for page in document]


def _texts(pdf):
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def _cut(page, layout, dpi=DPI):
    """Cut a page into its labels, as a person does with a knife along the cells."""
    dots = dpi / 25.4
    for index in range(layout.cells):
        left, top = layout.cell_corner_mm(index)
        right, bottom = left + layout.cell_mm[0], top + layout.cell_mm[1]
        yield page.crop([round(side * dots) for side in (left, top, right, bottom)])


def _ink(image):
    """Return the box around everything that is not white, or nothing."""
    return Image.eval(image.convert("L"), lambda value: 255 if value < 250 else 0).getbbox()


def _read(image):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader's own binding, not ours
        by_zbar = [found.data.decode() for found in pyzbar.decode(image)]
    return [found.text for found in zxingcpp.read_barcodes(image)], by_zbar


def _sizes(pdf):
    """Return the type size of each character on the first page, spaces left out."""
    with pypdfium2.PdfDocument(pdf) as document:
        text = document[0].get_textpage()
        sizes = {}
        for index in range(text.count_chars()):
            character = text.get_text_range(index, 1)
            if character.strip():
                sizes[index] = (character, round(pdfium.FPDFText_GetFontSize(text, index), 2))
    return list(sizes.values())


@pytest.mark.parametrize("label", [TEA, PENNYWORT], ids=lambda label: label.lot)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_both_readers_read_every_label_of_a_full_page(layout, label):
    shown = qr.encode(label.digital_link).text

    [page] = _pages(sheet.pdf([(label, layout.cells)], layout=layout))

    for cell in _cut(page, layout):
        assert _read(cell) == ([shown], [shown])


@pytest.mark.parametrize("layout", SHEETS, ids=lambda layout: layout.key)
def test_nothing_is_printed_outside_the_cells_but_at_the_foot(layout):
    [page] = _pages(sheet.pdf([(PENNYWORT, layout.cells)], layout=layout))
    dots = DPI / 25.4

    for index in range(layout.cells):
        left, top = layout.cell_corner_mm(index)
        width, height = layout.cell_mm
        page.paste("white", [round(v * dots) for v in (left, top, left + width, top + height)])

    left, top, right, bottom = _ink(page)
    assert top > (layout.corner_mm[1] + layout.rows * layout.cell_mm[1]) * dots
    assert page.height - bottom > 4 * dots
    assert min(left, page.width - right) > 5 * dots


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_each_label_keeps_clear_of_the_edge_of_its_cell(layout):
    [page] = _pages(sheet.pdf([(PENNYWORT, layout.cells)], layout=layout))

    for cell in _cut(page, layout):
        left, top, right, bottom = _ink(cell)
        edge = 0.6 * DPI / 25.4
        assert min(left, top, cell.width - right, cell.height - bottom) > edge


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_the_codes_margin_stays_white(layout):
    [page] = _pages(sheet.pdf([(PENNYWORT, layout.cells)], layout=layout))
    code = qr.encode(PENNYWORT.digital_link)
    width = layout.code_width_mm(code)

    for cell in _cut(page, layout):
        corner, far = layout.padding_mm, layout.padding_mm + width
        artwork = cell.crop([round(side * DPI / 25.4) for side in (corner, corner, far, far)])
        left, top, right, bottom = _ink(artwork)
        margin = 4 * width / code.side * DPI / 25.4 - 2
        assert min(left, top, artwork.width - right, artwork.height - bottom) > margin


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_modules_are_large_enough_for_a_weak_phone(layout):
    for label in (TEA, PENNYWORT):
        code = qr.encode(label.digital_link)

        assert layout.code_width_mm(code) / code.side >= 0.40


@pytest.mark.parametrize("layout", SHEETS, ids=lambda layout: layout.key)
def test_a_part_used_sheet_is_filled_from_the_chosen_cell(layout):
    first, second = _pages(sheet.pdf([(TEA, layout.cells)], layout=layout, first_cell=4))

    printed = [_ink(cell) is not None for page in (first, second) for cell in _cut(page, layout)]

    assert printed == [False] * 3 + [True] * layout.cells + [False] * (layout.cells - 3)


def test_several_labels_follow_one_another_in_the_order_given():
    [page] = _pages(sheet.pdf([(TEA, 2), (PENNYWORT, 1)], layout=sheet.SHEET_40))

    read = [_read(cell)[0] for cell in _cut(page, sheet.SHEET_40)]

    tea, pennywort = (qr.encode(label.digital_link).text for label in (TEA, PENNYWORT))
    assert read[:4] == [[tea], [tea], [pennywort], []]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_vietnamese_text_can_be_searched_and_read_aloud(layout):
    [text, *_] = _texts(sheet.pdf([(TEA, layout.cells)], layout=layout))
    words = " ".join(text.split())

    for said in (TEA.name, TEA.pack, TEA.maker, TEA.lot, TEA.look_up, "NSX 03/11/2026"):
        assert words.count(said) >= layout.cells
    assert words.count("HSD 26/04/2028") == layout.cells


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_a_long_name_breaks_between_words_and_stays_within_two_lines(layout):
    [text] = _texts(sheet.pdf([(PENNYWORT, 1)], layout=layout))
    lines = [line.strip() for line in text.splitlines()]

    start = next(i for i, line in enumerate(lines) if line.startswith("Trà rau"))
    name = lines[start : lines.index(PENNYWORT.pack)]

    assert len(name) == 2
    said = " ".join(name).rstrip("…")
    assert PENNYWORT.name.startswith(said)
    assert said.split() == PENNYWORT.name.split()[: len(said.split())]


@pytest.mark.parametrize("label", [TEA, PENNYWORT], ids=lambda label: label.lot)
@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.key)
def test_the_expiry_date_is_set_in_the_largest_type(layout, label):
    sizes = _sizes(sheet.pdf([(label, 1)], layout=layout))
    run = "".join(character for character, _ in sizes)

    at = run.index(f"{label.expires_on:%d/%m/%Y}")

    largest = max(size for _, size in sizes)
    assert {size for _, size in sizes[at : at + 10]} == {largest}


def test_a_warning_stands_on_every_label():
    [text] = _texts(sheet.pdf([(PENNYWORT, 24)], layout=sheet.SHEET_24))

    assert text.count("TẬP HUẤN") == 24


def test_dates_that_are_not_known_are_left_out():
    label = sheet.Label(TEA.digital_link, TEA.name, TEA.pack, TEA.lot, TEA.look_up)

    [text] = _texts(sheet.pdf([(label, 1)], layout=sheet.LABEL_40X30))

    assert "NSX" not in text
    assert "HSD" not in text


@pytest.mark.parametrize("layout", SHEETS, ids=lambda layout: layout.key)
def test_the_line_at_the_foot_measures_50_mm(layout):
    page = _pages(sheet.pdf([(TEA, 1)], layout=layout), dpi=600)[0].convert("L")
    foot = page.crop((0, page.height - round(12 * 600 / 25.4), page.width, page.height))

    longest = max(
        max(map(len, "".join("#" if dot < 128 else " " for dot in row).split()), default=0)
        for row in (foot.crop((0, y, foot.width, y + 1)).tobytes() for y in range(foot.height))
    )

    assert longest / 600 * 25.4 == pytest.approx(50, abs=0.3)


def test_the_foot_says_what_the_sheet_holds():
    texts = _texts(sheet.pdf([(TEA, 50)], layout=sheet.SHEET_24))

    assert [f"lô LBT-261103-01 · 50 tem · trang {n}/3" in texts[n - 1] for n in (1, 2, 3)] == [
        True
    ] * 3
    assert all("phải đo được 50 mm" in text for text in texts)


def test_single_labels_come_one_to_a_page_of_their_own_size():
    pdf = sheet.pdf([(TEA, 3)], layout=sheet.LABEL_40X30)

    with pypdfium2.PdfDocument(pdf) as document:
        sizes = [[round(side / 72 * 25.4, 2) for side in page.get_size()] for page in document]

    assert sizes == [[40, 30]] * 3


def test_ink_is_black_only():
    [page] = _pages(sheet.pdf([(PENNYWORT, 40)], layout=sheet.SHEET_40))
    red, green, blue = page.convert("RGB").split()

    assert red.tobytes() == green.tobytes() == blue.tobytes()


def test_the_same_labels_give_the_same_bytes():
    assert sheet.pdf([(TEA, 24)]) == sheet.pdf([(TEA, 24)])


def test_the_code_is_stored_once_however_many_labels_show_it():
    one, full = sheet.pdf([(TEA, 1)]), sheet.pdf([(TEA, 24)])

    assert len(full) - len(one) < 1_000


def test_the_document_carries_its_fonts_and_language():
    pdf = sheet.pdf([(TEA, 24)])

    assert b"/Lang (vi)" in pdf
    assert b"Helvetica" not in pdf
    assert pdf.count(b"/FontFile2") == pdf.count(b"/Type /FontDescriptor") >= 2


def _needing(modules):
    """Return a link whose code is that many modules wide, margin included."""
    for length in range(10, 300):
        link = "https://a.example/" + "x" * length
        if qr.encode(link).side >= modules:
            return link
    raise AssertionError(modules)


@pytest.mark.parametrize(
    ("layout", "modules", "smallest"),
    [
        (sheet.SHEET_40, 53, sheet.SHEET_24),
        (sheet.LABEL_40X30, 61, sheet.SHEET_24),
        (sheet.SHEET_24, 69, None),
    ],
)
def test_a_code_too_large_for_its_cell_is_refused_with_a_layout_that_has_room(
    layout, modules, smallest
):
    label = sheet.Label(_needing(modules), TEA.name, TEA.pack, TEA.lot, TEA.look_up)

    with pytest.raises(sheet.CodeDoesNotFit) as refusal:
        sheet.pdf([(label, 1)], layout=layout)

    assert refusal.value.kind == "code_does_not_fit"
    assert refusal.value.smallest == smallest
    if smallest:
        assert sheet.pdf([(label, 1)], layout=smallest).startswith(b"%PDF")


@pytest.mark.parametrize("cell", [0, 25, -1])
def test_a_cell_that_the_sheet_does_not_have_is_refused(cell):
    with pytest.raises(TraceabilityError) as refusal:
        sheet.pdf([(TEA, 1)], layout=sheet.SHEET_24, first_cell=cell)

    assert refusal.value.kind == "bad_position"


@pytest.mark.parametrize("labels", [[], [(TEA, 0)], [(TEA, 3), (PENNYWORT, -1)]])
def test_a_sheet_without_labels_is_refused(labels):
    with pytest.raises(TraceabilityError) as refusal:
        sheet.pdf(labels)

    assert refusal.value.kind == "bad_count"


@pytest.mark.parametrize("missing", ["name", "lot", "look_up", "digital_link"])
def test_a_label_that_lacks_what_it_is_for_is_refused(missing):
    said = {"digital_link": "https://a.example/1", "name": "Chè", "lot": "L1", "look_up": "a.vn"}

    with pytest.raises(TraceabilityError) as refusal:
        sheet.pdf([(sheet.Label(pack="", **(said | {missing: ""})), 1)])

    assert refusal.value.kind == "empty_value"


@given(
    words=st.lists(st.text("aăâbcdđeêghiklmnoôơpưxẰẪ", min_size=1, max_size=30), max_size=9),
    room=st.integers(30, 120),
    lines=st.integers(1, 3),
)
def test_text_never_leaves_its_room_and_only_loses_words_at_its_end(words, room, lines):
    typesetting.load_fonts()
    text = " ".join(words)

    rows = typesetting.fit(text, typesetting.BOLD, 9, room=room, lines=lines)

    assert len(rows) <= lines
    assert all(typesetting.width(row.text, row.font, row.size) <= room for row in rows)
    kept = "".join(row.text for row in rows).replace(" ", "")
    assert text.replace(" ", "").startswith(kept.removesuffix("…"))
    assert kept.endswith("…") or kept == text.replace(" ", "")


def test_letters_typed_in_pieces_are_joined_before_they_are_set():
    typesetting.load_fonts()

    [row] = typesetting.fit(normalize("NFD", "Chè Bằng"), typesetting.BOLD, 9, room=200)

    assert row.text == normalize("NFC", "Chè Bằng")
