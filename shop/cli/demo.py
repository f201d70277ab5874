"""`dacsan demo`: load the invented cooperatives, or move their days to today."""

import argparse
import json
from typing import TextIO

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from shop import clock, db, migrate
from shop.cli.failures import Refused
from shop.config import Settings
from shop.demo import seed
from shop.models.batches import Batch
from shop.models.catalog import Product, Seller, SellerMode

NAME = "demo"
HELP = {
    "vi": "Nạp dữ liệu mẫu để tập, hoặc dời ngày của nó tới hôm nay.",
    "en": "Load the sample data to practise with, or move its days to today.",
}

_TODAY = {
    "vi": "nạp lại từ đầu với ngày tính tới hôm nay; đơn tập đã đặt sẽ mất",
    "en": "load it afresh with its days counted to today; practice orders are lost",
}
_JSON = {"vi": "in kết quả dạng JSON", "en": "print the result as JSON"}
_DONE = {
    "vi": "Dữ liệu mẫu: {sellers} nơi bán, {products} sản phẩm, {batches} lô, tính tới {day}.",
    "en": "Sample data: {sellers} sellers, {products} products, {batches} batches, as of {day}.",
}


def add_arguments(parser: argparse.ArgumentParser, lang: str) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("--today", action="store_true", help=_TODAY[lang])
    parser.add_argument("--json", action="store_true", help=_JSON[lang])
    parser.set_defaults(run=lambda arguments, **files: _run(arguments, lang, **files))


def _run(arguments: argparse.Namespace, lang: str, *, stdin: TextIO, stdout: TextIO) -> int:
    settings = Settings()
    settings.var.mkdir(parents=True, exist_ok=True)
    engine = db.make_engine(settings.database)
    if arguments.today:
        _start_afresh(engine, settings)
    else:
        migrate.upgrade(engine)
        with db.open_session(engine, settings) as session:
            seed.load(session, today=clock.today())
            session.commit()
    with db.open_session(engine, settings) as session:
        counted = _counted(session)
    counted["day"] = f"{clock.today():%d/%m/%Y}"
    if arguments.json:
        stdout.write(json.dumps(counted, ensure_ascii=False) + "\n")
    else:
        stdout.write(_DONE[lang].format(**counted) + "\n")
    return 0


def _start_afresh(engine: Engine, settings: Settings) -> None:
    migrate.upgrade(engine)
    with db.open_session(engine, settings) as session:
        live = session.scalar(select(Seller.name).where(Seller.mode == SellerMode.LIVE).limit(1))
    if live is not None:
        raise Refused("demo_beside_live", seller=live)
    with (
        migrate.emptied(engine) as connection,
        db.open_session(connection, settings) as session,
    ):
        seed.load(session, today=clock.today())
        session.commit()


def _counted(session: Session) -> dict[str, int | str]:
    return {
        name: session.scalar(select(func.count()).select_from(table)) or 0
        for name, table in (("sellers", Seller), ("products", Product), ("batches", Batch))
    }
