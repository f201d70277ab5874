"""Values are shown as people in Việt Nam read them, and in English where words differ."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop import formats, spoken

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("vnd", "shown"),
    [
        (0, "0\u00a0₫"),
        (1000, "1.000\u00a0₫"),
        (1_250_000, "1.250.000\u00a0₫"),
        (-50_000, "−50.000\u00a0₫"),
    ],
)
def test_money_groups_by_dots_and_never_parts_from_its_sign(vnd, shown):
    assert formats.money(vnd) == shown


def test_money_groups_by_commas_for_english_readers():
    assert formats.money(1_250_000, "en") == "1,250,000\u00a0₫"


@pytest.mark.parametrize(
    ("price_vnd", "content", "shown"),
    [
        (90_000, {"net_g": 200}, "45.000\u00a0₫/100\u00a0g"),
        (185_000, {"net_g": 1000}, "185.000\u00a0₫/kg"),
        (95_000, {"net_g": 500}, "190.000\u00a0₫/kg"),
        (180_000, {"net_ml": 500}, "36.000\u00a0₫/100\u00a0ml"),
        (180_000, {"net_ml": 500, "net_g": 700}, "36.000\u00a0₫/100\u00a0ml"),
        (10_000, {"net_g": 300}, "3.333\u00a0₫/100\u00a0g"),
        (25, {"net_g": 200}, "13\u00a0₫/100\u00a0g"),
        (10_000, {}, ""),
    ],
)
def test_unit_price_is_per_kilogram_from_half_a_kilogram_up(price_vnd, content, shown):
    assert formats.unit_price(price_vnd, **content) == shown


@pytest.mark.parametrize(
    ("grams", "shown"),
    [
        (200, "200\u00a0g"),
        (999, "999\u00a0g"),
        (1000, "1\u00a0kg"),
        (12_500, "12,5\u00a0kg"),
        (1255, "1,255\u00a0kg"),
        (999_999, "999,999\u00a0kg"),
        (1_250_000, "1,25\u00a0tấn"),
        (-1500, "−1,5\u00a0kg"),
    ],
)
def test_weight_is_in_grams_then_kilograms_then_tonnes(grams, shown):
    assert formats.weight(grams) == shown


def test_weights_to_be_compared_are_all_in_kilograms():
    assert formats.kilograms(1_250_500) == "1.250,5\u00a0kg"
    assert formats.kilograms(500) == "0,5\u00a0kg"


def test_net_content_is_a_weight_or_a_volume_by_its_unit():
    assert formats.net(200, "g") == "200\u00a0g"
    assert formats.net(1500, "ml") == "1,5\u00a0lít"


def test_volume_and_area_change_unit_as_they_grow():
    assert formats.volume(500) == "500\u00a0ml"
    assert formats.volume(1500) == "1,5\u00a0lít"
    assert formats.volume(1500, "en") == "1.5\u00a0l"
    assert formats.volume(1_250_000) == "1,25\u00a0m³"
    assert formats.area(720) == "720\u00a0m²"
    assert formats.area(15_000) == "1,5\u00a0ha"


def test_percent_is_rounded_half_up_to_a_tenth():
    assert formats.percent(1, 200) == "0,5\u00a0%"
    assert formats.percent(1, 3) == "33,3\u00a0%"
    assert formats.percent(275, 1300) == "21,2\u00a0%"
    assert formats.percent(1, 1) == "100\u00a0%"


def test_dates_have_zeros_in_tables_and_month_names_in_english():
    assert formats.day(date(2026, 11, 5)) == "05/11/2026"
    assert formats.day(date(2026, 11, 5), "en") == "5 November 2026"
    assert formats.short_day(date(2026, 11, 5)) == "5/11"
    assert formats.month(date(2026, 11, 5)) == "tháng 11/2026"
    assert formats.month(date(2026, 11, 5), "en") == "November 2026"


def test_moments_are_shown_in_the_time_of_vietnam():
    moment = datetime(2026, 11, 5, 7, 5, tzinfo=UTC)
    late = datetime(2026, 11, 22, 18, 40, tzinfo=UTC)

    assert formats.moment(moment) == "14:05 05/11/2026"
    assert formats.moment(moment, "en") == "14:05, 5 November 2026"
    assert formats.clock_time(late) == "1:40"
    assert formats.moment_in_words(late, today=TODAY) == "1:40 ngày 23/11"
    assert formats.moment_in_words(late, today=date(2027, 1, 2)) == "1:40 ngày 23/11/2026"
    assert formats.moment_in_words(late, today=TODAY, lang="en") == "1:40 on 23 November"


def test_time_without_a_zone_is_not_shown():
    with pytest.raises(ValueError, match="zone"):
        formats.moment(datetime(2026, 11, 5, 7, 5))


@pytest.mark.parametrize(
    ("until", "vi", "en"),
    [
        (date(2026, 11, 25), "còn 3\u00a0ngày", "3\u00a0days left"),
        (date(2026, 11, 23), "còn 1\u00a0ngày", "1\u00a0day left"),
        (date(2026, 11, 22), "hôm nay là ngày cuối", "today is the last day"),
        (date(2026, 11, 20), "quá 2\u00a0ngày", "2\u00a0days over"),
        (date(2027, 1, 15), "còn 54\u00a0ngày", "54\u00a0days left"),
        (date(2027, 1, 21), "còn 60\u00a0ngày", "60\u00a0days left"),
        (date(2027, 1, 22), "còn 2\u00a0tháng", "2\u00a0months left"),
        (date(2028, 4, 26), "còn 17\u00a0tháng", "17\u00a0months left"),
        (date(2028, 4, 21), "còn 16\u00a0tháng", "16\u00a0months left"),
    ],
)
def test_shelf_life_left_is_told_in_days_and_then_in_whole_months(until, vi, en):
    assert formats.days_left(until, today=TODAY) == vi
    assert formats.days_left(until, today=TODAY, lang="en") == en


@pytest.mark.parametrize(
    ("left", "shown"),
    [
        (timedelta(hours=23, minutes=59), "còn 23\u00a0giờ"),
        (timedelta(minutes=29, seconds=1), "còn 30\u00a0phút"),
        (timedelta(seconds=1), "còn 1\u00a0phút"),
        (timedelta(0), "hết giờ"),
        (timedelta(days=3, hours=5), "còn 3\u00a0ngày"),
    ],
)
def test_time_left_is_told_in_the_largest_unit_that_fits(left, shown):
    now = datetime(2026, 11, 22, 2, tzinfo=UTC)

    assert formats.time_left(now + left, now=now) == shown


def test_phones_are_shown_in_groups_and_masked_in_the_middle():
    assert formats.phone("+84912345678") == "0912 345 678"
    assert formats.phone("+842083855123") == "0208 3855 123"
    assert formats.phone("+12025550123") == "+12025550123"
    assert formats.phone_masked("+84912345678") == "0912 ••• 678"
    assert formats.phone_masked("+842083855123") == "0208 •••• 123"
    assert formats.account_masked("0011001932418") == "•••\u00a02418"


def test_number_without_groups_is_masked_whole():
    assert formats.phone_masked("+12025550123") == "•••••••••123"


def test_people_are_addressed_by_their_given_name():
    assert formats.given_name("Nguyễn Thị Hoa") == "Hoa"
    assert formats.addressed("Chị", "Nguyễn Thị Hoa") == "Chị Hoa"
    assert formats.addressed("", "Nguyễn Thị Hoa") == "Nguyễn Thị Hoa"
    assert formats.initialed("Chị", "Nguyễn Thị Hoa") == "Chị H."


@pytest.mark.parametrize(
    ("vnd", "words"),
    [
        (315_000, "ba trăm mười lăm nghìn đồng"),
        (1_005_000, "một triệu không trăm linh năm nghìn đồng"),
        (21_000, "hai mươi mốt nghìn đồng"),
        (15_000, "mười lăm nghìn đồng"),
        (104_000, "một trăm linh bốn nghìn đồng"),
        (0, "không đồng"),
        (50_000, "năm mươi nghìn đồng"),
        (5_200_000, "năm triệu hai trăm nghìn đồng"),
        (24_000, "hai mươi tư nghìn đồng"),
        (1_000_005, "một triệu không trăm linh năm đồng"),
        (10_010, "mười nghìn không trăm mười đồng"),
        (1_000_000_000, "một tỷ đồng"),
        (2_005_000_000, "hai tỷ không trăm linh năm triệu đồng"),
        (1_000_000_000_000, "một nghìn tỷ đồng"),
        (-1000, "âm một nghìn đồng"),
    ],
)
def test_amount_is_read_aloud_as_the_school_books_do(vnd, words):
    assert spoken.amount_in_words(vnd) == words


@pytest.mark.parametrize(
    ("vnd", "words"),
    [
        (315_000, "three hundred and fifteen thousand đồng"),
        (1_005_000, "one million five thousand đồng"),
        (21_042, "twenty-one thousand and forty-two đồng"),
        (0, "zero đồng"),
        (-1000, "minus one thousand đồng"),
        (1_000_000_000, "one billion đồng"),
    ],
)
def test_amount_is_written_out_in_english_too(vnd, words):
    assert spoken.amount_in_words(vnd, "en") == words


@pytest.mark.parametrize(
    ("grams", "words"),
    [
        (28_000, "hai mươi tám cân"),
        (12_500, "mười hai cân rưỡi"),
        (500, "năm lạng"),
        (2_300, "hai cân ba lạng"),
        (12_350, "mười hai cân ba trăm năm mươi gam"),
        (0, "không cân"),
    ],
)
def test_weight_is_said_as_at_the_scales(grams, words):
    assert spoken.weight_in_words(grams) == words


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=10**15))
def test_different_numbers_have_different_words(value):
    assert spoken.number_in_words(value) != spoken.number_in_words(value + 1)
    assert "  " not in spoken.number_in_words(value)
