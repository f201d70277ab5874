"""The bad-input cases that are about one value, read from the shared folder."""

import json
from datetime import date, timedelta

import pytest

from shop.forms.bank_accounts import read_account_number, read_holder_name
from shop.forms.dates import check_expiry, read_date
from shop.forms.lots import read_lot
from shop.forms.money import read_price
from shop.forms.numbers import read_count
from shop.forms.phones import national, read_phone
from shop.forms.text import read_name, read_text
from shop.forms.values import ValueRefused, refuse_excel_damage
from shop.forms.weights import check_pack_weight, read_weight
from shop.messages_forms import sentence

TODAY = date(2026, 11, 22)


@pytest.fixture
def case(shared):
    """Give what is typed in a case and what should come of it."""
    folder = shared / "data" / "bad_input"
    cases = {case["id"]: case for case in json.loads((folder / "index.json").read_text())["cases"]}

    def load(case_id):
        payload = json.loads((folder / cases[case_id]["file"]).read_text())["payload"]
        return payload, cases[case_id]["expected"]

    return load


def read_pack_weight(payload):
    grams = read_weight(payload["net_weight"], unit=payload["net_unit"])
    return check_pack_weight(grams, price_vnd=read_price(payload["price"]))


def read_expiry(payload):
    made_on = read_date(payload["produced_on"], today=TODAY)
    return check_expiry(made_on, read_date(payload["expires_on"], today=TODAY))


@pytest.mark.parametrize(
    ("case_id", "read"),
    [
        ("S03", lambda payload: read_price(payload["price"])),
        ("S04", lambda payload: read_price(payload["price"])),
        ("S06", lambda payload: read_date(payload["produced_on"], today=TODAY)),
        ("S07", read_expiry),
        ("S08", read_pack_weight),
        ("S12", lambda payload: read_name(payload["name"])),
        ("S24", lambda payload: read_account_number(payload["account_number"])),
    ],
)
def test_case_is_refused_with_its_code_and_a_sentence_that_helps(case, case_id, read):
    payload, expected = case(case_id)

    with pytest.raises(ValueRefused) as refused:
        read(payload)

    error = expected["error"]
    assert refused.value.code == error["code"]
    said = sentence(refused.value).lower()
    assert any(word in said for word in error["message_must_mention_any_of"])


@pytest.mark.parametrize(
    ("case_id", "read"),
    [
        ("S01", lambda payload: {"price_vnd": read_price(payload["price"])}),
        ("S02", lambda payload: {"price_vnd": read_price(payload["price"])}),
        (
            "S05",
            lambda payload: {
                "produced_on": read_date(payload["produced_on"], today=TODAY).isoformat()
            },
        ),
        ("S10", lambda payload: {"lot_code": read_lot(payload["lot_code"])}),
        ("S13", lambda payload: {"description": read_text(payload["description"])}),
        ("S14", lambda payload: {"name": read_name(payload["name"])}),
        ("S15", lambda payload: {"lot_code": read_lot(payload["q"])}),
        ("S16", lambda payload: {"name": read_name(payload["name"])}),
        (
            "S25",
            lambda payload: {
                "account_number": read_account_number(payload["account_number"]),
                "account_name": read_holder_name(payload["account_name"]),
            },
        ),
        (
            "S26",
            lambda payload: {"phones": [national(read_phone(one)) for one in payload["phones"]]},
        ),
    ],
)
def test_case_is_accepted_and_normalised(case, case_id, read):
    payload, expected = case(case_id)

    assert read(payload) == expected["normalised"]


def test_fresh_and_dry_weight_of_s09_are_read_for_the_balance(case):
    payload, _ = case("S09")

    assert read_weight(payload["fresh_in"]) == 100_000
    assert read_weight(payload["dry_out"]) == 60_000


def test_lot_of_s11_is_read_as_the_lot_that_exists(case):
    payload, _ = case("S11")

    assert [read_lot(payload["lot_code"])] == payload["existing"]


def test_waiting_days_of_s27_give_the_earliest_harvest(case):
    payload, _ = case("S27")
    spray = payload["inputs"][0]

    applied_on = read_date(spray["applied_on"], today=TODAY)
    earliest = applied_on + timedelta(days=read_count(spray["phi_days"]))

    assert earliest == date(2026, 10, 24)
    assert read_date(payload["harvested_on"], today=TODAY) < earliest


def test_barcode_of_s17_is_known_as_damaged_by_excel(shared):
    lines = (shared / "data/bad_input/S17_excel_gtin.csv").read_text("utf-8-sig").splitlines()

    with pytest.raises(ValueRefused) as refused:
        refuse_excel_damage(lines[1].split(",")[3])

    assert refused.value.code == "number_mangled_by_excel"
    assert "excel" in sentence(refused.value).lower()


def test_text_of_s21_is_known_as_written_in_an_old_font(shared):
    text = (shared / "data/bad_input/S21_csv_tcvn3.csv").read_text("latin-1")

    with pytest.raises(ValueRefused) as refused:
        read_text(text)

    assert refused.value.code == "legacy_encoding"
    assert "Chè móc câu La Bằng" in str(refused.value.values["proposed"])
