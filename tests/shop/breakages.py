"""One breakage for each rule of `dacsan check`: which row, and what is done to it.

`:row` is the first value of what `target` selects, and names the row that must be found.
`:inside` lies in the hold of the first batch, `:after` in the recall of the second, `:ordinary`
before both, `:early` years ago and `:late` years ahead; `:told_late` is what an order keeps that
comes years later. A change `{event:ID:NAME}` adds an event
of the training, `{heavy:ID}` one in which more comes out than went in.
"""

from dataclasses import dataclass

AWAITING = "(SELECT id FROM sales_order WHERE state = 'awaiting_payment')"
CONFIRMED = "(SELECT id FROM sales_order WHERE state = 'confirmed')"
PUPIL = "(SELECT id FROM seller WHERE slug = 'tap-huan')"
TRAINING_EVENT = f"SELECT MAX(id) FROM trace_event WHERE seller_id = {PUPIL}"
LAST_LEAF = "SELECT MAX(position) FROM log_leaf"
SECOND_BATCH = "(SELECT id FROM batch WHERE state = 'recalled')"
SECOND_PACKS = f"(SELECT id FROM batch_pack WHERE batch_id = {SECOND_BATCH})"
DIRECTOR = "(SELECT MIN(id) FROM account)"


@dataclass(frozen=True, slots=True)
class Breakage:
    """`changes` break the row of `target`; `rule` must find it, and nothing else."""

    rule: str
    target: str
    changes: tuple[str, ...]


def _reserve(batch_packs: str, *, state: str, quantity: int, at: str) -> str:
    return f"""
        INSERT INTO reservation
            (id, order_line_id, place_id, batch_pack_id, quantity, state, made_at, expires_at)
        SELECT 9001, l.id, v.place_id, v.batch_pack_id, {quantity}, '{state}', {at}, :late
        FROM order_line l JOIN stock_level v ON v.batch_pack_id IN {batch_packs}
        WHERE l.order_id = {AWAITING} ORDER BY v.place_id LIMIT 1
    """


HELD_LEVEL = f"""
    (SELECT batch_pack_id FROM reservation r JOIN order_line l ON l.id = r.order_line_id
     WHERE l.order_id = {AWAITING})
"""

MONEY = (
    Breakage(
        "entry_unbalanced",
        "SELECT MIN(entry_id) FROM posting WHERE account = 'goods'",
        ("UPDATE posting SET amount_vnd = amount_vnd + 1 WHERE entry_id = :row "
         "AND account = 'goods'",),
    ),
    Breakage(
        "entry_without_postings",
        "SELECT 9001",
        (f"INSERT INTO ledger_entry (id, seller_id, key, kind, text, actor_id, happened_at, "
         f"recorded_at) SELECT :row, MIN(id), 'empty', 'note', '', {DIRECTOR}, :late, :late "
         "FROM seller",),
    ),
    Breakage(
        "posting_without_entry",
        "SELECT 9001",
        ("INSERT INTO posting (id, entry_id, account, amount_vnd) "
         "VALUES (:row, 9999, 'fees', 5)",),
    ),
    Breakage(
        "account_unknown",
        "SELECT MIN(id) FROM posting WHERE account = 'goods'",
        ("UPDATE posting SET account = 'pocket' WHERE id = :row",),
    ),
    Breakage(
        "entry_in_wrong_books",
        "SELECT MIN(id) FROM ledger_entry WHERE kind = 'sale'",
        (f"UPDATE ledger_entry SET seller_id = {PUPIL} WHERE id = :row",),
    ),
    Breakage(
        "paid_attempt_without_entry",
        f"SELECT a.id FROM payment_attempt a JOIN payment y ON y.id = a.payment_id "
        f"WHERE y.order_id = {AWAITING}",
        ("UPDATE payment_attempt SET state = 'paid' WHERE id = :row",),
    ),
    Breakage(
        "received_differs_from_books",
        f"SELECT id FROM payment WHERE order_id = {AWAITING}",
        ("UPDATE payment SET received_vnd = 1 WHERE id = :row",),
    ),
    Breakage(
        "refunded_differs_from_books",
        f"SELECT id FROM payment WHERE order_id = {CONFIRMED}",
        ("UPDATE payment SET refunded_vnd = 1 WHERE id = :row",),
    ),
    Breakage(
        "refunds_due_differ",
        f"SELECT id FROM payment WHERE order_id = {CONFIRMED}",
        ("UPDATE refund SET state = 'rejected' WHERE payment_id = :row",),
    ),
    Breakage(
        "payment_differs_from_order",
        f"SELECT id FROM payment WHERE order_id = {AWAITING}",
        ("UPDATE payment SET amount_vnd = amount_vnd - 1 WHERE id = :row",),
    ),
    Breakage(
        "order_does_not_add_up",
        f"SELECT {AWAITING}",
        ("UPDATE sales_order SET goods_vnd = goods_vnd + 1, delivery_vnd = delivery_vnd - 1 "
         "WHERE id = :row",),
    ),
    Breakage(
        "sale_differs_from_order",
        f"SELECT {AWAITING}",
        (f"INSERT INTO ledger_entry (id, seller_id, key, kind, text, order_id, actor_id, "
         f"happened_at, recorded_at) SELECT 9001, seller_id, 'early', 'sale', code, id, "
         f"{DIRECTOR}, :late, :late FROM sales_order WHERE id = :row",
         "INSERT INTO posting (id, entry_id, account, amount_vnd) VALUES "
         "(9001, 9001, 'buyers', 5), (9002, 9001, 'goods', -5)"),
    ),
    Breakage(
        "credit_differs_from_books",
        "SELECT MIN(id) FROM bank_credit",
        ("UPDATE bank_credit SET amount_vnd = amount_vnd + 1 WHERE id = :row",),
    ),
)  # fmt: skip

