"""Goods that somebody counted or poured instead of weighing: how heavy they are by their packs."""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from shop import formats
from shop.forms.spoken_packs import known_unit
from shop.forms.spoken_weights import read_spoken_weight
from shop.forms.values import ValueRefused
from shop.models.catalog import NetUnit, Pack

_OFFERED = ("first_g", "second_g", "third_g")


def read_quantity(text: str, *, packs: Iterable[Pack] = ()) -> int:
    """Return the weight in `text` in grams, as `read_spoken_weight` does.

    `200 chai` and `50 lít` are no weights; where the `packs` of the product say how heavy one is
    the refusal is `weight_from_packs`, with the `sum` (`20 chai 500 ml = 10 lít`) and the weight
    of all as `proposed_g`. Where two or three packs fit it is `weight_of_packs`, with the sum of
    each in `packs` and the weights as `first_g`, `second_g`, `third_g`.
    """
    try:
        return read_spoken_weight(text)
    except ValueRefused as refused:
        raise _by_packs(refused, [pack for pack in packs if pack.net_quantity]) from None


def _by_packs(refused: ValueRefused, packs: Sequence[Pack]) -> ValueRefused:
    if refused.code == "weight_counted":
        unit = known_unit(str(refused.values["word"]))
        count = Fraction(int(str(refused.values["count"])))
        told = {
            round(count * pack.mass_g): _sum_of(count, pack) for pack in packs if pack.unit == unit
        }
    elif refused.code == "weight_in_litres":
        millilitres = int(str(refused.values["said_ml"]))
        poured = [pack for pack in packs if pack.net_unit is NetUnit.MILLILITRE]
        told = {
            round(Fraction(millilitres * pack.mass_g, pack.net_quantity)): (
                f"{formats.volume(millilitres)}, {_pack(pack)}"
            )
            for pack in poured
        }
    else:
        return refused
    if not told or len(told) > len(_OFFERED):
        return refused
    typed = refused.values["typed"]
    if len(told) == 1:
        ((grams, only),) = told.items()
        return ValueRefused("weight_from_packs", typed=typed, sum=only, proposed_g=grams)
    offered = dict(zip(_OFFERED, told, strict=False))
    return ValueRefused("weight_of_packs", typed=typed, packs="; ".join(told.values()), **offered)


def _sum_of(count: Fraction, pack: Pack) -> str:
    """Return what so many packs hold: `20 chai 500 ml = 10 lít`."""
    return f"{count} {_pack(pack)} = {_net(int(count * pack.net_quantity), pack)}"


def _pack(pack: Pack) -> str:
    return f"{pack.unit} {_net(pack.net_quantity, pack)}"


def _net(quantity: int, pack: Pack) -> str:
    shown = formats.weight if pack.net_unit is NetUnit.GRAM else formats.volume
    return shown(quantity)
