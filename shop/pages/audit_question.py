"""What somebody looks for in the change history, as people write it: a name without its marks, a
phone number in any way of writing it, a code, an amount, an address of the network."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from shop.pages import audit_acts
from shop.queries import audit_subjects, audit_trail
from shop.queries.audit_trail import Narrowed, Wanted
from shop.search.folding import fold

LEAST_DIGITS = 5
"""Fewer digits are no part of a phone number that finds anybody."""

_PHONE = re.compile(r"\+?[\d\s().-]+", re.ASCII)
_AMOUNT = re.compile(r"(\d[\d., ]*?)\s*(?:đ|₫|d|vnd|đồng|dong)?", re.ASCII | re.IGNORECASE)
_ORIGIN = re.compile(r"[0-9a-f]*[.:][0-9a-f.:]*", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Question:
    """Words as they are compared, and the phone number and the amount that they may be."""

    folded: str
    squeezed: str
    phone: str
    amount: int | None

    @classmethod
    def of(cls, words: str) -> "Question":
        """Return what `words` may mean."""
        folded = fold(words)
        return cls(folded, folded.replace(" ", ""), phone_part(words), _amount(words))

    def is_in(self, text: str) -> bool:
        """Return whether `text` holds the words or the phone number."""
        here = fold(text)
        if self.folded in here or self.squeezed in here.replace(" ", ""):
            return True
        return bool(self.phone) and self.phone in text

    def is_in_values(self, values: Mapping[str, Any]) -> bool:
        """Return whether one of `values` holds the words, or is the amount."""
        return any(
            value == self.amount if isinstance(value, int) else self.is_in(str(value))
            for value in _leaves(values)
        )


def _leaves(value: Any) -> Iterable[Any]:
    """Yield the texts and numbers in a value, and the names of those that stand under one."""
    if isinstance(value, Mapping):
        for inner in value.values():
            if isinstance(inner, Mapping):
                yield from inner
            yield from _leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner)
    elif value is not None and not isinstance(value, bool):
        yield value


def phone_part(words: str) -> str:
    """Return the digits of a phone number, or a part of one, as numbers are stored.

    >>> phone_part("0912 345 678"), phone_part("+84.912.345.678"), phone_part("345-678")
    ('+84912345678', '+84912345678', '345678')
    >>> phone_part("192.0"), phone_part("LBT-261103-01")
    ('', '')
    """
    digits = "".join(re.findall(r"[0-9]", words))
    if not _PHONE.fullmatch(words) or len(digits) < LEAST_DIGITS:
        return ""
    if words.startswith("+") or (digits.startswith("84") and len(digits) > len("84") + 8):
        return f"+{digits}"
    return f"+84{digits[1:]}" if digits.startswith("0") else digits


def _amount(words: str) -> int | None:
    found = _AMOUNT.fullmatch(words)
    return int("".join(re.findall(r"[0-9]", found[1]))) if found else None


def wanted(session: Session, narrowed: Narrowed, words: str) -> Wanted:
    """Return what fits `words` in the trail that `narrowed` says."""
    asked = Question.of(words)
    seller_id = narrowed.seller_id
    return Wanted(
        rows=audit_subjects.holding(session, seller_id, asked.is_in),
        actions=[name for name in audit_acts.ACTS if asked.is_in(audit_acts.act(name))],
        people=audit_trail.people_holding(session, seller_id, asked.is_in),
        entries=audit_trail.values_holding(session, narrowed, asked.is_in_values),
        origin=words if _ORIGIN.fullmatch(words) else "",
        device=words if words.isascii() and words.isalpha() else "",
    )
