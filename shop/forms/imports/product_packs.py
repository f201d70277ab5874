"""What is in a pack: beside its container in a file of products, or in one cell with it."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop.forms.imports.columns import Column
from shop.forms.imports.row_fields import RowFields
from shop.forms.spoken_packs import known_unit, read_pack
from shop.forms.values import ValueRefused
from shop.forms.weights import HEAVIEST_G, read_volume, read_weight
from shop.models.catalog import NetUnit
from shop.search.folding import fold

PACK = Column(
    "pack",
    _l("Đóng gói"),
    ("donggoi", "quycachdonggoi", "cachdonggoi", "kieudonggoi", "packing", "packaging"),
    meaning=_l("Ghi thay cho Đựng bằng và Khối lượng: chai 500 ml, gói 200 g, 10 quả 600 g."),
)


@dataclass(frozen=True, slots=True)
class Net:
    """What is in a pack: grams, or millilitres."""

    quantity: int
    unit: NetUnit


@dataclass(frozen=True, slots=True)
class OwnPack:
    """A pack said in one cell; what it leaves open is `None`."""

    unit: str | None = None
    net: Net | None = None
    label: str | None = None


def read_net(text: str, *, unit: str | None) -> Net:
    """Return the content in `text`; a number alone is in `unit`, or refused without one.

    Raises `ValueRefused` as `read_weight` and `read_volume` do, and `weight_unit_missing`.
    """
    lower = fold(text)
    is_volume = lower.rstrip(" .0123456789").endswith(("ml", "lit", "l", "cc"))
    bare = not any(letter.isalpha() for letter in lower)
    if is_volume or (bare and unit in {"ml", "l"}):
        millilitres = read_volume(text, unit=unit if unit in {"ml", "l"} else None)
        return Net(millilitres, NetUnit.MILLILITRE)
    grams = read_weight(text, unit=unit if unit in {"g", "kg"} else None, maximum=HEAVIEST_G)
    return Net(grams, NetUnit.GRAM)


def read_own_pack(fields: RowFields, *, unit: str | None, net: Net | None) -> OwnPack:
    """Return what stands under *Đóng gói*, as members say a pack: `chai 500 ml`.

    What it says must be what the row says elsewhere, `unit` and `net`: `pack_said_twice`.
    """
    if "pack" in fields.cells and not fields.has("net"):
        fields.stands_in["net"] = "pack"
    said = fields.read("pack", read_pack)
    if said is None:
        return OwnPack()
    first = fields.typed("pack").strip().lower().split(" ")[0]
    own_unit = said.unit if known_unit(first) or said.pieces else None
    own = Net(said.net_quantity, said.net_unit)
    if (net and net != own) or (unit and own_unit and unit != own_unit):
        fields.note("pack", ValueRefused("pack_said_twice", typed=fields.typed("pack")))
        return OwnPack()
    is_counted = said.pieces and not fields.has("label")
    label = said.label.replace("\u00a0", " ") if is_counted else None
    return OwnPack(own_unit, own, label)
