"""Vouchers: what comes off adds up to the đồng, refusals say why, and limits hold in a crowd."""

import threading
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from shop.app import create_app
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.errors import FieldRefused
from shop.forms.vouchers import VoucherDraft, read_code
from shop.invariants import DATA_RULES, prove
from shop.models.catalog import Pack
from shop.models.orders import DeliveryMethod, Order
from shop.models.people import Role
from shop.models.vouchers import Voucher, VoucherKind, VoucherUse
from shop.queries.ledger import balance
from shop.security import limiter
from shop.services import order_fulfilment, order_payment, orders, payments, vouchers
from shop.services.actors import BUYER, SYSTEM
from shop.services.order_taxes import tax_inside
from shop.services.vouchers import Goods, spread
from tests import factories
from tests.factories import NOW, TODAY
from tests.support.applications import MakeSettings
from tests.support.office import Office, open_office
from tests.support.pages import Page, Visitor

PERCENT, AMOUNT = VoucherKind.PERCENT, VoucherKind.AMOUNT


def draft(**values: Any) -> VoucherDraft:
    given: dict[str, Any] = {
        "name": "Giảm giá Tết",
        "code": "TET2027",
        "kind": AMOUNT,
        "amount": 20_000,
        "cap_vnd": None,
        "minimum_vnd": 0,
        "starts_on": date(2020, 1, 1),
        "ends_on": None,
        "uses_most": None,
        "uses_per_phone": None,
        "budget_vnd": None,
        "product_ids": None,
    }
    return VoucherDraft(**given | values)


def opened(session: Session, seller: Any, **values: Any) -> Voucher:
    by: dict[str, Any] = {"actor": SYSTEM, "now": NOW}
    voucher = vouchers.open_voucher(session, seller, draft(**values), **by)
    session.commit()
    return voucher


@pytest.fixture
def pack(office: Office) -> Pack:
    """A hundred packs at 90.000 ₫; the way to have them brought costs 25.000 ₫."""
    found = office.level(on_hand=100).batch_pack.pack
    assert found.product.seller.slug
    office.session.commit()
    return found


def quoted(office: Office, pack: Pack, *, code: str = "tet 2027", quantity: int = 1) -> Any:
    goods = [Goods(pack.product_id, pack.price_vnd * quantity)]
    found = vouchers.quote(
        office.session, office.seller.id, goods, code=code, phone=None, today=office.today
    )
    office.session.commit()
    return found


def method_of(office: Office) -> DeliveryMethod:
    """The one way of delivery that the office has."""
    return office.session.scalars(
        select(DeliveryMethod).where(DeliveryMethod.seller_id == office.seller.id)
    ).one()


def ordered(office: Office, pack: Pack, off_vnd: int, **values: Any) -> Order:
    quantity = values.pop("quantity", 1)
    method = method_of(office)
    total = pack.price_vnd * quantity + method.fee_vnd - off_vnd
    given = {"voucher_code": "TET2027", "expected_total_vnd": total} | values
    return office.order(pack, quantity=quantity, **given)


def checkout(visitor: Visitor, pack: Pack, quantity: int = 1) -> Page:
    visitor.post("/gio-hang", {"pack": str(pack.id), "quantity": str(quantity)})
    return visitor.open(f"/dat-hang?seller={pack.product.seller.slug}")


BUYER_TYPED = {
    "name": "Nguyễn Thị Hoa",
    "phone": "0912345678",
    "commune": "Xã La Bằng, Tỉnh Thái Nguyên",
    "street": "12 xóm La Bằng",
}


