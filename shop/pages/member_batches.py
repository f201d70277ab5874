"""What a member's pages say of batches: lots, states, weights in figures and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats, messages_forms, spoken
from shop.forms.member_batch import HARVESTED, MADE, NO_CHOICE
from shop.forms.values import ValueRefused
from shop.locales import current_locale
from shop.models.batches import Batch, BatchState
from shop.models.catalog import Product
from shop.models.people import Member
from shop.models.submissions import Submission, SubmissionState
from shop.pages import office_changes
from shop.queries import member_goods

STATES: Mapping[BatchState, Any] = {
    BatchState.DRAFT: _l("HTX đang làm, chưa bán"),
    BatchState.RELEASED: _l("Được bán"),
    BatchState.HELD: _l("Đang tạm giữ để kiểm tra"),
    BatchState.RECALLED: _l("Đang thu hồi"),
}
ENTRY_STATES: Mapping[SubmissionState, Any] = {
    SubmissionState.DRAFT: _l("Bản nháp, chưa gửi HTX"),
    SubmissionState.SENT: _l("Đã gửi, chờ HTX cân và nhận"),
    SubmissionState.RETURNED: _l("HTX trả lại, cần sửa"),
    SubmissionState.APPROVED: _l("HTX đã nhận"),
    SubmissionState.WITHDRAWN: _l("Bác đã rút lại"),
}
TONES = {BatchState.HELD: "canh", BatchState.RECALLED: "hong"}


@dataclass(frozen=True, slots=True)
class Row:
    """One batch of a member, or an entry without one yet."""

    title: str
    facts: str
    state: str
    tone: str = ""
    url: str = ""
    reason: str = ""


def weight_words(grams: int) -> str:
    """Return a weight in figures and, in Vietnamese, as it is said: `28 kg, hai mươi tám cân`."""
    lang = current_locale()
    shown = formats.weight(grams, lang)
    return f"{shown}, {spoken.weight_in_words(grams)}" if lang == "vi" else shown


def said_words(name: str, value: str) -> str:
    """Return what was understood of a field, from what the form sends back: grams or a day."""
    if name == "quantity":
        return weight_words(int(value))
    return formats.day(date.fromisoformat(value), current_locale())


def early_words(early: Mapping[str, Any]) -> str:
    """Return the question to who harvested before the waiting time was over."""
    lang = current_locale()
    applied, until = (date.fromisoformat(early[name]) for name in ("applied_on", "earliest_on"))
    words = _(
        "Thửa này mới phun %(name)s ngày %(applied)s, phải đợi đến %(until)s mới được hái. "
        "Bác hái thật chưa?",
        name=early["name"],
        applied=formats.short_day(applied, lang),
        until=formats.short_day(until, lang),
    )
    return str(words)


def products(session: Session, member: Member, found: Submission | None) -> Sequence[Product]:
    """Return what may be chosen; of an entry that has its lot, only the product of that lot."""
    if found is not None and found.batch is not None and found.batch.product is not None:
        return [found.batch.product]
    return member_goods.products_to_make(session, member)


def choices(session: Session, member: Member, found: Submission | None) -> dict[str, Any]:
    """Return what the form offers to choose from."""
    return {
        "products": [(one.id, one.name) for one in products(session, member, found)],
        "plots": [(plot.id, plot_words(plot)) for plot in member.plots],
        "goods_before": member_goods.goods_before(session, member.id),
        "hows": _hows(),
    }


def needs() -> dict[str, str]:
    """Return by field what to say on a phone without a network where nothing is written."""
    codes = {"quantity": "weight_empty", "day": "date_empty"}
    said = {name: messages_forms.sentence(ValueRefused(code)) for name, code in codes.items()}
    return {name: str(words) for name, words in NO_CHOICE.items()} | said


def no_choices() -> dict[str, Any]:
    """Return what the form offers where nobody is known: the phone adds the rest."""
    nothing: list[Any] = []
    return {"products": nothing, "plots": nothing, "goods_before": nothing, "hows": _hows()}


def _hows() -> list[dict[str, str]]:
    return [
        {"value": HARVESTED, "title": _("Vừa hái"), "note": _("Hàng tươi, giao HTX làm tiếp")},
        {"value": MADE, "title": _("Vừa làm xong"), "note": _("Hàng đã chế biến ở nhà")},
    ]


def plot_words(plot: Any) -> str:
    """Return a plot as its people call it."""
    return " · ".join(filter(None, [plot.name or plot.code, plot.crop]))


def entry(one: Submission) -> Row:
    """Return an entry that has no batch yet."""
    said = " ".join(str(one.typed.get("quantity", "")).split())[:60]
    goods = " ".join(str(one.typed.get("goods", "")).split())[:120]
    return Row(
        title=goods or _("Lô chưa ghi tên hàng"),
        facts=said,
        state=str(ENTRY_STATES[one.state]),
        tone="canh",
        url=url_for("member_batches.show", submission_id=one.id),
        reason=one.reason,
    )


def rows(found: Sequence[Batch], sent: Sequence[Submission]) -> list[Row]:
    """Return the member's batches with how far each has come."""
    by_batch = {one.batch_id: one for one in sent}
    return [_row(batch, by_batch.get(batch.id)) for batch in found]