SETTLED = "SELECT MIN(id) FROM refund WHERE state = 'settled' AND way = 'provider'"
ITS_PAYMENT = f"(SELECT payment_id FROM refund WHERE id = ({SETTLED}))"

REFUNDS = (
    Breakage(
        "refunds_above_what_came",
        f"SELECT id FROM payment WHERE order_id = {CONFIRMED}",
        ("INSERT INTO refund (id, key, payment_id, amount_vnd, reason, state, way, asked_at, "
         "reference, details) SELECT 9001, 'K', id, 9000000, 'x', 'asked', '', :late, '', '{}' "
         "FROM payment WHERE id = :row",
         f"INSERT INTO ledger_entry (id, seller_id, key, kind, text, order_id, payment_id, "
         f"actor_id, happened_at, recorded_at) SELECT 9001, o.seller_id, 'refund_due:9001', "
         f"'refund_due', o.code, o.id, y.id, {DIRECTOR}, :late, :late FROM payment y "
         "JOIN sales_order o ON o.id = y.order_id WHERE y.id = :row",
         "INSERT INTO posting (id, entry_id, account, amount_vnd) VALUES "
         "(9001, 9001, 'buyers', 9000000), (9002, 9001, 'refunds_due', -9000000)"),
    ),
    Breakage(
        "refund_not_promised_once",
        "SELECT MIN(id) FROM refund WHERE state = 'rejected' AND way = 'hand'",
        ("UPDATE refund SET amount_vnd = amount_vnd + 1 WHERE id = :row",),
    ),
    Breakage(
        "refund_not_posted_once",
        f"{SETTLED}",
        ("UPDATE ledger_entry SET key = 'refund:9001' "
         "WHERE key = (SELECT 'refund:' || id FROM refund WHERE id = :row)",),
    ),
    Breakage(
        "remitted_differs_from_books",
        f"SELECT {ITS_PAYMENT}",
        ("UPDATE payment SET remitted_vnd = remitted_vnd + 1 WHERE id = :row",),
    ),
    Breakage(
        "refund_confirmed_by_who_asked",
        "SELECT MIN(id) FROM refund WHERE confirmed_by_id IS NOT NULL",
        ("UPDATE refund SET confirmed_by_id = proposed_by_id WHERE id = :row",),
    ),
    Breakage(
        "refund_above_limit_by_one",
        f"{SETTLED}",
        (f"UPDATE refund SET limit_vnd = 1000 WHERE payment_id = {ITS_PAYMENT}",),
    ),
    Breakage(
        "refund_above_limit_by_one",
        f"{SETTLED}",
        ("UPDATE refund SET limit_vnd = NULL WHERE id = :row",),
    ),
    Breakage(
        "refund_never_asked_for",
        f"{SETTLED}",
        ("UPDATE refund SET sent_at = NULL WHERE id = :row",),
    ),
    Breakage(
        "refund_never_asked_for",
        f"{SETTLED}",
        ("UPDATE outbox_message SET kind = 'mail' "
         "WHERE key = (SELECT 'refund:' || key FROM refund WHERE id = :row)",),
    ),
    Breakage(
        "refunds_above_their_attempt",
        f"SELECT attempt_id FROM refund WHERE id = ({SETTLED})",
        ("UPDATE payment_attempt SET amount_vnd = 19999 WHERE id = :row",),
    ),
    Breakage(
        "refund_key_twice",
        "SELECT MAX(id) FROM refund WHERE way = 'hand'",
        ("UPDATE refund SET key = 'same' "
         "WHERE id IN (:row, (SELECT MIN(id) FROM refund WHERE way = 'hand'))",),
    ),
)  # fmt: skip

