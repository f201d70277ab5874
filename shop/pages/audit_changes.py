"""What an entry of the change history says changed: each value, how it was, how it is since."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shop.forms.text import is_same
from shop.models.people import AuditEntry
from shop.pages import step_words
from shop.pages.audit_fields import Field, field

__all__ = ["Change", "changes"]

UNTOLD = {"client_id", "commune_code", "province_code", "product_id", "plot_id"}
"""Values that say nothing to a person: the number a form gave itself, codes beside their names."""

_NOTHING = object()


@dataclass(frozen=True, slots=True)
class Change:
    """One value: what it is called, how it was, how it is since; empty where that was not told."""

    name: str
    old: str
    new: str


def changes(entry: AuditEntry, *, provinces: Mapping[str, str] | None = None) -> list[Change]:
    """Return each value that an entry tells, without those that stayed as they were.

    `provinces` are the names of provinces by code.
    """
    old, new = _both(entry)
    found = []
    for name in dict.fromkeys([*old, *new]):
        was, now = _differing(old.get(name, _NOTHING), new.get(name, _NOTHING))
        if name in UNTOLD or (was is _NOTHING and now is _NOTHING):
            continue
        known = field(entry.action, entry.subject_kind, name) or Field(name)
        found.append(
            Change(
                str(known.words) or name,
                _shown(known, name, was, provinces or {}),
                _shown(known, name, now, provinces or {}),
            )
        )
    return [one for one in found if one.old or one.new]


def _both(entry: AuditEntry) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what stood before and after, in the shape in which people read it."""
    old, new = _joined(entry.before), _joined(entry.after)
    if entry.action == "submission_approved":
        for name, value in new.items():
            if isinstance(value, list) and len(value) == 2:
                old[name], new[name] = value
    return old, new


def _joined(told: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return values without what another one says: a figure beside its unit, a known step."""
    values = dict(told or {})
    if "net_quantity" in values:
        values["net"] = [values.pop("net_quantity"), values.pop("net_unit", "g")]
    if values.get("name") and values.get("step") and values["step"] not in step_words.STEPS:
        del values["step"]
    return values


def _differing(was: Any, now: Any) -> tuple[Any, Any]:
    """Return both sides without what is the same in them."""
    if was is _NOTHING or now is _NOTHING:
        return was, now
    if isinstance(was, Mapping) and isinstance(now, Mapping):
        same = {name for name in was if name in now and is_same(was[name], now[name])}
        was, now = _without(was, same), _without(now, same)
    return (_NOTHING, _NOTHING) if is_same(was, now) else (was, now)


def _without(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in names}


def _shown(known: Field, name: str, value: Any, provinces: Mapping[str, str]) -> str:
    if value is _NOTHING:
        return ""
    if name == "province_codes" and value is not None:
        value = [provinces.get(code, code) for code in value]
    return known.shown(value)
