"""Products from a file: writing down what is new and changing what differs, product by product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

from shop import formats
from shop.forms.drafts import PackDraft, ProductDraft
from shop.forms.imports.product_rows import ProductRow
from shop.models.catalog import NetUnit, Pack, Product, Seller
from shop.models.imports import ImportAct
from shop.services import products
from shop.services.imports.plan import Difference, Doing, Done, Judging
from shop.services.imports.product_drafts import (
    PACK_VALUES,
    PRODUCT_VALUES,
    draft_of,
    empty_draft,
    pack_draft,
    pack_values,
    product_values,
)

Shelving = dict[int, Pack]
"""By the number of the row the pack it is about; new ones stand here once they are made."""


@dataclass(slots=True)
class ProductGroup:
    """The rows of one product, there already or new."""

    key: str
    product: Product | None
    rows: dict[int, tuple[ProductRow, Pack | None]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What is to be written down about one product, there already or new."""

    product: Product | None
    draft: ProductDraft
    rows: Mapping[int, tuple[ProductRow, Pack | None]]

    @property
    def first(self) -> int:
        """Return the number of the first row about it."""
        return min(self.rows)

    @property
    def fresh(self) -> list[int]:
        """Return the numbers of the rows about new packs."""
        return [number for number, (_, pack) in self.rows.items() if pack is None]

    def with_packs(self) -> ProductDraft:
        """Return the product with its packs as the rows say, the new ones at the end."""
        changed = {pack.id: pack_as_said(row, pack) for row, pack in self.rows.values() if pack}
        standing = [changed.get(one.pack_id or 0, one) for one in self.draft.packs]
        made = [pack_as_said(self.rows[number][0], None) for number in self.fresh]
        return replace(self.draft, packs=(*standing, *made))


def pack_as_said(row: ProductRow, pack: Pack | None) -> PackDraft:
    """Return the pack with what the row says; an empty cell leaves what is there."""
    if pack is not None:
        base = pack_draft(pack)
    else:
        base = PackDraft("", "gói", 1, NetUnit.GRAM, 1, row.price_vnd or 1, sku=row.sku)
    said: dict[str, Any] = {"unit": row.unit, "price_vnd": row.price_vnd, "label": row.label}
    if row.net is not None:
        said |= {"net_quantity": row.net.quantity, "net_unit": row.net.unit}
        keeps = pack is not None and base.net_quantity == row.net.quantity
        said["mass_g"] = row.mass_g or (base.mass_g if keeps else row.net.quantity)
    elif row.mass_g is not None and base.net_unit is NetUnit.MILLILITRE:
        said["mass_g"] = row.mass_g
    if row.gtin is not None and (pack is None or pack.gtin != row.gtin):
        said["gtin"] = row.gtin
    draft = replace(base, **{name: value for name, value in said.items() if value is not None})
    if draft.label:
        return draft
    net = formats.net(draft.net_quantity, draft.net_unit.value).replace("\u00a0", " ")
    return replace(draft, label=f"{draft.unit} {net}")


def plan_work(judging: Judging, seller: Seller, groups: list[ProductGroup]) -> Shelving:
    """Add to `judging` what differs in each group and the work that makes it so."""
    shelving: Shelving = {}
    entries: list[_Entry] = []
    for group in groups:
        good = {
            number: said for number, said in group.rows.items() if not judging.is_refused(number)
        }
        if not good:
            continue
        shelving |= {number: pack for number, (_, pack) in good.items() if pack is not None}
        draft = _product_as_said(group, good)
        if _tell(judging, group, draft, good):
            entries.append(_Entry(group.product, draft, good))
    if entries:
        judging.work.append(partial(_do, seller, entries, shelving))
    return shelving


