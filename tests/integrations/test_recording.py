"""The client for tests: it calls nobody, gives what was prepared, and notes what it was asked."""

from datetime import UTC, datetime

import pytest

from integrations import recording
from integrations.errors import BadSignature, Unreachable
from integrations.http import Reply
from integrations.payments.protocol import Outcome, PaymentQuery
from integrations.payments.vnpay import Settings, VNPay
from integrations.payments.vnpay import recording as vnpay_recording
from integrations.payments.vnpay.recording import answering
from integrations.recording import RecordingClient

SECRET = "MADEUPSECRETNONKHE0123456789ABCD"
NOW = datetime(2026, 11, 22, 2, 30, tzinfo=UTC)


def asking(client):
    vnpay = VNPay(Settings("NONKHE01", (SECRET,)), client=client, sleep=lambda _: None)
    return vnpay.transactions.query(PaymentQuery("NK7K2QF9-1", NOW))


def test_the_modules_offer_their_names():
    assert recording.__all__ == ["Asked", "Prepared", "RecordingClient"]
    assert vnpay_recording.__all__ == ["answering"]


def test_a_fault_and_then_an_answer_are_two_calls():
    paid = {"vnp_TransactionStatus": "00", "vnp_Amount": "15000000"}
    client = RecordingClient(ConnectionResetError(), answering(SECRET, paid))

    report = asking(client)

    assert report.outcome is Outcome.PAID
    assert [call.json["vnp_TxnRef"] for call in client.calls] == ["NK7K2QF9-1"] * 2


def test_an_answer_under_another_secret_is_not_believed():
    client = RecordingClient(answering(f"{SECRET}X", {"vnp_TransactionStatus": "00"}))

    with pytest.raises(BadSignature):
        asking(client)


def test_a_server_that_fails_each_time_was_asked_three_times():
    client = RecordingClient(Reply(500), Reply(502), Reply(503))

    with pytest.raises(Unreachable) as error:
        asking(client)

    assert error.value.status == 503
    assert len(client.calls) == 3


def test_a_call_that_was_not_prepared_is_a_mistake_of_the_test():
    with pytest.raises(AssertionError, match="call 1"):
        asking(RecordingClient())
