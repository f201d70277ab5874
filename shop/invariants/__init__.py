"""Proofs that the data keeps the rules of `design.md` 3, with SQL of their own.

Nothing here imports a model, a query or a service: a mistake in those must not hide itself.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from sqlalchemy import Connection, Engine

from shop.invariants import (
    actors,
    changes,
    guards,
    imports,
    invoices,
    journal,
    money,
    refunds,
    repeats,
    returns,
    reviews,
    selling,
    stock,
    submissions,
    vouchers,
    weights,
)
from shop.invariants.reader import Reader
from shop.invariants.rules import Finding, Rule

__all__ = ["DATA_RULES", "Finding", "Rule", "at_one_moment", "prove"]

DATA_RULES: tuple[Rule, ...] = tuple(
    sorted(
        (
            *guards.RULES,
            *money.RULES,
            *refunds.RULES,
            *stock.RULES,
            *selling.RULES,
            *repeats.RULES,
            *journal.RULES,
            *weights.RULES,
            *actors.RULES,
            *changes.RULES,
            *imports.RULES,
            *reviews.RULES,
            *returns.RULES,
            *vouchers.RULES,
            *invoices.RULES,
            *submissions.RULES,
        ),
        key=lambda rule: rule.invariant,
    )
)
"""Every rule over the tables, by invariant; those over the pages are made by `claims.rules`."""


def at_one_moment(engine: Engine) -> Engine:
    """Return `engine` for reading a state of the database that nobody changes meanwhile."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(
            isolation_level="REPEATABLE READ", postgresql_readonly=True
        )
    return engine.execution_options(sqlite_begin="DEFERRED")


def prove(
    connection: Connection, *, now: datetime, rules: Iterable[Rule] = DATA_RULES
) -> Iterator[Finding]:
    """Yield every row that breaks one of `rules`, judged at the moment `now`."""
    reader = Reader(connection, now)
    for rule in rules:
        yield from rule.findings(reader)
