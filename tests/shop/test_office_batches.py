"""The clerk's way with a batch, over HTTP: slips, the batch, its steps, packs, the sale."""

from datetime import timedelta

import pytest

from shop import formats
from shop.models.batches import BatchKind, BatchState, InputKind
from shop.models.people import Role
from tests.support.office import open_office
from tests.support.workshop import DELIVERIES, LIST


@pytest.fixture
def demo_database_url(database_url: str) -> str:
    """These tests make their own goods."""
    return database_url


def test_a_batch_goes_from_the_slip_to_the_sale(workshop):
    question = workshop.packed_batch()

    page = question.submit(form="/cho-ban", press="Cho bán")

    batch = workshop.newest()
    assert question.heading == f"Cho bán lô {batch.lot}?"
    assert f"Lô {batch.lot} đang bán." in page.text
    assert batch.state is BatchState.RELEASED
    assert (batch.retained_sample_g, batch.leftover_g) == (200, 0)
    assert batch.packs[0].produced == 104
    assert page.follow("Xem trang lô").path == f"/01/{workshop.small.gtin}/10/{batch.lot}"
