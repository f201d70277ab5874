"""The texts that the pages of every new shop begin with, and which pages they are about."""

from functools import cache
from pathlib import Path

from shop.models.legal import OF_SELLER, LegalPage

FOLDER = Path(__file__).parents[1] / "legal"


@cache
def starting_text(page: LegalPage, *, of_seller: bool, lang: str) -> str:
    """Return the text a page begins with, blanks named; `lang` is `vi` or `en`."""
    folder = FOLDER / ("seller" if of_seller else "site")
    return (folder / f"{page.value}.{lang}.txt").read_text(encoding="utf-8").strip()


def pages(*, of_seller: bool) -> tuple[LegalPage, ...]:
    """Return the pages of a seller, or those of the site, in the order they are listed."""
    return OF_SELLER if of_seller else tuple(LegalPage)
