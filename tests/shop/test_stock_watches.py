"""Who asked first to be told of goods is told first, once, and is forgotten afterwards."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.config import Settings
from shop.db import open_session
from shop.errors import FieldRefused, WrongMove
from shop.forms.stock_watches import Contact, read_contact
from shop.jobs import clean_up, letters, send_mail, tell_watchers
from shop.models.catalog import Pack
from shop.models.outbox import OutboxMessage
from shop.models.people import Role
from shop.models.stock_watches import StockWatch
from shop.services import stock_watches
from shop.services.actors import SYSTEM
from tests import factories
from tests.support.office import Office, open_office
from tests.support.pages import Visitor


@pytest.fixture
def gone(office: Office) -> Pack:
    """A pack that is sold out."""
    product = factories.make_product(office.session, office.seller, name="Chè móc câu")
    pack = factories.make_pack(office.session, product)
    assert pack.product.slug
    office.session.commit()
    return pack


def path_of(pack: Pack) -> str:
    return f"/san-pham/{pack.product.slug}/bao-khi-co-hang"


def watches(session: Session) -> list[StockWatch]:
    session.rollback()
    session.expire_all()
    found = list(session.scalars(select(StockWatch).order_by(StockWatch.id)))
    session.commit()
    return found


def wait(office: Office, pack: Pack, contact: str, *, minutes: int = 0) -> StockWatch:
    at = office.now + timedelta(minutes=minutes)
    watch = stock_watches.ask(office.session, pack, read_contact(contact), locale="vi", now=at)
    office.session.commit()
    return watch


def tell(office: Office, pack: Pack, *, hours: int = 1) -> int:
    at = office.now + timedelta(hours=hours)
    told = stock_watches.tell(office.session, pack.id, now=at, today=office.today)
    office.session.commit()
    return told


def test_a_number_left_at_a_sold_out_product_comes_onto_the_list_of_calls(
    visitor: Visitor, office: Office, gone: Pack
) -> None:
    page = visitor.open(f"/san-pham/{gone.product.slug}").follow("Báo khi có hàng")
    kept = page.submit({"contact": "0912 345 678"})
    before = office.visitor(Role.OFFICE).open("/quan-ly/cho-hang")
    office.level(pack=gone, on_hand=5)
    told = tell(office, gone)
    calls = office.visitor(Role.OFFICE).open("/quan-ly").follow("Gọi")
    done = calls.submit(press="Đã gọi")

    assert "Đã ghi. Có hàng là báo." in kept.text
    assert "0912 345 678" not in kept.text
    assert "1 người chờ" in before.text
    assert "0912 345 678" not in before.text
    assert told == 1
    assert "0912 345 678" in calls.text
    assert "còn 5 gói bán được" in calls.text
    assert "Chưa ai chờ món nào." in done.text


def test_an_address_gets_one_letter_with_the_way_to_buy_and_the_way_to_stop(
    office: Office, gone: Pack, app: Flask
) -> None:
    settings: Settings = app.extensions["dacsan_settings"]
    watch = wait(office, gone, "Hoa@vidu.vn")
    office.level(pack=gone)

    told = [tell(office, gone), tell(office, gone, hours=2), tell(office, gone, hours=30)]
    message = office.session.scalars(
        select(OutboxMessage).where(OutboxMessage.subject == f"stock_watch:{watch.id}")
    ).one()
    letter = letters.compose(office.session, message, settings=settings, now=office.now)
    office.session.commit()

    assert told == [1, 0, 0]
    assert letter["To"] == "hoa@vidu.vn"
    assert "Có hàng rồi: Chè móc câu" in letter["Subject"]
    body = letter.get_content()
    assert f"/san-pham/{gone.product.slug}" in body
    assert f"/cho-hang/{watch.token}" in body
    assert "hoa" not in str(message.payload)


def test_who_takes_the_address_back_gets_no_letter_any_more(
    visitor: Visitor, office: Office, gone: Pack, app: Flask
) -> None:
    settings: Settings = app.extensions["dacsan_settings"]
    watch = wait(office, gone, "hoa@vidu.vn")
    office.level(pack=gone)
    tell(office, gone)
    message = office.session.scalars(select(OutboxMessage).where(OutboxMessage.kind == "mail"))
    promised = message.one()
    office.session.commit()

    path = f"/cho-hang/{watch.token}"
    page = visitor.open(path).submit(press="Thôi báo")
    answer = send_mail.deliver(
        promised, settings=settings, engine=app.extensions["dacsan_engine"], now=office.now
    )

    assert "Đã xóa. Sẽ không báo nữa." in page.text
    assert answer["withdrawn"] is True
    assert watches(office.session) == []
    visitor.open(path, status=404)


@pytest.mark.both_databases
def test_who_asked_first_is_told_first_and_no_more_than_may_hope(
    office: Office, gone: Pack
) -> None:
    asked = ["0912345603", "0912345602", "c@vidu.vn", "0912345604", "e@vidu.vn"]
    for number, contact in enumerate(asked):
        wait(office, gone, contact, minutes=number)
    nothing_yet = tell(office, gone)
    office.level(pack=gone, on_hand=1)

    at_once, again, next_day = (tell(office, gone, hours=hours) for hours in (2, 3, 27))

    turns = [one.phone or one.email for one in watches(office.session) if one.turn_at]
    assert (nothing_yet, at_once, again, next_day) == (0, 2, 0, 2)
    assert turns == ["+84912345603", "+84912345602", "c@vidu.vn", "+84912345604"]


@pytest.mark.both_databases
def test_the_same_person_waits_once_and_may_wait_again_after_being_told(
    office: Office, gone: Pack
) -> None:
    first = wait(office, gone, "0912345678")
    second = wait(office, gone, "+84 912 345 678", minutes=5)
    same = first.id == second.id
    office.level(pack=gone)
    tell(office, gone)
    by = {"actor": SYSTEM, "now": office.now}
    stock_watches.called(office.session, first, **by)  # type: ignore[arg-type]
    office.session.commit()
    with pytest.raises(WrongMove):
        stock_watches.called(office.session, first, **by)  # type: ignore[arg-type]
    office.session.rollback()

    third = wait(office, gone, "0912345678", minutes=90)

    assert same
    assert third.turn_at is None
    assert len(watches(office.session)) == 1


@pytest.mark.parametrize(
    ("contact", "words"),
    [
        ("", "Chưa ghi số điện thoại hay địa chỉ thư."),
        ("0912 345", "Số điện thoại thiếu"),
        ("hoa@", "Địa chỉ thư chưa đúng"),
        ("hoa", "điện thoại"),
        ("a" * 300 + "@vidu.vn", "Dài quá"),
    ],
)
def test_what_cannot_be_reached_is_said_beside_the_field_and_kept(
    visitor: Visitor, office: Office, gone: Pack, contact: str, words: str
) -> None:
    page = visitor.open(path_of(gone)).submit({"contact": contact}, status=422)

    assert words in page.text
    assert f'value="{contact}"' in page.body or not contact
    assert watches(office.session) == []


def test_one_of_several_packs_is_waited_for_and_what_is_had_is_not(
    visitor: Visitor, office: Office, gone: Pack
) -> None:
    bag = factories.make_pack(office.session, gone.product, label="gói 500 g", price_vnd=200_000)
    had = factories.make_pack(office.session, gone.product, label="gói 100 g", price_vnd=50_000)
    office.level(pack=had)

    product = visitor.open(f"/san-pham/{gone.product.slug}")
    form = product.follow("Báo khi có hàng gói 500 g")
    form.submit({"contact": "0912345678"})
    already = visitor.post(path_of(gone), {"pack": str(had.id), "contact": "0912345678"})

    assert "gói 100 g" not in form.text
    assert [one.pack_id for one in watches(office.session)] == [bag.id]
    assert already.status == 400


def test_nobody_waits_for_everything(office: Office, gone: Pack) -> None:
    for number in range(stock_watches.MOST_PACKS):
        pack = factories.make_pack(office.session, gone.product, label=f"gói {number}")
        wait(office, pack, "0912345678")

    with pytest.raises(FieldRefused) as refused:
        wait(office, gone, "0912345678")

    assert refused.value.sentence_code == "waits_for_too_many"
    office.session.rollback()


def test_the_job_tells_and_the_clean_up_forgets(office: Office, gone: Pack, app: Flask) -> None:
    engine, settings = (app.extensions[f"dacsan_{name}"] for name in ("engine", "settings"))
    with_letter = wait(office, gone, "hoa@vidu.vn")
    waits_on = wait(office, gone, "0912345678", minutes=1)
    other = factories.make_pack(office.session, gone.product)
    long_ago = wait(office, other, "0912345679", minutes=-60 * 24 * 181)
    office.level(pack=gone, on_hand=1)
    ids = (with_letter.id, waits_on.id, long_ago.id)

    said = tell_watchers.run(engine, settings, now=clock.now())
    cleaned = clean_up.run(engine, settings, now=clock.now() + timedelta(days=8))

    assert said == "2 told"
    assert "2 stock_watches" in cleaned
    with open_session(engine, settings) as session:
        left = [one.id for one in session.scalars(select(StockWatch))]
    assert left == [ids[1]]


def test_the_calls_of_another_seller_are_nobody_elses(
    app: Flask, office: Office, app_session: Session, gone: Pack
) -> None:
    watch = wait(office, gone, "0912345678")
    office.level(pack=gone)
    tell(office, gone)
    other = open_office(app, app_session)
    app.config["WTF_CSRF_ENABLED"] = False
    client = other.client(Role.OFFICE)

    listed = client.get("/quan-ly/cho-hang")
    answer = client.post(f"/quan-ly/cho-hang/{watch.id}/da-goi")

    assert "0912" not in listed.text
    assert answer.status_code == 404


def test_a_contact_is_a_number_or_an_address() -> None:
    assert read_contact(" 0912.345.678 ") == Contact(phone="+84912345678")
    assert read_contact("Hoa@Vidu.VN") == Contact(email="hoa@vidu.vn")
