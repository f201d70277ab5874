"""Whatever people type, the goods they mean come first, and nothing they type breaks a page."""

import csv
import random
import re
import threading
import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session
from whoosh import index as whoosh_index

from shop import clock
from shop.models.catalog import Pack, Product, ProductState, Seller
from shop.search import engine
from shop.search.find import Found
from shop.search.folding import fold
from shop.search.shelf import Shelf
from shop.services import search
from tests.factories import make_member
from tests.support.pages import Visitor

QUERIES = Path(__file__).with_name("search_queries.csv")
Index = Callable[[], int]
Name = tuple[str, frozenset[int]]


@pytest.fixture
def place(app: Flask) -> Path:
    """Where the index of the application stands."""
    return search.folder(app.extensions["dacsan_settings"])


@pytest.fixture
def shelf(place: Path, index: Index) -> Shelf:
    """The index of the demo."""
    index()
    return Shelf(place)


@pytest.fixture
def names(app_session: Session) -> list[Name]:
    """All names of the demo: packs, producers and places, with the goods that are meant."""
    found: list[Name] = []
    packs = select(Product.id, Product.name, Pack.label).join(Pack)
    for row in app_session.execute(packs):
        found += [(row.name, frozenset({row.id})), (f"{row.name} {row.label}", {row.id})]
    sellers = app_session.scalars(select(Seller)).all()
    said: dict[str, set[int]] = {}
    for seller in sellers:
        goods = {product.id for product in seller.products}
        old = [part.strip() for part in seller.old_address.partition("(")[0].split(",")]
        for name in (seller.short_name, seller.commune, seller.province, *old):
            said.setdefault(name, set()).update(goods)
    return found + [(name, frozenset(goods)) for name, goods in said.items()]


def ids(found: Found) -> list[int]:
    return [product_id for product_id, _tier in found.hits]


def test_each_of_the_questions_written_down_finds_what_is_meant(
    shelf: Shelf, app_session: Session
) -> None:
    slugs = {row.id: row.slug for row in app_session.execute(select(Product.id, Product.slug))}
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))

    wrong = {}
    for row in rows:
        question, first = unicodedata.normalize(row["form"], row["query"]), row["first"].split()
        got = [slugs[one] for one in ids(shelf.find(question))]
        if set(got[: len(first) or None]) != set(first):
            wrong[question] = got[:6]

    assert len(rows) >= 200
    assert wrong == {}


def plain(name: str) -> Iterator[str]:
    yield from (name, fold(name), name.upper(), unicodedata.normalize("NFD", name), name[:3])


def damaged(name: str, chance: random.Random) -> Iterator[str]:
    letters = [place for place, letter in enumerate(name) if letter.isalpha()]
    pairs = [p for p in letters if name[p + 1 : p + 2].isalpha() and name[p] != name[p + 1]]
    for _ in range(3):
        lost, doubled, swapped = (
            chance.choice(letters),
            chance.choice(letters),
            chance.choice(pairs),
        )
        for one in (
            name[:lost] + name[lost + 1 :],
            name[:doubled] + name[doubled] + name[doubled:],
            name[:swapped] + name[swapped + 1] + name[swapped] + name[swapped + 2 :],
        ):
            yield one
            yield fold(one)
    for blank in [place for place, letter in enumerate(name) if letter == " "][:4]:
        yield name[:blank] + name[blank + 1 :]


def test_plain_names_always_find_their_goods(shelf: Shelf, names: list[Name]) -> None:
    missed = [
        typed
        for name, goods in names
        for typed in plain(name)
        if not goods & set(ids(shelf.find(typed))[:10])
    ]

    assert missed == []


@pytest.mark.parametrize("seed", range(2))
def test_names_with_one_slip_find_their_goods(shelf: Shelf, names: list[Name], seed: int) -> None:
    chance = random.Random(seed)

    typed = [(one, goods) for name, goods in names for one in damaged(name, chance)]
    missed = [one for one, goods in typed if not goods & set(ids(shelf.find(one))[:10])]

    assert len(typed) > 1_500
    assert len(missed) <= 0.03 * len(typed), missed[:20]


