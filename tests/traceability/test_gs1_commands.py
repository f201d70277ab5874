"""`dacsan gs1` as a person at a terminal, or a program at the other end of a pipe, meets it."""

import argparse
import doctest
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import traceability
from traceability import commands, messages
from traceability.errors import TraceabilityError

README = Path(traceability.__file__).with_name("README.md")
CODES = [
    "application_identifiers",
    "digital_link",
    "digital_link_syntax",
    "element_string",
    "epc",
    "gtin",
    "lot",
    "scan",
]
STARTED = (
    "import argparse, sys; from traceability import commands; p = argparse.ArgumentParser();"
    "commands.add_arguments(p, 'en'); a = p.parse_args(sys.argv[1:]);"
    "code = a.run(a, stdin=sys.stdin, stdout=sys.stdout);"
    "print(*sorted(sys.modules), file=sys.stderr); sys.exit(code)"
)


def run(*arguments, stdin="", lang="vi"):
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser, lang)
    parsed = parser.parse_args(arguments)
    stdout = io.StringIO()
    code = parsed.run(parsed, stdin=io.StringIO(stdin), stdout=stdout)
    return code, json.loads(stdout.getvalue())


def test_digital_link_is_explained():
    code, answer = run(
        "parse", "http://Chelabang.example/t/01/09521321100015/10/LB%2ft1?17=271112"
    )

    assert code == 0
    assert answer == {
        "kind": "digital_link",
        "ais": [["01", "09521321100015"], ["10", "LB/t1"], ["17", "271112"]],
        "digital_link": "http://chelabang.example/01/09521321100015/10/LB%2Ft1?17=271112",
        "canonical": "https://id.gs1.org/01/09521321100015/10/LB%2Ft1?17=271112",
    }


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1:21000/01/02000001010006/10/LBT-261103-01",
        "https://htx.example/01/02000001010006/10/LBT-261103-01",
    ],
)
def test_the_address_that_was_given_is_the_one_that_opens(address):
    assert run("parse", address)[1]["digital_link"] == address


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("(01)09521321100015(10)L1", "element_string"),
        ("010952132110001510L1", "element_string"),
        ("urn:epc:class:lgtin:9521321.010001.L1", "epc_urn"),
    ],
)
def test_every_notation_of_a_lot_has_the_same_address(text, kind):
    code, answer = run("parse", text)

    address = "https://id.gs1.org/01/09521321100015/10/L1"
    assert (code, answer["kind"]) == (0, kind)
    assert answer["digital_link"] == answer["canonical"] == address


def test_bare_number_is_a_key():
    assert run("parse", "9521321100015")[1]["kind"] == "key"


def test_internal_number_gets_no_address_of_gs1():
    code, answer = run("parse", "2000000000015")

    assert (code, answer["ais"]) == (0, [["01", "02000000000015"]])
    assert answer["digital_link"] is answer["canonical"] is None


def test_refusal_is_vietnamese_by_default_and_english_on_request():
    code, vietnamese = run("parse", "9521321100014")
    _, english = run("parse", "9521321100014", lang="en")

    assert (code, vietnamese["error"]) == (1, "bad_check_digit")
    assert vietnamese["message"].startswith("Số kiểm tra ở cuối không khớp")
    assert english["message"] == "9521321100014 should end in 5"


def test_two_hyphens_end_the_options():
    assert run("parse", "--", "-x")[1]["error"] == "not_digital_link"
    assert run("parse", "--", "--help")[1]["error"] == "not_digital_link"
    assert run("parse", "--json", "--", "9521321100015")[0] == 0


