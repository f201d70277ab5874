"""Reading a form field by field: what was refused keeps its text and gains a sentence."""

from collections.abc import Callable, Iterable, Mapping
from typing import TypeVar

from shop import messages_forms
from shop.forms.offers import Offer, offers_of
from shop.forms.values import ValueRefused

Value = TypeVar("Value")


class Fault(str):
    """The sentence beside a field, with what may be meant: pages show a button for each."""

    offers: tuple[Offer, ...]

    def __new__(cls, sentence: str, offers: tuple[Offer, ...] = ()) -> "Fault":
        """Return the sentence as a text that knows its offers."""
        fault = super().__new__(cls, sentence)
        fault.offers = offers
        return fault


def fault_of(refused: ValueRefused, instead: object = None) -> Fault:
    """Return the sentence of a refusal, or the one `instead`, with what may be meant."""
    sentence = str(instead) if instead else messages_forms.sentence(refused)
    return Fault(sentence, offers_of(refused))


def offers_in(faults: Mapping[str, str]) -> dict[str, list[dict[str, str]]]:
    """Return by field what may be meant, as a script takes it: field, value, words of the tap."""
    return {
        name: [
            {"field": offer.field or name, "value": offer.value, "words": offer.words}
            for offer in fault.offers
        ]
        for name, fault in faults.items()
        if isinstance(fault, Fault) and fault.offers
    }


def in_page_order(faults: Iterable[str], names: Iterable[str]) -> list[str]:
    """Return the fields with faults in the order of `names`, which is that of the page."""
    place = {name: number for number, name in enumerate(names)}
    return sorted(faults, key=lambda name: place.get(name, len(place)))


def summary(faults: Iterable[str], names: Mapping[str, object]) -> list[tuple[str, str]]:
    """Return the fields with faults and their words, as they follow each other on the page."""
    return [(name, str(names.get(name, name))) for name in in_page_order(faults, names)]


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
            self.refuse(name, fault_of(refused, (instead or {}).get(refused.code)))
            return None

    def refuse(self, name: str, sentence: str) -> None:
        """Note what is wrong with a field; the first fault found in it stays."""
        self.faults.setdefault(name, sentence)

    def note(self, name: str, refused: ValueRefused) -> None:
        """Note a refusal beside a field, in the sentence of its code."""
        self.refuse(name, fault_of(refused))