STOCK = (
    Breakage(
        "level_negative",
        f"SELECT 'place ' || place_id || ', batch_pack ' || batch_pack_id FROM stock_level "
        f"WHERE batch_pack_id IN {HELD_LEVEL} AND reserved > 0",
        (_reserve(HELD_LEVEL, state="held", quantity=1000, at=":ordinary"),
         f"UPDATE stock_level SET reserved = reserved + 1000 "
         f"WHERE batch_pack_id IN {HELD_LEVEL} AND reserved > 0"),
    ),
    Breakage(
        "level_differs_from_movements",
        f"SELECT 'place ' || place_id || ', batch_pack ' || batch_pack_id FROM stock_level "
        f"WHERE batch_pack_id = {SECOND_PACKS}",
        (f"UPDATE stock_level SET on_hand = on_hand + 1 WHERE batch_pack_id = {SECOND_PACKS}",),
    ),
    Breakage(
        "reserved_differs",
        f"SELECT 'place ' || place_id || ', batch_pack ' || batch_pack_id FROM stock_level "
        f"WHERE batch_pack_id = {SECOND_PACKS}",
        (f"UPDATE stock_level SET reserved = reserved + 1 WHERE batch_pack_id = {SECOND_PACKS}",),
    ),
    Breakage(
        "line_not_covered",
        f"SELECT id FROM order_line WHERE order_id = {CONFIRMED}",
        ("UPDATE allocation SET quantity = quantity - 1 WHERE order_line_id = :row",
         "UPDATE stock_level SET reserved = reserved - 1 WHERE reserved > 0 AND batch_pack_id = "
         "(SELECT batch_pack_id FROM allocation WHERE order_line_id = :row)"),
    ),
    Breakage(
        "wrong_pack_given",
        f"SELECT a.id FROM allocation a JOIN order_line l ON l.id = a.order_line_id "
        f"WHERE l.order_id = {CONFIRMED}",
        ("UPDATE order_line SET pack_id = (SELECT id FROM pack WHERE sku = 'CMC-500') "
         "WHERE id = (SELECT order_line_id FROM allocation WHERE id = :row)",),
    ),
    Breakage(
        "stock_kept_for_closed_order",
        "SELECT MIN(o.id) FROM sales_order o JOIN order_line l ON l.order_id = o.id "
        "JOIN reservation r ON r.order_line_id = l.id AND r.state = 'released' "
        "WHERE o.state = 'cancelled'",
        ("UPDATE reservation SET state = 'held' "
         "WHERE order_line_id = (SELECT id FROM order_line WHERE order_id = :row)",
         "UPDATE stock_level SET reserved = reserved + 1 WHERE reserved > 0 AND batch_pack_id = "
         "(SELECT r.batch_pack_id FROM reservation r JOIN order_line l ON l.id = r.order_line_id "
         "WHERE l.order_id = :row)"),
    ),
    Breakage(
        "shipment_differs_from_movements",
        "SELECT MIN(order_line_id) FROM stock_movement WHERE kind = 'ship'",
        ("UPDATE stock_movement SET order_line_id = NULL "
         "WHERE kind = 'ship' AND order_line_id = :row",),
    ),
)  # fmt: skip

SELLING = (
    Breakage(
        "reserved_while_held",
        f"SELECT r.id FROM reservation r JOIN order_line l ON l.id = r.order_line_id "
        f"WHERE l.order_id = {AWAITING}",
        ("UPDATE reservation SET made_at = :inside WHERE id = :row",),
    ),
    Breakage(
        "reserved_while_held",
        f"SELECT a.id FROM allocation a JOIN order_line l ON l.id = a.order_line_id "
        f"WHERE l.order_id = {CONFIRMED}",
        ("UPDATE allocation SET allocated_at = :inside WHERE id = :row",),
    ),
    Breakage(
        "reserved_while_recalled",
        "SELECT 9001",
        (_reserve(SECOND_PACKS, state="released", quantity=1, at=":after"),),
    ),
    Breakage(
        "reserved_after_expiry",
        f"SELECT r.id FROM reservation r JOIN order_line l ON l.id = r.order_line_id "
        f"WHERE l.order_id = {AWAITING}",
        ("UPDATE reservation SET made_at = :late WHERE id = :row",),
    ),
    Breakage(
        "reserved_past_its_date",
        f"SELECT r.id FROM reservation r JOIN order_line l ON l.id = r.order_line_id "
        f"WHERE l.order_id = {AWAITING}",
        ("UPDATE sales_order SET snapshot = :told_late WHERE id = (SELECT l.order_id "
         "FROM order_line l JOIN reservation r ON r.order_line_id = l.id WHERE r.id = :row)",),
    ),
    Breakage(
        "reserved_before_release",
        f"SELECT r.id FROM reservation r JOIN order_line l ON l.id = r.order_line_id "
        f"WHERE l.order_id = {AWAITING}",
        ("UPDATE reservation SET made_at = :early WHERE id = :row",),
    ),
    Breakage(
        "reserved_after_withdrawal",
        f"SELECT r.id FROM reservation r JOIN order_line l ON l.id = r.order_line_id "
        f"WHERE l.order_id = {AWAITING}",
        ("UPDATE reservation SET made_at = :after WHERE id = :row",
         "UPDATE batch_pack SET withdrawn_at = :inside "
         "WHERE id = (SELECT batch_pack_id FROM reservation WHERE id = :row)"),
    ),
    Breakage(
        "batch_state_differs_from_notices",
        f"SELECT {SECOND_BATCH}",
        ("UPDATE batch SET state = 'released' WHERE id = :row",
         "INSERT INTO audit_entry (id, at, seller_id, actor_kind, origin, action, subject_kind, "
         "subject_id) SELECT 9001, :late, seller_id, 'system', '', 'batch_resumed', 'batch', id "
         "FROM batch WHERE id = :row"),
    ),
)  # fmt: skip

