"""What is VNPay's alone: its members, its texts, a shop of ten lines, the simulator's notices."""

import ast
import json
import re
import threading
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from werkzeug.serving import make_server
from werkzeug.test import Client

import integrations.payments.vnpay as package
from integrations import clock
from integrations.errors import BadSignature, NextStep, Rejected, Unauthorized, Unreachable
from integrations.http import InboundRequest, Reply
from integrations.payments.protocol import (
    Cause,
    Denied,
    Merchant,
    Outcome,
    PaymentNotification,
    PaymentQuery,
    PaymentRequest,
    RefundRequest,
    RefundState,
    Verdict,
)
from integrations.payments.vnpay import Settings, VNPay, mapping, signing
from integrations.payments.vnpay.calls import refused
from integrations.payments.vnpay.codes import PAYMENT_CODES, QUERY_CODES, REFUND_CODES
from integrations.payments.vnpay.recording import answering as answering_with
from integrations.payments.vnpay.simulator import bank
from integrations.payments.vnpay.simulator.notices import MOST_CALLS, Teller
from integrations.payments.vnpay.simulator.records import Records, Transaction
from integrations.recording import RecordingClient
from integrations.simulation import session_to

FOLDER = Path(package.__file__).parent
SECRET = "MADEUPSECRETNONKHE0123456789ABCD"
SETTINGS = Settings("NONKHE01", (SECRET,))
KEYS = {"tmn_code": "NONKHE01", "hash_secret": SECRET}
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


def shop_of_the_readme():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    (lines,) = re.findall(r"```python\n(from flask .*?)```", readme, re.DOTALL)
    made = {}
    exec(compile(lines, "README.md", "exec"), made)
    return lines, made


def test_the_shop_of_the_readme_has_about_ten_lines():
    lines, _made = shop_of_the_readme()

    assert len([line for line in lines.splitlines() if line and "import " not in line]) <= 13


def test_the_shop_of_the_readme_answers_in_the_order_that_vnpay_wants():
    _lines, made = shop_of_the_readme()
    shop = made["app"].test_client()
    paid = bank.notice_query(payment(), SECRET)
    failed = bank.notice_query(payment(code="24", status="02"), SECRET)
    unknown = bank.notice_query(payment(reference="NK000000-1", amount="1"), SECRET)

    answers = [
        shop.get(f"/ipn?{query}")
        for query in (
            f"{paid}0",
            unknown,
            bank.notice_query(payment(), SECRET, amount="100"),
            failed,
            failed,
            paid,
            paid,
            failed,
        )
    ]

    codes = [answer.get_json()["RspCode"] for answer in answers]
    assert codes == ["97", "01", "04", "00", "02", "00", "02", "02"]
    assert {(answer.status_code, answer.mimetype) for answer in answers} == {
        (200, "application/json")
    }
    assert made["ends"] == {"NK7K2QF9-1": Outcome.PAID}


def test_a_byte_that_no_letter_is_does_not_break_the_shop_of_the_readme():
    _lines, made = shop_of_the_readme()

    query = {"QUERY_STRING": "vnp_TxnRef=\xff"}
    answer = made["app"].test_client().get("/ipn", environ_overrides=query)

    assert answer.get_json()["RspCode"] == "97"


@pytest.mark.parametrize(
    ("outcome", "before", "verdict"),
    [
        (Outcome.PENDING, None, Verdict.RECORDED),
        (Outcome.PAID, Outcome.PENDING, Verdict.RECORDED),
        (Outcome.PENDING, Outcome.FAILED, Verdict.REPEATED),
        (Outcome.EXPIRED, Outcome.CANCELLED, Verdict.REPEATED),
        (Outcome.REVIEW, Outcome.EXPIRED, Verdict.RECORDED),
        (Outcome.REVIEW, Outcome.REVIEW, Verdict.REPEATED),
        (Outcome.PAID, Outcome.REVIEW, Verdict.RECORDED),
        (Outcome.REVIEW, Outcome.PAID, Verdict.REPEATED),
    ],
)
def test_only_money_is_news_after_an_end(outcome, before, verdict):
    told = PaymentNotification("NK7K2QF9-1", 150_000, outcome, "14", "00", "")

    assert told.verdict(150_000, before) is verdict


