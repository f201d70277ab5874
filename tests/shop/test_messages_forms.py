"""Every refusal of a typed value has one sentence, filled with its values."""

import ast
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import given, settings
from hypothesis import strategies as st

import shop.forms
from shop.forms import fee_tables
from shop.forms.areas import read_area
from shop.forms.bank_accounts import read_account_number, read_holder_name
from shop.forms.checkout import read_email
from shop.forms.counted_goods import read_quantity
from shop.forms.dates import check_expiry, read_date, read_month
from shop.forms.delivery_methods import read_template
from shop.forms.fee_tables import NamedPlace, read_fee_table
from shop.forms.invoices import read_number
from shop.forms.listing import understand
from shop.forms.lots import read_lot
from shop.forms.money import read_amount, read_price
from shop.forms.numbers import read_count
from shop.forms.office_orders import read_tracking_code
from shop.forms.people import read_password
from shop.forms.phones import read_phone
from shop.forms.problem import read_reason
from shop.forms.reviews import read_review_text, read_stars
from shop.forms.spoken_counts import read_said_count
from shop.forms.spoken_packs import check_pack_size, read_pack
from shop.forms.spoken_prices import read_price_asking, read_spoken_price
from shop.forms.spoken_weights import read_spoken_weight
from shop.forms.stock_watches import read_contact
from shop.forms.synonyms import read_group
from shop.forms.tax_codes import read_household_code, read_personal_number, read_tax_code
from shop.forms.text import read_line, read_name
from shop.forms.times import read_moment, read_time
from shop.forms.values import ValueRefused
from shop.forms.vouchers import read_new_code
from shop.forms.weights import check_pack_weight, read_volume, read_weight
from shop.forms.years import read_birth_year
from shop.messages_forms import SENTENCES, sentence, understood
from shop.models.catalog import NetUnit, Pack
from tests.support.reading import outcome

TODAY = date(2026, 11, 22)


def on(text, **bounds):
    return read_date(text, today=TODAY, **bounds)


def raised(refused):
    raise refused


def place_of(words):
    return NamedPlace("46", words)


def first_row(text):
    return fee_tables.read_row(text, place_of)


def land(text, unit="m2"):
    return read_area(text, region="north", unit=unit)


BOTTLE = Pack(
    label="chai 500 ml", unit="chai", mass_g=700, net_quantity=500, net_unit=NetUnit.MILLILITRE
)
DEMIJOHN = Pack(
    label="chai 1 lít", unit="chai", mass_g=1_400, net_quantity=1000, net_unit=NetUnit.MILLILITRE
)

