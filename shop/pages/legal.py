"""A page that a shop must have: its text filled with what the books say, and what it lacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from sqlalchemy.orm import Session

from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.legal import LegalPage, LegalText
from shop.pages import legal_words
from shop.pages.markup import html_of
from shop.services import legal_facts, legal_texts
from shop.services.legal_facts import Raw
from shop.services.legal_starts import pages
from shop.services.orders import payment_rules


@dataclass(frozen=True, slots=True)
class Shown:
    """One page as people read it."""

    page: LegalPage
    title: str
    html: Markup
    lang: str
    """The language of the text, which is Vietnamese where there is no English yet."""


def shown(
    text: LegalText, raw: Mapping[str, Any], seller: Seller | None, *, base_url: str
) -> Shown:
    """Return a version of a page, filled with facts."""
    lang = "en" if current_locale() == "en" and text.en else "vi"
    facts = legal_words.words(raw, text.page, base_url=base_url)
    return Shown(
        page=text.page,
        title=legal_words.title(text.page, of_seller=seller is not None),
        html=html_of(text.en if lang == "en" else text.vi, facts, links(seller)),
        lang=lang,
    )


def previews(
    text: LegalText, raw: Mapping[str, Any], seller: Seller | None, *, base_url: str
) -> list[tuple[str, Markup]]:
    """Return each language in which a page was written, with the page as it would look."""
    facts = legal_words.words(raw, text.page, base_url=base_url)
    texts = (("vi", text.vi), ("en", text.en))
    return [(lang, html_of(one, facts, links(seller))) for lang, one in texts if one]


def links(seller: Seller | None) -> dict[str, str]:
    """Return where the names of pages lead that stand in a text of a seller, or of the site."""
    found = {page.value: url_for("legal.of_site", page=page.value) for page in LegalPage}
    if seller is not None:
        found |= {page.value: address(seller, page) for page in pages(of_seller=True)}
    found["tra-cuu"] = url_for("batches.look_up")
    return found | {"tai-khoan": url_for("buyers.account")}


def address(seller: Seller | None, page: LegalPage) -> str:
    """Return where a page of a seller, or of the site, stands."""
    if seller is None:
        return url_for("legal.of_site", page=page.value)
    return url_for("legal.of_seller", slug=seller.slug, page=page.value)


def neighbours(seller: Seller | None, here: LegalPage) -> list[tuple[str, str]]:
    """Return address and name of the other pages of the same owner."""
    of_seller = seller is not None
    return [
        (address(seller, page), legal_words.title(page, of_seller=of_seller))
        for page in pages(of_seller=of_seller)
        if page is not here
    ]


def facts(session: Session, seller: Seller | None, *, demo: bool, today: date) -> Raw:
    """Return what the books say for the pages of a seller, or of the site."""
    if seller is None:
        return legal_facts.of_site(session, demo=demo)
    return legal_facts.of_seller(session, seller, payment_rules(seller), today=today)


def lacks(text: LegalText, raw: Mapping[str, Any]) -> list[str]:
    """Return what a text still has to be told, blanks and facts, each in words."""
    return [
        *legal_texts.blanks(text.vi),
        *legal_words.lacking(raw, legal_texts.facts_in(text.vi)),
    ]