def test_the_readme_names_every_member_of_verdicts_and_notices():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    names = [
        *(f"Verdict.{one.name}" for one in Verdict),
        *(f"Outcome.{one.name}" for one in Outcome),
        *(f"Cause.{one.name}" for one in Cause),
        *(one.name for one in fields(PaymentNotification)),
    ]

    assert [name for name in names if f"`{name}`" not in readme] == []


@pytest.mark.parametrize("text", ["Tra*ra+ma", "a~b", "a%7Eb", "(2!)", "%c3%a0", "1'2"])
def test_a_notice_is_signed_over_the_text_that_was_sent(text):
    sent = (
        f"vnp_Amount=15000000&vnp_OrderInfo={text}&vnp_ResponseCode=00"
        f"&vnp_TmnCode={SETTINGS.tmn_code}&vnp_TxnRef=NK7K2QF9-1"
    )
    query = f"{sent}&vnp_SecureHash={signing.sign(sent, SECRET)}&utm_source=zalo"

    told = VNPay(SETTINGS).read_notification(InboundRequest("GET", "/ipn", query))

    assert told.reference == "NK7K2QF9-1"


@pytest.mark.parametrize("name", ["vnp%5FTransactionStatus", "%76np_TransactionStatus"])
def test_a_field_that_was_not_hashed_is_not_read(name):
    sent = (
        "vnp_Amount=15000000&vnp_OrderInfo=a*b&vnp_ResponseCode=00"
        f"&vnp_TmnCode={SETTINGS.tmn_code}&vnp_TxnRef=NK7K2QF9-1"
    )
    query = f"{sent}&vnp_SecureHash={signing.sign(sent, SECRET)}&{name}=00"

    with pytest.raises(BadSignature):
        VNPay(SETTINGS).read_notification(InboundRequest("GET", "/ipn", query))


