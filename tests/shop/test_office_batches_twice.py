"""A form of the office that is sent twice at the same moment is one entry."""

import threading

import pytest
from sqlalchemy import func, select

from shop import formats
from shop.models.batches import Batch, BatchInput, BatchKind, BatchStep
from shop.models.inventory import StockMovement
from shop.models.journal import TraceEvent
from tests.support.workshop import DELIVERIES, LIST

ENTRY = "7d0f8a0c-9f5c-4b6f-8f0e-2f6b7a1c9d10"


@pytest.fixture
def demo_database_url(database_url):
    """These tests make their own goods."""
    return database_url


@pytest.fixture
def send_twice(workshop):
    """Send a form from two browsers of the same clerk at the same moment; return the answers."""

    def send(path, values):
        clients = [workshop.office.client() for _ in range(2)]
        tokens = [_token(client) for client in clients]
        gate, answers = threading.Barrier(2), []

        def press(client, token):
            gate.wait()
            form = values | {"csrf_token": token, "client_id": ENTRY}
            answers.append(client.post(path, data=form).status_code)

        pressing = [
            threading.Thread(target=press, args=pair) for pair in zip(clients, tokens, strict=True)
        ]
        for one in pressing:
            one.start()
        for one in pressing:
            one.join()
        return sorted(answers)

    return send


def _token(client):
    body = client.get(f"{LIST}/moi").get_data(as_text=True)
    return body.partition('name="csrf_token" value="')[2].partition('"')[0]


def count(workshop, model, *conditions):
    query = select(func.count()).select_from(model).where(*conditions)
    return workshop.read().scalar(query)


@pytest.mark.both_databases
def test_a_slip_is_written_down_once(workshop, send_twice):
    values = {
        "goods": "Búp chè tươi",
        "weight": "28 kg",
        "giver": f"plot:{workshop.plot.id}",
        "harvested_on": formats.day(workshop.yesterday),
    }

    answers = send_twice(f"{DELIVERIES}/moi", values)

    assert answers == [303, 303]
    assert count(workshop, Batch) == 1
    assert count(workshop, TraceEvent) == 2


@pytest.mark.both_databases
def test_a_new_batch_is_opened_once(workshop, send_twice):
    values = {"product": str(workshop.product.id), "made_on": formats.day(workshop.yesterday)}

    answers = send_twice(f"{LIST}/moi", values)

    assert answers == [303, 303]
    assert count(workshop, Batch) == 1


def test_goods_go_into_a_batch_once(workshop, send_twice):
    workshop.delivery("100 kg")
    slip = workshop.newest(BatchKind.DELIVERY)
    workshop.new_batch()
    batch = workshop.newest()

    answers = send_twice(f"{LIST}/{batch.id}/hang-nhan", {f"take-{slip.id}": "100 kg"})

    assert answers == [303, 303]
    assert count(workshop, BatchInput, BatchInput.batch_id == batch.id) == 1


def test_an_ingredient_is_written_down_once(workshop, send_twice):
    workshop.new_batch()
    batch = workshop.newest()
    values = {"goods_kind": "ingredient", "goods_name": "Hoa nhài", "goods_weight": "3 kg"}

    answers = send_twice(f"{LIST}/{batch.id}/nguyen-lieu", values)

    assert answers == [303, 303]
    assert count(workshop, BatchInput) == 1


@pytest.mark.both_databases
def test_a_step_is_written_down_once(workshop, send_twice):
    workshop.batch_with_leaf()
    batch = workshop.newest()
    values = {
        "step_name": "Sao khô",
        "step_place": "Xưởng",
        "step_day": formats.day(workshop.yesterday),
        "step_from": "8h",
        "step_until": "11h",
        "in_g": "100 kg",
        "out_g": "21 kg",
    }

    answers = send_twice(f"{LIST}/{batch.id}/buoc", values)

    assert answers == [303, 303]
    assert count(workshop, BatchStep) == 1


def test_a_batch_is_packed_once(workshop, send_twice):
    workshop.step(workshop.batch_with_leaf())
    batch = workshop.newest()
    day = formats.day(workshop.yesterday)
    values = {f"units-{workshop.small.id}": "104", "packed_on": day}

    answers = send_twice(f"{LIST}/{batch.id}/dong-goi", values)

    assert answers == [303, 303]
    assert count(workshop, StockMovement) == 1


@pytest.mark.both_databases
def test_a_batch_is_released_and_held_once(workshop, send_twice):
    workshop.packed_batch()
    batch = workshop.newest()

    released = send_twice(f"{LIST}/{batch.id}/cho-ban", {})
    held = send_twice(f"{LIST}/{batch.id}/tam-giu", {"reason": "nhan"})

    assert (released, held) == ([303, 303], [303, 303])
    assert len(workshop.newest().notices) == 1
