"""Invariant 1 for invoices: what was made out is what the lines of the order and its fee say."""

from shop.invariants.rules import Rule, select

_PARTS = """
    SELECT order_id, tax_class, COALESCE(tax_basis_points, -1) AS rate,
           SUM(total_vnd) AS total_vnd, SUM(tax_vnd) AS tax_vnd
    FROM (
        SELECT order_id, tax_class, tax_basis_points, total_vnd, tax_vnd
        FROM order_line WHERE order_id IN (SELECT order_id FROM invoice)
        UNION ALL
        SELECT id, delivery_tax_class, delivery_tax_basis_points, delivery_vnd, delivery_tax_vnd
        FROM sales_order WHERE delivery_vnd <> 0 AND id IN (SELECT order_id FROM invoice)
    ) part GROUP BY order_id, tax_class, COALESCE(tax_basis_points, -1)
"""
"""What the lines of invoiced orders and their fees come to, by tax class and rate."""

_TOLD = """
    SELECT invoice_id, tax_class, COALESCE(tax_basis_points, -1) AS rate,
           SUM(total_vnd) AS total_vnd, SUM(tax_vnd) AS tax_vnd
    FROM invoice_sum GROUP BY invoice_id, tax_class, COALESCE(tax_basis_points, -1)
"""
"""What invoices say, by tax class and rate."""

RULES = (
    Rule(
        1,
        "invoice_differs_from_order",
        "invoice",
        select(f"""
            SELECT DISTINCT i.id AS row, o.code, i.number
            FROM invoice i
            JOIN sales_order o ON o.id = i.order_id
            LEFT JOIN ({_PARTS}) p ON p.order_id = i.order_id
            LEFT JOIN ({_TOLD}) t ON t.invoice_id = i.id AND t.tax_class = p.tax_class
                 AND t.rate = p.rate AND t.total_vnd = p.total_vnd AND t.tax_vnd = p.tax_vnd
            WHERE t.invoice_id IS NULL OR i.total_vnd <> o.total_vnd
               OR i.total_vnd <> (SELECT SUM(s.total_vnd) FROM invoice_sum s
                                  WHERE s.invoice_id = i.id)
               OR i.tax_vnd <> (SELECT SUM(s.tax_vnd) FROM invoice_sum s
                                WHERE s.invoice_id = i.id)
            ORDER BY i.id
        """),  # noqa: S608 - constants
        "Hóa đơn {number} của đơn {code}: tiền và thuế không bằng các dòng của đơn.",
        "Invoice {number} of order {code}: its amounts and tax are not those of the lines.",
    ),
    Rule(
        1,
        "invoice_for_nobody",
        "invoice",
        select("""
            SELECT i.id AS row, o.code, i.number FROM invoice i
            JOIN sales_order o ON o.id = i.order_id
            LEFT JOIN invoice_request r ON r.order_id = i.order_id
            WHERE r.id IS NULL OR r.given_up_at IS NOT NULL OR r.name = '' ORDER BY i.id
        """),
        "Hóa đơn {number} của đơn {code} không ghi xuất cho ai.",
        "Invoice {number} of order {code} says nothing of whom it is for.",
    ),
)
