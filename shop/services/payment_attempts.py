"""The table of states of a try to collect, and the one function that moves it."""

from datetime import datetime

from shop.errors import WrongMove
from shop.models.payments import AttemptState, PaymentAttempt

MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    AttemptState.CREATED: frozenset(
        {
            AttemptState.PENDING,
            AttemptState.PAID,
            AttemptState.FAILED,
            AttemptState.CANCELLED,
            AttemptState.EXPIRED,
            AttemptState.REVIEW,
        }
    ),
    AttemptState.PENDING: frozenset(
        {
            AttemptState.PAID,
            AttemptState.FAILED,
            AttemptState.CANCELLED,
            AttemptState.EXPIRED,
            AttemptState.REVIEW,
        }
    ),
    AttemptState.EXPIRED: frozenset({AttemptState.PAID, AttemptState.REVIEW}),
    AttemptState.FAILED: frozenset({AttemptState.PAID, AttemptState.REVIEW}),
    AttemptState.CANCELLED: frozenset({AttemptState.PAID, AttemptState.REVIEW}),
    AttemptState.REVIEW: frozenset({AttemptState.PAID, AttemptState.FAILED}),
    AttemptState.PAID: frozenset(),
}
"""Where a try to collect may go: a provider may still say "paid" after we gave it up."""


def move_attempt(attempt: PaymentAttempt, state: AttemptState, *, now: datetime) -> None:
    """Bring `attempt` to `state`; raise `WrongMove` where the table has no such move."""
    if attempt.state is state:
        return
    if state not in MOVES[attempt.state]:
        raise WrongMove(f"attempt {attempt.id}: {attempt.state} -> {state}")
    attempt.state = state
    if state is AttemptState.PAID:
        attempt.settled_at = now
