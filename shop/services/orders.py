"""Placing an order: prices as shown, stock held, payment asked for, all or nothing."""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop.errors import Changed, FieldRefused, NotFound
from shop.forms.gifts import Gift
from shop.forms.invoices import InvoiceDraft
from shop.models.catalog import Pack, Seller
from shop.models.orders import DeliveryMethod, Order, OrderLine, OrderState
from shop.queries import catalog
from shop.queries.orders import order_by_key
from shop.services import (
    buyers,
    cash_at_door,
    delivery_methods,
    inventory,
    invoices,
    legal_facts,
    legal_texts,
    order_mail,
    order_moves,
    payments,
    provider_accounts,
    provider_payments,
    vouchers,
)
from shop.services.actors import Actor, audit
from shop.services.legal_facts import PaymentRules
from shop.services.order_taxes import tax_inside
from shop.services.vouchers import Goods, Quote

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""What an order code is made of: nothing that is read or heard as something else."""

HOLD = {"vietqr": timedelta(hours=24), "cod": timedelta(hours=24)}
"""How long stock waits for money or call (`commerce.md` 3); a provider says its own time."""


def hold_of(payment_way: str) -> timedelta:
    """Return how long stock waits when an order is paid in this way."""
    if payment_way in HOLD:
        return HOLD[payment_way]
    return timedelta(minutes=providers()[payment_way].hold_minutes)


TRAINING_PREFIX = "TT"


@dataclass(frozen=True, slots=True)
class Checkout:
    """What a buyer filled in, already read and checked field by field."""

    buyer_name: str
    buyer_phone: str
    buyer_email: str
    street: str
    commune: str
    commune_code: str | None
    province: str
    province_code: str | None
    delivery_method_id: int
    payment_way: str
    note: str
    keeps_phone: bool
    expected_total_vnd: int
    idempotency_key: str
    locale: str = "vi"
    voucher_code: str = ""
    buyer_id: int | None = None
    """The account of the buyer, where one is signed in."""
    typed_commune: str = ""
    """The place as the buyer wrote it; `commune` is what was understood."""
    gift: Gift = field(default_factory=Gift)
    invoice: InvoiceDraft | None = None
    """For whom an invoice is made out, where one is wanted."""


_CODE = re.compile(f"[A-Z]{{2}}[{ALPHABET}]{{6}}")


def read_order_code(text: str) -> str:
    """Return an order code as it is stored: capitals and digits, without what stands between.

    >>> read_order_code("nk-7k2q f9")
    'NK7K2QF9'
    """
    return "".join(character for character in text.upper() if character.isalnum())


def is_order_code(code: str) -> bool:
    """Return whether `code` has the form of an order code (`design.md` 2)."""
    return _CODE.fullmatch(code) is not None


def place(
    session: Session,
    seller: Seller,
    wanted: Sequence[tuple[int, int]],
    checkout: Checkout,
    *,
    actor: Actor,
    now: datetime,
    today: date,
) -> Order:
    """Place one order with one seller for (pack id, quantity) pairs and hold its stock.

    The same idempotency key returns the order that is there. Raises `OutOfStock`, `Changed`
    when a price moved since the buyer saw the total, `FieldRefused` for what does not go
    together and for a voucher that gives nothing, `NotFound` for a pack that is not on offer.
    """
    known = order_by_key(session, checkout.idempotency_key)
    if known is not None:
        return known
    packs = catalog.offered_packs(session, [pack_id for pack_id, _ in wanted])
    lines = [_line(session, packs, seller, *pair, today=today) for pair in sorted(wanted)]
    offered = _take_off(session, seller, lines, checkout, today)
    goods_vnd = sum(line.total_vnd for line in lines)
    method, fee_vnd = delivery(session, seller, checkout, lines)
    expected_on = delivery_methods.expected_day(method, packs.values(), now=now)
    fee_rate = catalog.tax_rate(session, method.tax_class, today)
    total = goods_vnd + fee_vnd
    if total != checkout.expected_total_vnd:
        raise Changed("the total changed", total_vnd=total)
    check_payment_way(session, seller, checkout, method, total_vnd=total, actor=actor)
    order = Order(
        seller_id=seller.id,
        code=_new_code(session, seller),
        token=secrets.token_urlsafe(24),
        state=OrderState.NEW if checkout.payment_way == "cod" else OrderState.AWAITING_PAYMENT,
        channel="web",
        payment_way=checkout.payment_way,
        buyer_name=checkout.buyer_name,
        buyer_phone=checkout.buyer_phone,
        buyer_email=checkout.buyer_email,
        street=checkout.street,
        commune=checkout.commune,
        commune_code=checkout.commune_code,
        typed_commune=checkout.typed_commune,
        province=checkout.province,
        province_code=checkout.province_code,
        note=checkout.note,
        gift_card=checkout.gift.card,
        hides_prices=checkout.gift.hides_prices,
        goods_vnd=goods_vnd,
        delivery_vnd=fee_vnd,
        delivery_tax_class=method.tax_class,
        delivery_tax_basis_points=fee_rate,
        delivery_tax_vnd=tax_inside(fee_vnd, fee_rate),
        total_vnd=total,
        snapshot=_snapshot(seller, lines, method, checkout, packs, offered)
        | {"terms": terms(session, seller, now=now, today=today)}
        | {"expected_on": expected_on.isoformat()},
        hold_until=now + hold_of(checkout.payment_way),
        placed_at=now,
        idempotency_key=checkout.idempotency_key,
        locale=checkout.locale,
        lines=lines,
    )
    session.add(order)
    session.flush()
    order_moves.move(session, order, order.state, actor=actor, now=now)
    vouchers.take(session, order, offered, today=today, now=now)
    inventory.lock(session, order)
    for line in order.lines:
        inventory.reserve(
            session,
            line,
            sell_through=expected_on,
            now=now,
            until=now + hold_of(order.payment_way),
        )
    payments.ask(session, order, now=now)
    if order.payment_way not in payments.WITHOUT_PROVIDER:
        _begin_at_provider(session, order, now=now)
    if checkout.buyer_id is not None:
        buyers.keep_order(session, checkout.buyer_id, order, now=now)
    if checkout.invoice is not None:
        invoices.put(session, order, checkout.invoice, now=now)
    order_mail.announce(session, order, "placed", now=now)
    audit(session, actor, "order_placed", order, now=now, after={"total_vnd": total})
    return order


def _take_off(
    session: Session,
    seller: Seller,
    lines: Sequence[OrderLine],
    checkout: Checkout,
    today: date,
) -> Quote:
    """Take what a voucher gives off the lines, tax and all, and return the quote.

    Raises `FieldRefused` for a code that gives nothing.
    """
    offered = vouchers.quote(
        session,
        seller.id,
        [Goods(line.pack.product_id, line.total_vnd) for line in lines],
        code=checkout.voucher_code,
        phone=checkout.buyer_phone,
        today=today,
    )
    if offered.refused:
        raise FieldRefused("voucher", offered.refused, **offered.values)
    for line, off_vnd in zip(lines, offered.parts_vnd, strict=False):
        line.discount_vnd = off_vnd
        line.total_vnd -= off_vnd
        line.tax_vnd = tax_inside(line.total_vnd, line.tax_basis_points)
    return offered


def _begin_at_provider(session: Session, order: Order, *, now: datetime) -> None:
    accounts = provider_accounts.active(session, order.seller_id)
    account = next(one for one in accounts if one.provider == order.payment_way)
    provider_payments.begin(session, order, account, now=now)


def _line(
    session: Session,
    packs: dict[int, Pack],
    seller: Seller,
    pack_id: int,
    quantity: int,
    *,
    today: date,
) -> OrderLine:
    pack = packs.get(pack_id)
    if pack is None or pack.seller_id != seller.id:
        raise NotFound(f"pack {pack_id} is not on offer")
    rate = catalog.tax_rate(session, pack.product.tax_class, today)
    total = pack.price_vnd * quantity
    return OrderLine(
        pack_id=pack.id,
        pack=pack,
        title=f"{pack.product.name}, {pack.label}",
        quantity=quantity,
        unit_price_vnd=pack.price_vnd,
        discount_vnd=0,
        total_vnd=total,
        tax_class=pack.product.tax_class,
        tax_basis_points=rate,
        tax_vnd=tax_inside(total, rate),
    )


def delivery(
    session: Session, seller: Seller, checkout: Checkout, lines: Iterable[OrderLine]
) -> tuple[DeliveryMethod, int]:
    """Return the way of delivery that was chosen, as it is now, and its fee in đồng.

    Raises `FieldRefused` where it does not reach the place or does not take these goods.
    """
    method = session.get(DeliveryMethod, checkout.delivery_method_id, populate_existing=True)
    if method is None or method.seller_id != seller.id or not method.is_offered:
        raise FieldRefused("delivery_method", "delivery_unknown")
    asked = delivery_methods.shipment(
        [(line.pack, line.quantity) for line in lines],
        province_code=checkout.province_code,
        commune_code=checkout.commune_code,
    )
    found = delivery_methods.price(method, asked)
    if found.obstacle:
        raise FieldRefused("delivery_method", found.obstacle)
    return method, found.fee_vnd


def check_payment_way(
    session: Session,
    seller: Seller,
    checkout: Checkout,
    method: DeliveryMethod,
    *,
    total_vnd: int,
    actor: Actor,
) -> None:
    """Raise `FieldRefused` where the seller's rules for cash on delivery or transfer forbid it."""
    if checkout.payment_way not in HOLD:
        _require_contract(session, seller, checkout.payment_way, actor)
        return
    if checkout.payment_way == "vietqr":
        if payments.receiving_account(session, seller.id) is None:
            raise FieldRefused("payment_way", "payment_way_unknown")
        return
    obstacle = cash_at_door.obstacle_of(
        session, seller, checkout.buyer_phone, takes_cod=method.takes_cod, total_vnd=total_vnd
    )
    if obstacle:
        raise FieldRefused("payment_way", obstacle, limit_vnd=cash_at_door.limit_vnd(seller))


