"""The copy of all that we hold of a buyer, which they may take away as JSON."""

from typing import Any

from sqlalchemy.orm import Session

from shop.models.batches import ProblemReport
from shop.models.buyers import Buyer, BuyerOrder
from shop.models.invoices import InvoiceRequest
from shop.models.returns import GoodsReturn
from shop.models.reviews import Review
from shop.pages.reviews import author
from shop.queries import buyers as queries
from shop.queries import goods_returns, invoices, order_problems, reviews, stock_watches


def everything(session: Session, buyer: Buyer) -> dict[str, Any]:
    """Return all that we hold of a buyer, as JSON writes it: the copy they may take away."""
    return {
        "account": {
            "phone": buyer.phone,
            "name": buyer.name,
            "email": buyer.email,
            "opened_at": buyer.created_at.isoformat(),
        },
        "consents": [
            {
                "purpose": consent.purpose.value,
                "given_at": consent.given_at.isoformat(),
                "withdrawn_at": consent.withdrawn_at and consent.withdrawn_at.isoformat(),
            }
            for consent in queries.consents(session, buyer.id)
        ],
        "addresses": [
            {
                name: getattr(address, name)
                for name in ("name", "phone", "email", "street", "commune", "province")
            }
            for address in queries.addresses(session, buyer.id)
        ],
        "devices": [
            {"device": row.device, "since": row.created_at.isoformat()}
            for row in queries.devices(session, buyer.id)
        ],
        "waits_for": [
            {
                "product": watch.pack.product.name,
                "pack": watch.pack.label,
                "since": watch.asked_at.isoformat(),
            }
            for watch in stock_watches.of_email(session, buyer.email)
        ],
        "orders": [_told(session, tie) for tie in queries.orders(session, buyer.id)],
    }


def _told(session: Session, tie: BuyerOrder) -> dict[str, Any]:
    order = tie.order
    invoice = invoices.request_of(session, order.id)
    reports = order_problems.of_order(session, order.id)
    backs = {one.report_id: one for one in goods_returns.of_order(session, order.id)}
    return {
        "code": order.code,
        "seller": order.seller.name,
        "state": order.state.value,
        "placed_at": order.placed_at.isoformat(),
        "total": {"amount": order.total_vnd, "currency": "VND"},
        "buyer": {
            "name": order.buyer_name,
            "phone": order.buyer_phone,
            "email": order.buyer_email,
            "street": order.street,
            "commune": order.commune,
            "typed_commune": order.typed_commune,
            "province": order.province,
            "note": order.note,
        },
        "gift": {"card": order.gift_card, "hides_prices": order.hides_prices},
        "invoice": _invoice_told(invoice),
        "lines": [
            {"title": line.title, "quantity": line.quantity, "total_vnd": line.total_vnd}
            for line in order.lines
        ],
        "reports": [_reported(report, backs.get(report.id)) for report in reports],
        "reviews": [_reviewed(review) for review in reviews.of_order(session, order.id).values()],
        "consent": order.snapshot.get("consent", {}),
    }


def _reported(report: ProblemReport, back: GoodsReturn | None) -> dict[str, Any]:
    return {
        "reason": report.reason.value if report.reason else "",
        "text": report.text,
        "phone": report.phone or "",
        "photos": len(report.photos),
        "made_at": report.made_at.isoformat(),
        "answer": report.answer,
        "sends_back": _sent_back(back) if back else None,
    }


def _sent_back(back: GoodsReturn) -> dict[str, Any]:
    return {
        "state": back.state.value,
        "lines": [
            {
                "title": line.order_line.title,
                "quantity": line.quantity,
                "received": line.received,
            }
            for line in back.lines
        ],
    }


def _reviewed(review: Review) -> dict[str, Any]:
    return {
        "stars": review.stars,
        "text": review.text,
        "shown_as": author(review.salutation, review.initial),
        "photos": len(review.photos),
        "state": review.state.value,
        "submitted_at": review.submitted_at.isoformat(),
        "reply": review.reply,
    }


def _invoice_told(known: InvoiceRequest | None) -> dict[str, Any] | None:
    if known is None or known.given_up_at is not None:
        return None
    names = ("kind", "name", "tax_code", "address", "email")
    return {name: str(getattr(known, name)) for name in names}
