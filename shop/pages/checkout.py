"""The checkout page: what was typed, what can be chosen for it, and what it comes to."""

import secrets
from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from integrations.payments import providers
from shop import clock, formats, messages
from shop.errors import FieldRefused
from shop.forms import checkout as form
from shop.forms import invoices as invoice_form
from shop.forms.base import Fields
from shop.forms.checkout import ELSEWHERE, read_buyer
from shop.forms.gifts import LONGEST_CARD, read_gift
from shop.forms.invoices import read_wish
from shop.locales import current_locale
from shop.models.orders import DeliveryMethod
from shop.pages import (
    buyer_fields,
    cart,
    checkout_choices,
    fee_words,
    invoices,
    own_words,
    recounted,
)
from shop.pages.checkout_filled import Filled
from shop.pages.seller_words import short_word
from shop.queries import orders as queries
from shop.services import (
    addresses,
    cash_at_door,
    delivery_methods,
    payments,
    provider_accounts,
    vouchers,
)
from shop.services.actors import Actor
from shop.services.addresses import Resolution
from shop.services.carts import Group
from shop.services.orders import Checkout
from shop.services.vouchers import Goods

GIFT = {"gift_card": _l("lời trên thiệp"), "hides_prices": _l("không ghi giá")}

NAMES = (
    {name: words for name, words in form.NAMES.items() if name != "voucher"}
    | GIFT
    | {name: invoice_form.NAMES[name] for name in ("invoice_kind", *invoice_form.TYPED)}
    | {"voucher": form.NAMES["voucher"]}
)
"""What the summary of faults calls each field, in the order of the page."""

WORDS = (*form.WORDS, "gift_card", *invoice_form.TYPED)
"""The fields that are typed: one that comes twice was mended by a tap on what was meant."""


def blank(session: Session, group: Group, *, actor: Actor, today: date) -> Filled:
    """Return an empty checkout of one group of the cart."""
    fields = Fields(buyer_fields.typed(session))
    filled = _offers(session, group, fields, actor=actor, today=today)
    _take_off(session, filled)
    return filled


def fill(session: Session, group: Group, fields: Fields, *, actor: Actor, today: date) -> Filled:
    """Return the checkout with what was typed; faults are noted in `fields`."""
    filled = _offers(session, group, fields, actor=actor, today=today)
    filled.buyer = read_buyer(fields, needs_address=not filled.is_fetched)
    filled.gift, filled.invoice = read_gift(fields), read_wish(fields)
    if filled.buyer.commune:
        _find_place(session, filled, filled.buyer.commune)
    _take_off(session, filled)
    _pass_over(filled)
    _check_choices(filled)
    return filled


def _what_is_missing(found: Resolution) -> str:
    words = (
        _("Mới có tỉnh, thành phố. Ghi thêm xã, phường; chưa rõ thì để vậy, nơi bán hỏi lại.")
        if found.is_province
        else _("Chưa có trong danh sách xã mới. Chữ bạn ghi vẫn giữ, chỉ cần chọn thêm tỉnh.")
    )
    return str(words)


def _pass_over(filled: Filled) -> None:
    """While nothing is ordered yet, go on to a way that reaches the place where another does not.

    The one that was chosen before the place was known is nobody's wish any more.
    """
    typed = filled.fields.typed("delivery_method")
    chosen = next((way for way in filled.methods if str(way.id) == typed), None)
    if chosen is None or not filled.fields.typed("recount") or not filled.province_code:
        return
    others = [way for way in filled.methods if way is not chosen]
    if filled.price(chosen).obstacle and any(not filled.price(way).obstacle for way in others):
        filled.passed_over = chosen


def _take_off(session: Session, filled: Filled) -> None:
    """Find what a voucher takes off these goods; a code that gives nothing says why."""
    buyables = filled.group.buyable
    filled.offered = vouchers.quote(
        session,
        filled.group.seller.id,
        [Goods(entry.pack.product_id, entry.total_vnd) for entry in buyables],
        code=filled.fields.typed("voucher"),
        phone=filled.buyer.phone if filled.buyer else None,
        today=filled.today,
    )
    if filled.offered.refused:
        words = messages.sentence_for(filled.offered.refused, **filled.offered.values)
        filled.fields.refuse("voucher", words)


