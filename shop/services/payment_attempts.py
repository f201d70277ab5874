"""The table of states of a try to collect, and the one function that moves it."""

from datetime import datetime

from integrations.payments import providers
from shop.errors import InReview, WrongMove
from shop.models.payments import AttemptState, Payment, PaymentAttempt

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
    AttemptState.REVIEW: frozenset(
        {
            AttemptState.PAID,
            AttemptState.FAILED,
            AttemptState.CANCELLED,
            AttemptState.EXPIRED,
        }
    ),
    AttemptState.PAID: frozenset(),
}
"""Where a try to collect may go: a provider may still say "paid" after we gave it up."""


def in_review(payment: Payment) -> PaymentAttempt | None:
    """Return the try of which its provider has not decided yet whether the money stays."""
    found = [one for one in payment.attempts if one.state is AttemptState.REVIEW]
    return found[-1] if found else None


def refuse_while_in_review(payment: Payment) -> None:
    """Raise `InReview` while a provider looks into money that it has taken for this payment."""
    found = in_review(payment)
    if found is not None:
        known = providers().get(found.provider)
        raise InReview(
            f"attempt {found.id} is in review", provider=known.title if known else found.provider
        )


def move_attempt(attempt: PaymentAttempt, state: AttemptState, *, now: datetime) -> None:
    """Bring `attempt` to `state`; raise `WrongMove` where the table has no such move."""
    if attempt.state is state:
        return
    if state not in MOVES[attempt.state]:
        raise WrongMove(f"attempt {attempt.id}: {attempt.state} -> {state}")
    attempt.state = state
    if state is AttemptState.PAID:
        attempt.settled_at = now
