"""VietQR against the cases that other makers' libraries and the NAPAS document agree on."""

import io
import json
import unicodedata
from argparse import ArgumentParser

import pytest

from integrations import vietqr
from integrations.vietqr import commands

TRIED_HERE = {"encode", "encode_error", "decode", "crc16", "memo_transliterate", "memo_match"}


def dacsan_vietqr(*arguments, stdin=""):
    parser = ArgumentParser()
    commands.add_arguments(parser, "vi")
    parsed = parser.parse_args(arguments)
    stdout = io.StringIO()
    code = parsed.run(parsed, stdin=io.StringIO(stdin), stdout=stdout)
    return code, stdout.getvalue()


def as_options(values):
    given = {name: value for name, value in values.items() if value is not None}
    return [f"--{name.replace('_', '-')}={value}" for name, value in given.items()]


def is_as_expected(expected, outcome):
    """Does the outcome (what `decode` prints) fit, whichever of several was allowed?"""
    if "either" in expected:
        return any(is_as_expected(one, outcome) for one in expected["either"])
    if not expected["ok"]:
        return outcome.get("error") in expected["errors_accepted"]
    return all(outcome.get(key) == value for key, value in expected.items() if key != "ok")


@pytest.mark.vectors("vietqr.json", "encode")
def test_values_become_the_expected_code(case):
    payload = vietqr.encode(**case["input"])

    assert payload == case["expected"]["payload"]


@pytest.mark.vectors("vietqr.json", "encode")
def test_the_command_makes_the_same_code_from_options_and_from_json(case):
    line = case["expected"]["payload"] + "\n"

    from_options = dacsan_vietqr("encode", *as_options(case["input"]))
    from_json = dacsan_vietqr("encode", "-", stdin=json.dumps(case["input"]))

    assert from_options == from_json == (0, line)


@pytest.mark.vectors("vietqr.json", "encode")
def test_a_code_says_what_it_was_made_from(case):
    given = {key: value for key, value in case["input"].items() if key != "amount"}

    code = vietqr.decode(case["expected"]["payload"])

    assert {key: getattr(code, key) for key in given} == given
    assert code.amount_vnd == case["input"]["amount"]
    assert code.point == case["expected"]["point"]


@pytest.mark.vectors("vietqr.json", "encode_error")
def test_values_that_make_no_code_are_refused_for_the_expected_reason(case):
    with pytest.raises(vietqr.InvalidVietQR) as refusal:
        vietqr.encode(**case["input"])

    assert refusal.value.kind in case["expected"]["errors_accepted"]


@pytest.mark.vectors("vietqr.json", "encode_error")
def test_the_command_refuses_the_same_values(case):
    outcomes = [
        dacsan_vietqr("encode", *as_options(case["input"])),
        dacsan_vietqr("encode", "-", stdin=json.dumps(case["input"])),
    ]

    for code, output in outcomes:
        assert code == 1
        assert json.loads(output)["error"] in case["expected"]["errors_accepted"]


@pytest.mark.vectors("vietqr.json", "decode")
def test_a_code_is_read_or_refused_as_expected(case):
    code, output = dacsan_vietqr("decode", "--", case["input"]["payload"])
    outcome = json.loads(output)

    assert is_as_expected(case["expected"], outcome)
    assert code == ("error" in outcome)


@pytest.mark.vectors("vietqr.json", "crc16")
def test_the_check_value_is_the_expected_one(case):
    assert vietqr.crc16(case["input"]["text"]) == case["expected"]["crc"]


@pytest.mark.vectors("vietqr.json", "memo_transliterate")
def test_a_text_loses_its_marks_in_either_unicode_form(case):
    composed = unicodedata.normalize("NFC", case["input"]["text"])
    decomposed = unicodedata.normalize("NFD", case["input"]["text"])

    assert vietqr.memo(composed) == vietqr.memo(decomposed) == case["expected"]["ascii"]


@pytest.mark.vectors("vietqr.json", "memo_match")
def test_an_order_code_is_found_in_a_memo_as_expected(case):
    found = vietqr.find_order_code(case["input"]["memo"], case["input"]["open_codes"])

    assert found == case["expected"]["code"]


def test_no_kind_of_shared_case_is_left_out(shared):
    cases = json.loads((shared / "vectors" / "vietqr.json").read_text(encoding="utf-8"))["cases"]

    assert {case["kind"] for case in cases} == TRIED_HERE


def test_the_table_of_banks_agrees_with_the_shared_one(shared):
    theirs = json.loads((shared / "vectors" / "vietqr_banks.json").read_text(encoding="utf-8"))[
        "banks"
    ]
    doubtful = {"970414": "OCBKUS3M"}  # the country letters are not those of Viet Nam

    ours = [
        (
            bank.bin,
            bank.short_name,
            bank.name,
            bank.kind,
            bank.vietqr,
            bank.name_lookup,
            bank.state_bank_2023,
            bank.codes,
            bank.swift or doubtful.get(bank.bin),
        )
        for bank in vietqr.all_banks().values()
    ]

    assert ours == [
        (
            bank["bin"],
            bank["short_name"],
            bank["name"],
            bank["kind"],
            bank["vietqr"],
            bank["lookup_supported"],
            bank["in_state_bank_list_2023"],
            tuple(code for code in (bank["code"], *bank["other_codes"]) if code),
            bank["swift"],
        )
        for bank in theirs
    ]
