"""A seller is opened with all it needs to begin, by whoever runs the installation alone."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from shop.errors import FieldRefused, NotAllowed
from shop.forms.seller_drafts import BankDraft, ContactDraft, DeliveryDraft, SellerDraft
from shop.models.catalog import Seller, SellerKind, SellerMode
from shop.models.inventory import Place, PlaceKind
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.models.payments import BankAccount
from shop.models.people import AuditEntry, Role
from shop.queries import inventory, order_money
from shop.services import bank_accounts, delivery_methods, sellers
from shop.services.actors import account_actor
from shop.services.payments import receiving_account
from tests.factories import NOW, make_account, make_order, make_seller

CONTACT = ContactDraft(
    name="Hợp tác xã Chè La Bằng",
    short_name="HTX Chè La Bằng",
    phone="+84912345678",
    commune="Xã La Bằng",
    commune_code="05818",
    province="Tỉnh Thái Nguyên",
    province_code="19",
)
PARCEL = DeliveryDraft(DeliveryKind.PARCEL, "Gửi bưu kiện", 30_000, 4)
DRAFT = SellerDraft(
    kind=SellerKind.COOPERATIVE,
    mode=SellerMode.LIVE,
    slug="htx-la-bang",
    lot_prefix="LBT",
    order_prefix="LB",
    contact=CONTACT,
    deliveries=[PARCEL],
)
BANK = BankDraft("970436", "Vietcombank", "0011001932418", "HTX CHE LA BANG")


@pytest.fixture
def admin(session):
    return account_actor(make_account(session, role=Role.ADMIN), origin="127.0.0.1", now=NOW)


def opened(session, admin, draft=DRAFT):
    return sellers.open_seller(session, draft, actor=admin, now=NOW)


def acts(session):
    return session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()


@pytest.mark.both_databases
def test_a_new_seller_has_a_place_to_sell_from_and_one_for_returns(session, admin):
    seller = opened(session, admin)

    places = session.scalars(select(Place).where(Place.seller_id == seller.id)).all()
    assert {place.kind for place in places} == {PlaceKind.WAREHOUSE, PlaceKind.QUARANTINE}
    assert inventory.main_place(session, seller.id).sells_online
    assert session.scalars(select(DeliveryMethod.name)).all() == ["Gửi bưu kiện"]
    assert acts(session) == ["seller_opened", "delivery_added"]


def test_the_same_seller_opened_twice_is_one(session, admin):
    first = opened(session, admin)

    assert opened(session, admin) is first
    assert len(session.scalars(select(Place)).all()) == 2


@pytest.mark.parametrize("field", ["slug", "lot_prefix", "order_prefix"])
def test_what_another_seller_is_known_by_is_refused(session, admin, field):
    opened(session, admin)
    other = replace(DRAFT, slug="khac", lot_prefix="KH", order_prefix="KH")

    with pytest.raises(FieldRefused) as refused:
        opened(session, admin, replace(other, **{field: getattr(DRAFT, field)}))

    assert (refused.value.field, refused.value.sentence_code) == (field, f"{field}_taken")


def test_order_codes_of_the_training_are_no_sellers_own(session, admin):
    with pytest.raises(FieldRefused) as refused:
        opened(session, admin, replace(DRAFT, order_prefix="TT"))

    assert refused.value.sentence_code == "order_prefix_is_training"


def test_a_director_opens_no_further_seller(session):
    account = make_account(session, role=Role.DIRECTOR, seller=make_seller(session))
    director = account_actor(account, origin="", now=NOW)

    with pytest.raises(NotAllowed):
        opened(session, director)


def test_a_change_of_contact_keeps_how_it_was(session, admin):
    seller = opened(session, admin)

    sellers.change_contact(
        session, seller, replace(CONTACT, phone="+84987654321"), actor=admin, now=NOW
    )
    sellers.change_contact(
        session, seller, replace(CONTACT, phone="+84987654321"), actor=admin, now=NOW
    )

    entry = session.scalars(select(AuditEntry).where(AuditEntry.action == "seller_changed")).one()
    assert (entry.before, entry.after) == ({"phone": "+84912345678"}, {"phone": "+84987654321"})


def test_a_closed_way_of_delivery_is_offered_no_more_until_it_opens(session, admin):
    opened(session, admin)
    way = session.scalars(select(DeliveryMethod)).one()

    delivery_methods.close(session, way, actor=admin, now=NOW)
    was_closed = not way.is_offered
    delivery_methods.reopen(session, way, actor=admin, now=NOW)
    delivery_methods.reopen(session, way, actor=admin, now=NOW)

    assert was_closed
    assert acts(session)[2:] == ["delivery_closed", "delivery_opened"]


def test_a_new_fee_is_written_down_with_the_old_one(session, admin):
    opened(session, admin)
    way = session.scalars(select(DeliveryMethod)).one()

    delivery_methods.change(session, way, replace(PARCEL, fee_vnd=35_000), actor=admin, now=NOW)

    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()
    assert (entry.before, entry.after) == ({"fee_vnd": 30_000}, {"fee_vnd": 35_000})


@pytest.mark.both_databases
def test_a_change_of_account_makes_a_new_row_and_closes_the_old(session, admin):
    seller = opened(session, admin)
    old = bank_accounts.receive_into(session, seller, BANK, actor=admin, now=NOW)

    new = bank_accounts.receive_into(
        session, seller, replace(BANK, number="0011009999999"), actor=admin, now=NOW
    )

    assert (old.is_active, new.is_active, old.number) == (False, True, "0011001932418")
    assert receiving_account(session, seller.id) is new
    assert acts(session)[-2:] == ["bank_account_closed", "bank_account_opened"]


def test_the_account_in_use_told_again_stays_the_row_it_is(session, admin):
    seller = opened(session, admin)
    first = bank_accounts.receive_into(session, seller, BANK, actor=admin, now=NOW)

    again = bank_accounts.receive_into(session, seller, BANK, actor=admin, now=NOW)

    assert again is first


def test_the_history_does_not_tell_a_whole_account_number(session, admin):
    bank_accounts.receive_into(session, opened(session, admin), BANK, actor=admin, now=NOW)

    entry = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(1)).one()

    assert entry.after["account"] == "•••• 2418"


def test_an_order_keeps_the_account_it_was_given(session):
    order = make_order(session, payment_way="vietqr")
    given = session.scalars(select(BankAccount)).one()
    seller = session.get_one(Seller, order.seller_id)
    account = make_account(session, role=Role.DIRECTOR, seller=seller)
    director = account_actor(account, origin="", now=NOW)

    bank_accounts.receive_into(session, seller, BANK, actor=director, now=NOW)

    payment = order_money.payment_of(session, order.id)
    assert order_money.account_asked(session, payment) is given
