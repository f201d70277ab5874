"""`dacsan import`: looks at a file, brings it in, takes it back, and says so for programs."""

import json

import pytest
from sqlalchemy import select

from shop.cli import main
from shop.db import make_engine, open_session
from shop.models.catalog import Pack
from tests.factories import make_seller
from tests.support.databases import SETTINGS
from tests.support.imports import csv_file

GOOD = csv_file("sku,ten,gia,khoi_luong_g", "A-1,Chè,90000,200")
BAD = csv_file("sku,ten,gia,ma_vach", "A-1,Chè,90000,8.93E+12", "A-2,Trà,50000,")


@pytest.fixture
def dacsan(database_url, tmp_path, monkeypatch, capsys):
    """Run the command on a database with one cooperative, on a file with these bytes."""
    engine = make_engine(database_url)
    with open_session(engine, SETTINGS) as session:
        make_seller(session, slug="htx-thu", lot_prefix="THU")
        session.commit()
    monkeypatch.setenv("DACSAN_VAR", str(tmp_path))
    monkeypatch.setenv("DACSAN_DATABASE_URL", database_url)
    monkeypatch.setenv("DACSAN_LANG", "vi")
    path = tmp_path / "hang.csv"

    def run(*words, content=None):
        if content is not None:
            path.write_bytes(content)
        words = [str(path) if word == "FILE" else word for word in words]
        code = main(["import", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    yield run
    engine.dispose()


def skus(database_url):
    engine = make_engine(database_url)
    with open_session(engine, SETTINGS) as session:
        found = list(session.scalars(select(Pack.sku)))
    engine.dispose()
    return found


def test_a_dry_run_tells_all_and_writes_nothing(dacsan, database_url):
    code, said, _ = dacsan(
        "products", "FILE", "--seller", "THU", "--dry-run", "--json", content=GOOD
    )

    told = json.loads(said)
    assert (code, told["counts"]["new"], told["run"]) == (0, 1, None)
    assert told["rows"][0]["values"] == {
        "sku": "A-1", "name": "Chè", "net_g": 200, "price_vnd": 90_000,
    }  # fmt: skip
    assert skus(database_url) == []


def test_a_file_comes_in_once_and_goes_again(dacsan, database_url):
    code, said, _ = dacsan("products", "FILE", "--seller", "htx-thu", "--json", content=GOOD)
    run = json.loads(said)["run"]
    assert (code, skus(database_url)) == (0, ["A-1"])

    again, said, _ = dacsan("products", "FILE", "--seller", "htx-thu")
    assert (again, "không có gì mới" in said) == (0, True)

    undone, said, _ = dacsan("undo", str(run), "--json")
    assert (undone, json.loads(said)) == (0, {"run": run, "kept": []})
    assert skus(database_url) == []


def test_faults_end_with_one_and_say_what_to_type(dacsan, database_url):
    code, said, _ = dacsan("products", "FILE", "--seller", "THU", "--json", content=BAD)

    told = json.loads(said)
    (fault,) = [one for one in told["errors"] if one["row"] == 2 and one["name"] == "gtin"]
    assert (code, told["error"]) == (1, "rows_refused")
    assert (fault["field"], fault["code"]) == ("ma_vach", "number_mangled_by_excel")
    assert fault["message"].startswith("Dòng 2, cột ma_vach: “8.93E+12” đã bị Excel làm hỏng")
    assert skus(database_url) == []


def test_the_good_rows_alone_are_brought_in_when_asked_for(dacsan, database_url):
    content = csv_file("sku,ten,gia,khoi_luong_g", "A-1,Chè,90000,200", "A-2,Trà,x,100")

    code, _, _ = dacsan("products", "FILE", "--seller", "THU", "--only-good", content=content)

    assert (code, skus(database_url)) == (0, ["A-1"])


def test_what_is_asked_is_named_and_ticked(dacsan, database_url):
    content = csv_file("sku,ten,gia,khoi_luong_g,mau", "A-1,Chè,90000,200,xanh")

    code, said, _ = dacsan("products", "FILE", "--seller", "THU", content=content)
    assert (code, "--tick columns_unknown" in said) == (1, True)
    code, _, _ = dacsan("products", "FILE", "--seller", "THU", "--tick", "columns_unknown")

    assert (code, skus(database_url)) == (0, ["A-1"])


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("products", "FILE", "--seller", "KHONG"), "seller_unknown"),
        (("products", "khong-co.csv", "--seller", "THU"), "file_missing"),
        (("products", ".", "--seller", "THU"), "file_missing"),
        (("undo", "77"), "run_unknown"),
        (("undo", "x"), "run_unknown"),
    ],
)
def test_what_is_not_there_is_refused_in_one_sentence(dacsan, words, kind):
    code, said, _ = dacsan(*words, "--json", content=GOOD)

    assert (code, json.loads(said)["error"]) == (1, kind)


def test_a_file_that_is_no_table_is_refused_with_its_code(dacsan):
    code, said, _ = dacsan("members", "FILE", "--seller", "THU", "--json", content=b"%PDF-1")

    assert (code, json.loads(said)["error"]) == (1, "file_is_pdf")
