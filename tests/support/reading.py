"""What comes of reading a typed text: a value or a refusal, never another error."""

from collections.abc import Callable
from typing import TypeVar

from shop.forms.values import ValueRefused

T = TypeVar("T")


def outcome(read: Callable[[str], T], text: str) -> tuple[T | None, ValueRefused | None]:
    """Return the value that `read` gives for `text`, or its refusal; other errors pass through."""
    try:
        return read(text), None
    except ValueRefused as refused:
        return None, refused
