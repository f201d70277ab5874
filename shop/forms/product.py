"""The product form of the office, as somebody typed it on a phone or a PC."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop import formats
from shop.forms import goods_in_english
from shop.forms.base import Fields, in_page_order
from shop.forms.drafts import PackDraft, ProductDraft
from shop.forms.ids import read_id, read_number
from shop.forms.numbers import read_count
from shop.forms.spoken_prices import read_price_asking
from shop.forms.text import read_line, read_name, read_text
from shop.forms.values import ValueRefused
from shop.forms.weights import check_pack_weight, read_volume, read_weight
from shop.models.catalog import NetUnit, Pack, Product
from traceability import gtin as gtins
from traceability.errors import TraceabilityError

ALLERGENS = {
    "gluten": _l("gluten (lúa mì)"),
    "trứng": _l("trứng"),
    "sữa": _l("sữa"),
    "cá": _l("cá"),
    "giáp xác": _l("giáp xác (tôm, cua)"),
    "nhuyễn thể": _l("nhuyễn thể (mực, ốc)"),
    "đậu phộng": _l("đậu phộng (lạc)"),
    "đậu nành": _l("đậu nành"),
    "mè": _l("mè (vừng)"),
    "hạt cây": _l("hạt cây (điều, hạnh nhân)"),
    "cần tây": _l("cần tây"),
    "mù tạt": _l("mù tạt"),
    "sulfit": _l("sulfit"),
}
"""What is stored and what the tick says."""

UNITS = (
    "gói", "hộp", "túi", "chai", "lọ", "hũ", "cây", "quả", "bó", "khay", "thùng", "bao", "lon",
    "vỉ", "can", "bình", "giỏ", "nải", "con",
)  # fmt: skip

NET_UNITS = {"g": _l("g"), "kg": _l("kg"), "ml": _l("ml"), "l": _l("lít")}

TAX_CLASSES = {
    "standard": _l("Hàng chế biến (8 % hoặc 10 %)"),
    "unprocessed": _l("Nông sản chưa chế biến, tự làm ra (không chịu thuế)"),
    "resold_unprocessed": _l("Nông sản chưa chế biến, mua lại để bán (5 %)"),
    "excluded": _l("Hàng không được giảm thuế (10 %)"),
}

NAMES = {
    "name": _l("tên sản phẩm"),
    "kind": _l("loại"),
    "description": _l("giới thiệu"),
    "photo": _l("ảnh"),
    "packs": _l("loại đóng gói"),
    "ingredients": _l("thành phần"),
    "allergens": _l("chất gây dị ứng"),
    "other_allergens": _l("chất khác"),
    "storage": _l("cách bảo quản"),
    "storage_min_c": _l("lạnh nhất"),
    "storage_max_c": _l("nóng nhất"),
    "shelf_life_days": _l("hạn dùng"),
    "directions": _l("cách dùng"),
    "cautions": _l("lưu ý"),
    **goods_in_english.NAMES,
}
"""What the summary of faults calls each field, in the order of the page."""

PACK_NAMES = {
    "label": _l("tên loại"),
    "unit": _l("đựng bằng"),
    "net": _l("khối lượng"),
    "mass": _l("cân nặng"),
    "price": _l("giá"),
    "gtin": _l("mã vạch"),
    "label_en": _l("tên loại tiếng Anh"),
}

_EMPTY_NAME = {"name_empty": _l("Chưa ghi tên. Ví dụ Chè móc câu La Bằng")}
_EMPTY_KIND = {"name_empty": _l("Chưa ghi loại. Ví dụ Chè, Giò chả, Trà thảo mộc")}
_EMPTY_LABEL = {"name_empty": _l("Chưa ghi tên loại. Ví dụ Chè móc câu, gói 200 g")}

ROWS = 3
"""Empty pack rows that a new form begins with."""

MOST_ROWS = 40


@dataclass(frozen=True, slots=True)
class PackRow:
    """The names of the fields of one pack in the form."""

    number: int

    def field(self, name: str) -> str:
        """Return the name of one field of this row."""
        return f"packs-{self.number}-{name}"


def rows_in(typed: Mapping[str, str]) -> list[PackRow]:
    """Return the pack rows the form came with."""
    count = read_number(typed.get("rows", "")) or 0
    return [PackRow(number) for number in range(min(count, MOST_ROWS))]


def in_order(faults: Iterable[str], rows: Sequence[PackRow]) -> list[str]:
    """Return the fields with faults in the order of the page, with those of `rows` of packs."""
    names = list(NAMES)
    after_packs = names.index("packs") + 1
    of_packs = [row.field(part) for row in rows for part in PACK_NAMES]
    return in_page_order(faults, [*names[:after_packs], *of_packs, *names[after_packs:]])


def read_product(
    fields: Fields, typed: Mapping[str, str], allergens: list[str]
) -> ProductDraft | None:
    """Return the product in `fields`, or `None` with the faults noted beside their fields."""
    none_at_all = bool(fields.typed("no_allergens"))
    chosen = [name for name in allergens if name in ALLERGENS]
    other = fields.read("other_allergens", read_line, required=False, longest=120) or ""
    chosen += [part.strip() for part in other.split(",") if part.strip()]
    if none_at_all and chosen:
        fields.refuse("allergens", str(_l("Chọn chất gây dị ứng hoặc chọn “Không có”.")))
    packs = [pack for row in rows_in(typed) if (pack := _read_pack(fields, row)) is not None]
    if not packs and not any(name.startswith("packs-") for name in fields.faults):
        fields.refuse("packs", str(_l("Cần ít nhất một loại, ví dụ gói 200 g, 90.000 đồng.")))
    draft = {
        "name": fields.read("name", read_name, instead=_EMPTY_NAME),
        "kind": fields.read("kind", read_name, longest=60, instead=_EMPTY_KIND),
        "description": fields.read("description", read_text),
        "ingredients": _lines(fields, "ingredients"),
        "storage": fields.read("storage", read_line, required=False, longest=300),
        "storage_min_c": _degrees(fields, "storage_min_c"),
        "storage_max_c": _degrees(fields, "storage_max_c"),
        "directions": fields.read("directions", read_text, longest=600),
        "cautions": _lines(fields, "cautions"),
        "english": goods_in_english.read(fields),
    }
    shelf_life = None
    if fields.typed("shelf_life_days").strip():
        shelf_life = fields.read("shelf_life_days", read_count, minimum=1, maximum=3650)
    if fields.faults:
        return None
    tax_class = fields.typed("tax_class")
    return ProductDraft(
        **draft,  # type: ignore[arg-type]
        shelf_life_days=shelf_life,
        allergens=chosen,
        allergens_stated=bool(chosen) or none_at_all,
        is_chilled=bool(fields.typed("is_chilled")),
        tax_class=tax_class if tax_class in TAX_CLASSES else "standard",
        packs=packs,
    )


def _lines(fields: Fields, name: str) -> list[str]:
    text = fields.read(name, read_text, longest=2000) or ""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _degrees(fields: Fields, name: str) -> int | None:
    typed = fields.typed(name).strip().replace("−", "-")
    if not typed:
        return None
    digits = typed.removeprefix("-")
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= 2):
        fields.refuse(name, str(_l("Nhiệt độ ghi bằng số, ví dụ 5.")))
        return None
    return int(typed)


def _read_pack(fields: Fields, row: PackRow) -> PackDraft | None:
    asked = [fields.typed(row.field(name)).strip() for name in ("label", "net", "price", "id")]
    if not any(asked):
        return None
    price = fields.read(row.field("price"), read_price_asking)
    label = fields.read(row.field("label"), read_name, longest=80, instead=_EMPTY_LABEL)
    unit = fields.typed(row.field("net_unit"))
    unit = unit if unit in NET_UNITS else "g"
    is_volume = unit in {"ml", "l"}
    net = fields.read(row.field("net"), read_volume if is_volume else read_weight, unit=unit)
    mass = net
    if is_volume and net is not None:
        if fields.typed(row.field("mass")).strip():
            mass = fields.read(row.field("mass"), read_weight, unit="g")
    elif net is not None:
        try:
            check_pack_weight(net, price_vnd=price)
        except ValueRefused as refused:
            if not fields.typed(row.field("sure")):
                fields.note(row.field("net"), refused)
    gtin = _read_gtin(fields, row)
    label_en = fields.read(row.field("label_en"), read_line, required=False, longest=80)
    if price is None or label is None or net is None or mass is None:
        return None
    packed_as = fields.typed(row.field("unit"))
    return PackDraft(
        label=label,
        unit=packed_as if packed_as in UNITS else "gói",
        net_quantity=net,
        net_unit=NetUnit.MILLILITRE if is_volume else NetUnit.GRAM,
        mass_g=mass,
        price_vnd=price,
        is_offered=not fields.typed(row.field("withdrawn")),
        gtin=gtin,
        pack_id=read_id(fields.typed(row.field("id"))),
        label_en=label_en or "",
    )


def _read_gtin(fields: Fields, row: PackRow) -> str | None:
    typed = fields.typed(row.field("gtin")).replace(" ", "").replace("-", "")
    if not typed:
        return None
    try:
        return gtins.validate(typed)
    except TraceabilityError:
        fields.refuse(
            row.field("gtin"),
            str(_l("Mã vạch chưa đúng. Ghi đủ 13 số in dưới mã vạch, hoặc để trống.")),
        )
        return None


def as_typed(product: Product | None, *, extra_rows: int = 0) -> dict[str, str]:
    """Return the fields of the form as somebody would have typed this product."""
    if product is None:
        return {"rows": str(ROWS), "tax_class": "standard"}
    typed = _facts_as_typed(product) | {
        "version": str(product.version),
        "rows": str(len(product.packs) + max(extra_rows, 0 if product.packs else 1)),
    }
    for number, pack in enumerate(product.packs):
        gtin = "" if pack.gtin_is_internal else pack.gtin.removeprefix("0")
        typed |= _pack_as_typed(PackRow(number), pack, pack_id=str(pack.id), gtin=gtin)
    return typed


def draft_as_typed(draft: ProductDraft) -> dict[str, str]:
    """Return the fields of the form as somebody would have typed this draft."""
    typed = _facts_as_typed(draft) | {"rows": str(len(draft.packs))}
    for number, pack in enumerate(draft.packs):
        pack_id = str(pack.pack_id) if pack.pack_id else ""
        gtin = (pack.gtin or "").removeprefix("0")
        typed |= _pack_as_typed(PackRow(number), pack, pack_id=pack_id, gtin=gtin)
    return typed


def one_row_more(typed: Mapping[str, str]) -> dict[str, str]:
    """Return the form with one empty row of packs more."""
    return dict(typed) | {"rows": str(min(MOST_ROWS, len(rows_in(typed)) + 1))}


def _facts_as_typed(source: Product | ProductDraft) -> dict[str, str]:
    return {
        "name": source.name,
        "kind": source.kind,
        "description": source.description,
        "ingredients": "\n".join(source.ingredients),
        "other_allergens": ", ".join(set(source.allergens) - ALLERGENS.keys()),
        "no_allergens": "1" if source.allergens_stated and not source.allergens else "",
        "storage": source.storage,
        "storage_min_c": _number(source.storage_min_c),
        "storage_max_c": _number(source.storage_max_c),
        "shelf_life_days": _number(source.shelf_life_days),
        "directions": source.directions,
        "cautions": "\n".join(source.cautions),
        "is_chilled": "1" if source.is_chilled else "",
        "tax_class": source.tax_class,
        **goods_in_english.as_typed(source.english),
    }


def _pack_as_typed(
    row: PackRow, pack: Pack | PackDraft, *, pack_id: str, gtin: str
) -> dict[str, str]:
    return {
        row.field("id"): pack_id,
        row.field("label"): pack.label,
        row.field("unit"): pack.unit,
        row.field("net"): str(pack.net_quantity),
        row.field("net_unit"): pack.net_unit.value,
        row.field("mass"): str(pack.mass_g) if pack.net_unit is NetUnit.MILLILITRE else "",
        row.field("price"): formats.number(pack.price_vnd),
        row.field("gtin"): gtin,
        row.field("withdrawn"): "" if pack.is_offered else "1",
        row.field("label_en"): pack.label_en or "",
    }


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
