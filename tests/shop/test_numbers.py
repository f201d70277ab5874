"""Whole numbers of pieces, and the convention of comma and dot."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop import formats
from shop.forms.numbers import decimal_number, read_count
from shop.forms.values import ValueRefused
from tests.support.reading import outcome


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", 12),
        ("12,5", Fraction(25, 2)),
        ("12.5", Fraction(25, 2)),
        ("1.000", 1000),
        ("1 000", 1000),
        ("1.250,5", Fraction(2501, 2)),
        ("1,250.5", Fraction(2501, 2)),
        ("1,250,000", 1_250_000),
        ("0.500", Fraction(1, 2)),
        ("0,5", Fraction(1, 2)),
        ("1,255", Fraction(1255, 1000)),
        ("1.2345", Fraction(12345, 10000)),
    ],
)
def test_comma_begins_decimals_and_dot_groups_thousands(written, value):
    assert decimal_number(written) == value


@pytest.mark.parametrize("written", ["1.25.000", "1.250.00", "1..2", "12,", ",5", "1.000.0", "a"])
def test_number_grouped_wrongly_is_no_number(written):
    assert decimal_number(written) is None


@pytest.mark.parametrize(("typed", "count"), [("12", 12), ("1.000", 1000), ("1 000", 1000)])
def test_pieces_are_read_as_whole_numbers(typed, count):
    assert read_count(typed) == count


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "count_empty"),
        ("một", "count_unreadable"),
        ("12 gói", "count_unreadable"),
        ("1,5", "count_not_whole"),
        ("0", "count_too_low"),
        ("-3", "count_too_low"),
        ("101", "count_too_high"),
        ("8.93E+12", "number_mangled_by_excel"),
    ],
)
def test_what_is_no_number_of_pieces_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_count(typed, minimum=1, maximum=100)

    assert refused.value.code == code


@settings(deadline=None)
@given(st.text() | st.text(alphabet="0123456789., -Ee+", max_size=50))
def test_no_text_makes_the_reader_of_pieces_fail(text):
    count, refused = outcome(read_count, text)

    if refused is not None:
        assert refused.code.startswith(("count_", "number_"))
    else:
        assert 0 <= count <= 1_000_000


@given(st.integers(min_value=0, max_value=1_000_000))
def test_printed_number_is_read_back(count):
    assert read_count(formats.number(count)) == count
