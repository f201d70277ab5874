"""Invoices in the office: those to be made out, one with its sums by tax class, the export."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats, paging
from shop.forms.invoices import KINDS
from shop.locales import current_locale
from shop.models.invoices import Invoice, InvoiceRequest
from shop.models.orders import Order
from shop.pages import invoices as words
from shop.pages import order_words
from shop.presentation import order_code
from shop.queries import catalog, staff
from shop.queries import invoices as queries
from shop.services import invoices, order_taxes
from shop.spreadsheets import Cell

ON_PAGE = 30
MOST_EXPORTED = 5_000

GROUPS: dict[str, tuple[Any, bool | None]] = {
    "": (_l("Cần xuất"), False),
    "da-xuat": (_l("Đã xuất"), True),
    "tat-ca": (_l("Tất cả"), None),
}
"""What the address calls a part of the list, its words, and whether it was made out."""


def asked_group(name: str) -> str:
    """Return the part of the list that an address asks for; the first where it knows none."""
    return name if name in GROUPS else ""


def invoice_list(session: Session, seller_id: int, group: str, page: str) -> dict[str, Any]:
    """Return what `office/invoices/index.html` shows."""
    is_made_out = GROUPS[group][1]
    total = queries.count(session, seller_id, is_made_out=is_made_out)
    part = paging.part(page, total=total, limit=ON_PAGE)
    found = queries.page(
        session, seller_id, is_made_out=is_made_out, limit=part.limit, offset=part.offset
    )
    return {
        "part": part,
        "group": group,
        "chips": [
            {
                "words": str(title),
                "url": url_for("office_invoices.index", nhom=name or None),
                "count": queries.count(session, seller_id, is_made_out=which),
                "is_current": name == group,
            }
            for name, (title, which) in GROUPS.items()
        ],
        "rows": [_row(*one) for one in found],
        "files": [
            (ending, url_for("office_invoices.export", nhom=group or None, ending=ending))
            for ending in ("csv", "xlsx")
        ],
    }


def _row(known: InvoiceRequest, order: Order, made_out: Invoice | None) -> dict[str, Any]:
    facts = [
        KINDS[known.kind],
        known.tax_code,
        formats.money(order.total_vnd, current_locale()),
        order_words.state(order),
    ]
    if made_out is not None:
        facts.append(made_out_words(made_out))
    return {
        "title": f"{order_code(order.code)} · {known.name}",
        "facts": " · ".join(str(one) for one in facts if one),
        "url": url_for("office_invoices.show", code=order.code),
        "is_open": made_out is None and order.state in queries.READY,
    }


def made_out_words(one: Invoice) -> str:
    """Return number and day of an invoice."""
    day = formats.day(one.issued_on, current_locale())
    return str(_("số %(number)s, ngày %(day)s", number=one.number, day=day))


def invoice_sheet(session: Session, order: Order, *, today: date) -> dict[str, Any]:
    """Return what `office/invoices/show.html` shows, but for its forms."""
    known = queries.request_of(session, order.id)
    made_out = queries.made_out(session, order.id)
    by_class, lang = order_taxes.sums(order), current_locale()
    who = staff.names_of(session, [one.recorded_by_id for one in made_out if one.recorded_by_id])
    return {
        "order": order,
        "state": order_words.state(order),
        "tone": order_words.tone(order),
        "wanted": known if _is_wanted(known) else None,
        "kind": KINDS[known.kind] if known is not None else "",
        "lines": [
            [title, formats.number(quantity, lang), rate, *_money(*amounts)]
            for title, quantity, rate, *amounts in _lines(order)
        ],
        "sums": [
            [
                words.tax_class(one.tax_class),
                words.rate(one.tax_basis_points),
                *_money(one.net_vnd, one.tax_vnd, one.total_vnd),
            ]
            for one in by_class
        ],
        "total": [
            _("Tổng cộng"),
            "",
            *_money(
                sum(one.net_vnd for one in by_class),
                sum(one.tax_vnd for one in by_class),
                order.total_vnd,
            ),
        ],
        "made_out": [
            {
                "id": one.id,
                "words": made_out_words(one),
                "reason": one.reason,
                "at": one.recorded_at,
                "by": who.get(one.recorded_by_id or 0, ""),
                "stands": one is made_out[-1],
            }
            for one in made_out
        ],
        "may_record": not made_out and _is_wanted(known) and order.state in queries.READY,
        "is_undone": bool(made_out) and order.state in invoices.OVER,
        "other_rates": list(_other_rates(session, order, today)) if not made_out else [],
    }


def _money(*amounts_vnd: int) -> list[str]:
    return [formats.money(amount, current_locale()) for amount in amounts_vnd]


def _is_wanted(known: InvoiceRequest | None) -> bool:
    return known is not None and known.given_up_at is None


def standing(session: Session, order: Order) -> tuple[str, bool]:
    """Return in words how the invoice of an order stands, and whether it waits for its number."""
    known = queries.request_of(session, order.id)
    made_out = queries.made_out(session, order.id) if known is not None else ()
    if made_out:
        return str(_("Đã xuất: %(words)s.", words=made_out_words(made_out[-1]))), False
    if known is None or known.given_up_at is not None:
        return str(_("Khách không xin hóa đơn.")), False
    return f"{KINDS[known.kind]}: {known.name}", order.state in queries.READY


def _lines(order: Order) -> Iterator[tuple[Any, ...]]:
    """Yield title, quantity, rate, net, tax and total of each line, delivery last."""
    for line in order.lines:
        rate = words.rate(line.tax_basis_points)
        net_vnd = line.total_vnd - line.tax_vnd
        yield line.title, line.quantity, rate, net_vnd, line.tax_vnd, line.total_vnd
    if order.delivery_vnd:
        rate = words.rate(order.delivery_tax_basis_points)
        net_vnd = order.delivery_vnd - order.delivery_tax_vnd
        name = order.snapshot["delivery"]["name"]
        yield name, 1, rate, net_vnd, order.delivery_tax_vnd, order.delivery_vnd


def _other_rates(session: Session, order: Order, today: date) -> Iterator[str]:
    """Yield the classes that are taxed otherwise today than on the day of the order."""
    for one in order_taxes.sums(order):
        now = catalog.tax_rate(session, one.tax_class, today)
        if one.tax_class and now != one.tax_basis_points:
            before, after = words.rate(one.tax_basis_points), words.rate(now)
            yield f"{words.tax_class(one.tax_class)}: {before} → {after}"


def exported(session: Session, seller_id: int, group: str) -> tuple[list[str], list[list[Cell]]]:
    """Return heads and rows for the seller's invoice software: a row per line of an order."""
    found = queries.page(
        session, seller_id, is_made_out=GROUPS[group][1], limit=MOST_EXPORTED, offset=0
    )
    return _heads(), [row for one in found for row in _cells(*one)]


