"""Every service that somebody asks for something decides whether they may, or says who decides."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.shared import CHECKOUT

DECIDING = {("actors", "require"), ("actors", "require_own")}

DECIDED_ABOVE = {
    ("accounts", "open_account"): "asks whether the actor manages anybody, by `sellers`",
    ("actors", "audit"): "writes down what was decided",
    ("actors", "entrusted"): "for an act that a service has judged already",
    ("actors", "record_change"): "writes down what was decided",
    ("actors", "require_nobody_helped"): "a decision itself",
    ("batch_inputs", "tell_input"): "writes down what was decided",
    ("batch_packing", "put_in_packs"): "part of packing and of an import",
    ("batch_packing", "tell_packed"): "writes down what was decided",
    ("batch_steps", "tell_step"): "writes down what was decided",
    ("batches", "draw_up"): "stores nothing: part of opening a batch and of an import",
    ("batches", "tell_opened"): "writes down what was decided",
    ("bank_credits", "record"): "what a feed tells is a fact; a person's word goes by `receive`",
    ("bank_credits", "match"): "part of taking money in",
    ("orders", "check_payment_way"): "part of placing an order, which everybody may",
    ("provider_accounts", "offered"): "asks for the role: a sandbox is offered to staff alone",
    ("helping", "begin"): "asks for the consent and the role",
    ("helping", "helped"): "asks for the consent and the role",
    ("helping", "who_may_be_helped"): "a decision itself",
    ("cards", "end_all"): "part of a new card, of a recovery, and of the operator's command",
    ("cards", "make"): "part of a first card, and of one that a second person confirmed",
    ("inventory", "move"): "one movement of an act that was decided",
    ("inventory", "shift"): "one movement of an act that was decided",
    ("inventory", "hand_over"): "part of shipping",
    ("invoices", "ask"): "the buyer's own, by the secret of the address",
    ("invoices", "give_up"): "the buyer's own, by the secret of the address",
    ("ledger", "post"): "one entry of an act that was decided",
    ("ledger", "reverse"): "one entry of an act that was decided",
    ("members", "put_back"): "part of undoing",
    ("members", "put_plot_back"): "part of undoing",
    ("order_moves", "move"): "one move of an act that was decided",
    ("order_fulfilment", "bring_back"): "part of taking goods back",
    ("payment_ways", "change"): "the buyer's own, by the secret of the address",
    ("order_payment", "receive_through"): "what a provider tells is a fact",
    ("order_payment", "confirm"): "follows from money or from a call that was decided",
    ("order_payment", "post_sale"): "part of confirming",
    ("order_payment", "unpost_sale"): "part of cancelling",
    ("order_payment", "cancel_by_buyer"): "the buyer's own, by the secret of the address",
    ("orders", "place"): "anybody may buy",
    ("order_problems", "report"): "the buyer's own, by the secret of the address",
    ("order_problems", "settle_by_buyer"): "the buyer's own, by the secret of the address",
    ("outbox", "may_retry"): "a decision itself",
    ("opening_stock", "open_new"): "stores nothing: part of an import",
    ("opening_stock", "put_in_stock"): "part of an import that was decided",
    ("provider_payments", "begin_again"): "the buyer's own, by the secret of the address",
    ("refund_ends", "reject"): "follows from what the provider tells, or from a decision",
    ("refund_ends", "settle"): "follows from what the provider tells, or from a decision",
    ("refund_promises", "end_remissions"): "part of cancelling and returning",
    ("refund_promises", "promise"): "part of a refund that was decided",
    ("refund_promises", "remit"): "part of a refund that was decided",
    ("refund_promises", "take_back"): "part of ending a refund",
    ("restoring", "restore"): "part of undoing",
    ("reviews", "write"): "the buyer's own, by the secret of the address",
    ("submissions", "decide"): "writes down what was decided",
    ("submissions", "move"): "one move of an act that was decided",
    ("payments", "set_aside_surplus"): "follows from money that came",
    ("payments", "give_back"): "part of cancelling and returning",
    ("payments", "collect_cash"): "part of delivering",
    ("recoveries", "may_ask"): "a decision itself",
    ("recoveries", "who_else_may"): "says who could decide",
    ("recoveries", "waiting_for"): "shows only what the actor may confirm",
    ("second_factor", "enrol"): "one's own, by the sign-in of the actor",
    ("second_factor", "prove"): "one's own, by the sign-in of the actor",
    ("second_factor", "prove_by_recovery_code"): "one's own, by the sign-in of the actor",
    ("second_factor", "renew_codes"): "one's own, by the sign-in of the actor",
    ("second_factor", "change_phone"): "one's own, by the sign-in of the actor",
    ("submission_approval", "require_another"): "a decision itself",
    ("undo", "is_open"): "says what is offered; `undo` decides",
    ("second_factor", "take_away"): "part of a recovery and of the operator's command",
}
"""Services that take an actor and decide nothing: whose decision they carry out."""

Name = tuple[str, str]


@dataclass(frozen=True)
class Service:
    """One function of `shop/services`: whether it takes an actor, and what it calls."""

    takes_actor: bool
    is_public: bool
    calls: frozenset[str]


def read(folder: Path) -> dict[Name, Service]:
    """Return every function of the modules in `folder` by module and name."""
    found = {}
    for path in sorted(folder.glob("*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef):
                taken = {one.arg for one in (*node.args.args, *node.args.kwonlyargs)}
                calls = {ast.unparse(one.func) for one in calls_in(node)}
                found[path.stem, node.name] = Service(
                    "actor" in taken, not node.name.startswith("_"), frozenset(calls)
                )
    return found


def calls_in(node: ast.AST) -> Iterator[ast.Call]:
    return (one for one in ast.walk(node) if isinstance(one, ast.Call))


def deciding(services: dict[Name, Service]) -> set[Name]:
    """Return the services that ask for permission, or call one that does."""
    by_name: dict[str, set[Name]] = {}
    for module, name in services:
        by_name.setdefault(name, set()).add((module, name))

    def called(module: str, call: str) -> set[Name]:
        within, _, name = call.rpartition(".")
        if within:
            return {(within, name)} & set(services)
        return {(module, name)} if (module, name) in services else by_name.get(name, set())

    decided, before = set(DECIDING), 0
    while len(decided) > before:
        before = len(decided)
        decided |= {
            (module, name)
            for (module, name), service in services.items()
            if any(called(module, call) & decided for call in service.calls)
        }
    return decided


def silent(services: dict[Name, Service]) -> set[Name]:
    """Return the public services that take an actor and never ask what it may."""
    asked = {
        name for name, service in services.items() if service.takes_actor and service.is_public
    }
    return asked - deciding(services) - DECIDING


def test_every_service_decides_or_says_who_does():
    assert silent(read(CHECKOUT / "shop/services")) == set(DECIDED_ABOVE)


@pytest.mark.parametrize(
    ("body", "is_silent"),
    [
        ("return actor.name", True),
        ("require(actor, Action.REFUND, 1)", False),
        ("actors.require(actor, Action.REFUND, 1)", False),
        ("_within(actor)", False),
        ("elsewhere.within(actor)", True),
    ],
)
def test_a_service_that_asks_nobody_is_found(tmp_path: Path, body: str, *, is_silent: bool):
    (tmp_path / "actors.py").write_text("def require(actor, action, seller_id): ...\n", "utf-8")
    (tmp_path / "jars.py").write_text(
        f"def open_jar(session, *, actor):\n    {body}\n"
        "def _within(actor):\n    require(actor, Action.REFUND, 1)\n",
        "utf-8",
    )

    found = silent(read(tmp_path))

    assert found == ({("jars", "open_jar")} if is_silent else set())
