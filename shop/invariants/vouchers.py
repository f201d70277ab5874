"""Invariant 1 for vouchers: what came off is in the lines, counted once, and within limits."""

from shop.invariants.rules import Rule, select

RULES = (
    Rule(
        1,
        "voucher_counts_differ",
        "voucher",
        select("""
            SELECT v.id AS row, v.name, v.used_count, v.used_vnd,
                   COALESCE(u.uses, 0) AS uses, COALESCE(u.given_vnd, 0) AS given_vnd
            FROM voucher v LEFT JOIN (
                SELECT voucher_id, COUNT(*) AS uses, SUM(amount_vnd) AS given_vnd
                FROM voucher_use WHERE given_back_at IS NULL GROUP BY voucher_id
            ) u ON u.voucher_id = v.id
            WHERE v.used_count <> COALESCE(u.uses, 0) OR v.used_vnd <> COALESCE(u.given_vnd, 0)
            ORDER BY v.id
        """),
        "Mã giảm giá {name} ghi {used_count} lượt, {used_vnd} đồng; đơn cộng lại {uses} lượt, "
        "{given_vnd} đồng.",
        "Voucher {name} says {used_count} uses and {used_vnd} VND; its orders add up to {uses} "
        "and {given_vnd}.",
    ),
    Rule(
        1,
        "discount_differs_from_voucher",
        "sales_order",
        select("""
            SELECT o.id AS row, o.code, COALESCE(l.off_vnd, 0) AS off_vnd,
                   COALESCE(u.amount_vnd, 0) AS given_vnd
            FROM sales_order o
            LEFT JOIN (SELECT order_id, SUM(discount_vnd) AS off_vnd
                       FROM order_line GROUP BY order_id) l ON l.order_id = o.id
            LEFT JOIN voucher_use u ON u.order_id = o.id
            WHERE COALESCE(l.off_vnd, 0) <> COALESCE(u.amount_vnd, 0) ORDER BY o.id
        """),
        "Đơn {code} được giảm {off_vnd} đồng ở các dòng, mã giảm giá ghi {given_vnd}.",
        "Order {code} got {off_vnd} VND off in its lines, its voucher says {given_vnd}.",
    ),
    Rule(
        1,
        "line_does_not_add_up",
        "order_line",
        select("""
            SELECT l.id AS row, o.code, l.total_vnd FROM order_line l
            JOIN sales_order o ON o.id = l.order_id
            WHERE l.total_vnd <> l.quantity * l.unit_price_vnd - l.discount_vnd
               OR l.discount_vnd < 0 ORDER BY l.id
        """),
        "Đơn {code}: một dòng ghi {total_vnd} đồng, không bằng số lượng nhân giá trừ giảm.",
        "Order {code}: a line says {total_vnd} VND, which is not quantity times price less off.",
    ),
    Rule(
        1,
        "voucher_use_of_nothing",
        "voucher_use",
        select("""
            SELECT u.id AS row, o.code FROM voucher_use u
            JOIN sales_order o ON o.id = u.order_id
            WHERE (o.state IN ('cancelled', 'returned')) <> (u.given_back_at IS NOT NULL)
            ORDER BY u.id
        """),
        "Đơn {code}: lượt giảm giá không khớp với việc đơn còn hay đã hủy, trả.",
        "Order {code}: its voucher stands or was given back, and the order says otherwise.",
    ),
)
