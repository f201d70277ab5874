"""What the office types about a member, a plot, a consent and a sign-in."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shop.forms.areas import Region, read_area
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.forms.phones import national, read_phone
from shop.forms.text import read_line, read_name
from shop.forms.years import read_birth_year
from shop.models.people import GivenHow, Member, Plot

NAMES = {
    "full_name": _l("họ và tên"),
    "code": _l("mã xã viên"),
    "phone": _l("số điện thoại"),
    "gender": _l("giới tính"),
    "birth_year": _l("năm sinh"),
    "plot_code": _l("mã nương"),
    "name": _l("tên"),
    "crop": _l("cây trồng"),
    "area": _l("diện tích"),
    "hamlet": _l("thôn, xóm"),
    "helper": _l("người làm hộ"),
    "given_how": _l("đồng ý bằng cách nào"),
    "given_on": _l("ngày đồng ý"),
    "until": _l("đến hết ngày"),
    "note": _l("ghi chú"),
}
"""What the summary of faults calls each field."""

GENDERS = {"nữ": _l("nữ"), "nam": _l("nam")}


def read_member(fields: Fields, *, today: date, kind: str = "member") -> MemberDraft | None:
    """Return what is to be written down; `None` with faults beside their fields."""
    empty = _l("Chưa ghi họ và tên. Ví dụ Hoàng Thị Chanh")
    name = fields.read("full_name", read_name, longest=80, instead={"name_empty": empty})
    phone = fields.read("phone", read_phone) if fields.typed("phone").strip() else None
    code = fields.read("code", read_line, longest=30, required=False)
    year = _birth_year(fields, today)
    gender = fields.typed("gender") if fields.typed("gender") in GENDERS else None
    if name is None or fields.faults:
        return None
    return MemberDraft(
        full_name=name,
        phone=phone,
        kind=kind,
        gender=gender,
        birth_year=year,
        show_name=bool(fields.typed("show_name")),
        code=code or "",
    )


def _birth_year(fields: Fields, today: date) -> int | None:
    if not fields.typed("birth_year").strip():
        return None
    return fields.read("birth_year", read_birth_year, today=today)


def typed_member(member: Member) -> dict[str, str]:
    """Return the fields of a form that shows a member as written down."""
    return {
        "full_name": member.full_name,
        "phone": national(member.phone) if member.phone else "",
        "gender": member.gender or "",
        "birth_year": str(member.birth_year or ""),
        "show_name": "1" if member.show_name else "",
    }


def read_plot(fields: Fields, *, region: Region) -> PlotDraft | None:
    """Return a plot with its area in square metres, whatever unit it was typed in."""
    empty = _l("Chưa ghi mã nương. Ví dụ LB-T01")
    code = fields.read("plot_code", read_line, longest=30, instead={"text_empty": empty})
    texts = {
        name: fields.read(name, read_line, longest=60, required=False)
        for name in ("name", "crop", "hamlet")
    }
    area = None
    if fields.typed("area").strip():
        area = fields.read("area", read_area, region=region, unit=None)
    if code is None or fields.faults:
        return None
    known = {name: text or "" for name, text in texts.items()}
    return PlotDraft(code=code, area_m2=area.m2 if area else None, **known)


def typed_plot(plot: Plot) -> dict[str, str]:
    """Return the fields of a form that shows a plot as written down."""
    return {
        "plot_code": plot.code,
        "name": plot.name,
        "crop": plot.crop,
        "hamlet": plot.hamlet,
        "area": f"{plot.area_m2} m2" if plot.area_m2 else "",
    }


@dataclass(frozen=True, slots=True)
class ConsentAsked:
    """Whom a member lets act for them, and how they said so; `helper_id` is an account's."""

    helper_id: int
    given_how: GivenHow
    given_on: date
    until: date
    note: str


def read_consent(fields: Fields, *, today: date) -> ConsentAsked | None:
    """Return a consent; `None` with faults beside their fields."""
    helper_id = read_id(fields.typed("helper"))
    if helper_id is None:
        fields.refuse("helper", str(_l("Chọn người làm hộ.")))
    given_how = next((how for how in GivenHow if how.value == fields.typed("given_how")), None)
    if given_how is None:
        fields.refuse("given_how", str(_l("Chọn cách bác ấy đồng ý.")))
    given_on = fields.read("given_on", read_date, today=today)
    until = fields.read("until", read_date, today=today)
    note = fields.read("note", read_line, longest=200, required=False)
    if helper_id is None or given_how is None or given_on is None or until is None:
        return None
    if fields.faults:
        return None
    return ConsentAsked(helper_id, given_how, given_on, until, note or "")


def summary(fields: Fields) -> list[tuple[str, Any]]:
    """Return the faults for the summary above a form."""
    return [(name, str(NAMES[name])) for name in fields.faults]
