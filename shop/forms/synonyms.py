"""A group of words that mean one thing, as typed: words divided by commas, `=` or new lines."""

import re

from shop.forms.text import read_name
from shop.forms.values import ValueRefused
from shop.search.words import folded

FEWEST, MOST = 2, 8
LONGEST = 40
MOST_PARTS = 4

_DIVIDERS = re.compile(r"[,;=\n/|]")
_LETTERS = re.compile(r"[^\W_]+(?:[ '’-][^\W_]+)*")


def read_group(text: str) -> list[str]:
    """Return the words of a group, each in NFC on one line, none of them twice.

    Raises `ValueRefused`: `synonyms_too_few`, `synonyms_too_many`, `synonym_too_short`,
    `synonym_too_long`, `synonym_odd`, `synonym_twice`, and what `read_name` refuses.
    """
    typed = [part for part in _DIVIDERS.split(text.replace("\r", "\n")) if part.strip()]
    if len(typed) < FEWEST:
        raise ValueRefused("synonyms_too_few")
    if len(typed) > MOST:
        raise ValueRefused("synonyms_too_many", most=MOST)
    found: dict[tuple[str, ...], str] = {}
    for part in typed:
        word = _read_word(part)
        parts = tuple(folded(word))
        if parts in found:
            raise ValueRefused("synonym_twice", typed=word)
        found[parts] = word
    return list(found.values())


def _read_word(part: str) -> str:
    word = read_name(part, longest=200)
    if len(word) > LONGEST or len(word.split()) > MOST_PARTS:
        raise ValueRefused("synonym_too_long", typed=word[:LONGEST])
    if len(word) < 2:
        raise ValueRefused("synonym_too_short", typed=word)
    if not _LETTERS.fullmatch(word) or not folded(word):
        raise ValueRefused("synonym_odd", typed=word)
    return word


def key_of(words: list[str]) -> str:
    """Return what is the same for the same words, marks, capitals and order aside.

    >>> key_of(["Trà", "chè"]) == key_of(["che", "tra"])
    True
    """
    return ",".join(sorted(" ".join(folded(word)) for word in words))
