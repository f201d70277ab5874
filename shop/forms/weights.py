"""Weights into whole grams and volumes into whole millilitres, in the units of the market.

A comma begins decimals: `12,5 kg`. What could be two weights, such as `1.250 kg`, is refused.
"""

from shop.forms.measures import Scale
from shop.forms.values import ValueRefused

HEAVIEST_G = 999_000_000
HEAVIEST_PACK_G = 50_000
CHEAPEST_PER_KG_VND = 500

_WEIGHT = Scale(
    "weight",
    {
        **dict.fromkeys(("g", "gr", "gam", "gram"), 1),
        **dict.fromkeys(("lạng", "lang"), 100),
        **dict.fromkeys(("kg", "kí", "ký", "ki", "ky", "kilo", "kilô"), 1_000),
        **dict.fromkeys(("kilogam", "kilogram", "cân", "can"), 1_000),
        **dict.fromkeys(("ki lô", "kí lô", "ký lô", "ki lo", "ky lo", "kílô", "kýlô"), 1_000),
        **dict.fromkeys(("yến", "yen"), 10_000),
        **dict.fromkeys(("tạ", "ta"), 100_000),
        **dict.fromkeys(("tấn", "tan"), 1_000_000),
    },
)
_VOLUME = Scale(
    "volume",
    {
        **dict.fromkeys(("ml", "mililít", "mililit", "cc"), 1),
        **dict.fromkeys(("xị", "xi"), 250),
        **dict.fromkeys(("l", "lít", "lit"), 1_000),
        **dict.fromkeys(("m³", "m3", "khối", "khoi"), 1_000_000),
    },
)


def read_weight(
    text: str, *, unit: str | None = "kg", minimum: int = 1, maximum: int = HEAVIEST_G
) -> int:
    """Return the weight in `text` in grams; a number alone is in `unit`, or refused if `None`.

    Raises `ValueRefused`: `weight_empty`, `weight_unreadable`, `weight_ambiguous`,
    `weight_unit_missing`, `weight_not_positive`, `weight_too_fine` (less than a gram),
    `weight_too_low`, `weight_too_high`, `number_mangled_by_excel`.
    """
    return _whole(_WEIGHT, "g", text, unit, minimum, maximum)


def read_volume(
    text: str, *, unit: str | None = "ml", minimum: int = 1, maximum: int = HEAVIEST_G
) -> int:
    """Return the volume in `text` in millilitres; refusals as in `read_weight`, `volume_...`."""
    return _whole(_VOLUME, "ml", text, unit, minimum, maximum)


def check_pack_weight(grams: int, *, price_vnd: int | None = None) -> int:
    """Return `grams` if one pack for sale may weigh that much at that price.

    Raises `ValueRefused("weight_implausible")` above 50 kg or under 500 đồng a kilogram, with
    `typed_g` and, when it is a whole number, `proposed_g`: the same figure in grams.
    """
    cheap = price_vnd is not None and price_vnd * 1000 < CHEAPEST_PER_KG_VND * grams
    if grams <= HEAVIEST_PACK_G and not cheap:
        return grams
    proposed = grams // 1000 if grams % 1000 == 0 else None
    if proposed is None:
        raise ValueRefused("weight_too_heavy_for_pack", typed_g=grams)
    raise ValueRefused("weight_implausible", typed_g=grams, proposed_g=proposed)


def _whole(
    scale: Scale, suffix: str, text: str, unit: str | None, minimum: int, maximum: int
) -> int:
    value = scale.read(text, unit=unit).value
    if value == 0 < minimum:
        raise ValueRefused(f"{scale.noun}_not_positive")
    if value.denominator != 1:
        raise ValueRefused(f"{scale.noun}_too_fine", typed=text)
    if value < minimum:
        raise ValueRefused(f"{scale.noun}_too_low", **{f"minimum_{suffix}": minimum})
    if value > maximum:
        raise ValueRefused(f"{scale.noun}_too_high", **{f"maximum_{suffix}": maximum})
    return int(value)
