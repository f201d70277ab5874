"""The pages of the office about the legal pages: what each lacks, and the form for one."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop.models.catalog import Seller
from shop.models.legal import LegalPage, LegalText
from shop.pages import legal, legal_words


def group(
    whose: str,
    seller: Seller | None,
    texts: Mapping[LegalPage, LegalText],
    raw: Mapping[str, Any],
) -> dict[str, Any]:
    """Return the pages of one owner with what each lacks."""
    return {
        "whose": whose,
        "title": seller.short_name if seller else _("Cả trang web"),
        "rows": [_row(whose, seller, text, raw) for text in texts.values()],
    }


def _row(
    whose: str, seller: Seller | None, text: LegalText, raw: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "title": legal_words.title(text.page, of_seller=seller is not None),
        "url": url_for("office_legal.edit", whose=whose, page=text.page.value),
        "public_url": legal.address(seller, text.page),
        "lacks": legal.lacks(text, raw),
        "is_start": text.is_start,
        "number": text.number,
        "written_at": text.written_at,
    }


def edit_page(
    whose: str,
    seller: Seller | None,
    text: LegalText,
    raw: Mapping[str, Any],
    *,
    base_url: str,
) -> dict[str, Any]:
    """Return what the form for one page shows beside its fields."""
    facts = legal_words.words(raw, text.page, base_url=base_url)
    names = {
        **{name: words for name, (_key, words) in legal_words.OWNER.items()},
        **legal_words.LISTS,
    }
    return {
        "whose": whose,
        "seller": seller,
        "text": text,
        "title": legal_words.title(text.page, of_seller=seller is not None),
        "public_url": legal.address(seller, text.page),
        "lacks": legal.lacks(text, raw),
        "facts": [
            ("{" + name + "}", str(words), _one_line(facts[name])) for name, words in names.items()
        ],
        "pages": list(legal.links(seller)),
    }


def _one_line(fact: Any) -> str:
    if isinstance(fact, str):
        return fact
    return str(_("danh sách %(count)s dòng", count=len(fact)))
