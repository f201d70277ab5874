"""A line between a browser and the shop that breaks where it is told to: plain TCP, no tricks."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class Line:
    """Carries everything until one of its faults is set."""

    url: str
    is_down: bool = False
    """Nobody gets through: each connection is closed at once."""
    loses_answers_to: bytes = b""
    """Requests that begin like this reach the shop, their answers never come back."""
    lost: list[bytes] = field(default_factory=list)
    """The first lines of the answers that were lost."""


@contextmanager
def line_to(url: str) -> Iterator[Line]:
    """Lay a line to the shop at `url` and give it an address of its own."""
    asked = urlsplit(url)
    shop = (asked.hostname or "127.0.0.1", asked.port or 80)
    with socket.create_server(("127.0.0.1", 0)) as door:
        line = Line(f"http://127.0.0.1:{door.getsockname()[1]}")
        threading.Thread(target=_answer, args=(line, door, shop), daemon=True).start()
        yield line


def _answer(line: Line, door: socket.socket, shop: tuple[str, int]) -> None:
    with suppress(OSError):
        while True:
            browser, _address = door.accept()
            if line.is_down:
                browser.close()
                continue
            threading.Thread(target=_carry, args=(line, browser, shop), daemon=True).start()


def _carry(line: Line, browser: socket.socket, shop: tuple[str, int]) -> None:
    with browser, suppress(ConnectionRefusedError), socket.create_connection(shop) as server:
        losing = threading.Event()
        threading.Thread(
            target=_carry_back, args=(line, server, browser, losing), daemon=True
        ).start()
        with suppress(OSError):
            while (data := browser.recv(65536)) and not line.is_down:
                if line.loses_answers_to and data.startswith(line.loses_answers_to):
                    losing.set()
                server.sendall(data)


def _carry_back(
    line: Line, server: socket.socket, browser: socket.socket, losing: threading.Event
) -> None:
    with suppress(OSError):
        while data := server.recv(65536):
            if losing.is_set():
                line.lost.append(data.partition(b"\r\n")[0])
                break
            if line.is_down:
                break
            browser.sendall(data)
    with suppress(OSError):
        browser.shutdown(socket.SHUT_RDWR)
