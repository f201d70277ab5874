"""A row of an import of products: one pack of one product."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from flask_babel import lazy_gettext as _l

from shop.forms.imports.columns import Column
from shop.forms.imports.goods_columns import COUNTS, name_column, sku_column
from shop.forms.imports.product_packs import PACK, Net, read_net, read_own_pack
from shop.forms.imports.readers import read_code, read_gtin
from shop.forms.imports.row_fields import RowFields
from shop.forms.numbers import read_count
from shop.forms.product import UNITS
from shop.forms.spoken_counts import read_said_count
from shop.forms.spoken_prices import is_said, read_spoken_price
from shop.forms.text import read_line, read_name, read_text
from shop.forms.values import ValueRefused
from shop.forms.weights import read_weight
from shop.search.folding import fold

LEAST_PRICE_VND = 1000
MOST_STOCK = 100_000

_PROBABLY = frozenset(("price_too_low", "price_slang"))
_MONEY = {"dong": "", "d": "", "vnd": "", "vnđ": "", "nghindong": "k", "ngandong": "k",
          "1000d": "k", "1000dong": "k", "nghin": "k", "k": "k"}  # fmt: skip
_MEASURES = {"g": "g", "gr": "g", "gam": "g", "gram": "g", "kg": "kg", "ml": "ml", "l": "l",
             "lit": "l"}  # fmt: skip

COLUMNS = (
    sku_column(_l("Mã của một loại gói. Dòng có mã đã bán là sửa, mã mới là thêm.")),
    name_column(_l("Các dòng cùng tên là các loại gói của một sản phẩm.")),
    Column(
        "kind",
        _l("Loại"),
        ("loai", "loaihang", "nhom", "nhomhang", "kind", "category", "type", "danhmuc"),
        meaning=_l("Ví dụ Chè, Giò chả, Trà thảo mộc."),
    ),
    Column(
        "label",
        _l("Tên loại gói"),
        ("tengoi", "tenloai", "tenloaigoi", "quycach", "label", "pack", "packname"),
        meaning=_l("Để trống thì lấy từ đồ đựng và khối lượng."),
    ),
    PACK,
    Column(
        "unit",
        _l("Đựng bằng"),
        ("dungbang", "donvi", "donvitinh", "dvt", "baobi", "unit", "container"),
        meaning=_l("gói, hộp, túi, chai, lọ, hũ, cây, quả, bó, khay, thùng hoặc bao."),
    ),
    Column(
        "net",
        _l("Khối lượng"),
        ("khoiluong", "khoiluongtinh", "trongluong", "klg", "kl", "cannang", "dungtich", "thetich",
         "net", "netweight", "weight", "volume", "netcontent"),
        units=_MEASURES,
        meaning=_l("Ghi kèm đơn vị: 200 g, 0,5 kg, 500 ml."),
    ),
    Column(
        "mass",
        _l("Cân nặng của chai"),
        ("cannangchai", "cannangcuachai", "khoiluongchai", "mass"),
        units={"g": "g", "kg": "kg"},
        meaning=_l("Với hàng tính bằng ml: nặng bao nhiêu. Để trống thì coi 1 ml là 1 g."),
    ),
    Column(
        "price",
        _l("Giá"),
        ("gia", "giaban", "dongia", "giabanle", "giathanh", "price", "unitprice"),
        units=_MONEY,
        meaning=_l("Đồng: 90.000 hoặc 90k. Ghi bằng chữ thì phải đánh dấu là đọc đúng."),
    ),
    Column(
        "gtin",
        _l("Mã vạch"),
        ("mavach", "gtin", "barcode", "ean", "ean13", "somavach"),
        meaning=_l("Số in dưới mã vạch. Để trống thì hệ thống cấp số nội bộ."),
    ),
    Column(
        "stock",
        _l("Tồn kho"),
        COUNTS,
        meaning=_l("Số gói đang có. Muốn ghi tồn thì chọn ngày sản xuất khi xem thử."),
    ),
    Column(
        "description",
        _l("Giới thiệu"),
        ("mota", "gioithieu", "description", "noidung"),
    ),
    Column(
        "ingredients",
        _l("Thành phần"),
        ("thanhphan", "nguyenlieu", "ingredients"),
        meaning=_l("Cách nhau bằng dấu chấm phẩy hoặc xuống dòng."),
    ),
    Column("storage", _l("Cách bảo quản"), ("baoquan", "cachbaoquan", "storage")),
    Column(
        "shelf_life_days",
        _l("Hạn dùng (ngày)"),
        ("handung", "hansudung", "hsd", "shelflife", "shelflifedays", "songayhan"),
        units={"ngay": "ngày", "days": "ngày"},
        meaning=_l("Số ngày dùng được kể từ ngày sản xuất."),
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProductRow:
    """What one row says; `None` is an empty cell, which leaves what is there."""

    sku: str | None
    name: str | None
    kind: str | None
    label: str | None
    unit: str | None
    net: Net | None
    mass_g: int | None
    price_vnd: int | None
    gtin: str | None
    stock: int | None
    description: str | None
    ingredients: tuple[str, ...] | None
    storage: str | None
    shelf_life_days: int | None


def read_product(fields: RowFields) -> ProductRow:
    """Return what the row says; its faults stand in `fields`, with `None` for each such cell."""
    ingredients = fields.read("ingredients", read_text, longest=2000)
    if not fields.has("sku") and not fields.has("name"):
        fields.note("", ValueRefused("row_without_name"))
    label = fields.read("label", read_name, longest=80)
    unit = fields.read("unit", _read_unit)
    net = fields.read("net", read_net, unit=fields.header.units.get("net"))
    said = read_own_pack(fields, unit=unit, net=net)
    return ProductRow(
        sku=fields.read("sku", read_code),
        name=fields.read("name", read_name),
        kind=fields.read("kind", read_name, longest=60),
        label=label or said.label,
        unit=unit or said.unit,
        net=net or said.net,
        mass_g=fields.read("mass", read_weight, unit=fields.header.units.get("mass", "g")),
        price_vnd=_read_price(fields),
        gtin=fields.read("gtin", read_gtin),
        stock=fields.read("stock", read_said_count, maximum=MOST_STOCK),
        description=fields.read("description", read_text),
        ingredients=_listed(ingredients),
        storage=fields.read("storage", read_line),
        shelf_life_days=fields.read("shelf_life_days", read_count, minimum=1, maximum=3650),
    )


def _read_price(fields: RowFields) -> int | None:
    """Return the price in đồng; one in words is noted as taken for it, and asked about once."""
    vnd = fields.read("price", read_cell_price, unit=fields.header.units.get("price", ""))
    if vnd is not None and is_said(fields.typed("price")):
        fields.taken_for["price"] = vnd
    return vnd


def read_cell_price(text: str, *, unit: str) -> int:
    """Return the price in đồng; under a heading in thousands a number alone counts thousands.

    Refusals as in `read_spoken_price`, but `9 chục` is what it probably means: it is asked about
    with all that was read from words.
    """
    in_figures = _thousands(text) if unit == "k" else text
    try:
        return read_spoken_price(in_figures, minimum=LEAST_PRICE_VND)
    except ValueRefused as refused:
        proposed = refused.values.get("proposed_vnd")
        if refused.code in _PROBABLY and is_said(text) and isinstance(proposed, int):
            return proposed
        raise


def _thousands(text: str) -> str:
    """Return a number of thousands as one of đồng; all else as it is."""
    try:
        in_thousands = Fraction(text.strip().replace(",", "."))
    except (ValueError, ZeroDivisionError):
        return text
    is_price = 0 < in_thousands < 100_000 and (in_thousands * 1000).denominator == 1
    return str(int(in_thousands * 1000)) if is_price else text


_UNITS: Mapping[str, str] = {fold(unit): unit for unit in UNITS}


def _read_unit(text: str) -> str:
    unit = _UNITS.get(fold(read_line(text, longest=20)))
    if unit is None:
        raise ValueRefused("unit_unknown", typed=text, units=", ".join(UNITS))
    return unit


def _listed(text: str | None) -> tuple[str, ...] | None:
    if text is None:
        return None
    return tuple(part.strip() for part in text.replace(";", "\n").split("\n") if part.strip())
