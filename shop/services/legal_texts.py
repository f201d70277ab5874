"""The texts of the pages a shop must have: which hold, writing another version, what is blank."""

import re
from datetime import datetime

from sqlalchemy.orm import Session

from shop.errors import Changed, FieldRefused
from shop.forms.legal_drafts import LegalDraft, OwnerDraft
from shop.models.catalog import Seller
from shop.models.legal import LegalPage, LegalText, SiteOwner
from shop.queries import legal as queries
from shop.queries.locks import lock
from shop.services.actors import Actor, audit, record_change, require
from shop.services.legal_facts import KNOWN
from shop.services.legal_starts import pages, starting_text
from shop.services.permissions import Action

BLANK = re.compile(r"\[(?:chưa điền|to fill in): ([^\]\n]{1,120})\]")
"""What a text still has to be told: `[chưa điền: giờ nghe điện thoại]`."""

FACT = re.compile(r"\{([a-z0-9-]{1,40})\}")
"""Where a fact of the books stands in a text: `{dien-thoai}`."""


def in_force(session: Session, seller: Seller | None) -> dict[LegalPage, LegalText]:
    """Return the text that holds for each page; a page nobody wrote has its starting text.

    A starting text that was never kept is version 1 and stands in no table yet.
    """
    found = queries.latest(session, seller.id if seller else None)
    of_seller = seller is not None
    return {page: found.get(page) or _start(seller, page) for page in pages(of_seller=of_seller)}


def keep(session: Session, seller: Seller | None, *, now: datetime) -> dict[LegalPage, LegalText]:
    """Return what `in_force` does, and write down the starting texts that were not: from then on
    an order can say under which version it was placed."""
    found = in_force(session, seller)
    if seller is not None and any(text.id is None for text in found.values()):
        lock(session, seller)  # a second first order waits, and finds what this one wrote
        found = in_force(session, seller)
    fresh = [text for text in found.values() if text.id is None]
    for text in fresh:
        text.written_at = now
    session.add_all(fresh)
    if fresh:
        session.flush()
    return found


def terms_now(session: Session, seller: Seller, *, now: datetime) -> dict[str, int]:
    """Return the version of each page that holds now, as an order keeps it."""
    kept = keep(session, seller, now=now)
    return {page.value: text.number for page, text in kept.items()}


def write(
    session: Session, seller: Seller | None, draft: LegalDraft, *, actor: Actor, now: datetime
) -> LegalText:
    """Write the next version of a page; the same text again changes nothing.

    Raises `NotAllowed`, `Changed` when somebody wrote meanwhile, and `FieldRefused` for a fact
    that has no such name.
    """
    _require(actor, seller)
    for field in ("vi", "en"):
        unknown = sorted(set(FACT.findall(getattr(draft, field))) - KNOWN)
        if unknown:
            raise FieldRefused(field, "fact_unknown", name="{" + unknown[0] + "}")
    standing = keep(session, seller, now=now)[draft.page]
    if (standing.vi, standing.en) == (draft.vi, draft.en):
        return standing
    if standing.number != draft.over:
        raise Changed("somebody wrote another version", number=standing.number)
    fresh = LegalText(
        seller_id=seller.id if seller else None,
        page=draft.page,
        number=standing.number + 1,
        vi=draft.vi,
        en=draft.en,
        is_start=False,
        written_at=now,
        written_by_id=actor.account_id,
    )
    session.add(fresh)
    session.flush()
    after = {"legal_page": draft.page.value, "number": fresh.number}
    audit(session, actor, "legal_text_written", fresh, now=now, after=after)
    return fresh


def write_owner(
    session: Session, draft: OwnerDraft, *, actor: Actor, now: datetime, is_sample: bool = False
) -> SiteOwner:
    """Write down who runs the installation, or change it."""
    require(actor, Action.MANAGE_INSTALLATION, None)
    standing = queries.site_owner(session)
    if standing is None:
        standing = SiteOwner(id=1, is_sample=is_sample, name="", address="", phone="")
        session.add(standing)
    record_change(session, actor, "site_owner_changed", standing, draft.values, now=now)
    return standing


def blanks(text: str) -> list[str]:
    """Return what a text still has to be told.

    >>> blanks("Gọi lúc [chưa điền: giờ nghe điện thoại].")
    ['giờ nghe điện thoại']
    """
    return BLANK.findall(text)


def facts_in(text: str) -> list[str]:
    """Return the names of the facts a text asks for, each once."""
    return list(dict.fromkeys(FACT.findall(text)))


def _require(actor: Actor, seller: Seller | None) -> None:
    if seller is None:
        require(actor, Action.MANAGE_INSTALLATION, None)
    else:
        require(actor, Action.MANAGE_SELLER, seller.id)


def _start(seller: Seller | None, page: LegalPage) -> LegalText:
    of_seller = seller is not None
    return LegalText(
        seller_id=seller.id if seller else None,
        page=page,
        number=1,
        vi=starting_text(page, of_seller=of_seller, lang="vi"),
        en=starting_text(page, of_seller=of_seller, lang="en"),
        is_start=True,
    )