@pytest.mark.parametrize(
    "stdin",
    [
        "",
        "[]",
        "null",
        "{",
        "{}",
        '{"op": "fly", "input": "x"}',
        '{"op": ["gtin_pad"], "input": "x"}',
        '{"op": "gtin_pad"}',
        '{"op": "gtin_pad", "input": 9521321100015}',
        '{"op": "gtin_pad", "input": "1", "params": "x"}',
        '{"op": "validate_key", "input": "1"}',
        '{"op": "yymmdd", "input": "261112"}',
        '{"op": "yymmdd", "input": "261112", "params": {"reference_year": true}}',
        '{"op": "dl_to_epc", "input": "https://a.example/01/09521321100015", "params": {"x": 1}}',
        "[" * 90_000,
        "1" * 90_000,
        "x" * 200_000,
    ],
    ids=lambda text: text[:40],
)
def test_request_of_another_shape_is_refused(stdin):
    code, answer = run("run", "-", stdin=stdin)

    assert (code, answer["error"]) == (1, "bad_request")


def test_byte_order_mark_before_the_request_is_forgiven():
    request = '\ufeff{"op": "gtin_pad", "input": "95213217"}'

    assert run("run", "-", stdin=request) == (0, {"gtin14": "00000095213217"})


def test_bytes_that_are_no_text_are_refused():
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser, "vi")
    parsed = parser.parse_args(["run", "-"])
    stdin = io.TextIOWrapper(io.BytesIO(b'{"op": "\xff"}'), encoding="utf-8")
    stdout = io.StringIO()

    assert parsed.run(parsed, stdin=stdin, stdout=stdout) == 1
    assert json.loads(stdout.getvalue())["error"] == "bad_request"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_any_terminal_can_show_the_answer(encoding):
    parser = argparse.ArgumentParser()
    commands.add_arguments(parser, "vi")
    parsed = parser.parse_args(["parse", "lô\ud800 🍵"])
    shown = io.BytesIO()
    stdout = io.TextIOWrapper(shown, encoding=encoding)

    parsed.run(parsed, stdin=io.StringIO(), stdout=stdout)
    stdout.flush()

    assert json.loads(shown.getvalue().decode(encoding))["error"] == "not_digital_link"


@given(st.sampled_from(sorted(commands.OPERATIONS)), st.text())
def test_no_operation_raises_anything_but_the_library_error(name, text):
    params = {"key": "gtin13", "company_prefix_length": 7, "reference_year": 2026}

    code, answer = run("run", "-", stdin=json.dumps({"op": name, "input": text, "params": params}))

    assert (code == 1) == ("error" in answer)


def test_command_starts_without_any_package_from_outside():
    argv = [sys.executable, "-c", STARTED, "parse", "9521321100015"]

    done = subprocess.run(argv, capture_output=True, text=True, check=True, timeout=60)

    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert json.loads(done.stdout)["kind"] == "key"
    assert not loaded & {"requests", "flask", "sqlalchemy", "cryptography", "qrcode", "shop"}
    assert loaded - {"traceability", "__main__"} <= set(sys.stdlib_module_names) | {
        name
        for name in loaded
        if name.startswith("_") or name in {"sitecustomize", "usercustomize"}
    }


def test_vietnamese_and_english_help_name_the_same_commands():
    for lang in ("vi", "en"):
        parser = argparse.ArgumentParser()
        commands.add_arguments(parser, lang)
        assert "parse" in parser.format_help()
        assert commands.HELP[lang]


def test_examples_of_messages_hold():
    assert doctest.testmod(messages).failed == 0


@pytest.mark.parametrize("name", CODES)
def test_every_kind_that_a_module_raises_has_a_sentence_and_stands_in_the_readme(name):
    source = README.with_name(f"{name}.py").read_text(encoding="utf-8")
    readme = README.read_text(encoding="utf-8")
    raised = {kind for kind in messages.SENTENCES if f'"{kind}"' in source} | _first_arguments(
        source
    )

    assert raised
    assert raised <= set(messages.SENTENCES)
    assert all(f"`{kind}`" in readme for kind in raised)


def _first_arguments(source):
    pieces = source.split("TraceabilityError(")[1:]
    return {piece.split('"')[1] for piece in pieces if piece.lstrip().startswith('"')}


def test_kind_without_sentence_falls_back_to_its_message():
    error = TraceabilityError("too_new", "nobody has translated this")

    assert messages.sentence(error, "vi") == "nobody has translated this"


def test_examples_in_the_readme_hold():
    assert doctest.testfile(str(README), module_relative=False, encoding="utf-8").failed == 0
