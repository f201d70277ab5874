"""Invariant 9: who acted, for whom, when and from where is on record for every change.

A row that names its actor proves itself; one that does not (a buyer, the system) needs the entry
in the audit trail that was written with it, at the same moment.
"""

import json
from collections.abc import Iterator

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule, select

MADE_BY_SOMEBODY = (
    "seller",
    "product",
    "submission",
    "certificate",
    "account",
    "consent",
    "role_grant",
    "bank_account",
    "provider_account",
    "batch",
    "member",
    "plot",
    "import_run",
    "sign_in_card",
    "account_recovery",
)
"""Tables whose every row has an entry in the trail from somebody who made it; an order has its
first move."""

_ON_ORDER = """EXISTS (
    SELECT 1 FROM audit_entry a
    WHERE a.subject_kind = 'sales_order' AND a.subject_id = {order_id} AND a.at = {moment})"""


def _made_by_nobody(table: str) -> Rule:
    return Rule(
        9,
        f"{table}_made_by_nobody",
        table,
        select(f"""
            SELECT t.id AS row FROM {table} t WHERE NOT EXISTS (
                SELECT 1 FROM audit_entry a
                WHERE a.subject_kind = '{table}' AND a.subject_id = t.id)
            ORDER BY t.id
        """),  # noqa: S608 - put together from constants
        f"Bảng {table}: dòng {{row}} không có ai ghi là người tạo.",
        f"Table {table}: nobody is on record for row {{row}}.",
    )


def _prices_nobody_set(reader: Reader) -> Iterator[Row]:
    """A price is what the last change of its product on record says; changes keep every price."""
    latest: dict[tuple[int, str], int] = {}
    for row in reader.rows(
        "SELECT subject_id, after FROM audit_entry "
        "WHERE subject_kind = 'product' AND after IS NOT NULL ORDER BY at, id"
    ):
        after = json.loads(row["after"]) if isinstance(row["after"], str) else row["after"]
        prices = after.get("packs") if isinstance(after, dict) else None
        for sku, price_vnd in (prices or {}).items():
            latest[row["subject_id"], sku] = price_vnd
    for row in reader.rows("SELECT id AS row, sku, product_id, price_vnd FROM pack ORDER BY id"):
        set_vnd = latest.get((row["product_id"], row["sku"]))
        if set_vnd is not None and set_vnd != row["price_vnd"]:
            yield {**row, "set_vnd": set_vnd}


