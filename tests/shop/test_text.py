"""Names, lines and descriptions are kept in NFC, without what cannot be seen."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop.forms.lots import code_key, read_lot
from shop.forms.text import read_line, read_name, read_text
from shop.forms.values import ValueRefused
from tests.support.reading import outcome


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("  Chè   xanh\u00a0La Bằng ", "Chè xanh La Bằng"),
        (unicodedata.normalize("NFD", "Chè xanh La Bằng đặc biệt"), "Chè xanh La Bằng đặc biệt"),
        ("Chè\u200b xanh\ufeff", "Chè xanh"),
        ("\u202eChè\u202c", "Chè"),
        ("Chè ngon 🍵🍵 La Bằng", "Chè ngon La Bằng"),
        ("❤️ Giò 👨‍👩‍👧 Nộn Khê 1️⃣", "Giò Nộn Khê 1"),
        ("Chè\txanh\nLa Bằng", "Chè xanh La Bằng"),
        ("Mắm & muối", "Mắm & muối"),
        ("Túi < 5 kg", "Túi < 5 kg"),
        ("Café Nestlé", "Café Nestlé"),
        ("Phường Văn Miếu - Quốc Tử Giám", "Phường Văn Miếu - Quốc Tử Giám"),
    ],
)
def test_name_is_one_clean_line(typed, name):
    assert read_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "name_empty"),
        (" \u200b ", "name_empty"),
        ("🍵🍵", "name_empty"),
        ("...", "name_empty"),
        ("Chè <b>ngon</b><script>alert(1)</script>", "name_has_markup"),
        ("Chè</b>", "name_has_markup"),
        ("Chè <!-- x", "name_has_markup"),
        ("Mắm &amp; muối", "name_has_markup"),
        ("&#60;b", "name_has_markup"),
        ("Chè" * 41, "name_too_long"),
        ("Chè\x00", "text_has_control"),
        ("Chè\x1b[31m", "text_has_control"),
        ("Chè \ud83c", "text_has_control"),
        ("Ch\ufffd", "text_damaged"),
        ("ChÌ mãc c©u La B»ng", "legacy_encoding"),
        ("Cheø moùc caâu La Baèng", "legacy_encoding"),
        ("ChÃ¨ mÃ³c cÃ¢u", "letters_broken"),
    ],
)
def test_what_is_no_name_is_refused_with_a_code_for_its_reason(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_name(typed)

    assert refused.value.code == code


def test_honest_signs_stay_in_a_description_as_they_were_typed():
    honest = 'Giá < 100k & "ngon" hơn chè > 3 năm, <b>thật</b>'

    assert read_text(honest) == honest
    assert read_line(honest) == honest


def test_description_keeps_its_lines_and_drops_surplus_empty_ones():
    assert read_text("\r\n Chè \r\n\r\n\r\n\r\nsao tay\x85hết\t\n") == " Chè\n\nsao tay\nhết"


def test_blank_description_is_empty_and_blank_required_line_is_refused():
    with pytest.raises(ValueRefused) as refused:
        read_line(" \t ")

    assert read_text(" \n\t ") == ""
    assert read_line("  ", required=False) == ""
    assert refused.value.code == "text_empty"


def test_length_counts_letters_as_they_are_seen():
    decomposed = unicodedata.normalize("NFD", "ặ" * 120)

    assert len(decomposed) == 360
    assert read_name(decomposed) == "ặ" * 120


def test_text_too_long_says_by_how_much():
    with pytest.raises(ValueRefused) as refused:
        read_line("a" * 205, longest=200)

    assert refused.value.code == "text_too_long"
    assert refused.value.values == {"longest": 200, "surplus": 5}


@pytest.mark.parametrize(
    ("typed", "lot"),
    [
        (" lô chè 15 / 10 ", "LO-CHE-15-10"),
        ("\u200bLBT-\u2060261015-01\ufeff", "LBT-261015-01"),
        ("lbt-261015-01 ", "LBT-261015-01"),
        ("đợt—2", "DOT-2"),
    ],
)
def test_lot_typed_as_a_phrase_becomes_capitals_digits_and_dashes(typed, lot):
    assert read_lot(typed) == lot


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "lot_empty"),
        ("///", "lot_empty"),
        ("<b>", "lot_not_one"),
        ("A" * 21, "lot_too_long"),
        ("茶-01", "lot_has_other_letters"),
    ],
)
def test_what_is_no_lot_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_lot(typed)

    assert refused.value.code == code


def test_codes_match_without_dashes_blanks_and_case():
    assert code_key("nk 7k2qf9") == code_key("NK-7K2-QF9") == "NK7K2QF9"


@settings(deadline=None, max_examples=300)
@given(st.text())
@example("a\u034f\u0301")
@example("e🍵\u0301")
@example("\u0344\ufeff\u0301")
@example("a" * 100_000)
def test_no_text_makes_the_readers_of_words_fail_and_what_they_return_is_clean(text):
    for read in (read_name, read_line, read_text, read_lot):
        words, refused = outcome(read, text)
        if refused is not None:
            assert refused.code.startswith(("name_", "text_", "lot_", "legacy_", "letters_"))
        else:
            assert words == unicodedata.normalize("NFC", words)
            assert words.encode().decode() == words
            assert "\x00" not in words


@settings(deadline=None, max_examples=300)
@given(st.text())
def test_what_was_read_once_is_read_again_unchanged(text):
    for read in (read_name, read_line, read_text, read_lot):
        words, refused = outcome(read, text)
        assert refused is not None or read(words) == words
