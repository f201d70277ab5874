import doctest
from contextlib import suppress

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.traceability.codes import links
from traceability import epc
from traceability.digital_link import DigitalLink
from traceability.errors import TraceabilityError

near_urns = st.from_regex(r"urn:epc:(id|class|idpat):(sgtin|sgln|giai|itip|cpi)(:.{0,40})?")


def kind_of(attempt, *arguments):
    with pytest.raises(TraceabilityError) as refusal:
        attempt(*arguments)
    return refusal.value.kind


def test_examples_in_the_module_hold():
    assert doctest.testmod(epc).failed == 0


@given(links, st.integers(6, 12))
def test_urn_of_a_link_names_what_the_link_names(link, prefix_length):
    urn = link.epc_urn(prefix_length)

    assert DigitalLink.from_epc(urn).epcis() == without_no_extension(link).epcis()


@given(links, st.integers(6, 12))
def test_urn_is_written_again_as_it_was_read(link, prefix_length):
    urn = link.epc_urn(prefix_length)

    assert epc.build(epc.parse(urn), prefix_length) == urn


def without_no_extension(link):
    return DigitalLink(
        link.key, link.value, tuple(pair for pair in link.qualifiers if pair != ("254", "0"))
    )


@pytest.mark.parametrize(
    ("urn", "address"),
    [
        ("urn:epc:id:gsrn:4012345.9876540000", "/8018/401234598765400000"),
        ("urn:epc:id:gsrnp:4012345.0000098765", "/8017/401234500000987658"),
        ("urn:epc:id:gdti:4012345.55555.98", "/253/401234555555498"),
        ("urn:epc:id:cpi:4012345.ABC.123", "/8010/4012345ABC/8011/123"),
        ("urn:epc:id:sgcn:4012345.99999.44", "/255/401234599999044"),
        ("urn:epc:id:ginc:4012345.333", "/401/4012345333"),
        ("urn:epc:id:gsin:4012345.999987654", "/402/40123459999876541"),
        ("urn:epc:id:itip:4012345.012345.01.02.999", "/8006/040123451234560102/21/999"),
        ("urn:epc:id:upui:4012345.012345.AB12", "/01/04012345123456/235/AB12"),
        ("urn:epc:idpat:sgtin:4054739.099914.*", "/01/04054739999148"),
        ("urn:epc:idpat:grai:4012345.66666.*", "/8003/04012345666663"),
        ("urn:epc:idpat:gdti:4012345.55555.*", "/253/4012345555554"),
        ("urn:epc:idpat:sgcn:4012345.99999.*", "/255/4012345999990"),
        ("urn:epc:idpat:cpi:4012345.ABC.*", "/8010/4012345ABC"),
        ("urn:epc:idpat:itip:4012345.012345.01.02.*", "/8006/040123451234560102"),
    ],
)
def test_every_scheme_has_its_link_and_back(urn, address):
    link = DigitalLink.from_epc(urn)

    assert link.epcis() == f"https://id.gs1.org{address}"
    assert link.epc_urn(7) == urn


def test_serial_may_hold_dots_and_escapes():
    assert epc.parse("urn:epc:id:sgtin:9521321.010002.A.B%2f%22")[1] == ("21", 'A.B/"')
    assert epc.parse("urn:epc:id:giai:9521321.A.B") == (("8004", "9521321A.B"),)


@pytest.mark.parametrize(
    ("urn", "kind"),
    [
        ("", "not_epc_urn"),
        ("urn:epc:id:sgtin", "not_epc_urn"),
        ("urn:epc:id:isbn:1.2.3", "not_epc_urn"),
        ("urn:epc:id:lgtin:9521321.010001.A", "not_epc_urn"),
        ("urn:epc:class:sgtin:9521321.010001.A", "not_epc_urn"),
        ("urn:epc:idpat:lgtin:9521321.010001.*", "not_epc_urn"),
        ("urn:epc:idpat:sgtin:9521321.010001.A", "not_epc_urn"),
        ("urn:epc:idpat:sgtin:*.*.*", "non_digit"),
        ("urn:epc:idpat:sscc:9521321.*", "not_epc_urn"),
        ("urn:epc:id:sgtin:9521321.010001", "not_epc_urn"),
        ("urn:epc:id:sgtin:9521321.010001.", "empty_value"),
        ("urn:epc:id:sgln:9521321.00001.", "empty_value"),
        ("urn:epc:id:grai:9521321.00001.", "empty_value"),
        ("urn:epc:id:giai:9521321.", "empty_value"),
        ("urn:epc:id:sgtin:9521321.01000.A", "bad_length"),
        ("urn:epc:id:sgtin:95213.01000100.A", "bad_length"),
        ("urn:epc:id:sgtin:9521321000012.0.A", "bad_length"),
        ("urn:epc:id:itip:4012345.012345.1.234.999", "bad_length"),
        ("urn:epc:id:sgtin:952132X.010001.A", "non_digit"),
        ("urn:epc:id:sgtin:٩٥٢١٣٢١.010001.A", "non_digit"),
        ("urn:epc:id:sgtin:9521321.01000X.A", "non_digit"),
        ("urn:epc:id:sgtin:9521321.010001.A/B", "bad_charset"),
        ("urn:epc:id:sgtin:9521321.010001.A%", "bad_charset"),
        ("urn:epc:id:sgtin:9521321.010001.%00", "bad_charset"),
        ("urn:epc:id:sgtin:9521321.010001.lô", "bad_charset"),
        ("urn:epc:id:sgtin:9521321.010001." + "A" * 21, "too_long"),
        ("urn:epc:id:sgtin:" + "9" * 1_000_000, "too_long"),
    ],
    ids=lambda value: ascii(value)[:50],
)
def test_text_that_is_no_urn_is_refused_with_its_kind(urn, kind):
    assert kind_of(epc.parse, urn) == kind


def test_urn_needs_a_prefix_of_six_to_twelve_digits():
    for length in (-1, 0, 5, 13):
        assert kind_of(epc.build, [("01", "09521321100015")], length) == "bad_length"


def test_identifiers_without_urn_are_refused():
    item = ("8006", "095213211000150102")

    assert kind_of(epc.build, [], 7) == "no_epc_urn"
    assert kind_of(epc.build, [("10", "L1")], 7) == "no_epc_urn"
    assert kind_of(epc.build, [item, ("10", "L1")], 7) == "no_epc_urn"
    assert kind_of(epc.build, [("8004", "9521321")], 7) == "bad_length"
    assert kind_of(epc.build, [("8004", "95213X1A")], 7) == "non_digit"


@given(st.text() | near_urns)
def test_no_text_raises_anything_but_the_library_error(text):
    with suppress(TraceabilityError):
        elements = epc.parse(text)
        assume(elements)
        epc.build(elements, 7)
