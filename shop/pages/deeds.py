"""What was done for a member, in plain words: who, what, when, and whether it can be undone."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from sqlalchemy.orm import Session

from shop import clock, formats
from shop.locales import current_locale
from shop.models.people import AuditEntry, Member
from shop.models.submissions import SubmissionKind
from shop.pages import audit_acts, office_changes, person_words
from shop.pages.audit_changes import Change, changes
from shop.queries import audit_subjects, deeds, sign_in_deeds
from shop.services import undo
from shop.services.actors import Actor
from shop.services.addresses import in_sentence

NOTICE_DAYS = 7
"""For how long the home of a member tells of what others did."""

NOTICES = 3
"""Of their way in, this many at the most."""


def entries(
    session: Session,
    member: Member,
    *,
    actor: Actor,
    now: datetime,
    limit: int,
    offset: int = 0,
) -> list[dict[str, Any]]:
    """Return what was done about a member, the newest first, in sentences for `actor`."""
    rows = deeds.of_member(session, member.id, limit=limit, offset=offset)
    found = [entry for entry, _who in rows]
    named = audit_subjects.names(session, found)
    undone = deeds.undone(session, [entry.id for entry in found])
    return [
        {
            "id": entry.id,
            "sentence": sentence(
                entry, who, member, named.get((entry.subject_kind, entry.subject_id))
            ),
            "is_undone": entry.id in undone,
            "can_undo": entry.id not in undone
            and undo.is_open(session, entry, actor=actor, now=now),
            "until": entry.at + undo.WITHIN,
        }
        for entry, who in rows
    ]


def notice(session: Session, member: Member, *, actor: Actor, now: datetime) -> tuple[str, bool]:
    """Return the newest thing that others did, for the member's home; empty for none of late.

    `Cháu Hẹ đã sửa giá chè móc câu ngày 21/11.`, and whether `actor` may put it back.
    """
    since = now - timedelta(days=NOTICE_DAYS)
    found = deeds.by_others(session, member, since=since)
    if found is None:
        return "", False
    entry, who = found
    named = audit_subjects.names(session, [entry])
    about = named.get((entry.subject_kind, entry.subject_id))
    said = _(
        "%(who)s đã %(what)s ngày %(day)s.",
        who=_doer(entry, who, member),
        what=_deed(entry, about),
        day=formats.short_day(clock.day_of(entry.at), current_locale()),
    )
    return str(said), undo.is_open(session, entry, actor=actor, now=now)


def sign_in_notices(session: Session, member: Member, *, now: datetime) -> list[str]:
    """Return what others did of late to the way in of a member, the newest first."""
    since = now - timedelta(days=NOTICE_DAYS)
    found = sign_in_deeds.by_others(session, member, since=since, limit=NOTICES)
    return [sentence(entry, who, member, None) for entry, who in found]


def sentence(entry: AuditEntry, who: str | None, member: Member, about: str | None) -> str:
    """Return one entry as it is said: who did what, on which day at what time."""
    lang = current_locale()
    return str(
        _(
            "%(who)s đã %(what)s, ngày %(day)s lúc %(time)s.",
            who=_doer(entry, who, member),
            what=_deed(entry, about),
            day=formats.short_day(clock.day_of(entry.at), lang),
            time=formats.clock_time(entry.at),
        )
    )


def _doer(entry: AuditEntry, who: str | None, member: Member) -> str:
    if entry.actor_id is None or who is None:
        return str(_DOERS.get(entry.actor_kind) or audit_acts.actor(entry.actor_kind, None))
    if entry.for_member_id is not None:
        return person_words.younger(who)
    if entry.actor_id == member.account_id:
        return str(_("Bác, vào bằng thẻ,") if entry.by_card else _("Bác"))
    asked_by = (entry.after or {}).get("asked_by")
    names = [formats.given_name(one) for one in (asked_by, who) if one]
    return str(_("Văn phòng (%(name)s)", name=", ".join(names)))


def _deed(entry: AuditEntry, about: str | None) -> str:
    """Return what was done, as it stands after `đã`."""
    if entry.action in DEEDS and (own := DEEDS[entry.action](entry, about or "")):
        return own
    told = changes(entry)
    thing = _thing(entry, about)
    if len(told) == 1 and told[0].old and told[0].new:
        only = told[0]
        words = _("sửa %(value)s %(thing)s từ %(old)s thành %(new)s")
        said = {"value": only.name, "thing": thing, "old": only.old, "new": only.new}
        return " ".join((str(words) % said).split())
    what = in_sentence(audit_acts.act(entry.action))
    details = "; ".join(_detail(change) for change in told)
    deed = f"{what} {thing}".strip()
    return f"{deed} ({details})" if details else deed


def _thing(entry: AuditEntry, about: str | None) -> str:
    """Return the name of what it was about; of what belongs to the member that is not told."""
    return "" if entry.subject_kind in {"member", "plot", "consent"} else about or ""


def _detail(change: Change) -> str:
    value, old, new = change.name, change.old, change.new
    if old and new:
        return str(_("%(value)s từ %(old)s thành %(new)s", value=value, old=old, new=new))
    return f"{value}: {new or old}"


def _changed(entry: AuditEntry, _about: str) -> str:
    if set(entry.after or {}) != {"show_name"}:
        return ""
    is_shown = (entry.after or {})["show_name"]
    return str(_("cho hiện tên bác") if is_shown else _("thôi hiện tên bác"))


def _consent_recorded(entry: AuditEntry, _about: str) -> str:
    after = entry.after or {}
    if "helper" not in after or "until" not in after:
        return ""
    until = formats.day(date.fromisoformat(after["until"]), current_locale())
    return str(_("ghi giấy nhờ %(name)s làm hộ đến %(until)s", name=after["helper"], until=until))


def _consent_withdrawn(entry: AuditEntry, _about: str) -> str:
    helper = (entry.before or {}).get("helper")
    if not helper:
        return str(_("rút giấy nhờ làm hộ"))
    return str(_("rút giấy nhờ của %(name)s", name=person_words.helping(helper)))


def _plot_added(entry: AuditEntry, _about: str) -> str:
    """Return which plot it was as its people know it: not by its code."""
    after = entry.after or {}
    area = after.get("area_m2")
    said = [
        formats.area(area, current_locale()) if area else "",
        after.get("crop", ""),
        after.get("hamlet", ""),
    ]
    told = [after["name"]] if after.get("name") else []
    what = ", ".join(told + [one for one in said if one])
    return str(
        _("ghi nương của bác vào sổ: %(what)s", what=what)
        if what
        else _("ghi nương của bác vào sổ")
    )


def _sign_in_opened(entry: AuditEntry, _about: str) -> str:
    phone = (entry.after or {}).get("phone")
    if not phone:
        return str(_("mở tài khoản cho bác"))
    words = _("mở tài khoản cho bác, đăng nhập bằng số %(phone)s")
    return str(words) % {"phone": formats.phone(phone)}


def _sign_in_changed(entry: AuditEntry, _about: str) -> str:
    old, new = ((of or {}).get("phone", "") for of in (entry.before, entry.after))
    words = _("đổi số đăng nhập của bác từ %(old)s thành %(new)s")
    return str(words) % {"old": formats.phone(old), "new": formats.phone(new)}


def _begun(entry: AuditEntry, about: str) -> str:
    is_batch = (entry.after or {}).get("kind") == SubmissionKind.BATCH
    if is_batch:
        return str(
            _("ghi nháp lô mới: %(goods)s", goods=about)
            if about
            else _("ghi nháp một lô mới, chưa ghi tên hàng")
        )
    return str(
        _("ghi nháp món bán: %(goods)s", goods=about)
        if about
        else _("ghi nháp một món bán, chưa ghi tên")
    )


def _recovery_asked(entry: AuditEntry, _about: str) -> str:
    is_card = (entry.after or {}).get("by_card")
    if is_card:
        return str(_("nhờ người thứ hai làm thẻ đăng nhập cho bác"))
    return str(_("nhờ người thứ hai đổi mật khẩu cho bác"))


def _recovery_confirmed(entry: AuditEntry, _about: str) -> str:
    is_card = (entry.after or {}).get("by_card")
    if is_card:
        return str(_("đồng ý làm thẻ đăng nhập cho bác"))
    return str(_("đổi mật khẩu của bác, mọi máy và thẻ cũ đã bị thoát"))


def _password_set(entry: AuditEntry, _about: str) -> str:
    is_own = entry.actor_id == entry.subject_id
    return str(_("đặt mật khẩu mới") if is_own else _("đặt mật khẩu mới cho bác"))


def _constant(words: Callable[[], str]) -> Callable[[AuditEntry, str], str]:
    return lambda _entry, _about: str(words())


def _named(words: Callable[[], str], goods: Callable[[], str]) -> Callable[[AuditEntry, str], str]:
    """Return `words` about the goods by their name, or about what `goods` says without one."""
    return lambda _entry, about: str(words()) % {"goods": about or goods()}


def _sent(entry: AuditEntry, about: str) -> str:
    """Return what was sent to the office: goods with their price, or a price that changed."""
    before, after = entry.before or {}, entry.after or {}
    if "price_vnd" not in after:
        return str(_("báo HTX lô mới: %(goods)s", goods=about) if about else _("báo HTX lô mới"))
    lang = current_locale()
    price = formats.money(after["price_vnd"], lang)
    goods = " ".join(filter(None, (after.get("name"), after.get("pack"))))
    if before.get("price_vnd") not in {None, after["price_vnd"]}:
        old = formats.money(before["price_vnd"], lang)
        words = _("sửa giá %(goods)s từ %(old)s thành %(new)s", goods=goods, old=old, new=price)
        return str(words)
    return str(_("gửi HTX duyệt %(goods)s, giá %(price)s", goods=goods, price=price))


def _returned(entry: AuditEntry, about: str) -> str:
    reason = (entry.after or {}).get("reason", "")
    return str(_("trả lại %(goods)s: “%(reason)s”", goods=about, reason=reason))


def _approved(entry: AuditEntry, about: str) -> str:
    """Return what the office approved or took in, and what it changed of that, old and new."""
    after = entry.after or {}
    if "lot" not in after:
        changed = "; ".join(office_changes.told(after))
        if not changed:
            return str(_("duyệt %(goods)s", goods=about))
        return str(_("sửa rồi duyệt %(goods)s (%(changes)s)", goods=about, changes=changed))
    lang, weighed = current_locale(), after["quantity_g"]
    if not isinstance(weighed, list):
        return str(_("nhận %(goods)s vào lô %(lot)s", goods=about, lot=after["lot"]))
    said, found = (formats.weight(one, lang) for one in weighed)
    words = _("nhận %(goods)s vào lô %(lot)s, cân được %(found)s (bác ghi %(said)s)")
    return str(words) % {"goods": about, "lot": after["lot"], "found": found, "said": said}


DEEDS: Mapping[str, Callable[[AuditEntry, str], str]] = {
    "member_changed": _changed,
    "member_sign_in_opened": _sign_in_opened,
    "member_sign_in_changed": _sign_in_changed,
    "plot_added": _plot_added,
    "card_issued": _constant(lambda: _("làm thẻ đăng nhập cho bác")),
    "card_revoked": _constant(lambda: _("thu thẻ đăng nhập của bác")),
    "recovery_asked": _recovery_asked,
    "recovery_confirmed": _recovery_confirmed,
    "recovery_refused": _constant(lambda: _("từ chối lời nhờ lấy lại đăng nhập cho bác")),
    "recovery_expired": _constant(lambda: _("bỏ lời nhờ lấy lại đăng nhập cho bác vì hết giờ")),
    "password_set": _password_set,
    "sessions_ended": _constant(lambda: _("cho mọi máy của bác thoát")),
    "submission_sent": _sent,
    "submission_begun": _begun,
    "submission_returned": _returned,
    "submission_approved": _approved,
    "submission_draft": _named(lambda: _("lấy lại %(goods)s để sửa"), lambda: _("món đã gửi")),
    "submission_withdrawn": _named(lambda: _("rút lại %(goods)s"), lambda: _("món đã gửi")),
    "consent_recorded": _consent_recorded,
    "consent_withdrawn": _consent_withdrawn,
    "member_written_down": _constant(lambda: _("ghi tên bác vào danh sách xã viên")),
}
"""Acts with words of their own after `đã`, from the entry and the name of what it is about;
empty words, and other acts, are put together from the words of the audit trail."""

_DOERS = {"demo": _l("HTX (dữ liệu mẫu)"), "system": _l("Máy")}
"""Who acted when nobody did it by hand, as the member knows them."""
