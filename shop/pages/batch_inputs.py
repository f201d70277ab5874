"""What went into a batch and onto its plots, in words: deliveries, ingredients, treatments."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from shop import formats
from shop.locales import current_locale
from shop.models.batches import InputKind
from shop.pages.batch_timeline import several
from shop.services.batch_story import Story, Treatment

MOST_SLIPS = 12
"""More slips than this are only counted."""


@dataclass(frozen=True, slots=True)
class Spraying:
    """The sentence about waiting days, in two parts: what was done, and whether it was enough."""

    done: str
    verdict: str
    is_kept: bool


def spraying(story: Story) -> Spraying | None:
    """Return the sentence about the waiting days after spraying; `None` for goods of no plot."""
    lang = current_locale()
    if story.has_unclear_spraying:
        return Spraying(_("Có lần phun thuốc chưa ghi đủ ngày:"), _("chưa rõ"), is_kept=False)
    if story.spraying is not None:
        done = _(
            "Phun thuốc %(day)s, cách ly %(wait)s ngày, hái sau %(waited)s ngày:",
            day=formats.short_day(story.spraying.applied_on, lang),
            wait=story.spraying.waiting_days,
            waited=story.spraying.waited_days,
        )
        is_kept = story.spraying.is_kept
        return Spraying(done, _("đủ ngày") if is_kept else _("chưa đủ ngày"), is_kept)
    if any(harvest.plots for harvest in story.harvests):
        return Spraying(_("Phun thuốc:"), _("sổ không ghi lần nào"), is_kept=True)
    return None


def treatments(story: Story) -> list[tuple[str, str]]:
    """Return what was put on the crop: name, and when, where, how much, how long to wait."""
    return [(one.name, _treatment(one)) for one in story.treatments]


def _treatment(one: Treatment) -> str:
    lang = current_locale()
    days = several([formats.day(day, lang) for day in one.days], _("%(n)s lần", n=len(one.days)))
    plots = several(one.plots, _("%(count)s thửa", count=len(one.plots)))
    wait = "" if one.waiting_days is None else _("cách ly %(days)s ngày", days=one.waiting_days)
    what = _("thuốc") if one.kind is InputKind.PESTICIDE else _("phân bón")
    where = _("thửa %(plots)s", plots=plots) if plots else ""
    return " · ".join(filter(None, [str(what), days, where, one.dose, wait]))


def slips(story: Story) -> dict[str, Any]:
    """Return the deliveries behind the batch as links, the first of many."""
    found = [slip for harvest in story.harvests for slip in harvest.slips]
    more = len(found) - MOST_SLIPS
    return {
        "shown": [
            (
                url_for("batches.internal", seller=seller, lot=lot),
                lot,
                formats.weight(grams, current_locale()),
            )
            for seller, lot, grams in found[:MOST_SLIPS]
        ],
        "more": ngettext("và %(num)s phiếu khác", "và %(num)s phiếu khác", more)
        if more > 0
        else "",
    }


def ingredients(story: Story) -> list[str]:
    """Return the ingredients that were added, with their weight where it was noted."""
    lang = current_locale()
    return [
        f"{name} {formats.weight(grams, lang)}" if grams else name
        for name, grams in story.ingredients
    ]
