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

PRINT_LABELS = """
import sys
from sqlalchemy import select
from shop.config import Settings
from shop.db import make_engine, open_session
from shop.models.batches import Batch, BatchPack, BatchState
from shop.services import labels

settings = Settings()
engine = make_engine(settings.database)
with open_session(engine, settings) as session:
    packs = select(BatchPack).join(Batch).where(Batch.state == BatchState.RELEASED)
    batch_pack = session.scalars(packs.order_by(BatchPack.id).limit(1)).one()
    layout = sorted(labels.LAYOUTS)[0]
    sys.stdout.buffer.write(labels.sheet(session, batch_pack, copies=3, layout=layout))
engine.dispose()
"""


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
    url = f"http://127.0.0.1:{port}"
    with (folder / "log").open("wb") as log:
        shop = subprocess.Popen(
            [python.with_name("dacsan"), "run", "--demo"],
            cwd=folder,
            env=environment,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        _wait_for(url, shop, folder / "log")
        yield url, python, environment
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
    installed: tuple[str, Path, dict[str, str]],
) -> None:
    _, python, environment = installed

    printed = subprocess.run(
        [python, "-c", PRINT_LABELS], check=True, capture_output=True, env=environment
    ).stdout

    [page] = pypdfium2.PdfDocument(printed)
    text = page.get_textpage().get_text_bounded()
    assert text.count("MẪU") == 3


def _wait_for(url: str, shop: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            requests.get(f"{url}/healthz", timeout=5).raise_for_status()
        except requests.RequestException:
            assert shop.poll() is None, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.1)
        else:
            return
