"""What can go wrong with an outside service, sorted by what to do next."""

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, NotRequired, TypedDict, Unpack

__all__ = [
    "BadSignature",
    "IntegrationError",
    "NextStep",
    "ProviderError",
    "RateLimited",
    "Rejected",
    "Seen",
    "Unauthorized",
    "Unreachable",
    "Words",
]


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence for the office, in both languages."""

    vi: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of an answer: its HTTP status, and a short part of its body.

    `excerpt` comes of `integrations.excerpts.excerpt`: masked, and of 200 letters at most.
    """

    status: int
    excerpt: str = ""


class NextStep(StrEnum):
    """What helps against an error."""

    TRY_LATER = "try_later"
    FIX_SETTINGS = "fix_settings"
    CALL_PROVIDER = "call_provider"
    ASK_OTHERWISE = "ask_otherwise"
    """The same request will be refused again: its values must change."""


class IntegrationError(Exception):
    """Anything that this library refuses or could not do."""


class _Known(TypedDict):
    provider: str
    code: NotRequired[str | None]
    words: NotRequired[Words]
    request_id: NotRequired[str | None]
    seen: NotRequired[Seen | None]
    next_step: NotRequired[NextStep | None]


class ProviderError(IntegrationError):
    """A call to a provider failed, or a message from one is not to be trusted.

    `provider` is the name of its folder, `code` the provider's own error code (text, as it came),
    `text` what that code means, in Vietnamese for the office, `english` the same in English, and
    `request_id` the number under which the call stands in the logs here and there. `status` is the
    HTTP status of the answer, `None` where none came, and `excerpt` a short part of its body
    without secrets and personal data; neither is part of the error's text. `next_step` says what
    helps, `retryable` whether the same call may succeed later without anybody changing anything.
    """

    retryable: bool = False
    usual_step: ClassVar[NextStep] = NextStep.CALL_PROVIDER

    def __init__(
        self,
        detail: str,
        *,
        provider: str,
        code: str | None = None,
        words: Words = Words(),
        request_id: str | None = None,
        seen: Seen | None = None,
        next_step: NextStep | None = None,
    ) -> None:
        super().__init__(f"{provider}: {detail}" + (f" (code {code})" if code else ""))
        self.detail, self.provider, self.code = detail, provider, code
        self.text, self.english, self.request_id = words.vi, words.en, request_id
        self.seen = seen
        self.status = seen.status if seen else None
        self.excerpt = seen.excerpt if seen else ""
        self.next_step = next_step or self.usual_step
        self.retryable = self.retryable and self.next_step is NextStep.TRY_LATER


class Unreachable(ProviderError):
    """No usable answer came: no connection, a time-out or a fault at the provider. Try again.

    `unclear` says that the call may have had its effect: before a write is tried again, ask.
    Where `next_step` is to fix the settings, another than the provider answered.
    """

    retryable = True
    usual_step = NextStep.TRY_LATER

    def __init__(self, detail: str, *, unclear: bool = False, **known: Unpack[_Known]) -> None:
        super().__init__(detail, **known)
        self.unclear = unclear


class RateLimited(ProviderError):
    """Too many calls. Try again after `retry_after` seconds, or at one's own pace when `None`."""

    retryable = True
    usual_step = NextStep.TRY_LATER

    def __init__(
        self, detail: str, *, retry_after: int | None = None, **known: Unpack[_Known]
    ) -> None:
        super().__init__(detail, **known)
        self.retry_after = retry_after


class Unauthorized(ProviderError):
    """The keys or the token are not accepted (any more): sign in again."""

    usual_step = NextStep.FIX_SETTINGS


class Rejected(ProviderError):
    """The provider understood the call and refuses it: a person must change something."""

    usual_step = NextStep.ASK_OTHERWISE


class BadSignature(ProviderError):
    """The signature does not belong to the message: drop it and change nothing.

    As the answer to a write it leaves open whether the write had its effect: ask before it is
    tried again.
    """