@pytest.mark.parametrize(
    ("code", "status", "outcome"),
    [
        ("00", "00", Outcome.PAID),
        ("00", "01", Outcome.PENDING),
        ("00", "02", Outcome.FAILED),
        ("00", "08", Outcome.EXPIRED),
        ("00", "10", Outcome.PENDING),
        ("00", "11", Outcome.CANCELLED),
        ("00", "20", Outcome.PENDING),
        ("00", "XX", Outcome.PENDING),
        ("00", "", Outcome.PENDING),
        ("00", "04", Outcome.REVIEW),
        ("00", "05", Outcome.REVIEW),
        ("00", "06", Outcome.REVIEW),
        ("00", "07", Outcome.REVIEW),
        ("00", "09", Outcome.REVIEW),
        ("07", "00", Outcome.REVIEW),
        ("24", "02", Outcome.CANCELLED),
        ("24", "", Outcome.CANCELLED),
        ("24", "00", Outcome.PENDING),
        ("99", "00", Outcome.PENDING),
        ("51", "20", Outcome.PENDING),
        ("", "00", Outcome.PENDING),
        ("", "", Outcome.PENDING),
        ("", "02", Outcome.FAILED),
        ("11", "02", Outcome.EXPIRED),
        ("51", "02", Outcome.FAILED),
        ("06", "02", Outcome.FAILED),
        ("XX", "00", Outcome.PENDING),
        ("XX", "02", Outcome.FAILED),
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
        ({"expires_at": NOW}, "expires_at"),
        ({"expires_at": NOW - timedelta(minutes=1)}, "expires_at"),
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


def test_the_simulator_takes_a_payment_without_its_end_for_fifteen_minutes(tmp_path):
    created = mapping.wire_time(clock.now())
    fields = dict.fromkeys(bank._NEEDED, "1") | {
        "vnp_CreateDate": created,
        "vnp_CurrCode": "VND",
    }
    signature = signing.sign(signing.hash_data(fields), SECRET)

    asked = bank.open_payment(Records(tmp_path), fields | {"vnp_SecureHash": signature}, (SECRET,))

    assert mapping.moment(asked.expires) - mapping.moment(created) == timedelta(minutes=15)


@pytest.mark.parametrize("created", ["1", "20261332000000", "20200101000000"])
def test_the_simulator_refuses_a_payment_whose_beginning_is_none_or_long_ago(tmp_path, created):
    fields = dict.fromkeys(bank._NEEDED, "1") | {
        "vnp_CreateDate": created,
        "vnp_CurrCode": "VND",
    }
    signature = signing.sign(signing.hash_data(fields), SECRET)

    with pytest.raises(bank.Refused) as refusal:
        bank.open_payment(Records(tmp_path), fields | {"vnp_SecureHash": signature}, (SECRET,))

    assert refusal.value.code in {"03", "15"}


@pytest.mark.parametrize(
    "code", [code for code, said in PAYMENT_CODES.items() if said[0] is Outcome.FAILED]
)
def test_each_failure_but_the_nameless_has_a_cause_that_a_buyer_can_be_told(code):
    told = read(payment(code=code, status="02"))

    assert (told.cause is Cause.OTHER) == (code == "99")


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


@pytest.mark.parametrize("field", ["api_url", "payment_url"])
@pytest.mark.parametrize(
    "address",
    [
        "http://a..b/",
        f"https://{'a' * 64}.vn/",
        f"https://{'a.' * 127}vn/",
        "https://-vnpay.vn/",
        "https://vnpay.vn:99999/",
        "https://vnpay.vn:x/",
        "https://[::1/",
        "https://vnpay.vn/a b",
        "https://vnpay.vn/#x",
        "https://vnpay.vn/?x=1",
        "https://somebody@vnpay.vn/",
        "https://vnpáy.vn/",
        "ftp://vnpay.vn/",
        "https:///x",
    ],
)
def test_an_address_to_which_no_call_can_go_is_refused_with_a_sentence(field, address):
    with pytest.raises(Rejected) as refusal:
        Settings.read({"tmn_code": "NONKHE01", "hash_secret": "A", field: address})

    assert refusal.value.code == field
    assert refusal.value.text.endswith(".")


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:5000/x", "http://[::1]:5000/x", "https://a-b.vnpay.vn/x", "http://may_1/"],
)
def test_an_address_to_which_calls_can_go_is_taken_as_it_is(address):
    assert Settings.read(KEYS | {"api_url": f" {address}\n"}).api_url == address


def test_trying_the_settings_asks_once_and_by_the_given_clock():
    client = Unreached()

    with pytest.raises(Unreachable):
        VNPay(SETTINGS, client=client, now=lambda: NOW).check()

    assert [one["json"]["vnp_TransactionDate"] for one in client.asked] == ["20261122093000"]
    assert max(client.asked[0]["timeout"]) <= 8


class Unreached:
    """A client that notes what it is asked and reaches nobody."""

    def __init__(self, fault=None):
        self.asked, self.fault = [], fault or ConnectionError("nobody there")

    def request(self, method, url, **options):
        self.asked.append(options)
        raise self.fault


def saying(httpd, body, status=200, **headers):
    """Return a contract whose address for questions answers this, whatever it is asked."""

    def app(environ, start_response):
        start_response(f"{status} Said", list(headers.items()))
        return [body]

    return VNPay(Settings("NONKHE01", (SECRET,), api_url=f"{httpd(app)}/api"))


PAGE = b"<!doctype html><title>Trang tin</title>"


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (404, b"Not Found", {}),
        (405, b"", {"Allow": "GET"}),
        (200, PAGE, {}),
        (200, b"hello", {"Content-Type": "text/html; charset=utf-8"}),
        (301, b"", {"Location": "https://127.0.0.1:1/"}),
        (302, PAGE, {"Location": "/dang-nhap"}),
        (200, b'{"ok": true}', {}),
    ],
)
def test_an_address_that_answers_something_else_is_told_as_a_wrong_address(
    httpd, status, body, headers
):
    vnpay = saying(httpd, body, status, **headers)

    with pytest.raises(Unreachable) as failed:
        vnpay.check()

    assert "Máy chủ 127.0.0.1 có trả lời" in failed.value.text
    assert "không phải cổng của VNPay" in failed.value.text
    assert "not VNPay's interface" in failed.value.english
    assert (failed.value.status, failed.value.next_step) == (status, NextStep.FIX_SETTINGS)
    assert failed.value.request_id
    assert not failed.value.retryable


