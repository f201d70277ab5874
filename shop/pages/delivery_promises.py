"""When goods are at the door, told before anything is bought: on a product's page and by place."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import delivery_fees, formats, messages
from shop.locales import current_locale
from shop.models.addresses import Commune
from shop.models.orders import DeliveryKind
from shop.pages import fee_words, own_words
from shop.pages.place_words import place as place_name
from shop.services import delivery_methods
from shop.services.addresses import short_name
from shop.services.delivery_methods import Way


def ways(rows: Iterable[Any], *, is_chilled: bool, today: date) -> list[dict[str, Any]]:
    """Return the ways by which goods can go, with the day at the door for orders of `today`.

    A row for each province that a way reaches makes one way; chilled goods go no way that is
    not cold, or not fast enough, and such a way is not named.
    """
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        if delivery_methods.cold_obstacle(row, is_chilled=is_chilled):
            continue
        words = _words_today(row, is_chilled=is_chilled, today=today)
        if not words:
            continue
        way = found.setdefault(
            row.id,
            {
                "name": own_words.way(row.name),
                "fee": fee_words.of_way(row.fee_vnd, row.fee_table),
                "is_fetched": row.kind is DeliveryKind.PICKUP,
                "words": own_words.joined([words, own_words.way_note(row.note)]),
                "places": [],
            },
        )
        if is_chilled and row.fee_table:
            way["places"] = delivery_fees.reached(row.fee_table) or []
        elif is_chilled and row.reaches:
            way["places"].append(short_name(row.reaches))
    return list(found.values())


def _words_today(row: Way, *, is_chilled: bool, today: date) -> str:
    early, late = delivery_methods.days_today(row, is_chilled=is_chilled, today=today)
    if early is None or late is None:
        return ""
    is_fetched = row.kind is DeliveryKind.PICKUP
    if early == late:
        return _day_words(early, is_fetched=is_fetched)
    lang = current_locale()
    values = {
        "hour": row.cutoff,
        "early": formats.day(early, lang),
        "late": formats.day(late, lang),
    }
    if is_fetched:
        return str(
            _("hôm nay đặt trước %(hour)s có sẵn từ %(early)s, sau đó từ %(late)s", **values)
        )
    return str(_("hôm nay đặt trước %(hour)s nhận %(early)s, sau đó nhận %(late)s", **values))


def _day_words(day: date, *, is_fetched: bool) -> str:
    said = formats.day(day, current_locale())
    return str(_("có sẵn từ %(day)s", day=said) if is_fetched else _("nhận %(day)s", day=said))


def cold_words(head: Any, deliveries: Sequence[dict[str, Any]]) -> list[str]:
    """Return the sentences that say where chilled goods go, before they are put into a cart."""
    brought = [way for way in deliveries if not way["is_fetched"]]
    is_fetched = len(brought) < len(deliveries)
    if not deliveries:
        call = _("Gọi %(seller)s để hỏi.", seller=head.short_name)
        return [str(_("Phải giữ lạnh, lúc này chưa giao được nên chưa bán.")), str(call)]
    instead = _("Nơi khác: tự đến lấy.") if is_fetched else _("Nơi khác chưa giao được.")
    if not brought:
        return [str(_("Phải giữ lạnh, chưa giao tận nhà.")), str(_("Chỉ tự đến lấy."))]
    if any(not way["places"] for way in brought):
        return [str(_("Phải giữ lạnh.")), str(_("Giao lạnh cả nước, trong 24 giờ."))]
    names = list(dict.fromkeys(name for way in brought for name in way["places"]))
    cold = _("Giao lạnh tới %(places)s.", places=", ".join(names))
    return [str(_("Phải giữ lạnh.")), str(cold), str(instead)]


@dataclass(slots=True)
class Asked:
    """A place somebody asks about: what was typed, and what is known of it."""

    typed: str = ""
    fault: str = ""
    commune: Commune | None = None
    province_code: str = ""
    province: str = ""
    proposals: Sequence[Commune] = field(default_factory=list)

    @property
    def name(self) -> str:
        """Return the place in words; empty while it is not known."""
        if self.commune is not None:
            return f"{place_name(self.commune.name)}, {short_name(self.commune.province)}"
        return short_name(self.province)


@dataclass(frozen=True, slots=True)
class Offer:
    """A way of delivery with the day at the door, or the code of what is in its way."""

    way: Any
    obstacle: str
    day: date | None
    fees: Sequence[int] = ()
    """What it costs in đồng to bring one pack, by pack."""


def answer(head: Any, asked: Asked, offers: Sequence[Offer]) -> dict[str, Any]:
    """Return what `catalog/delivery.html` shows of a product and a place."""
    open_ways = [offer for offer in offers if not offer.obstacle]
    is_brought = any(offer.way.kind is not DeliveryKind.PICKUP for offer in open_ways)
    return {
        "product": head,
        "asked": asked,
        "choices": [
            {
                "words": f"{one.name}, {one.province}",
                "href": url_for(
                    "delivery_promises.show", slug=head.slug, noi=asked.typed, ma=one.code
                ),
            }
            for one in asked.proposals
        ],
        "ways": [_way(offer) for offer in offers] if asked.province_code else [],
        "is_brought": is_brought,
        "is_fetched": any(offer.way.kind is DeliveryKind.PICKUP for offer in open_ways),
    }


def _way(offer: Offer) -> dict[str, Any]:
    way = offer.way
    if offer.obstacle == "gone_by_then":
        words = str(_("Hàng đang có không còn hạn tới ngày nhận."))
    elif offer.obstacle:
        words = messages.sentence_for(offer.obstacle)
    else:
        day = _day_words(offer.day or date.min, is_fetched=way.kind is DeliveryKind.PICKUP)
        words = own_words.joined([day, own_words.way_note(way.note)])
    fee = "" if offer.obstacle else fee_words.between(min(offer.fees), max(offer.fees))
    return {"name": own_words.way(way.name), "words": words, "fee": fee}
