"""What time it is, for callers who do not say."""

from datetime import UTC, datetime

__all__ = ["now"]


def now() -> datetime:
    """Return this moment in UTC."""
    return datetime.now(UTC)
