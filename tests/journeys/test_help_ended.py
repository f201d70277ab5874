"""A consent is taken back while the helper's form is open: nothing written, nothing lost."""

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from shop import clock
from shop.models.people import Account, Consent, Member
from tests.support.chromium import DESK, NewPage, assert_accessible, assert_fits
from tests.support.demo_people import GOODS, PHONES, SENT_ROW, fill_in_goods, offers, sign_in
from tests.support.servers import Server

pytestmark = [pytest.mark.browser, pytest.mark.journey]

WHY = "bác Chanh không còn cho làm hộ."


def let_go(books: Engine, *, is_over: bool) -> None:
    """Let Hoàng Thị Chanh take back her consent, or give it again."""
    with Session(books) as session:
        member = session.scalars(select(Member).filter_by(full_name="Hoàng Thị Chanh")).one()
        helper = session.scalars(select(Account).filter_by(name="Bùi Thị Hẹ")).one()
        for consent in session.scalars(
            select(Consent).filter_by(member_id=member.id, helper_id=helper.id)
        ):
            consent.withdrawn_at = clock.now() if is_over else None
            consent.withdrawn_by_id = member.account_id if is_over else None
        session.commit()


def open_form(page: Page, server: Server, machine: str) -> None:
    sign_in(page, server, PHONES["helper"], machine, then="/thanh-vien/lam-ho")
    page.get_by_role("button", name="bác Chanh").click()
    expect(page.get_by_role("region", name="Đang làm hộ")).to_contain_text("bác Chanh")
    page.goto(f"{server.url}/thanh-vien/ban-hang/moi")
    page.wait_for_load_state("networkidle")


def test_on_a_shared_computer_nothing_is_lost_when_the_network_is_cut(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(viewport=DESK)
    open_form(page, server, "Máy dùng chung")
    page.context.set_offline(True)
    fill_in_goods(page)
    expect(page.get_by_text("Mất mạng, chưa lưu.")).to_be_visible()
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_text("Mất mạng, chưa gửi.")).to_be_visible()
    expect(page.get_by_label("Tên hàng")).to_have_value(GOODS)
    assert offers(books) == []

    page.context.set_offline(False)

    expect(page.get_by_text("Đã gửi HTX.")).to_be_visible()
    assert offers(books) == [(GOODS, "sent")]


def test_on_a_shared_computer_a_draft_is_kept_by_the_server_and_understood_at_once(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page(viewport=DESK)
    open_form(page, server, "Máy dùng chung")
    fill_in_goods(page)

    expect(page.get_by_text("Hiểu là 90.000")).to_be_visible()
    expect(page.get_by_text("Đã lưu nháp lúc")).to_be_visible()
    assert offers(books) == [(GOODS, "draft")]


@pytest.mark.parametrize("size", [None, DESK], ids=["phone", "desk"])
def test_on_a_shared_computer_the_page_says_why_and_keeps_the_words(
    new_page: NewPage, server: Server, books: Engine, size: dict[str, int] | None
) -> None:
    page = new_page(**({"viewport": size} if size else {}))
    open_form(page, server, "Máy dùng chung")
    fill_in_goods(page)
    let_go(books, is_over=True)
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(WHY)
    expect(page.get_by_label("Nội dung vừa gõ")).to_have_value(
        f"Tên hàng: {GOODS}\nGiá: 90.000\nĐóng gói: gói 200 g"
    )
    assert_fits(page)
    assert_accessible(page)
    assert offers(books) == []

    let_go(books, is_over=False)
    page.get_by_role("button", name="Có giấy nhờ rồi, gửi lại").click()
    expect(page.get_by_text("Đã gửi HTX.")).to_be_visible()
    assert offers(books) == [(GOODS, "sent")]


def test_on_the_helpers_own_phone_the_entry_waits_and_says_why(
    new_page: NewPage, server: Server, books: Engine
) -> None:
    page = new_page()
    open_form(page, server, "Máy của tôi")
    let_go(books, is_over=True)
    fill_in_goods(page)
    page.get_by_role("button", name="Gửi HTX duyệt").click()
    expect(page.locator("form > [role=status]")).to_contain_text(WHY)
    expect(page.get_by_label("Tên hàng")).to_have_value(GOODS)
    assert_fits(page)
    assert_accessible(page)

    page.get_by_role("link", name="Xem đang giúp ai").click()
    expect(page.get_by_text("1 việc chưa gửi. Chọn đúng người thì máy gửi.")).to_be_visible()
    expect(page.get_by_text(f"{GOODS} · bác Chanh")).to_be_visible()
    expect(page.get_by_text(WHY)).to_be_visible()
    assert_fits(page)
    assert_accessible(page)

    page.goto(f"{server.url}/thanh-vien")
    expect(page.get_by_text("chưa gửi", exact=True)).to_be_visible()
    expect(page.get_by_text(f"{WHY} Máy giữ lại, chưa gửi.")).to_be_visible()
    assert offers(books) == []

    let_go(books, is_over=False)
    page.goto(f"{server.url}/thanh-vien/lam-ho")
    page.get_by_role("button", name="bác Chanh").click()
    expect(page.get_by_text(SENT_ROW)).to_be_visible()
    assert offers(books) == [(GOODS, "sent")]
