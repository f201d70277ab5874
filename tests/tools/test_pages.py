"""The visitor of `tests/support/pages.py` sees what a browser without script would."""

import json

import pytest
from flask import Flask, redirect, request

from tests.support.pages import Visitor, faults

FORM = """<!doctype html><html lang="vi"><title>t</title><body><h1>Gửi  <b>thư</b></h1>
<script>let hidden = 1</script><p>Một</p><p>Hai</p><a href="/thanks">Xong rồi</a>
<form method="post" action="/send?lang=vi">
<input type="hidden" name="token" value="t1"><input name="who" value="Lan">
<textarea name="text">chào</textarea>
<select name="size"><option value="s">nhỏ<option value="m" selected>vừa</select>
<input type="checkbox" name="gift" value="1" checked><input type="checkbox" name="late" value="1">
<input type="radio" name="pay" value="cod"><input type="radio" name="pay" value="bank" checked>
<button name="move" value="back">Lùi</button><button name="move" value="on">Gửi đi</button>
</form>
<form action="/find"><input name="q"><button>Tìm</button></form></body></html>"""


@pytest.fixture
def visitor() -> Visitor:
    app = Flask(__name__)
    app.get("/", endpoint="/")(lambda: FORM)
    app.get("/find", endpoint="/find")(lambda: _page(request.full_path))
    app.get("/thanks", endpoint="/thanks")(lambda: _page("Cảm ơn"))
    app.post("/send", endpoint="/send")(
        lambda: _page(json.dumps(request.form.to_dict(flat=False)))
    )
    app.get("/away", endpoint="/away")(lambda: redirect("/thanks"))
    app.get("/broken", endpoint="/broken")(
        lambda: "<!doctype html><title>t</title><p id=a></div><p id=a>"
    )
    return Visitor.of(app.test_client())


def _page(text: str) -> str:
    return f"<!doctype html><title>t</title><main><h1>Trang</h1><pre>{text}</pre></main>"


def test_text_is_what_a_person_reads(visitor: Visitor) -> None:
    page = visitor.open("/")

    assert page.heading == "Gửi thư"
    assert page.text.startswith("Gửi thư Một Hai Xong rồi")


def test_a_form_sends_what_the_page_put_in_and_what_was_typed(visitor: Visitor) -> None:
    page = visitor.open("/").submit({"who": "Mai"}, press="Gửi đi")

    assert json.loads(page.text.removeprefix("Trang ")) == {
        "token": ["t1"],
        "who": ["Mai"],
        "text": ["chào"],
        "size": ["m"],
        "gift": ["1"],
        "pay": ["bank"],
        "move": ["on"],
    }


def test_a_search_form_asks_with_its_words_in_the_address(visitor: Visitor) -> None:
    page = visitor.open("/").submit({"q": "chè xanh"}, form="/find")

    assert page.path == "/find?q=ch%C3%A8+xanh"


def test_a_field_that_is_not_there_cannot_be_filled_in(visitor: Visitor) -> None:
    page = visitor.open("/")

    with pytest.raises(AssertionError, match="no form"):
        page.submit({"price": "1"})


def test_a_link_is_found_by_its_words_and_redirections_are_followed(visitor: Visitor) -> None:
    assert visitor.open("/").follow("Xong").heading == "Trang"
    assert visitor.open("/away").path == "/thanks"


def test_another_status_than_the_expected_one_fails(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match="answered 404"):
        visitor.open("/nowhere")


def test_a_malformed_page_fails(visitor: Visitor) -> None:
    with pytest.raises(AssertionError, match="broken"):
        visitor.open("/broken")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<p></div>", "end tag"),
        ('<p id="a"><p id="a">', "id a stands there 2 times"),
        ('<label for="x">x</label>', "a label for x"),
        ("<table><p>x</p></table>", "table"),
    ],
)
def test_faults_of_a_page_are_named(body: str, fault: str) -> None:
    found = faults(f"<!doctype html><title>t</title>{body}")

    assert any(fault in one for one in found), found
