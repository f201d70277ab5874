"""What can be brought in from a file, and the columns of each."""

from collections.abc import Sequence
from enum import StrEnum

from flask_babel import lazy_gettext as _l

from shop.forms.imports import batch_rows, member_rows, product_rows
from shop.forms.imports.columns import Column


class ImportKind(StrEnum):
    """What the rows of a file are."""

    PRODUCTS = "products"
    MEMBERS = "members"
    BATCHES = "batches"


TITLES = {
    ImportKind.PRODUCTS: _l("Sản phẩm"),
    ImportKind.MEMBERS: _l("Xã viên"),
    ImportKind.BATCHES: _l("Lô hàng"),
}

COLUMNS: dict[ImportKind, Sequence[Column]] = {
    ImportKind.PRODUCTS: product_rows.COLUMNS,
    ImportKind.MEMBERS: member_rows.COLUMNS,
    ImportKind.BATCHES: batch_rows.COLUMNS,
}

NEEDED: dict[ImportKind, Sequence[Sequence[str]]] = {
    ImportKind.PRODUCTS: (("sku", "name"),),
    ImportKind.MEMBERS: (("full_name", "code"),),
    ImportKind.BATCHES: (("lot",), ("made_on",), ("sku", "name")),
}
"""Of each group at least one column must be there."""

CODES: dict[ImportKind, Sequence[str]] = {
    ImportKind.PRODUCTS: ("sku",),
    ImportKind.MEMBERS: ("code", "plot"),
    ImportKind.BATCHES: ("lot", "sku"),
}
"""Columns in which zeros at the beginning count."""

DAYS: dict[ImportKind, Sequence[str]] = {
    ImportKind.PRODUCTS: (),
    ImportKind.MEMBERS: ("birth_year",),
    ImportKind.BATCHES: ("made_on", "expires_on"),
}
