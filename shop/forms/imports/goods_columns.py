"""Columns that files of products and of batches both have: which pack, and how many of it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from shop.forms.imports.columns import Column

COUNTS = ("ton", "tonkho", "slton", "soluong", "soluongton", "toncuoi", "tondau", "sl", "stock",
          "onhand", "quantity", "qty")  # fmt: skip
"""What people write above a count of packs."""


def sku_column(meaning: Any) -> Column:
    """Return the column with the code of a pack."""
    names = ("sku", "mahang", "masanpham", "masp", "ma", "mahh", "code", "productcode", "itemcode")
    return Column("sku", _l("Mã hàng"), names, meaning=meaning)


def name_column(meaning: Any) -> Column:
    """Return the column with the name of a product."""
    names = ("ten", "tensanpham", "tenhang", "tensp", "tenhanghoa", "sanpham", "hanghoa", "name",
             "product", "productname", "mathang")  # fmt: skip
    return Column("name", _l("Tên sản phẩm"), names, meaning=meaning)
