"""The addresses of the simulator, as a WSGI application of its own."""

import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import BadRequest, HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from integrations import clock
from integrations.payments.protocol import FindMerchant, Merchant
from integrations.payments.vnpay.simulator import bank, pages
from integrations.payments.vnpay.simulator.notices import FAULTS, Teller
from integrations.payments.vnpay.simulator.records import Call, Records, Transaction

__all__ = ["Simulator", "simulate"]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_REFUND_SECONDS = 60.0
_STALL_SECONDS = 40


def simulate(folder: Path, find_merchant: FindMerchant) -> "Simulator":
    """Return the simulator that keeps what it knows in `folder`."""
    return Simulator(folder, find_merchant)


class Simulator:
    """VNPay's payment page and transaction address, and a page of what happened behind them."""

    def __init__(self, folder: Path, find_merchant: FindMerchant) -> None:
        self._folder, self._find = folder, find_merchant
        self._opened: tuple[Records, Teller] | None = None
        self._urls = Map(
            [
                Rule("/paymentv2/vpcpay.html", methods=["GET"], endpoint=self._pay),
                Rule("/paymentv2/chon", methods=["POST"], endpoint=self._choose),
                Rule("/merchant_webapi/api/transaction", methods=["POST"], endpoint=self._api),
                Rule("/site/<terminal>", methods=["GET"], endpoint=self._behind),
                Rule("/dat", methods=["POST"], endpoint=self._set),
                Rule("/style.css", methods=["GET"], endpoint=self._style),
            ]
        )
        if (folder / "vnpay.sqlite").exists():
            self._teller.begin()  # what was promised before a restart is told after it

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request, as WSGI asks (PEP 3333)."""
        request = Request(environ)
        request.max_content_length = 64 * 1024
        try:
            endpoint, arguments = self._urls.bind_to_environ(environ).match()
            response: Any = endpoint(request, **arguments)
        except HTTPException as refusal:
            response = refusal
        return response(environ, start_response)  # type: ignore[no-any-return]

    @property
    def _records(self) -> Records:
        return self._open()[0]

    @property
    def _teller(self) -> Teller:
        return self._open()[1]

    def _open(self) -> tuple[Records, Teller]:
        if self._opened is None:
            records = Records(self._folder)
            self._opened = records, Teller(records, self._find)
        return self._opened

    def _merchant(self, terminal: str) -> tuple[Merchant, tuple[str, ...]]:
        merchant = self._find(terminal)
        if merchant is None:
            raise NotFound
        return merchant, tuple(merchant.settings["hash_secret"].split())

    def _pay(self, request: Request) -> Response:
        fields = request.args.to_dict()
        style = f"{request.script_root}/style.css"
        merchant = self._find(fields.get("vnp_TmnCode", ""))
        try:
            if merchant is None:
                raise bank.Refused("02", "Mã website không tồn tại")
            secrets = tuple(merchant.settings["hash_secret"].split())
            asked = bank.open_payment(self._records, fields, secrets)
        except bank.Refused as refusal:
            return _html(pages.refused(refusal.code, refusal.text, style=style), 400)
        page = pages.payment(
            asked,
            style=style,
            choose=f"{request.script_root}/paymentv2/chon",
            proof=_proof(asked, secrets[0]),
        )
        return _html(page)

    def _choose(self, request: Request) -> Response:
        form = request.form
        _merchant, secrets = self._merchant(form.get("terminal", ""))
        known = self._records.transaction(form["terminal"], form.get("reference", ""))
        code = form.get("code", "")
        if known is None or code not in bank.CHOICES:
            raise NotFound
        if not hmac.compare_digest(form.get("proof", ""), _proof(known, secrets[0])):
            raise BadRequest
        ended = known if known.code else bank.choose(self._records, known, code)
        query = bank.notice_query(ended, secrets[0])
        if not known.code and "silent" not in form:
            self._records.promise_notice(
                ended.terminal, ended.reference, query, clock.now().timestamp()
            )
            self._teller.begin()
        if "stay" in form:
            return _html(pages.closed(style=f"{request.script_root}/style.css"))
        joint = "&" if "?" in ended.return_url else "?"
        return _secured(redirect(f"{ended.return_url}{joint}{query}", 303))

    def _api(self, request: Request) -> Response:
        try:
            asked = {name: str(value) for name, value in dict(request.get_json()).items()}
        except (BadRequest, TypeError, ValueError):
            asked = {}
        terminal = asked.get("vnp_TmnCode", "")
        merchant = self._find(terminal)
        if merchant is None:
            return _json({"vnp_ResponseCode": "02", "vnp_Message": "Invalid TmnCode"})
        secrets = tuple(merchant.settings["hash_secret"].split())
        fault = self._records.take_fault(terminal, "api")
        if fault == "time-out":
            time.sleep(_STALL_SECONDS)
        pace = float(self._records.setting("pace", "1"))
        told = bank.answer(self._records, asked, secrets, _REFUND_SECONDS / pace)
        said = fault or told.get("vnp_ResponseCode", "")
        reference = asked.get("vnp_TxnRef", "")
        what = asked.get("vnp_Command", "?")[:20]
        self._records.note_call(Call(clock.now().timestamp(), terminal, what, reference, said))
        return _faulty(fault, told, secrets[0]) if fault else _json(told)

    def _behind(self, request: Request, terminal: str) -> Response:
        self._merchant(terminal)
        return _html(
            pages.behind(
                terminal,
                notices=self._records.notices(terminal),
                calls=self._records.calls(terminal),
                refunds=self._records.refunds(terminal),
                pace=self._records.setting("pace", "1"),
                style=f"{request.script_root}/style.css",
                act=f"{request.script_root}/dat",
            )
        )

    def _set(self, request: Request) -> Response:
        form, records = request.form, self._records
        terminal = form.get("terminal", "")
        self._merchant(terminal)
        if form.get("pace", "") in {"1", "60", "300"}:
            records.set("pace", form["pace"])
        if form.get("notice", "") in FAULTS:
            records.order_fault(terminal, "notice", form["notice"])
        if form.get("api", "") in pages.API_FAULTS:
            records.order_fault(terminal, "api", form["api"])
        if form.get("again", "").isdecimal():
            records.tell_again(int(form["again"][:9]), clock.now().timestamp())
            self._teller.begin()
        if "settle" in form:
            records.change_refund(terminal, form["settle"], status="06")
        if "reject" in form:
            records.change_refund(terminal, form["reject"], status="09")
        return _secured(redirect(f"{request.script_root}/site/{terminal}", 303))

    def _style(self, _request: Request) -> Response:
        return _secured(Response(pages.STYLE, mimetype="text/css"))


def _proof(transaction: Transaction, secret: str) -> str:
    """Return what only a page shown for this payment knows: nobody pays by guessing a code."""
    said = f"{transaction.terminal}|{transaction.reference}|{transaction.created}"
    return hmac.new(secret.encode(), said.encode(), "sha256").hexdigest()


def _secured(response: Any) -> Response:
    response.headers.update(_HEADERS)
    return response  # type: ignore[no-any-return]


def _html(text: str, status: int = 200) -> Response:
    return _secured(Response(text, status, mimetype="text/html"))


def _json(told: Mapping[str, str]) -> Response:
    return Response(json.dumps(told), mimetype="application/json")


def _faulty(fault: str, told: dict[str, str], secret: str) -> Response:
    """Return the answer as `fault` spoils it."""
    whole = json.dumps(told).encode()
    spoilt: dict[str, Callable[[], Response]] = {
        "500": lambda: Response("Internal Server Error", 500),
        "garbage": lambda: Response(b"\x00<html>\xff{", mimetype="text/html"),
        "unsigned": lambda: _json({k: v for k, v in told.items() if k != "vnp_SecureHash"}),
        "wrong_amount": lambda: _json(bank.signed(_with_wrong_amount(told), secret)),
        "drip": lambda: Response(_drip(whole), mimetype="application/json"),
        "reset": lambda: Response(_broken(whole), mimetype="application/json"),
    }
    return spoilt.get(fault, lambda: _json(told))()


def _with_wrong_amount(told: dict[str, str]) -> dict[str, str]:
    amount = told.get("vnp_Amount", "")
    return told | ({"vnp_Amount": str(int(amount) + 100)} if amount.isdecimal() else {})


def _drip(whole: bytes) -> Iterator[bytes]:
    for byte in whole:
        time.sleep(0.5)
        yield bytes([byte])


def _broken(whole: bytes) -> Iterator[bytes]:
    yield whole[: len(whole) // 2]
    raise ConnectionResetError("the fault that was ordered")
