"""`dacsan notices`: read stored notices of payment providers again that nobody read to the end."""

import argparse
import json
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, TextIO

from shop.cli.arguments import add_json
from shop.cli.language import Language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shop.models.payments import ProviderNotice

NAME = "notices"
HELP = {
    "vi": "Đọc lại các thông báo thanh toán chưa xử lý xong, hoặc bị từ chối vì khóa cũ sai.",
    "en": "Read payment notices again that nobody finished, or that a wrong secret refused.",
}

_LIST = {
    "vi": "chỉ liệt kê, không đọc lại: số, giờ UTC, cổng, kết quả",
    "en": "name them and read none: number, time in UTC, provider, outcome",
}
_SHOW = {
    "vi": "in thông báo số N đúng như đã đến, dạng JSON, cho lệnh replay của cổng",
    "en": "print notice N as it came, as JSON, for the replay command of its provider",
}
_NOT_THERE = {"vi": "Không có thông báo số {number}.", "en": "There is no notice {number}."}
_WAITING = {
    "vi": "{count} thông báo chưa xử lý, {refused} bị từ chối vì chữ ký trong 30 ngày.",
    "en": "{count} notices have not been read, {refused} were refused for their signature in "
    "30 days.",
}
_DONE = {
    "vi": "Đã đọc {read} thông báo, còn {left} chưa đọc được.",
    "en": "{read} notices were read, {left} could not be.",
}


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    looking = parser.add_mutually_exclusive_group()
    looking.add_argument("--list", action="store_true", help=_LIST[lang])
    looking.add_argument("--show", type=int, metavar="N", help=_SHOW[lang])
    add_json(parser, lang)
    parser.set_defaults(run=partial(_run, lang))


def _run(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    """Read what is unread, and what fits a secret that was put right meanwhile.

    Return 1 while something is left; twice does nothing more.
    """
    from integrations.payments.protocol import Verdict
    from shop import clock
    from shop.cli.installation import opened_database
    from shop.db import READ_ONLY, open_session
    from shop.jobs import read_notices

    now = clock.now()
    with opened_database() as (engine, settings):
        if arguments.list or arguments.show is not None:
            with open_session(engine, settings, **READ_ONLY) as session:
                if arguments.list:
                    return _list(session, lang, as_json=arguments.json, stdout=stdout)
                return _show(session, lang, arguments.show, stdout=stdout)
        done = read_notices.read_refused(engine, settings, now=now)
        done |= read_notices.read_all(engine, settings, by=now, now=now)
    left = [number for number, verdict in done.items() if verdict is Verdict.TROUBLE]
    if arguments.json:
        verdicts = {str(number): verdict.value for number, verdict in done.items()}
        print(json.dumps({"read": verdicts, "left": left}), file=stdout)
    else:
        print(_DONE[lang].format(read=len(done) - len(left), left=len(left)), file=stdout)
    return 1 if left else 0


def _list(session: "Session", lang: Language, *, as_json: bool, stdout: TextIO) -> int:
    """Print what would be read again; no field of a notice, only what the shop knows of it."""
    from shop import clock
    from shop.jobs.read_notices import REFUSED_LATELY
    from shop.services import provider_notices

    now = clock.now()
    unread = list(provider_notices.unread(session, by=now))
    refused = list(provider_notices.refused(session, since=now - REFUSED_LATELY))
    rows = [_row(one) for one in provider_notices.found(session, [*unread, *refused])]
    if as_json:
        told = {"unread": unread, "refused": refused, "notices": rows}
        print(json.dumps(told), file=stdout)
        return 0
    for row in rows:
        print(*row.values(), sep="\t", file=stdout)
    print(_WAITING[lang].format(count=len(unread), refused=len(refused)), file=stdout)
    return 0


def _row(notice: "ProviderNotice") -> dict[str, str | int]:
    return {
        "number": notice.id,
        "received_at": notice.received_at.isoformat(timespec="seconds"),
        "provider": notice.provider,
        "outcome": notice.outcome,
    }


def _show(session: "Session", lang: Language, number: int, *, stdout: TextIO) -> int:
    """Print one notice as it is stored; 1 where there is none."""
    from shop.services import provider_notices

    found: Sequence[ProviderNotice] = provider_notices.found(session, [number])
    if not found:
        print(_NOT_THERE[lang].format(number=number), file=stdout)
        return 1
    print(json.dumps(found[0].request, ensure_ascii=False, indent=1), file=stdout)
    return 0
