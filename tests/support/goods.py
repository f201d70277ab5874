"""What a batch is made of, through the services: deliveries, steps, packs, each with defaults."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchStep
from shop.models.catalog import Pack, Product, Seller
from shop.models.people import Member, Plot
from shop.services import batch_release, batches, deliveries, journal
from shop.services.actors import SYSTEM, Actor, audit
from tests.factories import NOW, TODAY, make_pack, make_product, make_seller

YESTERDAY = TODAY - timedelta(days=1)
BY: dict[str, Any] = {"actor": SYSTEM, "now": NOW}


@dataclass
class Maker:
    """One seller that makes one product from what one plot gives."""

    session: Session
    seller: Seller
    product: Product
    pack: Pack
    plot: Plot
    actor: Actor = field(default=SYSTEM)
    now: datetime = field(default=NOW)
    today: date = field(default=TODAY)

    @property
    def by(self) -> dict[str, Any]:
        """Return who does it and when."""
        return {"actor": self.actor, "now": self.now}

    @classmethod
    def open(cls, session: Session, **product: Any) -> "Maker":
        """Return a maker of a new cooperative whose product can be released."""
        seller = make_seller(session)
        made = make_product(
            session,
            seller,
            **{"name": "Chè xanh La Bằng", "storage": "Nơi khô, mát", "shelf_life_days": 540}
            | product,
        )
        return cls(session, seller, made, make_pack(session, made), make_plot(session, seller))

    def delivery(self, quantity_g: int = 100_000, **values: Any) -> Batch:
        """Goods handed over yesterday, from the plot."""
        given = {
            "goods": "Búp chè tươi",
            "member": self.plot.member,
            "plot": self.plot,
            "supplier": "",
            "document": "",
            "harvested_on": self.today - timedelta(days=1),
            "received_at": self.now - timedelta(days=1),
            "product": self.product,
        }
        return deliveries.record_delivery(
            self.session, self.seller, quantity_g=quantity_g, **given | self.by | values
        )

    def batch(self, **values: Any) -> Batch:
        """A draft that was begun yesterday."""
        given = {"lot": None, "made_on": self.today - timedelta(days=1), "expires_on": None}
        return batches.open_batch(self.session, self.product, **given | self.by | values)

    def batch_with_leaf(self, quantity_g: int = 100_000) -> Batch:
        """A draft that took all of one delivery."""
        batch = self.batch()
        batches.add_source(
            self.session, batch, self.delivery(quantity_g), quantity_g=quantity_g, **self.by
        )
        return batch

    def step(self, batch: Batch, *, in_g: int, out_g: int, **values: Any) -> BatchStep:
        """Write down a step of yesterday."""
        options = {
            name: values.pop(name) for name in ("client_id", "is_confirmed") if name in values
        }
        step = step_of(self.now, in_g=in_g, out_g=out_g, **values)
        return batches.add_step(self.session, batch, step, **self.by | options)

    def dried_batch(self) -> Batch:
        """A draft of 21 kg of dry tea."""
        batch = self.batch_with_leaf()
        self.step(batch, in_g=100_000, out_g=21_000)
        return batch

    def packed(self, batch: Batch | None = None, *, units: int = 100, **values: Any) -> Batch:
        """A batch in packs of 200 g."""
        batch = batch or self.dried_batch()
        given = {"packed_at": self.now, "packed_on": self.today}
        batches.pack(self.session, batch, [(self.pack, units)], **given | self.by | values)
        return batch

    def released(self) -> Batch:
        """A batch that is sold."""
        batch = self.packed()
        batch_release.release(self.session, batch, today=self.today, **self.by)
        return batch


def step_of(now: datetime = NOW, **values: Any) -> batches.Step:
    """Drying on the morning before `now`."""
    begun = now - timedelta(days=1)
    given = {
        "code": "dry",
        "name": "Sao khô",
        "place": "Xưởng",
        "started_at": begun,
        "ended_at": begun + timedelta(hours=3),
    }
    return batches.Step(**given | values)


def make_plot(session: Session, seller: Seller, name: str = "Hoàng Văn Chanh") -> Plot:
    """A piece of land of a new member."""
    party_id = journal.new_party_id()
    member = Member(
        seller_id=seller.id, code=party_id, party_id=party_id, full_name=name, kind="member"
    )
    session.add(member)
    session.flush()
    audit(session, SYSTEM, "member_written_down", member, now=NOW)
    plot = Plot(
        seller_id=seller.id,
        member_id=member.id,
        member=member,
        code=f"LB-{member.id}",
        party_id=journal.new_party_id(),
        crop="chè",
    )
    session.add(plot)
    session.flush()
    audit(session, SYSTEM, "plot_added", plot, now=NOW)
    return plot
