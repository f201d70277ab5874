"""Invariants 4 and 5: what comes twice counts once, and a promise is kept once."""

import json
from collections.abc import Iterator

from sqlalchemy import Connection, text

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule, select

NOTICE_MINUTES = 10
"""After which a notice that nobody read is a fault: the worker reads every minute."""

ONCE = (
    (1, "ledger_entry", ("key",)),
    (1, "payment", ("order_id",)),
    (4, "bank_credit", ("bank_account_id", "source", "reference")),
    (4, "payment_attempt", ("provider", "reference")),
    (4, "refund", ("key",)),
    (5, "sales_order", ("idempotency_key",)),
    (5, "sales_order", ("code",)),
    (5, "outbox_message", ("key",)),
    (5, "import_run", ("token",)),
    (6, "trace_event", ("client_id",)),
    (6, "trace_event", ("event_id", "is_error_declaration")),
    (6, "log_leaf", ("event_id",)),
    (7, "batch", ("seller_id", "lot")),
    (7, "batch_pack", ("batch_id", "pack_id")),
    (7, "pack", ("gtin",)),
)
"""What may stand in a table once: invariant, table, columns. An empty value may repeat, except in
a credit: money without an account of ours is counted once as well."""


def notices_waiting(connection: Connection) -> int:
    """Return how many notices are stored and not read, however young they are."""
    asked = text("SELECT COUNT(*) FROM provider_notice WHERE outcome = 'stored'")
    return int(connection.execute(asked).scalar_one())


_KEYS = {"log_leaf": "position"}
"""Primary keys that are not called `id`."""


def _once(invariant: int, table: str, columns: tuple[str, ...]) -> Rule:
    row = _KEYS.get(table, "id")
    key = " || ', ' || ".join(f"COALESCE(CAST({column} AS TEXT), '-')" for column in columns)
    may_repeat = f"{columns[0]} IS NOT NULL" if table != "bank_credit" else "1 = 1"
    return Rule(
        invariant,
        f"{table}_{columns[-1]}_twice",
        table,
        select(f"""
            SELECT MAX({row}) AS row, {key} AS key, COUNT(*) AS times FROM {table}
            WHERE {may_repeat} GROUP BY {", ".join(columns)} HAVING COUNT(*) > 1 ORDER BY 1
        """),  # noqa: S608 - put together from constants
        f"Bảng {table}: {', '.join(columns)} = {{key}} có {{times}} lần, chỉ được có một.",
        f"Table {table}: {', '.join(columns)} = {{key}} stands there {{times}} times, not once.",
    )


def _notices_applied_twice(reader: Reader) -> Iterator[Row]:
    seen: dict[tuple[object, ...], int] = {}
    for row in reader.rows("""
        SELECT id AS row, provider, provider_account_id, request FROM provider_notice
        WHERE outcome = 'recorded' ORDER BY id
    """):
        request = row.pop("request")
        content = request if isinstance(request, str) else json.dumps(request, sort_keys=True)
        key = (row["provider"], row["provider_account_id"], content)
        if key in seen:
            yield {**row, "first": seen[key]}
        seen.setdefault(key, row["row"])


RULES = (
    *(_once(*one) for one in ONCE),
    Rule(
        4,
        "payment_settled_twice",
        "payment",
        select("""
            SELECT y.id AS row, o.code, COUNT(*) AS times, SUM(a.amount_vnd) AS paid_vnd,
                   y.received_vnd
            FROM payment y JOIN sales_order o ON o.id = y.order_id
            JOIN payment_attempt a ON a.payment_id = y.id AND a.state = 'paid'
            GROUP BY y.id, o.code, y.received_vnd
            HAVING COUNT(*) > 1 AND SUM(a.amount_vnd) > y.received_vnd ORDER BY y.id
        """),
        "Đơn {code} có {times} lần thu ghi đã trả, tổng {paid_vnd} đồng, mà chỉ nhận "
        "{received_vnd}.",
        "Order {code} has {times} paid attempts over {paid_vnd} VND, and {received_vnd} came.",
    ),
    Rule(
        4,
        "notice_applied_twice",
        "provider_notice",
        _notices_applied_twice,
        "Thông báo {row} của {provider} giống hệt thông báo {first} mà được tính lần nữa.",
        "Notice {row} of {provider} says what notice {first} said and was counted again.",
    ),
    Rule(
        4,
        "notice_left_unread",
        "provider_notice",
        lambda reader: reader.rows(
            """
            SELECT id AS row, provider FROM provider_notice
            WHERE outcome = 'stored' AND received_at < :before ORDER BY id
            """,
            before=reader.minutes_ago(NOTICE_MINUTES),
        ),
        "Thông báo {row} của {provider} nằm đó mà chưa được xử lý.",
        "Notice {row} of {provider} was stored and never read.",
        work_of_the_worker=True,
    ),
    Rule(
        4,
        "credit_lost",
        "bank_credit",
        select("""
            SELECT id AS row, reference, amount_vnd, state FROM bank_credit
            WHERE (state = 'matched') AND payment_id IS NULL ORDER BY id
        """),
        "Tiền vào {row} ({reference}, {amount_vnd} đồng) ghi đã khớp mà không thuộc đơn nào.",
        "Credit {row} ({reference}, {amount_vnd} VND) is matched, but to no order.",
    ),
    Rule(
        5,
        "sent_without_answer",
        "outbox_message",
        select("""
            SELECT id AS row, key FROM outbox_message
            WHERE state = 'sent' AND (sent_at IS NULL OR answer IS NULL
                                      OR CAST(answer AS TEXT) = 'null')
            ORDER BY id
        """),
        "Lời nhắn {row} ({key}) ghi đã gửi mà không có trả lời.",
        "Message {row} ({key}) is sent, but there is no answer.",
    ),
)
