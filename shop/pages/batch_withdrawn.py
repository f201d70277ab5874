"""The page of a code that was taken back: it names what it stood on, and why it went."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.clock import day_of
from shop.locales import current_locale
from shop.pages.batch import recall_banner
from shop.pages.seller_words import seller_words
from shop.services.batch_story import Story


def withdrawn_page(story: Story) -> dict[str, Any]:
    """Return what `batches/withdrawn.html` shows; a recall of the batch stands first even here."""
    head = story.head
    since = formats.day(day_of(head.withdrawn_at), current_locale())
    return {
        "head": head,
        "who": seller_words(head.seller_kind),
        "banner": recall_banner(story) if story.standing == "recalled" else None,
        "sentence": _("Mã này đã rút từ ngày %(day)s.", day=since),
        "responsible": {"name": head.short_name, "phone": head.seller_phone},
        "sample_data": head.is_sample,
        "report_url": url_for("batches.report", ma=head.lot, gtin=head.gtin),
    }
