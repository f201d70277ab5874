"""What the form of a product is drawn from: choices, faults in page order, what lacks."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop.forms import product as form
from shop.pages.unit_words import container
from shop.queries import office_catalog

MISSING = {
    "packs": _l("loại đóng gói và giá"),
    "allergens": _l("chất gây dị ứng (hoặc chọn “Không có”)"),
    "storage": _l("cách bảo quản"),
    "ingredients": _l("thành phần"),
}
"""What a buyer must know before a product is sold, in words."""


def missing_words(missing: Sequence[str]) -> list[str]:
    """Return what lacks, in words."""
    return [str(MISSING[name]) for name in missing]


def form_facts(
    session: Session,
    typed: Mapping[str, str],
    faults: Mapping[str, str],
    chosen_allergens: Sequence[str],
) -> dict[str, Any]:
    """Return what the fields of the form need, whatever they hold."""
    rows = form.rows_in(typed)
    return {
        "faults": faults,
        "english_faults": any("en_" in name or name.endswith("_en") for name in faults),
        "summary": [(name, _field_name(name)) for name in form.in_order(faults, rows)],
        "rows": rows,
        "kinds": office_catalog.kinds(session),
        "units": [(unit, container(unit)) for unit in form.UNITS],
        "net_units": list(form.NET_UNITS.items()),
        "tax_classes": list(form.TAX_CLASSES.items()),
        "allergens": list(form.ALLERGENS.items()),
        "chosen_allergens": chosen_allergens,
    }


def _field_name(name: str) -> str:
    if name.startswith("packs-"):
        number, part = name.split("-")[1:3]
        return f"{form.PACK_NAMES[part]} ({int(number) + 1})"
    return str(form.NAMES.get(name, name))
