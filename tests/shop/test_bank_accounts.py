"""Account numbers and holders' names, as a bank writes them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.forms.bank_accounts import read_account_number, read_holder_name
from shop.forms.values import ValueRefused
from tests.support.reading import outcome


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("0000 0000 00001", "0000000000001"),
        ("0011.001.932.418", "0011001932418"),
        ("00110-01932418", "0011001932418"),
        ("psp123456", "PSP123456"),
        ("００１１００１９３２４１８", "0011001932418"),
        ("1234567890123456", "1234567890123456"),
    ],
)
def test_account_number_is_read_without_its_blanks(typed, number):
    assert read_account_number(typed) == number


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "account_empty"),
        ("9704 0512 3456 7890", "looks_like_card_number"),
        ("9704051234567890123", "looks_like_card_number"),
        ("tài khoản", "account_unreadable"),
        ("0011/0019", "account_unreadable"),
        ("12", "account_too_short"),
        ("1" * 20, "account_too_long"),
        ("1,10E+12", "number_mangled_by_excel"),
    ],
)
def test_what_is_no_account_number_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_account_number(typed)

    assert refused.value.code == code


def test_refused_card_number_stands_nowhere_in_the_refusal():
    with pytest.raises(ValueRefused) as refused:
        read_account_number("9704 0512 3456 7890")

    assert "0512" not in f"{refused.value!r} {refused.value.values}"


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Nguyễn  thị Mận", "NGUYEN THI MAN"),
        ("Đỗ Văn Đức", "DO VAN DUC"),
        ("HTX Chè La Bằng (số 2)", "HTX CHE LA BANG (SO 2)"),
        ("Cty A&B", "CTY A&B"),
    ],
)
def test_holder_is_kept_in_ascii_capitals_with_single_blanks(typed, name):
    assert read_holder_name(typed) == name


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (" \u200b", "holder_empty"),
        ("王小明", "holder_unreadable"),
        ("<b>Man</b>", "holder_unreadable"),
        ("123", "holder_unreadable"),
        ("A" * 71, "holder_too_long"),
        ("NguyÔn ThÞ MËn", "legacy_encoding"),
    ],
)
def test_what_is_no_holder_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_holder_name(typed)

    assert refused.value.code == code


@settings(deadline=None, max_examples=300)
@given(st.text() | st.text(alphabet="0123456789ABC .-E+", max_size=25))
def test_no_text_makes_the_readers_of_accounts_fail(text):
    for read in (read_account_number, read_holder_name):
        kept, _ = outcome(read, text)
        if kept is not None:
            assert kept.isascii()
            assert read(kept) == kept
