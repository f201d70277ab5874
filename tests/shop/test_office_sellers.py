"""An empty installation becomes a shop: the first administrator opens it page by page."""

import base64
import io
import re

import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from integrations import vietqr
from shop import formats
from shop.cli import main
from shop.demo import reference
from shop.models.batches import Batch, BatchKind
from shop.models.catalog import Pack, Product, Seller
from shop.models.orders import DeliveryMethod, Order
from shop.models.payments import BankAccount
from shop.models.people import Account, Role
from tests.factories import make_account
from tests.support.office import Office, sign_in
from tests.support.pages import Visitor

SHOP = "/quan-ly/cua-hang"
SELLER = {
    "kind": "cooperative",
    "name": "Hợp tác xã Chè La Bằng",
    "short_name": "HTX Chè La Bằng",
    "phone": "0912 345 678",
    "hamlet": "Xóm La Bằng",
    "commune": "La Bằng, Thái Nguyên",
    "mode": "live",
    "lot_prefix": "lbt",
    "order_prefix": "lb",
    "parcel_fee": "30k",
}
BANK = {"bank": "970436", "number": "0011 0019 32418", "holder": "Hợp tác xã chè La Bằng"}


class Fresh:
    """An installation as `dacsan run` leaves it, with its first administrator signed in."""

    def __init__(self, app, session):
        reference.load(session)
        account = make_account(session, role=Role.ADMIN)
        session.commit()
        self.app, self.session = app, session
        self.admin = Visitor.of(sign_in(app, account))

    def open_seller(self, **values):
        page = self.admin.open(f"{SHOP}/moi")
        return page.submit(SELLER | values, press="Mở gian hàng")

    def refused(self, **values):
        page = self.admin.open(f"{SHOP}/moi")
        return page.submit(SELLER | values, press="Mở gian hàng", status=422)

    def all(self, model, *conditions):
        """Return rows as the database has them now, and keep no lock."""
        self.session.rollback()
        self.session.expire_all()
        found = self.session.scalars(select(model).where(*conditions)).all()
        self.session.commit()
        return found

    def one(self, model, *conditions):
        (found,) = self.all(model, *conditions)
        return found


@pytest.fixture
def demo_database_url(database_url):
    """Nobody sells here yet."""
    return database_url


@pytest.fixture
def fresh(app, app_session):
    return Fresh(app, app_session)


def test_from_an_empty_database_to_an_order_paid_by_code(fresh):
    page = fresh.admin.open("/quan-ly")
    assert page.heading == "Mở gian hàng"
    page = page.submit(SELLER, press="Mở gian hàng")
    assert "Đã mở gian hàng HTX Chè La Bằng." in page.text
    assert "Chưa có tài khoản ngân hàng." in page.text

    page = page.follow("Thêm tài khoản").submit(BANK, press="Xem lại")
    assert "HOP TAC XA CHE LA BANG" in page.text
    page = page.submit(press="Đúng, nhận tiền vào đây")
    assert "Từ nay khách chuyển khoản vào Vietcombank." in page.text

    product_with_stock(fresh)
    order = buy(fresh)

    code = Image.open(io.BytesIO(fresh.app.test_client().get(f"{order}/ma.png").data))
    asked = vietqr.decode(zxingcpp.read_barcodes(code)[0].text)
    placed = fresh.one(Order)
    assert (asked.bin, asked.account) == ("970436", "0011001932418")
    assert (asked.amount_vnd, asked.memo) == (120_000, placed.code)
    assert placed.code.startswith("LB")
    assert fresh.admin.open("/quan-ly/don-hang").text.count("Nguyễn Thị Hoa") == 1


