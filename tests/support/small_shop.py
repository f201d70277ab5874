"""A small shop that has seen everything once: made, packed, sold, paid, held, returned, logged.

All of it went through the services, so that nothing in it breaks a rule.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from integrations.payments import providers
from integrations.payments.protocol import Outcome, PaymentNotification, RefundReport
from integrations.payments.protocol import RefundState as Told
from shop.forms.invoices import InvoiceDraft, MadeOut
from shop.forms.listing import Listing
from shop.forms.member_batch import HARVESTED, BatchSaid
from shop.forms.member_drafts import MemberDraft, PlotDraft
from shop.forms.reviews import Said
from shop.forms.spoken_packs import PackSaid
from shop.forms.vouchers import VoucherDraft
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import NetUnit, Pack, Product, Seller, SellerMode
from shop.models.inventory import PlaceKind, StockLevel
from shop.models.invoices import InvoiceBuyer
from shop.models.orders import DeliveryMethod, Order
from shop.models.payments import (
    ProviderAccount,
    ProviderNotice,
    Refund,
    RefundState,
    RefundWay,
)
from shop.models.people import Account, GivenHow, Member, Role
from shop.models.reviews import Salutation
from shop.models.submissions import Submission, SubmissionKind
from shop.models.vouchers import VoucherKind
from shop.queries import inventory as stock
from shop.services import (
    batch_drafts,
    batch_inputs,
    batch_packing,
    batch_release,
    batch_steps,
    batches,
    deliveries,
    helping,
    invoices,
    member_batches,
    member_sign_ins,
    members,
    order_fulfilment,
    order_payment,
    outbox_delivery,
    payments,
    provider_payments,
    refund_delivery,
    refund_rules,
    refunds,
    reviews,
    stock_take,
    submission_approval,
    submissions,
    transparency,
    vouchers,
)
from shop.services.actors import BUYER, SYSTEM, Actor, account_actor, audit, helper_actor
from tests.factories import (
    NOW,
    TODAY,
    make_account,
    make_bank_account,
    make_certificate,
    make_delivery,
    make_order,
    make_pack,
    make_place,
    make_product,
    make_seller,
)

AFTERWARDS = NOW + timedelta(hours=3)
"""A moment after everything here has happened."""

PROVIDER = next(iter(providers().values()))

BASE_URL = "http://127.0.0.1:8000"


def open_small_shop(session: Session) -> None:
    """Fill an empty database; the session is committed by the caller."""
    session.info["base_url"] = BASE_URL
    director, seller = _open(session)
    product = make_product(session, seller, slug="che-moc-cau", name="Chè móc câu")
    published = {"name": product.name, "state": "published"}
    audit(session, director, "product_published", product, now=NOW, after=published)
    pack = make_pack(session, product, sku="CMC-200")
    bag = make_pack(session, product, sku="CMC-500", mass_g=500, price_vnd=210_000)
    prices = {one.sku: one.price_vnd for one in (pack, bag)}
    audit(session, director, "product_changed", product, now=NOW, after={"packs": prices})
    first = _batch(session, seller, product, [(pack, 40), (bag, 6)], director, days_ago=9)
    second = _batch(session, seller, product, [(pack, 30)], director, days_ago=5)
    _papers(session, seller, product, first, director)
    _help_a_member(session, seller, director)
    _sell(session, pack, bag, director)
    batch_release.hold(session, second, reason="Có mùi lạ", actor=director, now=_at(60))
    batch_release.resume(session, second, outcome="Đã thử lại", actor=director, now=_at(70))
    batch_release.recall(
        session, second, reason="Sai nhãn", remedy="Đổi gói", actor=director, now=_at(80)
    )
    _count_and_clear(session, seller, first, director)
    _begin_a_draft(session, product, first, director)
    _open_training(session)
    _promise_kept(session)
    _notices(session)
    _sent_by_members(session, seller, product, director)
    transparency.append_events(session, above=0, now=_at(85), most=8)
    session.flush()
    transparency.publish_checkpoint(session, now=_at(85))
    transparency.append_events(session, above=0, now=_at(90), most=4)
    session.flush()
    transparency.publish_checkpoint(session, now=_at(90))
    transparency.append_events(session, above=0, now=_at(95), most=10_000)
    session.flush()


def _sent_by_members(session: Session, seller: Seller, product: Product, director: Actor) -> None:
    """What a member sent: goods approved, goods that came back, a batch that was taken in."""
    member = members.write_down(
        session, seller, MemberDraft("Hoàng Thị Chanh"), actor=director, now=_at(80)
    )
    account = make_account(session, role=Role.MEMBER, seller=seller)
    audit(session, SYSTEM, "account_opened", account, now=NOW)
    audit(session, SYSTEM, "role_granted", account.grants[0], now=NOW)
    member.account_id = account.id
    session.flush()
    chanh = account_actor(account, origin="127.0.0.1", now=NOW)
    honey = _wish(session, member, "goods-1", chanh)
    draft = replace(
        submission_approval.draft_of(honey, None),
        kind="Mật ong",
        ingredients=["Mật ong 100 %"],
        allergens_stated=True,
        storage="Nơi khô, mát",
    )
    by: dict[str, Any] = {"version": honey.version, "actor": director, "now": _at(82)}
    submission_approval.approve(session, honey, draft, folder=Path("no-photo-was-sent"), **by)
    back = _wish(session, member, "goods-2", chanh)
    by["version"] = back.version
    submissions.return_to_member(session, back, reason="Ảnh chưa rõ", **by)
    said = BatchSaid(product.id, HARVESTED, "Búp chè tươi", 28_000, TODAY, None, "")
    announced = member_batches.keep(
        session, member, client_id="batch-1", typed={}, actor=chanh, now=_at(83)
    )
    member_batches.send(session, announced, said, actor=chanh, now=_at(83))
    by |= {"version": announced.version, "now": _at(84)}
    member_batches.take_in(session, announced, quantity_g=27_500, **by)


def _wish(session: Session, member: Member, client_id: str, actor: Actor) -> Submission:
    typed = {"name": "Mật ong rừng", "price": "120k", "pack": "chai 500 ml", "words": ""}
    wish = submissions.keep(
        session,
        member,
        SubmissionKind.PRODUCT,
        client_id=client_id,
        typed=typed,
        actor=actor,
        now=_at(81),
    )
    pack = PackSaid("chai", 500, NetUnit.MILLILITRE)
    listing = Listing("Mật ong rừng", 120_000, pack, "")
    submissions.send(session, wish, listing.as_data(), actor=actor, now=_at(81))
    return wish


def _at(minutes: int) -> Any:
    return NOW + timedelta(minutes=minutes)


def _open(session: Session) -> tuple[Actor, Seller]:
    seller = make_seller(session, slug="la-bang")
    audit(session, SYSTEM, "seller_opened", seller, now=NOW, after={"name": seller.name})
    way = make_delivery(session, seller)
    told = {"name": way.name, "fee_vnd": way.fee_vnd}
    audit(session, SYSTEM, "delivery_added", way, now=NOW, after=told)
    make_place(session, seller, kind=PlaceKind.QUARANTINE, name="Hàng trả")
    account: Account = make_account(session, role=Role.DIRECTOR, seller=seller)
    audit(session, SYSTEM, "account_opened", account, now=NOW)
    audit(session, SYSTEM, "role_granted", account.grants[0], now=NOW)
    bank = make_bank_account(session, seller)
    director = account_actor(account, origin="127.0.0.1", now=NOW)
    opened = {"bank": bank.bank_name, "account": "•••• 0001", "holder": bank.holder}
    audit(session, director, "bank_account_opened", bank, now=NOW, after=opened)
    return director, seller


def _help_a_member(session: Session, seller: Seller, director: Actor) -> None:
    """Write down a member with a plot, and let a helper with consent do something for her."""
    by: dict[str, Any] = {"actor": director, "now": NOW}
    draft = MemberDraft("Hoàng Thị Chanh", plots=[PlotDraft("LB-T01")])
    member = members.write_down(session, seller, draft, **by)
    helper = member_sign_ins.take_on_helper(
        session, seller, phone="+84912999001", name="Bùi Thị Hẹ", **by
    ).account
    helping.record_consent(
        session,
        member,
        helper,
        given_how=GivenHow.PAPER,
        given_on=TODAY,
        until=TODAY + timedelta(days=30),
        note="",
        today=TODAY,
        **by,
    )
    for_her = helper_actor(helper, member, origin="127.0.0.1")
    kept: dict[str, Any] = {"client_id": "0f9a6b9e-6a3b-4d3d-9d34-5b1f0e1a2c01"}
    kept |= {"typed": {"name": "Mật ong rừng"}, "product": None, "actor": for_her, "now": _at(2)}
    submissions.keep(session, member, SubmissionKind.PRODUCT, **kept)


def _count_and_clear(session: Session, seller: Seller, batch: Batch, actor: Actor) -> None:
    """Count one pack less than the books have, and empty the quarantine in both ways."""
    main, quarantine = (
        stock.main_place(session, seller.id),
        stock.quarantine_place(session, seller.id),
    )
    batch_pack = batch.packs[0]
    level = session.get_one(StockLevel, (main.id, batch_pack.id))
    count = stock_take.Count(batch_pack.id, level.on_hand - 1, level.on_hand, "rách bao")
    stock_take.take_stock(session, main, [count], client_id="dem-1", actor=actor, now=_at(75))
    values = {"quantity": 1, "reason": "xem lại", "actor": actor, "now": _at(76)}
    stock_take.put_back(session, quarantine, batch_pack.id, today=TODAY, **values)
    stock_take.destroy(session, quarantine, batch_pack.id, **values)


def _begin_a_draft(session: Session, product: Product, first: Batch, actor: Actor) -> None:
    """Open a batch and take back what was entered into it by mistake."""
    draft = batches.open_batch(
        session, product, lot=None, made_on=TODAY, expires_on=None, actor=actor, now=_at(77)
    )
    delivery = first.inputs[0].source
    assert delivery is not None
    row = batch_inputs.add_source(
        session, draft, delivery, quantity_g=1_000, actor=actor, now=_at(77)
    )
    step = batch_steps.add_step(
        session,
        draft,
        batch_steps.Step("drying", "Sao khô", "Xưởng", _at(70), _at(77), 1_000, 220),
        actor=actor,
        now=_at(78),
        is_confirmed=True,
    )
    batch_drafts.take_back_step(session, step, reason="nhầm lô", actor=actor, now=_at(79))
    batch_drafts.take_back_input(session, row, reason="nhầm lô", actor=actor, now=_at(79))


def _open_training(session: Session) -> None:
    """A seller of the training, whose events stay out of the log."""
    pupil = make_seller(session, slug="tap-huan", mode=SellerMode.TRAINING, order_prefix="TT")
    audit(session, SYSTEM, "seller_opened", pupil, now=NOW, after={"name": pupil.name})
    bank = make_bank_account(session, pupil)
    audit(session, SYSTEM, "bank_account_opened", bank, now=NOW)
    _delivery(session, pupil, SYSTEM, days_ago=1)


def _delivery(
    session: Session,
    seller: Seller,
    actor: Actor,
    *,
    days_ago: int,
    product: Product | None = None,
) -> Batch:
    received = NOW - timedelta(days=days_ago)
    return deliveries.record_delivery(
        session,
        seller,
        goods="Búp chè tươi",
        quantity_g=60_000,
        member=None,
        plot=None,
        supplier="Hộ ông Bình",
        document="PN-1",
        harvested_on=TODAY - timedelta(days=days_ago),
        received_at=received,
        actor=actor,
        now=received,
        product=product,
    )


def _batch(
    session: Session,
    seller: Seller,
    product: Product,
    outputs: list[tuple[Pack, int]],
    actor: Actor,
    *,
    days_ago: int,
) -> Batch:
    made = NOW - timedelta(days=days_ago)
    day = TODAY - timedelta(days=days_ago)
    delivery = _delivery(session, seller, actor, days_ago=days_ago, product=product)
    batch = batches.open_batch(
        session,
        product,
        lot=None,
        made_on=day,
        expires_on=day + timedelta(days=400),
        actor=actor,
        now=made,
    )
    batch_inputs.add_source(session, batch, delivery, quantity_g=50_000, actor=actor, now=made)
    batch_steps.add_step(
        session,
        batch,
        batch_steps.Step(
            code="drying",
            name="Sao khô",
            place="Xưởng",
            started_at=made,
            ended_at=made + timedelta(hours=5),
            in_g=50_000,
            out_g=11_000,
        ),
        actor=actor,
        now=made + timedelta(hours=5),
        is_confirmed=True,
    )
    product.storage = "Nơi khô mát"
    packed = made + timedelta(hours=6)
    batch_packing.pack(
        session, batch, outputs, packed_at=packed, packed_on=day, actor=actor, now=packed
    )
    batch_release.release(
        session, batch, actor=actor, now=packed + timedelta(minutes=5), today=day
    )
    return batch


def _papers(
    session: Session, seller: Seller, product: Product, batch: Batch, actor: Actor
) -> None:
    for certificate in (
        make_certificate(session, seller, products=[product]),
        make_certificate(session, seller, batches=[batch], kind="ocop", title="OCOP 4 sao"),
    ):
        audit(session, actor, "certificate_added", certificate, now=NOW)


def _sell(session: Session, pack: Pack, bag: Pack, actor: Actor) -> None:
    """Bring one order to each end that an order can come to."""
    _home_by_cash(session, pack, actor)
    _come_back(session, pack, actor)
    paid = _with_voucher(session, pack, actor)
    _pay(session, paid, paid.total_vnd + 7_000, actor, minute=6)
    wanted = InvoiceDraft(InvoiceBuyer.COMPANY, "Công ty Chè Xanh", "0300588569", "12 Lê Lợi")
    invoices.ask(session, paid.id, wanted, actor=BUYER, now=_at(7))
    made_out = MadeOut("1C26TLB 00000001", TODAY)
    invoices.record(session, paid.id, made_out, actor=actor, now=_at(8))
    packing = make_order(session, bag, now=_at(7))
    _pay(session, packing, packing.total_vnd, actor, minute=8)
    order_fulfilment.start_packing(session, packing.id, actor=actor, now=_at(9))
    given_up = make_order(session, pack, now=_at(10))
    _pay(session, given_up, given_up.total_vnd, SYSTEM, minute=11)
    order_payment.cancel(session, given_up.id, reason="buyer", actor=actor, now=_at(12))
    refund = session.query(Refund).order_by(Refund.id.desc()).first()
    assert refund is not None
    refunds.settle_refund(session, refund.id, reference="FT-HOAN", actor=actor, now=_at(13))
    _give_back_in_every_way(session, pack, actor)
    lapsed = make_order(session, pack, now=NOW - timedelta(days=2))
    order_payment.lapse(session, lapsed.id, now=_at(14))
    _pay(session, lapsed, lapsed.total_vnd, SYSTEM, minute=15)
    make_order(session, pack, quantity=3, now=_at(16), buyer_email="hoa@example.vn")
    _sell_short(session, bag, actor)


def _with_voucher(session: Session, pack: Pack, actor: Actor) -> Order:
    """An order of two packs that a voucher makes cheaper."""
    seller = pack.product.seller
    off_vnd = 20_000
    draft = VoucherDraft(
        name="Giảm giá Tết",
        code="TET2027",
        kind=VoucherKind.AMOUNT,
        amount=off_vnd,
        cap_vnd=None,
        minimum_vnd=0,
        starts_on=TODAY,
        ends_on=None,
        uses_most=9,
        uses_per_phone=9,
        budget_vnd=900_000,
        product_ids=None,
    )
    vouchers.open_voucher(session, seller, draft, actor=actor, now=_at(4))
    fee_vnd = session.query(DeliveryMethod).filter_by(seller_id=seller.id).first().fee_vnd  # type: ignore[union-attr]
    total = 2 * pack.price_vnd + fee_vnd - off_vnd
    given: dict[str, Any] = {"voucher_code": "TET2027", "expected_total_vnd": total}
    return make_order(session, pack, quantity=2, now=_at(5), **given)


def _give_back_in_every_way(session: Session, pack: Pack, first: Actor) -> None:
    """An order paid through a provider, parts of which go back through it and by hand."""
    seller = pack.product.seller
    account = ProviderAccount(
        seller_id=seller.id,
        seller_mode=seller.mode.value,
        provider=PROVIDER.name,
        label="simulator",
        mode="simulator",
        token="thu",
    )
    session.add(account)
    session.flush()
    audit(session, first, "provider_account_opened", account, now=NOW)
    treasurer = make_account(session, role=Role.TREASURER, seller=seller)
    audit(session, SYSTEM, "account_opened", treasurer, now=NOW)
    audit(session, SYSTEM, "role_granted", treasurer.grants[0], now=NOW)
    second = account_actor(treasurer, origin="127.0.0.1", now=NOW)
    order = make_order(session, pack, quantity=3, now=_at(11), payment_way=PROVIDER.name)
    paid = PaymentNotification(
        f"{order.code}-1", order.total_vnd, Outcome.PAID, "14000001", "00", "", _at(12)
    )
    provider_payments.take(session, account, paid, now=_at(12), today=TODAY)
    order_fulfilment.start_packing(session, order.id, actor=first, now=_at(13))
    _ship(session, order, first, minute=14)
    order_fulfilment.deliver(session, order.id, actor=first, now=_at(15))
    order_fulfilment.complete(session, order.id, actor=first, now=_at(16))
    said = Said(5, "Thơm", Salutation.CHI)
    by: dict[str, Any] = {"actor": first, "now": _at(17)}
    folder = Path()
    review = reviews.write(session, order.lines[0], said, [], folder=folder, **by)
    reviews.approve(session, review, version=review.version, **by)
    _through_provider(session, order, 20_000, first, minute=28, state=RefundState.SETTLED)
    _through_provider(session, order, 30_000, first, minute=31, state=RefundState.REJECTED)
    again = session.query(Refund).order_by(Refund.id.desc()).first()
    assert again is not None
    refunds.settle_refund(session, again.id, reference="FT-LAI", actor=second, now=_at(34))
    refund_rules.change_limit(session, seller, 50_000, actor=first, now=_at(35))
    large = _ask(session, order, 60_000, RefundWay.HAND, first, minute=36, seen=3)
    refunds.confirm(session, large.id, actor=second, now=_at(37))
    refunds.settle_refund(session, large.id, reference="FT-LON", actor=first, now=_at(38))
    refund_rules.change_limit(session, seller, 900_000, actor=first, now=_at(39))
    refused = _ask(session, order, 15_000, RefundWay.HAND, first, minute=40, seen=4)
    refunds.refuse(session, refused.id, reason="nhầm đơn", actor=second, now=_at(41))


def _ask(
    session: Session,
    order: Order,
    amount_vnd: int,
    way: RefundWay,
    actor: Actor,
    *,
    minute: int,
    seen: int,
) -> Refund:
    return refunds.ask(
        session,
        order.id,
        amount_vnd=amount_vnd,
        reason="damaged",
        way=way,
        seen=seen,
        actor=actor,
        now=_at(minute),
    )


def _through_provider(
    session: Session,
    order: Order,
    amount_vnd: int,
    actor: Actor,
    *,
    minute: int,
    state: RefundState,
) -> None:
    seen = 0 if state is RefundState.SETTLED else 1
    refund = _ask(session, order, amount_vnd, RefundWay.PROVIDER, actor, minute=minute, seen=seen)
    refund_delivery.begin(session, refund.id, now=_at(minute))
    for told in (RefundState.ACCEPTED, state):
        minute += 1
        said = RefundReport(Told(told.value), "00", "", f"1400{refund.id:04}")
        refund_delivery.take(session, refund.id, said, now=_at(minute))


def _pay(session: Session, order: Order, amount_vnd: int, actor: Actor, *, minute: int) -> None:
    order_payment.receive_transfer(
        session,
        order.id,
        amount_vnd=amount_vnd,
        source="hand",
        reference=f"FT-{order.code}",
        credited_at=_at(minute),
        actor=actor,
        now=_at(minute),
        today=TODAY,
    )


def _home_by_cash(session: Session, pack: Pack, actor: Actor) -> None:
    order = make_order(session, pack, quantity=2, payment_way="cod")
    order_payment.confirm_by_phone(session, order.id, actor=actor, now=_at(1), today=TODAY)
    order_fulfilment.start_packing(session, order.id, actor=actor, now=_at(2))
    _ship(session, order, actor, minute=3)
    order_fulfilment.deliver(session, order.id, actor=actor, now=_at(4))
    order_fulfilment.complete(session, order.id, actor=actor, now=_at(5))
    payments.take_over_cash(
        session,
        order,
        amount_vnd=order.total_vnd - 4_000,
        fee_vnd=4_000,
        actor=actor,
        now=_at(20),
    )


def _come_back(session: Session, pack: Pack, actor: Actor) -> None:
    order = make_order(session, pack, quantity=2)
    _pay(session, order, order.total_vnd, actor, minute=1)
    order_fulfilment.start_packing(session, order.id, actor=actor, now=_at(2))
    _ship(session, order, actor, minute=3)
    order_fulfilment.fail_delivery(session, order.id, reason="no_answer", actor=actor, now=_at(4))
    order_fulfilment.take_back(session, order.id, reason="no_answer", actor=actor, now=_at(5))


def _ship(session: Session, order: Order, actor: Actor, *, minute: int) -> None:
    order_fulfilment.ship(
        session,
        order.id,
        carrier="Bưu điện",
        tracking_code="EB1",
        actor=actor,
        now=_at(minute),
        today=TODAY,
    )


def _sell_short(session: Session, bag: Pack, actor: Actor) -> None:
    """An order whose batch is stopped between the order and the money."""
    order = make_order(session, bag, quantity=2, now=_at(17))
    first = order.lines[0].reservations[0].batch_pack_id
    batch = session.get_one(BatchPack, first).batch
    batch_release.hold(session, batch, reason="Chờ kết quả", actor=actor, now=_at(18))
    _pay(session, order, order.total_vnd, actor, minute=19)
    batch_release.resume(session, batch, outcome="Đạt", actor=actor, now=_at(21))


def _promise_kept(session: Session) -> None:
    message = outbox_delivery.claim(
        session, claimant="test", lease=timedelta(seconds=30), now=_at(30)
    )
    assert message is not None
    outbox_delivery.mark_sent(session, message, {"code": 250}, now=_at(30))


def _notices(session: Session) -> None:
    for number, outcome in enumerate(("recorded", "repeated", "not_signed")):
        session.add(
            ProviderNotice(
                provider="gateway",
                received_at=_at(number),
                request={"query": {"reference": "NK1", "paid": True}},
                outcome=outcome,
            )
        )
    session.flush()
