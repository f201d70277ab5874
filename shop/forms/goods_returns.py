"""How many packs somebody sends back, and how many came."""

from collections.abc import Iterable, Mapping
from typing import TypeVar

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.numbers import read_count

MOST_PACKS = 100_000

Key = TypeVar("Key")


def read_wanted(fields: Fields, lines: Iterable[int]) -> dict[int, int]:
    """Return the packs to send back by line of the order; empty where none are wanted.

    The field of a line is `back_<line>`; an empty one means none.
    """
    return _counts(fields, {line: f"back_{line}" for line in lines})


def read_counted(fields: Fields, keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], int]:
    """Return the packs that came by (order line, batch pack): `count_<line>_<batch pack>`."""
    return _counts(fields, {key: f"count_{key[0]}_{key[1]}" for key in keys})


def _counts(fields: Fields, names: Mapping[Key, str]) -> dict[Key, int]:
    found = {}
    for key, name in names.items():
        if fields.typed(name).strip():
            count = fields.read(
                name,
                read_count,
                maximum=MOST_PACKS,
                instead={"count_unreadable": _l("Ghi số gói bằng chữ số. Ví dụ 2")},
            )
            if count:
                found[key] = count
    return found
