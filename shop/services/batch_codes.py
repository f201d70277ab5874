"""What people type, paste or scan, and the batch, product or order it may mean.

A code that fits nothing leads to proposals to compare with the pack, never to another batch's
page (R40, `design.md` 6).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from sqlalchemy.orm import Session

from shop.forms.characters import without_invisible
from shop.forms.lots import code_key
from shop.models.catalog import ProductState
from shop.queries import batch_codes, batch_page
from shop.services.orders import is_order_code, read_order_code
from shop.web_addresses import split_address
from traceability import gtin as gtins
from traceability import lot as lots
from traceability import scan
from traceability.digital_link import DigitalLink
from traceability.errors import TraceabilityError

__all__ = ["Found", "look_up", "near", "product_of", "stored_address", "stored_lot"]

LONGEST_TYPED = 300
PROPOSALS = 3

_NAMED = re.compile(
    r"(?:(?:ma|so|số|mã)\s*)?(?:lô|lo|lot|batch|đơn|don|gtin|ean)\b[\s:.#]*", re.IGNORECASE
)
_NUMBER_AND_LOT = re.compile(r"(\d{8}|\d{12,14})[\s,;/]+(\S.*)")
_CONTROL = re.compile("[\x00-\x1c\x1e\x1f\x7f]")  # all but the separator in element strings
_OWN_LOT = re.compile(r"(?:/en)?/lo/([^/]+)/([^/]+)/?")
_WITHOUT_SCHEME = re.compile(r"[\w.:-]+/(?:en/)?(?:01|lo)/")


@dataclass(frozen=True, slots=True)
class Found:
    """What a typed code may be: codes of batches, a product, an order, or only something near."""

    typed: str
    codes: Sequence[Any] = ()
    product: Any = None
    order_code: str = ""
    proposals: Sequence[Any] = ()


def stored_address(session: Session, gtin: str, lot: str) -> tuple[str, str] | None:
    """Return the GTIN and lot that a mistyped address means, if exactly one fits.

    Capitals, blanks and hyphens may differ and zeros at the front may lack; an address that was
    printed in former times leads to what it is today.
    """
    number = _gtin(gtin)
    if number is None:
        return None
    if present := batch_codes.present_code(session, number, _clean(lot)):
        return present.gtin, present.lot
    fitting = _fitting(lot, batch_codes.lots_of_gtin(session, number))
    return (number, fitting) if fitting else None


def stored_lot(session: Session, seller_slug: str, lot: str) -> str | None:
    """Return the lot of this seller that a mistyped address means, if exactly one fits."""
    return _fitting(lot, batch_codes.lots_of_seller(session, seller_slug))


def product_of(session: Session, gtin: str) -> Any:
    """Return the product behind a GTIN as it was typed; drafts are as unknown."""
    number = _gtin(gtin)
    found = batch_page.gtin_product(session, number) if number else None
    return None if found is None or found.state is ProductState.DRAFT else found


def near(session: Session, lot: str, *, gtin: str = "") -> list[Any]:
    """Return up to three public codes whose lot is one slip from `lot`, likeliest first.

    Those of `gtin` come first, and the same lot under another GTIN before other lots.
    """
    key = code_key(lot)
    if not key:
        return []
    number = _gtin(gtin) or ""
    by_key: dict[str, list[Any]] = {}
    for code in batch_codes.codes_about_key(session, key, gtin=number):
        by_key.setdefault(code_key(code.lot), []).append(code)
    ranked = [key, *lots.near(key, by_key)]
    ordered = [code for one in ranked for code in by_key.get(one, [])]
    unique: dict[tuple[str, str], Any] = {}
    for code in sorted(ordered, key=lambda code: code.gtin != number):
        unique.setdefault((code.seller_slug, code.lot), code)
    return list(unique.values())[:PROPOSALS]


def look_up(session: Session, text: str, *, own_hosts: frozenset[str]) -> Found:
    """Return what `text` may mean, from one lot to the text of a whole scanned code.

    `own_hosts` are the names under which this shop is reached: a number that only means
    something here is not looked up when it comes from another host.
    """
    typed = _clean(text[:LONGEST_TYPED])
    if (scanned := _scanned(session, typed, own_hosts)) is not None:
        return scanned
    bare = _NAMED.sub("", typed, count=1) if _NAMED.match(typed) else typed
    if codes := _codes(session, typed) or _codes(session, bare):
        return Found(typed, codes=codes)
    if (pair := _NUMBER_AND_LOT.fullmatch(bare)) is not None:
        return _by_address(session, typed, pair[1], pair[2])
    if (product := product_of(session, bare)) is not None:
        return Found(typed, product=product)
    if is_order_code(code := read_order_code(bare)):
        return Found(typed, order_code=code)
    return Found(typed, proposals=near(session, bare))


def _clean(text: str) -> str:
    """Return `text` with plain digits and letters instead of wide ones, nothing invisible."""
    return _CONTROL.sub("", unicodedata.normalize("NFKC", without_invisible(text))).strip()


def _gtin(text: str) -> str | None:
    try:
        return gtins.validate(re.sub(r"[\s-]", "", _clean(text)))
    except TraceabilityError:
        return None


def _fitting(lot: str, candidates: Sequence[str]) -> str | None:
    key = code_key(lot)
    fitting = {one for one in candidates if key and code_key(one) == key}
    return fitting.pop() if len(fitting) == 1 else None


def _codes(session: Session, text: str) -> Sequence[Any]:
    key = code_key(text)
    if not key:
        return ()
    return batch_codes.codes_with_lot(session, text) or batch_codes.codes_with_key(session, key)


def _scanned(session: Session, typed: str, own_hosts: frozenset[str]) -> Found | None:
    """Return what a link or an element string names; `None` for a text that is neither."""
    if _WITHOUT_SCHEME.match(typed):
        typed = f"https://{typed}"
    address = split_address(typed) if re.match(r"https?://", typed, re.IGNORECASE) else None
    host = address.netloc if address else ""
    if address and host in own_hosts and (own := _OWN_LOT.fullmatch(address.path)):
        seller, lot = unquote(own[1]), unquote(own[2])
        codes = batch_codes.codes_with_lot(session, lot)
        return Found(typed, codes=[code for code in codes if code.seller_slug == seller])
    link = _link(typed)
    if link is None:
        return Found(typed) if host else None
    if link.gtin is None or (link.is_internal and host and host not in own_hosts):
        return Found(typed)
    if link.lot:
        return _by_address(session, typed, link.gtin, link.lot)
    return Found(typed, product=product_of(session, link.gtin))


def _link(typed: str) -> DigitalLink | None:
    """Return the link in `typed`, if it is a link or holds elements beside a bare number."""
    try:
        found = scan.read(typed)
    except TraceabilityError:
        try:
            return DigitalLink.parse(typed, lenient=True)
        except TraceabilityError:
            return None
    return None if found.kind == "key" else found.link


def _by_address(session: Session, typed: str, gtin: str, lot: str) -> Found:
    address = stored_address(session, gtin, lot)
    if address is None:
        return Found(typed, proposals=near(session, lot, gtin=gtin))
    codes = batch_codes.codes_with_lot(session, address[1])
    return Found(typed, codes=[code for code in codes if code.gtin == address[0]])
