"""Which rows stand on which public pages: the one list, and a line for every table.

Pages are made of parts (`models.page_versions`):

- `batch` (a batch): what its own page tells of it
- `product` (a product): its texts, packs, pictures, papers, and whether it can be had
- `shelf` (a product): what only its own page tells: how many are left, what buyers say
- `seller` (a seller): what pages of its goods and papers tell of it
- `about` (a seller): what only its own page tells
- `certificate` (a certificate): what its page tells
- `list` (0): all cards of goods, wherever they stand, and what a list can be narrowed to
- `home` (0): what only the home page tells

`views` say of which parts a page is made. A table is in `STANDS_ON`, or in `UNSEEN` because no
kept page shows anything of it; a test holds this against the tables and against what pages read.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import literal, select, union_all

from shop.models import batches, catalog, inventory, orders, people, reviews
from shop.models.base import Model
from shop.models.batches import Batch, BatchInput, BatchPack, BatchState
from shop.models.catalog import CertificateBatch, CertificateProduct, Pack
from shop.models.reviews import Review, ReviewState

Values = Mapping[str, Any]
"""A row by the names of its attributes."""


@dataclass(frozen=True, slots=True)
class Change:
    """A row as it was and as it is; nothing before it was made and after it is gone.

    `is_whole` is false where a statement changed many rows: then only what they were is known.
    """

    old: Values | None
    new: Values | None
    is_whole: bool = True

    def touches(self, *names: str) -> bool:
        """Return whether one of these attributes changed, or may have."""
        if self.old is None or self.new is None or not self.is_whole:
            return True
        return any(self.old[name] != self.new[name] for name in names)


Condition = Callable[[Change], bool]


def always(_change: Change) -> bool:
    """Return that every change counts."""
    return True


@dataclass(frozen=True, slots=True)
class Part:
    """A part that a row stands on: of this kind, with the id in `column`, or 0."""

    kind: str
    column: str = ""
    when: Condition = always


@dataclass(frozen=True, slots=True)
class Through:
    """Parts found by a statement in `FOUND_BY`, which asks with what stands in `column`."""

    way: str
    column: str
    when: Condition = always


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the rows of a table stand; a change of its `unseen` columns alone shows nowhere."""

    on: tuple[Part | Through, ...]
    unseen: frozenset[str] = frozenset()
    seen: frozenset[str] | None = None
    """The only columns that show, where that is the shorter list."""

    def columns(self) -> set[str]:
        """Return the columns that say on which parts a row stands."""
        return {target.column for target in self.on if target.column}


FOUND_BY: Mapping[str, Callable[[list[int]], Any]] = {
    "product_of_pack": lambda ids: _product_of_packs("product", Pack.id.in_(ids)),
    "goods_of_batch_pack": lambda ids: _product_of_packs("product", _is_batch_pack(ids)),
    "shelf_of_batch_pack": lambda ids: _product_of_packs("shelf", _is_batch_pack(ids)),
    "product_of_batch": lambda ids: select(literal("product"), Batch.product_id).where(
        Batch.id.in_(ids), Batch.product_id.is_not(None)
    ),
    "seller_of_batch": lambda ids: select(literal("about"), Batch.seller_id).where(
        Batch.id.in_(ids)
    ),
    "sources_of_batch": lambda ids: select(literal("batch"), BatchInput.source_id).where(
        BatchInput.batch_id.in_(ids), BatchInput.source_id.is_not(None)
    ),
    "papers_of_batch": lambda ids: select(
        literal("certificate"), CertificateBatch.certificate_id
    ).where(CertificateBatch.batch_id.in_(ids)),
    "papers_of_product": lambda ids: select(
        literal("certificate"), CertificateProduct.certificate_id
    ).where(CertificateProduct.product_id.in_(ids)),
    "subjects_of_paper": lambda ids: select(
        union_all(
            select(literal("product").label("kind"), CertificateProduct.product_id.label("id"))
            .where(CertificateProduct.certificate_id.in_(ids)),
            select(literal("batch"), CertificateBatch.batch_id)
            .where(CertificateBatch.certificate_id.in_(ids)),
            select(literal("product"), Batch.product_id)
            .join(CertificateBatch, CertificateBatch.batch_id == Batch.id)
            .where(CertificateBatch.certificate_id.in_(ids), Batch.product_id.is_not(None)),
        ).subquery()
    ),
    "shelf_of_review": lambda ids: select(literal("shelf"), Review.product_id).where(
        Review.id.in_(ids)
    ),
}  # fmt: skip


def _product_of_packs(kind: str, condition: Any) -> Any:
    return select(literal(kind), Pack.product_id).where(condition)


def _is_batch_pack(ids: list[int]) -> Any:
    return Pack.id.in_(select(BatchPack.pack_id).where(BatchPack.id.in_(ids)))


def _is_public(change: Change) -> bool:
    """Return whether more than a draft of a batch changed."""
    rows = [row for row in (change.old, change.new) if row is not None]
    return not change.is_whole or any(row["state"] is not BatchState.DRAFT for row in rows)


def _recall_changes(change: Change) -> bool:
    rows = [row for row in (change.old, change.new) if row is not None]
    recalled = {row["state"] is BatchState.RECALLED for row in rows}
    return not change.is_whole or True in recalled


