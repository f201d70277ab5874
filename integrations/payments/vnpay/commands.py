"""`dacsan vnpay`: sign and check VNPay's texts on the command line, without a database."""

import argparse
import json
import os
from collections.abc import Callable
from functools import partial
from getpass import getpass
from pathlib import Path
from typing import Any, TextIO

from integrations.errors import BadSignature, Rejected
from integrations.http import InboundRequest
from integrations.payments.protocol import Outcome
from integrations.payments.vnpay import signing
from integrations.payments.vnpay.client import VNPay
from integrations.payments.vnpay.settings import Settings

__all__ = ["HELP", "NAME", "add_arguments"]

NAME = "vnpay"
HELP = {
    "vi": "Ký và kiểm tra chữ ký của VNPay.",
    "en": "Sign and check texts of VNPay.",
}

_SIGN = {
    "vi": "Đọc một đối tượng JSON gồm các tham số vnp_ từ đầu vào chuẩn, in hash_data và "
    "secure_hash dạng JSON.",
    "en": "Read a JSON object of vnp_ parameters from standard input, print hash_data and "
    "secure_hash as JSON.",
}
_VERIFY = {
    "vi": "In dạng JSON: chữ ký có đúng không, đã trả tiền chưa, số tiền, mã giao dịch.",
    "en": "Print as JSON whether the signature fits, whether it is paid, amount and reference.",
}
_REPLAY = {
    "vi": "Đọc lại một thông báo đã lưu (đối tượng JSON) và in như verify.",
    "en": "Read a notice that was stored (a JSON object) again and print what verify prints.",
}
_SECRET = {
    "vi": "chuỗi bí mật (vnp_HashSecret), nêu nhiều lần khi đang đổi khóa; không nêu thì lấy ở "
    "biến VNPAY_HASH_SECRET, không có thì máy hỏi, để khóa không nằm trong lịch sử lệnh",
    "en": "the secret (vnp_HashSecret), several times while it is being changed; without it the "
    "variable VNPAY_HASH_SECRET counts, else it is asked for: a shell remembers what is typed",
}
_ASK_SECRET = {
    "vi": "Chuỗi bí mật (không hiện ra): ",
    "en": "Secret (not shown): ",
}
_NO_SECRET = {
    "vi": "Thiếu chuỗi bí mật: đặt biến VNPAY_HASH_SECRET, hoặc --secret.",
    "en": "No secret was given: set the variable VNPAY_HASH_SECRET, or use --secret.",
}
_VARIABLE = "VNPAY_HASH_SECRET"
_QUERY = {"vi": "phần sau dấu ? của địa chỉ", "en": "what stands behind the ? of the address"}
_FILE = {"vi": "tệp JSON, hoặc - để đọc từ đầu vào chuẩn", "en": "a JSON file, or - for input"}
_JSON = {"vi": "kết quả luôn ở dạng JSON", "en": "the result is JSON in any case"}
_MALFORMED = {
    "vi": "Cần một đối tượng JSON, mỗi giá trị là chữ hoặc số nguyên.",
    "en": "One JSON object is needed whose values are texts or whole numbers.",
}
_NO_FILE = {
    "vi": "Không đọc được tệp. Xem lại tên và quyền đọc.",
    "en": "The file cannot be read. Look at its name and who may read it.",
}
_MOST_INPUT = 100_000  # characters of JSON


