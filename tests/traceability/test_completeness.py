"""What the rules on traceability ask for: each fact taken away is named, and nothing else."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime

import pytest

from traceability.completeness import (
    CIRCULAR_02_2024,
    CONDITIONAL,
    DECREE_37_2026,
    BatchFacts,
    Stage,
    State,
    check,
    is_complete,
)
from traceability.errors import TraceabilityError

CIRCULAR, DECREE = CIRCULAR_02_2024.key, DECREE_37_2026.key
HARVEST = Stage("harvest", "LEAF-261102-01", "PLOT-7", date(2026, 11, 2))
DRYING = Stage("dry", "BULK-261103-01", "WORKSHOP-1", datetime(2026, 11, 3, 12, 0, tzinfo=UTC))

COMPLETE = BatchFacts(
    product_name="Chè xanh La Bằng",
    gtin="9521321100015",
    picture="che-xanh.webp",
    producer_name="HTX Chè La Bằng",
    producer_address="Xóm Rừng Vần, xã La Bằng, tỉnh Thái Nguyên",
    producer_id="4600000000",
    tracing_code="https://tra.example/01/09521321100015/10/LBT-261103-01",
    stages=(HARVEST, DRYING),
    made_on=date(2026, 11, 3),
    expires_on=date(2028, 4, 26),
    brand="Chè La Bằng",
    model="móc câu",
    serial="7K2QF9",
    origin="xã La Bằng, tỉnh Thái Nguyên",
    certificates=("VietGAP-MAU-01",),
    warnings=("Không dùng khi bao bì rách",),
    other={"growing_area_code": "VN-TN-0001"},
    applicable=CONDITIONAL,
)


def _gaps(facts):
    """Return what is missing as {(regulation, item): facts}."""
    return {
        (finding.regulation, finding.item): finding.missing
        for finding in check(facts)
        if finding.state is State.MISSING
    }


def _state(facts, regulation, item):
    [state] = [
        finding.state
        for finding in check(facts)
        if (finding.regulation, finding.item) == (regulation, item)
    ]
    return state


def test_complete_facts_have_every_item_of_both_rules():
    findings = check(COMPLETE)

    assert [finding.state for finding in findings] == [State.PRESENT] * 17
    assert is_complete(findings)


def test_the_circular_has_nine_items_and_the_decree_eight():
    assert len(CIRCULAR_02_2024.items) == 9
    assert len(DECREE_37_2026.items) == 8


TAKEN_AWAY = {
    "product_name": {
        (CIRCULAR, "product_name"): ("product_name",),
        (DECREE, "name_and_gtin"): ("product_name",),
    },
    "gtin": {(DECREE, "name_and_gtin"): ("gtin",)},
    "picture": {(CIRCULAR, "picture"): ("picture",)},
    "producer_name": {
        (CIRCULAR, "producer_name"): ("producer_name",),
        (DECREE, "producer"): ("producer_name",),
    },
    "producer_address": {
        (CIRCULAR, "address"): ("producer_address",),
        (DECREE, "producer"): ("producer_address",),
    },
    "producer_id": {(DECREE, "producer"): ("producer_id",)},
    "tracing_code": {
        (CIRCULAR, "tracing_code"): ("tracing_code",),
        (DECREE, "traceability"): ("tracing_code",),
    },
    "stages": {(CIRCULAR, "stages"): ("stages",), (DECREE, "traceability"): ("stages",)},
    "made_on": {
        (CIRCULAR, "time_of_production"): ("made_on",),
        (DECREE, "dates"): ("made_on",),
    },
    "expires_on": {(CIRCULAR, "expiry"): ("expires_on",), (DECREE, "dates"): ("expires_on",)},
    "brand": {(CIRCULAR, "brand_model_serial"): ("brand",)},
    "model": {(CIRCULAR, "brand_model_serial"): ("model",)},
    "serial": {(CIRCULAR, "brand_model_serial"): ("serial",)},
    "origin": {(DECREE, "origin"): ("origin",)},
    "certificates": {(DECREE, "certificates"): ("certificates",)},
    "warnings": {(DECREE, "warnings"): ("warnings",)},
}


@pytest.mark.parametrize("datum", TAKEN_AWAY)
def test_exactly_the_items_that_need_a_fact_name_it_when_it_is_taken_away(datum):
    empty = getattr(BatchFacts(), datum)

    assert _gaps(replace(COMPLETE, **{datum: empty})) == TAKEN_AWAY[datum]


def test_every_fact_of_a_complete_batch_is_taken_away_once():
    given = {each.name for each in fields(COMPLETE) if getattr(COMPLETE, each.name)}

    assert given - {"other", "applicable"} == set(TAKEN_AWAY)


@pytest.mark.parametrize("datum", ["product_code", "place_code", "happened_at"])
@pytest.mark.parametrize("number", [0, 1])
def test_a_stage_without_code_place_or_time_is_named(number, datum):
    stages = [HARVEST, DRYING]
    stages[number] = replace(stages[number], **{datum: getattr(Stage("dry"), datum)})

    gaps = _gaps(replace(COMPLETE, stages=tuple(stages)))

    named = (f"stages[{number}].{datum}",)
    assert gaps == {(CIRCULAR, "stages"): named, (DECREE, "traceability"): named}


def test_what_an_authority_asks_for_beyond_the_rules_is_named_when_it_is_missing():
    facts = replace(COMPLETE, other={"growing_area_code": "", "household": "P-17"})

    assert _gaps(facts) == {(DECREE, "other"): ("other.growing_area_code",)}


@pytest.mark.parametrize(
    ("datum", "item"),
    [
        ("brand", (CIRCULAR, "brand_model_serial")),
        ("expires_on", (CIRCULAR, "expiry")),
        ("certificates", (DECREE, "certificates")),
        ("warnings", (DECREE, "warnings")),
    ],
)
def test_a_conditional_fact_the_product_does_not_have_is_no_gap(datum, item):
    bare = replace(
        COMPLETE,
        brand="",
        model="",
        serial="",
        expires_on=None,
        certificates=(),
        warnings=(),
        applicable=frozenset(),
    )

    assert _state(bare, *item) is State.NOT_APPLICABLE
    assert is_complete(check(bare))
    assert not is_complete(check(replace(bare, applicable=frozenset({datum}))))


@pytest.mark.parametrize("day", ["made_on", "harvested_on", "packed_on"])
def test_any_day_of_production_answers_the_circular(day):
    facts = replace(COMPLETE, **({"made_on": None} | {day: date(2026, 11, 3)}))

    assert _state(facts, CIRCULAR, "time_of_production") is State.PRESENT


def test_the_place_of_last_processing_answers_for_the_origin():
    facts = replace(COMPLETE, origin="", last_processing_place="xã La Bằng")

    assert _gaps(facts) == {}


@pytest.mark.parametrize("number", ["2000000000015", "9521321100016", "LBT-200"])
def test_a_number_that_gs1_did_not_license_is_no_gtin_for_the_passport(number):
    assert _gaps(replace(COMPLETE, gtin=number)) == {(DECREE, "name_and_gtin"): ("gtin",)}


def test_blanks_are_nothing():
    assert (CIRCULAR, "picture") in _gaps(replace(COMPLETE, picture="  "))


def test_facts_about_nothing_lack_all_that_is_required():
    states = [finding.state for finding in check(BatchFacts(), [CIRCULAR_02_2024])]

    assert states == [State.MISSING] * 7 + [State.NOT_APPLICABLE] * 2


def test_a_conditional_fact_that_no_rule_knows_is_refused():
    with pytest.raises(TraceabilityError) as refusal:
        BatchFacts(applicable=frozenset({"expiry"}))

    assert refusal.value.kind == "unknown_fact"
