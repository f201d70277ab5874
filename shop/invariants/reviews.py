"""Invariant 9 for reviews: of goods that came, shown by somebody, and counted as they stand."""

from shop.invariants.rules import Rule, select

_STARS = range(1, 6)

_SHOWN = ", ".join(
    f"SUM(CASE WHEN state = 'shown' AND stars = {stars} THEN 1 ELSE 0 END) AS n_{stars}"
    for stars in _STARS
)
_DIFFERS = " OR ".join(
    f"COALESCE(r.stars_{stars}, 0) <> COALESCE(v.n_{stars}, 0)" for stars in _STARS
)

RULES = (
    Rule(
        9,
        "review_of_what_never_came",
        "review",
        select("""
            SELECT v.id AS row, o.code FROM review v
            JOIN order_line l ON l.id = v.order_line_id JOIN sales_order o ON o.id = l.order_id
            WHERE NOT EXISTS (
                SELECT 1 FROM order_move m WHERE m.order_id = o.id AND m.to_state = 'delivered')
            ORDER BY v.id
        """),
        "Đánh giá {row} là của đơn {code}, đơn chưa bao giờ tới tay.",
        "Review {row} is of order {code}, which never came.",
    ),
    Rule(
        9,
        "review_decided_by_nobody",
        "review",
        select("""
            SELECT v.id AS row, v.state FROM review v
            WHERE v.state <> 'waiting' AND NOT EXISTS (
                SELECT 1 FROM audit_entry a WHERE a.subject_kind = 'review'
                AND a.subject_id = v.id AND a.at = v.decided_at
                AND a.action IN ('review_shown', 'review_refused'))
            ORDER BY v.id
        """),
        "Đánh giá {row} đang là {state} mà không có ai ghi là người quyết.",
        "Review {row} is {state}, and nobody is on record for it.",
    ),
    Rule(
        9,
        "rating_differs_from_reviews",
        "product_rating",
        select(f"""
            SELECT p.id AS row, p.slug FROM product p
            LEFT JOIN product_rating r ON r.product_id = p.id
            LEFT JOIN (SELECT product_id, {_SHOWN} FROM review GROUP BY product_id) v
                ON v.product_id = p.id
            WHERE {_DIFFERS} ORDER BY p.id
        """),  # noqa: S608 - put together from constants
        "Số đánh giá của {slug} khác các đánh giá đang hiện.",
        "The counts of {slug} differ from its shown reviews.",
    ),
)
