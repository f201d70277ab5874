"""`dacsan vietqr`: make and read codes on the command line, without a database."""

import argparse
import dataclasses
import json
import re
import sys
from functools import partial
from typing import Any, TextIO

from integrations.vietqr.content import VietQR
from integrations.vietqr.decoding import decode
from integrations.vietqr.encoding import encode
from integrations.vietqr.errors import InvalidVietQR, Kind

__all__ = ["HELP", "NAME", "add_arguments"]

NAME = "vietqr"
HELP = {
    "vi": "Tạo và đọc mã chuyển khoản VietQR.",
    "en": "Make and read VietQR transfer codes.",
}

_ENCODE = {
    "vi": "In nội dung của mã trên một dòng. Đưa giá trị bằng tuỳ chọn, hoặc viết - để đọc một "
    "đối tượng JSON từ đầu vào chuẩn (khoá là tên tuỳ chọn, dấu - trong tên thành _).",
    "en": "Print the text of the code on one line. Give the values as options, or write - to read "
    "a JSON object from standard input (keys are the options' names with _ for -).",
}
_DECODE = {
    "vi": "In những gì mã nói, dạng JSON. Mã bị sửa, bị cụt hoặc đọc được hai cách thì từ chối.",
    "en": "Print what the code says as JSON. A code that is altered, cut or ambiguous is refused.",
}
_SOURCE = {"vi": "- để đọc JSON từ đầu vào chuẩn", "en": "- to read JSON from standard input"}
_TEXT = {"vi": "nội dung của mã", "en": "the text of the code"}
_JSON = {
    "encode": {"vi": "in kết quả dạng JSON", "en": "print the result as JSON"},
    "decode": {"vi": "kết quả luôn ở dạng JSON", "en": "the result is JSON in any case"},
}
_OPTIONS = {
    "bin": {"vi": "mã ngân hàng, 6 chữ số", "en": "bank number, 6 digits"},
    "account": {
        "vi": "số tài khoản hoặc số thẻ, 1 đến 19 chữ số hay chữ cái",
        "en": "account or card number, 1 to 19 digits or letters",
    },
    "service": {
        "vi": "account: số tài khoản (mặc định); card: số thẻ",
        "en": "account: an account number (default); card: a card number",
    },
    "amount": {
        "vi": "số tiền, đồng, chỉ chữ số; bỏ trống để người trả tự nhập",
        "en": "amount in đồng, digits only; left out, the payer types it",
    },
    "memo": {
        "vi": "nội dung chuyển khoản, không dấu, nhiều nhất 25 ký tự",
        "en": "transfer memo without marks, 25 characters at most",
    },
    "point": {
        "vi": "static: dùng nhiều lần; dynamic: dùng một lần; bỏ trống thì mã có số tiền là "
        "dynamic, mã không có số tiền là static",
        "en": "static: may be paid again; dynamic: once; left out, a code with an amount is "
        "dynamic and one without is static",
    },
    "reference": {"vi": "số tham chiếu", "en": "reference number"},
    "bill_number": {"vi": "số hoá đơn", "en": "bill number"},
    "mobile": {"vi": "số điện thoại", "en": "mobile number"},
    "store": {"vi": "tên cửa hàng", "en": "store"},
    "loyalty": {"vi": "số thẻ khách hàng thân thiết", "en": "loyalty number"},
    "customer": {"vi": "mã khách hàng", "en": "customer"},
    "terminal": {"vi": "mã quầy", "en": "terminal"},
    "name": {"vi": "tên người bán, nhiều nhất 25 ký tự", "en": "seller, 25 characters at most"},
    "city": {"vi": "tỉnh, thành phố, nhiều nhất 15 ký tự", "en": "city, 15 characters at most"},
    "postal": {"vi": "mã bưu chính, nhiều nhất 10 ký tự", "en": "postcode, 10 characters at most"},
    "mcc": {"vi": "mã ngành hàng, 4 chữ số", "en": "merchant category, 4 digits"},
}
_EITHER = {
    "vi": "dùng - hoặc các tuỳ chọn, không dùng cả hai",
    "en": "use - or options, not both",
}
_NOT_JSON = {
    "vi": "Đầu vào chuẩn phải là một đối tượng JSON.",
    "en": "Standard input must be one JSON object.",
}
_TOO_MUCH = {
    "vi": "Lưu ý: một lần chuyển nhanh chỉ nhận dưới 500.000.000 đồng.",
    "en": "Note: one fast transfer carries less than 500,000,000 VND.",
}
_METAVARS = {"service": "account|card", "point": "static|dynamic"}
_MOST_INPUT = 100_000  # characters of JSON
_ALWAYS_SHOWN = ("point", "bin", "account", "service", "amount_vnd", "memo", "reference")


