"""Telling the shop how payments ended, again and again until it answers, as VNPay does."""

import json
import logging
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from integrations import clock
from integrations.payments.protocol import FindMerchant
from integrations.payments.vnpay.simulator import bank
from integrations.payments.vnpay.simulator.records import Call, Notice, Records

__all__ = ["FAULTS", "GAP", "MOST_CALLS", "Teller"]

log = logging.getLogger("integrations.vnpay.simulator")

GAP = 300.0
"""Seconds between two calls of one notice."""
MOST_CALLS = 10
FAULTS = {
    "wrong_amount": "Báo sai số tiền (ký đúng)",
    "unsigned": "Báo không có chữ ký",
    "forged": "Báo với chữ ký sai",
    "twice": "Báo hai lần cùng lúc",
    "time-out": "Báo rồi, hết giờ chờ câu trả lời",
    "reset": "Báo rồi, đứt trước khi nhận câu trả lời",
    "lost": "Thông báo bị mất giữa đường",
}
_UNHEARD = {"time-out": "ReadTimeout", "reset": "ConnectionError"}
"""Faults in which the shop is told but its answer never reaches VNPay, and their names."""
_LEASE = 30.0
_ENDS = {"00", "02"}


class Teller:
    """A thread that makes the calls that are due."""

    def __init__(
        self,
        records: Records,
        find_merchant: FindMerchant,
        *,
        now: Callable[[], float] = lambda: clock.now().timestamp(),
    ) -> None:
        self._records, self._find, self._now = records, find_merchant, now
        self._begun = threading.Lock()
        self._thread: threading.Thread | None = None
        self._wake = threading.Event()

    def begin(self) -> None:
        """Start the thread, once in a process, and let it look at once."""
        with self._begun:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True, name="vnpay")
                self._thread.start()
        self._wake.set()

    def _run(self) -> None:
        while self._records.are_there():
            try:
                self.tell_due()
            except sqlite3.OperationalError:  # somebody writes: what was not told is due again
                log.warning("notices", exc_info=True)
            self._wake.wait(0.5)
            self._wake.clear()

    def tell_due(self) -> int:
        """Make the calls that are due now and return how many."""
        due = self._records.claim_notices(self._now(), _LEASE)
        for notice in due:
            self._tell(notice)
        return len(due)

    def _tell(self, notice: Notice) -> None:
        fault = self._records.take_fault(notice.terminal, "notice")
        queries = self._queries(notice, fault)
        with ThreadPoolExecutor(max(1, len(queries))) as callers:
            answers = list(callers.map(lambda query: self._ask(notice, query), queries))
        if fault in _UNHEARD:
            answers = [_UNHEARD[fault]]
        said = "; ".join(answers) or FAULTS["lost"]
        is_over = any(answer in _ENDS for answer in answers) or notice.tries + 1 >= MOST_CALLS
        gap = GAP / float(self._records.setting("pace", "1"))
        self._records.note_answer(notice.id, said, None if is_over else self._now() + gap)
        self._records.note_call(Call(self._now(), notice.terminal, "ipn", notice.reference, said))

    def _queries(self, notice: Notice, fault: str) -> list[str]:
        """Return what is sent: the notice, or what the fault makes of it."""
        body, _, signature = notice.query.rpartition("&vnp_SecureHash=")
        if fault == "lost":
            return []
        if fault == "twice":
            return [notice.query, notice.query]
        if fault == "unsigned":
            return [body]
        if fault == "forged":
            return [f"{body}&vnp_SecureHash={int(signature, 16) ^ 1:0128x}"]
        if fault == "wrong_amount":
            return [self._with_wrong_amount(notice)]
        return [notice.query]

    def _with_wrong_amount(self, notice: Notice) -> str:
        found = self._records.transaction(notice.terminal, notice.reference)
        merchant = self._find(notice.terminal)
        if found is None or merchant is None:
            return notice.query
        secret = merchant.settings["hash_secret"].split()[0]
        return bank.notice_query(found, secret, amount=str(int(found.amount) + 100_000))

    def _ask(self, notice: Notice, query: str) -> str:
        """Return the code the shop answers, or what went wrong."""
        import requests

        merchant = self._find(notice.terminal)
        if merchant is None:
            return "site is gone"
        try:
            came = requests.get(
                f"{merchant.notify_url}?{query}", timeout=(3, 10), allow_redirects=False
            )
            code = json.loads(came.content)["RspCode"]
        except (requests.RequestException, ValueError, KeyError, TypeError) as fault:
            return type(fault).__name__
        return str(code)
