"""A call ends in time and in size whatever the other side does, and tells no secret to the log."""

import logging
import socket
import threading
import time
from contextlib import closing
from datetime import UTC, datetime
from http.client import HTTPException

import pytest
import requests
from urllib3.exceptions import ProtocolError
from werkzeug.serving import generate_adhoc_ssl_context, make_server

from integrations.errors import NextStep, RateLimited, Unreachable
from integrations.http import Caller, InboundRequest, Limits

LIMITS = Limits(connect=1, read=1, total=2, size=2_000, tries=3, pause=0)
HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n"


def whole(talk):
    talk.sendall(HEAD + b"Content-Length: 2\r\n\r\n{}")


def silent(talk):
    time.sleep(5)


def cut(talk):
    talk.sendall(HEAD + b"Content-Length: 200\r\n\r\n{")


def reset(talk):
    talk.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")


def drip(talk):
    talk.sendall(HEAD + b"Content-Length: 200\r\n\r\n")
    for _ in range(12):
        talk.sendall(b" ")
        time.sleep(0.5)


def drip_head(talk):
    for byte in HEAD[:12]:
        talk.sendall(bytes([byte]))
        time.sleep(0.5)


def huge(talk):
    talk.sendall(HEAD + b"Content-Length: 9000\r\n\r\n" + b" " * 9000)


def fault(talk):
    talk.sendall(b"HTTP/1.1 503 Busy\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")


def busy(talk):
    talk.sendall(b"HTTP/1.1 429 Busy\r\nRetry-After: 30\r\nContent-Length: 2\r\n\r\n{}")


def elsewhere(talk):
    talk.sendall(b"HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n")


class Server:
    """A server on a socket of its own that answers each call as it was told."""

    def __init__(self, *talks):
        self._talks = list(talks)
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}/api"
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                talk, _ = self._socket.accept()
            except OSError:
                return
            self.calls += 1
            what = self._talks.pop(0) if len(self._talks) > 1 else self._talks[0]
            threading.Thread(target=self._answer, args=(talk, what), daemon=True).start()

    @staticmethod
    def _answer(talk, what):
        with closing(talk):
            talk.recv(65_536)
            try:
                what(talk)
            except OSError:
                return  # the caller has gone, as it should

    def close(self):
        self._socket.close()


@pytest.fixture
def server():
    """Make servers that are gone after the test."""
    made = []

    def make(*talks):
        made.append(Server(*talks))
        return made[-1]

    yield make
    for one in made:
        one.close()


def caller(**values):
    return Caller("nhacungcap", limits=LIMITS, sleep=lambda _: None, **values)


def test_an_answer_comes_with_status_headers_and_body(server):
    answer = caller().once("GET", server(whole).url, call_id="c1")

    assert (answer.status, answer.body) == (200, b"{}")
    assert answer.headers["content-type"] == "application/json"


@pytest.mark.parametrize("talk", [silent, cut, reset, drip, drip_head, huge, fault])
def test_whatever_goes_wrong_a_call_ends_and_may_have_had_its_effect(server, talk):
    with pytest.raises(Unreachable) as failed:
        caller().once("POST", server(talk).url, call_id="c2", json={"a": 1})

    assert failed.value.unclear
    assert failed.value.retryable
    assert failed.value.text.endswith(".")
    assert (failed.value.provider, failed.value.request_id) == ("nhacungcap", "c2")


@pytest.mark.parametrize(
    ("talk", "said"),
    [
        (silent, "không trả lời kịp"),
        (cut, "đứt giữa chừng"),
        (reset, "đứt giữa chừng"),
        (drip, "đứt giữa chừng"),
        (fault, "đang có lỗi"),
    ],
)
def test_who_was_reached_is_not_told_as_out_of_reach(server, talk, said):
    with pytest.raises(Unreachable) as failed:
        caller().once("GET", server(talk).url, call_id="c2")

    assert said in failed.value.text
    assert "Không tới được" not in failed.value.text


def test_a_fault_carries_its_status_and_a_masked_part_of_its_body(server):
    def talk(connection):
        body = b"down, ask 0912345678 about S3CRET"
        head = f"HTTP/1.1 503 Busy\r\nContent-Length: {len(body)}\r\n\r\n".encode()
        connection.sendall(head + body)

    with pytest.raises(Unreachable) as failed:
        caller(hidden=["S3CRET"]).once("GET", server(talk).url, call_id="c2")

    assert (failed.value.status, failed.value.excerpt) == (503, "down, ask … about …")
    assert "down" not in str(failed.value)


def test_a_certificate_that_nobody_vouches_for_is_told_as_such():
    context = generate_adhoc_ssl_context()
    there = make_server("127.0.0.1", 0, lambda environ, begin: [], ssl_context=context)
    threading.Thread(target=there.serve_forever, daemon=True).start()

    with pytest.raises(Unreachable) as failed:
        caller().once("POST", f"https://127.0.0.1:{there.port}/", call_id="c2")
    there.shutdown()
    there.server_close()

    assert "Chứng chỉ https" in failed.value.text
    assert failed.value.next_step is NextStep.FIX_SETTINGS
    assert not failed.value.unclear


def test_a_server_without_https_is_told_as_such(server):
    address = server(whole).url.replace("http:", "https:")

    with pytest.raises(Unreachable) as failed:
        caller().once("POST", address, call_id="c2")

    assert "kết nối https" in failed.value.text
    assert failed.value.next_step is NextStep.FIX_SETTINGS


