"""Two tabs of one helper: what was filled in for one person is written for nobody else."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from shop.models.people import Member
from shop.models.submissions import Submission
from tests.support.chromium import NewPage, assert_accessible, assert_fits
from tests.support.demo_people import PHONES, fill_in_goods, sign_in
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.journey]

CHANH, QUE = "Hoàng Thị Chanh", "Đỗ Thị Quế"


def written(books: Engine) -> list[tuple[str, str, str]]:
    """Return for whom what was written, and its state."""
    with Session(books) as session:
        rows = session.execute(
            select(Member.full_name, Submission.typed, Submission.state)
            .join(Member, Member.id == Submission.member_id)
            .order_by(Submission.id)
        )
        return [(name, typed["name"], state.value) for name, typed, state in rows]


def choose(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/thanh-vien/lam-ho")
    page.get_by_role("button", name=f"bác {name}").click()
    expect(page.get_by_role("region", name="Đang làm hộ")).to_contain_text(f"bác {name}")


def fill_in(page: Page, server: Server, name: str) -> None:
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.wait_for_load_state("networkidle")
    fill_in_goods(page, name=name)


def test_a_stale_tab_on_a_shared_computer_writes_for_the_person_it_names(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    first = new_page()
    sign_in(first, server, PHONES["helper"], "Máy dùng chung")
    second = first.context.new_page()
    choose(first, server, "Chanh")
    fill_in(first, server, "Mật ong của Chanh")
    choose(second, server, "Quế")
    fill_in(second, server, "Chè của Quế")

    first.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(first.get_by_role("heading", level=1)).to_contain_text("là của bác Chanh")
    assert_fits(first)
    assert_accessible(first)
    assert "Mật ong của Chanh" not in {name for member, name, _ in written(books) if member == QUE}

    second.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(second.get_by_text("Đã gửi HTX.")).to_be_visible()
    first.get_by_role("button", name="Đổi sang bác Chanh và gửi lại").click()
    expect(first.get_by_text("Đã gửi HTX.")).to_be_visible()
    expect(first.get_by_role("region", name="Đang làm hộ")).to_contain_text("bác Chanh")
    sent = [(CHANH, "Mật ong của Chanh", "sent"), (QUE, "Chè của Quế", "sent")]
    assert sorted(written(books)) == sent

    second.goto(f"{server.url}/thanh-vien")
    expect(second.get_by_role("region", name="Đang làm hộ")).to_contain_text("bác Chanh")


def test_a_stale_tab_on_the_helpers_phone_keeps_the_entry_for_its_person(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    first = new_page()
    sign_in(first, server, PHONES["helper"], "Máy của tôi")
    second = first.context.new_page()
    choose(first, server, "Chanh")
    fill_in(first, server, "Mật ong của Chanh")
    expect(first.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    choose(second, server, "Quế")

    first.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(first.get_by_text("Máy đang làm việc của bác Quế, nên chưa gửi.")).to_be_visible()
    second.reload()
    second.wait_for_load_state("networkidle")
    assert written(books) == [(CHANH, "Mật ong của Chanh", "draft")]

    choose(second, server, "Chanh")
    expect(second.get_by_text("đã gửi", exact=False).first).to_be_visible()
    second.wait_for_load_state("networkidle")
    assert written(books) == [(CHANH, "Mật ong của Chanh", "sent")]
