"""Reading the demo's files, with every day moved so that "as of" is today."""

import tomllib
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

DATA = Path(__file__).with_name("data")
PICTURES = Path(__file__).parents[1] / "static" / "pictures"
AS_OF = date(2026, 11, 22)
"""The day the files speak of; each says so itself, and this is for readers who need no days."""


class DemoFile:
    """One file of records, its days moved by `shift`."""

    def __init__(self, path: Path, today: date) -> None:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        self.shift: timedelta = today - content.pop("as_of")
        ((_, records),) = content.items()
        self.records: list[dict[str, Any]] = [self._moved(record) for record in records]

    def _moved(self, value: Any) -> Any:
        if isinstance(value, datetime | date):
            return value + self.shift
        if isinstance(value, dict):
            return {key: self._moved(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._moved(inner) for inner in value]
        return value


def records(name: str, today: date) -> list[dict[str, Any]]:
    """Return the records of `data/<name>.toml`, days moved so that the file was made today."""
    return DemoFile(DATA / f"{name}.toml", today).records


def records_shift(name: str, today: date) -> timedelta:
    """Return by how many days the records of `data/<name>.toml` are moved."""
    return DemoFile(DATA / f"{name}.toml", today).shift


def batch_records(today: date) -> list[dict[str, Any]]:
    """Return all batches in the order they were made, lots following their days."""
    found = []
    for path in sorted(DATA.glob("batches_*.toml")):
        file = DemoFile(path, today)
        for record in file.records:
            record["lot"] = moved_lot(record["lot"], file.shift)
            found.append(record)
    return sorted(found, key=lambda record: (record["made_on"], record["lot"]))


def moved_lot(lot: str, shift: timedelta) -> str:
    """Return a lot `PREFIX-YYMMDD-NN` with its day moved.

    >>> moved_lot("LBT-261103-01", timedelta(days=30))
    'LBT-261203-01'
    """
    prefix, day, number = lot.split("-")
    moved = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:])) + shift
    return f"{prefix}-{moved:%y%m%d}-{number}"
