"""Ports and addresses of this machine."""

import errno
import http.client
import ipaddress
import socket
import sys
import time
from urllib.parse import urlsplit

EVERYWHERE = {"0.0.0.0", "::", ""}  # noqa: S104 - compared with, not bound to


def why_port_is_closed(host: str, port: int) -> str | None:
    """Return `port_taken`, `port_not_allowed`, `host_not_here`, or nothing if it may be opened.

    The web server shares its port with whoever asks for it in the same way: two would start
    without a word. A plain bind is refused then.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        if sys.platform == "win32":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
        else:
            # connections of an earlier server that are still closing do not count
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            return "port_not_allowed"
        except OSError as error:
            return "port_taken" if error.errno == errno.EADDRINUSE else "host_not_here"
    return None


def wait_for_port(host: str, port: int, seconds: float) -> None:
    """Wait, `seconds` at most, until what held the port has let go of it.

    An ended process keeps its port until the system has cleared it away.
    """
    end = time.monotonic() + seconds
    while why_port_is_closed(host, port) == "port_taken" and time.monotonic() < end:
        time.sleep(0.05)


def is_loopback(host: str) -> bool:
    """Return whether what is sent to `host`, a name or an address, stays on this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def is_private(host: str) -> bool:
    """Return whether `host`, a name or an address, is reached inside a local network alone.

    Addresses by RFC 1918 and 4193; names without a dot, and those of RFC 6762, 8375 and 9476.
    """
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or name.endswith((".local", ".lan", ".home.arpa", ".internal"))


def is_address(url: str) -> bool:
    """Return whether `url` is scheme, host and perhaps port, and nothing else.

    >>> [is_address(url) for url in ("https://htx.example", "htx.example", "https://a b.example")]
    [True, False, False]
    """
    try:
        parts = urlsplit(url)
        named = parts.hostname is not None and (parts.port is None or parts.port > 0)
    except ValueError:
        return False
    plain = f"{parts.scheme}://{parts.netloc}" == url and not set(parts.netloc) & set("@ <>\"'\\")
    return plain and named and parts.scheme in {"http", "https"}


def is_open_plainly(url: str, *, allowed: bool) -> bool:
    """Return whether the shop at `url` is met unencrypted by more than those who may.

    Plain http is for this machine, and for a local network where it is `allowed`.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme == "https" or is_loopback(host):
        return False
    return not (allowed and is_private(host))


def own_url(host: str, port: int) -> str:
    """Return the address under which this machine reaches its own server."""
    name = _reachable(host)
    return f"http://[{name}]:{port}" if ":" in name else f"http://{name}:{port}"


def network_url(host: str, port: int) -> str:
    """Return the address for other machines of the network; empty when they cannot reach it."""
    if host not in EVERYWHERE:
        return ""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as towards_outside:
        try:
            # names the outgoing interface; a datagram socket sends nothing when it connects
            towards_outside.connect(("192.0.2.1", 9))
        except OSError:
            return ""
        return f"http://{towards_outside.getsockname()[0]}:{port}"


def answers(host: str, port: int) -> bool:
    """Return whether the web server there says that it is alive."""
    connection = http.client.HTTPConnection(_reachable(host), port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == http.client.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    if host not in EVERYWHERE:
        return host
    return "::1" if host == "::" else "127.0.0.1"
