"""The change history as a page and as a file: how it is narrowed, what a row says."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.clock import VIETNAM
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.pages import audit_acts, audit_question
from shop.pages.audit_rows import rows as told
from shop.paging import part
from shop.queries import audit_trail
from shop.queries.audit_trail import Narrowed
from shop.search.folding import fold
from shop.spreadsheets import Cell

ON_PAGE = 50
MOST_EXPORTED = 20_000
LONGEST_QUESTION = 80

FIELDS = ("q", "nhom", "viec", "gi", "so", "ai", "cho", "tu", "den")
"""By what the address of the list is narrowed."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the list says, as typed; what cannot be read narrows nothing."""

    fields: Fields
    typed: Mapping[str, str]
    page: str
    since: datetime | None
    until: datetime | None

    @classmethod
    def of(cls, query: Mapping[str, str], *, today: date) -> "Asked":
        """Return what the query of an address asks for."""
        typed = {name: " ".join(query.get(name, "")[:LONGEST_QUESTION].split()) for name in FIELDS}
        known = {"nhom": audit_acts.GROUPS, "viec": audit_acts.ACTS, "gi": audit_acts.SUBJECTS}
        typed |= {name: "" for name, values in known.items() if typed[name] not in values}
        if not typed["gi"]:
            typed["so"] = ""
        fields = Fields(typed)
        since, last = (_day(fields, name, today) for name in ("tu", "den"))
        until = last + timedelta(days=1) if last else None
        return cls(fields, typed, query.get("trang", ""), since, until)

    def narrowed(self, session: Session, seller_id: int) -> Narrowed:
        """Return the entries that are asked for."""
        act, words = self.typed["viec"], self.typed["q"]
        found = Narrowed(
            seller_id,
            [act] if act else audit_acts.acts_of(self.typed["nhom"]),
            self.since,
            self.until,
            read_id(self.typed["ai"]),
            read_id(self.typed["cho"]),
            self.typed["gi"],
            read_id(self.typed["so"]),
        )
        if not words:
            return found
        return replace(found, wanted=audit_question.wanted(session, found, words))

    def address(self, endpoint: str = "office_audit.index", **changes: Any) -> str:
        """Return the address of the list with `changes`."""
        query = {name: value for name, value in ({**self.typed} | changes).items() if value}
        return url_for(endpoint, **query)


def _day(fields: Fields, name: str, today: date) -> datetime | None:
    """Return the midnight in Việt Nam with which a day begins that was asked for."""
    if not fields.typed(name):
        return None
    day = fields.read(name, read_date, today=today)
    return datetime.combine(day, time(), VIETNAM) if day else None


def listed(session: Session, seller_id: int, asked: Asked) -> dict[str, Any]:
    """Return what `office/audit/index.html` shows."""
    narrowed = asked.narrowed(session, seller_id)
    shown = part(asked.page, total=audit_trail.count(session, narrowed), limit=ON_PAGE)
    found = audit_trail.trail(session, narrowed, limit=ON_PAGE, offset=shown.offset)
    return {
        "rows": list(told(session, found)),
        "asked": asked,
        "fields": asked.fields,
        "part": shown,
        "people": _choices(audit_trail.actors(session, seller_id)),
        "members": _choices(audit_trail.helped(session, seller_id)),
        "acts": _in_words(audit_trail.acts(session, seller_id), audit_acts.ACTS, audit_acts.act),
        "kinds": _in_words(
            audit_trail.subject_kinds(session, seller_id),
            audit_acts.SUBJECTS,
            lambda kind: audit_acts.subject(kind, None),
        ),
        "chips": [
            (str(words), asked.address(nhom=name, viec=""), asked.typed["nhom"] == name)
            for name, words in [("", _("Tất cả")), *audit_acts.GROUPS.items()]
        ],
        "filters": _filters(session, seller_id, asked),
        "is_narrowed": any(asked.typed.values()),
        "most_read": audit_trail.MOST_READ,
    }


def _filters(session: Session, seller_id: int, asked: Asked) -> list[str]:
    """Return what the list is narrowed by besides words and the kind of act, as it is said."""
    people = dict(_choices(audit_trail.actors(session, seller_id)))
    members = dict(_choices(audit_trail.helped(session, seller_id)))
    typed = asked.typed
    found = [people.get(typed["ai"], ""), members.get(typed["cho"], "")]
    found.append(audit_acts.act(typed["viec"]) if typed["viec"] else "")
    found.append(audit_acts.subject(typed["gi"], None) if typed["gi"] else "")
    found.append(_("từ %(day)s", day=typed["tu"]) if typed["tu"] else "")
    found.append(_("đến %(day)s", day=typed["den"]) if typed["den"] else "")
    return [one for one in found if one]


def _choices(found: Iterable[tuple[int, str]]) -> list[tuple[str, str]]:
    return [(str(number), name) for number, name in found]


def _in_words(there: Sequence[str], known: Mapping[str, Any], words: Any) -> list[tuple[str, str]]:
    """Return the codes that are there, of those with words, in the order of the words."""
    found = [(code, words(code)) for code in there if code in known]
    return sorted(found, key=lambda pair: fold(pair[1]))


def exported(
    session: Session, seller_id: int, asked: Asked
) -> tuple[list[str], list[tuple[Cell, ...]]]:
    """Return the heads and rows of the file: what the list is narrowed to, the newest first.

    The last column is the entry as it is stored, for programs and engineers.
    """
    heads = [
        _("Lúc"),
        _("Ai"),
        _("Cho ai"),
        _("Việc"),
        _("Của gì"),
        _("Trước"),
        _("Sau"),
        _("Địa chỉ mạng"),
        _("Máy"),
        _("Máy tự xưng"),
        _("Dòng gốc (JSON)"),
    ]
    found = audit_trail.trail(session, asked.narrowed(session, seller_id), limit=MOST_EXPORTED)
    rows: list[tuple[Cell, ...]] = [
        (
            row.at,
            row.who,
            row.for_whom,
            row.act,
            row.subject,
            "; ".join(f"{one.name}: {one.old}" for one in row.changes if one.old),
            "; ".join(f"{one.name}: {one.new}" for one in row.changes if one.new),
            row.origin,
            row.device,
            row.said_device,
            json.dumps(row.stored, ensure_ascii=False, sort_keys=True),
        )
        for row in told(session, found)
    ]
    return [str(head) for head in heads], rows
