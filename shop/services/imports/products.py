"""Products from a file: each row a pack, rows of one name one product; what is wrong with them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from shop import formats
from shop.forms.imports.product_rows import ProductRow, read_product
from shop.forms.imports.rows import FileRows
from shop.forms.imports.ticks import make_tick
from shop.forms.values import ValueRefused
from shop.forms.weights import check_pack_weight
from shop.messages_imports import NEEDED
from shop.models.catalog import NetUnit, Pack, Product, Seller
from shop.queries import imports as reading
from shop.search.folding import fold
from shop.services.imports import product_stock, product_work
from shop.services.imports.plan import Judging, Plan
from shop.services.imports.product_drafts import PRODUCT_VALUES, pack_draft
from shop.services.imports.product_work import ProductGroup, pack_as_said

TINY_G = 5
"""A pack lighter than this may have lost its zeros: `1.000` read as a number is one."""

_SHOWN, _QUOTED = 6, 30
_TELLS_APART = ("net", "label", "unit")
"""What tells the packs of one product apart where they have no codes."""


@dataclass(slots=True)
class _Shelf:
    """What is there before the file."""

    by_sku: Mapping[str, Pack]
    by_name: Mapping[str, list[Product]]
    in_batches: set[int]
    gtins: Mapping[str, int]


def plan(session: Session, seller: Seller, file: FileRows, *, stock_made_on: date | None) -> Plan:
    """Return what the rows of `file` would do to the products of `seller`.

    Stock is written down only with the day on which those goods were made, `stock_made_on`, and
    only for packs that were never in a batch.
    """
    judging = Judging(file, seller.id)
    rows = {fields.row.number: read_product(fields) for fields in file.rows}
    shelf = _shelf(session, seller, rows)
    groups = _grouped(judging, rows, shelf)
    for group in groups:
        _judge_group(judging, group, shelf)
    _judge_gtins(judging, groups, shelf)
    tiny = [number for number, row in rows.items() if _is_tiny(row, judging, number)]
    if tiny:
        judging.ticks.append(make_tick("net_tiny", rows=tiny))
    _ask_about_prices(judging)
    _ask_about_names(judging, groups)
    shelving = product_work.plan_work(judging, seller, groups)
    product_stock.plan_stock(session, judging, seller, groups, shelving, made_on=stock_made_on)
    return judging.plan()


def _shelf(session: Session, seller: Seller, rows: Mapping[int, ProductRow]) -> _Shelf:
    found = reading.products(session, seller.id)
    by_name: dict[str, list[Product]] = {}
    for product in found:
        by_name.setdefault(fold(product.name), []).append(product)
    return _Shelf(
        {pack.sku.upper(): pack for product in found for pack in product.packs},
        by_name,
        reading.packs_in_batches(session, seller.id),
        reading.owners_of_gtins(session, {row.gtin for row in rows.values() if row.gtin}),
    )


def _grouped(
    judging: Judging, rows: Mapping[int, ProductRow], shelf: _Shelf
) -> list[ProductGroup]:
    groups: dict[str, ProductGroup] = {}
    seen: dict[Any, int] = {}
    for number, row in rows.items():
        judging.titles[number] = row.name or row.sku or ""
        judging.values[number] = _told(row)
        if judging.is_unread(number, "sku") or not (row.sku or row.name):
            continue
        pack, product = _find(judging, number, row, shelf)
        key = f"#{product.id}" if product else fold(row.name or "") or f"row {number}"
        first = seen.setdefault(_identity(judging, number, row, pack, key), number)
        if first != number:
            judging.refuse(number, "sku", "row_twice", first=first)
        group = groups.setdefault(key, ProductGroup(key, product))
        group.rows[number] = (row, pack)
    return list(groups.values())


def _identity(
    judging: Judging, number: int, row: ProductRow, pack: Pack | None, key: str
) -> object:
    """Return what two rows about the same pack have in common."""
    if pack is not None:
        return pack.id
    if row.sku:
        return row.sku.upper()
    return number if judging.is_unread(number, *_TELLS_APART) else (key, row.net, row.label)


def _find(
    judging: Judging, number: int, row: ProductRow, shelf: _Shelf
) -> tuple[Pack | None, Product | None]:
    """Return the pack that a row is about, and the product; nothing for what is new."""
    if row.sku and (pack := shelf.by_sku.get(row.sku.upper())) is not None:
        other = [one for one in shelf.by_name.get(fold(row.name or ""), []) if row.name]
        if other and pack.product not in other:
            judging.refuse(number, "sku", "code_taken", value=pack.sku, name=pack.product.name)
        return pack, pack.product
    named = shelf.by_name.get(fold(row.name), []) if row.name else []
    product = named[0] if named else None
    if product is None or row.sku:
        return None, product
    fits = [pack for one in named for pack in one.packs if _fits(row, pack)]
    if judging.is_unread(number, *_TELLS_APART):
        return None, product
    if len(fits) > 1:
        skus = ", ".join(pack.sku for pack in fits)
        judging.refuse(number, "name", "pack_unclear", name=row.name, skus=skus)
    return (fits[0], fits[0].product) if fits else (None, product)


def _fits(row: ProductRow, pack: Pack) -> bool:
    """Return whether `pack` can be the one that a row without a code means."""
    if row.net and (row.net.quantity, row.net.unit) != (pack.net_quantity, pack.net_unit):
        return False
    if row.label and fold(row.label) != fold(pack.label):
        return False
    return not row.unit or row.unit == pack.unit


def _judge_group(judging: Judging, group: ProductGroup, shelf: _Shelf) -> None:
    said: dict[str, tuple[Any, int]] = {}
    for number, (row, pack) in group.rows.items():
        if pack is None:
            missing = {"name": row.name or group.product, "net": row.net, "price": row.price_vnd}
            for name, value in missing.items():
                if not value and not judging.is_unread(number, name):
                    judging.need(number, name, "cell_needed_for_new", example=NEEDED[name])
        for name in PRODUCT_VALUES:
            value = getattr(row, name)
            if value is None:
                continue
            before, first = said.setdefault(name, (value, number))
            if before != value and not (name == "name" and fold(before) == fold(value)):
                judging.refuse(number, name, "cell_differs", first=first)
        _judge_pack(judging, number, row, pack, shelf)


def _judge_pack(
    judging: Judging, number: int, row: ProductRow, pack: Pack | None, shelf: _Shelf
) -> None:
    draft = pack_as_said(row, pack)
    is_told = bool(row.net or row.price_vnd) if pack else bool(row.net and row.price_vnd)
    is_read = not judging.is_unread(number, "net", "price")
    if draft.net_unit is NetUnit.GRAM and is_told and is_read:
        try:
            check_pack_weight(draft.net_quantity, price_vnd=draft.price_vnd)
        except ValueRefused as refused:
            judging.refuse(number, "net", refused.code, **refused.values)
    if pack is not None and pack.id in shelf.in_batches:
        fields = {"label": "label", "unit": "unit", "net_quantity": "net", "net_unit": "net",
                  "mass_g": "mass", "gtin": "gtin"}  # fmt: skip
        for name, column in fields.items():
            if getattr(draft, name) != getattr(pack_draft(pack), name):
                judging.refuse(number, column, "pack_in_use")


def _judge_gtins(judging: Judging, groups: list[ProductGroup], shelf: _Shelf) -> None:
    taken: dict[str, int | str] = dict(shelf.gtins)
    for group in groups:
        for number, (row, pack) in group.rows.items():
            if row.gtin is None:
                continue
            owner = taken.setdefault(row.gtin, pack.id if pack else f"row {number}")
            if owner != (pack.id if pack else f"row {number}"):
                judging.refuse(number, "gtin", "gtin_taken", gtin=row.gtin)


def _ask_about_prices(judging: Judging) -> None:
    """Ask whether prices in words were read rightly: `9 chục` is 90.000 đồng to most people."""
    read = judging.taken("price")
    if read:
        shown = [f"“{typed[:_QUOTED]}” = {formats.money(vnd)}" for _, typed, vnd in read[:_SHOWN]]
        more = " …" if len(read) > _SHOWN else ""
        rows = [number for number, _typed, _vnd in read]
        judging.ticks.append(make_tick("prices_said", rows=rows, read=", ".join(shown) + more))


def _ask_about_names(judging: Judging, groups: list[ProductGroup]) -> None:
    """Ask where a few packs would give a new name to a product that has others too."""
    for group in groups:
        if group.product is None:
            continue
        named = [n for n, (row, _) in group.rows.items()
                 if row.name and row.name != group.product.name
                 and not judging.is_refused(n)]  # fmt: skip
        covered = {pack.id for _, pack in group.rows.values() if pack}
        others = [pack.sku for pack in group.product.packs if pack.id not in covered]
        if named and others:
            new = group.rows[named[0]][0].name
            judging.ticks.append(
                make_tick(
                    "product_renamed",
                    rows=named,
                    old=group.product.name,
                    new=new,
                    others=", ".join(others[:6]),
                )
            )


def _is_tiny(row: ProductRow, judging: Judging, number: int) -> bool:
    return row.net is not None and row.net.quantity < TINY_G and not judging.is_refused(number)


def _told(row: ProductRow) -> dict[str, Any]:
    """Return what was understood of a row, as it would be stored."""
    net = row.net
    found = {
        "sku": row.sku,
        "name": row.name,
        "kind": row.kind,
        "label": row.label,
        "unit": row.unit,
        "net_g": net.quantity if net and net.unit is NetUnit.GRAM else None,
        "net_ml": net.quantity if net and net.unit is NetUnit.MILLILITRE else None,
        "price_vnd": row.price_vnd,
        "gtin": row.gtin,
        "stock": row.stock,
    }
    return {name: value for name, value in found.items() if value is not None}
