"""Members' entries: each went by legal moves, and what was approved or opened for it is there.

The table of moves is written down here a second time on purpose: a mistake in the service's own
must not hide itself.
"""

import json
from collections.abc import Iterator
from typing import Any

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule, select

_LEGAL = {
    None: {"draft"},
    "draft": {"sent", "withdrawn"},
    "sent": {"draft", "returned", "approved", "withdrawn"},
    "returned": {"sent", "withdrawn"},
    "approved": set(),
    "withdrawn": set(),
}


def _told(value: Any) -> str | None:
    """Return the state that one entry of the trail tells."""
    said = json.loads(value) if isinstance(value, str) else value
    return said.get("state") if isinstance(said, dict) else None


def _moved_wrongly(reader: Reader) -> Iterator[Row]:
    """The trail tells each move; the last one told is where the entry stands."""
    reached: dict[int, str | None] = {}
    wrong: dict[int, str] = {}
    for row in reader.rows(
        "SELECT subject_id, after FROM audit_entry "
        "WHERE subject_kind = 'submission' AND action LIKE 'submission_%' ORDER BY id"
    ):
        entry, now = row["subject_id"], _told(row["after"])
        before = reached.get(entry)
        if now not in _LEGAL[before]:
            wrong[entry] = f"{before} -> {now}"
        reached[entry] = now if now in _LEGAL else before
    for row in reader.rows("SELECT id AS row, state FROM submission ORDER BY id"):
        if row["row"] not in reached:
            continue  # that nobody is on record for it is a rule of its own
        said = reached[row["row"]]
        if row["row"] in wrong or said != row["state"]:
            yield row | {"how": wrong.get(row["row"], f"{said} -> {row['state']}")}


RULES = (
    Rule(
        9,
        "submission_moved_wrongly",
        "submission",
        _moved_wrongly,
        "Mục xã viên gửi {row} đang là {state}, nhưng lịch sử ghi {how}.",
        "Entry {row} of a member is {state}, but the trail tells {how}.",
    ),
    Rule(
        9,
        "approved_submission_without_product",
        "submission",
        select("""
            SELECT s.id AS row, s.member_id AS member FROM submission s
            LEFT JOIN product p ON p.id = s.product_id
            WHERE s.kind = 'product' AND s.product_id IS NOT NULL
              AND (p.member_id IS NULL OR p.member_id <> s.member_id)
               OR s.kind = 'product' AND s.state = 'approved' AND s.product_id IS NULL
            ORDER BY s.id
        """),
        "Mục {row} của xã viên {member} đã duyệt mà không có sản phẩm của chính người đó.",
        "Entry {row} of member {member} was approved without a product that is theirs.",
    ),
    Rule(
        9,
        "accepted_submission_without_goods",
        "submission",
        select("""
            SELECT s.id AS row, s.member_id AS member FROM submission s
            WHERE s.kind = 'batch' AND s.state = 'approved' AND NOT EXISTS (
                SELECT 1 FROM batch b
                JOIN trace_event e ON e.client_id = s.client_id || '-slip-1'
                WHERE b.id = s.batch_id AND b.seller_id = s.seller_id
                  AND e.seller_id = s.seller_id)
            ORDER BY s.id
        """),
        "Mục {row} của xã viên {member} ghi là đã nhận hàng mà không có phiếu cân.",
        "Entry {row} of member {member} says the goods came in, but there is no slip for them.",
    ),
    Rule(
        9,
        "submission_of_wrong_seller",
        "submission",
        select("""
            SELECT s.id AS row, m.seller_id AS seller FROM submission s
            JOIN member m ON m.id = s.member_id
            LEFT JOIN product p ON p.id = s.product_id
            LEFT JOIN batch b ON b.id = s.batch_id
            WHERE s.seller_id <> m.seller_id OR p.seller_id <> s.seller_id
               OR b.seller_id <> s.seller_id
            ORDER BY s.id
        """),
        "Mục {row} không thuộc cùng nơi bán {seller} với người gửi, sản phẩm hoặc lô của nó.",
        "Entry {row} is not of seller {seller}, as its sender, its product or its batch are.",
    ),
)
