"""The page of one delivery in the office: who gave it, where it went, whether it is stopped."""

from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchInput, BatchState
from shop.pages.office_batch_rows import notice_rows
from shop.pages.office_batch_words import DELIVERY_REASONS, STATES, TONES, standing
from shop.queries import office_batches as queries
from shop.services.actors import Actor
from shop.services.permissions import Action


def delivery_sheet(
    session: Session, delivery: Batch, *, actor: Actor, today: date
) -> dict[str, Any]:
    """Return what `office/deliveries/show.html` shows."""
    origin = delivery.inputs[0] if delivery.inputs else None
    used = queries.used_in(session, delivery.id)
    return {
        "delivery": delivery,
        "giver": ("", "") if origin is None else _giver(origin),
        "document": "" if origin is None else origin.document,
        "left_g": delivery.quantity_g - sum(row.quantity_g for row in used),
        "used": [
            {
                "id": row.id,
                "lot": row.lot,
                "goods": row.goods,
                "quantity_g": row.quantity_g,
                "state": STATES[(key := standing(row.state, row.expires_on, today))],
                "tone": TONES.get(key, ""),
            }
            for row in used
        ],
        "notices": notice_rows(delivery),
        "reasons": list(DELIVERY_REASONS.items()),
        "can_hold": delivery.state is BatchState.RELEASED
        and actor.may(Action.HOLD_BATCH, delivery.seller_id),
        "can_resume": delivery.state is BatchState.HELD
        and actor.may(Action.RELEASE_BATCH, delivery.seller_id),
    }


def _giver(origin: BatchInput) -> tuple[str, str]:
    """Return who handed the goods over, and from which plot they are."""
    name = origin.member.full_name if origin.member else origin.supplier
    return name, origin.plot.code if origin.plot else ""
