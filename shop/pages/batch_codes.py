"""Codes that were looked for: where they lead, and what is said when they lead nowhere."""

from collections.abc import Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.pages.seller_words import seller_words
from shop.services.batch_codes import Found

LONGEST_SHOWN = 40


def address_of(code: Any) -> str:
    """Return where the page of a code is: under its GTIN, or under its seller without one."""
    if code.gtin is None:
        return url_for("batches.internal", seller=code.seller_slug, lot=code.lot)
    return url_for("batches.show", gtin=code.gtin, lot=code.lot)


def unknown_page(*, lot: str, gtin: str, product: Any, proposals: Sequence[Any]) -> dict[str, Any]:
    """Return what `batches/unknown.html` shows of a code that stands on no batch."""
    shown = _short(lot or gtin)
    sentence = _("Không có lô mang mã %(code)s.") if lot else _("Không có món mang số %(code)s.")
    words = seller_words(product.seller_kind) if product else None
    return {
        "sentence": str(sentence) % {"code": shown},
        "product": product,
        "words": words,
        "tell": words.tell if words else _("Báo cho chúng tôi"),
        "responsible": _responsible(product),
        "sample_data": product is not None and product.is_sample,
        "proposals": [_choice(code) for code in proposals],
        "report_url": url_for("batches.report", ma=_short(lot), gtin=_short(gtin)),
    }


def look_up_page(found: Found) -> dict[str, Any]:
    """Return what `batches/look_up.html` shows when a code leads nowhere, or to several packs."""
    shown = _short(found.typed)
    return {
        "typed": shown,
        "choices": [_choice(code) for code in found.codes],
        "proposals": [_choice(code) for code in found.proposals],
        "retired": found.product,
        "report_url": url_for("batches.report", ma=shown),
    }


def proposals(codes: Sequence[Any]) -> list[dict[str, str]]:
    """Return the lots among codes in words, each once."""
    unique = {(code.seller_slug, code.lot): code for code in reversed(codes)}
    return [_choice(code) for code in reversed(unique.values())]


def _choice(code: Any) -> dict[str, str]:
    made = formats.day(code.made_on, current_locale()) if code.made_on else ""
    facts = [code.name or code.goods, code.label, code.short_name, made]
    return {
        "lot": code.lot,
        "pack": code.label or code.goods,
        "url": address_of(code),
        "words": " · ".join(filter(None, facts)),
    }


def _responsible(product: Any) -> dict[str, str] | None:
    return {"name": product.short_name, "phone": product.phone} if product else None


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "…"
