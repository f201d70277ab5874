"""The events that our forms write."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from traceability.epcis import (
    CONTEXT,
    Entry,
    Quantity,
    Reference,
    birth_data,
    canonical_json,
    declared_wrong,
    event_hash,
    object_event,
    transformation_event,
)
from traceability.errors import TraceabilityError

LEAF = "https://tra.example/lo/la-bang/LEAF-261102-01"
TEA = "https://tra.example/01/09521321100015/10/LBT-261103-01"
WORKSHOP = "https://tra.example/414/9521321000025"
ENTRY = Entry(
    client_id="6f9c2f1e-8a57-4b5e-9d0a-0d5f3f1a2b3c",
    at=datetime(2026, 11, 3, 2, 15, 30, 123_999, tzinfo=UTC),
    read_point=WORKSHOP,
)


def _kind(refusal):
    return refusal.value.kind


def test_a_weighing_is_written_in_full():
    entry = replace(
        ENTRY,
        biz_location=WORKSHOP,
        papers=(Reference("recadv", "urn:uuid:5c7b6e0a-0000-4000-8000-000000000001"),),
        sources=(Reference("owning_party", "https://tra.example/p/7K2Q"),),
        destinations=(Reference("owning_party", "https://tra.example/p/HTX1"),),
        extensions={"grade": "1 tôm 2 lá"},
    )

    event = object_event(entry, "receiving", quantities=[Quantity(LEAF, grams=27_500)])

    assert event == {
        "type": "ObjectEvent",
        "eventTime": "2026-11-03T09:15:30.123+07:00",
        "eventTimeZoneOffset": "+07:00",
        "action": "OBSERVE",
        "bizStep": "receiving",
        "disposition": "in_progress",
        "quantityList": [{"epcClass": LEAF, "quantity": 27.5, "uom": "KGM"}],
        "readPoint": {"id": WORKSHOP},
        "bizLocation": {"id": WORKSHOP},
        "bizTransactionList": [
            {
                "type": "recadv",
                "bizTransaction": "urn:uuid:5c7b6e0a-0000-4000-8000-000000000001",
            }
        ],
        "sourceList": [{"type": "owning_party", "source": "https://tra.example/p/7K2Q"}],
        "destinationList": [{"type": "owning_party", "destination": "https://tra.example/p/HTX1"}],
        "dacsan:grade": "1 tôm 2 lá",
        "dacsan:clientId": "6f9c2f1e-8a57-4b5e-9d0a-0d5f3f1a2b3c",
    }


@pytest.mark.parametrize(
    ("step", "action", "disposition"),
    [
        ("commissioning", "ADD", "active"),
        ("receiving", "OBSERVE", "in_progress"),
        ("inspecting", "OBSERVE", None),
        ("shipping", "OBSERVE", "in_transit"),
        ("retail_selling", "OBSERVE", "retail_sold"),
        ("destroying", "DELETE", "destroyed"),
        ("stock_taking", "OBSERVE", None),
        ("holding", "OBSERVE", "non_sellable_other"),
        ("dacsan:spraying", "OBSERVE", None),
    ],
)
def test_action_and_disposition_follow_from_the_step(step, action, disposition):
    event = object_event(ENTRY, step, quantities=[Quantity(TEA, pieces=12)])

    assert (event["bizStep"], event["action"]) == (step, action)
    assert event.get("disposition") == disposition
    assert event["quantityList"] == [{"epcClass": TEA, "quantity": 12}]


def test_an_inspection_says_what_it_found():
    event = object_event(
        ENTRY, "inspecting", quantities=[Quantity(TEA)], disposition="non_conformant"
    )

    assert event["disposition"] == "non_conformant"
    assert event["quantityList"] == [{"epcClass": TEA}]


def test_a_recall_marks_the_batch_until_it_is_taken_back():
    recall = object_event(
        ENTRY, "holding", quantities=[Quantity(TEA)], set_dispositions=["recalled"]
    )
    release = object_event(
        ENTRY, "inspecting", quantities=[Quantity(TEA)], unset_dispositions=["recalled"]
    )

    assert recall["persistentDisposition"] == {"set": ["recalled"]}
    assert release["persistentDisposition"] == {"unset": ["recalled"]}


def test_drying_names_what_went_in_and_what_came_out():
    event = transformation_event(
        ENTRY,
        inputs=[Quantity(LEAF, grams=46_100), Quantity(LEAF + "B", grams=38_000)],
        outputs=[Quantity(TEA, grams=18_205)],
        ilmd=birth_data(
            lot="LBT-261103-01",
            harvested_on=date(2026, 11, 2),
            made_on=date(2026, 11, 3),
            packed_on=date(2026, 11, 4),
            expires_on=date(2028, 4, 26),
            extensions={"lossGrams": 400},
        ),
    )

    assert event["type"] == "TransformationEvent"
    assert "action" not in event
    assert event["inputQuantityList"] == [
        {"epcClass": LEAF, "quantity": 46.1, "uom": "KGM"},
        {"epcClass": LEAF + "B", "quantity": 38, "uom": "KGM"},
    ]
    assert event["outputQuantityList"] == [{"epcClass": TEA, "quantity": 18.205, "uom": "KGM"}]
    assert event["ilmd"] == {
        "cbvmda:lotNumber": "LBT-261103-01",
        "cbvmda:harvestStartDate": "2026-11-02",
        "cbvmda:harvestEndDate": "2026-11-02",
        "dacsan:madeOn": "2026-11-03",
        "dacsan:packedOn": "2026-11-04",
        "cbvmda:itemExpirationDate": "2028-04-26",
        "dacsan:lossGrams": 400,
    }


def test_single_packs_are_named_by_their_serial():
    serial = f"{TEA}/21/7K2QF9"

    packed = transformation_event(
        ENTRY, inputs=[Quantity(LEAF, grams=500)], outputs=[], output_epcs=[serial]
    )
    sold = object_event(ENTRY, "retail_selling", epcs=[serial])

    assert packed["outputEPCList"] == sold["epcList"] == [serial]
    assert "outputQuantityList" not in packed


def test_two_equal_weighings_are_two_events_and_one_sent_twice_is_one():
    first = object_event(ENTRY, "receiving", quantities=[Quantity(LEAF, grams=27_500)])
    again = object_event(ENTRY, "receiving", quantities=[Quantity(LEAF, grams=27_500)])
    other = object_event(
        replace(ENTRY, client_id="another-entry"),
        "receiving",
        quantities=[Quantity(LEAF, grams=27_500)],
    )

    assert event_hash(first, CONTEXT) == event_hash(again, CONTEXT)
    assert event_hash(first, CONTEXT) != event_hash(other, CONTEXT)


@given(st.uuids(), st.uuids())
def test_no_two_entries_share_a_hash(one: UUID, other: UUID):
    hashes = {
        event_hash(
            object_event(replace(ENTRY, client_id=str(uuid)), "shipping", epcs=[TEA]), CONTEXT
        )
        for uuid in (one, other)
    }

    assert len(hashes) == len({one, other})


def test_every_name_of_ours_is_declared():
    event = object_event(
        replace(ENTRY, extensions={"plotCode": "P7"}),
        "commissioning",
        quantities=[Quantity(TEA, pieces=40)],
        ilmd=birth_data(lot="LBT-261103-01", made_on=date(2026, 11, 3)),
    )
    declared = CONTEXT[1]

    prefixes = {name.partition(":")[0] for name in (*event, *event["ilmd"]) if ":" in name}

    assert prefixes == set(declared) == {"dacsan", "cbvmda"}
    assert declared["dacsan"].endswith("/")


@given(st.integers(0, 10**12))
def test_grams_become_kilograms_without_losing_or_adding_any(grams):
    written = json.dumps(Quantity(TEA, grams=grams).element()["quantity"])

    assert Decimal(written) * 1000 == grams
    assert written == written.rstrip("0") or "." not in written


def test_millilitres_become_litres():
    assert Quantity(TEA, millilitres=2_250).element() == {
        "epcClass": TEA,
        "quantity": 2.25,
        "uom": "LTR",
    }


def test_a_wrong_event_is_repeated_with_a_declaration_and_the_same_hash():
    wrong = object_event(ENTRY, "receiving", quantities=[Quantity(LEAF, grams=27_500)])
    name = event_hash(wrong, CONTEXT)

    declared = declared_wrong(
        wrong,
        event_id=name,
        at=datetime(2026, 11, 4, tzinfo=UTC),
        corrected_by=["urn:uuid:5c7b6e0a-0000-4000-8000-000000000002"],
    )

    assert declared["errorDeclaration"] == {
        "declarationTime": "2026-11-04T07:00:00.000+07:00",
        "reason": "incorrect_data",
        "correctiveEventIDs": ["urn:uuid:5c7b6e0a-0000-4000-8000-000000000002"],
    }
    assert declared["eventID"] == event_hash(declared, CONTEXT) == name
    assert "errorDeclaration" not in wrong


@pytest.mark.parametrize(
    ("client_id"), ["", " ", "007", "1e5", "nan", "Infinity", "a b", "Bác Hoa", "x" * 65]
)
def test_an_entry_needs_an_id_that_is_no_number(client_id):
    with pytest.raises(TraceabilityError) as refusal:
        object_event(replace(ENTRY, client_id=client_id), "shipping", epcs=[TEA])

    assert _kind(refusal) == "bad_client_id"


def test_a_time_without_a_zone_is_refused():
    naive = replace(ENTRY, at=datetime(2026, 11, 3, 9, 15))

    with pytest.raises(TraceabilityError) as refusal:
        object_event(naive, "shipping", epcs=[TEA])

    assert _kind(refusal) == "naive_time"


@pytest.mark.parametrize(
    ("kind", "arguments"),
    [
        ("nothing_named", {}),
        ("bad_uri", {"epcs": ["LBT-261103-01"]}),
        ("bad_uri", {"epcs": ["https://tra.example/lô 1"]}),
        ("unknown_word", {"epcs": [TEA], "disposition": "sold"}),
        ("unknown_word", {"epcs": [TEA], "set_dispositions": ["withdrawn"]}),
        ("ilmd_without_birth", {"epcs": [TEA], "ilmd": birth_data(lot="L1")}),
    ],
)
def test_an_event_that_means_nothing_is_refused(kind, arguments):
    with pytest.raises(TraceabilityError) as refusal:
        object_event(ENTRY, "shipping", **arguments)

    assert _kind(refusal) == kind


@pytest.mark.parametrize("step", ["withering", "other:withering", "dacsan:", ""])
def test_a_step_that_nobody_defined_is_refused(step):
    with pytest.raises(TraceabilityError) as refusal:
        object_event(ENTRY, step, epcs=[TEA])

    assert _kind(refusal) == "unknown_word"


@pytest.mark.parametrize("field", ["papers", "sources", "destinations"])
def test_a_reference_of_an_unknown_type_is_refused(field):
    entry = replace(ENTRY, **{field: (Reference("bill", "urn:uuid:1"),)})

    with pytest.raises(TraceabilityError) as refusal:
        object_event(entry, "shipping", epcs=[TEA])

    assert _kind(refusal) == "unknown_word"


@pytest.mark.parametrize("amounts", [{"grams": -1}, {"pieces": -1}, {"grams": 1, "pieces": 1}])
def test_an_amount_that_cannot_be_is_refused(amounts):
    with pytest.raises(TraceabilityError) as refusal:
        Quantity(TEA, **amounts)

    assert _kind(refusal) == "bad_quantity"


@pytest.mark.parametrize(
    ("inputs", "outputs"), [([], [Quantity(TEA)]), ([Quantity(LEAF)], []), ([], [])]
)
def test_something_goes_in_and_something_comes_out(inputs, outputs):
    with pytest.raises(TraceabilityError) as refusal:
        transformation_event(ENTRY, inputs=inputs, outputs=outputs)

    assert _kind(refusal) == "nothing_named"


def test_a_reason_that_nobody_defined_is_refused():
    with pytest.raises(TraceabilityError) as refusal:
        declared_wrong({}, event_id="urn:uuid:1", at=ENTRY.at, reason="sorry")

    assert _kind(refusal) == "unknown_word"


def test_events_can_be_stored():
    event = object_event(ENTRY, "receiving", quantities=[Quantity(LEAF, grams=27_500)])

    assert json.loads(canonical_json(event)) == event
