"""What a member sells, as it is typed on a phone: a name, a price and a pack as people say them.

What was understood is shown back before it goes to the office, unless it was typed so that
nobody can read it in two ways (R10).
"""

import re
from collections.abc import Container, Mapping
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.base import Fields
from shop.forms.characters import plain
from shop.forms.offers import SURE_APART
from shop.forms.read_back import ECHO
from shop.forms.spoken_packs import PackSaid, check_pack_size, read_pack
from shop.forms.spoken_prices import read_spoken_price
from shop.forms.text import read_name, read_text
from shop.forms.values import ValueRefused

FIELDS = ("name", "price", "pack", "words")
"""What is kept of the form, as it was typed."""

NAMES = {
    "photo": _l("ảnh"),
    "name": _l("tên hàng"),
    "price": _l("giá"),
    "pack": _l("đóng gói"),
    "words": _l("lời giới thiệu"),
}
"""What the summary of faults calls each field, in the order of the page."""

DEAR_VND = 100_000_000
"""A price of one pack that is asked about: three zeros too many are typed faster than earned."""

LONGEST_TYPED = 2000
"""Letters of one field that a draft keeps, whatever was pasted into it."""

NO_NAME = {"name_empty": _l("Chưa ghi tên hàng. Ví dụ Mật ong rừng")}

_TENS_OF_THE_MARKET = (10, 12, 14, 16)
_ROUND_VND = 100
_OBVIOUS_PRICE = re.compile(r"[1-9]\d{0,2}([. ]?000)+ ?(đồng|đ|₫|vnđ)?")
_OBVIOUS_PACK = re.compile(r"\w+ ?\d{1,4} ?(g|kg|ml|l|lít)")


@dataclass(frozen=True, slots=True)
class Listing:
    """Goods a member wants to sell."""

    name: str
    price_vnd: int
    pack: PackSaid
    words: str

    def as_data(self) -> dict[str, object]:
        """Return what was understood, to be kept beside what was typed."""
        return {
            "name": self.name,
            "price_vnd": self.price_vnd,
            "pack": self.pack.label,
            "unit": self.pack.unit,
            "net_quantity": self.pack.net_quantity,
            "net_unit": self.pack.net_unit.value,
            "words": self.words,
        }


def understand(
    price: str, pack: str, *, sure: str = ""
) -> tuple[int | None, PackSaid | None, dict[str, ValueRefused]]:
    """Return price in đồng and pack as far as they can be read, and by field why not.

    A price by weight (`90k/kg`) or of several (`15k/chục`) is that of a pack of just so much; of
    any other it is `price_of_other_weight` or `price_of_other_count`, with what a pack would cost
    where that is a round figure. A pack too heavy or too cheap to be true is asked about, and a
    price from `DEAR_VND` on, unless it is the one of which the member is `sure`.
    """
    refused: dict[str, ValueRefused] = {}
    price_vnd, said = None, None
    try:
        said = read_pack(pack)
    except ValueRefused as why:
        refused["pack"] = why
    try:
        price_vnd = read_spoken_price(price)
    except ValueRefused as why:
        refused["price"] = why
        if said is not None and why.code in _OF_SOMETHING:
            price_vnd = _OF_SOMETHING[why.code](said, why, refused)
    known = set(sure.split(SURE_APART))
    if said is not None and _plain(said.label) not in known:
        try:
            check_pack_size(said, price_vnd=price_vnd)
        except ValueRefused as why:
            values = why.values | {"sure_of": _sure_of(known, price_vnd)}
            refused["pack"], said = ValueRefused(why.code, **values), None
    if price_vnd is not None and price_vnd >= DEAR_VND and _money(price_vnd) not in known:
        small, rest = divmod(price_vnd, 1000)
        proposed = {} if rest else {"proposed_vnd": small}
        is_known = said is not None and _plain(said.label) in known
        sure_of = _plain(said.label) if said is not None and is_known else ""
        values = {"said": _money(price_vnd), "sure_of": sure_of, **proposed}
        refused["price"], price_vnd = ValueRefused("price_dear", **values), None
    return price_vnd, said, refused