REFUSALS = {
    "tax_code_empty": lambda: read_tax_code(" "),
    "tax_code_unreadable": lambda: read_tax_code("MST 03"),
    "tax_code_length": lambda: read_tax_code("030058856"),
    "tax_code_wrong": lambda: read_tax_code("0300588568"),
    "household_code_length": lambda: read_household_code("03005885"),
    "personal_number_length": lambda: read_personal_number("0190850"),
    "invoice_number_empty": lambda: read_number(" "),
    "invoice_number_unreadable": lambda: read_number("so"),
    "synonyms_too_few": lambda: read_group("lạc"),
    "synonyms_too_many": lambda: read_group(",".join(f"từ {one}" for one in "aabbccddee")),
    "synonym_too_short": lambda: read_group("a, bắp"),
    "synonym_too_long": lambda: read_group("ngô, một hai ba bốn năm"),
    "synonym_odd": lambda: read_group("ngô, b@p"),
    "synonym_twice": lambda: read_group("chè, CHE"),
    "voucher_code_short": lambda: read_new_code("a-1"),
    "contact_empty": lambda: read_contact(" "),
    "stars_empty": lambda: read_stars("6"),
    "problem_reason_empty": lambda: read_reason(""),
    "review_has_phone": lambda: read_review_text("Ngon, gọi 0912.345.678 mua thêm"),
    "review_has_link": lambda: read_review_text("Xem ở www.vidu.example"),
    "review_has_markup": lambda: read_review_text("<b>Ngon</b>"),
    "price_empty": lambda: read_price(""),
    "price_unreadable": lambda: read_price("abc"),
    "price_ambiguous": lambda: read_price("50,5"),
    "price_not_positive": lambda: read_price("0"),
    "price_too_low": lambda: read_price("90", minimum=1000),
    "price_slang": lambda: read_spoken_price("một chai rưỡi"),
    "price_said": lambda: read_price_asking("chín mươi nghìn"),
    "price_range": lambda: read_spoken_price("80-90k"),
    "price_rough": lambda: read_spoken_price("vài chục nghìn"),
    "price_foreign": lambda: read_spoken_price("4 đô"),
    "price_per_count": lambda: read_spoken_price("100k 3 bó"),
    "price_of_other_count": lambda: raised(understand("100k 2 bó", "bó 300 g")[2]["price"]),
    "price_too_high": lambda: read_price("2 tỷ"),
    "fee_rows": lambda: read_fee_table("Huế", find_place=place_of),
    "fee_rows_many": lambda: read_fee_table("Huế | 2 kg | 25k\n" * 81, find_place=place_of),
    "fee_row_parts": lambda: first_row("Huế | 2 kg"),
    "fee_row_endless": lambda: first_row("Huế | | 25k | 5k"),
    "fee_place_unknown": lambda: first_row(", | 2 kg | 25k"),
    "fee_place_unclear": lambda: raised(ValueRefused("fee_place_unclear", typed="xã A (Huế)")),
    "tracking_code_unreadable": lambda: read_tracking_code("mã 12?"),
    "tracking_template_unreadable": lambda: read_template("http://post.example/{code}"),
    "amount_empty": lambda: read_amount(""),
    "amount_unreadable": lambda: read_amount("abc"),
    "amount_ambiguous": lambda: read_amount("50,5"),
    "amount_not_positive": lambda: read_amount("0"),
    "amount_negative": lambda: read_amount("-1", minimum=0),
    "amount_too_low": lambda: read_amount("5", minimum=1000),
    "amount_too_high": lambda: read_amount("2 tỷ"),
    "count_empty": lambda: read_count(""),
    "count_unreadable": lambda: read_count("abc"),
    "count_not_whole": lambda: read_count("1,5"),
    "count_rough": lambda: read_said_count("vài gói"),
    "count_in_tens": lambda: read_said_count("2 chục"),
    "count_of_other_unit": lambda: read_said_count("200 chai", unit="gói"),
    "count_too_low": lambda: read_count("-1"),
    "count_too_high": lambda: read_count("2000000"),
    "number_mangled_by_excel": lambda: read_count("8.93E+12"),
    "weight_empty": lambda: read_weight(""),
    "weight_unreadable": lambda: read_weight("abc"),
    "weight_ambiguous": lambda: read_weight("12kg50"),
    "weight_of_either": lambda: read_spoken_weight("một trăm hai cân"),
    "weight_range": lambda: read_spoken_weight("20-25 cân"),
    "weight_rough": lambda: read_spoken_weight("vài cân"),
    "weight_each_or_all": lambda: read_spoken_weight("2 bao 50 kg"),
    "weight_in_litres": lambda: read_spoken_weight("50 lít"),
    "weight_counted": lambda: read_spoken_weight("200 cái"),
    "weight_from_packs": lambda: read_quantity("200 chai", packs=[BOTTLE]),
    "weight_of_packs": lambda: read_quantity("200 chai", packs=[BOTTLE, DEMIJOHN]),
    "weight_unit_missing": lambda: read_weight("12", unit=None),
    "weight_not_positive": lambda: read_weight("0"),
    "weight_too_fine": lambda: read_weight("0,5 g"),
    "weight_too_low": lambda: read_weight("1 g", minimum=10),
    "weight_too_high": lambda: read_weight("2000 tấn"),
    "weight_implausible": lambda: check_pack_weight(500_000),
    "weight_too_heavy_for_pack": lambda: check_pack_weight(60_500),
    "volume_empty": lambda: read_volume(""),
    "volume_unreadable": lambda: read_volume("abc"),
    "volume_ambiguous": lambda: read_volume("1,000 ml"),
    "volume_unit_missing": lambda: read_volume("12", unit=None),
    "volume_not_positive": lambda: read_volume("0"),
    "volume_too_fine": lambda: read_volume("0,5 ml"),
    "volume_too_low": lambda: read_volume("1 ml", minimum=10),
    "volume_too_high": lambda: read_volume("2000000 lít"),
    "area_empty": lambda: land(""),
    "area_unreadable": lambda: land("abc"),
    "area_ambiguous": lambda: land("1,000 m2"),
    "area_unit_missing": lambda: land("12", unit=None),
    "area_not_positive": lambda: land("0"),
    "area_too_high": lambda: land("20000 ha"),
    "date_empty": lambda: on(""),
    "date_unreadable": lambda: on("abc"),
    "date_year_missing": lambda: on("5/11"),
    "date_said": lambda: on("thứ bảy vừa rồi"),
    "date_beginning": lambda: on("mùng 5"),
    "date_lunar": lambda: on("rằm"),
    "date_vague": lambda: on("mấy hôm trước"),
    "date_not_come": lambda: on("25/12", latest=TODAY),
    "date_not_come_too_old": lambda: on("25/12", earliest=date(2026, 9, 1), latest=TODAY),
    "date_invalid": lambda: on("31/11/2026"),
    "date_month_invalid": lambda: on("31/25/2026"),
    "date_month_first": lambda: on("11/25/2026"),
    "date_day_missing": lambda: on("3/2026"),
    "date_too_early": lambda: on("01/01/1800"),
    "date_too_late": lambda: on("01/01/2200"),
    "date_in_past": lambda: on("hôm qua", earliest=TODAY),
    "date_in_future": lambda: on("mai", latest=TODAY),
    "expiry_before_production": lambda: check_expiry(TODAY, date(2026, 1, 1)),
    "year_unreadable": lambda: read_birth_year("xưa", today=TODAY),
    "year_implausible": lambda: read_birth_year("1850", today=TODAY),
    "year_unsure": lambda: read_birth_year("58", today=TODAY),
    "month_unreadable": lambda: read_month(""),
    "time_empty": lambda: read_time(""),
    "time_unreadable": lambda: read_time("abc"),
    "time_invalid": lambda: read_time("25:00"),
    "moment_unreadable": lambda: read_moment("abc", today=TODAY),
    "password_too_short": lambda: read_password("a"),
    "password_too_long": lambda: read_password("a" * 2000),
    "email_unreadable": lambda: read_email("hoa"),
    "phone_empty": lambda: read_phone(""),
    "phone_unreadable": lambda: read_phone("abc"),
    "phone_foreign": lambda: read_phone("+12025550123"),
    "phone_more_than_one": lambda: read_phone("0912345678/0987654321"),
    "phone_missing_zero": lambda: read_phone("912345678"),
    "phone_too_short": lambda: read_phone("091234567"),
    "phone_too_long": lambda: read_phone("09123456789"),
    "phone_old_eleven_digits": lambda: read_phone("01234567890"),
    "phone_landline_invalid": lambda: read_phone("02301234567"),
    "phone_unknown_prefix": lambda: read_phone("0412345678"),
    "name_empty": lambda: read_name(""),
    "name_too_short": lambda: read_name("a", shortest=2),
    "name_too_long": lambda: read_name("a" * 1300),
    "name_has_markup": lambda: read_name("<b>Chè</b>"),
    "text_empty": lambda: read_line(""),
    "text_too_long": lambda: read_line("a" * 1300),
    "text_has_control": lambda: read_line("\x00"),
    "text_damaged": lambda: read_line("\ufffd"),
    "letters_broken": lambda: read_name("TrÃ  La Báº±ng"),
    "legacy_encoding": lambda: read_name("ChÌ mãc c©u"),
    "lot_empty": lambda: read_lot(""),
    "lot_too_long": lambda: read_lot("A" * 21),
    "lot_not_one": lambda: read_lot("<b>"),
    "lot_has_other_letters": lambda: read_lot("茶"),
    "account_empty": lambda: read_account_number(""),
    "account_unreadable": lambda: read_account_number("?"),
    "account_too_short": lambda: read_account_number("1"),
    "account_too_long": lambda: read_account_number("1" * 20),
    "looks_like_card_number": lambda: read_account_number("9704051234567890"),
    "pack_empty": lambda: read_pack(""),
    "pack_unreadable": lambda: read_pack("một gói to"),
    "pack_content_missing": lambda: read_pack("lọ"),
    "pack_weight_missing": lambda: read_pack("10 quả"),
    "pack_ten_ambiguous": lambda: read_pack("chục trứng"),
    "pack_each_or_all": lambda: read_pack("thùng 12 hộp 1 kg"),
    "pack_heavy": lambda: check_pack_size(read_pack("500 kg")),
    "pack_unit_missing": lambda: read_pack("chai 65"),
    "pack_cheap": lambda: check_pack_size(read_pack("40 kg"), price_vnd=15_000),
    "price_per_measure": lambda: read_price("90k/kg"),
    "price_dear": lambda: raised(understand("một tỷ", "gói 200 g")[2]["price"]),
    "price_of_other_weight": lambda: raised(understand("90k/kg", "gói 200 g")[2]["price"]),
    "holder_empty": lambda: read_holder_name(""),
    "holder_unreadable": lambda: read_holder_name("123"),
    "holder_too_long": lambda: read_holder_name("A" * 99),
}


