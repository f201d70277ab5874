"""What every way to be paid through a provider offers, and the values that pass through it.

Amounts are whole đồng, moments are aware datetimes. Providers report facts; who uses them decides
what the facts change.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol

from integrations.http import InboundRequest, Reply

__all__ = [
    "Action",
    "Capability",
    "Cause",
    "Connection",
    "Denied",
    "Field",
    "Form",
    "Guard",
    "Merchant",
    "Outcome",
    "PaymentNotification",
    "PaymentProvider",
    "PaymentQuery",
    "PaymentReport",
    "PaymentRequest",
    "Payments",
    "Redirect",
    "RefundReport",
    "RefundRequest",
    "RefundState",
    "Refunds",
    "ShowQR",
    "Transactions",
    "Verdict",
]


class Capability(StrEnum):
    """One thing that a provider can do."""

    REDIRECT = "redirect"
    SHOW_QR = "show_qr"
    FORM = "form"
    QUERY = "query"
    REFUND_FULL = "refund_full"
    REFUND_PART = "refund_part"
    PUSH_NOTICE = "push_notice"


@dataclass(frozen=True, slots=True)
class PaymentRequest:
    """One try to collect `amount_vnd`.

    `reference` is ours and never used twice; `payer_address` is the buyer's IP address; `locale`
    is `vi` or `en`; `method` is one of the provider's own ways to pay, empty to let the buyer
    choose on its page. Without `expires_at` the try names no end, where the provider allows that.
    """

    reference: str
    amount_vnd: int
    description: str
    return_url: str
    payer_address: str
    created_at: datetime
    expires_at: datetime | None = None
    locale: str = "vi"
    method: str = ""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Send the buyer's browser to `url`."""

    url: str


@dataclass(frozen=True, slots=True)
class ShowQR:
    """Show the text of a code, with `lines` for the eye beside it."""

    payload: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """Let the buyer's browser post `fields` to `url`."""

    url: str
    fields: Mapping[str, str]


Action = Redirect | ShowQR | Form


class Outcome(StrEnum):
    """What became of a try to collect, as the provider tells it."""

    PENDING = "pending"
    PAID = "paid"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    REVIEW = "review"
    """The buyer may have been charged, and a person must look: suspected fraud, a reversal."""
    UNKNOWN = "unknown"
    """The provider knows no such try: the buyer never came to its page."""


class Cause(StrEnum):
    """Why a try came to nothing, as far as its buyer can do something about it."""

    NOT_ENOUGH_MONEY = "not_enough_money"
    WRONG_CODE = "wrong_code"
    """A one-time code or a password of payment, once or too often."""
    WRONG_DETAILS = "wrong_details"
    NOT_REGISTERED = "not_registered"
    """The card or account takes no part in payments over the internet."""
    LOCKED = "locked"
    OVER_LIMIT = "over_limit"
    BANK_DOWN = "bank_down"
    """Nothing is wrong with card or account: later it will go."""
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class PaymentNotification:
    """What a provider's signed message says of the try called `reference`.

    `amount_vnd` is `None` where the message holds no amount in whole đồng. `code` is the
    provider's own, `text` its meaning in Vietnamese for the office, `cause` what a failure is
    about in terms that any provider shares.
    """

    reference: str
    amount_vnd: int | None
    outcome: Outcome
    provider_reference: str
    code: str
    text: str
    paid_at: datetime | None = None
    bank: str = ""
    cause: Cause = Cause.OTHER

    def verdict(self, asked_vnd: int | None, before: Outcome | None) -> "Verdict":
        """Return how to answer, in the order in which providers want it judged.

        `asked_vnd` is what the try was to collect, `None` when there is none with this
        reference; `before` how the try had ended, `None` while nothing was told of it. A
        payment that is told stays one; after another end a payment, or a doubt about one, is
        recorded still. On `Verdict.RECORDED` write `outcome` down, before the answer is sent.
        """
        if asked_vnd is None:
            return Verdict.UNKNOWN_REFERENCE
        if self.amount_vnd != asked_vnd:
            return Verdict.WRONG_AMOUNT
        is_settled = before not in {None, Outcome.PENDING}
        is_money = self.outcome in {Outcome.PAID, Outcome.REVIEW}
        is_news = is_money and before not in {Outcome.PAID, self.outcome}
        return Verdict.REPEATED if is_settled and not is_news else Verdict.RECORDED


@dataclass(frozen=True, slots=True)
class PaymentQuery:
    """A question after one try: its `reference`, and when it was created.

    `provider_reference` is the provider's number of the payment, where one is known.
    """

    reference: str
    created_at: datetime
    provider_reference: str = ""


@dataclass(frozen=True, slots=True)
class PaymentReport:
    """The provider's answer to a `PaymentQuery`; the fields are those of a notification.

    `refund` is the state of the last refund where the answer is about one.
    """

    reference: str
    amount_vnd: int | None
    outcome: Outcome
    provider_reference: str
    code: str
    text: str
    paid_at: datetime | None = None
    bank: str = ""
    refund: "RefundState | None" = None
    call_id: str = ""
    cause: Cause = Cause.OTHER


