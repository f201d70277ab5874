"""Invariant 2: no level is negative, levels are the sums of movements, lines are covered."""

from shop.invariants.rules import Rule, select

_PAST_CONFIRMED = (
    "('confirmed', 'packing', 'shipped', 'delivered', 'completed', 'delivery_failed', 'returned')"
)
_LEVEL = "'place ' || place_id || ', batch_pack ' || batch_pack_id"

RULES = (
    Rule(
        2,
        "level_negative",
        "stock_level",
        select(f"""
            SELECT {_LEVEL} AS row, on_hand, reserved FROM stock_level
            WHERE on_hand < 0 OR reserved < 0 OR on_hand < reserved
            ORDER BY place_id, batch_pack_id
        """),  # noqa: S608 - put together from constants
        "Tồn kho ({row}) âm: có {on_hand}, đã giữ {reserved}.",
        "The level at {row} is negative: {on_hand} there, {reserved} reserved.",
    ),
    Rule(
        2,
        "level_differs_from_movements",
        "stock_level",
        select(f"""
            SELECT {_LEVEL} AS row, SUM(level) AS on_hand, SUM(moved) AS moved FROM (
                SELECT place_id, batch_pack_id, on_hand AS level, 0 AS moved FROM stock_level
                UNION ALL
                SELECT place_id, batch_pack_id, 0 AS level, quantity AS moved FROM stock_movement
            ) both_sides
            GROUP BY place_id, batch_pack_id HAVING SUM(level) <> SUM(moved)
            ORDER BY place_id, batch_pack_id
        """),  # noqa: S608
        "Tồn kho ({row}) ghi {on_hand}, các lần nhập xuất cộng lại {moved}.",
        "The level at {row} says {on_hand}, its movements add up to {moved}.",
    ),
    Rule(
        2,
        "reserved_differs",
        "stock_level",
        select(f"""
            SELECT {_LEVEL} AS row, SUM(level) AS reserved, SUM(kept) AS kept FROM (
                SELECT place_id, batch_pack_id, reserved AS level, 0 AS kept FROM stock_level
                UNION ALL
                SELECT place_id, batch_pack_id, 0 AS level, quantity AS kept FROM reservation
                WHERE state = 'held'
                UNION ALL
                SELECT place_id, batch_pack_id, 0 AS level, quantity AS kept FROM allocation
                WHERE shipped_at IS NULL
            ) both_sides
            GROUP BY place_id, batch_pack_id HAVING SUM(level) <> SUM(kept)
            ORDER BY place_id, batch_pack_id
        """),  # noqa: S608
        "Tồn kho ({row}) ghi đã giữ {reserved}, các đơn giữ cộng lại {kept}.",
        "The level at {row} says {reserved} reserved, the orders keep {kept}.",
    ),
    Rule(
        2,
        "line_not_covered",
        "order_line",
        select(f"""
            SELECT l.id AS row, o.code, o.state, l.quantity,
                   COALESCE(a.given, 0) AS given, COALESCE(s.short, 0) AS short
            FROM order_line l JOIN sales_order o ON o.id = l.order_id
            LEFT JOIN (
                SELECT order_line_id, SUM(quantity) AS given FROM allocation
                GROUP BY order_line_id
            ) a ON a.order_line_id = l.id
            LEFT JOIN (
                SELECT order_line_id, SUM(quantity) AS short FROM stock_shortage
                WHERE settled_at IS NULL GROUP BY order_line_id
            ) s ON s.order_line_id = l.id
            WHERE (o.state IN {_PAST_CONFIRMED} OR (o.is_short AND o.state = 'new'))
              AND l.quantity <> COALESCE(a.given, 0) + COALESCE(s.short, 0)
            ORDER BY l.id
        """),  # noqa: S608
        "Đơn {code}: dòng {row} cần {quantity}, đã chia {given}, còn thiếu {short}.",
        "Order {code}: line {row} wants {quantity}, has {given} and lacks {short}.",
    ),
    Rule(
        2,
        "wrong_pack_given",
        "allocation",
        select("""
            SELECT a.id AS row, o.code, l.pack_id, bp.pack_id AS given_id
            FROM allocation a JOIN order_line l ON l.id = a.order_line_id
            JOIN sales_order o ON o.id = l.order_id
            JOIN batch_pack bp ON bp.id = a.batch_pack_id
            JOIN place p ON p.id = a.place_id
            WHERE bp.pack_id <> l.pack_id OR p.seller_id <> o.seller_id ORDER BY a.id
        """),
        "Đơn {code}: phần chia {row} lấy gói {given_id} hoặc kho của người khác, đơn đặt gói "
        "{pack_id}.",
        "Order {code}: allocation {row} takes pack {given_id} or stands with another seller; "
        "pack {pack_id} was ordered.",
    ),
    Rule(
        2,
        "stock_kept_for_closed_order",
        "sales_order",
        select("""
            SELECT o.id AS row, o.code, o.state, SUM(k.quantity) AS kept
            FROM sales_order o JOIN order_line l ON l.order_id = o.id
            JOIN (
                SELECT order_line_id, quantity FROM reservation WHERE state = 'held'
                UNION ALL
                SELECT order_line_id, quantity FROM allocation WHERE shipped_at IS NULL
            ) k ON k.order_line_id = l.id
            WHERE o.state IN ('cancelled', 'returned', 'shipped', 'delivered', 'completed')
            GROUP BY o.id, o.code, o.state ORDER BY o.id
        """),
        "Đơn {code} ({state}) còn giữ {kept} gói trong kho.",
        "Order {code} ({state}) still keeps {kept} packs in stock.",
    ),
    Rule(
        2,
        "shipment_differs_from_movements",
        "order_line",
        select("""
            SELECT order_line_id AS row, batch_pack_id, SUM(given) AS given,
                   SUM(left_us) AS left_us
            FROM (
                SELECT order_line_id, batch_pack_id, quantity AS given, 0 AS left_us
                FROM allocation WHERE shipped_at IS NOT NULL
                UNION ALL
                SELECT order_line_id, batch_pack_id, 0 AS given, -quantity AS left_us
                FROM stock_movement WHERE kind = 'ship' AND order_line_id IS NOT NULL
            ) both_sides
            GROUP BY order_line_id, batch_pack_id HAVING SUM(given) <> SUM(left_us)
            ORDER BY order_line_id, batch_pack_id
        """),
        "Dòng đơn {row}: ghi đã giao {given} gói của {batch_pack_id}, kho xuất {left_us}.",
        "Order line {row}: {given} packs of {batch_pack_id} are shipped, {left_us} left stock.",
    ),
)