REPEATS = (
    Breakage(
        "ledger_entry_key_twice",
        "SELECT MAX(id) FROM ledger_entry WHERE kind = 'sale'",
        ("UPDATE ledger_entry SET key = (SELECT key FROM ledger_entry WHERE id = "
         "(SELECT MIN(id) FROM ledger_entry WHERE kind = 'sale')) WHERE id = :row",),
    ),
    Breakage(
        "payment_order_id_twice",
        "SELECT 9001",
        ("INSERT INTO payment (id, order_id, amount_vnd, received_vnd, refunded_vnd, "
         "remitted_vnd, version) SELECT :row, id, total_vnd, 0, 0, 0, 1 FROM sales_order "
         f"WHERE id = {AWAITING}",),
    ),
    Breakage(
        "bank_credit_reference_twice",
        "SELECT MAX(id) FROM bank_credit",
        ("UPDATE bank_credit SET bank_account_id = NULL, reference = 'FT-1' "
         "WHERE id IN (:row, (SELECT MIN(id) FROM bank_credit))",),
    ),
    Breakage(
        "payment_attempt_reference_twice",
        "SELECT MAX(id) FROM payment_attempt WHERE provider = 'vietqr'",
        ("UPDATE payment_attempt SET reference = 'NK1' WHERE id IN "
         "(:row, (SELECT MIN(id) FROM payment_attempt WHERE provider = 'vietqr'))",),
    ),
    Breakage(
        "payment_settled_twice",
        f"SELECT id FROM payment WHERE order_id = {CONFIRMED}",
        ("INSERT INTO payment_attempt (id, payment_id, provider, reference, state, amount_vnd, "
         "created_at, details) SELECT 9001, id, 'other', 'again', 'paid', amount_vnd, :late, "
         "'{}' FROM payment WHERE id = :row",),
    ),
    Breakage(
        "notice_applied_twice",
        "SELECT id FROM provider_notice WHERE outcome = 'repeated'",
        ("UPDATE provider_notice SET outcome = 'recorded' WHERE id = :row",),
    ),
    Breakage(
        "notice_left_unread",
        "SELECT id FROM provider_notice WHERE outcome = 'not_signed'",
        ("UPDATE provider_notice SET outcome = 'stored' WHERE id = :row",),
    ),
    Breakage(
        "credit_lost",
        "SELECT MIN(id) FROM bank_credit WHERE state = 'matched'",
        ("UPDATE bank_credit SET payment_id = NULL WHERE id = :row",),
    ),
    Breakage(
        "sales_order_idempotency_key_twice",
        "SELECT MAX(id) FROM sales_order",
        ("UPDATE sales_order SET idempotency_key = 'same' "
         "WHERE id IN (:row, (SELECT MIN(id) FROM sales_order))",),
    ),
    Breakage(
        "sales_order_code_twice",
        "SELECT MAX(id) FROM sales_order",
        ("UPDATE sales_order SET code = 'NK222222' "
         "WHERE id IN (:row, (SELECT MIN(id) FROM sales_order))",),
    ),
    Breakage(
        "outbox_message_key_twice",
        "SELECT 9001",
        ("INSERT INTO outbox_message (id, key, kind, subject, payload, state, tries, created_at, "
         "due_at, last_error) SELECT :row, MIN(key), 'mail', 'order:1', '{}', 'pending', 0, "
         ":late, :late, '' FROM outbox_message",),
    ),
    Breakage(
        "sent_without_answer",
        "SELECT id FROM outbox_message WHERE state = 'sent'",
        ("UPDATE outbox_message SET answer = NULL WHERE id = :row",),
    ),
)  # fmt: skip

JOURNAL = (
    Breakage(
        "event_hash_differs",
        TRAINING_EVENT,
        ("UPDATE trace_event SET body = replace(body, '\"KGM\"', '\"GRM\"') WHERE id = :row",),
    ),
    Breakage(
        "event_id_differs",
        TRAINING_EVENT,
        ("UPDATE trace_event SET event_id = 'urn:uuid:other' WHERE id = :row",),
    ),
    Breakage(
        "event_columns_differ",
        TRAINING_EVENT,
        ("UPDATE trace_event SET happened_at = :early WHERE id = :row",),
    ),
    Breakage(
        "trace_event_client_id_twice",
        "SELECT 9002",
        ("{event:9001:one}", "{event:9002:two}",
         "UPDATE trace_event SET client_id = 'same' WHERE id IN (9001, :row)"),
    ),
    Breakage(
        "trace_event_is_error_declaration_twice",
        "SELECT 9002",
        ("{event:9001:one}", "{event:9002:one}"),
    ),
    Breakage(
        "event_not_in_log",
        f"SELECT event_id FROM log_leaf WHERE position = ({LAST_LEAF})",
        ("DELETE FROM log_leaf WHERE event_id = :row",),
    ),
    Breakage(
        "training_in_log",
        LAST_LEAF,
        (f"UPDATE trace_event SET seller_id = {PUPIL} "
         "WHERE id = (SELECT event_id FROM log_leaf WHERE position = :row)",),
    ),
    Breakage(
        "log_has_gap",
        f"SELECT 1 + ({LAST_LEAF})",
        ("UPDATE log_leaf SET position = position + 1 WHERE position = :row - 1",),
    ),
    Breakage(
        "leaf_without_event",
        LAST_LEAF,
        ("DELETE FROM trace_event "
         "WHERE id = (SELECT event_id FROM log_leaf WHERE position = :row)",),
    ),
    Breakage(
        "leaf_hash_differs",
        LAST_LEAF,
        ("UPDATE log_leaf SET leaf_hash = '00' WHERE position = :row",),
    ),
    Breakage(
        "leaf_hash_differs",
        LAST_LEAF,
        ("UPDATE trace_event SET body = body || ' ' "
         "WHERE id = (SELECT event_id FROM log_leaf WHERE position = :row)",),
    ),
    Breakage(
        "leaf_hash_differs",
        LAST_LEAF,
        ("UPDATE trace_event SET recorded_at = :early "
         "WHERE id = (SELECT event_id FROM log_leaf WHERE position = :row)",),
    ),
    Breakage(
        "log_leaf_event_id_twice",
        f"SELECT 1 + ({LAST_LEAF})",
        ("INSERT INTO log_leaf (position, event_id, leaf_hash, appended_at) "
         "SELECT :row, event_id, leaf_hash, appended_at FROM log_leaf WHERE position = :row - 1",),
    ),
    Breakage(
        "checkpoint_differs",
        "SELECT MIN(size) FROM log_checkpoint",
        ("UPDATE log_checkpoint SET root = '00' WHERE size = :row",),
    ),
    Breakage(
        "checkpoint_differs",
        "SELECT 9001",
        ("INSERT INTO log_checkpoint (size, root, published_at) VALUES (:row, '00', :late)",),
    ),
)  # fmt: skip

