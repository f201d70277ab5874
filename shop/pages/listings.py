"""What a member's pages say of the goods they sell: states in words, what was understood."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import formats, messages_forms
from shop.forms.listing import NO_NAME
from shop.forms.spoken_packs import PackSaid
from shop.forms.values import ValueRefused
from shop.locales import current_locale
from shop.models.catalog import NetUnit, Pack, Product, ProductState
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.pages import office_changes
from shop.pages.pictures import best, picture_address
from shop.queries import submissions as queries

STATES: Mapping[SubmissionState, Any] = {
    SubmissionState.DRAFT: _l("Bản nháp, chưa gửi HTX"),
    SubmissionState.SENT: _l("Đã gửi, chờ HTX duyệt"),
    SubmissionState.RETURNED: _l("HTX trả lại, cần sửa"),
    SubmissionState.APPROVED: _l("HTX đã duyệt"),
    SubmissionState.WITHDRAWN: _l("Bác đã rút lại"),
}
ON_SALE: Mapping[ProductState, Any] = {
    ProductState.DRAFT: _l("HTX đang hoàn thiện, chưa bán"),
    ProductState.PUBLISHED: _l("Đang bán"),
    ProductState.RETIRED: _l("Ngừng bán"),
}
TONES = {SubmissionState.RETURNED: "hong", SubmissionState.DRAFT: "canh"}


@dataclass(frozen=True, slots=True)
class Row:
    """One of a member's goods: a wish on its way, or a product on the shelf."""

    title: str
    facts: str
    state: str
    tone: str
    url: str
    picture_url: str
    reason: str = ""
    kept: str = ""
    """When a draft was kept."""
    act: str = ""
    """The words of the button, where there is something to do."""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading; `is_open` for what the member still writes in."""

    title: str
    rows: Sequence[Row]
    is_open: bool = False


def groups(session: Session, member_id: int, *, today: date) -> list[Group]:
    """Return a member's goods: what came back, drafts, what waits, what is on the shelf."""
    sent = queries.of_member(session, member_id, SubmissionKind.PRODUCT)
    headings = {
        SubmissionState.RETURNED: _("HTX trả lại"),
        SubmissionState.DRAFT: _("Bản nháp"),
        SubmissionState.SENT: _("Đang chờ"),
    }
    found = [
        Group(
            title,
            [_wish(one, today=today) for one in sent if one.state is state],
            state is not SubmissionState.SENT,
        )
        for state, title in headings.items()
    ]
    products = [_product(one) for one in queries.products_of(session, member_id)]
    return [one for one in [*found, Group(_("Đã duyệt"), products)] if one.rows]


def unfinished(session: Session, member_id: int, *, today: date) -> Row | None:
    """Return the newest draft of new goods, to go on with instead of beginning once more."""
    sent = queries.of_member(session, member_id, SubmissionKind.PRODUCT)
    drafts = (one for one in sent if one.state is SubmissionState.DRAFT and not one.product_id)
    newest = next(drafts, None)
    return _wish(newest, today=today) if newest else None


def _wish(one: Submission, *, today: date) -> Row:
    lang = current_locale()
    state = str(STATES[one.state])
    if one.state is SubmissionState.SENT and one.sent_at is not None:
        when = formats.moment_in_words(one.sent_at, today=today, lang=lang)
        state = _("Đã gửi %(when)s, chờ HTX duyệt", when=when)
    return Row(
        title=title(one),
        facts=facts(one),
        state=state,
        tone=TONES.get(one.state, ""),
        url=url_for("member_listings.show", submission_id=one.id),
        picture_url=url_for("member_listings.photo", token=one.photo) if one.photo else "",
        reason=one.reason,
        kept=_kept(one, today=today) if one.state is SubmissionState.DRAFT else "",
        act=str(_ACTS.get(one.state, "")),
    )


def _kept(one: Submission, *, today: date) -> str:
    when = formats.moment_in_words(one.changed_at, today=today, lang=current_locale())
    return str(_("Lưu lúc %(when)s", when=when))


_ACTS = {SubmissionState.RETURNED: _l("Sửa"), SubmissionState.DRAFT: _l("Viết tiếp")}


def _product(product: Product) -> Row:
    lang = current_locale()
    offered = [pack for pack in product.packs if pack.is_offered]
    photo = best(product.photos)
    return Row(
        title=product.name,
        facts=" · ".join(
            formats.together(f"{p.label}: {formats.money(p.price_vnd, lang)}") for p in offered
        ),
        state=str(ON_SALE[product.state]),
        tone="",
        url=url_for("member_listings.change", product_id=product.id),
        picture_url=picture_address(photo.key, photo.extension) if photo else "",
    )


