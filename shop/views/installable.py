"""What makes the shop an application on a phone: its manifest, its worker, the page offline."""

import json

from flask import Blueprint, Response, jsonify, redirect, render_template, url_for
from flask_babel import force_locale
from flask_babel import gettext as _
from werkzeug.wrappers import Response as WerkzeugResponse

from shop import resources, signing_in
from shop.locales import LANGUAGES, address_in, current_locale

bp = Blueprint("installable", __name__)

SCRIPTS = (
    "main", "submit-once", "keep-pages", "cart-count", "checkout-place", "checkout-total",
    "chosen-batch", "chosen-price", "communes", "copy", "goods-count", "live-status", "mended",
    "photos", "reveal", "share", "stepper", "suggest", "understood",
)  # fmt: skip
"""The scripts of the pages that can be read without a network."""


@bp.get("/ung-dung.webmanifest")
@signing_in.is_open
def manifest() -> Response:
    """How the shop stands on the home screen of a phone."""
    icons = [
        {"src": resources.static_address(f"icon-{size}{kind}.png"), "sizes": f"{size}x{size}",
         "type": "image/png", "purpose": purpose}
        for size in (192, 512)
        for kind, purpose in (("", "any"), ("-maskable", "maskable"))
    ]  # fmt: skip
    answer = jsonify(
        id="/",
        name=_("Đặc Sản, hàng gửi thẳng từ hợp tác xã"),
        short_name="Đặc Sản",
        description=_("Đặc sản gửi thẳng từ hợp tác xã. Quét mã trên gói là xem được cả lô hàng."),
        lang=current_locale(),
        dir="ltr",
        start_url=url_for("catalog.home"),
        scope="/",
        display="standalone",
        background_color="#F1F4E6",
        theme_color="#14512E",
        icons=icons,
    )
    answer.mimetype = "application/manifest+json"
    answer.headers["Cache-Control"] = "no-cache"
    return answer


@bp.get("/favicon.ico")
@signing_in.is_open
def icon() -> WerkzeugResponse:
    """Lead whatever asks for the icon where icons once stood to the one of this release."""
    answer = redirect(resources.static_address("icon-192.png"))
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer


@bp.get("/may.js")
@signing_in.is_open
def worker() -> Response:
    """The worker of the public pages in both languages, with the files of this release."""
    shells = {lang: address_in(lang, url_for(".offline")) for lang in LANGUAGES}
    files = [*(f"js/{name}.js" for name in SCRIPTS), "style.css", "mark.svg"]
    known = {
        "FILES": files,
        "OFFLINE": shells,
        "VERSION": resources.static_version(),
        "WORDS": {lang: _words(lang) for lang in LANGUAGES},
    }
    lines = [f"// {resources.release()}"]
    lines += [f"const {name} = {json.dumps(value)};" for name, value in known.items()]
    lines += [f"importScripts({json.dumps(resources.static_address('js/public-worker.js'))});"]
    answer = Response("\n".join(lines) + "\n", mimetype="text/javascript")
    answer.headers["Cache-Control"] = "no-cache"
    return answer


def _words(lang: str) -> dict[str, str]:
    with force_locale(lang):
        return {
            "unchecked": _("Trang này chưa kiểm tra lại."),
            "kept": _("Bản lưu lúc {}."),
            "lo": _(
                "Mất mạng nên chưa biết lô có bị thu hồi sau đó không. "
                "Giấy chứng nhận có mạng mới xem được."
            ),
            "canh-bao": _("Mất mạng nên chưa biết cảnh báo dưới đây có gì mới."),
            "gio": _("Mất mạng nên chưa biết giá và hàng còn có đổi sau đó không."),
            "don": _(
                "Mất mạng nên chưa biết đơn và tiền có gì mới, lô trong đơn có bị thu hồi không."
            ),
            "readable": _("Xem được khi mất mạng"),
            "unsent": _(
                "Mạng đứt lúc gửi nên chưa biết tới nơi chưa. Có mạng rồi quay lại trang trước "
                "xem; chưa thấy thì gửi lần nữa."
            ),
        }


@bp.get("/mat-mang")
@signing_in.is_open
def offline() -> str:
    """The page that opens without a network instead of one that is not kept."""
    return render_template("errors/offline.html")
