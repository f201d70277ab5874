"""Counting up the versions of pages in the transaction that changes them, whoever writes.

Every session is listened to: rows that a flush writes and statements that change many rows at
once leave marks, and right before the commit the parts that `page_sources` names for them get
new versions. So no service says which pages it changes, and none can forget to.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from sqlalchemy import Insert, TextClause, case, event, inspect, select, union_all, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, UOWTransaction
from sqlalchemy.sql.dml import DMLWhereBase, UpdateBase

from shop import clock
from shop.models.base import Model
from shop.models.page_versions import PageVersion
from shop.page_sources import FOUND_BY, STANDS_ON, Change, Part, Standing, Values

Mark = tuple[str, int]
"""A part, or a way to parts with the id to start from."""

EVERYTHING: Mark = ("*", 0)
"""All parts there are: for a statement that does not tell which rows it changes."""

AT_ONCE = 500
"""How many ids a statement is asked with, and how many parts one counts up."""

_MARKS = "page_marks"
_MODELS = {inspect(model).local_table: model for model in STANDS_ON}
_NAMES = re.compile(rf"\b({'|'.join(sorted(model.__tablename__ for model in STANDS_ON))})\b")
_CHANGES = re.compile(r"\b(insert|update|delete)\b", re.IGNORECASE)


def listen() -> None:
    """Let every session of this process count up what it changes."""
    for name, listener in _LISTENERS.items():
        if not event.contains(Session, name, listener):
            event.listen(Session, name, listener)


def bump(session: Session, marks: Iterable[Mark]) -> None:
    """Give new versions to the parts that `marks` lead to, always in the same order.

    Whoever changes the same parts meanwhile waits here, right before a commit, and for no more.
    """
    wanted = set(marks)
    connection = session.connection()
    if EVERYTHING in wanted:
        later = _later(clock.stamp())
        everything = {"version": later, "next_change_at": _next_change()}
        connection.execute(update(PageVersion).values(everything))
    parts = sorted(_parts(session, wanted - {EVERYTHING}))
    stamp, until = clock.stamp(), _next_change()
    for some in _portions(parts):
        connection.execute(
            _upsert(connection.dialect.name),
            [
                {"kind": kind, "id": identity, "version": stamp, "next_change_at": until}
                for kind, identity in some
            ],
        )


def _next_change() -> Any:
    return clock.next_midnight(clock.now())


def _later(version: Any) -> Any:
    return case(
        (PageVersion.version >= version, PageVersion.version + 1),
        else_=version,
    )


def _upsert(dialect: str) -> Any:
    make: Any = postgresql.insert if dialect == "postgresql" else sqlite.insert
    statement = make(PageVersion)
    given = statement.excluded
    return statement.on_conflict_do_update(
        index_elements=[PageVersion.kind, PageVersion.id],
        set_={"version": _later(given.version), "next_change_at": given.next_change_at},
    )


def _parts(session: Session, marks: set[Mark]) -> set[Mark]:
    found = {mark for mark in marks if mark[0] not in FOUND_BY}
    ways: dict[str, list[int]] = {}
    for way, identity in sorted(marks - found):
        ways.setdefault(way, []).append(identity)
    asked: list[Any] = []
    for way, ids in ways.items():
        asked += [FOUND_BY[way](some) for some in _portions(ids)]
    if asked:
        rows: Any = session.connection().execute(_together(asked))
        found.update((kind, identity) for kind, identity in rows if identity is not None)
    return found


def _together(statements: list[Any]) -> Any:
    together: Any = union_all  # one alone would stand in brackets, which SQLite refuses
    return together(*statements) if len(statements) > 1 else statements[0]


def _portions(values: list[Any]) -> Iterator[list[Any]]:
    return (values[start : start + AT_ONCE] for start in range(0, len(values), AT_ONCE))


def _marks_of(standing: Standing, change: Change) -> Iterator[Mark]:
    """Yield where a row stands, and where it stood before."""
    for target in standing.on:
        if not target.when(change):
            continue
        name = target.kind if isinstance(target, Part) else target.way
        for row in (change.old, change.new):
            if row is None:
                continue
            if target.column and target.column not in row:
                yield EVERYTHING
            elif (identity := row[target.column] if target.column else 0) is not None:
                yield name, identity


def _mark(session: Session, standing: Standing, change: Change) -> None:
    session.info.setdefault(_MARKS, set()).update(_marks_of(standing, change))


def _note_flush(session: Session, _context: UOWTransaction) -> None:
    for row in session.new:
        if standing := STANDS_ON.get(type(row)):
            _mark(session, standing, Change(None, _values(row)))
    for row in session.deleted:
        if standing := STANDS_ON.get(type(row)):
            _mark(session, standing, Change(_values(row, before=True), None))
    for row in session.dirty:
        standing = STANDS_ON.get(type(row))
        if standing and _shows(standing, _changed(row)):
            old, is_whole = _values(row, before=True), _is_known(row)
            _mark(session, standing, Change(old, _values(row), is_whole))


def _changed(row: Model) -> set[str]:
    state = inspect(row)
    names = (attribute.key for attribute in state.mapper.column_attrs)
    return {name for name in names if state.attrs[name].history.has_changes()}


def _is_known(row: Model) -> bool:
    """Return whether the row was loaded as it was before it was changed."""
    state = inspect(row)
    return all(state.attrs[name].history.deleted for name in _changed(row)) and all(
        attribute.key in state.dict for attribute in state.mapper.column_attrs
    )


def _shows(standing: Standing, changed: set[str]) -> bool:
    if standing.seen is not None:
        return bool(changed & standing.seen)
    return bool(changed - standing.unseen)


def _values(row: Model, *, before: bool = False) -> Values:
    state = inspect(row)
    values = {
        attribute.key: state.dict[attribute.key]
        for attribute in state.mapper.column_attrs
        if attribute.key in state.dict
    }
    if before:
        for name in values:
            if deleted := state.attrs[name].history.deleted:
                values[name] = deleted[0]
    return values


def _note_statement(state: ORMExecuteState) -> None:
    """Mark where the rows stand that a statement inserts, or will change or delete."""
    statement = state.statement
    if isinstance(statement, TextClause):
        if _CHANGES.search(statement.text) and _NAMES.search(statement.text):
            state.session.info.setdefault(_MARKS, set()).add(EVERYTHING)
        return
    if not isinstance(statement, UpdateBase) or statement.table not in _MODELS:
        return
    session, standing = state.session, STANDS_ON[_MODELS[statement.table]]
    if isinstance(statement, Insert):
        for row in _inserted(state):
            _mark(session, standing, Change(None, row, is_whole=False))
    elif isinstance(statement, DMLWhereBase):
        columns = [statement.table.columns[name] for name in sorted(standing.columns())]
        hit = select(*columns)
        if statement.whereclause is not None:
            hit = hit.where(statement.whereclause)
        parameters = state.parameters if isinstance(state.parameters, dict) else {}
        for found in session.connection().execute(hit, parameters).mappings():
            _mark(session, standing, Change(dict(found), None, is_whole=False))


def _inserted(state: ORMExecuteState) -> list[Values]:
    given: Any = state.parameters
    if isinstance(given, dict):
        return [given]
    return list(given) if given else [{}]


def _count_up(session: Session) -> None:
    if session.in_nested_transaction():
        return
    session.flush()
    marks: set[Mark] = session.info.pop(_MARKS, set())
    if marks:
        bump(session, marks)


def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop(_MARKS, None)


_LISTENERS: dict[str, Callable[..., None]] = {
    "after_flush": _note_flush,
    "do_orm_execute": _note_statement,
    "before_commit": _count_up,
    "after_transaction_end": _forget,
}
