"""Products and packs of a run that is taken back: what it made goes or is withdrawn."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shop.errors import FieldRefused
from shop.models.catalog import Pack, Product, ProductState
from shop.models.imports import ImportRow
from shop.queries import import_subjects
from shop.queries import imports as reading
from shop.services import products
from shop.services.imports.product_drafts import (
    draft_of,
    pack_values,
    product_values,
    with_pack_values,
)
from shop.services.imports.taking_back import (
    CHANGED_SINCE,
    IN_USE,
    WITHDRAWN,
    Found,
    Undoing,
    keep,
    remove,
    stands,
)
from shop.services.product_snapshot import pack_snapshot, snapshot

_ON_LABELS = {"label", "unit", "net_quantity", "net_unit", "mass_g", "gtin"}


def packs_created(undoing: Undoing, found: Found) -> None:
    """Delete new packs; those that are in use are offered no more."""
    fitting = keep(found, lambda row, pack: _since(pack_values(pack) == row.after))
    left = remove(undoing, fitting, pack_snapshot)
    if not left:
        return
    for row, _ in left:
        row.kept_because = WITHDRAWN
    import_subjects.read(undoing.session, Pack, [pack.id for _, pack in left])
    _change_packs(undoing, {pack: {"is_offered": False} for _, pack in left})


def packs_changed(undoing: Undoing, found: Found) -> None:
    """Let packs say again what they said; what stands on labels stays."""
    session = undoing.session
    made = reading.packs_in_batches(session, undoing.run.seller_id)

    def judge(row: ImportRow, pack: Pack) -> str | None:
        if not stands(pack_values(pack), row.after):
            return CHANGED_SINCE
        return IN_USE if pack.id in made and _ON_LABELS & set(row.before or {}) else None

    fitting = keep(found, judge)
    try:
        with session.begin_nested():
            _change_packs(undoing, {pack: row.before or {} for row, pack in fitting})
    except FieldRefused:  # a number that one of them had is another's by now: one by one
        for row, pack in fitting:
            row.kept_because = _change_pack(undoing, pack, row.before or {})


def products_created(undoing: Undoing, found: Found) -> None:
    """Delete new products that are still drafts and have nothing of their own."""

    def judge(row: ImportRow, product: Product) -> str | None:
        if product_values(product) != row.after or product.state is not ProductState.DRAFT:
            return CHANGED_SINCE
        return IN_USE if product.packs or product.photos else None

    remove(undoing, keep(found, judge), snapshot)


def products_changed(undoing: Undoing, found: Found) -> None:
    """Let products say again what they said."""
    fitting = keep(found, lambda row, one: _since(stands(product_values(one), row.after)))
    changes = [
        products.ProductChange(
            product, replace(draft_of(product), **(row.before or {})), product.version
        )
        for row, product in fitting
    ]
    products.change_all(undoing.session, undoing.run.seller, changes, **undoing.by)


def _since(is_same: bool) -> str | None:
    return None if is_same else CHANGED_SINCE


def _change_pack(undoing: Undoing, pack: Pack, values: dict[str, Any]) -> str | None:
    try:
        with undoing.session.begin_nested():
            _change_packs(undoing, {pack: values})
    except FieldRefused:
        return IN_USE
    return None


def _change_packs(undoing: Undoing, values: Mapping[Pack, dict[str, Any]]) -> None:
    """Let packs have `values`, each product being changed once."""
    by_id = {pack.id: said for pack, said in values.items()}
    changes = []
    for product in {pack.product_id: pack.product for pack in values}.values():
        draft = draft_of(product)
        packs = tuple(
            with_pack_values(one, by_id.get(one.pack_id or 0, {})) for one in draft.packs
        )
        changed = replace(draft, packs=packs)
        changes.append(products.ProductChange(product, changed, product.version))
    products.change_all(undoing.session, undoing.run.seller, changes, **undoing.by)
