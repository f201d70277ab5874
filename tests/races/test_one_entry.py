"""A phone whose answers get lost sends one entry many times at once: it is one entry."""

import re
import threading
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from shop.db import make_engine
from shop.demo import PASSWORD
from shop.models.batches import Batch
from shop.models.people import Account, AuditEntry, Member
from shop.models.submissions import Submission, SubmissionState
from tests.support.servers import Serve, Server

pytestmark = [pytest.mark.race, pytest.mark.both_databases]

COPIES = 20
CLIENT_ID = "0d4b7c1e-0f0a-4f6e-9a51-6d2a2f9c7e10"
JSON = {"Accept": "application/json"}


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Engine]:
    """The database behind the servers."""
    engine = make_engine(demo_database_url)
    yield engine
    engine.dispose()


class Phone:
    """The browser of Hoàng Thị Chanh, signed in at the first of the servers."""

    def __init__(self, servers: list[Server], books: Engine) -> None:
        with Session(books) as session:
            member = session.scalars(select(Member).filter_by(full_name="Hoàng Thị Chanh")).one()
            number = session.get_one(Account, member.account_id or 0).phone
        self._servers = servers
        browser = requests.Session()
        page = browser.get(f"{servers[0].url}/dang-nhap", timeout=30)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
        assert token is not None
        typed = {"phone": number, "password": PASSWORD, "machine": "mine"}
        browser.post(page.url, data=typed | {"csrf_token": token[1]}, timeout=30)
        asked = browser.get(f"{servers[0].url}/thanh-vien/ai-day", timeout=30)
        self.cookies = browser.cookies.get_dict()
        self.who = asked.json()

    def send_at_once(self, path: str, entry: dict[str, str]) -> Counter[tuple[int, str]]:
        """Send one entry many times at once to all servers; return what they answered."""
        gate = threading.Barrier(COPIES)
        entry = entry | {"client_id": CLIENT_ID, "for_member": self.who["member"], "act": "send"}
        headers = JSON | {"X-CSRFToken": self.who["token"]}

        def send(number: int) -> tuple[int, str]:
            gate.wait(timeout=60)
            url = self._servers[number % len(self._servers)].url + path
            options = {"cookies": self.cookies, "headers": headers, "timeout": 120}
            came = requests.post(url, data=entry, **options)  # type: ignore[arg-type]
            return came.status_code, came.json()["state"]

        with ThreadPoolExecutor(COPIES) as crowd:
            return Counter(crowd.map(send, range(COPIES)))


def acts(session: Session, name: str) -> int:
    told = select(func.count()).select_from(AuditEntry).where(AuditEntry.action == name)
    return int(session.scalar(told) or 0)


def test_goods_sent_twenty_times_at_once_are_one_entry(
    demo_database_url: str, serve: Serve, books: Engine
) -> None:
    phone = Phone(serve(demo_database_url, processes=2), books)
    entry = {"name": "Mật ong rừng Bản Đạt", "price": "90.000", "pack": "gói 200 g", "words": ""}

    answers = phone.send_at_once("/thanh-vien/ban-hang/moi", entry)

    assert answers == {(200, "sent"): COPIES}
    with Session(books) as session:
        (kept,) = session.scalars(select(Submission)).all()
        assert (kept.client_id, kept.state) == (CLIENT_ID, SubmissionState.SENT)
        assert acts(session, "submission_sent") == 1


def test_a_batch_sent_twenty_times_at_once_opens_one_lot(
    demo_database_url: str, serve: Serve, books: Engine
) -> None:
    phone = Phone(serve(demo_database_url, processes=2), books)
    with Session(books) as session:
        before = session.scalar(select(func.count()).select_from(Batch))
    choices = phone.who["choices"]
    entry = {
        "how": "made",
        "product": choices["product"][0][0],
        "goods": "Chè búp khô",
        "quantity": "12",
        "day": "hôm nay",
        "words": "",
    }

    answers = phone.send_at_once("/thanh-vien/lo-moi", entry)

    assert answers == {(200, "sent"): COPIES}
    with Session(books) as session:
        assert len(session.scalars(select(Submission)).all()) == 1
        assert session.scalar(select(func.count()).select_from(Batch)) == (before or 0) + 1
