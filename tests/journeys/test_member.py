"""An elder with a phone in the garden: goods are offered, the network goes, nothing is lost."""

import io
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from shop.models.catalog import Product
from shop.models.people import Account, Grant, Member, Role
from shop.models.submissions import SubmissionState
from tests.support.chromium import PHONE, NewPage, assert_accessible, assert_fits, executable
from tests.support.demo_people import (
    GOODS,
    PHONES,
    SENT_ROW,
    fill_in_goods,
    sign_in,
    submissions,
    wait_for_worker,
)
from tests.support.servers import Server

pytestmark = pytest.mark.journey

PATIENCE_MS = 20_000

ONLINE_AFTER_TAP = """() => addEventListener("click", () =>
    setTimeout(() => dispatchEvent(new Event("online")), 300))"""

KEPT_ENTRIES = """async () => {
    const asked = indexedDB.open("dacsan-xa-vien", 1);
    const kept = await new Promise((done) => (asked.onsuccess = () => done(asked.result)));
    const all = kept.transaction("entries").objectStore("entries").getAll();
    return (await new Promise((done) => (all.onsuccess = () => done(all.result)))).length;
}"""


def photo() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (2400, 1800), (200, 150, 40)).save(output, "JPEG")
    return output.getvalue()


def test_what_is_offered_is_read_back_decided_and_then_public(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    phone, desk = new_page(), new_page(viewport={"width": 1280, "height": 800})
    sign_in(phone, server, PHONES["member"])
    phone.goto(f"{server.url}/thanh-vien")
    assert_fits(phone)
    assert_accessible(phone)
    phone.get_by_role("link", name="Bán hàng").click()
    phone.get_by_role("link", name="Đăng món mới").click()
    file = {"name": "mat-ong.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    phone.get_by_label("Ảnh").set_input_files(file)
    fill_in_goods(phone, price="chín mươi nghìn", pack="chai nửa lít")
    expect(phone.get_by_text("Hiểu là 90.000")).to_be_visible()
    expect(phone.get_by_text("Hiểu là chai 500")).to_be_visible()
    assert_fits(phone)
    assert_accessible(phone)
    phone.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(phone.get_by_text("chờ HTX duyệt")).to_be_visible()

    sign_in(desk, server, PHONES["office"])
    desk.get_by_role("link", name=GOODS).click()
    assert_accessible(desk)
    desk.get_by_role("button", name="Duyệt").click()
    desk.get_by_label("Loại", exact=True).fill("Mật ong")
    desk.get_by_label("Thành phần", exact=True).fill("Mật ong 100 %")
    desk.get_by_label("Không có chất gây dị ứng nào").check()
    desk.get_by_label("Cách bảo quản", exact=True).fill("Nơi khô, mát")
    desk.get_by_role("button", name="Duyệt và bán").click()
    expect(desk.get_by_text(f"Đã duyệt, đang bán: {GOODS}.")).to_be_visible()

    with Session(books) as session:
        slug = session.scalars(select(Product.slug).where(Product.name == GOODS)).one()
    new_page().goto(f"{server.url}/san-pham/{slug}")
    phone.goto(f"{server.url}/thanh-vien")
    expect(phone.get_by_text(f"HTX đã duyệt: {GOODS}.")).to_be_visible()


@pytest.fixture
def own_phone(chromium: Browser, tmp_path: Path) -> Iterator["OwnPhone"]:
    """A phone that keeps what it knows when the browser is closed."""
    kept = OwnPhone(chromium, tmp_path / "phone")
    yield kept
    kept.close()


class OwnPhone:
    """A browser with a profile of its own on disk."""

    def __init__(self, chromium: Browser, folder: Path) -> None:
        self._chromium, self._folder = chromium, folder
        self._context: BrowserContext | None = None

    def open(self, *, offline: bool = False) -> Page:
        """Open the browser and return its page."""
        self._context = self._chromium.browser_type.launch_persistent_context(
            str(self._folder),
            executable_path=executable(),
            viewport=PHONE,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
            offline=offline,
        )
        self._context.set_default_timeout(PATIENCE_MS)
        return self._context.pages[0]

    def close(self) -> None:
        """Close the browser, as a person does or an empty battery."""
        if self._context is not None:
            self._context.close()
            self._context = None


def test_a_doubt_is_told_while_typing_and_one_tap_answers_it(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page()
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.wait_for_load_state("networkidle")
    fill_in_goods(page, price="chín chục", pack="500 kg")
    expect(page.get_by_role("button", name="Đúng là gói 500")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    right = page.get_by_role("button", name="Đúng, 90.000")
    right.hover()
    page.mouse.down()
    with page.expect_response("**/hieu?**"):
        page.get_by_label("Đóng gói").dispatch_event("change")
    page.mouse.up()
    expect(page.get_by_label("Giá bán")).to_have_value("90.000")
    page.get_by_role("button", name="Là gói 500 g").click()
    expect(page.get_by_text("Hiểu là 90.000")).to_be_visible()
    expect(page.get_by_text("Hiểu là gói 500")).to_be_visible()
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("chờ HTX duyệt")).to_be_visible()

    (sent,) = submissions(books)
    assert (sent.understood["price_vnd"], sent.understood["net_quantity"]) == (90_000, 500)


def test_a_dear_price_and_a_heavy_pack_are_both_said_to_be_right(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(service_workers="block")
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    fill_in_goods(page, price="một tỷ", pack="500 kg")
    page.get_by_role("button", name="Gửi HTX duyệt").hover()
    with page.expect_response("**/hieu?**"):
        page.mouse.down()
    page.wait_for_timeout(300)
    page.mouse.up()
    expect(page.get_by_text("Còn 2 chỗ cần sửa").first).to_be_visible()

    page.get_by_role("button", name="Đúng là gói 500 kg").first.click()
    page.get_by_role("button", name="Đúng là 1.000.000.000 ₫").first.click()
    expect(page.get_by_text("thì nhiều quá")).to_be_hidden()
    expect(page.get_by_text("thì cao quá")).to_be_hidden()
    page.get_by_role("button", name="Gửi HTX duyệt").click()

    page.wait_for_url("**/thanh-vien/ban-hang")
    (sent,) = submissions(books)
    assert (sent.understood["price_vnd"], sent.understood["net_quantity"]) == (10**9, 500_000)


def test_what_is_offered_without_a_network_is_sent_once_when_it_is_back(
    own_phone: "OwnPhone", server: Server, books: Engine
) -> None:
    page = own_phone.open()
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    expect(page.get_by_text("Bác cứ làm tiếp, máy giữ lại.")).to_be_visible()
    fill_in_goods(page, price="90k")
    expect(page.get_by_text("Hiểu là 90.000")).to_be_visible()
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("chưa gửi", exact=True)).to_be_visible()
    assert submissions(books) == []
    own_phone.close()

    page = own_phone.open(offline=True)
    page.goto(f"{server.url}/thanh-vien")
    expect(page.get_by_text("1 việc chưa gửi")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text(SENT_ROW)).to_be_visible()
    page.reload()
    expect(page.get_by_text(SENT_ROW)).to_be_visible()

    (sent,) = submissions(books)
    assert sent.state is SubmissionState.SENT
    assert sent.understood["price_vnd"] == 90_000


def test_words_that_the_phone_alone_does_not_understand_are_asked_before_they_are_sent(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(service_workers="block")
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.locator("form[data-kind] > [role=status]").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    fill_in_goods(page, price="chín mươi nghìn", pack="chai nửa lít")
    keep_offline(page)
    assert [one.state for one in submissions(books)] == []

    page.context.set_offline(False)
    page.wait_for_url("**/thanh-vien/ban-hang")
    expect(page.get_by_text("Hiểu là 90.000")).to_be_visible()
    page.get_by_role("button", name="Đúng, gửi").click()
    expect(page.get_by_text(SENT_ROW)).to_be_visible()

    (sent,) = submissions(books)
    assert sent.understood["net_quantity"] == 500


def test_a_tap_made_while_the_network_comes_back_is_not_lost(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(service_workers="block")
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.locator("form[data-kind] > [role=status]").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.route("**/thanh-vien/**", lambda route: route.abort())
    fill_in_goods(page)
    keep_offline(page)
    page.unroute("**/thanh-vien/**")
    page.evaluate(ONLINE_AFTER_TAP)

    def answer_late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/tra-cuu", answer_late)
    page.get_by_role("link", name="Tra mã, tra đơn").click()

    page.wait_for_url("**/tra-cuu")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert submissions(books) == []
    page.goto(f"{server.url}/thanh-vien/ban-hang")
    expect(page.get_by_text(SENT_ROW)).to_be_visible()


def keep_offline(page: Page) -> None:
    """Press the button without a network and without a worker that opens another page."""
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("Máy đang giữ. Có mạng, máy gửi hoặc hỏi lại bác.")).to_be_visible()


def test_an_answer_that_is_lost_twice_makes_one_entry(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(service_workers="block")
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    lost = []

    def lose(route: Route) -> None:
        if len(lost) == 2 or route.request.method != "POST":
            route.continue_()
            return
        lost.append(route.fetch().status)
        route.abort()

    fill_in_goods(page, price="90k")
    expect(page.get_by_text("Đã lưu nháp")).to_be_visible()
    page.route("**/thanh-vien/ban-hang/moi", lose)
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("Máy đang giữ. Có mạng, máy gửi hoặc hỏi lại bác.")).to_be_visible()
    page.goto(f"{server.url}/thanh-vien/ban-hang")
    expect(page.get_by_text("chưa gửi", exact=True)).to_be_visible()
    while len(lost) < 2:
        page.wait_for_timeout(100)
    page.reload()
    expect(page.get_by_text(SENT_ROW)).to_be_visible()

    assert lost == [200, 200]
    (sent,) = submissions(books)
    assert sent.state is SubmissionState.SENT


def test_what_one_person_keeps_is_not_seen_or_sent_by_another_on_the_same_phone(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(service_workers="block")
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.locator("form[data-kind] > [role=status]").wait_for(state="attached")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    fill_in_goods(page)
    keep_offline(page)
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.wait_for_url("**/dang-nhap**")
    sign_in(page, server, second_member(books))
    page.goto(f"{server.url}/thanh-vien/ban-hang")
    page.wait_for_load_state("networkidle")

    expect(page.get_by_text(GOODS)).to_have_count(0)
    assert submissions(books) == []
    page.context.clear_cookies()
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang")
    expect(page.get_by_text(SENT_ROW)).to_be_visible()
    (sent,) = submissions(books)
    assert sent.understood["name"] == GOODS


def second_member(books: Engine) -> str:
    """Return the number of another member with a sign-in."""
    with Session(books) as session:
        return session.scalars(
            select(Account.phone)
            .join(Grant, Grant.account_id == Account.id)
            .join(Member, Member.account_id == Account.id)
            .where(Grant.role == Role.MEMBER, Member.full_name != "Hoàng Thị Chanh")
            .order_by(Account.id)
            .limit(1)
        ).one()


def test_a_shared_computer_keeps_nothing(new_page: NewPage, server: Server) -> None:
    page = new_page()
    sign_in(page, server, PHONES["member"], machine="Máy dùng chung")
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    fill_in_goods(page, price="chín mươi nghìn", pack="chai nửa lít")
    page.wait_for_timeout(1500)

    workers = "navigator.serviceWorker.getRegistrations().then((all) => all.length)"
    assert page.evaluate(workers) == 0
    assert page.evaluate("caches.keys().then((names) => names.length)") == 0
    assert page.evaluate(KEPT_ENTRIES) == 0
