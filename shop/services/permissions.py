"""Who may do what: the one table that every route and service is decided by."""

from enum import StrEnum

from shop.models.people import Role


class Action(StrEnum):
    """One thing that somebody may or may not do."""

    SEE_OFFICE = "see_office"
    EDIT_PRODUCT = "edit_product"
    PUBLISH_PRODUCT = "publish_product"
    EDIT_BATCH = "edit_batch"
    RELEASE_BATCH = "release_batch"
    HOLD_BATCH = "hold_batch"
    PRINT_LABEL = "print_label"
    SEE_ORDERS = "see_orders"
    CONFIRM_ORDER = "confirm_order"
    PICK_ORDER = "pick_order"
    CANCEL_ORDER = "cancel_order"
    CONFIRM_MONEY = "confirm_money"
    REFUND = "refund"
    ISSUE_INVOICE = "issue_invoice"
    TAKE_STOCK = "take_stock"
    ANSWER_PROBLEM = "answer_problem"
    MODERATE_REVIEW = "moderate_review"
    MANAGE_MEMBERS = "manage_members"
    CHANGE_SIGN_IN_NUMBER = "change_sign_in_number"
    HELP_MEMBER = "help_member"
    ACT_AS_MEMBER = "act_as_member"
    IMPORT_ROWS = "import_rows"
    SEE_AUDIT = "see_audit"
    MANAGE_ACCOUNTS = "manage_accounts"
    MANAGE_VOUCHERS = "manage_vouchers"
    MANAGE_SELLER = "manage_seller"
    MANAGE_INSTALLATION = "manage_installation"


SIMPLE_ROLES = frozenset({Role.MEMBER, Role.HELPER, Role.VENDOR})
"""Who only writes down their own work: a PIN or a printed card is enough for them (R20)."""

SECOND_FACTOR_ROLES = frozenset({Role.TREASURER, Role.ADMIN})
"""Who proves a second factor at every sign-in, over whatever the role is."""

_OFFICE = {Role.OFFICE, Role.DIRECTOR, Role.ADMIN}

ALLOWED: dict[Action, frozenset[Role]] = {
    Action.SEE_OFFICE: frozenset(_OFFICE | {Role.TECHNICIAN, Role.TREASURER, Role.INSPECTOR}),
    Action.EDIT_PRODUCT: frozenset(_OFFICE),
    Action.PUBLISH_PRODUCT: frozenset(_OFFICE),
    Action.EDIT_BATCH: frozenset(_OFFICE | {Role.TECHNICIAN}),
    Action.RELEASE_BATCH: frozenset({Role.TECHNICIAN, Role.DIRECTOR, Role.OFFICE, Role.ADMIN}),
    Action.HOLD_BATCH: frozenset(_OFFICE | {Role.TECHNICIAN}),
    Action.PRINT_LABEL: frozenset(_OFFICE | {Role.TECHNICIAN}),
    Action.SEE_ORDERS: frozenset(_OFFICE | {Role.TREASURER}),
    Action.CONFIRM_ORDER: frozenset(_OFFICE),
    Action.PICK_ORDER: frozenset(_OFFICE),
    Action.CANCEL_ORDER: frozenset(_OFFICE),
    Action.CONFIRM_MONEY: frozenset({Role.TREASURER, Role.DIRECTOR, Role.OFFICE, Role.ADMIN}),
    Action.REFUND: frozenset({Role.TREASURER, Role.DIRECTOR, Role.ADMIN}),
    Action.ISSUE_INVOICE: frozenset(_OFFICE | {Role.TREASURER}),
    Action.TAKE_STOCK: frozenset(_OFFICE),
    Action.ANSWER_PROBLEM: frozenset(_OFFICE | {Role.TECHNICIAN}),
    Action.MODERATE_REVIEW: frozenset(_OFFICE),
    Action.MANAGE_MEMBERS: frozenset(_OFFICE),
    Action.CHANGE_SIGN_IN_NUMBER: frozenset(_OFFICE),
    Action.HELP_MEMBER: frozenset(_OFFICE | {Role.HELPER, Role.TECHNICIAN}),
    Action.ACT_AS_MEMBER: frozenset({Role.MEMBER}),
    Action.IMPORT_ROWS: frozenset(_OFFICE),
    Action.SEE_AUDIT: frozenset({Role.DIRECTOR, Role.ADMIN, Role.INSPECTOR}),
    Action.MANAGE_ACCOUNTS: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Action.MANAGE_VOUCHERS: frozenset(_OFFICE),
    Action.MANAGE_SELLER: frozenset({Role.DIRECTOR, Role.ADMIN}),
    Action.MANAGE_INSTALLATION: frozenset({Role.ADMIN}),
}
"""Roles that may do an action, within the scope of their grant."""