def _sure_of(known: Container[str], price_vnd: int | None) -> str:
    """Return the price, where the member said before that it is right."""
    is_known = price_vnd is not None and _money(price_vnd) in known
    return _money(price_vnd) if price_vnd is not None and is_known else ""


def _money(vnd: int) -> str:
    return _plain(formats.money(vnd))


def _plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def _price_of(said: PackSaid, why: ValueRefused, refused: dict[str, ValueRefused]) -> int | None:
    by_weight, base = int(str(why.values["price_vnd"])), int(str(why.values["base"]))
    if said.net_unit.value != why.values["unit"]:
        return None
    if said.net_quantity == base:
        del refused["price"]
        return by_weight
    proposed = (by_weight * said.net_quantity + base // 2) // base
    values = why.values | {"proposed_vnd": proposed, "pack": said.label}
    refused["price"] = ValueRefused("price_of_other_weight", **values)
    return None


def _price_of_count(
    said: PackSaid, why: ValueRefused, refused: dict[str, ValueRefused]
) -> int | None:
    """Return the price of `said` from that of `3 bó`; a chục is as many as the pack's own."""
    vnd, count = int(str(why.values["price_vnd"])), int(str(why.values["count"]))
    is_group = bool(why.values["is_group"])
    if said.count in (_TENS_OF_THE_MARKET if is_group and count == 10 else (count,)):
        del refused["price"]
        return vnd
    whole, rest = divmod(vnd * said.count, count)
    is_round = not rest and whole % _ROUND_VND == 0 and not is_group
    values = why.values | {"pack": said.label} | ({"proposed_vnd": whole} if is_round else {})
    refused["price"] = ValueRefused("price_of_other_count", **values)
    return None


_OF_SOMETHING = {"price_per_measure": _price_of, "price_per_count": _price_of_count}
"""What the price of something else than one pack tells about it, by the code that says so."""


def read_listing(
    fields: Fields, typed: Mapping[str, str]
) -> tuple[Listing | None, dict[str, str]]:
    """Return the goods, or `None` with faults noted; and what is to be shown back first.

    The second is by field what `ECHO + field` must say once the member has seen it.
    """
    name = fields.read("name", read_name, shortest=2, instead=NO_NAME)
    price_vnd, pack, refused_by = understand(
        fields.typed("price"), fields.typed("pack"), sure=typed.get("sure", "")
    )
    for field in ("price", "pack"):
        if field in refused_by:
            fields.note(field, refused_by[field])
    words = fields.read("words", read_text, longest=LONGEST_TYPED)
    if fields.faults or name is None or price_vnd is None or pack is None:
        return None, {}
    listing = Listing(name, price_vnd, pack, words or "")
    return listing, to_show_back(listing, typed)


def not_plain(typed: Mapping[str, str]) -> dict[str, str]:
    """Return price and pack as they were typed, where that was otherwise than `90.000`, `200 g`.

    >>> not_plain({"price": "chín chục", "pack": "gói 200 g"})
    {'price': 'chín chục'}
    """
    patterns = {"price": _OBVIOUS_PRICE, "pack": _OBVIOUS_PACK}
    said = {name: typed.get(name, "").strip() for name in patterns}
    return {
        name: text
        for name, text in said.items()
        if text and not patterns[name].fullmatch(plain(text))
    }


def to_show_back(listing: Listing, typed: Mapping[str, str]) -> dict[str, str]:
    """Return by field what was understood of words that could be read in another way."""
    shown = {}
    said = not_plain(typed)
    if "price" in said:
        shown["price"] = str(listing.price_vnd)
    if "pack" in said:
        shown["pack"] = f"{listing.pack.net_quantity}{listing.pack.net_unit.value}"
    return {name: value for name, value in shown.items() if typed.get(ECHO + name) != value}
