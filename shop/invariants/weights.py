"""Invariant 7: no more comes out than went in, and every pack is somewhere."""

import json
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule, select

_GRAMS = {"KGM": 1000, "GRM": 1, "TNE": 1_000_000}
"""Grams in a unit of mass (UN/CEFACT Recommendation 20)."""

_LISTS = ("quantityList", "outputQuantityList")


def _outputs_outweigh_inputs(reader: Reader) -> Iterator[Row]:
    masses = _pack_masses(reader)
    extras = _added_beside_sources(reader)
    for row in reader.rows(
        "SELECT id AS row, event_id, body FROM trace_event "
        "WHERE kind = 'TransformationEvent' ORDER BY id"
    ):
        event = json.loads(row.pop("body"))
        went_in = sum(map(_grams, event.get("inputQuantityList", [])))
        came_out, batches = 0, set()
        for element in event.get("outputQuantityList", []):
            mass_g, batch_id = masses.get(_path(element["epcClass"]), (0, None))
            pieces = 0 if "uom" in element else element.get("quantity", 0)
            came_out += _grams(element) + mass_g * pieces
            batches.add(batch_id)
        went_in += sum(extras[batch_id] for batch_id in batches)
        if came_out > went_in:
            yield {**row, "out_g": came_out, "in_g": went_in}


def _pack_masses(reader: Reader) -> dict[str, tuple[int, int]]:
    """Return grams and batch of every batch pack by the path of its Digital Link."""
    return {
        f"/01/{row['gtin']}/10/{row['lot']}": (row["mass_g"], row["batch_id"])
        for row in reader.rows(
            "SELECT k.gtin, b.lot, k.mass_g, b.id AS batch_id FROM batch_pack bp "
            "JOIN pack k ON k.id = bp.pack_id JOIN batch b ON b.id = bp.batch_id"
        )
    }


def _added_beside_sources(reader: Reader) -> "defaultdict[int | None, int]":
    """Return the grams that went into each batch and are in no input list of an event."""
    found: defaultdict[int | None, int] = defaultdict(int)
    for row in reader.rows("""
        SELECT batch_id, SUM(grams) AS grams FROM (
            SELECT batch_id, added_g AS grams FROM batch_step
            UNION ALL
            SELECT batch_id, quantity_g AS grams FROM batch_input
            WHERE source_id IS NULL AND kind IN ('raw_material', 'ingredient')
        ) added GROUP BY batch_id
    """):
        found[row["batch_id"]] = row["grams"]
    return found


def _grams(element: dict[str, Any]) -> int:
    """Return the grams of a quantity element; pieces and volumes weigh nothing here."""
    quantity: float = element.get("quantity", 0)
    return round(quantity * _GRAMS.get(element.get("uom", ""), 0))


def _path(class_id: str) -> str:
    return unquote("/" + "/".join(class_id.split("/")[-4:]))


def _movements_differ_from_event(reader: Reader) -> Iterator[Row]:
    """What moved is what its event says; a stock take says how many stand there afterwards."""
    for row in reader.rows("""
        SELECT MIN(m.id) AS row, m.kind, e.event_id, e.body, k.gtin, b.lot,
               ABS(SUM(m.quantity)) AS moved, MIN(m.place_id) AS place_id,
               MIN(m.batch_pack_id) AS batch_pack_id
        FROM stock_movement m JOIN trace_event e ON e.id = m.event_id
        JOIN batch_pack bp ON bp.id = m.batch_pack_id JOIN pack k ON k.id = bp.pack_id
        JOIN batch b ON b.id = bp.batch_id
        GROUP BY e.id, m.kind, e.event_id, e.body, k.gtin, b.lot ORDER BY 1
    """):
        said = _pieces(json.loads(row.pop("body")), f"/01/{row['gtin']}/10/{row['lot']}")
        moved = _standing(reader, row) if row["kind"] == "stock_take" else row["moved"]
        if said != moved:
            yield {**row, "said": said, "moved": moved}


def _pieces(event: dict[str, Any], wanted: str) -> int:
    return sum(
        element.get("quantity", 0)
        for name in _LISTS
        for element in event.get(name, [])
        if _path(element["epcClass"]) == wanted
    )


def _standing(reader: Reader, row: Row) -> int:
    """Return how many stood there after a movement."""
    [found] = reader.rows(
        "SELECT SUM(quantity) AS standing FROM stock_movement WHERE id <= :id "
        "AND place_id = :place_id AND batch_pack_id = :batch_pack_id",
        id=row["row"],
        place_id=row["place_id"],
        batch_pack_id=row["batch_pack_id"],
    )
    standing: int = found["standing"]
    return standing


