"""A paper as it goes from the form to the rules."""

from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class CertificateDraft:
    """A paper as the form gives it; `lot` is the one batch it speaks for, if it names one."""

    kind: str
    title: str
    number: str
    issuer: str
    issued_on: date
    expires_on: date | None
    scope: str
    product_ids: list[int]
    lot: str
    extra: dict[str, str] = field(default_factory=dict)
