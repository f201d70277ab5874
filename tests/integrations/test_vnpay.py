"""What is VNPay's alone: its members, its texts, a shop of ten lines, the simulator's notices."""

import ast
import json
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import flask
import pytest
from werkzeug.serving import make_server
from werkzeug.test import Client

import integrations.payments.vnpay as package
from integrations.errors import BadSignature, Rejected, Unauthorized, Unreachable
from integrations.http import InboundRequest
from integrations.payments.protocol import Merchant, Outcome, PaymentRequest, Verdict
from integrations.payments.vnpay import Settings, VNPay, mapping
from integrations.payments.vnpay.client import _refused
from integrations.payments.vnpay.codes import PAYMENT_CODES, QUERY_CODES, REFUND_CODES
from integrations.payments.vnpay.simulator import bank
from integrations.payments.vnpay.simulator.notices import MOST_CALLS, Teller
from integrations.payments.vnpay.simulator.records import Records, Transaction

FOLDER = Path(package.__file__).parent
SECRET = "MADEUPSECRETNONKHE0123456789ABCD"
SETTINGS = Settings("NONKHE01", (SECRET,))
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def payment(**values):
    return Transaction(
        **{
            "terminal": "NONKHE01",
            "reference": "NK7K2QF9-1",
            "amount": "15000000",
            "info": "Don NK7K2QF9",
            "created": "20261122093000",
            "expires": "",
            "return_url": "https://shop.example/ve",
            "locale": "vn",
            "number": "14000001",
            "code": "00",
            "status": "00",
            "bank": "NCB",
            "paid": "20261122093211",
        }
        | values
    )


def read(transaction, vnpay=None):
    query = bank.notice_query(transaction, SECRET)
    return (vnpay or VNPay(SETTINGS)).read_notification(InboundRequest("GET", "/", query))


def test_the_package_offers_three_names():
    assert sorted(package.__all__) == ["Settings", "VNPay", "provider"]
    assert all(hasattr(package, name) for name in package.__all__)


def test_the_simulator_takes_only_tables_from_its_package():
    own = "integrations.payments.vnpay."
    taken = {
        node.module
        for path in (FOLDER / "simulator").glob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith(own)
    }

    assert {name for name in taken if not name.startswith(f"{own}simulator")} == {f"{own}codes"}


def test_a_secret_shows_in_no_text():
    assert SECRET not in repr(SETTINGS)
    assert SECRET not in repr(VNPay(SETTINGS).__dict__)


def test_ten_lines_make_a_shop():
    vnpay, paid = VNPay(SETTINGS), {"NK7K2QF9-1": False}
    app = flask.Flask("tiny")

    @app.get("/ipn")
    def ipn():
        query = flask.request.query_string.decode()
        try:
            told = vnpay.read_notification(InboundRequest("GET", "/ipn", query))
        except BadSignature:
            return vnpay.answer(Verdict.NOT_SIGNED).body
        paid[told.reference] = told.outcome is Outcome.PAID
        return vnpay.answer(Verdict.RECORDED).body

    shop = app.test_client()
    query = bank.notice_query(payment(), SECRET)

    assert json.loads(shop.get(f"/ipn?{query}0").data)["RspCode"] == "97"
    assert json.loads(shop.get(f"/ipn?{query}").data)["RspCode"] == "00"
    assert paid == {"NK7K2QF9-1": True}


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("00", "00", Outcome.PAID),
        ("00", "01", Outcome.PENDING),
        ("00", "02", Outcome.FAILED),
        ("00", "", Outcome.FAILED),
        ("00", "04", Outcome.REVIEW),
        ("07", "00", Outcome.REVIEW),
        ("24", "02", Outcome.CANCELLED),
        ("24", "00", Outcome.CANCELLED),
        ("11", "02", Outcome.EXPIRED),
        ("51", "02", Outcome.FAILED),
        ("06", "02", Outcome.FAILED),
        ("XX", "00", Outcome.FAILED),
        ("24", "07", Outcome.REVIEW),
    ],
)
def test_paid_means_that_both_codes_say_so(code, status, outcome):
    told = read(payment(code=code, status=status))

    assert (told.outcome, told.code) == (outcome, code)
    assert told.text


@pytest.mark.parametrize("amount", ["15000050", "150,000", "1" * 13, "-100", "１００００", "1e7"])
def test_an_amount_that_is_no_whole_dong_is_none(amount):
    assert read(payment(amount=amount)).amount_vnd is None


