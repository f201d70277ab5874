"""An invoice: who wants it, what goes on it to the đồng, that it was made out, and by whom."""

import csv
import io
import threading
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from shop import clock
from shop.db import open_session
from shop.errors import FieldRefused, NotAllowed, WrongMove
from shop.forms.gifts import Gift
from shop.forms.invoices import InvoiceDraft, MadeOut
from shop.forms.tax_codes import (
    is_checked,
    read_household_code,
    read_personal_number,
    read_tax_code,
)
from shop.forms.values import ValueRefused
from shop.forms.vouchers import VoucherDraft
from shop.models.buyers import ProvedBy, Purpose
from shop.models.catalog import Pack, TaxRate
from shop.models.invoices import Invoice, InvoiceBuyer, InvoiceRequest
from shop.models.orders import DeliveryMethod, Order
from shop.models.people import AuditEntry, Role
from shop.models.vouchers import VoucherKind
from shop.pages.buyer_copy import everything
from shop.services import (
    buyers,
    forgetting,
    invoices,
    order_fulfilment,
    order_payment,
    order_taxes,
    vouchers,
)
from shop.services.actors import BUYER, SYSTEM, account_actor
from tests.support.office import Office
from tests.support.pages import Page, Visitor

TYPED_BUYER = {
    "name": "Nguyễn Thị Hoa",
    "phone": "0912345678",
    "commune": "Xã La Bằng, Tỉnh Thái Nguyên",
    "street": "12 xóm La Bằng",
}
COMPANY = {
    "invoice_kind": "company",
    "invoice_name": "Công ty TNHH Chè Xanh",
    "invoice_tax_code": "0300 588 569",
    "invoice_address": "12 Hoàng Văn Thụ, Thái Nguyên",
    "invoice_email": "ketoan@chexanh.example",
}
WANTED = InvoiceDraft(
    InvoiceBuyer.COMPANY,
    "Công ty TNHH Chè Xanh",
    "0300588569",
    "12 Hoàng Văn Thụ, Thái Nguyên",
    "ketoan@chexanh.example",
)
PLACE = "Đặt hàng ·"


@pytest.fixture
def pack(office: Office) -> Pack:
    """Twenty packs at 90.000 ₫, taxed by 8 %; the way to have them brought costs 25.000 ₫."""
    if office.session.scalars(select(TaxRate)).first() is None:
        office.session.add(
            TaxRate(
                tax_class="standard",
                valid_from=date(2020, 1, 1),
                valid_to=None,
                rate_basis_points=800,
                source="thử",
            )
        )
    found = office.level().batch_pack.pack
    assert found.product.seller.slug
    office.session.commit()
    return found


def rate_of(office: Office) -> int:
    """The rate of today: the tests hold in every year."""
    found = office.session.scalars(
        select(TaxRate.rate_basis_points)
        .where(TaxRate.tax_class == "standard", TaxRate.valid_from <= office.today)
        .where((TaxRate.valid_to.is_(None)) | (TaxRate.valid_to >= office.today))
    ).one()
    assert found
    return found


def checkout(visitor: Visitor, pack: Pack, language: str = "") -> Page:
    visitor.post("/gio-hang", {"pack": str(pack.id), "quantity": "1"})
    return visitor.open(f"{language}/dat-hang?seller={pack.product.seller.slug}")


def plain(page: Page) -> str:
    return page.text.replace("\xa0", " ")


def fresh(session: Session) -> None:
    session.rollback()
    session.expire_all()


def wanted(session: Session) -> list[InvoiceRequest]:
    fresh(session)
    found = list(session.scalars(select(InvoiceRequest).order_by(InvoiceRequest.id)))
    session.commit()
    return found


def acts(session: Session, order: Order) -> list[str]:
    fresh(session)
    found = session.scalars(
        select(AuditEntry.action)
        .where(AuditEntry.subject_kind == "sales_order", AuditEntry.subject_id == order.id)
        .where(AuditEntry.action.startswith("invoice"))
        .order_by(AuditEntry.id)
    ).all()
    session.commit()
    return list(found)


def made_out(session: Session, order_id: int) -> list[tuple[str, str]]:
    fresh(session)
    found = session.execute(
        select(Invoice.number, Invoice.reason)
        .where(Invoice.order_id == order_id)
        .order_by(Invoice.id)
    ).all()
    session.commit()
    return [(row.number, row.reason) for row in found]


