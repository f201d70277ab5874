"""Asking for many rows by key: a statement takes only so many values at once."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

_AT_ONCE = 500

Key = TypeVar("Key", int, str)


def parts(keys: Iterable[Key]) -> Iterator[Sequence[Key]]:
    """Yield `keys`, each once and in order, in parts that one statement takes."""
    wanted = sorted(set(keys))
    for start in range(0, len(wanted), _AT_ONCE):
        yield wanted[start : start + _AT_ONCE]
