"""`dacsan gs1`: read codes on the command line, without a database."""

import argparse
import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TextIO

from traceability import application_identifiers, element_string, epc, gtin, scan
from traceability.digital_link import DigitalLink
from traceability.errors import TraceabilityError
from traceability.messages import sentence

__all__ = ["HELP", "NAME", "OPERATIONS", "add_arguments"]

NAME = "gs1"
HELP = {
    "vi": "Đọc mã GS1: chuỗi phần tử, Digital Link, EPC URN hoặc số trên mã vạch.",
    "en": "Read GS1 codes: element strings, Digital Links, EPC URNs or bare numbers.",
}

_PARSE = {
    "vi": "In những gì mã nói, dạng JSON: loại, các mục, địa chỉ Digital Link, địa chỉ chuẩn.",
    "en": "Print what the code says as JSON: kind, identifiers, Digital Link, canonical link.",
}
_RUN = {
    "vi": "Đọc một đối tượng JSON {op, input, params} từ đầu vào chuẩn, in kết quả dạng JSON.",
    "en": "Read one JSON object {op, input, params} from standard input, print the result.",
}
_TEXT = {"vi": "nội dung của mã", "en": "the text of the code"}
_SOURCE = {"vi": "- để đọc JSON từ đầu vào chuẩn", "en": "- to read JSON from standard input"}
_JSON = {"vi": "kết quả luôn ở dạng JSON", "en": "the result is JSON in any case"}
_MOST_INPUT = 100_000  # characters of JSON

Params = Mapping[str, Any]


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Add the sub-commands to `parser`, with help in `lang` (`vi` or `en`).

    Parsed arguments then hold `run(arguments, *, stdin, stdout) -> int`, whose result is the exit
    code: 0, or 1 after a refusal, which stands on `stdout` as JSON with `error` and `message`.
    """
    commands = parser.add_subparsers(metavar="parse | run", required=True)
    parse = commands.add_parser("parse", help=_PARSE[lang], description=_PARSE[lang])
    parse.add_argument("text", metavar="TEXT", help=_TEXT[lang])
    parse.set_defaults(run=partial(_answer, _parse, lang))
    every = f"{_RUN[lang]} op: {', '.join(OPERATIONS)}."
    run = commands.add_parser("run", help=_RUN[lang], description=every)
    run.add_argument("source", choices=["-"], metavar="-", help=_SOURCE[lang])
    run.set_defaults(run=partial(_answer, _run, lang))
    for command in (parse, run):
        command.add_argument("--json", action="store_true", help=_JSON[lang])


def _answer(
    command: Callable[[argparse.Namespace, TextIO], object],
    lang: str,
    arguments: argparse.Namespace,
    *,
    stdin: TextIO,
    stdout: TextIO,
) -> int:
    try:
        answer, code = command(arguments, stdin), 0
    except TraceabilityError as refusal:
        answer, code = {"error": refusal.kind, "message": sentence(refusal, lang)}, 1
    print(json.dumps(answer, ensure_ascii=not _takes_unicode(stdout)), file=stdout)
    return code


def _takes_unicode(stdout: TextIO) -> bool:
    return (stdout.encoding or "utf-8").lower().startswith("utf")


def _parse(arguments: argparse.Namespace, _stdin: TextIO) -> object:
    read = scan.read(arguments.text)
    return {
        "kind": read.kind,
        "ais": read.elements,
        "digital_link": _built(read),
        "canonical": _canonical(read.link),
    }


def _run(_arguments: argparse.Namespace, stdin: TextIO) -> object:
    try:
        request = json.loads(stdin.read(_MOST_INPUT).removeprefix("\ufeff"))
    except (ValueError, RecursionError) as fault:  # not JSON, not UTF-8, or nested too deep
        raise TraceabilityError("bad_request", "standard input is no JSON object") from fault
    if not isinstance(request, dict):
        raise TraceabilityError("bad_request", "standard input is no JSON object")
    name, text, params = request.get("op"), request.get("input"), request.get("params") or {}
    operation = OPERATIONS.get(name) if isinstance(name, str) else None
    if operation is None:
        raise TraceabilityError("bad_request", "no such op", subject=str(name))
    if not isinstance(text, str) or not isinstance(params, dict):
        raise TraceabilityError("bad_request", "input is a text, params an object")
    return operation(text, params)


def _check_digit(text: str, params: Params) -> object:
    digit = gtin.check_digit(text)
    if "key" in params:
        gtin.validate_key(text + digit, _text(params, "key"))
    return {"digit": digit}


def _validate_key(text: str, params: Params) -> object:
    gtin.validate_key(text, _text(params, "key"))
    return {"valid": True}


def _pad(text: str, _params: Params) -> object:
    return {"gtin14": gtin.validate(text)}


def _parse_element_string(text: str, _params: Params) -> object:
    elements = element_string.parse(text)
    return {"ais": elements, "digital_link": _canonical(scan.find_link(elements))}


def _parse_fnc1(text: str, _params: Params) -> object:
    return {"ais": element_string.parse_fnc1(text)}


def _build_fnc1(text: str, _params: Params) -> object:
    return {"message": element_string.build_fnc1(element_string.parse(text))}


def _parse_link(text: str, _params: Params) -> object:
    link = DigitalLink.parse(text)
    return {"ais": link.elements, "canonical": link.canonical()}


def _constrain(text: str, _params: Params) -> object:
    return {"digital_link": DigitalLink.parse(text, lenient=True).epcis()}


def _epc_to_link(text: str, _params: Params) -> object:
    return {
        "digital_link": _canonical(DigitalLink.from_epc(text)),
        "element_string": element_string.build(epc.parse(text)),
    }


def _link_to_epc(text: str, params: Params) -> object:
    return {"epc": DigitalLink.parse(text).epc_urn(_number(params, "company_prefix_length"))}


def _read_date(text: str, params: Params) -> object:
    year = _number(params, "reference_year")
    return {"date": application_identifiers.read_date(text, reference_year=year).isoformat()}


OPERATIONS: dict[str, Callable[[str, Params], object]] = {
    "check_digit": _check_digit,
    "validate_key": _validate_key,
    "gtin_pad": _pad,
    "parse_element_string": _parse_element_string,
    "parse_fnc1": _parse_fnc1,
    "build_fnc1": _build_fnc1,
    "dl_parse": _parse_link,
    "dl_constrained": _constrain,
    "epc_to_dl": _epc_to_link,
    "dl_to_epc": _link_to_epc,
    "yymmdd": _read_date,
}
"""What `gs1 run` can do: each takes `input` and `params` and returns what is printed."""


def _text(params: Params, name: str) -> str:
    value = params.get(name)
    if not isinstance(value, str):
        raise TraceabilityError("bad_request", f"params.{name} is a text", subject=name)
    return value


def _number(params: Params, name: str) -> int:
    value = params.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise TraceabilityError("bad_request", f"params.{name} is a whole number", subject=name)
    return value


def _canonical(link: DigitalLink | None) -> str | None:
    """Return nothing for an internal number whose host is unknown: it has no address."""
    return None if link is None or (link.is_internal and not link.host) else link.canonical()


def _built(read: scan.Scan) -> str | None:
    """Return the address where it was read from, so that it opens; else the canonical one."""
    return read.link.build(read.base) if read.link and read.base else _canonical(read.link)