class RefundState(StrEnum):
    """How far a refund is at the provider."""

    ACCEPTED = "accepted"
    SETTLED = "settled"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class RefundRequest:
    """Give `amount_vnd` of a payment back to its buyer.

    `key` is ours and the same at every repeat: the provider's request id is derived from it.
    `total_vnd` is what was paid, `requested_by` names who asked (a role, not a person),
    `is_repeat` that an earlier request with this key had an unclear outcome. `earlier` are the
    provider's numbers of the refunds there were before, so that none is taken for this one.
    """

    key: str
    reference: str
    amount_vnd: int
    total_vnd: int
    paid_created_at: datetime
    reason: str
    requested_by: str
    provider_reference: str = ""
    is_repeat: bool = False
    earlier: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class RefundReport:
    """What the provider said to a refund; accepted is not settled."""

    state: RefundState
    code: str
    text: str
    provider_reference: str = ""
    call_id: str = ""


class Verdict(StrEnum):
    """What was done with a notification: the provider is answered by it."""

    RECORDED = "recorded"
    REPEATED = "repeated"
    UNKNOWN_REFERENCE = "unknown_reference"
    WRONG_AMOUNT = "wrong_amount"
    NOT_SIGNED = "not_signed"
    TROUBLE = "trouble"


class Payments(Protocol):
    """Trying to collect."""

    def create(self, request: PaymentRequest) -> Action:
        """Return where to send the buyer; `Rejected` for what the provider would not take."""


class Transactions(Protocol):
    """What the provider knows of the tries there were."""

    def query(self, question: PaymentQuery) -> PaymentReport:
        """Ask what became of a try; asking again is harmless."""


class Refunds(Protocol):
    """Giving money back."""

    def create(self, request: RefundRequest) -> RefundReport:
        """Ask the provider to give money back; the same key again asks for nothing more.

        The same key with other values is `Rejected`, and nothing is asked. An `Unreachable` that
        is `unclear`, and any `BadSignature`, may have had its effect: make the same request again
        with `is_repeat`, and the provider is queried first.
        """


class Connection(Protocol):
    """One seller's contract with a provider, ready to use."""

    @property
    def payments(self) -> Payments:
        """Trying to collect."""

    @property
    def transactions(self) -> Transactions:
        """What the provider knows of the tries there were."""

    @property
    def refunds(self) -> Refunds:
        """Giving money back."""

    def read_notification(self, inbound: InboundRequest) -> PaymentNotification:
        """Return what a server call or a browser's return says, or raise `BadSignature`."""

    def answer(self, verdict: Verdict) -> Reply:
        """Return what the provider's server is to be told."""

    def check(self) -> str:
        """Make a harmless call and return what it showed, in Vietnamese, or raise its error."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a provider's settings page: its labels, and whether its value is a secret."""

    name: str
    label: Mapping[str, str]
    hint: Mapping[str, str] = field(default_factory=dict)
    is_secret: bool = False
    pattern: str = ""
    default: str = ""


@dataclass(frozen=True, slots=True)
class Merchant:
    """A contract as a provider's simulator knows it: what its owner typed, and where to call."""

    settings: Mapping[str, str]
    notify_url: str


FindMerchant = Callable[[str], Merchant | None]
"""Return the contract with this code, if the installation has one in training."""


@dataclass(frozen=True, slots=True)
class Denied:
    """Somebody may not order what a simulator does: sign in first, or, without address, never."""

    sign_in_url: str = ""


Guard = Callable[[Mapping[str, Any], str], Denied | None]
"""Return whether the sender of a WSGI request may order faults for the contract with this code."""


class Connect(Protocol):
    """Makes a connection from the values of a settings page."""

    def __call__(self, settings: Mapping[str, str], **parts: Any) -> Connection: ...


class Simulate(Protocol):
    """Makes the WSGI application of a simulator that keeps what it knows in `folder`.

    Without a `guard` everybody who reaches it may order what it does.
    """

    def __call__(
        self, folder: Path, find_merchant: FindMerchant, guard: Guard | None = None
    ) -> Any: ...


@dataclass(frozen=True, slots=True)
class PaymentProvider:
    """A provider as discovery finds it: the object named `provider` in its folder.

    `answer` is what its server is to be told, also where no contract can be read; `hold_minutes`
    is how long stock waits for its payment; `consequence` is the line under its name at checkout,
    by language.
    """

    name: str
    title: str
    capabilities: frozenset[Capability]
    fields: tuple[Field, ...]
    connect: Connect
    answer: Callable[[Verdict], Reply]
    simulate: Callable[[], Simulate]
    merchant_field: str
    simulator_settings: Callable[[str], dict[str, str]]
    hold_minutes: int
    choice: Mapping[str, str]
    consequence: Mapping[str, str]
