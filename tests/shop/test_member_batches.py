"""A member announces a batch from the phone; the office weighs it in and goes on from there."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from shop import formats
from shop.models.batches import BatchInput, InputKind
from shop.models.people import Role
from shop.models.submissions import Submission
from tests import factories
from tests.support.office import sign_in
from tests.support.pages import Visitor
from tests.support.workshop import make_plot

NEW, MINE, ORDERS = "/thanh-vien/lo-moi", "/thanh-vien/lo", "/thanh-vien/don-hang"
INBOX = "/quan-ly/xa-vien-gui"


@pytest.fixture
def garden(app, office):
    """A member with one plot, and the tea that the cooperative makes of its leaf."""
    account, member = office.member_account()
    product = factories.make_product(
        office.session, office.seller, name="Chè xanh La Bằng", shelf_life_days=540
    )
    plot = make_plot(office, member, name="Đồng Mít")
    office.session.commit()
    return Visitor.of(sign_in(app, account)), member, product, plot


def announce(visitor, product, *, status=200, **values):
    typed = {"how": "harvested", "product": str(product.id), "goods": "Búp chè tươi"}
    page = visitor.open(NEW)
    return page.submit(typed | {"quantity": "28"} | values, press="Gửi HTX", status=status)


def test_the_lot_and_the_expiry_are_given_at_once(garden, office):
    chanh, _member, product, _plot = garden

    page = announce(chanh, product)

    lot = office.session.scalars(select(Submission)).one().batch.lot
    day = formats.day(office.today + timedelta(days=540))
    assert f"Đã mở lô {lot}, hạn dùng dự kiến {day}." in page.text
    assert "Đã gửi, chờ HTX cân và nhận" in page.text


def test_the_office_weighs_it_in_and_goes_on_with_the_batch(garden, office):
    chanh, _member, product, _plot = garden
    announce(chanh, product)
    clerk = office.visitor(Role.OFFICE)

    inbox = clerk.open("/quan-ly")
    sheet = clerk.open(INBOX).follow("Búp chè tươi")
    batch = sheet.submit({"weighed": "27,4 kg"}, form="/nhan", press="Nhận vào lô")

    assert "Xã viên gửi" in inbox.text
    assert "Đã nhận vào lô" in batch.text
    assert "27,4 kg" in batch.text
    home = chanh.open("/thanh-vien")
    assert "HTX đã nhận: Búp chè tươi" in home.text
    assert "số cân: 28 kg thành 27,4 kg" in home.text
    mine = chanh.open("/thanh-vien/lo")
    assert "27,4 kg (bác ghi 28 kg)" in mine.text
    assert "27,4 kg (bác ghi 28 kg)" in home.follow("Xem").text
    told = chanh.open("/thanh-vien/ai-lam-gi").text
    assert "đã nhận Búp chè tươi vào lô" in told
    assert "cân được 27,4 kg (bác ghi 28 kg), ngày" in told


def test_goods_that_are_not_named_are_called_as_the_product_they_are_for(garden, office):
    chanh, _member, product, _plot = garden

    announce(chanh, product, goods="")

    assert office.session.scalars(select(Submission)).one().understood["goods"] == product.name


def test_the_examples_of_the_english_form_are_english_and_understood(garden, office):
    chanh, _member, product, _plot = garden

    form = chanh.open(f"/en{NEW}")
    sent = form.submit(
        {"how": "harvested", "product": str(product.id), "quantity": "28", "day": "yesterday"},
        press="Send to the cooperative",
    )

    assert form.fields(form=NEW)["day"] == "today"
    assert "hôm nay" not in form.text
    assert "hôm qua" not in form.text
    assert formats.day(office.today - timedelta(days=1), "en") in sent.text


def test_a_weight_in_words_is_shown_back_first(garden):
    chanh, _member, product, _plot = garden

    page = announce(chanh, product, quantity="hai mươi tám cân", status=422)
    sent = page.submit(press="Đúng, gửi HTX")

    assert "Hiểu là 28 kg, hai mươi tám cân" in page.text
    assert "Đã mở lô" in sent.text


def test_the_office_reads_the_weight_in_the_members_own_words(garden, office):
    chanh, _member, product, _plot = garden
    announce(chanh, product, quantity="hai tám cân", status=422).submit(press="Đúng, gửi HTX")
    one = office.session.scalars(select(Submission)).one().id

    page = office.visitor(Role.OFFICE).open(f"{INBOX}/{one}")

    assert "28 kg Bác ấy viết: hai tám cân" in page.text.replace("\u00a0", " ")


def test_a_fresh_weight_is_read_and_that_it_was_fresh_goes_along(garden, office):
    chanh, _member, product, _plot = garden

    page = announce(chanh, product, quantity="28 cân tươi", words="Hái sáng", status=422)
    page.submit(press="Đúng, gửi HTX")

    found = office.session.scalars(select(Submission)).one().understood
    assert (found["quantity_g"], found["words"]) == (28_000, "Cân lúc tươi. Hái sáng")


def test_a_day_without_its_year_is_shown_back_first(garden, office):
    chanh, _member, product, _plot = garden
    day = office.today - timedelta(days=2)

    page = announce(chanh, product, day=f"{day.day}/{day.month}", status=422)
    sent = page.submit(press="Đúng, gửi HTX")

    assert f"Hiểu là {day:%d/%m/%Y}" in page.text
    assert "Đã mở lô" in sent.text


def test_ten_times_as_much_as_ever_is_asked_once_more(garden, office):
    chanh, _member, product, _plot = garden
    announce(chanh, product)
    clerk = office.visitor(Role.OFFICE)
    clerk.open(INBOX).follow("Búp chè tươi").submit(form="/nhan", press="Nhận vào lô")

    page = announce(chanh, product, quantity="280", status=422)
    sent = page.submit({"sure": "1"}, press="Gửi HTX")

    assert "280 kg, nhiều hơn hẳn mọi lần (nhiều nhất 28 kg)" in page.text
    assert "Đã mở lô" in sent.text


def test_a_harvest_inside_the_waiting_time_asks_the_member_and_warns_the_office(garden, office):
    chanh, _member, product, plot = garden
    sprayed = factories.make_batch(office.session, product)
    office.session.add(
        BatchInput(
            batch_id=sprayed.id,
            kind=InputKind.PESTICIDE,
            name="Abamectin",
            plot_id=plot.id,
            applied_on=office.today - timedelta(days=4),
            phi_days=10,
        )
    )
    office.session.commit()

    asked = announce(chanh, product, status=422)
    asked.submit({"harvested_early": "1"}, press="Gửi HTX")
    sheet = office.visitor(Role.OFFICE).open(INBOX).follow("Búp chè tươi")
    refused = sheet.submit(form="/nhan", press="Nhận vào lô", status=422)

    assert "Bác hái thật chưa?" in asked.text
    assert "Hái trong thời gian cách ly." in sheet.text
    assert office.session.scalars(select(Submission.state)).one().value == "sent"
    assert "Nhận vào lô" in refused.text


def test_a_draft_batch_is_on_no_public_page(garden, office):
    chanh, _member, product, _plot = garden
    announce(chanh, product)
    lot = office.session.scalars(select(Submission)).one().batch.lot
    office.session.commit()
    public = Visitor.of(office.app.test_client())

    public.open(f"/lo/{office.seller.slug}/{lot}", status=404)
    assert lot not in public.open(f"/htx/{office.seller.slug}").text


def test_a_member_sees_their_own_lines_and_no_buyer(app, office):
    account, member = office.member_account()
    product = factories.make_product(office.session, office.seller, member_id=member.id)
    own = factories.make_pack(office.session, product, label="gói 200 g")
    level = office.level(pack=own)
    office.paid_order(own, quantity=2)
    office.paid_order(office.level().batch_pack.pack)
    chanh = Visitor.of(sign_in(app, account))

    page = chanh.open(ORDERS)

    assert level.batch_pack.pack_id == own.id
    assert "2 gói" in page.text
    assert page.text.count("Đã xác nhận") == 1
    assert "Nguyễn Thị Hoa" not in page.text
    assert "1 đơn chờ giao" in chanh.open("/thanh-vien").text


def test_the_seller_may_let_members_see_who_bought(app, office):
    account, member = office.member_account()
    product = factories.make_product(office.session, office.seller, member_id=member.id)
    own = factories.make_pack(office.session, product)
    office.level(pack=own)
    office.paid_order(own)
    office.seller.settings = {**office.seller.settings, "members_see_buyers": True}
    office.session.commit()

    page = Visitor.of(sign_in(app, account)).open(ORDERS)

    assert "Người mua:" in page.text
