"""The consents that a member gave, as the member and the office read them."""

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop.models.people import Consent, GivenHow, Member
from shop.queries import members

GIVEN_HOW = {
    GivenHow.PAPER: _l("giấy ký"),
    GivenHow.PHONE: _l("qua điện thoại"),
    GivenHow.FACE_TO_FACE: _l("nói trực tiếp"),
}


def living(session: Session, member: Member, *, today: date) -> list[dict[str, Any]]:
    """Return the consents by which somebody may act for a member today."""
    return [one for one in every(session, member, today=today) if one["is_living"]]


def every(session: Session, member: Member, *, today: date) -> list[dict[str, Any]]:
    """Return every consent a member ever gave with its state in words, the newest first."""
    return [
        {
            "id": consent.id,
            "helper": consent.helper.name,
            "given_how": str(GIVEN_HOW[consent.given_how]),
            "given_on": consent.given_on,
            "until": consent.until,
            "note": consent.note,
            "state": str(_state(consent, today)),
            "is_living": consent.withdrawn_at is None and consent.until >= today,
        }
        for consent in members.consents_of(session, member.id)
    ]


def _state(consent: Consent, today: date) -> Any:
    if consent.withdrawn_at is not None:
        return _l("đã rút")
    return _l("đã hết hạn") if consent.until < today else _l("đang có hiệu lực")
