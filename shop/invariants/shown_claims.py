"""Reading off a page what it claims: of its own goods, and of those on its cards.

A claim is an element with `data-claim="<certificate id>"`, and whatever stands in a list of
claims (`<ul class="cn">`) is one. On a card (`<li class="mon">`) it is of the goods whose page
the card leads to.
"""

import re
from html.parser import HTMLParser
from urllib.parse import unquote

_BATCH_LINK = re.compile(r"/01/(\d{14})/10/([^/?#]+)")
_PRODUCT_LINK = re.compile(r"(?:/en)?/san-pham/([^/?#]+)$")


class Page(HTMLParser):
    """What one page claims, and to which batches it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.claims: list[tuple[str, str]] = []
        """The number of a paper, and the name in the address of a card's goods or nothing."""
        self.without_paper: list[str] = []
        self.batches: set[tuple[str, str]] = set()
        self._items: list[str] = []
        self._card: str | None = None
        self._item: str | None = None
        self._list_depth = 0
        self._has_number = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note claims and links to batches."""
        values = dict(attrs)
        names = (values.get("class") or "").split()
        if tag == "ul" and (self._list_depth or "cn" in names):
            self._list_depth += 1
        if tag == "li":
            self._begin_item(is_card="mon" in names)
        number = values.get("data-claim")
        if number is not None:
            self.claims.append((number, self._card or ""))
            self._has_number = True
        self._note_link(values.get("href") or "")

    def _begin_item(self, *, is_card: bool) -> None:
        self._items.append("card" if is_card else "")
        if is_card:
            self._card = ""
        if self._list_depth:
            self._item, self._has_number = "", False

    def _note_link(self, href: str) -> None:
        if link := _BATCH_LINK.search(href):
            self.batches.add((link[1], unquote(link[2])))
        if self._card == "" and (goods := _PRODUCT_LINK.search(href)):
            self._card = unquote(goods[1])

    def handle_endtag(self, tag: str) -> None:
        """End an item of a list of claims, or a card."""
        if tag == "ul" and self._list_depth:
            self._list_depth -= 1
        if tag == "li":
            if self._items and self._items.pop() == "card":
                self._card = None
            if self._item is not None:
                if not self._has_number and self._item.strip():
                    self.without_paper.append(" ".join(self._item.split()))
                self._item = None

    def handle_data(self, data: str) -> None:
        """Collect the words of an item."""
        if self._item is not None:
            self._item += data
