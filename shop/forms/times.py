"""Times of day and moments, in Việt Nam's time, as people write them and as browsers send them."""

import re
from datetime import UTC, date, datetime, time

from shop.clock import VIETNAM
from shop.forms.characters import plain
from shop.forms.dates import EARLIEST, LATEST, read_date
from shop.forms.values import ValueRefused

_TIME = re.compile(r"(\d{1,2})(?: ?(?::|giờ|gio|g|h) ?(\d{2})?)(?:(?<=:\d\d):\d\d)?")
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})[t ](\d{2}:\d{2})(?::\d{2})?")
_SPOKEN = re.compile(r"(\S.*?\S?) (?:ngày )?([^ ]*\d[^ ]*[/.-][^ ]*)")


def read_time(text: str) -> time:
    """Return the time of day in `text`: `14:05`, `14h05`, `14 giờ 05`, `9h`.

    Raises `ValueRefused`: `time_empty`, `time_unreadable`, `time_invalid`.
    """
    typed = plain(text)
    if not typed:
        raise ValueRefused("time_empty")
    written = _TIME.fullmatch(typed)
    if written is None or (written[2] is None and typed.endswith(":")):
        raise ValueRefused("time_unreadable", typed=text)
    hour, minute = int(written[1]), int(written[2] or 0)
    if hour > 23 or minute > 59:
        raise ValueRefused("time_invalid", typed=text)
    return time(hour, minute)


def read_moment(
    text: str, *, today: date, earliest: date = EARLIEST, latest: date = LATEST
) -> datetime:
    """Return the moment in `text` in UTC; `text` is in Việt Nam's time.

    Takes `14:05 05/11/2026`, `9:40 ngày 5/11/26` and `2026-11-05T14:05`. Raises `ValueRefused`
    with `moment_unreadable`, or as `read_time` and `read_date` do.
    """
    typed = plain(text)
    if iso := _ISO.fullmatch(typed):
        day_text, time_text = iso.groups()
    elif spoken := _SPOKEN.fullmatch(typed):
        time_text, day_text = spoken.groups()
    else:
        raise ValueRefused("moment_unreadable", typed=text)
    day = read_date(day_text, today=today, earliest=earliest, latest=latest)
    return datetime.combine(day, read_time(time_text), VIETNAM).astimezone(UTC)
