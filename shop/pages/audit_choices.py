"""What the change history calls the values that are stored as codes: states, kinds, ways."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from integrations.payments import providers
from shop.forms import certificate as papers
from shop.forms import invoices, member_batch, office_members, product, vouchers
from shop.forms.imports.kinds import TITLES, ImportKind
from shop.models.batches import BatchState
from shop.models.catalog import ProductState
from shop.models.inventory import MovementKind
from shop.models.orders import DeliveryKind
from shop.models.payments import RefundWay
from shop.models.people import GivenHow, Role
from shop.models.reviews import ReviewState
from shop.models.submissions import SubmissionKind, SubmissionState
from shop.pages import attempt_words, office_batch_words, order_words, problems, returns
from shop.pages.legal_words import TITLES as LEGAL_TITLES
from shop.pages.member_consents import GIVEN_HOW as GIVEN_HOW_WORDS
from shop.pages.office_people import ROLES as ROLE_WORDS
from shop.services.provider_accounts import LIVE, SIMULATOR

Choices = Mapping[str, Any]

ROLES: Choices = {role.value: ROLE_WORDS[role] for role in Role}

GIVEN_HOW: Choices = {how.value: GIVEN_HOW_WORDS[how] for how in GivenHow}

GENDERS: Choices = office_members.GENDERS

TAX_CLASSES: Choices = product.TAX_CLASSES

PAYMENT_STATES: Choices = order_words.PAYMENT_STATES

ATTEMPT_STATES: Choices = {state.value: words for state, words in attempt_words.STATES.items()}

PRODUCT_STATES: Choices = {
    ProductState.DRAFT.value: _l("bản nháp"),
    ProductState.PUBLISHED.value: _l("đang bán"),
    ProductState.RETIRED.value: _l("ngừng bán"),
}

BATCH_STATES: Choices = {state.value: office_batch_words.STATES[state] for state in BatchState}

VOUCHER_KINDS: Choices = {kind: words for kind, (words, _note) in vouchers.KINDS.items()}

INVOICE_BUYERS: Choices = {kind.value: words for kind, words in invoices.KINDS.items()}

INVOICE_PARTS: Choices = {
    "kind": _l("người mua là ai"),
    "name": _l("tên"),
    "tax_code": _l("mã số thuế"),
    "address": _l("địa chỉ"),
    "email": _l("thư điện tử"),
}

PROBLEM_STATES: Choices = {state.value: words for state, words in problems.STATES.items()}

RETURN_STATES: Choices = {state.value: words for state, words in returns.STATES.items()}

PROBLEM_REASONS: Choices = {reason.value: words for reason, words in problems.REASONS.items()}

REVIEW_STATES: Choices = {
    ReviewState.WAITING.value: _l("chờ duyệt"),
    ReviewState.SHOWN.value: _l("đang hiện"),
    ReviewState.REFUSED.value: _l("không hiện"),
}

SUBMISSION_STATES: Choices = {
    SubmissionState.DRAFT.value: _l("bản nháp"),
    SubmissionState.SENT.value: _l("đã gửi, chờ duyệt"),
    SubmissionState.RETURNED.value: _l("trả lại để sửa"),
    SubmissionState.APPROVED.value: _l("được duyệt"),
    SubmissionState.WITHDRAWN.value: _l("đã rút"),
}

SUBMISSION_KINDS: Choices = {
    SubmissionKind.PRODUCT.value: _l("hàng để bán"),
    SubmissionKind.BATCH.value: _l("lô hàng"),
}

IMPORT_KINDS: Choices = {kind.value: TITLES[kind] for kind in ImportKind}

INPUT_KINDS: Choices = {kind.value: words for kind, words in office_batch_words.KINDS.items()}

PAPER_KINDS: Choices = papers.KINDS

MOVEMENT_KINDS: Choices = {
    MovementKind.PACK.value: _l("đóng gói"),
    MovementKind.SHIP.value: _l("gửi cho khách"),
    MovementKind.SALE.value: _l("bán tại chỗ"),
    MovementKind.DESTROY.value: _l("hủy bỏ"),
    MovementKind.STOCK_TAKE.value: _l("kiểm kê"),
    MovementKind.TRANSFER.value: _l("chuyển chỗ"),
    MovementKind.RETURN.value: _l("khách trả"),
}

DELIVERY_KINDS: Choices = {
    DeliveryKind.PICKUP.value: _l("khách đến lấy"),
    DeliveryKind.OWN.value: _l("nơi bán tự giao"),
    DeliveryKind.PARCEL.value: _l("gửi bưu kiện"),
}

PAYMENT_WAYS: Choices = order_words.PAYMENT_WAYS | {
    provider.name: provider.title for provider in providers().values()
}

REFUND_WAYS: Choices = {
    RefundWay.NONE.value: _l("chưa chọn"),
    RefundWay.PROVIDER.value: _l("qua bên thanh toán"),
    RefundWay.HAND.value: _l("chuyển khoản trả khách"),
}

CONTRACT_MODES: Choices = {LIVE: _l("bán thật"), SIMULATOR: _l("giả lập")}

DONE_HOW: Choices = {
    member_batch.HARVESTED: _l("thu hái"),
    member_batch.MADE: _l("làm ra"),
}

SOURCES: Choices = {"hand": _l("văn phòng ghi tay"), "feed": _l("báo có của ngân hàng")}
"""By whom money was told of; a provider is called by its own title."""

LEGAL_PAGES: Mapping[str, Any] = {page.value: words for page, words in LEGAL_TITLES.items()}
"""The pages that a shop must have."""
