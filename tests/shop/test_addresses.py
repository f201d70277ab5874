"""A commune is found as people type it, and never silently taken for another."""

import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.db import make_engine
from shop.models.addresses import Commune
from shop.services import addresses
from tests.factories import TODAY, make_commune


@pytest.fixture
def country(demo_database_url: str) -> Iterator[Session]:
    """All communes of today with what they were made of."""
    engine = make_engine(demo_database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def sure(session: Session, typed: str) -> tuple[str, str] | None:
    found = addresses.resolve(session, typed, day=TODAY).commune
    return (found.code, found.province_code) if found else None


def asked(session: Session, typed: str, province_code: str = "") -> list[str]:
    found = addresses.resolve(session, typed, day=TODAY, province_code=province_code)
    assert found.commune is None
    return [commune.code for commune in found.proposals]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("la bang", ("05818", "19")),
        ("La Bằng", ("05818", "19")),
        ("xã La Bằng", ("05818", "19")),
        ("X. La Bằng", ("05818", "19")),
        ("XÃ LA BẰNG", ("05818", "19")),
        ("cam lo", ("19597", "44")),
        ("Xã La Bằng, Tỉnh Thái Nguyên", ("05818", "19")),
        ("van mieu quoc tu giam", ("00226", "01")),
        ("Phường Văn Miếu - Quốc Tử Giám", ("00226", "01")),
        ("xã Yên Từ, Ninh Bình", ("14728", "37")),
        ("Tân Tiến, Lạng Sơn", ("06019", "20")),
    ],
)
def test_a_name_that_fits_once_is_found(
    country: Session, typed: str, code: tuple[str, str]
) -> None:
    assert sure(country, typed) == code


def test_decomposed_letters_find_the_same(country: Session) -> None:
    assert sure(country, unicodedata.normalize("NFD", "La Bằng")) == ("05818", "19")


def test_the_tone_may_stand_on_the_other_vowel(session: Session) -> None:
    make_commune(session, code="00199", name="Xã Hoà Xá", province_code="01", province="Hà Nội")

    found = addresses.resolve(session, "Hòa Xá", day=TODAY)

    assert found.commune is not None


def test_the_name_as_it_is_written_comes_first(country: Session) -> None:
    assert asked(country, "yen tu") == ["06832", "14728"]
    assert asked(country, "Yên Từ") == ["14728", "06832"]


def test_names_that_stand_in_several_provinces_are_asked_about(country: Session) -> None:
    assert asked(country, "thuong duc") == ["18328", "20506"]
    assert len(asked(country, "tan tien")) == 8


def test_the_chosen_province_decides_between_them(country: Session) -> None:
    found = addresses.resolve(country, "thuong duc", day=TODAY, province_code="48")

    assert found.commune is not None
    assert found.commune.code == "20506"


def test_a_closed_commune_leads_to_what_it_went_into(country: Session) -> None:
    found = addresses.resolve(country, "quang tho", day=TODAY)

    assert found.commune is None
    assert found.is_former
    assert "19867" in [commune.code for commune in found.proposals]


def test_the_old_district_picks_among_what_was_once_called_so(country: Session) -> None:
    assert asked(country, "xã Quảng Thọ, huyện Quảng Điền") == ["19867"]
    assert asked(country, "xã Quảng Thọ, huyện Quảng Điền, thành phố Huế") == ["19867"]


def test_other_marks_are_another_place(country: Session) -> None:
    proposed = asked(country, "Đại Thạnh")

    assert {"00664", "31411", "20542"} <= set(proposed)


def test_an_unknown_name_proposes_nothing(country: Session) -> None:
    assert asked(country, "Xã Không Có Thật") == []


def test_a_commune_that_was_closed_since_is_not_found(session: Session) -> None:
    make_commune(session, valid_to=date(2026, 1, 1))

    assert sure(session, "La Bằng") is None


def test_provinces_stand_in_the_order_of_the_alphabet(country: Session) -> None:
    names = [name for _, name in addresses.provinces(country, day=TODAY)]

    assert len(names) == 34
    assert names[0] == "Tỉnh An Giang"
    assert names.index("Thành phố Đà Nẵng") > names.index("Tỉnh Cà Mau")


@pytest.mark.parametrize(
    ("typed", "province"),
    [
        ("Hà Nội", "01"), ("ha noi", "01"), ("hn", "01"), ("TP. Hà Nội", "01"),
        ("Nghệ An", "40"), ("tinh nghe an", "40"), ("Thanh Hóa", "38"), ("Hải Phòng", "31"),
        ("Thái Nguyên", "19"), ("Quảng Ninh", "22"), ("HCM", "79"), ("Sài Gòn", "79"),
        ("tỉnh Nam Định", "37"), ("Hà Giang", "08"),
    ],
)  # fmt: skip
def test_a_province_alone_is_that_province_and_no_commune_of_a_like_name(
    country: Session, typed: str, province: str
) -> None:
    found = addresses.resolve(country, typed, day=TODAY)

    assert (found.commune, list(found.proposals)) == (None, [])
    assert (found.province_code, found.is_province) == (province, True)


