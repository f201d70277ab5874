"""Offices say which words mean one thing, and searching goes by it after a turn of the worker."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop import clock
from shop.errors import FieldRefused
from shop.jobs import reindex
from shop.models.catalog import Product
from shop.models.people import AuditEntry, Role
from shop.models.search import SynonymGroup
from shop.search.shelf import Shelf
from shop.services import search, synonyms
from shop.services.actors import SYSTEM
from tests import factories
from tests.support.office import Office, open_office
from tests.support.pages import Page, Visitor

PATH = "/quan-ly/tu-cung-nghia"


@pytest.fixture
def visitor(office: Office) -> Visitor:
    return office.visitor(Role.OFFICE)


def turn(app: Flask, office: Office) -> None:
    """Let the worker take its turn."""
    office.session.commit()
    settings = app.extensions["dacsan_settings"]
    reindex.run(app.extensions["dacsan_engine"], settings, now=office.now)


def found(app: Flask, typed: str) -> Page:
    return Visitor.of(app.test_client()).open(f"/san-pham?q={typed}")


def added(page: Page, words: str, status: int = 200) -> Page:
    return page.submit({"words": words}, form=PATH, status=status)


def groups(session: Session) -> list[list[str]]:
    session.rollback()
    rows = session.scalars(select(SynonymGroup).order_by(SynonymGroup.id)).all()
    told = [list(row.words) for row in rows]
    session.commit()
    return told


@pytest.mark.both_databases
def test_a_group_finds_goods_by_the_other_word_and_stops_when_it_is_taken_out(
    app: Flask, office: Office, visitor: Visitor
) -> None:
    level = office.level(
        pack=factories.make_pack(
            office.session,
            factories.make_product(office.session, office.seller, name="Cà gai leo sấy khô"),
        )
    )
    name = level.batch_pack.pack.product.name
    turn(app, office)
    before = found(app, "cây quạnh")
    page = added(
        visitor.open("/quan-ly/san-pham").follow("Từ cùng nghĩa khi tìm"), "cà gai leo, cây quạnh"
    )
    assert "cà gai leo, cây quạnh" in page.text

    turn(app, office)
    after = [found(app, typed).text for typed in ("cây quạnh", "CAY QUANH", "cay quanh say")]
    page.submit(form="/bo")
    turn(app, office)
    gone = found(app, "cây quạnh")

    assert "Chưa tìm thấy" in before.text
    assert all(name in text and "Chưa tìm thấy" not in text for text in after)
    assert "Chưa tìm thấy" in gone.text
    acts = office.session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [act for act in acts if act.startswith("synonyms")] == [
        "synonyms_added",
        "synonyms_removed",
    ]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Ghi ít nhất hai từ"),
        ("lạc", "Ghi ít nhất hai từ"),
        ("lạc,, ,", "Ghi ít nhất hai từ"),
        ("che, chè", "“chè” đã có trong nhóm"),
        ("a, bắp", "“a” mới có một chữ cái"),
        ("ngô, <b>bắp</b>", "mã lạ"),
        ("ngô, b@p", "có dấu lạ"),
        ("ngô, một hai ba bốn năm", "dài quá"),
        ("ngô, " + "b" * 90, "dài quá"),
        (",".join(f"từ {letter}a" for letter in "abcdefghij"), "Nhiều từ quá"),
        ("chè, trà", "đã có rồi"),
        ("TRA = CHE", "đã có rồi"),
        ("ngô, \x00bắp", ""),
    ],
)
def test_what_is_no_group_is_told_beside_the_field_and_stays(
    office: Office, visitor: Visitor, typed: str, said: str
) -> None:
    page = added(visitor.open(PATH), typed, status=422)

    assert said in page.text
    assert groups(office.session) == []


def test_words_are_taken_as_people_divide_them(office: Office, visitor: Visitor) -> None:
    page = visitor.open(PATH)
    for typed in (
        "  hành tím ,  củ nén",
        "mướp = mướp hương",
        "rau càng cua; càng cua\r\ntiêu rừng",
    ):
        page = added(page, typed)

    assert groups(office.session) == [
        ["hành tím", "củ nén"],
        ["mướp", "mướp hương"],
        ["rau càng cua", "càng cua", "tiêu rừng"],
    ]
    added(page, "Củ nén, HÀNH TÍM", status=422)


@pytest.mark.both_databases
def test_the_same_group_added_at_once_by_two_is_there_once(office: Office) -> None:
    by: dict[str, Any] = {"actor": SYSTEM, "now": office.now}
    synonyms.add(office.session, office.seller, ["củ nén", "hành tăm"], **by)

    with pytest.raises(FieldRefused) as refused:
        synonyms.add(office.session, office.seller, ["Hành Tăm", "củ nén"], **by)

    assert refused.value.sentence_code == "synonyms_known"


def test_groups_of_another_seller_are_shown_and_stay(
    app: Flask, app_session: Session, office: Office, visitor: Visitor
) -> None:
    other = open_office(app, app_session)
    synonyms.add(
        office.session, other.seller, ["củ nén", "hành tăm"], actor=SYSTEM, now=office.now
    )
    office.session.commit()

    page = visitor.open(PATH)

    assert "củ nén, hành tăm" in page.text
    assert "Bỏ nhóm" not in page.text


def test_no_group_pushes_goods_away_that_have_the_word_itself(
    app: Flask, app_session: Session, index: Callable[[], int]
) -> None:
    index()
    place = search.folder(app.extensions["dacsan_settings"])
    names = dict(app_session.execute(select(Product.id, Product.name)).all())
    seller = app_session.scalars(select(Product)).first().seller
    before = {name: Shelf(place).find(name).hits[0] for name in names.values()}
    for words in (["chè", "giò"], ["mật ong", "tiêu"], ["rau má", "bánh"], ["khô", "ép"]):
        synonyms.add(
            app_session,
            seller,
            words,
            actor=SYSTEM,
            now=clock.now(),
        )
    index()

    assert {name: Shelf(place).find(name).hits[0] for name in names.values()} == before
    app_session.rollback()
