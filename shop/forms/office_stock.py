"""What the office types while it counts: packs of a batch at a place, and why it differs."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.ids import read_id, read_number
from shop.forms.spoken_counts import read_said_count
from shop.forms.text import read_line

MOST = 1_000_000

NAMES = {
    "act": _l("xử lý thế nào"),
    "quantity": _l("số gói"),
    "reason": _l("lý do"),
}

_CLIENT_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Counted:
    """Packs of one batch as counted, beside what the screen said; `reason` when they differ."""

    batch_pack_id: int
    counted: int
    seen: int
    reason: str

    @property
    def difference(self) -> int:
        """Return how many more than expected are there; less than zero for fewer."""
        return self.counted - self.seen


def read_counts(fields: Fields, batch_pack_ids: Iterable[int]) -> list[Counted]:
    """Return what was counted; a field left empty was not counted.

    Faults stay beside `count-<id>` and `reason-<id>`. A reason that was not asked for yet is no
    fault: the difference is shown first.
    """
    found = []
    for number in batch_pack_ids:
        if not fields.typed(f"count-{number}").strip():
            continue
        counted = fields.read(f"count-{number}", read_said_count, maximum=MOST)
        seen = read_number(fields.typed(f"seen-{number}"))
        if counted is None or seen is None:
            continue
        found.append(_counted(fields, number, counted, seen))
    return found


def _counted(fields: Fields, number: int, counted: int, seen: int) -> Counted:
    reason = ""
    if counted != seen and fields.typed("asked"):
        reason = read_reason(fields, f"reason-{number}") or ""
    return Counted(number, counted, seen, reason)


def read_reason(fields: Fields, name: str) -> str | None:
    """Return why packs came or went without an order."""
    empty = _l("Chưa ghi lý do. Ví dụ vỡ 2 gói, đếm nhầm lần trước")
    return fields.read(name, read_line, longest=160, instead={"text_empty": empty})


def read_client_id(typed: str) -> str | None:
    """Return the id the form gave itself, by which an entry sent twice is one."""
    return typed if _CLIENT_ID.fullmatch(typed) else None


def field_name(name: str, titles: Mapping[int, str]) -> str:
    """Return what the summary of faults calls a field of a count."""
    number = read_id(name.rpartition("-")[2])
    return titles.get(number or 0) or str(NAMES.get(name, name))
