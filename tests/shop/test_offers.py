"""A doubt comes with what is probably meant on a button: one tap, with or without script."""

import json
import re
import shutil
import subprocess
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import shop
from shop.forms.money import read_amount
from shop.models.people import Role
from shop.models.submissions import Submission, SubmissionState
from shop.views.member.device import SCRIPTS as DEVICE_SCRIPTS
from tests.factories import make_pack, make_product
from tests.shop.test_spoken_words import WORDS
from tests.support.imports import csv_file
from tests.support.office import sign_in
from tests.support.pages import Visitor
from tests.support.reading import outcome

NEW, BATCH = "/thanh-vien/ban-hang/moi", "/thanh-vien/lo-moi"
SCRIPTS = Path(shop.__path__[0]) / "static/js"


@pytest.fixture
def chanh(app, office):
    """A member of the cooperative with a phone, signed in."""
    account, _member = office.member_account()
    return Visitor.of(sign_in(app, account))


def sent(office) -> list[Submission]:
    office.session.expire_all()
    return [one for one in office.session.query(Submission) if one.state is SubmissionState.SENT]


def test_one_tap_takes_what_was_probably_meant_and_sends_the_form_again(office, chanh):
    typed = {"name": "Mật ong", "price": "chín chục", "pack": "chai 500 ml"}

    asked = chanh.open(NEW).submit(typed, press="Gửi HTX duyệt", status=422)
    done = asked.submit(press="Đúng, 90.000 ₫")

    assert "Có phải là 90.000 ₫?" in asked.text
    assert "Đã gửi HTX" in done.text
    assert [one.understood["price_vnd"] for one in sent(office)] == [90_000]


def test_broken_letters_and_old_fonts_are_offered_mended(office, chanh):
    broken = {"name": "TrÃ  La Báº±ng", "price": "90k", "pack": "gói 200 g"}
    old = {"name": "ChÌ mãc c©u", "price": "90.000", "pack": "gói 200 g"}

    first = chanh.open(NEW).submit(broken, press="Gửi HTX duyệt", status=422)
    second = chanh.open(NEW).submit(old, press="Gửi HTX duyệt", status=422)
    done = second.submit(press="Đúng, Chè móc câu")

    assert "bị hỏng khi chép sang" in first.text
    assert "phông cũ" not in first.text
    assert "phông cũ TCVN3 (.VnTime)" in second.text
    assert "Đã gửi HTX" in done.text
    assert [one.understood["name"] for one in sent(office)] == ["Chè móc câu"]


def test_a_pack_of_half_a_tonne_is_asked_about_and_may_be_right(office, chanh):
    typed = {"name": "Phân trùn quế", "price": "5 triệu", "pack": "500 kg"}

    asked = chanh.open(NEW).submit(typed, press="Gửi HTX duyệt", status=422)
    done = asked.submit(press="Đúng là gói 500 kg")

    assert "Là gói 500 g" in asked.text
    assert "Đã gửi HTX" in done.text
    assert [one.understood["net_quantity"] for one in sent(office)] == [500_000]


def test_being_sure_of_one_pack_is_not_being_sure_of_another(office, chanh):
    typed = {"name": "", "price": "5 triệu", "pack": "500 kg"}
    asked = chanh.open(NEW).submit(typed, press="Gửi HTX duyệt", status=422)
    shown = asked.submit(press="Đúng là gói 500 kg", status=422)

    named = {"name": "Phân trùn quế", "pack": "900 kg"}
    other = shown.submit(named, press="Gửi HTX duyệt", status=422)

    assert "nhiều quá" not in shown.text
    assert "Là gói 900 g" in other.text
    assert sent(office) == []


def test_a_price_of_a_milliard_is_asked_about_beside_a_pack_that_seems_wrong(office, chanh):
    typed = {"name": "Sâm", "price": "một tỷ", "pack": "500 kg"}

    asked = chanh.open(NEW).submit(typed, press="Gửi HTX duyệt", status=422)
    half = asked.submit(press="Đúng là gói 500 kg", status=422)
    shown = half.submit(press="Đúng là 1.000.000.000 ₫", status=422)
    done = shown.submit(press="Đúng, gửi HTX")

    assert "Giá 1.000.000.000 ₫ thì cao quá cho một món" in asked.text.replace("\u00a0", " ")
    assert "Là 1.000.000 ₫" in asked.text.replace("\u00a0", " ")
    assert "Đã gửi HTX" in done.text
    assert [one.understood["price_vnd"] for one in sent(office)] == [1_000_000_000]


@pytest.mark.parametrize("pack", ["chai 65", "lọ 500"])
def test_a_bottle_without_its_unit_is_one_tap_away_from_millilitres(office, chanh, pack):
    typed = {"name": "Tinh dầu sả", "price": "90.000", "pack": pack}

    asked = chanh.open(NEW).submit(typed, press="Gửi HTX duyệt", status=422)
    done = asked.submit(press=f"Đúng, {pack} ml")

    assert "Đã gửi HTX" in done.text
    assert [one.understood["pack"].replace("\u00a0", " ") for one in sent(office)] == [
        f"{pack} ml"
    ]


