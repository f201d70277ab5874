"""What a director types to take somebody on."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from flask_babel import lazy_gettext as _l

from shop.clock import VIETNAM
from shop.forms.base import Fields
from shop.forms.dates import read_date
from shop.forms.phones import read_phone
from shop.forms.text import read_name
from shop.models.people import Role

NAMES = {
    "phone": _l("số điện thoại"),
    "name": _l("họ và tên"),
    "role": _l("vai trò"),
    "until": _l("làm đến ngày"),
}

LONGEST_DAYS = 400
"""How long a role with an end lasts at the most."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """Somebody who is to work for the seller, until a moment if there is one."""

    phone: str
    name: str
    role: Role
    until: datetime | None


def read_newcomer(fields: Fields, *, roles: tuple[Role, ...], today: date) -> Newcomer | None:
    """Return who is to work here; `None` with faults beside their fields."""
    phone = fields.read("phone", read_phone)
    empty = _l("Chưa ghi họ và tên. Ví dụ Nguyễn Thị Hoa")
    name = fields.read("name", read_name, longest=80, instead={"name_empty": empty})
    role = _role(fields, roles)
    until = _until(fields, role, today)
    if phone is None or name is None or role is None or fields.faults:
        return None
    return Newcomer(phone, name, role, until)


def _role(fields: Fields, roles: tuple[Role, ...]) -> Role | None:
    chosen = next((role for role in roles if role.value == fields.typed("role")), None)
    if chosen is None:
        fields.refuse("role", str(_l("Chọn một vai trò.")))
    return chosen


def _until(fields: Fields, role: Role | None, today: date) -> datetime | None:
    """Return the end of the last day; an inspector needs one, others may have one."""
    if not fields.typed("until").strip() and role is not Role.INSPECTOR:
        return None
    latest = today + timedelta(days=LONGEST_DAYS)
    needed = _l("Người kiểm tra chỉ xem có hạn. Ghi ngày cuối, ví dụ 31/12/2026")
    day = fields.read(
        "until",
        read_date,
        today=today,
        earliest=today,
        latest=latest,
        instead={"date_empty": needed},
    )
    if day is None:
        return None
    return datetime.combine(day + timedelta(days=1), time(), VIETNAM)
