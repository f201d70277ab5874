"""Prices, packs and weights as members say them: read, or asked, never guessed."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import example, given, settings
from hypothesis import strategies as st

from shop import messages_forms
from shop.forms.characters import plain
from shop.forms.listing import Listing, understand
from shop.forms.listing import to_show_back as listing_to_show
from shop.forms.member_batch import BatchSaid, is_proposed, read_day
from shop.forms.member_batch import to_show_back as batch_to_show
from shop.forms.money import read_price
from shop.forms.read_back import is_obvious
from shop.forms.spoken_days import NAMED
from shop.forms.spoken_packs import read_pack
from shop.forms.spoken_prices import read_spoken_price
from shop.forms.spoken_weights import read_spoken_weight
from shop.forms.values import ValueRefused
from shop.forms.weights import read_weight

PRICES = {
    "90k": 90_000,
    "90.000đ": 90_000,
    "90 nghìn": 90_000,
    "chín mươi nghìn": 90_000,
    "Chín mươi ngàn đồng": 90_000,
    "chin muoi nghin": 90_000,
    "một trăm hai mươi nghìn": 120_000,
    "một trăm linh năm nghìn": 105_000,
    "hai trăm nghìn": 200_000,
    "trăm nghìn": 100_000,
    "năm lăm nghìn": 55_000,
    "hai mươi mốt nghìn": 21_000,
    "ba mươi lăm nghìn rưỡi": 35_500,
    "một triệu hai": 1_200_000,
    "nửa triệu": 500_000,
    "1tr2": 1_200_000,
    "2 trăm nghìn": 200_000,
    "9 chục nghìn": 90_000,
    "9 chục ngàn": 90_000,
    "trăm rưỡi nghìn": 150_000,
    "trăm rưỡi ngàn": 150_000,
    "hai trăm rưỡi nghìn": 250_000,
    "1 trăm 2 chục nghìn": 120_000,
    "trăm hai lăm nghìn": 125_000,
    "khoảng 90k": 90_000,
    "chừng 90 ngàn": 90_000,
    "giá 90k thôi": 90_000,
    "tầm chín chục nghìn ạ": 90_000,
    "90n": 90_000,
    "90 ng": 90_000,
    "90.000đ/gói": 90_000,
    "90.000đ/ gói": 90_000,
    "90k/hũ": 90_000,
    "90k một bó": 90_000,
    "chín mươi nghìn mỗi gói": 90_000,
    "90k/quả": 90_000,
    "5k/trái": 5_000,
    "triệu hai": 1_200_000,
    "triệu rưỡi": 1_500_000,
    "hai triệu tư": 2_400_000,
    "một triệu hai trăm": 1_200_000,
    "một triệu hai trăm nghìn": 1_200_000,
    "2 xị": 200_000,
    "xị rưỡi": 150_000,
    "một xị hai": 120_000,
}
WEIGHTS_G = {
    "28": 28_000,
    "12kg5": 12_500,
    "3 yến": 30_000,
    "hai mươi tám cân": 28_000,
    "hai muoi tam can": 28_000,
    "mười hai cân rưỡi": 12_500,
    "cân rưỡi": 1_500,
    "nửa cân": 500,
    "chục cân": 10_000,
    "hai lăm cân": 25_000,
    "ba lạng": 300,
    "hai tạ": 200_000,
    "1/2 kg": 500,
    "½ kg": 500,
    "1/4 ký": 250,
    "3/4 cân": 750,
    "nửa ký": 500,
    "nửa yến": 5_000,
    "ký mốt": 1_100,
    "ký hai": 1_200,
    "ký tư": 1_400,
    "kí rưỡi": 1_500,
    "ký rưỡi": 1_500,
    "một ký hai": 1_200,
    "mười hai ký tư": 12_400,
    "cân hai": 1_200,
    "ba cân lăm": 3_500,
    "yến rưỡi": 15_000,
    "tạ rưỡi": 150_000,
    "tạ hai": 120_000,
    "lạng rưỡi": 150,
    "hai lạng rưỡi": 250,
    "2 tạ 3 yến": 230_000,
    "3 cân 2 lạng": 3_200,
    "hai cân ba lạng": 2_300,
    "khoảng 30 cân": 30_000,
    "chừng ba chục ký": 30_000,
    "độ 2 tạ": 200_000,
    "được 28 cân": 28_000,
    "lối 30 ký": 30_000,
    "5 ki lô": 5_000,
    "trăm rưỡi cân": 150_000,
    "trăm ký": 100_000,
    "3 chục cân": 30_000,
}
PACKS = {
    "gói 200 g": "gói 200 g",
    "goi 200g": "gói 200 g",
    "hộp 2 lạng": "hộp 200 g",
    "chai nửa lít": "chai 500 ml",
    "chai 500ml": "chai 500 ml",
    "túi nửa cân": "túi 500 g",
    "một gói hai trăm gam": "gói 200 g",
    "mỗi gói nửa cân": "gói 500 g",
    "1 kg": "gói 1 kg",
    "1 lít rưỡi": "gói 1,5 lít",
    "hũ 1/2 kg": "hũ 500 g",
    "hủ ½ ký": "hũ 500 g",
    "bịch nửa ký": "túi 500 g",
    "bó 300g": "bó 300 g",
    "bo 300g": "bó 300 g",
    "lon 330ml": "lon 330 ml",
    "chai xị": "chai 250 ml",
    "chai 2 xị": "chai 500 ml",
    "chai xị rưỡi": "chai 375 ml",
    "trái 1 ký": "quả 1 kg",
    "quả 1,2 kg": "quả 1,2 kg",
    "10 quả 600 g": "10 quả 600 g",
    "chục 12 trái 2 ký": "12 trái 2 kg",
    "vỉ 10 trứng 600g": "vỉ 10 trứng 600 g",
    "10 quả trứng nửa cân": "10 quả trứng 500 g",
    "khoảng 200g": "gói 200 g",
}
ASKED = {
    "50,5": "price_ambiguous",
    "1tr25": "price_ambiguous",
    "90": "price_too_low",
    "chín chục": "price_too_low",
    "2 trăm": "price_too_low",
    "trăm rưỡi": "price_too_low",
    "ba chục": "price_too_low",
    "một trăm hai": "price_ambiguous",
    "trăm hai": "price_ambiguous",
    "một trăm hai nghìn": "price_ambiguous",
    "trăm tư nghìn": "price_ambiguous",
    "90k/kg": "price_per_measure",
    "90 nghìn một ký": "price_per_measure",
    "khoảng 90k/lạng": "price_per_measure",
    "40k/lít": "price_per_measure",
    "80-90k": "price_range",
    "90k/ngày": "price_unreadable",
    "rẻ thôi": "price_unreadable",
    "": "price_empty",
}
NO_PACK = {
    "": "pack_empty",
    "lọ": "pack_content_missing",
    "bó": "pack_content_missing",
    "một bó": "pack_content_missing",
    "10 quả": "pack_weight_missing",
    "vỉ 10 trứng": "pack_weight_missing",
    "chục 12": "pack_weight_missing",
    "chục trứng": "pack_ten_ambiguous",
    "một chục": "pack_ten_ambiguous",
    "chục trứng 600 g": "pack_ten_ambiguous",
    "bò 500g": "pack_unreadable",
    "kẹo 200g": "pack_unreadable",
    "1/0 kg": "pack_unreadable",
    "gói 200": "weight_unit_missing",
    "gói 1.250 kg": "weight_ambiguous",
    "một gói to": "pack_unreadable",
}


@pytest.mark.parametrize(("said", "vnd"), PRICES.items())
def test_a_price_is_read_as_people_say_it(said: str, vnd: int) -> None:
    assert read_spoken_price(said) == vnd


@pytest.mark.parametrize(("said", "grams"), WEIGHTS_G.items())
def test_a_weight_is_read_as_people_say_it(said: str, grams: int) -> None:
    assert read_spoken_weight(said) == grams


@pytest.mark.parametrize(("said", "label"), PACKS.items())
def test_a_pack_is_read_as_people_say_it(said: str, label: str) -> None:
    assert read_pack(said).label.replace("\u00a0", " ") == label


@pytest.mark.parametrize(("said", "code"), ASKED.items())
def test_a_price_that_could_be_another_is_asked(said: str, code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_spoken_price(said)

    assert refused.value.code == code


@pytest.mark.parametrize(("said", "code"), NO_PACK.items())
def test_a_pack_without_its_content_is_asked(said: str, code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_pack(said)

    assert refused.value.code == code


ASKED_WEIGHTS = {
    "một trăm hai cân": "weight_of_either",
    "trăm hai ký": "weight_of_either",
    "1.250 kg": "weight_ambiguous",
    "gần ba chục cân": "weight_rough",
    "20-25 cân": "weight_range",
    "vài cân": "weight_rough",
    "1/3 kg": "weight_too_fine",
    "3 bao": "weight_counted",
}


@pytest.mark.parametrize(("said", "code"), ASKED_WEIGHTS.items())
def test_a_weight_that_could_be_another_is_asked(said: str, code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_spoken_weight(said)

    assert refused.value.code == code


def test_what_lacks_its_thousand_is_proposed_and_both_readings_of_a_short_hundred() -> None:
    with pytest.raises(ValueRefused) as short:
        read_spoken_price("2 trăm")
    with pytest.raises(ValueRefused) as double:
        read_spoken_price("một trăm hai")

    assert short.value.values["proposed_vnd"] == 200_000
    assert double.value.values["high_vnd"] == 120_000
    assert double.value.values["low_vnd"] == 102_000


def test_a_price_by_weight_is_taken_for_a_pack_of_that_weight_alone() -> None:
    same, _pack, none = understand("90k/kg", "1 kg")
    other, _pack, refused = understand("90k/kg", "gói 200 g")

    assert (same, none) == (90_000, {})
    assert other is None
    assert refused["price"].code == "price_of_other_weight"
    assert refused["price"].values["proposed_vnd"] == 18_000


def test_a_pack_that_is_counted_keeps_its_count_and_what_it_is_packed_in() -> None:
    said = read_pack("vỉ 10 trứng 600g")

    assert (said.unit, said.pieces, said.net_quantity) == ("vỉ", "vỉ 10 trứng", 600)


TODAY = date(2027, 1, 9)
DAYS = {
    "20/11": date(2026, 11, 20),
    "20-11": date(2026, 11, 20),
    "ngày 20 tháng 11": date(2026, 11, 20),
    "5/1": date(2027, 1, 5),
    "hôm kia": date(2027, 1, 7),
    "bữa nay": TODAY,
    "chiều qua": date(2027, 1, 8),
}


@pytest.mark.parametrize(("said", "day"), DAYS.items())
def test_a_day_without_its_year_is_the_last_such_day(said: str, day: date) -> None:
    assert read_day(said, today=TODAY) == day


def test_a_day_without_its_year_is_shown_back_and_one_with_it_is_not() -> None:
    assert is_proposed("20/11", today=TODAY)
    assert not is_proposed("20/11/2026", today=TODAY)
    assert not is_proposed("hôm qua", today=TODAY)


@pytest.mark.parametrize(
    ("said", "code"),
    [("20/3", "date_not_come_too_old"), ("31/2", "date_invalid"), ("30/13", "date_month_invalid")],
)
def test_a_day_without_its_year_that_makes_no_sense_is_refused(said: str, code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_day(said, today=TODAY)

    assert refused.value.code == code


SAID = """một hai ba tư lăm mốt mười mươi trăm chục nghìn ngàn triệu rưỡi nửa linh lẻ khoảng xị
hăm tá củ chai x đến gần vài mùng rằm thứ bảy hôm trước tuần rồi mỗi cái bao túi lọc tháng này
cân ký lạng yến tạ lít gói hũ bó bịch lon quả trái chục trứng 1 2 12 90 1/2 ½ 0/0 / . , - đ k 90k
/kg /gói ¾ 1.250 năm tháng ngày 20/11 29/2 ² ٣"""
WORDS = st.lists(st.sampled_from(re.split(r"\s", SAID)), max_size=9).map(" ".join)


@pytest.mark.parametrize(
    "reader",
    [
        read_spoken_price,
        read_spoken_weight,
        read_pack,
        read_price,
        read_weight,
        lambda text: read_day(text, today=TODAY),
        lambda text: understand(text, text),
    ],
    ids=["price", "weight", "pack", "typed price", "typed weight", "day", "both"],
)
@given(text=st.one_of(st.text(max_size=60), WORDS))
@example(text="1" * 4000)
@example(text="trăm " * 400)
@example(text="một / kg / gói / 1/0 kg")
@settings(max_examples=150, deadline=None)
def test_no_text_breaks_a_reader_and_each_refusal_has_a_sentence(
    app_of_words: Flask, reader: Callable[[str], object], text: str
) -> None:
    refused = refusal(reader, text)

    if refused is not None:
        with app_of_words.test_request_context():
            assert messages_forms.sentence(refused)


@given(text=st.one_of(st.text(max_size=40), WORDS))
@example(text="90 000đ")
@example(text="gói 200g")
@example(text="28")
@example(text="20/11")
@settings(max_examples=400, deadline=None)
def test_no_value_is_taken_without_being_shown_back_or_standing_there_in_figures(
    text: str,
) -> None:
    price, pack, _refused = understand(text, text)
    grams = refusal_or_value(read_spoken_weight, text)
    day = refusal_or_value(lambda typed: read_day(typed, today=TODAY), text)
    typed = {"price": text, "pack": text, "quantity": text, "day": text}
    figures = re.sub(r"\D", "", plain(text))

    listing = Listing("Chè", price or 1, pack or read_pack("1 kg"), "")
    shown = listing_to_show(listing, typed)
    batch = BatchSaid(1, "made", "Chè", grams or 1, day or TODAY, None, "")
    told = batch_to_show(batch, typed, today=TODAY)

    assert price is None or "price" in shown or figures == str(price)
    assert pack is None or "pack" in shown or figures == re.sub(r"\D", "", pack.content("vi"))
    assert grams is None or "quantity" in told or is_obvious(text)
    assert day is None or "day" in told or figures or plain(text) in NAMED


def refusal_or_value(reader: Callable[[str], Any], text: str) -> Any:
    """Return the value that `reader` takes; nothing where it refuses."""
    try:
        return reader(text)
    except ValueRefused:
        return None


def refusal(reader: Callable[[str], object], text: str) -> ValueRefused | None:
    try:
        reader(text)
    except ValueRefused as refused:
        return refused
    return None


@pytest.fixture(scope="module")
def app_of_words() -> Flask:
    """An application that knows the languages and nothing else."""
    app = Flask("words")
    Babel(app)
    return app
