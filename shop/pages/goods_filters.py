"""The choices that narrow a list of goods, each with how many goods it would leave."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from shop import formats
from shop.locales import current_locale
from shop.pages import own_words
from shop.pages.goods_asked import Asked
from shop.search.collation import collation_key
from shop.services.addresses import short_name

STARS = (5, 4, 3)
"""From how many OCOP stars on a list can be narrowed."""

_FITS: dict[str, Callable[[Any, Asked], bool]] = {
    "loai": lambda row, asked: asked.kind in {"", row.kind},
    "htx": lambda row, asked: asked.seller in {"", row.slug},
    "noi": lambda row, asked: asked.place in {"", row.province_code, row.commune_code},
    "sao": lambda row, asked: (row.stars or 0) >= asked.stars,
    "gia": lambda row, _asked: bool(row.fits_price),
    "con": lambda row, _asked: bool(row.is_there),
}
"""By the name of each condition, whether goods meet it."""


def left(rows: Iterable[Any], asked: Asked, *, without: str = "") -> list[Any]:
    """Return the rows of `catalog_facets.counts` that meet all conditions but the one named."""
    tests = [test for name, test in _FITS.items() if name != without]
    return [row for row in rows if all(test(row, asked) for test in tests)]


def number(rows: Iterable[Any]) -> int:
    """Return how many goods the rows count."""
    return sum(row.goods for row in rows)


def choices(asked: Asked, rows: Sequence[Any]) -> dict[str, Any]:
    """Return what the filters offer: kinds as links, the others as options of a form."""
    said = _said(asked, rows)
    return {
        "kinds": _kinds(asked, left(rows, asked, without="loai")),
        "kind_options": _with_chosen(
            _options(left(rows, asked, without="loai"), "kind", "kind", own_words.kind),
            asked.kind,
            said["loai"],
        ),
        "sellers": _with_chosen(
            _options(left(rows, asked, without="htx"), "slug", "short_name"),
            asked.seller,
            said["htx"],
        ),
        "places": _with_chosen(
            _places(left(rows, asked, without="noi")), asked.place, said["noi"]
        ),
        "stars": _with_chosen(
            _stars(left(rows, asked, without="sao")),
            str(asked.stars or ""),
            str(_("từ %(stars)s sao", stars=asked.stars)),
        ),
        "sorts": [
            ("stock", _("Còn hàng trước")),
            ("price", _("Giá thấp trước")),
            ("new", _("Mới làm trước")),
        ],
    }


def conditions(asked: Asked, rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return each condition in words, with the address and the number of goods without it."""
    return [
        {
            "words": words,
            "goods": number(left(rows, asked, without=name)),
            "url": asked.address(**({"tu": "", "den": ""} if name == "gia" else {name: ""})),
        }
        for name, words in _said(asked, rows).items()
        if words
    ]


def way_back(found: Sequence[dict[str, Any]]) -> dict[str, Any] | None:
    """Return the condition whose removal brings most goods back, if one alone does."""
    best = max(found, key=lambda one: int(one["goods"]), default=None)
    return best if best is not None and best["goods"] else None


def button_words(total: int) -> str:
    """Return what the button of the filters says once the number is known."""
    return str(ngettext("Xem %(num)s món", "Xem %(num)s món", total))


def _said(asked: Asked, rows: Sequence[Any]) -> dict[str, str]:
    """Return each condition in words, empty where there is none."""
    return {
        "loai": own_words.kind(asked.kind),
        "htx": next((row.short_name for row in rows if row.slug == asked.seller), asked.seller),
        "noi": asked.place_words,
        "sao": str(_("OCOP từ %(stars)s sao", stars=asked.stars)) if asked.stars else "",
        "gia": _price_words(asked),
        "con": str(_("Còn hàng")) if asked.in_stock else "",
    }


def _with_chosen(options: list[tuple[str, str]], chosen: str, words: str) -> list[tuple[str, str]]:
    """Return the options with the chosen one among them, although it leaves nothing."""
    if not chosen or any(key == chosen for key, _words in options):
        return options
    return [*options, (chosen, f"{words} (0)")]


def _kinds(asked: Asked, rows: Sequence[Any]) -> list[dict[str, Any]]:
    return [
        {"name": own_words.kind(kind), "goods": number(part), "url": asked.address(loai=kind)}
        for kind, part in sorted(_grouped(rows, "kind").items(), key=_by_name)
    ]


def _options(
    rows: Sequence[Any], key: str, name: str, words: Callable[[str], str] = str
) -> list[tuple[str, str]]:
    found = [
        (getattr(part[0], key), words(getattr(part[0], name)), number(part))
        for part in _grouped(rows, key).values()
    ]
    found.sort(key=lambda option: _letters(option[1]))
    return [(value, f"{said} ({goods})") for value, said, goods in found]


def _places(rows: Sequence[Any]) -> list[tuple[str, str]]:
    """Return the provinces, each followed by its communes."""
    options = []
    provinces = _grouped(rows, "province_code").values()
    for province in sorted(provinces, key=lambda part: _letters(short_name(part[0].province))):
        first = province[0]
        name = short_name(first.province)
        options.append((first.province_code, f"{name} ({number(province)})"))
        communes = _grouped(province, "commune_code").values()
        for part in sorted(communes, key=lambda part: _letters(short_name(part[0].commune))):
            words = f"{part[0].commune}, {name} ({number(part)})"
            options.append((part[0].commune_code, words))
    return options


def _stars(rows: Sequence[Any]) -> list[tuple[str, str]]:
    return [
        (str(stars), f"{_('từ %(stars)s sao', stars=stars)} ({goods})")
        for stars in STARS
        if (goods := number(row for row in rows if (row.stars or 0) >= stars))
    ]


def _price_words(asked: Asked) -> str:
    low, high = (
        formats.money(price, current_locale()) for price in (asked.price_from, asked.price_to)
    )
    if asked.price_from and asked.price_to:
        return str(_("%(low)s đến %(high)s", low=low, high=high))
    if asked.price_from:
        return str(_("từ %(low)s", low=low))
    return str(_("đến %(high)s", high=high)) if asked.price_to else ""


def _grouped(rows: Iterable[Any], column: str) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(getattr(row, column), []).append(row)
    return groups


def _by_name(pair: tuple[str, list[Any]]) -> Any:
    return _letters(pair[0])


def _letters(name: str) -> Any:
    return collation_key(name)
