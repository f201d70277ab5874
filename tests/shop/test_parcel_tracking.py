"""A parcel can be followed where its carrier shows it: code and link from office to buyer."""

import pytest
from sqlalchemy import select

from shop.models.orders import DeliveryMethod
from shop.models.people import Role
from tests.factories import make_delivery
from tests.support.pages import Visitor

POST = "https://buudien.example/tra?ma={code}"


def ship(office, order, **values):
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/gui")
    return form.submit({"carrier": "Bưu điện"} | values)


def offer(office, **values):
    make_delivery(
        office.session,
        office.seller,
        **{"name": "Bưu kiện nhanh", "carrier": "Bưu điện", "tracking_template": POST} | values,
    )
    office.session.commit()


@pytest.mark.both_databases
def test_the_buyer_follows_her_parcel_from_the_page_of_the_order(office):
    offer(office)
    order = office.packing_order()

    shown = ship(office, order, carrier="bưu điện", tracking_code="EB 123 456 VN")

    parcel = office.fresh(order).parcels[0]
    address = "https://buudien.example/tra?ma=EB123456VN"
    assert (parcel.tracking_code, parcel.tracking_url) == ("EB123456VN", address)
    page = Visitor.of(office.app.test_client()).open(f"/don-hang/{order.token}")
    link = next(one for one in page.root.iter("a") if one.get("href") == address)
    assert "Theo dõi bưu kiện EB123456VN" in " ".join("".join(link.itertext()).split())
    assert link.get("target") is None
    assert "mã EB123456VN" in shown.text


def test_another_carrier_or_no_code_has_no_link(office):
    offer(office)
    other, none = office.packing_order(), office.packing_order()

    ship(office, other, carrier="Xe HTX", tracking_code="EB1")
    ship(office, none, tracking_code="")

    for order in (other, none):
        page = Visitor.of(office.app.test_client()).open(f"/don-hang/{order.token}")
        assert office.fresh(order).parcels[0].tracking_url == ""
        assert "Theo dõi bưu kiện" not in page.text


@pytest.mark.parametrize("code", ["mã 12?", "../a", "a<b", "EB1&x=2", "-EB1", "A" * 41])
def test_a_code_with_other_signs_is_refused_and_kept_in_its_field(office, code):
    order = office.packing_order()
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/don-hang/{order.code}/gui")

    page = form.submit({"carrier": "Bưu điện", "tracking_code": code}, status=422)

    assert "Mã vận đơn chỉ gồm chữ không dấu, số và gạch nối" in page.text
    assert office.fresh(order).parcels == []


def test_the_carrier_of_the_way_that_was_chosen_is_filled_in(office):
    usual = office.packing_order()
    for way in office.session.scalars(select(DeliveryMethod)):
        way.carrier = "Bưu điện"
    office.session.commit()
    order = office.packing_order()

    filled = [
        office.visitor(Role.OFFICE)
        .open(f"/quan-ly/don-hang/{one.code}/gui")
        .root.find(".//input[@name='carrier']")
        .get("value")
        for one in (usual, order)
    ]

    assert filled == ["", "Bưu điện"]