class _Unreadable(Exception):
    """Standard input does not hold a JSON object."""


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the sub-commands to `parser`, with help in `lang` (`vi` or `en`).

    Parsed arguments then hold `run(arguments, *, stdin, stdout) -> int`, whose result is the exit
    code: 0, or 1 after a refusal, which stands on `stdout` as JSON with `error` and `message`.
    """
    commands = parser.add_subparsers(metavar="encode | decode", required=True)

    encoder = commands.add_parser(
        "encode", help=_ENCODE[lang], description=_ENCODE[lang], allow_abbrev=False
    )
    encoder.add_argument("source", nargs="?", choices=["-"], metavar="-", help=_SOURCE[lang])
    for name, texts in _OPTIONS.items():
        metavar = _METAVARS.get(name, name.upper())
        option = "--" + name.replace("_", "-")
        encoder.add_argument(option, dest=name, metavar=metavar, help=texts[lang])
    encoder.add_argument("--json", action="store_true", help=_JSON["encode"][lang])
    encoder.set_defaults(run=partial(_run_encode, encoder, lang))

    decoder = commands.add_parser(
        "decode", help=_DECODE[lang], description=_DECODE[lang], allow_abbrev=False
    )
    decoder.add_argument("text", metavar="TEXT", help=_TEXT[lang])
    decoder.add_argument("--json", action="store_true", help=_JSON["decode"][lang])
    decoder.set_defaults(run=partial(_run_decode, lang))


def _run_encode(
    encoder: argparse.ArgumentParser,
    lang: str,
    arguments: argparse.Namespace,
    *,
    stdin: TextIO,
    stdout: TextIO,
) -> int:
    given = {name: value for name in _OPTIONS if (value := getattr(arguments, name)) is not None}
    if given and arguments.source:
        encoder.error(_EITHER[lang])
    try:
        values = _from_json(stdin) if arguments.source else _with_number(given)
        payload = encode(**{"bin": "", "account": ""} | values)
    except _Unreadable:
        return _refuse("malformed", _NOT_JSON[lang], stdout)
    except InvalidVietQR as refusal:
        return _refuse(refusal.kind, refusal.message(lang), stdout)
    if decode(payload).exceeds_fast_transfer:
        print(_TOO_MUCH[lang], file=sys.stderr)
    print(json.dumps({"payload": payload}) if arguments.json else payload, file=stdout)
    return 0


def _run_decode(lang: str, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    try:
        code = decode(arguments.text)
    except InvalidVietQR as refusal:
        return _refuse(refusal.kind, refusal.message(lang), stdout)
    print(json.dumps(_shown(code), ensure_ascii=False), file=stdout)
    return 0


def _refuse(kind: Kind, message: str, stdout: TextIO) -> int:
    print(json.dumps({"error": kind, "message": message}, ensure_ascii=False), file=stdout)
    return 1


def _with_number(given: dict[str, Any]) -> dict[str, Any]:
    """Return the options with the amount as a number, or as typed when it is not one."""
    amount = given.get("amount", "")
    return given | {"amount": int(amount)} if re.fullmatch("[0-9]{1,13}", amount) else given


def _from_json(stdin: TextIO) -> dict[str, Any]:
    """Return the values of the JSON object on `stdin`; `null` is the same as left out."""
    try:
        values = json.loads(stdin.read(_MOST_INPUT), object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as fault:  # not JSON, not UTF-8, or nested too deep
        raise _Unreadable from fault
    if not isinstance(values, dict):
        raise _Unreadable
    for key in values.keys() - _OPTIONS.keys():
        raise InvalidVietQR("bad_value", ascii(key)[1:-1][:40])
    return {key: value for key, value in values.items() if value is not None}


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key, value in pairs:
        if key in values:
            raise InvalidVietQR("duplicate_field", ascii(key)[1:-1][:40])
        values[key] = value
    return values


def _shown(code: VietQR) -> dict[str, Any]:
    """Return the values that are always printed, then the others that the code gives."""
    values = dataclasses.asdict(code)
    always = {name: values.pop(name) for name in _ALWAYS_SHOWN}
    return always | {name: value for name, value in values.items() if value}
