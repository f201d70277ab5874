"""Dates day first, months, times and moments, with the reason when they cannot be."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop import formats
from shop.forms.dates import EARLIEST, LATEST, check_expiry, read_date, read_month
from shop.forms.times import read_moment, read_time
from shop.forms.values import ValueRefused
from tests.support.reading import outcome

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    "typed",
    [
        "05/11/2026",
        "5/11/2026",
        "05-11-2026",
        "05.11.26",
        "5/11/26",
        "5 / 11 / 2026",
        "2026-11-05",
        "2026/11/5",
        "ngày 5 tháng 11 năm 2026",
        "5 thang 11 nam 2026",
        "０５/１１/２０２６",
        "05\u200b/11/2026 ",
    ],
)
def test_fifth_of_november_is_read_however_it_is_written(typed):
    assert read_date(typed, today=TODAY) == date(2026, 11, 5)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("hôm nay", date(2026, 11, 22)),
        ("Hom nay", date(2026, 11, 22)),
        ("hôm qua", date(2026, 11, 21)),
        ("hom qua", date(2026, 11, 21)),
        ("hôm kia", date(2026, 11, 20)),
        ("ngày mai", date(2026, 11, 23)),
        ("29/02/2028", date(2028, 2, 29)),
        ("01/01/99", date(2099, 1, 1)),
    ],
)
def test_named_days_and_rare_days_are_read(typed, day):
    assert read_date(typed, today=TODAY) == day


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("31/11/2026", 30),
        ("31/02/2026", 28),
        ("29/02/2027", 28),
        ("30/02/2028", 29),
        ("32/01/26", 31),
    ],
)
def test_day_its_month_does_not_have_is_refused_with_how_many_it_has(typed, days):
    with pytest.raises(ValueRefused) as refused:
        read_date(typed, today=TODAY)

    assert refused.value.code == "date_invalid"
    assert refused.value.values["days"] == days


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "date_empty"),
        ("hôm nào", "date_vague"),
        ("05/11-2026", "date_unreadable"),
        ("0/11/2026", "date_unreadable"),
        ("05112026", "date_unreadable"),
        ("5/11/026", "date_unreadable"),
        ("11/25/2026", "date_month_first"),
        ("31/25/2026", "date_month_invalid"),
        ("3/2026", "date_day_missing"),
        ("2026-03", "date_day_missing"),
        ("13/2026", "date_month_invalid"),
        ("5/0/2026", "date_month_invalid"),
        ("5/11", "date_year_missing"),
        ("ngày 5 tháng 11", "date_year_missing"),
        ("05/11/1826", "date_too_early"),
        ("05/11/0000", "date_unreadable"),
        ("05/11/2126", "date_too_late"),
    ],
)
def test_what_is_no_date_is_refused_with_a_code_for_its_reason(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_date(typed, today=TODAY)

    assert refused.value.code == code


def test_day_without_a_year_proposes_this_year():
    with pytest.raises(ValueRefused) as refused:
        read_date("5/11", today=TODAY)

    assert refused.value.values["proposed_on"] == date(2026, 11, 5)


def test_bound_that_is_today_is_named_as_past_or_future():
    with pytest.raises(ValueRefused) as past:
        read_date("hôm qua", today=TODAY, earliest=TODAY)
    with pytest.raises(ValueRefused) as future:
        read_date("ngày mai", today=TODAY, latest=TODAY)

    assert (past.value.code, future.value.code) == ("date_in_past", "date_in_future")


def test_today_lies_inside_bounds_that_end_today():
    assert read_date("hôm nay", today=TODAY, earliest=TODAY, latest=TODAY) == TODAY


def test_expiry_may_be_the_day_of_making_but_not_before():
    with pytest.raises(ValueRefused) as refused:
        check_expiry(date(2026, 11, 28), date(2026, 11, 21))

    assert refused.value.code == "expiry_before_production"
    assert check_expiry(TODAY, TODAY) == TODAY


@pytest.mark.parametrize("typed", ["11/2026", "2026-11", "11-2026"])
def test_month_is_read_as_its_first_day(typed):
    assert read_month(typed) == date(2026, 11, 1)


@pytest.mark.parametrize(
    ("typed", "code"),
    [("", "month_unreadable"), ("13/2026", "date_month_invalid"), ("11/1026", "month_unreadable")],
)
def test_what_is_no_month_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_month(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("14:05", time(14, 5)),
        ("14h05", time(14, 5)),
        ("14 giờ 05", time(14, 5)),
        ("14:05:59", time(14, 5)),
        ("9h", time(9)),
        ("9 giờ", time(9)),
        ("9:40", time(9, 40)),
    ],
)
def test_time_of_day_is_read(typed, at):
    assert read_time(typed) == at


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "time_empty"),
        ("14", "time_unreadable"),
        ("9:", "time_unreadable"),
        ("sáng", "time_unreadable"),
        ("24:00", "time_invalid"),
        ("9:60", "time_invalid"),
    ],
)
def test_what_is_no_time_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_time(typed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    "typed",
    [
        "14:05 05/11/2026",
        "14h05 ngày 5/11/2026",
        "14 giờ 05 5-11-26",
        "2026-11-05T14:05",
        "2026-11-05 14:05:00",
    ],
)
def test_moment_typed_in_vietnam_is_kept_in_utc(typed):
    assert read_moment(typed, today=TODAY) == datetime(2026, 11, 5, 7, 5, tzinfo=UTC)


def test_moment_in_no_known_order_is_refused():
    with pytest.raises(ValueRefused) as refused:
        read_moment("chiều nay", today=TODAY)

    assert refused.value.code == "moment_unreadable"


@settings(deadline=None, max_examples=400)
@given(st.text() | st.text(alphabet="0123456789/-. thángnăm:hT", max_size=20))
@example("9" * 5000)
@example("99999-99-99")
def test_no_text_makes_the_readers_of_dates_and_times_fail(text):
    for read in (
        lambda typed: read_date(typed, today=TODAY),
        lambda typed: read_moment(typed, today=TODAY),
        read_month,
        read_time,
    ):
        _, refused = outcome(read, text)
        if refused is not None:
            assert refused.code.startswith(("date_", "month_", "time_", "moment_"))


@settings(deadline=None)
@given(st.dates(min_value=EARLIEST, max_value=LATEST))
def test_printed_date_is_read_back_as_the_same_day(day):
    assert read_date(formats.day(day), today=TODAY) == day
    assert read_date(day.isoformat(), today=TODAY) == day


@settings(deadline=None)
@given(st.datetimes(datetime(1980, 1, 1), datetime(2099, 12, 1), timezones=st.just(UTC)))
def test_printed_moment_is_read_back_to_the_minute(moment):
    to_the_minute = moment.replace(second=0, microsecond=0)

    assert read_moment(formats.moment(moment), today=TODAY) == to_the_minute
