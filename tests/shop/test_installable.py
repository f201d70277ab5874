"""The shop on the home screen, and what stands ready for a day without a network."""

import json
import re

import pytest
from PIL import Image

from shop.resources import PACKAGE, templates_folder
from shop.views.installable import SCRIPTS


@pytest.fixture
def client(app):
    return app.test_client()


@pytest.mark.parametrize(("root", "lang"), [("", "vi"), ("/en", "en")])
def test_the_manifest_names_the_shop_and_icons_of_the_size_it_says(client, root, lang):
    answer = client.get(f"{root}/ung-dung.webmanifest")
    said = json.loads(answer.data)

    assert answer.mimetype == "application/manifest+json"
    assert (said["lang"], said["start_url"], said["display"]) == (lang, f"{root}/", "standalone")
    assert {(one["sizes"], one["purpose"]) for one in said["icons"]} == {
        (f"{size}x{size}", purpose) for size in (192, 512) for purpose in ("any", "maskable")
    }
    for one in said["icons"]:
        path = PACKAGE / "static" / one["src"].split("/", 3)[3]
        with Image.open(path) as icon:
            assert f"{icon.width}x{icon.height}" == one["sizes"]


def test_every_script_of_the_public_pages_stands_in_the_worker():
    files = (PACKAGE / "static" / "js").glob("*.js")
    public = {path.stem for path in files if not path.stem.startswith("member-")}

    assert public - set(SCRIPTS) == {"public-worker", "offers", "chosen-picture"}
    assert set(SCRIPTS) <= public


def test_the_page_without_a_network_has_the_places_that_the_worker_fills(client):
    worker = (PACKAGE / "static/js/public-worker.js").read_text(encoding="utf-8")

    for root in ("", "/en"):
        page = client.get(f"{root}/mat-mang").get_data(as_text=True)
        for mark in re.findall(r'replace\("(<!--.*?-->)"', worker):
            assert page.count(mark) == 1


def test_no_page_opens_a_window_or_asks_to_be_installed():
    forbidden = re.compile(
        r"target=[\"']?_blank|window\.open|\bdownload(=|[\s>])|beforeinstallprompt", re.IGNORECASE
    )
    public = [
        path
        for path in templates_folder().rglob("*.html")
        if not {"office", "member"} & set(path.parts) and path.name != "sign_in_again.html"
    ]
    scripts = [PACKAGE / "static" / "js" / f"{name}.js" for name in SCRIPTS]

    found = [
        f"{path.name}: {match[0]}"
        for path in (*public, *scripts)
        if (match := forbidden.search(path.read_text(encoding="utf-8")))
    ]

    assert found == []


@pytest.mark.parametrize("root", ["", "/en"])
def test_cart_and_orders_are_forgotten_wherever_somebody_signs_in_or_out_or_is_erased(app, root):
    worker = (PACKAGE / "static/js/public-worker.js").read_text(encoding="utf-8")
    signing = re.search(r"^const SIGNING = /(.*)/;$", worker, re.MULTILINE)[1].replace("\\/", "/")
    posted = {rule.rule for rule in app.url_map.iter_rules() if "POST" in rule.methods}

    about = ("/dang-nhap", "/dang-xuat", "/tai-khoan", "/khach")
    doors = {rule for rule in posted if rule.startswith(about)}

    assert {"/khach/dang-nhap", "/khach/thoat", "/khach/xoa", "/dang-nhap", "/dang-xuat"} <= doors
    assert [rule for rule in doors if not re.search(signing, root + rule)] == []


def test_who_asks_for_the_icon_at_its_old_place_gets_a_picture(client):
    with client.get("/favicon.ico", follow_redirects=True) as answer:
        assert answer.data.startswith(b"\x89PNG")
