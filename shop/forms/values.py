"""The one refusal that every reader of a typed value raises."""

import re

_MANGLED_BY_EXCEL = re.compile(r"-?\d(?:[.,]\d+)?e\+\d{1,3}", re.IGNORECASE)


class ValueRefused(ValueError):
    """What was typed cannot be taken.

    `code` is stable and has a sentence in `shop.messages_forms`; `values` fill that sentence.
    The exception's own text is the code alone, so that logs hold nothing a person typed.
    """

    def __init__(self, code: str, **values: object) -> None:
        super().__init__(code)
        self.code, self.values = code, values


def refuse_excel_damage(text: str, *, shown: str = "") -> None:
    """Raise `number_mangled_by_excel` if `text` is a number in powers of ten, like `8.93E+12`.

    A spreadsheet shows long numbers so, and the digits it cut off are lost. `shown` is how it
    was typed, where `text` was made plain before.
    """
    if _MANGLED_BY_EXCEL.fullmatch(text.strip()):
        raise ValueRefused("number_mangled_by_excel", typed=shown or text)
