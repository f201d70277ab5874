"""The big buttons of a member's first page: what works, with one live fact each."""

from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from shop.models.people import Member
from shop.queries import member_goods


@dataclass(frozen=True, slots=True)
class Door:
    """One big button: an icon, a verb, one live fact, and whether it is the main one."""

    icon: str
    words: str
    fact: str
    url: str
    is_main: bool = False


def doors(session: Session, member: Member) -> list[Door]:
    """Return the buttons of a member; never more than five (`screens.md` 6)."""
    counts = member_goods.counts(session, member.id)
    returned = ngettext("HTX trả lại %(num)s món", "HTX trả lại %(num)s món", counts.returned)
    waiting = ngettext("%(num)s món chờ duyệt", "%(num)s món chờ duyệt", counts.waiting)
    selling = _("Đăng món mới, sửa giá")
    if counts.returned or counts.waiting:
        selling = returned if counts.returned else waiting
    orders, batches = _("Chưa có đơn chờ giao"), _("Chưa có lô nào")
    if counts.open_orders:
        orders = ngettext("%(num)s đơn chờ giao", "%(num)s đơn chờ giao", counts.open_orders)
    if counts.batches:
        batches = ngettext("%(num)s lô", "%(num)s lô", counts.batches)
    fresh = _("Vừa hái, vừa làm xong")
    return [
        Door("quay", _("Bán hàng"), selling, url_for("member_listings.index"), is_main=True),
        Door("hop", _("Thêm lô mới"), fresh, url_for("member_batches.new")),
        Door("giay", _("Đơn hàng của tôi"), orders, url_for("member_orders.index")),
        Door("la", _("Lô của tôi"), batches, url_for("member_batches.index")),
    ]
