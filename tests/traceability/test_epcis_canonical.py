"""Events as bytes that stay the same."""

import json
from unicodedata import normalize

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.epcis import canonical_json
from traceability.errors import TraceabilityError

values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])).map(lambda text: normalize("NFC", text)),
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abcdeă"), inner),
    max_leaves=20,
)


def test_members_are_sorted_and_nothing_is_between_them():
    event = {"type": "ObjectEvent", "ilmd": {"b": [1, 2.5], "a": None}, "action": "ADD"}

    assert canonical_json(event) == (
        b'{"action":"ADD","ilmd":{"a":null,"b":[1,2.5]},"type":"ObjectEvent"}'
    )


def test_vietnamese_is_written_as_it_is_and_composed():
    event = {normalize("NFD", "giống"): normalize("NFD", "Chè xanh")}

    assert canonical_json(event) == '{"giống":"Chè xanh"}'.encode()


def test_a_whole_number_has_no_point():
    assert canonical_json({"a": 46.0, "b": 46, "c": -0.0}) == b'{"a":46,"b":46,"c":0}'


@given(st.dictionaries(st.text("abcdeă", min_size=1, max_size=3), values))
def test_the_bytes_say_what_the_event_says_and_do_not_change(event):
    written = canonical_json(event)

    assert json.loads(written) == event
    assert canonical_json(json.loads(written)) == written


@given(st.dictionaries(st.text("abcdeă", min_size=1, max_size=3), values))
def test_the_order_of_members_does_not_matter(event):
    backwards = dict(reversed(list(event.items())))

    assert canonical_json(backwards) == canonical_json(event)


@pytest.mark.parametrize(
    ("event", "kind", "place"),
    [
        ({"ilmd": {"a": [0, float("nan")]}}, "not_json", "$.ilmd.a[1]"),
        ({"ilmd": {"a": float("inf")}}, "not_json", "$.ilmd.a"),
        ({"when": {1, 2}}, "not_json", "$.when"),
        ({"ilmd": {1: "a"}}, "not_json", "$.ilmd"),
        ({"è": 1, normalize("NFD", "è"): 2}, "duplicate_member", "$.è"),
        ({"a": "\ud800"}, "bad_charset", "$"),
    ],
)
def test_what_json_cannot_hold_is_refused_with_its_place(event, kind, place):
    with pytest.raises(TraceabilityError) as refusal:
        canonical_json(event)

    assert (refusal.value.kind, refusal.value.subject) == (kind, place)
