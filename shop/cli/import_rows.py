"""`dacsan import`: bring in products, members or batches from a CSV or XLSX file, or take it back.

Without `--dry-run` the file is brought in at once; what has to be looked at first is named by
`--tick`.
"""

import argparse
import json
import uuid
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from shop.cli.failures import Refused
from shop.cli.language import Language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shop.models.catalog import Seller
    from shop.models.imports import ImportRun
    from shop.services.imports.plan import Plan
    from shop.services.imports.running import Outcome

NAME = "import"
HELP = {
    "vi": "Nhập sản phẩm, xã viên, lô hàng từ tệp CSV hoặc XLSX; rút lại một lần nhập.",
    "en": "Bring in products, members, batches from a CSV or XLSX file; take a run back.",
}

KINDS = ("products", "members", "batches")
_COMMANDS = {
    "products": {"vi": "nhập sản phẩm và loại gói", "en": "bring in products and packs"},
    "members": {"vi": "nhập xã viên và thửa đất", "en": "bring in members and plots"},
    "batches": {"vi": "mở lô, ghi hàng có sẵn", "en": "open batches, with goods that are there"},
    "undo": {"vi": "rút lại một lần nhập", "en": "take a run back"},
}
_OPTIONS = {
    "file": {"vi": "tệp CSV hoặc XLSX", "en": "the CSV or XLSX file"},
    "seller": {
        "vi": "nơi bán (phần cuối của địa chỉ /htx/..., hoặc chữ đầu mã lô)",
        "en": "the seller (the end of its address /htx/..., or the prefix of its lots)",
    },
    "dry-run": {"vi": "chỉ xem, không ghi gì", "en": "look only, write nothing"},
    "only-good": {
        "vi": "nhập các dòng đúng, bỏ dòng có lỗi",
        "en": "bring in the good rows, leave those with faults",
    },
    "tick": {
        "vi": "đồng ý một điều tệp hỏi, theo mã in ra khi xem (ghi được nhiều lần)",
        "en": "agree to what the file asks, by the code that looking prints (may be repeated)",
    },
    "sheet": {"vi": "tên trang tính", "en": "name of the sheet"},
    "stock-made-on": {
        "vi": "ngày sản xuất của hàng trong cột tồn kho, ví dụ 01/11/2026",
        "en": "day on which the goods of the stock column were made, for example 01/11/2026",
    },
    "run": {"vi": "số của lần nhập", "en": "number of the run"},
    "json": {"vi": "in kết quả dạng JSON", "en": "print the result as JSON"},
}
_SAID = {
    "counts": {
        "vi": "{new} mới, {changed} sửa, {unchanged} như cũ, {refused} có lỗi.",
        "en": "{new} new, {changed} changed, {unchanged} unchanged, {refused} with faults.",
    },
    "ask": {
        "vi": "Cần đồng ý (--tick {code}): {message}",
        "en": "To agree (--tick {code}): {message}",
    },
    "done": {
        "vi": "Đã nhập, lần nhập số {run}. Rút lại: dacsan import undo {run}",
        "en": "Brought in as run {run}. To take it back: dacsan import undo {run}",
    },
    "nothing": {
        "vi": "Tệp không có gì mới, không ghi gì.",
        "en": "Nothing in the file is new; nothing was written.",
    },
    "dry": {"vi": "Chỉ xem thử, chưa ghi gì.", "en": "Looked only, nothing was written."},
    "undone": {"vi": "Đã rút lại lần nhập {run}.", "en": "Took run {run} back."},
    "kept": {"vi": "Còn giữ {title}: {why}", "en": "Kept {title}: {why}"},
}  # fmt: skip


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the sub-commands in `lang`."""
    commands = parser.add_subparsers(metavar=" | ".join(_COMMANDS), required=True)
    for name, texts in _COMMANDS.items():
        made = commands.add_parser(name, help=texts[lang], description=texts[lang])
        made.add_argument("--json", action="store_true", help=_OPTIONS["json"][lang])
        if name == "undo":
            made.add_argument("number", metavar="RUN", help=_OPTIONS["run"][lang])
            made.set_defaults(run=partial(_undo, lang))
            continue
        made.add_argument("file", type=Path, metavar="FILE", help=_OPTIONS["file"][lang])
        made.add_argument("--seller", required=True, help=_OPTIONS["seller"][lang])
        made.add_argument("--dry-run", action="store_true", help=_OPTIONS["dry-run"][lang])
        made.add_argument("--only-good", action="store_true", help=_OPTIONS["only-good"][lang])
        made.add_argument(
            "--tick", action="append", default=[], metavar="CODE", help=_OPTIONS["tick"][lang]
        )
        made.add_argument("--sheet", default="", help=_OPTIONS["sheet"][lang])
        if name == "products":
            made.add_argument(
                "--stock-made-on", metavar="DAY", help=_OPTIONS["stock-made-on"][lang]
            )
        made.set_defaults(run=partial(_bring_in, name, lang))


def _bring_in(
    name: str, lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO
) -> int:
    from shop import clock
    from shop.cli.installation import open_database
    from shop.cli.sentences import speaking
    from shop.config import Settings
    from shop.db import READ_ONLY, open_session
    from shop.forms.imports.kinds import ImportKind
    from shop.forms.imports.readers import read_day
    from shop.services.imports.running import Wanted

    today = clock.today()
    made_on = getattr(arguments, "stock_made_on", None)
    wanted = Wanted(
        ImportKind(name),
        _read(arguments.file),
        arguments.file.name,
        arguments.sheet,
        read_day(made_on, today=today, latest=today) if made_on else None,
    )
    settings = Settings()
    engine = open_database(settings)
    with (
        open_session(engine, settings, **READ_ONLY) as ahead,
        open_session(engine, settings) as session,
        speaking(lang),
    ):
        report, code = _attempt(ahead, session, wanted, arguments)
        session.commit()
    engine.dispose()
    if arguments.json:
        print(json.dumps(report, ensure_ascii=False, indent=1, default=str), file=stdout)
    else:
        _tell(report, lang, stdout)
    return code


def _read(file: Path) -> bytes:
    """Return the bytes of a file, no more than what is refused for its size."""
    from shop.forms.tables import MOST_BYTES

    if file.is_dir():
        raise Refused("file_missing", where=file)
    with file.open("rb") as opened:
        return opened.read(MOST_BYTES + 1)


def _attempt(
    ahead: "Session", session: "Session", wanted: Any, arguments: argparse.Namespace
) -> tuple[dict[str, Any], int]:
    """Look at a file, and bring it in unless that is all; return what happened and how it went."""
    from shop import clock, messages
    from shop.pages import imports as page
    from shop.services.imports import running

    by: dict[str, Any] = {"actor": _operator(), "today": clock.today()}
    seller = _seller(ahead, arguments.seller)
    run: ImportRun | None = None
    error: dict[str, str] = {}
    try:
        if arguments.dry_run:
            plan = running.look(ahead, seller, wanted, **by)
            if plan.faults and not arguments.only_good:
                raise running.RowsRefused(plan=plan, count=len(plan.faults))
        else:
            consent = running.Consent(arguments.tick, arguments.only_good)
            by |= {"token": uuid.uuid4().hex, "now": clock.now()}
            prepared = running.prepare(ahead, seller, wanted, **by)
            own = _seller(session, arguments.seller)
            outcome = running.bring_in(session, own, wanted, consent, prepared=prepared, **by)
            run, plan = outcome.run, _plan_of(outcome)
    except (running.RowsRefused, running.TicksMissing) as refused:
        session.rollback()
        plan = refused.values["plan"]
        error = {"error": refused.code, "message": messages.sentence(refused)}
    report = error | page.as_json(wanted.kind, plan)
    report |= {"file": wanted.file_name, "digest": wanted.digest, "seller": seller.slug}
    report |= {"dry_run": arguments.dry_run, "run": run.id if run else None}
    return report, 1 if error else 0


def _plan_of(outcome: "Outcome") -> "Plan":
    """Return the plan of a run that was never confirmed before: its token is new."""
    if outcome.plan is None:
        raise Refused("run_unknown", run=outcome.run)
    return outcome.plan


def _tell(report: dict[str, Any], lang: Language, stdout: TextIO) -> None:
    for note in report["notes"]:
        print(note, file=stdout)
    for fault in report["errors"]:
        print(fault["message"], file=stdout)
    for tick in report["ticks"]:
        print(_SAID["ask"][lang].format(**tick), file=stdout)
    print(_SAID["counts"][lang].format(**report["counts"]), file=stdout)
    if "error" in report:
        print(report["message"], file=stdout)
    elif report["run"] is not None:
        print(_SAID["done"][lang].format(**report), file=stdout)
    else:
        print(_SAID["dry" if report["dry_run"] else "nothing"][lang], file=stdout)


def _undo(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock
    from shop.cli.installation import open_database
    from shop.cli.sentences import speaking
    from shop.config import Settings
    from shop.db import open_session
    from shop.forms.ids import read_id
    from shop.pages import imports as page
    from shop.queries import imports as reading
    from shop.services.imports import undoing

    settings = Settings()
    engine = open_database(settings)
    with open_session(engine, settings) as session, speaking(lang):
        run = reading.run(session, read_id(arguments.number) or 0)
        if run is None:
            raise Refused("run_unknown", run=arguments.number)
        undoing.undo(session, run, actor=_operator(), now=clock.now())
        session.commit()
        kept = page.kept(run.rows)
    engine.dispose()
    if arguments.json:
        told = [{"title": title, "why": why} for title, why in kept]
        print(json.dumps({"run": run.id, "kept": told}, ensure_ascii=False), file=stdout)
        return 0
    print(_SAID["undone"][lang].format(run=run.id), file=stdout)
    for title, why in kept:
        print(_SAID["kept"][lang].format(title=title, why=why), file=stdout)
    return 0


def _seller(session: "Session", code: str) -> "Seller":
    from shop.queries.imports import seller_by_code

    seller = seller_by_code(session, code)
    if seller is None:
        raise Refused("seller_unknown", seller=code)
    return seller


def _operator() -> Any:
    """Return whoever sits at the machine itself: it owns the files, so it may do everything."""
    from shop.services.actors import Actor

    return Actor("system", origin="dacsan import")
