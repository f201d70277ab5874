"""Payments through providers: the buyer's way there and back, and what their servers tell us."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import structlog
from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import MethodNotAllowed, NotFound, RequestEntityTooLarge
from werkzeug.wrappers import Response

from integrations.errors import BadSignature, IntegrationError, Rejected
from integrations.http import InboundRequest, Reply
from integrations.payments import providers
from integrations.payments.protocol import Form, PaymentNotification, Redirect, Verdict
from shop import clock, db, signing_in
from shop.errors import GatewayClosed, ShopError
from shop.locales import address_in, current_locale
from shop.models.orders import Order
from shop.models.payments import PaymentAttempt, ProviderAccount
from shop.queries import order_money
from shop.queries import orders as queries
from shop.security import limiter, without_token
from shop.services import payment_ways, provider_accounts, provider_notices, provider_payments
from shop.vault import SecretUnreadable

bp = Blueprint("payments", __name__)

log = structlog.get_logger()

PATIENCE = timedelta(seconds=2)
"""How long a notice waits for whoever else writes: once to be stored, once to be let be so."""

TIME_TO_ANSWER = 2.5
"""Seconds after which nothing is begun again for a notice: providers wait for about 5."""

PAUSE_OF_LOG = 60.0
"""Seconds between two lines in the log about notices that nobody signed."""

LARGEST_NOTICE = 16 * 1024
"""Bytes of a query or a body; what providers send is a few hundred, and all of it is stored."""


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
    now = clock.now()
    if attempt is None or not provider_payments.may_be_paid(order, attempt, now=now):
        return redirect(url_for("orders.show", token=token), 303)
    if provider_payments.is_awaited(order_money.asked_after(session, attempt.id), now=now):
        return redirect(url_for("orders.show", token=token), 303)
    with _opened_for_a_buyer(attempt.provider):
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
    provider_payments.begin_again(
        session, _order(token).id, actor=signing_in.actor(), now=clock.now()
    )
    session.commit()
    return redirect(url_for(".leave", token=token), 303)


@bp.post("/don-hang/<token>/cach-tra")
@limiter.limit("20/minute")
@signing_in.is_open
def change_way(token: str) -> Response:
    """Pay by transfer or at the door after a payment through a provider came to nothing."""
    session = db.session()
    way = request.form.get("way", "")
    payment_ways.change(session, _order(token).id, way, actor=signing_in.actor(), now=clock.now())
    session.commit()
    flash(_("Đã đổi cách trả tiền."))
    return redirect(url_for("orders.show", token=token), 303)


@bp.get("/payments/<provider>/<account>/return")
@limiter.limit("60/minute")
@signing_in.is_open
def come_back(provider: str, account: str) -> Response | tuple[str, int]:
    """Lead the buyer who comes back to the order; what the address says changes nothing.

    Where it is signed and no notice has told how the try ended, the provider is asked in a moment;
    its own answer counts, and until then the buyer is not sent to pay again. Where it is not as
    the provider signed it, nobody knows whose order it is about: the page says how to find it.
    """
    session = db.session()
    found = _account(provider, account)
    try:
        with _opened_for_a_buyer(provider):
            connection = provider_accounts.connect(session, found)
        told = connection.read_notification(_inbound())
    except BadSignature:
        return _unread(found), 400
    attempt = provider_payments.find(session, found, told.reference)
    if attempt is None:
        return _unread(found), 400
    if attempt.state in provider_payments.OPEN:
        _ask_after(attempt.id, told)
    order = attempt.payment.order
    return redirect(address_in(order.locale, url_for("orders.show", token=order.token)), 303)


def _unread(account: ProviderAccount) -> str:
    return render_template(
        "orders/unread_return.html",
        provider=provider_payments.title(account.provider),
        back_url=url_for("orders.look_up"),
        back_words=_("Tìm đơn"),
    )


@contextmanager
def _opened_for_a_buyer(provider: str) -> Iterator[None]:
    """Tell a buyer what to do where the shop's own contract cannot be opened."""
    try:
        yield
    except (SecretUnreadable, Rejected) as error:
        log.exception("contract_not_opened", provider=provider)
        raise GatewayClosed(provider=provider_payments.title(provider)) from error


