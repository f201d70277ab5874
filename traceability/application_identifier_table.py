"""What each GS1 Application Identifier (AI) may hold, and with which others it may stand.

Source: GS1 General Specifications, section 3 (formats) and 4.14 (what must and must not stand
together), as GS1 publishes them for machines in its Barcode Syntax Dictionary (2025).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

__all__ = ["ApplicationIdentifier", "Component", "table"]

_TABLE = """
# identifiers            | flags | format               | needs one of each group    | never with     | meaning
00                       | = ?   | N18:key              |                            |                | logistic unit (SSCC)
01                       | = ?   | N14:key              |                            | 255 37         | trade item (GTIN)
02                       | = ?   | N14:key              | 37                         | 01 03          | contents of a logistic unit
03                       | =     | N14:key              |                            | 01 02 37       | item made to order
10                       |   ?   | X..20                | 01 02 03 8006 8026         |                | lot
11 13 15 16              | = ?   | N6:month_or_date     | 01 02 03 8006 8026         |                | production, packing, best-before, sell-by date
12                       | = ?   | N6:month_or_date     | 8020                       |                | payment due date
17                       | = ?   | N6:month_or_date     | 01 02 03 255 8006 8026     |                | use-by date
20                       | = ?   | N2                   | 01 02 8006 8026            |                | variant
21                       |       | X..20                | 01 03 8006                 | 235            | serial
22                       |       | X..20                | 01                         |                | consumer product variant
235                      |       | X..28                | 01                         |                | serial given by a third party
240 241                  |   ?   | X..30                | 01 02 8006 8026            |                | additional and customer's product number
242                      |   ?   | N..6                 | 01 02 8006 8026            |                | made-to-order variation
243                      |   ?   | X..20                | 01                         |                | packaging component
250                      |   ?   | X..30                | 01 8006 & 21               |                | secondary serial
251                      |   ?   | X..30                | 01 8006                    |                | source entity
253                      |   ?   | N13:key [X..17]      |                            |                | document (GDTI)
254                      |       | X..20                | 414                        |                | place within a location
255                      |   ?   | N13:key [N..12]      |                            | 01 02 415 8006 8020 8026 | coupon (GCN)
30                       |   ?   | N..8                 | 01 02                      |                | count of a variable-measure item
310n-316n 320n-329n      | = ?   | N6                   | 01 02                      | self           | net weight and size
330n-336n 340n-349n      | = ?   | N6                   | 00 01                      | self           | gross weight and size
337n                     | = ?   | N6                   | 01                         | self           | kilograms per square metre
350n-352n 356n 357n      | = ?   | N6                   | 01 02                      | self           | net area, weight and volume
353n-355n 362n 363n      | = ?   | N6                   | 00 01                      | self           | gross area and volume
360n 361n 364n-366n      | = ?   | N6                   | 01 02                      | self           | net volume
367n-369n                | = ?   | N6                   | 00 01                      | self           | gross volume
37                       |   ?   | N..8                 | 00 & 02 8026               |                | count of items in a logistic unit
390m                     |   ?   | N..15                | 255 8020                   | self 391 394 8111 | amount
391m                     |   ?   | N3:currency N..15    | 8020                       | self           | amount with currency
392m                     |   ?   | N..15                | 01 & 30 31 32 35 36        | self 393       | price
393m                     |   ?   | N3:currency N..15    | 30 31 32 35 36             | self           | price with currency
394k                     |   ?   | N4                   | 255                        | self 8111      | percentage off
395n                     |   ?   | N6                   | 30 31 32 35 36             | self 392 393 8005 | price per unit
400                      |   ?   | X..30                |                            |                | customer's order number
401                      |   ?   | X..30                |                            |                | consignment (GINC)
402                      |   ?   | N17:key              |                            |                | shipment (GSIN)
403                      |   ?   | X..30                | 00                         |                | route
410-414 416 417          | = ?   | N13:key              |                            |                | ship to, bill to, bought from, ship for, place, made at, party (GLN)
415                      | = ?   | N13:key              | 8020                       |                | party that sends the invoice (GLN)
420                      |   ?   | X..20                |                            | 421            | postal code
421                      |   ?   | N3:country X..9      |                            | 4307           | postal code with country
422                      |   ?   | N3:country           | 01 02 8006 8026            | 426            | country of origin
423 425                  |   ?   | N3:country [N3:country] [N3:country] [N3:country] [N3:country] | 01 02 | 426 | countries of first processing, of disassembly
424                      |   ?   | N3:country           | 01 02                      | 426            | country of processing
426                      |   ?   | N3:country           | 01 02                      |                | country of all processing
427                      |   ?   | X..3                 | 01 02 & 422                |                | subdivision of the country of origin
4300 4301 4310 4311 4320 |   ?   | X..35                | 00                         |                | company, contact; return company, contact; service
4302 4304-4306           |   ?   | X..70                | 00                         |                | ship-to address, suburb, place, region
4303                     |   ?   | X..70                | 4302                       |                | ship-to address, second line
4307 4317                |   ?   | X2                   | 00                         |                | ship-to and return-to country
4308 4319                |   ?   | X..30                | 00                         |                | ship-to and return-to telephone
4309                     |   ?   | N10 N10              | 00                         |                | ship-to latitude and longitude
4312 4314-4316           |   ?   | X..70                | 00                         |                | return-to address, suburb, place, region
4313                     |   ?   | X..70                | 4312                       |                | return-to address, second line
4318                     |   ?   | X..20                | 00                         |                | return-to postal code
4321-4323                |   ?   | N1                   | 00                         |                | dangerous goods, authority to leave, signature
4324 4325                |   ?   | N6:month_or_date N4:time | 00                     |                | not before, not after
4326                     |   ?   | N6:date              | 00                         |                | release date
4330                     |   ?   | N6 [X1]              | 00                         | 4331           | highest temperature, Fahrenheit
4331                     |   ?   | N6 [X1]              | 00                         | 4330           | highest temperature, Celsius
4332                     |   ?   | N6 [X1]              | 00                         | 4333           | lowest temperature, Fahrenheit
4333                     |   ?   | N6 [X1]              | 00                         | 4332           | lowest temperature, Celsius
7001                     |   ?   | N13                  | 01 02 8006 8026            |                | NATO stock number
7002                     |   ?   | X..30                | 01 02                      |                | meat cut
7003                     |   ?   | N6:date N4:time      | 01 02                      |                | expiry date and time
7004                     |   ?   | N..4                 | 01 & 10                    |                | active potency
7005                     |   ?   | X..12                | 01 02                      |                | catch area
7006                     |   ?   | N6:date              | 01 02                      |                | first freeze date
7007                     |   ?   | N6:date [N6:date]    | 01 02                      |                | harvest date or period
7008                     |   ?   | X..3                 | 01 02                      |                | aquatic species
7009                     |   ?   | X..10                | 01 02                      |                | fishing gear
7010                     |   ?   | X..2                 | 01 02                      |                | production method
7011                     |   ?   | N6:date [N4:time]    | 01 02                      |                | test-by date
7020                     |   ?   | X..20                | 01 8006 & 416              |                | refurbishment lot
7021                     |   ?   | X..20                | 01 8006                    |                | functional status
7022                     |   ?   | X..20                | 7021                       |                | revision status
7023                     |   ?   | X..30:prefix         |                            |                | assembly (GIAI)
7030-7039                |   ?   | N3:country_or_999 X..27 | 01 02                   |                | processor's approval number with country
7040                     |       | N1 X3                |                            |                | unique identification code with extensions
7041                     |   ?   | X..4                 | 00                         |                | freight unit type
710-716                  |   ?   | X..20                | 01                         |                | national healthcare number
7230-7239                |   ?   | X2 X..28             | 01 8004                    |                | certification reference
7240                     |   ?   | X..20                | 01 8006                    |                | protocol
7241                     |   ?   | N2                   | 8017 8018                  |                | media type
7242                     |   ?   | X..25                | 8017 8018                  |                | version control number
8001                     |   ?   | N4 N5 N3 N1 N1       | 01                         |                | roll dimensions
8002                     |   ?   | X..20                |                            |                | mobile telephone number
8003                     |   ?   | N1:zero N13:key [X..16] |                         |                | returnable asset (GRAI)
8004                     |   ?   | X..30:prefix         |                            |                | individual asset (GIAI)
8005                     |   ?   | N6                   | 01 02                      |                | price per unit of measure
8006                     |   ?   | N14:key N4:piece     |                            | 01 37          | piece of a trade item (ITIP)
8007                     |   ?   | X..34                | 415                        |                | bank account (IBAN)
8008                     |   ?   | N6:date N2:hour [N2:minute] [N2:minute] | 01 02   |                | production date and time
8009                     |   ?   | X..50                | 00 01                      |                | sensor
8010                     |   ?   | Y..30                |                            |                | component or part (CPID)
8011                     |       | N..12                | 8010                       |                | serial of a component
8012                     |   ?   | X..20                | 01 8006                    |                | software version
8013                     |   ?   | X..25                |                            |                | model (GMN)
8017                     |   ?   | N18:key              |                            | 8018           | service provider (GSRN)
8018                     |   ?   | N18:key              |                            | 8017           | service recipient (GSRN)
8019                     |       | N..10                | 8017 8018                  |                | service instance
8020                     |       | X..25                | 415                        |                | payment reference
8026                     |   ?   | N14:key N4:piece     | 37                         | 02 8006        | pieces in a logistic unit
8030                     |   ?   | Z..90                | 00 01 253 255 8003 8004 8006 8010 8017 8018 |  | digital signature
8110 8112                |   ?   | X..70                |                            |                | North American coupon
8111                     |   ?   | N4                   | 255                        |                | loyalty points
8200                     |       | X..70                | 01                         |                | product URL
90                       |   ?   | X..30                |                            |                | agreed between partners
91-99                    |   ?   | X..90                |                            |                | internal
"""  # noqa: E501 - a table that wraps cannot be read
"""One row per group of AIs that share a rule.