def test_a_server_that_lets_nobody_in_is_for_a_call_to_the_provider(httpd):
    with pytest.raises(Unreachable) as failed:
        saying(httpd, PAGE, 403).check()

    assert failed.value.next_step is NextStep.CALL_PROVIDER
    assert failed.value.excerpt == "Trang tin"


def test_a_page_in_place_of_the_answer_to_a_refund_leaves_it_open(httpd):
    request = RefundRequest("k", "NK7K2QF9-1", 5_000, 5_000, NOW, "Het hang", "ke toan")

    with pytest.raises(Unreachable) as failed:
        saying(httpd, PAGE).refunds.create(request)

    assert failed.value.unclear


def test_what_is_cut_in_the_middle_may_pass_by_itself(httpd):
    with pytest.raises(Unreachable) as failed:
        saying(httpd, b'{"vnp_ResponseCode": "0').check()

    assert failed.value.retryable


def test_an_error_by_code_carries_status_and_message_but_no_secret(httpd):
    told = {"vnp_ResponseCode": "97", "vnp_Message": f"Wrong {SECRET}", "vnp_OrderInfo": "An"}

    with pytest.raises(Unauthorized) as failed:
        saying(httpd, json.dumps(told).encode()).check()

    assert failed.value.status == 200
    assert failed.value.excerpt == "vnp_ResponseCode=97, vnp_Message=Wrong …"
    assert SECRET not in str(failed.value)


def test_queries_and_refunds_name_the_address_of_the_server():
    client, asked = answering()
    settings = Settings.read(KEYS | {"server_address": " 203.0.113.9 "})

    VNPay(settings, client=client).refunds.create(giving_back())

    assert asked[0]["vnp_IpAddr"] == "203.0.113.9"
    assert Settings.read(KEYS).server_address == "127.0.0.1"
    with pytest.raises(Rejected) as refusal:
        Settings.read(KEYS | {"server_address": "vnpay.vn"})
    assert refusal.value.code == "server_address"


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
    refusal = refused(code, table, "c1")

    assert type(refusal) is error
    assert (refusal.code, refusal.request_id) == (code, "c1")
    assert refusal.text


def test_a_question_that_is_refused_leaves_the_refund_unclear_and_sends_none():
    asked = []

    def gateway(environ, start_response):
        came = json.loads(environ["wsgi.input"].read())
        asked.append(came["vnp_Command"])
        told = {name: came[name] for name in ("vnp_Command", "vnp_TmnCode", "vnp_TxnRef")}
        answer = bank.signed(told | {"vnp_ResponseCode": "03", "vnp_Message": "no"}, SECRET)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(answer).encode()]

    session = session_to(gateway, "https://sandbox.vnpayment.vn")
    request = RefundRequest(
        key="k",
        reference="NK7K2QF9-1",
        amount_vnd=10_000,
        total_vnd=150_000,
        paid_created_at=datetime(2026, 11, 22, tzinfo=UTC),
        reason="x",
        requested_by="x",
        is_repeat=True,
    )

    with pytest.raises(Unreachable) as failed:
        VNPay(SETTINGS, client=session).refunds.create(request)

    assert failed.value.unclear
    assert asked == ["querydr"]


def answering(**values):
    """Return a client that answers refunds with `values`, and what it was asked."""
    asked = []

    def gateway(environ, start_response):
        came = json.loads(environ["wsgi.input"].read())
        asked.append(came)
        names = ("vnp_Command", "vnp_TmnCode", "vnp_TxnRef", "vnp_Amount", "vnp_TransactionType")
        told = {name: came.get(name, "") for name in names}
        told |= {"vnp_ResponseCode": "00", "vnp_TransactionStatus": "05"} | values
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(bank.signed(told, SECRET)).encode()]

    return session_to(gateway, "https://sandbox.vnpayment.vn"), asked


