"""Invariant 8 on kept pages: what a browser kept and the shop still confirms is true today.

The command keeps the pages it saw for its next run (`Copies`). A page that is confirmed then must
say what it would say if it were made anew, and claim nothing without a paper.
"""

import json
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from shop.invariants.claims import Judge, pages
from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule
from shop.invariants.shown_claims import Page

Ask = Callable[[str, str], tuple[int, str, str]]
"""Asks for a page with the tag of a kept one: path and tag -> status, HTML and tag."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was seen once: its tag and its HTML."""

    tag: str
    html: str


def rules(ask: Ask, kept: Mapping[str, Kept], *, today: date) -> tuple[Rule, ...]:
    """Return the rules over those of the `kept` pages that the shop confirms on `today`."""
    return (
        Rule(
            8,
            "kept_claim_without_paper",
            "certificate",
            lambda reader: _wrong_claims(reader, ask, kept, today),
            "Trang {page} mà máy khách đang giữ vẫn được xác nhận, nhưng khoe “{claim}” mà hôm "
            "nay không có giấy còn hiệu lực.",
            "A kept copy of page {page} is still confirmed, but claims “{claim}”, and no paper "
            "valid today speaks for it.",
        ),
        Rule(
            8,
            "kept_page_is_another",
            "page",
            lambda reader: _changed(reader, ask, kept),
            "Trang {page} đã khác mà bản máy khách đang giữ vẫn được xác nhận.",
            "Page {page} has changed, and the copy that browsers keep is still confirmed.",
        ),
    )


def _confirmed(reader: Reader, ask: Ask, kept: Mapping[str, Kept]) -> Iterator[tuple[str, Kept]]:
    for path, _allowed, _expected in pages(reader):
        copy = kept.get(path)
        if copy is not None and ask(path, copy.tag)[0] == 304:
            yield path, copy


def _wrong_claims(
    reader: Reader, ask: Ask, kept: Mapping[str, Kept], today: date
) -> Iterator[Row]:
    judge = Judge(reader, today)
    allowed_by = {path: allowed for path, allowed, _expected in pages(reader)}
    for path, copy in _confirmed(reader, ask, kept):
        for claim in judge.wrong(Page(copy.html), allowed_by[path]):
            yield {"row": claim, "page": path, "claim": claim}


def _changed(reader: Reader, ask: Ask, kept: Mapping[str, Kept]) -> Iterator[Row]:
    for path, copy in _confirmed(reader, ask, kept):
        _status, html, tag = ask(path, "")
        if tag == copy.tag and html != copy.html:
            yield {"row": path, "page": path}


class Copies:
    """The pages of the last run in a file, and those of this run for the next."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.kept: dict[str, Kept] = {}
        self._seen: dict[str, Kept] = {}
        if path.is_file():
            told = json.loads(zlib.decompress(path.read_bytes()))
            self.kept = {page: Kept(*copy) for page, copy in told.items()}

    def asking(self, ask: Ask) -> Ask:
        """Return `ask`, which notes what a browser would keep."""

        def noted(path: str, tag: str) -> tuple[int, str, str]:
            status, html, found = ask(path, tag)
            if status == 200 and found:
                self._seen[path] = Kept(found, html)
            return status, html, found

        return noted

    def save(self) -> None:
        """Keep the pages of this run in place of those of the last."""
        told = {page: [copy.tag, copy.html] for page, copy in self._seen.items()}
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=self._path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(zlib.compress(json.dumps(told).encode()))
        Path(name).replace(self._path)
