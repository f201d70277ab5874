"""What the page of a batch may cost, what it must not tell, and what it does with hostile text."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, Text, inspect
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchInput, BatchPack, BatchState, InputKind
from shop.models.people import Member
from tests import factories
from tests.support.pages import Visitor
from tests.support.shared import CHECKOUT
from tests.support.whole_batch import Statements, Whole, make_whole_batch, stop_clock

BUDGET = 14 * 1024
SCRIPTS = ("main.js", "share.js", "copy.js")
MOST_STATEMENTS = 4


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)


@pytest.fixture
def whole(app_session: Session) -> Whole:
    return make_whole_batch(app_session)


def add_inputs(session: Session, whole: Whole, count: int) -> None:
    """Let many households hand over, each from a plot that was sprayed."""
    people = [
        Member(
            seller_id=whole.seller.id, code=f"tv-{number}", party_id=f"p-{number}", kind="member",
            full_name=f"Người Thứ {number}", show_name=number % 2 == 0,
        )
        for number in range(2, 2 + count // 2)
    ]  # fmt: skip
    session.add_all(people)
    session.flush()
    for person in people:
        day = whole.harvest.harvested_on
        assert day is not None
        delivery = factories.make_batch(
            session, whole.product, kind="delivery", lot=f"CHEN-{person.id}"
        )
        session.add_all(
            [
                BatchInput(
                    batch_id=whole.batch.id, kind=InputKind.RAW_MATERIAL, name="Búp chè tươi",
                    quantity_g=1_000, member_id=person.id, harvested_on=day,
                    source_id=delivery.id, supplier=f"Nhà {person.id}",
                ),
                BatchInput(
                    batch_id=whole.batch.id, kind=InputKind.PESTICIDE, name="Matrine 0,6 %",
                    member_id=person.id, applied_on=day - timedelta(days=9), harvested_on=day,
                    phi_days=5,
                ),
            ]
        )  # fmt: skip
    session.commit()


@pytest.mark.parametrize("inputs", [0, 300])
def test_a_page_takes_four_statements_whatever_the_amount_of_data(
    app: Flask, client: FlaskClient, app_session: Session, whole: Whole, inputs: int
) -> None:
    add_inputs(app_session, whole, inputs)
    engine: Engine = app.extensions["dacsan_engine"]

    with Statements(engine) as statements:
        answer = client.get(whole.path)

    assert answer.status_code == 200
    assert 0 < len(statements.asked) <= MOST_STATEMENTS


def test_a_batch_of_many_deliveries_stays_readable(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    add_inputs(app_session, whole, 300)

    page = visitor.open(whole.path)

    assert "và 70 hộ khác và 75 hộ không nêu tên" in page.text
    assert "150 nơi bán" in page.text
    assert "và 139 phiếu khác" in page.text


def compressed(text: bytes) -> int:
    return len(brotli.compress(text, quality=5))


def test_the_first_visit_to_the_heaviest_demo_batch_fits_the_budget(
    client: FlaskClient, app_session: Session
) -> None:
    static = CHECKOUT / "shop" / "static"
    files = [static / "style.css", *(static / "js" / name for name in SCRIPTS)]
    packs = app_session.query(BatchPack).join(Batch).filter(Batch.state != BatchState.DRAFT)
    paths = [f"/01/{one.pack.gtin}/10/{one.batch.lot}" for one in packs]

    pages = {path: client.get(path, headers={"Accept-Encoding": "br"}) for path in paths}

    assert {answer.headers["Content-Encoding"] for answer in pages.values()} == {"br"}
    rest = sum(compressed(path.read_bytes()) for path in files)
    heaviest = max(pages, key=lambda path: len(pages[path].data))
    assert len(pages[heaviest].data) + rest <= BUDGET, heaviest


def test_the_page_loads_no_script_but_those_that_are_weighed(
    client: FlaskClient, whole: Whole
) -> None:
    page = client.get(whole.path).text

    assert re.findall(r'<script[^>]*src="[^"]*/js/([^"]+)"', page) == ["main.js"]
    assert set(re.findall(r'data-part="([^"]+)"', page)) == {"share"}
    assert re.findall(r"import .* from \"\./(.+)\"", script("share.js")) == ["copy.js"]
    assert "import" not in script("copy.js")


def script(name: str) -> str:
    return Path(CHECKOUT, "shop", "static", "js", name).read_text(encoding="utf-8")


def test_the_page_asks_nobody_else_for_anything(client: FlaskClient, whole: Whole) -> None:
    page = client.get(whole.path).text

    loaded = re.findall(r'(?:src|srcset)="([^"]+)"', page)
    loaded += re.findall(r'<link rel="(?:icon|stylesheet)" href="([^"]+)"', page)
    assert loaded
    assert all(address.startswith("/") for address in loaded)
    assert not re.search(r"<style|\son\w+=|javascript:", page)


def test_phone_birth_year_and_plot_name_of_a_member_are_never_told(
    visitor: Visitor, whole: Whole
) -> None:
    for path in (whole.path, f"/lo/{whole.seller.slug}/{whole.delivery.lot}"):
        page = visitor.open(path)

        assert "Hộ anh Triệu Văn Lim" in page.text
        for secret in ("0912 345 678", "912345678", "1958", "Nương Đồng Mít", "tv-01"):
            assert secret not in page.body
        assert whole.member.party_id not in page.body
        assert whole.plot.party_id not in page.body


def test_without_consent_nobody_is_named(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.member.show_name = False
    app_session.commit()

    page = visitor.open(whole.path)

    assert "Người làm 1 hộ, không nêu tên" in page.text
    assert "Các bước do 1 người của HTX Chè La Bằng làm, không nêu tên." in page.text
    assert "Lim" not in page.body


HOSTILE = "<script>alert('x')</script>\"'><img src=x onerror=alert(1)>&lt;{{7*7}}"
SPARED = {"lot", "gtin", "slug", "key", "extension", "party_id", "unit", "order_prefix"}


def poison(row: Any) -> None:
    """Put hostile text into each free text of a row; addresses must stay ones that exist."""
    for column in inspect(type(row)).columns:
        if type(column.type) is Text and column.key not in SPARED:
            setattr(row, column.key, f"{HOSTILE} {column.key}")


def poison_all(session: Session, whole: Whole) -> None:
    for row in (
        whole.product, whole.pack, whole.batch, whole.member, whole.plot, whole.harvest,
        whole.spraying, whole.step, whole.certificate, whole.seller, *whole.batch.notices,
    ):  # fmt: skip
        poison(row)
    whole.product.ingredients = whole.product.allergens = whole.product.cautions = [HOSTILE]
    whole.spraying.details = {"dose": HOSTILE}
    whole.step.details = {"temp_c": HOSTILE}
    whole.certificate.extra = {"result": HOSTILE}
    session.commit()


@pytest.mark.parametrize("is_recalled", [False, True])
@pytest.mark.parametrize("name", ["batch", "certificate", "delivery"])
def test_hostile_text_in_any_field_is_shown_as_text(
    visitor: Visitor, app_session: Session, whole: Whole, name: str, is_recalled: bool
) -> None:
    if is_recalled:
        factories.make_notice(app_session, whole.batch)
    poison_all(app_session, whole)
    paths = {
        "batch": whole.path,
        "certificate": f"/giay-to/{whole.certificate.id}",
        "delivery": f"/lo/{whole.seller.slug}/{whole.delivery.lot}",
    }

    page = visitor.open(paths[name])

    assert_harmless(page.body)
    assert HOSTILE.partition("&lt;")[0] in page.text


def assert_harmless(body: str) -> None:
    assert "<script>alert" not in body
    assert "<img src=x" not in body
    assert "{{7*7}}" in body


@pytest.mark.parametrize(
    "path",
    [
        "/01/{gtin}/10/{hostile}",
        "/01/{hostile}",
        "/lo/{hostile}/{hostile}",
        "/tra-cuu?ma={hostile}",
    ],
)
def test_hostile_codes_are_shown_as_text(visitor: Visitor, whole: Whole, path: str) -> None:
    hostile = quote("{{7*7}}<script>alert('x')<\\script>\"><img src=x onerror=alert(1)>")

    page = visitor.open(path.format(gtin=whole.pack.gtin, hostile=hostile), status=404)

    assert_harmless(page.body)


def test_hostile_codes_stand_in_the_report_as_they_were_typed(visitor: Visitor) -> None:
    page = visitor.open(f"/bao-su-co?ma={quote(HOSTILE)}&gtin={quote(HOSTILE)}")

    assert_harmless(page.body)


def test_a_lot_with_all_signs_that_gs1_allows_has_its_page(
    visitor: Visitor, app_session: Session
) -> None:
    lot = "A<b>&\"'%?=+;:_.1"
    whole = make_whole_batch(app_session, lot=lot)

    page = visitor.open(f"/01/{whole.pack.gtin}/10/{quote(lot, safe='')}")

    assert f"Mã in trên gói phải đúng {lot}" in page.text
    assert "<b>&" not in page.body


def test_a_phone_may_ask_for_the_head_of_the_page_alone(client: FlaskClient, whole: Whole) -> None:
    answer = client.head(whole.path)

    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["ETag"] == client.get(whole.path).headers["ETag"]