def giving_back(**values):
    return RefundRequest(
        **{
            "key": "R1",
            "reference": "NK7K2QF9-1",
            "amount_vnd": 100_000,
            "total_vnd": 150_000,
            "paid_created_at": NOW,
            "reason": "x",
            "requested_by": "x",
        }
        | values
    )


@pytest.mark.parametrize(
    "values", [{"amount_vnd": 50_000}, {"reference": "NK000000-9"}, {"total_vnd": 160_000}]
)
def test_a_key_with_other_values_is_refused_and_nothing_is_sent(values):
    client, asked = answering()
    refunds = VNPay(SETTINGS, client=client).refunds
    first = refunds.create(giving_back())

    with pytest.raises(Rejected) as refusal:
        refunds.create(giving_back(**values))

    assert refusal.value.code == "key"
    assert refunds.create(giving_back()) == first
    assert len(asked) == 1


def test_a_key_whose_outcome_is_unclear_is_not_used_for_another_amount():
    client = Unreached()
    refunds = VNPay(SETTINGS, client=client).refunds
    with pytest.raises(Unreachable):
        refunds.create(giving_back())

    with pytest.raises(Rejected):
        refunds.create(giving_back(amount_vnd=50_000))

    assert len(client.asked) == 1


def test_the_request_id_comes_of_the_key_alone():
    ids = []
    for values in ({}, {"amount_vnd": 50_000}, {"key": "R2"}):
        client, asked = answering()
        VNPay(SETTINGS, client=client).refunds.create(giving_back(**values))
        ids.append(asked[0]["vnp_RequestId"])

    assert ids[0] == ids[1] != ids[2]


@pytest.mark.parametrize(
    "values",
    [
        {"vnp_Amount": "5000000"},
        {"vnp_Amount": ""},
        {"vnp_TmnCode": "LABANG02"},
        {"vnp_TmnCode": ""},
        {"vnp_TxnRef": "NK000000-9"},
        {"vnp_TxnRef": ""},
    ],
)
def test_an_answer_to_another_refund_leaves_the_outcome_unclear(values, caplog):
    client, _ = answering(**values)

    with pytest.raises(Unreachable) as failed:
        VNPay(SETTINGS, client=client).refunds.create(giving_back())

    assert failed.value.unclear
    assert failed.value.text.endswith(".")
    assert "another" in caplog.records[-1].why


def test_every_code_has_its_meaning_in_vietnamese():
    texts = [text for _, text in PAYMENT_CODES.values()]

    assert all(text.endswith(".") for text in texts)


@pytest.mark.parametrize("table", [QUERY_CODES, REFUND_CODES])
def test_every_code_of_an_answer_has_its_meaning_in_both_languages(table):
    for words in table.values():
        assert words.vi.endswith(".")
        assert words.en.endswith(".")
        assert words.vi != words.en


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


@pytest.mark.parametrize(
    "secrets", [SECRET, (), ("",), [SECRET], ("two words",), (f"{SECRET}\n",), (SECRET, "")]
)
def test_what_cannot_be_a_secret_is_never_signed_with(secrets):
    with pytest.raises(Rejected) as refusal:
        Settings("NONKHE01", secrets)

    assert refusal.value.code == "hash_secret"


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"tmn_code": "short"}, "tmn_code"),
        ({"tmn_code": "NONKHE0Á"}, "tmn_code"),
        ({"payment_url": "vnpay.vn"}, "payment_url"),
        ({"api_url": "https://vnpay.vn/?a"}, "api_url"),
        ({"server_address": "here"}, "server_address"),
    ],
)
def test_settings_are_checked_however_they_are_made(values, code):
    with pytest.raises(Rejected) as refusal:
        Settings(**{"tmn_code": "NONKHE01", "hash_secrets": (SECRET,)} | values)

    assert refusal.value.code == code


