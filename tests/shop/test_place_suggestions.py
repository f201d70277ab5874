"""While a commune is being typed the shop names the places that may be meant."""

from collections.abc import Iterator
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.db import make_engine
from shop.services import addresses, place_suggestions
from tests.factories import TODAY, make_commune


@pytest.fixture
def country(demo_database_url: str) -> Iterator[Session]:
    """All communes of today with what they were made of."""
    engine = make_engine(demo_database_url)
    with Session(engine) as opened:
        yield opened
    engine.dispose()


def suggested(session: Session, typed: str) -> list[str]:
    return [one.words for one in place_suggestions.suggest(session, typed, day=TODAY)]


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("la ba", "Xã La Bằng, Tỉnh Thái Nguyên"),
        ("Xã La B", "Xã La Bằng, Tỉnh Thái Nguyên"),
        ("x. la bằng", "Xã La Bằng, Tỉnh Thái Nguyên"),
        ("la bang, thai n", "Xã La Bằng, Tỉnh Thái Nguyên"),
        ("văn miếu quốc", "Phường Văn Miếu - Quốc Tử Giám, Thành phố Hà Nội"),
        ("Văn Lăng", "Xã Văn Lăng, Tỉnh Thái Nguyên"),
        ("Văn Lang", "Xã Văn Lang, Tỉnh Thái Nguyên"),
    ],
)
def test_a_name_that_is_begun_proposes_whole_ones(
    country: Session, typed: str, first: str
) -> None:
    assert suggested(country, typed)[0] == first


def test_an_old_name_leads_to_what_it_became_and_is_told(country: Session) -> None:
    found = place_suggestions.suggest(country, "xã Quảng Thọ, huyện Quảng Đ", day=TODAY)

    assert [(one.commune.code, one.is_former) for one in found] == [("19867", True)]


@pytest.mark.parametrize("typed", ["", "l", "  ", ",", "%%", "__", "không có nơi nào"])
def test_too_little_and_nonsense_propose_nothing(country: Session, typed: str) -> None:
    assert suggested(country, typed) == []


def test_no_more_are_proposed_than_a_phone_can_show(country: Session) -> None:
    assert len(suggested(country, "tan")) == place_suggestions.MOST


def test_what_is_taken_from_the_list_is_understood_or_asked_about(country: Session) -> None:
    for typed in ("la ba", "tan tien", "van lang", "ba to", "quang tho", "mong cai", "1"):
        for one in place_suggestions.suggest(country, typed, day=TODAY):
            found = addresses.resolve(country, one.words, day=TODAY)
            assert one.commune.code in [
                known.code for known in (found.commune, *found.proposals) if known
            ]


@pytest.mark.both_databases
def test_only_communes_of_the_day_are_proposed(session: Session) -> None:
    old = "xa cu ky, huyen dai tu, tinh bac thai"
    make_commune(session, old_names=f"xa khac, huyen x, tinh y\n{old}")
    make_commune(session, code="00001", name="Xã Cũ Kỹ", valid_to=date(2026, 1, 1))

    found = place_suggestions.suggest(session, "Cũ K", day=TODAY)

    assert [(one.commune.code, one.is_former) for one in found] == [("05818", True)]


def test_a_browser_keeps_the_answer_for_a_while(client: FlaskClient) -> None:
    answer = client.get("/xa-phuong?q=quang+tho,+quang+dien")

    assert answer.json == [{"code": "19867", "words": answer.json[0]["words"], "note": "tên cũ"}]
    assert answer.headers["Cache-Control"] == "public, max-age=3600"
    assert "Set-Cookie" not in answer.headers
    assert client.get("/en/xa-phuong?q=quang+tho,+quang+dien").json[0]["note"] == "old name"
    assert client.get("/xa-phuong").json == []
    assert client.get("/xa-phuong?q=" + "a" * 5000).json == []
