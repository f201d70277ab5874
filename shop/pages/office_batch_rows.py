"""The rows on the office page of a batch: what went in, the steps, their balance, the packs."""

from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop import formats
from shop.clock import day_of
from shop.models.batches import Batch, BatchInput, BatchState, BatchStep, NoticeKind
from shop.pages.office_batch_words import KINDS, NOTICES
from shop.queries import office_batches as queries
from shop.services import yields
from traceability.mass_balance import YieldVerdict


def notice_rows(batch: Batch) -> list[dict[str, Any]]:
    """Return the holds and recalls of a batch, newest first."""
    return [
        {
            "words": NOTICES[notice.kind],
            "is_recall": notice.kind is NoticeKind.RECALL,
            "reason": notice.reason,
            "remedy": notice.remedy,
            "since": notice.declared_at,
            "ended_at": notice.ended_at,
            "outcome": notice.outcome,
        }
        for notice in reversed(batch.notices)
    ]


def input_row(row: BatchInput, lang: str) -> dict[str, Any]:
    """Return what the page says of one thing that went in."""
    who = row.member.full_name if row.member else row.supplier
    facts = [
        formats.weight(row.quantity_g, lang) if row.quantity_g else "",
        who,
        row.plot.code if row.plot else "",
        row.document,
        row.details.get("dose", ""),
        row.details.get("target", ""),
    ]
    return {
        "id": row.id,
        "kind": KINDS[row.kind],
        "name": row.name,
        "lot": row.source.lot if row.source else "",
        "grams": row.quantity_g,
        "facts": [fact for fact in facts if fact],
        "harvested_on": row.harvested_on,
        "applied_on": row.applied_on,
        "phi_days": row.phi_days,
    }


def step_row(step: BatchStep, lang: str) -> dict[str, Any]:
    """Return what the page says of one step."""
    return {
        "id": step.id,
        "name": step.name,
        "place": step.place,
        "when": _when(step, lang),
        "operator": step.operator.full_name if step.operator else "",
        "balance": _weights(step, lang),
    }


def _when(step: BatchStep, lang: str) -> str:
    """Return from when to when a step took: `8:00–11:30, 21/11/2026`, with both days if two."""
    begun, ended = day_of(step.started_at), day_of(step.ended_at)
    if begun == ended:
        hours = f"{formats.clock_time(step.started_at)}–{formats.clock_time(step.ended_at)}"
        return f"{hours}, {formats.day(begun, lang)}"
    return f"{formats.moment(step.started_at, lang)} – {formats.moment(step.ended_at, lang)}"


def _weights(step: BatchStep, lang: str) -> str:
    """Return the balance of one step: `Vào 130 kg · ra 129,4 kg · hao 0,5 %`."""
    parts = [_("Vào %(weight)s", weight=formats.weight(step.in_g, lang))]
    if step.added_g:
        added = formats.weight(step.added_g, lang)
        parts.append(_("thêm %(weight)s %(what)s", weight=added, what=step.added_what or ""))
    parts.append(_("ra %(weight)s", weight=formats.weight(step.out_g, lang)))
    if step.by_product_g:
        aside = formats.weight(step.by_product_g, lang)
        parts.append(_("phụ phẩm %(weight)s", weight=aside))
    went_in = step.in_g + step.added_g
    if went_in:
        parts.append(_("hao %(share)s", share=formats.percent(step.loss_g, went_in, lang)))
    return " · ".join(part.strip() for part in parts)


def balance(batch: Batch, lang: str) -> str:
    """Return the balance of the whole batch so far."""
    went_in = sum(row.quantity_g for row in batch.inputs)
    if not went_in or not batch.steps:
        return ""
    out_g = batch.steps[-1].out_g
    return str(
        _(
            "Cả lô: vào %(in_weight)s, nay còn %(out_weight)s, bằng %(share)s.",
            in_weight=formats.weight(went_in, lang),
            out_weight=formats.weight(out_g, lang),
            share=formats.percent(out_g, went_in, lang),
        )
    )


def doubt(batch: Batch, lang: str) -> str:
    """Return the question about an unusual yield that somebody confirmed, if there is one."""
    if not batch.steps or batch.steps[-1].code not in yields.FINISHING:
        return ""
    judged = yields.judge(batch, batch.steps[-1].out_g)
    if judged is None or judged.verdict is YieldVerdict.NORMAL:
        return ""
    return str(
        _(
            "Thường được %(low)s đến %(high)s, lô này ra %(out)s. Kiểm lại?",
            low=formats.weight(judged.usual_from_g, lang),
            high=formats.weight(judged.usual_to_g, lang),
            out=formats.weight(batch.steps[-1].out_g, lang),
        )
    )


def pack_rows(session: Session, batch: Batch) -> list[dict[str, Any]]:
    """Return the packs of a batch: how many were made, how many are left, where they show."""
    left = queries.packs_left(session, batch.id) if batch.packs else {}
    is_public = batch.state is not BatchState.DRAFT
    return [
        {
            "label": one.pack.label,
            "gtin": one.pack.gtin,
            "made": one.produced,
            "left": left.get(one.id, 0),
            "url": (
                url_for("batches.show", gtin=one.pack.gtin, lot=batch.lot) if is_public else ""
            ),
        }
        for one in batch.packs
    ]