WEIGHTS = (
    Breakage(
        "step_outweighs_itself",
        "SELECT MIN(id) FROM batch_step",
        ("UPDATE batch_step SET out_g = out_g + 1 WHERE id = :row",),
    ),
    Breakage(
        "packs_outweigh_last_step",
        f"SELECT {SECOND_BATCH}",
        ("UPDATE batch_step SET out_g = out_g - 9000, loss_g = loss_g + 9000 "
         "WHERE batch_id = :row",),
    ),
    Breakage(
        "outputs_outweigh_inputs",
        "SELECT 9001",
        ("{heavy:9001}",),
    ),
    Breakage(
        "more_used_than_delivered",
        "SELECT MIN(id) FROM batch WHERE kind = 'delivery'",
        ("UPDATE batch SET quantity_g = 49999 WHERE id = :row",),
    ),
    Breakage(
        "lineage_differs_from_inputs",
        "SELECT MIN(to_batch_id) FROM lineage_edge",
        ("UPDATE lineage_edge SET quantity_g = quantity_g - 1 WHERE to_batch_id = :row",),
    ),
    Breakage(
        "units_differ_from_packed",
        f"SELECT {SECOND_PACKS}",
        ("UPDATE batch_pack SET produced = produced + 1 WHERE id = :row",),
    ),
    Breakage(
        "movement_differs_from_event",
        "SELECT id FROM stock_movement WHERE kind = 'stock_take'",
        (f"UPDATE stock_movement SET event_id = ({TRAINING_EVENT}) WHERE id = :row",),
    ),
    Breakage(
        "movement_has_wrong_sign",
        "SELECT MIN(id) FROM stock_movement WHERE kind = 'return'",
        ("UPDATE stock_movement SET kind = 'destroy' WHERE id = :row",),
    ),
    Breakage(
        "transfer_loses_packs",
        f"SELECT {SECOND_PACKS}",
        (f"INSERT INTO stock_movement (id, place_id, batch_pack_id, kind, quantity, actor_id, "
         f"reason, moved_at) SELECT 9001, place_id, batch_pack_id, 'transfer', -1, {DIRECTOR}, "
         "'', :late FROM stock_level WHERE batch_pack_id = :row",
         "UPDATE stock_level SET on_hand = on_hand - 1 WHERE batch_pack_id = :row"),
    ),
    Breakage(
        "movement_without_event",
        "SELECT MIN(id) FROM stock_movement WHERE kind = 'ship'",
        ("UPDATE stock_movement SET event_id = NULL WHERE id = :row",),
    ),
    Breakage(
        "movement_differs_from_event",
        "SELECT MIN(id) FROM stock_movement WHERE kind = 'ship'",
        (f"UPDATE stock_movement SET event_id = ({TRAINING_EVENT}) WHERE id = :row",),
    ),
    Breakage(
        "batch_lot_twice",
        "SELECT MAX(id) FROM batch WHERE kind = 'delivery' AND product_id IS NOT NULL",
        ("UPDATE batch SET lot = 'SAME' WHERE id IN (:row, "
         "(SELECT MIN(id) FROM batch WHERE kind = 'delivery' AND product_id IS NOT NULL))",),
    ),
    Breakage(
        "batch_pack_pack_id_twice",
        "SELECT 9001",
        (f"INSERT INTO batch_pack (id, batch_id, pack_id, produced) "
         f"SELECT :row, batch_id, pack_id, 0 FROM batch_pack WHERE id = {SECOND_PACKS}",),
    ),
    Breakage(
        "pack_gtin_twice",
        "SELECT 9001",
        ("INSERT INTO pack (id, seller_id, product_id, sku, gtin, gtin_is_internal, label, unit, "
         "net_quantity, net_unit, mass_g, price_vnd, position, is_offered) "
         "SELECT :row, seller_id, product_id, 'NEW', gtin, gtin_is_internal, label, unit, "
         "net_quantity, net_unit, mass_g, price_vnd, position, is_offered FROM pack "
         "WHERE sku = 'CMC-200'",),
    ),
)  # fmt: skip


def _unmade(table: str, target: str = "") -> Breakage:
    return Breakage(
        f"{table}_made_by_nobody",
        target or f"SELECT MIN(id) FROM {table}",
        (f"DELETE FROM audit_entry WHERE subject_kind = '{table}' AND subject_id = :row",),
    )