def _tell(
    judging: Judging,
    group: ProductGroup,
    draft: ProductDraft,
    good: Mapping[int, tuple[ProductRow, Pack | None]],
) -> bool:
    before = product_values(group.product) if group.product else {}
    of_product = differences(before, _values_of(draft))
    for number, (row, pack) in good.items():
        after = _pack_values_of(pack_as_said(row, pack))
        found = differences(pack_values(pack) if pack else {}, after)
        judging.differences[number] = [*(of_product if number == min(good) else []), *found]
        if pack is None:
            judging.new.add(number)
    return any(judging.differences[number] for number in good)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """Return what is different `after`; of what is new, only what has a value."""
    return [
        Difference(name, before.get(name), value)
        for name, value in after.items()
        if (before[name] != value if name in before else value not in (None, "", []))
    ]


def _product_as_said(
    group: ProductGroup, good: Mapping[int, tuple[ProductRow, Pack | None]]
) -> ProductDraft:
    rows = [row for row, _pack in good.values()]
    base = draft_of(group.product) if group.product else empty_draft(rows[0].name or "")
    said: dict[str, Any] = {}
    for row in rows:
        for name in PRODUCT_VALUES:
            if getattr(row, name) is not None:
                said.setdefault(name, getattr(row, name))
    return replace(base, **said)


def _values_of(draft: ProductDraft) -> dict[str, Any]:
    found = {name: getattr(draft, name) for name in PRODUCT_VALUES}
    return found | {"ingredients": list(draft.ingredients)}


def _pack_values_of(draft: PackDraft) -> dict[str, Any]:
    found = {name: getattr(draft, name) for name in PACK_VALUES}
    return found | {"net_unit": draft.net_unit.value}


def _do(seller: Seller, entries: Sequence[_Entry], shelving: Shelving, doing: Doing) -> list[Done]:
    by: dict[str, Any] = {"actor": doing.actor, "now": doing.now}
    new = [entry for entry in entries if entry.product is None]
    drafts = [entry.with_packs() for entry in new]
    written = products.create_all(doing.session, seller, drafts, **by)
    made = {entry.first: product for entry, product in zip(new, written, strict=True)}
    standing = [(entry, entry.product) for entry in entries if entry.product is not None]
    before = {
        product.id: (product_values(product), {one.id: pack_values(one) for one in product.packs})
        for _, product in standing
    }
    changes = [
        products.ProductChange(product, entry.with_packs(), product.version)
        for entry, product in standing
    ]
    products.change_all(doing.session, seller, changes, **by)
    done: list[Done] = []
    for entry in entries:
        if entry.product is None:
            product = made[entry.first]
            done.append(created(entry.first, product, product.name, product_values(product)))
        else:
            product = entry.product
            done += _changed(entry, product, *before[product.id])
        fresh = entry.fresh
        for number, pack in zip(
            fresh, product.packs[len(product.packs) - len(fresh) :], strict=True
        ):
            shelving[number] = pack
            done.append(created(number, pack, pack.sku, pack_values(pack)))
    return done


def _changed(
    entry: _Entry,
    product: Product,
    before: dict[str, Any],
    packs: Mapping[int, dict[str, Any]],
) -> list[Done]:
    done = changed_values(entry.first, product, product.name, before, product_values(product))
    for number, (_, pack) in entry.rows.items():
        if pack is not None:
            done += changed_values(number, pack, pack.sku, packs[pack.id], pack_values(pack))
    return done


def created(number: int, subject: Any, title: str, after: dict[str, Any]) -> Done:
    """Return that `subject` is new, with what it says."""
    return Done(number, ImportAct.CREATED, subject, title, after=after)


def changed_values(
    number: int, subject: Any, title: str, before: dict[str, Any], after: dict[str, Any]
) -> list[Done]:
    """Return what changed, with the old and new values of that alone."""
    names = [name for name, value in after.items() if before[name] != value]
    if not names:
        return []
    old = {name: before[name] for name in names}
    new = {name: after[name] for name in names}
    return [Done(number, ImportAct.CHANGED, subject, title, before=old, after=new)]
