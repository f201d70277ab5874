"""What can go wrong with an outside service, sorted by what to do next."""

from typing import ClassVar, NotRequired, TypedDict, Unpack

__all__ = [
    "BadSignature",
    "IntegrationError",
    "ProviderError",
    "RateLimited",
    "Rejected",
    "Unauthorized",
    "Unreachable",
]


class IntegrationError(Exception):
    """Anything that this library refuses or could not do."""


class _Known(TypedDict):
    provider: str
    code: NotRequired[str | None]
    text: NotRequired[str]
    request_id: NotRequired[str | None]


class ProviderError(IntegrationError):
    """A call to a provider failed, or a message from one is not to be trusted.

    `provider` is the name of its folder, `code` the provider's own error code (text, as it came),
    `text` what that code means, in Vietnamese for the office, and `request_id` the number under
    which the call stands in the logs here and there. `retryable` says whether the same call may
    succeed later without anybody changing anything.
    """

    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        provider: str,
        code: str | None = None,
        text: str = "",
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{provider}: {detail}" + (f" (code {code})" if code else ""))
        self.detail, self.provider, self.code = detail, provider, code
        self.text, self.request_id = text, request_id


class Unreachable(ProviderError):
    """No usable answer came: no connection, a time-out or a fault at the provider. Try again.

    `unclear` says that the call may have had its effect: before a write is tried again, ask.
    """

    retryable = True

    def __init__(self, detail: str, *, unclear: bool = False, **known: Unpack[_Known]) -> None:
        super().__init__(detail, **known)
        self.unclear = unclear


class RateLimited(ProviderError):
    """Too many calls. Try again after `retry_after` seconds, or at one's own pace when `None`."""

    retryable = True

    def __init__(
        self, detail: str, *, retry_after: int | None = None, **known: Unpack[_Known]
    ) -> None:
        super().__init__(detail, **known)
        self.retry_after = retry_after


class Unauthorized(ProviderError):
    """The keys or the token are not accepted (any more): sign in again."""


class Rejected(ProviderError):
    """The provider understood the call and refuses it: a person must change something."""


class BadSignature(ProviderError):
    """The signature does not belong to the message: drop it and change nothing.

    As the answer to a write it leaves open whether the write had its effect: ask before it is
    tried again.
    """
