"""What members send: one entry is one row, moves are legal, decisions are made once."""

import unicodedata
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from shop.errors import Changed, FieldRefused, Incomplete, NotAllowed, NotFound, WrongMove
from shop.forms.member_batch import HARVESTED, BatchSaid
from shop.models.batches import Batch, BatchInput, BatchState, InputKind
from shop.models.catalog import Product, ProductState
from shop.models.journal import TraceEvent
from shop.models.people import Account, AuditEntry, Plot, Role
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.pages import audit_changes, office_changes
from shop.queries import submissions as queries
from shop.services import journal, member_batches, submission_approval, submissions, undo
from shop.services.actors import account_actor, helper_actor
from shop.services.submission_approval import SentByOneself
from shop.services.submissions import MOVES, AlreadyDecided, TooManyOpen
from tests import factories
from tests.factories import NOW, TODAY

pytestmark = pytest.mark.both_databases

NO_PHOTOS = Path("no-photo-was-sent")
TYPED = {"name": "Mật ong rừng", "price": "120k", "pack": "chai 500 ml", "words": ""}
UNDERSTOOD = {
    "name": "Mật ong rừng",
    "price_vnd": 120_000,
    "pack": "chai 500 ml",
    "unit": "chai",
    "net_quantity": 500,
    "net_unit": "ml",
    "words": "",
}


class Village:
    """A cooperative with a member, her helper, and two clerks in the office."""

    def __init__(self, session):
        session.info["base_url"] = "http://127.0.0.1"
        self.session = session
        self.seller = factories.make_seller(session)
        account = factories.make_account(session, role=Role.MEMBER, seller=self.seller)
        self.member = factories.make_member(session, self.seller, account_id=account.id)
        self.chanh = account_actor(account, origin="::1", now=NOW)
        self.helper = factories.make_account(session, role=Role.HELPER, seller=self.seller)
        self.clerk, self.second = (self._clerk(name) for name in ("Hồ Thị Bưởi", "Lê Thị Bòng"))

    def _clerk(self, name):
        account = factories.make_account(
            self.session, role=Role.OFFICE, seller=self.seller, name=name
        )
        return account_actor(account, origin="::1", now=NOW)

    def keep(self, client_id="entry-1", *, actor=None, typed=TYPED, **values):
        whose, kind = values.pop("member", self.member), SubmissionKind.PRODUCT
        by = {"client_id": client_id, "typed": typed, "actor": actor or self.chanh, "now": NOW}
        return submissions.keep(self.session, whose, kind, **by | values)

    def sent(self, client_id="entry-1", *, understood=UNDERSTOOD, **values):
        found = self.keep(client_id, **values)
        actor = values.get("actor") or self.chanh
        submissions.send(self.session, found, understood, actor=actor, now=NOW)
        return found

    def approve(self, found, *, actor=None, version=None, **changes):
        draft = submission_approval.draft_of(found, found.product)
        given = {
            "kind": "Mật ong",
            "ingredients": ["Mật ong 100 %"],
            "allergens_stated": True,
            "storage": "Nơi khô, mát",
        } | changes
        return submission_approval.approve(
            self.session,
            found,
            replace(draft, **given),
            version=found.version if version is None else version,
            folder=NO_PHOTOS,
            actor=actor or self.clerk,
            now=NOW + timedelta(minutes=5),
        )


@pytest.fixture
def village(session):
    return Village(session)


def test_one_entry_sent_three_times_is_one_row_and_one_move(session, village):
    for _ in range(3):
        village.sent()

    assert session.scalar(select(func.count()).select_from(Submission)) == 1
    told = session.scalars(
        select(AuditEntry.action).where(AuditEntry.action.startswith("submission"))
    ).all()
    assert told == ["submission_begun", "submission_sent"]


def test_a_late_copy_of_a_draft_changes_nothing_that_was_sent(village):
    found = village.sent()

    village.keep(typed=TYPED | {"price": "1k"})

    assert found.state is SubmissionState.SENT
    assert found.typed["price"] == "120k"


def test_nobody_keeps_or_sends_for_another_member(session, village):
    stranger = factories.make_member(session, village.seller, full_name="Đỗ Thị Quế")

    with pytest.raises(NotAllowed):
        village.keep(member=stranger)
    with pytest.raises(NotAllowed):
        village.keep(actor=village.clerk)


