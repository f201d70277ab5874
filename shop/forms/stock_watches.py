"""How somebody wants to be told that goods have come: a phone number or an e-mail address."""

from dataclasses import dataclass

from shop.forms.checkout import read_email
from shop.forms.phones import read_phone
from shop.forms.values import ValueRefused

LONGEST = 120


@dataclass(frozen=True, slots=True)
class Contact:
    """One of the two; the other is empty."""

    phone: str = ""
    email: str = ""


def read_contact(text: str) -> Contact:
    """Return the contact in `text`; a phone number in E.164, an address in small letters.

    Raises `ValueRefused` `contact_empty`, and what the readers of numbers and addresses refuse.
    """
    typed = text.strip()
    if not typed:
        raise ValueRefused("contact_empty")
    if "@" in typed:
        return Contact(email=read_email(typed[: LONGEST + 1]).lower())
    return Contact(phone=read_phone(typed))
