import doctest
import time
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from traceability import lot
from traceability.errors import TraceabilityError

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
prefixes = st.from_regex("[0-9A-Z]{1,4}(-[0-9A-Z]{1,4})?", fullmatch=True)
lots = st.builds(
    lot.generate, prefixes, st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(1, 99)
)


def kind_of(attempt, *arguments):
    with pytest.raises(TraceabilityError) as refusal:
        attempt(*arguments)
    return refusal.value.kind


def test_examples_in_the_module_hold():
    assert doctest.testmod(lot).failed == 0


def test_new_lot_carries_product_day_number_and_check_character():
    made = lot.generate("LBT", date(2026, 10, 15), 1)

    assert made[:-1] == "LBT-261015-01"
    assert lot.verify(made)


def test_lot_of_twenty_characters_is_the_longest():
    assert len(lot.generate("ABCDEFGHI", date(2026, 1, 2), 1)) == lot.LONGEST_LOT
    assert len(lot.generate("ABCDEFGH", date(2026, 1, 2), 100)) == lot.LONGEST_LOT
    assert kind_of(lot.generate, "ABCDEFGHIJ", date(2026, 1, 2), 1) == "too_long"
    assert kind_of(lot.generate, "ABCDEFGHI", date(2026, 1, 2), 100) == "too_long"


@pytest.mark.parametrize("prefix", ["", "chè", "CHE ", "-A", "A-", "A--B", "A/B", "CHÈ"])
def test_prefix_outside_digits_letters_and_hyphen_is_refused(prefix):
    assert kind_of(lot.generate, prefix, date(2026, 1, 2), 1) == "bad_charset"


def test_batches_of_a_day_are_counted_from_one():
    assert kind_of(lot.generate, "CHE", date(2026, 1, 2), 0) == "bad_length"


@given(lots)
def test_one_wrong_character_is_always_noticed(made):
    for place, right in enumerate(made):
        for wrong in ALPHABET.replace(right, "") if right != "-" else "":
            assert not lot.verify(made[:place] + wrong + made[place + 1 :])


@given(lots)
def test_lot_made_here_is_already_normal(made):
    assert lot.normalise(made) == made
    assert lot.normalise(f" {made.lower()} ") == made


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("Lô chè 15/10", "LO-CHE-15-10"),
        (" lô chè 15 / 10 ", "LO-CHE-15-10"),
        ("\u200bLBT-\u2060261015-01\ufeff", "LBT-261015-01"),
        ("\u202eLBT\u202c-1", "LBT-1"),
        ("lb\u2013t12\u2014a", "LB-T12-A"),
        ("Đỗ đen", "DO-DEN"),
        ("che\u0300 1", "CHE-1"),
        ("lbt_261015.01", "LBT-261015-01"),
        ("a\tb\u00a0c", "A-B-C"),
        ("１２", "12"),
        ("--a---b--", "A-B"),
    ],
    ids=ascii,
)
def test_typed_lot_is_folded_to_what_can_be_written(typed, written):
    assert lot.normalise(typed) == written


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("", "empty_value"),
        (" \u200b/ ", "empty_value"),
        ("lô chè móc câu đặc biệt 15", "too_long"),
        ("x" * 1_000_000, "too_long"),
        ("lô 🍵", "bad_charset"),
        ("批号1", "bad_charset"),
        ("٣٤", "bad_charset"),
        ("A\0B", "bad_charset"),
        ("A\ud800", "bad_charset"),
        ("A+B", "bad_charset"),
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_typed_lot_that_cannot_be_written_is_refused_with_its_kind(typed, kind):
    assert kind_of(lot.normalise, typed) == kind


@given(st.text(max_size=30) | st.text("Lô chèĐ15/-\u200b\u202e\0\ud800é", max_size=30))
def test_normal_form_is_writable_and_final(text):
    try:
        written = lot.normalise(text)
    except TraceabilityError:
        return

    assert set(written) <= set(ALPHABET + "-")
    assert len(written) <= lot.LONGEST_LOT
    assert lot.normalise(written) == written


@given(st.text())
def test_any_text_can_be_checked(text):
    assert lot.verify(text) in {True, False}


def test_near_misses_come_in_the_order_of_likelihood():
    typed = "LBT-261015-01"
    other_hyphens, look_alike, swapped = "LBT261015-01", "LBT-261OI5-01", "LBT-261051-01"
    left_out, wrong, two_wrong = "LBT-26101-01", "LBX-261015-01", "LBX-261015-02"
    look_alike = "LBT-261O15-01"
    candidates = [two_wrong, wrong, left_out, swapped, look_alike, other_hyphens]

    offered = lot.near(typed, candidates)

    assert offered == [other_hyphens, look_alike, swapped, left_out, wrong]


def test_lot_itself_is_never_offered_but_its_small_letters_are_forgiven():
    assert lot.near("CHE-1", ["CHE-1"]) == []
    assert lot.near("che-1", ["CHE-1"]) == ["CHE-1"]


def test_candidate_with_right_check_character_comes_before_one_without():
    made = lot.generate("CHE", date(2026, 11, 12), 1)
    typed = made[:-1] + ("0" if made[-1] != "0" else "1")
    stranger = made[:-1] + ("9" if made[-1] != "9" else "8")

    assert lot.near(typed, [stranger, made]) == [made, stranger]


@given(lots, st.data())
def test_one_slip_is_always_found_again(made, data):
    place = data.draw(st.integers(0, len(made) - 2))
    typed = data.draw(
        st.sampled_from(
            [
                made[:place] + made[place + 1 :],
                made[:place] + "Z" + made[place:],
                made[:place] + "Z" + made[place + 1 :],
                made[:place] + made[place + 1] + made[place] + made[place + 2 :],
            ]
        )
    )
    assume(typed != made)

    assert lot.near(typed, ["ZZZ-000000-00Z", made]) == [made]


def test_ten_thousand_candidates_are_compared_within_a_second():
    candidates = [
        lot.generate("CHE", date(2026, 1 + n % 12, 1 + n % 28), 1 + n % 99) for n in range(10_000)
    ]

    started = time.perf_counter()
    lot.near("CHE-260315-01Q", candidates)

    assert time.perf_counter() - started < 1
