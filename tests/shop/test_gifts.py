"""A gift: the words of its card go along, and no price reaches whoever gets it."""

import unicodedata

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.forms.gifts import Gift
from shop.jobs.letters import compose
from shop.models.catalog import Pack
from shop.models.orders import Order
from shop.models.outbox import OutboxMessage
from shop.services import forgetting, order_fulfilment
from shop.services.actors import SYSTEM
from tests.support.applications import MakeSettings
from tests.support.office import Office
from tests.support.pages import Page, Visitor

CARD = "Mừng thọ bà 80 tuổi 🎂\nCháu Hoa & Minh <3"
BUYER = {
    "name": "Nguyễn Thị Hoa",
    "phone": "0912345678",
    "commune": "Xã La Bằng, Tỉnh Thái Nguyên",
    "street": "12 xóm La Bằng",
}
PLACE = "Đặt hàng ·"


@pytest.fixture
def pack(office: Office) -> Pack:
    """Twenty packs at 90.000 ₫; the way to have them brought costs 25.000 ₫."""
    found = office.level().batch_pack.pack
    assert found.product.seller.slug
    office.session.commit()
    return found


def checkout(visitor: Visitor, pack: Pack, language: str = "") -> Page:
    visitor.post("/gio-hang", {"pack": str(pack.id), "quantity": "1"})
    return visitor.open(f"{language}/dat-hang?seller={pack.product.seller.slug}")


def newest(session: Session) -> Order:
    session.rollback()
    session.expire_all()
    found = session.scalars(select(Order).order_by(Order.id.desc())).first()
    assert found is not None
    return found


def plain(page: Page) -> str:
    return page.text.replace("\xa0", " ")


def test_a_card_is_kept_in_lines_and_stands_on_the_page_of_the_order(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    typed = unicodedata.normalize("NFD", CARD).replace("\n", "\r\n")

    page = checkout(visitor, pack).submit(
        {**BUYER, "gift_card": f"\n{typed}\n\n", "hides_prices": "1"}, press=PLACE
    )

    order = newest(office.session)
    assert (order.gift_card, order.hides_prices) == (CARD, True)
    assert "Gửi làm quà Mừng thọ bà 80 tuổi 🎂 Cháu Hoa & Minh <3" in page.text
    assert "Cháu Hoa &amp; Minh &lt;3" in page.body
    assert "Phiếu giao trong gói không ghi giá." in page.text
    assert CARD not in str(order.snapshot)
    office.session.commit()


def test_an_order_without_a_card_says_nothing_of_gifts(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    page = checkout(visitor, pack).submit(BUYER, press=PLACE)

    order = newest(office.session)
    assert (order.gift_card, order.hides_prices, order.is_gift) == ("", False, False)
    assert "Gửi làm quà" not in page.text
    office.session.commit()


def test_markup_on_a_card_is_shown_as_it_was_typed(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    evil = "<script>alert(1)</script>\n{{ 7*7 }}"

    page = checkout(visitor, pack).submit({**BUYER, "gift_card": evil}, press=PLACE)
    order = newest(office.session)
    code = order.code
    office.session.commit()
    slip = office.visitor().open(f"/quan-ly/don-hang/{code}/phieu")

    for one in (page, slip):
        assert "<script>alert(1)</script> {{ 7*7 }}" in one.text
        assert "<script>alert" not in one.body


@pytest.mark.parametrize("letters", [300, 301])
def test_a_card_holds_three_hundred_letters(
    visitor: Visitor, office: Office, pack: Pack, letters: int
) -> None:
    form = checkout(visitor, pack)
    card = "ế" * letters

    page = form.submit(
        {**BUYER, "gift_card": card}, press=PLACE, status=200 if letters == 300 else 422
    )

    if letters == 300:
        assert newest(office.session).gift_card == card
    else:
        assert "Dài quá 300 chữ. Xin bớt 1 chữ" in page.text
        assert "Còn 1 chỗ cần sửa: lời trên thiệp" in page.text
        assert page.fields(press=PLACE)["gift_card"] == card
        assert "open" in next(
            details.attrib
            for details in page.root.iter("details")
            if "Gửi làm quà" in "".join(details.itertext())
        )
    office.session.commit()


def test_a_card_in_broken_letters_is_mended_by_a_tap_before_it_is_ordered(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    broken = "Chúc mừng năm mới bà ngoại".encode().decode("cp1252", "replace")
    before = len(office.session.scalars(select(Order)).all())
    office.session.commit()

    page = checkout(visitor, pack).submit({**BUYER, "gift_card": broken}, press=PLACE, status=422)

    assert len(office.session.scalars(select(Order)).all()) == before
    assert 'id="loi-gift_card"' in page.body
    office.session.commit()


def test_the_packing_slip_bears_the_card_and_no_price(office: Office, pack: Pack) -> None:
    order = office.paid_order(pack, gift=Gift(CARD, hides_prices=True))

    at_office = office.visitor()
    sheet = at_office.open(f"/quan-ly/don-hang/{order.code}")
    slip = at_office.open(f"/quan-ly/don-hang/{order.code}/phieu")

    assert "Không ghi giá trên phiếu giao" in sheet.text
    assert "Mừng thọ bà 80 tuổi 🎂 Cháu Hoa & Minh <3" in sheet.text
    assert "Thiệp quà Mừng thọ bà 80 tuổi 🎂 Cháu Hoa & Minh <3" in slip.text
    assert "₫" not in slip.text
    assert "Thu của khách" not in slip.text


def test_what_must_be_paid_at_the_door_stays_on_the_slip_of_a_gift(
    office: Office, pack: Pack
) -> None:
    order = office.cash_order(pack, gift=Gift("", hides_prices=True))

    slip = office.visitor().open(f"/quan-ly/don-hang/{order.code}/phieu")

    assert "Thu của khách 115.000 ₫" in plain(slip)
    assert "Thiệp quà" not in slip.text


def test_the_letters_tell_of_the_gift(
    office: Office, pack: Pack, make_settings: MakeSettings
) -> None:
    order = office.order(
        pack, gift=Gift(CARD, hides_prices=True), buyer_email="hoa@example.com", locale="en"
    )
    promised = office.session.scalars(
        select(OutboxMessage).where(OutboxMessage.subject == f"order:{order.id}")
    )
    settings = make_settings(public_url="https://htx.example", mail_from="cho@htx.example")

    bodies = [
        compose(office.session, one, settings=settings, now=office.now).get_content()
        for one in promised
    ]

    assert any("Words on the card:\n" + CARD in body for body in bodies)
    assert any("The slip in the parcel says no prices." in body for body in bodies)
    office.session.commit()


def test_the_checkout_and_the_order_say_it_in_english(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    form = checkout(visitor, pack, "/en")

    page = form.submit({**BUYER, "gift_card": "Happy birthday"}, press="Place order ·")

    assert "Send as a gift" in form.text
    assert "No prices on the delivery slip" in form.text
    assert "Send as a gift Happy birthday" in page.text


def test_the_card_of_a_buyer_who_wants_to_be_forgotten_goes(office: Office, pack: Pack) -> None:
    order = office.shipped_order(pack, gift=Gift(CARD))
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)

    assert forgetting.ask(office.session, order, now=office.now)

    assert order.gift_card == ""
    office.session.commit()
