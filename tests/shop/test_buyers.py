"""A buyer may have an account, and needs none: orders, addresses, consents, a copy, erasure."""

import json
from datetime import timedelta

import pytest
from sqlalchemy import select

from shop.forms.stock_watches import read_contact
from shop.models.buyers import Buyer, BuyerAddress, BuyerOrder, BuyerSignIn
from shop.models.catalog import Pack
from shop.models.orders import CartLine, Order
from shop.models.stock_watches import StockWatch
from shop.services import carts, forgetting, order_fulfilment, stock_watches
from shop.services.actors import SYSTEM
from tests.factories import PASSWORD, make_account, make_commune
from tests.support.pages import Visitor

PHONE = "0987 654 321"
WORD = "chè ngon mùa xuân"
OPENING = {"name": "Trần Thị Mai", "phone": PHONE, "fresh": WORD}
BOTH = {"keep_orders": "1", "keep_addresses": "1"}


@pytest.fixture
def demo_database_url(database_url):
    """Nobody else buys here."""
    return database_url


@pytest.fixture
def browser(office):
    """Make browsers, each with cookies of its own."""
    make_commune(office.session)
    office.session.commit()
    return lambda: Visitor.of(office.app.test_client())


def opened(visitor, status=200, **values):
    page = visitor.open("/khach/mo-tai-khoan")
    return page.submit(OPENING | values, press="Mở tài khoản", status=status)


def entered(visitor, *, password=WORD, phone=PHONE, status=200):
    page = visitor.open("/khach/dang-nhap")
    return page.submit({"phone": phone, "password": password}, press="Đăng nhập", status=status)


def put(visitor, pack, quantity):
    visitor.post("/gio-hang", {"pack": str(pack), "quantity": str(quantity)})


def stocked(office, **values):
    """Return the number of a pack on the shelf, and keep no lock."""
    pack_id = office.level(**values).batch_pack.pack.id
    office.session.commit()
    return pack_id


def rows(office, model):
    office.session.rollback()
    office.session.expire_all()
    found = list(office.session.scalars(select(model)))
    office.session.commit()
    return found


def quantities(office):
    lines = rows(office, CartLine)
    return sorted((line.pack_id, line.quantity) for line in lines)


def buy(visitor, pack, **values):
    put(visitor, pack, 1)
    filled = {
        "name": "Trần Thị Mai",
        "phone": PHONE,
        "street": "12 ngõ Văn Hương",
        "commune": "La Bằng",
        "payment_way": "cod",
        "note": "Gọi trước",
    }
    return visitor.open("/dat-hang").submit(filled | values, press="Đặt hàng")


def test_an_account_is_opened_with_nothing_ticked_and_opens_again(office, browser):
    visitor = browser()
    form = visitor.open("/khach/mo-tai-khoan")
    assert 'name="keep_orders" value="1" checked' not in form.body

    page = opened(visitor)
    assert page.heading == "Trần Thị Mai"
    page.submit(press="Thoát")

    assert visitor.open("/khach").heading == "Tài khoản khách"
    assert entered(browser()).heading == "Trần Thị Mai"
    assert "$argon2id$" in rows(office, Buyer)[0].password_hash
    assert len(rows(office, BuyerSignIn)[0].token_hash) == 64


def test_one_phone_may_be_both_staff_and_buyer(office, browser):
    make_account(office.session, phone="+84987654321")
    office.session.commit()
    visitor = browser()

    opened(visitor)

    assert visitor.open("/quan-ly", status=200).heading == "Đăng nhập"
    other = browser().open("/khach/dang-nhap")
    other.submit({"phone": PHONE, "password": PASSWORD}, press="Đăng nhập", status=422)
    other = browser().open("/dang-nhap")
    other.submit({"phone": PHONE, "password": WORD}, press="Đăng nhập", status=422)


def test_a_number_that_has_an_account_is_answered_as_one_that_has_none(browser):
    opened(browser())

    known = entered(browser(), password="sai", status=422)
    unknown = entered(browser(), password="sai", phone="0987 654 399", status=422)
    assert known.text.replace("321", "399") == unknown.text
    taken = opened(browser(), name="Người Khác", fresh="một mật khẩu khác")
    assert taken.heading == "Người Khác"
    assert entered(browser()).heading == "Trần Thị Mai"


def test_wrong_tries_shut_a_number_for_a_while_known_or_not(browser):
    opened(browser())

    for phone in (PHONE, "0987 654 399"):
        for _ in range(5):
            entered(browser(), password="sai", phone=phone, status=422)
        page = entered(browser(), password="sai", phone=phone, status=429)
        assert "Đợi 2 phút" in page.text


