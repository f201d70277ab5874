"""Rows for tests: each function adds one thing with what it cannot be without, and flushes.

Every value has a default; a test names only what it is about. `NOW` is the moment all of them
share, `TODAY` the day it is then in Việt Nam.
"""

import itertools
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from shop.models.addresses import Commune
from shop.models.batches import Batch, BatchKind, BatchNotice, BatchPack, BatchState, NoticeKind
from shop.models.catalog import (
    Certificate,
    CertificateBatch,
    CertificateProduct,
    NetUnit,
    Pack,
    Product,
    ProductState,
    Seller,
    SellerKind,
    SellerMode,
)
from shop.models.inventory import MovementKind, Place, PlaceKind, StockLevel, StockMovement
from shop.models.orders import DeliveryKind, DeliveryMethod, Order
from shop.models.payments import BankAccount
from shop.models.people import Account, Consent, GivenHow, Grant, GrantScope, Member, Role
from shop.models.submissions import Submission, SubmissionKind, SubmissionState
from shop.search.folding import fold
from shop.services import orders, sign_ins
from shop.services.actors import BUYER, Actor
from traceability import gtin as gtins

TODAY = date(2026, 11, 22)
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
PASSWORD = "mot hai ba bon"

_numbers = itertools.count(1)
Row = TypeVar("Row")


def _add(session: Session, row: Row) -> Row:
    session.add(row)
    session.flush()
    return row


def make_seller(session: Session, **values: Any) -> Seller:
    """A live cooperative with a warehouse that serves the web shop."""
    number = next(_numbers)
    seller = _add(
        session,
        Seller(
            **{
                "kind": SellerKind.COOPERATIVE,
                "mode": SellerMode.LIVE,
                "slug": f"htx-so-{number}",
                "name": f"Hợp tác xã số {number}",
                "short_name": f"HTX số {number}",
                "lot_prefix": f"S{number}",
                "order_prefix": "NK",
                "hamlet": "Xóm La Bằng",
                "commune": "Xã La Bằng",
                "commune_code": "05818",
                "province": "Tỉnh Thái Nguyên",
                "province_code": "19",
                "phone": "+84540001001",
                "created_at": NOW,
            }
            | values
        ),
    )
    make_place(session, seller, name="Kho chính", sells_online=True)
    return seller


def make_place(session: Session, seller: Seller, **values: Any) -> Place:
    """A warehouse of `seller` that does not sell online."""
    return _add(
        session,
        Place(**{"seller_id": seller.id, "kind": PlaceKind.WAREHOUSE, "name": "Kho"} | values),
    )


def online_place(session: Session, seller: Seller) -> Place:
    """The place from which `seller` serves the web shop."""
    return session.query(Place).filter_by(seller_id=seller.id, sells_online=True).one()


def make_product(session: Session, seller: Seller | None = None, **values: Any) -> Product:
    """A published product without packs."""
    number = next(_numbers)
    seller = seller or make_seller(session)
    return _add(
        session,
        Product(
            **{
                "seller_id": seller.id,
                "seller": seller,
                "slug": f"che-so-{number}",
                "name": f"Chè số {number}",
                "kind": "Chè",
                "state": ProductState.PUBLISHED,
                "allergens_stated": True,
                "created_at": NOW,
            }
            | values
        ),
    )


def make_pack(session: Session, product: Product | None = None, **values: Any) -> Pack:
    """A pack of 200 g for 90.000 ₫ with an internal number of the installation."""
    number = next(_numbers)
    product = product or make_product(session)
    body = f"200{number:09}"
    pack = _add(
        session,
        Pack(
            **{
                "seller_id": product.seller_id,
                "product_id": product.id,
                "sku": f"SKU-{number}",
                "gtin": f"0{body}{gtins.check_digit(body)}",
                "label": "gói 200 g",
                "unit": "gói",
                "net_quantity": 200,
                "net_unit": NetUnit.GRAM,
                "mass_g": 200,
                "price_vnd": 90_000,
            }
            | values
        ),
    )
    session.refresh(product, ["packs"])
    return pack


def make_batch(session: Session, product: Product | None = None, **values: Any) -> Batch:
    """A released retail batch that was made this month and lasts a year and a half."""
    number = next(_numbers)
    product = product or make_product(session)
    return _add(
        session,
        Batch(
            **{
                "seller_id": product.seller_id,
                "product_id": product.id,
                "lot": f"LO-261103-{number:02}",
                "kind": BatchKind.RETAIL,
                "state": BatchState.RELEASED,
                "goods": product.name,
                "quantity_g": 20_000,
                "made_on": date(2026, 11, 2),
                "packed_on": date(2026, 11, 3),
                "expires_on": date(2028, 4, 26),
                "released_at": NOW - timedelta(days=10),
                "created_at": NOW - timedelta(days=20),
            }
            | values
        ),
    )


