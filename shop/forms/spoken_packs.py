"""A pack as somebody says it: what it is packed in, or how many, and how much is in it."""

import re
from dataclasses import dataclass, replace

from shop import formats
from shop.forms.product import UNITS
from shop.forms.spoken_numbers import in_figures
from shop.forms.spoken_pieces import PIECES, Piece, piece_called, pieces_pattern
from shop.forms.spoken_weights import measure_said, read_spoken_weight
from shop.forms.spoken_words import cleaned
from shop.forms.values import ValueRefused
from shop.forms.weights import CHEAPEST_PER_KG_VND, HEAVIEST_PACK_G, read_volume
from shop.models.catalog import NetUnit
from shop.search.folding import fold

_VOLUME = re.compile(
    r"(?<![^\W\d_])(ml|l|cc|lít|lit|xị|mililít|mililit)(?![^\W\d_])|(?<=\d)(ml|l|cc)\d?\b"
)
_PACKED = re.compile(r"(?:1 |mỗi |moi )?(?P<unit>[^\W\d_]+) ?(?P<content>.*)")
_OTHER_NAMES = {
    "bịch": "túi", "bich": "túi", "bọc": "túi", "hủ": "hũ", "keo": "hũ", "thẩu": "hũ",
    "trái": "quả", "trai": "quả", "két": "thùng", "rổ": "giỏ", "sọt": "giỏ", "ca": "can",
}  # fmt: skip
_BY_FOLDED = {fold(unit): unit for unit in UNITS}
_COUNTED = re.compile(
    rf"(?:(?P<packed>[^\W\d_]+) )?(?P<count>\d{{1,3}}) ?(?P<piece>{pieces_pattern()})\b"
    r"(?P<each> ?x| mỗi [^\W\d_]+| moi [^\W\d_]+)?(?P<rest>.*)"
)
_TIMES = re.compile(r"(?:(?P<packed>[^\W\d_]+) )?(?P<count>\d{1,3}) ?x ?(?P<one>\d.*)")
_TEN = re.compile(
    r"(?P<before>(?:[^\W\d_]+ )??)(?:(?P<tens>\d|một|mot|hai|ba|bốn|bon|năm|nam|sáu|bảy|tám) )?"
    r"(?:chục|chuc)(?: (?P<many>\d{2}))?(?: (?P<rest>\D.*))?"
)
_DOZEN = re.compile(
    r"(?:[^\W\d_]+ )??(?P<count>\d |một |mot |nửa |hai |ba )?(?:tá|ta)(?P<half> rưỡi)?(?= |$)"
)
_DOZENS = {"nửa": 6, "một": 12, "mot": 12, "hai": 24, "ba": 36}
_TWO_FIGURES = re.compile(r"\d{1,3} \d{3}(?!\d)")
"""A count before a weight (`chục 600 g`), or thousands with a blank: nobody can tell."""
_ONE_KG = {"kg": "1 kg", "kilo": "1 kg"}
_LITRES = {"chai": 5, "lọ": 2, "lon": 2, "can": 50, "bình": 50}
"""Up to how many a figure beside what is poured means litres; above it is millilitres."""
_LEAST_BARE_G = 50
_WEIGHED = re.compile(r"(?:\d|nửa|nua|½|¼|¾).*")


@dataclass(frozen=True, slots=True)
class PackSaid:
    """A pack: what it is packed in, how much is in it, and how many pieces if that was said."""

    unit: str
    net_quantity: int
    net_unit: NetUnit
    pieces: str = ""
    """`10 quả`, as it was said; empty for a pack that is not counted."""
    count: int = 1
    """How many pieces; 1 for a pack that is not counted."""

    @property
    def label(self) -> str:
        """Return the pack as it stands on the shelf: `gói 200 g`, `10 quả 600 g`."""
        return f"{self.pieces or self.unit} {self.content('vi')}"

    def content(self, lang: str) -> str:
        """Return the net content in words of `lang`."""
        shown = formats.weight if self.net_unit is NetUnit.GRAM else formats.volume
        return shown(self.net_quantity, lang)


def known_unit(word: str) -> str | None:
    """Return what a word of the market for a container is called on the shelf: `bịch` is `túi`.

    Marks may be left out, but not be others: `bò` is no `bó`.
    """
    if word in UNITS:
        return word
    return _OTHER_NAMES.get(word) or (_BY_FOLDED.get(word) if fold(word) == word else None)


def read_pack(text: str) -> PackSaid:
    """Return the pack in `text`: `gói 200 g`, `chai nửa lít`, `10 quả 600 g`, `hộp 20 gói x 2 g`.

    Raises `ValueRefused`: `pack_empty`, `pack_unreadable`, `pack_content_missing` (with `unit`),
    `pack_weight_missing` (with `pieces`), `pack_ten_ambiguous`: a chục is 10, 12 or 14 (with
    `proposed`), `pack_each_or_all` (with `each`, `all`, and `one`), and those of weights and
    volumes; a figure alone is `pack_unit_missing` for what is poured and `weight_unit_missing`
    for all else, each with what is probably meant as `proposed`.
    """
    plainly = cleaned(text)
    if not plainly:
        raise ValueRefused("pack_empty")
    said = in_figures(_ten_in_figures(_dozen_in_figures(plainly)))
    if times := _TIMES.fullmatch(said):
        packed = known_unit(times["packed"] or "")
        return _times(_plain_pack(times["one"], text, packed or "gói"), int(times["count"]))
    counted = _COUNTED.fullmatch(said)
    if counted and (counted["packed"] or int(counted["count"]) > 1):
        return _counted(counted, text)
    found = _PACKED.fullmatch(said)
    unit = known_unit(found["unit"]) if found else None
    content = found["content"] if found and unit else said
    if unit and not content:
        raise ValueRefused("pack_content_missing", unit=unit)
    if _TWO_FIGURES.match(content):
        raise ValueRefused("pack_unreadable", typed=text)
    if unit and content.isdecimal():
        raise _without_unit(unit, content)
    return _plain_pack(_ONE_KG.get(content, content), text, unit or "gói")


