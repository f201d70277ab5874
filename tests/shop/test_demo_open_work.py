"""What a newcomer finds to do in the demo: entries and orders in different states."""

from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.db import make_engine, open_session
from shop.demo import open_work
from shop.demo.entered import entered
from shop.forms.problem import OrderProblem
from shop.invariants import prove
from shop.models.batches import ProblemReason
from shop.models.orders import Order, OrderState
from shop.models.submissions import Submission, SubmissionState
from shop.queries import invoices
from shop.services import order_problems, photos
from shop.services.actors import SYSTEM
from tests.support.applications import MakeSettings


@pytest.fixture
def demo(demo_database_url: str, make_settings: MakeSettings, tmp_path: Path) -> Session:
    engine = make_engine(demo_database_url)
    with open_session(engine, make_settings(database_url=demo_database_url)) as session:
        open_work.load(session, folder=tmp_path, now=clock.now(), today=clock.today())
        yield session
    engine.dispose()


def test_entries_of_a_member_wait_one_new_with_a_photo_one_dearer_one_returned(
    demo: Session, tmp_path: Path
) -> None:
    new, dearer, returned = demo.scalars(select(Submission).order_by(Submission.client_id)).all()

    assert new.state is SubmissionState.SENT
    assert photos.staged(new.photo or "", 320, folder=tmp_path) is not None
    assert dearer.state is SubmissionState.SENT
    assert dearer.product is not None
    assert dearer.product.packs[0].price_vnd < dearer.understood["price_vnd"]
    assert returned.state is SubmissionState.RETURNED
    assert returned.reason


def test_orders_stand_in_different_states(demo: Session) -> None:
    states = set(demo.scalars(select(Order.state)))

    assert states >= {OrderState.CONFIRMED, OrderState.PACKING, OrderState.SHIPPED}
    assert len(states) == 5


def test_the_books_are_right_with_it(demo: Session) -> None:
    found = [one.sentence("en") for one in prove(demo.connection(), now=clock.now())]

    assert found == []


def test_nothing_of_it_counts_as_entered_by_people(demo: Session) -> None:
    assert entered(demo) == {}


def test_a_report_that_a_person_sent_counts(demo: Session, tmp_path: Path) -> None:
    order = demo.scalars(select(Order).where(Order.gift_card != "")).one()
    problem = OrderProblem(ProblemReason.OTHER, "Gọi không ai nghe.")

    order_problems.report(
        demo, order.id, problem, [], folder=tmp_path, actor=SYSTEM, now=clock.now()
    )

    assert entered(demo) == {"reports": 1}


def test_one_order_is_a_gift_and_one_waits_for_its_invoice(demo: Session) -> None:
    gifts = demo.scalars(select(Order).where(Order.gift_card != "")).all()
    seller_id = gifts[0].seller_id

    assert [order.hides_prices for order in gifts] == [True]
    assert invoices.count(demo, seller_id) == 1
