"""Weights, volumes and land in the units of the market become whole grams, ml and m²."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop import formats
from shop.forms.areas import LARGEST_M2, Area, read_area
from shop.forms.values import ValueRefused
from shop.forms.weights import HEAVIEST_G, check_pack_weight, read_volume, read_weight
from tests.support.reading import outcome


@pytest.mark.parametrize(
    ("typed", "grams"),
    [
        ("3 lạng", 300),
        ("3 lang", 300),
        ("1,5 kg", 1500),
        ("1.5 kg", 1500),
        ("2 yến", 20_000),
        ("1 tạ", 100_000),
        ("1.5 tấn", 1_500_000),
        ("1,5 tan", 1_500_000),
        ("12kg5", 12_500),
        ("12 kg 5", 12_500),
        ("12kg500", 12_500),
        ("12kg 500g", 12_500),
        ("12,5 kg", 12_500),
        ("12,5kg", 12_500),
        ("12.5 KG", 12_500),
        ("nửa cân", 500),
        ("nua can", 500),
        ("nửa lạng", 50),
        ("1 cân rưỡi", 1500),
        ("2 cân 3 lạng", 2300),
        ("2 cân 3", 2300),
        ("3 lạng rưỡi", 350),
        ("1 yến 5", 15_000),
        ("2 tạ rưỡi", 250_000),
        ("1 tấn 250 kg", 1_250_000),
        ("28 cân", 28_000),
        ("28 ký", 28_000),
        ("28", 28_000),
        ("500g", 500),
        ("500 gam", 500),
        ("1.000 g", 1000),
        ("1 000 g", 1000),
        ("0.500 kg", 500),
        ("1,255 kg", 1255),
        ("1250 kg", 1_250_000),
        ("1 250 kg", 1_250_000),
        ("1.250,5 kg", 1_250_500),
        ("1,25 tấn", 1_250_000),
        ("１２，５ kg", 12_500),
        ("12,5\u00a0kg", 12_500),
    ],
)
def test_weight_is_read_as_people_say_it(typed, grams):
    assert read_weight(typed) == grams


def test_number_alone_is_in_the_unit_of_the_field():
    assert read_weight("1000", unit="g") == 1000
    assert read_weight("1000", unit="kg") == 1_000_000


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("", "weight_empty"),
        ("0 kg", "weight_not_positive"),
        ("-5 kg", "weight_not_positive"),
        ("12kg50", "weight_ambiguous"),
        ("1 tạ 200", "weight_ambiguous"),
        ("1,000 g", "weight_ambiguous"),
        ("1.250 kg", "weight_ambiguous"),
        ("1.250", "weight_ambiguous"),
        ("1.25.0 kg", "weight_ambiguous"),
        ("0,5 g", "weight_too_fine"),
        ("1,2345 kg", "weight_too_fine"),
        ("1001 tấn", "weight_too_high"),
        ("1.000 tấn", "weight_ambiguous"),
        ("2 tá", "weight_unreadable"),
        ("5 kgx", "weight_unreadable"),
        ("1-2 kg", "weight_unreadable"),
        ("1 kg 1500 g", "weight_unreadable"),
        ("3 lạng 2 kg", "weight_unreadable"),
        ("1,5 kg 5", "weight_unreadable"),
        ("nhiều", "weight_unreadable"),
        ("1/0 kg", "weight_unreadable"),
        ("1/2", "weight_unreadable"),
        ("9" * 5000, "weight_unreadable"),
        ("5E+02", "number_mangled_by_excel"),
    ],
)
def test_what_is_no_weight_is_refused_with_a_code_for_its_reason(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_weight(typed)

    assert refused.value.code == code


def test_number_alone_is_refused_where_the_unit_must_be_written():
    with pytest.raises(ValueRefused) as refused:
        read_weight("500", unit=None)

    assert refused.value.code == "weight_unit_missing"


def test_weight_below_the_least_asked_for_is_refused():
    with pytest.raises(ValueRefused) as refused:
        read_weight("50 g", minimum=100)

    assert (refused.value.code, refused.value.values) == ("weight_too_low", {"minimum_g": 100})


def test_pack_of_half_a_tonne_is_asked_about_with_the_same_figure_in_grams():
    with pytest.raises(ValueRefused) as refused:
        check_pack_weight(500_000)

    assert refused.value.code == "weight_implausible"
    assert refused.value.values == {"typed_g": 500_000, "proposed_g": 500}


def test_pack_too_cheap_for_its_weight_is_asked_about():
    with pytest.raises(ValueRefused) as refused:
        check_pack_weight(40_000, price_vnd=15_000)

    assert refused.value.code == "weight_implausible"


def test_sack_of_fifty_kilograms_at_an_ordinary_price_is_believed():
    assert check_pack_weight(50_000, price_vnd=900_000) == 50_000


def test_heavy_pack_without_a_whole_number_of_kilograms_gets_no_proposal():
    with pytest.raises(ValueRefused) as refused:
        check_pack_weight(60_500)

    assert refused.value.code == "weight_too_heavy_for_pack"


@pytest.mark.parametrize(
    ("typed", "millilitres"),
    [
        ("500 ml", 500),
        ("500", 500),
        ("1,5 lít", 1500),
        ("1 lít rưỡi", 1500),
        ("nửa lít", 500),
        ("1l", 1000),
        ("1.000 ml", 1000),
        ("250cc", 250),
        ("2 khối", 2_000_000),
    ],
)
def test_volume_is_read_into_millilitres(typed, millilitres):
    assert read_volume(typed) == millilitres


@pytest.mark.parametrize(
    ("typed", "region", "area"),
    [
        ("hai sào rưỡi", "north", Area(900, "sào")),
        ("hai sào", "north", Area(720, "sào")),
        ("sào rưỡi", "centre", Area(750, "sào")),
        ("một mẫu hai sào", "north", Area(4_320, "mẫu")),
        ("2 sào", "north", Area(720, "sào")),
        ("2 sào", "centre", Area(1000, "sào")),
        ("2 công", "south", Area(2000, "công")),
        ("1 mẫu", "north", Area(3600, "mẫu")),
        ("1 sào rưỡi", "north", Area(540, "sào")),
        ("0,65 ha", "north", Area(6500, "ha")),
        ("1.500 m²", "north", Area(1500, "m²")),
        ("1500", "north", Area(1500, "m2")),
        ("1,333 sào", "north", Area(480, "sào")),
    ],
)
def test_land_is_read_into_square_metres_and_remembers_the_unit(typed, region, area):
    assert read_area(typed, region=region) == area


@pytest.mark.parametrize(
    ("typed", "code"),
    [("0 sào", "area_not_positive"), ("20000 ha", "area_too_high"), ("2 thửa", "area_unreadable")],
)
def test_impossible_land_is_refused(typed, code):
    with pytest.raises(ValueRefused) as refused:
        read_area(typed, region="north")

    assert refused.value.code == code


_WEIGHT_LETTERS = st.text(alphabet="0123456789., -kgKGlạngyếntấnrưỡinửacântạ²E+", max_size=24)


@settings(deadline=None, max_examples=400)
@given(st.text() | _WEIGHT_LETTERS)
@example("1 " * 5000)
@example("1kg" * 5000)
def test_no_text_makes_the_reader_of_weights_fail(text):
    grams, refused = outcome(read_weight, text)

    if refused is not None:
        assert refused.code.startswith(("weight_", "number_"))
    else:
        assert 1 <= grams <= HEAVIEST_G


@settings(deadline=None)
@given(st.text() | st.text(alphabet="0123456789., -mlítsàohacông²rưỡi", max_size=20))
def test_no_text_makes_the_readers_of_volume_and_land_fail(text):
    for read in (read_volume, lambda typed: read_area(typed, region="north").m2):
        value, refused = outcome(read, text)
        if refused is not None:
            assert refused.code.startswith(("volume_", "area_", "number_"))
        else:
            assert value >= 1


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=HEAVIEST_G))
def test_printed_weight_is_read_back_as_the_same_grams(grams):
    assert read_weight(formats.weight(grams)) == grams


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=HEAVIEST_G))
def test_printed_volume_is_read_back_as_the_same_millilitres(value):
    assert read_volume(formats.volume(value)) == value


@settings(deadline=None)
@given(st.integers(min_value=1, max_value=LARGEST_M2))
def test_printed_area_is_read_back_as_the_same_square_metres(square_metres):
    assert read_area(formats.area(square_metres), region="north").m2 == square_metres