def product_with_stock(fresh):
    """Write down a product, its goods, a batch, and put the batch on sale, page by page."""
    product = {
        "name": "Chè xanh La Bằng",
        "kind": "Chè",
        "ingredients": "Búp chè",
        "no_allergens": "1",
        "storage": "Nơi khô, mát",
        "shelf_life_days": "540",
        "packs-0-label": "gói 200 g",
        "packs-0-net": "200",
        "packs-0-price": "90k",
    }
    fresh.admin.open("/quan-ly/san-pham/moi").submit(product, press="Lưu và bán")
    seller = fresh.one(Seller)
    office = Office(fresh.app, fresh.session, seller)
    today = formats.day(office.today)
    delivery = {
        "goods": "Búp chè tươi",
        "weight": "100 kg",
        "giver": "supplier",
        "supplier": "Hộ ông Bình",
        "harvested_on": today,
    }
    fresh.admin.open("/quan-ly/giao-hang/moi").submit(delivery, press="Ghi phiếu")
    made = {"product": str(fresh.one(Product).id), "made_on": today}
    page = fresh.admin.open("/quan-ly/lo-hang/moi").submit(made, press="Mở lô")
    slip = fresh.one(Batch, Batch.kind == BatchKind.DELIVERY).id
    page = page.submit({f"all-{slip}": "1"}, form="hang-nhan")
    step = {
        "step_name": "Sao khô",
        "step_day": today,
        "step_from": "0h",
        "step_until": "0h01",
        "out_g": "21 kg",
    }
    page = page.submit(step, form="/buoc")
    pack = fresh.one(Pack).id
    packed = {f"units-{pack}": "100", "retained": "200 g", "packed_on": today}
    page = page.submit(packed, form="/dong-goi", press="Đóng lô")
    page.submit(form="/cho-ban")


def buy(fresh):
    """Order one pack by transfer and return the address of the order's page."""
    visitor = Visitor.of(fresh.app.test_client())
    page = visitor.open("/san-pham").follow("Chè xanh La Bằng").submit(press="Thêm vào giỏ")
    buyer = {
        "name": "Nguyễn Thị Hoa",
        "phone": "0987 654 321",
        "commune": "La Bằng, Thái Nguyên",
        "street": "Xóm Đồng Đình",
        "payment_way": "vietqr",
    }
    form = page.follow("Đặt hàng")
    parcel = fresh.one(DeliveryMethod, DeliveryMethod.fee_vnd > 0)
    page = form.submit(buyer | {"delivery_method": str(parcel.id)}, press="Đặt hàng ·")
    return page.path


def test_what_was_typed_wrong_stands_beside_its_field_and_the_rest_stays(fresh):
    page = fresh.refused(order_prefix="L1", phone="12", commune="Không Có, Thái Nguyên")

    for said in ("Đúng hai chữ cái không dấu", "Không tìm thấy xã, phường này"):
        assert said in page.text
    assert page.root.find(".//input[@id='o-phone']").get("aria-invalid") == "true"
    assert page.root.find(".//input[@id='o-name']").get("value") == SELLER["name"]
    assert fresh.all(Seller) == []


def test_a_commune_of_several_places_is_asked_about(fresh):
    page = fresh.refused(commune="Tân Thành")
    choices = page.root.findall(".//input[@name='commune_code']")

    page = page.submit({"commune_code": choices[1].get("value")}, press="Mở gian hàng")

    assert len(choices) > 1
    assert fresh.one(Seller).commune_code == choices[1].get("value")


def test_letters_of_another_seller_are_refused_beside_their_field(fresh):
    fresh.open_seller()

    page = fresh.refused(short_name="HTX khác", order_prefix="HK")

    assert "Mã lô bắt đầu bằng LBT đã có nơi bán khác." in page.text


def test_who_opens_a_second_seller_works_for_it(fresh):
    fresh.open_seller()
    names = {"name": "Điểm chợ Bến Dầu", "short_name": "Chợ Bến Dầu", "kind": "market_point"}

    page = fresh.admin.open(SHOP).follow("Mở gian hàng khác")
    page = page.submit(
        SELLER | names | {"lot_prefix": "BDC", "order_prefix": "BD"}, press="Mở gian hàng"
    )

    assert "/htx/cho-ben-dau" in page.text
    assert "Mở gian hàng" in fresh.admin.open("/quan-ly/noi-ban").links()


def test_a_director_without_a_seller_of_everything_opens_none(office):
    director = office.visitor(Role.DIRECTOR)

    director.open(f"{SHOP}/moi", status=403)

    assert "Mở gian hàng khác" not in director.open(SHOP).links()


