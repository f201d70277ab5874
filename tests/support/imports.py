"""Files as offices send them: CSV in any letters, workbooks, and what is done with them."""

import io
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from shop.forms.imports.kinds import ImportKind
from shop.invariants import prove
from shop.models.catalog import Seller
from shop.models.imports import ImportRun
from shop.services.actors import SYSTEM, Actor
from shop.services.imports import running
from shop.services.imports.plan import Plan
from shop.services.imports.running import Consent, Wanted
from tests import factories
from tests.factories import NOW, TODAY

UNRELATED = {"seller_made_by_nobody", "event_not_in_log"}
"""What the factories leave out, and what the worker does."""


def csv_file(*lines: str, encoding: str = "utf-8") -> bytes:
    """Return the lines as a CSV."""
    return "\r\n".join(lines).encode(encoding)


def workbook(*rows: Sequence[Any], sheets: Mapping[str, Iterable[Sequence[Any]]] | None = None,
             hidden: Sequence[str] = ()) -> bytes:  # fmt: skip
    """Return a workbook of one sheet with `rows`, or of several by name."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, lines in (sheets or {"Trang1": rows}).items():
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
        if name in hidden:
            sheet.sheet_state = "hidden"
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


@dataclass
class Importing:
    """One cooperative into which files are brought."""

    session: Session
    seller: Seller
    actor: Actor = SYSTEM
    now: datetime = NOW
    today: date = TODAY
    kinds: type[ImportKind] = field(default=ImportKind)

    def look(self, content: bytes, kind: str = "products", **values: Any) -> Plan:
        """Return what a file would do."""
        wanted = Wanted(ImportKind(kind), content, "tep.csv", **values)
        return running.look(self.session, self.seller, wanted, actor=self.actor, today=self.today)

    def bring_in(
        self,
        content: bytes,
        kind: str = "products",
        *,
        tick_all: bool = True,
        only_good: bool = False,
        token: str | None = None,
        **values: Any,
    ) -> ImportRun | None:
        """Bring a file in, with everything ticked unless `tick_all` says else."""
        wanted = Wanted(ImportKind(kind), content, "tep.csv", **values)
        ticked = [tick.code for tick in self.look(content, kind, **values).ticks]
        outcome = running.bring_in(
            self.session,
            self.seller,
            wanted,
            Consent(ticked if tick_all else (), only_good),
            token=token or uuid.uuid4().hex,
            actor=self.actor,
            now=self.now,
            today=self.today,
        )
        self.session.commit()
        return outcome.run

    def faults(self) -> list[str]:
        """Return what `dacsan check` finds wrong in the data."""
        self.session.commit()
        bound = self.session.get_bind()
        assert isinstance(bound, Engine)
        with bound.connect() as connection:
            found = [one.rule.name for one in prove(connection, now=self.now)]
            connection.rollback()
        return [name for name in found if name not in UNRELATED]


@pytest.fixture
def importing(session: Session) -> Importing:
    """A cooperative without goods or members."""
    seller = factories.make_seller(session)
    session.commit()
    return Importing(session, seller)
