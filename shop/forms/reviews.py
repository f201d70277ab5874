"""What a buyer says of goods: stars, a few words, how to be called."""

import re
from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.text import read_text
from shop.forms.values import ValueRefused
from shop.models.reviews import Salutation

LONGEST_TEXT = 1000
MOST_STARS = 5

NAMES = {
    "stars": _l("số sao"),
    "text": _l("lời đánh giá"),
    "photo": _l("ảnh"),
    "salutation": _l("tên hiện ra"),
}
"""What the summary of faults calls each field."""

_MARKUP = re.compile(r"</?[a-z][^<]*>|\[/?(?:url|img|b|i)\b|\{\{|\]\(", re.IGNORECASE)
_LINK = re.compile(
    r"https?:|www\.|\b[\w.+-]+@[\w-]+\.\w|\b[\w-]{2,}\.(?:com|net|org|vn|info|shop|xyz|top|me)\b",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"(?<!\d)(?:\+?84|0)[ .()\-]*(?:\d[ .()\-]*){8,10}(?!\d)")


@dataclass(frozen=True, slots=True)
class Said:
    """A review as it was typed and read; the text may be empty, the stars may not."""

    stars: int
    text: str
    salutation: Salutation


def read_stars(text: str) -> int:
    """Return the stars of a choice; raise `ValueRefused` `stars_empty` for anything else."""
    if text.strip() not in {str(number) for number in range(1, MOST_STARS + 1)}:
        raise ValueRefused("stars_empty")
    return int(text)


def read_review_text(text: str) -> str:
    """Return the words of a review, which everybody will read.

    Raises `ValueRefused`: `review_has_phone`, `review_has_link` and `review_has_markup`, for
    what must not stand there or is not read as it was meant, and what `read_text` refuses.
    """
    words = read_text(text, longest=LONGEST_TEXT)
    if _NUMBER.search(words):
        raise ValueRefused("review_has_phone")
    if _LINK.search(words):
        raise ValueRefused("review_has_link")
    if _MARKUP.search(words):
        raise ValueRefused("review_has_markup")
    return words


def read_review(fields: Fields) -> Said | None:
    """Return the review in `fields`, or `None` with the faults beside their fields."""
    stars = fields.read("stars", read_stars)
    text = fields.read("text", read_review_text)
    called = fields.typed("salutation")
    known = {one.value for one in Salutation}
    if stars is None or text is None:
        return None
    return Said(stars, text, Salutation(called) if called in known else Salutation.NONE)