def make_batch_pack(
    session: Session, pack: Pack | None = None, batch: Batch | None = None, **values: Any
) -> BatchPack:
    """One hundred packs of a batch, in no place yet."""
    pack = pack or make_pack(session)
    batch = batch or make_batch(session, pack.product)
    return _add(
        session,
        BatchPack(**{"batch_id": batch.id, "pack_id": pack.id, "produced": 100} | values),
    )


def make_level(
    session: Session,
    pack: Pack | None = None,
    *,
    on_hand: int = 10,
    place: Place | None = None,
    batch: Batch | None = None,
    **batch_values: Any,
) -> StockLevel:
    """Packs of a batch in the place that serves the web shop, with the movement behind them."""
    pack = pack or make_pack(session)
    batch = batch or make_batch(session, pack.product, **batch_values)
    batch_pack = make_batch_pack(session, pack, batch, produced=max(on_hand, 1))
    place = place or online_place(session, pack.product.seller)
    if on_hand:
        session.add(
            StockMovement(
                place_id=place.id,
                batch_pack_id=batch_pack.id,
                kind=MovementKind.PACK,
                quantity=on_hand,
                moved_at=NOW,
            )
        )
    return _add(
        session,
        StockLevel(place_id=place.id, batch_pack_id=batch_pack.id, on_hand=on_hand, reserved=0),
    )


def make_notice(session: Session, batch: Batch, **values: Any) -> BatchNotice:
    """A recall of `batch`, which is recalled by it."""
    notice = BatchNotice(
        **{
            "batch_id": batch.id,
            "kind": NoticeKind.RECALL,
            "reason": "Có mùi lạ",
            "remedy": "HTX đổi gói khác hoặc trả lại tiền.",
            "declared_at": NOW,
        }
        | values
    )
    batch.state = BatchState.RECALLED if notice.kind is NoticeKind.RECALL else BatchState.HELD
    return _add(session, notice)


def make_certificate(
    session: Session,
    seller: Seller,
    *,
    products: Sequence[Product] = (),
    batches: Sequence[Batch] = (),
    **values: Any,
) -> Certificate:
    """A VietGAP certificate for `products`, or for single `batches` alone."""
    number = next(_numbers)
    certificate = _add(
        session,
        Certificate(
            **{
                "seller_id": seller.id,
                "kind": "vietgap",
                "title": "Giấy chứng nhận VietGAP",
                "number": f"MAU-{number}",
                "issuer": "Tổ chức chứng nhận mẫu",
                "issued_on": date(2025, 3, 10),
                "expires_on": date(2027, 3, 9),
                "covers_all_batches": not batches,
            }
            | values
        ),
    )
    for product in products:
        _add(session, CertificateProduct(certificate_id=certificate.id, product_id=product.id))
    for batch in batches:
        _add(session, CertificateBatch(certificate_id=certificate.id, batch_id=batch.id))
    return certificate


def make_delivery(session: Session, seller: Seller, **values: Any) -> DeliveryMethod:
    """A parcel to everywhere for 25.000 ₫ in three days."""
    return _add(
        session,
        DeliveryMethod(
            **{
                "seller_id": seller.id,
                "kind": DeliveryKind.PARCEL,
                "name": "Gửi chuyển phát",
                "fee_vnd": 25_000,
                "days": 3,
            }
            | values
        ),
    )


def make_bank_account(session: Session, seller: Seller, **values: Any) -> BankAccount:
    """An account at a bank that does not exist."""
    return _add(
        session,
        BankAccount(
            **{
                "seller_id": seller.id,
                "bank_bin": "999999",
                "bank_name": "Ngân hàng mẫu",
                "number": "0000000000001",
                "holder": "HTX CHE LA BANG",
                "created_at": NOW,
            }
            | values
        ),
    )


def make_commune(session: Session, **values: Any) -> Commune:
    """Xã La Bằng, or another when `name` says so."""
    name = values.get("name", "Xã La Bằng")
    return _add(
        session,
        Commune(
            **{
                "code": "05818",
                "name": name,
                "folded_name": fold(name),
                "province_code": "19",
                "province": "Tỉnh Thái Nguyên",
                "valid_from": date(2025, 7, 1),
            }
            | values
        ),
    )


