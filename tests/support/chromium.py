"""A person with a browser: Chromium, one for each worker, a fresh profile for each test.

A script that fails or breaks the content security policy fails the test; when a test fails, a
picture of each page is kept in its temporary folder.
"""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 800}
FAILED = pytest.StashKey[bool]()
NETWORK = re.compile(r"Failed to load resource|net::ERR_")
"""What Chromium reports on its console when a page or the network says no."""


class NewPage(Protocol):
    """Opens windows that share nothing."""

    def __call__(self, **options: Any) -> Page:
        """Return an empty page of a new profile; `options` as for a Playwright context."""


def executable() -> str | None:
    """Return the path of Chromium; `None` when it is not installed."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """A running Chromium."""
    path = executable()
    if path is None:
        pytest.skip("missing: chromium (Debian: chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path)
        yield browser
        browser.close()


@pytest.fixture
def new_page(
    chromium: Browser, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[NewPage]:
    """Open pages as people of their own: on a phone, in Vietnamese, unless `options` say else."""
    contexts: list[BrowserContext] = []
    mistakes: list[str] = []

    def note(message: ConsoleMessage) -> None:
        if message.type == "error" and not NETWORK.search(message.text):
            mistakes.append(message.text)

    def open_page(**options: Any) -> Page:
        usual = {"viewport": PHONE, "locale": "vi-VN", "timezone_id": "Asia/Ho_Chi_Minh"}
        context = chromium.new_context(**(usual | options))
        context.set_default_timeout(15_000)
        contexts.append(context)
        context.on("console", note)
        context.on("weberror", lambda error: mistakes.append(str(error.error)))
        return context.new_page()

    yield open_page
    for number, page in enumerate(page for context in contexts for page in context.pages):
        if request.node.stash.get(FAILED, False):
            page.screenshot(path=tmp_path / f"page-{number}.png", full_page=True)
    for context in contexts:
        context.close()
    assert mistakes == []


@pytest.fixture
def page(new_page: NewPage) -> Page:
    """A page on a phone 360 pixels wide."""
    return new_page()


@pytest.fixture
def desk(new_page: NewPage) -> Page:
    """A page on a computer 1280 pixels wide."""
    return new_page(viewport=DESK)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:
    """Let `new_page` know that its test failed."""
    report: pytest.TestReport = yield
    if report.failed:
        item.stash[FAILED] = True
    return report


def assert_accessible(page: Page) -> None:
    """Fail when axe finds a violation in the page as it stands once all of it has come."""
    page.wait_for_load_state()
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


def assert_fits(page: Page) -> None:
    """Fail when something makes the page wider than its window, once all of it has come."""
    page.wait_for_load_state()
    wide = page.evaluate(
        """() => {
            const width = document.documentElement.clientWidth;
            if (document.documentElement.scrollWidth <= width) return [];
            return [...document.body.querySelectorAll("*")]
                .filter((element) => element.getBoundingClientRect().right > width + 0.5)
                .map((element) => element.outerHTML.slice(0, 80));
        }"""
    )
    assert wide == []