@pytest.mark.parametrize(
    ("typed", "province", "part"),
    [
        ("Vinh", "40", "Phường Thành Vinh"),
        ("tp vinh, nghe an", "40", "Phường Trường Vinh"),
        ("da lat", "68", "Phường Xuân Hương - Đà Lạt"),
        ("tp thủ đức", "79", "Phường Thủ Đức"),
        ("Ban Mê Thuột", "66", "Phường Buôn Ma Thuột"),
        ("quận 3", "79", "Phường Bàn Cờ"),
    ],
)
def test_a_town_of_before_leads_to_what_it_is_now(
    country: Session, typed: str, province: str, part: str
) -> None:
    found = addresses.resolve(country, typed, day=TODAY)

    assert found.commune is None
    assert part in [commune.name for commune in found.proposals]
    assert {commune.province_code for commune in found.proposals} == {province}


def test_the_province_that_was_typed_decides_among_like_names(country: Session) -> None:
    assert asked(country, "Yen Tu, Yen Mo, Ninh Binh") == ["14728"]
    assert len(asked(country, "Xã Tân Tiến, tỉnh Hà Giang")) == 1


def test_a_bare_name_that_was_elsewhere_too_is_asked_about(country: Session) -> None:
    names = {
        (commune.name, commune.province_code)
        for commune in addresses.resolve(country, "Văn Miếu", day=TODAY).proposals
    }

    assert {("Xã Văn Miếu", "25"), ("Phường Văn Miếu - Quốc Tử Giám", "01")} <= names


LINES = [
    ("p. 5 q3", "?27154"),
    ("P.5, Q.3, TP.HCM", "?27154"),
    ("p5 q3 sg", "?27154"),
    ("xã Quảng Thọ, huyện Quảng Điền, tỉnh Thừa Thiên Huế", "?19867"),
    ("tt Sịa", "?19867"),
    ("tt. Sịa, Quảng Điền, TTH", "?19867"),
    ("xã Đăk Hà, Kon Tum", "=23500"),
    ("Đắk Hà, Quảng Ngãi", "=23500"),
    ("Thái Nguyên, xã La Bằng", "=05818"),
    ("Ha Noi, phuong Ba Dinh", "=00004"),
    ("Xóm La Bằng xã La Bằng tỉnh Thái Nguyên", "=05818"),
    ("xom la bang la bang thai nguyen", "?05818"),
    ("La Bằng, Đại Từ, Thái Nguyên", "=05818"),
    ("12 ngõ Văn Hương, phường Văn Miếu Quốc Tử Giám, Hà Nội", "=00226"),
    ("số 5 đường Lê Lợi p Bến Thành tphcm", "=26743"),
    ("la bag, thai nguyen", "?05818"),
    ("la abng, thai nguyen", "?05818"),
    ("La Bằng, Huế", "?05818"),
    ("Văn Lãng, Thái Nguyên", "?05665"),
    ("Dĩ An, Bình Dương", "=25942"),
    ("phường Bến Nghé, Q.1, Sài Gòn", "?26740"),
]


@pytest.mark.parametrize(("typed", "expected"), LINES)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_a_line_as_people_write_it_is_found_or_asked_about(
    country: Session, typed: str, expected: str, form: str
) -> None:
    found = addresses.resolve(country, unicodedata.normalize(form, typed), day=TODAY)

    sign = "?" if found.commune is None else "="
    first = found.commune or found.proposals[0]
    assert sign + first.code == expected


def test_a_district_alone_proposes_what_it_became(country: Session) -> None:
    assert asked(country, "Q.1 Sài Gòn") == ["26737", "26740", "26743", "26758"]


def test_a_province_alone_is_known_though_no_commune_is(country: Session) -> None:
    found = addresses.resolve(country, "TP.HCM", day=TODAY)

    assert (found.commune, list(found.proposals), found.province_code) == (None, [], "79")


def test_the_written_address_of_every_commune_finds_it_or_asks(country: Session) -> None:
    wrong = []
    communes = country.scalars(select(Commune)).all()
    for commune in communes[::16]:
        line = f"{commune.name}, {commune.province}"
        found = addresses.resolve(country, line, day=TODAY)
        if found.commune is not commune:
            wrong.append((line, found.commune and found.commune.name))

    assert len(communes) == 3321
    assert [line for line in wrong if line[1] is not None] == []
    assert wrong == []
