"""What the form of a product asks in English: the texts that foreign buyers read."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.text import read_line, read_text

NAMES = {
    "en_name": _l("tên tiếng Anh"),
    "en_description": _l("giới thiệu tiếng Anh"),
    "en_ingredients": _l("thành phần tiếng Anh"),
    "en_storage": _l("cách bảo quản tiếng Anh"),
    "en_directions": _l("cách dùng tiếng Anh"),
    "en_cautions": _l("lưu ý tiếng Anh"),
}
"""What the summary of faults calls each field, in the order of the page."""

_LISTS = ("ingredients", "cautions")


def read(fields: Fields) -> dict[str, Any]:
    """Return the texts that were typed, by the name of what they say in English.

    Faults are noted beside their fields.
    """
    said: dict[str, Any] = {
        "name": fields.read("en_name", read_line, required=False, longest=120),
        "description": fields.read("en_description", read_text),
        "storage": fields.read("en_storage", read_line, required=False, longest=300),
        "directions": fields.read("en_directions", read_text, longest=600),
    }
    for name in _LISTS:
        text = fields.read(f"en_{name}", read_text, longest=2000) or ""
        said[name] = [line.strip() for line in text.splitlines() if line.strip()]
    return {name: value for name, value in said.items() if value}


def as_typed(english: Mapping[str, Any] | None) -> dict[str, str]:
    """Return the fields as somebody would have typed these texts."""
    said = english or {}
    return {
        name: "\n".join(value) if isinstance(value, list) else value
        for name in NAMES
        if (value := said.get(name.removeprefix("en_"), ""))
    }
