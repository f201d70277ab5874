"""Browser, Redis and guarded servers are the real ones and leave nothing behind."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
import redis
from playwright.sync_api import Page

from tests.support import guard
from tests.support.chromium import NewPage, assert_accessible, assert_fits

GOOD = "<!doctype html><html lang=vi><title>Chè</title><main><h1>Chè</h1></main></html>"


@pytest.mark.redis
@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_redis(redis_url: str, turn: int) -> None:
    with redis.Redis.from_url(redis_url) as connection:
        before = connection.dbsize()
        connection.set("turn", turn)

    assert before == 0


@pytest.mark.browser
def test_a_page_opens_on_a_phone_in_vietnamese(page: Page) -> None:
    page.set_content(GOOD)

    assert page.evaluate("[innerWidth, navigator.language]") == [360, "vi-VN"]
    assert_accessible(page)
    assert_fits(page)


@pytest.mark.browser
def test_two_people_share_no_cookie(new_page: NewPage) -> None:
    one, other = new_page(), new_page()

    one.context.add_cookies([{"name": "who", "value": "Lan", "url": "http://localhost"}])

    assert other.context.cookies() == []


@pytest.mark.browser
def test_what_a_blind_person_cannot_use_fails(page: Page) -> None:
    page.set_content(GOOD.replace("</main>", "<img src='data:,'><button></button></main>"))

    with pytest.raises(AssertionError, match="button-name"):
        assert_accessible(page)


@pytest.mark.browser
def test_what_stands_out_of_the_window_fails(page: Page) -> None:
    page.set_content(GOOD.replace("<h1>", "<h1 style='width:400px'>"))

    with pytest.raises(AssertionError, match="400px"):
        assert_fits(page)


def test_a_server_ends_with_the_run_that_wants_it(tmp_path: Path) -> None:
    owner = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    sleeper = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    folder = tmp_path / "data"
    folder.mkdir()
    server = guard.start(sleeper, owner=owner.pid, log=tmp_path / "log", remove=folder)
    _wait_until(lambda: (tmp_path / "log").read_text() == "up\n")

    owner.kill()
    owner.wait()

    assert server.wait(10) is not None
    assert not folder.exists()


def test_a_server_that_is_told_to_stop_stops(tmp_path: Path) -> None:
    sleeper = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    server = guard.start(sleeper, owner=1, log=tmp_path / "log")
    _wait_until(lambda: (tmp_path / "log").read_text() == "up\n")

    guard.stop(server)

    assert server.returncode == 0


def _wait_until(is_true) -> None:
    deadline = time.monotonic() + 20
    while not is_true():
        assert time.monotonic() < deadline
        time.sleep(0.05)
