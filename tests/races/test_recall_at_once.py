"""A recall written by one process shows on the next request to each of three."""

import pytest
import requests
from sqlalchemy import select

from shop import clock
from shop.db import make_engine, open_session
from shop.models.batches import Batch, BatchPack, BatchState
from shop.models.catalog import Pack, Product
from shop.services import batch_release
from shop.services.actors import SYSTEM
from tests.support.databases import SETTINGS
from tests.support.servers import Serve

pytestmark = pytest.mark.race

BROWSER = {"Accept": "text/html"}


@pytest.mark.both_databases
def test_a_recall_shows_on_the_next_request_to_every_process(
    demo_database_url: str, serve: Serve
) -> None:
    servers = serve(demo_database_url, processes=3, public_url="http://127.0.0.1:1")
    engine = make_engine(demo_database_url)
    with open_session(engine, SETTINGS) as session:
        gtin, lot, batch_id, slug = session.execute(
            select(Pack.gtin, Batch.lot, Batch.id, Product.slug)
            .join(BatchPack, BatchPack.pack_id == Pack.id)
            .join(Batch, Batch.id == BatchPack.batch_id)
            .join(Product, Product.id == Pack.product_id)
            .where(Batch.state == BatchState.RELEASED)
            .order_by(Batch.id)
            .limit(1)
        ).one()
    pages = [f"/01/{gtin}/10/{lot}", f"/san-pham/{slug}", "/", "/san-pham"]
    kept = {}
    for path in pages:
        first = requests.get(servers[0].url + path, headers=BROWSER, timeout=20)
        kept[path] = BROWSER | {"If-None-Match": first.headers["ETag"]}
        confirmed = [
            requests.get(server.url + path, headers=kept[path], timeout=20).status_code
            for server in servers
        ]
        assert confirmed == [304, 304, 304]  # a tag of one process is understood by all

    with open_session(engine, SETTINGS) as session:
        batch_release.recall(
            session,
            session.get_one(Batch, batch_id),
            reason="Có mùi lạ",
            remedy="Mang gói đến HTX.",
            actor=SYSTEM,
            now=clock.now(),
        )
        session.commit()
    answers = {
        path: [
            requests.get(server.url + path, headers=kept[path], timeout=20) for server in servers
        ]
        for path in pages
    }

    engine.dispose()
    assert {a.status_code for found in answers.values() for a in found} == {200}
    assert all("Có mùi lạ" in answer.text for answer in answers[pages[0]])
    assert all(lot in answer.text for answer in answers["/"])  # the home page warns
    assert all(pages[0] not in answer.text for answer in answers[f"/san-pham/{slug}"])
