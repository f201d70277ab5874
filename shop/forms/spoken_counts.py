"""How many packs there are, as people say it: `200 gói`, `hai trăm`, `3 tá`, `2 chục`."""

import re
from functools import partial

from shop.forms.numbers import read_count
from shop.forms.spoken_numbers import in_figures
from shop.forms.spoken_packs import known_unit
from shop.forms.spoken_words import LONGEST, rough, words_of
from shop.forms.values import ValueRefused

_ANY_PIECE = frozenset(("cái", "cai", "chiếc", "chiec", "món", "mon", "đơn vị"))
_COUNTED = re.compile(r"(?P<count>\d[\d. ]*?) ?(?P<word>[^\W\d_]+(?: vị)?)?")
_IN_TENS = re.compile(r"(?:(?P<tens>\d{1,3}) )?(?:chục|chuc)(?: (?P<word>[^\W\d_]+))?")
_BEFORE_TENS = re.compile(r"^\D+(?= (?:chục|chuc))")
_IN_DOZENS = re.compile(r"(?P<dozens>\d{1,3}) tá(?: (?P<word>[^\W\d_]+))?")


def read_said_count(
    text: str, *, unit: str = "", minimum: int = 0, maximum: int = 1_000_000
) -> int:
    """Return how many packs, those of `unit`, are in `text`: `136`, `200 gói`, `hai trăm`, `3 tá`.

    Refusals as in `forms.numbers.read_count`. Besides: `count_in_tens` for `2 chục`, which in the
    south may be 24 (with `proposed`), `count_rough`, and `count_of_other_unit` for `200 chai` of
    what is sold in a `gói` (with `unit`, `word`).
    """
    read = partial(read_count, minimum=minimum, maximum=maximum)
    try:
        return read(text)
    except ValueRefused as refused:
        if refused.code != "count_unreadable" or len(text) > LONGEST:
            raise
        return _said(text, read, unit, refused)


def _said(text: str, read: partial[int], unit: str, refused: ValueRefused) -> int:
    words = words_of(text)
    if words and rough(words):
        raise ValueRefused("count_rough", typed=text) from None
    said = " ".join(words)
    tens = _IN_TENS.fullmatch(_BEFORE_TENS.sub(_figure, said))
    if tens and _fits(tens["word"], unit, text):
        proposed = str(int(tens["tens"] or 1) * 10)
        raise ValueRefused("count_in_tens", typed=text, proposed=proposed) from None
    figures = in_figures(said)
    if (dozens := _IN_DOZENS.fullmatch(figures)) and _fits(dozens["word"], unit, text):
        return read(str(int(dozens["dozens"]) * 12))
    found = _COUNTED.fullmatch(figures)
    if found is None or not _fits(found["word"], unit, text):
        raise refused
    return read(found["count"])


def _figure(said: re.Match[str]) -> str:
    return in_figures(said[0])


def _fits(word: str | None, unit: str, text: str) -> bool:
    """Return whether `word` is no unit, any piece, or the unit of the packs that are counted."""
    if not word or word in _ANY_PIECE:
        return True
    known = known_unit(word)
    if known is None:
        return False
    if unit and known != unit:
        raise ValueRefused("count_of_other_unit", typed=text, unit=unit, word=known)
    return True
