"""The office's list of papers: which hold, which end soon, what they speak for."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from shop import formats
from shop.locales import current_locale
from shop.models.catalog import Certificate
from shop.services.batch_story import paper_state

SOON_DAYS = 60
"""A paper that ends within so many days is shown as a task (R49)."""

STATES: Mapping[str, tuple[Any, str]] = {
    "valid": (_l("Còn hiệu lực"), ""),
    "soon": (_l("Sắp hết hạn"), "canh"),
    "expired": (_l("Hết hạn"), "hong"),
    "revoked": (_l("Bị thu hồi"), "hong"),
    "to_come": (_l("Chưa tới ngày"), ""),
}
"""Words and tone by state."""


def rows(
    papers: Sequence[Certificate], spoken_for: Mapping[int, Sequence[str]], *, today: date
) -> list[dict[str, Any]]:
    """Return what the list says of each paper."""
    found = []
    for paper in papers:
        key = paper_state(paper, today)
        if key == "valid" and paper.expires_on and (paper.expires_on - today).days <= SOON_DAYS:
            key = "soon"
        words, tone = STATES[key]
        left = ""
        if key in {"valid", "soon"} and paper.expires_on:
            left = formats.days_left(paper.expires_on, today=today, lang=current_locale())
        found.append(
            {
                "id": paper.id,
                "title": paper.title,
                "number": paper.number,
                "issuer": paper.issuer,
                "issued_on": paper.issued_on,
                "expires_on": paper.expires_on,
                "left": left,
                "speaks_for": spoken_for.get(paper.id, []),
                "state": words,
                "tone": tone,
                "can_be_revoked": paper.revoked_on is None,
            }
        )
    return found
