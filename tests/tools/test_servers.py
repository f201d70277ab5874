"""Real servers start, share a database, run changed code, and are checked after a race."""

from pathlib import Path

import pytest
import requests

from shop.db import make_engine
from tests.support.pages import Visitor
from tests.support.servers import PatchTree, Serve, assert_sound


@pytest.mark.race
@pytest.mark.both_databases
def test_two_servers_show_the_same_shop(demo_database_url: str, serve: Serve) -> None:
    one, other = serve(demo_database_url, processes=2)

    assert one.url != other.url
    assert (
        Visitor.at(one.url).open("/san-pham").text == Visitor.at(other.url).open("/san-pham").text
    )


@pytest.mark.race
def test_a_server_runs_the_code_it_is_given(
    demo_database_url: str, serve: Serve, patch_tree: PatchTree
) -> None:
    tree = patch_tree("shop/views/health.py", 'status="ok"', 'status="patched"')

    [server] = serve(demo_database_url, tree=tree)

    assert requests.get(f"{server.url}/healthz", timeout=5).json() == {"status": "patched"}


@pytest.mark.race
def test_a_killed_server_answers_no_more(demo_database_url: str, serve: Serve) -> None:
    [server] = serve(demo_database_url)

    server.kill()

    with pytest.raises(requests.ConnectionError):
        requests.get(f"{server.url}/healthz", timeout=5)


def test_a_database_that_is_not_sound_fails(demo_database_url: str, tmp_path: Path) -> None:
    engine = make_engine(demo_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE stock_level SET on_hand = on_hand + 1")
    engine.dispose()

    with pytest.raises(AssertionError, match="stock_level"):
        assert_sound(demo_database_url, tmp_path, pages=False)
