"""The page of a delivery or of goods in bulk: what, when, from where, and where it went."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.models.batches import BatchKind, BatchState
from shop.pages.batch_codes import address_of
from shop.pages.households import households
from shop.pages.place_words import place
from shop.pages.seller_words import seller_words
from shop.queries.bulk_page import BulkRows
from shop.services.batch_story import Person


def bulk_page(rows: BulkRows) -> dict[str, Any]:
    """Return what `batches/bulk.html` shows."""
    head = rows.head
    who = seller_words(head.seller_kind)
    is_delivery = head.kind is BatchKind.DELIVERY
    return {
        "head": head,
        "banner": _banner(head) if head.state is BatchState.RECALLED else None,
        "notice": who.checking if head.state is BatchState.HELD else "",
        "kind": _("Phiếu giao hàng") if is_delivery else _("Hàng chưa đóng gói"),
        "facts": _facts(rows),
        "uses": [_use(row) for row in rows.uses],
        "responsible": {"name": head.short_name, "phone": head.phone},
        "sample_data": head.is_sample,
        "report_url": url_for("batches.report", ma=head.lot),
    }


def _banner(head: Any) -> dict[str, Any]:
    return {
        "about": _("Lô %(lot)s", lot=head.lot),
        "headline": [_("Đang thu hồi.")],
        "why": head.reason or "",
        "phone": head.phone,
        "phone_words": seller_words(head.seller_kind).call,
    }


def _facts(rows: BulkRows) -> list[tuple[str, ...]]:
    head, origins, lang = rows.head, rows.origins, current_locale()
    where = [head.short_name, place(head.commune), place(head.province)]
    told: list[tuple[str, ...]] = [
        (_("Mã lô"), head.lot),
        (_("Khối lượng"), formats.weight(head.quantity_g, lang)),
        (_("Ngày hái, nhận"), formats.day(head.made_on, lang) if head.made_on else ""),
        (_("Thửa"), _distinct(origins, "plot_code")),
        (_("Thôn, xóm"), _distinct(origins, "plot_hamlet")),
        (_("Người giao"), *(_people(origins) or ("",))),
        (_("Mua của"), _distinct(origins, "supplier")),
        (_("Nơi nhận"), ", ".join(filter(None, where))),
    ]
    return [row for row in told if row[1]]


def _distinct(origins: Sequence[Any], column: str) -> str:
    return ", ".join(sorted({getattr(row, column) for row in origins if getattr(row, column)}))


def _people(origins: Sequence[Any]) -> tuple[str, str] | None:
    people = {row.member_id: row for row in origins if row.member_id is not None}
    named = [Person(row.shown_name, row.gender) for row in people.values() if row.shown_name]
    return households(named, len(people) - len(named))


def _use(row: Any) -> dict[str, str]:
    lang = current_locale()
    made = formats.day(row.made_on, lang) if row.made_on else ""
    facts = [row.goods, made, formats.weight(row.quantity_g, lang)]
    return {"lot": row.lot, "url": address_of(row), "words": " · ".join(filter(None, facts))}
