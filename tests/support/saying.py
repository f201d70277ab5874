"""What people say and what a reader makes of it: a value, a question, or a plain no."""

import unicodedata
from collections.abc import Callable, Iterator, Mapping

from shop.forms.values import ValueRefused
from shop.search.folding import fold

ASK, REFUSE = "ask", "refuse"

_ASKS = (
    "_ambiguous", "price_too_low", "_slang", "_range", "_rough", "_per_count", "_per_measure",
    "_other_weight", "_other_count", "_each_or_all", "_of_either", "_from_packs", "_said",
    "_beginning", "_year_missing", "_not_come", "_month_first", "_heavy", "_cheap",
    "_content_missing", "_weight_missing", "_unit_missing", "_counted", "_in_litres",
    "_implausible", "_in_tens", "_other_unit", "_dear",
)  # fmt: skip
"""How the codes end that ask what was meant."""


def answer(reader: Callable[[str], object], said: str) -> object:
    """Return what `reader` makes of `said`: its value, `ASK` or `REFUSE`."""
    try:
        return reader(said)
    except ValueRefused as refused:
        return ASK if refused.code.endswith(_ASKS) else REFUSE


def cases(table: Mapping[object, str]) -> Iterator[tuple[str, object]]:
    """Return each utterance of `table` with what is expected: by value, one a line."""
    for expected, lines in table.items():
        for line in filter(None, map(str.strip, lines.splitlines())):
            yield line, expected


def otherwise_written(said: str) -> list[str]:
    """Return `said` as other keyboards send it: decomposed, in capitals, in wide letters."""
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in said)
    return [unicodedata.normalize("NFD", said), said.upper(), said.title(), f"  {said} ", wide]


def without_marks(said: str) -> str:
    """Return `said` as it is typed without marks."""
    return fold(said)
