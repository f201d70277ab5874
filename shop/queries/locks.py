"""Holding a row while it is changed, on both databases."""

from typing import Any

from sqlalchemy.orm import Session


def lock(session: Session, row: Any) -> None:
    """Read `row` as it is now and hold it until the transaction ends.

    Rows that point to it can still be written. What was read along with it is not held:
    PostgreSQL locks nothing on the outer side of a join.
    """
    session.refresh(row, with_for_update={"key_share": True, "of": type(row)})
