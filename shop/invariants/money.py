"""Invariant 1: each entry sums to zero, each paid attempt has its money, nothing is made up."""

from shop.invariants.rules import Rule, select

_CAME = """
    SELECT e.payment_id, SUM(p.amount_vnd) AS came
    FROM ledger_entry e JOIN posting p ON p.entry_id = e.id
    WHERE (e.kind IN ('receipt', 'receipt_late', 'cod_collected')
           OR e.kind IN ('receipt_reversed', 'receipt_late_reversed', 'cod_collected_reversed'))
      AND (p.account LIKE 'bank:%' OR p.account LIKE 'clearing:%' OR p.account LIKE 'cash:%'
           OR p.account = 'cod_in_transit')
    GROUP BY e.payment_id
"""
_WENT = """
    SELECT e.payment_id, -SUM(p.amount_vnd) AS went
    FROM ledger_entry e JOIN posting p ON p.entry_id = e.id
    WHERE e.kind IN ('refund', 'refund_reversed')
      AND (p.account LIKE 'bank:%' OR p.account LIKE 'clearing:%' OR p.account LIKE 'cash:%')
    GROUP BY e.payment_id
"""
_SOLD = """
    SELECT e.order_id, SUM(p.amount_vnd) AS sold
    FROM ledger_entry e JOIN posting p ON p.entry_id = e.id AND p.account = 'buyers'
    WHERE e.kind IN ('sale', 'sale_reversed')
    GROUP BY e.order_id
"""