def test_every_sentence_belongs_to_a_refusal_that_happens():
    assert set(REFUSALS) == set(SENTENCES)


@pytest.mark.parametrize("code", sorted(REFUSALS))
def test_refusal_has_a_sentence_with_every_value_filled_in(code):
    with pytest.raises(ValueRefused) as refused:
        REFUSALS[code]()

    said = sentence(refused.value)
    assert refused.value.code == code
    assert said[0].isupper() or said.startswith("“")
    assert "%(" not in said
    assert said == unicodedata.normalize("NFC", said)


def test_every_code_written_in_the_readers_has_a_sentence():
    codes = set()
    for path in Path(shop.forms.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "ValueRefused":
                codes.update(
                    item.value
                    for item in ast.walk(node.args[0])
                    if isinstance(item, ast.Constant)
                    and isinstance(item.value, str)
                    and not item.value.startswith("_")
                )

    assert "phone_foreign" in codes
    assert codes <= set(SENTENCES)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (
            "price_ambiguous",
            "Chưa rõ giá “50,5” là 50.500\u00a0₫ hay 50\u00a0₫. Xin ghi đủ số, ví dụ 50.500",
        ),
        (
            "phone_too_short",
            "Số điện thoại thiếu 1 số. Số đúng có 10 chữ số, ví dụ 0912 345 678",
        ),
        (
            "weight_implausible",
            "Một gói nặng 500\u00a0kg? Có phải là 500\u00a0g? Xin xem lại đơn vị, kg hay g",
        ),
        ("date_year_missing", "Ngày còn thiếu năm. Có phải là 05/11/2026?"),
        ("name_too_long", "Tên dài quá 120 chữ. Xin bớt 1.180 chữ"),
    ],
)
def test_values_stand_in_the_sentence_as_people_read_them(code, said):
    with pytest.raises(ValueRefused) as refused:
        REFUSALS[code]()

    assert sentence(refused.value) == said