def test_the_code_of_a_site_is_in_capitals():
    assert Settings(" nonkhe01".strip(), (SECRET,)).tmn_code == "NONKHE01"
    assert Settings.read(KEYS | {"tmn_code": " nonkhe01 "}).tmn_code == "NONKHE01"


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("ftp://shop.example/ve", "begins with https://"),
        ("https://nôngsản.example/ve", "ASCII"),
        (f"https://shop.example/{'x' * 255}", "this one 276"),
        ("http://a", "this one 8"),
        ("https://shop.example/~ve", "none of ~"),
    ],
)
def test_a_return_address_is_refused_with_the_true_reason(url, reason):
    with pytest.raises(Rejected) as refusal:
        VNPay(SETTINGS).payments.create(asking_for(return_url=url))

    assert refusal.value.code == "return_url"
    assert reason in refusal.value.english


def test_the_most_that_can_be_paid_is_written_as_people_write_it():
    with pytest.raises(Rejected) as refusal:
        VNPay(SETTINGS).payments.create(asking_for(amount_vnd=10_000_000_000))

    assert "9.999.999.999 đồng" in refusal.value.text
    assert "9,999,999,999 đồng" in refusal.value.english


def asking_for(**values):
    return PaymentRequest(
        **{
            "reference": "NK7K2QF9-1",
            "amount_vnd": 150_000,
            "description": "Đơn hàng",
            "return_url": "https://shop.example/ve",
            "payer_address": "203.0.113.7",
            "created_at": NOW,
        }
        | values
    )


@pytest.mark.parametrize("body", [b"[]", b"nothing", b""])
def test_a_question_whose_answer_cannot_be_read_is_asked_again(body):
    paid = answering_with(SECRET, {"vnp_TransactionStatus": "00"})
    client = RecordingClient(Reply(200, body, "text/plain"), paid)
    vnpay = VNPay(SETTINGS, client=client, sleep=lambda _: None)

    report = vnpay.transactions.query(PaymentQuery("NK7K2QF9-1", NOW))

    assert report.outcome is Outcome.PAID
    assert len(client.calls) == 2


def test_a_page_in_place_of_an_answer_is_asked_for_once():
    client = RecordingClient(Reply(200, b"<html>", "text/html"))

    with pytest.raises(Unreachable) as error:
        VNPay(SETTINGS, client=client).transactions.query(PaymentQuery("NK7K2QF9-1", NOW))

    assert not error.value.retryable
    assert len(client.calls) == 1


@pytest.mark.parametrize(
    "wrong", [{"vnp_CurrCode": "USD"}, {"vnp_ExpireDate": "zz"}, {"vnp_CreateDate": "2026"}]
)
def test_the_simulator_refuses_what_vnpay_takes_for_malformed(tmp_path, wrong):
    good = dict.fromkeys(bank._NEEDED, "1") | {
        "vnp_CreateDate": mapping.wire_time(clock.now()),
        "vnp_CurrCode": "VND",
    }
    fields = good | wrong
    signature = signing.sign(signing.hash_data(fields), SECRET)

    with pytest.raises(bank.Refused) as refusal:
        bank.open_payment(Records(tmp_path), fields | {"vnp_SecureHash": signature}, (SECRET,))

    assert refusal.value.code in {"03", "15"}


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
        ("time-out", 1, 1),
        ("reset", 1, 1),
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
    browser, _records, vnpay = simulated(tmp_path)
    address = payment_page(vnpay)

    pages = [
        browser.get(address),
        browser.get(f"{address}0"),
        browser.get("/site/NONKHE01"),
    ]

    assert [page.status_code for page in pages] == [200, 400, 200]
    assert all("Trang giả lập VNPay để tập. Không có tiền thật." in page.text for page in pages)
    policies = [page.headers["Content-Security-Policy"] for page in pages]
    assert all("script" not in policy for policy in policies)
    assert [policy.partition("form-action ")[2] for policy in policies] == [
        "'self' http: https:",
        "'self'",
        "'self'",
    ]


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


