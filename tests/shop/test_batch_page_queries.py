"""Codes and stories of batches are read alike from both databases."""

from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from shop.models.batches import BatchNotice, NoticeKind
from shop.queries.batch_page import batch_page
from shop.queries.bulk_page import bulk_page
from shop.queries.certificates import certificate_page
from shop.services import batch_codes
from shop.services.batch_story import tell
from tests import factories
from tests.support.whole_batch import LOT, Whole, make_whole_batch

BASE = "https://htx.example"
HOSTS = frozenset({"htx.example"})

pytestmark = pytest.mark.both_databases


@pytest.fixture
def whole(session: Session) -> Whole:
    return make_whole_batch(session)


def test_the_story_of_a_batch_is_told(session: Session, whole: Whole) -> None:
    rows = batch_page(session, whole.pack.gtin, LOT, today=factories.TODAY)
    assert rows is not None

    story = tell(rows, today=factories.TODAY, base_url=BASE)

    assert (story.standing, story.is_sent_next, story.days_left) == ("on_sale", True, 521)
    assert story.address == f"{BASE}{whole.path}"
    assert [person.name for person in story.people] == ["Triệu Văn Lim"]
    assert [paper.row.id for paper in story.papers] == [whole.certificate.id]
    assert (story.gathered_g, story.finished_g) == (130_000, 27_500)


def test_names_stay_in_the_database_without_consent(session: Session, whole: Whole) -> None:
    whole.member.show_name = False
    session.flush()

    rows = batch_page(session, whole.pack.gtin, LOT, today=factories.TODAY)
    bulk = bulk_page(session, whole.seller.slug, whole.delivery.lot)

    assert rows is not None
    assert bulk is not None
    told = [*rows.inputs, *rows.steps, *bulk.origins]
    assert {row.shown_name for row in told} == {None}
    assert "Triệu Văn Lim" not in str(told)


def test_the_notice_that_is_open_and_the_recall_that_ended_are_both_read(
    session: Session, whole: Whole
) -> None:
    ended = factories.make_notice(session, whole.batch, reason="cũ")
    ended.ended_at = factories.NOW
    held = factories.make_notice(session, whole.batch, kind=NoticeKind.HOLD, reason="mới")
    other = factories.make_batch(session, whole.product)
    session.add(
        BatchNotice(
            batch_id=other.id,
            kind=NoticeKind.RECALL,
            reason="của lô khác",
            declared_at=factories.NOW + timedelta(days=1),
        )
    )
    session.flush()

    rows = batch_page(session, whole.pack.gtin, LOT, today=factories.TODAY)

    assert rows is not None
    head = rows.packs[0]
    assert (head.reason, head.declared_at) == ("mới", held.declared_at)
    assert (head.ended_reason, head.ended_at) == ("cũ", factories.NOW)


def test_the_batch_that_would_be_sent_next_is_the_one_that_orders_get(
    session: Session, whole: Whole
) -> None:
    sooner = factories.make_level(
        session, whole.pack, on_hand=3, expires_on=factories.TODAY + timedelta(days=30)
    )
    factories.make_level(
        session, whole.pack, on_hand=3, expires_on=factories.TODAY - timedelta(days=1)
    )

    rows = batch_page(session, whole.pack.gtin, LOT, today=factories.TODAY)

    assert rows is not None
    assert rows.packs[0].next_batch_id == sooner.batch_pack.batch_id


@pytest.mark.parametrize("typed", ["che-261103-01", "CHE 26110301", f" {LOT}"])
def test_a_typed_lot_is_found(session: Session, whole: Whole, typed: str) -> None:
    found = batch_codes.look_up(session, typed, own_hosts=HOSTS)

    assert [(code.gtin, code.lot) for code in found.codes] == [(whole.pack.gtin, LOT)]
    assert batch_codes.stored_address(session, whole.pack.gtin, typed) == (whole.pack.gtin, LOT)


@pytest.mark.parametrize(
    "typed", ["CHE-261103-07", "CHE-21603-01", "HCE-261103-01", "E-261103-01"]
)
def test_only_what_is_one_slip_away_is_near(session: Session, whole: Whole, typed: str) -> None:
    near = [code.lot for code in batch_codes.near(session, typed)]

    is_one_slip = typed in {"CHE-261103-07", "HCE-261103-01"}
    assert near == ([LOT] if is_one_slip else [])


def test_a_withdrawn_code_is_not_proposed(session: Session, whole: Whole) -> None:
    whole.batch_pack.withdrawn_at = factories.NOW
    session.flush()

    assert batch_codes.near(session, "CHE-261103-07") == []


def test_deliveries_and_certificates_are_read(session: Session, whole: Whole) -> None:
    bulk = bulk_page(session, whole.seller.slug, whole.delivery.lot)
    paper = certificate_page(session, whole.certificate.id)

    assert bulk is not None
    assert [(use.lot, use.gtin, use.quantity_g) for use in bulk.uses] == [
        (LOT, whole.pack.gtin, 130_000)
    ]
    assert paper is not None
    assert [product.slug for product in paper.products] == [whole.product.slug]
