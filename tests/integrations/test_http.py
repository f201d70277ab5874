"""A call ends in time and in size whatever the other side does, and tells no secret to the log."""

import logging
import socket
import threading
import time
from contextlib import closing

import pytest
import requests

from integrations.errors import Unreachable
from integrations.http import Caller, InboundRequest, Limits

LIMITS = Limits(connect=1, read=1, total=2, size=2_000, tries=3, pause=0)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"


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
    talk.sendall(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")


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
    assert (failed.value.provider, failed.value.request_id) == ("nhacungcap", "c2")


def test_a_call_that_reached_nobody_had_no_effect():
    with pytest.raises(Unreachable):
        caller().once("POST", "http://127.0.0.1:1/", call_id="c3")


def test_reading_is_tried_again_until_it_works(server):
    there = server(fault, reset, whole)

    answer = caller().read("GET", there.url, call_id="c4")

    assert (answer.status, there.calls) == (200, 3)


def test_reading_gives_up_after_its_tries(server):
    there = server(fault)

    with pytest.raises(Unreachable):
        caller().read("GET", there.url, call_id="c5")

    assert there.calls == LIMITS.tries


def test_no_answer_leads_elsewhere(server):
    assert caller().once("GET", server(elsewhere).url, call_id="c6").status == 302


def test_the_log_holds_the_call_and_nothing_it_said(server, caplog):
    caplog.set_level(logging.INFO, logger="integrations")

    caller().once("POST", f"{server(whole).url}?secret=S3CRET", call_id="c7", json={"a": "S3CRET"})

    (line,) = caplog.records
    assert (line.provider, line.call_id, line.outcome) == ("nhacungcap", "c7", "200")
    assert "S3CRET" not in repr(line.__dict__)


class _Broken:
    def request(self, method, url, **options):
        raise ZeroDivisionError


def test_a_mistake_of_the_client_is_not_hidden():
    with pytest.raises(ZeroDivisionError):
        caller(client=_Broken()).once("GET", "http://127.0.0.1/", call_id="c8")


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
