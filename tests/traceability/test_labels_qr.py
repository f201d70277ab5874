"""One code as SVG and PNG, read back by two readers that know nothing of how it was drawn."""

import re
import warnings
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image
from pyzbar import pyzbar

from traceability.errors import TraceabilityError
from traceability.labels import qr

LINK = "https://dacsan.example/01/02000000000015/10/LBT-261103-01"
TEXTS = [
    "https://a.vn/01/09521321100015",
    LINK,
    "https://truyxuat.htxquangtho2.example/01/02000000000015/10/RMQT-261103-01A/21/7K2QF9ABCDEFG",
    "https://dacsan.example/lo/che-la-bang/lbt-261103-01",
]


def _open(picture):
    with Image.open(BytesIO(picture.content)) as image:
        return image.convert("L"), image.info["dpi"]


def _image_of(svg, scale=8):
    """Paint the strokes of our SVG on paper of our own, from its text alone."""
    source = svg.decode()
    width, height = map(int, re.search(r'viewBox="0 0 (\d+) (\d+)"', source).groups())
    image = Image.new("L", (width * scale, height * scale), 255)
    path = re.search(r'<path stroke="#000"[^>]* d="([^"]+)"', source)[1]
    x = y = 0.0
    for command, first, second in re.findall(r"([Mmh])(-?[\d.]+)(?: (-?[\d.]+))?", path):
        if command == "h":
            box = [round(v * scale) for v in (x, y - 0.5, x + float(first), y + 0.5)]
            image.paste(0, box)
            x += float(first)
        elif command == "M":
            x, y = float(first), float(second)
        else:
            x, y = x + float(first), y + float(second)
    return image


def _read_by_zxing(image):
    return [(found.text, found.ec_level) for found in zxingcpp.read_barcodes(image)]


def _read_by_zbar(image):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the reader's own binding, not ours
        return [found.data.decode() for found in pyzbar.decode(image)]


@pytest.mark.parametrize("text", TEXTS)
@pytest.mark.parametrize("level", ["L", "M", "Q", "H"])
def test_a_png_says_to_both_readers_what_was_asked_for(text, level):
    image, _ = _open(qr.png(text, level=level))

    assert _read_by_zxing(image) == [(text, level)]
    assert _read_by_zbar(image) == [text]


@pytest.mark.parametrize("text", TEXTS)
def test_an_svg_says_to_both_readers_what_was_asked_for(text):
    image = _image_of(qr.svg(text).content)

    assert _read_by_zxing(image) == [(text, "Q")]
    assert _read_by_zbar(image) == [text]


def test_vietnamese_letters_come_back_whole():  # zbar takes all bytes for Latin-1
    image, _ = _open(qr.png("Lô chè La Bằng, hái ngày 3/11"))

    assert _read_by_zxing(image) == [("Lô chè La Bằng, hái ngày 3/11", "Q")]


@pytest.mark.parametrize("text", TEXTS)
def test_four_light_modules_surround_the_code_inside_the_picture(text):
    code = qr.encode(text)
    image, _ = _open(qr.png(text))
    scale = image.width // code.side

    left, top, right, bottom = Image.eval(image, lambda value: 255 - value).getbbox()

    assert (left, top) == (4 * scale, 4 * scale)
    assert (image.width - right, image.height - bottom) == (4 * scale, 4 * scale)


def test_the_picture_is_as_wide_as_wanted_when_modules_stay_large_enough():
    assert qr.svg(LINK, side_mm=22).width_mm == 22
    assert qr.png(LINK, side_mm=22).width_mm == 22


def test_the_picture_grows_rather_than_let_a_module_fall_under_its_least_size():
    picture = qr.svg(LINK, side_mm=10)

    assert picture.width_mm / qr.encode(LINK).side == pytest.approx(0.40)
    assert f'width="{picture.width_mm:.2f}mm"'.encode() in picture.content


@pytest.mark.parametrize("dpi", [203, 300, 600])
def test_a_png_prints_at_the_width_it_claims(dpi):
    picture = qr.png(LINK, side_mm=22, dpi=dpi)

    image, (across, _) = _open(picture)

    assert image.width / across * 25.4 == pytest.approx(picture.width_mm, abs=0.01)
    assert across == pytest.approx(dpi, rel=0.15)


@pytest.mark.parametrize("band", ["MẪU", "MẪU – KHÔNG CHUYỂN TIỀN"])
def test_a_band_is_printed_below_the_code_and_its_margin(band):
    bare, _ = _open(qr.png(LINK, dpi=600))
    marked, _ = _open(qr.png(LINK, dpi=600, band=band))

    code_and_margin = marked.crop((0, 0, bare.width, bare.height))
    below = marked.crop((0, bare.height, marked.width, marked.height))

    assert code_and_margin.tobytes() == bare.tobytes()
    left, _, right, _ = Image.eval(below, lambda value: 255 - value).getbbox()
    assert 0 < left < right < marked.width
    assert _read_by_zbar(marked) == [LINK]


def test_a_band_in_an_svg_is_text_that_markup_cannot_break():
    picture = qr.svg(LINK, band='MẪU <b> & "thử"')

    source = picture.content.decode()

    assert ">MẪU &lt;b&gt; &amp; " in source
    assert source.count("<text") == source.count("</text>") == 1
    assert picture.height_mm > picture.width_mm


def test_an_svg_is_small_and_needs_no_style_or_script():
    source = qr.svg(LINK).content

    assert len(source) < 2_500
    assert b"style" not in source
    assert b"script" not in source


@pytest.mark.parametrize(("text", "kind"), [("", "empty_value"), ("a" * 3_000, "too_long")])
def test_a_text_no_code_can_hold_is_refused(text, kind):
    with pytest.raises(TraceabilityError) as refusal:
        qr.encode(text)

    assert refusal.value.kind == kind
