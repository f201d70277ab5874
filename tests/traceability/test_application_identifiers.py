import doctest
from contextlib import suppress
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability import application_identifiers as rules
from traceability.application_identifier_table import table
from traceability.errors import TraceabilityError


def kind_of(attempt, *arguments, **options):
    with pytest.raises(TraceabilityError) as refusal:
        attempt(*arguments, **options)
    return refusal.value.kind


def test_examples_in_the_module_hold():
    assert doctest.testmod(rules).failed == 0


def test_no_identifier_is_the_beginning_of_another():
    names = sorted(table())

    assert not any(after.startswith(before) for before, after in pairwise(names))


def test_families_with_decimals_are_complete():
    assert {"3100", "3105", "3922", "3909", "3943", "7039", "7239", "98"} <= table().keys()
    assert not {"3106", "3944", "3956", "31", "392", "423n"} & table().keys()


def test_every_key_and_qualifier_of_a_link_is_in_the_table():
    qualifiers = {ai for orders in rules.PRIMARY_KEYS.values() for order in orders for ai in order}

    assert (rules.PRIMARY_KEYS.keys() | qualifiers) <= table().keys()


@pytest.mark.parametrize("known", table().values(), ids=lambda known: known.ai)
def test_every_rule_of_the_table_speaks_of_identifiers_that_exist(known):
    named = [name for group in known.needs for name in group] + list(known.never_with)

    assert all(any(ai.startswith(name) for ai in table()) for name in named)


@pytest.mark.parametrize(
    ("ai", "value"),
    [
        ("91", "aZ0!\"%&'()*+,-./:;<=>?_"),
        ("7007", "261112261113"),
        ("423", "704156"),
        ("423", "704156704156704"),
        ("7030", "999X"),
        ("3932", "704125000"),
        ("8006", "095213211000150212"),
        ("8010", "9521321A#/-"),
        ("8008", "26111215"),
        ("8008", "261112153059"),
        ("17", "000229"),
    ],
)
def test_value_within_its_rules_is_accepted(ai, value):
    assert rules.validate(ai, value) is None


@pytest.mark.parametrize(
    ("ai", "value", "kind"),
    [
        ("10", "", "empty_value"),
        ("10", "L 1", "bad_charset"),
        ("10", "L\x1d1", "bad_charset"),
        ("10", "L#1", "bad_charset"),
        ("10", "\ud800", "bad_charset"),
        ("01", "٠٩٥٢١٣٢١١٠٠٠١٥", "non_digit"),
        ("01", "00000000000000", "empty_value"),
        ("7006", "261100", "bad_date"),
        ("7007", "26111226111", "too_short"),
        ("7003", "2611122460", "bad_date"),
        ("8008", "26111224", "bad_date"),
        ("423", "70415", "too_short"),
        ("423", "704999", "bad_country"),
        ("423", "704156704156704156", "too_long"),
        ("7030", "998X", "bad_country"),
        ("3932", "001125000", "bad_currency"),
        ("8006", "095213211000151302", "bad_piece"),
        ("8006", "095213211000150002", "bad_piece"),
        ("8010", "9521321a", "bad_charset"),
        ("8004", "ABC", "non_digit"),
        ("17", "2611300", "too_long"),
        ("9999", "1", "unknown_ai"),
    ],
    ids=ascii,
)
def test_value_outside_its_rules_is_refused_with_its_kind(ai, value, kind):
    assert kind_of(rules.validate, ai, value) == kind


def test_weights_exclude_another_number_of_decimals_of_the_same_measure():
    item = ("01", "09521321100015")

    assert kind_of(rules.check_together, [item, ("3102", "000050"), ("3103", "000500")]) == (
        "mutually_exclusive_ai"
    )
    assert rules.check_together([item, ("3103", "000500"), ("3113", "000500")])


def test_identifier_at_the_start_of_a_text_is_found():
    assert rules.find_at_start("10L").ai == "10"
    assert rules.find_at_start("2351").ai == "235"
    assert kind_of(rules.find_at_start, "") == "unknown_ai"
    assert kind_of(rules.find_at_start, "3x") == "unknown_ai"


@pytest.mark.parametrize(
    ("text", "year", "meant"),
    [
        ("261112", 2026, date(2026, 11, 12)),
        ("000101", 2099, date(2100, 1, 1)),
        ("500101", 2099, date(2050, 1, 1)),
        ("990101", 2001, date(1999, 1, 1)),
        ("520200", 2000, date(1952, 2, 29)),
    ],
)
def test_century_is_the_nearest_to_the_reference_year(text, year, meant):
    assert rules.read_date(text, reference_year=year) == meant


@pytest.mark.parametrize("year", [0, -5, 9_999, 10**30])
def test_reference_year_without_calendar_is_refused(year):
    assert kind_of(rules.read_date, "990229", reference_year=year) == "bad_date"


@given(st.dates(date(1980, 1, 1), date(2070, 12, 31)))
def test_date_within_half_a_century_is_read_back(day):
    assert rules.read_date(f"{day:%y%m%d}", reference_year=2025) == day


@given(st.sampled_from(sorted(table())) | st.text(max_size=5), st.text(max_size=100))
def test_no_value_raises_anything_but_the_library_error(ai, value):
    for attempt in (
        lambda: rules.validate(ai, value),
        lambda: rules.check_together([(ai, value), ("01", "x")]),
        lambda: rules.find_at_start(value),
        lambda: rules.read_date(value, reference_year=2026),
    ):
        with suppress(TraceabilityError):
            attempt()