def _ask_after(attempt_id: int, told: PaymentNotification) -> None:
    """Promise the question in a transaction of its own; a busy database leaves it to the sweep."""
    try:
        with db.writing() as session:
            attempt = session.get_one(PaymentAttempt, attempt_id)
            provider_payments.ask_after(session, attempt, told, now=clock.now())
            session.commit()
    except SQLAlchemyError:
        log.warning("attempt_not_asked_after", attempt=attempt_id, exc_info=True)


@bp.route("/webhooks/<provider>/<account>", methods=["GET", "POST"])
@without_token
@limiter.limit("600/minute")
@signing_in.is_open
def notice(provider: str, account: str) -> Response:
    """Take a notice of a provider's server: store it, check it, let it be so, answer in time."""
    if request.method == "HEAD":  # the framework lets it in with GET; nothing may follow from it
        raise MethodNotAllowed(valid_methods=["GET", "POST"])
    sender = providers().get(provider)
    if sender is None:
        raise NotFound
    try:
        _refuse_what_no_notice_is()
        came = _inbound().as_json()  # its body may come slowly: no transaction waits for it
    except RequestEntityTooLarge:  # in the provider's own form: it reads no page
        return _answered(sender.answer(Verdict.TROUBLE))
    deadline, now = time.monotonic() + TIME_TO_ANSWER, clock.now()
    notice_id = _stored(provider, account, came, now=now)
    verdict = (
        Verdict.TROUBLE if notice_id is None else _verdict(notice_id, now=now, deadline=deadline)
    )
    if verdict is not Verdict.NOT_SIGNED or _is_worth_a_line(account):
        log.info("notice", provider=provider, notice=notice_id, verdict=verdict.value)
    return _answered(sender.answer(verdict))


def _answered(reply: Reply) -> Response:
    return Response(reply.body, reply.status, mimetype=reply.content_type)


_refused_at: dict[str, float] = {}
"""When a refused notice of a contract was last logged, by the monotonic clock of this process."""


def _is_worth_a_line(account: str) -> bool:
    """Return whether a notice that nobody signed is logged: one in a minute for each contract."""
    moment = time.monotonic()
    if moment - _refused_at.get(account, -PAUSE_OF_LOG) < PAUSE_OF_LOG:
        return False
    _refused_at[account] = moment
    return True


def _stored(provider: str, account: str, came: dict[str, object], *, now: datetime) -> int | None:
    """Return the number of the notice as stored; `None` where the database does not let us."""
    try:
        with db.writing(patience=PATIENCE) as session:
            found = provider_accounts.by_token(session, provider, account)
            if found is None:
                raise NotFound
            stored = provider_notices.store(session, found, came, now=now)
            session.commit()
    except SQLAlchemyError:
        log.warning("notice_not_stored", provider=provider, exc_info=True)
        return None
    return stored.id


def _refuse_what_no_notice_is() -> None:
    """Keep what is far larger than any notice out of the database: nobody has signed it yet."""
    if len(request.query_string) > LARGEST_NOTICE:
        raise RequestEntityTooLarge
    request.max_content_length = LARGEST_NOTICE


def _verdict(notice_id: int, *, now: datetime, deadline: float) -> Verdict:
    """Return what became of a stored notice; its outcome is written with what it changed.

    What the database breaks off is tried again here while there is time, so that one call stores
    one notice; otherwise the provider is told to call again.
    """
    while True:
        try:
            with db.writing(patience=PATIENCE) as session:
                verdict = provider_notices.take(session, notice_id, now=now, today=clock.today())
                session.commit()
        except (SQLAlchemyError, ShopError, IntegrationError) as error:
            if not _may_help_again(error) or time.monotonic() > deadline:
                log.exception("notice_not_taken", notice=notice_id)
                return Verdict.TROUBLE
        else:
            return verdict or Verdict.REPEATED


def _may_help_again(error: Exception) -> bool:
    return isinstance(error, DBAPIError | StaleDataError) and db.can_be_retried(error)


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