def test_a_clerk_does_not_see_the_settings(office):
    clerk = office.visitor(Role.OFFICE)

    clerk.open(SHOP, status=403)

    assert "Cửa hàng" not in clerk.open("/quan-ly").links()


def test_the_public_reads_the_new_phone_at_once(fresh):
    page = fresh.open_seller()

    page = page.follow("Sửa thông tin").submit({"phone": "0987 654 321"}, press="Lưu")

    assert "0987 654 321" in page.text
    public = Visitor.of(fresh.app.test_client()).open("/htx/htx-che-la-bang")
    assert "0987 654 321" in public.text


def test_a_way_of_delivery_is_added_changed_closed_and_opened(fresh):
    page = fresh.open_seller(parcel_fee="", pickup=[])
    way = {"kind": "own", "name": "Giao lạnh", "fee": "40k", "days": "1", "provinces": ["37"]}

    assert "Chưa có cách giao nào đang mở." in page.text
    page = page.follow("Thêm cách giao").submit(way | {"is_chilled": "1"}, press="Lưu")
    assert "40.000 ₫ · nhiều nhất 1 ngày · giữ lạnh được · Ninh Bình" in page.text
    page = page.follow("Giao lạnh").submit({"fee": "45.000"}, press="Lưu")
    assert "45.000 ₫" in page.text
    page = page.submit(form="/dong", press="Đóng")
    assert "đã đóng" in page.text
    page = page.submit(form="/mo", press="Mở lại")
    assert "Chưa có cách giao nào đang mở." not in page.text
    assert fresh.one(DeliveryMethod).province_codes == ["37"]


def test_a_wrong_fee_keeps_the_provinces_that_were_chosen(fresh):
    page = fresh.open_seller().follow("Thêm cách giao")

    page = page.submit({"fee": "", "provinces": ["37"]}, press="Lưu", status=422)

    ticked = page.root.findall(".//input[@name='provinces'][@checked='']")
    assert [box.get("value") for box in ticked] == ["37"]
    assert "Chọn một kiểu giao." in page.text


def test_an_account_is_taken_only_after_it_was_shown(fresh):
    page = fresh.open_seller().follow("Thêm tài khoản").submit(BANK, press="Xem lại")

    assert fresh.all(BankAccount) == []
    page = page.submit({"number": "0011 0019 32419"}, press="Đúng, nhận tiền vào đây")
    assert "0011001932419" in page.text
    assert fresh.all(BankAccount) == []


def test_a_card_number_is_no_account(fresh):
    page = fresh.open_seller().follow("Thêm tài khoản")

    page = page.submit(BANK | {"number": "9704 3612 3456 7890"}, status=422)

    assert page.root.find(".//input[@id='o-number']").get("aria-invalid") == "true"


def test_the_code_that_is_shown_pays_to_the_account(fresh):
    page = fresh.open_seller().follow("Thêm tài khoản").submit(BANK, press="Xem lại")

    picture = page.root.find(".//figure/img").get("src")
    drawn = base64.b64decode(picture.partition("base64,")[2]).decode()
    said = re.search(r'aria-label="([^"]+)"', drawn)
    assert said is not None
    assert vietqr.decode(said[1]).account == "0011001932418"


def test_the_code_of_a_training_seller_says_not_to_pay(fresh):
    page = fresh.open_seller(mode="training").follow("Thêm tài khoản")

    page = page.submit(BANK, press="Xem lại")

    picture = page.root.find(".//figure/img").get("src")
    assert "KHÔNG CHUYỂN TIỀN" in base64.b64decode(picture.partition("base64,")[2]).decode()


def test_the_history_tells_who_opened_what(fresh):
    page = fresh.open_seller().follow("Thêm tài khoản").submit(BANK, press="Xem lại")
    page.submit(press="Đúng, nhận tiền vào đây")

    page = fresh.admin.open("/quan-ly/lich-su")

    for said in ("Mở nơi bán", "Thêm cách giao", "Thêm tài khoản ngân hàng", "•••• 2418"):
        assert said in page.text
    for hidden in ("0011001932418", "delivery_method", "bank_account"):
        assert hidden not in page.text


