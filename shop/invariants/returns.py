"""Invariant 3 for goods that came back: counted once, in stock as they were counted."""

from shop.invariants.rules import Rule, select

RULES = (
    Rule(
        3,
        "return_differs_from_stock",
        "order_line",
        select("""
            SELECT l.id AS row, o.code, COALESCE(m.back, 0) AS back,
                   CASE WHEN o.state = 'returned' THEN COALESCE(a.went, 0)
                        ELSE COALESCE(g.came, 0) END AS counted
            FROM order_line l JOIN sales_order o ON o.id = l.order_id
            LEFT JOIN (SELECT order_line_id, SUM(quantity) AS back FROM stock_movement
                       WHERE order_line_id IS NOT NULL AND quantity > 0
                       GROUP BY order_line_id) m ON m.order_line_id = l.id
            LEFT JOIN (SELECT order_line_id, SUM(quantity) AS went FROM allocation
                       WHERE shipped_at IS NOT NULL GROUP BY order_line_id) a
                ON a.order_line_id = l.id
            LEFT JOIN (SELECT r.order_line_id, SUM(r.received) AS came FROM goods_return_line r
                       GROUP BY r.order_line_id) g ON g.order_line_id = l.id
            WHERE COALESCE(m.back, 0) <> CASE WHEN o.state = 'returned' THEN COALESCE(a.went, 0)
                                              ELSE COALESCE(g.came, 0) END
            ORDER BY l.id
        """),
        "Dòng {row} của đơn {code}: kho ghi {back} gói khách trả, đơn ghi {counted}.",
        "Line {row} of order {code}: the stock has {back} packs back, the order says {counted}.",
    ),
    Rule(
        3,
        "return_of_what_never_left",
        "stock_movement",
        select("""
            SELECT m.row, o.code, m.back, COALESCE(a.went, 0) AS went
            FROM (SELECT order_line_id, batch_pack_id, MAX(id) AS row, SUM(quantity) AS back
                  FROM stock_movement WHERE order_line_id IS NOT NULL AND quantity > 0
                  GROUP BY order_line_id, batch_pack_id) m
            JOIN order_line l ON l.id = m.order_line_id
            JOIN sales_order o ON o.id = l.order_id
            LEFT JOIN (SELECT order_line_id, batch_pack_id, SUM(quantity) AS went
                       FROM allocation WHERE shipped_at IS NOT NULL
                       GROUP BY order_line_id, batch_pack_id) a
                ON a.order_line_id = m.order_line_id AND a.batch_pack_id = m.batch_pack_id
            WHERE m.back > COALESCE(a.went, 0)
            ORDER BY m.row
        """),
        "Lần nhập {row}: đơn {code} trả về {back} gói của một lô, mà chỉ gửi đi {went}.",
        "Movement {row}: order {code} gave back {back} packs of a batch of which {went} went out.",
    ),
)
