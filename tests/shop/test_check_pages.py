"""`dacsan check` reads the claims off the pages and compares them with the papers that hold."""

import json
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, make_url, text

from shop import clock
from shop.app import create_app
from shop.cli import main
from shop.db import make_engine
from shop.invariants import at_one_moment, prove
from shop.invariants.claims import Fetch, rules
from tests.factories import TODAY
from tests.support.applications import MakeSettings
from tests.support.servers import Serve
from tests.support.small_shop import AFTERWARDS


@pytest.fixture(autouse=True)
def _on_the_day_of_the_small_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DACSAN_CLOCK_DAYS", str((TODAY - clock.day_of(datetime.now(UTC))).days))


@pytest.fixture
def url(sqlite_shop: str, tmp_path: Path) -> str:
    """A small shop of this test's own."""
    path = tmp_path / "dacsan.sqlite"
    shutil.copyfile(str(make_url(sqlite_shop).database), path)
    return f"sqlite:///{path}"


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(url)
    yield made
    made.dispose()


@pytest.fixture
def client(url: str, make_settings: MakeSettings) -> FlaskClient:
    return create_app(make_settings(database_url=url)).test_client()


@pytest.fixture
def fresh(client: FlaskClient) -> Fetch:
    """Pages as they are rendered at the moment they are asked for."""

    def fetch(path: str) -> tuple[int, str]:
        answer = client.get(path, headers={"Accept": "text/html"})
        return answer.status_code, answer.get_data(as_text=True)

    return fetch


@pytest.fixture
def kept(fresh: Fetch) -> Fetch:
    """The same pages as they were asked for first: a cache that nobody empties."""
    pages: dict[str, tuple[int, str]] = {}

    def fetch(path: str) -> tuple[int, str]:
        if path not in pages:
            pages[path] = fresh(path)
        return pages[path]

    return fetch


def found(engine: Engine, fetch: Fetch) -> list[tuple[str, str]]:
    with at_one_moment(engine).connect() as connection:
        proved = prove(connection, now=AFTERWARDS, rules=rules(fetch, today=TODAY))
        return sorted((one.rule.name, one.values["page"]) for one in proved)


def paper(engine: Engine, kind: str) -> int:
    with engine.connect() as connection:
        return int(
            connection.execute(
                text("SELECT id FROM certificate WHERE kind = :kind"), {"kind": kind}
            ).scalar_one()
        )


def change(engine: Engine, statement: str, **values: object) -> None:
    with engine.begin() as connection:
        connection.execute(text(statement), values)


def batch_paths(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        rows = connection.execute(
            text(
                "SELECT k.gtin, b.lot FROM batch_pack bp JOIN batch b ON b.id = bp.batch_id "
                "JOIN pack k ON k.id = bp.pack_id ORDER BY bp.id"
            )
        ).all()
    return [f"/01/{gtin}/10/{lot}" for gtin, lot in rows]


def test_pages_show_claims_and_all_of_them_hold(engine: Engine, kept: Fetch) -> None:
    findings = found(engine, kept)

    _, page = kept(batch_paths(engine)[0])
    assert findings == []
    assert f'data-claim="{paper(engine, "vietgap")}"' in page
    assert f'data-claim="{paper(engine, "ocop")}"' in page


def test_a_page_kept_beyond_a_revocation_is_found(engine: Engine, kept: Fetch) -> None:
    found(engine, kept)

    change(engine, "UPDATE certificate SET revoked_on = :day WHERE kind = 'vietgap'", day=TODAY)

    pages = {page for rule, page in found(engine, kept) if rule == "claim_without_paper"}
    assert set(batch_paths(engine)) <= pages
    assert "/san-pham/che-moc-cau" in pages


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE certificate SET revoked_on = :day WHERE kind = 'vietgap'",
        "UPDATE certificate SET expires_on = date(:day, '-1 day') WHERE kind = 'vietgap'",
        "UPDATE certificate SET issued_on = date(:day, '+1 day') WHERE kind = 'vietgap'",
        "DELETE FROM certificate_product WHERE :day IS NOT NULL",
    ],
)
def test_pages_rendered_now_follow_the_papers(
    engine: Engine, fresh: Fetch, statement: str
) -> None:
    change(engine, statement, day=TODAY.isoformat())

    assert found(engine, fresh) == []


