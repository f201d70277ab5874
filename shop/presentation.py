"""What every template can use: amounts, days and weights in the language of the page."""

from typing import Any

from flask import Flask, current_app, g, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import OperationalError

from shop import clock, db, formats, locales, resources
from shop.config import Settings
from shop.models.catalog import NetUnit, Pack
from shop.pages import legal_foot, linked_data, own_words, share_cards
from shop.pages.device_words import device
from shop.pages.place_words import place_first
from shop.pages.unit_words import container
from shop.queries.catalog import is_for_training


def prepare(app: Flask, settings: Settings) -> None:
    """Give the templates of `app` their filters and names."""
    in_language = {
        "dong": formats.money,
        "number": formats.number,
        "day": formats.day,
        "short_day": formats.short_day,
        "moment": formats.moment,
        "mass": formats.weight,
    }
    for name, function in in_language.items():
        app.add_template_filter(_localised(function), name)
    app.add_template_filter(formats.phone, "phone")
    app.add_template_filter(formats.together, "together")
    app.add_template_filter(net_content, "net")
    app.add_template_filter(unit_price, "unit_price")
    app.add_template_filter(order_code, "order_code")
    app.add_template_filter(container, "container")
    app.add_template_filter(own_words.vietnamese, "vi")
    app.add_template_filter(own_words.told, "told")
    app.add_template_filter(own_words.kind, "kind")
    app.add_template_filter(own_words.way, "way")
    app.add_template_filter(place_first, "place")
    app.add_template_filter(device, "device")
    app.add_template_filter(linked_data.script, "linked_data")
    app.jinja_env.globals.update(
        static=resources.static_address,
        base_url=settings.base_url,
        today=clock.today,
        in_every_language=locales.in_every_language,
        shop_picture=share_cards.shop_address,
    )

    @app.context_processor
    def _names() -> dict[str, Any]:
        training = _is_training()
        return {
            "lang": locales.current_locale(),
            "other_language_url": locales.other_language_address(),
            "person": current_user,
            "training": training,
            "keep_kind": g.get("keep_kind", ""),
            "unlisted": training and settings.is_seen_from_outside,
            "foot_links": [
                *legal_foot.links(g.get("legal_seller", "")),
                (url_for("batches.look_up"), _("Tra mã, tra đơn")),
                (url_for("buyers.account"), _("Tài khoản của tôi")),
                (url_for("people.sign_in"), _("Thành viên và văn phòng đăng nhập")),
            ],
        }


def _is_training() -> bool:
    """Return what the view said of its seller; of a page of nobody, what all sellers are."""
    if "training" not in g:
        g.training = _all_sellers_train()
    found: bool = g.training
    return found


def _all_sellers_train() -> bool:
    """Ask in a session of its own: that of a request that failed may answer no more."""
    engine, settings = (
        current_app.extensions[f"dacsan_{name}"] for name in ("engine", "settings")
    )
    try:
        with db.open_session(engine, settings, **db.READ_ONLY) as session:
            return is_for_training(session)
    except OperationalError:  # a page that says what is wrong must not need what is wrong
        return False


def net_content(pack: Pack) -> str:
    """Return the net content of a pack: `200 g`, `500 ml`."""
    lang = locales.current_locale()
    if pack.net_unit is NetUnit.MILLILITRE:
        return formats.volume(pack.net_quantity, lang)
    return formats.weight(pack.net_quantity, lang)


def unit_price(pack: Pack) -> str:
    """Return the price per 100 g, kg or 100 ml, so that packs can be compared."""
    lang = locales.current_locale()
    if pack.net_unit is NetUnit.MILLILITRE:
        return formats.unit_price(pack.price_vnd, net_ml=pack.net_quantity, lang=lang)
    return formats.unit_price(pack.price_vnd, net_g=pack.net_quantity, lang=lang)


def order_code(code: str) -> str:
    """Return an order code as people read it: `NK 7K2QF9`."""
    return f"{code[:2]}\u00a0{code[2:]}"


def _localised(function: Any) -> Any:
    def shown(value: Any) -> str:
        text: str = function(value, locales.current_locale())
        return text

    return shown
