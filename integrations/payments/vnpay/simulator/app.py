"""The addresses of the simulator, as a WSGI application of its own."""

import hmac
import json
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from wsgiref.types import StartResponse, WSGIEnvironment

from werkzeug.exceptions import (
    BadRequest,
    Forbidden,
    HTTPException,
    NotFound,
)
from werkzeug.routing import Map, Rule
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from integrations import clock
from integrations.payments.protocol import FindMerchant, Guard, Merchant
from integrations.payments.vnpay.simulator import bank, buyer_pages, layout, pages
from integrations.payments.vnpay.simulator.notices import Teller
from integrations.payments.vnpay.simulator.records import Call, Records, Transaction

__all__ = ["Simulator", "simulate"]

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; "
    "object-src 'none'; frame-ancestors 'none'; form-action 'self'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
_REFUND_SECONDS = 60.0
_STALL_SECONDS = 40


def simulate(folder: Path, find_merchant: FindMerchant, guard: Guard | None = None) -> "Simulator":
    """Return the simulator that keeps what it knows in `folder`."""
    return Simulator(folder, find_merchant, guard)


class Simulator:
    """VNPay's payment page and transaction address, and a page of what happened behind them."""

    def __init__(
        self, folder: Path, find_merchant: FindMerchant, guard: Guard | None = None
    ) -> None:
        self._folder, self._find, self._guard = folder, find_merchant, guard
        self._opened: tuple[Records, Teller] | None = None
        self._urls = Map(
            [
                Rule("/", methods=["GET"], endpoint=self._home),
                Rule("/site", methods=["GET"], endpoint=self._find_site),
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
            is_page = refusal.code is not None and refusal.code >= 400
            response = self._fault_page(request, refusal) if is_page else refusal
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

    def _home(self, request: Request) -> Response:
        return _html(pages.home(style=f"{request.script_root}/style.css", find="site"))

    def _find_site(self, request: Request) -> Response:
        """Lead from the code that was typed to its page."""
        terminal = request.args.get("ma", "").strip().upper()
        if not terminal.isalnum() or self._find(terminal) is None:
            page = pages.home(
                style=f"{request.script_root}/style.css", find="site", unknown=terminal
            )
            return _html(page, 404)
        return _secured(redirect(f"{request.script_root}/site/{terminal}", 303))

    def _fault_page(self, request: Request, refusal: HTTPException) -> Response:
        root = request.script_root
        page = pages.fault(refusal.code or 500, style=f"{root}/style.css", home=f"{root}/")
        return _html(page, refusal.code or 500)

    def _pay(self, request: Request) -> Response:
        fields = request.args.to_dict()
        style = f"{request.script_root}/style.css"
        lang = buyer_pages.language(fields.get("vnp_Locale", ""))
        merchant = self._find(fields.get("vnp_TmnCode", ""))
        secrets = tuple(merchant.settings["hash_secret"].split()) if merchant else ()
        query = request.query_string.decode("latin-1")
        is_theirs = bank.is_page_signed(fields, secrets, query)  # a stranger uses no fault up
        fault = self._records.take_fault(fields["vnp_TmnCode"], "pay") if is_theirs else ""
        if fault == "500":
            return _html(
                pages.fault(500, style=style, home=f"{request.script_root}/", lang=lang), 500
            )
        if fault:
            return _html(buyer_pages.refused(fault, lang=lang, style=style), 400)
        try:
            if merchant is None:
                raise bank.Refused("02")
            if any(len(given) > 1 for given in request.args.listvalues()):
                raise bank.Refused("03")
            asked = bank.open_payment(self._records, fields, secrets, query)
        except bank.Refused as refusal:
            return _html(buyer_pages.refused(refusal.code, lang=lang, style=style), 400)
        page = buyer_pages.payment(
            asked,
            style=style,
            choose=f"{request.script_root}/paymentv2/chon",
            proof=_proof(asked, secrets[0]),
        )
        answer = _html(page)
        # the form ends at the address that the shop gave, wherever that leads on
        answer.headers["Content-Security-Policy"] += " http: https:"
        return answer

    def _choose(self, request: Request) -> Response:
        form = request.form
        _merchant, secrets = self._merchant(form.get("terminal", ""))
        known = self._records.transaction(form["terminal"], form.get("reference", ""))
        code = form.get("code", "")
        if known is None or code not in bank.CHOICES:
            raise NotFound
        proof = form.get("proof", "").encode()
        if not hmac.compare_digest(proof, _proof(known, secrets[0]).encode()):
            raise BadRequest
        ended = known if known.code else bank.choose(self._records, known, code)
        query = bank.notice_query(ended, secrets[0])
        if not known.code and "silent" not in form:
            self._records.promise_notice(
                ended.terminal, ended.reference, query, clock.now().timestamp()
            )
            self._teller.begin()
        if "stay" in form:
            lang = buyer_pages.language(ended.locale)
            page = buyer_pages.closed(lang=lang, style=f"{request.script_root}/style.css")
            return _html(page)
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
        place = "refund" if asked.get("vnp_Command") == "refund" else "query"
        is_theirs = bank.is_call_signed(asked, secrets)
        fault = self._records.take_fault(terminal, place) if is_theirs else ""
        if fault == "time-out":
            time.sleep(_STALL_SECONDS)
        pace = float(self._records.setting("pace", "1"))
        told = (
            bank.refused(asked, secrets[0], "16" if fault == "closed" else fault)
            if fault == "closed" or fault in bank.REFUSALS
            else bank.answer(self._records, asked, secrets, _REFUND_SECONDS / pace)
        )
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
                refunds=[
                    one | {"status": self._status(one)} for one in self._records.refunds(terminal)
                ],
                pace=self._records.setting("pace", "1"),
                style=f"{request.script_root}/style.css",
                act=f"{request.script_root}/dat",
                is_guarded=self._guard is not None,
            )
        )

    def _set(self, request: Request) -> Response:
        form, records = request.form, self._records
        terminal = form.get("terminal", "")
        self._merchant(terminal)
        denied = self._guard(request.environ, terminal) if self._guard else None
        if denied is not None:
            if not denied.sign_in_url:
                raise Forbidden
            return _secured(redirect(denied.sign_in_url, 303))
        if form.get("pace", "") in {"1", "60", "300"}:
            records.set("pace", form["pace"])
        for place, faults in pages.FAULTS.items():
            if form.get(place, "") in faults:
                records.order_fault(terminal, place, form[place])
        if form.get("again", "").isdecimal():
            records.tell_again(terminal, int(form["again"][:9]), clock.now().timestamp())
            self._teller.begin()
        for name, status in (("settle", "06"), ("reject", "09")):
            if name in form:
                self._end_refund(terminal, form[name], status)
        return _secured(redirect(f"{request.script_root}/site/{terminal}", 303))

    def _status(self, refund: Mapping[str, str]) -> str:
        """Return the state of a refund that `querydr` tells too."""
        pace = float(self._records.setting("pace", "1"))
        return bank.refund_status(refund, _REFUND_SECONDS / pace)

    def _end_refund(self, terminal: str, request_id: str, status: str) -> None:
        """Let a refund end in this way that has not ended yet; another stays as it is."""
        known = self._records.refunds(terminal)
        if any(one["request_id"] == request_id and self._status(one) == "05" for one in known):
            self._records.change_refund(terminal, request_id, status=status)

    def _style(self, _request: Request) -> Response:
        return _secured(Response(layout.STYLE, mimetype="text/css"))


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
        "reset": lambda: _broken_off(whole),
    }
    return spoilt.get(fault, lambda: _json(told))()


def _with_wrong_amount(told: dict[str, str]) -> dict[str, str]:
    amount = told.get("vnp_Amount", "")
    return told | ({"vnp_Amount": str(int(amount) + 100)} if amount.isdecimal() else {})


def _drip(whole: bytes) -> Iterator[bytes]:
    for byte in whole:
        time.sleep(0.5)
        yield bytes([byte])


def _broken_off(whole: bytes) -> Response:
    """Return half of an answer whose length is told as the whole: the server cuts the connection.

    To raise an error would be written into its log as a mistake of ours.
    """
    half = Response(iter([whole[: len(whole) // 2]]), mimetype="application/json")
    half.headers["Content-Length"] = str(len(whole))
    return half
