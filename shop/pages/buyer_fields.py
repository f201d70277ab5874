"""What the checkout knows of a signed-in buyer: the address used last, or the one chosen."""

from typing import Any

from flask import request
from sqlalchemy.orm import Session

from shop import buyer_door, db
from shop.forms.ids import read_id
from shop.pages.buyers import address_words, filled_in
from shop.queries import buyers as queries


def buyer_id() -> int | None:
    """Return which account places this order; nothing for a visitor."""
    found = buyer_door.buyer()
    return found.id if found else None


def typed(session: Session) -> dict[str, str]:
    """Return the fields of a checkout that need not be typed again."""
    buyer = buyer_door.buyer()
    if buyer is None:
        return {}
    asked = read_id(request.args.get("dia_chi", ""))
    known = queries.addresses(session, buyer.id)
    chosen = [one for one in known if one.id == asked] or list(known[:1])
    if chosen:
        return filled_in(chosen[0])
    return {"name": buyer.name, "phone": buyer.phone.replace("+84", "0", 1)}


def saved() -> list[dict[str, Any]]:
    """Return the kept addresses to choose from; one alone needs no choice."""
    buyer = buyer_door.buyer()
    known = queries.addresses(db.session(), buyer.id) if buyer else []
    if len(known) < 2:
        return []
    return [{"id": one.id, "words": f"{one.name}, {address_words(one)}"} for one in known]
