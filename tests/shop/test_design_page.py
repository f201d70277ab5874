"""The components in a real browser: on the living page, and with the scripts that serve them."""

import io
import threading
from collections.abc import Callable, Iterator
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

import pytest
from flask import Flask, Response, render_template_string, request
from PIL import Image, ImageChops
from playwright.sync_api import Page, expect

from shop.app import create_app
from shop.config import Settings
from shop.forms.money import read_price
from shop.forms.values import ValueRefused
from shop.security import csrf
from tests.support.chromium import DESK, PHONE, NewPage, assert_accessible, assert_fits
from tests.support.run import Run

pytestmark = pytest.mark.browser
LIVING_PAGE = "/thiet-ke"
SMALLEST_TARGET = 48
LIVE = """{% call live_parts("/hoi") %}
<p role="status" data-live="line">Đang chờ tiền về.</p>
{% endcall %}"""
TAKEN = "<!doctype html><title>t</title><p>Đã nhận"
MENU = {
    "head_variant": "office",
    "office_name": "HTX Chè La Bằng",
    "office_menu": [("#a", "Đơn hàng", True)],
}
SERVED_PAGE = """{% extends "base.html" %}
{% set kept = true %}{% set head_variant = head_variant or "none" %}{% block foot %}{% endblock %}
{% from "_macros/button.html" import copy, share, submit %}
{% from "_macros/field.html" import csrf, file, money, password, stepper %}
{% from "_macros/status.html" import live_parts %}
{% block main %}<h1>Thử</h1>"""


class Threads(ThreadingMixIn, WSGIServer):
    """Answers several requests of a browser at once."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Writes nothing down."""

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as inherited
        """Keep silent."""