ACTORS = (
    _unmade("seller", f"SELECT {PUPIL}"),
    _unmade("product"),
    _unmade("certificate"),
    _unmade("account"),
    _unmade("role_grant"),
    _unmade("bank_account"),
    _unmade("member"),
    _unmade("plot"),
    _unmade("consent"),
    Breakage(
        "helped_without_consent",
        "SELECT id FROM audit_entry WHERE for_member_id IS NOT NULL",
        ("UPDATE consent SET recorded_at = :late",),
    ),
    Breakage(
        "helper_acted_for_nobody",
        "SELECT id FROM audit_entry WHERE for_member_id IS NOT NULL",
        ("UPDATE audit_entry SET for_member_id = NULL WHERE id = :row",),
    ),
    _unmade("batch", "SELECT MIN(id) FROM batch WHERE state = 'draft'"),
    Breakage(
        "provider_account_made_by_nobody",
        "SELECT 9001",
        ("INSERT INTO provider_account (id, seller_id, seller_mode, provider, label, mode, token, "
         "settings, secrets_encrypted, is_active) SELECT :row, MIN(id), 'live', 'gateway', 'A', "
         "'simulator', 't', '{}', '', TRUE FROM seller",),
    ),
    Breakage(
        "sign_in_card_made_by_nobody",
        "SELECT 9001",
        ("INSERT INTO sign_in_card (id, seller_id, account_id, token_hash, pin_hash, wrong_pins, "
         "created_at) SELECT :row, (SELECT MIN(id) FROM seller), MIN(id), 'x', 'x', 0, "
         "created_at FROM account GROUP BY created_at LIMIT 1",),
    ),
    Breakage(
        "account_recovery_made_by_nobody",
        "SELECT 9001",
        ("INSERT INTO account_recovery (id, seller_id, account_id, state, reason, recognised_by, "
         "without_phone, asked_by_id, asked_at, expires_at) SELECT :row, (SELECT MIN(id) FROM "
         "seller), MIN(id), 'asked', 'x', 'x', FALSE, MIN(id), created_at, created_at "
         "FROM account GROUP BY created_at LIMIT 1",),
    ),
    Breakage(
        "price_set_by_nobody",
        "SELECT id FROM pack WHERE sku = 'CMC-200'",
        ("UPDATE pack SET price_vnd = price_vnd - 1 WHERE id = :row",),
    ),
    Breakage(
        "batch_released_by_nobody",
        f"SELECT {SECOND_BATCH}",
        ("UPDATE audit_entry SET at = :early WHERE action = 'batch_released' "
         "AND subject_id = :row",),
    ),
    Breakage(
        "notice_by_nobody",
        "SELECT id FROM batch_notice WHERE kind = 'recall'",
        ("UPDATE audit_entry SET at = :early WHERE action = 'batch_recalled'",),
    ),
    Breakage(
        "order_moved_by_nobody",
        f"SELECT id FROM order_move WHERE order_id = {AWAITING}",
        ("UPDATE audit_entry SET at = :early WHERE action = 'order_placed' "
         f"AND subject_id = {AWAITING}",),
    ),
    Breakage(
        "order_state_unrecorded",
        f"SELECT {AWAITING}",
        ("UPDATE sales_order SET state = 'new' WHERE id = :row",),
    ),
    Breakage(
        "order_moves_do_not_join",
        "SELECT MIN(id) FROM order_move WHERE to_state = 'completed'",
        ("UPDATE order_move SET from_state = 'packing' WHERE id = :row",),
    ),
    Breakage(
        "stock_moved_by_nobody",
        "SELECT MIN(id) FROM stock_movement WHERE kind = 'ship'",
        ("UPDATE stock_movement SET actor_id = NULL, moved_at = :early WHERE id = :row",),
    ),
    Breakage(
        "entry_by_nobody",
        "SELECT MIN(id) FROM ledger_entry WHERE actor_id IS NOT NULL",
        ("UPDATE ledger_entry SET actor_id = NULL, recorded_at = :early WHERE id = :row",),
    ),
    Breakage(
        "audit_without_actor",
        "SELECT MAX(id) FROM audit_entry WHERE actor_kind = 'account'",
        ("UPDATE audit_entry SET actor_id = NULL WHERE id = :row",),
    ),
)  # fmt: skip


def _changed(table: str, column: str, value: str, target: str = "") -> Breakage:
    return Breakage(
        f"{table}_changed_by_nobody",
        target or f"SELECT MIN(id) FROM {table}",
        (f"UPDATE {table} SET {column} = {value} WHERE id = :row",),
    )