def simulated(tmp_path, **parts):
    """Return a simulator that knows one site, its records, and a client that asks it."""
    address = "http://simulator.example"
    merchant = Merchant({"hash_secret": SECRET, "tmn_code": "NONKHE01"}, "https://shop.example")
    application = package.provider.simulate()(tmp_path, {"NONKHE01": merchant}.get, **parts)
    settings = Settings(
        "NONKHE01", (SECRET,), f"{address}/paymentv2/vpcpay.html", f"{address}{API}"
    )
    client = session_to(application, address)
    vnpay = VNPay(settings, client=client, sleep=lambda _: None)
    return Client(application), Records(tmp_path), vnpay


API = "/merchant_webapi/api/transaction"


def payment_page(vnpay, locale="vi"):
    """Return where a shop sends its buyer now, without the host."""
    action = vnpay.payments.create(
        PaymentRequest(
            reference="NK7K2QF9-1",
            amount_vnd=150_000,
            description="Đơn hàng",
            return_url="https://shop.example/ve",
            payer_address="203.0.113.7",
            created_at=datetime.now(UTC),
            locale=locale,
        )
    )
    parts = urlsplit(action.url)
    return f"{parts.path}?{parts.query}"


def ask_for(vnpay, what):
    """Make a call of one kind; return the error it ends in, if any."""
    try:
        if what == "query":
            vnpay.transactions.query(PaymentQuery("NK7K2QF9-1", NOW))
        else:
            vnpay.refunds.create(
                RefundRequest(
                    key="k",
                    reference="NK7K2QF9-1",
                    amount_vnd=10_000,
                    total_vnd=150_000,
                    paid_created_at=NOW,
                    reason="x",
                    requested_by="x",
                )
            )
    except Unreachable as error:
        return error
    return None


@pytest.mark.parametrize(("place", "other"), [("query", "refund"), ("refund", "query")])
def test_a_fault_waits_for_the_kind_of_call_it_was_ordered_for(tmp_path, place, other):
    _, records, vnpay = simulated(tmp_path)
    records.keep(payment())
    for _ in range(3):  # a question is tried three times
        records.order_fault("NONKHE01", place, "reset")

    spared, hit = ask_for(vnpay, other), ask_for(vnpay, place)

    assert spared is None
    assert hit is not None
    assert hit.unclear


def test_the_payment_page_fails_when_that_was_ordered_and_works_the_next_time(tmp_path):
    browser, _records, vnpay = simulated(tmp_path)
    browser.post("/dat", data={"terminal": "NONKHE01", "pay": "08"})
    address = payment_page(vnpay)

    pages = [browser.get(address) for _ in range(2)]

    assert [page.status_code for page in pages] == [400, 200]
    assert "bảo trì" in pages[0].text


@pytest.mark.parametrize("fault", ["time-out", "reset"])
def test_a_notice_whose_answer_was_not_heard_is_told_again(tmp_path, httpd, fault):
    shop = Shop("00")

    records = tell(tmp_path, httpd, shop, fault=fault, rounds=3)

    assert len(shop.queries) == 2
    assert records.notices("NONKHE01")[0].answer == "00"


def test_a_page_that_fails_speaks_the_language_of_its_buyer(tmp_path):
    browser, records, vnpay = simulated(tmp_path)
    address = payment_page(vnpay, locale="en")
    records.order_fault("NONKHE01", "pay", "500")

    page = browser.get(address)

    assert page.status_code == 500
    assert '<html lang="en">' in page.text
    assert "cannot be opened" in page.text


@pytest.mark.parametrize("text", ["a*b", "a%2Ab", "a~b", "a%7Eb"])
def test_the_simulator_takes_what_either_encoder_wrote(tmp_path, text):
    browser, _records, vnpay = simulated(tmp_path)
    path, _, query = payment_page(vnpay).partition("?")
    sent = re.sub("vnp_OrderInfo=[^&]*", f"vnp_OrderInfo={text}", query.split("&vnp_Secure")[0])
    signature = signing.sign(sent, SECRET)

    pages = [
        browser.get(f"{path}?{sent}&vnp_SecureHash={signature}"),
        browser.get(f"{path}?{sent}x&vnp_SecureHash={signature}"),
    ]

    assert [page.status_code for page in pages] == [200, 400]


