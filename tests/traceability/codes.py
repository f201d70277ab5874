"""Valid codes of every shape, for tests that say what must hold of all of them."""

from hypothesis import strategies as st

from traceability import gtin
from traceability.digital_link import DigitalLink

CHARACTER_SET_82 = "".join(chr(code) for code in range(0x21, 0x7B) if chr(code) not in "#$@[\\]^`")


def _complete(payload: str) -> str:
    return payload + gtin.check_digit(payload)


def _digits(length: int) -> st.SearchStrategy[str]:
    return st.text("0123456789", min_size=length, max_size=length)


def _text(longest: int, alphabet: str = CHARACTER_SET_82) -> st.SearchStrategy[str]:
    return st.text(alphabet, min_size=1, max_size=longest)


licensed_gtins = st.builds(
    lambda start, rest: _complete(f"{start}952{rest}"), _digits(1), _digits(9)
)
internal_gtins = st.builds(lambda rest: _complete(f"02{rest}"), _digits(11))
gtins = licensed_gtins | internal_gtins
glns = st.builds(lambda rest: _complete(f"952{rest}"), _digits(9))
ssccs = st.builds(lambda start, rest: _complete(f"{start}952{rest}"), _digits(1), _digits(13))
days = st.dates().map(lambda day: f"{day:%y%m%d}")
hosts = st.sampled_from(["a.example", "xn--ch-bja.example:8443", "127.0.0.1:5000", "[::1]"])

attribute_sets = st.fixed_dictionaries(
    {},
    optional={
        "17": days,
        "30": st.integers(0, 99_999_999).map(str),
        "3103": _digits(6),
        "422": st.just("704"),
        "90": _text(30),
        "99": _text(90),
    },
).flatmap(lambda values: st.permutations(list(values.items())).map(tuple))


def _some(**qualifiers: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[tuple[str, str], ...]]:
    chosen = {name.strip("_"): values for name, values in qualifiers.items()}
    return st.fixed_dictionaries({}, optional=chosen).map(
        lambda values: tuple((ai, values[ai]) for ai in chosen if ai in values)
    )


_NONE = st.just(())


def _links(key, values, qualifiers, attributes=_NONE):
    return st.builds(DigitalLink, st.just(key), values, qualifiers, attributes, hosts)


links = st.one_of(
    _links("01", gtins, _some(_22=_text(20), _10=_text(20), _21=_text(20)), attribute_sets),
    _links("01", gtins, _some(_235=_text(28))),
    _links("00", ssccs, _NONE),
    _links("414", glns, _some(_254=_text(20))),
    _links("417", glns, _NONE),
    _links("253", st.builds(str.__add__, glns, st.just("") | _text(17)), _NONE),
    _links("8003", st.builds("0{}{}".format, glns, st.just("") | _text(16)), _NONE),
    _links("8004", st.builds("{}{}".format, _digits(12), _text(18)), _NONE),
    _links(
        "8010",
        st.builds("{}{}".format, _digits(12), _text(18, "ABC019#/-")),
        _some(_8011=st.integers(0, 10**12 - 1).map(str)),
    ),
)
"""Links of every shape that has a name in EPC too, and some that do not."""

element_sets = links.map(lambda link: link.elements)
