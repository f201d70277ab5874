"""The event hash: equal for equal events however written, as other programs compute it."""

import json
import random
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.epcis import event_hash
from traceability.epcis.event_hash import pre_hash
from traceability.errors import TraceabilityError

CONTEXT = [
    "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
    {"exvn": "https://ns.example.org/htx/"},
]
WEIGHING = {
    "type": "ObjectEvent",
    "eventTime": "2026-11-12T09:15:00.000+07:00",
    "eventTimeZoneOffset": "+07:00",
    "action": "OBSERVE",
    "bizStep": "receiving",
    "disposition": "in_progress",
    "epcList": ["urn:epc:id:sscc:9521321.0000000123", "https://tra.example/lo/la-bang/LB-1"],
    "quantityList": [
        {"epcClass": "urn:epc:class:lgtin:9521321.010001.LB-A", "quantity": 46.1, "uom": "KGM"},
        {"epcClass": "urn:epc:class:lgtin:9521321.010001.LB-B", "quantity": 38, "uom": "KGM"},
    ],
    "readPoint": {"id": "urn:epc:id:sgln:9521321.00002.SCALE1"},
    "sourceList": [{"type": "owning_party", "source": "urn:epc:id:pgln:9521321.00011"}],
    "exvn:weighedBy": "party-7",
    "exvn:notes": [{"exvn:a": 1, "exvn:b": "2"}, "ướt"],
}


def _documents(shared):
    """Yield (name of the event, event, context, what is expected) for every shared vector."""
    folder = shared / "vectors" / "epcis"
    for document in json.loads((folder / "expected-hashes.json").read_text("utf-8"))["documents"]:
        content = json.loads((folder / document["file"]).read_text("utf-8"))
        events = content["epcisBody"]["eventList"]
        for number, (event, expected) in enumerate(zip(events, document["events"], strict=True)):
            yield f"{document['file']}#{number}", event, content["@context"], expected


def test_all_events_that_two_programs_agree_on_have_the_expected_hash(shared):
    agreed = [each for each in _documents(shared) if each[3]["second_implementation_agrees"]]

    wrong = [
        name
        for name, event, context, expected in agreed
        if event_hash(event, context) != expected["hash"]
    ]

    assert wrong == []
    assert len(agreed) == 101


def test_the_text_under_the_hash_is_the_expected_one(shared):
    for name, event, context, expected in _documents(shared):
        if expected["second_implementation_agrees"]:
            assert pre_hash(event, context) == expected["prehash"], name


def test_only_events_that_hit_a_known_defect_elsewhere_come_out_differently(shared):
    different = [
        name.removeprefix("documents/apache-openepcis/")
        for name, event, context, expected in _documents(shared)
        if event_hash(event, context) != expected["hash"]
    ]

    assert different == [
        "AggregationEvent_with_sensorData.json#0",  # bizRules in a report
        "Namespaces_at_different_level.json#0",  # the event's own context taken for data
        "Namespaces_at_different_level.json#1",
        "Namespaces_at_different_level.json#3",
        "Namespaces_at_different_level.json#4",
        "SensorData_with_combined_events.json#5",  # a namespace that does not end in "/"
        "SensorData_with_combined_events.json#7",
        "SensorData_with_combined_events.json#11",
    ]


def test_events_that_mean_the_same_hash_alike(shared):
    found = {name: event_hash(event, context) for name, event, context, _ in _documents(shared)}
    path = shared / "vectors" / "epcis" / "expected-hashes.json"

    for group in json.loads(path.read_text("utf-8"))["equal_groups"]:
        assert len({found[name] for name in group}) == 1, group


def test_the_hash_is_the_sha_256_of_the_text_as_a_named_information_uri():
    digest = sha256(pre_hash(WEIGHING, CONTEXT).encode()).hexdigest()

    assert event_hash(WEIGHING, CONTEXT) == f"ni:///sha-256;{digest}?ver=CBV2.0"


def _shuffled(value, order):
    if isinstance(value, dict):
        members = [(name, _shuffled(each, order)) for name, each in value.items()]
        first = members[:1] if "type" in value and "action" not in value else []
        rest = members[len(first) :]
        order.shuffle(rest)
        return dict(first + rest)
    if isinstance(value, list):
        items = [_shuffled(each, order) for each in value]
        order.shuffle(items)
        return items
    return value


@given(st.randoms(use_true_random=False))
def test_the_order_of_members_and_lists_does_not_matter(order: random.Random):
    assert pre_hash(_shuffled(WEIGHING, order), CONTEXT) == pre_hash(WEIGHING, CONTEXT)


@pytest.mark.parametrize(
    "change",
    [
        {"eventTime": "2026-11-12T02:15:00Z"},
        {"eventTime": "2026-11-11T21:15:00.0004-05:00"},
        {"bizStep": "https://ref.gs1.org/cbv/BizStep-receiving"},
        {"bizStep": "urn:epcglobal:cbv:bizstep:receiving"},
        {"readPoint": {"id": "https://chelabang.example/414/9521321000025/254/SCALE1"}},
        {"eventID": "urn:uuid:1", "recordTime": "2026-11-12T09:16:00Z"},
        {"errorDeclaration": {"declarationTime": "2026-11-13T09:16:00Z"}},
        {"comment": "cân lại", "rdfs:comment": "cân lại"},
        {"exvn:nothing": []},
        {"childEPCs": []},
    ],
)
def test_what_says_the_same_leaves_the_hash_alone(change):
    assert event_hash(WEIGHING | change, CONTEXT) == event_hash(WEIGHING, CONTEXT)