@pytest.mark.parametrize("code", ["09", "10", "12", "65", "79"])
def test_every_end_of_the_table_can_be_chosen(tmp_path, code):
    browser, _records, vnpay = simulated(tmp_path)

    page = browser.get(payment_page(vnpay)).text

    assert f'value="{code}"' in page.partition("<details>")[2]
    assert bank.CHOICES.keys() == {one for one in PAYMENT_CODES if one not in {"05", "06"}}


@pytest.mark.parametrize("code", ["91", "93", "94", "95"])
def test_a_refund_is_refused_as_it_was_ordered(tmp_path, code):
    browser, records, vnpay = simulated(tmp_path)
    records.keep(payment(created=mapping.wire_time(NOW)))
    browser.post("/dat", data={"terminal": "NONKHE01", "refund": code})

    try:
        said = vnpay.refunds.create(giving_back()).code
    except Rejected as error:
        said = error.code

    assert said == code
    assert records.refunds("NONKHE01") == []


def test_a_refund_that_has_ended_is_shown_so_and_stays_so(tmp_path):
    browser, records, vnpay = simulated(tmp_path)
    records.keep(payment(created=mapping.wire_time(NOW)))
    vnpay.refunds.create(giving_back())
    (refund,) = records.refunds("NONKHE01")
    before = browser.get("/site/NONKHE01").text
    records.change_refund("NONKHE01", refund["request_id"], at="0")

    after = browser.get("/site/NONKHE01").text
    browser.post("/dat", data={"terminal": "NONKHE01", "reject": refund["request_id"]})

    assert "Từ chối" in before
    assert "<td>06</td>" in after
    assert "Từ chối" not in after
    assert records.refunds("NONKHE01")[0]["status"] == "05"
    report = vnpay.transactions.query(PaymentQuery("NK7K2QF9-1", NOW))
    assert report.refund is RefundState.SETTLED


def test_a_forged_call_uses_no_fault_up(tmp_path):
    browser, records, vnpay = simulated(tmp_path)
    records.order_fault("NONKHE01", "pay", "500")
    for place in ("query", "refund"):
        records.order_fault("NONKHE01", place, "500")
    forged = {"vnp_TmnCode": "NONKHE01", "vnp_RequestId": "1", "vnp_SecureHash": "0" * 128}

    page = browser.get(f"{payment_page(vnpay)}0")
    told = [
        browser.post(API, json=forged | {"vnp_Command": command}).json["vnp_ResponseCode"]
        for command in ("querydr", "refund")
    ]

    assert page.status_code == 400
    assert told == ["97", "97"]
    left = [records.take_fault("NONKHE01", place) for place in ("pay", "query", "refund")]
    assert left == ["500"] * 3


def test_who_may_order_faults_is_decided_by_who_mounts_the_simulator(tmp_path):
    asked = []

    def guard(environ, terminal):
        asked.append((environ["PATH_INFO"], terminal))
        return Denied("/vao") if len(asked) == 1 else Denied()

    browser, records, _ = simulated(tmp_path, guard=guard)
    order = {"terminal": "NONKHE01", "query": "500"}

    answers = [browser.post("/dat", data=order) for _ in range(2)]

    assert [one.status_code for one in answers] == [303, 403]
    assert answers[0].location == "/vao"
    assert asked == [("/dat", "NONKHE01")] * 2
    assert records.take_fault("NONKHE01", "query") == ""


def test_an_answer_that_breaks_off_leaves_no_mistake_in_the_servers_log(tmp_path, httpd, capfd):
    merchant = Merchant({"hash_secret": SECRET, "tmn_code": "NONKHE01"}, "https://shop.example")
    address = httpd(package.provider.simulate()(tmp_path, {"NONKHE01": merchant}.get))
    api = address.removesuffix("/ipn") + API
    records = Records(tmp_path)
    records.keep(payment())
    records.order_fault("NONKHE01", "refund", "reset")
    vnpay = VNPay(Settings("NONKHE01", (SECRET,), "https://x.example/pay", api))

    broken = ask_for(vnpay, "refund")

    assert broken is not None
    assert broken.unclear
    assert "Traceback" not in capfd.readouterr().err
