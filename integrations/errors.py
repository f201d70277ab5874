"""What can go wrong with an outside service, sorted by what to do next."""

from typing import ClassVar

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


class ProviderError(IntegrationError):
    """A call to a provider failed, or a message from one is not to be trusted.

    `provider` is the name of its folder, `code` the provider's own error code (text, as it came)
    and `request_id` the number under which the provider finds the call in its own records.
    `retryable` says whether the same call may succeed later without anybody changing anything.
    """

    retryable: ClassVar[bool] = False

    def __init__(
        self,
        detail: str,
        *,
        provider: str,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(f"{provider}: {detail}" + (f" (code {code})" if code else ""))
        self.detail, self.provider, self.code, self.request_id = detail, provider, code, request_id


class Unreachable(ProviderError):
    """No usable answer came: no connection, a time-out or a fault at the provider. Try again."""

    retryable = True


class RateLimited(ProviderError):
    """Too many calls. Try again after `retry_after` seconds, or at one's own pace when `None`."""

    retryable = True

    def __init__(
        self,
        detail: str,
        *,
        provider: str,
        code: str | None = None,
        request_id: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail, provider=provider, code=code, request_id=request_id)
        self.retry_after = retry_after


class Unauthorized(ProviderError):
    """The keys or the token are not accepted (any more): sign in again."""


class Rejected(ProviderError):
    """The provider understood the call and refuses it: a person must change something."""


class BadSignature(ProviderError):
    """The signature does not belong to the message: drop it and change nothing."""
