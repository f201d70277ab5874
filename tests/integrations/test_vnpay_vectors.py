"""VNPay against the cases that other makers' libraries and its documentation agree on."""

import io
import json
import os
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path

import pytest

from integrations.errors import BadSignature
from integrations.http import InboundRequest
from integrations.payments import protocol
from integrations.payments.vnpay import Settings, VNPay, commands, mapping, signing
from integrations.payments.vnpay.checksums import QUERY, QUERY_ANSWER, REFUND, REFUND_ANSWER

CHECKOUT = Path(__file__).resolve().parents[2]
TRIED_HERE = {
    "pay_url",
    "ipn_verify",
    "ipn_answer",
    "querydr_request",
    "refund_request",
    "querydr_response",
    "refund_response",
    "datetime",
}


def dacsan_vnpay(*arguments, stdin=""):
    parser = ArgumentParser()
    commands.add_arguments(parser, "vi")
    parsed = parser.parse_args(arguments)
    stdout = io.StringIO()
    code = parsed.run(parsed, stdin=io.StringIO(stdin), stdout=stdout)
    return code, json.loads(stdout.getvalue())


def vnpay(case):
    return VNPay(Settings(case["config"]["tmn_code"], (case["config"]["hash_secret"],)))


def is_trusted(case, order):
    text = signing.joined(case["body"], order)
    secret = case["config"]["hash_secret"]
    return signing.matches(text, case["body"].get("vnp_SecureHash", ""), [secret])


@pytest.mark.vectors("vnpay.json", "pay_url")
def test_fields_become_the_expected_signature(case):
    data = signing.hash_data(case["params"])

    assert data == case["expected"]["hash_data"]
    assert signing.sign(data, case["config"]["hash_secret"]) == case["expected"]["secure_hash"]


@pytest.mark.vectors("vnpay.json", "pay_url")
def test_the_command_signs_the_same(case):
    secret = f"--secret={case['config']['hash_secret']}"

    code, said = dacsan_vnpay("sign", secret, stdin=json.dumps(case["params"]))

    assert code == 0
    assert said == {name: case["expected"][name] for name in ("hash_data", "secure_hash")}


@pytest.mark.vectors("vnpay.json", "pay_url")
def test_a_request_becomes_the_expected_address_but_for_marks_and_extras(case):
    given, config = case["input"], case["config"]
    settings = Settings(config["tmn_code"], (config["hash_secret"],), config["payment_url"])
    expires = given["expire_date"]

    action = VNPay(settings).payments.create(
        protocol.PaymentRequest(
            reference=given["txn_ref"],
            amount_vnd=given["amount_vnd"],
            description=given["order_info"],
            return_url=given["return_url"],
            payer_address=given["ip_addr"],
            created_at=mapping.moment(given["create_date"]),
            expires_at=mapping.moment(expires) if expires else None,
            locale="vi",
            method=given["bank_code"] or "",
        )
    )

    extras = {name for name in case["params"] if name.startswith(("vnp_Bill_", "vnp_Inv_"))}
    wanted = {name: text for name, text in case["params"].items() if name not in extras}
    wanted["vnp_OrderInfo"] = mapping.plain(given["order_info"])
    wanted["vnp_OrderType"] = "other"
    data = signing.hash_data(wanted)
    signature = signing.sign(data, config["hash_secret"])
    assert action.url == f"{config['payment_url']}?{data}&vnp_SecureHash={signature}"
    if wanted == case["params"]:
        assert action.url == case["expected"]["url"]


@pytest.mark.vectors("vnpay.json", "ipn_verify")
def test_a_notice_is_trusted_and_read_as_expected(case):
    expected = case["expected"]
    inbound = InboundRequest("GET", "/", case["raw_query"])

    try:
        said = vnpay(case).read_notification(inbound)
    except BadSignature:
        said = None

    assert (said is not None and said.amount_vnd is not None) == expected["valid"]
    if said is not None and expected["valid"]:
        assert (said.outcome is protocol.Outcome.PAID) == expected["paid"]
        assert (said.reference, said.amount_vnd) == (expected["txn_ref"], expected["amount_vnd"])
        assert (said.outcome is protocol.Outcome.REVIEW) == expected.get("review", False)


@pytest.mark.vectors("vnpay.json", "ipn_verify")
def test_the_command_reads_the_same(case):
    secret = f"--secret={case['config']['hash_secret']}"

    code, said = dacsan_vnpay("verify", secret, "--", case["raw_query"])

    assert code == 0
    for name in ("valid", "paid", "amount_vnd", "txn_ref"):
        if name in case["expected"]:
            assert said[name] == case["expected"][name]


@pytest.mark.vectors("vnpay.json", "querydr_request")
def test_a_query_is_signed_over_the_expected_text(case):
    body = case["expected"]["body"]

    assert signing.joined(body, QUERY) == case["expected"]["checksum_data"]
    assert body["vnp_SecureHash"] == case["expected"]["secure_hash"]
    secret = case["config"]["hash_secret"]
    assert signing.sign(case["expected"]["checksum_data"], secret) == body["vnp_SecureHash"]


@pytest.mark.vectors("vnpay.json", "refund_request")
def test_a_refund_is_signed_over_the_expected_text(case):
    body = case["expected"]["body"]

    assert signing.joined(body, REFUND) == case["expected"]["checksum_data"]
    secret = case["config"]["hash_secret"]
    assert signing.sign(case["expected"]["checksum_data"], secret) == body["vnp_SecureHash"]


@pytest.mark.vectors("vnpay.json", "querydr_response")
def test_an_answer_to_a_query_is_trusted_and_read_as_expected(case):
    assert is_trusted(case, QUERY_ANSWER) == case["expected"]["valid"]
    if case["expected"]["valid"]:
        said = mapping.report(case["body"], "")
        assert (said.outcome is protocol.Outcome.PAID) == case["expected"]["paid"]


@pytest.mark.vectors("vnpay.json", "refund_response")
def test_an_answer_to_a_refund_is_trusted_and_read_as_expected(case):
    settled = mapping.refund_state(case["body"]) is protocol.RefundState.SETTLED

    assert is_trusted(case, REFUND_ANSWER) == case["expected"]["valid"]
    assert settled == case["expected"].get("settled", False)


@pytest.mark.vectors("vnpay.json", "datetime")
@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def test_times_are_those_of_viet_nam_wherever_the_server_stands(case, zone, monkeypatch):
    monkeypatch.setenv("TZ", zone)
    time.tzset()

    assert (
        mapping.wire_time(datetime.fromisoformat(case["input"]["instant"]))
        == (case["expected"]["gmt7"])
    )
    monkeypatch.undo()
    time.tzset()


def test_every_kind_of_case_is_tried(shared):
    kinds = json.loads((shared / "vectors/vnpay.json").read_text(encoding="utf-8"))["kinds"]

    assert set(kinds) == TRIED_HERE


@pytest.mark.parametrize("zone", ["UTC", "Asia/Ho_Chi_Minh", "America/New_York"])
def test_the_whole_file_holds_under_each_zone_of_the_server(zone, shared):
    own = "tests/integrations/test_vnpay_vectors.py"

    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", own, "-k", "not zone"],
        cwd=CHECKOUT,
        env={**os.environ, "TZ": zone},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert ended.returncode == 0, ended.stdout
