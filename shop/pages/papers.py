"""Certificates in words: what they allow to claim, how long they hold, and what they say."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop import formats
from shop.claims import claim_words
from shop.forms.certificate import KINDS
from shop.locales import current_locale
from shop.pages.own_words import vietnamese
from shop.queries.certificates import CertificateRows
from shop.services.batch_story import Paper, paper_state

FIRST = ("vietgap", "organic", "ocop", "collective_mark", "geographical_indication")
"""Kinds that stand before the others."""

SPELLED: Mapping[str, Any] = {
    "stars": _l("Số sao"),
    "decision_number": _l("Quyết định số"),
    "standard": _l("Tiêu chuẩn"),
    "area_ha": _l("Diện tích (ha)"),
    "households": _l("Số hộ"),
    "expected_output_t_per_year": _l("Sản lượng dự kiến (tấn/năm)"),
    "owner": _l("Chủ nhãn hiệu"),
    "nice_class": _l("Nhóm hàng"),
    "use_permit_number": _l("Giấy phép sử dụng số"),
    "management_body": _l("Nơi quản lý"),
    "facility_code": _l("Mã cơ sở"),
    "legal_basis": _l("Căn cứ"),
    "applied_standard": _l("Tiêu chuẩn áp dụng"),
    "receiving_authority": _l("Nơi nhận"),
    "lab_accreditation": _l("Phòng thử nghiệm"),
    "parameter": _l("Chỉ tiêu"),
    "method": _l("Cách thử"),
    "result": _l("Kết quả"),
    "sample_received_on": _l("Ngày nhận mẫu"),
    "animal_origin_commune": _l("Vật nuôi từ"),
    "quantity_kg": _l("Khối lượng (kg)"),
    "slaughter_stamp": _l("Dấu giết mổ"),
    "reason": _l("Lý do"),
}
"""By the name of what a certificate says beyond number, issuer and dates."""

OWN_ISSUERS: Mapping[str, Any] = {"Cơ sở tự công bố": _l("Cơ sở tự công bố")}
"""Issuers that are nobody's name."""

_RECORDS = ("animal_quarantine", "test_report")
_QUOTED = re.compile("“[^”]+”")
_DECIMAL = re.compile(r"\d+\.\d+")


def ordered(papers: Iterable[Paper]) -> list[Paper]:
    """Return `papers` with the claims first, those of one kind together."""
    ranks = {kind: rank for rank, kind in enumerate(FIRST)}
    return sorted(papers, key=lambda paper: ranks.get(paper.row.kind, len(FIRST)))


def row(paper: Paper) -> dict[str, Any]:
    """Return a certificate as a line of the batch page."""
    return {
        "id": paper.row.id,
        "title": _claim(paper.row) if paper.is_valid else title(paper.row),
        "note": state_words(paper),
        "url": url_for("certificates.show", certificate_id=paper.row.id),
    }


def is_record(paper: Paper) -> bool:
    """Return whether a paper is about one consignment or sample: it stays true after its end."""
    return paper.row.kind in _RECORDS and paper.state in {"valid", "expired"}


def record(paper: Paper) -> dict[str, Any]:
    """Return such a paper as a line of the batch page, with its day."""
    day = formats.day(paper.row.issued_on, current_locale())
    return row(paper) | {"note": _("cấp ngày %(day)s", day=day)}


def title(found: Any) -> str:
    """Return what a paper is called: by its own title, on a page in English by its kind."""
    if current_locale() == "vi":
        return str(found.title)
    words = _claim_of_title(found) or str(KINDS.get(found.kind, ""))
    return words or vietnamese(found.title)


def _claim(found: Any) -> str:
    """Return what a certificate lets us say, with the name it is about: `Nhãn hiệu … “…”`."""
    return _claim_of_title(found) or title(found)


def _claim_of_title(found: Any) -> str:
    words = claim_words(found.kind, found.extra)
    return " ".join([words, *_QUOTED.findall(found.title)[:1]]) if words else ""


def state_words(paper: Paper) -> str:
    """Return until when a certificate holds, or since when it does not."""
    lang, found = current_locale(), paper.row
    if paper.state == "revoked":
        return str(_("bị thu hồi ngày %(day)s", day=formats.day(found.revoked_on, lang)))
    if paper.state == "expired":
        return str(_("hết hạn ngày %(day)s", day=formats.day(found.expires_on, lang)))
    if paper.state == "to_come":
        return str(_("chưa có hiệu lực, từ %(day)s", day=formats.day(found.issued_on, lang)))
    if found.expires_on is None:
        return str(_("từ %(day)s", day=formats.day(found.issued_on, lang)))
    return str(_("đến %(day)s", day=formats.day(found.expires_on, lang)))


def certificate_page(rows: CertificateRows, *, today: date) -> dict[str, Any]:
    """Return what `certificates/show.html` shows."""
    head = rows.head
    paper = Paper(head, paper_state(head, today))
    return {
        "paper": head,
        "is_valid": paper.is_valid,
        "state": state_words(paper),
        "facts": _facts(paper),
        "products": [
            (url_for("catalog.product", slug=product.slug), product.name)
            for product in rows.products
        ],
        "lots": [
            (url_for("batches.show", gtin=row.gtin, lot=row.lot), row.lot)
            for row in {row.lot: row for row in reversed(rows.lots)}.values()
        ],
        "seller_url": url_for("catalog.seller", slug=head.seller_slug),
        "responsible": {"name": head.short_name, "phone": head.phone},
        "sample_data": head.is_sample,
    }


def issuer(name: str) -> str:
    """Return who issued a paper; what is no name is said in the language of the page."""
    return str(OWN_ISSUERS.get(name, name))


def _facts(paper: Paper) -> list[tuple[str, str]]:
    found, lang = paper.row, current_locale()
    until = formats.day(found.expires_on, lang) if found.expires_on else _("không ghi thời hạn")
    told: list[tuple[str, str]] = [
        (_("Số"), found.number),
        (_("Nơi cấp"), issuer(found.issuer)),
        (_("Cấp cho"), found.seller_name),
        (_("Cấp ngày"), formats.day(found.issued_on, lang)),
        (_("Có hiệu lực đến"), until),
        (_("Phạm vi"), found.scope),
    ]
    told += [(str(words), _value(found.extra.get(key))) for key, words in SPELLED.items()]
    return [(label, value) for label, value in told if value]


def _value(value: Any) -> str:
    """Return a value of a certificate's own, days as people write them."""
    text = "" if value is None else str(value)
    try:
        return formats.day(date.fromisoformat(text), current_locale())
    except ValueError:
        is_figure = _DECIMAL.fullmatch(text) and current_locale() != "en"
        return text.replace(".", ",") if is_figure else text