CHANGES = (
    _changed("member", "full_name", "'X'"),
    _changed("member", "phone", "'+84999999999'"),
    _changed("plot", "code", "'X-1'"),
    _changed("seller", "name", "'X'", f"SELECT {PUPIL}"),
    _changed("delivery_method", "fee_vnd", "fee_vnd + 1"),
    _changed("delivery_method", "is_offered", "FALSE"),
    _changed("product", "state", "'retired'", "SELECT MIN(id) FROM product"),
    _changed("product", "name", "'X'"),
    _changed("batch", "expires_on", "'2031-01-01'", "SELECT MIN(id) FROM batch "
             "WHERE state = 'draft'"),
    Breakage(
        "provider_account_changed_by_nobody",
        "SELECT 9001",
        ("INSERT INTO provider_account (id, seller_id, seller_mode, provider, label, mode, token, "
         "settings, secrets_encrypted, is_active) SELECT :row, MIN(id), 'live', 'gateway', 'A', "
         "'simulator', 't', '{}', '', FALSE FROM seller",
         "INSERT INTO audit_entry (id, at, seller_id, actor_kind, origin, action, subject_kind, "
         "subject_id) SELECT 9001, :late, MIN(id), 'system', '', 'provider_account_opened', "
         "'provider_account', 9001 FROM seller"),
    ),
    Breakage(
        "consent_ended_by_nobody",
        "SELECT MIN(id) FROM consent",
        ("UPDATE consent SET withdrawn_at = :late WHERE id = :row",),
    ),
    Breakage(
        "card_ended_by_nobody",
        "SELECT 9001",
        ("INSERT INTO sign_in_card (id, seller_id, account_id, token_hash, pin_hash, wrong_pins, "
         "created_at, revoked_at) SELECT :row, (SELECT MIN(id) FROM seller), MIN(id), 'x', 'x', "
         "0, created_at, created_at FROM account GROUP BY created_at LIMIT 1",
         "INSERT INTO audit_entry (id, at, seller_id, actor_kind, origin, action, subject_kind, "
         "subject_id) SELECT 9001, :late, MIN(id), 'system', '', 'card_issued', 'sign_in_card', "
         "9001 FROM seller"),
    ),
    Breakage(
        "certificate_ended_by_nobody",
        "SELECT MIN(id) FROM certificate WHERE revoked_on IS NULL",
        ("UPDATE certificate SET revoked_on = '2031-01-01' WHERE id = :row",),
    ),
    Breakage(
        "role_ended_by_nobody",
        "SELECT MIN(id) FROM role_grant WHERE until IS NULL",
        ("UPDATE role_grant SET until = :late WHERE id = :row",),
    ),
    Breakage(
        "bank_account_changed_by_nobody",
        "SELECT MIN(id) FROM bank_account",
        ("UPDATE bank_account SET holder = 'NGUYEN VAN X' WHERE id = :row",),
    ),
    Breakage(
        "bank_account_changed_by_nobody",
        "SELECT MIN(id) FROM bank_account",
        ("UPDATE bank_account SET number = '0000009999' WHERE id = :row",),
    ),
    Breakage(
        "bank_account_changed_by_nobody",
        "SELECT MAX(id) FROM bank_account",
        ("UPDATE bank_account SET is_active = FALSE WHERE id = :row",),
    ),
)  # fmt: skip

RUN = (
    "INSERT INTO import_run (id, seller_id, kind, token, digest, file_name, counts, imported_at, "
    "undone_at) SELECT {id}, MIN(id), 'products', 't', 'd', 'a.csv', '{{}}', :late, {undone} "
    "FROM seller"
)
TOLD = (
    "INSERT INTO audit_entry (id, at, seller_id, actor_kind, origin, action, subject_kind, "
    "subject_id) SELECT {id}, :late, MIN(id), 'system', '', 'rows_imported', 'import_run', {id} "
    "FROM seller"
)


def _imported(table: str) -> Breakage:
    return Breakage(
        f"imported_{table}_is_missing",
        "SELECT 9001",
        (RUN.format(id=9001, undone="NULL"), TOLD.format(id=9001),
         "INSERT INTO import_row (id, run_id, number, act, subject_kind, subject_id, title) "
         f"VALUES (:row, 9001, 2, 'created', '{table}', 999999, 'x')"),
    )  # fmt: skip


IMPORTS = (
    *(_imported(table) for table in ("product", "pack", "member", "plot", "batch")),
    Breakage(
        "import_run_made_by_nobody", "SELECT 9001", (RUN.format(id=":row", undone="NULL"),)
    ),
    Breakage(
        "import_undone_by_nobody",
        "SELECT 9001",
        (RUN.format(id=":row", undone=":late"), TOLD.format(id=9001)),
    ),
    Breakage(
        "import_run_token_twice",
        "SELECT 9002",
        (RUN.format(id=9001, undone="NULL"), TOLD.format(id=9001),
         RUN.format(id=":row", undone="NULL"), TOLD.format(id=9002)),
    ),
)  # fmt: skip

SUBMISSIONS = (
    _unmade("submission", "SELECT MAX(id) FROM submission WHERE state = 'returned'"),
    Breakage(
        "submission_moved_wrongly",
        "SELECT id FROM submission WHERE client_id = 'goods-2'",
        ("UPDATE submission SET state = 'sent', decided_at = NULL WHERE id = :row",),
    ),
    Breakage(
        "approved_submission_without_product",
        "SELECT id FROM submission WHERE client_id = 'goods-1'",
        ("UPDATE product SET member_id = NULL WHERE member_id IS NOT NULL",),
    ),
    Breakage(
        "approved_submission_without_product",
        "SELECT id FROM submission WHERE client_id = 'goods-1'",
        ("UPDATE submission SET product_id = NULL WHERE id = :row",),
    ),
    Breakage(
        "accepted_submission_without_goods",
        "SELECT id FROM submission WHERE client_id = 'batch-1'",
        ("UPDATE submission SET batch_id = NULL WHERE id = :row",),
    ),
    Breakage(
        "submission_of_wrong_seller",
        "SELECT id FROM submission WHERE client_id = 'goods-2'",
        (f"UPDATE submission SET seller_id = {PUPIL} WHERE id = :row",),
    ),
)

_CAME_BACK = (
    "INSERT INTO problem_report (id, seller_id, order_id, code_seen, text, made_at, answer, "
    "state, by_buyer) SELECT 9001, o.seller_id, o.id, '', '', o.placed_at, '', 'received', "
    "TRUE FROM order_line l JOIN sales_order o ON o.id = l.order_id WHERE l.id = {line}",
    "INSERT INTO goods_return (id, seller_id, order_id, report_id, state, asked_at, "
    "decided_at, received_at) SELECT 9001, seller_id, order_id, 9001, 'received', made_at, "
    "made_at, made_at FROM problem_report WHERE id = 9001",
    "INSERT INTO goods_return_line (id, return_id, order_line_id, quantity, received) "
    "SELECT 9001, 9001, {line}, {count}, {count} FROM goods_return WHERE id = 9001",
)
_ARRIVED = (
    "SELECT MIN(l.id) FROM order_line l JOIN sales_order o ON o.id = l.order_id "
    "WHERE o.state IN ('shipped', 'delivered', 'completed')"
)
_WENT = f"FROM allocation a WHERE a.order_line_id = ({_ARRIVED})"

