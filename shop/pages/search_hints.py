"""What stands above the hits of a search: pages that are called so, codes that look like one."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.forms.lots import code_key
from shop.models.legal import LegalPage
from shop.pages import legal_words
from shop.pages.batch_codes import proposals
from shop.pages.goods_search import Searched
from shop.queries import batch_codes
from shop.search.folding import fold, to_ascii

_LOT = re.compile(r"([A-Za-z]{2,5}[- ./]?\d{6})(?:[- ./]?[0-9A-Za-z]{1,4})?")
_ORDER = re.compile(r"(?=.*\d)(?=.*[A-Za-z].*[A-Za-z])[0-9A-Za-z]{4}[- .]?[0-9A-Za-z]{4}")

_LEGAL: Mapping[LegalPage, tuple[str, ...]] = {
    LegalPage.DELIVERY: (
        "giao hang", "phi giao hang", "phi giao", "phi ship", "ship", "ship hang", "van chuyen",
        "phi van chuyen", "delivery", "shipping",
    ),
    LegalPage.RETURNS: (
        "doi tra", "doi hang", "tra hang", "doi tra hang", "hoan tien", "returns", "refund",
        "refunds",
    ),
    LegalPage.PAYMENT: (
        "thanh toan", "tra tien", "cach tra tien", "chuyen khoan", "cod", "vietqr", "payment",
        "payments",
    ),
    LegalPage.COMPLAINTS: ("khieu nai", "gop y", "complaint", "complaints"),
    LegalPage.ABOUT: (
        "lien he", "hotline", "dien thoai", "so dien thoai", "ve chung toi", "gioi thieu",
        "contact", "about", "about us",
    ),
    LegalPage.TERMS: ("dieu khoan", "terms"),
    LegalPage.PERSONAL_DATA: (
        "du lieu ca nhan", "bao mat", "quyen rieng tu", "chinh sach bao mat", "privacy",
    ),
    LegalPage.RECALL: ("thu hoi", "thu hoi hang", "recall", "recalls"),
    LegalPage.WARNING: ("lua dao", "canh giac"),
}  # fmt: skip
_CODES = (
    "tra cuu", "tra ma", "ma lo", "tra lo", "truy xuat", "nguon goc", "truy xuat nguon goc",
    "traceability",
)  # fmt: skip
_ORDERS = (
    "don hang", "tra don", "tim don", "tra don hang", "don hang cua toi", "don cua toi",
    "kiem tra don hang", "my order", "orders", "order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hints:
    """Sentences, links and lots; `searched` has no goods where a code was meant."""

    searched: Searched
    links: tuple[tuple[str, str], ...] = ()
    """Address and words of each page that was perhaps looked for."""
    lot: str = ""
    """What looks like the code of a lot and is none."""
    lots: tuple[dict[str, str], ...] = ()
    """Lots whose codes begin so."""

    @property
    def is_there(self) -> bool:
        """Return whether anything is said, so that an empty list needs no further words."""
        return bool(self.links or self.lot)


def hints(session: Session, question: str, searched: Searched, *, demo: bool) -> Hints:
    """Return what is said above the goods found for `question`."""
    if searched.is_down or not question or searched.found.is_exact:
        return Hints(searched)
    typed = to_ascii(question)
    if links := _pages(fold(question)):
        return Hints(Searched() if searched.found.read_as else searched, links)
    if (lot := _LOT.fullmatch(typed)) is not None:
        key = code_key(typed)
        found = batch_codes.codes_begun(session, key, demo=demo) or batch_codes.codes_begun(
            session, code_key(lot[1]), demo=demo
        )
        link = url_for("batches.look_up"), str(_("Tra mã trên gói"))
        return Hints(Searched(), (link,), lot=typed.upper(), lots=tuple(proposals(found)))
    is_hit = searched.found.hits and not (searched.found.read_as or searched.found.is_part)
    if _ORDER.fullmatch(typed) and not is_hit:
        look_up = url_for("orders.look_up", code=question), str(_("Tra đơn hàng"))
        return Hints(Searched(), (look_up,))
    return Hints(searched)


def _pages(words: str) -> tuple[tuple[str, str], ...]:
    for page, names in _LEGAL.items():
        if words in names:
            title = legal_words.title(page, of_seller=False)
            return ((url_for("legal.of_site", page=page.value), title),)
    if words in _CODES:
        return ((url_for("batches.look_up"), str(_("Tra mã trên gói"))),)
    if words in _ORDERS:
        return ((url_for("orders.look_up"), str(_("Tra đơn hàng"))),)
    return ()
