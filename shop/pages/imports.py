"""What an import shows: each row in words, what changes, what somebody has to type instead."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.imports.kinds import COLUMNS, ImportKind
from shop.forms.imports.row_fields import CellFault
from shop.locales import current_locale
from shop.models.imports import ImportRow
from shop.services.imports.plan import Difference, Plan, PlannedRow, RowAct

ACTS = {
    RowAct.NEW: _l("Mới"),
    RowAct.CHANGED: _l("Sửa"),
    RowAct.UNCHANGED: _l("Như cũ"),
    RowAct.REFUSED: _l("Có lỗi"),
}
TONES = {RowAct.REFUSED: "hong", RowAct.CHANGED: "canh"}

KEPT = {
    "changed_since": _l("đã có người sửa sau khi nhập"),
    "in_use": _l("đã có chỗ khác dùng tới"),
    "withdrawn": _l("đã có lô nên chỉ ngừng bán, không xóa"),
    "lot_stays": _l("mã lô đã có gói nên giữ trong sổ"),
    "stock_moved": _l("hàng đã xuất hoặc đã giữ cho đơn"),
    "gone": _l("không còn trong sổ"),
}
"""Why something that a run did could not be taken back."""

_NAMES: Mapping[str, Any] = {
    "net_quantity": _l("Khối lượng"),
    "net_unit": _l("Đơn vị"),
    "mass_g": _l("Cân nặng"),
    "price_vnd": _l("Giá"),
    "area_m2": _l("Diện tích"),
    "units": _l("Số gói"),
}


_NUMBERED = ("code", "plot")
_GIVEN = _l("hệ thống cấp khi ghi")


def name_of(kind: ImportKind, name: str) -> str:
    """Return what people call a value."""
    if name in _NAMES:
        return str(_NAMES[name])
    labels = {column.key: column.label for column in COLUMNS[kind]}
    if kind is ImportKind.MEMBERS and name == "name":
        name = "plot_name"
    return str(labels.get(name, name))


def shown(name: str, value: Any) -> str:
    """Return a value as people read it; a dash for none."""
    if value is None or value in ("", []):
        return "–"
    if isinstance(value, list | tuple):
        return ", ".join(value)
    return _SHOWN[name](value, current_locale()) if name in _SHOWN else str(value)


_SHOWN: Mapping[str, Callable[[Any, str], str]] = {
    "price_vnd": formats.money,
    "mass_g": formats.weight,
    "area_m2": formats.area,
    "phone": lambda value, _lang: formats.phone(value),
    "made_on": lambda value, lang: formats.day(date.fromisoformat(value), lang),
    "expires_on": lambda value, lang: formats.day(date.fromisoformat(value), lang),
    "stock": formats.number,
    "units": formats.number,
    "net_quantity": formats.number,
    "shelf_life_days": formats.number,
}


def differences(kind: ImportKind, row: PlannedRow) -> list[tuple[str, str, str]]:
    """Return name, old and new of each value that changes."""
    return [
        (
            name_of(kind, one.name),
            shown(one.name, one.old),
            str(_GIVEN) if one.name in _NUMBERED and one.new is None else shown(one.name, one.new),
        )
        for one in row.differences
        if not (one.name == "gtin" and one.new is None)
    ]


def kept(rows: Sequence[ImportRow]) -> list[tuple[str, str]]:
    """Return what could not be taken back, and why."""
    return [
        (row.title, str(KEPT.get(row.kept_because, row.kept_because)))
        for row in rows
        if row.kept_because is not None
    ]


def summary(plan: Plan) -> str:
    """Return in one sentence what a file would do."""
    return str(
        _(
            "%(new)s dòng mới, %(changed)s dòng sửa, %(unchanged)s dòng như cũ, "
            "%(refused)s dòng có lỗi.",
            **plan.counts,
        )
    )


def as_json(kind: ImportKind, plan: Plan) -> dict[str, Any]:
    """Return all of a plan for programs: values as stored, sentences for people."""
    return {
        "kind": kind.value,
        "sheet": plan.file.sheet,
        "encoding": plan.file.encoding,
        "counts": plan.counts,
        "rows": [_row(row) for row in plan.rows],
        "errors": [_fault(fault) for fault in plan.faults],
        "ticks": [
            {"code": tick.code, "message": tick.sentence, "rows": list(tick.rows)}
            for tick in plan.ticks
        ],
        "notes": plan.notes,
    }


def _row(row: PlannedRow) -> dict[str, Any]:
    return {
        "row": row.number,
        "act": row.act.value,
        "values": row.values,
        "changes": [_difference(one) for one in row.differences],
    }


def _difference(one: Difference) -> dict[str, Any]:
    return {"name": one.name, "old": one.old, "new": one.new}


def _fault(fault: CellFault) -> dict[str, Any]:
    return {
        "row": fault.row,
        "field": fault.column or fault.field,
        "name": fault.field,
        "typed": fault.typed,
        "code": fault.code,
        "message": fault.told,
    }
