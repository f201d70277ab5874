"""A voucher to try, and people who wait for what is sold out."""

from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.demo.people import DEMO
from shop.forms.stock_watches import Contact
from shop.forms.vouchers import VoucherDraft
from shop.models.catalog import Pack, Product, Seller
from shop.models.vouchers import VoucherKind
from shop.services import stock_watches, vouchers

CODE = "MAU2027"
WAITED_FOR = "thanh-tra-hue"
WAITING = (Contact(phone="+84540009009"), Contact(email="mau@vidu.example"))


def load(session: Session, seller_id: int, *, now: datetime, today: date) -> None:
    """Open the voucher of a seller, and let two people wait for a fruit out of season."""
    draft = VoucherDraft(
        name="Giảm giá mẫu",
        code=CODE,
        kind=VoucherKind.PERCENT,
        amount=10,
        cap_vnd=30_000,
        minimum_vnd=150_000,
        starts_on=today - timedelta(days=7),
        ends_on=today + timedelta(days=60),
        uses_most=100,
        uses_per_phone=1,
        budget_vnd=1_000_000,
        product_ids=None,
    )
    seller = session.get_one(Seller, seller_id)
    vouchers.open_voucher(session, seller, draft, actor=DEMO, now=now)
    packs = session.scalars(
        select(Pack).join(Product).where(Product.slug == WAITED_FOR).order_by(Pack.id).limit(1)
    )
    for pack in packs:
        for contact in WAITING:
            stock_watches.ask(session, pack, contact, locale="vi", now=now - timedelta(days=2))