def test_an_id_that_another_members_phone_made_is_not_found(session, village):
    account = factories.make_account(session, role=Role.MEMBER, seller=village.seller)
    other = factories.make_member(session, village.seller, account_id=account.id)
    village.keep("same-id")

    with pytest.raises(NotFound):
        village.keep("same-id", member=other, actor=account_actor(account, origin="::1", now=NOW))


def test_a_broken_phone_cannot_fill_the_table(village):
    for number in range(submissions.MOST_OPEN):
        village.keep(f"entry-{number}")

    with pytest.raises(TooManyOpen):
        village.keep("one-more")


def test_a_helper_sends_and_both_names_stand_on_it(session, village):
    helper = helper_actor(village.helper, village.member, origin="::1")

    found = village.sent(actor=helper)

    told = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission_sent")).one()
    assert found.made_by_id == village.helper.id
    assert (told.actor_id, told.for_member_id) == (village.helper.id, village.member.id)


def test_what_a_helper_sent_is_undone_by_the_member_until_it_is_decided(session, village):
    helper = helper_actor(village.helper, village.member, origin="::1")
    found = village.sent(actor=helper)
    (entry,) = session.scalars(select(AuditEntry).where(AuditEntry.action == "submission_sent"))

    undo.undo(session, village.member, entry.id, actor=village.chanh, now=NOW)

    assert found.state is SubmissionState.DRAFT
    submissions.send(session, found, UNDERSTOOD, actor=helper, now=NOW)
    village.approve(found)
    last = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "submission_sent").order_by(AuditEntry.id)
    ).all()[-1]
    with pytest.raises(Changed):
        undo.undo(session, village.member, last.id, actor=village.chanh, now=NOW)


def test_approval_makes_a_product_of_the_member_that_is_on_sale(session, village):
    found = village.sent()

    product = village.approve(found)

    assert product.state is ProductState.PUBLISHED
    assert product.member_id == village.member.id
    assert [(pack.label, pack.price_vnd) for pack in product.packs] == [("chai 500 ml", 120_000)]
    assert found.state is SubmissionState.APPROVED
    assert found.product_id == product.id
    assert "price_vnd" not in found.office_changes


def test_who_sent_it_for_the_member_does_not_approve_it(session, village):
    helping = session.get_one(Account, village.clerk.account_id)
    found = village.sent(actor=helper_actor(helping, village.member, origin="::1"))

    with pytest.raises(SentByOneself):
        village.approve(found)

    assert found.state is SubmissionState.SENT
    assert village.approve(found, actor=village.second).name == "Mật ong rừng"


def test_the_news_of_a_member_is_nobody_elses_to_put_away(session, village):
    village.approve(village.sent())
    helper = helper_actor(village.helper, village.member, origin="::1")

    with pytest.raises(NotAllowed):
        submissions.mark_read(session, village.member, actor=helper, now=NOW)

    assert len(queries.unread_decisions(session, village.member.id)) == 1


def test_goods_that_lack_what_a_buyer_must_know_are_not_approved(session, village):
    found = village.sent()

    with pytest.raises(Incomplete) as refused:
        village.approve(found, allergens_stated=False, storage="")

    assert refused.value.values["missing"] == ["allergens", "storage"]


def test_each_field_that_the_office_changed_is_told_to_the_member_old_and_new(session, village):
    product = village.approve(village.sent())
    found = village.sent("entry-2", product=product)
    pack = replace(submission_approval.draft_of(found, product).packs[0], price_vnd=130_000)

    village.approve(
        found,
        packs=[pack],
        name="Mật ong rừng Bản Đạt",
        allergens=["mù tạt"],
        storage="Dưới 30 °C",
        cautions=["Không dùng cho trẻ dưới 1 tuổi"],
        description="Ong nuôi dưới tán rừng",
        shelf_life_days=720,
    )

    assert found.office_changes == {
        "name": ["Mật ong rừng", "Mật ong rừng Bản Đạt"],
        "words": ["", "Ong nuôi dưới tán rừng"],
        "storage": ["Nơi khô, mát", "Dưới 30 °C"],
        "shelf_life_days": [None, 720],
        "cautions": [None, ["Không dùng cho trẻ dưới 1 tuổi"]],
        "allergens": [[], ["mù tạt"]],
        "price_vnd": [120_000, 130_000],
    }


