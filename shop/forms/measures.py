"""Measured quantities as people say them: a number with a unit, several such, or half a unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from shop.forms.characters import plain
from shop.forms.numbers import decimal_number
from shop.forms.values import ValueRefused, refuse_excel_damage

_NUMBER = r"nửa|nua|\d{1,2}/\d{1,2}|\d+(?:[., ]\d+)*"
_FRACTIONS = str.maketrans({"½": "1/2", "¼": "1/4", "¾": "3/4"})
_LONGEST = 60
# `1.250 kg` is a tonne and a quarter on paper and a kilogram and a quarter on a scale's display;
# of the smallest unit there are no decimals, so there it is `1,000 g` that may mean a thousand.
_DOUBTFUL = {False: re.compile(r"[1-9]\d{0,2}\.\d{3}"), True: re.compile(r"\d{1,3},\d{3}")}


@dataclass(frozen=True)
class Measure:
    """A quantity read from text: `value` in the smallest unit, `unit` as it was typed."""

    value: Fraction
    unit: str


@dataclass(frozen=True)
class Scale:
    """The units of one kind of quantity: how each is written, and the smallest units in it.

    `noun` begins the codes of refusals.
    """

    noun: str
    units: Mapping[str, int]

    def read(self, text: str, *, unit: str | None) -> Measure:
        """Return the measure in `text`; a number alone is taken to be in `unit`.

        Raises `ValueRefused`: `<noun>_empty`, `_unreadable`, `_ambiguous`, `_unit_missing`,
        `_not_positive` for a minus, `number_mangled_by_excel`.
        """
        typed = plain(text).translate(_FRACTIONS)
        if not typed:
            raise ValueRefused(f"{self.noun}_empty")
        refuse_excel_damage(typed)
        if typed.startswith("-") and any(character.isdigit() for character in typed):
            raise ValueRefused(f"{self.noun}_not_positive")
        if len(typed) > _LONGEST:
            raise self._refused("unreadable", text)
        if not re.fullmatch(r"\d+(?:[., ]\d+)*", typed):
            return self._in_units(typed, text)
        if unit is None:
            raise self._refused("unit_missing", text)
        return Measure(self._quantity(typed, unit, text), unit)

    def _in_units(self, typed: str, text: str) -> Measure:
        """Read `1 kg 2 lạng`, `12kg5`, `2 cân rưỡi`: each unit smaller than the one before."""
        total, position, larger = Fraction(0), 0, None
        part, first, number = self._part(), "", ""
        while match := part.match(typed, position):
            number, unit = match["number"], match["unit"]
            quantity = self._quantity(number, unit, text)
            if larger is not None and quantity >= larger:
                raise self._refused("unreadable", text)
            larger, first = self.units[unit], first or unit
            total, position = total + quantity, match.end()
        if larger is None:
            raise self._refused("unreadable", text)
        tail = typed[position:].strip(" .")
        if tail and not number.isdigit():
            raise self._refused("unreadable", text)
        return Measure(total + self._tail(tail, larger, text), first)

    def _part(self) -> re.Pattern[str]:
        units = "|".join(map(re.escape, sorted(self.units, key=len, reverse=True)))
        return re.compile(rf" ?(?P<number>{_NUMBER}) ?(?P<unit>{units})(?![^\W\d_])")

    def _quantity(self, number: str, unit: str, text: str) -> Fraction:
        factor = self.units[unit]
        if number in ("nửa", "nua"):
            return Fraction(factor, 2)
        if "/" in number:
            over, _, under = number.partition("/")
            if not int(under):
                raise self._refused("unreadable", text)
            return Fraction(int(over), int(under)) * factor
        value = decimal_number(number)
        if value is None or _DOUBTFUL[factor == 1].fullmatch(number):
            raise self._refused("ambiguous", text)
        return value * factor

    def _tail(self, tail: str, factor: int, text: str) -> Fraction:
        """Return what follows the last unit: `12kg5` means tenths, `12kg500` the grams."""
        if not tail:
            return Fraction(0)
        if tail in ("rưỡi", "ruoi"):
            return Fraction(factor, 2)
        if re.fullmatch(r"\d", tail):
            return Fraction(int(tail) * factor, 10)
        if re.fullmatch(r"\d{3}", tail) and factor == 1000:
            return Fraction(int(tail))
        raise self._refused("ambiguous" if tail.isdigit() else "unreadable", text)

    def _refused(self, reason: str, text: str) -> ValueRefused:
        return ValueRefused(f"{self.noun}_{reason}", typed=text)
