"""The office's page of its people: who may do what, since when unseen, on how many devices."""

from collections.abc import Sequence
from datetime import datetime
from itertools import groupby
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats
from shop.locales import current_locale
from shop.models.people import Grant, Role
from shop.queries import staff
from shop.services.permissions import SIMPLE_ROLES

ROLES = {
    Role.OFFICE: _l("Văn phòng"),
    Role.TECHNICIAN: _l("Kỹ thuật"),
    Role.TREASURER: _l("Thủ quỹ"),
    Role.DIRECTOR: _l("Giám đốc"),
    Role.INSPECTOR: _l("Người kiểm tra"),
    Role.MEMBER: _l("Thành viên"),
    Role.HELPER: _l("Người giúp"),
    Role.VENDOR: _l("Tiểu thương"),
    Role.OFFICER: _l("Cán bộ xã"),
    Role.INTEGRATOR: _l("Phần mềm khác"),
    Role.ADMIN: _l("Quản trị máy"),
}

WHAT_ROLES_DO = {
    Role.OFFICE: _l("Sản phẩm, lô hàng, đơn hàng, soạn hàng, kho."),
    Role.TECHNICIAN: _l("Lô hàng, tem, cho bán và tạm giữ."),
    Role.TREASURER: _l("Ghi tiền về, hoàn tiền, COD."),
    Role.DIRECTOR: _l("Mọi việc, cả người dùng và lịch sử."),
    Role.INSPECTOR: _l("Chỉ xem, đến một ngày."),
}


def people(
    session: Session, seller_id: int, *, own_id: int | None, now: datetime
) -> list[dict[str, Any]]:
    """Return the people with a role over the seller."""
    found = staff.grants_for(session, seller_id, now=now)
    seen = staff.last_seen(session, [account.id for account, _grant in found])
    elsewhere = staff.with_roles_elsewhere(
        session, [account.id for account, _grant in found], seller_id, now=now
    )
    listed = []
    for account, found_rows in groupby(found, key=lambda row: row[0]):
        rows = list(found_rows)
        devices, last = seen.get(account.id, (0, None))
        listed.append(
            {
                "account": account,
                "roles": [_role(grant) for _account, grant in rows],
                "devices": devices,
                "last_seen": last,
                "is_self": account.id == own_id,
                "is_ours_alone": account.id not in elsewhere,
                "may_have_card": {grant.role for _account, grant in rows} <= SIMPLE_ROLES,
            }
        )
    return listed


def _role(grant: Grant) -> dict[str, Any]:
    words = str(ROLES[grant.role])
    if grant.until is not None:
        until = formats.moment(grant.until, current_locale())
        words = str(_("%(role)s, đến %(until)s", role=words, until=until))
    return {"id": grant.id, "words": words}


def role_choices(roles: Sequence[Role]) -> list[dict[str, str]]:
    """Return the roles as the rows of a choice list."""
    return [
        {"value": role.value, "title": str(ROLES[role]), "note": str(WHAT_ROLES_DO[role])}
        for role in roles
    ]
