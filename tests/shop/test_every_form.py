"""Whatever is put into whichever field of any form there is: the answer is a page, never a 500."""

import io
import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from shop import clock
from shop.invariants import DATA_RULES, prove
from shop.models.catalog import Seller
from shop.models.people import Account, Member, Role
from shop.models.submissions import SubmissionState
from tests import factories
from tests.shop.test_office_imports import send
from tests.support.imports import csv_file
from tests.support.office import Office, sign_in
from tests.support.pages import filled

ODD = (
    "",
    " ",
    "\0",
    "a" * 5000,
    "-1",
    "0",
    "9" * 400,
    "9223372036854775808",
    "2147483648",
    "1e400",
    "NaN",
    "1,5.000,7",
    "\u0661\u0662",
    "\ud7ff\ufffe\U0010ffff",
    "e\u0302\u0301\u200b\u202e",
    "<script>alert(1)</script>",
    "' OR 1=1 --",
    "%s%d{0}{{7*7}}",
    "../../etc/passwd",
    "0000-00-00",
    "31/02/2026",
    "9999-12-31T23:59:59",
    "=1+1",
    "\r\n\t",
)
DAMAGED = b"\xff\xd8\xff\xe0" + bytes(range(256))
PAGES_OF_ONE_KIND = 2
LEFT_OUT = {"static", "people.sign_out"}
DIRECTOR, MEMBER = "+84540000001", "Lý Thị Mơ"
WITH_FAULTS = csv_file("sku;ten;gia;khoi_luong_g", "T-1;Chè thử;50,5;200", "T-2;Chè;90000;100")
STARTS = ("/", "/gio-hang", "/tai-khoan", "/dang-nhap")
INSIDE = ("/quan-ly", "/thanh-vien", "/thanh-vien/lam-ho")
ROLES = (Role.DIRECTOR, Role.ADMIN, Role.TREASURER, Role.MEMBER, Role.HELPER)
KEPT = [rule for rule in DATA_RULES if rule.invariant in {1, 2, 3, 4}]
"""Money and stock; what is made and packed here by the factories has no events."""

Key = tuple[object, ...]
"""Two forms with the same key are read by the same code."""


@dataclass(frozen=True)
class Form:
    """A form as it stands on a page: where it goes and what is in it."""

    page: str
    action: str
    method: str
    values: dict[str, str | list[str]]
    files: tuple[str, ...]
    buttons: tuple[tuple[str, str], ...]


@dataclass
class Crawler:
    """Follows every link that somebody sees, and keeps every kind of form."""

    app: Flask
    client: FlaskClient
    seen: Counter[str] = field(default_factory=Counter)
    forms: dict[Key, Form] = field(default_factory=dict)

    def walk(self, *starts: str) -> None:
        """Visit what can be reached from `starts`, a few pages of each kind."""
        waiting, known = list(starts), set(starts)
        while waiting:
            path = waiting.pop(0)
            endpoint = self.endpoint(path)
            if endpoint in LEFT_OUT or self.seen[endpoint] >= PAGES_OF_ONE_KIND:
                continue
            self.seen[endpoint] += 1
            answer = self.client.get(path)
            if location := answer.location:
                links = [location]
            elif answer.mimetype == "text/html":
                links = self._read(path, answer.get_data(as_text=True))
            else:
                links = []
            found = [urldefrag(urljoin(path, link)).url for link in links]
            fresh = [link for link in found if link.startswith("/") and link not in known]
            known.update(fresh)
            waiting += fresh

    def _read(self, path: str, body: str) -> list[str]:
        root: Element = html5lib.parse(body, namespaceHTMLElements=False)
        for form in root.iter("form"):
            self._keep(path, form)
        return [link.get("href", "") for link in root.iter("a")]

    def _keep(self, path: str, form: Element) -> None:
        action = urljoin(path, form.get("action") or path)
        values = filled(form)
        uploads = [one.get("name", "") for one in form.iter("input") if one.get("type") == "file"]
        buttons = [
            (one.get("name", ""), one.get("value", ""))
            for one in form.iter("button")
            if one.get("name")
        ]
        found = Form(
            path,
            action,
            (form.get("method") or "get").upper(),
            values,
            tuple(uploads),
            tuple(dict.fromkeys(buttons)),
        )
        key = (self.endpoint(action), found.method, tuple(sorted(values)), found.buttons)
        self.forms.setdefault(key, found)

    def endpoint(self, path: str) -> str:
        """Return what the application calls the page at `path`."""
        inner = urlsplit(path).path.removeprefix("/en") or "/"
        try:
            return str(self.app.url_map.bind("localhost").match(inner)[0])
        except HTTPException:
            return inner


