"""The edge: what comes in takes a form that the rest of the shop and the database can hold."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Request
from werkzeug.datastructures import ImmutableMultiDict
from werkzeug.routing import IntegerConverter, ValidationError

from shop.forms.ids import read_id
from shop.web_addresses import split_address

NUL, UNREADABLE = "\0", "\ufffd"
"""The one character that PostgreSQL keeps in no text, and what stands for it: what also stands
for bytes that are no text at all, and what readers of forms refuse as damaged."""

NOWHERE = "about:invalid"
"""Instead of a referrer that cannot be taken apart: it is never a page of ours."""


class RowNumber(IntegerConverter):
    """A number in an address that a row can have; with any other there is no such page."""

    regex = "[0-9]{1,10}"

    def to_python(self, value: str) -> int:
        """Return the number; raise `ValidationError` for one that no row can have."""
        number = read_id(value)
        if number is None:
            raise ValidationError
        return number


class Values(ImmutableMultiDict[str, Any]):
    """Names and values of a query, a form or the cookies, without NUL."""

    def __init__(self, values: Any = ()) -> None:
        super().__init__([(_text(name), _text(value)) for name, value in _pairs(values)])


class CleanRequest(Request):
    """A request without NUL in path, query, form and cookies, and with a readable referrer."""

    parameter_storage_class = Values
    dict_storage_class = Values

    def __init__(self, environ: dict[str, Any], *args: Any, **options: Any) -> None:
        # the gateway hands over the bytes of UTF-8 as if they were Latin 1 (PEP 3333)
        path: str = environ.get("PATH_INFO", "")
        environ["PATH_INFO"] = path.replace(NUL, UNREADABLE.encode().decode("latin-1"))
        if split_address(environ.get("HTTP_REFERER", "")) is None:
            environ["HTTP_REFERER"] = NOWHERE
        super().__init__(environ, *args, **options)


def prepare(app: Flask) -> None:
    """Let `app` read requests and the numbers in its addresses in this way."""
    app.request_class = CleanRequest
    app.url_map.converters["int"] = RowNumber


def _pairs(values: Any) -> Iterable[tuple[Any, Any]]:
    if isinstance(values, ImmutableMultiDict):
        return values.items(multi=True)
    return values.items() if isinstance(values, Mapping) else values or ()


def _text(value: Any) -> Any:
    return value.replace(NUL, UNREADABLE) if isinstance(value, str) else value
