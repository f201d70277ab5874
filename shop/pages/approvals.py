"""What the office sees of members' entries: old and new side by side, who sent it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup

from shop import formats
from shop.forms import listing, member_batch
from shop.locales import current_locale
from shop.models.catalog import PHOTO_SMALL, Product
from shop.models.submissions import Submission, SubmissionKind
from shop.pages.listings import batch_title, title
from shop.pages.member_batches import early_words, plot_words
from shop.pages.pictures import best, picture_address

_LONGEST_FACT = 200
"""Characters, marks included; what is longer stands under its name."""
_LONGEST_SAID = 120


@dataclass(frozen=True, slots=True)
class Side:
    """One fact as it is and as it would be; changed words are underlined on both sides."""

    name: str
    old: Markup
    new: Markup
    is_changed: bool
    said: str = ""
    """What the member typed for the new one, where it is not plain to see."""

    @property
    def is_long(self) -> bool:
        """Whether it is a text to read rather than a fact."""
        return max(len(self.old), len(self.new)) > _LONGEST_FACT


def underlined(old: str, new: str) -> tuple[Markup, Markup]:
    """Return both texts with the words that differ marked, `del` on the left, `ins` right.

    >>> underlined("gói 200 g", "gói 250 g")[1]
    Markup('gói <ins>250</ins> g')
    """
    before, after = old.split(), new.split()
    left: list[Markup] = []
    right: list[Markup] = []
    for tag, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            left.append(Markup.escape(" ".join(before[a:b])))
            right.append(Markup.escape(" ".join(after[c:d])))
            continue
        if a < b:
            left.append(Markup("<del>{}</del>").format(" ".join(before[a:b])))
        if c < d:
            right.append(Markup("<ins>{}</ins>").format(" ".join(after[c:d])))
    return Markup(" ").join(left), Markup(" ").join(right)


def sides(one: Submission) -> list[Side]:
    """Return name, pack, price and words of the goods: on the shelf today, and as sent."""
    lang, wish, product = current_locale(), one.understood, one.product
    said = listing.not_plain(one.typed)
    pack = _same_pack(product, wish)
    rows = [
        ("", _("Tên"), product.name if product else "", wish["name"]),
        ("pack", _("Đóng gói"), pack.label if pack else "", pack.label if pack else wish["pack"]),
        (
            "price",
            _("Giá"),
            formats.money(pack.price_vnd, lang) if pack else "",
            formats.money(wish["price_vnd"], lang),
        ),
        (
            "",
            _("Giới thiệu"),
            product.description if product else "",
            wish["words"] or (product.description if product else ""),
        ),
    ]
    return [
        _side(*row, has_old=product is not None, said=in_own_words(said.get(field, "")))
        for field, *row in rows
    ]


def in_own_words(typed: str) -> str:
    """Return what a member typed as the office reads it beside what was understood."""
    if not typed:
        return ""
    shown = typed if len(typed) <= _LONGEST_SAID else typed[:_LONGEST_SAID] + "…"
    return str(_("Bác ấy viết: %(typed)s", typed=shown))


def said_of_goods(one: Submission) -> list[tuple[str, str]]:
    """Return pack and price in the member's own words, where they are not plain to see."""
    said = listing.not_plain(one.typed)
    names = {"pack": _("Đóng gói"), "price": _("Giá")}
    return [(str(names[field]), in_own_words(said[field])) for field in names if field in said]


def _side(name: str, old: str, new: str, *, has_old: bool, said: str) -> Side:
    if not has_old:
        return Side(name, Markup(), Markup.escape(new), is_changed=False, said=said)
    left, right = underlined(old, new)
    return Side(name, left, right, is_changed=old != new, said=said)


def _same_pack(product: Product | None, wish: Any) -> Any:
    size = (wish["unit"], wish["net_quantity"], wish["net_unit"])
    packs = product.packs if product else []
    return next((p for p in packs if (p.unit, p.net_quantity, p.net_unit.value) == size), None)