def test_a_blank_of_another_kind_is_no_change(session, village):
    found = village.sent(understood=UNDERSTOOD | {"pack": "chai 500\xa0ml"})
    draft = submission_approval.draft_of(found, None)
    packs = [replace(one, label="chai 500 ml") for one in draft.packs]

    village.approve(found, packs=packs, name=unicodedata.normalize("NFD", draft.name))

    assert set(found.office_changes) == {"kind", "ingredients", "allergens", "storage"}


def test_a_blank_of_another_kind_in_older_entries_is_not_told(session, app):
    stored = {"pack": ["gói 100\xa0g", "gói 100 g"]}
    entry = AuditEntry(
        action="submission_approved", subject_kind="submission", before={}, after=dict(stored)
    )

    with app.test_request_context():
        assert office_changes.sentence(Submission(office_changes=stored)) == ""
        assert office_changes.lines(Submission(office_changes=stored)) == []
        assert audit_changes.changes(entry) == []


def test_what_the_office_wrote_about_new_goods_is_told_too(session, village):
    found = village.sent()

    village.approve(found)

    assert found.office_changes == {
        "kind": ["", "Mật ong"],
        "ingredients": [None, ["Mật ong 100 %"]],
        "storage": ["", "Nơi khô, mát"],
        "allergens": [None, []],
    }


def test_a_change_of_price_keeps_everything_else_of_the_product(session, village):
    product = village.approve(village.sent())
    wish = UNDERSTOOD | {"price_vnd": 135_000}

    changed = village.sent("entry-2", understood=wish, product=product)
    still = [pack.price_vnd for pack in product.packs]
    village.approve(changed)

    assert still == [120_000]
    assert [(pack.label, pack.price_vnd) for pack in product.packs] == [("chai 500 ml", 135_000)]
    assert product.storage == "Nơi khô, mát"


def test_another_size_becomes_a_pack_of_its_own(session, village):
    product = village.approve(village.sent())
    wish = UNDERSTOOD | {"pack": "chai 250 ml", "net_quantity": 250, "price_vnd": 65_000}

    village.approve(village.sent("entry-2", understood=wish, product=product))

    assert [pack.label for pack in product.packs] == ["chai 500 ml", "chai 250 ml"]


def test_only_a_product_of_their_own_is_changed_by_a_member(session, village):
    product = factories.make_product(session, village.seller)

    with pytest.raises(NotFound):
        village.keep(product=product)


def test_the_second_clerk_is_told_who_decided(session, village):
    found = village.sent()
    version = found.version
    village.approve(found)

    with pytest.raises(AlreadyDecided) as late:
        submissions.return_to_member(
            session, found, version=version, reason="x", actor=village.second, now=NOW
        )

    assert late.value.values["by"] == "Hồ Thị Bưởi"
    assert found.state is SubmissionState.APPROVED


def test_a_clerk_who_looked_at_an_older_version_looks_again(session, village):
    found = village.sent()
    seen = found.version
    submissions.take_back(session, found, actor=village.chanh, now=NOW)
    submissions.send(
        session, found, UNDERSTOOD | {"price_vnd": 1_200_000}, actor=village.chanh, now=NOW
    )

    with pytest.raises(Changed):
        village.approve(found, version=seen)


def test_what_came_back_is_sent_again_and_read_once(session, village):
    found = village.sent()
    submissions.return_to_member(
        session,
        found,
        version=found.version,
        reason="Ảnh chưa rõ",
        actor=village.clerk,
        now=NOW + timedelta(minutes=1),
    )
    unread = [one.reason for one in queries.unread_decisions(session, village.member.id)]
    submissions.mark_read(
        session, village.member, actor=village.chanh, now=NOW + timedelta(minutes=2)
    )
    again = queries.unread_decisions(session, village.member.id)
    submissions.send(session, found, UNDERSTOOD, actor=village.chanh, now=NOW)

    assert unread == ["Ảnh chưa rõ"]
    assert again == []
    assert (found.state, found.reason, found.decided_at) == (SubmissionState.SENT, "", None)


def test_nothing_leads_out_of_an_end(session, village):
    found = village.sent()
    submissions.withdraw(session, found, actor=village.chanh, now=NOW)

    assert MOVES[SubmissionState.WITHDRAWN] == MOVES[SubmissionState.APPROVED] == frozenset()
    with pytest.raises(WrongMove):
        submissions.move(session, found, SubmissionState.SENT, actor=village.chanh, now=NOW)


