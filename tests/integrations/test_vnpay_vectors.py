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
from select import select

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
    expires, began = given["expire_date"], mapping.moment(given["create_date"])

    action = VNPay(settings).payments.create(
        protocol.PaymentRequest(
            reference=given["txn_ref"],
            amount_vnd=given["amount_vnd"],
            description=given["order_info"],
            return_url=given["return_url"],
            payer_address=given["ip_addr"],
            created_at=began,
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


@pytest.mark.parametrize("name", ["absent.json", "."])
def test_a_file_that_cannot_be_read_is_told_in_a_sentence(tmp_path, name):
    code, said = dacsan_vnpay("replay", "--secret=S", str(tmp_path / name))

    assert (code, said["error"]) == (1, "no_file")
    assert said["message"].endswith(".")


def test_the_secret_may_come_from_the_environment_and_stand_in_no_history(monkeypatch):
    fields = json.dumps({"vnp_TxnRef": "NK1"})
    _, with_option = dacsan_vnpay("sign", "--secret=NEW", stdin=fields)

    without = dacsan_vnpay("sign", stdin=fields)
    monkeypatch.setenv("VNPAY_HASH_SECRET", "NEW OLD")
    code, said = dacsan_vnpay("sign", stdin=fields)

    assert (without[0], without[1]["error"]) == (1, "no_secret")
    assert (code, said) == (0, with_option)


@pytest.mark.skipif(os.name == "nt", reason="no pseudo-terminal on Windows")
def test_a_person_is_asked_for_the_secret_and_it_is_not_shown():
    import pty

    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "shop.cli", "vnpay", "verify", "vnp_TxnRef=NK1"]
    with subprocess.Popen(
        command,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
        cwd=CHECKOUT,
        env={"PATH": os.environ["PATH"], "LANG": "en"},
    ) as asking:
        assert asking.stderr is not None
        question = ""
        # what is typed before the question is thrown away
        while not question.endswith(": ") and (letter := asking.stderr.read(1)):
            question += letter
        os.write(ours, b"TYPED-BY-HAND\n")
        said, _ = asking.communicate(timeout=60)
    echo = os.read(ours, 1000) if select([ours], [], [], 0)[0] else b""
    os.close(ours)
    os.close(theirs)

    assert json.loads(said)["valid"] is False
    assert "Secret (not shown)" in question
    assert b"TYPED" not in echo


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
