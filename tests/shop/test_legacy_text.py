"""Vietnamese from before Unicode is told from foreign names and from Vietnamese itself."""

import csv
import json
import unicodedata
from collections.abc import Iterator

import pytest

from shop.forms.legacy_text import recognise

_VNI_TONES = {"\u0300": "ø", "\u0301": "ù", "\u0309": "û", "\u0303": "õ", "\u0323": "ï"}


@pytest.mark.parametrize(
    ("garbled", "encoding", "text"),
    [
        ("ChÌ mãc c©u La B»ng", "tcvn3", "Chè móc câu La Bằng"),
        ("Giß trøng Nén Khª", "tcvn3", "Giò trứng Nộn Khê"),
        ("Trµ rau m¸ Qu¶ng Thä", "tcvn3", "Trà rau má Quảng Thọ"),
        ("n\u00adíc m¾m", "tcvn3", "nước mắm"),
        ("§Æc s¶n", "tcvn3", "Đặc sản"),
        ("Cheø moùc caâu La Baèng", "vni", "Chè móc câu La Bằng"),
        ("Ñaëc saûn", "vni", "Đặc sản"),
        ("nöôùc maém Nam OÂ", "vni", "nước mắm Nam Ô"),
        ("HÔÏP TAÙC XAÕ", "vni", "HỢP TÁC XÃ"),
        ("ChÃ¨ mÃ³c cÃ¢u La Báº±ng", "utf8", "Chè móc câu La Bằng"),
    ],
)
def test_legacy_text_is_recognised_and_its_meaning_given(garbled, encoding, text):
    legacy = recognise(garbled)

    assert legacy is not None
    assert (legacy.encoding, legacy.text) == (encoding, text)


@pytest.mark.parametrize(
    "honest",
    [
        "Chè móc câu La Bằng",
        "Che moc cau",
        "Crème brûlée",
        "Café Nestlé",
        "Jalapeño, piña, São Paulo",
        "Müller & Söhne",
        "Dilmah® · Lipton™",
        "½ kg",
        "5 µm",
        "«Chè»",
        "30×40",
        "LÀNG GÀ, HÙNG, cà, tã, mì",
        "Xã Ia Púch",
        "\ud800é",
    ],
)
def test_honest_text_is_left_alone(honest):
    assert recognise(honest) is None


def test_no_text_of_the_demo_data_and_no_commune_is_taken_for_legacy(shared):
    texts = set(_accented_texts(shared))

    assert len(texts) > 3000
    assert [text for text in texts if recognise(text)] == []


def test_most_communes_written_in_vni_are_recognised(shared):
    names = [text for text in _accented_texts(shared) if text.startswith(("Xã ", "Phường "))]

    recognised = sum(recognise(_in_vni(name)) is not None for name in names)

    assert recognised > 0.9 * len(names)


def _accented_texts(shared) -> Iterator[str]:
    for path in (shared / "data").glob("*.json"):
        yield from _strings(json.loads(path.read_text()))
    with (shared / "data" / "communes.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.reader(lines):
            yield from (cell for cell in row if not cell.isascii())


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str) and not value.isascii():
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


def _in_vni(text: str) -> str:
    """Write `text` as VNI does, for the letters that add an accent letter or are swapped."""
    return "".join(_vni_letter(letter) for letter in unicodedata.normalize("NFC", text))


def _vni_letter(letter: str) -> str:
    swapped = {"đ": "ñ", "Đ": "Ñ", "ơ": "ô", "ư": "ö", "ị": "ò", "ĩ": "ó", "ỉ": "æ", "ỵ": "î"}
    if letter in swapped or letter in "ìí":
        return swapped.get(letter, letter)
    base, *marks = unicodedata.normalize("NFD", letter)
    tone = next((mark for mark in marks if mark in _VNI_TONES), "")
    if "\u0302" in marks:
        return base + {"": "â", "\u0300": "à", "\u0301": "á", "\u0309": "å",
                       "\u0303": "ã", "\u0323": "ä"}[tone]  # fmt: skip
    if "\u0306" in marks:
        return base + {"": "ê", "\u0300": "è", "\u0301": "é", "\u0309": "ú",
                       "\u0303": "ü", "\u0323": "ë"}[tone]  # fmt: skip
    if "\u031b" in marks:
        return {"o": "ô", "u": "ö"}.get(base, base) + _VNI_TONES.get(tone, "")
    return base + _VNI_TONES.get(tone, "")
