"""The living page of the design language: every component in every state, with sample data."""

from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from shop import resources, signing_in

bp = Blueprint("design", __name__)

COLOURS = (
    "nen", "mat", "diu", "vach", "vien", "muc", "muc2", "che", "cham",
    "nghe", "nghe-nen", "nghe-chu", "son", "son-nen", "son-chu", "nhan",
)  # fmt: skip
SPACES = ("1", "2", "3", "4", "5", "6", "7")
CORNERS = ("bo-giay", "bo", "bo-to")
LEVELS = ("nen", "mat", "bong")
"""The ground, a surface on it with a hairline, and what floats above both with a shadow."""

ICONS = (
    "tra-ma", "gio", "tim", "dung", "canh-bao", "goi", "loc", "ve", "toi", "cong", "tru", "chep",
    "chia-se", "la", "hop", "giay", "quay", "tien", "anh", "xoa", "mang", "in",
)  # fmt: skip


@bp.get("/thiet-ke")
@signing_in.is_open
def page() -> str:
    """Show the design language; nothing on it is for sale and nothing is sent."""
    return render_template(
        "design/page.html",
        colours=COLOURS,
        spaces=SPACES,
        corners=CORNERS,
        levels=LEVELS,
        icons=ICONS,
        cards=_sample_cards(),
        tea=_picture("che"),
        steps=_sample_steps(),
        week=_sample_week(),
    )


def _picture(name: str) -> dict[str, Any]:
    """Return a drawing in the form in which `pages.pictures` gives photos."""
    return {
        "src": resources.static_address(f"pictures/{name}.svg"),
        "srcset": "",
        "sources": [],
    }


def _card(picture: str, **facts: Any) -> dict[str, Any]:
    return {"picture": _picture(picture), "url": "#hang", "claims": [], **facts}


def _sample_cards() -> list[dict[str, Any]]:
    return [
        _card(
            "gio", name=_("Giò trứng Nộn Khê"), maker=_("HTX Nộn Khê · Ninh Bình"),
            price_vnd=76_000, before_vnd=95_000, pack=_("cây 500 g"), made=_("làm 21/11"),
            reason=_("giảm vì còn 6 ngày"), claims=[_("OCOP 3 sao")],
        ),
        _card(
            "che", name=_("Chè xanh La Bằng"), maker=_("HTX Chè La Bằng · Thái Nguyên"),
            price_vnd=90_000, pack=_("gói 200 g"), unit_price="45.000\u00a0₫/100\u00a0g",
            claims=[_("OCOP 4 sao"), _("VietGAP")],
        ),
        _card(
            "matong", name=_("Mật ong hoa rừng La Bằng, chai thủy tinh nắp gỗ"),
            maker=_("HTX Chè La Bằng · Thái Nguyên"), price_vnd=180_000, pack=_("chai 500 ml"),
            unit_price="36.000\u00a0₫/100\u00a0ml",
        ),
        _card(
            "thanhtra", name=_("Thanh trà Huế"), maker=_("HTX Quảng Thọ II · Huế"),
            sold_out=_("Hết mùa năm nay"), notify_url="#hang",
        ),
    ]  # fmt: skip


def _sample_steps() -> list[dict[str, Any]]:
    return [
        {"title": _("Hái một tôm hai lá"), "details": ["02/11", _("130 kg búp tươi")]},
        {"title": _("Diệt men"), "details": ["02/11", "240 °C"], "corrected_url": "#duong"},
        {"title": _("Giao tới tay"), "details": [_("dự kiến 26/11")], "done": False},
    ]


def _sample_week() -> list[tuple[str, int, str]]:
    days = (1_200, 950, 1_500, 1_000, 1_800, 2_000, 2_315)
    names = (_("T2"), _("T3"), _("T4"), _("T5"), _("T6"), _("T7"), _("CN"))
    return [(name, value * 1_000, _("2,3 triệu")) for name, value in zip(names, days, strict=True)]
