"""Who delivers which kind of message: modules of this package that name a `KIND`."""

import importlib
import pkgutil
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from types import ModuleType
from typing import Any, Protocol, cast

from sqlalchemy import Engine

import shop.jobs
from shop.config import Settings
from shop.models.outbox import OutboxMessage


class Refused(Exception):
    """The other side will never take this message as it is: a person must change something."""


class CameToNothing(Exception):
    """This try failed; a later one may succeed without anybody changing anything."""


class Deliverer(Protocol):
    """A module that delivers the messages of one kind."""

    KIND: str

    def deliver(
        self, message: OutboxMessage, *, settings: Settings, engine: Engine, now: datetime
    ) -> dict[str, Any]:
        """Tell the outside and return what it answered, which is never empty.

        It has until `message.claimed_until`, no transaction is open, and it may be called again
        for a message that arrived already: the key makes a repeat harmless. Raises `Refused`
        when trying again is pointless; any other error is tried again.
        """


def job_modules() -> Iterator[ModuleType]:
    """Yield the modules of this package, imported."""
    for info in pkgutil.iter_modules(shop.jobs.__path__, f"{shop.jobs.__name__}."):
        yield importlib.import_module(info.name)


@cache
def deliverers() -> dict[str, Deliverer]:
    """Return the deliverers by the kind of message they deliver."""
    found = [cast(Deliverer, module) for module in job_modules() if hasattr(module, "KIND")]
    return {module.KIND: module for module in found}
