"""Money on its way back: never above what came, promised and posted once, by two persons if large.

Invariants 1, 4 and 5 of the design, as far as they are about refunds.
"""

from shop.invariants.rules import Rule, select

_ALONE = """
    SELECT payment_id, MIN(id) AS first, SUM(amount_vnd) AS alone_vnd, MAX(limit_vnd) AS limit_vnd,
           SUM(CASE WHEN limit_vnd IS NULL THEN 1 ELSE 0 END) AS unlimited
    FROM refund
    WHERE way <> '' AND proposed_by_id IS NOT NULL AND confirmed_by_id IS NULL
      AND state IN ('accepted', 'settled')
    GROUP BY payment_id
"""

RULES = (
    Rule(
        1,
        "refunds_above_what_came",
        "payment",
        select("""
            SELECT y.id AS row, o.code, y.received_vnd, SUM(r.amount_vnd) AS back_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            JOIN refund r ON r.payment_id = y.id AND r.state <> 'rejected'
            GROUP BY y.id, o.code, y.received_vnd
            HAVING SUM(r.amount_vnd) > y.received_vnd ORDER BY y.id
        """),
        "Đơn {code} nhận {received_vnd} đồng mà hoàn hoặc hứa hoàn {back_vnd}.",
        "Order {code} received {received_vnd} VND, and {back_vnd} went or are promised back.",
    ),
    Rule(
        1,
        "refund_not_promised_once",
        "refund",
        select("""
            SELECT r.id AS row, r.key, r.amount_vnd, COALESCE(b.due, 0) AS due_vnd
            FROM refund r LEFT JOIN (
                SELECT e.key, -SUM(p.amount_vnd) AS due FROM ledger_entry e
                JOIN posting p ON p.entry_id = e.id AND p.account = 'refunds_due'
                WHERE e.kind = 'refund_due' GROUP BY e.key
            ) b ON b.key = 'refund_due:' || r.id
            WHERE r.amount_vnd <> COALESCE(b.due, 0) ORDER BY r.id
        """),
        "Khoản hoàn {row} ({key}) là {amount_vnd} đồng, sổ hứa hoàn {due_vnd}.",
        "Refund {row} ({key}) is {amount_vnd} VND, the books promise {due_vnd}.",
    ),
    Rule(
        1,
        "refund_not_posted_once",
        "refund",
        select("""
            SELECT r.id AS row, r.key, r.state, r.amount_vnd, COALESCE(b.went, 0) AS went_vnd
            FROM refund r LEFT JOIN (
                SELECT e.key, SUM(p.amount_vnd) AS went FROM ledger_entry e
                JOIN posting p ON p.entry_id = e.id AND p.account = 'refunds_due'
                WHERE e.kind = 'refund' GROUP BY e.key
            ) b ON b.key = 'refund:' || r.id
            WHERE COALESCE(b.went, 0) <>
                CASE WHEN r.state = 'settled' THEN r.amount_vnd ELSE 0 END
            ORDER BY r.id
        """),
        "Khoản hoàn {row} ({key}, {state}) là {amount_vnd} đồng, sổ ghi đã hoàn {went_vnd}.",
        "Refund {row} ({key}, {state}) is {amount_vnd} VND, the books say {went_vnd} went.",
    ),
    Rule(
        1,
        "remitted_differs_from_books",
        "payment",
        select("""
            SELECT y.id AS row, o.code, y.remitted_vnd, COALESCE(b.let_off, 0) AS off_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            LEFT JOIN (
                SELECT e.payment_id, -SUM(p.amount_vnd) AS let_off FROM ledger_entry e
                JOIN posting p ON p.entry_id = e.id AND p.account = 'buyers'
                WHERE e.kind IN ('allowance', 'allowance_reversed') GROUP BY e.payment_id
            ) b ON b.payment_id = y.id
            WHERE y.remitted_vnd <> COALESCE(b.let_off, 0) ORDER BY y.id
        """),
        "Đơn {code} ghi bớt giá {remitted_vnd} đồng, sổ ghi {off_vnd}.",
        "Order {code} says {remitted_vnd} VND were let off, the books say {off_vnd}.",
    ),
    Rule(
        9,
        "refund_confirmed_by_who_asked",
        "refund",
        select("""
            SELECT r.id AS row, r.key FROM refund r
            WHERE r.confirmed_by_id IS NOT NULL
              AND (r.proposed_by_id IS NULL OR r.confirmed_by_id = r.proposed_by_id)
            ORDER BY r.id
        """),
        "Khoản hoàn {row} ({key}) do cùng một người đề nghị và đồng ý.",
        "Refund {row} ({key}) was asked for and confirmed by one person.",
    ),
    Rule(
        9,
        "refund_above_limit_by_one",
        "refund",
        select(f"""
            SELECT a.first AS row, o.code, a.alone_vnd, COALESCE(a.limit_vnd, 0) AS limit_vnd
            FROM ({_ALONE}) a
            JOIN payment y ON y.id = a.payment_id JOIN sales_order o ON o.id = y.order_id
            WHERE a.unlimited > 0 OR a.alone_vnd > a.limit_vnd ORDER BY a.first
        """),  # noqa: S608 - put together from constants
        "Đơn {code}: một người tự hoàn {alone_vnd} đồng, quá mức {limit_vnd}.",
        "Order {code}: one person alone gave back {alone_vnd} VND, above the limit {limit_vnd}.",
    ),
    Rule(
        5,
        "refund_never_asked_for",
        "refund",
        select("""
            SELECT r.id AS row, r.key, r.state FROM refund r
            WHERE r.way = 'provider' AND r.state IN ('accepted', 'settled')
              AND (r.attempt_id IS NULL OR r.sent_at IS NULL OR NOT EXISTS (
                  SELECT 1 FROM outbox_message m
                  WHERE m.kind = 'refund' AND m.key = 'refund:' || r.key))
            ORDER BY r.id
        """),
        "Khoản hoàn {row} ({key}, {state}) đi qua cổng mà không có lời nhắn nào gửi đi.",
        "Refund {row} ({key}, {state}) went through a provider that nobody asked.",
    ),
    Rule(
        4,
        "refunds_above_their_attempt",
        "payment_attempt",
        select("""
            SELECT a.id AS row, a.reference, a.amount_vnd, SUM(r.amount_vnd) AS back_vnd
            FROM payment_attempt a
            JOIN refund r ON r.attempt_id = a.id AND r.state <> 'rejected'
            GROUP BY a.id, a.reference, a.amount_vnd
            HAVING SUM(r.amount_vnd) > a.amount_vnd ORDER BY a.id
        """),
        "Lần thu {row} ({reference}) thu {amount_vnd} đồng mà hoàn qua cổng {back_vnd}.",
        "Attempt {row} ({reference}) took {amount_vnd} VND, and {back_vnd} go back through it.",
    ),
)
