"""The tax inside an order: of its lines and of its delivery, class by class."""

from collections.abc import Iterable
from dataclasses import dataclass

from shop.models.orders import Order


@dataclass(frozen=True, slots=True)
class TaxSum:
    """What an order costs in one tax class at one rate; the tax is inside the total."""

    tax_class: str
    """Empty for the delivery of orders from before fees had one."""
    tax_basis_points: int | None
    """Hundredths of a per cent; nothing where no tax is on it."""
    total_vnd: int
    tax_vnd: int

    @property
    def net_vnd(self) -> int:
        """Return the đồng without the tax."""
        return self.total_vnd - self.tax_vnd


def tax_inside(total_vnd: int, rate_basis_points: int | None) -> int:
    """Return the đồng of VAT inside a price, rounded half up (`commerce.md` 8).

    >>> tax_inside(108_000, 800), tax_inside(90_000, None)
    (8000, 0)
    """
    if not rate_basis_points:
        return 0
    whole = 10_000 + rate_basis_points
    return (2 * total_vnd * rate_basis_points + whole) // (2 * whole)


def sums(order: Order) -> list[TaxSum]:
    """Return what an order costs by tax class and rate, delivery with the class of its fee.

    Tax is computed by line and added up, so that invoice and lines agree to the đồng; the sums
    add up to the order's total.
    """
    found: dict[tuple[str, int | None], tuple[int, int]] = {}
    for tax_class, rate, total_vnd, tax_vnd in _parts(order):
        before = found.get((tax_class, rate), (0, 0))
        found[tax_class, rate] = (before[0] + total_vnd, before[1] + tax_vnd)
    return [TaxSum(*key, *values) for key, values in found.items()]


def _parts(order: Order) -> Iterable[tuple[str, int | None, int, int]]:
    for line in order.lines:
        yield line.tax_class, line.tax_basis_points, line.total_vnd, line.tax_vnd
    if order.delivery_vnd:
        rate = order.delivery_tax_basis_points
        yield order.delivery_tax_class, rate, order.delivery_vnd, order.delivery_tax_vnd
