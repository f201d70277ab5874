"""Land as growers measure it, read into square metres.

A `sào` differs by region (360 m² in the north, 500 m² in the centre) and a southern `công` is
1,000 m², so the region is asked for and the unit typed is kept beside the square metres.
"""

from dataclasses import dataclass
from typing import Literal

from shop.forms.measures import Measure, Scale
from shop.forms.spoken_numbers import in_figures
from shop.forms.values import ValueRefused

LARGEST_M2 = 5_000_000

Region = Literal["north", "centre", "south"]
_SAO_M2: dict[Region, int] = {"north": 360, "centre": 500, "south": 1_000}


FIRST_OF_CENTRE, FIRST_OF_SOUTH = 38, 70
"""Codes of provinces count from north to south (Decision 19/2025/QĐ-TTg): Thanh Hóa is 38, Lâm
Đồng 68, Đồng Nai 75."""


def region_of(province_code: str) -> Region:
    """Return where a province lies, by which a sào is measured; the north for no code.

    >>> region_of("19"), region_of("46"), region_of("82")
    ('north', 'centre', 'south')
    """
    number = int(province_code) if province_code.isdecimal() else 0
    if number < FIRST_OF_CENTRE:
        return "north"
    return "centre" if number < FIRST_OF_SOUTH else "south"


def sao_m2(region: Region) -> int:
    """Return how many square metres a sào has there."""
    return _SAO_M2[region]


@dataclass(frozen=True)
class Area:
    """An area in whole square metres, and the unit in which it was typed."""

    m2: int
    unit: str


def _in_words(scale: Scale, text: str, refused: ValueRefused) -> Measure:
    """Return the area in `hai sào rưỡi` or `sào rưỡi`."""
    figures = in_figures(text)
    figures = f"1 {figures}" if figures.split(" ")[0] in scale.units else figures
    try:
        return scale.read(figures, unit=None)
    except ValueRefused as again:
        raise (refused if again.code == refused.code else again) from None


def read_area(text: str, *, region: Region, unit: str | None = "m2") -> Area:
    """Return the area in `text`, rounded half up to 1 m²; a number alone is in `unit`.

    Raises `ValueRefused`: `area_empty`, `area_unreadable`, `area_ambiguous`,
    `area_unit_missing`, `area_not_positive`, `area_too_high`, `number_mangled_by_excel`.
    """
    sao = _SAO_M2[region]
    scale = Scale(
        "area",
        {
            **dict.fromkeys(("m2", "m²", "mét vuông", "met vuong"), 1),
            **dict.fromkeys(("sào", "sao"), sao),
            **dict.fromkeys(("công", "cong"), _SAO_M2["south"]),
            **dict.fromkeys(("mẫu", "mau"), 10 * sao),
            **dict.fromkeys(("ha", "hecta", "héc ta", "hec ta"), 10_000),
        },
    )
    try:
        measure = scale.read(text, unit=unit)
    except ValueRefused as refused:
        if refused.code != "area_unreadable":
            raise
        measure = _in_words(scale, text, refused)
    m2 = int(measure.value * 2 + 1) // 2
    if m2 < 1:
        raise ValueRefused("area_not_positive")
    if m2 > LARGEST_M2:
        raise ValueRefused("area_too_high", maximum_m2=LARGEST_M2)
    return Area(m2, measure.unit)
