"""Vietnamese phone numbers become E.164; wrong ones say what is wrong."""

import json

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop import formats
from shop.forms.phones import is_mobile, national, read_phone
from shop.forms.values import ValueRefused
from tests.support.reading import outcome


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678",
        "+84912345678",
        "84912345678",
        "0 912 345 678",
        "0912.345.678",
        "0912-345-678",
        "(+84) 912 345 678",
        "+84 (0)912 345 678",
        "0084 912 345 678",
        "０９１２３４５６７８",
        "\u202a0912\u00a0345\u00a0678\u202c",
    ],
)
def test_mobile_is_read_however_it_is_written(typed):
    assert read_phone(typed) == "+84912345678"


@pytest.mark.parametrize("typed", ["0868123456", "0592123456", "0540000001", "0399999999"])
def test_mobile_is_known_by_its_shape(typed):
    number = read_phone(typed)

    assert is_mobile(number)
    assert national(number) == typed


def test_landline_is_read_and_shown_by_its_area_code():
    number = read_phone("02083855123")

    assert number == "+842083855123"
    assert formats.phone(number) == "0208 3855 123"
    assert not is_mobile(number)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "phone_empty"),
        ("không có", "phone_unreadable"),
        ("12345", "phone_unreadable"),
        ("0912345678 hoặc 0987654321", "phone_more_than_one"),
        ("+1 202 555 0123", "phone_foreign"),
        ("091234567", "phone_too_short"),
        ("09123456789", "phone_too_long"),
        ("0912345678 / 0987654321", "phone_more_than_one"),
        ("0281234567", "phone_too_short"),
        ("02301234567", "phone_landline_invalid"),
        ("0412345678", "phone_unknown_prefix"),
        ("01999999999", "phone_old_eleven_digits"),
        ("01111111111", "phone_unknown_prefix"),
        ("9,12346E+08", "number_mangled_by_excel"),
    ],
)
def test_what_is_no_number_is_refused_with_a_code_for_its_reason(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_phone(typed)

    assert refused.value.code == code


def test_number_too_short_says_how_many_digits_are_missing():
    with pytest.raises(ValueRefused) as refused:
        read_phone("0912 345 67")

    assert refused.value.values == {"missing": 1, "digits": 10}


@pytest.mark.parametrize(
    ("typed", "proposed"), [("912345678", "+84912345678"), ("2083855123", "+842083855123")]
)
def test_missing_first_zero_is_asked_about_and_not_added(typed, proposed):
    with pytest.raises(ValueRefused) as refused:
        read_phone(typed)

    assert refused.value.code == "phone_missing_zero"
    assert refused.value.values == {"proposed_phone": proposed}


@pytest.mark.parametrize(
    ("typed", "proposed"), [("01234567890", "+84834567890"), ("0168 123 4567", "+84381234567")]
)
def test_old_mobile_of_eleven_digits_is_refused_with_its_new_number(typed, proposed):
    with pytest.raises(ValueRefused) as refused:
        read_phone(typed)

    assert refused.value.code == "phone_old_eleven_digits"
    assert refused.value.values == {"proposed_phone": proposed}


def test_refused_number_stands_nowhere_in_the_refusal():
    with pytest.raises(ValueRefused) as refused:
        read_phone("0912 345 67")

    assert "0912" not in f"{refused.value!r} {refused.value.values}"


def test_every_phone_of_the_demo_members_is_accepted(shared):
    members = json.loads((shared / "data" / "members.json").read_text())["members"]

    phones = [member["phone"] for member in members if member["phone"]]

    assert len(phones) >= 20
    assert [national(read_phone(phone)) for phone in phones] == phones


@settings(deadline=None, max_examples=400)
@given(st.text() | st.text(alphabet="0123456789+ .-()", max_size=20))
@example("0" * 100_000)
@example("-")
def test_no_text_makes_the_reader_of_phones_fail(text):
    number, refused = outcome(read_phone, text)

    if refused is not None:
        assert refused.code.startswith(("phone_", "number_"))
    else:
        assert number.startswith("+84")


_MOBILES = st.from_regex(r"\+84[35789][0-9]{8}", fullmatch=True)


@settings(deadline=None)
@given(_MOBILES | st.just("+842083855123") | st.just("+842439999999"))
def test_printed_phone_is_read_back_as_the_same_number(number):
    assert read_phone(formats.phone(number)) == number
