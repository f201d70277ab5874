"""A price said within the question of a search: `chè dưới 100k`, `từ 50k đến 100k`."""

import re
import unicodedata
from dataclasses import replace

from shop.forms.money import read_price, with_thousand
from shop.forms.values import ValueRefused
from shop.pages.goods_asked import LEAST_PRICE_VND, Asked
from shop.search.folding import fold

_PRICE = r"\d[\d.,]*(?: ?(?:(?:k|nghin|ngan|trieu|tr|dong|vnd|d)\b|₫))?"
_END = r"(?= |$)(?! ?(?:k?g|gr|gam|gram|ky|can|ml|l|lit|sao|nam|do|goi|hop|qua|la)\b)"
_GIA = r"(?<!\S)(?:gia )?"
_RANGE = re.compile(
    rf"{_GIA}(?:(?:tu|khoang|from|between) )?"
    rf"(?P<low>{_PRICE}) ?(?:-|–|den|toi|to|and) ?(?P<high>{_PRICE}){_END}"
)
_HIGH = re.compile(
    rf"{_GIA}(?:duoi|toi da|khong qua|re hon|nho hon|under|below|up to) (?P<high>{_PRICE}){_END}"
)
_LOW = re.compile(rf"{_GIA}(?:tren|hon|tu|over|above|from) (?P<low>{_PRICE})(?: tro len)?{_END}")
_SAYS_MONEY = re.compile(r"[a-z₫]|\d{5}|[.,]\d{3}")


def narrowed(asked: Asked) -> Asked | None:
    """Return what is asked with the price in its question made a condition; none without one.

    `dưới 100` alone is 100.000 ₫, as in the field of the filters.
    """
    question = unicodedata.normalize("NFC", asked.q)
    plain = fold(question)
    if asked.exactly or len(plain) != len(question):
        return None
    for pattern in (_RANGE, _HIGH, _LOW):
        if (said := pattern.search(plain)) is None:
            continue
        start, end = said.span()
        rest = " ".join(f"{question[:start]} {question[end:]}".split())
        parts = said.groupdict()
        low, high = _read(parts.get("low")), _read(parts.get("high"))
        is_money = any(_SAYS_MONEY.search(part) for part in parts.values())
        is_money = is_money or (not rest and pattern is _HIGH)
        if is_money and None not in {low, high}:
            low, high = sorted((low or 0, high or 0)) if low and high else (low, high)
            return replace(asked, q=rest, price_from=low or 0, price_to=high or 0, page=1)
    return None


def _read(price: str | None) -> int | None:
    """Return a price in đồng, 0 where none was said; none where it cannot be read."""
    if price is None:
        return 0
    try:
        return with_thousand(lambda: read_price(price, minimum=LEAST_PRICE_VND))
    except ValueRefused:
        return None
