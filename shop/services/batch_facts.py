"""A batch as the rules of traceability look at it: every fact they ask for, as it is known."""

from collections.abc import Sequence
from typing import Any

from shop.models.batches import InputKind
from shop.queries.batch_page import BatchRows
from traceability.completeness import BatchFacts, Stage

__all__ = ["facts", "producer_address", "stage_names"]


def facts(
    rows: BatchRows, certificates: Sequence[str], *, address: str, base_url: str
) -> BatchFacts:
    """Return what the rules ask for, as this installation knows it.

    `certificates` are the numbers of the papers that hold today, `address` is what the code on
    the pack says. Premises are named by the page of their seller under `base_url`.
    """
    head = rows.packs[0]
    harvested = (row.harvested_on for row in rows.inputs if row.harvested_on)
    return BatchFacts(
        product_name=head.name,
        gtin=head.gtin,
        picture=head.photo_key or "",
        producer_name=head.seller_name,
        producer_address=producer_address(head),
        producer_id=head.tax_code or head.registration_no or "",
        tracing_code=address,
        stages=_stages(rows, address=address, premises=f"{base_url}/htx/{head.seller_slug}"),
        harvested_on=max(harvested, default=None),
        made_on=head.made_on,
        packed_on=head.packed_on,
        expires_on=head.expires_on,
        brand=head.brand,
        origin=", ".join(filter(None, [head.commune, head.province])),
        last_processing_place=rows.steps[-1].place if rows.steps else "",
        certificates=tuple(certificates),
        warnings=tuple(head.cautions),
        applicable=frozenset({"made_on"} | ({"expires_on"} if head.shelf_life_days else set())),
    )


def producer_address(head: Any) -> str:
    """Return where the maker is, from the village up."""
    return ", ".join(filter(None, [head.hamlet, head.commune, head.province]))


def stage_names(rows: BatchRows) -> list[str]:
    """Return what people call each stage of `facts` in its order, but for the release."""
    return [row.name for row in _raw_material(rows)] + [step.name for step in rows.steps]


def _stages(rows: BatchRows, *, address: str, premises: str) -> tuple[Stage, ...]:
    head = rows.packs[0]
    harvests = [
        Stage(
            key="harvest",
            product_code=row.source_lot or "",
            place_code=row.plot_code or row.supplier,
            happened_at=row.harvested_on,
        )
        for row in _raw_material(rows)
    ]
    steps = [
        Stage(
            key=step.code,
            product_code=head.lot,
            place_code=premises if step.place else "",
            happened_at=step.ended_at,
        )
        for step in rows.steps
    ]
    released = Stage("release", address, premises, head.released_at)
    return (*harvests, *steps, *([released] if head.released_at else []))


def _raw_material(rows: BatchRows) -> list[Any]:
    return [row for row in rows.inputs if row.kind is InputKind.RAW_MATERIAL]
