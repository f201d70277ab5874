"""The picture of a label on a screen is the label that will be printed."""

import re
from datetime import date
from xml.etree import ElementTree

import pytest

from traceability.labels import preview, qr, sheet
from traceability.labels.layout import LAYOUTS, CodeDoesNotFit

SVG = "{http://www.w3.org/2000/svg}"
TEA = sheet.Label(
    digital_link="https://dacsan.example/01/02000000000015/10/LBT-261103-01",
    name="Chè <xanh> & La Bằng",
    pack="móc câu 200 g",
    lot="LBT-261103-01",
    look_up="dacsan.example/tra-cuu",
    maker="HTX Chè La Bằng",
    made_on=date(2026, 11, 3),
    expires_on=date(2028, 4, 26),
    band="MẪU",
)


@pytest.fixture(params=sorted(LAYOUTS))
def layout(request):
    """Each layout in turn."""
    return LAYOUTS[request.param]


def drawn(layout):
    return ElementTree.fromstring(preview.svg(TEA, layout))


def test_the_picture_has_the_size_of_the_cell(layout):
    picture = drawn(layout)

    width, height = layout.cell_mm
    assert (picture.get("width"), picture.get("height")) == (f"{width:.1f}mm", f"{height:.1f}mm")


def test_the_code_in_the_picture_is_the_code_of_the_link(layout):
    code = drawn(layout).find(f"{SVG}path[@transform]")

    runs = re.findall(r"M(\d+) (\d+)h(\d+)", code.get("d"))
    assert [tuple(map(int, run)) for run in runs] == qr.encode(TEA.digital_link).runs()


def test_all_that_a_label_says_is_in_the_picture_and_inside_it(layout):
    picture = drawn(layout)

    said = " ".join(text.text for text in picture.iter(f"{SVG}text"))
    left, _top, width, height = map(float, picture.get("viewBox").split())
    for fact in ("MẪU", "Chè <xanh>", "LBT-261103-01", "26/04/2028", "dacsan.example/tra-cuu"):
        assert fact in said
    for text in picture.iter(f"{SVG}text"):
        x, y = float(text.get("x")), float(text.get("y"))
        assert left <= x
        assert x + float(text.get("textLength")) <= width + 0.01
        assert 0 < y <= height


def test_the_picture_has_words_for_those_who_do_not_see_it(layout):
    picture = drawn(layout)

    assert picture.get("role") == "img"
    assert picture.get("aria-label") == "Chè <xanh> & La Bằng, móc câu 200 g, LBT-261103-01"


def test_a_code_that_does_not_fit_is_refused():
    long = sheet.Label(
        digital_link=f"https://{'dac-san-' * 9}.example/01/02000000000015/10/LBT-261103-01",
        name="Chè",
        pack="200 g",
        lot="LBT-261103-01",
        look_up="dacsan.example",
    )

    with pytest.raises(CodeDoesNotFit):
        preview.svg(long, LAYOUTS["40"])
