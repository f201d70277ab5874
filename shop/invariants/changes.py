"""Invariant 9 for what is changed in place: what stands is what the trail told last.

Which act makes which state is written down here a second time on purpose: a mistake in a service
must not hide itself.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from shop.invariants.reader import Reader, Row
from shop.invariants.rules import Rule, select

_CONTACT = (
    "name", "short_name", "phone", "commune", "commune_code", "province", "province_code",
    "hamlet", "about", "old_address", "email",
)  # fmt: skip

TOLD: Mapping[str, tuple[str, ...]] = {
    "member": ("full_name", "code", "phone", "kind", "gender", "birth_year", "show_name"),
    "plot": ("code", "name", "crop", "area_m2", "hamlet"),
    "seller": _CONTACT,
    "delivery_method": (
        "kind", "name", "fee_vnd", "days", "note", "is_chilled", "takes_cod", "province_codes",
        "is_offered", "fee_table", "carrier", "tracking_template",
    ),
    "product": ("name", "state"),
    "batch": ("state", "made_on", "expires_on"),
    "provider_account": ("is_active",),
}  # fmt: skip
"""By table the columns of which the trail tells each change."""

_SAID: Mapping[str, Mapping[str, Any]] = {
    "product_created": {"state": "draft"},
    "product_published": {"state": "published"},
    "product_retired": {"state": "retired"},
    "batch_opened": {"state": "draft"},
    "delivery_recorded": {"state": "released"},
    "batch_released": {"state": "released"},
    "batch_held": {"state": "held"},
    "batch_recalled": {"state": "recalled"},
    "batch_resumed": {"state": "released"},
    "delivery_added": {"is_offered": True},
    "delivery_opened": {"is_offered": True},
    "delivery_closed": {"is_offered": False},
    "provider_account_opened": {"is_active": True},
    "provider_account_reopened": {"is_active": True},
    "provider_account_closed": {"is_active": False},
}
"""What an act makes of a row, whatever else it tells."""

_ELSEWHERE = {
    "member_sign_in_opened",
    "member_sign_in_changed",
    "batch_recalled",
    "import_row_removed",
}
"""Acts of which the values are not those of the row alone."""


def _said(value: Any) -> Mapping[str, Any]:
    found = json.loads(value) if isinstance(value, str) else value
    return found if isinstance(found, dict) else {}


def _stands(column: Any, told: Any) -> bool:
    """Return whether a column holds what was told, as JSON has it."""
    if isinstance(column, date):
        column = column.isoformat()
    if isinstance(told, list | dict) and isinstance(column, str):
        column = json.loads(column)
    if isinstance(told, bool):
        column = bool(column)
    return bool(column == told) or (not column and not told and told is not False)


def _changed(reader: Reader, table: str) -> Iterator[Row]:
    """Yield the rows of `table` that say something else than the trail told last of them."""
    columns = TOLD[table]
    latest: dict[tuple[int, str], Any] = {}
    for row in reader.rows(
        "SELECT subject_id, action, after FROM audit_entry "
        "WHERE subject_kind = :table ORDER BY id",
        table=table,
    ):
        told = {} if row["action"] in _ELSEWHERE else _said(row["after"])
        for name, value in {**told, **_SAID.get(row["action"], {})}.items():
            if name in columns:
                latest[row["subject_id"], name] = value
    names = ", ".join(columns)
    for row in reader.rows(f"SELECT id AS row, {names} FROM {table} ORDER BY id"):  # noqa: S608
        differing = [
            name
            for name in columns
            if (row["row"], name) in latest and not _stands(row[name], latest[row["row"], name])
        ]
        if differing:
            yield {"row": row["row"], "columns": ", ".join(differing)}


def _bank_accounts(reader: Reader) -> Iterator[Row]:
    """Yield the accounts that are not what was opened, or are closed with nobody on record."""
    opened: dict[int, Mapping[str, Any]] = {}
    closed: set[int] = set()
    for row in reader.rows(
        "SELECT subject_id, action, after FROM audit_entry "
        "WHERE subject_kind = 'bank_account' ORDER BY id"
    ):
        if row["action"] == "bank_account_opened":
            opened[row["subject_id"]] = _said(row["after"])
        if row["action"] == "bank_account_closed":
            closed.add(row["subject_id"])
    for row in reader.rows(
        "SELECT id AS row, bank_name, number, holder, is_active FROM bank_account ORDER BY id"
    ):
        told = opened.get(row["row"], {})
        shown = {"bank": row["bank_name"], "holder": row["holder"]}
        differs = any(told.get(name, value) != value for name, value in shown.items())
        differs |= not row["number"].endswith(str(told.get("account", ""))[-4:])
        if differs or (not row["is_active"] and row["row"] not in closed):
            yield {"row": row["row"]}


def _rule(table: str) -> Rule:
    return Rule(
        9,
        f"{table}_changed_by_nobody",
        table,
        lambda reader: _changed(reader, table),
        f"Bảng {table}: dòng {{row}} khác với lần sửa cuối cùng được ghi ({{columns}}).",
        f"Table {table}: row {{row}} is not what the last change on record says ({{columns}}).",
    )


def _ended(name: str, table: str, column: str, action: str, vietnamese: str, english: str) -> Rule:
    """Return the rule that whatever ended has an entry of the same moment."""
    return Rule(
        9,
        name,
        table,
        select(f"""
            SELECT t.id AS row FROM {table} t
            WHERE t.{column} IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM audit_entry a
                WHERE a.subject_kind = '{table}' AND a.subject_id = t.id
                  AND a.action = '{action}' AND a.at = t.{column})
            ORDER BY t.id
        """),  # noqa: S608 - put together from constants
        vietnamese,
        english,
    )


RULES = (
    *(_rule(table) for table in TOLD),
    _ended(
        "consent_ended_by_nobody",
        "consent",
        "withdrawn_at",
        "consent_withdrawn",
        "Giấy nhờ làm hộ {row} đã rút mà không ghi ai rút.",
        "Consent {row} was withdrawn, and nobody is on record for it.",
    ),
    _ended(
        "card_ended_by_nobody",
        "sign_in_card",
        "revoked_at",
        "card_revoked",
        "Thẻ đăng nhập {row} đã thu hồi mà không ghi ai thu.",
        "Sign-in card {row} was taken back, and nobody is on record for it.",
    ),
    Rule(
        9,
        "certificate_ended_by_nobody",
        "certificate",
        select("""
            SELECT c.id AS row FROM certificate c
            WHERE c.revoked_on IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM audit_entry a
                WHERE a.subject_kind = 'certificate' AND a.subject_id = c.id
                  AND a.action = 'certificate_revoked')
            ORDER BY c.id
        """),
        "Giấy chứng nhận {row} đã thu hồi mà không ghi ai thu.",
        "Certificate {row} was withdrawn, and nobody is on record for it.",
    ),
    Rule(
        9,
        "role_ended_by_nobody",
        "role_grant",
        select("""
            SELECT g.id AS row FROM role_grant g
            WHERE g.until IS NOT NULL AND g.role <> 'inspector' AND NOT EXISTS (
                SELECT 1 FROM audit_entry a
                WHERE a.subject_kind = 'role_grant' AND a.subject_id = g.id
                  AND a.action = 'role_revoked' AND a.at = g.until)
            ORDER BY g.id
        """),
        "Vai trò {row} đã hết mà không ghi ai bỏ.",
        "Role {row} ended, and nobody is on record for it.",
    ),
    Rule(
        9,
        "bank_account_changed_by_nobody",
        "bank_account",
        _bank_accounts,
        "Tài khoản ngân hàng {row} khác với lần ghi cuối cùng.",
        "Bank account {row} is not what the trail says.",
    ),
)
