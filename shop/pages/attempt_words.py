"""What the office reads of the tries to collect through a provider."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from integrations.payments.protocol import Cause
from shop.locales import current_locale
from shop.models.payments import AttemptState, PaymentAttempt
from shop.services import provider_payments

STATES = {
    AttemptState.CREATED: _l("chưa trả"),
    AttemptState.PENDING: _l("đang chờ kết quả"),
    AttemptState.PAID: _l("đã trả"),
    AttemptState.FAILED: _l("không thành công"),
    AttemptState.CANCELLED: _l("đã hủy"),
    AttemptState.EXPIRED: _l("hết giờ"),
    AttemptState.REVIEW: _l("đang được kiểm tra"),
}

CAUSES = {
    Cause.NOT_ENOUGH_MONEY: _l("Tài khoản không đủ tiền."),
    Cause.WRONG_CODE: _l("Mã OTP hoặc mật khẩu không đúng."),
    Cause.WRONG_DETAILS: _l("Thông tin thẻ hoặc tài khoản không đúng."),
    Cause.NOT_REGISTERED: _l("Thẻ hoặc tài khoản chưa đăng ký trả tiền qua mạng."),
    Cause.LOCKED: _l("Thẻ hoặc tài khoản đang bị khóa."),
    Cause.OVER_LIMIT: _l("Thẻ hoặc tài khoản đã hết hạn mức trong ngày."),
    Cause.BANK_DOWN: _l("Ngân hàng đang bảo trì, lát nữa trả lại."),
}
"""Why a try came to nothing, for its buyer; the rest of the causes say nothing that helps."""


def failed_because(attempt: PaymentAttempt) -> str:
    """Return why a try failed in the reader's language; empty where the provider gave no cause."""
    cause = attempt.details.get("cause")
    return str(CAUSES[Cause(cause)]) if cause in CAUSES else ""


def in_own_language(text: str) -> str:
    """Return what a provider's table says in Vietnamese; nothing on a page in English.

    The code beside it says as much, and half a page in another language says less.
    """
    return text if current_locale() == "vi" else ""


def tries(attempts: Iterable[PaymentAttempt]) -> list[dict[str, Any]]:
    """Return what is known of each try through a provider, the first one first."""
    return [
        {
            "title": provider_payments.title(one.provider),
            "reference": one.reference,
            "amount_vnd": one.amount_vnd,
            "state": str(STATES[one.state]),
            "said": said(one),
        }
        for one in attempts
        if one.provider_account_id is not None
    ]


def said(attempt: PaymentAttempt) -> str:
    """Return what the provider told of a try: its code, what that means, its number, the bank."""
    told = attempt.details
    parts = []
    if code := told.get("code"):
        text = (in_own_language(told.get("text", "")) or failed_because(attempt)).rstrip(".")
        words = _("mã %(code)s: %(text)s", code=code, text=text)
        parts.append(words if text else _("mã %(code)s", code=code))
    if number := told.get("provider_reference"):
        title = provider_payments.title(attempt.provider)
        parts.append(_("số của %(provider)s: %(number)s", provider=title, number=number))
    if bank := told.get("bank"):
        parts.append(_("ngân hàng %(bank)s", bank=bank))
    return ", ".join(parts)