def test_a_name_of_one_letter_is_asked_for_in_full(office, chanh):
    typed = {"name": "a", "price": "90.000", "pack": "gói 200 g"}

    asked = chanh.open(NEW).submit(typed, press="Gửi HTX duyệt", status=422)

    assert "“a” mới có một chữ cái. Ghi đủ tên" in asked.text
    assert sent(office) == []


def test_while_typing_the_server_says_what_it_would_ask(app, office):
    account, _member = office.member_account()
    client = sign_in(app, account)

    answer = client.get("/thanh-vien/ban-hang/hieu?price=90&pack=500+kg").get_json()

    assert answer["understood"] == {}
    assert answer["offers"]["price"] == [
        {"field": "price", "value": "90.000", "words": "Đúng, 90.000\u00a0₫"}
    ]
    assert [offer["field"] for offer in answer["offers"]["pack"]] == ["pack", "sure"]


def test_goods_counted_in_bottles_are_proposed_as_their_weight(office, chanh):
    honey = make_product(office.session, seller=office.seller, name="Mật ong")
    make_pack(office.session, product=honey, label="chai 500 ml", unit="chai", mass_g=700)
    office.session.commit()
    typed = {"how": "made", "product": str(honey.id), "goods": "mật ong", "quantity": "200 chai"}

    asked = chanh.open(BATCH).submit(typed, press="Gửi HTX", status=422)
    done = asked.submit(press="Đúng, 140 kg")

    assert "Ở đây ghi số cân" in asked.text
    assert "Đã mở lô" in done.text
    assert [one.understood["quantity_g"] for one in sent(office)] == [140_000]


def test_the_office_is_asked_about_a_price_in_words_and_yes_is_one_tap(office):
    clerk = office.visitor(Role.OFFICE)
    typed = {"name": "Mè xửng", "kind": "Bánh kẹo", "no_allergens": "1", "packs-0-net": "200"}
    typed |= {"packs-0-label": "gói 200 g", "packs-0-price": "ba mươi lăm nghìn"}

    asked = clerk.open("/quan-ly/san-pham/moi").submit(typed, press="Lưu và bán", status=422)
    saved = asked.submit(press="Đúng, 35.000 ₫", status=409)

    assert "hiểu là 35.000 ₫" in asked.text
    assert "Chưa bán được, còn thiếu" in saved.text
    assert saved.fields(press="Lưu và bán")["packs-0-price"] == "35.000"


def test_prices_in_words_in_a_file_are_read_and_asked_about_by_one_tick(importing):
    plan = importing.look(
        csv_file(
            "ten,gia,khoi luong",
            "Chè,9 chục,200 g",
            "Mè xửng,ba mươi lăm nghìn,200 g",
            "Tiêu,90k,100 g",
            "Mật ong,trăm hai,500 ml",
        )
    )

    (tick,) = [tick for tick in plan.ticks if tick.code == "prices_said"]
    assert [row.values.get("price_vnd") for row in plan.rows] == [90_000, 35_000, 90_000, None]
    assert list(tick.rows) == [2, 3]
    assert "“9 chục” = 90.000" in tick.sentence
    assert [(fault.row, fault.code) for fault in plan.faults] == [(5, "price_ambiguous")]


def test_the_phone_keeps_every_script_that_its_scripts_import():
    imported = {
        name
        for script in DEVICE_SCRIPTS
        for name in re.findall(r'from "\./([\w-]+)\.js"', (SCRIPTS / f"{script}.js").read_text())
    }

    assert "offers" in imported
    assert imported <= set(DEVICE_SCRIPTS)


@pytest.fixture(scope="module")
def script():
    """Ask the page's own reader of amounts about many texts at once."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node to run the page's script with")
    code = (
        f"import {{ amount }} from {json.dumps((SCRIPTS / 'understood.js').as_uri())};"
        "let text = ''; for await (const part of process.stdin) text += part;"
        "console.log(JSON.stringify(JSON.parse(text).map(amount)));"
    )

    def ask(texts: list[str]) -> list[int]:
        command = [node, "--input-type=module", "-e", code]
        told = subprocess.run(
            command, input=json.dumps(texts), capture_output=True, text=True, check=True
        )
        return list(json.loads(told.stdout))

    return ask


TYPED = st.text(alphabet="0123456789., kKđ₫trnghìàvdoồ", max_size=16)


@settings(max_examples=12, deadline=None)
@given(texts=st.lists(TYPED | st.text(max_size=20) | WORDS, min_size=40, max_size=60))
def test_the_script_reads_an_amount_as_the_server_does_or_says_nothing(script, texts):
    texts += ["0.500", "1.250 000", "90k", "90 000", "1" * 30, "050k", "0" * 60 + "5"]

    for text, vnd in zip(texts, script(texts), strict=True):
        amount, _refused = outcome(partial(read_amount, minimum=0, maximum=10**12), text)
        assert vnd in {0, amount}, text
