"""What the inbox says of payments through providers; each row is title, facts, address and act."""

from collections.abc import Iterator
from datetime import date, datetime, time

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import Session

from shop import formats
from shop.clock import VIETNAM
from shop.locales import current_locale
from shop.pages import attempt_words
from shop.presentation import order_code
from shop.queries import contract_addresses, kept_secrets, money_lists, refused_notices
from shop.services import provider_payments

Row = tuple[str, str, str, str]


def in_review(session: Session, seller_id: int, *, shown: int) -> Iterator[Row]:
    """Tell of money that a provider has taken and looks into; it stays until the review ends."""
    for attempt, order in money_lists.in_review(session, seller_id, limit=shown):
        yield (
            _(
                "%(provider)s đang kiểm tra lần trả của đơn %(code)s",
                provider=provider_payments.title(attempt.provider),
                code=order_code(order.code),
            ),
            ", ".join(
                [
                    formats.money(attempt.amount_vnd, current_locale()),
                    attempt_words.said(attempt),
                    _("đừng giao hàng"),
                ]
            ),
            url_for("office_orders.show", code=order.code),
            _("Xem đơn"),
        )
    total = money_lists.in_review_sum(session, seller_id).count
    if total > shown:
        yield (
            _("Cổng đang kiểm tra"),
            _("Còn %(count)s lần trả nữa", count=total - shown),
            url_for("office_money.index", _anchor="kiem-tra"),
            _("Xem tiền"),
        )


def closed_contracts(session: Session, seller_id: int) -> Iterator[Row]:
    """Tell whoever keeps the contracts that one cannot be opened: nobody can pay through it."""
    vault = session.info["vault"]
    for contract in kept_secrets.closed_contracts(session, vault, seller_id=seller_id):
        yield (
            _(
                "Máy không mở được khóa của hợp đồng %(provider)s",
                provider=provider_payments.title(contract.provider),
            ),
            _("Khách chưa trả tiền qua đó được. Nhập lại khóa, hoặc báo người giữ máy chủ."),
            url_for("office_provider_accounts.index", _anchor=f"hop-dong-{contract.id}"),
            _("Xem hợp đồng"),
        )


def wrong_addresses(session: Session, seller_id: int) -> Iterator[Row]:
    """Tell whoever keeps the contracts that one leads where no contract in use may lead."""
    for contract in contract_addresses.wrong_contracts(session, seller_id=seller_id):
        yield (
            _(
                "Hợp đồng %(provider)s có địa chỉ sai",
                provider=provider_payments.title(contract.provider),
            ),
            _("Khách có thể không trả được, hoặc trả vào nơi để thử. Thêm hợp đồng đúng."),
            url_for("office_provider_accounts.index", _anchor=f"hop-dong-{contract.id}"),
            _("Xem hợp đồng"),
        )


def refused_notices_today(session: Session, seller_id: int, *, today: date) -> Iterator[Row]:
    """Tell whoever keeps the contracts that a provider's notices are refused again and again."""
    midnight = datetime.combine(today, time(), VIETNAM)
    for row in refused_notices.refused(session, midnight, seller_id=seller_id):
        title = provider_payments.title(row.provider)
        if row.outcome == "not_signed":
            words = ngettext(
                "%(num)s thông báo của %(provider)s bị từ chối vì sai chữ ký hôm nay",
                "%(num)s thông báo của %(provider)s bị từ chối vì sai chữ ký hôm nay",
                row.times,
                provider=title,
            )
            facts = _("Khóa bí mật có thể sai. Bấm Thử kết nối, sai thì Đổi khóa.")
        else:
            words = ngettext(
                "%(num)s thông báo của %(provider)s bị từ chối vì sai số tiền hôm nay",
                "%(num)s thông báo của %(provider)s bị từ chối vì sai số tiền hôm nay",
                row.times,
                provider=title,
            )
            facts = _("Số tiền khác với số đã yêu cầu. Gọi %(provider)s.", provider=title)
        page = url_for("office_provider_accounts.index", _anchor=f"hop-dong-{row.id}")
        yield (words, facts, page, _("Xem hợp đồng"))