def test_a_technician_decides_about_batches_and_not_about_goods(session, village):
    account = factories.make_account(session, role=Role.TECHNICIAN, seller=village.seller)
    technician = account_actor(account, origin="::1", now=NOW)
    found = village.sent()

    with pytest.raises(NotAllowed):
        village.approve(found, actor=technician)


class TestBatches:
    """New batches from the phone."""

    @pytest.fixture
    def tea(self, session, village):
        return factories.make_product(
            session, village.seller, name="Chè xanh", shelf_life_days=540
        )

    def announce(self, village, product, client_id="batch-1", **values):
        said = BatchSaid(
            **{
                "product_id": product.id,
                "how": HARVESTED,
                "goods": "Búp chè tươi",
                "quantity_g": 28_000,
                "day": TODAY,
                "plot_id": None,
                "words": "",
            }
            | values
        )
        by = {"actor": village.chanh, "now": NOW}
        found = member_batches.keep(
            village.session, village.member, client_id=client_id, typed={}, **by
        )
        member_batches.send(village.session, found, said, **by)
        return found

    def test_the_system_gives_the_lot_and_proposes_the_expiry(self, session, village, tea):
        found = self.announce(village, tea)

        assert found.batch.lot.startswith(f"{village.seller.lot_prefix}-261122-01")
        assert found.batch.expires_on == TODAY + timedelta(days=540)
        assert found.batch.state is BatchState.DRAFT
        assert found.batch.inputs == []

    def test_sent_again_it_is_the_same_batch(self, session, village, tea):
        first = self.announce(village, tea)
        second = self.announce(village, tea)

        assert first.batch_id == second.batch_id
        assert session.scalar(select(func.count()).select_from(Batch)) == 1

    def test_the_event_names_the_member_by_the_random_id_alone(self, session, village, tea):
        self.announce(village, tea)

        body = session.scalars(select(TraceEvent.body)).one()
        assert journal.party_uri(village.member) in body
        assert "Chanh" not in body

    def test_taking_it_in_writes_the_slip_with_the_weight_of_the_scales(
        self, session, village, tea
    ):
        found = self.announce(village, tea)

        batch = member_batches.take_in(
            session,
            found,
            quantity_g=27_400,
            version=found.version,
            actor=village.clerk,
            now=NOW,
        )

        (source,) = batch.inputs
        assert (source.quantity_g, source.member_id) == (27_400, village.member.id)
        assert found.state is SubmissionState.APPROVED
        assert found.office_changes == {"quantity_g": [28_000, 27_400]}

    def test_a_harvest_inside_the_waiting_time_goes_into_no_batch(self, session, village, tea):
        plot = make_plot(session, village.member)
        spray(session, tea, plot, days_ago=4, phi_days=10)
        found = self.announce(village, tea, plot_id=plot.id)

        with pytest.raises(FieldRefused, match="phi_not_respected"):
            member_batches.take_in(
                session,
                found,
                quantity_g=28_000,
                version=found.version,
                actor=village.clerk,
                now=NOW,
            )

        assert found.understood["too_early"]["earliest_on"] == "2026-11-28"

    def test_goods_of_another_member_or_seller_are_not_for_this_one(self, session, village):
        other = factories.make_member(session, village.seller)
        theirs = factories.make_product(session, village.seller, member_id=other.id)
        elsewhere = factories.make_product(session)

        for number, product in enumerate((theirs, elsewhere)):
            with pytest.raises(NotFound):
                self.announce(village, product, f"batch-{number}")


def make_plot(session, member):
    plot = Plot(
        seller_id=member.seller_id, member_id=member.id, code="LB-1", party_id="plot-1", crop="chè"
    )
    session.add(plot)
    session.flush()
    return plot


def spray(session, product, plot, *, days_ago, phi_days):
    batch = factories.make_batch(session, product)
    session.add(
        BatchInput(
            batch_id=batch.id,
            kind=InputKind.PESTICIDE,
            name="Abamectin",
            plot_id=plot.id,
            applied_on=TODAY - timedelta(days=days_ago),
            phi_days=phi_days,
        )
    )
    session.flush()


def test_a_product_that_is_not_approved_is_nowhere_in_the_catalogue(session, village):
    village.sent()
    returned = village.sent("entry-2")
    submissions.return_to_member(
        session, returned, version=returned.version, reason="x", actor=village.clerk, now=NOW
    )

    assert session.scalars(select(Product)).all() == []
