"""Ways to be paid without cash.

A provider is a folder here whose package holds an object named `provider`; nothing else needs to
know its name.
"""

import importlib
import pkgutil
from functools import cache

from integrations import vietqr
from integrations.payments.protocol import PaymentProvider

__all__ = ["PaymentProvider", "providers", "vietqr"]


@cache
def providers() -> dict[str, PaymentProvider]:
    """Return the providers found beside this file, by name in the order of the alphabet."""
    folders = sorted(one.name for one in pkgutil.iter_modules(__path__) if one.ispkg)
    found = (importlib.import_module(f"{__name__}.{folder}").provider for folder in folders)
    return {provider.name: provider for provider in found}
