import doctest
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import gtin
from traceability.errors import TraceabilityError

digits = st.text("0123456789", min_size=1, max_size=17)
anything = st.text() | st.text("0123456789 -\u200b\x1d\0٣９\ud800", max_size=20)


def kind_of(number, *key):
    with pytest.raises(TraceabilityError) as refusal:
        gtin.validate_key(number, *key) if key else gtin.validate(number)
    return refusal.value.kind


def test_examples_in_the_module_hold():
    assert doctest.testmod(gtin).failed == 0


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("95213217", "00000095213217"),
        ("061414111119", "00061414111119"),
        ("9521321100015", "09521321100015"),
        (" 952-132-110001-5\n", "09521321100015"),
        ("19521321100029", "19521321100029"),
    ],
)
def test_number_of_any_length_is_stored_in_14_digits(typed, stored):
    assert gtin.validate(typed) == stored


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "empty_value"),
        ("   ", "empty_value"),
        ("00000000", "empty_value"),
        ("8.93E+12", "non_digit"),
        ("٩٥٢١٣٢١١٠٠٠١٥", "non_digit"),
        ("９521321100015", "non_digit"),
        ("9521321100015\0", "non_digit"),
        ("\ud800", "non_digit"),
        ("952132110001" * 100_000, "bad_length"),
        ("952132110", "bad_length"),
        ("9521321100014", "bad_check_digit"),
    ],
    ids=ascii,
)
def test_number_that_is_no_gtin_is_refused_with_its_kind(typed, kind):
    assert kind_of(typed) == kind


def test_refusal_does_not_carry_a_huge_input_along():
    with pytest.raises(TraceabilityError) as refusal:
        gtin.validate("9" * 1_000_000)

    assert len(refusal.value.subject) < 100
    assert len(str(refusal.value)) < 200


def test_other_keys_are_checked_for_length_and_check_digit():
    assert gtin.validate_key("9521321000018", "gln") == "9521321000018"
    assert gtin.validate_key("095213210000001237", "sscc") == "095213210000001237"
    assert kind_of("9521321000019", "gln") == "bad_check_digit"
    assert kind_of("952132100001", "gln") == "bad_length"
    assert kind_of("19521987654327", "grai") == "bad_leading_digit"
    assert kind_of("1", "isbn") == "unknown_key"


def test_blanks_are_not_trimmed_from_other_keys():
    assert kind_of(" 9521321000018", "gln") == "non_digit"


@pytest.mark.parametrize(
    ("number", "internal"),
    [
        ("2000000000015", True),
        ("2912345678901", True),
        ("0212345678909", True),
        ("20000004", True),
        ("12000000000012", True),
        ("9521321100015", False),
        ("8938500000010", False),
        ("95213217", False),
        ("061414111119", False),
    ],
)
def test_only_restricted_prefixes_are_internal(number, internal):
    whole = number[:-1] + gtin.check_digit(number[:-1])

    assert gtin.is_internal(whole) is internal


@given(digits)
def test_one_wrong_digit_is_always_noticed(payload):
    whole = payload + gtin.check_digit(payload)

    for place in range(len(whole)):
        wrong = whole[:place] + str((int(whole[place]) + 1) % 10) + whole[place + 1 :]
        assert gtin.check_digit(wrong[:-1]) != wrong[-1]


@given(
    st.sampled_from([7, 11, 12, 13]).flatmap(
        lambda n: st.text("123456789", min_size=n, max_size=n)
    )
)
def test_completed_number_is_valid_and_stays_as_it_is(payload):
    stored = gtin.validate(payload + gtin.check_digit(payload))

    assert gtin.validate(stored) == stored
    assert gtin.is_valid(stored)


@given(anything)
def test_no_text_raises_anything_but_the_library_error(text):
    for attempt in (gtin.validate, gtin.check_digit, gtin.is_internal, gtin.require_check_digit):
        with suppress(TraceabilityError):
            attempt(text)
    assert gtin.is_valid(text) in {True, False}