def delivered(office: Office, pack: Pack, **values: Any) -> Order:
    order = office.shipped_order(pack, **values)
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)
    office.session.commit()
    return order


def record(office: Office, order: Order, number: str = "1C26TLB 00000123") -> Invoice:
    found = invoices.record(
        office.session,
        order.id,
        MadeOut(number, office.today),
        actor=SYSTEM,
        now=office.now,
    )
    office.session.commit()
    return found


# ---- at the checkout


def test_a_company_asks_at_the_checkout_and_reads_it_on_the_page_of_its_order(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    page = checkout(visitor, pack).submit({**TYPED_BUYER, **COMPANY}, press=PLACE)

    (found,) = wanted(office.session)
    assert (found.kind, found.tax_code) == (InvoiceBuyer.COMPANY, "0300588569")
    assert found.name == "Công ty TNHH Chè Xanh"
    assert found.email == "ketoan@chexanh.example"
    assert "Sẽ xuất hóa đơn cho Công ty TNHH Chè Xanh." in page.text


def test_who_asks_for_none_gets_none(visitor: Visitor, office: Office, pack: Pack) -> None:
    page = checkout(visitor, pack).submit(TYPED_BUYER, press=PLACE)

    assert wanted(office.session) == []
    assert "Lấy hóa đơn" in page.links()


def test_who_changes_their_mind_gets_none_whatever_was_typed(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    values = COMPANY | {"invoice_kind": "khong", "invoice_tax_code": "12"}

    checkout(visitor, pack).submit({**TYPED_BUYER, **values}, press=PLACE)

    assert wanted(office.session) == []


@pytest.mark.parametrize(
    ("values", "field", "words"),
    [
        ({"invoice_kind": ""}, "invoice_kind", "Chọn người mua là ai"),
        ({"invoice_kind": "x"}, "invoice_kind", "Chọn người mua là ai"),
        ({"invoice_name": " 🎂 "}, "invoice_name", "Chưa ghi tên. Ví dụ"),
        ({"invoice_tax_code": ""}, "invoice_tax_code", "Chưa ghi mã số thuế."),
        ({"invoice_tax_code": "0300588568"}, "invoice_tax_code", "sai một chữ số"),
        ({"invoice_tax_code": "030058856"}, "invoice_tax_code", "đang có 9 số"),
        ({"invoice_tax_code": "MST 03"}, "invoice_tax_code", "chỉ gồm chữ số"),
        ({"invoice_address": ""}, "invoice_address", "Chưa ghi địa chỉ."),
        ({"invoice_email": "ketoan"}, "invoice_email", "Địa chỉ thư chưa đúng."),
        (
            {"invoice_kind": "person", "invoice_tax_code": "03005885"},
            "invoice_tax_code",
            "Số định danh cá nhân có 12 chữ số; đang có 8 số",
        ),
        (
            {"invoice_kind": "household", "invoice_tax_code": "03005885"},
            "invoice_tax_code",
            "Hộ kinh doanh dùng số định danh 12 chữ số",
        ),
    ],
)
def test_what_is_wrong_stands_beside_its_field_and_all_that_was_typed_stays(
    visitor: Visitor,
    office: Office,
    pack: Pack,
    values: Mapping[str, str],
    field: str,
    words: str,
) -> None:
    typed = {**TYPED_BUYER, **COMPANY, **values}

    page = checkout(visitor, pack).submit(typed, press=PLACE, status=422)

    there = page.fields(press=PLACE)
    assert words in page.text
    assert f'id="loi-{field}"' in page.body
    assert there["invoice_email"] == typed["invoice_email"]
    assert there["invoice_name"] == typed["invoice_name"]
    assert there["name"] == "Nguyễn Thị Hoa"
    assert wanted(office.session) == []


def test_a_person_needs_to_say_nothing_but_a_name(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    values = {"invoice_kind": "person", "invoice_name": "Nguyễn Thị Hoa"}

    checkout(visitor, pack).submit({**TYPED_BUYER, **values}, press=PLACE)

    (found,) = wanted(office.session)
    assert (found.kind, found.tax_code, found.address) == (InvoiceBuyer.PERSON, "", "")


def test_the_pages_speak_english(visitor: Visitor, office: Office, pack: Pack) -> None:
    form = checkout(visitor, pack, "/en")
    page = form.submit({**TYPED_BUYER, **COMPANY}, press="Place order ·")
    edited = page.follow("Change invoice details")
    director = office.visitor()
    (found,) = wanted(office.session)
    order = office.session.get_one(Order, found.order_id)
    code = order.code
    office.pay(order)
    sheet = director.open(f"/en/quan-ly/hoa-don/{code}")

    assert "Get an invoice" in form.text
    assert "Tax code or personal number" in edited.text
    assert "Amounts and tax" in sheet.text
    assert director.open("/en/quan-ly/hoa-don").heading == "Invoices to make out"


# ---- numbers


@pytest.mark.parametrize(
    "code",
    ["0300588569", "0101248141", "0100109106", "0300588569-001", "0101248141 012"],
)
def test_codes_that_the_tax_office_gave_out_are_taken(code: str) -> None:
    read = read_tax_code(code)

    assert read.replace("-", "") == code.replace("-", "").replace(" ", "")


@given(st.text("0123456789", min_size=9, max_size=9), st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(nine: str, place: int, by: int) -> None:
    fitting = [nine + str(last) for last in range(10) if is_checked(nine + str(last))]

    assert len(fitting) <= 1
    for code in fitting:
        wrong = code[:place] + str((int(code[place]) + by) % 10) + code[place + 1 :]
        with pytest.raises(ValueRefused) as refused:
            read_tax_code(wrong)
        assert refused.value.code == "tax_code_wrong"


@pytest.mark.parametrize("read", [read_household_code, read_personal_number])
def test_a_personal_number_has_twelve_digits(read: Any) -> None:
    assert read("019 085 012345") == "019085012345"


@given(st.text())
def test_no_text_breaks_the_reading_of_codes(text: str) -> None:
    for read in (read_tax_code, read_household_code, read_personal_number):
        with suppress(ValueRefused):
            assert set(read(text)) <= set("0123456789-")


# ---- amounts


def test_line_tax_delivery_and_voucher_add_up_to_what_is_paid(office: Office, pack: Pack) -> None:
    draft = VoucherDraft(
        name="Bớt",
        code="BOT7777",
        kind=VoucherKind.AMOUNT,
        amount=7_777,
        cap_vnd=None,
        minimum_vnd=0,
        starts_on=date(2020, 1, 1),
        ends_on=None,
        uses_most=None,
        uses_per_phone=None,
        budget_vnd=None,
        product_ids=None,
    )
    vouchers.open_voucher(office.session, office.seller, draft, actor=SYSTEM, now=office.now)
    order = office.paid_order(
        pack,
        quantity=3,
        voucher_code="BOT7777",
        expected_total_vnd=3 * 90_000 + 25_000 - 7_777,
        invoice=WANTED,
    )
    rate = rate_of(office)

    entry = record(office, order)

    goods, fee = 3 * 90_000 - 7_777, 25_000
    tax = order_taxes.tax_inside(goods, rate) + order_taxes.tax_inside(fee, rate)
    assert (order.delivery_tax_class, order.delivery_tax_basis_points) == ("standard", rate)
    assert (entry.total_vnd, entry.tax_vnd) == (goods + fee, tax)
    assert entry.net_vnd == goods + fee - tax
    assert [(one.tax_class, one.total_vnd) for one in entry.sums] == [("standard", goods + fee)]
    office.session.commit()


def test_goods_without_tax_and_a_fee_with_tax_are_told_apart(office: Office, pack: Pack) -> None:
    pack.product.tax_class = "unprocessed"
    office.session.commit()
    order = office.paid_order(pack, invoice=WANTED)
    code = order.code
    office.session.commit()

    page = office.visitor().open(f"/quan-ly/hoa-don/{code}")

    said = plain(page)
    assert (
        "Nông sản chưa chế biến, tự làm ra (không chịu thuế) không chịu thuế 90.000 ₫ 0 ₫" in said
    )
    assert "Tổng cộng" in said
    assert said.count("115.000 ₫") >= 1


def test_a_fee_is_taxed_by_the_class_that_the_office_chose(office: Office, pack: Pack) -> None:
    order = office.order(pack)
    (method,) = office.session.scalars(
        select(DeliveryMethod).where(DeliveryMethod.seller_id == office.seller.id)
    )
    method_id = method.id
    office.session.commit()

    office.visitor().open(f"/quan-ly/cua-hang/cach-giao/{method_id}").submit(
        {"tax_class": "unprocessed"}, press="Lưu"
    )
    fresh(office.session)
    later = office.order(pack)

    assert order.delivery_tax_class == "standard"
    assert (later.delivery_tax_class, later.delivery_tax_vnd) == ("unprocessed", 0)


# ---- in the office


def test_the_office_finds_it_in_its_inbox_and_writes_down_number_and_day(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    code, token = order.code, order.token
    office.session.commit()
    at_office = office.visitor()

    task = at_office.open("/quan-ly").follow("Ghi số")
    day = f"{office.today:%d/%m/%Y}"
    done = task.submit({"number": " 1c26tlb  00000123 ", "issued_on": day}, press="Ghi đã xuất")

    assert task.path == f"/quan-ly/hoa-don/{code}"
    assert "0300588569" in task.text
    assert f"số 1C26TLB 00000123, ngày {day}" in done.text
    assert acts(office.session, order) == ["invoice_issued"]
    assert f"Hóa đơn số 1C26TLB 00000123, ngày {day}." in visitor.open(f"/don-hang/{token}").text
    assert "Ghi số" not in at_office.open("/quan-ly").links()
    assert "Hóa đơn cần xuất" in at_office.open("/quan-ly").links()
    waiting = at_office.open("/quan-ly/hoa-don")
    assert "Không có hóa đơn nào." in waiting.text
    assert "Công ty TNHH Chè Xanh" in waiting.follow("Đã xuất").text


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"number": ""}, "Chưa ghi số hóa đơn."),
        ({"number": "abc"}, "Số hóa đơn phải có chữ số."),
        ({"issued_on": ""}, "Chưa ghi ngày"),
        ({"issued_on": "01/01/2020"}, 'id="loi-issued_on"'),
        ({"issued_on": "01/01/2090"}, 'id="loi-issued_on"'),
        ({"issued_on": "31/02/2026"}, 'id="loi-issued_on"'),
    ],
)
def test_a_number_or_day_that_cannot_be_is_refused_beside_its_field(
    office: Office, pack: Pack, values: dict[str, str], words: str
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    good = {"number": "1C26TLB 7", "issued_on": f"{office.today:%d/%m/%Y}"}
    form = office.visitor().open(f"/quan-ly/hoa-don/{order.code}")

    page = form.submit(good | values, press="Ghi đã xuất", status=422)

    assert words in page.text or words in page.body
    assert page.fields(press="Ghi đã xuất")["number"] == (good | values)["number"]
    assert made_out(office.session, order.id) == []


def test_a_number_of_another_order_is_refused_and_names_it(office: Office, pack: Pack) -> None:
    first = office.paid_order(pack, invoice=WANTED)
    second = office.paid_order(pack, invoice=WANTED)
    record(office, first, "1C26TLB 1")
    form = office.visitor().open(f"/quan-ly/hoa-don/{second.code}")

    page = form.submit(
        {"number": "1c26tlb 1", "issued_on": f"{office.today:%d/%m/%Y}"},
        press="Ghi đã xuất",
        status=422,
    )

    assert f"Số này đã ghi cho đơn {first.code}." in page.text
    assert made_out(office.session, second.id) == []


def test_a_correction_is_a_new_entry_with_its_reason(office: Office, pack: Pack) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    record(office, order, "1C26TLB 1")
    page = office.visitor().open(f"/quan-ly/hoa-don/{order.code}")
    day = f"{office.today:%d/%m/%Y}"

    refused = page.submit({"number": "1C26TLB 2", "issued_on": day}, press="Ghi lại", status=422)
    done = refused.submit({"reason": "Ghi nhầm số"}, press="Ghi lại")

    assert "Chưa ghi lý do." in refused.text
    assert "Lý do: Ghi nhầm số" in done.text
    assert made_out(office.session, order.id) == [("1C26TLB 1", ""), ("1C26TLB 2", "Ghi nhầm số")]
    assert acts(office.session, order) == ["invoice_issued", "invoice_corrected"]


def test_the_same_press_twice_is_one_entry_and_another_number_none(
    office: Office, pack: Pack
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    form = office.visitor().open(f"/quan-ly/hoa-don/{order.code}")
    values = {"number": "1C26TLB 1", "issued_on": f"{office.today:%d/%m/%Y}"}

    form.submit(values, press="Ghi đã xuất")
    form.submit(values, press="Ghi đã xuất")
    late = form.submit(values | {"number": "1C26TLB 9"}, press="Ghi đã xuất", status=409)

    assert "Chưa làm được." in late.text
    assert made_out(office.session, order.id) == [("1C26TLB 1", "")]


def test_nothing_is_made_out_before_the_order_is_confirmed_or_for_nobody(
    office: Office, pack: Pack
) -> None:
    unpaid = office.order(pack, invoice=WANTED)
    unasked = office.paid_order(pack)
    at_office = office.visitor()

    for order in (unpaid, unasked):
        assert "Ghi đã xuất" not in at_office.open(f"/quan-ly/hoa-don/{order.code}").text
        with pytest.raises(WrongMove):
            record(office, order)
        office.session.rollback()
    assert unpaid.code not in at_office.open("/quan-ly/hoa-don").text


def test_the_office_writes_down_for_whom_and_the_history_tells_parts_not_names(
    office: Office, pack: Pack
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    form = office.visitor().open(f"/quan-ly/hoa-don/{order.code}").follow("Sửa thông tin")

    form.submit({"invoice_name": "Công ty cổ phần Chè Xanh"}, press="Lưu")
    form.submit({"invoice_name": "Công ty cổ phần Chè Xanh"}, press="Lưu")

    (found,) = wanted(office.session)
    assert found.name == "Công ty cổ phần Chè Xanh"
    assert acts(office.session, order) == ["invoice_changed"]
    entry = office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "invoice_changed")
    ).one()
    assert entry.after == {"invoice_buyer": "company", "invoice_parts": ["name"]}
    assert entry.before is None
    office.session.commit()
    told = office.visitor().open("/quan-ly/lich-su")
    assert "đã sửa tên" in told.text
    assert "Chè Xanh" not in told.text


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.OFFICE, 200), (Role.TREASURER, 200), (Role.TECHNICIAN, 403), (Role.HELPER, 403)],
)
def test_who_may_see_invoices(office: Office, pack: Pack, role: Role, status: int) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    client = office.client(role)

    for path in ("/quan-ly/hoa-don", f"/quan-ly/hoa-don/{order.code}"):
        assert client.get(path).status_code == status


