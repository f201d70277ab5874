"""On which day goods that are ordered now are at the door: cut-off hour, rest days, the way.

Pure reckoning in Việt Nam's time, so that page, checkout and order say one day.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from shop.clock import VIETNAM

CHILLED_DAYS = 1
"""Days that chilled goods may be under way: they arrive within 24 hours (`field.md` R44)."""

LONGEST_REST = 60
"""Days in a row after which a calendar that never opens is taken for a mistake."""


@dataclass(frozen=True, slots=True)
class Timetable:
    """When a way of delivery leaves: before `cutoff` on days on which nobody rests.

    `weekdays` are days of the week that are free, Monday being 1; `days_off` are dates.
    """

    days: int
    cutoff: time | None = None
    weekdays: Collection[int] = ()
    days_off: Collection[date] = ()

    def rests_on(self, day: date) -> bool:
        """Return whether nothing leaves or is handed over on `day`."""
        return day.isoweekday() in self.weekdays or day in self.days_off


def days_promised(
    table: Timetable, today: date, *, is_chilled: bool
) -> tuple[date | None, date | None]:
    """Return the days for what is ordered today before the cut-off hour, and after it.

    Both are the same where no hour parts the day; the pair holds from midnight to midnight, so
    that a page which is kept may say it.
    """
    morning = datetime.combine(today, time(), VIETNAM)
    night = datetime.combine(today, time.max, VIETNAM)
    early = delivery_day(table, morning, is_chilled=is_chilled)
    return early, delivery_day(table, night, is_chilled=is_chilled)


def delivery_day(table: Timetable, now: datetime, *, is_chilled: bool) -> date | None:
    """Return the day on which what is ordered at `now` is at the door; `None` where it cannot be.

    An order at the cut-off hour itself is too late for the day. Chilled goods leave only if the
    day they arrive is no rest day, and never by a way that takes more than a day; other goods
    wait out a rest day and arrive on the next.
    """
    if is_chilled and table.days > CHILLED_DAYS:
        return None
    local = now.astimezone(VIETNAM)
    leaves = local.date()
    if table.cutoff is not None and local.time() >= table.cutoff:
        leaves += timedelta(days=1)
    for _ in range(LONGEST_REST):
        arrives = leaves + timedelta(days=table.days)
        if not table.rests_on(leaves) and not (is_chilled and table.rests_on(arrives)):
            while table.rests_on(arrives):
                arrives += timedelta(days=1)
            return arrives
        leaves += timedelta(days=1)
    return None