def title(one: Submission) -> str:
    """Return the name of the goods, as understood or else as typed."""
    typed = " ".join(str(one.typed.get("name", "")).split())[:120]
    return one.understood.get("name") or typed or _("Hàng chưa có tên")


def sent_before(one: Submission) -> str:
    """Return what to say when an entry that has gone is sent again with other words."""
    if one.state is SubmissionState.SENT:
        at = formats.moment(one.sent_at or one.changed_at, current_locale())
        return str(_("Món này đã gửi lúc %(time)s với nội dung khác.", time=at))
    return str(_("HTX đã trả lời món này. Bấm gửi để gửi như một lần mới."))


def facts(one: Submission) -> str:
    """Return price and pack: understood once it was sent, before that as typed."""
    if one.understood and one.state is not SubmissionState.DRAFT:
        price = formats.money(one.understood["price_vnd"], current_locale())
        return formats.together(f"{price} · {one.understood['pack']}")
    said = (" ".join(str(one.typed.get(name, "")).split())[:60] for name in ("price", "pack"))
    return formats.together(" · ".join(filter(None, said)))


def offered(product: Product) -> list[Pack]:
    """Return the packs of a product that are on sale."""
    return [one for one in product.packs if one.is_offered]


def pack_choices(session: Session, product: Product) -> list[dict[str, str]]:
    """Return the packs on sale as the rows of a choice list, with what waits for the office."""
    lang = current_locale()
    return [
        {
            "value": str(one.id),
            "title": formats.together(one.label),
            "note": pending(session, product, one),
            "right": formats.money(one.price_vnd, lang),
        }
        for one in offered(product)
    ]


def pending(session: Session, product: Product, pack: Pack) -> str:
    """Return which price of a pack the office has still to approve; empty for none."""
    size = (pack.unit, pack.net_quantity, pack.net_unit.value)
    for wish in queries.waiting_of_product(session, product.id):
        said = wish.understood
        if (said["unit"], said["net_quantity"], said["net_unit"]) == size:
            price = formats.money(said["price_vnd"], current_locale())
            return str(_("Đang chờ duyệt: %(price)s", price=price))
    return ""


def typed_of(product: Product, pack: Pack | None) -> dict[str, str]:
    """Return the form of a product and one of its packs as its member would have typed it."""
    return {
        "name": product.name,
        "price": formats.number(pack.price_vnd) if pack else "",
        "pack": said_pack(pack.unit, pack.net_quantity, pack.net_unit).label if pack else "",
        "words": product.description,
    }


def said_pack(unit: str, quantity: int, net_unit: NetUnit) -> PackSaid:
    """Return a pack as it is said."""
    return PackSaid(unit, quantity, net_unit)


def understood_words(price_vnd: int | None, pack: PackSaid | None) -> dict[str, str]:
    """Return what stands under the fields: `90.000 ₫`, `gói 200 g`."""
    lang = current_locale()
    words = {}
    if price_vnd is not None:
        words["price"] = formats.money(price_vnd, lang)
    if pack is not None:
        words["pack"] = pack.label if lang == "vi" else f"{pack.unit} {pack.content(lang)}"
    return words


def needs() -> dict[str, str]:
    """Return by field what to say on a phone without a network where nothing is written."""
    codes = {"price": "price_empty", "pack": "pack_empty"}
    said = {name: messages_forms.sentence(ValueRefused(code)) for name, code in codes.items()}
    return {"name": str(NO_NAME["name_empty"])} | said


def news(decisions: Sequence[Submission], *, today: date) -> list[tuple[str, str, str]]:
    """Return for each decision what happened, one more sentence, and where to see it."""
    return [_news(one, today=today) for one in decisions]


def _news(one: Submission, *, today: date) -> tuple[str, str, str]:
    is_goods = one.kind is SubmissionKind.PRODUCT
    endpoint = "member_listings.show" if is_goods else "member_batches.show"
    url = url_for(endpoint, submission_id=one.id)
    name = title(one) if is_goods else batch_title(one)
    if one.state is SubmissionState.RETURNED:
        return _("HTX trả lại: %(name)s.", name=name), one.reason, url
    said = _("HTX đã duyệt: %(name)s.", name=name)
    if not is_goods:
        said = _("HTX đã nhận: %(name)s.", name=name)
    return said, office_changes.sentence(one), url


def batch_title(one: Submission) -> str:
    """Return the goods of a batch and its lot."""
    lot = one.batch.lot if one.batch else ""
    return " ".join(filter(None, [str(one.understood.get("goods", "")), lot]))
