"""The page a helper gets when a consent has ended: since when, and what they had just typed."""

from collections.abc import Iterable
from datetime import date

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.forms import listing, member_batch
from shop.locales import current_locale
from shop.pages import person_words
from shop.queries import members

_CHOSEN = {"product", "plot", "how"}
"""Fields whose value is a number or a word of ours: sent again, but nothing to read."""


def sentence(session: Session, member_id: int, helper_id: int, *, today: date) -> str:
    """Return why an account acts for a member no more, in one sentence.

    Empty where the two never had to do with each other: nobody learns a name by a number.
    """
    last = members.last_consent(session, member_id, helper_id, today=today)
    if last is None:
        return ""
    called, lang = person_words.elder(last.member.full_name), current_locale()
    if last.withdrawn_at is not None:
        at = formats.moment_in_words(last.withdrawn_at, today=today, lang=lang)
        if last.withdrawn_by_id is not None and last.withdrawn_by_id == last.member.account_id:
            return str(_("Từ %(at)s %(name)s không còn cho làm hộ.", at=at, name=called))
        return str(_("Từ %(at)s HTX đã rút giấy nhờ của %(name)s.", at=at, name=called))
    if last.until < today:
        day = formats.day(last.until, lang)
        return str(_("Giấy nhờ của %(name)s đã hết hạn ngày %(day)s.", name=called, day=day))
    if last.given_on > today:
        day = formats.day(last.given_on, lang)
        return str(_("Giấy nhờ của %(name)s đến %(day)s mới có hiệu lực.", name=called, day=day))
    return str(_("Tài khoản này không còn là người làm hộ của HTX."))


def typed_text(typed: Iterable[tuple[str, str]]) -> str:
    """Return the words of a form, a line for each field, to be read and copied."""
    given = {name: value.strip() for name, value in typed if value.strip()}
    names = member_batch.NAMES if "goods" in given else listing.NAMES
    return "\n".join(
        f"{str(called).capitalize()}: {given[name]}"
        for name, called in names.items()
        if name in given and name not in _CHOSEN
    )
