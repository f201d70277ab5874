"""What a checkout lets one choose from, as the macro `choices` wants it."""

from collections.abc import Container, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup

from integrations.payments import PaymentProvider
from shop import delivery_fees, formats
from shop.delivery_fees import Price
from shop.forms.checkout import ELSEWHERE
from shop.locales import current_locale
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.pages import fee_words, own_words
from shop.services import addresses
from shop.services.addresses import Resolution


def communes(resolution: Resolution) -> list[dict[str, str]]:
    """Return the communes that may be meant, and the way out of them; nothing when it is sure."""
    choices = [
        {"value": commune.code, "title": commune.name, "note": commune.province}
        for commune in resolution.proposals
    ]
    if choices:
        choices.append(
            {
                "value": ELSEWHERE,
                "title": _("Nơi khác"),
                "note": _("Giữ nguyên chữ tôi ghi, tôi chọn tỉnh"),
            }
        )
    return choices


def method(
    way: DeliveryMethod,
    *,
    provinces: Mapping[str, str],
    price: Price,
    obstacle: str,
    was_chosen: bool,
    expected: date | None = None,
) -> dict[str, Any]:
    """Return a way of delivery with its fee and reach, or with what keeps it from being chosen.

    What was chosen before stays chosen, so that nothing typed is lost.
    """
    facts = [own_words.way_note(way.note)]
    if expected is not None:
        day = formats.day(expected, current_locale())
        is_fetched = way.kind is DeliveryKind.PICKUP
        words = _("có sẵn từ %(day)s", day=day) if is_fetched else _("nhận %(day)s", day=day)
        facts.insert(0, words)
    if way.province_codes is not None:
        names = [provinces[code] for code in way.province_codes if code in provinces]
        places = ", ".join(addresses.short_name(name) for name in names)
        facts.append(_("giao tới %(places)s", places=places))
    elif way.fee_table and (reached := delivery_fees.reached(way.fee_table)) is not None:
        facts.append(_("giao tới %(places)s", places=", ".join(reached)))
    return {
        "value": way.id,
        "title": own_words.way(way.name),
        "note": obstacle or own_words.joined(facts),
        "right": fee_words.of_price(price),
        "disabled": bool(obstacle) and not was_chosen,
    }


def ways(
    *,
    who: str,
    total: str,
    has_transfer: bool,
    gateways: Sequence[PaymentProvider],
    trials: Container[str],
    cash_obstacle: str,
    takes_cash_anyway: bool,
) -> list[dict[str, Any]]:
    """Return the ways to pay `total` (in words), each with one line of consequence."""
    transfer = {
        "value": "vietqr",
        "title": _("Quét mã VietQR"),
        "note": _("Mọi ứng dụng ngân hàng, không mất phí. Giữ hàng 24 giờ chờ tiền."),
    }
    words = _(
        "Người giao thu %(total)s. %(seller)s gọi xác nhận trước khi gửi.", total=total, seller=who
    )
    amount = Markup("<span data-total>{}</span>").format(total)
    cash = {
        "value": "cod",
        "title": _("Trả tiền khi nhận hàng"),
        "note": cash_obstacle or amount.join(Markup.escape(words).split(total)),
        "disabled": bool(cash_obstacle) and not takes_cash_anyway,
    }
    lang = current_locale()
    through = [
        {
            "value": provider.name,
            "title": provider.choice[lang],
            "note": _("Thử nghiệm, không phải tiền thật. Chỉ người của cửa hàng thấy cách này.")
            if provider.name in trials
            else provider.consequence[lang],
        }
        for provider in gateways
    ]
    return [*([transfer] if has_transfer else []), *through, cash]
