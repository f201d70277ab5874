import doctest
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.codes import element_sets
from traceability import element_string
from traceability.errors import TraceabilityError

ITEM = ("01", "09521321100015")
scanned = st.text("019210\x1d]dQ3(\\)AB\0é\ud800٣", max_size=60)


def kind_of(attempt, *arguments):
    with pytest.raises(TraceabilityError) as refusal:
        attempt(*arguments)
    return refusal.value.kind


def test_examples_in_the_module_hold():
    assert doctest.testmod(element_string).failed == 0


@given(element_sets)
def test_bracketed_form_is_read_back(elements):
    assert element_string.parse(element_string.build(elements)) == elements


@given(element_sets, st.sampled_from(["", "]C1", "]d2", "]Q3", "]e0", "\x1d", "]d2\x1d"]))
def test_symbol_is_read_back(elements, start):
    message = element_string.build_fnc1(elements)

    assert element_string.parse_fnc1(start + message) == elements
    assert element_string.parse_fnc1(start + message + "\x1d") == elements


def test_separator_stands_only_behind_variable_lengths_that_are_not_last():
    weight, lot = ("3103", "000500"), ("10", "L1")

    assert element_string.build_fnc1([lot, ITEM, weight]).count("\x1d") == 1
    assert element_string.build_fnc1([ITEM, weight, lot]).count("\x1d") == 0
    assert element_string.build_fnc1([]) == ""


def test_bracket_inside_a_value_is_escaped_and_read_back():
    elements = (ITEM, ("10", "L(10)1)"))

    assert element_string.build(elements) == r"(01)09521321100015(10)L\(10)1)"
    assert element_string.parse(r"(01)09521321100015(10)L\(10)1)") == elements


def test_repeated_equal_value_is_kept_once():
    assert element_string.parse("(10)L1(01)09521321100015(10)L1") == (("10", "L1"), ITEM)
    assert kind_of(element_string.parse, "(10)L1(01)09521321100015(10)L2") == (
        "conflicting_duplicate"
    )


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "unknown_ai"),
        ("hello", "unknown_ai"),
        ("x(01)09521321100015", "unknown_ai"),
        ("(01", "empty_value"),
        ("(01x", "unknown_ai"),
        ("(01)09521321100015(10)A(1)B", "unknown_ai"),
        ("(٠١)09521321100015", "unknown_ai"),
        ("(01)09521321100015(10)A\\B", "bad_charset"),
        ("(90)" + "A" * 100_000, "too_long"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_text_that_is_no_bracketed_string_is_refused_with_its_kind(text, kind):
    assert kind_of(element_string.parse, text) == kind


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty_value"),
        ("]d2", "empty_value"),
        ("]Q1010952132110001510A", "unknown_ai"),
        ("01095213211\x1d10A", "too_short"),
        ("0109521321100015\x1d\x1d10A", "unknown_ai"),
        ("010952132110001510\x1d", "empty_value"),
        ("010952132110001510" + "A" * 21, "too_long"),
        ("9" * 10_000_000, "too_long"),
    ],
    ids=lambda value: ascii(value)[:30],
)
def test_symbol_that_breaks_a_rule_is_refused_with_its_kind(text, kind):
    assert kind_of(element_string.parse_fnc1, text) == kind


def test_value_is_checked_before_it_is_written():
    assert kind_of(element_string.build, [("01", "09521321100014")]) == "bad_check_digit"
    assert kind_of(element_string.build_fnc1, [("10", "L 1")]) == "bad_charset"


@given(st.text() | scanned)
def test_no_text_raises_anything_but_the_library_error(text):
    for attempt in (element_string.parse, element_string.parse_fnc1):
        with suppress(TraceabilityError):
            attempt(text)
