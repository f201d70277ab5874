"""The tables, one module per noun of the design."""

from shop.models import (
    addresses,
    batches,
    catalog,
    inventory,
    journal,
    ledger,
    orders,
    outbox,
    payments,
    people,
    stalls,
)
from shop.models.base import Model

__all__ = [
    "Model",
    "addresses",
    "batches",
    "catalog",
    "inventory",
    "journal",
    "ledger",
    "orders",
    "outbox",
    "payments",
    "people",
    "stalls",
]
