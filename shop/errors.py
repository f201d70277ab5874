"""Refusals: what happened, with a stable code and the values for the sentence."""

from typing import Any, ClassVar


class ShopError(Exception):
    """The base of every refusal of the shop."""

    code: ClassVar[str] = "refused"
    status: ClassVar[int] = 400

    def __init__(self, message: str = "", **values: Any) -> None:
        super().__init__(message or f"{self.code} {values}")
        self.values = values


class NotFound(ShopError):
    """There is no such thing, or not for this person."""

    code = "not_found"
    status = 404


class NotAllowed(ShopError):
    """This account may not do that."""

    code = "not_allowed"
    status = 403


class OutOfStock(ShopError):
    """Less is left than was asked for; `available` packs remain of `sku`."""

    code = "out_of_stock"
    status = 409

    def __init__(self, sku: str, *, wanted: int, available: int, title: str = "") -> None:
        super().__init__(
            f"{sku}: wanted {wanted}, {available} available",
            sku=sku,
            wanted=wanted,
            available=available,
            title=title,
        )


class WrongMove(ShopError):
    """The thing is not in a state from which it can go there."""

    code = "wrong_move"
    status = 409


class InReview(WrongMove):
    """The provider has taken money and is looking into it: nothing may be decided meanwhile."""

    code = "payment_in_review"


class GatewayClosed(ShopError):
    """The contract with `provider` cannot be opened: nobody can pay or be told the result now."""

    code = "gateway_closed"
    status = 503


class Changed(ShopError):
    """Somebody else changed it meanwhile."""

    code = "changed_meanwhile"
    status = 409


class Incomplete(ShopError):
    """A batch lacks what it needs before it may be sold; `missing` names it."""

    code = "incomplete"
    status = 409


class FieldRefused(ShopError):
    """One field of a form cannot be accepted; `field` and `sentence_code` say which and why."""

    code = "field_refused"
    status = 422

    def __init__(self, field: str, sentence_code: str, **values: Any) -> None:
        super().__init__(f"{field}: {sentence_code}", **values)
        self.field, self.sentence_code = field, sentence_code
