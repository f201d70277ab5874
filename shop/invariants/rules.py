"""What a rule is: which invariant it proves, how it finds the rows that break it, what it says."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from shop.invariants.reader import Reader, Row

Find = Callable[[Reader], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Finding:
    """One row that breaks a rule; `values` are what the row says."""

    rule: "Rule"
    table: str
    row: str
    values: Row

    def sentence(self, lang: str) -> str:
        """Return what is wrong with the row, in `lang` (`vi` or `en`)."""
        template = self.rule.vietnamese if lang == "vi" else self.rule.english
        return template.format_map(self.values)

    def as_json(self, lang: str) -> dict[str, Any]:
        """Return the finding for a program to read."""
        return {
            "invariant": self.rule.invariant,
            "rule": self.rule.name,
            "table": self.table,
            "row": self.row,
            "message": self.sentence(lang),
            "values": {
                name: value if isinstance(value, int) else str(value)
                for name, value in self.values.items()
                if name not in {"row", "in_table"}
            },
        }


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule over one table: `find` yields the rows that break it, each with its key as `row`.

    The sentences are filled with the values of the row; a row of another table says `in_table`.
    """

    invariant: int
    name: str
    table: str
    find: Find
    vietnamese: str
    english: str
    work_of_the_worker: bool = False
    """Whether a worker that runs again puts it right by itself."""

    def findings(self, reader: Reader) -> Iterator[Finding]:
        """Yield the rows of the database that break the rule."""
        for row in self.find(reader):
            yield Finding(self, row.get("in_table", self.table), str(row["row"]), row)


def select(query: str, **values: Any) -> Find:
    """Return the search for the rows that `query` selects."""
    return lambda reader: reader.rows(query, **values)
