"""Reading a form field by field: what was refused keeps its text and gains a sentence."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from shop import messages_forms
from shop.forms.values import ValueRefused

Value = TypeVar("Value")


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
