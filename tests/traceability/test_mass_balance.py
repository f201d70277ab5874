"""Weights that add up, weights that do not, and yields that nature does not give."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.errors import TraceabilityError
from traceability.mass_balance import (
    YIELD_RANGES,
    BalanceVerdict,
    Step,
    YieldVerdict,
    balance,
    faults,
    judge_yield,
)

grams = st.integers(0, 2_000_000)


@given(out_g=grams, loss_g=grams, by_product_g=grams, most_added_g=grams)
def test_a_step_whose_grams_are_all_accounted_for_is_balanced(
    out_g, loss_g, by_product_g, most_added_g
):
    total_g = out_g + loss_g + by_product_g
    added_g = min(most_added_g, total_g)

    found = balance(Step("dry", total_g - added_g, out_g, added_g, loss_g, by_product_g))

    assert (found.verdict, found.off_by_g) == (BalanceVerdict.BALANCED, 0)


@given(in_g=grams, out_g=grams, added_g=grams, loss_g=grams, by_product_g=grams)
def test_more_out_than_in_is_said_exactly_when_what_is_kept_outweighs_what_went_in(
    in_g, out_g, added_g, loss_g, by_product_g
):
    step = Step("sort", in_g, out_g, added_g, loss_g, by_product_g)

    verdict = balance(step).verdict

    outweighs = out_g + by_product_g > in_g + added_g
    assert (verdict is BalanceVerdict.MORE_OUT_THAN_IN) == outweighs


@pytest.mark.parametrize(
    ("step", "verdict", "off_by_g"),
    [
        (Step("dry", 11_939, 4_826, loss_g=7_113), BalanceVerdict.BALANCED, 0),
        (Step("dry", 11_939, 4_826, loss_g=7_000), BalanceVerdict.OFF_BY, -113),
        (Step("dry", 11_939, 4_826, loss_g=7_200), BalanceVerdict.OFF_BY, 87),
        (Step("sort", 4_750, 4_466, loss_g=47, by_product_g=237), BalanceVerdict.BALANCED, 0),
        (Step("sort", 4_750, 4_466, loss_g=47), BalanceVerdict.OFF_BY, -237),
        (Step("sort", 4_750, 4_466, by_product_g=300), BalanceVerdict.MORE_OUT_THAN_IN, 16),
        (Step("grind", 24_000, 24_900, added_g=900), BalanceVerdict.BALANCED, 0),
        (Step("grind", 24_000, 24_900), BalanceVerdict.MORE_OUT_THAN_IN, 900),
    ],
)
def test_the_verdict_names_the_grams_that_do_not_add_up(step, verdict, off_by_g):
    found = balance(step)

    assert (found.verdict, found.off_by_g) == (verdict, off_by_g)


def test_a_tolerance_forgives_what_the_scales_cannot_tell():
    step = Step("dry", 10_000, 4_980, loss_g=5_000)

    assert balance(step, tolerance_g=20).verdict is BalanceVerdict.BALANCED
    assert balance(step, tolerance_g=19).verdict is BalanceVerdict.OFF_BY


def test_a_tolerance_forgives_a_little_more_out_than_in():
    step = Step("pack", 10_000, 10_005)

    assert balance(step, tolerance_g=5).verdict is BalanceVerdict.BALANCED
    assert balance(step, tolerance_g=4).verdict is BalanceVerdict.MORE_OUT_THAN_IN


@pytest.mark.parametrize("weight", ["in_g", "out_g", "added_g", "loss_g", "by_product_g"])
def test_a_negative_weight_is_refused(weight):
    with pytest.raises(TraceabilityError) as refusal:
        Step("dry", **({"in_g": 1, "out_g": 1} | {weight: -1}))

    assert refusal.value.kind == "negative_weight"


def test_steps_that_follow_on_one_another_have_no_faults():
    steps = [
        Step("receive", 60_000, 59_700, loss_g=300),
        Step("select", 59_700, 20_099, loss_g=199, by_product_g=39_402),
        Step("wither", 20_099, 18_330, loss_g=1_769),
    ]

    assert faults(steps) == []


def test_a_step_that_begins_with_more_than_the_last_one_left_is_named():
    steps = [Step("receive", 60_000, 59_700, loss_g=300), Step("wither", 60_000, 60_000)]

    [found] = faults(steps)

    assert found.verdict is BalanceVerdict.NOT_CONTINUED
    assert (found.step.code, found.off_by_g) == ("wither", 300)


def test_faults_come_in_the_order_of_the_steps():
    steps = [Step("receive", 100, 90), Step("wither", 95, 99), Step("dry", 99, 20, loss_g=79)]

    assert [(found.step.code, found.verdict.value) for found in faults(steps)] == [
        ("receive", "off_by"),
        ("wither", "not_continued"),
        ("wither", "more_out_than_in"),
    ]


@pytest.mark.parametrize(
    ("product", "percent", "verdict"),
    [
        ("green_tea", "7", YieldVerdict.ASK),
        ("green_tea", "12", YieldVerdict.ASK),
        ("green_tea", "17.999", YieldVerdict.ASK),
        ("green_tea", "18", YieldVerdict.NORMAL),
        ("green_tea", "25", YieldVerdict.NORMAL),
        ("green_tea", "25.001", YieldVerdict.ASK),
        ("green_tea", "28", YieldVerdict.ASK),
        ("green_tea", "28.001", YieldVerdict.REFUSE),
        ("green_tea", "60", YieldVerdict.REFUSE),
        ("green_tea_buds", "4.999", YieldVerdict.ASK),
        ("green_tea_buds", "5", YieldVerdict.NORMAL),
        ("green_tea_buds", "10", YieldVerdict.NORMAL),
        ("green_tea_buds", "10.001", YieldVerdict.ASK),
        ("pennywort", "6.999", YieldVerdict.ASK),
        ("pennywort", "7", YieldVerdict.NORMAL),
        ("pennywort", "14", YieldVerdict.NORMAL),
        ("pennywort", "16", YieldVerdict.ASK),
        ("pennywort", "16.001", YieldVerdict.REFUSE),
        ("pork_roll", "92.5", YieldVerdict.NORMAL),
        ("pork_roll", "90", YieldVerdict.ASK),
        ("pork_roll", "97", YieldVerdict.ASK),
        ("pork_roll", "99", YieldVerdict.REFUSE),
    ],
)
def test_a_yield_is_taken_asked_about_or_refused(product, percent, verdict):
    out_g = round(float(percent) * 1_000)

    assert judge_yield(100_000, out_g, YIELD_RANGES[product]).verdict is verdict


def test_a_yield_tells_what_would_have_been_usual():
    found = judge_yield(84_100, 30_000, YIELD_RANGES["green_tea"])

    assert (found.usual_from_g, found.usual_to_g) == (15_138, 21_025)
    assert str(found.percent) == "35.7"


@given(in_g=st.integers(1, 2_000_000), out_g=grams, product=st.sampled_from(sorted(YIELD_RANGES)))
def test_more_out_than_in_is_refused_whatever_the_product(in_g, out_g, product):
    found = judge_yield(in_g, in_g + 1 + out_g, YIELD_RANGES[product])

    assert found.verdict is YieldVerdict.REFUSE


def test_a_yield_of_nothing_is_no_yield():
    with pytest.raises(TraceabilityError) as refusal:
        judge_yield(0, 5, YIELD_RANGES["green_tea"])

    assert refusal.value.kind == "nothing_in"


USUAL = {"prd-gio-trung": "pork_roll", "prd-tra-rau-ma": "pennywort"}


def _range_of(batch):
    if batch["product_id"] != "prd-che-la-bang":
        return USUAL.get(batch["product_id"])
    selected = any(step["code"] == "select" for step in batch["steps"])
    return "green_tea_buds" if selected else "green_tea"


def test_the_demo_batches_add_up_and_have_usual_yields(shared):
    batches = json.loads((shared / "data" / "batches.json").read_text("utf-8"))["batches"]
    weights = ("qty_in_g", "qty_out_g", "added_g", "loss_g", "by_product_g")
    judged = 0

    for batch in batches:
        steps = [
            Step(step["code"], *(step[weight] for weight in weights)) for step in batch["steps"]
        ]
        assert faults(steps) == [], batch["lot_code"]
        if product := _range_of(batch):
            put_in = steps[0].in_g + sum(step.added_g for step in steps)
            found = judge_yield(put_in, steps[-1].out_g, YIELD_RANGES[product])
            assert found.verdict is YieldVerdict.NORMAL, (batch["lot_code"], found)
            judged += 1

    assert judged == 28
