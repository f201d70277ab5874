"""What a newcomer finds to do in the demo: entries of a member that wait, orders on their way.

Loaded beside the goods by the commands that people run. Everything passes through the services,
by the demo as actor, so that it is told apart from what people enter.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.demo import offers, opinions
from shop.demo.files import DATA
from shop.demo.people import DEMO
from shop.forms.gifts import Gift
from shop.forms.invoices import InvoiceDraft
from shop.forms.problem import OrderProblem
from shop.models.batches import ProblemReason
from shop.models.catalog import Pack, Product
from shop.models.invoices import InvoiceBuyer
from shop.models.orders import DeliveryKind, DeliveryMethod, Order
from shop.models.people import Member
from shop.models.submissions import Submission, SubmissionKind
from shop.services import (
    delivery_methods,
    order_fulfilment,
    order_payment,
    order_problems,
    orders,
    photos,
    submissions,
)

PHOTO = DATA / "che-vang.jpg"

OWN_GOODS = "LBT-MO-500"
"""The pack of the honey, which in the demo is the member's own, and whose price she changes."""

_NEW = {"name": "Chè vằng phơi khô", "price": "45k", "pack": "gói 100 g"}
_DEARER = {"name": "", "price": "195k", "pack": "chai 500 ml"}
_RETURNED = {"name": "Măng khô Bản Đạt", "price": "70k", "pack": "gói 200 g"}
_REASON = "Chưa có ảnh. Bác chụp gói măng chỗ sáng rồi gửi lại."

BUYERS = (
    ("Nguyễn Thị Mẫu Một", "+84540009001"),
    ("Trần Văn Mẫu Hai", "+84540009002"),
    ("Lê Thị Mẫu Ba", "+84540009003"),
    ("Phạm Văn Mẫu Bốn", "+84540009004"),
    ("Vũ Thị Mẫu Năm", "+84540009005"),
)


ASKED: Mapping[int, dict[str, Any]] = {
    2: {"gift": Gift("Chúc bà ngoại mạnh khỏe.\nCháu Mẫu Ba", hides_prices=True)},
    4: {
        "invoice": InvoiceDraft(
            InvoiceBuyer.HOUSEHOLD,
            "Hộ kinh doanh Vũ Thị Mẫu Năm (không có thật)",
            "000000000000",
            "Xóm Mẫu, xã La Bằng, tỉnh Thái Nguyên",
        )
    },
}
"""What some of the orders ask for besides: a gift, an invoice; by their number."""


def load(session: Session, *, folder: Path, now: datetime, today: date) -> None:
    """Let things be open in the demo as of `now`; its photo waits under `folder`."""
    member = session.scalars(select(Member).where(Member.code == "mem-004")).one()
    _send_entries(session, member, folder=folder, now=now)
    _place_orders(session, member.seller_id, folder=folder, now=now, today=today)
    offers.load(session, member.seller_id, now=now, today=today)
    session.flush()


def _send_entries(session: Session, member: Member, *, folder: Path, now: datetime) -> None:
    honey = session.scalars(select(Product).join(Pack).where(Pack.sku == OWN_GOODS)).one()
    honey.member_id = member.id
    session.flush()
    fresh = _sent(session, member, "demo-1", _NEW, ("gói", 100, "g", 45_000), now=now)
    token = photos.stage(PHOTO.read_bytes(), folder=folder)
    submissions.attach_photo(session, fresh, token, actor=DEMO, now=now)
    dearer = _DEARER | {"name": honey.name}
    size = ("chai", 500, "ml", 195_000)
    _sent(session, member, "demo-2", dearer, size, product=honey, now=now - timedelta(hours=3))
    was = now - timedelta(days=1)
    back = _sent(session, member, "demo-3", _RETURNED, ("gói", 200, "g", 70_000), now=was)
    submissions.return_to_member(
        session, back, version=back.version, reason=_REASON, actor=DEMO, now=was
    )