def sheet(one: Submission) -> dict[str, Any]:
    """Return what the page of an entry shows of it."""
    lang = current_locale()
    product = one.product
    shown = best(product.photos) if product else None
    return {
        "one": one,
        "title": title(one) if one.kind is SubmissionKind.PRODUCT else batch_title(one),
        "sent_by": sent_by(one),
        "sent_at": formats.moment(one.sent_at, lang) if one.sent_at else "",
        "old_photo": picture_address(shown.key, shown.extension, 320) if shown else "",
        "new_photo": photo_address(one),
    }


def decided(one: Submission) -> str:
    """Return who decided, how and when; empty while it waits."""
    if one.decided_at is None:
        return ""
    words = {"approved": _("đã duyệt"), "returned": _("đã trả lại")}
    by = one.decided_by.name if one.decided_by else ""
    at = formats.moment(one.decided_at, current_locale())
    return str(_("%(who)s %(did)s lúc %(at)s.", who=by, did=words[one.state.value], at=at))


def photo_address(one: Submission) -> str:
    """Return where the photo of an entry waits."""
    if not one.photo:
        return ""
    is_goods = one.kind is SubmissionKind.PRODUCT
    endpoint = "office_approvals.photo" if is_goods else "office_member_batches.photo"
    return url_for(endpoint, submission_id=one.id, width=PHOTO_SMALL)


def sent_by(one: Submission) -> str:
    """Return whose entry it is, and who typed it where that was somebody else (R17)."""
    member, account = one.member, one.made_by
    if account is None or account.id == member.account_id:
        return member.full_name
    both = _("%(member)s (%(helper)s làm hộ)", member=member.full_name, helper=account.name)
    return str(both)


def batch_facts(one: Submission) -> list[tuple[str, ...]]:
    """Return what a member says of a batch: facts in rows, some with small print."""
    lang, wish = current_locale(), one.understood
    plot = next((p for p in one.member.plots if p.id == wish["plot_id"]), None)
    day = formats.day(date.fromisoformat(wish["day"]), lang)
    said = {"quantity": "", "day": ""} | member_batch.not_plain(one.typed)
    expiry = one.batch.expires_on if one.batch else None
    rows: list[tuple[str, ...]] = [
        (_("Món"), one.batch.product.name if one.batch and one.batch.product else ""),
        (_("Hàng"), wish["goods"]),
        (
            _("Xã viên ghi"),
            formats.weight(wish["quantity_g"], lang),
            in_own_words(said["quantity"]),
        ),
        (_("Ngày hái hoặc làm"), day, in_own_words(said["day"])),
        (_("Thửa"), plot_words(plot) if plot else _("không ghi")),
        (_("Mã lô đã cấp"), one.batch.lot if one.batch else ""),
        (_("Hạn dùng dự kiến"), formats.day(expiry, lang) if expiry else _("chưa có")),
        (_("Dặn thêm"), wish["words"]),
    ]
    return [row for row in rows if row[1]]


def warning(one: Submission) -> str:
    """Return what is wrong with the day of a harvest; empty where nothing is."""
    early = one.understood.get("too_early")
    return early_words(early) if early else ""


def rows(found: Iterable[Submission]) -> Sequence[tuple[str, str, str]]:
    """Return for each entry its title, one line of facts and its address."""
    return [_row(one) for one in found]


def _row(one: Submission) -> tuple[str, str, str]:
    lang = current_locale()
    url = url_for("office_approvals.show", submission_id=one.id)
    when = formats.moment(one.sent_at, lang) if one.sent_at else ""
    if one.kind is SubmissionKind.BATCH:
        url = url_for("office_member_batches.show", submission_id=one.id)
        early = _("hái trong thời gian cách ly") if "too_early" in one.understood else ""
        facts = [early, formats.weight(one.understood["quantity_g"], lang)]
        name = batch_title(one)
    else:
        facts = [one.understood["pack"], formats.money(one.understood["price_vnd"], lang)]
        name = title(one)
    kind = _("sửa hàng đang bán") if one.product and one.kind is SubmissionKind.PRODUCT else ""
    return name, ", ".join(filter(None, [kind, *facts, sent_by(one), when])), url