Identifiers: `310n` stands for 3100 to 3105 (the last digit counts decimals), `390m` for 3900 to
3909, `394k` for 3940 to 3943. Flags: `=` has a predefined length, so no separator follows it; `?`
may stand in the query of a Digital Link. Format: N digits, X character set 82, Y set 39, Z
base64url; `6` exactly, `..20` at most; brackets: may be absent; after a colon: what the contents
must be. A name in the last two rule columns also stands for every AI that begins with it (31 for
3100 to 3169), and `self` for the row's other AIs with the same first three digits.
"""

_LAST_DECIMALS = {"n": 6, "m": 10, "k": 4}


@dataclass(frozen=True, slots=True)
class Component:
    """One part of a value: its character set, lengths, and what its contents must be."""

    characters: str
    shortest: int
    longest: int
    contents: str
    optional: bool


@dataclass(frozen=True, slots=True)
class ApplicationIdentifier:
    """One AI. In `needs` one name of each group must be present, of `never_with` none.

    Such a name stands for every AI that begins with it.
    """

    ai: str
    components: tuple[Component, ...]
    has_predefined_length: bool
    may_be_attribute: bool
    needs: tuple[tuple[str, ...], ...]
    never_with: tuple[str, ...]
    meaning: str

    @property
    def longest(self) -> int:
        """The greatest number of characters of a value."""
        return sum(component.longest for component in self.components)


@cache
def table() -> dict[str, ApplicationIdentifier]:
    """Return every AI by its digits. The text is read once, when first asked for."""
    rows = (line for line in _TABLE.splitlines() if line and not line.startswith("#"))
    return {known.ai: known for row in rows for known in _read_row(row)}


def _read_row(row: str) -> Iterable[ApplicationIdentifier]:
    names, flags, layout, needs, never_with, meaning = (cell.strip() for cell in row.split("|"))
    components = tuple(map(_read_component, layout.split()))
    groups = tuple(tuple(group.split()) for group in needs.split("&") if group.strip())
    for ai in _spell_out(names):
        excluded = tuple(ai[:3] if name == "self" else name for name in never_with.split())
        yield ApplicationIdentifier(
            ai, components, "=" in flags, "?" in flags, groups, excluded, meaning
        )


def _read_component(text: str) -> Component:
    size, _, contents = text.strip("[]").partition(":")
    longest = int(size[1:].lstrip("."))
    shortest = 1 if ".." in size else longest
    return Component(size[0], shortest, longest, contents, optional=text.startswith("["))


def _spell_out(names: str) -> Iterable[str]:
    for name in names.split():
        first, _, last = name.partition("-")
        decimals = _LAST_DECIMALS.get(first[-1], 0)
        start, end = first.rstrip("nmk"), (last or first).rstrip("nmk")
        for number in range(int(start), int(end) + 1):
            ai = f"{number:0{len(start)}}"
            yield from (f"{ai}{digit}" for digit in range(decimals)) if decimals else (ai,)
