"""Whose things a role reaches: nothing of another seller, nothing of another member.

Every route that names a thing is asked for a true one by somebody who has the role for it and
reaches other things alone. A new route fails here until its thing is among `belongings`.
"""

from typing import Any

from flask import Flask
from werkzeug.routing import Rule

from shop.models.batches import BatchInput, BatchKind, InputKind, ProblemReport
from shop.models.catalog import Photo, Product
from shop.models.credentials import AccountRecovery, RecoveryState
from shop.models.imports import ImportRun
from shop.models.inventory import Allocation
from shop.models.orders import DeliveryMethod
from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.payments import BankCredit, ProviderAccount, Refund
from shop.models.people import AuditEntry, Grant, Role
from shop.models.reviews import Review, ReviewState, Salutation
from shop.models.search import SynonymGroup
from shop.models.stock_watches import StockWatch
from shop.models.vouchers import Voucher, VoucherKind
from shop.services import order_payment
from shop.services.actors import SYSTEM, helper_actor, record_change
from shop.services.permissions import ALLOWED, Action
from tests import factories
from tests.support.goods import make_plot
from tests.support.office import Office, open_office, sign_in

Belongings = dict[tuple[str, str], object]
"""What stands in an address, by blueprint and name; the empty blueprint is any other one."""

NAMES_NOTHING = {
    "provider": "which provider a new contract is with",
    "kind": "which kind of template, or of entry of a batch that is named before it",
    "ending": "of which file",
    "form_name": "which form of a batch that is named before it",
    "width": "of a picture of what is named before it",
    "number": "which picture of what is named before it",
    "page": "which of the texts that each seller has; a form says whose by who sends it",
    "whose": "one's own seller, or the whole site",
    "act": "what to do with what is named before it",
    "token": "a secret of a file on its way; test_imports and test_photos ask for others' ones",
}
"""Parts of an address that are nobody's thing."""

FILLED = {
    "width": 320,
    "number": 1,
    "kind": "muc",
    "form_name": "buoc",
    "ending": "csv",
    "act": "dong",
}


def named(rule: Rule) -> set[str]:
    return rule.arguments - set(NAMES_NOTHING)


def routes_naming_things(app: Flask, under: str) -> list[tuple[Rule, Action]]:
    """Return the routes below an address that are for some alone and name something."""
    found = [
        (rule, getattr(app.view_functions[rule.endpoint], "decided_by", None))
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith(under) and named(rule)
    ]
    return [(rule, action) for rule, action in found if isinstance(action, Action)]


def address(app: Flask, rule: Rule, belongings: Belongings) -> str:
    """Return the address of a true thing; `KeyError` names one that nobody made."""
    blueprint = rule.endpoint.partition(".")[0]
    values: dict[str, Any] = {
        name: belongings[(blueprint, name) if (blueprint, name) in belongings else ("", name)]
        for name in named(rule)
    }
    values |= {name: FILLED[name] for name in rule.arguments & set(FILLED)}
    return app.url_map.bind("").build(rule.endpoint, values)


def asked(rule: Rule) -> list[str]:
    return sorted(rule.methods - {"HEAD", "OPTIONS"})