RULES = (
    *(_made_by_nobody(table) for table in MADE_BY_SOMEBODY),
    Rule(
        9,
        "price_set_by_nobody",
        "pack",
        _prices_nobody_set,
        "Gói {sku} giá {price_vnd} đồng, mà lần sửa giá cuối cùng ghi {set_vnd}.",
        "Pack {sku} costs {price_vnd} VND, but the last change on record set {set_vnd}.",
    ),
    Rule(
        9,
        "batch_released_by_nobody",
        "batch",
        select("""
            SELECT b.id AS row, b.lot FROM batch b
            WHERE b.released_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM audit_entry a WHERE a.subject_kind = 'batch'
                AND a.subject_id = b.id AND a.at = b.released_at)
            ORDER BY b.id
        """),
        "Lô {lot} được cho bán mà không có ai ghi là người cho.",
        "Batch {lot} was released, and nobody is on record for it.",
    ),
    Rule(
        9,
        "notice_by_nobody",
        "batch_notice",
        select("""
            SELECT n.id AS row, b.lot, n.kind FROM batch_notice n JOIN batch b ON b.id = n.batch_id
            WHERE NOT EXISTS (
                SELECT 1 FROM audit_entry a WHERE a.at = n.declared_at
                AND ((a.subject_kind = 'batch' AND a.subject_id = n.batch_id)
                  OR (a.subject_kind = 'batch_notice' AND a.subject_id = n.id)))
            ORDER BY n.id
        """),
        "Thông báo {kind} của lô {lot} không có ai ghi là người ra.",
        "Nobody is on record for the {kind} of batch {lot}.",
    ),
    Rule(
        9,
        "order_moved_by_nobody",
        "order_move",
        select(f"""
            SELECT m.id AS row, o.code, m.to_state
            FROM order_move m JOIN sales_order o ON o.id = m.order_id
            WHERE m.actor_id IS NULL
              AND NOT {_ON_ORDER.format(order_id="m.order_id", moment="m.moved_at")}
            ORDER BY m.id
        """),  # noqa: S608
        "Đơn {code} chuyển sang {to_state} mà không ghi ai làm.",
        "Order {code} went to {to_state}, and nobody is on record for it.",
    ),
    Rule(
        9,
        "order_state_unrecorded",
        "sales_order",
        select("""
            SELECT o.id AS row, o.code, o.state, COALESCE(m.to_state, '-') AS recorded
            FROM sales_order o LEFT JOIN order_move m ON m.id = (
                SELECT MAX(last.id) FROM order_move last WHERE last.order_id = o.id)
            WHERE m.id IS NULL OR m.to_state <> o.state ORDER BY o.id
        """),
        "Đơn {code} ở trạng thái {state}, lần chuyển cuối ghi {recorded}.",
        "Order {code} is {state}, but its last move on record led to {recorded}.",
    ),
    Rule(
        9,
        "order_moves_do_not_join",
        "order_move",
        select("""
            SELECT m.id AS row, o.code, COALESCE(m.from_state, '-') AS from_state,
                   COALESCE(before.to_state, '-') AS was
            FROM order_move m JOIN sales_order o ON o.id = m.order_id
            LEFT JOIN order_move before ON before.id = (
                SELECT MAX(b.id) FROM order_move b WHERE b.order_id = m.order_id AND b.id < m.id)
            WHERE COALESCE(m.from_state, '-') <> COALESCE(before.to_state, '-') ORDER BY m.id
        """),
        "Đơn {code}: lần chuyển {row} đi từ {from_state}, trước đó là {was}.",
        "Order {code}: move {row} starts at {from_state}, but it stood at {was}.",
    ),
    Rule(
        9,
        "stock_moved_by_nobody",
        "stock_movement",
        select("""
            SELECT m.id AS row, m.kind, m.quantity
            FROM stock_movement m JOIN place p ON p.id = m.place_id
            WHERE m.actor_id IS NULL AND NOT EXISTS (
                SELECT 1 FROM audit_entry a
                WHERE a.seller_id = p.seller_id AND a.at = m.moved_at)
            ORDER BY m.id
        """),
        "Lần nhập xuất {row} ({kind}, {quantity}) không ghi ai làm.",
        "Nobody is on record for movement {row} ({kind}, {quantity}).",
    ),
    Rule(
        9,
        "entry_by_nobody",
        "ledger_entry",
        select(f"""
            SELECT e.id AS row, e.key FROM ledger_entry e
            WHERE e.actor_id IS NULL
              AND NOT {_ON_ORDER.format(order_id="e.order_id", moment="e.recorded_at")}
              AND (e.order_id IS NOT NULL OR NOT EXISTS (
                  SELECT 1 FROM audit_entry a
                  WHERE a.seller_id = e.seller_id AND a.at = e.recorded_at))
            ORDER BY e.id
        """),  # noqa: S608
        "Bút toán {row} ({key}) không ghi ai làm.",
        "Nobody is on record for entry {row} ({key}).",
    ),
    Rule(
        9,
        "audit_without_actor",
        "audit_entry",
        select("""
            SELECT id AS row, action, actor_kind FROM audit_entry
            WHERE actor_kind NOT IN ('account', 'buyer', 'system', 'demo')
               OR (actor_kind = 'account') <> (actor_id IS NOT NULL)
            ORDER BY id
        """),
        "Dòng nhật ký {row} ({action}) không nói rõ ai làm ({actor_kind}).",
        "Entry {row} of the trail ({action}) does not say who acted ({actor_kind}).",
    ),
    Rule(
        9,
        "helped_without_consent",
        "audit_entry",
        select("""
            SELECT e.id AS row, e.action FROM audit_entry e
            WHERE e.for_member_id IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM consent c
                WHERE c.member_id = e.for_member_id AND c.helper_id = e.actor_id
                  AND c.given_on <= day_of(e.at) AND c.until >= day_of(e.at)
                  AND c.recorded_at <= e.at
                  AND (c.withdrawn_at IS NULL OR c.withdrawn_at >= e.at))
            ORDER BY e.id
        """),
        "Dòng nhật ký {row} ({action}) làm hộ xã viên mà lúc đó không có giấy nhờ.",
        "Entry {row} of the trail ({action}) was done for a member who had not consented then.",
    ),
    Rule(
        9,
        "helper_acted_for_nobody",
        "audit_entry",
        select("""
            SELECT e.id AS row, e.action FROM audit_entry e
            WHERE e.for_member_id IS NULL
              AND NOT (e.subject_kind = 'account' AND e.subject_id = e.actor_id)
              AND EXISTS (
                SELECT 1 FROM role_grant g
                WHERE g.account_id = e.actor_id AND g.role = 'helper')
              AND NOT EXISTS (
                SELECT 1 FROM role_grant g
                WHERE g.account_id = e.actor_id AND g.role <> 'helper')
            ORDER BY e.id
        """),
        "Dòng nhật ký {row} ({action}) là của người chỉ làm hộ, mà không ghi làm hộ ai.",
        "Entry {row} of the trail ({action}) is by somebody who only helps, and names no member.",
    ),
)