def check_pack_size(pack: PackSaid, *, price_vnd: int | None = None) -> PackSaid:
    """Return `pack` if a buyer can carry it home and it may cost that: 50 kg or 50 litres.

    Raises `ValueRefused` with both readings, `said`, and `proposed` a thousand times smaller or
    empty where that is no whole figure: `pack_heavy`, or `pack_cheap` (with `price_vnd`) for less
    than 500 đồng a kilogram.
    """
    is_cheap = price_vnd is not None and price_vnd * 1000 < CHEAPEST_PER_KG_VND * pack.net_quantity
    if pack.net_quantity <= HEAVIEST_PACK_G and not is_cheap:
        return pack
    small, rest = divmod(pack.net_quantity, 1000)
    fits = not rest and 0 < small <= HEAVIEST_PACK_G
    proposed = replace(pack, net_quantity=small).label if fits else ""
    if pack.net_quantity > HEAVIEST_PACK_G:
        raise ValueRefused("pack_heavy", said=pack.label, proposed=proposed)
    raise ValueRefused("pack_cheap", said=pack.label, proposed=proposed, price_vnd=price_vnd)


def _without_unit(unit: str, figures: str) -> ValueRefused:
    """Return the question about `chai 65`, with the measure such a container has."""
    count = int(figures[:6])
    litres, grams = _LITRES.get(unit, 0), _LEAST_BARE_G <= count <= 9_999
    if litres:
        measure = "lít" if count <= litres else "ml"
        proposed = f"{unit} {count} {measure}"
        return ValueRefused("pack_unit_missing", typed=f"{unit} {figures}", proposed=proposed)
    values = {"proposed": f"{unit} {count} g"} if grams else {}
    return ValueRefused("weight_unit_missing", typed=figures, **values)


def _ten_in_figures(plainly: str) -> str:
    """Return `chục 12 trái` as `12 trái`; a bare chục is 10 in the north, 12 or 14 in the south.

    Raises `pack_ten_ambiguous`.
    """
    found = _TEN.fullmatch(plainly)
    if found is None or not (found["rest"] is None or piece_called(found["rest"])):
        return plainly
    rest = found["rest"] or "quả"
    if found["many"] is None:
        count = int(in_figures(found["tens"] or "1")) * 10
        raise ValueRefused("pack_ten_ambiguous", typed=plainly, proposed=f"{count} {rest}")
    return f"{found['many']} {rest}"


def _dozen_in_figures(plainly: str) -> str:
    """Return `tá trứng` as `12 trứng`; `ta` without its mark only before a piece."""
    found = _DOZEN.match(plainly)
    rest = plainly[found.end() :].strip() if found else ""
    if found is None or not piece_called(rest):
        return plainly
    word = (found["count"] or "một").strip()
    count = int(word) * 12 if word.isdigit() else _DOZENS[word]
    return f"{count + (6 if found['half'] else 0)} {rest}"


def _counted(found: re.Match[str], text: str) -> PackSaid:
    piece, count = PIECES[found["piece"]], int(found["count"])
    pieces = f"{count} {found['piece']}"
    packed = known_unit(found["packed"] or "")
    if packed:
        pieces = f"{packed} {pieces}"
    weight = _WEIGHED.search(found["rest"])
    if weight is None:
        raise ValueRefused("pack_weight_missing", pieces=pieces)
    unit = packed or known_unit(found["piece"]) or "gói"
    whole = replace(_plain_pack(weight[0], text, unit), pieces=pieces, count=count)
    return _times(whole, count) if found["each"] else _each_or_all(whole, piece)


def _each_or_all(whole: PackSaid, piece: Piece) -> PackSaid:
    """Return a counted pack whose content is that of all pieces, or of each (`20 gói 2 g`).

    What may be either, as `thùng 12 hộp 1 kg`, is refused with both.
    """
    one, count = whole.net_quantity, whole.count
    may_be_all = piece.least <= one / count <= piece.most
    may_be_each = piece.least <= one <= piece.most
    if may_be_each and not may_be_all:
        return _times(whole, count)
    if not (may_be_each and may_be_all and piece.is_container) or count == 1:
        return whole
    each = f"{whole.pieces} x {whole.content('vi')}"
    only = replace(whole, pieces="", count=1)
    raise ValueRefused(
        "pack_each_or_all", typed=whole.label, each=each, all=only.label,
        one=piece.name, each_total=_times(whole, count).content("vi"),
    )  # fmt: skip


def _times(one: PackSaid, count: int) -> PackSaid:
    return replace(one, net_quantity=one.net_quantity * count, count=max(count, one.count))


def _plain_pack(content: str, text: str, unit: str) -> PackSaid:
    try:
        if _VOLUME.search(content):
            return PackSaid(
                unit, read_volume(measure_said(content), unit=None), NetUnit.MILLILITRE
            )
        return PackSaid(unit, read_spoken_weight(content, unit=None), NetUnit.GRAM)
    except ValueRefused as refused:
        if refused.code.endswith("_unreadable") or refused.code == "weight_counted":
            raise ValueRefused("pack_unreadable", typed=text) from refused
        raise
