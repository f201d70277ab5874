"""What the office changed of a member's wish before its yes: each field, old and new."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.product import TAX_CLASSES
from shop.forms.text import is_same
from shop.locales import current_locale
from shop.models.submissions import Submission
from shop.pages.allergen_words import allergen

FIELDS: Mapping[str, Any] = {
    "name": _l("tên"),
    "price_vnd": _l("giá"),
    "pack": _l("đóng gói"),
    "packs": _l("loại đóng gói khác"),
    "words": _l("lời giới thiệu"),
    "kind": _l("loại hàng"),
    "ingredients": _l("thành phần"),
    "allergens": _l("chất gây dị ứng"),
    "storage": _l("cách bảo quản"),
    "storage_min_c": _l("lạnh nhất (°C)"),
    "storage_max_c": _l("nóng nhất (°C)"),
    "shelf_life_days": _l("hạn dùng (số ngày)"),
    "directions": _l("cách dùng"),
    "cautions": _l("lưu ý"),
    "is_chilled": _l("phải giữ lạnh"),
    "tax_class": _l("loại thuế"),
    "quantity_g": _l("số cân"),
}
"""What a member reads of the fields that the office changed."""

TOLD_AT_ONCE = 2
"""So many changes stand in one sentence; of more only the fields, each with a line of its own
where the entry is opened."""


def lines(one: Submission) -> list[str]:
    """Return a line for each change: `giá: 90.000 ₫ thành 95.000 ₫`."""
    return told(one.office_changes)


def told(values: Mapping[str, Any]) -> list[str]:
    """Return the same for what the trail tells of a yes, which says other things beside it."""
    changed = _really(values)
    return [_line(name, *pair) for name, pair in changed.items()]


def _really(values: Mapping[str, Any]) -> dict[str, list[Any]]:
    """Return the pairs in `values` whose sides a person tells apart."""
    pairs = {
        name: pair
        for name, pair in values.items()
        if name in FIELDS and isinstance(pair, list) and len(pair) == 2
    }
    return {name: pair for name, pair in pairs.items() if not is_same(*pair)}


def sentence(one: Submission) -> str:
    """Return in one sentence what the office changed before its yes; empty for nothing."""
    changed = _really(one.office_changes)
    if not changed:
        return ""
    if len(changed) <= TOLD_AT_ONCE:
        return str(_("HTX đã sửa %(changes)s.", changes="; ".join(lines(one))))
    names = ", ".join(str(FIELDS[name]) for name in changed)
    return str(_("HTX đã sửa %(changes)s. Bấm “Xem” để đọc từng chỗ.", changes=names))


def _line(name: str, sent: Any, approved: Any) -> str:
    what, old, new = str(FIELDS[name]), _shown(name, sent), _shown(name, approved)
    if not old:
        return str(_("%(what)s: ghi thêm %(now)s", what=what, now=new))
    if not new:
        return str(_("%(what)s: bỏ %(sent)s", what=what, sent=old))
    return str(_("%(what)s: %(sent)s thành %(now)s", what=what, sent=old, now=new))


def _shown(name: str, value: Any) -> str:
    if value is None or value == "":
        return ""
    if name in _SHOWN:
        return _SHOWN[name](value)
    if isinstance(value, bool):
        return str(_("có") if value else _("không"))
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name in _LONG:
        return f"“{value}”"
    return str(value)


def _allergens(names: Sequence[str]) -> str:
    return ", ".join(map(allergen, names)) or str(_("không có"))


def _packs(packs: Sequence[tuple[str, int]]) -> str:
    lang = current_locale()
    return ", ".join(f"{label} {formats.money(price, lang)}" for label, price in packs)


_LONG = {"words", "storage", "directions"}

_SHOWN: Mapping[str, Callable[[Any], str]] = {
    "price_vnd": lambda value: formats.money(value, current_locale()),
    "quantity_g": lambda value: formats.weight(value, current_locale()),
    "allergens": _allergens,
    "packs": _packs,
    "tax_class": lambda value: str(TAX_CLASSES.get(value, value)),
}
