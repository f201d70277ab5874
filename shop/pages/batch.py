"""The page of a batch: the story of `services.batch_story` in words and addresses."""

from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from shop import formats, offline
from shop.clock import day_of
from shop.locales import current_locale
from shop.models.catalog import ProductState
from shop.pages import linked_data, papers, pictures, share_cards
from shop.pages.batch_inputs import ingredients, slips, spraying, treatments
from shop.pages.batch_timeline import packed, timeline
from shop.pages.households import households
from shop.pages.own_words import gloss, joined, told
from shop.pages.place_words import place, places
from shop.pages.product import using
from shop.pages.regulations import regulations, summary
from shop.pages.seller_words import seller_words
from shop.search.folding import fold
from shop.services.batch_story import Story


def batch_page(story: Story) -> dict[str, Any]:
    """Return what `batches/show.html` shows."""
    head = story.head
    is_offered = story.is_for_sale and head.product_state is ProductState.PUBLISHED
    held = [paper for paper in story.papers if paper.is_valid and not papers.is_record(paper)]
    records = [paper for paper in story.papers if papers.is_record(paper)]
    others = [paper for paper in story.papers if paper not in held and paper not in records]
    link_words = f"{head.short_name}. {warning(story) or _verdict(story) or _notice(story)}"
    link_title = f"{head.name}, {_('lô %(lot)s', lot=head.lot)}"
    picture = share_cards.batch_address(story, warning(story))
    return {
        "link_title": link_title,
        "link_words": link_words,
        "link_picture": picture,
        "linked_data": linked_data.batch(
            story, title=link_title, description=link_words, picture=picture
        ),
        "story": story,
        "head": head,
        "label": joined([gloss(head.english), told(head.label, head.label_en)]),
        "who": seller_words(head.seller_kind),
        "picture": pictures.of_row(head),
        "verdict": _verdict(story),
        "notice": _notice(story),
        "banner": _banner(story),
        "ended_recall": _ended_recall(story),
        "facts": _recall_facts(story) if story.standing == "recalled" else _facts(story),
        "papers": [papers.row(paper) for paper in papers.ordered(held)],
        "records": [papers.record(paper) for paper in records],
        "other_papers": [papers.row(paper) for paper in papers.ordered(others)],
        "steps": timeline(story),
        "unnamed_operators": _unnamed_operators(story),
        "spraying": spraying(story),
        "treatments": treatments(story),
        "slips": slips(story),
        "ingredients": ingredients(story),
        "quantities": _quantities(story),
        "using": using(head),
        "regulations": regulations(story),
        "regulations_summary": summary(story),
        "journal": _journal(story),
        "responsible": {"name": head.short_name, "phone": head.seller_phone},
        "sample_data": head.is_sample,
        "buy_url": url_for("catalog.product", slug=head.slug) if is_offered else "",
        "report_url": url_for("batches.report", ma=head.lot, gtin=head.gtin),
    }


def recall_banner(story: Story) -> dict[str, Any]:
    """Return the words of a recall, as `templates/_macros/notice.html` wants them."""
    head = story.head
    who = seller_words(head.seller_kind)
    return {
        "about": _("Lô %(lot)s", lot=head.lot),
        "headline": [_("Đang thu hồi."), _dont(story)],
        "why": head.reason or "",
        "what_to_do": who.keep,
        "then": head.remedy or "",
        "phone": head.seller_phone,
        "phone_words": who.call,
    }


def warning(story: Story) -> str:
    """Return what a link to the page must say before it is opened; nothing where all is well."""
    if story.head.withdrawn_at:
        return str(_("Mã này đã rút. Hỏi nơi bán trước khi dùng."))
    banner = _banner(story)
    if banner is not None:
        return " ".join(str(words) for words in banner["headline"])
    return seller_words(story.head.seller_kind).checking if story.standing == "held" else ""


def _banner(story: Story) -> dict[str, Any] | None:
    if story.standing == "recalled":
        return recall_banner(story)
    if story.is_expired:
        day = formats.day(story.head.expires_on, current_locale())
        headline = [_("Hết hạn dùng từ %(day)s.", day=day), _dont(story)]
        return {"about": _("Lô %(lot)s", lot=story.head.lot), "headline": headline}
    return None


def _dont(story: Story) -> str:
    return str(_("Xin đừng ăn.") if story.is_eaten else _("Xin đừng dùng."))