@pytest.mark.parametrize("fresh", ["123456", "98765432", "ngắn"])
def test_a_password_that_is_easy_to_guess_is_refused(browser, fresh):
    page = opened(browser(), fresh=fresh, status=422)

    assert "Còn 1 chỗ cần sửa" in page.text
    assert PHONE in page.body


def test_carts_of_browser_and_account_become_one_and_lose_nothing(office, browser):
    tea, roll = (stocked(office, on_hand=200) for _ in range(2))
    phone, computer = browser(), browser()
    put(phone, tea, 60)
    opened(phone)
    put(computer, tea, 60)
    put(computer, roll, 2)

    entered(computer)

    assert quantities(office) == sorted([(tea, carts.MOST), (roll, 2)])
    put(phone, roll, 1)
    assert (roll, 3) in quantities(office)
    computer.open("/khach").submit(press="Thoát")
    assert "Giỏ chưa có gì." in computer.open("/gio-hang").text
    entered(computer)
    assert (roll, 3) in quantities(office)


def test_orders_and_addresses_are_kept_only_where_the_buyer_agreed(office, browser):
    pack = stocked(office)
    silent, agreeing = browser(), browser()
    opened(silent)
    buy(silent, pack)
    assert rows(office, BuyerOrder) == rows(office, BuyerAddress) == []

    opened(agreeing, fresh="mật khẩu thứ hai", **BOTH)
    order = buy(agreeing, pack)
    page = agreeing.open("/khach")
    code = rows(office, Order)[-1].code
    assert f"{code[:2]}\u00a0{code[2:]}" in page.body
    assert "12 ngõ Văn Hương" in page.text
    assert order.path.startswith("/don-hang/")
    put(agreeing, pack, 1)
    again = agreeing.open("/dat-hang").fields(press="Đặt hàng")
    assert (again["name"], again["street"]) == ("Trần Thị Mai", "12 ngõ Văn Hương")

    page.submit({"keep_addresses": [], "keep_orders": "1"}, press="Lưu")
    assert rows(office, BuyerAddress) == []
    assert len(rows(office, BuyerOrder)) == 1


def test_an_order_comes_in_only_by_its_code_and_digits_or_its_private_link(office, browser):
    mine, other = office.order(), office.order()
    code_of_mine, digits, token = mine.code, mine.buyer_phone[-4:], other.token
    office.session.commit()
    visitor = browser()
    opened(visitor)

    page = visitor.open("/khach")
    for code, said in ((code_of_mine, "0000"), ("NKXXXXXX", digits), (code_of_mine, "")):
        page = page.submit({"code": code, "digits": said}, press="Thêm đơn", status=422)
        assert "Không tìm thấy đơn với mã và số này." in page.text
    page.submit({"code": code_of_mine, "digits": digits}, press="Thêm đơn")
    page = visitor.open(f"/don-hang/{token}").submit(press="Thêm vào tài khoản của tôi")

    assert "thêm bằng mã đơn và 4 số cuối" in page.text
    assert "thêm bằng đường dẫn riêng" in page.text
    assert "Thêm vào tài khoản" not in browser().open(f"/don-hang/{token}").text


def test_another_buyer_sees_and_changes_nothing_of_it(office, browser):
    pack = stocked(office)
    one, other = browser(), browser()
    opened(one, **BOTH)
    buy(one, pack)
    page = opened(other, fresh="mật khẩu thứ hai")

    assert "12 ngõ Văn Hương" not in page.text
    token = page.fields(press="Thoát")["csrf_token"]
    order_id, address_id = rows(office, BuyerOrder)[0].order_id, rows(office, BuyerAddress)[0].id
    office.session.commit()
    other.post(f"/khach/don/{order_id}/bo", {"csrf_token": token})
    other.post(f"/khach/dia-chi/{address_id}/xoa", {"csrf_token": token})
    assert len(rows(office, BuyerOrder)) == len(rows(office, BuyerAddress)) == 1


def test_a_copy_holds_everything_as_a_page_and_as_json(office, browser):
    visitor, client = browser(), office.app.test_client()
    opened(visitor, **BOTH)
    buy(visitor, stocked(office), commune="la bang")

    page = visitor.open("/khach/du-lieu")
    copy = json.loads(copy_of(visitor))

    assert "12 ngõ Văn Hương" in page.text
    assert copy["account"]["phone"] == "+84987654321"
    assert copy["orders"][0]["buyer"]["street"] == "12 ngõ Văn Hương"
    assert copy["orders"][0]["buyer"]["typed_commune"] == "la bang"
    assert "ghi là la bang" in page.text
    assert {one["purpose"] for one in copy["consents"]} == {"orders", "addresses"}
    assert "password" not in json.dumps(copy)
    assert client.get("/khach/du-lieu.json").status_code == 303


