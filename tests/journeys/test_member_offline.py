"""A member's own phone in bad weather: nothing may be kept, English pages, a browser killed."""

import re
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, Route, expect
from sqlalchemy import Engine

from tests.support import guard
from tests.support.chromium import NewPage, assert_accessible, assert_fits, executable
from tests.support.demo_people import (
    GOODS,
    PHONES,
    SENT_ROW,
    fill_in_goods,
    offers,
    sign_in,
    submissions,
    wait_for_worker,
)
from tests.support.redis import free_port
from tests.support.run import Run
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.journey]

REFUSED = "Máy không cho giữ lại. Cứ để mở trang này, có mạng rồi bấm gửi."
BLOCKED = {
    "blocked": "Object.defineProperty(window, 'indexedDB', {get() {throw new DOMException('no', "
    "'SecurityError');}});",
    "full": "IDBObjectStore.prototype.put = () => {throw new DOMException('full', "
    "'QuotaExceededError');};",
}
"""How a browser refuses to keep something: not at all, or for want of room."""


@pytest.mark.parametrize("how", sorted(BLOCKED))
def test_where_nothing_may_be_kept_the_page_says_so_and_sends_with_a_network(
    new_page: NewPage, server: Server, books: Engine, how: str
) -> None:
    page = new_page(service_workers="block")
    page.add_init_script(BLOCKED[how])
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    fill_in_goods(page)
    expect(page.get_by_text(REFUSED)).to_be_visible()
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text(REFUSED)).to_be_visible()
    expect(page.get_by_label("Tên hàng")).to_have_value(GOODS)
    assert offers(books) == []

    page.context.set_offline(False)
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("Đã gửi HTX.")).to_be_visible()
    assert offers(books) == [(GOODS, "sent")]


def test_a_first_call_that_fails_while_the_network_comes_back_holds_nothing_up(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(service_workers="block")
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.wait_for_load_state("networkidle")
    fill_in_goods(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("Có mạng, máy gửi hoặc hỏi lại bác.")).to_be_visible()
    called: list[Route] = []

    def hold(route: Route) -> None:
        called.append(route)

    page.route("**/ai-day", hold, times=1)
    page.context.set_offline(False)
    page.wait_for_url("**/ban-hang")
    expect(page.get_by_text("1 việc chưa gửi")).to_be_visible()

    page.evaluate("dispatchEvent(new Event('online'))")
    called[0].abort("internetdisconnected")

    expect(page.get_by_text(SENT_ROW)).to_be_visible()
    assert offers(books) == [(GOODS, "sent")]


def test_english_pages_are_english_without_a_network_and_leave_the_others(
    new_page: NewPage, server: Server
) -> None:
    page = new_page()
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.goto(f"{server.url}/en/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)

    for address, words in {
        "/en/thanh-vien": "No network",
        "/en/thanh-vien/ban-hang/moi": "Sell",
        "/en/thanh-vien/lo-moi": "Add a new batch",
        "/thanh-vien": "Mất mạng",
        "/thanh-vien/ban-hang/moi": "Bán hàng",
    }.items():
        page.goto(f"{server.url}{address}")
        expect(page.get_by_role("heading", level=1)).to_have_text(words)
        language = "en" if address.startswith("/en") else "vi"
        assert page.locator("html").get_attribute("lang") == language
        assert_fits(page)


def test_the_pages_without_a_network_are_accessible_and_light(
    new_page: NewPage, server: Server
) -> None:
    page = new_page()
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)
    for address in ("", "/ban-hang/moi", "/lo-moi"):
        page.goto(f"{server.url}/thanh-vien{address}")
        page.wait_for_load_state("networkidle")
        assert_fits(page)
        assert_accessible(page)
        page.set_viewport_size({"width": 1280, "height": 800})
        assert_fits(page)
        assert_accessible(page)
        page.set_viewport_size({"width": 360, "height": 740})

    code = requests.get(f"{server.url}/thanh-vien/may.js", timeout=30).text
    kept = set(re.findall(r'"(/[^"]+)"', code)) - {
        "/thanh-vien/ban-hang/moi",
        "/thanh-vien/lo-moi",
    }
    weights = {one: weight(server.url + one) for one in kept}
    shells = [one for one in kept if "khi-mat-mang" in one]
    files = sum(weights[one] for one in kept if one not in shells)
    assert len(shells) == 3
    assert max(files + weights[one] for one in shells) <= 25 * 1024


def weight(url: str) -> int:
    """Return how many bytes come over the line."""
    headers = {"Accept-Encoding": "gzip"}
    with requests.get(url, headers=headers, stream=True, timeout=30) as came:
        assert came.status_code == 200, url
        return len(came.raw.read())


@pytest.fixture
def start_browser(run: Run, chromium: Browser, tmp_path: Path) -> Iterator["KilledBrowser"]:
    """A browser of its own that can be killed as an empty battery does."""
    made = KilledBrowser(run, chromium, tmp_path)
    yield made
    made.kill()


class KilledBrowser:
    """A Chromium process with a profile on disk, reached over its debugging port."""

    def __init__(self, run: Run, chromium: Browser, folder: Path) -> None:
        self._run, self._chromium, self._folder = run, chromium, folder
        self._guard: subprocess.Popen[bytes] | None = None

    def open(self) -> Page:
        """Start the browser and return its page."""
        port = free_port()
        command = [
            str(executable()),
            "--headless=new",
            "--no-sandbox",
            "--no-first-run",
            f"--remote-debugging-port={port}",
            f"--user-data-dir={self._folder / 'profile'}",
            "about:blank",
        ]
        log = self._folder / "chromium.log"
        self._guard = guard.start(command, owner=self._run.owner, log=log)
        deadline = time.monotonic() + 30
        while True:
            try:
                requests.get(f"http://127.0.0.1:{port}/json/version", timeout=1)
                break
            except requests.RequestException:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.2)
        browser = self._chromium.browser_type.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = browser.contexts[0].pages[0]
        page.context.set_default_timeout(20_000)
        return page

    def kill(self) -> None:
        """End it without a warning."""
        if self._guard is not None:
            guard.kill(self._guard)
            self._guard = None


