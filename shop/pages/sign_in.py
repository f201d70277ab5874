"""What the pages of signing in show beside their fields."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.people import MINE, SHARED
from shop.models.people import Account
from shop.services import second_factor
from shop.services.sign_in_ends import Ended
from traceability.labels import qr


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A secret as a picture to scan and as letters to type."""

    picture: str
    letters: str


_ENDED = {
    Ended.OFFICE_SET_PASSWORD: _l(
        "Văn phòng vừa đổi mật khẩu của bác nên máy này đã thoát. Không phải bác nhờ thì gọi HTX "
        "ngay."
    ),
    Ended.OWN_PASSWORD: _l(
        "Mật khẩu vừa đổi ở máy khác nên máy này đã thoát. Không phải bác đổi thì gọi HTX ngay."
    ),
    Ended.CARD_REVOKED: _l("Thẻ này đã bị thu nên máy này đã thoát. Gọi HTX để làm thẻ khác."),
    Ended.CARD_REPLACED: _l("Đã có thẻ mới thay thẻ này nên máy này đã thoát. Soi thẻ mới."),
    Ended.CARD_TRIED: _l(
        "Có người gõ sai mã PIN của thẻ này quá nhiều lần nên thẻ hết dùng. Gọi HTX để làm thẻ "
        "khác."
    ),
    Ended.SIGNED_OUT_BY_OFFICE: _l("Văn phòng vừa cho mọi máy của bác thoát. Xin đăng nhập lại."),
    Ended.NUMBER_CHANGED: _l(
        "Văn phòng vừa đổi số đăng nhập của bác nên máy này đã thoát. Đăng nhập bằng số mới."
    ),
}


def why_ended(ended: Ended | None) -> str:
    """Return the sentence for whoever was thrown out; nothing for everybody else."""
    return str(_ENDED[ended]) if ended is not None else ""


def owners() -> list[dict[str, Any]]:
    """Return the rows of the question whose machine this is (R15)."""
    return [
        {"value": MINE, "title": _("Máy của tôi")},
        {
            "value": SHARED,
            "title": _("Máy dùng chung (nhà văn hóa, ủy ban)"),
            "note": _("Tự thoát sau 10 phút, không lưu mật khẩu."),
        },
    ]


def enrolment(account: Account, secret: str) -> Enrolment:
    """Return how a secret gets into the phone of its owner."""
    picture = qr.svg(second_factor.address(account, secret), level="M", side_mm=60)
    letters = " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))
    return Enrolment(
        f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}", letters
    )
