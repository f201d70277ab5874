"""Households behind goods: named where they agreed to it, counted where not (R41)."""

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import ngettext

from shop.locales import current_locale
from shop.services.addresses import in_sentence
from shop.services.batch_story import Person

MOST_NAMES = 6
"""More names than this are only counted."""


def households(named: Sequence[Person], hidden: int) -> tuple[str, str] | None:
    """Return the names and a note on the others; `None` where no household took part."""
    if not named and not hidden:
        return None
    notes = []
    more = len(named) - MOST_NAMES
    if more > 0:
        notes.append(ngettext("và %(num)s hộ khác", "và %(num)s hộ khác", more))
    if not named:
        return ngettext("%(num)s hộ, không nêu tên", "%(num)s hộ, không nêu tên", hidden), ""
    if hidden:
        notes.append(
            ngettext("và %(num)s hộ không nêu tên", "và %(num)s hộ không nêu tên", hidden)
        )
    first, *others = map(_household, named[:MOST_NAMES])
    if current_locale() != "en":
        others = [in_sentence(name) for name in others]
    return ", ".join([first, *others]), " ".join(notes)


def _household(person: Person) -> str:
    words = {"nam": _("Hộ anh %(name)s"), "nữ": _("Hộ chị %(name)s")}
    return str(words.get(person.gender or "", _("Hộ %(name)s"))) % {"name": person.name}
