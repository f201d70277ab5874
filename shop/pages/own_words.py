"""What sellers wrote in their own words, on pages in English too.

Where they wrote it in English the English stands there; else the Vietnamese, marked as such, so
that a screen reader speaks it as what it is (WCAG 2.2, 3.1.2).
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from shop import formats
from shop.forms.sellers import FETCHED, SENT
from shop.locales import current_locale
from shop.pages import step_words

KINDS: Mapping[str, Any] = {
    "Bánh kẹo": _l("Bánh kẹo"),
    "Bánh, bún khô": _l("Bánh, bún khô"),
    "Chè": _l("Chè"),
    "Dầu ăn": _l("Dầu ăn"),
    "Gia vị": _l("Gia vị"),
    "Giò chả": _l("Giò chả"),
    "Mắm, đồ chua": _l("Mắm, đồ chua"),
    "Mật ong": _l("Mật ong"),
    "Nông sản khô": _l("Nông sản khô"),
    "Thảo mộc": _l("Thảo mộc"),
    "Trà thảo mộc": _l("Trà thảo mộc"),
    "Trái cây tươi": _l("Trái cây tươi"),
    "Đồ ăn nhanh": _l("Đồ ăn nhanh"),
}
"""The usual kinds of goods; one that somebody typed and we do not know stays."""

_WAYS: Mapping[str, Any] = {FETCHED: _l("Tự đến lấy"), SENT: _l("Gửi bưu kiện")}
"""The ways of delivery that a seller begins with."""


_DAYS = re.compile(r"(\d+) ?[-–] ?(\d+) ngày")


def vietnamese(text: str) -> str:
    """Return a text that is in Vietnamese on any page: marked as such where the page is not."""
    text = formats.together(text)
    if not text or current_locale() == "vi":
        return text
    return Markup('<span lang="vi">{}</span>').format(text)


def plain(text: str, english: Any) -> str:
    """Return `english` on a page in English if there is some, else `text`; nothing is marked."""
    return str(english) if english and current_locale() == "en" else text


def told(text: str, english: Any) -> str:
    """Return `english` on a page in English if there is some, else `text` as Vietnamese."""
    return str(english) if english and current_locale() == "en" else vietnamese(text)


def gloss(english: Mapping[str, Any] | None) -> str:
    """Return what the name of a product means, on a page in English; empty elsewhere."""
    return str((english or {}).get("name", "")) if current_locale() == "en" else ""


def joined(parts: Iterable[str]) -> str:
    """Return the parts that say something on one line, marked words among them."""
    return Markup(" · ").join(part for part in parts if part)


def kind(name: str) -> str:
    """Return what a kind of goods is called in the language of the page."""
    return str(KINDS[name]) if name in KINDS else name


def way(name: str) -> str:
    """Return what a way of delivery is called in the language of the page."""
    return str(_WAYS[name]) if name in _WAYS else vietnamese(name)


def way_note(note: str) -> str:
    """Return the line under a way of delivery; `2–4 ngày` in the language of the page."""
    days = _DAYS.fullmatch(note)
    if days is None or current_locale() == "vi":
        return vietnamese(note)
    return str(_("%(least)s–%(most)s ngày", least=days[1], most=days[2]))


def step(code: str, name: str) -> str:
    """Return what a step of the work is called: by its code in English, else by its own name."""
    if current_locale() == "vi" or code not in step_words.WORK:
        return vietnamese(name)
    words = str(step_words.WORK[code])
    return words[:1].upper() + words[1:]
