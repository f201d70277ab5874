"""What went wrong below an answer: the faults of connections, sorted by what to do about them."""

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException

from integrations.errors import NextStep, Words

__all__ = ["BROKEN_OFF", "FAULT", "LATE", "TOO_MANY", "Fault", "sorted_fault"]

LATE = Words(
    "Máy chủ bên kia không trả lời kịp. Thử lại sau ít phút.",
    "The other server did not answer in time. Try again in a few minutes.",
)
SILENT = Words(
    "Không tới được máy chủ bên kia. Xem lại mạng và địa chỉ.",
    "The other server could not be reached. Check the network and the address.",
)
BROKEN_OFF = Words(
    "Tới được máy chủ bên kia nhưng câu trả lời bị đứt giữa chừng. Thử lại sau ít phút.",
    "The other server was reached, but its answer broke off. Try again in a few minutes.",
)
CERTIFICATE = Words(
    "Chứng chỉ https của máy chủ bên kia không hợp lệ nên không gửi gì sang. Xem lại địa chỉ, "
    "và ngày giờ của máy này.",
    "The https certificate of the other server is not valid, so nothing was sent. Check the "
    "address, and the date and time of this machine.",
)
NO_TLS = Words(
    "Không mở được kết nối https với máy chủ bên kia. Xem lại địa chỉ và số cổng.",
    "No https connection could be opened with the other server. Check the address and its port.",
)
NOWHERE = Words(
    "Địa chỉ máy chủ bên kia không đúng. Xem lại trong phần cài đặt.",
    "The address of the other server is not right. Check it in the settings.",
)
FAULT = Words(
    "Máy chủ bên kia đang có lỗi. Thử lại sau ít phút.",
    "The other server has a fault. Try again in a few minutes.",
)
TOO_MANY = Words(
    "Bên kia nhận quá nhiều yêu cầu. Chờ một lúc rồi thử lại.",
    "The other side gets too many requests. Wait a little, then try again.",
)

_CUT = (ConnectionResetError, ConnectionAbortedError, BrokenPipeError, HTTPException)
"""What happens to a connection that there was."""


@dataclass(frozen=True, slots=True)
class Fault:
    """What a client raised: `unclear` unless nothing can have been sent."""

    detail: str
    words: Words
    unclear: bool
    step: NextStep | None = None


def sorted_fault(fault: Exception, *, is_answered: bool) -> Fault | None:
    """Return what an error of a client means, `None` for a mistake in its program.

    Errors of `requests`, of sockets and time-outs are `OSError`. An address that cannot be comes
    out as `ValueError` (also of the codec for names), or below `requests` untranslated. A
    certificate is refused before anything is sent. `is_answered` says that the head of an answer
    was there.
    """
    from requests import ConnectTimeout
    from requests.exceptions import InvalidSchema, InvalidURL, MissingSchema

    name, fix = type(fault).__name__, NextStep.FIX_SETTINGS
    is_below = any(kind.__module__.startswith("urllib3.") for kind in type(fault).__mro__)
    if isinstance(fault, InvalidURL | InvalidSchema | MissingSchema) or (
        is_below and isinstance(fault, ValueError)
    ):
        return Fault(f"the address cannot be: {name}", NOWHERE, unclear=False, step=fix)
    if not (is_below or isinstance(fault, OSError | ValueError | HTTPException)):
        return None
    if any(isinstance(one, ssl.SSLCertVerificationError) for one in _behind(fault)):
        return Fault("the certificate is not valid", CERTIFICATE, unclear=False, step=fix)
    unclear = not isinstance(fault, ConnectTimeout | ConnectionRefusedError | UnicodeError)
    words = BROKEN_OFF if is_answered else _words_of(fault)
    return Fault(name, words, unclear, fix if words is NO_TLS else None)


def _words_of(fault: Exception) -> Words:
    """Return what to say of a fault before the head of an answer was there."""
    from requests import ConnectTimeout, Timeout

    if isinstance(fault, ConnectTimeout):
        return SILENT
    if isinstance(fault, Timeout | TimeoutError):
        return LATE
    behind = list(_behind(fault))
    if any(isinstance(one, _CUT) for one in behind):
        return BROKEN_OFF
    return NO_TLS if any(isinstance(one, ssl.SSLError) for one in behind) else SILENT


def _behind(fault: BaseException) -> Iterator[BaseException]:
    """Yield an error and those it wraps: as causes, as arguments, or as `reason` (urllib3)."""
    waiting, known = [fault], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in known:
            continue
        known.add(id(one))
        yield one
        wrapped = (one.__cause__, one.__context__, getattr(one, "reason", None), *one.args)
        waiting += [inner for inner in wrapped if isinstance(inner, BaseException)]
