"""The shop window says what is true today, the same to everybody, in few statements."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from shop import clock
from shop.models.batches import BatchState
from shop.models.catalog import Photo, Product, ProductState, Seller, SellerMode
from shop.models.people import Member
from shop.resources import PACKAGE
from tests.factories import (
    make_batch,
    make_certificate,
    make_delivery,
    make_level,
    make_notice,
    make_pack,
    make_product,
    make_seller,
)
from tests.support.pages import Page, Visitor

PARTS = ["cart-count", "chosen-price", "submit-once"]
"""Modules that these pages load after `main.js`."""

SOON = date(2098, 1, 1)
LATER = date(2099, 1, 1)


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def seller(app_session: Session) -> Seller:
    """A live cooperative in Thái Nguyên."""
    return make_seller(app_session, slug="htx-la-bang", short_name="HTX La Bằng")


@pytest.fixture
def tea(app_session: Session, seller: Seller) -> Product:
    """Tea in one pack, ten in stock."""
    product = make_product(app_session, seller, slug="che-la-bang", name="Chè La Bằng")
    make_level(app_session, make_pack(app_session, product), lot="LB-1", expires_on=LATER)
    app_session.commit()
    return product


def names(page: Page) -> list[str]:
    return re.findall(r'class="ten"><a href="[^"]*">([^<]*)</a>', page.body)


@contextmanager
def counted(app: Flask) -> Iterator[list[str]]:
    """Collect the statements that read rows meanwhile."""
    seen: list[str] = []

    def note(*arguments: object) -> None:
        statement = str(arguments[2])
        if statement.lstrip("(").startswith(("SELECT", "WITH")):
            seen.append(statement)

    engine = app.extensions["dacsan_engine"]
    event.listen(engine, "before_cursor_execute", note)
    yield seen
    event.remove(engine, "before_cursor_execute", note)


def test_the_home_page_shows_what_is_in_stock(
    visitor: Visitor, app_session: Session, tea: Product, seller: Seller
) -> None:
    make_pack(app_session, make_product(app_session, seller, name="Chè đã hết"))
    app_session.commit()

    page = visitor.open("/")

    assert names(page) == ["Chè La Bằng"]
    assert "Xem 2 đặc sản" in page.text
    assert "Thái Nguyên 2" in page.text


@pytest.mark.both_databases
def test_the_home_page_tells_a_recall_of_the_last_thirty_days(
    visitor: Visitor, app_session: Session, tea: Product
) -> None:
    recalled = make_batch(app_session, tea, lot="LB-0")
    make_level(app_session, tea.packs[0], batch=recalled)
    make_notice(app_session, recalled, declared_at=clock.now() - timedelta(days=2))
    old = make_batch(app_session, tea, lot="LB-00")
    make_level(app_session, tea.packs[0], batch=old)
    make_notice(app_session, old, declared_at=clock.now() - timedelta(days=40))
    app_session.commit()

    page = visitor.open("/")

    assert "đang thu hồi lô LB-0." in page.text
    assert "LB-00" not in page.text


@pytest.mark.both_databases
def test_goods_in_stock_come_first_then_the_newest(
    visitor: Visitor, app_session: Session, tea: Product, seller: Seller
) -> None:
    make_pack(app_session, make_product(app_session, seller, name="Hết"))
    newer = make_product(app_session, seller, name="Mới làm")
    make_level(app_session, make_pack(app_session, newer), made_on=date(2026, 11, 20))
    app_session.commit()

    page = visitor.open("/san-pham")

    assert names(page) == ["Mới làm", "Chè La Bằng", "Hết"]


@pytest.mark.both_databases
def test_a_list_can_be_narrowed_and_sorted_without_script(
    visitor: Visitor, app_session: Session, tea: Product
) -> None:
    other = make_seller(app_session, slug="htx-khe", province="Tỉnh Ninh Bình", province_code="37")
    roll = make_product(app_session, other, name="Giò", kind="Giò chả")
    make_level(app_session, make_pack(app_session, roll, price_vnd=50_000))
    app_session.commit()
    whole = visitor.open("/san-pham")

    assert names(whole.submit({"xep": "price"}, form="/san-pham", press="Xem")) == [
        "Giò",
        "Chè La Bằng",
    ]
    assert names(whole.submit({"noi": "37"}, form="/san-pham", press="Xem")) == ["Giò"]
    assert names(whole.submit({"htx": "htx-la-bang"}, press="Xem")) == ["Chè La Bằng"]
    assert names(whole.follow("Giò chả 1")) == ["Giò"]


def test_a_list_without_hits_offers_the_way_back(
    visitor: Visitor, app_session: Session, tea: Product
) -> None:
    make_seller(app_session, province="Tỉnh Ninh Bình", province_code="37")
    app_session.commit()

    page = visitor.open("/san-pham?noi=37")

    assert "Bỏ điều kiện Ninh Bình" in page.text
    assert "Không có món nào vừa các điều kiện này." in page.text
    assert names(page.follow("Bỏ lọc")) == ["Chè La Bằng"]


@pytest.mark.both_databases
@pytest.mark.parametrize("query", ["noi=99", "noi=99999", "loai=xyz", "htx=khong-co", "noi=%00"])
def test_a_condition_that_does_not_exist_is_none(
    visitor: Visitor, tea: Product, query: str
) -> None:
    page = visitor.open(f"/san-pham?{query}")
    whole = visitor.open("/san-pham")

    assert names(page) == ["Chè La Bằng"]
    assert (page.heading, page.text) == (whole.heading, whole.text)
    assert visitor.open(f"/loc-hang?{query}").text == visitor.open("/loc-hang").text


@pytest.mark.parametrize("query", ["trang=99", "q=m%C3%B3n&trang=9", "trang=3&xep=price"])
def test_behind_the_last_page_stands_the_last_page(
    visitor: Visitor, app_session: Session, seller: Seller, query: str, index: Callable[[], int]
) -> None:
    for number in range(30):
        make_pack(app_session, make_product(app_session, seller, name=f"Món {number:02}"))
    app_session.commit()
    index()

    page = visitor.open(f"/san-pham?{query}")

    assert len(names(page)) == 6
    assert "trang=2" in page.path


def test_pages_of_a_long_list_have_addresses_of_their_own(
    visitor: Visitor, app_session: Session, seller: Seller
) -> None:
    for number in range(30):
        make_pack(app_session, make_product(app_session, seller, name=f"Món {number:02}"))
    app_session.commit()

    first = visitor.open("/san-pham")
    second = first.follow("Trang sau")
    back = second.follow("Trang trước")

    assert (len(names(first)), len(names(second))) == (24, 6)
    assert "Trang 2 trên 2" in second.text
    assert names(back) == names(first)


@pytest.mark.parametrize(
    "question", ["che la bang", "CHÈ LA BẰNG", "la bang", "thai nguyen", "htx la", "dai tu", "bup"]
)
def test_words_find_goods_without_marks_by_name_kind_seller_and_place(
    visitor: Visitor,
    app_session: Session,
    tea: Product,
    seller: Seller,
    index: Callable[[], int],
    question: str,
) -> None:
    seller.old_address = "xã La Bằng, huyện Đại Từ"
    tea.search_words = ["che bup"]
    app_session.commit()
    index()

    page = visitor.open(f"/san-pham?q={question}")

    assert names(page) == ["Chè La Bằng"]
    assert page.heading.startswith("1 kết quả cho")


@pytest.mark.both_databases
def test_the_name_as_it_was_written_comes_first(
    visitor: Visitor, app_session: Session, seller: Seller, index: Callable[[], int]
) -> None:
    for name in ("Bánh đá", "Bánh da lợn"):
        make_pack(app_session, make_product(app_session, seller, name=name))
    app_session.commit()
    index()

    assert names(visitor.open("/san-pham?q=bánh da")) == ["Bánh da lợn", "Bánh đá"]
    assert names(visitor.open("/san-pham?q=bánh đá")) == ["Bánh đá", "Bánh da lợn"]


def test_a_question_without_answer_says_what_else_to_try(
    visitor: Visitor, tea: Product, index: Callable[[], int]
) -> None:
    index()

    page = visitor.open("/san-pham?q=xyz")

    assert "Chưa tìm thấy “xyz”" in page.text
    assert "Xem 0 món" not in page.text


@pytest.mark.both_databases
def test_a_question_without_answer_offers_goods_that_can_be_had(
    visitor: Visitor, app_session: Session, tea: Product, seller: Seller, index: Callable[[], int]
) -> None:
    make_pack(app_session, make_product(app_session, seller, name="Chè đã hết"))
    for number in range(5):
        product = make_product(app_session, seller, name=f"Bánh {number}")
        make_level(app_session, make_pack(app_session, product), expires_on=LATER)
    app_session.commit()
    index()

    page = visitor.open("/san-pham?q=xyz")
    offered = names(page)

    assert page.heading == "0 kết quả cho “xyz”"
    assert "Đang có hàng" in page.text
    assert len(offered) == 4
    assert set(offered) <= {"Chè La Bằng", *(f"Bánh {number}" for number in range(5))}
    for link in re.findall(r'class="ten"><a href="([^"]*)"', page.body):
        assert visitor.open(link).heading in offered


def test_a_question_without_answer_offers_nothing_where_all_is_sold_out(
    visitor: Visitor, app_session: Session, seller: Seller, index: Callable[[], int]
) -> None:
    make_pack(app_session, make_product(app_session, seller, name="Chè đã hết"))
    app_session.commit()
    index()

    page = visitor.open("/san-pham?q=xyz")

    assert "Chưa tìm thấy “xyz”" in page.text
    assert "Đang có hàng" not in page.text


def test_what_was_found_stands_alone(
    visitor: Visitor, app_session: Session, tea: Product, seller: Seller, index: Callable[[], int]
) -> None:
    bread = make_product(app_session, seller, name="Bánh gai")
    make_level(app_session, make_pack(app_session, bread), expires_on=LATER)
    app_session.commit()
    index()

    assert names(visitor.open("/san-pham?q=banh gai")) == ["Bánh gai"]


@pytest.mark.parametrize("typed", ["LB-1", "lb 1", "lb1"])
def test_a_lot_in_the_search_field_leads_to_its_batch(
    client: FlaskClient, tea: Product, typed: str
) -> None:
    came = client.get("/san-pham", query_string={"q": typed})

    assert came.location == f"/01/{tea.packs[0].gtin}/10/LB-1"


def test_a_number_below_the_bars_leads_to_its_product(client: FlaskClient, tea: Product) -> None:
    came = client.get("/san-pham", query_string={"q": tea.packs[0].gtin[1:]})

    assert came.location == f"/01/{tea.packs[0].gtin}"


def test_an_order_code_in_the_search_field_leads_to_the_question_for_digits(
    client: FlaskClient, tea: Product
) -> None:
    came = client.get("/san-pham", query_string={"q": "nk 7k2q-f9"})

    assert came.location == "/tra-cuu/don?code=NK7K2QF9"


@pytest.mark.parametrize("demo", [False, True])
def test_training_sellers_show_where_there_is_no_live_one(
    visitor: Visitor, app: Flask, app_session: Session, seller: Seller, demo: bool
) -> None:
    school = make_seller(app_session, mode=SellerMode.TRAINING)
    make_level(app_session, make_pack(app_session, make_product(app_session, school, name="Tập")))
    app_session.commit()
    app.extensions["dacsan_settings"].demo = demo

    beside_a_live_one = names(visitor.open("/san-pham"))
    seller.mode = SellerMode.TRAINING
    app_session.commit()
    alone = visitor.open("/san-pham")

    assert beside_a_live_one == (["Tập"] if demo else [])
    assert names(alone) == ["Tập"]
    assert "Đang tập. Không có đơn thật, không mất tiền." in alone.text


def test_list_and_product_take_few_statements_whatever_the_amount_of_data(
    visitor: Visitor, app: Flask, app_session: Session, tea: Product, seller: Seller
) -> None:
    make_delivery(app_session, seller)
    for number in range(12):
        product = make_product(app_session, seller, name=f"Chè {number}")
        pack = make_pack(app_session, product)
        make_level(app_session, pack, expires_on=LATER)
        make_certificate(app_session, seller, products=[product, tea])
    for _ in range(5):
        make_level(app_session, tea.packs[0], expires_on=SOON)
    app_session.commit()
    budgets = {"/san-pham": 4, "/san-pham?q=che": 4, "/san-pham?q=xyz": 4}
    budgets |= {"/san-pham/che-la-bang": 6}

    taken = {}
    for path in budgets:
        with counted(app) as seen:
            visitor.open(path)
        taken[path] = len(seen)

    assert {path: count for path, count in taken.items() if count > budgets[path]} == {}
    assert all(taken.values())


def test_kept_pages_hold_nothing_of_the_one_who_asks(
    app: Flask, app_session: Session, tea: Product
) -> None:
    paths = ["/", "/san-pham", "/san-pham/che-la-bang", "/htx/htx-la-bang"]
    somebody, nobody = app.test_client(), app.test_client()
    somebody.post("/gio-hang", data={"pack": tea.packs[0].id, "quantity": "2"})

    for path in paths:
        seen, plain = somebody.get(path), nobody.get(path)

        assert seen.data == plain.data
        assert "csrf_token" not in seen.text
        assert "Set-Cookie" not in seen.headers
        assert "Cookie" not in seen.headers.get("Vary", "")
        assert seen.headers["Cache-Control"] == "no-cache"


@pytest.mark.both_databases
def test_the_product_page_leads_to_the_batch_that_expires_first(
    visitor: Visitor, app_session: Session, tea: Product
) -> None:
    make_level(app_session, tea.packs[0], lot="LB-0", expires_on=SOON)
    app_session.commit()

    page = visitor.open("/san-pham/che-la-bang")

    assert f'href="/01/{tea.packs[0].gtin}/10/LB-0"' in page.body
    assert "LB-1" not in page.body
    assert "Còn 20 gói" in page.text
    assert "45.000 ₫/100 g" in page.text


@pytest.mark.parametrize(
    "unfit",
    [
        {"state": BatchState.HELD},
        {"state": BatchState.RECALLED},
        {"state": BatchState.DRAFT},
        {"expires_on": date(2026, 11, 1)},
    ],
)
def test_a_batch_that_may_not_be_sold_is_never_offered(
    visitor: Visitor, app_session: Session, tea: Product, unfit: dict[str, object]
) -> None:
    values = {"lot": "LB-0", "expires_on": SOON, "made_on": date(2026, 10, 1)} | unfit
    make_level(app_session, tea.packs[0], **values)  # type: ignore[arg-type]
    app_session.commit()

    page = visitor.open("/san-pham/che-la-bang")

    assert "/10/LB-1" in page.body
    assert "/10/LB-0" not in page.body
    assert "Còn 10 gói" in page.text


def test_few_packs_are_counted_truly(
    visitor: Visitor, app_session: Session, seller: Seller
) -> None:
    product = make_product(app_session, seller, slug="it")
    make_level(app_session, make_pack(app_session, product), on_hand=2)
    app_session.commit()

    assert "Chỉ còn 2 gói" in visitor.open("/san-pham/it").text


def test_a_sold_out_product_stays_with_its_packs_and_a_phone_number(
    visitor: Visitor, app_session: Session, seller: Seller
) -> None:
    make_pack(app_session, make_product(app_session, seller, slug="het", name="Hết"))
    app_session.commit()

    page = visitor.open("/san-pham/het")

    assert "Hết hàng" in page.text
    assert "gói 200 g" in page.text
    assert "tel:+84540001001" in page.body
    assert "Thêm vào giỏ" not in page.text


@pytest.mark.both_databases
def test_only_papers_that_hold_today_for_this_batch_make_a_claim(
    visitor: Visitor, app_session: Session, tea: Product, seller: Seller
) -> None:
    mine = tea.packs[0]
    batch = make_batch(app_session, tea, lot="LB-0", expires_on=SOON)
    make_level(app_session, mine, batch=batch)
    other = make_batch(app_session, tea, lot="LB-2", expires_on=LATER)
    today = clock.today()
    holding = [
        make_certificate(app_session, seller, products=[tea], kind="ocop", extra={"stars": "4"}),
        make_certificate(app_session, seller, batches=[batch]),
        make_certificate(app_session, seller, products=[tea], expires_on=today),
        make_certificate(app_session, seller, products=[tea], issued_on=today),
    ]
    make_certificate(app_session, seller, products=[tea], expires_on=today - timedelta(days=1))
    make_certificate(app_session, seller, products=[tea], revoked_on=today)
    make_certificate(app_session, seller, products=[tea], issued_on=today + timedelta(days=1))
    make_certificate(app_session, seller, batches=[other])
    make_certificate(app_session, seller, products=[make_product(app_session, seller)])
    make_certificate(app_session, seller, products=[tea], kind="food_safety")
    app_session.commit()
    expected = {str(paper.id) for paper in holding}

    product = visitor.open("/san-pham/che-la-bang")
    shelf = visitor.open("/san-pham")

    assert set(re.findall(r'data-claim="(\d+)"', product.body)) == expected
    assert set(re.findall(r'data-claim="(\d+)"', shelf.body)) == expected
    assert "OCOP 4 sao" in product.text


@pytest.mark.parametrize(
    ("allergens", "stated", "words"),
    [
        (["trứng", "cá"], True, "Có trứng, cá"),
        ([], True, "Không có chất gây dị ứng đã biết"),
        ([], False, "Nơi bán chưa khai. Gọi hỏi trước khi mua."),
    ],
)
def test_allergens_are_always_stated(
    visitor: Visitor,
    app_session: Session,
    tea: Product,
    allergens: list[str],
    stated: bool,
    words: str,
) -> None:
    tea.allergens, tea.allergens_stated = allergens, stated
    app_session.commit()

    assert words in visitor.open("/san-pham/che-la-bang").text


def test_angle_brackets_in_a_description_are_shown_as_typed(
    visitor: Visitor, app_session: Session, tea: Product
) -> None:
    tea.description = "Nước < 85 °C & <script>alert(1)</script>"
    app_session.commit()

    page = visitor.open("/san-pham/che-la-bang")

    assert "Nước < 85 °C & <script>alert(1)</script>" in page.text
    assert "<script>alert" not in page.body


@pytest.mark.parametrize("state", [ProductState.DRAFT, ProductState.RETIRED])
def test_a_product_that_is_not_on_the_shelf_is_not_found(
    visitor: Visitor, app_session: Session, tea: Product, state: ProductState
) -> None:
    tea.state = state
    app_session.commit()

    assert "Không có trang này." in visitor.open("/san-pham/che-la-bang", status=404).text


@pytest.mark.both_databases
def test_the_seller_page_names_only_people_who_agreed_and_papers_with_their_state(
    visitor: Visitor, app_session: Session, tea: Product, seller: Seller
) -> None:
    for code, name, agreed in [("1", "Bà Chanh", True), ("2", "Ông Kín", False)]:
        app_session.add(
            Member(
                seller_id=seller.id,
                code=code,
                party_id=f"party-{code}",
                full_name=name,
                kind="household",
                show_name=agreed,
                phone="+84912000111",
                birth_year=1950,
            )
        )
    today = clock.today()
    make_certificate(app_session, seller, products=[tea], title="Giấy cũ", expires_on=SOON)
    make_certificate(app_session, seller, title="Giấy hết", expires_on=today - timedelta(days=1))
    batch = make_batch(app_session, tea, lot="LB-9", packed_on=today, made_on=today)
    make_level(app_session, tea.packs[0], batch=batch)
    make_notice(app_session, batch)
    app_session.commit()

    page = visitor.open("/htx/htx-la-bang")

    assert "Bà Chanh" in page.text
    assert "Ông Kín" not in page.text
    assert "0912 000 111" not in page.text
    assert "1950" not in page.text
    assert re.search(r"Giấy cũ[^G]* đến [\d/]+ ?còn hiệu lực", page.text)
    assert re.search(r"Giấy hết[^G]* đến [\d/]+ ?hết hạn", page.text)
    assert "LB-9 đang thu hồi" in page.text
    assert names(page) == ["Chè La Bằng"]


def test_an_unknown_seller_is_not_found(visitor: Visitor, tea: Product) -> None:
    visitor.open("/htx/khong-co", status=404)


def test_a_photo_is_kept_for_a_year_under_a_name_that_never_changes(
    app: Flask, client: FlaskClient, app_session: Session, tea: Product
) -> None:
    folder = Path(app.extensions["dacsan_settings"].var) / "photos"
    folder.mkdir(parents=True)
    (folder / "abc-320.webp").write_bytes(b"picture")
    app_session.add(
        Photo(
            product_id=tea.id,
            key="abc",
            extension="webp",
            width=320,
            height=320,
            created_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    app_session.commit()

    with client.get("/anh/abc-320.webp") as kept:
        content = kept.data
    odd_width = client.get("/anh/abc-321.webp")
    outside = client.get("/anh/..%2f..%2fsecret-320.key")
    shown = client.get("/san-pham/che-la-bang")

    assert (content, kept.mimetype) == (b"picture", "image/webp")
    assert "max-age=31536000" in kept.headers["Cache-Control"]
    assert "immutable" in kept.headers["Cache-Control"]
    assert (odd_width.status_code, outside.status_code) == (404, 404)
    assert "/anh/abc-640.webp" in shown.text


@pytest.mark.parametrize("path", ["/san-pham", "/san-pham/che-la-bang"])
def test_list_and_product_weigh_little_without_photos(
    client: FlaskClient, app_session: Session, seller: Seller, tea: Product, path: str
) -> None:
    tea.description = " ".join(["Hái buổi sáng, sao trong ngày, giữ mùi cốm."] * 14)
    for number in range(30):
        product = make_product(app_session, seller, name=f"Món đặc sản số {number}")
        make_level(app_session, make_pack(app_session, product), expires_on=LATER)
        make_certificate(app_session, seller, products=[product, tea])
    app_session.commit()

    def weight(address: str) -> int:
        with client.get(address, headers={"Accept-Encoding": "br"}) as came:
            assert came.status_code == 200
            return len(came.data)

    page = client.get(path).text
    parts = re.findall(r'(?:href|src)="(/static/[^"]+\.(?:css|js))"', page)
    parts += [f"{parts[-1].rpartition('/')[0]}/{name}.js" for name in PARTS]

    assert weight(path) + sum(map(weight, parts)) <= 25 * 1024


def test_modules_go_out_without_what_only_their_writers_read(client: FlaskClient) -> None:
    folder = re.findall(r'"(/static/[^/]+/js)/', client.get("/san-pham").text)[0]

    for source in (PACKAGE / "static/js").glob("*.js"):
        with client.get(f"{folder}/{source.name}") as sent:
            assert sent.status_code == 200
            assert len(sent.data) < source.stat().st_size
            assert not re.search(rb"^ *//|^ +", sent.data, re.MULTILINE), source.name


def test_english_pages_keep_their_language_in_links(visitor: Visitor, tea: Product) -> None:
    page = visitor.open("/en/san-pham")

    assert page.root.get("lang") == "en"
    assert 'href="/en/san-pham/che-la-bang"' in page.body


def test_the_home_page_shows_each_seller_with_something_it_sells(
    visitor: Visitor, app_session: Session, tea: Product
) -> None:
    bare = make_seller(app_session, name="HTX Chưa có hàng", short_name="HTX Chưa có hàng")
    app_session.commit()

    page = visitor.open("/")

    (shown,) = page.root.findall(
        ".//section[@aria-labelledby='noi-ban']//li/div[@class='mon-nho']"
    )
    assert shown.find("img") is not None or shown.find("picture") is not None
    assert bare.short_name in page.text
