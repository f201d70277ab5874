"""A buyer whose network goes: what was seen can be read, and says that it is not sure any more."""

import re

import pytest
from playwright.sync_api import Page, expect

from shop import clock
from shop.demo.files import moved_lot, records_shift
from tests.support.chromium import NewPage, assert_accessible, assert_fits
from tests.support.demo_people import PHONES, sign_in
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.journey]

LOT = moved_lot("LBT-261103-01", records_shift("batches_lbt", clock.today()))
BATCH = f"/01/02000001030004/10/{LOT}"
VERDICT = re.compile("Lô đang bán, còn hạn dùng")
KEPT = "caches.keys().then(async (names) => (await Promise.all(names.filter((n) => n === '{}')"
KEPT += ".map((n) => caches.open(n).then((c) => c.keys())))).flat().length)"
BATCHES, PRIVATE = KEPT.format("dacsan-lo"), KEPT.format("dacsan-rieng")


def wait_until_kept(page: Page, which: str, count: int = 1) -> None:
    for _ in range(50):
        if page.evaluate(which) == count:
            return
        page.wait_for_timeout(100)
    raise AssertionError(f"{page.evaluate(which)} pages are kept, not {count}")


def test_a_batch_seen_once_can_be_read_without_a_network_but_is_not_said_to_be_safe(
    page: Page, server: Server
) -> None:
    page.goto(server.url + BATCH)
    expect(page.get_by_text(VERDICT)).to_be_visible()
    wait_until_kept(page, BATCHES)
    page.context.set_offline(True)
    page.goto(server.url + BATCH)

    first = page.locator("body > *").first
    expect(first).to_have_text(
        re.compile(
            r"^Trang này chưa kiểm tra lại\. Bản lưu lúc \d{1,2}:\d\d \d{1,2}/\d{1,2}\. "
            r"Mất mạng nên chưa biết lô có bị thu hồi sau đó không\. "
            r"Giấy chứng nhận có mạng mới xem được\.$"
        )
    )
    expect(page.get_by_text(VERDICT)).to_have_count(0)
    expect(page.get_by_text(LOT).first).to_be_visible()
    sheets = "document.styleSheets[0].cssRules.length"
    assert page.evaluate(sheets) > 10
    assert_fits(page)
    assert_accessible(page)

    page.goto(f"{server.url}/san-pham")
    expect(page.get_by_role("heading", level=1)).to_have_text("Mất mạng")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile(LOT))).to_be_visible()
    assert_accessible(page)

    page.context.set_offline(False)
    page.goto(server.url + BATCH)
    expect(page.get_by_text(VERDICT)).to_be_visible()


def test_a_cut_network_costs_a_buyer_neither_the_cart_nor_what_was_typed(
    page: Page, server: Server
) -> None:
    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    wait_until_kept(page, PRIVATE)
    page.context.set_offline(True)
    page.goto(f"{server.url}/gio-hang")
    expect(page.locator("[data-kept]")).to_contain_text("chưa biết giá và hàng còn có đổi")
    expect(page.get_by_role("heading", level=1)).to_have_text("Giỏ hàng")

    page.context.set_offline(False)
    page.goto(f"{server.url}/gio-hang")
    page.get_by_role("link", name="Đặt hàng").first.click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hoa")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("button", name=re.compile("Đặt hàng")).click()
    said = page.get_by_text("Chưa gửi được. Bấm lại, đơn không bị đặt hai lần.")
    expect(said).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Nguyễn Thị Hoa")
    page.context.set_offline(False)
    page.get_by_role("button", name=re.compile("Đặt hàng")).click()
    expect(page.get_by_text(re.compile(r"Còn \d+ chỗ cần sửa"))).to_be_visible()

    sign_in(page, server, PHONES["office"], "Máy dùng chung")
    page.goto(f"{server.url}/gio-hang")
    page.wait_for_load_state("networkidle")
    wait_until_kept(page, PRIVATE, 0)


def test_where_the_browser_refuses_to_keep_anything_pages_work_as_without(
    new_page: NewPage, server: Server
) -> None:
    page = new_page()
    page.add_init_script(
        "delete Navigator.prototype.serviceWorker; delete Navigator.prototype.share;"
        "delete Navigator.prototype.clipboard; delete window.indexedDB; delete window.caches;"
    )

    page.goto(server.url + BATCH)
    page.wait_for_load_state("networkidle")

    expect(page.get_by_text(VERDICT)).to_be_visible()


def placed(page: Page, server: Server) -> str:
    """Place an order and return its address once the browser keeps it."""
    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.get_by_role("link", name="Đặt hàng").first.click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hoa")
    page.get_by_role("textbox", name="Số điện thoại").fill("0912 345 678")
    page.get_by_role("combobox", name="Xã, phường").fill("Phường Láng, Hà Nội")
    page.get_by_label("Số nhà, đường").fill("12 Láng Hạ")
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận đơn")
    kept = f"caches.match('{page.url}').then((found) => found ? 1 : 0)"
    wait_until_kept(page, kept)
    return page.url


def test_an_order_can_be_read_without_a_network_and_says_how_old_it_is(
    page: Page, server: Server
) -> None:
    order = placed(page, server)
    code = page.get_by_role("heading", level=1).inner_text().removeprefix("Đã nhận đơn").strip()
    page.context.set_offline(True)

    page.goto(order)

    first = page.locator("body > *").first
    expect(first).to_contain_text("Trang này chưa kiểm tra lại. Bản lưu lúc")
    expect(first).to_contain_text("chưa biết đơn và tiền có gì mới")
    expect(page.get_by_role("heading", level=1)).to_contain_text(code)
    expect(page.get_by_text("12 Láng Hạ")).to_be_visible()
    assert_fits(page)
    assert_accessible(page)
    page.goto(f"{server.url}/")
    expect(page.get_by_role("main").get_by_role("link", name=re.compile("Đơn"))).to_be_visible()


def test_a_full_phone_loses_nothing_but_the_oldest_copies(page: Page, server: Server) -> None:
    page.goto(server.url + BATCH)
    wait_until_kept(page, BATCHES)
    devtools = page.context.new_cdp_session(page)
    quota = {"origin": server.url, "quotaSize": 1}
    devtools.send("Storage.overrideQuotaForOrigin", quota)

    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giỏ hàng")
    page.get_by_role("link", name="Đặt hàng").first.click()
    expect(page.get_by_label("Họ và tên")).to_be_visible()
    page.goto(f"{server.url}/gio-hang")
    expect(page.get_by_text("Chè xanh La Bằng").first).to_be_visible()
