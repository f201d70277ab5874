"""What a price is of: `15 ngàn một chục`, `100k 3 bó`, `90k/2 kg`, `3 bó 100k`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from shop.forms.spoken_numbers import in_figures
from shop.forms.spoken_weights import measure_said
from shop.forms.values import ValueRefused
from shop.forms.weights import read_volume, read_weight
from shop.search.folding import fold

_THINGS = frozenset(
    re.findall(
        r"\w+",
        "gói goi hộp hop túi tui bịch bich bọc chai lọ lo hũ hủ hu keo thẩu cây cay quả qua trái "
        "trai bó khay thùng thung két ket bao lon vỉ vi cái cai con củ bình binh giỏ gio rổ lốc "
        "loc nải nai chùm chum mớ nắm lá miếng mieng viên vien ổ tấm bánh banh trứng trung hạt "
        "hột",
    )
)
_GROUPS = {"chục": 10, "chuc": 10, "tá": 12}
_COUNTS = re.compile(r"\d|(?:mot|hai|ba|bon|nam|sau|bay|tam|chin|muoi|tram|nua|ham|bam)$")
_EACH = frozenset(("/", "mỗi", "moi", "cho", "được", "duoc", "x"))
_SCALES = re.compile(
    r"\d ?(?:k|n|ng|tr|đ|d|₫|vnd)\b|nghìn|nghin|ngàn|ngan|triệu|trieu|đồng|dong"
    r"|\d{4}|\d[. ]\d{3}"
)
_ENDS_IN_SCALE = re.compile(
    r"(?:\d ?(?:k|n|ng|tr|đ|d|₫|vnd)|nghìn|nghin|ngàn|ngan|triệu|trieu|đồng|dong)"
    r"(?: ?(?:rưỡi|ruoi))?$"
)
_MEASURE_AT_END = re.compile(
    r".*(?:^| |\d)(?:kg|(?:ký|kí|ky|ki)(?: ?l[ôo])?|cân|can|kilo|kílô|lạng|lang|yến|yen"
    r"|tạ|tấn|gam|gram|g|lít|lit|ml)(?: ?(?:rưỡi|ruoi|\d))?"
)


@dataclass(frozen=True, slots=True)
class Per:
    """A price and what it is of: `count` of `word`; a measure has `base` of `unit` in all."""

    price: str
    count: int
    word: str
    base: int = 0
    unit: str = ""

    @property
    def is_group(self) -> bool:
        """Return whether the price is of a `chục` or a `tá`."""
        return self.word in _GROUPS

    @property
    def named(self) -> str:
        """Return what the price is of: `3 bó`, `một kg`, `một chục`, `2 chục`."""
        count = self.count // _GROUPS.get(self.word, 1)
        if self.word[0].isdigit() or self.word.startswith(("nửa", "nua")):
            return self.word
        return f"một {self.word}" if count == 1 else f"{count} {self.word}"


def split_per(words: Sequence[str]) -> Per | None:
    """Return the price in `words` and what it is of; `None` where nothing is named beside it.

    Without `/` or `mỗi` between them the price must be one by itself: `chín chục` is none.

    >>> split_per("15 ngàn một chục".split())
    Per(price='15 ngàn', count=10, word='chục', base=0, unit='')
    >>> split_per("3 bó 100k".split()).named, split_per("chín chục".split())
    ('3 bó', None)
    """
    apart = _apart(words)
    for start in range(1, len(apart)):
        found = _thing(apart[start:])
        is_told = apart[start - 1] in _EACH
        price = " ".join(apart[: start - 1] if is_told else apart[:start])
        if found and price and (is_told or _stands_alone(found, apart[start:], price)):
            return replace(found, price=price)
    for end in range(1, min(len(apart), 5)):
        found = _thing(apart[:end])
        rest = apart[end + 1 :] if apart[end] in {"giá", "gia", "là"} else apart[end:]
        is_price = _SCALES.search(" ".join(rest)) and _COUNTS.match(fold(rest[0]))
        if found and is_price and not _thing(apart[: end + 1]):
            return replace(found, price=" ".join(rest))
    return None


def _stands_alone(found: Per, words: Sequence[str], price: str) -> bool:
    """Return whether a price goes on into what it is of without a word between them."""
    is_bare = len(words) == 1 and not found.is_group
    return (_ENDS_IN_SCALE if is_bare else _SCALES).search(price) is not None


def _thing(words: Sequence[str]) -> Per | None:
    """Return `words` as a count of one thing, or `None`: `3 bó`, `một chục trứng`, `2 kg`."""
    said = " ".join(words)
    if words[0] in _THINGS and len(words) > 1 and (content := _measure(" ".join(words[1:]))):
        return Per("", 1, words[0]) if content else None
    if content := _measure(said):
        return Per("", 1, re.sub(r"^(?:một|mot|1) ", "", said), *content)
    *before, last = words
    if before and last in _THINGS and before[-1] in _GROUPS:
        *before, last = before
    count = _count(before)
    if count is None or last not in {*_THINGS, *_GROUPS}:
        return None
    return Per("", count * _GROUPS.get(last, 1), last)


def _measure(said: str) -> tuple[int, str] | None:
    """Return how much `nửa ký`, `2 kg` or `lít` is: grams or millilitres."""
    if not _MEASURE_AT_END.fullmatch(said):
        return None
    figures = measure_said(said)
    for read, unit in ((read_weight, "g"), (read_volume, "ml")):
        try:
            return read(figures, unit=None), unit
        except ValueRefused:
            continue
    return None


def _count(words: Sequence[str]) -> int | None:
    if not words:
        return 1
    said = in_figures(" ".join(words))
    return int(said) if re.fullmatch(r"[1-9]\d{0,2}", said) else None


def _apart(words: Sequence[str]) -> list[str]:
    """Return `words` with `2kg` in two: a number and its unit; `90k` stays one."""
    apart: list[str] = []
    for word in words:
        found = re.fullmatch(r"(\d{1,3})([^\W\d_]+)", word)
        is_thing = found is not None and (
            found[2] in _THINGS or _MEASURE_AT_END.fullmatch(found[2])
        )
        apart += [found[1], found[2]] if found and is_thing else [word]
    return apart