def _row(batch: Batch, one: Submission | None) -> Row:
    lang = current_locale()
    product = batch.product.name if batch.product else batch.goods
    facts = [product]
    if batch.made_on is not None:
        facts.append(formats.day(batch.made_on, lang))
    if one is not None and one.understood:
        facts.append(booked(one) or formats.weight(one.understood["quantity_g"], lang))
    is_on_way = one is not None and one.state is not SubmissionState.APPROVED
    state = ENTRY_STATES[one.state] if one is not None and is_on_way else STATES[batch.state]
    is_back = one is not None and one.state is SubmissionState.RETURNED
    return Row(
        title=batch.lot,
        facts=" · ".join(facts),
        state=str(state),
        tone="hong" if is_back else TONES.get(batch.state, ""),
        url=url_for("member_batches.show", submission_id=one.id) if one else "",
        reason=one.reason if one else "",
    )


def booked(one: Submission) -> str:
    """Return the weight in the books beside the member's, where the scales showed another."""
    if "quantity_g" not in one.office_changes:
        return ""
    said, found = (formats.weight(g, current_locale()) for g in one.office_changes["quantity_g"])
    return str(_("%(found)s (bác ghi %(said)s)", found=found, said=said))


def sent_before(one: Submission) -> str:
    """Return what to say when a batch that was sent is sent again with other words."""
    lot = one.batch.lot if one.batch else ""
    said = _(
        "Lô này đã gửi, mã %(lot)s, với nội dung khác. Ghi sai thì gọi HTX; lô khác thì bấm gửi.",
        lot=lot,
    )
    return str(said)


def sheet(one: Submission) -> dict[str, Any]:
    """Return what the page of an entry shows: the lot, what was said, how far it has come."""
    lang, wish, batch = current_locale(), one.understood, one.batch
    facts = [(_("Hàng"), wish.get("goods", ""))]
    if "quantity_g" in wish:
        facts.append((_("Số cân"), booked(one) or weight_words(wish["quantity_g"])))
    if "day" in wish:
        facts.append((_("Ngày"), formats.day(date.fromisoformat(wish["day"]), lang)))
    if batch is not None and batch.expires_on is not None:
        facts.append((_("Hạn dùng dự kiến"), formats.day(batch.expires_on, lang)))
    return {
        "lot": batch.lot if batch else "",
        "product": batch.product.name if batch and batch.product else "",
        "state": str(ENTRY_STATES[one.state]),
        "facts": facts,
        "changes": office_changes.lines(one),
    }
