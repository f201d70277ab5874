"""Each kind of notice a gateway or a forger may send, over HTTP to running servers."""

import json
import random
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import requests
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from integrations.payments.vnpay import provider as vnpay
from integrations.payments.vnpay import signing
from shop import clock
from shop.db import make_engine, open_session
from shop.models.catalog import Pack
from shop.models.ledger import LedgerEntry
from shop.models.orders import Order, OrderState
from shop.models.payments import (
    AttemptState,
    BankCredit,
    CreditState,
    Payment,
    ProviderAccount,
    ProviderNotice,
)
from shop.services import order_payment, provider_accounts
from shop.services.actors import SYSTEM
from tests.factories import make_order
from tests.support.databases import SETTINGS
from tests.support.servers import Serve, Server

SKU = "LBT-BUP-500"
A, S = AttemptState, OrderState
PAID = (A.PAID, S.CONFIRMED)
WAITING = (A.PENDING, S.AWAITING_PAYMENT)

Fields = dict[str, str]
Make = Callable[["Notice"], list[str]]


@dataclass(frozen=True)
class Notice:
    """What the gateway would say of one order, and its secret."""

    fields: Fields
    secret: str

    def signed(self, **changes: str | None) -> str:
        """Return the query of the notice, rightly signed after some of its fields changed."""
        names = {f"vnp_{name}": value for name, value in changes.items()}
        fields = {
            name: value for name, value in (self.fields | names).items() if value is not None
        }
        data = signing.hash_data(fields)
        return f"{data}&vnp_SecureHash={signing.sign(data, self.secret)}"

    def failed(self, code: str = "51", status: str = "02") -> str:
        """Return the query of a notice that nothing was paid."""
        return self.signed(
            ResponseCode=code, TransactionStatus=status, TransactionNo="0", BankTranNo=None
        )

    @property
    def amount(self) -> int:
        """Return the amount in hundredths."""
        return int(self.fields["vnp_Amount"])


@dataclass(frozen=True)
class Kind:
    """What is sent about an order of its own, how it is answered, and where it leads."""

    make: Make
    answers: tuple[str, ...]
    leads_to: tuple[AttemptState, OrderState] = WAITING
    before: str = ""
    """What happens to the order before: `cancelled` or `lapsed`."""
    credits: tuple[CreditState, ...] = field(default=())


def flipped(query: str, bit: int = 1) -> str:
    """Return the query with one bit of its signature changed."""
    body, _, signature = query.rpartition("=")
    return f"{body}={int(signature, 16) ^ bit:0128x}"


def cased(query: str, change: Callable[[str], str]) -> str:
    body, _, signature = query.rpartition("=")
    return f"{body}={change(signature)}"


def one(make: Callable[[Notice], str], answer: str, *leads_to: object) -> Kind:
    where = leads_to or WAITING
    came = (CreditState.MATCHED,) if where == PAID else ()
    return Kind(lambda notice: [make(notice)], (answer,), where, credits=came)  # type: ignore[arg-type]


def amount(text: str | Callable[[int], str]) -> Kind:
    """Return the kind of a notice with another amount, rightly signed."""

    def make(notice: Notice) -> str:
        return notice.signed(Amount=text if isinstance(text, str) else text(notice.amount))

    return one(make, "04")


