"""A page that a browser keeps is confirmed by one look-up, and only while it is the same."""

from collections.abc import Callable

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from sqlalchemy import insert, text, update
from sqlalchemy.orm import Session

from shop.models import Model
from shop.models.batches import BatchNotice, NoticeKind, ProblemReport
from shop.models.catalog import Pack, Photo, ProductState
from shop.models.inventory import StockLevel
from shop.models.page_versions import PageVersion
from shop.models.people import Role
from shop.page_sources import STANDS_ON, UNSEEN
from tests import factories
from tests.support.kept import copies, is_confirmed, paths
from tests.support.office import sign_in
from tests.support.whole_batch import Statements, Whole, make_whole_batch, stop_clock


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests put their own goods on the shelf."""
    return database_url


@pytest.fixture
def whole(app_session: Session, monkeypatch: pytest.MonkeyPatch) -> Whole:
    """One batch with everything about it, on sale, on the day of the factories."""
    stop_clock(monkeypatch)
    return make_whole_batch(app_session)


def test_every_table_is_said_to_show_on_pages_or_not() -> None:
    tables = set(Model.metadata.tables)
    shown = {model.__tablename__ for model in STANDS_ON}

    assert shown | UNSEEN == tables
    assert shown & UNSEEN == set()


@pytest.mark.both_databases
def test_a_page_that_did_not_change_costs_one_look_up_and_no_rendering(
    app: Flask, client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    kept = copies(client, paths(app_session))
    app_session.commit()
    rendered: list[str] = []

    def note(_app: Flask, template: object, **_: object) -> None:
        rendered.append(str(template))

    template_rendered.connect(note, app)
    asked = {}
    for path, copy in kept.items():
        with Statements(app.extensions["dacsan_engine"]) as statements:
            answer = client.get(path, headers={"If-None-Match": copy.tag})
        asked[path] = (answer.status_code, answer.data, len(statements.asked))
        assert "page_version" in statements.asked[0]
        assert answer.headers["ETag"] == copy.tag
        assert answer.headers["Cache-Control"] == "no-cache"
        assert "Accept-Encoding" in answer.headers["Vary"]

    assert set(asked.values()) == {(304, b"", 1)}
    assert len(asked) == 8
    assert rendered == []


@pytest.mark.parametrize(
    ("header", "status"),
    [
        ("{tag}", 304),
        ("{strong}", 304),
        ('"other", {tag}', 304),
        ("*", 304),
        ('W/"other"', 200),
        ("{other}", 200),
        ("", 200),
    ],
)
def test_a_question_is_read_as_the_standard_says(
    client: FlaskClient, whole: Whole, header: str, status: int
) -> None:
    tag = client.get(whole.path).headers["ETag"]
    other = client.get(f"{whole.path}?a=1").headers["ETag"]
    said = header.format(tag=tag, strong=tag.removeprefix("W/"), other=other)

    got = client.get(whole.path, headers={"If-None-Match": said})
    looked = client.head(whole.path, headers={"If-None-Match": said})

    assert (got.status_code, looked.status_code) == (status, status)
    assert looked.data == b""
    assert got.headers["ETag"] == looked.headers["ETag"] == tag


def test_languages_queries_and_packings_have_tags_of_their_own(
    client: FlaskClient, whole: Whole
) -> None:
    plain = client.get(whole.path).headers["ETag"]
    packed = client.get(whole.path, headers={"Accept-Encoding": "br"})
    english = client.get(f"/en{whole.path}").headers["ETag"]

    assert packed.headers["Content-Encoding"] == "br"
    assert packed.headers["ETag"] == plain  # a weak tag says the same page, not the same bytes
    assert plain.startswith("W/")
    assert english != plain


ACTS: dict[str, tuple[Callable[[Session, Whole], object], set[str]]] = {}
"""By what happens: the act, and the kinds of pages that must not be confirmed after it."""


def act(name: str, *kinds: str) -> Callable[[Callable[[Session, Whole], object]], None]:
    """Note an act with the pages that it changes."""

    def note(do: Callable[[Session, Whole], object]) -> None:
        ACTS[name] = do, set(kinds)

    return note


@act("a recall", "batch", "home", "seller", "product", "list")
def _(session: Session, whole: Whole) -> object:
    return factories.make_notice(session, whole.batch)


@act("a hold, and its words by a statement", "batch", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> object:
    notice = factories.make_notice(session, whole.batch, kind=NoticeKind.HOLD)
    session.commit()
    return session.execute(
        update(BatchNotice).where(BatchNotice.id == notice.id).values(reason="Khác")
    )


@act("a price", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> None:
    whole.pack.price_vnd += 1_000


@act("a price by a statement", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> object:
    return session.execute(update(Pack).where(Pack.gtin == whole.pack.gtin).values(price_vnd=1))


@act("a price by plain SQL", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> object:
    return session.execute(text("UPDATE pack SET price_vnd = 5"))


@act("a name", "batch", "product", "list", "home", "seller", "certificate")
def _(session: Session, whole: Whole) -> None:
    whole.product.name = "Chè khác"


@act("some are sold", "product")
def _(session: Session, whole: Whole) -> None:
    _level(session, whole, left=2)


@act("the last is sold", "product", "list", "home", "seller", "batch")
def _(session: Session, whole: Whole) -> None:
    _level(session, whole, left=0)


@act("a paper is withdrawn", "batch", "product", "list", "home", "seller", "certificate")
def _(session: Session, whole: Whole) -> None:
    whole.certificate.revoked_on = factories.TODAY


@act("a paper more", "batch", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> object:
    return factories.make_certificate(
        session, whole.seller, kind="organic", title="Hữu cơ", products=[whole.product]
    )


@act("a picture", "batch", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> object:
    return session.execute(
        insert(Photo).values(
            product_id=whole.product.id, key="khac", extension="webp", width=640, height=480,
            position=-1, created_at=factories.NOW, alt="", is_sample=False,
        )
    )  # fmt: skip


@act("a picture goes", "batch", "product", "list", "home", "seller")
def _(session: Session, whole: Whole) -> None:
    session.delete(whole.photo)


@act("a consent taken back", "batch", "bulk", "seller")
def _(session: Session, whole: Whole) -> None:
    whole.member.show_name = False


@act("the seller's phone", "batch", "product", "seller", "certificate", "bulk")
def _(session: Session, whole: Whole) -> None:
    whole.seller.phone = "+84912000000"


@act("a way of delivery", "product")
def _(session: Session, whole: Whole) -> object:
    return factories.make_delivery(session, whole.seller)


@act("a step told anew", "batch")
def _(session: Session, whole: Whole) -> None:
    whole.step.name = "Sao lại"


@act("a name that is nobody's business")
def _(session: Session, whole: Whole) -> None:
    whole.member.phone = "+84912000001"
    whole.batch.note = "riêng"


@act("a product taken off the shelf", "product", "list", "home", "seller", "certificate", "batch")
def _(session: Session, whole: Whole) -> None:
    whole.product.state = ProductState.RETIRED


@act("a place that sells online no more", "product", "list", "home", "seller", "batch")
def _(session: Session, whole: Whole) -> None:
    factories.online_place(session, whole.seller).sells_online = False


@act("a report of somebody")
def _(session: Session, whole: Whole) -> None:
    told = ProblemReport(seller_id=whole.seller.id, text="Gói rách", made_at=factories.NOW)
    session.add(told)


def _level(session: Session, whole: Whole, *, left: int) -> None:
    for level in session.query(StockLevel).filter_by(batch_pack_id=whole.batch_pack.id):
        level.reserved = level.on_hand - left


def _pages(whole: Whole) -> dict[str, str]:
    return {
        "batch": whole.path,
        "product": f"/san-pham/{whole.product.slug}",
        "list": "/san-pham",
        "home": "/",
        "seller": f"/htx/{whole.seller.slug}",
        "certificate": f"/giay-to/{whole.certificate.id}",
        "bulk": f"/lo/{whole.seller.slug}/{whole.delivery.lot}",
    }


def test_each_act_is_seen_by_the_pages_it_changes_and_by_no_others(
    client: FlaskClient, app_session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_clock(monkeypatch)
    complaints = []
    for name, (do, expected) in ACTS.items():
        whole = make_whole_batch(app_session)
        app_session.commit()
        pages = _pages(whole)
        before = copies(client, pages.values())

        do(app_session, whole)
        app_session.commit()

        after = copies(client, pages.values())
        changed = {kind for kind, path in pages.items() if before[path].body != after[path].body}
        confirmed = {
            kind for kind, path in pages.items() if is_confirmed(client, path, before[path].tag)
        }
        if missed := changed - expected:
            complaints.append(f"{name} changes also {missed}")
        if wrong := confirmed & (changed | expected):
            complaints.append(f"after {name} still confirmed: {wrong}")
        if not expected and (lost := set(pages) - confirmed):
            complaints.append(f"{name} shows nowhere, but no longer confirmed: {lost}")

    assert complaints == []


def test_a_change_that_was_rolled_back_shows_nowhere(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    tag = client.get(whole.path).headers["ETag"]
    whole.step.name = "Sao lại"
    app_session.flush()
    app_session.rollback()

    app_session.commit()

    assert is_confirmed(client, whole.path, tag)


@pytest.mark.both_databases
def test_what_a_savepoint_keeps_is_counted_and_versions_only_grow(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    tag = client.get(whole.path).headers["ETag"]
    row = app_session.get_one(PageVersion, ("batch", whole.batch.id))
    row.version = ahead = row.version + 10**12  # as after a clock that was wrong
    with app_session.begin_nested():
        whole.step.name = "Sao lại"

    app_session.commit()

    app_session.refresh(row)
    assert not is_confirmed(client, whole.path, tag)
    assert row.version == ahead + 1


def test_kept_pages_are_the_same_for_whoever_asks(
    app: Flask, app_session: Session, whole: Whole
) -> None:
    nobody, buyer = app.test_client(), app.test_client()
    clerk = factories.make_account(app_session, role=Role.OFFICE, seller=whole.seller)
    app_session.commit()
    office = sign_in(app, clerk)
    bought = buyer.post("/gio-hang", data={"pack": whole.pack.id, "quantity": "2"})
    addresses = paths(app_session)
    app_session.commit()

    seen = [copies(client, addresses) for client in (nobody, buyer, office)]

    assert bought.status_code == 303
    assert seen[0] == seen[1] == seen[2]
    for path, copy in seen[0].items():
        answer = office.get(path, headers={"If-None-Match": copy.tag})
        assert answer.status_code == 304
        assert "Set-Cookie" not in answer.headers
