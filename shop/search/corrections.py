"""Words that were meant: one letter lost, doubled, wrong or swapped, a blank lost or added.

A table from each known word with one letter taken out answers in microseconds; Whoosh's own fuzzy
terms take fifty times as long and never find swapped letters.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

SHORTEST = 4
"""Letters of a word that is corrected alone, or by another letter in its place; a shorter one
may have lost, doubled or swapped a letter beside other words, or lost the fourth alone."""

LONGEST_RUN = 40
"""Letters without a blank that are still cut into words."""

_VOWEL = re.compile("[aeiouy]")

_SPOKEN_ALIKE = (
    ("ngh", "ng"), ("gh", "g"), ("gi", "z"), ("tr", "ch"), ("ph", "f"),
    ("d", "z"), ("r", "z"), ("s", "x"), ("k", "c"), ("l", "n"),
)  # fmt: skip
"""Beginnings that parts of the country speak, and many write, alike."""


class Vocabulary:
    """The folded words of an index."""

    def __init__(self, words: Iterable[str]) -> None:
        self.words = frozenset(words)
        self._without_one: dict[str, set[str]] = defaultdict(set)
        self._by_sound: dict[str, set[str]] = defaultdict(set)
        for word in self.words:
            if word.isalpha() and _VOWEL.search(word):  # `tt` is short for something, no word
                self._by_sound[sound(word)].add(word)
                for short in _shortened(word):
                    self._without_one[short].add(word)

    def near(self, word: str) -> list[str]:
        """Return the words that sound like `word` or are one edit away, the likeliest first."""
        if not word.isalpha():
            return []
        found = {one for short in _shortened(word) for one in self._without_one.get(short, ())}
        found = {one for one in found if _is_one_edit(word, one)}
        if len(word) < SHORTEST:
            found = {one for one in found if not _is_exchange(word, one)}
        alike = self._by_sound.get(sound(word), set())
        return sorted(
            (found | alike) - {word},
            key=lambda one: (
                one[0] != word[0] and one not in alike, abs(len(one) - len(word)), one
            ),
        )  # fmt: skip

    def cut(self, run: str) -> Iterator[list[str]]:
        """Yield the ways to read a run of letters as known words, the fewest words first."""
        if not run.isalpha() or len(run) > LONGEST_RUN:
            return
        ways: list[list[list[str]]] = [[] for _ in range(len(run) + 1)]
        ways[0] = [[]]
        for end in range(1, len(run) + 1):
            for start in range(max(0, end - 8), end):
                if run[start:end] in self.words:
                    ways[end] += [[*way, run[start:end]] for way in ways[start][:4]]
            ways[end].sort(key=len)
        yield from [way for way in ways[-1] if len(way) > 1][:6]


def readings(typed: Sequence[str], vocabulary: Vocabulary) -> Iterator[list[str]]:
    """Yield what may have been meant by the words `typed`, the likeliest first.

    Each reading differs in one place: two words joined, one cut, or one exchanged for a near one.
    """
    words = list(typed)
    for place in range(len(words) - 1):
        joined = words[place] + words[place + 1]
        if joined in vocabulary.words:
            yield [*words[:place], joined, *words[place + 2 :]]
    for place, word in enumerate(words):
        for way in vocabulary.cut(word):
            yield [*words[:place], *way, *words[place + 1 :]]
    for is_known in (False, True):
        for place, word in enumerate(words):
            if (word in vocabulary.words) is not is_known:
                continue
            is_short = len(word) < SHORTEST and len(words) == 1
            if is_short and (len(word) < SHORTEST - 1 or word in vocabulary.words):
                continue
            for near in vocabulary.near(word):
                if is_short and len(near) != SHORTEST:
                    continue
                yield [*words[:place], near, *words[place + 1 :]]


def sound(word: str) -> str:
    """Return a folded word so that those often taken for one another are alike.

    >>> sound("chung") == sound("trung"), sound("ro") == sound("gio") == sound("do")
    (True, True)
    """
    for written, spoken in _SPOKEN_ALIKE:
        if word.startswith(written):
            word = spoken + word[len(written) :]
            break
    word = word.replace("y", "i")
    if word.endswith("ng"):
        return word[:-1]
    return f"{word[:-1]}t" if word.endswith("c") and len(word) > 1 else word


def _is_exchange(a: str, b: str) -> bool:
    """Return whether `b` has another letter in the place of one of `a`."""
    return len(a) == len(b) and sorted(a) != sorted(b)


def _shortened(word: str) -> set[str]:
    return {word} | {word[:place] + word[place + 1 :] for place in range(len(word))}


def _is_one_edit(a: str, b: str) -> bool:
    """Return whether one letter lost, added, exchanged, or two swapped turn `a` into `b`."""
    if len(a) > len(b):
        a, b = b, a
    if len(b) - len(a) > 1:
        return False
    start = next((i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), len(a))
    if len(a) != len(b):
        return a[start:] == b[start + 1 :]
    rest = a[start + 1 :] == b[start + 1 :]
    is_pair = a[start : start + 2] == b[start : start + 2][::-1]
    return rest or (is_pair and a[start + 2 :] == b[start + 2 :])