KINDS: dict[str, Kind] = {
    "valid": one(lambda n: n.signed(), "00", *PAID),
    "repeated": Kind(
        lambda n: [n.signed()] * 3, ("00", "02", "02"), PAID, credits=(CreditState.MATCHED,)
    ),
    "unknown reference": one(lambda n: n.signed(TxnRef="NK000000-9"), "01"),
    "reference in other letters": one(
        lambda n: n.signed(TxnRef=n.fields["vnp_TxnRef"].lower()), "01"
    ),
    "no reference": one(lambda n: n.signed(TxnRef=None), "01"),
    "amount in words": amount("muoi nghin"),
    "amount empty": one(lambda n: n.signed(Amount=None), "04"),
    "amount with a point": amount(lambda a: f"{a // 100}.00"),
    "amount with a sign": amount(lambda a: f"-{a}"),
    "amount with a plus": amount(lambda a: f"+{a}"),
    "amount with a leading zero": amount(lambda a: f"0{a}"),
    "amount and a blank": amount(lambda a: f"{a} "),
    "amount and a line's end": amount(lambda a: f"{a}\n"),
    "amount with blanks": amount(lambda a: f" {a} "),
    "amount in other digits": amount("١١٥٠٠٠٠٠"),
    "amount of half a dong": amount(lambda a: str(a + 50)),
    "amount one dong less": amount(lambda a: str(a - 100)),
    "amount divided by a hundred": amount(lambda a: str(a // 100)),
    "amount times a hundred": amount(lambda a: str(a * 100)),
    "amount too long": amount(lambda a: f"{a:013d}"),
    "amount changed after it was signed": one(
        lambda n: n.signed().replace(str(n.amount), str(n.amount + 100), 1), "97"
    ),
    "forged": one(lambda n: Notice(n.fields, "GUESSED").signed(), "97"),
    "one bit of the hash": one(lambda n: flipped(n.signed()), "97"),
    "first bit of the hash": one(lambda n: flipped(n.signed(), 1 << 511), "97"),
    "no hash": one(lambda n: n.signed().partition("&vnp_SecureHash")[0], "97"),
    "empty hash": one(lambda n: cased(n.signed(), lambda _: ""), "97"),
    "hash too short": one(lambda n: cased(n.signed(), lambda text: text[:-1]), "97"),
    "hash in capitals": one(lambda n: cased(n.signed(), str.upper), "00", *PAID),
    "hash twice": one(lambda n: n.signed() + "&" + n.signed().rpartition("&")[2], "97"),
    "field twice": one(lambda n: f"vnp_TxnRef={n.fields['vnp_TxnRef']}&{n.signed()}", "97"),
    "field added": one(lambda n: f"{n.signed()}&vnp_Extra=1", "97"),
    "kind of hash named": one(lambda n: f"{n.signed()}&vnp_SecureHashType=SHA512", "00", *PAID),
    "tracking parameter": one(lambda n: f"{n.signed()}&utm_source=a&fbclid=b", "00", *PAID),
    "tracking parameter twice": one(lambda n: f"x=1&{n.signed()}&x=2", "00", *PAID),
    "fields in another order": one(
        lambda n: "&".join(reversed(n.signed().split("&"))), "00", *PAID
    ),
    "another merchant's code": one(lambda n: n.signed(TmnCode="OTHER001"), "97"),
    "no merchant's code": one(lambda n: n.signed(TmnCode=None), "97"),
    "nothing at all": one(lambda n: "", "97"),
    "failed": one(lambda n: n.failed(), "00", A.FAILED, S.AWAITING_PAYMENT),
    "failed twice": Kind(lambda n: [n.failed()] * 2, ("00", "02"), (A.FAILED, S.AWAITING_PAYMENT)),
    "cancelled by the buyer": one(lambda n: n.failed("24"), "00", A.CANCELLED, S.AWAITING_PAYMENT),
    "window over": one(lambda n: n.failed("11"), "00", A.EXPIRED, S.AWAITING_PAYMENT),
    "code unheard of": one(lambda n: n.failed("88"), "00", A.FAILED, S.AWAITING_PAYMENT),
    "suspected fraud": one(
        lambda n: n.signed(ResponseCode="07", TransactionStatus="07"),
        "00",
        A.REVIEW,
        S.AWAITING_PAYMENT,
    ),
    "code says paid, status does not": one(
        lambda n: n.signed(TransactionStatus="02"), "00", A.FAILED, S.AWAITING_PAYMENT
    ),
    "status says paid, code does not": one(lambda n: n.signed(ResponseCode="51"), "00", *WAITING),
    "not finished": one(lambda n: n.signed(TransactionStatus="01"), "00", *WAITING),
    "state missing": one(lambda n: n.signed(TransactionStatus=None), "00", *WAITING),
    "state empty": one(
        lambda n: f"vnp_TransactionStatus=&{n.signed(TransactionStatus=None)}", "00", *WAITING
    ),
    "failed, state missing": one(
        lambda n: n.signed(ResponseCode="51", TransactionStatus=None),
        "00",
        A.FAILED,
        S.AWAITING_PAYMENT,
    ),
    "state missing, then all of it": Kind(
        lambda n: [n.signed(TransactionStatus=None), n.signed()],
        ("00", "00"),
        PAID,
        credits=(CreditState.MATCHED,),
    ),
    "forged failure first": Kind(
        lambda n: [flipped(n.failed()), Notice(n.fields, "X").failed(), n.signed()],
        ("97", "97", "00"),
        PAID,
        credits=(CreditState.MATCHED,),
    ),
    "wrong amount first": Kind(
        lambda n: [n.signed(Amount="100"), n.signed()],
        ("04", "00"),
        PAID,
        credits=(CreditState.MATCHED,),
    ),
    "success, then failure": Kind(
        lambda n: [n.signed(), n.failed()], ("00", "02"), PAID, credits=(CreditState.MATCHED,)
    ),
    "failure, then success": Kind(
        lambda n: [n.failed("24"), n.signed()],
        ("00", "00"),
        PAID,
        credits=(CreditState.MATCHED,),
    ),
    "fraud, then success": Kind(
        lambda n: [n.signed(ResponseCode="07", TransactionStatus="07"), n.signed()],
        ("00", "00"),
        PAID,
        credits=(CreditState.MATCHED,),
    ),
    "success for a cancelled order": Kind(
        lambda n: [n.signed(), n.signed()],
        ("00", "02"),
        (A.PAID, S.CANCELLED),
        before="cancelled",
        credits=(CreditState.LATE,),
    ),
    "success after the wait": Kind(
        lambda n: [n.signed()],
        ("00",),
        (A.PAID, S.CANCELLED),
        before="lapsed",
        credits=(CreditState.LATE,),
    ),
    "failure for a cancelled order": Kind(
        lambda n: [n.failed()], ("02",), (A.CANCELLED, S.CANCELLED), before="cancelled"
    ),
}


class Gateway:
    """The gateway's side: it knows the contract, and calls the running shop."""

    def __init__(self, engine: Engine, servers: list[Server]) -> None:
        self.engine, self.servers = engine, servers
        with open_session(engine, SETTINGS) as session:
            pack = session.scalars(select(Pack).where(Pack.sku == SKU)).one()
            account = provider_accounts.active(session, pack.product.seller_id)[0]
            self.secret = provider_accounts.values(session, account)["hash_secret"]
            self.terminal = str(account.settings["tmn_code"])
            self.path = urlsplit(provider_accounts.notify_url("", account)).path
            others = session.scalars(
                select(ProviderAccount).where(ProviderAccount.id != account.id).limit(1)
            ).one()
            self.other_path = urlsplit(provider_accounts.notify_url("", others)).path

    def order(self, before: str = "") -> tuple[int, Notice]:
        """Place an order to be paid through the gateway; return it and what would be said."""
        with open_session(self.engine, SETTINGS) as session:
            pack = session.scalars(select(Pack).where(Pack.sku == SKU)).one()
            now = clock.now()
            made = make_order(session, pack, now=now, today=clock.today(), payment_way=vnpay.name)
            if before == "cancelled":
                order_payment.cancel_by_buyer(session, made.id, actor=SYSTEM, now=now)
            if before == "lapsed":
                order_payment.lapse(session, made.id, now=now + timedelta(minutes=31))
            session.commit()
            return made.id, Notice(self._fields(made), self.secret)

    def _fields(self, order: Order) -> Fields:
        return {
            "vnp_Amount": str(order.total_vnd * 100),
            "vnp_BankCode": "NCB",
            "vnp_BankTranNo": f"VNP{order.id}",
            "vnp_CardType": "ATM",
            "vnp_OrderInfo": f"Don hang {order.code}",
            "vnp_PayDate": "20261122101500",
            "vnp_ResponseCode": "00",
            "vnp_TmnCode": self.terminal,
            "vnp_TransactionNo": str(14_000_000 + order.id),
            "vnp_TransactionStatus": "00",
            "vnp_TxnRef": f"{order.code}-1",
        }

    def tell(self, query: str, *, number: int = 0, path: str = "") -> str:
        """Call the shop as the gateway's server does; return the code of its answer."""
        url = self.servers[number % len(self.servers)].url
        came = requests.get(f"{url}{path or self.path}?{query}", timeout=60)
        assert came.status_code == 200, came.text
        return str(json.loads(came.content)["RspCode"])

    def stands(self, order_id: int) -> tuple[AttemptState, OrderState, tuple[CreditState, ...]]:
        """Return where the attempt, the order and the money of an order are."""
        with Session(self.engine) as session:
            order = session.get_one(Order, order_id)
            payment = session.scalars(select(Payment).where(Payment.order_id == order_id)).one()
            came = session.scalars(
                select(BankCredit.state).where(BankCredit.payment_id == payment.id)
            )
            return payment.attempts[0].state, order.state, tuple(came)


@pytest.fixture
def gateway(demo_database_url: str, serve: Serve) -> Iterator[Gateway]:
    """A gateway that calls two processes of the shop in turn."""
    engine = make_engine(demo_database_url)
    yield Gateway(engine, serve(demo_database_url, processes=2))
    engine.dispose()


@pytest.mark.race
@pytest.mark.both_databases
def test_each_kind_of_notice_is_answered_and_leads_where_it_should(gateway: Gateway) -> None:
    expected, found = {}, {}

    for name, kind in KINDS.items():
        order_id, notice = gateway.order(kind.before)
        answers = tuple(
            gateway.tell(query, number=number) for number, query in enumerate(kind.make(notice))
        )
        expected[name] = (kind.answers, *kind.leads_to, kind.credits)
        found[name] = (answers, *gateway.stands(order_id))

    wrong = {
        name: (found[name], expected[name]) for name in KINDS if found[name] != expected[name]
    }
    assert wrong == {}
    with Session(gateway.engine) as session:
        stored = session.scalars(select(ProviderNotice.outcome)).all()
        receipts = select(func.count()).where(LedgerEntry.kind.in_(["receipt", "receipt_late"]))
        sent = sum(len(kind.answers) for kind in KINDS.values())
        assert len(stored) == sent
        assert "stored" not in stored
        assert session.scalar(receipts) == sum(len(kind.credits) for kind in KINDS.values())


@pytest.mark.race
@pytest.mark.both_databases
def test_a_notice_sent_to_the_address_of_another_contract_is_nobodys(gateway: Gateway) -> None:
    order_id, notice = gateway.order()

    answered = gateway.tell(notice.signed(), path=gateway.other_path)

    assert answered == "97"
    assert gateway.stands(order_id)[:2] == WAITING


@pytest.mark.race
@pytest.mark.both_databases
def test_twenty_copies_among_forged_ones_are_one_posting(gateway: Gateway) -> None:
    order_id, notice = gateway.order()
    true = [notice.signed()] * 20
    false = [flipped(notice.failed(), 1 << bit) for bit in range(10)]
    false += [notice.signed(Amount=str(notice.amount + 100 * step)) for step in range(1, 6)]
    queries = true + false
    random.Random(7).shuffle(queries)
    gate = threading.Barrier(len(queries))

    def send(numbered: tuple[int, str]) -> tuple[bool, str]:
        gate.wait(timeout=60)
        return numbered[1] == true[0], gateway.tell(numbered[1], number=numbered[0])

    with ThreadPoolExecutor(len(queries)) as crowd:
        answers = list(crowd.map(send, enumerate(queries)))

    assert Counter(code for is_true, code in answers if is_true) == {"00": 1, "02": 19}
    assert {code for is_true, code in answers if not is_true} == {"97", "04"}
    assert gateway.stands(order_id) == (*PAID, (CreditState.MATCHED,))


@pytest.mark.race
@pytest.mark.both_databases
def test_success_and_failure_at_the_same_moment_end_as_paid(gateway: Gateway) -> None:
    for _ in range(5):
        order_id, notice = gateway.order()
        queries = [notice.signed(), notice.failed(), notice.signed(), notice.failed("24")]
        gate = threading.Barrier(len(queries))

        def send(numbered: tuple[int, str], gate: threading.Barrier = gate) -> str:
            gate.wait(timeout=60)
            return gateway.tell(numbered[1], number=numbered[0])

        with ThreadPoolExecutor(len(queries)) as crowd:
            answers = list(crowd.map(send, enumerate(queries)))

        assert set(answers) <= {"00", "02"}
        assert gateway.stands(order_id) == (*PAID, (CreditState.MATCHED,))
