"""The way of a batch from the plot to the pack, as `templates/_macros/timeline.html` shows it."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.clock import VIETNAM, day_of
from shop.locales import current_locale
from shop.pages.own_words import step as step_title
from shop.pages.own_words import vietnamese
from shop.pages.place_words import place
from shop.pages.step_words import measured
from shop.pages.unit_words import counted
from shop.services.batch_story import Harvest, Story

FEW_NAMES = 6
"""From this many plots or suppliers on, only their number is said."""

PACKING = "pack"
"""The code of a step that puts the goods into packs (`services.batches`)."""


def timeline(story: Story) -> list[dict[str, Any]]:
    """Return harvest, steps, packing and release in order.

    Where the last step is the packing itself, it says what was packed; else packing follows it.
    """
    year = (story.head.packed_on or story.head.made_on or date.min).year
    entries = [_harvest(harvest, year) for harvest in story.harvests]
    *before, last = story.steps or [None]
    entries += [_step(step, year, _out(step)) for step in before]
    if last is not None:
        is_packing = last.code == PACKING
        entries.append(_step(last, year, packed(story) if is_packing else _out(last)))
    if last is None or last.code != PACKING:
        entries.append(_packing(story, year))
    if story.head.released_at is not None:
        moment = formats.moment(story.head.released_at, current_locale())
        entries.append({"title": _("Xem lại, cho bán"), "details": [moment]})
    return entries


def packed(story: Story) -> str:
    """Return how many packs of each size there are: `136 gói 200 g`."""
    lang = current_locale()
    return ", ".join(
        f"{counted(pack.produced, pack.unit)}"
        f" {formats.net(pack.net_quantity, pack.net_unit, lang)}"
        for pack in story.packs
    )


def span(start: datetime, end: datetime, *, year: int) -> str:
    """Return when a step was done: `02/11, 9–15 giờ`, or the days; the year if it is another."""
    first, last = _day(day_of(start), year), _day(day_of(end), year)
    if first != last:
        return str(_("%(first)s đến %(last)s", first=first, last=last))
    begun, ended = start.astimezone(VIETNAM), end.astimezone(VIETNAM)
    if current_locale() == "en" or begun.minute or ended.minute:
        hours = f"{formats.clock_time(start)}–{formats.clock_time(end)}"
    elif begun.hour == ended.hour:
        hours = f"{begun.hour} giờ"
    else:
        hours = f"{begun.hour}–{ended.hour} giờ"
    return f"{first}, {hours}"


def several(names: Sequence[str], otherwise: str) -> str:
    """Return `names` joined, or `otherwise` where there are many."""
    return ", ".join(names) if len(names) < FEW_NAMES else otherwise


def _day(day: date, year: int) -> str:
    lang = current_locale()
    if day.year != year:
        return formats.day(day, lang)
    return formats.short_day(day, lang) if lang == "en" else f"{day:%d/%m}"


def _harvest(harvest: Harvest, year: int) -> dict[str, Any]:
    plots = several(harvest.plots, _("%(count)s thửa", count=len(harvest.plots)))
    suppliers = several(harvest.suppliers, _("%(count)s nơi bán", count=len(harvest.suppliers)))
    places = [
        _("thửa %(plots)s", plots=plots) if harvest.plots else "",
        ", ".join(map(place, harvest.hamlets)) if len(harvest.hamlets) < FEW_NAMES else "",
        suppliers,
    ]
    details = [
        _day(harvest.day, year) if harvest.day else "",
        *places,
        formats.weight(harvest.total_g, current_locale()),
    ]
    entry: dict[str, Any] = {
        "title": vietnamese(harvest.goods),
        "details": [text for text in details if text],
    }
    if len(harvest.slips) == 1:
        ((seller, lot, _grams),) = harvest.slips
        entry["url"] = url_for("batches.internal", seller=seller, lot=lot)
        entry["url_words"] = _("Phiếu %(lot)s", lot=lot)
    return entry


def _step(step: Any, year: int, came_out: str) -> dict[str, Any]:
    details = [
        span(step.started_at, step.ended_at, year=year),
        vietnamese(step.place),
        step.shown_name,
        *measured(step.details, current_locale()),
        _from_to(step.in_g + step.added_g, came_out),
    ]
    return {
        "title": step_title(step.code, step.name),
        "details": [text for text in details if text],
    }


def _out(step: Any) -> str:
    return formats.weight(step.out_g, current_locale())


def _packing(story: Story, year: int) -> dict[str, Any]:
    day = _day(story.head.packed_on, year) if story.head.packed_on else ""
    details = [day, _from_to(story.finished_g, packed(story))]
    return {"title": _("Đóng gói"), "details": [text for text in details if text]}


def _from_to(grams: int, came_out: str) -> str:
    return f"{formats.weight(grams, current_locale())} → {came_out}" if grams else came_out