def test_a_paper_of_one_batch_does_not_speak_for_another(engine: Engine, kept: Fetch) -> None:
    found(engine, kept)

    change(
        engine,
        "UPDATE certificate_batch SET batch_id = (SELECT id FROM batch WHERE state = 'recalled')",
    )

    first, bag, _ = batch_paths(engine)
    pages = [page for _, page in found(engine, kept)]
    assert first in pages
    assert bag in pages


def test_a_claim_that_names_no_paper_is_found(engine: Engine, fresh: Fetch) -> None:
    def fetch(path: str) -> tuple[int, str]:
        status, page = fresh(path)
        return status, page.replace("</main>", '<ul class="cn"><li>Sạch 100%</li></ul></main>')

    findings = found(engine, fetch)

    assert ("claim_without_paper", "/") in findings


def test_a_page_that_does_not_come_is_found(engine: Engine, fresh: Fetch) -> None:
    [first, *_] = batch_paths(engine)

    def fetch(path: str) -> tuple[int, str]:
        return (500, "") if path == first else fresh(path)

    assert found(engine, fetch) == [("page_not_shown", first)]


def test_the_command_renders_the_pages_by_itself(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", url)

    code = main(["check", "--invariant", "8", "--json"])

    said = json.loads(capsys.readouterr().out)
    assert (code, said["ok"]) == (0, True)
    assert said["rules"] == [
        "claim_without_paper",
        "page_not_shown",
        "kept_claim_without_paper",
        "kept_page_is_another",
    ]


def test_the_command_judges_the_pages_of_its_last_run_that_are_still_confirmed(
    url: str,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", url)
    look = ["check", "--invariant", "8", "--json"]
    first, second = main(look), main(look)
    capsys.readouterr()

    # nothing of ours changes a paper like this: no page is counted up
    change(engine, "UPDATE certificate SET revoked_on = :day WHERE kind = 'vietgap'", day=TODAY)
    forgotten = main(look)
    found = json.loads(capsys.readouterr().out)["findings"]
    change(engine, "UPDATE page_version SET version = version + 1")
    counted = main(look)

    kinds = {(one["rule"], one["row"]) for one in found}
    assert (first, second, forgotten, counted) == (0, 0, 1, 0)
    assert ("kept_claim_without_paper", str(paper(engine, "vietgap"))) in kinds
    assert ("kept_page_is_another", batch_paths(engine)[0]) in kinds
    assert {rule for rule, _ in kinds} == {"kept_claim_without_paper", "kept_page_is_another"}


def test_a_card_may_claim_only_what_its_own_goods_may(engine: Engine, fresh: Fetch) -> None:
    number = paper(engine, "vietgap")
    change(engine, "DELETE FROM certificate_product WHERE certificate_id = :n", n=number)
    change(engine, "UPDATE certificate SET covers_all_batches = 1 WHERE id = :n", n=number)

    def fetch(path: str) -> tuple[int, str]:
        status, page = fresh(path)
        claim = f'<li><span data-claim="{number}">VietGAP</span></li>'
        return status, page.replace('<ul class="cn">', f'<ul class="cn">{claim}')

    assert ("claim_without_paper", "/san-pham") in found(engine, fetch)


def test_the_command_looks_at_a_running_server(
    url: str,
    serve: Serve,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    [server] = serve(url)
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", url)

    code = main(["check", "--invariant", "8", "--base-url", server.url])

    assert code == 0, capsys.readouterr()


def test_the_command_names_the_rows_and_fails(
    url: str,
    engine: Engine,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    change(engine, "UPDATE stock_level SET on_hand = on_hand + 1 WHERE batch_pack_id = 1")
    monkeypatch.setenv("DACSAN_LANG", "en")
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", url)

    code = main(["check", "--invariant", "2", "--no-pages"])

    said = capsys.readouterr().out
    assert code == 1
    assert "[2 level_differs_from_movements] stock_level place 1, batch_pack 1: The level" in said


@pytest.mark.both_databases
def test_the_command_proves_the_data_on_both_databases(
    shop_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("DACSAN_LANG", "vi")
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", shop_url)

    code = main(["check", "--no-pages"])

    assert code == 0
    assert capsys.readouterr().out.startswith("Không thấy sai: ")


@pytest.mark.both_databases
def test_the_demo_breaks_no_rule(demo_database_url: str) -> None:
    engine = make_engine(demo_database_url)

    with at_one_moment(engine).connect() as connection:
        findings = [one.sentence("vi") for one in prove(connection, now=AFTERWARDS)]

    engine.dispose()
    assert findings == []
