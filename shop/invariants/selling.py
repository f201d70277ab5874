"""Invariant 3: what is held, recalled, expired or not released is in no reservation made since."""

from shop.invariants.rules import Rule, select

_TAKEN = """
    (SELECT id, 'reservation' AS source, order_line_id, batch_pack_id, made_at AS taken_at
     FROM reservation
     UNION ALL
     SELECT id, 'allocation' AS source, order_line_id, batch_pack_id, allocated_at AS taken_at
     FROM allocation)
"""
_OF_BATCH = f"""
    SELECT t.id AS row, t.source AS in_table, o.code, b.lot
    FROM {_TAKEN} t
    JOIN batch_pack bp ON bp.id = t.batch_pack_id JOIN batch b ON b.id = bp.batch_id
    JOIN order_line l ON l.id = t.order_line_id JOIN sales_order o ON o.id = l.order_id
"""  # noqa: S608 - put together from constants


def _while_noticed(kind: str) -> str:
    return f"""{_OF_BATCH}
        WHERE EXISTS (
            SELECT 1 FROM batch_notice n
            WHERE n.batch_id = b.id AND n.kind = '{kind}' AND t.taken_at > n.declared_at
              AND (n.ended_at IS NULL OR t.taken_at < n.ended_at)
        )
        ORDER BY t.source, t.id
    """  # noqa: S608


RULES = (
    Rule(
        3,
        "reserved_while_held",
        "reservation",
        select(_while_noticed("hold")),
        "Đơn {code} lấy lô {lot} khi lô đang tạm giữ.",
        "Order {code} took batch {lot} while it was held.",
    ),
    Rule(
        3,
        "reserved_while_recalled",
        "reservation",
        select(_while_noticed("recall")),
        "Đơn {code} lấy lô {lot} khi lô đang thu hồi.",
        "Order {code} took batch {lot} while it was recalled.",
    ),
    Rule(
        3,
        "reserved_after_expiry",
        "reservation",
        select(f"""{_OF_BATCH}
            WHERE b.expires_on < day_of(t.taken_at) ORDER BY t.source, t.id
        """),
        "Đơn {code} lấy lô {lot} khi lô đã hết hạn.",
        "Order {code} took batch {lot} after it had expired.",
    ),
    Rule(
        3,
        "reserved_past_its_date",
        "reservation",
        select(f"""{_OF_BATCH}
            WHERE CAST(b.expires_on AS text) < (o.snapshot ->> 'expected_on')
              AND t.source = 'reservation'
            ORDER BY t.id
        """),
        "Đơn {code} giữ lô {lot}, lô này hết hạn trước ngày hàng tới nơi.",
        "Order {code} holds batch {lot}, which expires before the goods are at the door.",
    ),
    Rule(
        3,
        "reserved_before_release",
        "reservation",
        select(f"""{_OF_BATCH}
            WHERE b.released_at IS NULL OR t.taken_at < b.released_at ORDER BY t.source, t.id
        """),
        "Đơn {code} lấy lô {lot} khi lô chưa được cho bán.",
        "Order {code} took batch {lot} before it was released.",
    ),
    Rule(
        3,
        "reserved_after_withdrawal",
        "reservation",
        select(f"""{_OF_BATCH}
            WHERE t.taken_at > bp.withdrawn_at ORDER BY t.source, t.id
        """),
        "Đơn {code} lấy mã đã rút của lô {lot}.",
        "Order {code} took a withdrawn code of batch {lot}.",
    ),
    Rule(
        3,
        "batch_state_differs_from_notices",
        "batch",
        select("""
            SELECT b.id AS row, b.lot, b.state, COALESCE(n.holds, 0) AS holds,
                   COALESCE(n.recalls, 0) AS recalls
            FROM batch b LEFT JOIN (
                SELECT batch_id, SUM(CASE kind WHEN 'hold' THEN 1 ELSE 0 END) AS holds,
                       SUM(CASE kind WHEN 'recall' THEN 1 ELSE 0 END) AS recalls
                FROM batch_notice WHERE ended_at IS NULL GROUP BY batch_id
            ) n ON n.batch_id = b.id
            WHERE (b.state = 'recalled') <> (COALESCE(n.recalls, 0) > 0)
               OR (b.state = 'held') <> (COALESCE(n.holds, 0) > 0 AND COALESCE(n.recalls, 0) = 0)
               OR (b.state <> 'draft') <> (b.released_at IS NOT NULL)
            ORDER BY b.id
        """),
        "Lô {lot} ghi {state}, nhưng thông báo còn hiệu lực: {holds} tạm giữ, {recalls} thu hồi.",
        "Batch {lot} is {state}, but its open notices are {holds} holds and {recalls} recalls.",
    ),
)