RETURNS = (
    Breakage(
        "return_differs_from_stock",
        _ARRIVED,
        tuple(change.format(line=":row", count=1) for change in _CAME_BACK),
    ),
    Breakage(
        "return_of_what_never_left",
        "SELECT 9001",
        (*(change.format(line=f"({_ARRIVED})", count=f"(SELECT SUM(quantity) + 1 {_WENT})")
           for change in _CAME_BACK),
         "INSERT INTO stock_movement (id, place_id, batch_pack_id, kind, quantity, order_line_id, "
         "actor_id, reason, moved_at) SELECT :row, MIN(a.place_id), a.batch_pack_id, 'return', "
         f"SUM(a.quantity) + 1, a.order_line_id, {DIRECTOR}, 'return 9001', :ordinary {_WENT} "
         "GROUP BY a.batch_pack_id, a.order_line_id",
         "UPDATE stock_level SET on_hand = on_hand + (SELECT quantity FROM stock_movement "
         "WHERE id = :row) WHERE place_id = (SELECT place_id FROM stock_movement WHERE id = :row) "
         "AND batch_pack_id = (SELECT batch_pack_id FROM stock_movement WHERE id = :row)"),
    ),
)  # fmt: skip

REVIEWS = (
    Breakage(
        "review_of_what_never_came",
        "SELECT id FROM review",
        (f"UPDATE review SET order_line_id = (SELECT MIN(id) FROM order_line "
         f"WHERE order_id = {AWAITING}) WHERE id = :row",),
    ),
    Breakage(
        "review_decided_by_nobody",
        "SELECT id FROM review",
        ("UPDATE review SET decided_at = :early WHERE id = :row",),
    ),
    Breakage(
        "rating_differs_from_reviews",
        "SELECT product_id FROM review",
        ("UPDATE product_rating SET stars_5 = 0, stars_4 = 1 WHERE product_id = :row",),
    ),
)  # fmt: skip

USED = "(SELECT order_id FROM voucher_use)"

VOUCHERS = (
    Breakage(
        "voucher_counts_differ",
        "SELECT id FROM voucher",
        ("UPDATE voucher SET used_count = used_count + 1 WHERE id = :row",),
    ),
    Breakage(
        "voucher_counts_differ",
        "SELECT id FROM voucher",
        ("UPDATE voucher SET used_vnd = 0 WHERE id = :row",),
    ),
    Breakage(
        "discount_differs_from_voucher",
        "SELECT order_id FROM voucher_use",
        ("UPDATE voucher_use SET amount_vnd = amount_vnd + 1",
         "UPDATE voucher SET used_vnd = used_vnd + 1"),
    ),
    Breakage(
        "line_does_not_add_up",
        f"SELECT MIN(id) FROM order_line WHERE order_id = {USED}",
        ("UPDATE order_line SET unit_price_vnd = unit_price_vnd + 1 WHERE id = :row",),
    ),
    Breakage(
        "voucher_use_of_nothing",
        "SELECT id FROM voucher_use",
        ("UPDATE voucher_use SET given_back_at = :late",
         "UPDATE voucher SET used_count = 0, used_vnd = 0"),
    ),
)  # fmt: skip

INVOICED = "(SELECT order_id FROM invoice WHERE corrects_id IS NULL)"

INVOICES = (
    Breakage(
        "invoice_differs_from_order",
        "SELECT id FROM invoice WHERE corrects_id IS NULL",
        ("UPDATE invoice_sum SET tax_vnd = tax_vnd - 1, net_vnd = net_vnd + 1 "
         "WHERE id = (SELECT MIN(id) FROM invoice_sum WHERE invoice_id = :row)",),
    ),
    Breakage(
        "invoice_differs_from_order",
        "SELECT id FROM invoice WHERE corrects_id IS NULL",
        ("UPDATE invoice SET tax_vnd = tax_vnd - 1, net_vnd = net_vnd + 1 WHERE id = :row",),
    ),
    Breakage(
        "invoice_differs_from_order",
        "SELECT id FROM invoice WHERE corrects_id IS NULL",
        ("UPDATE invoice_sum SET tax_class = 'excluded' "
         "WHERE id = (SELECT MIN(id) FROM invoice_sum WHERE invoice_id = :row)",),
    ),
    Breakage(
        "invoice_for_nobody",
        "SELECT id FROM invoice WHERE corrects_id IS NULL",
        (f"UPDATE invoice_request SET given_up_at = :late WHERE order_id = {INVOICED}",),
    ),
)  # fmt: skip

BREAKAGES = (
    *INVOICES,
    *VOUCHERS,
    *REVIEWS,
    *RETURNS,
    *SUBMISSIONS,
    *MONEY,
    *REFUNDS,
    *STOCK,
    *SELLING,
    *REPEATS,
    *JOURNAL,
    *WEIGHTS,
    *ACTORS,
    *CHANGES,
    *IMPORTS,
)
