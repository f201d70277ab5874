"""What every journey stands on: the shop with the demo in it, and the books behind it."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from shop.db import make_engine
from tests.support.servers import Serve, Server


@pytest.fixture
def server(serve: Serve, demo_database_url: str) -> Server:
    """A shop with the demo in it."""
    return serve(demo_database_url, demo="1")[0]


@pytest.fixture
def books(demo_database_url: str) -> Iterator[Engine]:
    """The database behind the shop."""
    engine = make_engine(demo_database_url)
    yield engine
    engine.dispose()