def of_the_office(office: Office) -> Belongings:
    """Make one thing of each kind that an office has."""
    session, seller_id = office.session, office.seller.id
    level = office.level()
    pack, batch = level.batch_pack.pack, level.batch_pack.batch
    order, returned = office.paid_order(pack), office.paid_order(pack)
    order_payment.cancel(session, returned.id, reason="x", actor=SYSTEM, now=office.now)
    account, member = office.member_account()
    helper = office.helper(member)
    staff = office.account(Role.OFFICE)
    used = BatchInput(batch_id=batch.id, kind=InputKind.OTHER, name="Muối", quantity_g=10)
    rows: dict[str, Any] = {
        "report_id": ProblemReport(seller_id=seller_id, text="Có mùi lạ", made_at=office.now),
        "message_id": OutboxMessage(
            seller_id=seller_id,
            key="mail:x",
            kind="mail",
            subject="x",
            payload={},
            state=OutboxState.DEAD,
            created_at=office.now,
            due_at=office.now,
        ),
        "recovery_id": AccountRecovery(
            seller_id=seller_id,
            account_id=account.id,
            state=RecoveryState.ASKED,
            reason="Quên",
            recognised_by="Quen mặt",
            asked_by_id=staff.id,
            asked_at=office.now,
            expires_at=office.now,
        ),
        "group_id": SynonymGroup(
            seller_id=seller_id, words=["củ nén", "hành tăm"], key="x", added_at=office.now
        ),
        "run_id": ImportRun(
            seller_id=seller_id,
            kind="members",
            token="mot-tep",
            digest="0" * 64,
            file_name="xa-vien.csv",
            counts={},
            imported_at=office.now,
        ),
        "photo_id": Photo(
            product_id=pack.product_id,
            key="khoa",
            extension="jpg",
            width=320,
            height=320,
            created_at=office.now,
        ),
        "row_id": used,
        "review_id": Review(
            seller_id=seller_id,
            product_id=pack.product_id,
            order_line_id=order.lines[0].id,
            stars=5,
            salutation=Salutation.CHI,
            initial="H.",
            state=ReviewState.WAITING,
            submitted_at=office.now,
        ),
        "watch_id": StockWatch(
            seller_id=seller_id,
            pack_id=pack.id,
            phone="+84912345678",
            token="cho-hang",
            asked_at=office.now,
            turn_at=office.now,
        ),
        "voucher_id": Voucher(
            seller_id=seller_id,
            code="TET",
            name="Tết",
            kind=VoucherKind.AMOUNT,
            amount=10_000,
            starts_on=office.today,
        ),
        "provider_account": ProviderAccount(
            seller_id=seller_id,
            seller_mode=office.seller.mode.value,
            provider="vnpay",
            label="Cửa hàng",
            mode="live",
            token="mot-ma",
        ),
    }
    session.add_all(rows.values())
    session.commit()
    actor = helper_actor(helper, member, origin="")
    record_change(session, actor, "member_changed", member, {"show_name": True}, now=office.now)
    entry = session.query(AuditEntry).filter_by(for_member_id=member.id).one()
    found: Belongings = {("", name): row.id for name, row in rows.items()}
    found |= {
        ("office_provider_accounts", "account_id"): rows["provider_account"].id,
        ("", "account_id"): account.id,
        ("", "allocation_id"): session.query(Allocation)
        .filter_by(order_line_id=order.lines[0].id)
        .one()
        .id,
        ("", "batch_id"): batch.id,
        ("", "batch_pack_id"): level.batch_pack_id,
        ("", "certificate_id"): factories.make_certificate(session, office.seller).id,
        ("", "code"): order.code,
        ("", "consent_id"): factories.make_consent(session, member, helper, today=office.today).id,
        ("", "credit_id"): session.query(BankCredit).filter_by(source="feed").first().id,
        ("", "delivery_id"): factories.make_batch(
            session, session.get_one(Product, pack.product_id), kind=BatchKind.DELIVERY
        ).id,
        ("", "entry_id"): entry.id,
        ("", "grant_id"): session.query(Grant).filter_by(account_id=staff.id).one().id,
        ("", "member_id"): member.id,
        ("", "method_id"): session.query(DeliveryMethod).first().id,
        ("", "place_id"): level.place_id,
        ("", "plot_id"): make_plot(session, office.seller).id,
        ("", "product_id"): pack.product_id,
        ("", "refund_id"): session.query(Refund).one().id,
        ("", "submission_id"): factories.make_submission(session, member).id,
    }
    session.commit()
    return found


def test_a_role_at_another_seller_reaches_nothing_here(app, app_session, office):
    """The director and treasurer of one cooperative asks for everything of another."""
    app.config["WTF_CSRF_ENABLED"] = False
    belongings = of_the_office(office)
    other = open_office(app, app_session)
    account = other.account(Role.DIRECTOR)
    other.grant(account, Role.ADMIN)
    stranger = sign_in(app, account)

    routes = [
        (rule, action)
        for rule, action in routes_naming_things(app, "/quan-ly")
        if ALLOWED[action] & {Role.DIRECTOR, Role.ADMIN}
    ]
    wrong = {}
    for rule, _action in routes:
        for method in asked(rule):
            path = address(app, rule, belongings)
            status = stranger.open(path, method=method).status_code
            if status != 404:
                wrong[method, path] = status

    assert len(routes) > 60
    assert wrong == {}


def test_a_member_reaches_nothing_of_another_member(app, office):
    app.config["WTF_CSRF_ENABLED"] = False
    session = office.session
    account, member = office.member_account()
    _other_account, other = office.member_account()
    helper = office.helper(other)
    actor = helper_actor(helper, other, origin="")
    record_change(session, actor, "member_changed", other, {"show_name": True}, now=office.now)
    belongings: Belongings = {
        ("", "submission_id"): factories.make_submission(session, other).id,
        ("", "consent_id"): factories.make_consent(session, other, helper, today=office.today).id,
        ("", "entry_id"): session.query(AuditEntry).filter_by(for_member_id=other.id).one().id,
        ("", "product_id"): factories.make_product(session, office.seller).id,
    }
    session.commit()
    stranger = sign_in(app, account)

    routes = routes_naming_things(app, "/thanh-vien")
    wrong = {}
    for rule, _action in routes:
        for method in asked(rule):
            path = address(app, rule, belongings)
            data = {"for_member": str(member.id)} if method == "POST" else None
            status = stranger.open(path, method=method, data=data).status_code
            if status != 404:
                wrong[method, path] = status

    assert len(routes) > 5
    assert wrong == {}
