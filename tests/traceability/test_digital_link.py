import doctest
import time
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.traceability.codes import hosts, internal_gtins, licensed_gtins, links
from traceability import digital_link, digital_link_syntax, scan
from traceability.digital_link import DigitalLink
from traceability.errors import TraceabilityError

GTIN = "09521321100015"
INTERNAL = "02000000000015"
addresses = st.from_regex(r"https?://[a-z.%:]{0,9}(/[0-9A-Za-z%é\0\ud800]{0,15}){0,7}(\?.{0,30})?")


def kind_of(attempt, *arguments, **options):
    with pytest.raises(TraceabilityError) as refusal:
        attempt(*arguments, **options)
    return refusal.value.kind


@pytest.mark.parametrize("module", [digital_link, digital_link_syntax, scan])
def test_examples_in_the_modules_hold(module):
    assert doctest.testmod(module).failed == 0


@given(links, hosts)
def test_built_address_is_read_back(link, host):
    assert DigitalLink.parse(link.build()) == link
    assert DigitalLink.parse(link.build(host)).elements == link.elements
    assert DigitalLink.parse(link.build(), lenient=True) == link


@given(links)
def test_canonical_address_is_its_own_canonical_form(link):
    canonical = DigitalLink.parse(link.canonical())

    assert canonical.canonical() == link.canonical()
    assert sorted(canonical.elements) == sorted(link.elements)


@given(links)
def test_elements_in_any_order_make_the_same_link(link):
    shuffled = DigitalLink.of(reversed(link.elements), link.host)

    assert shuffled.canonical() == link.canonical()


@given(links)
def test_element_string_of_a_link_makes_the_link_again(link):
    elements = scan.read(link.element_string()).elements

    assert DigitalLink.of(elements, link.host) == link


@given(licensed_gtins, hosts, hosts)
def test_licensed_number_is_equal_on_every_host(gtin, one, other):
    links = [DigitalLink("01", gtin, (("10", "L1"),), host=host) for host in (one, other)]

    assert links[0].canonical() == links[1].canonical()
    assert links[0].identity() == links[1].identity()


@given(internal_gtins)
def test_internal_number_is_equal_on_its_own_host_only(gtin):
    here = DigitalLink.parse(f"https://a.example/t/01/{gtin}/10/L1")
    there = DigitalLink.parse(f"https://b.example/01/{gtin}/10/L1")

    assert here.canonical() == f"https://a.example/01/{gtin}/10/L1"
    assert here.identity() != there.identity()
    assert here.epcis() == there.epcis()


def test_internal_number_without_host_has_no_canonical_address():
    assert kind_of(DigitalLink("01", INTERNAL).canonical) == "no_domain"


def test_parts_of_a_batch_label_have_names():
    link = DigitalLink.parse(f"https://a.example/01/{GTIN}/10/L1/21/7")

    assert (link.gtin, link.lot, link.serial) == (GTIN, "L1", "7")
    assert DigitalLink.parse("https://a.example/417/9521321000018").gtin is None


def test_label_can_stand_on_a_base_address_with_port_and_folder():
    link = DigitalLink("01", GTIN, (("10", "L/1"),))

    assert link.build("a.example:8443") == f"https://a.example:8443/01/{GTIN}/10/L%2F1"
    assert (
        link.build("http://10.0.0.2:8000/cho/") == f"http://10.0.0.2:8000/cho/01/{GTIN}/10/L%2F1"
    )


@pytest.mark.parametrize(
    "host",
    ["", " ", "a b", "/a", "user@a.example", "a.example?x", "ftp://a.example", "a.example\n"],
)
def test_address_is_not_built_on_what_is_no_host(host):
    assert kind_of(DigitalLink("01", GTIN).build, host) == "no_domain"


def test_value_is_decoded_exactly_once():
    assert DigitalLink.parse(f"https://a.example/01/{GTIN}/10/A%252FB").lot == "A%2FB"


def test_lot_that_looks_like_a_key_is_no_key():
    assert DigitalLink.parse(f"https://a.example/01/{GTIN}/10/01").lot == "01"
    assert DigitalLink.parse(f"https://a.example/01/{GTIN}/10/8004/21/00").serial == "00"


def test_query_of_the_request_is_not_part_of_the_identifier():
    link = DigitalLink.parse(
        f"https://a.example/01/{GTIN}?lang=vi&&linkType=gs1:pip&12345=1&1=2#x"
    )

    assert link.attributes == ()


