"""Making a batch through the services: lots, inputs, steps, packs; every entry counts once."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from shop.errors import FieldRefused, NotAllowed, WrongMove
from shop.invariants import DATA_RULES, prove
from shop.models.batches import Batch, BatchInput, BatchStep, InputKind
from shop.models.inventory import StockMovement
from shop.models.journal import LineageEdge, TraceEvent
from shop.models.people import AuditEntry, Role
from shop.services import batch_drafts, batch_inputs, batches
from shop.services.actors import account_actor
from tests.factories import NOW, TODAY, make_account, make_batch, make_product
from tests.support.goods import BY, YESTERDAY, Maker, make_plot, step_of
from traceability import lot as lots

YIELD = {"normal_from": 18, "normal_to": 25, "refuse_above": 28}
ENTRY = "5b8c4c6e-5c51-4f3f-9a3a-0d4f0e6b1c11"


@pytest.fixture
def maker(session):
    return Maker.open(session, yield_range=YIELD)


def refusal(act, *args, **options):
    with pytest.raises(FieldRefused) as refused:
        act(*args, **options)
    return refused.value.field, refused.value.sentence_code


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


# ---- lots and days


def test_the_system_gives_the_next_lot_of_the_day_with_its_check_character(maker):
    first, second = maker.batch(), maker.batch()

    stem = f"{maker.seller.lot_prefix}-{YESTERDAY:%y%m%d}-"
    assert [batch.lot[: len(stem) + 2] for batch in (first, second)] == [f"{stem}01", f"{stem}02"]
    assert lots.verify(first.lot)
    assert lots.verify(second.lot)


def test_a_lot_of_an_old_label_keeps_its_number_from_being_given_again(maker, session):
    stem = f"{maker.seller.lot_prefix}-{YESTERDAY:%y%m%d}-"
    make_batch(session, maker.product, lot=f"{stem}01")

    batch = maker.batch()

    assert batch.lot.startswith(f"{stem}02")


def test_more_than_99_slips_fit_into_one_day(maker, session):
    stem = f"{maker.seller.lot_prefix}N-{YESTERDAY:%y%m%d}-"
    for number in range(1, 100):
        make_batch(session, maker.product, lot=f"{stem}{number:02}X")

    delivery = maker.delivery()

    assert delivery.lot.startswith(f"{stem}100")


def test_a_typed_lot_is_made_printable(maker, session):
    lot = batches.typed_lot(session, maker.seller, " lô chè 15 / 10 ")

    assert lot == "LO-CHE-15-10"


def test_a_lot_that_is_taken_is_refused_however_it_is_typed(maker, session):
    make_batch(session, maker.product, lot="LBT-261015-01")

    found = refusal(batches.typed_lot, session, maker.seller, "lbt-261015-01 ")

    assert found == ("lot", "lot_duplicate")
    assert refusal(maker.batch, lot="LBT-261015-01") == ("lot", "lot_duplicate")


def test_another_seller_may_use_the_same_lot(maker, session):
    make_batch(session, make_product(session), lot="LBT-261015-01")

    batch = maker.batch(lot="LBT-261015-01")

    assert batch.lot == "LBT-261015-01"


def test_the_expiry_follows_from_the_shelf_life_unless_it_is_typed(maker):
    proposed, typed = maker.batch(), maker.batch(expires_on=date(2027, 1, 31))

    assert proposed.expires_on == YESTERDAY + timedelta(days=540)
    assert typed.expires_on == date(2027, 1, 31)


def test_an_expiry_before_the_making_is_refused(maker, session):
    found = refusal(maker.batch, expires_on=YESTERDAY - timedelta(days=1))

    assert found == ("expires_on", "expiry_before_production")
    assert count(session, Batch) == 0


def test_the_days_of_a_draft_can_be_corrected_until_it_is_packed(maker, session):
    batch = maker.dried_batch()
    change = {"made_on": TODAY, "expires_on": None, "note": "Trời mưa", **BY}

    batches.change_dates(session, batch, **change)

    assert (batch.made_on, batch.expires_on) == (TODAY, TODAY + timedelta(days=540))
    maker.packed(batch)
    with pytest.raises(WrongMove):
        batches.change_dates(session, batch, **change)


# ---- what goes in


@pytest.mark.both_databases
def test_goods_of_a_delivery_go_into_several_batches_until_they_are_used_up(maker, session):
    delivery, first, second = maker.delivery(100_000), maker.batch(), maker.batch()
    batches.add_source(session, first, delivery, quantity_g=60_000, **BY)

    found = refusal(batches.add_source, session, second, delivery, quantity_g=40_001, **BY)

    assert found == ("quantity", "more_than_delivered")
    row = batches.add_source(session, second, delivery, quantity_g=40_000, **BY)
    assert (row.member_id, row.plot_id) == (maker.plot.member_id, maker.plot.id)
    assert row.harvested_on == YESTERDAY


def test_several_deliveries_are_taken_together_or_not_at_all(maker, session):
    batch, first, second = maker.batch(), maker.delivery(10_000), maker.delivery(5_000)
    session.commit()

    found = refusal(
        batch_inputs.take,
        session,
        batch,
        {first.id: 10_000, second.id: 6_000},
        client_id=ENTRY,
        **BY,
    )
    session.rollback()

    assert found == (f"take-{second.id}", "more_than_delivered")
    assert count(session, BatchInput) == 2  # the deliveries' own


@pytest.mark.parametrize(("waited", "is_refused"), [(13, True), (14, False)])
def test_a_harvest_inside_the_waiting_time_is_refused(maker, session, waited, is_refused):
    batch = maker.batch_with_leaf()
    treatment = batch_inputs.Treatment(
        InputKind.PESTICIDE,
        "Buprofezin 25 %",
        applied_on=YESTERDAY - timedelta(days=waited),
        phi_days=14,
        plot_id=maker.plot.id,
    )

    if is_refused:
        found = refusal(batch_inputs.add_treatment, session, batch, treatment, **BY)
        assert found == ("applied_on", "phi_not_respected")
    else:
        (row,) = batch_inputs.add_treatment(session, batch, treatment, **BY)
        assert row.harvested_on == YESTERDAY


@pytest.mark.both_databases
def test_a_treatment_known_from_another_batch_stops_a_harvest_of_the_same_plot(maker, session):
    early = maker.batch()
    harvested_on = YESTERDAY - timedelta(days=20)
    batches.add_source(
        session, early, maker.delivery(harvested_on=harvested_on), quantity_g=1000, **BY
    )
    sprayed = BatchInput(
        batch_id=early.id,
        kind=InputKind.PESTICIDE,
        name="Abamectin",
        plot_id=maker.plot.id,
        applied_on=harvested_on - timedelta(days=60),
        phi_days=75,
    )
    session.add(sprayed)
    session.flush()

    found = refusal(
        batches.add_source,
        session,
        maker.batch(),
        maker.delivery(harvested_on=harvested_on),
        quantity_g=1000,
        **BY,
    )

    assert found == ("delivery", "phi_not_respected")


def test_a_treatment_of_another_plot_stops_nothing(maker, session):
    other = make_plot(session, maker.seller, "Bùi Thị Hẹ")
    batch = maker.batch_with_leaf()
    treatment = batch_inputs.Treatment(
        InputKind.PESTICIDE, "Matrine", applied_on=YESTERDAY, phi_days=5, plot_id=other.id
    )

    found = refusal(batch_inputs.add_treatment, session, batch, treatment, **BY)

    assert found == ("plot", "nothing_grown_there")


def test_a_treatment_of_all_plots_is_written_down_for_each(maker, session):
    other = make_plot(session, maker.seller, "Bùi Thị Hẹ")
    batch = maker.batch_with_leaf()
    second = maker.delivery(5_000, plot=other, member=other.member)
    batches.add_source(session, batch, second, quantity_g=5_000, **BY)
    treatment = batch_inputs.Treatment(
        InputKind.FERTILISER,
        "Phân hữu cơ",
        applied_on=YESTERDAY - timedelta(days=30),
        phi_days=20,
        plot_id=None,
    )

    rows = batch_inputs.add_treatment(session, batch, treatment, **BY)

    assert {row.plot_id for row in rows} == {maker.plot.id, other.id}


def test_a_treatment_after_the_harvest_is_none_of_this_batch(maker, session):
    batch = maker.batch_with_leaf()
    treatment = batch_inputs.Treatment(
        InputKind.PESTICIDE, "Matrine", applied_on=TODAY, phi_days=5, plot_id=None
    )

    found = refusal(batch_inputs.add_treatment, session, batch, treatment, **BY)

    assert found == ("applied_on", "treated_after_harvest")


def test_events_name_nobody_and_no_supplier(maker, session):
    batch = maker.batch_with_leaf()
    row = BatchInput(
        batch_id=batch.id,
        kind=InputKind.INGREDIENT,
        name="Hoa nhài",
        quantity_g=2_000,
        supplier="Hộ bà Lan",
    )

    batches.add_input(session, batch, row, **BY)

    bodies = "".join(session.scalars(select(TraceEvent.body)))
    assert "Hoa nhài" in bodies
    assert f"urn:uuid:{maker.plot.party_id}" in bodies
    assert "Chanh" not in bodies
    assert "bà Lan" not in bodies


# ---- steps


def test_what_neither_comes_out_nor_is_put_aside_is_the_loss(maker):
    batch = maker.batch_with_leaf()

    step = maker.step(
        batch, code="receive", in_g=100_000, out_g=60_000, by_product_g=39_400, added_g=1_000
    )

    assert step.loss_g == 1_600
    assert batch.quantity_g == 60_000


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ({"in_g": 100_001, "out_g": 20_000}, ("in_g", "more_in_than_there")),
        ({"in_g": 100_000, "out_g": 100_001}, ("out_g", "more_out_than_in")),
        ({"in_g": 90_000, "out_g": 20_000}, ("in_g", "less_in_than_there")),
        ({"in_g": 100_000, "out_g": 60_000}, ("out_g", "mass_balance_implausible")),
        ({"in_g": 100_000, "out_g": 27_000}, ("out_g", "yield_unusual")),
        ({"in_g": 100_000, "out_g": 13_000}, ("out_g", "yield_unusual")),
    ],
)
def test_weights_that_cannot_be_are_refused_and_unlikely_ones_asked(maker, weights, found):
    batch = maker.batch_with_leaf()

    assert refusal(maker.step, batch, **weights) == found


@pytest.mark.parametrize(
    "weights", [{"in_g": 90_000, "out_g": 20_000}, {"in_g": 100_000, "out_g": 27_000}]
)
def test_a_second_weighing_settles_what_was_asked_and_is_on_record(maker, session, weights):
    batch = maker.batch_with_leaf()

    maker.step(batch, is_confirmed=True, **weights)

    said = session.scalars(select(AuditEntry.after).where(AuditEntry.action == "step_added")).one()
    assert said == {"step": "dry", "name": "Sao khô", "out_g": weights["out_g"], "confirmed": True}


def test_more_out_than_in_is_refused_even_when_confirmed(maker):
    batch = maker.batch_with_leaf()

    found = refusal(maker.step, batch, in_g=100_000, out_g=60_000, is_confirmed=True)

    assert found == ("out_g", "mass_balance_implausible")


def test_buds_picked_out_are_judged_by_what_was_left_to_dry(maker):
    batch = maker.batch_with_leaf()
    maker.step(batch, code="select", in_g=100_000, out_g=30_000, by_product_g=70_000)

    step = maker.step(batch, in_g=30_000, out_g=6_500)

    assert step.out_g == 6_500


@pytest.mark.parametrize(("hours", "code"), [(-1, "ends_before_it_starts"), (30, "not_ended_yet")])
def test_a_step_ends_after_it_begins_and_not_in_the_future(maker, hours, code):
    batch = maker.batch_with_leaf()
    begun = NOW - timedelta(days=1)

    found = refusal(
        maker.step, batch, in_g=100_000, out_g=21_000, ended_at=begun + timedelta(hours=hours)
    )

    assert found == ("ended_at", code)


# ---- packing


@pytest.mark.both_databases
def test_packing_makes_labels_stock_lineage_and_one_event(maker, session):
    batch = maker.packed(units=100)

    (made,) = batch.packs
    (moved,) = session.scalars(select(StockMovement))
    (edge,) = session.scalars(select(LineageEdge))
    assert (made.produced, moved.quantity, edge.quantity_g) == (100, 100, 100_000)
    assert edge.to_batch_id == batch.id


def test_what_is_neither_packed_nor_kept_is_left_over(maker):
    batch = maker.packed(units=103, retained_g=200)

    assert (batch.retained_sample_g, batch.leftover_g) == (200, 200)


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"units": 106}, ("packs", "packs_outweigh_batch")),
        ({"units": 105, "retained_g": 1}, ("packs", "packs_outweigh_batch")),
        ({"units": 50, "retained_g": 0, "is_confirmed": False}, ("packs", "much_left_over")),
        (
            {"packed_on": YESTERDAY - timedelta(days=1)},
            ("packed_on", "packed_before_last_step"),
        ),
    ],
)
def test_packs_that_cannot_be_are_refused(maker, options, found):
    batch = maker.dried_batch()

    assert refusal(maker.packed, batch, **options) == found


def test_a_batch_is_packed_once_and_after_its_steps(maker, session):
    given = {"packed_at": NOW, "packed_on": TODAY, **BY}
    empty, dried = maker.batch_with_leaf(), maker.dried_batch()

    assert refusal(batches.pack, session, dried, [], **given) == ("packs", "nothing_packed")
    assert refusal(maker.packed, empty) == ("packs", "no_steps_yet")
    maker.packed(dried)
    assert refusal(maker.packed, dried) == ("packs", "packed_already")


def test_a_yield_that_no_step_was_judged_by_is_judged_at_packing(maker):
    batch = maker.batch_with_leaf()
    maker.step(batch, code="phoi-nang", in_g=100_000, out_g=60_000)

    found = refusal(maker.packed, batch, units=299)

    assert found == ("packs", "mass_balance_implausible")


# ---- one entry, once


@pytest.mark.both_databases
def test_an_entry_sent_twice_is_one_entry(maker, session):
    delivery = maker.delivery(client_id=ENTRY)
    batch = maker.batch(client_id=f"{ENTRY}-b")
    taken = {"quantity_g": 100_000, "client_id": f"{ENTRY}-t", **BY}
    source = batches.add_source(session, batch, delivery, **taken)
    step = maker.step(batch, in_g=100_000, out_g=21_000, client_id=f"{ENTRY}-s")
    maker.packed(batch, client_id=f"{ENTRY}-p")
    tables = (Batch, BatchInput, BatchStep, TraceEvent, StockMovement, AuditEntry)
    before = [count(session, table) for table in tables]

    again = (
        maker.delivery(client_id=ENTRY),
        maker.batch(client_id=f"{ENTRY}-b"),
        batches.add_source(session, batch, delivery, **taken),
        maker.step(batch, in_g=100_000, out_g=21_000, client_id=f"{ENTRY}-s"),
        maker.packed(batch, client_id=f"{ENTRY}-p"),
    )

    assert again == (delivery, batch, source, step, batch)
    assert [count(session, table) for table in tables] == before


def test_two_equal_entries_with_ids_of_their_own_are_two(maker):
    first, second = maker.delivery(), maker.delivery()

    assert first.lot != second.lot


def test_an_entry_of_another_seller_is_not_found_by_its_id(maker, session):
    maker.batch(client_id=ENTRY)
    other = Maker.open(session)

    session.commit()
    with pytest.raises(WrongMove):
        other.batch(client_id=ENTRY)
    session.rollback()
    assert count(session, Batch) == 1


# ---- taking back


def test_the_last_step_can_be_taken_back_and_stays_on_record(maker, session):
    batch = maker.batch_with_leaf()
    maker.step(batch, code="receive", in_g=100_000, out_g=99_500)
    wrong = maker.step(batch, in_g=99_500, out_g=22_000)
    event = session.get_one(TraceEvent, wrong.event_id)

    batch_drafts.take_back_step(session, wrong, reason="Ghi nhầm số", **BY)

    declared = session.scalars(select(TraceEvent).where(TraceEvent.is_error_declaration)).one()
    audit = session.scalars(
        select(AuditEntry).where(AuditEntry.action == "entry_taken_back")
    ).one()
    assert [step.code for step in batch.steps] == ["receive"]
    assert batch.quantity_g == 99_500
    assert (declared.event_id, declared.event_hash) == (event.event_id, event.event_hash)
    assert json.loads(declared.body)["errorDeclaration"]["reason"] == "incorrect_data"
    assert audit.before == {"step": "dry", "name": "Sao khô", "in_g": 99_500, "out_g": 22_000}
    assert audit.after == {"reason": "Ghi nhầm số"}


@pytest.mark.both_databases
def test_what_was_taken_back_breaks_no_invariant(maker, session):
    batch = maker.batch_with_leaf()
    wrong = maker.step(batch, in_g=100_000, out_g=22_000)
    batch_drafts.take_back_step(session, wrong, reason="Ghi nhầm", **BY)
    batch_drafts.take_back_input(session, batch.inputs[0], reason="Ghi nhầm", **BY)
    session.commit()

    rules = [rule for rule in DATA_RULES if rule.invariant in {2, 6, 7}]
    found = [f.sentence("en") for f in prove(session.connection(), now=NOW, rules=rules)]

    assert found == []


def test_an_input_that_was_taken_back_is_free_for_another_batch(maker, session):
    batch, delivery = maker.batch(), maker.delivery(50_000)
    row = batches.add_source(session, batch, delivery, quantity_g=50_000, **BY)

    batch_drafts.take_back_input(session, row, reason="Nhầm lô", **BY)

    again = batches.add_source(session, maker.batch(), delivery, quantity_g=50_000, **BY)
    assert again.quantity_g == 50_000
    assert batch.inputs == []


def test_only_the_last_step_and_nothing_packed_can_be_taken_back(maker, session):
    batch = maker.batch_with_leaf()
    first = maker.step(batch, code="receive", in_g=100_000, out_g=99_500)
    maker.step(batch, in_g=99_500, out_g=21_000)

    with pytest.raises(WrongMove):
        batch_drafts.take_back_step(session, first, reason="Ghi nhầm", **BY)
    maker.packed(batch)
    with pytest.raises(WrongMove):
        batch_drafts.take_back_step(session, batch.steps[-1], reason="Ghi nhầm", **BY)
    with pytest.raises(WrongMove):
        batch_drafts.take_back_input(session, batch.inputs[0], reason="Ghi nhầm", **BY)


def test_a_form_that_comes_again_after_its_entry_was_taken_back_writes_nothing(maker, session):
    batch = maker.batch_with_leaf()
    wrong = maker.step(batch, in_g=100_000, out_g=22_000, client_id=ENTRY)
    batch_drafts.take_back_step(session, wrong, reason="Ghi nhầm", **BY)

    with pytest.raises(WrongMove):
        maker.step(batch, in_g=100_000, out_g=22_000, client_id=ENTRY)

    assert batch.steps == []


# ---- who may


@pytest.mark.parametrize("role", [Role.MEMBER, Role.TREASURER, Role.INSPECTOR])
def test_only_the_office_and_the_technician_write_about_batches(maker, session, role):
    account = make_account(session, role=role, seller=maker.seller)
    by = {"actor": account_actor(account, origin="", now=NOW), "now": NOW}
    batch, delivery = maker.dried_batch(), maker.delivery()
    treatment = batch_inputs.Treatment(
        InputKind.FERTILISER, "Phân", applied_on=YESTERDAY, phi_days=0, plot_id=None
    )
    forbidden = [
        lambda: maker.delivery(**by),
        lambda: maker.batch(**by),
        lambda: batches.change_dates(
            session, batch, made_on=TODAY, expires_on=None, note="", **by
        ),
        lambda: batches.add_source(session, batch, delivery, quantity_g=1, **by),
        lambda: batch_inputs.take(session, batch, {delivery.id: 1}, client_id=ENTRY, **by),
        lambda: batch_inputs.add_treatment(session, batch, treatment, **by),
        lambda: batches.add_input(session, batch, BatchInput(kind=InputKind.OTHER), **by),
        lambda: batches.add_step(session, batch, step_of(in_g=1, out_g=1), **by),
        lambda: maker.packed(batch, **by),
        lambda: batch_drafts.take_back_input(session, batch.inputs[0], reason="x", **by),
        lambda: batch_drafts.take_back_step(session, batch.steps[0], reason="x", **by),
    ]

    for act in forbidden:
        with pytest.raises(NotAllowed):
            act()


def test_a_technician_of_another_seller_may_not_write_here(maker, session):
    elsewhere = make_account(session, role=Role.TECHNICIAN, seller=Maker.open(session).seller)

    with pytest.raises(NotAllowed):
        maker.batch(actor=account_actor(elsewhere, origin="", now=NOW))