def test_a_code_typed_any_way_comes_off_everywhere_the_order_is_told(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    opened(office.session, office.seller, kind=PERCENT, amount=10)

    form = checkout(visitor, pack, 2)
    priced = form.submit({"voucher": "  tết-2027 "}, press="Dùng mã")
    filled = priced.submit(BUYER_TYPED, press="Tính lại tiền")
    page = filled.submit(press="Đặt hàng")

    assert "Giảm giá: Giảm giá Tết −18.000 ₫" in priced.text.replace("\xa0", " ")
    assert "Còn" not in priced.text.split("Đặt hàng")[0]
    order = office.session.scalars(select(Order)).one()
    assert (order.goods_vnd, order.discount_vnd) == (162_000, 18_000)
    assert order.total_vnd == 162_000 + order.delivery_vnd
    assert order.snapshot["voucher"] == {"name": "Giảm giá Tết", "code": "TET2027"}
    assert page.path == f"/don-hang/{order.token}"
    said = page.text.replace("\xa0", " ")
    assert "Tạm tính 180.000 ₫" in said
    assert "Giảm giá −18.000 ₫" in said
    code = order.code
    office.session.commit()
    office_page = office.visitor().open(f"/quan-ly/don-hang/{code}")
    assert "Giảm giá: Giảm giá Tết" in office_page.text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"code": "KHAC2027"}, "Không có mã giảm giá này."),
        ({"starts_on": date(2090, 1, 1)}, "Mã này dùng được từ ngày 01/01/2090."),
        ({"ends_on": date(2021, 2, 3)}, "Mã này đã hết hạn ngày 03/02/2021."),
        ({"minimum_vnd": 115_000}, "từ 115.000 ₫. Còn thiếu 25.000 ₫."),
        ({"product_ids": [999_999]}, "Mã này không dành cho món nào trong giỏ."),
        ({"budget_vnd": 19_999}, "Mã này đã hết lượt dùng."),
    ],
)
def test_a_refused_code_says_why_beside_its_field(
    visitor: Visitor, office: Office, pack: Pack, values: dict[str, Any], words: str
) -> None:
    opened(office.session, office.seller, **values)
    form = checkout(visitor, pack)

    page = form.submit({**BUYER_TYPED, "voucher": "TET2027"}, press="Đặt hàng", status=422)

    assert words in page.text.replace("\xa0", " ")
    assert "Còn 1 chỗ cần sửa: mã giảm giá" in page.text
    assert 'value="TET2027"' in page.body
    assert office.session.scalars(select(Order)).all() == []
    office.session.commit()


@pytest.mark.parametrize(
    ("values", "quantity", "off_vnd"),
    [
        ({"amount": 20_000}, 1, 20_000),
        ({"amount": 500_000}, 1, 89_000),
        ({"kind": PERCENT, "amount": 10}, 1, 9_000),
        ({"kind": PERCENT, "amount": 10, "cap_vnd": 15_000}, 3, 15_000),
        ({"kind": PERCENT, "amount": 33}, 1, 29_700),
        ({"kind": PERCENT, "amount": 90, "minimum_vnd": 90_000}, 1, 81_000),
    ],
)
def test_what_comes_off_has_caps_and_leaves_something_to_pay(
    office: Office, pack: Pack, values: dict[str, Any], quantity: int, off_vnd: int
) -> None:
    opened(office.session, office.seller, **values)

    assert quoted(office, pack, quantity=quantity).discount_vnd == off_vnd


def test_the_voucher_that_gives_more_serves_and_one_alone(office: Office, pack: Pack) -> None:
    opened(office.session, office.seller, code=None, name="Tự giảm", amount=5_000)
    opened(office.session, office.seller, amount=20_000)
    opened(office.session, office.seller, code="NHO2027", amount=1_000)

    of_itself = quoted(office, pack, code="")
    typed = quoted(office, pack)
    lesser = quoted(office, pack, code="nho2027")

    assert (of_itself.discount_vnd, typed.discount_vnd) == (5_000, 20_000)
    assert (lesser.discount_vnd, lesser.is_better) == (5_000, True)


@given(
    st.lists(st.integers(0, 10**9), min_size=1, max_size=12).filter(any),
    st.integers(1, 10**9),
)
@settings(max_examples=60, deadline=None)
def test_parts_add_up_and_none_is_more_than_its_line(base: list[int], off: int) -> None:
    off = min(off, sum(base))

    parts = spread(off, base)

    assert sum(parts) == off
    assert all(0 <= part <= whole for part, whole in zip(parts, base, strict=True))


