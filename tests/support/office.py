"""A cooperative with a stocked shelf and people in its office, and a browser for each of them."""

import itertools
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask import session as cookie
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop import clock
from shop.db import open_session
from shop.models.catalog import Pack, Seller
from shop.models.inventory import PlaceKind, StockLevel
from shop.models.orders import Order
from shop.models.people import Account, Grant, GrantScope, Member, Role
from shop.services import order_fulfilment, order_payment, sign_ins
from shop.services.actors import SYSTEM
from shop.signing_in import remember
from tests import factories
from tests.support.pages import Visitor

_references = itertools.count(1)


@dataclass
class Office:
    """One seller in the database of `app`; what is made here is committed at once."""

    app: Flask | None
    session: Session
    seller: Seller
    now: datetime = field(default_factory=clock.now)
    today: date = field(default_factory=clock.today)

    def level(self, *, on_hand: int = 20, **values: Any) -> StockLevel:
        """Return a level of a new pack, or of the one given, in the place that sells online."""
        pack = values.pop("pack", None)
        if pack is None:
            product = factories.make_product(self.session, self.seller, name="Chè móc câu")
            pack = factories.make_pack(self.session, product)
        dates = {"made_on": self.today - timedelta(days=20)}
        dates |= {"packed_on": dates["made_on"], "expires_on": self.today + timedelta(days=500)}
        level = factories.make_level(self.session, pack, on_hand=on_hand, **(dates | values))
        self.session.commit()
        return level

    def order(self, pack: Pack | None = None, **values: Any) -> Order:
        """Return a new order of one pack, to be paid by transfer unless `values` say else."""
        pack = pack or self.level().batch_pack.pack
        times = {"now": self.now, "today": self.today}
        order = factories.make_order(self.session, pack, **(times | values))
        self.session.commit()
        return order

    def cash_order(self, pack: Pack | None = None, **values: Any) -> Order:
        """Return a new order to be paid at the door."""
        return self.order(pack, payment_way="cod", **values)

    def pay(self, order: Order, amount_vnd: int | None = None) -> Order:
        """Let a transfer for `order` arrive."""
        order_payment.receive_transfer(
            self.session,
            order.id,
            amount_vnd=order.total_vnd if amount_vnd is None else amount_vnd,
            source="feed",
            reference=f"FT-{next(_references)}",
            credited_at=self.now,
            actor=SYSTEM,
            now=self.now,
            today=self.today,
        )
        self.session.commit()
        return order

    def paid_order(self, pack: Pack | None = None, **values: Any) -> Order:
        """Return an order that waits for picking."""
        return self.pay(self.order(pack, **values))

    def packing_order(self, pack: Pack | None = None, **values: Any) -> Order:
        """Return an order that is being packed."""
        order = self.paid_order(pack, **values)
        order_fulfilment.start_packing(self.session, order.id, actor=SYSTEM, now=self.now)
        self.session.commit()
        return order

    def shipped_order(self, pack: Pack | None = None, **values: Any) -> Order:
        """Return an order that is on its way."""
        order = self.packing_order(pack, **values)
        return self._ship(order)

    def delivered_cash_order(self, pack: Pack | None = None) -> Order:
        """Return an order whose cash is with the carrier."""
        order = self.cash_order(pack)
        by: dict[str, Any] = {"actor": SYSTEM, "now": self.now}
        order_payment.confirm_by_phone(self.session, order.id, today=self.today, **by)
        order_fulfilment.start_packing(self.session, order.id, **by)
        self._ship(order)
        order_fulfilment.deliver(self.session, order.id, **by)
        self.session.commit()
        return order

    def late_order(self, pack: Pack | None = None) -> Order:
        """Return an order whose money came after its stock was let go."""
        order = self.order(pack)
        order_payment.lapse(self.session, order.id, now=self.now + timedelta(days=2))
        return self.pay(order)

    def _ship(self, order: Order) -> Order:
        order_fulfilment.ship(
            self.session,
            order.id,
            carrier="Bưu điện",
            tracking_code="EB123",
            actor=SYSTEM,
            now=self.now,
            today=self.today,
        )
        self.session.commit()
        return order

    def account(self, role: Role | None) -> Account:
        """Return a new account with `role` over the seller."""
        account = factories.make_account(self.session, role=role, seller=self.seller)
        self.session.commit()
        return account

    def member(self, **values: Any) -> Member:
        """Return a new member of the seller, without a sign-in unless `account_id` says whose."""
        member = factories.make_member(self.session, self.seller, **values)
        self.session.commit()
        return member

    def member_account(self, **values: Any) -> tuple[Account, Member]:
        """Return an account with the role of a member, and the member it is."""
        account = self.account(Role.MEMBER)
        return account, self.member(**{"account_id": account.id} | values)

    def helper(self, *members: Member) -> Account:
        """Return a helper to whom each of `members` has given consent."""
        account = self.account(Role.HELPER)
        for member in members:
            factories.make_consent(self.session, member, account, today=self.today)
        self.session.commit()
        return account

    def grant(self, account: Account, role: Role) -> Grant:
        """Give `account` one more role, over this seller."""
        given = Grant(
            account_id=account.id, role=role, scope=GrantScope.SELLER, seller_id=self.seller.id
        )
        self.session.add(given)
        self.session.commit()
        return given

    def visitor(self, role: Role | None = Role.DIRECTOR) -> Visitor:
        """Return somebody with `role` over the seller who has signed in."""
        return Visitor.of(self.client(role))

    def client(self, role: Role | None = Role.DIRECTOR) -> FlaskClient:
        """Return the client of somebody with `role` over the seller who has signed in."""
        assert self.app is not None, "this office is behind a server"
        return sign_in(self.app, self.account(role))

    def fresh(self, row: Any) -> Any:
        """Return `row` as the database has it now, and keep no lock."""
        self.session.rollback()
        self.session.expire_all()
        self.session.refresh(row)
        self.session.commit()
        return row


def sign_in(app: Flask, account: Account) -> FlaskClient:
    """Return the client of somebody who has signed in as `account` on a device of their own.

    The pages for it, and the second step, have tests of their own (`second_step.enter`).
    """
    extensions, now = app.extensions, clock.now()
    with open_session(extensions["dacsan_engine"], extensions["dacsan_settings"]) as session:
        token, row = sign_ins.open_session(
            session,
            session.get_one(Account, account.id),
            is_shared_computer=False,
            device="",
            now=now,
            second_factor_at=now,
        )
        session.commit()
        with app.test_request_context():
            remember(token, row)
            kept = dict(cookie)
    client = app.test_client()
    with client.session_transaction() as own:
        own.update(kept)
        own.permanent = True
    return client


def open_office(app: Flask, session: Session, **values: Any) -> Office:
    """Return the office of a new cooperative with a bank account and a place for returns."""
    seller = factories.make_seller(session, **values)
    factories.make_bank_account(session, seller)
    factories.make_delivery(session, seller)
    factories.make_place(session, seller, kind=PlaceKind.QUARANTINE, name="Chỗ để hàng trả")
    session.commit()
    return Office(app, session, seller)


@pytest.fixture
def office(app: Flask, app_session: Session) -> Office:
    """The office of a cooperative of this test's own."""
    return open_office(app, app_session)