def test_a_call_that_reached_nobody_had_no_effect():
    with pytest.raises(Unreachable):
        caller().once("POST", "http://127.0.0.1:1/", call_id="c3")


def test_all_tries_share_one_deadline(server):
    began = time.monotonic()

    with pytest.raises(Unreachable):
        caller().read("GET", server(drip).url, call_id="c4")

    assert time.monotonic() - began < LIMITS.total + 1


def test_nothing_waits_for_a_try_that_there_is_no_time_for(server):
    there, slept = server(fault), []
    limits = Limits(total=2, tries=3, pause=60)

    with pytest.raises(Unreachable):
        Caller("nhacungcap", limits=limits, sleep=slept.append).read(
            "GET", there.url, call_id="c4"
        )

    assert (there.calls, slept) == (1, [])


def test_reading_is_tried_again_until_it_works(server):
    there = server(fault, reset, whole)

    answer = caller().read("GET", there.url, call_id="c4")

    assert (answer.status, there.calls) == (200, 3)


def test_reading_gives_up_after_its_tries(server):
    there = server(fault)

    with pytest.raises(Unreachable):
        caller().read("GET", there.url, call_id="c5")

    assert there.calls == LIMITS.tries


def test_who_asks_for_a_pause_is_not_asked_again(server):
    there = server(busy)

    with pytest.raises(RateLimited) as failed:
        caller().read("GET", there.url, call_id="c5")

    assert (failed.value.retry_after, there.calls) == (30, 1)
    assert failed.value.retryable
    assert failed.value.text.endswith(".")


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ("30", 30),
        ("Sun, 22 Nov 2026 03:01:00 GMT", 60),
        ("Sun, 22 Nov 2026 02:00:00 GMT", 0),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("Sun, 22 Nov 99999999999999999999 02:00:00 GMT", None),
    ],
)
def test_a_pause_is_told_in_seconds_or_as_a_moment(server, told, seconds):
    def talk(connection):
        head = f"HTTP/1.1 429 Busy\r\nRetry-After: {told}\r\nContent-Length: 0\r\n\r\n"
        connection.sendall(head.encode())

    with pytest.raises(RateLimited) as failed:
        caller(now=lambda: datetime(2026, 11, 22, 3, tzinfo=UTC)).once(
            "GET", server(talk).url, call_id="c5"
        )

    assert failed.value.retry_after == seconds


def test_no_answer_leads_elsewhere(server):
    assert caller().once("GET", server(elsewhere).url, call_id="c6").status == 302


def test_the_log_holds_the_call_and_nothing_it_said(server, caplog):
    caplog.set_level(logging.INFO, logger="integrations")

    caller().once("POST", f"{server(whole).url}?secret=S3CRET", call_id="c7", json={"a": "S3CRET"})

    (line,) = caplog.records
    assert (line.provider, line.call_id, line.outcome) == ("nhacungcap", "c7", "200")
    assert "S3CRET" not in repr(line.__dict__)


@pytest.mark.parametrize(
    "address",
    [
        "http://a..b/",
        f"http://{'a' * 64}.example/",
        "http://[::1/",
        "http://host:99999/",
        "http:///x",
        "no address",
        "ftp://host.example/",
        "http://a\udc80b.example/",
    ],
)
def test_an_address_that_cannot_be_is_our_own_error_and_had_no_effect(address):
    with pytest.raises(Unreachable) as failed:
        caller().once("POST", address, call_id="c3")

    assert not failed.value.unclear


class _Broken:
    def __init__(self, fault):
        self.fault = fault

    def request(self, method, url, **options):
        raise self.fault


@pytest.mark.parametrize(
    ("fault", "unclear"),
    [
        (ConnectionError(), True),
        (ConnectionResetError(), True),
        (ConnectionRefusedError(), False),
        (TimeoutError(), True),
        (OSError("no route"), True),
        (socket.gaierror(), True),
        (HTTPException("half a line"), True),
        (ProtocolError("cut"), True),
        (requests.ConnectTimeout(), False),
        (ValueError("what came is no number"), True),
    ],
)
def test_whatever_a_transport_raises_is_our_own_error(fault, unclear):
    with pytest.raises(Unreachable) as failed:
        caller(client=_Broken(fault)).once("POST", "http://127.0.0.1/", call_id="c8")

    assert failed.value.unclear == unclear
    assert failed.value.__cause__ is fault


def test_a_mistake_of_the_client_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        caller(client=_Broken(ZeroDivisionError())).once("GET", "http://127.0.0.1/", call_id="c8")


def test_any_session_of_requests_will_do(server):
    session = requests.Session()

    assert caller(client=session).once("GET", server(whole).url, call_id="c9").status == 200


def test_a_stored_request_is_the_same_when_it_is_read_again():
    came = InboundRequest(
        "POST",
        "/webhooks/x",
        "a=1&a=%ff",
        {"content-type": "text/plain", "cookie": "secret"},
        bytes(range(256)),
        "203.0.113.7",
    )

    again = InboundRequest.from_json(came.as_json())

    assert again.body == came.body
    assert (again.method, again.path, again.query) == (came.method, came.path, came.query)
    assert "secret" not in repr(came.as_json())
