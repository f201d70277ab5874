"""Which part of a long list a page shows."""

from dataclasses import dataclass

from shop.forms.ids import read_id


@dataclass(frozen=True, slots=True)
class Part:
    """One page of `pages`, counted from 1, of a list of `total` rows."""

    page: int
    pages: int
    total: int
    limit: int

    @property
    def offset(self) -> int:
        """Return how many rows come before this part."""
        return (self.page - 1) * self.limit

    @property
    def previous(self) -> int | None:
        """Return the number of the page before, if there is one."""
        return self.page - 1 if self.page > 1 else None

    @property
    def following(self) -> int | None:
        """Return the number of the page after, if there is one."""
        return self.page + 1 if self.page < self.pages else None


def part(asked: str, *, total: int, limit: int) -> Part:
    """Return the part that was asked for by its number, the last or first where there is none.

    >>> part("9", total=45, limit=20).page, part("x", total=0, limit=20).pages
    (3, 1)
    """
    pages = max(1, -(-total // limit))
    return Part(min(pages, read_id(asked) or 1), pages, total, limit)
