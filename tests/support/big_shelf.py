"""Thousands of packs of one product of the demo, made through the services."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.models.catalog import Pack
from shop.services import (
    batch_inputs,
    batch_packing,
    batch_release,
    batch_steps,
    batches,
    deliveries,
)
from shop.services.actors import SYSTEM


def fill_shelf(session: Session, sku: str, count: int) -> Pack:
    """Pack and release `count` packs of `sku` today; the session is committed by the caller."""
    pack = session.scalars(select(Pack).where(Pack.sku == sku)).one()
    seller, now, today = pack.product.seller, clock.now(), clock.today()
    grams = pack.mass_g * count
    made = now - timedelta(hours=8)
    delivery = deliveries.record_delivery(
        session,
        seller,
        goods="Búp chè tươi",
        quantity_g=grams * 6,
        member=None,
        plot=None,
        supplier="Hộ ông Bình",
        document="PN-LON",
        harvested_on=today,
        received_at=made,
        actor=SYSTEM,
        now=made,
        product=pack.product,
    )
    batch = batches.open_batch(
        session,
        pack.product,
        lot=None,
        made_on=today,
        expires_on=today + timedelta(days=400),
        actor=SYSTEM,
        now=made,
    )
    batch_inputs.add_source(session, batch, delivery, quantity_g=grams * 5, actor=SYSTEM, now=made)
    ended = made + timedelta(hours=5)
    step = batch_steps.Step("drying", "Sao khô", "Xưởng", made, ended, grams * 5, grams)
    batch_steps.add_step(session, batch, step, actor=SYSTEM, now=ended, is_confirmed=True)
    batch_packing.pack(
        session, batch, [(pack, count)], packed_at=ended, packed_on=today, actor=SYSTEM, now=ended
    )
    batch_release.release(session, batch, actor=SYSTEM, now=ended, today=today)
    return pack
