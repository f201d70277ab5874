"""The time: now in UTC, and today in Việt Nam."""

import os
import time
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present moment in UTC, moved by `DACSAN_CLOCK_DAYS` whole days when set."""
    return datetime.now(UTC) + timedelta(days=int(os.environ.get("DACSAN_CLOCK_DAYS", "0")))


def stamp() -> int:
    """Return the microseconds since 1970, which nothing moves: later calls give no less."""
    return time.time_ns() // 1000


def next_midnight(moment: datetime) -> datetime:
    """Return, in UTC, when the day in Việt Nam ends in which `moment` lies."""
    tomorrow = day_of(moment) + timedelta(days=1)
    return datetime.combine(tomorrow, datetime.min.time(), VIETNAM).astimezone(UTC)


def today() -> date:
    """Return the day it is in Việt Nam."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the day in Việt Nam in which `moment` lies."""
    return moment.astimezone(VIETNAM).date()
