"""Throwing away what nobody needs any more: no money, no stock, no trace."""

from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, Delete, delete, or_, select
from sqlalchemy.orm import Session

from shop.models.buyers import BuyerCode, BuyerSignIn
from shop.models.orders import Cart, CartLine
from shop.models.outbox import JobRun
from shop.models.people import SignIn, UnknownNumber
from shop.models.stock_watches import StockWatch
from shop.services.stock_watches import KEPT, KEPT_AFTERWARDS

SIGN_INS_KEPT = timedelta(days=90)
CODES_KEPT = timedelta(days=1)
CARTS_KEPT = timedelta(days=60)
JOB_RUNS_KEPT = timedelta(days=7)
UNKNOWN_NUMBERS_KEPT = timedelta(days=7)


def forget_sign_ins(session: Session, *, now: datetime) -> int:
    """Delete sign-ins that ended, or were last used, more than 90 days ago; return how many.

    A sign-in that was not used for that long has run out by itself long before.
    """
    long_ago = now - SIGN_INS_KEPT
    return _deleted(
        session, delete(SignIn).where(or_(SignIn.ended_at < long_ago, SignIn.seen_at < long_ago))
    )


def forget_buyer_sign_ins(session: Session, *, now: datetime) -> int:
    """Delete the devices of buyers that were last used more than 90 days ago; return how many."""
    return _deleted(session, delete(BuyerSignIn).where(BuyerSignIn.seen_at < now - SIGN_INS_KEPT))


def forget_buyer_codes(session: Session, *, now: datetime) -> int:
    """Delete codes by e-mail that are older than a day; return how many."""
    return _deleted(session, delete(BuyerCode).where(BuyerCode.made_at < now - CODES_KEPT))


def forget_carts(session: Session, *, now: datetime) -> int:
    """Delete carts untouched for 60 days with what is in them; return how many.

    The cookie that leads to a cart lasts as long, so nobody can come back to one.
    """
    is_old = Cart.updated_at < now - CARTS_KEPT
    session.scalars(select(Cart.id).where(is_old).order_by(Cart.id).with_for_update()).all()
    old = select(Cart.id).where(is_old)
    _deleted(session, delete(CartLine).where(CartLine.cart_id.in_(old)))
    return _deleted(session, delete(Cart).where(is_old))


def forget_job_runs(session: Session, *, now: datetime) -> int:
    """Delete the turns of periodic jobs that are older than a week; return how many."""
    return _deleted(session, delete(JobRun).where(JobRun.due_at < now - JOB_RUNS_KEPT))


def forget_unknown_numbers(session: Session, *, now: datetime) -> int:
    """Delete the wrong tries for numbers without an account that are older than a week."""
    return _deleted(
        session, delete(UnknownNumber).where(UnknownNumber.tried_at < now - UNKNOWN_NUMBERS_KEPT)
    )


def forget_watches(session: Session, *, now: datetime) -> int:
    """Delete who waited for goods: a week after they were told, half a year after they asked."""
    is_told = StockWatch.told_at < now - KEPT_AFTERWARDS
    return _deleted(
        session, delete(StockWatch).where(or_(is_told, StockWatch.asked_at < now - KEPT))
    )


def _deleted(session: Session, statement: Delete) -> int:
    result = session.execute(statement.execution_options(synchronize_session=False))
    return cast("CursorResult[Any]", result).rowcount
