"""What the search field finds: goods in the index, or the page of a code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import structlog
from flask import current_app, url_for
from sqlalchemy.orm import Session

from shop.forms.lots import code_key
from shop.pages.batch_codes import address_of
from shop.pages.goods_asked import Asked
from shop.queries import batch_codes, batch_page
from shop.search.engine import IndexUnusable
from shop.search.find import EXACT, MOST, Found
from shop.search.folding import fold
from shop.search.shelf import Shelf
from shop.services import old_places
from shop.services import search as search_service
from shop.services.orders import is_order_code, read_order_code
from traceability import gtin as gtins

SHORTEST_SUGGESTED = 3
SUGGESTIONS = 6
SELLER_LETTERS = 2
"""Letters of the seller before the rest of an order code: `NK 7K2QF9`."""

log = structlog.get_logger()

NOTHING = Found()


@dataclass(frozen=True, slots=True)
class Searched:
    """What was found for the question of a list; `is_down` while the index cannot be used."""

    found: Found = NOTHING
    is_down: bool = False
    lies_in: Sequence[str] = ()
    """The provinces of today where the place lies that was asked for by another name."""

    def ids(self, asked: Asked) -> tuple[int, ...] | None:
        """Return the goods found, best first; nothing where all are listed."""
        if not asked.q or self.is_down:
            return None
        return tuple(product_id for product_id, _tier in self.found.hits)

    def tiers(self) -> tuple[int, ...]:
        """Return how near each of `ids` is; 0 is nearest."""
        return tuple(tier for _product_id, tier in self.found.hits)

    def words(self, asked: Asked) -> dict[str, Any]:
        """Return what the page says of a correction: what was read, what may be meant, links."""
        return {
            "read_as": self.found.read_as,
            "exactly_url": asked.address(dung="1", trang=""),
            "perhaps": self.found.perhaps,
            "perhaps_url": asked.address(q=self.found.perhaps, trang=""),
            "is_down": self.is_down,
            "lies_in": ", ".join(self.lies_in),
        }


def search(session: Session, asked: Asked, *, today: date) -> Searched:
    """Look up the question of a list; an index that cannot be used is said, never an error."""
    if not asked.q:
        return Searched()
    try:
        found = _shelf().find(asked.q, exactly=asked.exactly)
        if _is_named(found) or asked.exactly:
            return Searched(found)
        return _of_place(session, asked.q, found, today=today) or Searched(found)
    except IndexUnusable as error:
        log.warning("search_index_unusable", why=str(error)[:200])
        return Searched(is_down=True)


def suggestions(session: Session, typed: str, *, today: date) -> list[str]:
    """Return names of goods for what was typed so far, none below three letters."""
    if len(typed.strip()) < SHORTEST_SUGGESTED:
        return []
    try:
        found = _shelf().find(typed)
        if not _is_named(found) and (places := old_places.provinces_of(session, typed, day=today)):
            return list(_shelf().suggest(places[0], most=SUGGESTIONS, exactly=True))
        return list(_shelf().suggest(typed, most=SUGGESTIONS))
    except IndexUnusable:
        return []


def _is_named(found: Found) -> bool:
    return found.is_exact and found.is_side_by_side


def _of_place(session: Session, typed: str, found: Found, *, today: date) -> Searched | None:
    """Return the goods of the place that was typed, whatever it is called today.

    A place we know is never read as something else, also where nothing of it is sold.
    """
    places = old_places.provinces_of(session, typed, day=today)
    if not places:
        return None
    of_places = [_shelf().find(place, exactly=True) for place in places]
    near = [hit for one in of_places for hit in one.hits if hit[1] <= EXACT]
    hits = near[:MOST] if near or found.read_as or found.is_exact else found.hits
    is_of_today = any(fold(typed).endswith(fold(place)) for place in places)
    return Searched(Found(tuple(hits), is_exact=bool(near)), lies_in=() if is_of_today else places)


def _shelf() -> Shelf:
    folder = search_service.folder(current_app.extensions["dacsan_settings"])
    shelf: Shelf | None = current_app.extensions.get("dacsan_shelf")
    if shelf is None or shelf.folder != folder:
        shelf = current_app.extensions["dacsan_shelf"] = Shelf(folder)
    return shelf


def page_of_code(session: Session, asked: Asked, searched: Searched) -> str:
    """Return the address of the batch, pack or order whose code was typed; empty if it is none.

    What has the form of an order code leads to the page that asks for the digits of the phone,
    whether there is such an order or not. Words that name goods, here or elsewhere, are no code.
    """
    question, key = asked.q, code_key(asked.q)
    if searched.found.is_exact and not key.isdecimal():
        return ""
    has_figures = any(letter.isdecimal() for letter in key)
    for found in batch_codes.codes_with_key(session, key)[:1] if has_figures else ():
        return address_of(found)
    if key.isdecimal() and gtins.is_valid(key):
        number = gtins.validate(key)
        if batch_page.gtin_product(session, number) is not None:
            return url_for("batches.by_gtin", gtin=number)
    if key.isalpha() and searched.found.hits and not searched.found.read_as:
        return ""  # goods are called so elsewhere: eight letters need not be a code
    if key.isalpha() and len(question.split()[0]) not in {len(key), SELLER_LETTERS}:
        return ""  # two words, as `green tea`: a code has its blank behind the seller's letters
    code = read_order_code(question)
    return url_for("orders.look_up", code=code) if is_order_code(code) else ""
