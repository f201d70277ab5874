"""`dacsan check`: prove that the data keeps the rules of the design, and name what does not."""

import argparse
import json
from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, TextIO

from shop.cli.arguments import add_json
from shop.cli.language import Language

if TYPE_CHECKING:
    from shop.config import Settings
    from shop.invariants import Finding, Rule
    from shop.invariants.kept_pages import Ask

NAME = "check"
HELP = {
    "vi": "Kiểm tra sổ tiền, kho, lô, nhật ký và trang bán có khớp nhau không.",
    "en": "Prove that money, stock, batches, journal and pages agree with each other.",
}

_INVARIANT = {
    "vi": "chỉ kiểm tra quy tắc số N (1 đến 9); có thể viết nhiều lần",
    "en": "prove invariant N alone (1 to 9); may be given several times",
}
_BASE_URL = {
    "vi": "xem trang trên máy chủ đang chạy ở địa chỉ này, thay vì tự dựng trang",
    "en": "look at the pages of the server that runs there, instead of rendering them here",
}
_NO_PAGES = {"vi": "không xem các trang bán", "en": "do not look at the pages"}
_CLEAN = {
    "vi": "Không thấy sai: {rules} phép kiểm tra đều đạt.",
    "en": "Nothing is wrong: {rules} proofs hold.",
}
_BROKEN = {
    "vi": "Thấy {findings} chỗ sai trong {rules} phép kiểm tra:",
    "en": "{findings} things are wrong in {rules} proofs:",
}
_WAITING = {
    "vi": "{count} thông báo của cổng thanh toán đang chờ đọc; máy đọc lại mỗi phút, `dacsan "
    "notices` đọc ngay. Quá 10 phút mới là sai.",
    "en": "{count} notices of payment gateways wait to be read; the worker reads every minute, "
    "`dacsan notices` at once. They are wrong after 10 minutes.",
}

Look = Callable[[str], tuple[int, str]]


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument(
        "--invariant", type=int, choices=range(1, 10), action="append", metavar="N",
        help=_INVARIANT[lang],
    )  # fmt: skip
    pages = parser.add_mutually_exclusive_group()
    pages.add_argument("--base-url", metavar="URL", help=_BASE_URL[lang])
    pages.add_argument("--no-pages", action="store_true", help=_NO_PAGES[lang])
    add_json(parser, lang)
    parser.set_defaults(run=partial(_run, lang))


def _run(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock
    from shop.cli.installation import opened_database
    from shop.invariants import DATA_RULES, at_one_moment, claims, kept_pages, prove, repeats

    rules = list(DATA_RULES)
    with opened_database() as (engine, settings):
        copies = kept_pages.Copies(settings.var.resolve() / "check" / "pages")
        if not arguments.no_pages:
            url, today = arguments.base_url, clock.today()
            ask = copies.asking(_from_server(url) if url else _in_process(settings))
            rules += claims.rules(lambda path: ask(path, "")[:2], today=today)
            rules += kept_pages.rules(ask, copies.kept, today=today)
        wanted = arguments.invariant or range(1, 10)
        rules = [rule for rule in rules if rule.invariant in wanted]
        with at_one_moment(engine).connect() as connection:
            findings = list(prove(connection, now=clock.now(), rules=rules))
            waiting = repeats.notices_waiting(connection)
        if not arguments.no_pages and 8 in wanted:
            copies.save()
    _print(findings, rules, waiting, lang, stdout, as_json=arguments.json)
    return 1 if findings else 0


def _print(
    findings: "Sequence[Finding]",
    rules: "Sequence[Rule]",
    waiting: int,
    lang: Language,
    stdout: TextIO,
    *,
    as_json: bool,
) -> None:
    if as_json:
        found = {
            "ok": not findings,
            "rules": [rule.name for rule in rules],
            "notices_waiting": waiting,
            "findings": [finding.as_json(lang) for finding in findings],
        }
        print(json.dumps(found, ensure_ascii=False, indent=1), file=stdout)
        return
    heading = _BROKEN if findings else _CLEAN
    print(heading[lang].format(findings=len(findings), rules=len(rules)), file=stdout)
    for one in findings:
        print(
            f"  [{one.rule.invariant} {one.rule.name}] {one.table} {one.row}: "
            f"{one.sentence(lang)}",
            file=stdout,
        )
    if waiting:
        print(_WAITING[lang].format(count=waiting), file=stdout)


def _in_process(settings: "Settings") -> "Ask":
    """Return a way to see the pages as this release renders them now, without a server."""
    from shop.app import create_app

    unlimited = settings.model_copy(update={"rate_limits": False})
    client = create_app(unlimited).test_client()

    def ask(path: str, tag: str) -> tuple[int, str, str]:
        with client.get(path, headers=_headers(tag), follow_redirects=True) as response:
            found = response.headers.get("ETag", "")
            return response.status_code, response.get_data(as_text=True), found

    return ask


def _from_server(base_url: str) -> "Ask":
    """Return a way to see the pages as the server at `base_url` keeps them."""
    import requests

    session = requests.Session()

    def ask(path: str, tag: str) -> tuple[int, str, str]:
        answer = session.get(base_url.rstrip("/") + path, headers=_headers(tag), timeout=30)
        return answer.status_code, answer.text, answer.headers.get("ETag", "")

    return ask


def _headers(tag: str) -> dict[str, str]:
    return _AS_PROGRAM | ({"If-None-Match": tag} if tag else {})


_AS_PROGRAM = {"User-Agent": "dacsan-check (bot)", "Accept": "text/html"}
"""A look of ours is no scan of a buyer."""
