"""Whoever sees something wrong with a pack can say so, and it reaches the right seller."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.forms.problem import Problem
from shop.models.batches import BatchState, ProblemReport
from shop.services import problem_reports
from shop.services.problem_reports import Concerned
from tests import factories
from tests.support.applications import MakeSettings
from tests.support.pages import Page, Visitor
from tests.support.whole_batch import LOT, Whole, make_whole_batch

SMELL = "Gói bị phồng, có mùi lạ."


@pytest.fixture
def whole(app_session: Session) -> Whole:
    return make_whole_batch(app_session)


def reports(session: Session) -> list[ProblemReport]:
    session.rollback()
    return session.query(ProblemReport).order_by(ProblemReport.id).all()


def reported(page: Page) -> bool:
    return page.heading == "Đã nhận, cảm ơn bạn"


def test_a_report_from_the_page_of_a_batch_is_stored_for_its_seller(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    form = visitor.open(whole.path).follow("Báo cho HTX")

    page = form.submit({"text": SMELL, "phone": "0912 345 678"})

    assert reported(page)
    assert "HTX Chè La Bằng sẽ xem và gọi lại" in page.text
    (report,) = reports(app_session)
    assert (report.seller_id, report.batch_id) == (whole.seller.id, whole.batch.id)
    assert (report.code_seen, report.text, report.phone) == (LOT, SMELL, "+84912345678")


def test_a_phone_is_not_needed(visitor: Visitor, app_session: Session, whole: Whole) -> None:
    page = visitor.open(f"/bao-su-co?ma={LOT}").submit({"text": SMELL})

    assert reported(page)
    assert reports(app_session)[0].phone is None


def test_what_is_missing_is_asked_for_and_nothing_typed_is_lost(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    form = visitor.open("/bao-su-co")

    page = form.submit({"code": LOT, "text": " ", "phone": "0912 34"}, status=422)

    assert "Còn 2 chỗ cần sửa: chuyện gì xảy ra, số điện thoại" in page.text
    assert "Chưa ghi chuyện gì xảy ra. Ví dụ: gói bị phồng, có mùi lạ" in page.text
    assert 'value="0912 34"' in page.body
    assert f'value="{LOT}"' in page.body
    assert reports(app_session) == []


def test_a_code_that_says_nothing_asks_who_sold_the_pack(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    page = visitor.open("/bao-su-co").submit({"code": "???", "text": SMELL}, status=422)

    assert "Chọn nơi đã bán gói này." in page.text
    done = page.submit({"seller": whole.seller.slug})
    assert reported(done)
    (report,) = reports(app_session)
    assert (report.seller_id, report.batch_id) == (whole.seller.id, None)
    assert report.code_seen == "???"


def test_a_chosen_seller_stays_chosen_when_something_else_is_missing(
    visitor: Visitor, whole: Whole
) -> None:
    page = visitor.open("/bao-su-co").submit({"text": SMELL}, status=422)

    again = page.submit({"seller": whole.seller.slug, "text": ""}, status=422)

    assert f'<option value="{whole.seller.slug}" selected>' in again.body


@pytest.mark.parametrize(
    ("code", "gtin", "knows_batch"),
    [
        (LOT, "", True),
        ("che 261103 01", "", True),
        ("CHE-999999-99", "{gtin}", False),
        ("", "{gtin}", False),
        ("{gtin}", "", False),
        ("http://127.0.0.1:8000/01/{gtin}/10/" + LOT, "", True),
        ("{prefix}-999999-77", "", False),
    ],
)
def test_the_code_says_whom_a_report_concerns(
    app_session: Session, whole: Whole, code: str, gtin: str, knows_batch: bool
) -> None:
    values = {"gtin": whole.pack.gtin, "prefix": whole.seller.lot_prefix}

    about = problem_reports.concerned(
        app_session,
        code.format(**values),
        gtin=gtin.format(**values),
        own_hosts=frozenset({"127.0.0.1:8000"}),
    )

    batch_id = whole.batch.id if knows_batch else None
    assert about == Concerned(whole.seller.id, batch_id)


def test_a_draft_is_given_away_by_no_report(app_session: Session, whole: Whole) -> None:
    whole.batch.state, whole.batch.released_at = BatchState.DRAFT, None
    app_session.commit()

    about = problem_reports.concerned(app_session, LOT, gtin="", own_hosts=frozenset())

    assert about is None or about.batch_id is None


def test_an_order_code_leads_to_the_order(session: Session) -> None:
    order = factories.make_order(session)

    about = problem_reports.concerned(session, order.code.lower(), gtin="", own_hosts=frozenset())

    assert about == Concerned(order.seller_id, order_id=order.id)


def test_the_same_report_sent_twice_is_stored_once(session: Session) -> None:
    seller = factories.make_seller(session)
    problem, about = Problem(LOT, SMELL, None), Concerned(seller.id)

    first = problem_reports.file(session, problem, about, now=factories.NOW)
    again = problem_reports.file(session, problem, about, now=factories.NOW + timedelta(minutes=9))
    later = problem_reports.file(
        session, problem, about, now=factories.NOW + timedelta(minutes=20)
    )

    assert again is first
    assert later is not first


@pytest.mark.both_databases
def test_reports_are_stored_on_both_databases(session: Session) -> None:
    whole = make_whole_batch(session)

    about = problem_reports.concerned(session, LOT.lower(), gtin="", own_hosts=frozenset())
    assert about is not None
    report = problem_reports.file(session, Problem(LOT, SMELL, None), about, now=factories.NOW)

    assert (report.batch_id, report.made_at) == (whole.batch.id, factories.NOW)


def test_a_report_without_its_token_is_refused(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    answer = client.post("/bao-su-co", data={"code": LOT, "text": SMELL})

    assert answer.status_code == 400
    assert reports(app_session) == []


def test_reporting_without_end_is_answered_with_a_pause(
    make_settings: MakeSettings, demo_database_url: str
) -> None:
    from shop.app import create_app

    limited = create_app(make_settings(database_url=demo_database_url, rate_limits=True))
    limited.testing = True
    form = Visitor.of(limited.test_client()).open("/bao-su-co?ma=NKG-261121-01")

    for number in range(6):
        form.submit({"text": f"{SMELL} {number}"})

    form.submit({"text": SMELL}, status=429)
    limited.extensions["dacsan_engine"].dispose()


def test_thanks_are_given_for_no_seller_that_is_not_there(visitor: Visitor) -> None:
    visitor.open("/bao-su-co/da-gui?htx=khong-co", status=404)