def test_the_service_itself_refuses_who_may_not(office: Office, pack: Pack) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    technician = account_actor(office.account(Role.TECHNICIAN), origin="", now=office.now)

    with pytest.raises(NotAllowed):
        invoices.record(
            office.session,
            order.id,
            MadeOut("1", office.today),
            actor=technician,
            now=office.now,
        )
    office.session.rollback()


def test_the_file_has_a_row_for_each_line_and_no_formula(office: Office, pack: Pack) -> None:
    evil = InvoiceDraft(InvoiceBuyer.COMPANY, "=CMD|' /C calc'!A0", "0300588569", "@home", "")
    order = office.paid_order(pack, invoice=evil)
    client = office.client()

    answer = client.get("/quan-ly/hoa-don/tai-ve.csv")
    book = client.get("/quan-ly/hoa-don/tai-ve.xlsx")

    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert len(rows) == 3
    assert {row[0] for row in rows[1:]} == {order.code}
    assert rows[1][4].startswith("'=CMD")
    assert rows[1][6] == "'@home"
    assert [int(row[14]) for row in rows[1:]] == [90_000, 25_000]
    assert all(int(row[12]) + int(row[13]) == int(row[14]) for row in rows[1:])
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row)
    assert book.data[:2] == b"PK"


def test_what_was_made_out_can_be_neither_changed_nor_removed(office: Office, pack: Pack) -> None:
    entry = record(office, office.paid_order(pack, invoice=WANTED))

    entry.number = "X1"
    with pytest.raises(DBAPIError):
        office.session.flush()
    office.session.rollback()


