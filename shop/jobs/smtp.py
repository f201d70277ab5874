"""Handing one letter to a mail server, with a deadline over all of it.

The time-outs of sockets are per read: a server that drips an answer outlasts them. Here the
connection is cut when the time is up, whatever it is doing.
"""

import smtplib
import socket
import ssl
import threading
import time
from contextlib import closing
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parseaddr
from typing import Any
from urllib.parse import unquote, urlsplit

from shop.jobs.deliverers import CameToNothing, Refused
from shop.network import is_loopback


@dataclass(frozen=True, slots=True)
class Server:
    """A mail server and how to sign in there; `is_tls` from the first byte on."""

    host: str
    port: int
    is_tls: bool
    user: str
    password: str

    @property
    def is_this_machine(self) -> bool:
        """Return whether what is said to it leaves this machine."""
        return is_loopback(self.host)


def read_address(url: str) -> Server:
    """Return the server that `DACSAN_MAIL_URL` names.

    `smtp://user:password@host:port` uses STARTTLS where the server offers it, `smtps://` TLS from
    the start; ports are 587 with a user, 25 without, 465 for TLS. Raises `ValueError`.

    >>> read_address("smtp://la%40htx.example:a%2Fb@mail.example").port
    587
    """
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("DACSAN_MAIL_URL must begin with smtp:// or smtps:// and name a host")
    is_tls = parts.scheme == "smtps"
    usual = 465 if is_tls else 587 if parts.username else 25
    return Server(
        host=parts.hostname,
        port=parts.port or usual,
        is_tls=is_tls,
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def send(letter: EmailMessage, server: Server, *, seconds: float) -> dict[str, Any]:
    """Hand `letter` over within `seconds` and return what the server answered.

    Raises `Refused` when the server will never take this letter or this address,
    `CameToNothing` for everything that may pass: no connection, no answer, a full mailbox,
    a sign-in that is not accepted. After a connection lost behind the last byte nobody knows
    whether the letter arrived: it counts as not sent, and its Message-ID tells the repeat.
    """
    if seconds <= 0:
        raise CameToNothing("there was no time left")
    end = time.monotonic() + seconds
    try:
        with closing(_connect(server, seconds)) as connection:
            code, reply = _hand_over(connection, letter, server, end)
            _take_leave(connection)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, reply),) = error.recipients.values()
        raise _no(code, reply, final=code >= 500) from None
    except smtplib.SMTPDataError as error:
        raise _no(error.smtp_code, error.smtp_error, final=error.smtp_code >= 500) from None
    except smtplib.SMTPResponseException as error:
        raise _no(error.smtp_code, error.smtp_error, final=False) from None
    except (OSError, smtplib.SMTPException) as error:
        late = " (time is up)" if time.monotonic() >= end else ""
        raise CameToNothing(f"{server.host}: {type(error).__name__}: {error}{late}") from None
    return {"server": server.host, "code": code, "reply": reply.decode(errors="replace")}


def _hand_over(
    connection: smtplib.SMTP, letter: EmailMessage, server: Server, end: float
) -> tuple[int, bytes]:
    connection.ehlo_or_helo_if_needed()
    if not server.is_tls and connection.has_extn("starttls"):
        connection.starttls(context=ssl.create_default_context())
        connection.ehlo()
        server_is_private = True
    else:
        server_is_private = server.is_tls or server.is_this_machine
    if server.user:
        if not server_is_private:
            raise CameToNothing(f"{server.host} offers no TLS: the password stays here")
        connection.login(server.user, server.password)
    sender, recipient = parseaddr(letter["From"])[1], parseaddr(letter["To"])[1]
    code, reply = connection.mail(sender)
    if code != 250:
        raise smtplib.SMTPSenderRefused(code, reply, sender)
    code, reply = connection.rcpt(recipient)
    if code not in {250, 251}:
        raise smtplib.SMTPRecipientsRefused({recipient: (code, reply)})
    if time.monotonic() >= end:
        raise TimeoutError("the greeting took all the time there was")
    code, reply = connection.data(letter.as_bytes())
    if code != 250:
        raise smtplib.SMTPDataError(code, reply)
    return code, reply


def _take_leave(connection: smtplib.SMTP) -> None:
    try:
        connection.quit()
    except (OSError, smtplib.SMTPException):
        return  # the letter is theirs already; how they part does not matter


def _no(code: int, reply: bytes | str, *, final: bool) -> Refused | CameToNothing:
    said = reply.decode(errors="replace") if isinstance(reply, bytes) else reply
    return (Refused if final else CameToNothing)(f"{code} {said}")


def _connect(server: Server, seconds: float) -> smtplib.SMTP:
    if server.is_tls:
        context = ssl.create_default_context()
        return _TimedTls(server.host, server.port, timeout=seconds, context=context)
    return _Timed(server.host, server.port, timeout=seconds)


class _Timed(smtplib.SMTP):
    """A connection that ends after its time-out, counted from the start and over everything."""

    def __init__(self, host: str, port: int, *, timeout: float, **options: Any) -> None:
        self._over = threading.Event()
        threading.Thread(target=self._watch, args=(timeout,), daemon=True).start()
        try:
            super().__init__(host, port, timeout=timeout, **options)
        except BaseException:
            self._over.set()
            raise

    def _watch(self, seconds: float) -> None:
        self._over.wait(seconds)
        while not self._over.is_set():
            connected = self.sock
            if connected is not None:
                _cut(connected)
            self._over.wait(0.05)

    def close(self) -> None:
        """Close the connection; nobody watches it any more."""
        self._over.set()
        super().close()


class _TimedTls(_Timed, smtplib.SMTP_SSL):
    """The same, with TLS from the first byte on."""


def _cut(connected: socket.socket) -> None:
    try:
        connected.shutdown(socket.SHUT_RDWR)
    except OSError:
        return  # the other side was faster
