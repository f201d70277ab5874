"""`dacsan demo`: load the invented cooperatives, or move their days to today."""

import argparse
import json
from pathlib import Path
from typing import TextIO

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from shop import clock, db, migrate
from shop.backup import making
from shop.backup.archive import BackupUnusable
from shop.backup.postgresql import ProgramMissing
from shop.cli.arguments import add_json
from shop.cli.failures import Refused
from shop.cli.language import Language
from shop.config import Settings
from shop.demo import open_work, seed
from shop.demo.entered import entered
from shop.models.batches import Batch
from shop.models.catalog import Product, Seller, SellerMode

NAME = "demo"
HELP = {
    "vi": "Nạp dữ liệu mẫu để tập, hoặc dời ngày của nó tới hôm nay.",
    "en": "Load the sample data to practise with, or move its days to today.",
}

_TODAY = {
    "vi": "nạp lại từ đầu với ngày tính tới hôm nay; từ chối khi đã có dữ liệu do người nhập",
    "en": "load it afresh with its days counted to today; refused when people entered anything",
}
_RESET = {
    "vi": "sao lưu vào var/backups, rồi xoá hết kể cả dữ liệu do người nhập và nạp lại dữ liệu "
    "mẫu; vẫn từ chối khi có nơi bán thật",
    "en": "back up into var/backups, then remove everything, what people entered too, and load "
    "the sample data afresh; refused all the same beside a real seller",
}
_DONE = {
    "vi": "Dữ liệu mẫu: {sellers} nơi bán, {products} sản phẩm, {batches} lô, tính tới {day}.",
    "en": "Sample data: {sellers} sellers, {products} products, {batches} batches, as of {day}.",
}
_KEPT = {
    "vi": "Dữ liệu trước đó đã sao lưu vào {path}. Lấy lại bằng: dacsan restore {path}",
    "en": "What was there before is kept in {path}. Bring it back with: dacsan restore {path}",
}
_KINDS: dict[str, dict[Language, str]] = {
    "accounts": {"vi": "tài khoản", "en": "accounts"},
    "sellers": {"vi": "nơi bán", "en": "sellers"},
    "members": {"vi": "thành viên", "en": "members"},
    "products": {"vi": "sản phẩm", "en": "products"},
    "bank_accounts": {"vi": "tài khoản ngân hàng", "en": "bank accounts"},
    "batches": {"vi": "lô", "en": "batches"},
    "orders": {"vi": "đơn hàng", "en": "orders"},
    "reports": {"vi": "tin báo sự cố", "en": "problem reports"},
    "credits": {"vi": "khoản tiền về", "en": "bank credits"},
    "changes": {"vi": "lần thay đổi", "en": "changes"},
}
_ENTERED: dict[Language, str] = {
    "vi": "Ở đây đã có dữ liệu do người nhập ({listed}) nên không nạp lại dữ liệu mẫu từ đầu. "
    "Muốn tập riêng thì dùng thư mục dữ liệu khác (DACSAN_VAR). Muốn xoá hết và nạp lại thì chạy "
    "dacsan demo --reset: lệnh ấy sao lưu vào var/backups trước.",
    "en": "People entered data here ({listed}), so the sample data are not loaded afresh. To "
    "practise apart, use another data folder (DACSAN_VAR). To remove everything and load them "
    "afresh, run dacsan demo --reset: it makes a backup in var/backups first.",
}


class EnteredByPeople(Refused):
    """People entered data here that loading the demo afresh would remove."""

    def __init__(self, found: dict[str, int]) -> None:
        super().__init__("demo_beside_entered", found=found)
        self._found = found

    def sentence(self, lang: Language) -> str:
        """Return what was found and what to do next."""
        listed = ", ".join(f"{count} {_KINDS[kind][lang]}" for kind, count in self._found.items())
        return _ENTERED[lang].format(listed=listed)


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("--today", action="store_true", help=_TODAY[lang])
    parser.add_argument("--reset", action="store_true", help=_RESET[lang])
    add_json(parser, lang)
    parser.set_defaults(run=lambda arguments, **files: _run(arguments, lang, **files))


def _run(arguments: argparse.Namespace, lang: Language, *, stdin: TextIO, stdout: TextIO) -> int:
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    engine = db.make_engine(settings.database)
    migrate.upgrade(engine)
    kept = None
    if arguments.today or arguments.reset:
        found = _what_would_be_lost(engine, settings)
        if found and not arguments.reset:
            raise EnteredByPeople(found)
        kept = _keep(settings) if found else None
        _start_afresh(engine, settings)
    else:
        with db.open_session(engine, settings) as session:
            _load(session, settings)
            session.commit()
    with db.open_session(engine, settings) as session:
        counted = _counted(session)
    counted["day"] = f"{clock.today():%d/%m/%Y}"
    if kept is not None:
        counted["backup"] = str(kept.resolve())
    if arguments.json:
        stdout.write(json.dumps(counted, ensure_ascii=False) + "\n")
        return 0
    stdout.write(_DONE[lang].format(**counted) + "\n")
    if kept is not None:
        stdout.write(_KEPT[lang].format(path=kept) + "\n")
    return 0


def _what_would_be_lost(engine: Engine, settings: Settings) -> dict[str, int]:
    with db.open_session(engine, settings) as session:
        live = session.scalar(select(Seller.name).where(Seller.mode == SellerMode.LIVE).limit(1))
        if live is not None:
            raise Refused("demo_beside_live", seller=live)
        return entered(session)


def _keep(settings: Settings) -> Path:
    now = clock.now()
    try:
        return making.make(settings, making.default_path(settings, now), now=now).path
    except BackupUnusable as error:
        raise Refused(f"backup_{error.reason}", part=error.part) from error
    except ProgramMissing as error:
        raise Refused("program_missing", name=error.name) from error


def _start_afresh(engine: Engine, settings: Settings) -> None:
    with (
        migrate.emptied(engine) as connection,
        db.open_session(connection, settings) as session,
    ):
        _load(session, settings)
        session.commit()


def _load(session: Session, settings: Settings) -> None:
    if seed.load(session, today=clock.today()):
        open_work.load(
            session, folder=settings.var.resolve() / "photos", now=clock.now(), today=clock.today()
        )


def _counted(session: Session) -> dict[str, int | str]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in (("sellers", Seller), ("products", Product), ("batches", Batch))
    }