def copy_of(visitor):
    return visitor._fetch("GET", "/khach/du-lieu.json", None).body


def test_signing_out_everywhere_ends_every_device_and_keeps_the_cart(office, browser):
    pack = stocked(office)
    one, other = browser(), browser()
    opened(one)
    put(one, pack, 2)
    entered(other)

    one.open("/khach").submit(press="Thoát khỏi mọi máy")

    assert other.open("/khach").heading == "Tài khoản khách"
    assert "Giỏ chưa có gì." in other.open("/gio-hang").text
    entered(other)
    assert "Chè móc câu" in other.open("/gio-hang").text


def test_a_changed_password_ends_the_other_devices(browser):
    one, other = browser(), browser()
    opened(one)
    entered(other)
    page = one.open("/khach")
    page.submit({"password": "sai", "fresh": "mới tinh ba từ"}, press="Đổi mật khẩu", status=422)

    page.submit({"password": WORD, "fresh": "mới tinh ba từ"}, press="Đổi mật khẩu")

    assert one.open("/khach").heading == "Trần Thị Mai"
    assert other.open("/khach").heading == "Tài khoản khách"
    entered(browser(), status=422)
    entered(browser(), password="mới tinh ba từ")


def test_erasure_takes_the_person_out_and_leaves_what_the_books_need(office, browser):
    pack = stocked(office)
    visitor = browser()
    opened(visitor, **BOTH)
    buy(visitor, pack)
    delivered = office.delivered_cash_order()
    delivered.typed_commune = "quoc tu giam"
    code, digits = delivered.code, delivered.buyer_phone[-4:]
    total, before = delivered.total_vnd, delivered.buyer_name
    office.session.commit()
    visitor.open("/khach").submit({"code": code, "digits": digits}, press="Thêm đơn")
    page = visitor.open("/khach/xoa")
    assert "Còn giữ, và vì sao" in page.text
    page.submit({"password": "sai"}, press="Xóa tài khoản này", status=422)

    page.submit({"password": WORD}, press="Xóa tài khoản này")

    for model in (Buyer, BuyerOrder, BuyerAddress, BuyerSignIn):
        assert rows(office, model) == []
    done = office.fresh(delivered)
    assert before
    assert (done.buyer_name, done.buyer_phone, done.street, done.note) == ("", "", "", "")
    assert (done.commune, done.typed_commune) == ("", "")
    assert done.total_vnd == total
    waiting = next(one for one in rows(office, Order) if one.id != done.id)
    assert waiting.buyer_name == "Trần Thị Mai"
    assert waiting.forget_from is not None
    page = browser().open("/tra-cuu/don")
    page.submit({"code": done.code, "digits": ""}, press="Xem đơn", status=404)
    assert office.client().get(f"/quan-ly/don-hang/{done.code}").status_code == 200
    assert office.app.test_client().get(f"/don-hang/{done.token}").status_code == 200


def test_erasure_and_copy_hold_what_the_buyer_waits_for(office, browser):
    pack = office.session.get_one(Pack, stocked(office))
    visitor = browser()
    opened(visitor, **BOTH)
    buyer = rows(office, Buyer)[0]
    buyer.email = "mai@mau.example"
    for contact in ("mai@mau.example", buyer.phone, "khac@mau.example", "0905111222"):
        stock_watches.ask(office.session, pack, read_contact(contact), locale="vi", now=office.now)
    office.session.commit()

    told = visitor.open("/khach/du-lieu")
    visitor.open("/khach/xoa").submit({"password": WORD}, press="Xóa tài khoản này")

    assert f"{pack.product.name}, {pack.label}" in told.text.split("Món tôi chờ có hàng")[1]
    left = {row.email or row.phone for row in rows(office, StockWatch)}
    assert left == {"khac@mau.example", "+84905111222"}


def test_an_order_under_way_is_forgotten_once_it_is_done(office):
    order = office.shipped_order()
    forgetting.ask(office.session, order, now=office.now)
    assert order.buyer_name
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)

    done = forgetting.forget_asked(office.session, now=office.now + timedelta(days=1))
    office.session.commit()

    assert done == 1
    assert office.fresh(order).buyer_name == ""