def test_a_browser_killed_with_entries_waiting_sends_each_once(
    start_browser: KilledBrowser, server: Server, books: Engine
) -> None:
    page = start_browser.open()
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)
    for _ in range(2):
        page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
        fill_in_goods(page)
        expect(page.get_by_text("Hiểu là 90.000")).to_be_visible()
        page.get_by_role("button", name="Gửi HTX duyệt").click()
        page.wait_for_url("**/thanh-vien/ban-hang")
        expect(page.get_by_text("chưa gửi", exact=True).first).to_be_visible()
    start_browser.kill()
    assert offers(books) == []

    page = start_browser.open()
    page.goto(f"{server.url}/thanh-vien")
    if "dang-nhap" in page.url:  # the browser had not yet written its cookies
        sign_in(page, server, PHONES["member"])
    expect(page.get_by_text(SENT_ROW)).to_have_count(2)
    page.reload()
    page.wait_for_load_state("networkidle")

    assert offers(books) == [(GOODS, "sent"), (GOODS, "sent")]


def test_without_a_network_a_batch_is_asked_for_its_product_before_it_waits(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{server.url}/thanh-vien/lo-moi")
    page.get_by_label("Vừa hái").check()
    page.get_by_label("Được mấy cân?").fill("28")
    page.get_by_role("button", name="Gửi HTX").click()
    expect(page.get_by_text("Chọn hàng này để làm món gì")).to_be_visible()
    assert_accessible(page)
    assert_fits(page)

    page.get_by_label("Để làm món gì?").select_option(index=1)
    page.get_by_role("button", name="Gửi HTX").click()
    expect(page.get_by_text("chưa gửi", exact=True)).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Mất mạng")
    page.context.set_offline(False)

    expect(page.get_by_role("heading", level=1)).to_have_text("Đã có mạng lại")
    expect(page.get_by_text(SENT_ROW)).to_be_visible()
    (kept,) = submissions(books)
    assert kept.state.value == "sent"


def test_a_shared_computer_says_in_sight_that_nothing_was_sent_and_sends_later(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(viewport={"width": 360, "height": 640})
    sign_in(page, server, PHONES["member"], machine="Máy dùng chung")
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    fill_in_goods(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Gửi HTX duyệt").click()

    expect(page.get_by_text("Mất mạng, chưa gửi.")).to_be_in_viewport()
    page.context.set_offline(False)
    page.wait_for_url(re.compile("/thanh-vien/ban-hang$"))
    assert offers(books) == [(GOODS, "sent")]


def test_tries_from_a_page_that_opened_without_a_network_are_one_draft(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    fill_in_goods(page, price="gần trăm nghìn")
    page.context.set_offline(False)

    for _ in range(3):
        page.get_by_role("button", name="Gửi HTX duyệt").click()
        expect(page.get_by_text("là giá ước chừng").first).to_be_visible()
        expect(page.get_by_label("Tên hàng")).to_have_value(GOODS)
        page.wait_for_load_state("networkidle")
    assert offers(books) == [(GOODS, "draft")]

    page.get_by_label("Giá bán").fill("90.000")
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    page.wait_for_url("**/thanh-vien/ban-hang")
    assert offers(books) == [(GOODS, "sent")]


def test_what_has_to_be_looked_at_again_stands_once_among_the_goods(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(viewport={"width": 360, "height": 740})
    sign_in(page, server, PHONES["member"])
    page.goto(f"{server.url}/thanh-vien")
    wait_for_worker(page)
    page.reload()
    page.context.set_offline(True)
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    fill_in_goods(page, price="gần trăm nghìn")
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("Có mạng, máy gửi hoặc hỏi lại bác.")).to_be_visible()
    page.context.set_offline(False)
    expect(page.get_by_text("cần xem lại")).to_be_visible()
    page.goto(f"{server.url}/thanh-vien/ban-hang")

    expect(page.get_by_text("cần xem lại")).to_be_visible()
    expect(page.get_by_text("Bản nháp, chưa gửi HTX")).to_be_hidden()
    expect(page.get_by_text(GOODS).locator("visible=true")).to_have_count(1)
    assert_accessible(page)
    assert_fits(page)

    page.get_by_role("link", name="Xem", exact=True).click()
    page.get_by_label("Giá bán").fill("90.000")
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    page.wait_for_url("**/thanh-vien/ban-hang")
    expect(page.get_by_text("cần xem lại")).to_be_hidden()
    assert offers(books) == [(GOODS, "sent")]