def test_a_notice_for_another_site_is_not_ours():
    with pytest.raises(BadSignature):
        read(payment(terminal="LABANG02"))


@pytest.mark.parametrize(
    "query", ["", "vnp_SecureHash=", "vnp_SecureHash=" + "g" * 128, "%00=%ff&vnp_=", "&&&=&="]
)
def test_no_text_is_taken_for_a_notice(query):
    with pytest.raises(BadSignature):
        VNPay(SETTINGS).read_notification(InboundRequest("GET", "/", query))


@pytest.mark.parametrize(
    ("values", "name"),
    [
        ({"reference": "NK 1"}, "reference"),
        ({"reference": "NK~1"}, "reference"),
        ({"reference": "A" * 101}, "reference"),
        ({"amount_vnd": 10_000_000_000}, "amount_vnd"),
        ({"return_url": "https://shop.example/ve(1)"}, "return_url"),
        ({"return_url": "ftp://shop.example/"}, "return_url"),
        ({"return_url": f"https://shop.example/{'a' * 250}"}, "return_url"),
        ({"payer_address": "nhà"}, "payer_address"),
        ({"method": "N|B"}, "method"),
    ],
)
def test_what_vnpay_would_refuse_is_refused_here_by_field(values, name):
    asked = {
        "reference": "NK7K2QF9-1",
        "amount_vnd": 150_000,
        "description": "Đơn hàng",
        "return_url": "https://shop.example/ve",
        "payer_address": "203.0.113.7",
        "created_at": NOW,
    }

    with pytest.raises(Rejected) as refusal:
        VNPay(SETTINGS).payments.create(PaymentRequest(**asked | values))

    assert refusal.value.code == name
    assert refusal.value.text


@pytest.mark.parametrize("text", ["Trà La Bằng", "đơn 1 | 2", "*~!'()", "", "x" * 400, "🍵"])
def test_a_description_becomes_plain_and_is_never_empty(text):
    made = mapping.plain(text)

    assert 1 <= len(made) <= 255
    assert made.isascii()
    assert not set("|~*!'()&") & set(made)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ({"tmn_code": "NONKHE1"}, "tmn_code"),
        ({"tmn_code": "NONKHE01", "hash_secret": "  "}, "hash_secret"),
        ({"tmn_code": "NONKHE01", "hash_secret": "A", "api_url": "vnpay.vn"}, "api_url"),
    ],
)
def test_settings_that_cannot_be_are_refused_by_field(typed, name):
    with pytest.raises(Rejected) as refusal:
        Settings.read(typed)

    assert refusal.value.code == name


def test_blanks_around_what_was_copied_are_dropped():
    read_settings = Settings.read({"tmn_code": " NONKHE01 ", "hash_secret": f" {SECRET} \n OLD "})

    assert read_settings.hash_secrets == (SECRET, "OLD")
    assert read_settings.tmn_code == "NONKHE01"


@pytest.mark.parametrize(
    ("table", "code", "error"),
    [
        (QUERY_CODES, "97", Unauthorized),
        (QUERY_CODES, "02", Unauthorized),
        (QUERY_CODES, "03", Rejected),
        (QUERY_CODES, "08", Unreachable),
        (REFUND_CODES, "16", Unreachable),
        (REFUND_CODES, "91", Rejected),
        (REFUND_CODES, "93", Rejected),
        (REFUND_CODES, "95", Rejected),
        (REFUND_CODES, "99", Unreachable),
        (REFUND_CODES, "XX", Unreachable),
    ],
)
def test_a_refusal_is_sorted_by_what_to_do_next(table, code, error):
    refusal = _refused(code, table, "c1")

    assert type(refusal) is error
    assert (refusal.code, refusal.request_id) == (code, "c1")
    assert refusal.text


def test_every_code_has_its_meaning_in_vietnamese():
    texts = [text for _, text in PAYMENT_CODES.values()]

    assert all(text.endswith(".") for text in [*texts, *REFUND_CODES.values()])


class Shop:
    """A shop that answers notices with the codes it was told, the last one again and again."""

    def __init__(self, *codes):
        self.codes, self.queries = list(codes), []

    def __call__(self, environ, start_response):
        self.queries.append(environ["QUERY_STRING"])
        code = self.codes.pop(0) if len(self.codes) > 1 else self.codes[0]
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps({"RspCode": code}).encode()]


