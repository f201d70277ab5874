"""Reading what a letter about an order says: the order, its money, its batches and parcel."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from shop.models.batches import BatchPack
from shop.models.catalog import Pack, Product
from shop.models.inventory import Allocation
from shop.models.orders import Order, OrderLine, Parcel
from shop.models.payments import BankAccount, Payment, PaymentAttempt
from shop.models.stock_watches import StockWatch
from shop.queries import invoices


@dataclass(frozen=True, slots=True)
class SentBatch:
    """The batch that packs of one line come from."""

    title: str
    gtin: str
    lot: str


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """Everything a letter about one order may say."""

    order: Order
    payment: Payment
    bank_account: BankAccount | None
    batches: Sequence[SentBatch]
    invoice_name: str = ""
    """For whom an invoice is wanted; empty where none is."""

    @property
    def parcel(self) -> Parcel | None:
        """Return the parcel that left last."""
        return self.order.parcels[-1] if self.order.parcels else None


def order_facts(session: Session, order_id: int) -> OrderFacts:
    """Return what letters say about an order; raises `NoResultFound` when there is none."""
    order = session.scalars(
        select(Order)
        .where(Order.id == order_id)
        .options(joinedload(Order.seller), selectinload(Order.lines), selectinload(Order.parcels))
    ).one()
    payment = session.scalars(select(Payment).where(Payment.order_id == order_id)).one()
    account = session.scalars(
        select(BankAccount)
        .join(PaymentAttempt, PaymentAttempt.bank_account_id == BankAccount.id)
        .where(PaymentAttempt.payment_id == payment.id)
        .order_by(PaymentAttempt.id.desc())
        .limit(1)
    ).one_or_none()
    wanted = invoices.request_of(session, order_id)
    name = wanted.name if wanted else ""
    return OrderFacts(order, payment, account, _batches(session, order_id), name)


def watch_facts(session: Session, watch_id: int) -> StockWatch | None:
    """Return who waits for which pack of whom; `None` once they were forgotten."""
    return session.scalars(
        select(StockWatch)
        .where(StockWatch.id == watch_id)
        .options(joinedload(StockWatch.pack).joinedload(Pack.product).joinedload(Product.seller))
    ).one_or_none()


def _batches(session: Session, order_id: int) -> list[SentBatch]:
    rows = session.execute(
        select(OrderLine, Allocation)
        .join(Allocation, Allocation.order_line_id == OrderLine.id)
        .where(OrderLine.order_id == order_id)
        .options(
            joinedload(Allocation.batch_pack).options(
                joinedload(BatchPack.batch), joinedload(BatchPack.pack)
            )
        )
        .order_by(OrderLine.id, Allocation.id)
    )
    found = [
        SentBatch(line.title, given.batch_pack.pack.gtin, given.batch_pack.batch.lot)
        for line, given in rows
    ]
    return list(dict.fromkeys(found))
