"""The code as SVG: what a browser draws of it is read by two decoders and leads to the batch."""

import io
from urllib.parse import urlsplit

import pytest
import zxingcpp
from flask import Flask
from PIL import Image
from playwright.sync_api import Page
from pyzbar import pyzbar
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchPack, BatchState
from shop.services import labels
from traceability.labels import qr


@pytest.mark.browser
def test_the_drawn_code_is_read_and_opens_its_batch(
    app: Flask, app_session: Session, page: Page
) -> None:
    batch_pack = app_session.scalars(
        select(BatchPack)
        .join(Batch, Batch.id == BatchPack.batch_id)
        .where(Batch.state == BatchState.RELEASED)
        .order_by(BatchPack.id.desc())
        .limit(1)
    ).one()
    label = labels.label(app_session, batch_pack)
    lot = batch_pack.batch.lot
    app_session.rollback()
    drawn = qr.svg(label.digital_link, band=label.band)

    page.set_content(f'<div style="width: 300px">{drawn.content.decode()}</div>')
    picture = Image.open(io.BytesIO(page.locator("svg").screenshot()))

    by_zxing = {found.text for found in zxingcpp.read_barcodes(picture)}
    by_zbar = {found.data.decode() for found in pyzbar.decode(picture)}
    assert by_zxing == by_zbar
    address = by_zxing.pop()
    assert address == label.digital_link
    answer = app.test_client().get(urlsplit(address).path)
    assert answer.status_code == 200
    assert lot in answer.get_data(as_text=True)