RULES = (
    Rule(
        1,
        "entry_unbalanced",
        "ledger_entry",
        select("""
            SELECT e.id AS row, e.key, SUM(p.amount_vnd) AS off_by_vnd
            FROM ledger_entry e JOIN posting p ON p.entry_id = e.id
            GROUP BY e.id, e.key HAVING SUM(p.amount_vnd) <> 0 ORDER BY e.id
        """),
        "Bút toán {row} ({key}) không cân: lệch {off_by_vnd} đồng.",
        "Entry {row} ({key}) does not balance: it is off by {off_by_vnd} VND.",
    ),
    Rule(
        1,
        "entry_without_postings",
        "ledger_entry",
        select("""
            SELECT e.id AS row, e.key FROM ledger_entry e
            WHERE NOT EXISTS (SELECT 1 FROM posting p WHERE p.entry_id = e.id) ORDER BY e.id
        """),
        "Bút toán {row} ({key}) không có dòng nào.",
        "Entry {row} ({key}) has no postings.",
    ),
    Rule(
        1,
        "posting_without_entry",
        "posting",
        select("""
            SELECT p.id AS row, p.entry_id FROM posting p
            WHERE NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.id = p.entry_id) ORDER BY p.id
        """),
        "Dòng sổ {row} thuộc bút toán {entry_id} không còn nữa.",
        "Posting {row} belongs to entry {entry_id}, which is gone.",
    ),
    Rule(
        1,
        "account_unknown",
        "posting",
        select("""
            SELECT p.id AS row, p.account FROM posting p
            WHERE p.account NOT IN ('buyers', 'refunds_due', 'cod_in_transit', 'suspense',
                                    'goods', 'delivery', 'fees', 'vat')
              AND p.account NOT LIKE 'bank:%' AND p.account NOT LIKE 'clearing:%'
              AND p.account NOT LIKE 'cash:%' AND p.account NOT LIKE 'member:%'
            ORDER BY p.id
        """),
        "Dòng sổ {row} ghi vào tài khoản lạ {account}.",
        "Posting {row} is on an account nobody knows, {account}.",
    ),
    Rule(
        1,
        "entry_in_wrong_books",
        "ledger_entry",
        select("""
            SELECT e.id AS row, e.key, e.seller_id, o.seller_id AS owner_id
            FROM ledger_entry e JOIN sales_order o ON o.id = e.order_id
            WHERE o.seller_id <> e.seller_id
            UNION
            SELECT e.id AS row, e.key, e.seller_id, b.seller_id AS owner_id
            FROM ledger_entry e
            JOIN posting p ON p.entry_id = e.id AND p.account LIKE 'bank:%'
            JOIN bank_account b ON p.account = 'bank:' || b.id
            WHERE b.seller_id <> e.seller_id
            ORDER BY 1
        """),
        "Bút toán {row} ({key}) nằm trong sổ của người bán {seller_id} nhưng thuộc người bán "
        "{owner_id}.",
        "Entry {row} ({key}) is in the books of seller {seller_id} and belongs to seller "
        "{owner_id}.",
    ),
    Rule(
        1,
        "paid_attempt_without_entry",
        "payment_attempt",
        select(f"""
            SELECT a.id AS row, a.reference, a.amount_vnd, COALESCE(m.came, 0) AS came_vnd
            FROM payment_attempt a LEFT JOIN ({_CAME}) m ON m.payment_id = a.payment_id
            WHERE a.state = 'paid' AND COALESCE(m.came, 0) < a.amount_vnd ORDER BY a.id
        """),  # noqa: S608 - put together from constants
        "Lần thu {row} ({reference}) ghi đã trả {amount_vnd} đồng nhưng sổ chỉ có {came_vnd}.",
        "Attempt {row} ({reference}) is paid with {amount_vnd} VND, the books have {came_vnd}.",
    ),
    Rule(
        1,
        "received_differs_from_books",
        "payment",
        select(f"""
            SELECT y.id AS row, o.code, y.received_vnd, COALESCE(m.came, 0) AS came_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            LEFT JOIN ({_CAME}) m ON m.payment_id = y.id
            WHERE y.received_vnd <> COALESCE(m.came, 0) ORDER BY y.id
        """),  # noqa: S608
        "Khoản tiền {row} của đơn {code} ghi đã nhận {received_vnd} đồng, sổ ghi {came_vnd}.",
        "Payment {row} of order {code} says {received_vnd} VND came, the books say {came_vnd}.",
    ),
    Rule(
        1,
        "refunded_differs_from_books",
        "payment",
        select(f"""
            SELECT y.id AS row, o.code, y.refunded_vnd, COALESCE(w.went, 0) AS went_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            LEFT JOIN ({_WENT}) w ON w.payment_id = y.id
            WHERE y.refunded_vnd <> COALESCE(w.went, 0) ORDER BY y.id
        """),  # noqa: S608
        "Khoản tiền {row} của đơn {code} ghi đã hoàn {refunded_vnd} đồng, sổ ghi {went_vnd}.",
        "Payment {row} of order {code} says {refunded_vnd} VND went back, the books {went_vnd}.",
    ),
    Rule(
        1,
        "refunds_due_differ",
        "payment",
        select("""
            SELECT y.id AS row, o.code, COALESCE(b.due, 0) AS due_vnd,
                   COALESCE(r.asked, 0) AS asked_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            LEFT JOIN (
                SELECT e.payment_id, -SUM(p.amount_vnd) AS due FROM ledger_entry e
                JOIN posting p ON p.entry_id = e.id AND p.account = 'refunds_due'
                GROUP BY e.payment_id
            ) b ON b.payment_id = y.id
            LEFT JOIN (
                SELECT payment_id, SUM(amount_vnd) AS asked FROM refund
                WHERE state IN ('asked', 'accepted') GROUP BY payment_id
            ) r ON r.payment_id = y.id
            WHERE COALESCE(b.due, 0) <> COALESCE(r.asked, 0) ORDER BY y.id
        """),
        "Đơn {code}: sổ còn phải hoàn {due_vnd} đồng, các yêu cầu hoàn cộng lại {asked_vnd}.",
        "Order {code}: the books owe the buyer {due_vnd} VND, the open refunds add up to "
        "{asked_vnd}.",
    ),
    Rule(
        1,
        "payment_differs_from_order",
        "payment",
        select("""
            SELECT y.id AS row, o.code, y.amount_vnd, o.total_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            WHERE y.amount_vnd <> o.total_vnd ORDER BY y.id
        """),
        "Khoản tiền {row} đòi {amount_vnd} đồng, đơn {code} là {total_vnd}.",
        "Payment {row} asks {amount_vnd} VND, order {code} costs {total_vnd}.",
    ),
    Rule(
        1,
        "order_does_not_add_up",
        "sales_order",
        select("""
            SELECT o.id AS row, o.code, o.goods_vnd, COALESCE(SUM(l.total_vnd), 0) AS lines_vnd
            FROM sales_order o LEFT JOIN order_line l ON l.order_id = o.id
            GROUP BY o.id, o.code, o.goods_vnd
            HAVING o.goods_vnd <> COALESCE(SUM(l.total_vnd), 0) ORDER BY o.id
        """),
        "Đơn {code} ghi tiền hàng {goods_vnd} đồng, các dòng cộng lại {lines_vnd}.",
        "Order {code} says {goods_vnd} VND for goods, its lines add up to {lines_vnd}.",
    ),
    Rule(
        1,
        "sale_differs_from_order",
        "sales_order",
        select(f"""
            SELECT o.id AS row, o.code, o.state, o.total_vnd, COALESCE(s.sold, 0) AS sold_vnd
            FROM sales_order o LEFT JOIN ({_SOLD}) s ON s.order_id = o.id
            WHERE (o.state IN ('confirmed', 'packing', 'shipped', 'delivered', 'completed',
                               'delivery_failed')
                   AND COALESCE(s.sold, 0) <> o.total_vnd)
               OR (o.state IN ('awaiting_payment', 'cancelled', 'returned')
                   AND COALESCE(s.sold, 0) <> 0)
            ORDER BY o.id
        """),  # noqa: S608
        "Đơn {code} ({state}) trị giá {total_vnd} đồng, sổ ghi doanh thu {sold_vnd}.",
        "Order {code} ({state}) is worth {total_vnd} VND, the books have a sale of {sold_vnd}.",
    ),
    Rule(
        1,
        "credit_differs_from_books",
        "bank_credit",
        select("""
            SELECT c.id AS row, c.reference, c.amount_vnd, COALESCE(m.came, 0) AS came_vnd
            FROM bank_credit c
            LEFT JOIN (
                SELECT e.key, SUM(p.amount_vnd) AS came
                FROM ledger_entry e JOIN posting p ON p.entry_id = e.id
                WHERE p.account LIKE 'bank:%' OR p.account LIKE 'clearing:%' GROUP BY e.key
            ) m ON m.key = 'receipt:' || c.id
            WHERE c.source <> 'cod' AND c.amount_vnd <> COALESCE(m.came, 0) ORDER BY c.id
        """),
        "Tiền vào {row} ({reference}) là {amount_vnd} đồng, sổ ghi {came_vnd}.",
        "Credit {row} ({reference}) is {amount_vnd} VND, the books have {came_vnd}.",
    ),
)
