"""The list of those whom somebody may help: as little about each as tells them apart."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from shop.formats import given_name
from shop.models.people import Member
from shop.pages import person_words
from shop.queries import members


def people(
    session: Session, helper_id: int, *, current: Member | None, today: date
) -> list[dict[str, Any]]:
    """Return whom an account may help today, each once, by the name they are called by."""
    found: dict[int, dict[str, Any]] = {}
    for consent in members.helped_by(session, helper_id, today=today):
        member = consent.member
        known = found.get(member.id)
        if known is None or known["until"] < consent.until:
            found[member.id] = {
                "id": member.id,
                "called": person_words.elder(member.full_name),
                "full_name": member.full_name,
                "hamlet": next((plot.hamlet for plot in member.plots if plot.hamlet), ""),
                "seller": member.seller.short_name,
                "until": consent.until,
                "is_current": current is not None and current.id == member.id,
            }
    return sorted(found.values(), key=lambda one: (given_name(one["full_name"]), one["id"]))
