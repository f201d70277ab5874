"""How long a file of a thousand rows holds the books, against a thousand plain inserts."""

import gc
import secrets
from collections.abc import Callable, Iterator
from statistics import median
from time import perf_counter
from typing import Any

from flask import Flask
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from benchmarks.turns import Figure
from shop import clock
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.forms.imports.kinds import ImportKind
from shop.forms.tables import MOST_ROWS
from shop.models.catalog import Seller
from shop.models.imports import ImportRun
from shop.services.actors import SYSTEM
from shop.services.imports import running, undoing
from shop.services.imports.running import Consent, Outcome, Wanted

UNIT = "ghi 1.000 dòng, từng dòng một — 1,000 rows written one by one"
ROUNDS = 5
_LINES = {
    ImportKind.PRODUCTS: ("sku,ten,gia,khoi_luong_g", "DO-{0},Chè đo {0},90000,200"),
    ImportKind.BATCHES: ("lo,sku,NSX,so goi", "DO-L-{0},DO-{0},15/10/2026,4"),
    ImportKind.MEMBERS: ("ma,ho ten,ma thua,dien tich", "DO-{0},Người {0},DO-T-{0},2 sào"),
}
_NAMES = {
    ImportKind.PRODUCTS: ("nhập 1.000 sản phẩm — 1,000 products", 60.0),
    ImportKind.BATCHES: ("nhập 1.000 lô — 1,000 lots", 90.0),
    ImportKind.MEMBERS: ("nhập 1.000 xã viên — 1,000 members", 60.0),
}
_UNDO = ("rút lại 1.000 lô — 1,000 lots taken back", 90.0)


def figures(app: Flask, engine: Engine) -> Iterator[Figure]:
    """Yield for each kind how long it holds the writer of the database, and for an undo."""
    settings: Settings = app.extensions["dacsan_settings"]
    with Session(engine) as session:
        seller_id = session.scalars(select(Seller.id).order_by(Seller.id).limit(1)).one()
        session.execute(text("CREATE TABLE bench_plain (n INTEGER PRIMARY KEY, said TEXT)"))
        session.commit()
    doors = _Doors(engine, settings, seller_id)
    for kind, (name, limit) in _NAMES.items():
        yield _compare(name, lambda kind=kind: doors.held(kind), doors.plain, limit=limit)
        if kind is ImportKind.PRODUCTS:
            doors.held(kind, keeps=True)
    yield _compare(_UNDO[0], doors.held_by_undo, doors.plain, limit=_UNDO[1])


class _Doors:
    """The ways into the books that are measured; nothing stays but what is kept."""

    def __init__(self, engine: Engine, settings: Settings, seller_id: int) -> None:
        self._engine, self._settings, self._seller_id = engine, settings, seller_id

    def held(self, kind: ImportKind, *, keeps: bool = False) -> float:
        """Return the seconds for which a file of this kind holds the writer."""
        with open_session(self._engine, self._settings) as session:
            seconds, _outcome = self._bring_in(session, kind)
            if keeps:
                session.commit()
        return seconds

    def held_by_undo(self) -> float:
        """Return the seconds for which taking lots back holds the writer."""
        with open_session(self._engine, self._settings) as session:
            _seconds, outcome = self._bring_in(session, ImportKind.BATCHES)
            if outcome.run is None:
                raise RuntimeError("the lots were there already")
            session.expire_all()
            run = session.get_one(ImportRun, outcome.run.id)
            return _seconds_of(lambda: _undo(session, run))

    def plain(self) -> float:
        """Return the seconds for rows without any rule, in one transaction."""
        with self._engine.connect() as connection:
            insert = text("INSERT INTO bench_plain (said) VALUES (:said)")
            return _seconds_of(
                lambda: [connection.execute(insert, {"said": "x" * 500}) for _ in range(MOST_ROWS)]
            )

    def _bring_in(self, session: Session, kind: ImportKind) -> tuple[float, Outcome]:
        header, line = _LINES[kind]
        content = "\n".join([header, *(line.format(number) for number in range(MOST_ROWS))])
        wanted = Wanted(kind, content.encode(), "do.csv")
        by: dict[str, Any] = {
            "token": secrets.token_hex(16), "actor": SYSTEM, "now": clock.now(),
            "today": clock.today(),
        }  # fmt: skip
        with open_session(self._engine, self._settings, **READ_ONLY) as ahead:
            prepared = running.prepare(ahead, ahead.get_one(Seller, self._seller_id), wanted, **by)
        consent = Consent([tick.code for tick in prepared.plan.ticks])
        outcomes: list[Outcome] = []

        def write() -> None:
            seller = session.get_one(Seller, self._seller_id)
            outcomes.append(
                running.bring_in(session, seller, wanted, consent, prepared=prepared, **by)
            )

        return _seconds_of(write), outcomes[0]


def _undo(session: Session, run: ImportRun) -> None:
    undoing.undo(session, run, actor=SYSTEM, now=clock.now())


def _compare(
    name: str, subject: Callable[[], float], reference: Callable[[], float], *, limit: float
) -> Figure:
    ratios, took = [], []
    for _ in range(ROUNDS):
        seconds, plain = subject(), reference()
        ratios.append(seconds / plain)
        took.append(seconds)
    return Figure(name, UNIT, median(took) * 1e6, median(ratios), limit)


def _seconds_of(act: Callable[[], object]) -> float:
    gc.collect()
    began = perf_counter()
    act()
    return perf_counter() - began
