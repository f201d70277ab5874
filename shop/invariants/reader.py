"""Reading a database with plain SQL that SQLite and PostgreSQL both understand."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, text

Row = dict[str, Any]

_DAY = re.compile(r"\bday_of\(([\w.]+)\)")
_DAYS = {
    "sqlite": r"date(\1, '+7 hours')",
    "postgresql": r"CAST(\1 AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date)",
}


@dataclass(frozen=True, slots=True)
class Reader:
    """A database inside one transaction, and the moment it is judged at."""

    connection: Connection
    now: datetime

    @property
    def is_postgresql(self) -> bool:
        """Return whether this is PostgreSQL; otherwise it is SQLite."""
        return self.connection.dialect.name == "postgresql"

    def rows(self, query: str, **values: Any) -> Iterator[Row]:
        """Yield the rows of `query`, whole numbers as `int`.

        In it `day_of(x)` stands for the day in Việt Nam in which the moment `x` lies.
        """
        said = _DAY.sub(_DAYS[self.connection.dialect.name], query)
        for row in self.connection.execute(text(said), values).mappings():
            yield {
                name: int(value) if isinstance(value, Decimal) else value
                for name, value in row.items()
            }

    def moment(self, value: datetime) -> datetime | str:
        """Return `value` as moments stand in this database, to be compared with its columns."""
        if self.is_postgresql:
            return value
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")

    def minutes_ago(self, minutes: int) -> datetime | str:
        """Return the moment so many minutes ago, to be compared with columns."""
        return self.moment(self.now - timedelta(minutes=minutes))

    def day(self, value: date) -> date | str:
        """Return `value` as days stand in this database, to be compared with its columns."""
        return value if self.is_postgresql else value.isoformat()