RULES = (
    Rule(
        7,
        "step_outweighs_itself",
        "batch_step",
        select("""
            SELECT s.id AS row, b.lot, s.name, s.in_g + s.added_g AS in_g,
                   s.out_g + s.loss_g + s.by_product_g AS out_g
            FROM batch_step s JOIN batch b ON b.id = s.batch_id
            WHERE s.in_g + s.added_g <> s.out_g + s.loss_g + s.by_product_g
               OR s.in_g < 0 OR s.added_g < 0 OR s.out_g < 0 OR s.loss_g < 0 OR s.by_product_g < 0
            ORDER BY s.id
        """),
        "Lô {lot}, bước {name}: vào {in_g} g, ra cùng hao hụt {out_g} g.",
        "Batch {lot}, step {name}: {in_g} g in, {out_g} g out with losses.",
    ),
    Rule(
        7,
        "packs_outweigh_last_step",
        "batch",
        select("""
            SELECT b.id AS row, b.lot, SUM(bp.produced * k.mass_g) AS packs_g, s.out_g
            FROM batch b JOIN batch_pack bp ON bp.batch_id = b.id JOIN pack k ON k.id = bp.pack_id
            JOIN batch_step s ON s.batch_id = b.id AND s.seq = (
                SELECT MAX(last.seq) FROM batch_step last WHERE last.batch_id = b.id)
            GROUP BY b.id, b.lot, s.out_g
            HAVING SUM(bp.produced * k.mass_g) > s.out_g ORDER BY b.id
        """),
        "Lô {lot}: các gói nặng {packs_g} g, bước cuối chỉ ra {out_g} g.",
        "Batch {lot}: its packs weigh {packs_g} g, its last step gave {out_g} g.",
    ),
    Rule(
        7,
        "outputs_outweigh_inputs",
        "trace_event",
        _outputs_outweigh_inputs,
        "Sự kiện {row}: ra {out_g} g, vào chỉ có {in_g} g.",
        "Event {row}: {out_g} g came out of {in_g} g.",
    ),
    Rule(
        7,
        "more_used_than_delivered",
        "batch",
        select("""
            SELECT b.id AS row, b.lot, b.quantity_g, SUM(i.quantity_g) AS used_g
            FROM batch b JOIN batch_input i ON i.source_id = b.id
            WHERE b.kind = 'delivery'
            GROUP BY b.id, b.lot, b.quantity_g HAVING SUM(i.quantity_g) > b.quantity_g
            ORDER BY b.id
        """),
        "Lô nhập {lot} có {quantity_g} g mà đã dùng {used_g} g.",
        "Delivery {lot} holds {quantity_g} g, and {used_g} g of it were used.",
    ),
    Rule(
        7,
        "lineage_differs_from_inputs",
        "batch",
        select("""
            SELECT b.id AS row, b.lot, s.lot AS source_lot, SUM(x.edge_g) AS edge_g,
                   SUM(x.input_g) AS input_g
            FROM (
                SELECT to_batch_id AS batch_id, from_batch_id AS source_id, quantity_g AS edge_g,
                       0 AS input_g FROM lineage_edge
                UNION ALL
                SELECT batch_id, source_id, 0 AS edge_g, quantity_g AS input_g FROM batch_input
                WHERE source_id IS NOT NULL
                  AND EXISTS (SELECT 1 FROM batch_pack bp WHERE bp.batch_id = batch_input.batch_id)
            ) x JOIN batch b ON b.id = x.batch_id JOIN batch s ON s.id = x.source_id
            GROUP BY b.id, b.lot, s.lot HAVING SUM(x.edge_g) <> SUM(x.input_g) ORDER BY b.id, s.lot
        """),
        "Lô {lot}: sổ ghi lấy {input_g} g từ {source_lot}, dòng truy xuất ghi {edge_g} g.",
        "Batch {lot}: the book says {input_g} g of {source_lot} went in, the lineage {edge_g} g.",
    ),
    Rule(
        7,
        "units_differ_from_packed",
        "batch_pack",
        select("""
            SELECT bp.id AS row, b.lot, k.sku, bp.produced, COALESCE(m.packed, 0) AS packed
            FROM batch_pack bp JOIN batch b ON b.id = bp.batch_id JOIN pack k ON k.id = bp.pack_id
            LEFT JOIN (
                SELECT batch_pack_id, SUM(quantity) AS packed FROM stock_movement
                WHERE kind = 'pack' GROUP BY batch_pack_id
            ) m ON m.batch_pack_id = bp.id
            WHERE bp.produced <> COALESCE(m.packed, 0) ORDER BY bp.id
        """),
        "Lô {lot}, {sku}: ghi đóng {produced} gói, kho nhập {packed}.",
        "Batch {lot}, {sku}: {produced} packs were made, {packed} came into stock.",
    ),
    Rule(
        7,
        "movement_has_wrong_sign",
        "stock_movement",
        select("""
            SELECT id AS row, kind, quantity FROM stock_movement
            WHERE (kind IN ('ship', 'sale', 'destroy') AND quantity > 0)
               OR (kind IN ('pack', 'return') AND quantity < 0)
            ORDER BY id
        """),
        "Lần nhập xuất {row} ({kind}) ghi {quantity}: sai chiều.",
        "Movement {row} ({kind}) of {quantity} goes the wrong way.",
    ),
    Rule(
        7,
        "transfer_loses_packs",
        "batch_pack",
        select("""
            SELECT batch_pack_id AS row, SUM(quantity) AS off_by FROM stock_movement
            WHERE kind = 'transfer' GROUP BY batch_pack_id HAVING SUM(quantity) <> 0 ORDER BY 1
        """),
        "Chuyển kho của {row} lệch {off_by} gói.",
        "Transfers of {row} are off by {off_by} packs.",
    ),
    Rule(
        7,
        "movement_without_event",
        "stock_movement",
        select("""
            SELECT id AS row, kind, quantity FROM stock_movement
            WHERE kind IN ('pack', 'ship', 'sale', 'destroy', 'stock_take') AND event_id IS NULL
            ORDER BY id
        """),
        "Lần nhập xuất {row} ({kind}, {quantity}) không có sự kiện đi kèm.",
        "Movement {row} ({kind}, {quantity}) carries no event.",
    ),
    Rule(
        7,
        "movement_differs_from_event",
        "stock_movement",
        _movements_differ_from_event,
        "Lần nhập xuất {row} của lô {lot}: kho ghi {moved} gói, sự kiện ghi {said}.",
        "Movement {row} of batch {lot}: {moved} packs moved, its event says {said}.",
    ),
)
