"""`dacsan labels`: write the labels of a batch into a PDF file that prints at its true size."""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from shop.cli.arguments import add_json
from shop.cli.language import Language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shop.models.batches import BatchPack

NAME = "labels"
HELP = {
    "vi": "In tem của một lô ra tệp PDF.",
    "en": "Write the labels of a batch into a PDF file.",
}

_CODE = {
    "vi": "mã lô; hoặc số GTIN rồi mã lô; hoặc địa chỉ trên tem (…/01/…/10/…)",
    "en": "the lot; or the GTIN and the lot; or the address on a label (…/01/…/10/…)",
}
_LAYOUT = {
    "vi": "cỡ tem: 24 hoặc 40 tem trên tờ A4, hay tem rời 40x30 mm (mặc định 24)",
    "en": "24 or 40 labels on A4, or single labels of 40x30 mm (24 unless given)",
}
_COPIES = {
    "vi": "số tem mỗi loại gói (mặc định bằng số gói đã đóng)",
    "en": "labels of each pack (as many as were packed unless given)",
}
_FIRST = {
    "vi": "ô đầu tiên còn trống trên tờ dùng dở, đếm từ 1",
    "en": "first free cell of a sheet that was used before, counted from 1",
}
_OUT = {
    "vi": "tệp PDF sẽ ghi (mặc định tem-MÃLÔ.pdf ở thư mục này)",
    "en": "the PDF file to write (tem-LOT.pdf in this folder unless given)",
}
_DONE = {
    "vi": "Đã ghi {labels} tem của lô {lot} vào {file}, {pages} trang. In đúng cỡ 100 %, đừng "
    "chọn “vừa trang”.",
    "en": "Wrote {labels} labels of lot {lot} to {file}, {pages} pages. Print at 100 %, not "
    "“fit to page”.",
}
_LAYOUTS = ("24", "40", "40x30")
_MOST_COPIES = 5000


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("code", nargs="+", metavar="LOT", help=_CODE[lang])
    parser.add_argument("--layout", choices=_LAYOUTS, default="24", help=_LAYOUT[lang])
    parser.add_argument("--copies", metavar="N", help=_COPIES[lang])
    parser.add_argument("--first-cell", metavar="N", default="1", help=_FIRST[lang])
    parser.add_argument("--out", type=Path, metavar="FILE", help=_OUT[lang])
    add_json(parser, lang)
    parser.set_defaults(run=partial(_run, lang))


def _run(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock
    from shop.cli.failures import Refused
    from shop.cli.installation import open_database
    from shop.config import Settings
    from shop.db import READ_ONLY, open_session
    from shop.errors import FieldRefused
    from shop.forms.numbers import read_count
    from shop.services import labels
    from shop.services.actors import SYSTEM

    layout = labels.LAYOUTS[arguments.layout]
    copies = None
    if arguments.copies is not None:
        copies = read_count(arguments.copies, minimum=1, maximum=_MOST_COPIES)
    first_cell = read_count(arguments.first_cell, minimum=1)
    if first_cell > layout.cells:
        raise FieldRefused("cell", "cell_off_sheet", cells=layout.cells)
    if arguments.out is not None and not arguments.out.absolute().parent.is_dir():
        raise Refused("folder_missing", where=arguments.out.parent)
    settings = Settings()
    engine = open_database(settings)
    with open_session(engine, settings, **READ_ONLY) as session:
        packs = _packs(session, arguments.code)
        wanted = [(one, copies or one.produced) for one in packs]
        content = labels.sheet(
            session,
            [(one, copies) for one, copies in wanted if copies],
            layout=arguments.layout,
            first_cell=first_cell,
            actor=SYSTEM,
            today=clock.today(),
        )
        lot = packs[0].batch.lot
    engine.dispose()
    file: Path = arguments.out or Path(f"tem-{lot}.pdf")
    file.write_bytes(content)
    count = sum(copies for _, copies in wanted)
    told = {
        "file": str(file),
        "lot": lot,
        "labels": count,
        "pages": -(-(count + first_cell - 1) // layout.cells),
        "layout": arguments.layout,
    }
    said = json.dumps(told, ensure_ascii=False) if arguments.json else _DONE[lang].format(**told)
    print(said, file=stdout)
    return 0


def _packs(session: "Session", code: list[str]) -> "list[BatchPack]":
    """Return the packs of the one batch that is meant, or refuse with what is wrong."""
    from shop import clock
    from shop.errors import FieldRefused
    from shop.queries import batches
    from shop.services import labels

    lot, gtin = _lot_and_gtin(code)
    found = batches.batches_by_code(session, lot, gtin=gtin)
    if not found:
        raise FieldRefused("lot", "lot_unknown", lot=lot)
    if len(found) > 1:
        gtins = ", ".join(one.pack.gtin for batch in found for one in batch.packs)
        raise FieldRefused("lot", "lot_of_several", lot=lot, gtins=gtins)
    (batch,) = found
    packs = [one for one in batch.packs if gtin is None or one.pack.gtin == gtin]
    if not packs:
        raise FieldRefused("lot", "not_packed_yet", lot=lot)
    if labels.stopped(batch, today=clock.today()):
        raise FieldRefused("lot", "labels_stopped")
    return packs


def _lot_and_gtin(code: list[str]) -> tuple[str, str | None]:
    from shop.errors import FieldRefused
    from traceability import gtin as gtins
    from traceability.digital_link import DigitalLink
    from traceability.errors import TraceabilityError

    try:
        if len(code) == 1 and "/01/" in code[0]:
            address = code[0] if "://" in code[0] else f"https://label.example{code[0]}"
            link = DigitalLink.parse(address)
            return link.lot or "", link.value
        if len(code) == 2:
            return code[1], gtins.validate(code[0])
    except TraceabilityError as error:
        raise FieldRefused("lot", "code_unreadable", typed=" ".join(code)) from error
    if len(code) > 2:
        raise FieldRefused("lot", "code_unreadable", typed=" ".join(code))
    return code[0], None
