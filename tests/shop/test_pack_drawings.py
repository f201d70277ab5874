"""Every pack of the demo has a drawing of its own, drawn by the tool that stands beside it."""

import gzip
import re
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.catalog import Pack
from shop.pages.pictures import best
from tests.support.pages import Visitor
from tools.drawings.__main__ import drawn

DRAWN = dict(drawn())
LIGHT = 4_096
"""Bytes of a drawing as it goes over the line."""


@pytest.mark.parametrize("path", DRAWN, ids=lambda path: path.stem)
def test_a_drawing_is_what_the_tool_draws_and_light(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    names = Counter(re.findall(r'id="(\w+)"', text))

    assert text == DRAWN[path]
    assert {name for name, count in names.items() if count > 1} == set()
    assert set(re.findall(r"url\(#(\w+)\)", text)) == set(names)
    assert {one.tag.split("}")[1] for one in ElementTree.fromstring(text).iter()} <= {
        "svg", "g", "path", "circle", "ellipse", "rect", "clipPath",
    }  # fmt: skip
    assert len(gzip.compress(text.encode(), mtime=0)) <= LIGHT


def test_each_of_the_packs_has_another_drawing(app_session: Session) -> None:
    packs = app_session.scalars(select(Pack).where(Pack.product.has(is_sample=True))).all()

    keys = Counter(best(pack.product.photos, pack.id).key for pack in packs)

    assert len(packs) == 34
    assert {key for key, count in keys.items() if count > 1} == set()


def test_the_drawings_are_marked_as_such(app: Flask) -> None:
    page = Visitor.of(app.test_client()).open("/san-pham/che-xanh-la-bang")

    assert "Chè xanh La Bằng (hình vẽ mẫu)" in page.body
    assert page.body.count("lbt-dinh-100.svg") >= 1
    assert "Hình vẽ mẫu" in page.text
