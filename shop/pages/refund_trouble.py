"""What kept a refund from its provider, in plain words: what happened, what comes next."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import clock, formats
from shop.locales import current_locale
from shop.models.outbox import OutboxMessage
from shop.pages.attempt_words import in_own_language

_WHAT: Mapping[str, Any] = {
    "Unreachable": _l("%(provider)s không trả lời, hoặc trả lời không đọc được."),
    "RateLimited": _l("%(provider)s đang bận và bảo để lúc khác."),
    "BadSignature": _l("Câu trả lời không có chữ ký của %(provider)s nên máy không tin."),
    "Unauthorized": _l("%(provider)s không nhận mã hoặc khóa của hợp đồng."),
    "SecretUnreadable": _l("Máy không mở được khóa của hợp đồng đã lưu."),
}
"""By the kind of the error with which `OutboxMessage.last_error` begins."""

_NEEDS_A_PERSON = {"Unauthorized", "SecretUnreadable"}

_TOLD = " – "
"""Stands before the provider's own words for the office (`shop.jobs.send_refunds`)."""


def what(error: str, provider: str) -> str:
    """Return what happened at the last try; the provider's own words where it gave any."""
    told = in_own_language(error.partition(_TOLD)[2])
    words = str(_WHAT.get(_kind(error), _l("Máy gặp lỗi khi gửi."))) % {"provider": provider}
    return told or words[:1].upper() + words[1:]


def while_sending(message: OutboxMessage, provider: str, *, now: datetime) -> list[str]:
    """Return what happened, what the machine does next and when, and what nobody need do."""
    values = {"provider": provider, "time": _when(message.due_at, now)}
    if _kind(message.last_error) in _NEEDS_A_PERSON:
        words = _(
            "Xem lại hợp đồng %(provider)s ở mục Cửa hàng. Máy tự thử lại %(time)s.", **values
        )
        then = [words]
    else:
        then = [
            _(
                "Máy tự hỏi lại %(provider)s %(time)s, chưa nhận thì mới gửi lại: "
                "tiền không đi hai lần.",
                **values,
            ),
            _("Không cần bấm gì, cũng đừng chuyển khoản cho khách."),
        ]
    return [_("Lần gửi trước: %(what)s", what=what(message.last_error, provider)), *then]


def when_stuck(message: OutboxMessage, provider: str) -> list[str]:
    """Return what happened, and what a person does now that the machine stopped."""
    return [
        what(message.last_error, provider),
        _("Xem ở trang của %(provider)s tiền đã đi chưa.", provider=provider),
        _("Gửi lại thì máy hỏi trước: đã đi thì chỉ ghi nhận, không hoàn lần nữa."),
    ]


def _kind(error: str) -> str:
    return error.partition(":")[0]


def _when(due_at: datetime, now: datetime) -> str:
    if due_at <= now:
        return str(_("trong ít phút nữa"))
    words = formats.moment_in_words(due_at, today=clock.day_of(now), lang=current_locale())
    return str(_("lúc %(time)s", time=words))
