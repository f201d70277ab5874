"""A checkout as far as it is filled in: what it offers, what is chosen, what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from integrations.payments import PaymentProvider
from shop.delivery_fees import Price
from shop.forms.base import Fields
from shop.forms.checkout import Buyer
from shop.forms.gifts import Gift
from shop.forms.invoices import InvoiceDraft
from shop.models.addresses import Commune
from shop.models.orders import DeliveryKind, DeliveryMethod
from shop.services import cash_at_door, delivery_methods
from shop.services.addresses import Resolution
from shop.services.carts import Group
from shop.services.vouchers import Quote


@dataclass(slots=True)
class Filled:
    """One checkout as far as it is filled in, with everything the page offers for it."""

    group: Group
    fields: Fields
    today: date
    has_transfer: bool
    gateways: Sequence[PaymentProvider]
    trials: frozenset[str]
    """The ways to pay that lead to a sandbox."""
    provinces: Sequence[tuple[str, str]]
    methods: Sequence[DeliveryMethod]
    buyer: Buyer | None = None
    commune: Commune | None = None
    resolution: Resolution = field(default_factory=Resolution)
    province_code: str = ""
    notices: list[str] = field(default_factory=list)
    offered: Quote = field(default_factory=Quote)
    """What a voucher takes off."""
    gift: Gift = field(default_factory=Gift)
    invoice: InvoiceDraft | None = None
    """For whom an invoice is made out, where one is wanted."""
    passed_over: DeliveryMethod | None = None
    """The way that was chosen and does not go to this place, while the form is only counted."""

    @property
    def method(self) -> DeliveryMethod | None:
        """Return the chosen way of delivery, else the first that fits, brought before fetched."""
        typed = self.fields.typed("delivery_method")
        fitting = [way for way in self.methods if not self.price(way).obstacle]
        chosen = [
            way for way in self.methods if str(way.id) == typed and way is not self.passed_over
        ]
        brought = [way for way in fitting if way.kind is not DeliveryKind.PICKUP]
        everywhere = [way for way in brought if delivery_methods.reaches_everywhere(way)]
        return next(iter([*chosen, *everywhere, *brought, *fitting]), None)

    def price(self, method: DeliveryMethod) -> Price:
        """Return what `method` costs, or what keeps it from being chosen, as far as is known."""
        asked = delivery_methods.shipment(
            [(entry.pack, entry.quantity) for entry in self.group.buyable],
            province_code=self.province_code,
            commune_code=self.commune.code if self.commune else None,
        )
        if self.province_code:
            return delivery_methods.price(method, asked)
        return delivery_methods.least_price(method, asked)

    @property
    def is_fetched(self) -> bool:
        """Return whether the buyer comes for the goods: no address is needed then."""
        typed = self.fields.typed("delivery_method")
        return any(
            str(way.id) == typed and way.kind is DeliveryKind.PICKUP for way in self.methods
        )

    @property
    def fee_vnd(self) -> int:
        """Return the đồng for delivery: the least it can be while the place is not known."""
        return self.price(self.method).fee_vnd if self.method else 0

    @property
    def total_vnd(self) -> int:
        """Return the đồng for everything."""
        return self.goods_vnd + self.fee_vnd

    @property
    def goods_vnd(self) -> int:
        """Return the đồng for the goods after what a voucher takes off."""
        return self.group.goods_vnd - self.offered.discount_vnd

    @property
    def cash_obstacle(self) -> str:
        """Return the code of what keeps this order from being paid at the door."""
        if self.method is None:
            return ""
        seller = self.group.seller
        return cash_at_door.obstacle(seller, self.method, total_vnd=self.total_vnd)

    @property
    def way(self) -> str:
        """Return the chosen way to pay, or the first that can be chosen."""
        possible = [way for way, can in self._ways() if can]
        typed = self.fields.typed("payment_way")
        return typed if typed in possible else (possible or [""])[0]

    def _ways(self) -> list[tuple[str, bool]]:
        through = [(provider.name, True) for provider in self.gateways]
        return [("vietqr", self.has_transfer), *through, ("cod", not self.cash_obstacle)]

    def offers(self, way: str) -> bool:
        """Return whether this seller can be paid in this way, whatever the order."""
        through = {provider.name for provider in self.gateways}
        return way == "cod" or way in through or (way == "vietqr" and self.has_transfer)

    @property
    def province(self) -> str:
        """Return the name of the province as far as it is known."""
        return dict(self.provinces).get(self.province_code, "")