def test_people_are_taken_on_for_the_new_seller_by_command(fresh, database_url, monkeypatch):
    fresh.open_seller()
    monkeypatch.setenv("DACSAN_DATABASE_URL", database_url)
    monkeypatch.setattr("sys.stdin", io.StringIO("mot hai ba bon\n"))

    words = ["user", "add", "--phone", "0987654321", "--name", "Trần Văn Quân"]
    ended = main([*words, "--role", "director", "--seller", "htx-che-la-bang"])

    assert ended == 0
    found = fresh.one(Account, Account.phone == "+84987654321")
    director = Visitor.of(fresh.app.test_client()).open("/dang-nhap")
    page = director.submit(
        {"phone": "0987654321", "password": "mot hai ba bon", "machine": "mine"}, form="/dang-nhap"
    )
    assert found.name == "Trần Văn Quân"
    assert page.follow("Cửa hàng").heading == "Cửa hàng"


FEES = "Huế, Đà Nẵng | 2 kg | 25k\nxã Quảng Điền (Huế) | 2 kg | 10k\nCả nước | 2 kg | 40k | 8k/kg"


def test_a_table_of_fees_is_typed_shown_back_and_changed(fresh):
    page = fresh.open_seller().follow("Gửi bưu kiện")

    page = page.submit({"fee": "", "fee_table": FEES}, press="Lưu")

    said = "từ 10.000 ₫ đến 40.000 ₫, nặng hơn thêm nhiều nhất 8.000 ₫ mỗi kg"
    assert said in page.text
    form = page.follow("Gửi bưu kiện")
    cells = [" ".join("".join(cell.itertext()).split()) for cell in form.root.findall(".//td")]
    assert cells[:3] == ["đến 2 kg", "25.000 ₫", ""]
    assert cells[-3:] == ["đến 2 kg", "40.000 ₫", "8.000 ₫"]
    form.submit(press="Lưu")
    stored = fresh.one(DeliveryMethod, DeliveryMethod.kind == "parcel")
    assert [row["places"] for row in stored.fee_table] == [["46", "48"], ["19867"], []]
    assert (stored.fee_vnd, stored.province_codes) == (10_000, None)
    history = fresh.admin.open("/quan-ly/lich-su")
    assert "Huế, Đà Nẵng | đến 2 kg | 25.000 ₫" in history.text


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"fee_table": "Quảng Nam | 2 kg | 25k"}, "Dòng 1: Không thấy tỉnh “Quảng Nam”."),
        ({"fee_table": "Nào Đó (Huế) | 2 kg | 25k"}, "Dòng 1: Không thấy xã “Nào Đó (Huế)”."),
        ({"fee_table": "La Bằng (Huế) | 2 kg | 25k"}, "Dòng 1: Không thấy xã “La Bằng (Huế)”."),
        ({"fee_table": FEES, "provinces": ["46"]}, "Có bảng phí thì nơi giao ghi ở đó."),
        ({"fee_table": FEES, "kind": "pickup"}, "Khách tự đến lấy thì không có bảng phí."),
        ({"tracking_template": "http://a.example/{code}"}, "Địa chỉ bắt đầu bằng https://"),
        ({"tracking_template": "https://a.example/"}, "Địa chỉ bắt đầu bằng https://"),
        ({"tracking_template": "https://{code}.example/"}, "Địa chỉ bắt đầu bằng https://"),
        ({"tracking_template": "https://a@b.example/{code}"}, "Địa chỉ bắt đầu bằng https://"),
        ({"tracking_template": "https://[a/{code}"}, "Địa chỉ bắt đầu bằng https://"),
        ({"tracking_template": "javascript:alert({code})"}, "Địa chỉ bắt đầu bằng https://"),
    ],
)
def test_fees_and_tracking_that_cannot_be_are_refused_beside_their_field(fresh, values, said):
    form = fresh.open_seller().follow("Gửi bưu kiện")

    page = form.submit(values, press="Lưu", status=422)

    assert said in page.text
    stored = fresh.one(DeliveryMethod, DeliveryMethod.kind == "parcel")
    assert (stored.fee_vnd, stored.fee_table, stored.tracking_template) == (30_000, None, "")