def test_landline_too_short_is_shown_a_landline_as_example():
    with pytest.raises(ValueRefused) as refused:
        read_phone("0281234567")

    assert "11 chữ số, ví dụ 0208 3855 123" in sentence(refused.value)


def test_long_typed_text_is_cut_in_the_sentence():
    with pytest.raises(ValueRefused) as refused:
        read_price("x" * 500)

    assert "x" * 40 + "…" in sentence(refused.value)
    assert "x" * 41 not in sentence(refused.value)


def test_what_was_understood_is_said_under_the_field():
    app = Flask(__name__)
    Babel(app, default_locale="vi")

    with app.test_request_context():
        assert understood("12,5 kg") == "Hiểu là 12,5 kg"


def test_values_are_formatted_for_the_language_of_the_request():
    app = Flask(__name__)
    Babel(app, default_locale="en")

    with app.test_request_context(), pytest.raises(ValueRefused) as refused:
        read_price("2 tỷ")
    with app.test_request_context():
        said = sentence(refused.value)

    assert "1,000,000,000\u00a0₫" in said


_READERS = [read_price, read_amount, read_count, read_weight, on, read_phone, read_name, read_lot]


@settings(deadline=None, max_examples=300)
@given(st.sampled_from(_READERS), st.text() | st.text(alphabet="0123456789.,%- k", max_size=12))
def test_whatever_is_refused_gets_a_sentence(read, text):
    _, refused = outcome(read, text)

    assert refused is None or len(sentence(refused)) > 10
