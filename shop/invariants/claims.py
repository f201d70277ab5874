"""Invariant 8: no page shows a claim without a certificate valid for that batch and day.

Which papers hold is worked out here by SQL of its own; what pages show is read off the pages
themselves. A claim is an element with `data-claim="<certificate id>"`, and whatever stands in a
list of claims (`<ul class="cn">`) is one.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html.parser import HTMLParser
from urllib.parse import quote, unquote

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule

Fetch = Callable[[str], tuple[int, str]]
"""Asks for a page of the shop: path -> status and HTML."""

_HOLDS = """
    SELECT id FROM certificate WHERE issued_on <= :today
    AND (expires_on IS NULL OR expires_on >= :today)
    AND (revoked_on IS NULL OR revoked_on > :today)
"""
_BATCH_LINK = re.compile(r"/01/(\d{14})/10/([^/?#]+)")


@dataclass(slots=True)
class _Papers:
    """The papers that hold today, by what they speak for."""

    everywhere: set[str] = field(default_factory=set)
    of_product: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_batch: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))


class _Page(HTMLParser):
    """What one page claims, and to which batches it leads."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.claims: list[str] = []
        self.without_paper: list[str] = []
        self.batches: set[tuple[str, str]] = set()
        self._item: str | None = None
        self._list_depth = 0
        self._has_number = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note claims and links to batches."""
        values = dict(attrs)
        if tag == "ul" and (self._list_depth or "cn" in (values.get("class") or "").split()):
            self._list_depth += 1
        if tag == "li" and self._list_depth:
            self._item, self._has_number = "", False
        number = values.get("data-claim")
        if number is not None:
            self.claims.append(number)
            self._has_number = True
        link = _BATCH_LINK.search(values.get("href") or "")
        if link:
            self.batches.add((link[1], unquote(link[2])))

    def handle_endtag(self, tag: str) -> None:
        """End an item of a list of claims."""
        if tag == "ul" and self._list_depth:
            self._list_depth -= 1
        if tag == "li" and self._item is not None:
            if not self._has_number and self._item.strip():
                self.without_paper.append(" ".join(self._item.split()))
            self._item = None

    def handle_data(self, data: str) -> None:
        """Collect the words of an item."""
        if self._item is not None:
            self._item += data


def rules(fetch: Fetch, *, today: date) -> tuple[Rule, ...]:
    """Return the rules over the public pages that `fetch` gives, on the day `today`."""
    fetch = cache(fetch)
    return (
        Rule(
            8,
            "claim_without_paper",
            "certificate",
            lambda reader: _wrong_claims(reader, fetch, today),
            "Trang {page} khoe “{claim}” mà hôm nay không có giấy còn hiệu lực cho lô này.",
            "Page {page} claims “{claim}”, and no paper valid today speaks for this batch.",
        ),
        Rule(
            8,
            "page_not_shown",
            "page",
            lambda reader: _missing_pages(reader, fetch),
            "Trang {page} trả lời {status} nên không xem được.",
            "Page {page} answered {status} and cannot be looked at.",
        ),
    )


def _missing_pages(reader: Reader, fetch: Fetch) -> Iterator[Row]:
    for path, _, expected in _pages(reader):
        status, _html = fetch(path)
        if status not in expected:
            yield {"row": path, "page": path, "status": status}


def _wrong_claims(reader: Reader, fetch: Fetch, today: date) -> Iterator[Row]:
    papers = _papers(reader, today)
    batches = _batches(reader)
    for path, allowed_by, expected in _pages(reader):
        status, html = fetch(path)
        if status not in expected:
            continue
        page = _Page(html)
        allowed = allowed_by(papers, [batches[key] for key in page.batches if key in batches])
        wrong = [number for number in page.claims if number not in allowed]
        for claim in dict.fromkeys([*wrong, *page.without_paper]):
            yield {"row": claim, "page": path, "claim": claim}


Allowed = Callable[[_Papers, list[int]], set[str]]


def _pages(reader: Reader) -> Iterator[tuple[str, Allowed, set[int]]]:
    """Yield every public page with what it may claim and how it may answer."""
    for path in ("/", "/san-pham"):
        yield path, lambda papers, _: papers.everywhere, {200}
    for row in reader.rows("SELECT slug FROM seller ORDER BY id"):
        yield f"/htx/{row['slug']}", lambda papers, _: papers.everywhere, {200}
    for row in reader.rows("SELECT id, slug FROM product WHERE state = 'published' ORDER BY id"):
        yield f"/san-pham/{row['slug']}", _of_product(row["id"]), {200}
    for row in reader.rows("""
        SELECT b.id, b.product_id, b.lot, k.gtin, bp.withdrawn_at
        FROM batch_pack bp JOIN batch b ON b.id = bp.batch_id JOIN pack k ON k.id = bp.pack_id
        WHERE b.kind = 'retail' AND b.state <> 'draft' ORDER BY bp.id
    """):
        path = f"/01/{row['gtin']}/10/{quote(row['lot'], safe='')}"
        answers = {200} if row["withdrawn_at"] is None else {200, 410}
        yield path, _of_batch(row["id"], row["product_id"]), answers


def _of_product(product_id: int) -> Allowed:
    def allowed(papers: _Papers, linked: list[int]) -> set[str]:
        of_batches = (papers.of_batch[batch_id] for batch_id in linked)
        return papers.of_product[product_id].union(*of_batches)

    return allowed


def _of_batch(batch_id: int, product_id: int) -> Allowed:
    return lambda papers, _: papers.of_product[product_id] | papers.of_batch[batch_id]


def _batches(reader: Reader) -> dict[tuple[str, str], int]:
    return {
        (row["gtin"], row["lot"]): row["id"]
        for row in reader.rows(
            "SELECT k.gtin, b.lot, b.id FROM batch_pack bp "
            "JOIN batch b ON b.id = bp.batch_id JOIN pack k ON k.id = bp.pack_id"
        )
    }


def _papers(reader: Reader, today: date) -> _Papers:
    found = _Papers()
    holding = {row["id"] for row in reader.rows(_HOLDS, today=reader.day(today))}
    found.everywhere = {str(number) for number in holding}
    for row in reader.rows(
        "SELECT cp.certificate_id, cp.product_id FROM certificate_product cp "
        "JOIN certificate c ON c.id = cp.certificate_id WHERE c.covers_all_batches"
    ):
        if row["certificate_id"] in holding:
            found.of_product[row["product_id"]].add(str(row["certificate_id"]))
    for row in reader.rows("SELECT certificate_id, batch_id FROM certificate_batch"):
        if row["certificate_id"] in holding:
            found.of_batch[row["batch_id"]].add(str(row["certificate_id"]))
    return found
