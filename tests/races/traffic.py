"""People and a gateway who go on while servers die: what they were told is written down."""

import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

import requests

from tests.factories import PASSWORD
from tests.races.buyers import BUYER, fill_cart
from tests.support.pages import Answer, Page, Values, Visitor

GONE = (requests.ConnectionError, requests.Timeout, requests.exceptions.ChunkedEncodingError)
"""What a client sees of a server that died."""


class Troubled(Exception):
    """The server answered that it cannot now, as it may while everything around it dies."""


@dataclass
class Told:
    """What the servers acknowledged; each list is added to by many threads."""

    orders: list[str] = field(default_factory=list)
    """Tokens of orders, of a 303 after the checkout."""
    paid: list[str] = field(default_factory=list)
    """References whose success a notice told, of an answer 00 or 02."""
    refunds: list[tuple[str, int]] = field(default_factory=list)
    """Number of a refund's page and its amount, of a 303 after the form."""
    checkouts: int = 0
    """How many different checkout forms were sent, however often each was."""
    strange: list[str] = field(default_factory=list)
    """Answers that nobody should get."""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def count_checkout(self) -> None:
        """Count one more form."""
        with self.lock:
            self.checkouts += 1


@dataclass
class Shop:
    """Where the servers are, and the office's sign-in."""

    urls: list[str]
    seller: str
    pack_id: int
    notify_path: str
    phone: str

    def any(self, chance: random.Random) -> str:
        """Return one of the addresses."""
        return chance.choice(self.urls)


class Buyer:
    """Orders, pays, and lets the gateway tell of it, again and again until `stop` is set."""

    def __init__(self, shop: Shop, told: Told, seed: int) -> None:
        self.shop, self.told, self.chance = shop, told, random.Random(seed)

    def run(self, stop: threading.Event) -> None:
        """Go on whatever dies; what breaks off is begun anew."""
        while not stop.is_set():
            try:
                self._order(stop)
            except (*GONE, Troubled, AssertionError):
                stop.wait(0.1)

    def _order(self, stop: threading.Event) -> None:
        url = self.shop.any(self.chance)
        form = fill_cart(
            visitor_at(url), seller=self.shop.seller, pack_id=self.shop.pack_id, quantity=1
        )
        self.told.count_checkout()
        address = self._send(form, stop)
        if address is None:
            return
        self.told.orders.append(address.split("/")[2])
        if self.chance.random() < 0.85:
            self._pay(urlsplit(address).path, stop)

    def _send(self, form: Page, stop: threading.Event) -> str | None:
        """Send one form until a server says what became of it; it makes one order at the most."""
        for _ in range(40):
            try:
                answer = form.send(
                    {**BUYER, "phone": "0912345678", "payment_way": "vnpay"}, press="Đặt hàng"
                )
            except GONE:
                if stop.wait(0.25):
                    return None
                continue
            if answer.status == 303 and answer.path.startswith("/don-hang/"):
                return answer.path
            if answer.status < 500:
                self.told.strange.append(f"checkout {answer.status} {answer.path}")
                return None
            stop.wait(0.25)
        return None

    def _pay(self, path: str, stop: threading.Event) -> None:
        browser, url = requests.Session(), self.shop.any(self.chance)
        page = browser.get(f"{url}{path}", timeout=10).text
        found = re.search(r'content="0; url=([^"]+)"', page)
        if found is None:
            return
        address = urlsplit(found[1].replace("&amp;", "&"))
        page = browser.get(f"{url}{address.path}?{address.query}", timeout=10).text
        fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]+)"', page))
        action = re.search(r'<form method="post" action="([^"]+)"', page)
        if action is None:
            return
        code = "24" if self.chance.random() < 0.1 else "00"
        silent = {"silent": "1"} if self.chance.random() < 0.8 else {}
        came = browser.post(
            f"{url}{action[1]}",
            data=fields | {"code": code} | silent,
            allow_redirects=False,
            timeout=10,
        )
        back = urlsplit(came.headers.get("Location", ""))
        if back.query and self.chance.random() < 0.7:
            self._tell(back.query, parse_qs(address.query)["vnp_TxnRef"][0], code, stop)
        elif back.query:
            browser.get(f"{url}{back.path}?{back.query}", timeout=10)

    def _tell(self, query: str, reference: str, code: str, stop: threading.Event) -> None:
        """Tell the shop as the gateway does, until it says that it has it."""
        for _ in range(10):
            try:
                url = self.shop.any(self.chance)
                came = requests.get(f"{url}{self.shop.notify_path}?{query}", timeout=10)
                answer = json.loads(came.content)["RspCode"]
            except (*GONE, ValueError, KeyError):
                answer = ""
            if answer in {"00", "02"}:
                if code == "00":
                    self.told.paid.append(reference)
                return
            if answer not in {"", "99"}:
                self.told.strange.append(f"notice {answer}")
            if stop.wait(0.2):
                return


