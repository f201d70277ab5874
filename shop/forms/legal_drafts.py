"""A legal page, and who runs the site, as they go from the forms to the rules."""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.models.legal import LegalPage


@dataclass(frozen=True, slots=True)
class LegalDraft:
    """A page as the office wrote it; `en` may be empty, `over` is the version they began with."""

    page: LegalPage
    vi: str
    en: str
    over: int


@dataclass(frozen=True, slots=True)
class OwnerDraft:
    """Who runs the installation, by the columns of `SiteOwner`; the phone is E.164."""

    values: Mapping[str, object]
