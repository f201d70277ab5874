"""`Nơi của bạn nhận ngày nào?`: how and when goods reach a place, before they are bought."""

from collections.abc import Sequence

from flask import Blueprint, g, render_template, request
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, signing_in
from shop.delivery_fees import Shipment
from shop.forms.base import Fields
from shop.forms.text import read_line
from shop.models.catalog import Pack
from shop.models.orders import DeliveryMethod
from shop.pages import delivery_promises as pages
from shop.pages.delivery_promises import Asked, Offer
from shop.queries import orders as order_queries
from shop.queries import stock_watches as queries
from shop.queries.inventory import available_by_pack
from shop.services import addresses, delivery_methods

bp = Blueprint("delivery_promises", __name__)

LONGEST = 160
"""How long the name of a place may be."""


@bp.after_request
def _private(response: Response) -> Response:
    """Keep nothing: what is said holds for this minute, and says where somebody lives."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.get("/san-pham/<slug>/giao-den")
@signing_in.is_open
def show(slug: str) -> str:
    """Ask for a place, and say which ways reach it, on which day and for how much."""
    packs = queries.packs_of(db.session(), slug)
    if not packs:
        raise NotFound
    product = packs[0].product
    seller = product.seller
    g.training = seller.is_training
    asked = _asked()
    methods = order_queries.delivery_methods(db.session(), seller.id)
    offers = [_offer(way, packs, asked) for way in methods] if asked.province_code else []
    return render_template(
        "catalog/delivery.html", seller=seller, **pages.answer(product, asked, offers)
    )


def _asked() -> Asked:
    """Read which place is meant: a commune, or at least its province."""
    fields, today = Fields(request.args), clock.today()
    if not fields.typed("noi").strip():
        return Asked()
    typed = fields.read("noi", read_line, longest=LONGEST)
    if typed is None:
        return Asked(typed=fields.typed("noi"), fault=fields.faults["noi"])
    session = db.session()
    resolution = addresses.resolve(session, typed, day=today)
    chosen = {one.code: one for one in resolution.proposals}.get(fields.typed("ma"))
    if (commune := resolution.commune or chosen) is not None:
        return Asked(typed, commune=commune, province_code=commune.province_code)
    if resolution.proposals:
        return Asked(typed, proposals=resolution.proposals)
    provinces = dict(addresses.provinces(session, day=today))
    code = resolution.province_code or addresses.province_named(session, typed, day=today)
    if code in provinces:
        return Asked(typed, province_code=code, province=provinces[code])
    return Asked(typed, fault=_("Chưa thấy nơi này. Gõ tên xã, phường rồi đến tên tỉnh."))


def _offer(way: DeliveryMethod, packs: Sequence[Pack], asked: Asked) -> Offer:
    prices = {pack.id: delivery_methods.price(way, _shipment(pack, asked)) for pack in packs}
    fees = [price.fee_vnd for price in prices.values() if not price.obstacle]
    if not fees:
        return Offer(way, prices[packs[0].id].obstacle, None)
    is_chilled = packs[0].product.is_chilled
    day = delivery_methods.day_at_door(way, is_chilled=is_chilled, now=clock.now())
    if day is None:
        return Offer(way, "delivery_too_slow", None)
    light = [pack_id for pack_id, price in prices.items() if not price.obstacle]
    left = available_by_pack(db.session(), light, sell_through=day)
    return Offer(way, "" if left else "gone_by_then", day, fees)


def _shipment(pack: Pack, asked: Asked) -> Shipment:
    return delivery_methods.shipment(
        [(pack, 1)],
        province_code=asked.province_code,
        commune_code=asked.commune.code if asked.commune else None,
    )
