"""The people of the demo in a browser: how they come in and how they offer something to sell."""

import re

from playwright.sync_api import Page
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from shop.demo import PASSWORD, sign_ins
from shop.models.submissions import Submission
from tests.support.servers import Server

PHONES = {role: phone for role, phone, _password in sign_ins()}
"""With which number the first person of each role signs in: the member is Hoàng Thị Chanh, the
helper Bùi Thị Hẹ, to whom she and Đỗ Thị Quế gave consent."""
GOODS = "Mật ong rừng Bản Đạt"
SENT_ROW = re.compile(r"^đã gửi \d")
"""How a phone marks what it has sent; the row of the server begins with a capital."""


def sign_in(
    page: Page, server: Server, phone: str, machine: str = "Máy của tôi", *, then: str = ""
) -> None:
    """Sign in on `machine`, by how its words begin; wait for `then` or one's own page."""
    page.goto(f"{server.url}/dang-nhap" + (f"?next={then}" if then else ""))
    page.get_by_label("Số điện thoại").fill(phone)
    page.get_by_role("textbox", name="Mật khẩu hoặc mã PIN").fill(PASSWORD)
    page.get_by_label(machine).check()
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap" not in url)


def fill_in_goods(
    page: Page, *, name: str = GOODS, price: str = "90.000", pack: str = "gói 200 g"
) -> None:
    """Fill in the form with which a member offers something."""
    page.get_by_label("Tên hàng").fill(name)
    page.get_by_label("Giá bán").fill(price)
    page.get_by_label("Đóng gói").fill(pack)


def submissions(books: Engine) -> list[Submission]:
    """Return what members have offered, oldest first."""
    with Session(books, expire_on_commit=False) as session:
        return list(session.scalars(select(Submission).order_by(Submission.id)))


def offers(books: Engine) -> list[tuple[str, str]]:
    """Return the name and the state of what members have offered, oldest first."""
    return [(row.typed["name"], row.state.value) for row in submissions(books)]


def wait_for_worker(page: Page) -> None:
    """Return when the part that answers without a network is at work."""
    page.evaluate("navigator.serviceWorker.ready.then((found) => found.active.state)")