def _require_contract(session: Session, seller: Seller, payment_way: str, actor: Actor) -> None:
    found = provider_accounts.offered(session, seller.id, actor=actor)
    offered = {account.provider for account in found}
    if payment_way not in offered:
        raise FieldRefused("payment_way", "payment_way_unknown")


def terms(session: Session, seller: Seller, *, now: datetime, today: date) -> dict[str, Any]:
    """Return what an order keeps of the terms: the version of each page and the facts in them."""
    return {
        "pages": legal_texts.terms_now(session, seller, now=now),
        "facts": legal_facts.of_seller(session, seller, payment_rules(seller), today=today),
    }


def payment_rules(seller: Seller) -> PaymentRules:
    """Return how long goods are held for this seller's buyers, and the most paid at the door."""
    return PaymentRules(HOLD["vietqr"], HOLD["cod"], cash_at_door.limit_vnd(seller))


def _new_code(session: Session, seller: Seller) -> str:
    prefix = TRAINING_PREFIX if seller.is_training else seller.order_prefix
    while True:
        code = prefix + "".join(secrets.choice(ALPHABET) for _ in range(6))
        if session.scalar(select(Order.id).where(Order.code == code)) is None:
            return code


def _snapshot(
    seller: Seller,
    lines: Sequence[OrderLine],
    method: DeliveryMethod,
    checkout: Checkout,
    packs: dict[int, Pack],
    offered: Quote,
) -> dict[str, Any]:
    voucher = offered.voucher
    given = {"voucher": {"name": voucher.name, "code": voucher.code}} if voucher else {}
    return given | {
        "seller": {
            "name": seller.name,
            "phone": seller.phone,
            "address": ", ".join(filter(None, [seller.hamlet, seller.commune, seller.province])),
            "tax_code": seller.tax_code,
        },
        "delivery": {
            "kind": method.kind.value,
            "name": method.name,
            "note": method.note,
            "days": method.days,
            "carrier": method.carrier,
            "takes_cod": method.takes_cod,
        },
        "lines": [
            {
                "sku": packs[line.pack_id].sku,
                "gtin": packs[line.pack_id].gtin,
                "title": line.title,
                "unit": packs[line.pack_id].unit,
                "quantity": line.quantity,
                "unit_price_vnd": line.unit_price_vnd,
                "discount_vnd": line.discount_vnd,
            }
            for line in lines
        ],
        "consent": {"keep_phone": checkout.keeps_phone},
    }
