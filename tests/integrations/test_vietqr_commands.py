"""`dacsan vietqr` as people and programs use it."""

import doctest
import io
import json
import re
import shlex
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path

import pytest

import integrations.vietqr
from integrations.vietqr import commands

README = Path(integrations.vietqr.__file__).with_name("README.md")
PAYLOAD = (
    "00020101021238540010A00000072701240006970422011009870001110208QRIBFTTA"
    "53037045405350005802VN62120808QT1A2B3C630442AA"
)


def parser(lang="vi"):
    made = ArgumentParser(prog="dacsan vietqr")
    commands.add_arguments(made, lang)
    return made


def run(*arguments, stdin="", lang="vi"):
    parsed = parser(lang).parse_args(arguments)
    stdout = io.StringIO()
    code = parsed.run(parsed, stdin=io.StringIO(stdin), stdout=stdout)
    return code, stdout.getvalue()


def help_of(*arguments, lang, capsys):
    with pytest.raises(SystemExit):
        parser(lang).parse_args([*arguments, "--help"])
    return " ".join(capsys.readouterr().out.split())


def test_a_code_is_read_into_the_agreed_keys():
    code, output = run("decode", PAYLOAD)

    assert code == 0
    assert json.loads(output) == {
        "point": "12",
        "bin": "970422",
        "account": "0987000111",
        "service": "account",
        "amount_vnd": 35000,
        "memo": "QT1A2B3C",
        "reference": None,
    }


def test_what_else_a_code_says_follows_the_agreed_keys():
    payload = run("encode", "--bin=970422", "--account=1", "--store=CHO QUANG THO")[1].strip()

    shown = json.loads(run("decode", payload)[1])

    assert shown["store"] == "CHO QUANG THO"
    assert "terminal" not in shown


def test_a_fixed_price_may_be_put_on_a_sticker():
    payload = run("encode", "--bin=970422", "--account=1", "--amount=5000", "--point=static")[1]

    assert json.loads(run("decode", payload.strip())[1])["point"] == "11"


def test_a_made_code_can_be_had_as_json():
    options = ["--bin=970422", "--account=0987000111", "--amount=35000", "--memo=QT1A2B3C"]

    code, output = run("encode", "--json", *options)

    assert (code, json.loads(output)) == (0, {"payload": PAYLOAD})


@pytest.mark.parametrize(
    ("lang", "message"),
    [
        ("vi", "Mã ngân hàng (BIN) phải gồm đúng 6 chữ số."),
        ("en", "The bank number (BIN) must be exactly 6 digits."),
    ],
)
def test_a_refusal_is_told_in_the_language_asked_for(lang, message):
    code, output = run("encode", "--account=1", lang=lang)

    assert code == 1
    assert json.loads(output) == {"error": "bad_bin", "message": message}
    assert message in output


@pytest.mark.parametrize("amount", ["50.000", "50,000", "5e4", "", "-5000", "٣", "1" * 5000, " 5"])
def test_an_amount_that_is_not_plain_digits_is_refused(amount):
    code, output = run("encode", "--bin=970422", "--account=1", f"--amount={amount}")

    assert (code, json.loads(output)["error"]) == (1, "bad_amount")


@pytest.mark.parametrize(
    ("stdin", "kind"),
    [
        ("", "malformed"),
        ("[]", "malformed"),
        ('"970422"', "malformed"),
        ("{", "malformed"),
        ("[" * 90_000, "malformed"),
        ('{"bin": "970422", "account": "1", "amount": ' + "9" * 5000 + "}", "malformed"),
        ('{"bin": "970422", "account": "1", "amount": NaN}', "bad_amount"),
        ('{"bin": "970422", "account": "1", "amount": 5e4}', "bad_amount"),
        ('{"bin": "970422", "account": "1", "amount": "50000"}', "bad_amount"),
        ('{"bin": "970422", "account": "1", "amount": 1, "amount": 2}', "duplicate_field"),
        ('{"bin": "970422", "account": "1", "amounts": 1}', "bad_value"),
        ('{"bin": "970422", "account": "1", "\\ud800": 1}', "bad_value"),
        ('{"bin": "970422", "account": "1", "memo": "\\ud800"}', "bad_memo"),
        ('{"bin": "970422", "account": "1", "service": {"a": []}}', "bad_value"),
        ('{"bin": "970422"}', "bad_account"),
    ],
)
def test_unusable_json_is_refused_with_its_reason(stdin, kind):
    code, output = run("encode", "-", stdin=stdin)

    answer = json.loads(output.encode())
    assert (code, answer["error"], set(answer)) == (1, kind, {"error", "message"})


def test_null_in_json_is_the_same_as_left_out():
    values = {"bin": "970422", "account": "1", "service": None, "point": None, "amount": None}

    assert run("encode", "-", stdin=json.dumps(values)) == run(
        "encode", "--bin=970422", "--account=1"
    )


def test_json_and_options_are_not_mixed(capsys):
    with pytest.raises(SystemExit) as exit_:
        run("encode", "-", "--amount=5", stdin="{}")

    assert exit_.value.code == 2
    assert "không dùng cả hai" in capsys.readouterr().err


@pytest.mark.parametrize("text", ["", "--json", "-", "--", "https://cho.example/lo/1"])
def test_after_two_dashes_everything_is_text(text):
    code, output = run("decode", "--", text)

    assert (code, json.loads(output)["error"]) == (1, "malformed" if text else "empty")


def test_two_dashes_may_stand_before_the_dash_for_json():
    values = json.dumps({"bin": "970422", "account": "1"})

    assert run("encode", "--", "-", stdin=values)[0] == 0


def test_an_amount_too_large_for_one_fast_transfer_is_noted_beside_the_code(capsys):
    code, output = run("encode", "--bin=970422", "--account=1", "--amount=500000000")

    assert (code, output.count("\n")) == (0, 1)
    assert "500.000.000" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "words"), [("vi", ["số tiền", "mã quầy"]), ("en", ["amount in", "terminal"])]
)
def test_help_explains_every_option_in_the_language_asked_for(lang, words, capsys):
    text = help_of("encode", lang=lang, capsys=capsys)

    assert all(word in text for word in words)
    assert commands.HELP[lang]
    options = re.findall(r"(--[a-z-]+)(?: (?:[A-Z_]+|[a-z]+\|[a-z]+))? (?=\w)", text)
    assert len(set(options)) == 19


def test_the_command_needs_the_standard_library_alone():
    program = (
        "import sys; before = set(sys.modules); import integrations.vietqr.commands;"
        "print(*{name.split('.')[0] for name in set(sys.modules) - before})"
    )

    answer = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )

    assert set(answer.stdout.split()) - set(sys.stdlib_module_names) == {"integrations"}


def test_the_python_examples_in_the_readme_are_true():
    result = doctest.testfile(str(README), module_relative=False, encoding="utf-8")

    assert result.attempted > 5
    assert result.failed == 0


def test_the_command_examples_in_the_readme_are_true():
    examples = re.findall(r"^\$ (.+)\n((?:(?!\$ |```).*\n)+)", README.read_text("utf-8"), re.M)

    outcomes = [
        (example, run(*_arguments(line), stdin=_stdin(line))[1]) for line, example in examples
    ]

    assert len(outcomes) >= 3
    assert [expected for expected, _ in outcomes] == [output for _, output in outcomes]


def _arguments(line):
    return shlex.split(line.rpartition("| ")[2])[2:]


def _stdin(line):
    echo = line.rpartition(" | ")[0]
    return shlex.split(echo)[1] if echo else ""
