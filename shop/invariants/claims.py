"""Invariant 8: no page shows a claim without a certificate valid for that batch and day.

Which papers hold, and which batch would be sent, is worked out here by SQL of its own; what pages
show is read off the pages themselves (`shown_claims`). Kept pages are those that this command saw
the last time and that the shop still confirms: they are what a browser shows today.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from urllib.parse import quote

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule
from shop.invariants.shown_claims import Page

Fetch = Callable[[str], tuple[int, str]]
"""Asks for a page of the shop: path -> status and HTML."""

_HOLDS = """
    SELECT id FROM certificate WHERE issued_on <= :today
    AND (expires_on IS NULL OR expires_on >= :today)
    AND (revoked_on IS NULL OR revoked_on > :today)
"""
_SENT_FIRST = """
    SELECT p.slug, bp.pack_id, b.id
    FROM stock_level l
    JOIN place pl ON pl.id = l.place_id
    JOIN batch_pack bp ON bp.id = l.batch_pack_id
    JOIN batch b ON b.id = bp.batch_id
    JOIN pack k ON k.id = bp.pack_id
    JOIN product p ON p.id = k.product_id
    WHERE pl.sells_online AND k.is_offered AND l.on_hand > l.reserved
    AND b.state = 'released' AND bp.withdrawn_at IS NULL
    AND (b.expires_on IS NULL OR b.expires_on >= :today)
    ORDER BY CASE WHEN b.expires_on IS NULL THEN 1 ELSE 0 END, b.expires_on, b.made_on, b.lot
"""


@dataclass(slots=True)
class Papers:
    """The papers that hold today, by what they speak for."""

    everywhere: set[str] = field(default_factory=set)
    of_product: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_batch: defaultdict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    of_card: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    """By the name in the address of goods: what their card may say, for the batches sent."""


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
    for path, _, expected in pages(reader):
        status, _html = fetch(path)
        if status not in expected:
            yield {"row": path, "page": path, "status": status}


def _wrong_claims(reader: Reader, fetch: Fetch, today: date) -> Iterator[Row]:
    judge = Judge(reader, today)
    for path, allowed_by, expected in pages(reader):
        status, html = fetch(path)
        if status in expected:
            for claim in judge.wrong(Page(html), allowed_by):
                yield {"row": claim, "page": path, "claim": claim}


Allowed = Callable[[Papers, list[int]], set[str]]


class Judge:
    """Knows which papers hold today, and says which claims of a page do not."""

    def __init__(self, reader: Reader, today: date) -> None:
        self._papers, self._batches = _papers(reader, today), _batches(reader)

    def wrong(self, page: Page, allowed_by: Allowed) -> list[str]:
        """Return the claims that no paper allows, and those that name none."""
        linked = [self._batches[key] for key in page.batches if key in self._batches]
        allowed = allowed_by(self._papers, linked)
        wrong = [
            number
            for number, goods in page.claims
            if number not in (self._papers.of_card[goods] if goods else allowed)
        ]
        return list(dict.fromkeys([*wrong, *page.without_paper]))


def pages(reader: Reader) -> Iterator[tuple[str, Allowed, set[int]]]:
    """Yield every public page with what it may claim and how it may answer."""
    for path in ("/", "/en/", *_list_pages(reader)):
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


def _list_pages(reader: Reader) -> Iterator[str]:
    """Yield more pages of the list than there are goods for; the last ones are empty."""
    [counted] = reader.rows("SELECT COUNT(*) AS goods FROM product WHERE state = 'published'")
    yield "/san-pham"
    yield from (f"/san-pham?trang={page}" for page in range(2, 2 + counted["goods"] // 24))


def _of_product(product_id: int) -> Allowed:
    def allowed(papers: Papers, linked: list[int]) -> set[str]:
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


def _papers(reader: Reader, today: date) -> Papers:
    found = Papers()
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
    for row in reader.rows("SELECT id, slug FROM product"):
        found.of_card[row["slug"]] |= found.of_product[row["id"]]
    first: dict[int, Row] = {}
    for row in reader.rows(_SENT_FIRST, today=reader.day(today)):
        first.setdefault(row["pack_id"], row)
    for row in first.values():
        found.of_card[row["slug"]] |= found.of_batch[row["id"]]
    return found
