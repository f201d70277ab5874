"""The time: now in UTC, and today in Việt Nam."""

import os
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

VIETNAM = ZoneInfo("Asia/Ho_Chi_Minh")


def now() -> datetime:
    """Return the present moment in UTC, moved by `DACSAN_CLOCK_DAYS` whole days when set."""
    return datetime.now(UTC) + timedelta(days=int(os.environ.get("DACSAN_CLOCK_DAYS", "0")))


def today() -> date:
    """Return the day it is in Việt Nam."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the day in Việt Nam in which `moment` lies."""
    return moment.astimezone(VIETNAM).date()
