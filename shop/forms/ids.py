"""Numbers that a form or an address carries along: of rows, of pages, of what was shown before."""

import re

LARGEST = 2_147_483_647
"""The largest whole number that a column of the database holds, on SQLite and PostgreSQL alike."""

_DIGITS = re.compile("[0-9]{1,10}")


def read_number(text: str) -> int | None:
    """Return the whole number in `text`; `None` unless it is plain digits up to `LARGEST`.

    >>> read_number("17"), read_number("2147483648"), read_number("١٧"), read_number("")
    (17, None, None, None)
    """
    number = int(text) if _DIGITS.fullmatch(text) else None
    return number if number is not None and number <= LARGEST else None


def read_id(text: str) -> int | None:
    """Return the number of a row or a page in `text`; `None` for what no row can have.

    >>> read_id("17"), read_id("0")
    (17, None)
    """
    return read_number(text) or None