def _runs_out_or_in(change: Change) -> bool:
    """Return whether there is something to sell now where there was nothing, or the other way."""
    if not change.is_whole:
        return True
    there = [
        row is not None and row["on_hand"] > (row["reserved"] or 0)
        for row in (change.old, change.new)
    ]
    return there[0] != there[1]


def _is_shown(change: Change) -> bool:
    rows = [row for row in (change.old, change.new) if row is not None]
    return not change.is_whole or any(row["state"] is ReviewState.SHOWN for row in rows)


def _was_there(change: Change) -> bool:
    return change.old is not None


def _is_withdrawn(change: Change) -> bool:
    return change.old is not None and change.touches("withdrawn_at")


LIST, HOME = Part("list"), Part("home")

STANDS_ON: Mapping[type[Model], Standing] = {
    catalog.Seller: Standing(
        (Part("seller", "id"), Part("about", "id"), LIST, HOME),
    ),
    catalog.Product: Standing(
        (
            Part("product", "id"), Part("shelf", "id"), LIST,
            Through("papers_of_product", "id", _was_there),
        ),
        unseen=frozenset({"version", "changed_at", "created_at", "yield_range", "tax_class"}),
    ),
    catalog.Pack: Standing((Part("product", "product_id"), LIST)),
    catalog.Photo: Standing(
        (Part("product", "product_id"), LIST), unseen=frozenset({"formats_tried"})
    ),
    catalog.Certificate: Standing(
        (
            Part("certificate", "id"), Part("about", "seller_id"),
            Through("subjects_of_paper", "id"), LIST,
        ),
    ),
    catalog.CertificateProduct: Standing(
        (Part("certificate", "certificate_id"), Part("product", "product_id"), LIST),
    ),
    catalog.CertificateBatch: Standing(
        (
            Part("certificate", "certificate_id"), Part("batch", "batch_id"),
            Through("product_of_batch", "batch_id"), LIST,
        ),
    ),
    batches.Batch: Standing(
        (
            Part("batch", "id"),
            Part("about", "seller_id", _is_public),
            Part("seller", "seller_id", _recall_changes),
            Part("product", "product_id", _is_public),
            Part("list", "", _is_public),
            Part("home", "", _is_public),
            Through("sources_of_batch", "id", _is_public),
            Through("papers_of_batch", "id", _is_public),
        ),
        unseen=frozenset({"version", "note", "leftover_g", "created_at"}),
    ),
    batches.BatchPack: Standing(
        (
            Part("batch", "batch_id"), Through("seller_of_batch", "batch_id"),
            Through("product_of_pack", "pack_id", _is_withdrawn),
            Through("papers_of_batch", "batch_id"),
            Through("sources_of_batch", "batch_id"),
            Part("list", "", _is_withdrawn),
        ),
    ),
    batches.BatchInput: Standing((Part("batch", "batch_id"), Part("batch", "source_id"))),
    batches.BatchStep: Standing((Part("batch", "batch_id"),)),
    batches.BatchNotice: Standing((Part("batch", "batch_id"), HOME)),
    inventory.Place: Standing(
        (Part("seller", "seller_id", _was_there), LIST),
        seen=frozenset({"sells_online", "seller_id"}),
    ),
    inventory.StockLevel: Standing(
        (
            Through("shelf_of_batch_pack", "batch_pack_id"),
            Through("goods_of_batch_pack", "batch_pack_id", _runs_out_or_in),
            Part("list", "", _runs_out_or_in),
        ),
    ),
    orders.DeliveryMethod: Standing(
        (Part("seller", "seller_id"),), unseen=frozenset({"tax_class"})
    ),
    people.Member: Standing(
        (Part("about", "seller_id"), Part("seller", "seller_id", _was_there)),
        seen=frozenset({"seller_id", "full_name", "show_name", "gender", "kind", "code"}),
    ),
    people.Plot: Standing(
        (Part("seller", "seller_id", _was_there),), seen=frozenset({"code", "hamlet"})
    ),
    reviews.Review: Standing((Part("shelf", "product_id", _is_shown),)),
    reviews.ReviewPhoto: Standing(
        (Through("shelf_of_review", "review_id"),), unseen=frozenset({"formats_tried"})
    ),
    reviews.ProductRating: Standing((Part("shelf", "product_id"), LIST)),
}  # fmt: skip
"""For each table whose rows show: the parts that change with one of them."""

UNSEEN = frozenset(
    {
        "account", "account_recovery", "allocation", "audit_entry", "bank_account",
        "bank_credit", "buyer", "buyer_address", "buyer_code", "buyer_consent", "buyer_order",
        "buyer_sign_in",
        "cart", "cart_line", "code_alias", "commune", "consent", "import_row", "import_run",
        "invoice", "invoice_request", "invoice_sum",
        "job_run", "ledger_entry", "legal_text", "lineage_edge", "log_checkpoint", "log_leaf",
        "order_line", "order_move", "outbox_message", "page_version", "parcel", "payment",
        "payment_attempt", "posting", "problem_photo", "problem_report", "provider_account",
        "provider_notice",
        "recovery_code", "refund", "reservation", "role_grant", "sales_order", "second_factor",
        "sign_in", "sign_in_card", "site_owner", "stall", "stock_movement", "stock_shortage",
        "stock_watch", "submission", "synonym_group", "tax_rate", "trace_event",
        "unknown_number", "voucher", "voucher_use",
        "former_address", "goods_return", "goods_return_line",
    }
)  # fmt: skip
"""The tables of which no kept page shows anything, by name."""