@pytest.mark.parametrize(
    "question",
    [
        "a" * 5_000,
        "chè " * 500,
        "🍵" * 40,
        "\u0300\u0301",
        "*:*",
        "name_f:[a TO z]",
        "(" * 99,
        "1",
        "0" * 60,
    ],
)
def test_odd_questions_get_a_page(visitor: Visitor, index: Index, question: str) -> None:
    index()

    assert visitor.open(f"/san-pham?q={question}").heading


def test_a_correction_is_said_and_can_be_refused(visitor: Visitor, index: Index) -> None:
    index()

    page = visitor.open("/san-pham?q=gio trugn")
    exactly = page.follow("Tìm đúng “gio trugn”")

    assert "Đang tìm “Giò trứng”." in page.text
    assert "Giò trứng Nộn Khê" in page.text
    assert "Chưa tìm thấy “gio trugn”" in exactly.text


@pytest.mark.parametrize("question", ["green tea", "buy phones"])
def test_two_words_of_eight_letters_are_no_order_code(
    app: Flask, index: Index, question: str
) -> None:
    index()

    assert app.test_client().get(f"/san-pham?q={question}").status_code == 200
    code = app.test_client().get("/san-pham?q=nk kqwfyz")
    assert code.headers["Location"].endswith("code=NKKQWFYZ")


def test_what_is_read_of_a_part_is_not_suggested(app: Flask, shelf: Shelf) -> None:
    found = shelf.find("chè tân cương")

    assert (found.read_as, found.is_part) == ("Chè", True)
    assert app.test_client().get("/goi-y?q=chè tân cương").json == []


def test_what_was_perhaps_meant_is_offered_beside_what_was_found(
    visitor: Visitor, index: Index
) -> None:
    index()

    page = visitor.open("/san-pham?q=gói trứng")

    assert "Có phải bạn tìm “Giò trứng”?" in page.text
    assert "Giò trứng Nộn Khê" in page.follow("“Giò trứng”").text


@pytest.mark.parametrize(
    "question",
    ["dầu đậu phộng", "bánh đa", "vừng", "mè", "Chanh", "ngô", "khoai mì", "giò lợn", "anh"],
)
def test_of_words_that_are_known_nothing_else_is_read(shelf: Shelf, question: str) -> None:
    found = shelf.find(question)

    assert (found.read_as, found.perhaps) == ("", "")


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("che mocs cau", "Chè móc câu"),
        ("giof truwngs", "Giò trứng"),
        ("nuwowcs mawms nam oo", "Nước mắm Nam Ô"),
        ("tiu", "Tiêu"),
        ("gio trugn", "Giò trứng"),
    ],
)
def test_what_is_read_instead_is_said_as_people_write_it(
    shelf: Shelf, typed: str, read: str
) -> None:
    assert shelf.find(typed).read_as == read


@pytest.mark.parametrize("question", ["heo", "thịt heo", "HEO", "thit heo"])
def test_a_word_for_it_elsewhere_widens_what_prose_tells(
    app: Flask, app_session: Session, shelf: Shelf, question: str
) -> None:
    names = dict(app_session.execute(select(Product.id, Product.name)).all())
    found = [names[one] for one in ids(shelf.find(question))]

    assert found.index("Bánh tráng Đại Lộc") < found.index("Giò trứng Nộn Khê")
    assert "Giò trứng Nộn Khê" in app.test_client().get(f"/goi-y?q={question}").json


@pytest.mark.parametrize("question", ["Chanh", "bác Chanh", "co chanh", "CHỊ CHANH"])
def test_goods_of_somebody_come_before_those_whose_place_is_called_alike(
    app_session: Session, place: Path, index: Index, question: str
) -> None:
    honey = app_session.scalars(select(Product).where(Product.slug.startswith("mat-ong"))).one()
    member = make_member(app_session, honey.seller, full_name="Hoàng Thị Chanh", show_name=True)
    honey.member_id = member.id
    app_session.commit()
    index()

    found = ids(Shelf(place).find(question))

    assert found[0] == honey.id
    assert len(found) > 1  # of xã Đại Chánh


