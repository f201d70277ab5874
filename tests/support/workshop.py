"""A tea workshop in the office: a product with packs, growers with plots, and a clerk at work."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import formats
from shop.db import READ_ONLY, open_session
from shop.models.batches import Batch, BatchKind
from shop.models.catalog import Pack, Product
from shop.models.people import Member, Plot, Role
from shop.services import journal
from shop.services.actors import SYSTEM, audit
from tests import factories
from tests.support.goods import Maker
from tests.support.office import Office
from tests.support.pages import Page, Visitor

YIELD = {"normal_from": 18, "normal_to": 25, "refuse_above": 28}
LIST, DELIVERIES = "/quan-ly/lo-hang", "/quan-ly/giao-hang"


@dataclass
class Workshop:
    """One clerk, one product and one plot; every entry goes through the pages."""

    office: Office
    reader: Session
    """Only reads, so that no request waits for it."""
    client: FlaskClient
    clerk: Visitor
    product: Product
    small: Pack
    plot: Plot

    @property
    def yesterday(self) -> date:
        """Return the day on which everything is made."""
        return self.office.today - timedelta(days=1)

    def delivery(self, weight: str = "100 kg", **values: str) -> Page:
        """Fill in a slip of goods from the plot and return the page it leads to."""
        typed = {
            "goods": "Búp chè tươi",
            "weight": weight,
            "giver": f"plot:{self.plot.id}",
            "harvested_on": formats.day(self.yesterday),
        }
        return self.clerk.open(f"{DELIVERIES}/moi").submit(typed | values, press="Ghi phiếu")

    def new_batch(self, **values: str) -> Page:
        """Open a batch of the product and return its page."""
        typed = {"product": str(self.product.id), "made_on": formats.day(self.yesterday)}
        return self.clerk.open(f"{LIST}/moi").submit(typed | values, press="Mở lô")

    def batch_with_leaf(self, weight: str = "100 kg") -> Page:
        """Return the page of a batch that took all of one delivery."""
        self.delivery(weight)
        page = self.new_batch()
        return page.submit({f"all-{self.newest(BatchKind.DELIVERY).id}": "1"}, form="hang-nhan")

    def step(self, page: Page, *, status: int = 200, **values: str) -> Page:
        """Write down a step on the page of a batch."""
        typed = {
            "step_name": "Sao khô",
            "step_day": formats.day(self.yesterday),
            "step_from": "8h",
            "step_until": "11h30",
            "out_g": "21 kg",
        }
        return page.submit(typed | values, form="/buoc", status=status)

    def packed_batch(self, units: str = "104") -> Page:
        """Return the question that follows when a batch has been packed."""
        page = self.step(self.batch_with_leaf())
        typed = {
            f"units-{self.small.id}": units,
            "retained": "200 g",
            "packed_on": formats.day(self.yesterday),
        }
        return page.submit(typed, form="/dong-goi", press="Đóng lô")

    def released_batch(self) -> Batch:
        """Return a batch that is sold; it came about through the services, for speed."""
        session = self.office.session
        maker = Maker(
            session,
            session.merge(self.office.seller),
            session.merge(self.product),
            session.merge(self.small),
            session.merge(self.plot),
            now=self.office.now,
            today=self.office.today,
        )
        maker.released()
        session.commit()
        return self.newest()

    def newest(self, kind: BatchKind = BatchKind.RETAIL) -> Batch:
        """Return the batch or delivery written down last, as the database has it now."""
        query = select(Batch).where(Batch.kind == kind).order_by(Batch.id.desc()).limit(1)
        return self.read().scalars(query).one()

    def read(self) -> Session:
        """Return a session that sees the database as it is now."""
        self.reader.rollback()
        self.reader.expire_all()
        return self.reader


def make_member(office: Office, name: str = "Hoàng Văn Chanh", **values: Any) -> Member:
    """A grower of the seller."""
    member = Member(
        **{
            "seller_id": office.seller.id,
            "code": f"m-{name}",
            "party_id": journal.new_party_id(),
            "full_name": name,
            "kind": "member",
        }
        | values
    )
    office.session.add(member)
    office.session.flush()
    audit(office.session, SYSTEM, "member_written_down", member, now=office.now)
    return member


def make_plot(office: Office, member: Member, **values: Any) -> Plot:
    """A piece of land of `member`."""
    plot = Plot(
        **{
            "seller_id": office.seller.id,
            "member_id": member.id,
            "code": f"LB-{member.id}",
            "party_id": journal.new_party_id(),
            "crop": "chè",
        }
        | values
    )
    office.session.add(plot)
    office.session.flush()
    audit(office.session, SYSTEM, "plot_added", plot, now=office.now)
    return plot


@contextmanager
def open_workshop(office: Office) -> Iterator[Workshop]:
    """Yield a workshop of `office` whose clerk has signed in."""
    product = factories.make_product(
        office.session,
        office.seller,
        name="Chè xanh La Bằng",
        storage="Nơi khô, mát",
        shelf_life_days=540,
        yield_range=YIELD,
    )
    small = factories.make_pack(office.session, product, label="gói 200 g")
    plot = make_plot(office, make_member(office))
    office.session.commit()
    extensions = office.app.extensions
    with open_session(
        extensions["dacsan_engine"], extensions["dacsan_settings"], **READ_ONLY
    ) as reader:
        client = office.client(Role.OFFICE)
        yield Workshop(office, reader, client, Visitor.of(client), product, small, plot)


@pytest.fixture
def workshop(office: Office) -> Iterator[Workshop]:
    """A workshop in the office of this test."""
    with open_workshop(office) as opened:
        yield opened
