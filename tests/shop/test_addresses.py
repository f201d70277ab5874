"""A commune is found as people type it, and never silently taken for another."""

import unicodedata
from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy.orm import Session

from shop.db import make_engine
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