@pytest.mark.both_databases
def test_lines_tax_ledger_and_payment_agree_with_what_came_off(office: Office) -> None:
    session = office.session
    first = office.level().batch_pack.pack
    second = factories.make_pack(session, first.product, label="gói 100 g", price_vnd=33_333)
    office.level(pack=second)
    opened(session, office.seller, amount=10_001)
    method = method_of(office)
    total = first.price_vnd + 2 * second.price_vnd - 10_001 + method.fee_vnd
    filled = factories.make_checkout(
        delivery_method_id=method.id, expected_total_vnd=total, voucher_code="TET2027"
    )
    wanted = [(first.id, 1), (second.id, 2)]
    by: dict[str, Any] = {"actor": BUYER, "now": office.now, "today": office.today}

    order = orders.place(session, office.seller, wanted, filled, **by)
    office.pay(order)

    assert sum(line.discount_vnd for line in order.lines) == 10_001
    assert sum(line.total_vnd for line in order.lines) == order.goods_vnd
    assert all(
        line.tax_vnd == tax_inside(line.total_vnd, line.tax_basis_points) for line in order.lines
    )
    assert payments.locked(session, order).amount_vnd == order.total_vnd == total
    assert balance(session, "buyers", order_id=order.id) == 0
    assert broken(session) == []
    session.rollback()


def broken(session: Session) -> list[str]:
    own = [rule for rule in DATA_RULES if "voucher" in rule.name or rule.invariant == 1]
    return [one.sentence("en") for one in prove(session.connection(), now=NOW, rules=own)]


@pytest.mark.both_databases
def test_a_use_is_given_back_once_however_the_order_ends(office: Office) -> None:
    session = office.session
    pack = office.level(on_hand=100).batch_pack.pack
    voucher = opened(session, office.seller, uses_most=10, uses_per_phone=10)
    by: dict[str, Any] = {"actor": SYSTEM, "now": office.now}
    cancelled, lapsed, late, kept = (ordered(office, pack, 20_000) for _ in range(4))
    counted = [office.fresh(voucher).used_count]

    order_payment.cancel(session, cancelled.id, reason="buyer", **by)
    for _ in range(2):
        order_payment.lapse(session, lapsed.id, now=office.now + timedelta(days=2))
        session.commit()
    order_payment.lapse(session, late.id, now=office.now + timedelta(days=2))
    vouchers.give_back(session, cancelled, now=office.now)
    session.commit()
    counted.append(office.fresh(voucher).used_count)
    office.pay(late)
    order_payment.accept_late(session, late.id, today=office.today, **by)
    session.commit()
    counted.append(office.fresh(voucher).used_count)
    office.pay(kept)
    order_fulfilment.start_packing(session, kept.id, **by)
    office._ship(kept)
    order_fulfilment.deliver(session, kept.id, **by)
    order_fulfilment.take_back(session, kept.id, reason="changed_mind", **by)
    session.commit()
    counted.append(office.fresh(voucher).used_count)

    assert counted == [4, 1, 2, 1]
    assert office.fresh(voucher).used_vnd == 20_000
    assert broken(session) == []
    session.rollback()


def test_late_money_of_an_order_whose_voucher_is_gone_waits_for_the_office(
    office: Office, pack: Pack
) -> None:
    opened(office.session, office.seller, uses_most=1)
    late = ordered(office, pack, 20_000)
    order_payment.lapse(office.session, late.id, now=office.now + timedelta(days=2))
    ordered(office, pack, 20_000, buyer_phone="+84912345679")
    office.pay(late)
    by: dict[str, Any] = {"actor": SYSTEM, "now": office.now, "today": office.today}

    with pytest.raises(FieldRefused) as refused:
        order_payment.accept_late(office.session, late.id, **by)

    assert refused.value.sentence_code == "voucher_gone_meanwhile"
    office.session.rollback()


