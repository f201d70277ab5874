"""What somebody of the office says who asks for a new password for another person."""

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.text import read_line

PASSWORD, CARD = "mat-khau", "the"
"""What the person gets."""

NAMES = {
    "reason": _l("lý do"),
    "recognised_by": _l("nhận ra người này bằng cách nào"),
}


@dataclass(frozen=True, slots=True)
class RecoveryAsked:
    """Why, how the person was recognised, whether a card is wanted, or the phone is lost too."""

    reason: str
    recognised_by: str
    without_phone: bool
    by_card: bool


def read_recovery(fields: Fields) -> RecoveryAsked | None:
    """Return what was said; `None` with faults beside their fields."""
    why = _l("Ghi vì sao cần lấy lại. Ví dụ quên mã PIN")
    how = _l("Ghi nhận ra bằng cách nào. Ví dụ gặp mặt ở văn phòng, xem căn cước")
    reason = fields.read("reason", read_line, instead={"text_empty": why})
    recognised_by = fields.read("recognised_by", read_line, instead={"text_empty": how})
    if reason is None or recognised_by is None:
        return None
    without_phone = bool(fields.typed("without_phone"))
    return RecoveryAsked(reason, recognised_by, without_phone, fields.typed("can") == CARD)
