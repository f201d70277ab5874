"""The one error that every part of this library raises."""

__all__ = ["TraceabilityError", "excerpt"]


class TraceabilityError(Exception):
    """A code, event or proof was refused.

    `kind` is a stable word to decide by (`bad_check_digit`, `unknown_ai`, ...), `message` an
    English sentence for a log, `subject` the offending piece, where one can be named, as
    `excerpt` shows it.

    >>> error = TraceabilityError("bad_length", "a GTIN has 8, 12, 13 or 14 digits", subject="12")
    >>> error.kind, error.subject, str(error)
    ('bad_length', '12', 'a GTIN has 8, 12, 13 or 14 digits')
    """

    def __init__(self, kind: str, message: str, *, subject: str = "") -> None:
        super().__init__(kind, message)
        self.kind, self.message, self.subject = kind, message, excerpt(subject)

    def __str__(self) -> str:
        return self.message


def excerpt(text: str, limit: int = 48) -> str:
    """Return `text` fit to stand in a message: unprintable characters escaped, cut at `limit`.

    >>> excerpt("A\\x1dB"), excerpt("9" * 60, limit=5)
    ('A\\\\x1dB', '99999…')
    """
    shown = "".join(c if c.isprintable() else ascii(c)[1:-1] for c in text[:limit])
    return shown + ("…" if len(text) > limit else "")
