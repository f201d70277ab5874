"""An evening at the hall: one helper, one computer, people one after the other."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import make_engine
from shop.demo.people import PASSWORD
from shop.models.people import AuditEntry, Member
from tests.support.chromium import assert_accessible, assert_fits
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.journey]

HELPER = "0540 000 008"
"""Bùi Thị Hẹ of the demo, to whom Hoàng Thị Chanh and Đỗ Thị Quế gave consent."""


def choose(page: Page, name: str) -> None:
    page.get_by_role("button", name=re.compile(f"^bác {name}")).click()
    expect(bar(page)).to_contain_text(f"Đang làm hộ bác {name}")


def bar(page: Page) -> Locator:
    return page.get_by_role("region", name="Đang làm hộ")


def looks_right(page: Page) -> None:
    assert_fits(page)
    assert_accessible(page)


def test_a_helper_on_a_shared_computer_helps_one_after_the_other(
    page: Page, server: Server, demo_database_url: str
) -> None:
    page.goto(f"{server.url}/dang-nhap?next=/thanh-vien/lam-ho")
    page.get_by_label("Số điện thoại").fill(HELPER)
    page.get_by_role("textbox", name="Mật khẩu hoặc mã PIN").fill(PASSWORD)
    page.get_by_label(re.compile("Máy dùng chung")).check()
    page.get_by_role("button", name="Đăng nhập").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bác đang giúp ai?")
    looks_right(page)

    choose(page, "Chanh")
    looks_right(page)
    page.goto(f"{server.url}/thanh-vien/hien-ten")
    expect(page.get_by_text("Người làm hộ không đổi được.")).to_be_visible()
    looks_right(page)
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    expect(bar(page)).to_be_in_viewport()
    looks_right(page)
    page.get_by_label("Tên hàng").fill("Mật ong rừng")
    page.get_by_role("button", name="Lưu nháp").click()
    expect(page.get_by_text("Đã lưu nháp, chưa gửi HTX.")).to_be_visible()

    page.get_by_role("link", name="Đổi người").click()
    choose(page, "Quế")
    page.goto(f"{server.url}/thanh-vien/ai-lam-gi")
    looks_right(page)
    expect(page.get_by_text("Cháu Hẹ đã ghi nháp món bán")).to_have_count(0)
    page.get_by_role("button", name="Xong").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Bác đang giúp ai?")
    expect(bar(page)).to_have_count(0)

    page.get_by_role("button", name="Thoát").click()
    page.go_back()
    expect(page.get_by_text("bác Chanh")).to_have_count(0)
    assert names_behind(demo_database_url) == ("Hoàng Thị Chanh", "submission_begun")


def names_behind(url: str) -> tuple[str, str]:
    """Return for whom the only act of the evening was done, and what it was."""
    engine = make_engine(url)
    with Session(engine) as session:
        row = session.execute(
            select(Member.full_name, AuditEntry.action).join(
                AuditEntry, AuditEntry.for_member_id == Member.id
            )
        ).one()
    engine.dispose()
    return row[0], row[1]