def _offers(
    session: Session, group: Group, fields: Fields, *, actor: Actor, today: date
) -> Filled:
    contracts = provider_accounts.offered(session, group.seller.id, actor=actor)
    return Filled(
        group=group,
        fields=fields,
        today=today,
        has_transfer=payments.receiving_account(session, group.seller.id) is not None,
        gateways=[providers()[account.provider] for account in contracts],
        trials=frozenset(one.provider for one in contracts if provider_accounts.is_trial(one)),
        provinces=addresses.provinces(session, day=today),
        methods=queries.delivery_methods(session, group.seller.id),
        notices=cart.changes(group.buyable),
    )


def _find_place(session: Session, filled: Filled, typed: str) -> None:
    """Find the commune and province of what was typed, or note what must be asked."""
    fields = filled.fields
    filled.province_code = (
        fields.typed("province_code")
        if fields.typed("province_code") in dict(filled.provinces)
        else ""
    )
    answered = fields.typed("commune_code") if fields.typed("asked_for") == typed else ""
    filled.resolution = addresses.resolve(
        session, typed, day=filled.today, province_code=filled.province_code
    )
    proposed = {commune.code: commune for commune in filled.resolution.proposals}
    filled.commune = filled.resolution.commune or proposed.get(answered)
    if filled.commune is not None:
        filled.province_code = filled.commune.province_code
    elif proposed and answered != ELSEWHERE:
        fields.refuse("commune_code", _("Có nơi tên gần như vậy. Chọn đúng nơi nhận."))
    elif not filled.province_code:
        filled.province_code = filled.resolution.province_code
        fields.refuse("province_code", _what_is_missing(filled.resolution))


def _check_choices(filled: Filled) -> None:
    fields = filled.fields
    typed = fields.typed("delivery_method")
    chosen = next((way for way in filled.methods if str(way.id) == typed), None)
    if chosen is None:
        fields.refuse("delivery_method", messages.sentence_for("delivery_unknown"))
    elif chosen is not filled.passed_over and (obstacle := filled.price(chosen).obstacle):
        fields.refuse("delivery_method", messages.sentence_for(obstacle))
    way = fields.typed("payment_way")
    if not filled.offers(way):
        fields.refuse("payment_way", messages.sentence_for("payment_way_unknown"))
    elif way == "cod" and filled.cash_obstacle:
        limit = cash_at_door.limit_vnd(filled.group.seller)
        fields.refuse("payment_way", messages.sentence_for(filled.cash_obstacle, limit_vnd=limit))


def page(filled: Filled) -> dict[str, Any]:
    """Return what `orders/checkout.html` shows."""
    fields, lang = filled.fields, current_locale()
    cash = filled.cash_obstacle
    if cash:
        limit = cash_at_door.limit_vnd(filled.group.seller)
        cash = messages.sentence_for(cash, limit_vnd=limit)
    return {
        "group": filled.group,
        "saved_addresses": buyer_fields.saved(),
        "who": short_word(filled.group.seller),
        "lines": [cart.line(entry) for entry in filled.group.buyable],
        "fields": fields,
        "faults": [(name, NAMES[name]) for name in NAMES if name in fields.faults],
        "notices": filled.notices,
        "is_former": filled.resolution.is_former,
        "commune_choices": checkout_choices.communes(filled.resolution),
        "place": ", ".join(
            filter(None, [filled.commune.name if filled.commune else "", filled.province])
        ),
        "province_code": filled.province_code,
        "asks_province": "province_code" in fields.faults
        or (bool(filled.province_code) and filled.commune is None),
        "provinces": filled.provinces,
        "methods": [_method(filled, way) for way in filled.methods if _can_ever(filled, way)],
        "method": filled.method,
        "passed_over": _passed_over_words(filled),
        "fee_words": fee_words.of_price(filled.price(filled.method)) if filled.method else "",
        "fee_is_least": filled.method is not None and filled.price(filled.method).is_least,
        "ways": checkout_choices.ways(
            who=short_word(filled.group.seller),
            total=formats.money(filled.total_vnd, lang),
            has_transfer=filled.has_transfer,
            gateways=filled.gateways,
            trials=filled.trials,
            cash_obstacle=cash,
            takes_cash_anyway=fields.typed("payment_way") == "cod",
        ),
        "way": filled.way,
        "gateways": filled.gateways,
        "gift_is_open": _is_begun(fields, GIFT),
        "longest_card": LONGEST_CARD,
        "invoice_is_open": _is_begun(fields, invoice_form.NAMES),
        "invoice_kinds": invoices.kind_choices(with_none=True),
        "voucher": filled.offered.voucher,
        "is_better": filled.offered.is_better,
        "discount_vnd": filled.offered.discount_vnd,
        "goods_vnd": filled.goods_vnd,
        "total_vnd": filled.total_vnd,
        "seen": recounted.seen(filled.goods_vnd, filled.fee_vnd),
        "total_words": formats.money(filled.total_vnd, lang),
        "key": fields.typed("key") or secrets.token_urlsafe(18),
    }


