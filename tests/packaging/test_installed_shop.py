"""The shop that is installed from the wheel sells and prints like the one in the checkout."""

import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import requests

from tests.support.pages import Visitor
from tests.support.redis import free_port

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def installed(
    install: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path, dict[str, str]]]:
    """The address of a running shop with the demo, its Python, and its variables."""
    python = install("[demo]")
    folder = tmp_path_factory.mktemp("installed")
    port = free_port()
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(folder),
        "LANG": "C.UTF-8",
        "DACSAN_PORT": str(port),
        "DACSAN_VAR": str(folder / "var"),
        "PYTHONWARNINGS": "error",
    }
    with (folder / "log").open("wb") as log:
        shop = subprocess.Popen(
            [python.with_name("dacsan"), "run", "--demo"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for_opening(shop, folder / "log")
        yield f"http://127.0.0.1:{port}", python, environment
    finally:
        shop.send_signal(signal.SIGINT)
        shop.wait(15)


def test_a_page_in_vietnamese_comes_with_its_style_sheet(
    installed: tuple[str, Path, dict[str, str]],
) -> None:
    url, _, _ = installed

    page = Visitor.at(url).open("/")
    sheet = re.search(r'<link rel="stylesheet" href="([^"]+)"', page.body)

    assert "Đặc sản" in page.text
    assert sheet
    style = requests.get(url + sheet[1], timeout=10)
    assert (style.status_code, style.headers["Content-Type"].split(";")[0]) == (200, "text/css")


def test_the_same_page_is_there_in_english(installed: tuple[str, Path, dict[str, str]]) -> None:
    url, _, _ = installed

    vietnamese, english = Visitor.at(url).open("/"), Visitor.at(url).open("/en/")

    assert english.heading != vietnamese.heading
    assert english.root.get("lang") == "en"


def test_a_label_is_printed_with_the_font_of_the_package(
    installed: tuple[str, Path, dict[str, str]], tmp_path: Path
) -> None:
    url, python, environment = installed
    [product, *_] = re.findall(r'href="(/san-pham/[^"/?]+)"', Visitor.at(url).open("/").body)
    [batch, *_] = re.findall(r'href="(/01/\d{14}/10/[^"]+)"', Visitor.at(url).open(product).body)

    printed = subprocess.run(
        [python.with_name("dacsan"), "labels", url + batch, "--copies=3", "--out=labels.pdf"],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=tmp_path,
        env=environment,
    )

    assert printed.returncode == 0, printed.stderr
    document = pypdfium2.PdfDocument(tmp_path / "labels.pdf")
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    assert text.count("MẪU") == 3


def _wait_for_opening(shop: "subprocess.Popen[bytes]", log: Path) -> None:
    """Return when the shop has said what to try first; the demo is loaded then."""
    deadline = time.monotonic() + 90
    while "Bốn việc để thử" not in log.read_text("utf-8"):
        assert shop.poll() is None, log.read_text("utf-8")
        assert time.monotonic() < deadline, log.read_text("utf-8")
        time.sleep(0.1)