def _heads() -> list[str]:
    return [
        _("Mã đơn"),
        _("Đặt lúc"),
        _("Trạng thái"),
        _("Người mua là"),
        _("Tên trên hóa đơn"),
        _("Mã số thuế hoặc số định danh"),
        _("Địa chỉ trên hóa đơn"),
        _("Thư nhận hóa đơn"),
        _("Món"),
        _("Số lượng"),
        _("Loại thuế"),
        _("Thuế suất"),
        _("Trước thuế (đ)"),
        _("Thuế (đ)"),
        _("Thành tiền (đ)"),
        _("Số hóa đơn"),
        _("Ngày hóa đơn"),
    ]


def _cells(known: InvoiceRequest, order: Order, made_out: Invoice | None) -> Iterator[list[Cell]]:
    ahead: list[Cell] = [
        order.code,
        order.placed_at,
        order_words.state(order),
        str(KINDS[known.kind]),
        known.name,
        known.tax_code,
        known.address,
        known.email,
    ]
    behind: list[Cell] = [made_out.number, made_out.issued_on] if made_out else ["", None]
    classes = [line.tax_class for line in order.lines] + [order.delivery_tax_class]
    for (title, quantity, rate, *amounts), name in zip(_lines(order), classes, strict=False):
        yield [*ahead, title, quantity, words.tax_class(name), rate, *amounts, *behind]