class Treasurer:
    """Gives parts of paid orders back through the gateway until `stop` is set."""

    def __init__(self, shop: Shop, told: Told, seed: int) -> None:
        self.shop, self.told, self.chance = shop, told, random.Random(seed)
        self._visitor: Visitor | None = None
        self._done: set[str] = set()

    def run(self, stop: threading.Event) -> None:
        """Go on whatever dies; a form that broke off is not sent again."""
        while not stop.is_set():
            paid = [one for one in self.told.paid if one not in self._done]
            if not paid:
                stop.wait(0.1)
                continue
            reference = self.chance.choice(paid)
            self._done.add(reference)
            try:
                self._give_back(reference.rpartition("-")[0])
            except (*GONE, Troubled, AssertionError):
                self._visitor = None
                stop.wait(0.1)

    def _give_back(self, code: str) -> None:
        visitor = self._visitor or self._sign_in()
        amount = self.chance.randrange(1, 40) * 1_000
        form = visitor.open(f"/quan-ly/don-hang/{code}/hoan-tien")
        read_back = form.submit(
            {"scope": "part", "amount": str(amount), "reason": "damaged", "way": "provider"}
        )
        answer = read_back.send(press="Hoàn ")
        found = re.fullmatch(r"/quan-ly/tien/hoan/(\d+)", answer.path)
        if answer.status == 303 and found:
            self.told.refunds.append((found[1], amount))
        elif answer.status < 500:
            self.told.strange.append(f"refund {answer.status} {answer.path}")

    def _sign_in(self) -> Visitor:
        visitor = visitor_at(self.shop.any(self.chance))
        page = visitor.open("/dang-nhap")
        answer = page.send(
            {"phone": self.shop.phone, "password": PASSWORD, "machine": "mine"},
            press="Đăng nhập",
        )
        assert answer.status == 303, answer.path
        self._visitor = visitor
        return visitor


def visitor_at(url: str) -> Visitor:
    """Return somebody whose redirections after a form are shown and not followed."""
    connection = requests.Session()

    def fetch(method: str, path: str, values: Values | None) -> Answer:
        came = connection.request(
            method,
            f"{url}{urlsplit(path).path}?{urlsplit(path).query}",
            data=dict(values or {}),
            timeout=10,
            allow_redirects=method == "GET",
        )
        if method == "GET" and came.status_code >= 500:
            raise Troubled(path)
        reached = came.headers.get("Location", urlsplit(came.url).path)
        return Answer(came.status_code, urlsplit(reached).path, came.headers, came.text)

    return Visitor(fetch)


def run_all(people: list[Buyer | Treasurer], stop: threading.Event) -> list[threading.Thread]:
    """Let all of them begin, each in a thread of its own."""
    threads = [threading.Thread(target=person.run, args=(stop,), daemon=True) for person in people]
    for thread in threads:
        thread.start()
        time.sleep(0.02)
    return threads
