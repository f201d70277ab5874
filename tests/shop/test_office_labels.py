"""Printing the labels of a batch: the page with its drawing, the file, and when there is none."""

import html
import re

import pytest

from shop.models.batches import BatchState
from tests.factories import make_batch, make_pack
from tests.support import printed
from tests.support.office import open_office
from tests.support.workshop import LIST


@pytest.fixture
def demo_database_url(database_url):
    """These tests make their own goods."""
    return database_url


@pytest.fixture
def batch(workshop):
    """A batch of 100 packs that is sold."""
    return workshop.released_batch()


@pytest.fixture
def download(workshop, batch):
    """Ask for the file of the batch as the clerk does."""
    client = workshop.client

    def ask(**query):
        return client.get(f"{LIST}/{batch.id}/tem/tem.pdf", query_string=query)

    return ask


def page_of(workshop, batch, query=""):
    return workshop.clerk.open(f"{LIST}/{batch.id}/tem{query}")


def test_as_many_labels_are_proposed_as_packs_were_made(workshop, batch):
    page = page_of(workshop, batch)

    assert page.heading == f"In tem lô {batch.lot}"
    assert 'name="copies"' in page.body
    assert 'value="100"' in page.body
    for said in ("In đúng cỡ 100 %, đừng chọn “vừa trang”.", "phải đo được 50 mm"):
        assert said in page.text


@pytest.mark.parametrize(("layout", "cells"), [("24", 24), ("40", 40), ("40x30", 0)])
def test_the_sheet_is_drawn_with_a_cell_to_choose(workshop, batch, layout, cells):
    page = page_of(workshop, batch, f"?layout={layout}")

    drawn = re.findall(r'name="cell" value="(\d+)"', page.body)
    assert drawn == [str(number) for number in range(1, cells + 1)]


def test_one_label_is_shown_as_it_will_be_printed(workshop, batch):
    page = page_of(workshop, batch)

    (picture,) = re.findall(r"<svg xmlns=.*?</svg>", page.body, re.DOTALL)
    said = " ".join(html.unescape(words) for words in re.findall(r">([^<>]+)</text>", picture))
    for fact in ("Chè xanh La Bằng", "gói 200 g", batch.lot, "HSD", "/tra-cuu"):
        assert fact in said
    assert f"{batch.expires_on:%d/%m/%Y}" in said
    assert "style=" not in picture


def test_the_file_is_a_pdf_with_an_ascii_name(download, batch):
    answer = download()

    assert answer.status_code == 200
    assert answer.mimetype == "application/pdf"
    name = answer.headers["Content-Disposition"]
    assert name == f'attachment; filename="tem-{batch.lot}-{batch.packs[0].pack.sku}.pdf"'
    assert name.isascii()
    assert answer.headers["Cache-Control"] == "no-store"


def test_every_label_opens_the_page_of_its_batch(download, batch, workshop):
    content = download(copies="24").get_data()

    address = f"http://127.0.0.1:8000/01/{workshop.small.gtin}/10/{batch.lot}"
    assert set(printed.codes(content)) == {address}
    assert printed.pages(content) == 1
    assert batch.lot in printed.words(content)


@pytest.mark.parametrize(
    ("query", "pages"),
    [
        ({}, 5),
        ({"copies": "24"}, 1),
        ({"copies": "24", "cell": "2"}, 2),
        ({"copies": "80", "layout": "40"}, 2),
        ({"copies": "3", "layout": "40x30"}, 3),
    ],
)
def test_the_number_the_sheet_and_the_first_cell_decide_how_many_pages(download, query, pages):
    assert printed.pages(download(**query).get_data()) == pages


def test_labels_of_a_server_nobody_else_sees_say_sample(download):
    assert "MẪU" in printed.words(download(copies="1").get_data())


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"copies": "0"}, "Số lượng ít nhất là 1"),
        ({"copies": "nhiều"}, "Chưa đọc được số lượng “nhiều”"),
        ({"copies": "99999"}, "Số lượng nhiều nhất là 5.000"),
        ({"layout": "A3"}, "Chọn một cỡ tem"),
    ],
)
def test_what_cannot_be_printed_comes_back_with_its_sentence(download, query, said):
    answer = download(**query)

    assert answer.status_code == 422
    assert said in html.unescape(answer.get_data(as_text=True))


def test_each_pack_of_a_batch_has_labels_of_its_own(workshop):
    big = make_pack(workshop.office.session, workshop.product, label="gói 500 g", mass_g=500)
    workshop.office.session.commit()
    page = workshop.step(workshop.batch_with_leaf())
    typed = {f"units-{workshop.small.id}": "55", f"units-{big.id}": "20"}
    page.submit(typed, form="/dong-goi").submit(form="/cho-ban", press="Cho bán")
    batch = workshop.newest()
    other = batch.packs[1]

    page = page_of(workshop, batch, f"?pack={other.id}")

    assert "gói 500 g" in page.text
    assert 'value="20"' in page.body


@pytest.mark.parametrize(
    ("state", "said"),
    [
        (BatchState.HELD, "Lô đang tạm giữ nên không in tem."),
        (BatchState.RECALLED, "Lô đang thu hồi nên không in tem."),
        ("expired", "Lô đã hết hạn nên không in tem."),
        ("unpacked", "Lô chưa đóng gói nên chưa có tem."),
    ],
)
def test_a_batch_that_is_stopped_or_not_packed_has_no_labels(workshop, state, said):
    if state == "unpacked":
        workshop.new_batch()
        batch = workshop.newest()
    else:
        batch = workshop.released_batch()
        _stop(workshop, batch, state)

    page = page_of(workshop, batch)

    assert said in page.text
    assert "Tải tệp để in" not in page.text
    client = workshop.client
    assert client.get(f"{LIST}/{batch.id}/tem/tem.pdf").status_code in {404, 409}


def _stop(workshop, batch, state):
    session = workshop.office.session
    row = session.get_one(type(batch), batch.id)
    if state == "expired":
        row.made_on = row.expires_on = workshop.yesterday
    else:
        row.state = state
    session.commit()


def test_labels_can_be_printed_before_the_sale_begins(workshop):
    workshop.packed_batch()

    page = page_of(workshop, workshop.newest())

    assert "Tải tệp để in" in page.text


def test_an_address_too_long_for_the_label_asks_for_a_larger_one(app, workshop, batch):
    app.extensions["dacsan_settings"].public_url = f"https://{'rat-dai-' * 9}.example"
    client = workshop.client

    answer = client.get(f"{LIST}/{batch.id}/tem/tem.pdf?layout=40")

    assert answer.status_code == 422
    assert "cỡ tem này nhỏ quá" in html.unescape(answer.get_data(as_text=True))


def test_a_shop_open_to_all_over_plain_http_has_no_labels(app, workshop, batch):
    app.extensions["dacsan_settings"].public_url = "http://shop.example"

    page = page_of(workshop, batch)
    file = workshop.client.get(f"{LIST}/{batch.id}/tem/tem.pdf")

    assert "chưa có địa chỉ https nên không in tem" in page.text
    assert "Tải tệp để in" not in page.text
    assert file.status_code == 409
    assert "http://shop.example không mã hoá" in html.unescape(file.get_data(as_text=True))


def test_labels_of_another_seller_are_not_there(workshop):
    other = open_office(workshop.office.app, workshop.office.session)
    batch = make_batch(other.session, other.level().batch_pack.pack.product)
    other.session.commit()

    workshop.clerk.open(f"{LIST}/{batch.id}/tem", status=404)
    workshop.clerk.open(f"{LIST}/{batch.id}/tem/tem.pdf", status=404)