def attacks(form: Form, odd: Iterator[str]) -> Iterator[dict[str, object]]:
    """Yield what to send: one field odd after the other, then all of them at once."""
    names = [name for name in form.values if name != "csrf_token"]
    presses: list[tuple[str, str]] = list(form.buttons) or [("", "")]
    press = itertools.cycle(presses)
    for name in names:
        yield whole(form, next(press)) | {name: next(odd)}
    for name in form.files:
        yield whole(form, next(press)) | {name: DAMAGED}
    for pressed in presses:
        for _ in range(2):
            yield whole(form, pressed) | dict.fromkeys(names, next(odd))
    for name, _value in form.buttons:
        yield whole(form, (name, next(odd)))
    yield {"csrf_token": form.values.get("csrf_token", "")}


def whole(form: Form, press: tuple[str, str]) -> dict[str, object]:
    return dict(form.values) | ({press[0]: press[1]} if press[0] else {})


@dataclass
class Attacker:
    """Sends forms as no person fills them in, and notes what broke."""

    app: Flask
    account: Account | None
    cookies: FlaskClient
    broken: list[str] = field(default_factory=list)
    sent: int = 0

    def send(self, form: Form, values: dict[str, object]) -> None:
        """Send the form once; whoever was signed out by it signs in again."""
        self.sent += 1
        data = {
            name: (io.BytesIO(value), "anh.jpg") if isinstance(value, bytes) else value
            for name, value in values.items()
        }
        options = {"query_string": data} if form.method == "GET" else {"data": data}
        action = form.action.split("?")[0] if form.method == "GET" else form.action
        try:
            answer = self.cookies.open(action, method=form.method, **options)
        except Exception as error:
            self.broken.append(f"{form.method} {form.action} {values!r:.300}: {error!r:.300}")
            return
        if answer.status_code >= 500:
            self.broken.append(f"{form.method} {form.action} {values!r:.300}")
        if answer.location and answer.location.startswith("/dang-nhap") and self.account:
            self.cookies = sign_in(self.app, self.account)


def stock_of_everything(app: Flask, session: Session) -> Office:
    """Return the first cooperative of the demo, where something of everything waits."""
    director = session.scalars(select(Account).where(Account.phone == DIRECTOR)).one()
    seller = session.get_one(Seller, director.grants[0].seller_id)
    office = Office(app, session, seller)
    for make in (
        office.order,
        office.cash_order,
        office.paid_order,
        office.packing_order,
        office.shipped_order,
        office.delivered_cash_order,
        office.late_order,
    ):
        make()
    _account, member = office.member_account(full_name=MEMBER)
    factories.make_submission(session, member)
    back = {"state": SubmissionState.RETURNED, "reason": "Ảnh mờ", "decided_by_id": director.id}
    factories.make_submission(session, member, decided_at=office.now, **back)
    session.commit()
    send(office.visitor(Role.OFFICE), WITH_FAULTS)
    return office


def person(office: Office, role: Role) -> Account:
    """Return somebody with the role, with what they need to see all that is theirs."""
    if role is Role.MEMBER:
        return office.session.scalars(
            select(Account).join(Member).where(Member.full_name == "Lý Thị Mơ")
        ).one()
    if role is Role.HELPER:
        return office.helper(office.member(full_name="Hoàng Thị Chanh"), office.member())
    return office.account(role)


@pytest.mark.both_databases
def test_no_form_breaks_whatever_is_put_into_it(app: Flask, app_session: Session) -> None:
    office = stock_of_everything(app, app_session)
    odd, broken, known = itertools.cycle(ODD), list[str](), set[Key]()

    for role in (None, *ROLES):
        account = person(office, role) if role else None
        app_session.commit()
        attacker = Attacker(app, account, sign_in(app, account) if account else app.test_client())
        crawler = Crawler(app, attacker.cookies)
        crawler.walk(*STARTS, *(INSIDE if account else []))
        fresh = {key: form for key, form in crawler.forms.items() if key not in known}
        for form in fresh.values():
            for values in attacks(form, odd):
                attacker.send(form, values)
        known |= set(fresh)
        broken += attacker.broken

    assert len(known) > 80
    assert broken == []
    with app.extensions["dacsan_engine"].connect() as connection:
        assert list(prove(connection, now=clock.now(), rules=KEPT)) == []