_hash = cache(sign_ins.hash_password)
"""Made once for each password: it is slow by design."""


def make_account(
    session: Session,
    *,
    role: Role | None = None,
    seller: Seller | None = None,
    password: str = PASSWORD,
    **values: Any,
) -> Account:
    """An account that signs in with `PASSWORD`; with `role` over `seller`, or over all."""
    number = next(_numbers)
    account = _add(
        session,
        Account(
            **{
                "phone": f"+8491{number:07}",
                "name": "Nguyễn Thị Hoa",
                "password_hash": _hash(password),
                "created_at": NOW,
            }
            | values
        ),
    )
    if role is not None:
        _add(
            session,
            Grant(
                account_id=account.id,
                role=role,
                scope=GrantScope.SELLER if seller else GrantScope.ALL,
                seller_id=seller.id if seller else None,
            ),
        )
        session.refresh(account, ["grants"])
    return account


def make_member(session: Session, seller: Seller | None = None, **values: Any) -> Member:
    """A member without a sign-in, unless `account_id` says whose it is."""
    seller = seller or make_seller(session)
    number = next(_numbers)
    return _add(
        session,
        Member(
            **{
                "seller_id": seller.id,
                "code": f"TV-{number:04}",
                "party_id": f"party-{number}",
                "full_name": "Hoàng Thị Chanh",
                "kind": "member",
            }
            | values
        ),
    )


def make_submission(session: Session, member: Member, **values: Any) -> Submission:
    """Honey that `member` sent to the office for approval."""
    number = next(_numbers)
    wish = {"name": "Mật ong rừng", "price": "120k", "pack": "chai 500 ml", "words": ""}
    size = {"unit": "chai", "net_quantity": 500, "net_unit": "ml"}
    return _add(
        session,
        Submission(
            **{
                "seller_id": member.seller_id,
                "member_id": member.id,
                "kind": SubmissionKind.PRODUCT,
                "state": SubmissionState.SENT,
                "client_id": f"entry-{number}",
                "typed": wish,
                "understood": wish | size | {"price_vnd": 120_000},
                "made_at": NOW,
                "changed_at": NOW,
                "sent_at": NOW,
            }
            | values
        ),
    )


def make_consent(
    session: Session, member: Member, helper: Account, *, today: date, **values: Any
) -> Consent:
    """A consent on paper that began a week before `today` and holds for 90 more days."""
    return _add(
        session,
        Consent(
            **{
                "seller_id": member.seller_id,
                "member_id": member.id,
                "helper_id": helper.id,
                "given_how": GivenHow.PAPER,
                "given_on": today - timedelta(days=7),
                "until": today + timedelta(days=90),
                "recorded_at": NOW,
            }
            | values
        ),
    )


def make_checkout(**values: Any) -> orders.Checkout:
    """What Nguyễn Thị Hoa filled in; `delivery_method_id` and `expected_total_vnd` are needed."""
    return orders.Checkout(
        **{
            "buyer_name": "Nguyễn Thị Hoa",
            "buyer_phone": "+84912345678",
            "buyer_email": "",
            "street": "12 ngõ Văn Hương",
            "commune": "Phường Văn Miếu - Quốc Tử Giám",
            "commune_code": "00226",
            "province": "Thành phố Hà Nội",
            "province_code": "01",
            "payment_way": "vietqr",
            "note": "",
            "keeps_phone": True,
            "idempotency_key": f"khoa-{next(_numbers)}",
        }
        | values
    )


def make_order(
    session: Session,
    pack: Pack | None = None,
    *,
    quantity: int = 1,
    actor: Actor = BUYER,
    now: datetime = NOW,
    today: date = TODAY,
    **checkout: Any,
) -> Order:
    """An order placed through the service; stock, delivery and an account come with it."""
    if pack is None:
        pack = make_level(session).batch_pack.pack
    seller = pack.product.seller
    if not session.query(BankAccount).filter_by(seller_id=seller.id).count():
        make_bank_account(session, seller)
    method = session.query(DeliveryMethod).filter_by(seller_id=seller.id).first()
    method = method or make_delivery(session, seller)
    total = pack.price_vnd * quantity + method.fee_vnd
    filled = make_checkout(
        **{"delivery_method_id": method.id, "expected_total_vnd": total} | checkout
    )
    return orders.place(
        session, seller, [(pack.id, quantity)], filled, actor=actor, now=now, today=today
    )