def test_one_number_has_its_share_and_another_its_own(office: Office, pack: Pack) -> None:
    opened(office.session, office.seller, uses_per_phone=1)
    ordered(office, pack, 20_000)

    with pytest.raises(FieldRefused) as refused:
        ordered(office, pack, 20_000)
    office.session.rollback()
    other = ordered(office, pack, 20_000, buyer_phone="+84912345679")

    assert refused.value.sentence_code == "voucher_used_by_you"
    assert other.discount_vnd == 20_000


def crowd(engine: Engine, count: int, act: Callable[[Session, int], bool]) -> int:
    """Let `count` people act at once, in transactions of their own; return how many got it."""
    gate, got = threading.Barrier(count), []

    def one(number: int) -> None:
        gate.wait(timeout=60)
        with open_session(engine, Settings()) as session:
            try:
                got.append(act(session, number))
                session.commit()
            except FieldRefused:
                session.rollback()
                got.append(False)

    people = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert len(got) == count
    return sum(got)


@pytest.mark.both_databases
@pytest.mark.parametrize("limit", ["uses_most", "budget_vnd", "uses_per_phone"])
def test_limits_hold_when_many_order_at_once(
    database_url: str, session: Session, limit: str
) -> None:
    level = factories.make_level(session, on_hand=100)
    pack, seller = level.batch_pack.pack, level.batch_pack.pack.product.seller
    method = factories.make_delivery(session, seller)
    factories.make_bank_account(session, seller)
    most = 60_000 if limit == "budget_vnd" else 3
    voucher = opened(session, seller, **{limit: most})
    total = pack.price_vnd + method.fee_vnd - 20_000
    same = limit == "uses_per_phone"

    def order(own: Session, number: int) -> bool:
        filled = factories.make_checkout(
            delivery_method_id=method.id,
            expected_total_vnd=total,
            voucher_code="TET2027",
            buyer_phone="+84912345600" if same else f"+849123456{number:02}",
            idempotency_key=f"crowd-{number}",
        )
        by: dict[str, Any] = {"actor": BUYER, "now": NOW, "today": TODAY}
        found = own.get_one(type(seller), seller.id)
        orders.place(own, found, [(pack.id, 1)], filled, **by)
        return True

    engine = make_engine(database_url)
    got = crowd(engine, 8, order)
    engine.dispose()

    session.expire_all()
    assert got == 3
    assert (voucher.used_count, voucher.used_vnd) == (3, 60_000)
    assert len(session.scalars(select(VoucherUse)).all()) == 3
    assert broken(session) == []


@pytest.mark.both_databases
def test_the_same_crowd_breaks_limits_that_are_read_and_then_written(
    database_url: str, session: Session
) -> None:
    session.execute(text("CREATE TABLE naive_use (id INTEGER)"))
    session.commit()

    def use(own: Session, number: int) -> bool:
        taken = own.execute(text("SELECT COUNT(*) FROM naive_use")).scalar_one()
        own.commit()
        time.sleep(0.05)  # what a real shop does meanwhile: stock, payment, letters
        if taken >= 3:
            return False
        own.execute(text("INSERT INTO naive_use VALUES (:number)"), {"number": number})
        return True

    engine = make_engine(database_url)
    got = crowd(engine, 8, use)
    engine.dispose()

    assert got > 3


def test_guessing_codes_is_slowed_and_orders_go_on(
    office: Office, pack: Pack, demo_database_url: str, make_settings: MakeSettings
) -> None:
    opened(office.session, office.seller)
    strict = create_app(make_settings(database_url=demo_database_url, rate_limits=True))
    try:
        form = checkout(Visitor.of(strict.test_client()), pack)
        for number in range(20):
            form.submit({"voucher": f"DOAN{number}"}, press="Dùng mã", status=422)
        slowed = form.submit({"voucher": "TET2027"}, press="Dùng mã", status=422)
        without = form.submit({**BUYER_TYPED, "voucher": ""}, press="Tính lại tiền")
    finally:
        limiter.enabled = False
        strict.extensions["dacsan_engine"].dispose()

    assert "Gõ sai mã nhiều lần." in slowed.text
    assert "Gõ sai mã nhiều lần." not in without.text


