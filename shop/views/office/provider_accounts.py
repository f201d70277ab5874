"""Contracts with payment providers: entered once, tried, closed; secrets are never shown again."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from integrations.errors import ProviderError, Rejected
from integrations.payments import PaymentProvider, providers
from shop import clock, db, signing_in
from shop.forms.base import Fields
from shop.models.catalog import Seller
from shop.models.payments import ProviderAccount
from shop.office import office_seller
from shop.pages import office_providers as pages
from shop.security import limiter
from shop.services import provider_accounts
from shop.services.permissions import Action

bp = Blueprint("office_provider_accounts", __name__, url_prefix="/quan-ly/cua-hang/thanh-toan")


@bp.get("")
@signing_in.needs(Action.MANAGE_SELLER)
def index() -> str:
    """The contracts there are, and those that can be added."""
    seller = office_seller(Action.MANAGE_SELLER)
    return render_template("office/providers/index.html", **pages.index(db.session(), seller))


@bp.get("/<provider>/moi")
@signing_in.needs(Action.MANAGE_SELLER)
def new(provider: str) -> str | Response:
    """Ask for what the provider wrote in its letter."""
    found, seller = _provider(provider), office_seller(Action.MANAGE_SELLER)
    if seller.is_training:
        return redirect(url_for(".index"), 303)
    return _form(found, Fields({field.name: field.default for field in found.fields}))


@bp.post("/<provider>/moi")
@limiter.limit("60/hour")
@signing_in.needs(Action.MANAGE_SELLER)
def create(provider: str) -> Response | tuple[str, int]:
    """Write the contract down, and lead to where it can be tried."""
    found, seller = _provider(provider), office_seller(Action.MANAGE_SELLER)
    fields = Fields(request.form)
    typed = {field.name: fields.typed(field.name)[:500] for field in found.fields}
    actor, now = signing_in.actor(), clock.now()
    try:
        provider_accounts.open_live(db.session(), seller, found, typed, actor=actor, now=now)
    except Rejected as refused:
        db.session().rollback()
        fields.refuse(str(refused.code), refused.text)
        return _form(found, fields), 422
    db.session().commit()
    flash(_("Đã ghi hợp đồng. Bấm Thử kết nối để xem khóa có đúng không."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:account_id>/thu")
@limiter.limit("30/hour")
@signing_in.needs(Action.MANAGE_SELLER)
def check(account_id: int) -> Response:
    """Ask the provider whether it knows the contract; no transaction is open meanwhile."""
    seller = office_seller(Action.MANAGE_SELLER)
    connection = provider_accounts.connect(db.session(), _own(seller, account_id))
    db.close_session()
    try:
        flash(_("Kết nối được. %(answer)s", answer=connection.check()))
    except ProviderError as failed:
        flash(
            _(
                "Chưa kết nối được. %(reason)s",
                reason=failed.text or _("Không tới được máy chủ. Xem lại mạng và địa chỉ."),
            )
        )
    return redirect(url_for(".index"), 303)


@bp.post("/<int:account_id>/dong")
@signing_in.needs(Action.MANAGE_SELLER)
def close(account_id: int) -> Response:
    """Let no buyer pay this way any more."""
    found = _own(office_seller(Action.MANAGE_SELLER), account_id)
    provider_accounts.close(db.session(), found, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Khách không trả qua đây nữa. Tiền đang trên đường vẫn được ghi nhận."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:account_id>/mo")
@signing_in.needs(Action.MANAGE_SELLER)
def reopen(account_id: int) -> Response:
    """Let buyers pay this way again."""
    found = _own(office_seller(Action.MANAGE_SELLER), account_id)
    provider_accounts.reopen(db.session(), found, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Khách trả qua đây được rồi."))
    return redirect(url_for(".index"), 303)


def _provider(name: str) -> PaymentProvider:
    if name not in providers():
        raise NotFound
    return providers()[name]


def _own(seller: Seller, account_id: int) -> ProviderAccount:
    found = db.session().get(ProviderAccount, account_id)
    if found is None or found.seller_id != seller.id:
        raise NotFound
    return found


def _form(provider: PaymentProvider, fields: Fields) -> str:
    settings = current_app.extensions["dacsan_settings"]
    return render_template(
        "office/providers/new.html",
        provider=provider,
        is_reachable=settings.is_https and settings.is_seen_from_outside,
        **pages.form(provider, fields),
    )
