"""The words for what goods are packed in; one that somebody typed and we do not know stays."""

from collections.abc import Callable, Mapping

from flask_babel import ngettext

from shop import formats
from shop.locales import current_locale

CONTAINERS: Mapping[str, Callable[[int], str]] = {
    "gói": lambda count: ngettext("gói", "gói", count),
    "hộp": lambda count: ngettext("hộp", "hộp", count),
    "túi": lambda count: ngettext("túi", "túi", count),
    "chai": lambda count: ngettext("chai", "chai", count),
    "lọ": lambda count: ngettext("lọ", "lọ", count),
    "hũ": lambda count: ngettext("hũ", "hũ", count),
    "lon": lambda count: ngettext("lon", "lon", count),
    "vỉ": lambda count: ngettext("vỉ", "vỉ", count),
    "can": lambda count: ngettext("can", "can", count),
    "bình": lambda count: ngettext("bình", "bình", count),
    "giỏ": lambda count: ngettext("giỏ", "giỏ", count),
    "nải": lambda count: ngettext("nải", "nải", count),
    "con": lambda count: ngettext("con", "con", count),
    "cây": lambda count: ngettext("cây", "cây", count),
    "quả": lambda count: ngettext("quả", "quả", count),
    "bó": lambda count: ngettext("bó", "bó", count),
    "khay": lambda count: ngettext("khay", "khay", count),
    "thùng": lambda count: ngettext("thùng", "thùng", count),
    "bao": lambda count: ngettext("bao", "bao", count),
}


def container(unit: str, count: int = 1) -> str:
    """Return the word for `count` of `unit` in the language of the page."""
    return CONTAINERS[unit](count) if unit in CONTAINERS else unit


def counted(count: int, unit: str) -> str:
    """Return `2 gói`, in English `2 packs`."""
    return f"{formats.number(count, current_locale())} {container(unit, count)}"