@pytest.mark.parametrize(
    "change",
    [
        {"eventTime": "2026-11-12T09:15:00.001+07:00"},
        {"eventTimeZoneOffset": "+08:00"},
        {"action": "ADD"},
        {"exvn:weighedBy": "party-8"},
        {"exvn:clientId": "6f9c2f1e-entry"},
        {"epcList": []},
        {"quantityList": WEIGHING["quantityList"][:1]},
        {"sourceList": [{"type": "location", "source": "urn:epc:id:pgln:9521321.00011"}]},
    ],
)
def test_what_says_something_else_changes_the_hash(change):
    assert event_hash(WEIGHING | change, CONTEXT) != event_hash(WEIGHING, CONTEXT)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("46.10", "=46.1"),
        (1.0, "=1"),
        ("007", "=7"),
        ("+5", "=5"),
        (-18.5, "=-18.5"),
        (1e-7, "=1e-07"),
        (True, "=True"),
        ("true", "=true"),
        (None, "=None"),
        ("  ướt ", "=ướt"),
        ("", ""),
        ("1e999", "=1e999"),
        ("nan", "=nan"),
        ("exvn:wet", "=https://ns.example.org/htx/wet"),
        ("receiving", "=receiving"),
        ("https://tra.example/lo/la-bang/LB-1", "=https://tra.example/lo/la-bang/LB-1"),
        ("urn:epc:id:sgtin:nonsense", "=urn:epc:id:sgtin:nonsense"),
        ("2026-11-12T09:15:00+07:00", "=2026-11-12T09:15:00+07:00"),
        (
            "https://tra.example/01/9521321100015/10/L%2F1?17=271112#x",
            "=https://id.gs1.org/01/09521321100015/10/L%2F1",
        ),
    ],
)
def test_a_value_is_written_in_one_way(value, written):
    text = pre_hash({"type": "ObjectEvent", "exvn:x": value}, CONTEXT)

    assert text == f"eventType=ObjectEvent{{https://ns.example.org/htx/}}x{written}"


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2026-11-12T09:15:00+07:00", "2026-11-12T02:15:00.000Z"),
        ("2026-11-12T02:15:00.1234Z", "2026-11-12T02:15:00.123Z"),
        ("2026-11-12T02:15:00.1235Z", "2026-11-12T02:15:00.124Z"),
        ("2026-11-12T02:15:00.1245Z", "2026-11-12T02:15:00.125Z"),
        ("2026-12-31T23:59:59.9999Z", "2027-01-01T00:00:00.000Z"),
        ("2026-11-12t02:15:00.5z", "2026-11-12T02:15:00.500Z"),
    ],
)
def test_times_are_in_utc_with_three_decimals_rounded_half_up(written, utc):
    assert pre_hash({"type": "ObjectEvent", "eventTime": written}).endswith(f"eventTime={utc}")


@pytest.mark.parametrize(
    "written", ["2026-11-12T09:15:00", "12/11/2026", "2026-13-12T09:15:00Z", 5]
)
def test_a_time_without_a_zone_or_sense_is_refused(written):
    with pytest.raises(TraceabilityError) as refusal:
        event_hash(WEIGHING | {"eventTime": written})

    assert refusal.value.kind == "bad_time"


def test_a_prefix_declared_in_the_event_counts_there():
    inside = WEIGHING | {"@context": {"abc": "https://abc.example/"}, "abc:x": 1}

    assert "{https://abc.example/}x=1" in pre_hash(inside, CONTEXT)


def test_a_prefix_that_nobody_declared_stays_as_it_is():
    event = {"type": "ObjectEvent", "cbvmda:lotNumber": "L1"}

    assert pre_hash(event, CONTEXT[0]) == "eventType=ObjectEventcbvmda:lotNumber=L1"


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"readPoint": "urn:epc:id:sgln:9521321.00002.0"}, "bad_member"),
        ({"quantityList": ["46.1"]}, "bad_member"),
        ({"sourceList": {"owning_party": "x", "y": []}, "sensorElementList": [1]}, "bad_member"),
        ({"bizTransactionList": ["PO-1"]}, "bad_member"),
        ({"exvn:x": "\ud800"}, "bad_charset"),
    ],
)
def test_an_event_that_cannot_be_written_is_refused(change, kind):
    with pytest.raises(TraceabilityError) as refusal:
        event_hash(WEIGHING | change, CONTEXT)

    assert refusal.value.kind == kind


def test_an_event_without_a_type_is_refused():
    with pytest.raises(TraceabilityError) as refusal:
        event_hash({"action": "ADD"})

    assert refusal.value.kind == "missing_member"