@pytest.mark.parametrize(
    ("uri", "kind"),
    [
        ("", "not_digital_link"),
        ("hello", "not_digital_link"),
        (f"ftp://a.example/01/{GTIN}", "not_digital_link"),
        (f"http\u017f://a.example/01/{GTIN}", "not_digital_link"),
        ("https://a.example", "not_digital_link"),
        ("https://a.example/san-pham/che", "not_digital_link"),
        (f"https://a.example/01/{GTIN}/10/100%", "not_digital_link"),
        (f"https://a.example/01/{GTIN}/10/%zz", "not_digital_link"),
        (f"https://:8443/01/{GTIN}", "no_domain"),
        (f"https://user@a.example/01/{GTIN}", "no_domain"),
        (f"https://a b/01/{GTIN}", "no_domain"),
        (f"https://a.example/01/{GTIN}/10/a b", "bad_charset"),
        (f"https://a.example/01/{GTIN}/10/\ud800", "bad_charset"),
        (f"https://a.example/01/{GTIN}/10/lô", "bad_charset"),
        (f"https://a.example/01/{GTIN}/10/\0", "illegal_null"),
        (f"https://a.example/01/{GTIN}/235/X/10/L", "bad_qualifier_sequence"),
        (f"https://a.example/01/{GTIN}/10/L/10/L", "bad_qualifier_sequence"),
        (f"https://a.example/01/{GTIN}?17=", "empty_value"),
        (f"https://a.example/01/{GTIN}?17", "empty_value"),
        (f"https://a.example/01/{GTIN}?01={GTIN}", "duplicate_query_ai"),
        (f"https://a.example/01/{GTIN}?235=X", "qualifier_in_query"),
        (f"https://a.example/01/{GTIN}?37=1", "mutually_exclusive_ai"),
        (f"https://a.example/01/{GTIN}?3922=12500", "missing_required_ai"),
        ("https://a.example/415/9521321000018", "missing_required_ai"),
        ("https://a.example/" + "a/" * 1_000_000, "too_long"),
    ],
    ids=lambda value: ascii(value)[:60],
)
def test_address_that_is_no_link_is_refused_with_its_kind(uri, kind):
    assert kind_of(DigitalLink.parse, uri) == kind


@pytest.mark.parametrize(
    "old",
    [
        "https://a.example/01/9521321100015/10/L1",
        "https://a.example/gtin/09521321100015/lot/L1",
        "https://a.example/GTIN/9521321100015/LOT/L1/",
        "https://a.example/01/09521321100015/10/L1/",
    ],
)
def test_older_label_is_read_only_when_asked_to_be_lenient(old):
    link = DigitalLink.parse(old, lenient=True)

    assert link.build() == f"https://a.example/01/{GTIN}/10/L1"
    assert kind_of(DigitalLink.parse, old) in {"not_digital_link", "too_short"}


def test_link_cannot_be_made_of_elements_without_a_key():
    assert kind_of(DigitalLink.of, [("400", "PO-778")]) == "missing_required_ai"
    assert kind_of(DigitalLink, "10", "L1") == "not_digital_link"


def test_pallet_label_names_the_pallet_and_not_where_it_goes():
    link = DigitalLink.of([("410", "9521321000018"), ("00", "095213210000001237")])

    assert link.build("a.example") == "https://a.example/00/095213210000001237?410=9521321000018"


def test_event_hash_takes_a_link_as_it_was_written_but_no_other_address():
    assert digital_link.hash_form("http://A.example/x/01/1/22/V/10/L+1/21/S'1;?17=x") == (
        "https://id.gs1.org/01/00000000000001/21/S'1;"
    )
    assert kind_of(digital_link.hash_form, "https://a.example/01/rdf-schema") == "non_digit"
    assert kind_of(digital_link.hash_form, f"https://a.example/01/{GTIN}/10/lô") == "bad_charset"
    assert kind_of(digital_link.hash_form, "https://a.example/about") == "not_digital_link"


@given(links)
def test_event_hash_form_of_a_valid_link_is_its_constrained_form(link):
    assert digital_link.hash_form(link.build()) == link.epcis()


@pytest.mark.parametrize(
    ("text", "kind", "first"),
    [
        ("  9521321100015\n", "key", ("01", GTIN)),
        ("]E09521321100015", "key", ("01", GTIN)),
        ("0 95213 21000000123 7", "key", ("00", "095213210000001237")),
        ("(01)09521321100015(10)L1", "element_string", ("01", GTIN)),
        ("]d2010952132110001510L1", "element_string", ("01", GTIN)),
        ("\x1d010952132110001510L1", "element_string", ("01", GTIN)),
        ("010952132110001510L/1", "element_string", ("01", GTIN)),
        (f"]Q1https://a.example/01/{GTIN}", "digital_link", ("01", GTIN)),
        ("urn:epc:idpat:sgtin:9521321.010001.*", "epc_urn", ("01", GTIN)),
    ],
    ids=ascii,
)
def test_scanned_text_is_known_by_its_shape(text, kind, first):
    read = scan.read(text)

    assert (read.kind, read.elements[0]) == (kind, first)
    assert read.link is not None


def test_scanned_text_without_key_has_elements_but_no_link():
    read = scan.read("(400)PO-778")

    assert (read.elements, read.link) == ((("400", "PO-778"),), None)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "empty_value"),
        ("\x1d \n", "empty_value"),
        ("hello", "not_digital_link"),
        ("]Q1", "not_digital_link"),
    ],
    ids=ascii,
)
def test_scanned_text_of_no_shape_is_refused_with_its_kind(text, kind):
    assert kind_of(scan.read, text) == kind


@given(st.text() | addresses | st.builds("https://a/01/{}".format, st.text()))
def test_no_text_raises_anything_but_the_library_error(text):
    for attempt in (
        DigitalLink.parse,
        lambda uri: DigitalLink.parse(uri, lenient=True),
        DigitalLink.from_epc,
        digital_link.hash_form,
        scan.read,
        lambda uri: DigitalLink.of([(uri[:2], uri[2:])]).canonical(),
        lambda uri: DigitalLink("01", GTIN).build(uri),
    ):
        with suppress(TraceabilityError):
            attempt(text)


def test_ten_thousand_links_are_read_within_two_seconds():
    uri = f"https://a.example/01/{GTIN}/10/LB-T12-A?17=271112"

    started = time.perf_counter()
    for _ in range(10_000):
        DigitalLink.parse(uri)

    assert time.perf_counter() - started < 2
