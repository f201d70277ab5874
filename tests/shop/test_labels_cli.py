"""`dacsan labels`: the labels of a batch as a file, or one clear sentence."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from shop.config import Settings
from shop.db import make_engine, open_session
from shop.models.batches import BatchState
from shop.models.catalog import Pack
from tests.factories import make_batch, make_batch_pack, make_pack, make_product, make_seller
from tests.support import printed
from tests.support.servers import environment_for

LOT = "LBT-261103-01"


@pytest.fixture
def shop(database_url, tmp_path):
    """A database with one batch of two packs."""
    engine = make_engine(database_url)
    with open_session(engine, Settings()) as session:
        product = make_product(session, name="Chè xanh La Bằng")
        batch = make_batch(session, product, lot=LOT)
        make_batch_pack(session, make_pack(session, product), batch, produced=30)
        make_batch_pack(session, make_pack(session, product, label="gói 500 g"), batch, produced=5)
        session.commit()
        yield session
    engine.dispose()


@pytest.fixture
def dacsan(shop, database_url, tmp_path):
    """Run `dacsan labels` in a folder of its own."""

    def run(*words, **variables):
        shop.rollback()
        environment = environment_for(tmp_path, database_url=database_url) | variables
        return subprocess.run(
            [sys.executable, "-m", "shop.cli", "labels", *words],
            check=False,
            capture_output=True,
            encoding="utf-8",
            cwd=tmp_path,
            env=environment,
            timeout=60,
        )

    return run


def first_gtin(session):
    return session.scalars(select(Pack.gtin).order_by(Pack.id)).first()


def test_the_labels_of_all_packs_of_a_lot_are_written(dacsan, tmp_path):
    done = dacsan(LOT, "--json")

    told = json.loads(done.stdout)
    content = (tmp_path / f"tem-{LOT}.pdf").read_bytes()
    assert told == {
        "file": f"tem-{LOT}.pdf",
        "lot": LOT,
        "labels": 35,
        "pages": 2,
        "layout": "24",
    }
    assert printed.pages(content) == 2
    assert "gói 500 g" in printed.words(content)


@pytest.mark.parametrize("way", ["two words", "path", "address"])
def test_a_gtin_chooses_one_pack(dacsan, shop, tmp_path, way):
    gtin = first_gtin(shop)
    words = {
        "two words": [gtin.lstrip("0"), LOT],
        "path": [f"/01/{gtin}/10/{LOT}"],
        "address": [f"https://htx.example/01/{gtin}/10/{LOT}"],
    }[way]

    done = dacsan(*words, "--out", "mot-loai.pdf", "--copies", "3", "--layout", "40")

    assert done.returncode == 0
    assert "Đã ghi 3 tem của lô LBT-261103-01 vào mot-loai.pdf, 1 trang." in done.stdout
    found = printed.codes((tmp_path / "mot-loai.pdf").read_bytes())
    assert found == [f"http://127.0.0.1:8000/01/{gtin}/10/{LOT}"] * 3


def test_a_used_sheet_is_filled_from_its_first_free_cell(dacsan):
    told = json.loads(dacsan(LOT, "--copies", "12", "--first-cell", "2", "--json").stdout)

    assert (told["labels"], told["pages"]) == (24, 2)


@pytest.mark.parametrize(
    ("words", "error", "said"),
    [
        (["KHONG-CO"], "lot_unknown", "Không có lô mang mã KHONG-CO"),
        (["1234", LOT], "code_unreadable", "Chưa đọc được “1234 LBT-261103-01”"),
        (["a", "b", "c"], "code_unreadable", "Ghi mã lô, hoặc số GTIN rồi mã lô"),
        ([LOT, "--copies", "0"], "count_too_low", "Số lượng ít nhất là 1"),
        ([LOT, "--copies", "-3"], "count_too_low", "Số lượng ít nhất là 1"),
        ([LOT, "--copies", "nhiều"], "count_unreadable", "Chưa đọc được số lượng “nhiều”"),
        ([LOT, "--first-cell", "0"], "count_too_low", "Số lượng ít nhất là 1"),
        ([LOT, "--first-cell", "25"], "cell_off_sheet", "Tờ này chỉ có 24 ô"),
    ],
)
def test_what_cannot_be_printed_is_one_sentence(dacsan, tmp_path, words, error, said):
    told = dacsan(*words)
    as_json = dacsan(*words, "--json")

    assert told.returncode == as_json.returncode == 1
    assert said in told.stderr
    assert json.loads(as_json.stdout)["error"] == error
    assert list(tmp_path.glob("*.pdf")) == []


@pytest.mark.parametrize("state", [BatchState.HELD, BatchState.RECALLED])
def test_a_stopped_batch_has_no_labels(dacsan, shop, state):
    batch = make_batch(shop, make_product(shop), lot="DUNG-01", state=state)
    make_batch_pack(shop, make_pack(shop, batch.product), batch)
    shop.commit()

    done = dacsan("DUNG-01")

    assert done.returncode == 1
    assert "không in tem" in done.stderr


def test_a_lot_of_two_sellers_needs_its_gtin(dacsan, shop):
    product = make_product(shop, make_seller(shop))
    other = make_batch(shop, product, lot=LOT)
    pack = make_pack(shop, product)
    make_batch_pack(shop, pack, other)
    shop.commit()

    unclear, clear = dacsan(LOT), dacsan(pack.gtin, LOT)

    assert unclear.returncode == 1
    assert pack.gtin in unclear.stderr
    assert clear.returncode == 0


def test_a_batch_without_packs_has_no_labels(dacsan, shop):
    make_batch(shop, make_product(shop), lot="CHUA-01", state=BatchState.DRAFT)
    shop.commit()

    assert "Lô CHUA-01 chưa đóng gói" in dacsan("CHUA-01").stderr


@pytest.mark.parametrize(("lang", "said"), [("C.UTF-8", "mã lô"), ("en_US.UTF-8", "the lot")])
def test_help_speaks_the_language_of_the_machine(dacsan, lang, said):
    done = dacsan("--help", LANG=lang)

    assert done.returncode == 0
    assert said in done.stdout


def test_a_file_that_cannot_be_written_is_said(dacsan, tmp_path):
    done = dacsan(LOT, "--out", os.fspath(tmp_path / "khong-co" / "tem.pdf"))

    assert done.returncode == 1
    assert done.stderr.startswith(f"Không có thư mục {tmp_path / 'khong-co'}.")


@pytest.mark.parametrize(
    "variables",
    [
        {"DACSAN_PUBLIC_URL": "http://shop.example"},
        {"DACSAN_PUBLIC_URL": "http://shop.example", "DACSAN_ALLOW_HTTP": "1"},
        {"DACSAN_PUBLIC_URL": "http://192.168.1.5:8000"},
    ],
)
def test_no_label_leads_buyers_to_plain_http(dacsan, tmp_path, variables):
    done = dacsan(LOT, **variables)

    assert done.returncode == 1
    assert "không mã hoá (http) nên không in tem" in done.stderr
    assert list(tmp_path.glob("*.pdf")) == []


@pytest.mark.parametrize(
    ("variables", "is_sample"),
    [
        ({"DACSAN_PUBLIC_URL": "https://shop.example"}, False),
        ({"DACSAN_PUBLIC_URL": "http://localhost:8000"}, True),
        ({"DACSAN_PUBLIC_URL": "http://192.168.1.5:8000", "DACSAN_ALLOW_HTTP": "1"}, True),
    ],
)
def test_only_labels_over_https_come_without_the_word_sample(
    dacsan, tmp_path, variables, is_sample
):
    done = dacsan(LOT, "--copies", "1", **variables)

    said = printed.words((tmp_path / f"tem-{LOT}.pdf").read_bytes())
    assert done.returncode == 0
    assert ("MẪU" in said) == is_sample


@pytest.mark.parametrize(
    "url", ["shop.example", "https://", "https://a.example/x", "https://a:b.example", "ftp://a.vn"]
)
def test_an_address_that_is_none_is_one_sentence(dacsan, url):
    done = dacsan(LOT, DACSAN_PUBLIC_URL=url)

    assert done.returncode == 1
    assert done.stderr == (
        f"DACSAN_PUBLIC_URL ({url.rstrip('/')}) không phải địa chỉ. Viết như https://ten-mien.vn\n"
    )
