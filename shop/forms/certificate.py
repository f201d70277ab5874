"""The paper that allows a claim, as the office types it from the original."""

from datetime import date

from flask_babel import force_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from shop.forms.base import Fields
from shop.forms.certificate_draft import CertificateDraft
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.numbers import read_count
from shop.forms.text import read_line, read_name

KINDS = {
    "vietgap": _l("Giấy chứng nhận VietGAP"),
    "organic": _l("Giấy chứng nhận hữu cơ"),
    "ocop": _l("Giấy chứng nhận OCOP"),
    "collective_mark": _l("Nhãn hiệu tập thể"),
    "geographical_indication": _l("Chỉ dẫn địa lý"),
    "food_safety": _l("Đủ điều kiện an toàn thực phẩm"),
    "self_declaration": _l("Bản tự công bố sản phẩm"),
    "test_report": _l("Phiếu kết quả thử nghiệm"),
    "animal_quarantine": _l("Giấy kiểm dịch, kiểm soát giết mổ"),
}
"""By the kind that is stored (`field.md` 6)."""

OF_ONE_BATCH = frozenset({"test_report", "animal_quarantine"})
"""Papers about a sample or a shipment: they speak for the batch they name and no other."""

NAMES = {
    "kind": _l("loại giấy"),
    "number": _l("số giấy"),
    "issuer": _l("nơi cấp"),
    "issued_on": _l("ngày cấp"),
    "expires_on": _l("ngày hết hạn"),
    "products": _l("sản phẩm"),
    "lot": _l("mã lô"),
    "stars": _l("số sao"),
    "scope": _l("phạm vi"),
    "revoked_on": _l("ngày thu hồi"),
}
"""What the summary of faults calls each field."""


def read_certificate(
    fields: Fields, product_ids: list[str], *, today: date
) -> CertificateDraft | None:
    """Return the paper in `fields`, or `None` with the faults noted."""
    kind = fields.typed("kind")
    if kind not in KINDS:
        fields.refuse("kind", _("Chọn loại giấy"))
    number = fields.read("number", read_line, longest=80)
    issuer = fields.read("issuer", read_name)
    issued_on = fields.read("issued_on", read_date, today=today, latest=today)
    expires_on = _read_expiry(fields, issued_on, today)
    scope = fields.read("scope", read_line, required=False, longest=300)
    lot = fields.read("lot", read_line, required=False, longest=20)
    chosen = [found for one in product_ids if (found := read_id(one)) is not None]
    if kind in OF_ONE_BATCH and not lot:
        fields.refuse("lot", _("Giấy này chỉ nói về một lô. Ghi mã lô, ví dụ LBT-261103-01"))
    elif kind not in OF_ONE_BATCH and not chosen:
        fields.refuse("products", _("Chọn ít nhất một sản phẩm có trên giấy"))
    extra = {}
    if kind == "ocop":
        stars = fields.read("stars", read_count, minimum=3, maximum=5)
        extra = {"stars": str(stars)}
    if fields.faults or number is None or issuer is None or issued_on is None:
        return None
    with force_locale("vi"):
        title = str(KINDS[kind])
    return CertificateDraft(
        kind=kind,
        title=title,
        number=number,
        issuer=issuer,
        issued_on=issued_on,
        expires_on=expires_on,
        scope=scope or "",
        product_ids=[] if kind in OF_ONE_BATCH else chosen,
        lot=(lot or "") if kind in OF_ONE_BATCH else "",
        extra=extra,
    )


def _read_expiry(fields: Fields, issued_on: date | None, today: date) -> date | None:
    if not fields.typed("expires_on").strip():
        return None
    expires_on = fields.read("expires_on", read_date, today=today)
    if expires_on is not None and issued_on is not None and expires_on < issued_on:
        fields.refuse("expires_on", _("Ngày hết hạn trước ngày cấp. Xin xem lại hai ngày"))
    return expires_on
