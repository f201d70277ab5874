"""A real mail server for tests: it keeps what it took, refuses, stalls or hangs up as told."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.support.redis import free_port


@dataclass
class MailServer:
    """A server on a port of its own; the fields say how it behaves from now on."""

    port: int = 0
    letters: list[EmailMessage] = field(default_factory=list)
    recipient_answer: str = "250 OK"
    data_answer: str = "250 Message accepted"
    hangs_up_after_data: bool = False
    seconds_per_letter: float = 0.0

    @property
    def url(self) -> str:
        """The address for `DACSAN_MAIL_URL`."""
        return f"smtp://127.0.0.1:{self.port}"

    @property
    def message_ids(self) -> list[str]:
        """The Message-IDs of what arrived, in order of arrival."""
        return [str(letter["Message-ID"]) for letter in self.letters]

    async def handle_RCPT(  # noqa: N802 - the name is the library's
        self,
        _server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        """Take an address, or answer as told."""
        if self.recipient_answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Keep a letter; then answer, or hang up without a word."""
        if not self.data_answer.startswith("250"):
            return self.data_answer
        await asyncio.sleep(self.seconds_per_letter)
        letter: Any = message_from_bytes(envelope.original_content or b"", policy=default)
        self.letters.append(letter)
        if self.hangs_up_after_data:
            transport: Any = server.transport
            transport.abort()
        return self.data_answer


@contextmanager
def mail_server() -> Iterator[MailServer]:
    """Run a mail server until the end of the block."""
    server = MailServer(port=free_port())
    controller = Controller(server, hostname="127.0.0.1", port=server.port)
    controller.start()
    try:
        yield server
    finally:
        controller.stop()


@contextmanager
def silent_server(*, drip: bytes = b"") -> Iterator[str]:
    """Run a server that takes connections and says nothing, or drips a byte now and then."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        over = threading.Event()
        thread = threading.Thread(target=_stall, args=(listening, drip, over))
        thread.start()
        try:
            yield f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            over.set()
            thread.join()


def _stall(listening: socket.socket, drip: bytes, over: threading.Event) -> None:
    listening.settimeout(0.05)
    connected: list[socket.socket] = []
    while not over.is_set():
        with suppress(TimeoutError):
            connected.append(listening.accept()[0])
        for one in connected:
            try:
                one.sendall(drip)
            except OSError:
                continue
        time.sleep(0.05)
    for one in connected:
        one.close()