def _verdict(story: Story) -> str:
    """Return the line that says the batch is good; empty where a banner or notice says more."""
    if story.standing not in {"on_sale", "sold_out"}:
        return ""
    lasts = story.days_left is not None
    if story.head.product_state is not ProductState.PUBLISHED:
        off_shelf = _("Món này không còn bán")
        return str(_("Món này không còn bán, lô còn hạn dùng") if lasts else off_shelf)
    if story.is_for_sale:
        return str(_("Lô đang bán, còn hạn dùng") if lasts else _("Lô đang bán"))
    return str(_("Lô đã bán hết, còn hạn dùng") if lasts else _("Lô đã bán hết"))


def _notice(story: Story) -> str:
    if story.standing == "held":
        return seller_words(story.head.seller_kind).checking
    if story.is_near_expiry and story.standing != "recalled":
        if not story.days_left:
            return str(_("Hôm nay là ngày cuối dùng lô này."))
        left = story.days_left
        return str(ngettext("Lô này còn %(num)s ngày.", "Lô này còn %(num)s ngày.", left))
    return ""


def _ended_recall(story: Story) -> dict[str, str] | None:
    """Return what was once wrong with the batch and how it ended, if it was ever recalled."""
    head = story.head
    if head.ended_at is None or story.standing == "recalled":
        return None
    ended_on = formats.day(day_of(head.ended_at), current_locale())
    return {
        "summary": _("Lô này từng bị thu hồi, đã xong ngày %(day)s.", day=ended_on),
        "reason": head.ended_reason,
        "outcome": head.outcome,
    }


def _facts(story: Story) -> list[tuple[Any, ...]]:
    head, lang = story.head, current_locale()
    rows: list[tuple[Any, ...]] = [(_("Mã lô"), head.lot)]
    if head.made_on not in {None, head.packed_on}:
        rows.append((_("Ngày làm"), formats.day(head.made_on, lang)))
    if head.packed_on is not None:
        rows.append((_("Đóng gói"), formats.day(head.packed_on, lang)))
    if head.expires_on is not None:
        rows.append((_("Hạn dùng"), formats.day(head.expires_on, lang), _left(story)))
    rows.append((_("Nơi làm"), _place(head), _former(head)))
    if (people := households(story.people, story.unnamed_people)) is not None:
        rows.append((_("Người làm"), *people))
    return rows


def _recall_facts(story: Story) -> list[tuple[Any, ...]]:
    head, lang = story.head, current_locale()
    labels = ", ".join(pack.label for pack in story.packs)
    rows: list[tuple[Any, ...]] = [(_("Mã lô"), head.lot), (_("Loại"), labels)]
    if head.expires_on is not None:
        rows.append((_("Hạn dùng"), formats.day(head.expires_on, lang), _left(story)))
    if head.declared_at is not None:
        rows.append((_("Thu hồi từ"), formats.moment(head.declared_at, lang)))
    rows.append((_("Nơi làm"), _place(head)))
    return rows


def _left(story: Story) -> str:
    if story.is_expired:
        return Markup('<b class="hong">{}</b>').format(_("đã hết hạn"))
    until: date = story.head.expires_on
    left = formats.days_left(until, today=story.today, lang=current_locale())
    return offline.of_today(left)


def _former(head: Any) -> str:
    """Return what the place was called before, without the names that have stayed."""
    stayed = {fold(head.commune), fold(head.province)}
    gone = [part for part in head.old_address.split(", ") if fold(part) not in stayed]
    return str(_("tên cũ: %(place)s", place=places(", ".join(gone)))) if any(gone) else ""


def _place(head: Any) -> str:
    return ", ".join(filter(None, [head.short_name, place(head.commune), place(head.province)]))


def _unnamed_operators(story: Story) -> str:
    count = story.unnamed_operators
    if not count:
        return ""
    return str(
        ngettext(
            "Các bước do %(num)s người của %(seller)s làm, không nêu tên.",
            "Các bước do %(num)s người của %(seller)s làm, không nêu tên.",
            count,
            seller=story.head.short_name,
        )
    )


def _quantities(story: Story) -> list[str]:
    """Return how much went in, came out and was packed."""
    lang = current_locale()
    weights = [
        (_("%(weight)s nguyên liệu"), story.gathered_g),
        (_("%(weight)s thành phẩm"), story.finished_g),
    ]
    said = [
        str(words) % {"weight": formats.weight(grams, lang)} for words, grams in weights if grams
    ]
    return [*said, packed(story)]


def _journal(story: Story) -> str:
    """Return how much of the batch is written down where nothing can be changed."""
    written = [step for step in story.steps if step.recorded_at]
    if story.written_down_at is None:
        return ""
    return str(
        ngettext(
            "%(num)s bước của lô này đã ghi vào sổ gốc, lần cuối lúc %(when)s.",
            "%(num)s bước của lô này đã ghi vào sổ gốc, lần cuối lúc %(when)s.",
            len(written),
            when=formats.moment(story.written_down_at, current_locale()),
        )
    )