@pytest.fixture
def httpd():
    """Serve WSGI applications on ports of their own; return the address of each."""
    servers = []

    def serve(application):
        server = make_server("127.0.0.1", 0, application, threaded=True)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return f"http://127.0.0.1:{server.port}/ipn"

    yield serve
    for server in servers:
        server.shutdown()
        server.server_close()


class Clock:
    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


def tell(tmp_path, httpd, shop, *, fault="", rounds=1):
    """Promise one notice to `shop` and let as many rounds go by as asked for."""
    records, clock = Records(tmp_path), Clock()
    merchant = Merchant({"hash_secret": SECRET, "tmn_code": "NONKHE01"}, httpd(shop))
    teller = Teller(records, lambda code: merchant, now=clock)
    records.keep(payment())
    records.promise_notice("NONKHE01", "NK7K2QF9-1", bank.notice_query(payment(), SECRET), 0)
    if fault:
        records.order_fault("NONKHE01", "notice", fault)
    for _ in range(rounds):
        teller.tell_due()
        clock.now += timedelta(minutes=5).total_seconds()
    return records


@pytest.mark.parametrize("code", ["00", "02"])
def test_a_notice_is_told_once_when_the_shop_has_it(tmp_path, httpd, code):
    shop = Shop(code)

    tell(tmp_path, httpd, shop, rounds=3)

    assert len(shop.queries) == 1


def test_a_notice_is_told_again_until_the_shop_has_it(tmp_path, httpd):
    shop = Shop("99", "04", "00")

    records = tell(tmp_path, httpd, shop, rounds=5)

    assert len(shop.queries) == 3
    assert records.notices("NONKHE01")[0].answer == "00"


def test_vnpay_gives_up_after_ten_calls(tmp_path, httpd):
    shop = Shop("97")

    tell(tmp_path, httpd, shop, rounds=MOST_CALLS + 3)

    assert len(shop.queries) == MOST_CALLS


@pytest.mark.parametrize(
    ("fault", "calls", "signed"),
    [
        ("wrong_amount", 1, 1),
        ("unsigned", 1, 0),
        ("forged", 1, 0),
        ("twice", 2, 2),
        ("lost", 0, 0),
    ],
)
def test_a_fault_that_was_ordered_happens(tmp_path, httpd, fault, calls, signed):
    shop = Shop("99")

    tell(tmp_path, httpd, shop, fault=fault)

    trusted = []
    for query in shop.queries:
        try:
            trusted.append(VNPay(SETTINGS).read_notification(InboundRequest("GET", "/", query)))
        except BadSignature:
            continue
    assert (len(shop.queries), len(trusted)) == (calls, signed)
    if fault == "wrong_amount":
        assert trusted[0].amount_vnd != 150_000


def test_pages_of_the_simulator_say_what_they_are(tmp_path):
    merchant = Merchant({"hash_secret": SECRET, "tmn_code": "NONKHE01"}, "https://shop.example")
    find = {"NONKHE01": merchant}.get
    browser = Client(package.provider.simulate()(tmp_path, find))
    vnpay = VNPay(Settings("NONKHE01", (SECRET,), "http://localhost/paymentv2/vpcpay.html"))
    action = vnpay.payments.create(
        PaymentRequest(
            reference="NK7K2QF9-1",
            amount_vnd=150_000,
            description="Đơn hàng",
            return_url="https://shop.example/ve",
            payer_address="203.0.113.7",
            created_at=datetime.now(UTC),
        )
    )
    parts = urlsplit(action.url)

    pages = [
        browser.get(f"{parts.path}?{parts.query}"),
        browser.get(f"{parts.path}?{parts.query}0"),
        browser.get("/site/NONKHE01"),
    ]

    assert [page.status_code for page in pages] == [200, 400, 200]
    assert all("Trang giả lập VNPay để tập. Không có tiền thật." in page.text for page in pages)
    assert all("script" not in page.headers["Content-Security-Policy"] for page in pages)


def test_nobody_pays_by_guessing_a_code(tmp_path):
    merchant = Merchant({"hash_secret": SECRET, "tmn_code": "NONKHE01"}, "https://shop.example")
    Records(tmp_path).keep(payment(code="", status="01", number="0"))
    browser = Client(package.provider.simulate()(tmp_path, {"NONKHE01": merchant}.get))

    came = browser.post(
        "/paymentv2/chon",
        data={"terminal": "NONKHE01", "reference": "NK7K2QF9-1", "code": "00", "proof": "x"},
    )

    assert came.status_code == 400
    assert Records(tmp_path).transaction("NONKHE01", "NK7K2QF9-1").code == ""
