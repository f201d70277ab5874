"""Reviews as people read them: who speaks, how many stars, and what all of them come to."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shop import formats
from shop.clock import day_of
from shop.forms.reviews import MOST_STARS
from shop.locales import current_locale
from shop.models.catalog import PHOTO_LARGE
from shop.models.reviews import Review, ReviewState, Salutation
from shop.pages import pictures

TITLES: Mapping[Salutation, Any] = {
    Salutation.CHI: _l("Chị"),
    Salutation.ANH: _l("Anh"),
    Salutation.NONE: "",
}

OPINIONS = {
    5: _l("Rất ưng"),
    4: _l("Ưng"),
    3: _l("Tạm được"),
    2: _l("Chưa ưng"),
    1: _l("Không ưng"),
}

STATES = {
    ReviewState.WAITING: _l("Chờ đọc"),
    ReviewState.SHOWN: _l("Đang hiện"),
    ReviewState.REFUSED: _l("Không hiện"),
}


def author(salutation: Salutation, initial: str) -> str:
    """Return who speaks, and never more of the name: `Chị H.`"""
    return f"{TITLES[salutation]} {initial}".strip()


def stars_words(stars: int) -> str:
    """Return a number of stars in words: no drawing is needed to understand it."""
    return str(ngettext("%(num)s sao", "%(num)s sao", stars))


def star_choices() -> list[dict[str, Any]]:
    """Return the choice of stars, best first."""
    return [
        {"value": stars, "title": stars_words(stars), "note": str(OPINIONS[stars])}
        for stars in range(MOST_STARS, 0, -1)
    ]


def name_choices(initial: str) -> list[dict[str, Any]]:
    """Return how somebody may be called, each as it will stand above the review."""
    return [{"value": one.value, "title": author(one, initial)} for one in Salutation]


def rating(row: Any) -> dict[str, Any] | None:
    """Return what the reviews of a product come to, from its counts; nothing without any.

    The average is given to a tenth, half up, with a bar in words for each number of stars.
    """
    counts = {stars: getattr(row, f"stars_{stars}") or 0 for stars in range(MOST_STARS, 0, -1)}
    total = sum(counts.values())
    if not total:
        return None
    points = sum(stars * count for stars, count in counts.items())
    tenths = (20 * points + total) // (2 * total)
    average = formats.decimal(tenths, 10, current_locale())
    said = ngettext("%(num)s đánh giá", "%(num)s đánh giá", total)
    return {
        "average": average,
        "total": total,
        "words": _("%(average)s/5 sao · %(count)s", average=average, count=said),
        "bars": [
            (stars_words(stars), count, round(100 * count / total))
            for stars, count in counts.items()
        ],
    }


def shown(rows: Sequence[Any]) -> list[dict[str, Any]]:
    """Return the rows of `queries.reviews.shown` as one entry for each review."""
    entries: dict[int, dict[str, Any]] = {}
    for row in rows:
        entry = entries.setdefault(row.id, _entry(row))
        if row.photo is not None:
            entry["photos"].append(photo(row.photo, row.extension, row.formats))
    return list(entries.values())


def _entry(row: Any) -> dict[str, Any]:
    return {
        "author": author(row.salutation, row.initial),
        "stars": stars_words(row.stars),
        "day": day_of(row.submitted_at),
        "pack": row.title,
        "sent_back": row.sent_back,
        "text": row.text,
        "reply": row.reply,
        "photos": [],
    }


def photo(key: str, extension: str, formats: str) -> dict[str, Any]:
    """Return a photo of a review in all sizes, with the address of the largest."""
    large = url_for("reviews.photo", key=key, width=PHOTO_LARGE, extension=extension)
    return pictures.of_review(key, extension, formats) | {"large": large}


def state_on_order(review: Review | None) -> str:
    """Return the words of the link beside an order line."""
    if review is None:
        return str(_("Đánh giá"))
    return str(
        {
            ReviewState.WAITING: _("Sửa đánh giá"),
            ReviewState.SHOWN: _("Xem đánh giá"),
            ReviewState.REFUSED: _("Viết lại đánh giá"),
        }[review.state]
    )
