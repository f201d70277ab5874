"""Going through the second step of signing in as a person does: by the codes of a phone."""

import re
from collections.abc import Iterator
from datetime import timedelta

from shop import clock
from shop.services.second_factor import STEP_SECONDS, code_at
from tests.support.pages import Page, Visitor

_SET_UP, _ASK = "/dang-nhap/may-tao-ma", "/dang-nhap/ma"


class Phone:
    """A generator of codes in a person's hand: it knows its secrets and what it has shown."""

    def __init__(self) -> None:
        self._secrets: dict[int, str] = {}
        self._shown: dict[int, set[str]] = {}

    def set_up(self, owner: int, secret: str) -> str:
        """Take a secret up and return the first code."""
        self._secrets[owner], self._shown[owner] = secret, set()
        return self.next_code(owner)

    def knows(self, owner: int) -> bool:
        """Return whether this phone has a secret of `owner`."""
        return owner in self._secrets

    def next_code(self, owner: int) -> str:
        """Return a code that is taken now and has not been shown: of this step or the next."""
        for code in self._codes(owner):
            if code not in self._shown[owner]:
                self._shown[owner].add(code)
                return code
        raise AssertionError("this person signed in too often within half a minute")

    def _codes(self, owner: int) -> Iterator[str]:
        for steps in (-1, 0, 1):
            moment = clock.now() + timedelta(seconds=steps * STEP_SECONDS)
            yield code_at(self._secrets[owner], moment)


PHONE = Phone()
"""The phones of everybody in a test; accounts are told apart by their numbers."""


def letters(page: Page) -> str:
    """Return the secret as it stands on the page for setting up, in letters to type."""
    found = re.findall(r'class="ma-lo">([A-Z2-7 ]{20,})<', page.body)
    return found[0].replace(" ", "")


def enter(visitor: Visitor, phone: str, password: str, *, owner: int = 0) -> Page:
    """Sign somebody in on their own machine, by every page that is asked; `owner` of a phone."""
    given = {"phone": phone, "password": password, "machine": "mine"}
    return go_through(visitor.open("/dang-nhap").submit(given, press="Đăng nhập"), owner)


def go_through(page: Page, owner: int, phone: Phone = PHONE) -> Page:
    """Return where signing in leads once a second factor has been given, if one is asked for."""
    path = page.path.split("?")[0].removeprefix("/en")
    if path == _SET_UP:
        code = phone.set_up(owner, letters(page))
        return page.submit({"code": code}, form=_SET_UP).follow("Đã cất mã, đi tiếp")
    if path != _ASK:
        return page
    shown = page.root.find(".//*[@data-training-code]")
    code = phone.next_code(owner) if shown is None else shown.text or ""
    return page.submit({"code": code}, form=_ASK)