class _Unreadable(Exception):
    """The input is not what was asked for."""


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the sub-commands to `parser`, with help in `lang` (`vi` or `en`).

    Parsed arguments then hold `run(arguments, *, stdin, stdout) -> int`, whose result is the exit
    code: 0, or 1 after a refusal, which stands on `stdout` as JSON with `error` and `message`.
    """
    commands = parser.add_subparsers(metavar="sign | verify | replay", required=True)
    for name, texts, run in (
        ("sign", _SIGN, _run_sign),
        ("verify", _VERIFY, _run_verify),
        ("replay", _REPLAY, _run_replay),
    ):
        command = commands.add_parser(
            name, help=texts[lang], description=texts[lang], allow_abbrev=False
        )
        command.add_argument("--secret", action="append", help=_SECRET[lang])
        command.add_argument("--json", action="store_true", help=_JSON[lang])
        if name == "verify":
            command.add_argument("query", metavar="QUERY", help=_QUERY[lang])
        if name == "replay":
            command.add_argument("file", metavar="FILE", help=_FILE[lang])
        command.set_defaults(run=partial(_with_secret, run, lang))


def _with_secret(
    run: Callable[..., int],
    lang: str,
    arguments: argparse.Namespace,
    *,
    stdin: TextIO,
    stdout: TextIO,
) -> int:
    """Run a sub-command with the secret it was given, found in the environment, or asked for.

    It is asked for only where a person sits: the question and the typing show in no pipe.
    """
    if not arguments.secret:
        arguments.secret = os.environ.get(_VARIABLE, "").split()
    if not arguments.secret and stdin.isatty():
        arguments.secret = getpass(_ASK_SECRET[lang]).split()
    if not arguments.secret or not all(len(one.split()) == 1 for one in arguments.secret):
        _print({"error": "no_secret", "message": _NO_SECRET[lang]}, stdout)
        return 1
    return run(lang, arguments, stdin=stdin, stdout=stdout)


def _run_sign(lang: str, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    try:
        fields = _texts(_object(stdin))
    except _Unreadable:
        return _refuse(lang, stdout)
    data = signing.hash_data(fields)
    _print({"hash_data": data, "secure_hash": signing.sign(data, arguments.secret[0])}, stdout)
    return 0


def _run_verify(lang: str, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    query = arguments.query.partition("?")[2] or arguments.query
    return _print(_verdict(InboundRequest("GET", "/", query), arguments.secret), stdout)


def _run_replay(lang: str, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    try:
        if arguments.file == "-":
            kept = _object(stdin)
        else:
            with Path(arguments.file).open(encoding="utf-8") as file:
                kept = _object(file)
        inbound = InboundRequest.from_json(kept)
    except OSError:
        _print({"error": "no_file", "message": _NO_FILE[lang]}, stdout)
        return 1
    except (_Unreadable, KeyError, TypeError, AttributeError):
        return _refuse(lang, stdout)
    return _print(_verdict(inbound, arguments.secret), stdout)


def _verdict(inbound: InboundRequest, secrets: list[str]) -> dict[str, Any]:
    """Return what a message says, for whichever site; an amount that is none makes it invalid."""
    terminal = dict(inbound.pairs()).get("vnp_TmnCode", "")
    try:
        said = VNPay(Settings(terminal, tuple(secrets))).read_notification(inbound)
    except (BadSignature, Rejected) as refusal:
        if isinstance(refusal, Rejected) and refusal.code != "tmn_code":
            raise  # a secret that can be none: the person who gave it is told
        return {"valid": False, "paid": False, "amount_vnd": None, "txn_ref": None}
    valid = said.amount_vnd is not None
    return {
        "valid": valid,
        "paid": valid and said.outcome is Outcome.PAID,
        "amount_vnd": said.amount_vnd,
        "txn_ref": said.reference or None,
        "outcome": said.outcome.value,
        "code": said.code,
        "message": said.text,
    }


def _object(source: TextIO) -> dict[str, Any]:
    try:
        came = json.loads(source.read(_MOST_INPUT), object_pairs_hook=_without_repetition)
    except (ValueError, RecursionError) as fault:  # not JSON, not UTF-8, or nested too deep
        raise _Unreadable from fault
    if not isinstance(came, dict):
        raise _Unreadable
    return came


def _without_repetition(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len({name for name, _ in pairs}) < len(pairs):
        raise _Unreadable
    return dict(pairs)


def _texts(values: dict[str, Any]) -> dict[str, str]:
    texts = {name: value for name, value in values.items() if value is not None}
    for value in texts.values():
        if isinstance(value, bool) or not isinstance(value, str | int):
            raise _Unreadable
    return {name: str(value) for name, value in texts.items()}


def _refuse(lang: str, stdout: TextIO) -> int:
    _print({"error": "malformed", "message": _MALFORMED[lang]}, stdout)
    return 1


def _print(values: dict[str, Any], stdout: TextIO) -> int:
    print(json.dumps(values, ensure_ascii=False), file=stdout)
    return 0
