"""Reading a form field by field: what was refused keeps its text and gains a sentence."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from shop import messages_forms
from shop.forms.values import ValueRefused

Value = TypeVar("Value")


def in_page_order(faults: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the fields with faults in the order of `names`, which is that of the page."""
    place = {name: number for number, name in enumerate(names)}
    return sorted(faults, key=lambda name: place.get(name, len(place)))


class Fields:
    """The fields of one form as they were typed, and the faults found in them."""

    def __init__(self, typed: Mapping[str, str]) -> None:
        self._typed = typed
        self.faults: dict[str, str] = {}

    def typed(self, name: str) -> str:
        """Return what was typed into the field, to be shown again."""
        return self._typed.get(name, "")

    def read(
        self,
        name: str,
        reader: Callable[..., Value],
        *,
        instead: Mapping[str, object] | None = None,
        **options: object,
    ) -> Value | None:
        """Return what `reader` makes of the field, or `None` with a fault noted.

        `instead` gives this form's own sentence for a code of the refusal.
        """
        try:
            return reader(self.typed(name), **options)
        except ValueRefused as refused:
            own = (instead or {}).get(refused.code)
            self.refuse(name, str(own) if own else messages_forms.sentence(refused))
            return None

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field; the first fault found in it stays."""
        self.faults.setdefault(name, sentence)

    def note(self, name: str, refused: ValueRefused) -> None:
        """Note a refusal beside a field, in the sentence of its code."""
        self.refuse(name, messages_forms.sentence(refused))