@pytest.mark.both_databases
def test_of_two_who_write_down_a_number_at_once_one_is_told(office: Office, pack: Pack) -> None:
    orders = [office.paid_order(pack, invoice=WANTED) for _ in range(2)]
    ids = [order.id for order in orders]
    office.session.commit()
    assert office.app is not None
    extensions = office.app.extensions
    engine, settings = extensions["dacsan_engine"], extensions["dacsan_settings"]
    ends: list[str] = []
    start = threading.Barrier(2)

    def one(order_id: int) -> None:
        with open_session(engine, settings) as session:
            start.wait(timeout=60)
            try:
                made = MadeOut("1C26TLB 5", clock.today())
                invoices.record(session, order_id, made, actor=SYSTEM, now=clock.now())
                session.commit()
                ends.append("done")
            except FieldRefused as refused:
                session.rollback()
                ends.append(refused.sentence_code)

    both = [threading.Thread(target=one, args=(order_id,)) for order_id in ids]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()

    assert sorted(ends) == ["done", "invoice_number_taken"]
    fresh(office.session)
    assert office.session.scalar(select(func.count()).select_from(Invoice)) == 1
    office.session.commit()


def test_a_rate_that_changed_since_the_order_is_told_before_it_is_made_out(
    office: Office, pack: Pack
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    code, before = order.code, rate_of(office)
    at_office = office.visitor()
    as_placed = at_office.open(f"/quan-ly/hoa-don/{code}")
    for row in office.session.scalars(select(TaxRate).where(TaxRate.tax_class == "standard")):
        row.rate_basis_points = 1_200
    office.session.commit()

    changed = at_office.open(f"/quan-ly/hoa-don/{code}")

    assert "Thuế suất hôm nay khác lúc đặt đơn." not in as_placed.text
    assert "Thuế suất hôm nay khác lúc đặt đơn." in changed.text
    assert f"{before // 100} % → 12 %" in plain(changed)
    assert record(office, order).tax_vnd == order_taxes.tax_inside(
        90_000, before
    ) + order_taxes.tax_inside(25_000, before)


def test_an_order_that_ends_after_its_invoice_asks_for_the_accountant(
    office: Office, pack: Pack
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    record(office, order)
    order_payment.cancel(office.session, order.id, reason="buyer", actor=SYSTEM, now=office.now)
    code = order.code
    office.session.commit()

    page = office.visitor().open(f"/quan-ly/hoa-don/{code}")

    assert "Đơn đã hủy hoặc trả hàng sau khi xuất hóa đơn." in page.text


@pytest.mark.parametrize("query", ["?trang=abc", "?trang=99999", "?nhom=x", "?nhom=da-xuat"])
def test_no_address_of_the_list_is_a_mistake_of_ours(office: Office, query: str) -> None:
    assert office.visitor().open(f"/quan-ly/hoa-don{query}").heading == "Hóa đơn cần xuất"


# ---- later, on the page of the order


def test_a_buyer_asks_later_says_for_whom_instead_and_gives_it_up(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    order = delivered(office, pack)
    token = order.token
    office.session.commit()
    until = office.today + timedelta(days=10)

    page = visitor.open(f"/don-hang/{token}")
    form = page.follow("Lấy hóa đơn")
    asked = form.submit(COMPANY, press="Xin hóa đơn")
    changed = asked.follow("Sửa thông tin hóa đơn").submit(
        {"invoice_name": "Công ty Chè Đỏ"}, press="Ghi lại"
    )
    given_up = changed.follow("Sửa thông tin hóa đơn").submit(press="Không lấy hóa đơn nữa")

    assert f"Xin được đến hết ngày {until:%d/%m/%Y}." in page.text
    assert "Sẽ xuất hóa đơn cho Công ty TNHH Chè Xanh." in asked.text
    assert "Sẽ xuất hóa đơn cho Công ty Chè Đỏ." in changed.text
    assert "Chè Đỏ" not in given_up.text
    assert "Lấy hóa đơn" in given_up.links()
    assert acts(office.session, order) == ["invoice_asked", "invoice_asked", "invoice_given_up"]
    (kept,) = wanted(office.session)
    assert (kept.name, kept.tax_code, kept.address, kept.email) == ("", "", "", "")


def test_asking_is_over_some_days_after_the_goods_came(office: Office, pack: Pack) -> None:
    order = delivered(office, pack)
    last = office.now + timedelta(days=10)

    invoices.ask(office.session, order.id, WANTED, actor=BUYER, now=last)
    with pytest.raises(WrongMove):
        invoices.give_up(office.session, order.id, actor=BUYER, now=last + timedelta(days=1))
    office.session.rollback()


def test_a_form_that_was_open_too_long_says_so_and_changes_nothing(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    order = office.paid_order(pack, invoice=WANTED)
    token = order.token
    office.session.commit()
    form = visitor.open(f"/don-hang/{token}/hoa-don")
    record(office, order)

    late = form.submit({"invoice_name": "Công ty khác"}, press="Ghi lại", status=409)
    gone = form.submit(press="Không lấy hóa đơn nữa", status=409)

    for page in (late, gone):
        assert "Đã xuất nên không sửa ở đây được." in page.text
    (kept,) = wanted(office.session)
    assert kept.name == "Công ty TNHH Chè Xanh"


def test_a_cancelled_order_has_no_invoice_to_ask_for(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    order = office.order(pack)
    token = order.token
    office.session.commit()
    visitor.open(f"/don-hang/{token}").submit(press="Hủy đơn này")

    page = visitor.open(f"/don-hang/{token}")
    form = visitor.open(f"/don-hang/{token}/hoa-don")

    assert "Lấy hóa đơn" not in page.links()
    assert "Không còn xin hóa đơn cho đơn này được." in form.text


def test_faults_of_the_later_form_stand_beside_their_fields(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    order = office.order(pack)
    token = order.token
    office.session.commit()
    form = visitor.open(f"/don-hang/{token}/hoa-don")

    page = form.submit(
        COMPANY | {"invoice_tax_code": "0300588568"}, press="Xin hóa đơn", status=422
    )

    assert "sai một chữ số" in page.text
    assert page.fields(press="Xin hóa đơn")["invoice_name"] == COMPANY["invoice_name"]


def test_a_link_that_is_not_there_is_not_found(visitor: Visitor, office: Office) -> None:
    visitor.open("/don-hang/khong-co/hoa-don", status=404)


# ---- what a buyer may take away, and being forgotten


def test_the_copy_of_ones_data_has_the_invoice_and_the_card(office: Office, pack: Pack) -> None:
    session = office.session
    order = office.order(pack, invoice=WANTED, gift=Gift("Mừng thọ bà"))
    plain_order = office.order(pack)
    buyer = buyers.open_account(
        session,
        phone="+84912345678",
        name="Nguyễn Thị Hoa",
        password="một câu dài để nhớ",
        purposes=(Purpose.ORDERS,),
        now=office.now,
    )
    for one in (order, plain_order):
        buyers.own(session, buyer, one, ProvedBy.SIGNED_IN, now=office.now)

    told = {one["code"]: one for one in everything(session, buyer)["orders"]}

    assert told[order.code]["gift"] == {"card": "Mừng thọ bà", "hides_prices": False}
    assert told[order.code]["invoice"]["tax_code"] == "0300588569"
    assert told[order.code]["invoice"]["kind"] == "company"
    assert told[plain_order.code]["invoice"] is None
    session.commit()


def test_an_invoice_asked_for_is_waited_for_but_not_for_ever(office: Office, pack: Pack) -> None:
    order = delivered(office, pack, invoice=WANTED)

    assert not forgetting.ask(office.session, order, now=office.now)
    assert order.buyer_name == "Nguyễn Thị Hoa"
    assert forgetting.forget_asked(office.session, now=office.now + timedelta(days=31)) == 1

    kept = office.session.scalars(select(InvoiceRequest)).one()
    assert (kept.name, kept.tax_code, kept.email) == ("", "", "")
    assert kept.given_up_at is not None
    office.session.commit()


def test_an_invoice_made_out_keeps_whom_it_names_and_the_page_names_nobody(
    visitor: Visitor, office: Office, pack: Pack
) -> None:
    order = delivered(office, pack, invoice=WANTED)
    token = order.token
    record(office, order)

    assert forgetting.ask(office.session, order, now=office.now)
    office.session.commit()

    kept = wanted(office.session)[0]
    assert (kept.name, kept.tax_code) == ("Công ty TNHH Chè Xanh", "0300588569")
    assert kept.email == ""
    page = visitor.open(f"/don-hang/{token}")
    assert "Hóa đơn số 1C26TLB 00000123" in page.text
    assert "Chè Xanh" not in page.text
