"""Payments through providers: the buyer's way there and back, and what their servers tell us."""

from datetime import datetime

import structlog
from flask import Blueprint, g, redirect, render_template, request, url_for
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from integrations.errors import BadSignature
from integrations.http import InboundRequest
from integrations.payments.protocol import Connection, Form, Redirect, Verdict
from shop import clock, db, signing_in
from shop.locales import current_locale
from shop.models.orders import Order
from shop.models.payments import ProviderAccount
from shop.queries import orders as queries
from shop.security import limiter, without_token
from shop.services import provider_accounts, provider_payments

bp = Blueprint("payments", __name__)

log = structlog.get_logger()


def _order(token: str) -> Order:
    found = queries.order_by_token(db.session(), token)
    if found is None:
        raise NotFound
    g.training = found.seller.is_training
    return found


@bp.get("/don-hang/<token>/tra-tien")
@signing_in.is_open
def leave(token: str) -> str | Response:
    """Send the buyer's browser on to the provider: a page, as a form may lead to our own alone."""
    session, order = db.session(), _order(token)
    attempt = provider_payments.latest(session, order)
    if attempt is None or not provider_payments.may_be_paid(order, attempt, now=clock.now()):
        return redirect(url_for("orders.show", token=token), 303)
    step = provider_payments.next_step(
        session,
        order,
        attempt,
        payer_address=request.remote_addr or "127.0.0.1",
        lang=current_locale(),
    )
    return render_template(
        "orders/leave.html",
        order=order,
        attempt=attempt,
        provider=provider_payments.title(attempt.provider),
        address=step.url if isinstance(step, Redirect) else "",
        form=step if isinstance(step, Form) else None,
    )


@bp.post("/don-hang/<token>/tra-lai")
@limiter.limit("20/minute")
@signing_in.is_open
def try_again(token: str) -> Response:
    """Begin another try after one that came to nothing."""
    session = db.session()
    provider_payments.begin_again(session, _order(token).id, now=clock.now())
    session.commit()
    return redirect(url_for(".leave", token=token), 303)


@bp.get("/payments/<provider>/<account>/return")
@signing_in.is_open
def come_back(provider: str, account: str) -> Response:
    """Lead the buyer who comes back to the order; what the address says changes nothing."""
    session = db.session()
    found = _account(provider, account)
    try:
        told = provider_accounts.connect(session, found).read_notification(_inbound())
    except BadSignature:
        return redirect(url_for("catalog.home"), 303)
    attempt = provider_payments.find(session, found, told.reference)
    if attempt is None:
        return redirect(url_for("catalog.home"), 303)
    return redirect(url_for("orders.show", token=attempt.payment.order.token), 303)


@bp.route("/webhooks/<provider>/<account>", methods=["GET", "POST"])
@without_token
@limiter.limit("600/minute")
@signing_in.is_open
def notice(provider: str, account: str) -> Response:
    """Take a notice of a provider's server: store it, check it, let it be so, answer."""
    with db.writing() as session:
        found = provider_accounts.by_token(session, provider, account)
        if found is None:
            raise NotFound
        connection = provider_accounts.connect(session, found)
        inbound, now = _inbound(), clock.now()
        stored = provider_payments.store_notice(session, found, inbound.as_json(), now=now)
        session.commit()
        stored_id = stored.id
    verdict = _verdict(connection, found, inbound, stored_id, now=now)
    reply = connection.answer(verdict)
    return Response(reply.body, reply.status, mimetype=reply.content_type)


def _verdict(
    connection: Connection,
    account: ProviderAccount,
    inbound: InboundRequest,
    notice_id: int,
    *,
    now: datetime,
) -> Verdict:
    """Return what became of a stored notice; its outcome is written with what it changed."""
    try:
        told = connection.read_notification(inbound)
    except BadSignature:
        told = None
    with db.writing() as session:
        verdict = Verdict.NOT_SIGNED
        if told is not None:
            verdict = provider_payments.take(session, account, told, now=now, today=clock.today())
        provider_payments.note_outcome(session, notice_id, verdict)
        session.commit()
    log.info("notice", provider=account.provider, notice=notice_id, verdict=verdict.value)
    return verdict


def _account(provider: str, token: str) -> ProviderAccount:
    found = provider_accounts.by_token(db.session(), provider, token)
    if found is None:
        raise NotFound
    return found


def _inbound() -> InboundRequest:
    return InboundRequest(
        method=request.method,
        path=request.path,
        query=request.query_string.decode("latin-1"),
        headers={name.lower(): value for name, value in request.headers.items()},
        body=request.get_data(),
        sender=request.remote_addr or "",
    )