def _sent(
    session: Session,
    member: Member,
    client_id: str,
    typed: dict[str, str],
    size: tuple[str, int, str, int],
    *,
    now: datetime,
    product: Product | None = None,
) -> Submission:
    unit, net_quantity, net_unit, price_vnd = size
    understood = {
        "name": typed["name"],
        "price_vnd": price_vnd,
        "pack": typed["pack"],
        "unit": unit,
        "net_quantity": net_quantity,
        "net_unit": net_unit,
        "words": "",
    }
    kept = submissions.keep(
        session,
        member,
        SubmissionKind.PRODUCT,
        client_id=client_id,
        typed=typed | {"words": ""},
        product=product,
        actor=DEMO,
        now=now,
    )
    submissions.send(session, kept, understood, actor=DEMO, now=now)
    return kept


def _place_orders(
    session: Session, seller_id: int, *, folder: Path, now: datetime, today: date
) -> None:
    def pay(order: Order, at: datetime) -> None:
        order_payment.receive_transfer(
            session,
            order.id,
            amount_vnd=order.total_vnd,
            source="feed",
            reference=f"MAU-{order.code}",
            credited_at=at,
            actor=DEMO,
            now=at,
            today=today,
        )

    def pack(order: Order, at: datetime) -> None:
        order_fulfilment.start_packing(session, order.id, actor=DEMO, now=at)

    def ship(order: Order, at: datetime) -> None:
        order_fulfilment.ship(
            session,
            order.id,
            carrier="Bưu điện",
            tracking_code="MAU0001VN",
            actor=DEMO,
            now=at,
            today=today,
        )

    def deliver(order: Order, at: datetime) -> None:
        order_fulfilment.deliver(session, order.id, actor=DEMO, now=at)

    done: Sequence[Sequence[Callable[[Order, datetime], None]]] = (
        (),
        (pay,),
        (pay, pack),
        (pay, pack, ship),
        (pay, pack, ship, deliver),
    )
    for number, steps in enumerate(done):
        at = now - timedelta(hours=2 * number + 1)
        sku, way = ("LBT-BUP-500", "vietqr") if steps else ("LBT-MOCCAU-200", "cod")
        buyer, asked = BUYERS[number], ASKED.get(number, {})
        order = _placed(session, seller_id, sku, way, buyer, now=at, today=today, **asked)
        for minutes, step in enumerate(steps, start=1):
            step(order, at + timedelta(minutes=10 * minutes))
    order_problems.report(
        session,
        order.id,
        OrderProblem(ProblemReason.SPOILED, "Gói chè bị hở mép, chè ẩm. Tôi muốn trả lại."),
        [],
        folder=folder,
        actor=DEMO,
        now=now - timedelta(minutes=30),
        back={order.lines[0].id: 1},
    )

    def bring(sku: str, buyer: tuple[str, str], at: datetime) -> Order:
        order = _placed(session, seller_id, sku, "vietqr", buyer, now=at, today=today)
        for minutes, step in enumerate(done[-1], start=1):
            step(order, at + timedelta(minutes=10 * minutes))
        return order

    opinions.load(session, bring, now=now)


def _placed(
    session: Session,
    seller_id: int,
    sku: str,
    way: str,
    buyer: tuple[str, str],
    *,
    now: datetime,
    today: date,
    **asked: Any,
) -> Order:
    pack = session.scalars(select(Pack).where(Pack.sku == sku)).one()
    method = session.scalars(
        select(DeliveryMethod).where(
            DeliveryMethod.seller_id == seller_id, DeliveryMethod.kind == DeliveryKind.PARCEL
        )
    ).one()
    shipment = delivery_methods.shipment([(pack, 1)], province_code="19", commune_code=None)
    checkout: dict[str, Any] = {
        "buyer_name": buyer[0],
        "buyer_phone": buyer[1],
        "delivery_method_id": method.id,
        "payment_way": way,
        "expected_total_vnd": pack.price_vnd + delivery_methods.price(method, shipment).fee_vnd,
        "idempotency_key": f"demo-{buyer[1]}",
    } | asked
    where = orders.Checkout(
        buyer_email="",
        street="Xóm Mẫu",
        commune="Xã La Bằng",
        commune_code=None,
        province="Tỉnh Thái Nguyên",
        province_code="19",
        note="Đơn mẫu",
        keeps_phone=False,
        **checkout,
    )
    seller = pack.product.seller
    by: dict[str, Any] = {"actor": DEMO, "now": now, "today": today}
    return orders.place(session, seller, [(pack.id, 1)], where, **by)