def test_the_office_opens_changes_closes_and_reads_what_came_of_it(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    clerk = office.visitor(Role.OFFICE)
    form = clerk.open("/quan-ly/ma-giam-gia").follow("Thêm mã giảm giá")
    typed = {"name": "Chào hè", "code": "he 2027", "kind": "percent", "amount": "10 %"}

    listed = form.submit({**typed, "cap": "30k", "uses_most": "5"}, press="Lưu")
    order = ordered(office, pack, 9_000, voucher_code="HE2027")
    page = listed.follow("Chào hè")
    too_low = page.follow("Sửa").submit({"uses_most": ""}, press="Lưu")
    closed = page.submit(press="Đóng mã này")

    assert "HE2027 · giảm 10 %, nhiều nhất 30.000 ₫" in listed.text.replace("\xa0", " ")
    assert "1 trên 5" in page.text
    assert order.code[2:] in page.text
    assert "Đã lưu Chào hè." in too_low.text
    assert "Đơn đã đặt vẫn được giảm." in closed.text
    again = checkout(visitor, pack).submit({"voucher": "HE2027"}, press="Dùng mã", status=422)
    assert "Không có mã giảm giá này." in again.text


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "a"}, "Mã cần ít nhất 4 chữ hoặc số."),
        ({"code": "TET2027"}, "Mã TET2027 đã có rồi."),
        ({"kind": ""}, "Chọn một cách giảm."),
        ({"amount": "91", "kind": "percent"}, "90"),
        ({"amount": "500"}, "Số tiền ít nhất là"),
        ({"starts_on": "31/02/2027"}, "31"),
        ({"starts_on": "05/11/2026", "ends_on": "04/11/2026"}, "Ngày cuối phải từ ngày đầu"),
        ({"budget": "-5"}, "budget"),
    ],
)
def test_what_makes_no_voucher_is_said_beside_its_field(
    office: Office, typed: dict[str, str], words: str
) -> None:
    opened(office.session, office.seller)
    form = office.visitor(Role.OFFICE).open("/quan-ly/ma-giam-gia/moi")
    whole = {"name": "Thử", "code": "THU2027", "kind": "amount", "amount": "10.000"}

    page = form.submit({**whole, **typed}, press="Lưu", status=422)

    assert words in page.text or f"#o-{words}" in page.body
    assert len(office.session.scalars(select(Voucher)).all()) == 1
    office.session.commit()


def test_limits_are_not_set_below_what_was_given(office: Office, pack: Pack) -> None:
    voucher = opened(office.session, office.seller, uses_most=5, uses_per_phone=5)
    for _ in range(2):
        ordered(office, pack, 20_000)
    form = office.visitor(Role.OFFICE).open(f"/quan-ly/ma-giam-gia/{voucher.id}/sua")

    page = form.submit({"uses_most": "1", "budget": "10.000"}, press="Lưu", status=422)

    assert "Đã dùng 2 lượt, không đặt giới hạn thấp hơn được." in page.text


def test_a_voucher_of_another_seller_is_nobody_elses(
    app: Any, office: Office, app_session: Session, pack: Pack
) -> None:
    other = open_office(app, app_session)
    voucher = opened(app_session, other.seller)
    app.config["WTF_CSRF_ENABLED"] = False
    client = office.client(Role.DIRECTOR)

    paths = [("GET", ""), ("GET", "/sua"), ("POST", "/sua"), ("POST", "/dong")]
    statuses = [
        client.open(f"/quan-ly/ma-giam-gia/{voucher.id}{path}", method=method).status_code
        for method, path in paths
    ]

    assert statuses == [404] * 4
    assert quoted(office, pack).refused == "voucher_unknown"


def test_codes_are_read_without_marks_blanks_and_case() -> None:
    typed = ("TET2027", " tết 2027", "Tê\u0301t-2027")

    assert {read_code(one) for one in typed} == {"TET2027"}
    assert read_code("đặc sản") == "DACSAN"