def test_a_sorting_that_was_chosen_holds_for_what_was_found(
    visitor: Visitor, index: Index
) -> None:
    index()

    page = visitor.open("/san-pham?q=huế&xep=price")
    found = re.findall(r'class="gia[^"]*">\s*([\d.]+)', page.body)
    prices = [int(price.replace(".", "")) for price in found]

    assert len(prices) >= 4
    assert prices == sorted(prices)


def test_suggestions_come_from_three_letters_on(app: Flask, index: Index) -> None:
    index()
    client = app.test_client()

    assert client.get("/goi-y?q=gi").json == []
    assert "Giò trứng Nộn Khê" in client.get("/goi-y?q=gio").json
    assert client.get("/goi-y").json == []


@pytest.mark.both_databases
def test_what_changed_is_found_after_the_next_turn_and_what_left_is_not(
    app_session: Session, place: Path, shelf: Shelf
) -> None:
    tea, roll = app_session.scalars(select(Product).order_by(Product.id).limit(2))
    tea.name, roll.state = "Trà Tân Cương đặc biệt", ProductState.RETIRED
    app_session.flush()

    changed = search.bring_up_to_date(app_session, place, today=clock.today())
    again = search.bring_up_to_date(app_session, place, today=clock.today())

    assert (changed, again) == ((1, 1), (0, 0))
    assert ids(shelf.find("tan cuong")) == [tea.id]
    assert roll.id not in ids(shelf.find("giò trứng nộn khê"))


def break_nothing(place: Path) -> None:
    (place / "current").unlink()


def break_pointer(place: Path) -> None:
    (place / "current").write_bytes(b"\xff\xfe../../etc")


def break_files(place: Path) -> None:
    for path in (place / engine.current(place)).iterdir():
        path.write_bytes(b"broken")


def break_other_form(place: Path) -> None:
    name = engine.current(place)
    (place / name).rename(place / f"0-{name}")
    (place / "current").write_text(f"0-{name}")


# Whoosh leaves a damaged file open to the collector
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
@pytest.mark.parametrize(
    "damage",
    [break_nothing, break_pointer, break_files, break_other_form],
    ids=lambda f: f.__name__,
)
def test_a_damaged_index_breaks_no_page_and_mends_itself(
    visitor: Visitor, app_session: Session, place: Path, index: Index,
    damage: Callable[[Path], None],
) -> None:  # fmt: skip
    index()
    damage(place)

    page = visitor.open("/san-pham?q=giò")
    search.bring_up_to_date(app_session, place, today=clock.today())
    app_session.rollback()
    mended = visitor.open("/san-pham?q=giò")

    assert "Ô tìm kiếm đang nghỉ. Bạn chọn trong danh sách nhé." in page.text
    assert "Chè xanh La Bằng" in page.text
    assert "Ô tìm kiếm đang nghỉ" not in mended.text
    assert "kết quả cho “giò”" in mended.heading


def test_a_second_writer_waits_for_its_turn_and_searching_goes_on(
    app_session: Session, place: Path, shelf: Shelf
) -> None:
    held = whoosh_index.open_dir(str(place / engine.current(place))).writer()
    tea = app_session.scalars(select(Product).order_by(Product.id).limit(1)).one()
    tea.name = "Trà mới"
    app_session.flush()

    during = ids(shelf.find("che xanh la bang"))
    search.bring_up_to_date(app_session, place, today=clock.today())
    held.cancel()

    assert during[0] == tea.id
    assert ids(Shelf(place).find("tra moi"))[0] == tea.id


def test_searching_goes_on_while_the_index_is_built_anew(
    app_session: Session, place: Path, shelf: Shelf
) -> None:
    stop, answers = threading.Event(), []

    def ask() -> None:
        while not stop.is_set():
            answers.append(len(ids(shelf.find("giò trứng"))) > 0)

    asking = threading.Thread(target=ask)
    asking.start()
    for _ in range(5):
        search.rebuild(app_session, place, today=clock.today())
    stop.set()
    asking.join()

    assert len(answers) > 5
    assert all(answers)


def test_old_builds_are_cleared_away(app_session: Session, place: Path, index: Index) -> None:
    for _ in range(4):
        index()

    assert len([one for one in place.iterdir() if one.is_dir()]) <= 2
