"""The demo's legal pages: the texts every shop begins with, their blanks told."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from shop.demo.files import records
from shop.demo.people import DEMO
from shop.forms.legal_drafts import LegalDraft, OwnerDraft
from shop.models.catalog import Seller
from shop.services import legal_texts

OF_THE_SITE = "chung"

OWNER = {
    "name": "Nhóm hợp tác xã Đặc Sản (dữ liệu mẫu)",
    "address": "Xóm La Bằng, xã La Bằng, tỉnh Thái Nguyên",
    "phone": "+84540001000",
    "email": "dac-san@example.invalid",
    "tax_code": "0000000000",
    "registration_no": "MAU-DS-00",
    "registered_on": date(2025, 7, 1),
    "registered_by": "Nơi cấp mẫu, không có thật",
    "responsible": "Nguyễn Văn Mẫu (người đặt ra)",
}


def load(session: Session, sellers: Mapping[str, Seller], *, today: date, now: datetime) -> None:
    """Write who runs the site, and every page of every seller and of the site, complete."""
    legal_texts.write_owner(session, OwnerDraft(OWNER), actor=DEMO, now=now, is_sample=True)
    for record in records("legal", today):
        code = record.pop("code")
        _complete(session, None if code == OF_THE_SITE else sellers[code], record, now=now)


def _complete(
    session: Session, seller: Seller | None, told: Mapping[str, Any], *, now: datetime
) -> None:
    for page, text in legal_texts.keep(session, seller, now=now).items():
        draft = LegalDraft(page, text.vi, text.en, text.number)
        filled = legal_texts.BLANK.sub(lambda found: str(told[found[1]]), text.vi)
        legal_texts.write(session, seller, replace(draft, vi=filled), actor=DEMO, now=now)