def _passed_over_words(filled: Filled) -> str:
    """Return the sentence that tells why another way is chosen now; empty where none is."""
    if filled.passed_over is None or filled.method is None:
        return ""
    return str(
        _(
            "%(way)s không tới nơi này, nên đang chọn %(other)s.",
            way=own_words.way(filled.passed_over.name),
            other=own_words.way(filled.method.name),
        )
    )


def _is_begun(fields: Fields, names: Iterable[str]) -> bool:
    """Return whether one of these fields was filled in, or refused."""
    return any(fields.typed(name).strip() or name in fields.faults for name in names)


def _can_ever(filled: Filled, method: DeliveryMethod) -> bool:
    """Return whether these goods go this way to any place; what was chosen is not hidden."""
    if str(method.id) == filled.fields.typed("delivery_method"):
        return True
    is_chilled = any(entry.pack.product.is_chilled for entry in filled.group.buyable)
    return not delivery_methods.cold_obstacle(method, is_chilled=is_chilled)


def _method(filled: Filled, method: DeliveryMethod) -> dict[str, Any]:
    price = filled.price(method)
    obstacle = price.obstacle
    is_chosen = str(method.id) == filled.fields.typed("delivery_method")
    return checkout_choices.method(
        method,
        provinces=dict(filled.provinces),
        price=price,
        obstacle=messages.sentence_for(obstacle) if obstacle else "",
        was_chosen=is_chosen and method is not filled.passed_over,
        expected=expected(filled, method) if not obstacle else None,
    )


def expected(filled: Filled, method: DeliveryMethod) -> date | None:
    """Return the day on which the goods are at the door this way, if it is ordered now."""
    packs = [entry.pack for entry in filled.group.buyable]
    try:
        return delivery_methods.expected_day(method, packs, now=clock.now())
    except FieldRefused:
        return None


def recounted_words(filled: Filled) -> str:
    """Return the sentences that tell a total which the buyer has not seen yet, and why."""
    return recounted.words(
        filled.fields.typed("seen"),
        goods_vnd=filled.goods_vnd,
        fee_vnd=filled.fee_vnd,
        method=filled.method,
        commune=filled.commune,
        province=filled.province,
    )


def checkout_of(filled: Filled, *, key: str) -> Checkout:
    """Return a checkout without faults as the service wants it."""
    buyer, method = filled.buyer, filled.method
    if buyer is None or method is None or buyer.name is None or buyer.phone is None:
        raise ValueError("a checkout with faults cannot be placed")
    typed = buyer.commune or ""
    has_chosen = filled.fields.typed("asked_for") == filled.fields.typed("commune")
    return Checkout(
        buyer_name=buyer.name,
        buyer_phone=buyer.phone,
        buyer_email=buyer.email or "",
        street=buyer.street or "",
        commune=filled.commune.name if filled.commune else typed,
        commune_code=filled.commune.code if filled.commune else None,
        typed_commune=(buyer.written_commune if has_chosen else "") or typed,
        province=filled.province,
        province_code=filled.province_code or None,
        delivery_method_id=method.id,
        payment_way=filled.way,
        note=buyer.note or "",
        keeps_phone=buyer.keeps_phone,
        expected_total_vnd=filled.total_vnd,
        idempotency_key=key,
        locale=current_locale(),
        voucher_code=filled.fields.typed("voucher"),
        buyer_id=buyer_fields.buyer_id(),
        gift=filled.gift,
        invoice=filled.invoice,
    )
