"""The narrowest phone without script, letters twice as large, twice the zoom, and keys alone."""

import itertools
import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.support.chromium import PHONE, NewPage, assert_fits
from tests.support.servers import Server

NARROW = {"width": 320, "height": 640}
ZOOMED = {"width": 640, "height": 400}
"""A window of 1280 × 800 at 200 %."""

PAGES = [
    "/", "/san-pham", "/loc-hang", "/san-pham?q=che", "/san-pham?q=khongcogi",
    "/san-pham?gia-den=1",
    "/san-pham/che-xanh-la-bang", "/san-pham/gio-trung-non-khe", "/san-pham/thanh-tra-hue",
    "/san-pham/gio-trung-non-khe/giao-den", "/htx/htx-non-khe", "/gio-hang", "/tra-cuu",
    "/tra-cuu/don", "/tra-cuu?ma=LBT-990101-01", "/khong-co-trang-nay", "/khach",
    "/khach/mo-tai-khoan", "/dang-nhap", "/ve-chung-toi", "/thanh-toan", "/giao-hang",
    "/doi-tra", "/khieu-nai", "/du-lieu-ca-nhan", "/dieu-khoan", "/canh-giac", "/en/",
    "/en/san-pham/che-xanh-la-bang",
]  # fmt: skip
"""Public pages that stand for all; batch pages and the way to an order are gone through."""

SMALL_TARGETS = """() => {
  const PRESSED = "a[href], button, input, select, textarea, summary";
  const seen = (box) => box.width > 1 && box.height > 1;
  const found = [];
  for (const one of document.querySelectorAll(PRESSED)) {
    if (one.type === "hidden" || one.closest("[hidden]") || !one.checkVisibility()) continue;
    const host = one.matches("[type=radio], [type=checkbox]") ? one.closest("label") ?? one : one;
    const block = one.parentElement;
    const inSentence = getComputedStyle(one).display === "inline"
      && block.textContent.trim().length > one.textContent.trim().length;
    if (inSentence) continue;
    const box = host.getBoundingClientRect();
    const after = getComputedStyle(one, "::after");
    if (after.position === "absolute" && after.content !== "none") continue;
    if (seen(box) && (box.height < 43.5 || box.width < 43.5))
      found.push(`${box.width} x ${box.height} ${one.outerHTML.slice(0, 90)}`);
  }
  return found;
}"""
"""What is pressed with a thumb and smaller than 44 px; links inside sentences are exempt."""

FOCUSED = """() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const near = [one, one.closest(".chon, .tich, label"), one.parentElement].filter(Boolean);
  const shows = near.some((it) => ["", "::after"].some((part) => {
    const style = getComputedStyle(it, part || null);
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  }));
  const box = one.getBoundingClientRect();
  return {
    words: (one.ariaLabel || one.textContent || one.name || "").trim().slice(0, 40),
    shows, top: Math.round(box.top + scrollY), isFixed: !!one.closest(".day"),
    isInView: box.bottom > 0 && box.top < innerHeight,
  };
}"""


def goods(page: Page, server: Server, slug: str = "gio-trung-non-khe") -> None:
    page.goto(f"{server.url}/san-pham/{slug}")
    page.get_by_role("button", name="Thêm vào giỏ").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Giỏ hàng")


def batches(page: Page, server: Server) -> list[str]:
    """The batch that would be sent and the one that is being recalled."""
    page.goto(f"{server.url}/")
    recalled = page.locator('main a[href^="/01/"]').first.get_attribute("href")
    page.goto(f"{server.url}/san-pham/che-xanh-la-bang")
    sent = page.locator('main a[href^="/01/"]').first.get_attribute("href")
    assert recalled
    assert sent
    return [recalled, sent, sent.replace("/10/LBT-2", "/10/LBT-9")]


def small_targets(page: Page) -> list[str]:
    found: list[str] = page.evaluate(SMALL_TARGETS)
    return found


def all_pages(page: Page, server: Server) -> list[str]:
    return [*PAGES, *batches(page, server)]


@pytest.mark.journey
def test_every_public_page_fits_the_narrowest_phone_without_script(
    new_page: NewPage, server: Server
) -> None:
    page = new_page(viewport=NARROW, java_script_enabled=False)
    small = {}
    for path in all_pages(page, server):
        page.goto(server.url + path)
        assert_fits(page)
        if found := small_targets(page):
            small[path] = found

    goods(page, server)
    assert_fits(page)
    page.get_by_role("link", name="Đặt hàng").click()
    assert_fits(page)
    small["checkout"] = small_targets(page)
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert_fits(page)
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hoa")
    page.get_by_role("textbox", name="Số điện thoại").fill("0912 345 678")
    page.get_by_label("Xã, phường").fill("Phường Văn Miếu - Quốc Tử Giám")
    page.get_by_label("Số nhà, đường hoặc thôn, xóm").fill("12 ngõ Văn Hương")
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    if page.get_by_role("heading", level=1).inner_text() == "Đặt hàng":
        page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Đã nhận")
    assert_fits(page)
    small["order"] = small_targets(page)
    page.get_by_role("link", name="Báo sự cố").click()
    assert_fits(page)
    small["report"] = small_targets(page)

    assert {path: found for path, found in small.items() if found} == {}


@pytest.mark.journey
@pytest.mark.parametrize("way", ["letters", "zoom"])
def test_every_public_page_can_be_read_twice_as_large(
    new_page: NewPage, server: Server, way: str
) -> None:
    page = new_page(viewport=ZOOMED if way == "zoom" else PHONE)

    for path in all_pages(page, server):
        page.goto(server.url + path)
        if way == "letters":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        assert_fits(page)


def walked(page: Page) -> list[dict[str, Any]]:
    """What gets the focus, one press of Tab after the other, until the page is left."""
    found = []
    for _ in range(150):
        page.keyboard.press("Tab")
        at = page.evaluate(FOCUSED)
        if at is None or (found and at["words"] == found[0]["words"]):
            return found  # out of the page, or from its end to its beginning
        found.append(at)
    raise AssertionError(f"no way out: {found[-3:]}")


@pytest.mark.journey
def test_keys_alone_go_through_in_the_order_of_reading_and_see_where_they_are(
    page: Page, server: Server
) -> None:
    goods(page, server)
    ways = ["/", "/san-pham/che-xanh-la-bang", "/gio-hang", "/dat-hang?seller=htx-non-khe",
            batches(page, server)[1]]  # fmt: skip

    for path in ways:
        page.goto(server.url + path)
        page.wait_for_load_state("networkidle")
        steps = walked(page)

        assert steps[0]["words"] == "Đến nội dung chính", path
        assert len(steps) > 5, path
        assert [step["words"] for step in steps if not step["shows"]] == [], path
        assert [step["words"] for step in steps if not step["isInView"]] == [], path
        rows = [step["top"] for step in steps[1:] if not step["isFixed"]]
        back = [
            (steps[number]["words"], before, after)
            for number, (before, after) in enumerate(itertools.pairwise(rows), start=1)
            if after < before - 90
        ]
        assert back == [], path
