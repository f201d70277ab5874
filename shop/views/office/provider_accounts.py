"""Contracts with payment providers: entered once, tried, closed; secrets are never shown again."""

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from integrations.errors import ProviderError, Rejected
from integrations.payments import PaymentProvider, providers
from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused
from shop.forms.base import Fields
from shop.locales import current_locale
from shop.models.catalog import Seller
from shop.models.payments import ProviderAccount
from shop.office import office_seller
from shop.pages import office_providers as pages
from shop.security import limiter
from shop.services import provider_accounts, provider_payments
from shop.services.permissions import Action

bp = Blueprint("office_provider_accounts", __name__, url_prefix="/quan-ly/cua-hang/thanh-toan")


@bp.get("")
@signing_in.needs(Action.MANAGE_SELLER)
def index() -> str:
    """The contracts there are, and those that can be added."""
    seller = office_seller(Action.MANAGE_SELLER)
    settings = current_app.extensions["dacsan_settings"]
    shown = pages.index(db.session(), seller, is_reachable=settings.is_reachable)
    return render_template("office/providers/index.html", **shown)


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
        fields.refuse(str(refused.code), pages.said(refused))
        return _form(found, fields), 422
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
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
    account = _own(seller, account_id)
    title = provider_payments.title(account.provider)
    try:
        connection = provider_accounts.connect(db.session(), account)
        db.close_session()
        connection.check()
        flash(_("Kết nối được. %(provider)s nhận đúng mã và khóa.", provider=title))
    except ProviderError as failed:
        flash(pages.not_connected(failed, title))
    return redirect(url_for(".index"), 303)


@bp.get("/<int:account_id>/khoa")
@signing_in.needs(Action.MANAGE_SELLER)
def ask_secret(account_id: int) -> str:
    """Ask for the new secret of a contract; the one in force is not shown."""
    return _secret_form(_real(account_id), Fields({}))


@bp.post("/<int:account_id>/khoa")
@limiter.limit("60/hour")
@signing_in.needs(Action.MANAGE_SELLER)
def change_secret(account_id: int) -> Response | tuple[str, int]:
    """Put a new secret in force; the address for notices stays."""
    found, fields = _real(account_id), Fields(request.form)
    secret = [one for one in providers()[found.provider].fields if one.is_secret]
    typed = {field.name: fields.typed(field.name)[:500] for field in secret}
    actor, now = signing_in.actor(), clock.now()
    try:
        provider_accounts.change_secret(db.session(), found, typed, actor=actor, now=now)
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _secret_form(_real(account_id), fields), 422
    except Rejected as refused:  # what else was entered cannot be used any more
        db.session().rollback()
        fields.refuse(secret[0].name, _of_another_field(providers()[found.provider], refused))
        return _secret_form(_real(account_id), fields), 422
    db.session().commit()
    flash(_("Đã đổi khóa. Bấm Thử kết nối để xem khóa mới có đúng không."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:account_id>/bo-khoa-cu")
@signing_in.needs(Action.MANAGE_SELLER)
def drop_old_secret(account_id: int) -> Response:
    """Take no notice any more that is signed with the secret before."""
    found, actor = _real(account_id), signing_in.actor()
    provider_accounts.drop_old_secret(db.session(), found, actor=actor, now=clock.now())
    db.session().commit()
    flash(_("Đã bỏ khóa cũ. Từ giờ chỉ nhận thông báo ký bằng khóa mới."))
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


def _real(account_id: int) -> ProviderAccount:
    """Return a contract of the seller whose secret is the seller's own."""
    found = _own(office_seller(Action.MANAGE_SELLER), account_id)
    if found.mode == provider_accounts.SIMULATOR or found.provider not in providers():
        raise NotFound
    return found


def _of_another_field(provider: PaymentProvider, refused: Rejected) -> str:
    lang = current_locale()
    names = [field.label[lang] for field in provider.fields if field.name == refused.code]
    return ": ".join([*names, pages.said(refused)])


def _secret_form(account: ProviderAccount, fields: Fields) -> str:
    provider = providers()[account.provider]
    only = [field for field in provider.fields if field.is_secret]
    return render_template(
        "office/providers/secret.html", provider=provider, **pages.inputs(only, fields)
    )


def _form(provider: PaymentProvider, fields: Fields) -> str:
    settings = current_app.extensions["dacsan_settings"]
    return render_template(
        "office/providers/new.html",
        provider=provider,
        has_contract=pages.has_contract(
            db.session(), office_seller(Action.MANAGE_SELLER), provider
        ),
        is_reachable=settings.is_reachable,
        **pages.inputs(provider.fields, fields),
    )