class Stage:
    """The application without a database, with a page and addresses that a test fills."""

    def __init__(self, app: Flask) -> None:
        self.content = ""
        self.answers: dict[str, Callable[[], Response | str]] = {}
        app.get("/thu", endpoint="thu")(self._page)
        app.get("/hoi", endpoint="hoi")(self._answer)
        app.post("/nhan", endpoint="nhan")(csrf.exempt(self._answer))
        self._server = make_server("127.0.0.1", 0, app, Threads, Quiet)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        self.address = f"http://127.0.0.1:{self._server.server_port}"

    def open(self, page: Page, content: str) -> None:
        """Show `content` between our own base and macros, and wait until the scripts run."""
        self.content = content
        page.goto(f"{self.address}/thu", wait_until="networkidle")

    def close(self) -> None:
        """End the server."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _answer(self) -> Response | str:
        return self.answers[request.path]()

    def _page(self) -> str:
        source = SERVED_PAGE + self.content + "{% endblock %}"
        return render_template_string(source, **MENU if "office" in request.args else {})


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory, run: Run) -> Iterator[Stage]:
    """The application, listening."""
    folder = tmp_path_factory.mktemp("stage")
    (run.folder / "static").mkdir(exist_ok=True)
    (folder / "static").symlink_to(run.folder / "static")
    made = Stage(create_app(Settings(var=folder, secret_key="0" * 64, rate_limits=False)))
    yield made
    made.close()


@pytest.fixture
def address(stage: Stage) -> str:
    """The address of the application."""
    return stage.address


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_every_component_is_accessible_and_fits(
    address: str, new_page: NewPage, viewport: dict[str, int], theme: str
) -> None:
    page = new_page(viewport=viewport, color_scheme=theme)

    page.goto(address + LIVING_PAGE)

    assert_accessible(page)
    assert_fits(page)


def test_nothing_leaves_a_window_of_320_pixels(address: str, new_page: NewPage) -> None:
    page = new_page(viewport={"width": 320, "height": 640})

    page.goto(address + LIVING_PAGE)

    assert_fits(page)


def test_letters_twice_as_large_leave_nothing_outside(address: str, page: Page) -> None:
    page.goto(address + LIVING_PAGE)

    page.evaluate("document.documentElement.style.fontSize = '200%'")

    assert_fits(page)


def test_everything_to_press_is_48_pixels_high_and_wide(address: str, page: Page) -> None:
    page.goto(address + LIVING_PAGE)

    small = page.evaluate(
        """(least) => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
            .map((element) => element.closest("label") ?? element)
            .filter((element) => !element.closest("p:not(.cum), small"))
            .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect()])
            .filter(([, box]) => box.width > 1 && (box.height < least || box.width < least))
            .map(([html, box]) => `${html} ${box.width} x ${box.height}`)""",
        SMALLEST_TARGET - 0.5,
    )

    assert small == []


def test_marks_of_one_line_never_touch_the_line_below(address: str, page: Page) -> None:
    page.goto(address + LIVING_PAGE)
    samples = page.locator("#chu > p")

    for sample in samples.all():
        sample.evaluate(
            """(line) => {
                line.innerHTML = "<b>ẶỘỢỹ₫ẶỘ</b><br><i>ẾỖỮẴẾỖẴ</i>";
                for (const part of line.children) part.style.font = "inherit";
                line.firstChild.style.color = "red";
                line.lastChild.style.color = "blue";
            }"""
        )
        red, _green, blue = Image.open(io.BytesIO(sample.screenshot())).convert("RGB").split()

        above, below = ImageChops.subtract(red, blue), ImageChops.subtract(blue, red)
        for upper, lower in zip(_columns(above), _columns(below), strict=True):
            meet = any(upper) and any(lower) and _last(upper) >= lower.index(True)
            assert not meet, f"lines of {sample.get_attribute('class')} run into each other"
    assert samples.count() == 11


def _columns(part: Image.Image) -> list[list[bool]]:
    """Return for each column of a picture in which rows there is more than a trace of ink."""
    inked, wide = [value > 60 for value in part.tobytes()], part.width
    return [inked[x::wide] for x in range(wide)]


def _last(rows: list[bool]) -> int:
    return len(rows) - 1 - rows[::-1].index(True)


def test_every_sample_shows_its_picture(address: str, page: Page) -> None:
    page.goto(address + LIVING_PAGE)
    page.evaluate("for (const image of document.images) image.loading = 'eager'")
    page.wait_for_load_state("networkidle")

    widths = page.evaluate("[...document.images].map((image) => image.naturalWidth)")

    assert len(widths) >= 6
    assert all(widths)


def test_each_line_of_samples_is_set_in_one_font(address: str, page: Page) -> None:
    page.goto(address + LIVING_PAGE)
    devtools = page.context.new_cdp_session(page)
    devtools.send("DOM.enable")
    devtools.send("CSS.enable")
    root = devtools.send("DOM.getDocument")["root"]["nodeId"]

    lines = devtools.send("DOM.querySelectorAll", {"nodeId": root, "selector": "#chu > p"})

    for line in lines["nodeIds"]:
        fonts = devtools.send("CSS.getPlatformFontsForNode", {"nodeId": line})["fonts"]
        assert len({font["familyName"] for font in fonts}) == 1, fonts


@pytest.mark.parametrize(
    ("system", "chosen", "ground"),
    [
        ("light", "", "rgb(241, 244, 230)"),
        ("dark", "", "rgb(15, 23, 17)"),
        ("light", "toi", "rgb(15, 23, 17)"),
        ("dark", "sang", "rgb(241, 244, 230)"),
    ],
)
def test_a_chosen_theme_goes_before_that_of_the_system(
    address: str, new_page: NewPage, system: str, chosen: str, ground: str
) -> None:
    page = new_page(color_scheme=system)
    page.goto(address + LIVING_PAGE)

    page.evaluate("(chosen) => { document.documentElement.dataset.nen = chosen; }", chosen)

    expect(page.locator("body")).to_have_css("background-color", ground)


def test_paper_is_white_and_carries_no_buttons(address: str, new_page: NewPage) -> None:
    page = new_page(color_scheme="dark")
    page.goto(address + LIVING_PAGE)

    page.emulate_media(media="print")

    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("body")).to_have_css("color", "rgb(0, 0, 0)")
    expect(page.get_by_role("link", name="Xem 15 đặc sản")).to_be_hidden()
    expect(page.locator(".bao-son").first).to_be_visible()


def test_rows_of_a_table_stay_rows_for_readers_when_they_become_blocks(
    address: str, page: Page
) -> None:
    page.goto(address + LIVING_PAGE)

    table = page.get_by_role("table", name="Kho")

    assert table.get_by_role("row").count() == 4
    expect(table.get_by_role("cell", name="26/04/2028")).to_be_visible()


def test_what_needs_script_is_hidden_without_it(address: str, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)

    page.goto(address + LIVING_PAGE)

    expect(page.get_by_text("Chia sẻ", exact=True)).to_be_hidden()
    expect(page.get_by_text("Chép", exact=True)).to_be_hidden()
    expect(page.get_by_text("Hiện", exact=True)).to_be_hidden()


def test_the_stepper_stops_at_its_limits(stage: Stage, page: Page) -> None:
    stage.open(page, '<form>{{ stepper("quantity", "Số gói", 1, most=2) }}</form>')
    number = page.get_by_role("textbox", name="Số gói")

    page.get_by_role("button", name="Thêm 1").click()

    expect(number).to_have_value("2")
    expect(page.get_by_role("button", name="Thêm 1")).to_be_disabled()
    expect(page.get_by_role("button", name="Bớt 1")).to_be_enabled()


def test_the_stepper_works_by_its_buttons_without_script(stage: Stage, new_page: NewPage) -> None:
    page = new_page(java_script_enabled=False)
    stage.open(page, '<form action="/thu">{{ stepper("quantity", "Số gói", 1) }}</form>')

    page.get_by_role("button", name="Thêm 1").click()

    assert page.url.endswith("?quantity=1&step=%2B1")


def test_a_price_is_read_back_while_it_is_typed(stage: Stage, page: Page) -> None:
    stage.open(page, '{{ money("price", "Giá") }}')
    lines = {
        "90k": "Hiểu là 90.000 ₫",
        "50.000đ": "Hiểu là 50.000 ₫",
        "1.250.000": "Hiểu là 1.250.000 ₫",
        "2 triệu": "Hiểu là 2.000.000 ₫",
        "50,5": "",
        "-50000": "",
        "năm mươi": "",
    }

    for typed, line in lines.items():
        page.get_by_label("Giá").fill(typed)

        expect(page.locator(".hieu-la")).to_have_text(line)


def test_the_line_below_a_price_never_differs_from_what_the_server_reads(
    stage: Stage, page: Page
) -> None:
    stage.open(page, '{{ money("price", "Giá") }}')
    stems = ["5", "50", "500", "50.000", "50 000", "1.250.000", "50,5", "50.5", "5.00", "0", "050"]
    units = ["", "k", " k", "đ", " đồng", " ₫", "vnd", "tr", " triệu", "nghìn", "kg", "k k", "tr2"]
    typed = [stem + unit for stem in stems for unit in units]

    shown = page.evaluate(
        """async (typed) => {
            const main = document.querySelector("script[type=module]").src;
            const { amount } = await import(main.replace("main.js", "understood.js"));
            return typed.map(amount);
        }""",
        typed,
    )

    assert {t: vnd for t, vnd in zip(typed, shown, strict=True) if vnd and vnd != _read(t)} == {}
    assert sum(1 for vnd in shown if vnd) > 40


def _read(typed: str) -> int | None:
    try:
        return read_price(typed)
    except ValueRefused:
        return None


def test_a_form_on_its_way_is_not_sent_a_second_time(stage: Stage, page: Page) -> None:
    arrived: list[str] = []

    def take() -> str:
        arrived.append(request.path)
        return TAKEN

    stage.answers["/nhan"] = take
    stage.open(page, '<form method="post" action="/nhan">{{ submit("Đặt hàng") }}</form>')

    words = page.get_by_role("button", name="Đặt hàng").evaluate(
        """(button) => {
            button.click();
            const words = button.textContent;
            button.click();
            return words;
        }"""
    )
    expect(page.get_by_text("Đã nhận")).to_be_visible()

    assert words == "Đặt hàng…"
    assert arrived == ["/nhan"]


def test_a_live_page_shows_news_once_and_stops_when_it_is_done(stage: Stage, page: Page) -> None:
    asked: list[str] = []

    def news() -> Response:
        known = request.headers.get("If-None-Match", "")
        asked.append(known)
        if not known:
            return Response('<p data-live="line">Nhận một phần.</p>', headers={"ETag": '"1"'})
        if len(asked) == 2:
            return Response(status=304)
        return Response(
            '<p data-live="line" data-done="1">Đã nhận đủ.</p>', headers={"ETag": '"2"'}
        )

    stage.answers["/hoi"] = news
    stage.open(page, LIVE)

    expect(page.get_by_role("status").get_by_text("Nhận một phần.")).to_be_visible()
    expect(page.get_by_text("Đã nhận đủ.")).to_be_visible(timeout=10_000)
    page.wait_for_timeout(2500)

    assert asked == ["", '"1"', '"1"']


def test_a_live_page_says_when_the_network_is_gone(stage: Stage, page: Page) -> None:
    stage.answers["/hoi"] = lambda: Response(status=304)
    stage.open(page, LIVE)

    page.context.set_offline(True)
    expect(page.get_by_text("Mất mạng. Đang thử lại.")).to_be_visible(timeout=10_000)
    page.context.set_offline(False)

    expect(page.get_by_text("Mất mạng. Đang thử lại.")).to_be_hidden(timeout=10_000)
    expect(page.get_by_text("Đang chờ tiền về.")).to_be_visible()


def test_a_large_photo_is_made_smaller_and_loses_what_the_camera_wrote(
    stage: Stage, page: Page
) -> None:
    arrived = keep_uploads(stage)
    exif = Image.Exif()
    exif[0x010F] = "Máy ảnh"
    written = io.BytesIO()
    Image.effect_noise((2400, 1500), 60).save(written, "JPEG", quality=95, exif=exif)
    stage.open(page, UPLOAD)

    page.get_by_label("Ảnh").set_input_files(
        {"name": "chè.jpg", "mimeType": "image/jpeg", "buffer": written.getvalue()}
    )
    expect(page.locator(".anh-nho img")).to_be_visible(timeout=15_000)
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("Đã nhận")).to_be_visible()

    made = Image.open(io.BytesIO(arrived[0]))
    assert made.size == (1600, 1000)
    assert dict(made.getexif()) == {}
    assert len(arrived[0]) < len(written.getvalue()) / 2


def test_a_file_that_is_no_picture_is_sent_as_it_is(stage: Stage, page: Page) -> None:
    arrived = keep_uploads(stage)
    stage.open(page, UPLOAD)

    page.get_by_label("Ảnh").set_input_files(
        {"name": "so.jpg", "mimeType": "image/jpeg", "buffer": b"not a picture"}
    )
    expect(page.locator(".anh-nho li")).to_have_count(1)
    page.get_by_role("button", name="Gửi").click()
    expect(page.get_by_text("Đã nhận")).to_be_visible()

    assert arrived == [b"not a picture"]


UPLOAD = """<form method="post" action="/nhan" enctype="multipart/form-data">
{{ file("photo", "Ảnh", photos=true) }}{{ submit("Gửi") }}</form>"""


def keep_uploads(stage: Stage) -> list[bytes]:
    """Let the stage take photos; return the list they go to."""
    arrived: list[bytes] = []

    def take() -> str:
        arrived.append(request.files["photo"].read())
        return TAKEN

    stage.answers["/nhan"] = take
    return arrived


def test_copying_says_so_in_the_button_itself(stage: Stage, new_page: NewPage) -> None:
    page = new_page(permissions=["clipboard-read", "clipboard-write"])
    stage.open(page, '{{ copy("NK7K2QF9") }}')

    page.get_by_role("button", name="Chép").click()

    expect(page.get_by_role("button", name="Đã chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == "NK7K2QF9"


def test_a_password_can_be_looked_at_while_it_is_typed(stage: Stage, page: Page) -> None:
    stage.open(page, '{{ password("pin", "Mã PIN") }}')

    page.get_by_role("button", name="Hiện").click()

    expect(page.get_by_label("Mã PIN")).to_have_attribute("type", "text")
    page.get_by_role("button", name="Ẩn").click()
    expect(page.get_by_label("Mã PIN")).to_have_attribute("type", "password")


@pytest.mark.parametrize(("answer", "shown"), [("3", True), ("0", False), ("", False)])
def test_the_cart_shows_its_count_when_there_is_something_in_it(
    stage: Stage, page: Page, answer: str, shown: bool
) -> None:
    stage.answers["/hoi"] = lambda: answer

    stage.open(page, '<p>Giỏ <b data-part="cart-count" data-url="/hoi" hidden></b></p>')

    expect(page.locator("main b")).to_be_visible(visible=shown)


def test_the_menu_of_the_office_opens_on_a_phone_without_script(
    stage: Stage, new_page: NewPage
) -> None:
    page = new_page(java_script_enabled=False)
    page.goto(f"{stage.address}/thu?office")
    entry = page.get_by_role("link", name="Đơn hàng")
    expect(entry).to_be_hidden()

    page.get_by_role("link", name="Mục lục", exact=True).click()

    expect(entry).to_be_visible()
    page.get_by_role("link", name="Đóng mục lục").click()
    expect(entry).to_be_hidden()
