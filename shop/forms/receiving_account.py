"""The account that buyers transfer to, as the office types it from the bank's paper."""

from collections.abc import Mapping

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from integrations import vietqr
from shop.forms.bank_accounts import read_account_number, read_holder_name
from shop.forms.base import Fields
from shop.forms.seller_drafts import BankDraft
from shop.search.collation import collation_key

NAMES = {
    "bank": _l("ngân hàng"),
    "number": _l("số tài khoản"),
    "holder": _l("tên chủ tài khoản"),
}
"""What the summary of faults calls each field."""

SEEN = "seen"
"""The hidden field that carries what was shown back."""


def read_account(fields: Fields) -> BankDraft | None:
    """Return the account in `fields`, or `None` with the faults noted beside their fields."""
    bank = vietqr.find_bank(fields.typed("bank"))
    if bank is None:
        fields.refuse("bank", _("Chọn ngân hàng giữ tài khoản."))
    number = fields.read("number", read_account_number)
    holder = fields.read("holder", read_holder_name)
    if bank is None or number is None or holder is None:
        return None
    return BankDraft(bank.bin, bank.label, number, holder)


def was_seen(typed: Mapping[str, str], draft: BankDraft) -> bool:
    """Return whether exactly this account was shown back before: only then it is taken."""
    return typed.get(SEEN) == mark_of(draft)


def mark_of(draft: BankDraft) -> str:
    """Return what the hidden field holds for an account that is shown back."""
    return f"{draft.bank_bin} {draft.number} {draft.holder}"


def bank_choices() -> list[tuple[str, str]]:
    """Return BIN and names of every bank, in the order of the alphabet."""
    banks = sorted(vietqr.all_banks().values(), key=lambda bank: collation_key(bank.label))
    return [
        (bank.bin, bank.name if bank.label == bank.name else f"{bank.label} ({bank.name})")
        for bank in banks
    ]
