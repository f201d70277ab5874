"""Money people type becomes whole đồng, or is refused with what is doubtful about it."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop import formats
from shop.forms.money import HIGHEST_VND, read_amount, read_price
from shop.forms.values import ValueRefused
from tests.support.reading import outcome


@pytest.mark.parametrize(
    ("typed", "vnd"),
    [
        ("1250000", 1_250_000),
        ("1.250.000", 1_250_000),
        ("1,250,000", 1_250_000),
        ("1 250 000", 1_250_000),
        ("1\u00a0250\u202f000", 1_250_000),
        ("1250000đ", 1_250_000),
        ("1.250.000\u00a0₫", 1_250_000),
        ("1.250.000 VNĐ", 1_250_000),
        ("VND 1,250,000", 1_250_000),
        ("₫1,250,000", 1_250_000),
        ("1.250.000,00", 1_250_000),
        ("1,250,000.00", 1_250_000),
        ("1250k", 1_250_000),
        ("50k", 50_000),
        ("50K", 50_000),
        ("50 k", 50_000),
        ("50.000đ", 50_000),
        ("50.000 đồng", 50_000),
        ("50,000", 50_000),
        ("50 nghìn", 50_000),
        ("50 nghin", 50_000),
        ("50 ngàn đồng", 50_000),
        ("12k5", 12_500),
        ("12,5k", 12_500),
        ("12.5k", 12_500),
        ("1tr2", 1_200_000),
        ("1 tr 2", 1_200_000),
        ("1tr250", 1_250_000),
        ("1tr050", 1_050_000),
        ("1tr250k", 1_250_000),
        ("1 triệu 250 nghìn", 1_250_000),
        ("1 triệu 250.000", 1_250_000),
        ("1,5 triệu", 1_500_000),
        ("1.5tr", 1_500_000),
        ("1,2345tr", 1_234_500),
        ("2 triệu", 2_000_000),
        ("2 trieu", 2_000_000),
        ("2 triệu rưỡi", 2_500_000),
        ("nửa triệu", 500_000),
        ("1 tỷ", 1_000_000_000),
        ("５０．０００", 50_000),
        ("５０ｋ", 50_000),
        ("٥٠٠٠٠", 50_000),
        ("  50.000\u200b ", 50_000),
        ("050000", 50_000),
    ],
)
def test_money_is_read_as_people_write_it(typed, vnd):
    assert read_price(typed) == vnd
    assert read_amount(typed) == vnd


@pytest.mark.parametrize(
    ("typed", "high_vnd", "low_vnd"),
    [
        ("50,5", 50_500, 50),
        ("50.5", 50_500, 50),
        ("12,5", 12_500, 12),
        ("50.00", 50_000, 50),
        ("50,05đ", 50_050, 50),
        ("1tr25", 1_250_000, 1_025_000),
        ("1tr05", 1_050_000, 1_005_000),
        ("12k50", 12_500, 12_050),
        ("1.250k", 1_250_000, 1_250),
        ("1,250 triệu", 1_250_000_000, 1_250_000),
    ],
)
def test_what_could_be_two_amounts_is_refused_with_both(typed, high_vnd, low_vnd):
    with pytest.raises(ValueRefused) as refused:
        read_price(typed)

    assert refused.value.code == "price_ambiguous"
    assert refused.value.values == {"typed": typed, "high_vnd": high_vnd, "low_vnd": low_vnd}


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "price_empty"),
        (" \u200b ", "price_empty"),
        ("-50000", "price_not_positive"),
        ("−50.000 đ", "price_not_positive"),
        ("0", "price_not_positive"),
        ("0đ", "price_not_positive"),
        ("1.000.000.001", "price_too_high"),
        ("2 tỷ", "price_too_high"),
        ("9" * 30, "price_too_high"),
        ("9" * 5000, "price_unreadable"),
        ("0,5", "price_unreadable"),
        ("0.500", "price_unreadable"),
        ("1.25.000", "price_unreadable"),
        ("1.250,000", "price_unreadable"),
        ("50.0000", "price_unreadable"),
        ("năm mươi nghìn", "price_unreadable"),
        ("50-60k", "price_unreadable"),
        ("50k/kg", "price_per_measure"),
        ("5²", "price_unreadable"),
        ("1,23456789tr", "price_unreadable"),
        ("1,5tr2", "price_unreadable"),
        ("1tr2000k", "price_unreadable"),
        ("0,00001k", "price_unreadable"),
        ("abc", "price_unreadable"),
        ("đ", "price_unreadable"),
        ("9E+04", "number_mangled_by_excel"),
        ("9,5E+04", "number_mangled_by_excel"),
    ],
)
def test_what_is_no_price_is_refused_with_a_code_for_its_reason(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_price(typed)

    assert refused.value.code == code


def test_price_below_the_least_asked_for_proposes_a_thousand_times_as_much():
    with pytest.raises(ValueRefused) as refused:
        read_price("90", minimum=1000)

    assert refused.value.code == "price_too_low"
    assert refused.value.values["proposed_vnd"] == 90_000


def test_amount_may_be_nothing_where_that_is_allowed_but_never_less():
    with pytest.raises(ValueRefused) as refused:
        read_amount("-1", minimum=0)

    assert read_amount("0", minimum=0) == 0
    assert refused.value.code == "amount_negative"


def test_codes_of_amounts_say_amount_and_not_price():
    with pytest.raises(ValueRefused) as refused:
        read_amount("12,5")

    assert refused.value.code == "amount_ambiguous"


def test_refusal_shows_nothing_typed_in_its_own_text():
    with pytest.raises(ValueRefused) as refused:
        read_price("bí mật")

    assert str(refused.value) == "price_unreadable"
    assert "bí mật" not in repr(refused.value)


_MONEY_LETTERS = st.text(
    alphabet="0123456789.,  -+kKtrtỷđ₫ndnghìnrưỡinửa triệuE\u00a0", max_size=20
)


@settings(deadline=None, max_examples=400)
@given(st.text() | _MONEY_LETTERS)
@example("1" * 100_000)
@example("\ud800")
@example("İk")
def test_no_text_makes_the_reader_of_money_fail(text):
    vnd, refused = outcome(read_price, text)

    if refused is not None:
        assert refused.code.startswith(("price_", "number_"))
    else:
        assert 1 <= vnd <= HIGHEST_VND


@settings(deadline=None)
@given(st.integers(min_value=0, max_value=HIGHEST_VND), st.sampled_from(["vi", "en"]))
def test_printed_money_is_read_back_as_the_same_amount(vnd, lang):
    assert read_amount(formats.money(vnd, lang), minimum=0) == vnd


@pytest.mark.parametrize("typed", ["50.000đ/gói", "50k / hũ", "50k một quả", "50.000 đồng mỗi bó"])
def test_a_price_may_say_that_it_is_of_one_pack_and_an_amount_may_not(typed):
    with pytest.raises(ValueRefused) as refused:
        read_amount(typed)

    assert read_price(typed) == 50_000
    assert refused.value.code == "amount_unreadable"
