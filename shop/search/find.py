"""Finding goods for what somebody typed: the written form first, then ever further from it."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice

from shop.search import telex
from shop.search.corrections import SHORTEST, Vocabulary, readings
from shop.search.engine import OpenIndex
from shop.search.folding import fold
from shop.search.words import Word, with_tone_placed, words

MOST = 500
"""Goods that one search gives; who needs more narrows the list."""

MOST_WORDS = 12

FILLERS = frozenset(
    (
        "and", "or", "not", "mua", "ban", "o", "dau", "gia", "ngon", "re", "sach", "dac", "san",
        "hang", "loai", "cua", "tai", "cho", "co", "nhung", "cac", "online", "shop", "tot", "nhat",
        "that", "ship", "giao",
    )
)  # fmt: skip
"""Words of a sentence around what is meant; left out when nothing fits with them."""

FORMS_OF_ADDRESS = frozenset({"bác", "cô", "chú", "anh", "chị", "ông", "bà", "dì", "cậu", "em"})
"""What is said before the name of a person, and no part of it."""
_ADDRESSED = frozenset(
    word for one in FORMS_OF_ADDRESS for word in (*words(one), (fold(one), fold(one)))
)

ENOUGH = 0.6
"""Share of the letters of a question that goods must match when none matches all words."""


IN_NAME = 1
"""The last tier of goods that have the words typed in their name."""

EXACT = 3
"""The last tier of goods that are named by all words typed, marks aside."""

MOST_READINGS = 300

Hits = tuple[tuple[int, int], ...]
"""Product ids, each with the number of its tier."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: ids with how near each is (0 is nearest), and what was read instead.

    `read_as` is a correction that was searched for, `perhaps` one that is offered while what was
    typed has hits of its own; both as people write them. `is_exact` says that the nearest goods
    have all words typed.
    """

    hits: Hits = ()
    read_as: str = ""
    perhaps: str = ""
    is_exact: bool = False
    is_side_by_side: bool = False
    """Whether the nearest of them has all words typed, one behind the other."""
    is_part: bool = False
    """Whether goods have only some of the words, said in `read_as`."""


class Finder:
    """An open index with what it takes to find in it; one thread at a time."""

    def __init__(self, index: OpenIndex) -> None:
        self.index = index
        self.sorted_words = {name: index.words_of(name) for name in ("name:f", "names:f")}

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The folded words by which goods are named."""
        return Vocabulary(self.sorted_words["names:f"])

    @cached_property
    def synonyms(self) -> list[list[list[Word]]]:
        """The groups of words that mean one thing, each word as its parts."""
        groups = ([words(one) for one in group] for group in self.index.synonyms)
        return [[one for one in group if one] for group in groups]

    @cached_property
    def written(self) -> dict[str, list[str]]:
        """How goods write each folded word by which they are named, with its marks."""
        forms: dict[str, list[str]] = {}
        for form in self.index.words_of("names:w"):
            if fold(form) != form:
                forms.setdefault(fold(form), []).append(form)
        return forms

    def find(self, question: str, *, exactly: bool = False) -> Found:
        """Return the goods for `question`, the nearest first.

        With `exactly` what was typed is searched for and nothing is read instead.
        """
        typed = words(question)[:MOST_WORDS]
        if not typed:
            return Found()
        hits, typed = self._plainly(typed)
        is_exact = bool(hits) and hits[0][1] <= EXACT
        side_by_side = self._has_phrase(hits, typed)
        if exactly:
            return Found(hits, is_exact=is_exact, is_side_by_side=side_by_side)
        if hits:
            found = self._with_perhaps(hits, typed)
            return replace(found, is_exact=is_exact, is_side_by_side=side_by_side)
        if self._is_synonym(typed):
            return Found()  # a word we know, of goods that nobody sells: no other is meant
        return self._converted(question) or self._read(typed)

    def _read(self, typed: Sequence[Word]) -> Found:
        """Return what is found for what may have been meant, or for a part of the words."""
        for where in ("name:f", "names:f"):
            for reading, there in islice(self._read_instead(typed, where), 1):
                read = [(word, word) for word in reading]
                hits = self._ranked([there, self._all(read, "names:f")], read)
                return Found(hits, read_as=self._written(reading, there))
        if hits := self._ranked([self._mostly(typed)], typed):
            return Found(hits)
        return self._part(typed)

    def suggest(self, beginning: str, *, most: int, exactly: bool = False) -> list[str]:
        """Return the names of goods for what was typed so far, the nearest first."""
        numbers = {entry.product_id: entry for entry in self.index.entries.values()}
        found = self.find(beginning, exactly=exactly)
        hits = () if found.is_part else found.hits[:most]
        return [numbers[one].title for one, _tier in hits]

    def _plainly(self, typed: list[Word]) -> tuple[Hits, list[Word]]:
        """Return the goods for words as they stand, without those around what is meant."""
        hits = self._ranked(self._tiers(typed), typed)
        is_exact = bool(hits) and hits[0][1] <= EXACT
        if not is_exact and len(typed) > 1 and typed[0] in _ADDRESSED:
            named = islice(self._named(typed[1:]), EXACT + 1)
            if own := self._ranked(named, typed[1:]):
                known = {product_id for product_id, _tier in own}
                rest = [hit for hit in hits if hit[0] not in known]
                return (*own, *((one, EXACT + 1 + tier) for one, tier in rest)), typed[1:]
        if not hits:
            kept = [word for word in typed if word[1] not in FILLERS and len(word[1]) > 1]
            if any(plain.isalpha() for _written, plain in kept) and len(kept) < len(typed):
                return self._ranked(self._tiers(kept), kept), kept
        return hits, typed

    def _converted(self, question: str) -> Found | None:
        """Return what is found for the words as a Vietnamese keyboard would have written them."""
        typed = [word for part in fold(question).split() for word in self._as_keys_mean(part)]
        if typed == [word for part in fold(question).split() for word in words(part)]:
            return None
        hits, read = self._plainly(typed[:MOST_WORDS])
        if not hits or hits[0][1] > EXACT:
            return None
        nearest = self._numbers(one for one, tier in hits if tier == hits[0][1])
        shown = self._written([plain for _written, plain in read], nearest)
        return Found(hits, read_as=shown, is_exact=False)

    def _as_keys_mean(self, part: str) -> list[Word]:
        meant = telex.converted(part)
        is_known = any(self.index.with_word(where, meant) for where in ("names:w", "text:w"))
        return [(meant, fold(meant))] if is_known else words(part)

    def _numbers(self, product_ids: Iterable[int]) -> set[int]:
        wanted = set(product_ids)
        return {
            entry.number for entry in self.index.entries.values() if entry.product_id in wanted
        }

    def _is_synonym(self, typed: Sequence[Word]) -> bool:
        """Return whether the words typed are one of those that mean a thing."""
        return any(_are_same(typed, one) for group in self.synonyms for one in group)

    def _is_meant(self, hits: Hits, typed: Sequence[Word]) -> bool:
        """Return whether the nearest goods are those that were meant: nothing else is offered."""
        if hits[0][1] <= IN_NAME or self._is_synonym(typed):
            return True
        return self._has_phrase(hits, typed)

    def _has_phrase(self, hits: Hits, typed: Sequence[Word]) -> bool:
        nearest = self._numbers(product_id for product_id, _tier in hits[:1])
        phrase = f"{_phrase(typed)} "
        return any(phrase in f"{self.index.entries[one].everything} " for one in nearest)

    def _with_perhaps(self, hits: Hits, typed: Sequence[Word]) -> Found:
        """Return the hits, and behind them what was perhaps meant where no name has the words."""
        is_short = len(typed) == 1 and len(typed[0][1]) < SHORTEST
        if is_short or self._is_meant(hits, typed):
            return Found(hits)
        nearest = self._numbers(one for one, tier in hits if tier == hits[0][1])
        for reading, there in islice(self._read_instead(typed, "name:f"), 1):
            if nearest & there:
                return Found(hits)  # they come first already
            known = {product_id for product_id, _tier in hits}
            read = [(word, word) for word in reading]
            more = [one for one, _tier in self._ranked([there], read) if one not in known]
            further = tuple((one, hits[-1][1] + 1) for one in more)
            return Found((*hits, *further), perhaps=self._written(reading, there))
        return Found(hits)

    def _read_instead(
        self, typed: Sequence[Word], where: str
    ) -> Iterator[tuple[list[str], set[int]]]:
        """Yield readings that goods have in a field, with those goods."""
        plain = [folded for _written, folded in typed]
        for reading in islice(readings(plain, self.vocabulary), MOST_READINGS):
            if there := self._all([(word, word) for word in reading], where):
                yield reading, there

    def _written(self, reading: Sequence[str], numbers: Iterable[int]) -> str:
        """Return folded words as the first of these goods writes them in its name."""
        number = min(numbers)
        title = self.index.entries[number].title
        marked = {fold(word): word for word in title.replace(",", " ").split()}
        said = [marked.get(word) or self._with_marks(word, number) for word in reading]
        alone = [word for word, before in zip(said, ["", *said], strict=False) if word != before]
        shown = " ".join(alone)
        return shown[:1].upper() + shown[1:]

    def _with_marks(self, word: str, number: int) -> str:
        """Return a folded word as these goods write it anywhere they are named by it."""
        forms = self.written.get(word, [])
        own = [form for form in forms if number in self.index.with_word("names:w", form)]
        return with_tone_placed(own[0]) if own else word

    def _tiers(self, typed: Sequence[Word]) -> Iterator[set[int]]:
        yield from self._named(typed)
        has_marks = any(written != plain for written, plain in typed)
        yield self._all(typed, "text:w" if has_marks else "text:f")
        for said in self._said_otherwise(typed):
            yield self._all_said(said, "text")

    def _named(self, typed: Sequence[Word]) -> Iterator[set[int]]:
        """Yield those that are named so, ever further from the written whole word."""
        yield self._all(typed, "name:w")
        yield self._all(typed, "name:f")
        yield self._all(typed, "names:w")
        yield self._all(typed, "names:f")
        others = list(self._said_otherwise(typed))
        for where in ("name", "names"):
            for said in others:
                yield self._all_said(said, where)
        yield self._beginning(typed)

    def _all(self, typed: Sequence[Word], where: str) -> set[int]:
        form = 0 if where.endswith(":w") else 1
        found: set[int] | None = None
        for word in typed:
            there = self.index.with_word(where, word[form])
            found = set(there) if found is None else found & there
            if not found:
                return set()
        return found or set()

    def _all_said(self, said: Sequence[Word], where: str) -> set[int]:
        """Return those that have all words, each with its marks where it has any."""
        found: set[int] | None = None
        for word in said:
            there = self._with(word, where)
            found = there if found is None else found & there
        return found or set()

    def _beginning(self, typed: Sequence[Word]) -> set[int]:
        """Return those in which each word typed begins a word."""
        found: set[int] | None = None
        for _written, plain in typed:
            there: set[int] = set()
            for word in _beginning_with(self.sorted_words["names:f"], plain):
                there |= self.index.with_word("names:f", word)
            found = there if found is None else found & there
            if not found:
                return set()
        return found or set()

    def _mostly(self, typed: Sequence[Word]) -> set[int]:
        """Return those that have most of the letters typed, marks minded where there were any."""
        letters = sum(len(plain) for _w, plain in typed if plain.isalpha())
        matched: dict[int, int] = {}
        for written, plain in typed:
            if plain.isalpha():
                for number in self._with((written, plain), "names"):
                    matched[number] = matched.get(number, 0) + len(plain)
        return {number for number, count in matched.items() if count >= ENOUGH * letters}

    def _part(self, typed: Sequence[Word]) -> Found:
        """Return goods with the first of the words that names any: `chè` of `chè Tân Cương`.

        The head of a Vietnamese name comes first. Those with more of the words come first.
        """
        spoken = [word for word in typed if word[1].isalpha() and word[1] not in FILLERS]
        there = {word: self._with(word, "name") for word in spoken if len(word[1]) > 1}
        first = next((word for word in spoken if there.get(word)), None)
        if first is None:
            return Found()
        left = there[first]
        read = [first[1]]
        for word in spoken:
            if word != first and left & there.get(word, set()):
                left = left & there[word]
                read.append(word[1])
        tiers = [left, there[first]]
        hits = self._ranked(tiers, [(word, word) for word in read])
        return Found(hits, read_as=self._written(read, left), is_part=True)

    def _with(self, word: Word, where: str) -> set[int]:
        """Return those with a word, as it is written where it was typed with marks."""
        written, plain = word
        form, one = ("f", plain) if written == plain else ("w", written)
        return set(self.index.with_word(f"{where}:{form}", one))

    def _said_otherwise(self, typed: Sequence[Word]) -> Iterator[list[Word]]:
        """Yield the words with one of them, or a pair, said as elsewhere in the country.

        What takes their place is looked for with its marks, the others without.
        """
        plain = [(folded, folded) for _written, folded in typed]
        for group in self.synonyms:
            for one in group:
                for start in range(len(typed) - len(one) + 1):
                    end = start + len(one)
                    if not _are_same(typed[start:end], one):
                        continue
                    for other in group:
                        if other != one:
                            yield [*plain[:start], *other, *plain[end:]]

    def _ranked(self, tiers: Iterable[set[int]], typed: Sequence[Word]) -> Hits:
        """Return product ids with the number of their tier, the best of each tier first."""
        phrase = _phrase(typed)
        seen: set[int] = set()
        hits: list[tuple[int, int]] = []
        for number, tier in enumerate(tiers):
            fresh = sorted(tier - seen, key=self._nearness(phrase))
            seen |= tier
            hits += [(self.index.entries[one].product_id, number) for one in fresh]
        return tuple(hits[:MOST])

    def _nearness(self, phrase: str) -> Callable[[int], tuple[bool, bool, bool, int, int, int]]:
        asked = set(phrase.split())

        def nearness(number: int) -> tuple[bool, bool, bool, int, int, int]:
            entry = self.index.entries[number]
            return (
                not entry.name.startswith(phrase),
                phrase not in entry.name,
                phrase not in entry.everything,
                -len(asked & set(entry.name.split())),
                len(entry.name),
                entry.product_id,
            )

        return nearness


def _phrase(typed: Sequence[Word]) -> str:
    return " " + " ".join(plain for _written, plain in typed)


def _are_same(typed: Sequence[Word], known: Sequence[Word]) -> bool:
    """Return whether words are the same, marks aside where they were typed without."""
    return len(typed) == len(known) and all(
        one[1] == other[1] and (one[0] in {one[1], other[0]} or other[0] == other[1])
        for one, other in zip(typed, known, strict=True)
    )


def _beginning_with(in_order: Sequence[str], beginning: str) -> Iterator[str]:
    for place in range(bisect_left(in_order, beginning), len(in_order)):
        if not in_order[place].startswith(beginning):
            return
        yield in_order[place]
