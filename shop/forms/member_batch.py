"""A new batch as a member says it: of which product, what, how much, from which plot, when."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms.base import Fields
from shop.forms.counted_goods import read_quantity
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.read_back import ECHO, is_obvious
from shop.forms.spoken_weights import state_said
from shop.forms.text import read_line, read_name
from shop.forms.values import ValueRefused
from shop.models.catalog import Product

FIELDS = ("product", "how", "goods", "quantity", "day", "plot", "words")
"""What is kept of the form, as it was typed."""

NAMES = {
    "product": _l("sản phẩm"),
    "how": _l("việc đã làm"),
    "goods": _l("tên hàng"),
    "quantity": _l("số cân"),
    "day": _l("ngày"),
    "plot": _l("thửa"),
    "photo": _l("ảnh"),
    "words": _l("dặn thêm"),
}
"""What the summary of faults calls each field, in the order of the page."""

NO_CHOICE = {
    "how": _l("Chọn “Vừa hái” hoặc “Vừa làm xong”"),
    "product": _l("Chọn hàng này để làm món gì"),
}
"""What is said where nothing was chosen."""

HARVESTED, MADE = "harvested", "made"
LONGEST_BACK = timedelta(days=60)
TIMES_MORE = 5
"""So many times the most of before is asked once more: a slip of one digit is ten times."""

_STATES = {"tuoi": "tươi", "kho": "khô", "uot": "ướt"}
_WHOLE_DAY = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}")
_TAKEN_BACK = frozenset(("date_year_missing", "date_said"))
"""Why a day is only proposed and may be taken once it was shown back."""


@dataclass(frozen=True, slots=True)
class BatchSaid:
    """What a member harvested or made."""

    product_id: int
    how: str
    goods: str
    quantity_g: int
    day: date
    plot_id: int | None
    words: str

    def as_data(self) -> dict[str, object]:
        """Return what was understood, to be kept beside what was typed."""
        return {
            "product_id": self.product_id,
            "how": self.how,
            "goods": self.goods,
            "quantity_g": self.quantity_g,
            "day": self.day.isoformat(),
            "plot_id": self.plot_id,
            "words": self.words,
        }


def read_member_batch(
    fields: Fields,
    typed: Mapping[str, str],
    *,
    products: Sequence[Product],
    plots: Sequence[int],
    most_before_g: int,
    today: date,
) -> tuple[BatchSaid | None, dict[str, str]]:
    """Return the batch, or `None` with faults noted; and what is to be shown back first.

    `products` and `plots` are those the member may choose; with one of them it is that one.
    Goods that are not named are called as the product they are for. `most_before_g` is the most
    the member gave at once before, 0 for nothing known.
    """
    product = chosen_product(fields.typed("product"), products)
    if product is None:
        fields.refuse("product", str(NO_CHOICE["product"]))
    how = fields.typed("how")
    if how not in {HARVESTED, MADE}:
        fields.refuse("how", str(NO_CHOICE["how"]))
    goods = product.name if product else ""
    if fields.typed("goods").strip():
        goods = fields.read("goods", read_name, shortest=2) or ""
    packs = product.packs if product else ()
    quantity_g = fields.read("quantity", read_quantity, packs=packs)
    day = fields.read("day", read_day, today=today)
    plot_id = _plot(fields, plots) if how == HARVESTED else None
    words = fields.read("words", read_line, required=False, longest=300)
    is_unlikely = quantity_g is not None and 0 < most_before_g * TIMES_MORE < quantity_g
    if quantity_g is not None and is_unlikely and not typed.get("sure"):
        fields.refuse("quantity", _unlikely(quantity_g, most_before_g))
    if fields.faults or product is None:
        return None, {}
    if quantity_g is None or day is None:
        return None, {}
    words = with_state(words or "", fields.typed("quantity"))
    said = BatchSaid(product.id, how, goods, quantity_g, day, plot_id, words)
    return said, to_show_back(said, typed, today=today)


def chosen_product(typed: str, products: Sequence[Product]) -> Product | None:
    """Return the product that was chosen; of one alone that one."""
    product_id = read_id(typed)
    if product_id is None and len(products) == 1:
        return products[0]
    return next((one for one in products if one.id == product_id), None)


def to_show_back(said: BatchSaid, typed: Mapping[str, str], *, today: date) -> dict[str, str]:
    """Return by field what was understood of words that could be read in another way."""
    shown = {}
    if not is_obvious(typed.get("quantity", "")):
        shown["quantity"] = str(said.quantity_g)
    if is_proposed(typed.get("day", ""), today=today):
        shown["day"] = said.day.isoformat()
    return {name: value for name, value in shown.items() if typed.get(ECHO + name) != value}


def not_plain(typed: Mapping[str, str]) -> dict[str, str]:
    """Return weight and day as they were typed, where that is not `28 kg`, `20/11/2026`.

    >>> not_plain({"quantity": "hai tám cân", "day": "20/11/2026"})
    {'quantity': 'hai tám cân'}
    """
    said = {name: typed.get(name, "").strip() for name in ("quantity", "day")}
    is_plain = {
        "quantity": is_obvious(said["quantity"]),
        "day": _WHOLE_DAY.fullmatch(said["day"]) is not None,
    }
    return {name: text for name, text in said.items() if text and not is_plain[name]}


def read_day(text: str, *, today: date) -> date:
    """Return the day of a harvest; without a year, or as `thứ bảy vừa rồi`, to be shown back.

    Raises `ValueRefused` as `read_date` does.
    """
    bounds = {"earliest": today - LONGEST_BACK, "latest": today}
    try:
        return read_date(text, today=today, **bounds)
    except ValueRefused as refused:
        proposed = refused.values.get("proposed_on")
        if refused.code not in _TAKEN_BACK or not isinstance(proposed, date):
            raise
        return read_date(proposed.isoformat(), today=today, **bounds)


def is_proposed(text: str, *, today: date) -> bool:
    """Return whether a day is only what its words seem to mean: `20/11`, `3 hôm trước`."""
    try:
        read_date(text, today=today, earliest=today - LONGEST_BACK, latest=today)
    except ValueRefused as refused:
        return refused.code in _TAKEN_BACK
    return False


def with_state(words: str, quantity: str) -> str:
    """Return what else was said, with how the goods were weighed: `Cân lúc tươi.`"""
    state = state_said(quantity)
    if not state or state in words:
        return words
    weighed = str(_("Cân lúc %(state)s.", state=_STATES.get(state, state)))
    return f"{weighed} {words}".strip()


def _plot(fields: Fields, plots: Sequence[int]) -> int | None:
    chosen = read_id(fields.typed("plot"))
    if chosen in plots:
        return chosen
    if len(plots) > 1:
        fields.refuse("plot", _("Chọn thửa đã hái"))
    return plots[0] if len(plots) == 1 else None


def _unlikely(quantity_g: int, most_before_g: int) -> str:
    words = _(
        "%(now)s, nhiều hơn hẳn mọi lần (nhiều nhất %(before)s). Đúng thì đánh dấu bên dưới",
        now=formats.weight(quantity_g),
        before=formats.weight(most_before_g),
    )
    return str(words)
