"""The cases of bad input that come in by the form of a batch, each typed into the real pages."""

import json
from datetime import date

import pytest

from shop import clock
from shop.models.batches import Batch, BatchKind
from tests.factories import make_batch
from tests.support.office import open_office
from tests.support.workshop import LIST, open_workshop

AS_OF = date(2026, 11, 28)
"""The day on which the cases were written down, as the form sees it."""


@pytest.fixture
def demo_database_url(database_url):
    """These tests make their own goods."""
    return database_url


@pytest.fixture
def workshop(app, app_session, monkeypatch):
    """A workshop on the day of the cases."""
    monkeypatch.delenv("DACSAN_CLOCK_DAYS", raising=False)
    monkeypatch.setenv("DACSAN_CLOCK_DAYS", str((AS_OF - clock.today()).days))
    with open_workshop(open_office(app, app_session)) as opened:
        yield opened


@pytest.fixture
def case(shared):
    """Give what is typed in a case and what should come of it."""
    folder = shared / "data/bad_input"
    cases = json.loads((folder / "index.json").read_text("utf-8"))["cases"]
    known = {one["id"]: one for one in cases if one["channel"] == "batch_form"}

    def load(case_id):
        payload = json.loads((folder / known[case_id]["file"]).read_text("utf-8"))["payload"]
        return payload, known[case_id]["expected"]

    return load


def type_batch(workshop, payload, *, status):
    """Type what the payload says into the form of a new batch."""
    names = {"produced_on": "made_on", "expires_on": "expires_on", "lot_code": "lot"}
    typed = {names[key]: text for key, text in payload.items() if key in names}
    typed = {"product": str(workshop.product.id), "made_on": "hôm nay"} | typed
    page = workshop.clerk.open(f"{LIST}/moi").submit(typed, press="Mở lô", status=status)
    return page, typed


def mentions(page, expected):
    return any(
        words.lower() in page.text.lower()
        for words in expected["error"]["message_must_mention_any_of"]
    )


def test_s05_the_day_comes_before_the_month(workshop, case):
    payload, expected = case("S05")

    type_batch(workshop, payload, status=200)

    made_on = workshop.newest().made_on
    assert made_on == date.fromisoformat(expected["normalised"]["produced_on"])
    assert made_on != date(2026, 5, 10)


@pytest.mark.parametrize(
    ("case_id", "field", "said"),
    [
        ("S06", "made_on", "Tháng 11 năm 2026 chỉ có 30 ngày"),
        ("S07", "expires_on", "Hạn sử dụng (21/11/2026) trước ngày sản xuất (28/11/2026)"),
        ("S11", "lot", "Mã lô LBT-261015-01 đã có. Dùng mã khác hoặc mở lô cũ"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_stays_typed(
    workshop, case, case_id, field, said
):
    payload, expected = case(case_id)
    for lot in payload.get("existing", []):
        make_batch(workshop.office.session, workshop.product, lot=lot)
    workshop.office.session.commit()

    page, typed = type_batch(workshop, payload, status=422)

    assert said in page.text
    assert mentions(page, expected)
    assert f'id="loi-{field}"' in page.body
    assert f'value="{typed[field]}"' in page.body
    session = workshop.read()
    assert session.query(Batch).filter(Batch.kind == BatchKind.RETAIL).count() == len(
        payload.get("existing", [])
    )


def test_s11_the_old_batch_is_one_link_away(workshop, case):
    payload, _expected = case("S11")
    old = make_batch(workshop.office.session, workshop.product, lot="LBT-261015-01")
    workshop.office.session.commit()

    page, _typed = type_batch(workshop, payload, status=422)

    assert page.follow("Mở lô LBT-261015-01").path == f"{LIST}/{old.id}"


def test_s10_a_lot_typed_as_a_phrase_is_made_printable_and_shown(workshop, case):
    payload, expected = case("S10")

    page, _typed = type_batch(workshop, payload, status=200)

    assert workshop.newest().lot == expected["normalised"]["lot_code"]
    assert page.heading == "Lô LO-CHE-15-10"


def test_s09_more_dry_tea_than_the_leaf_can_give_is_refused(workshop, case):
    payload, expected = case("S09")
    page = workshop.batch_with_leaf(payload["fresh_in"])

    page = workshop.step(page, out_g=payload["dry_out"], status=422)

    assert "100 kg búp chè tươi thường được khoảng 18 kg đến 25 kg; bác ghi 60 kg." in page.text
    assert mentions(page, expected)
    assert 'id="loi-out_g"' in page.body
    assert f'value="{payload["dry_out"]}"' in page.body
    assert "Tôi đã cân lại, số đúng như vậy" not in page.text
    assert workshop.newest().steps == []


def test_s09_more_out_than_in_is_refused_whatever_is_ticked(workshop):
    page = workshop.step(workshop.batch_with_leaf(), out_g="27 kg", status=422)

    page = page.submit({"out_g": "101 kg", "sure": "1"}, form="/buoc", status=422)

    assert "Ra 101 kg nhưng chỉ có 100 kg vào" in page.text
    assert workshop.newest().steps == []


def test_s27_a_harvest_inside_the_waiting_time_is_refused(workshop, case):
    payload, expected = case("S27")
    (spray,) = payload["inputs"]
    workshop.delivery("50 kg", harvested_on=payload["harvested_on"])
    page = workshop.new_batch(made_on=payload["harvested_on"])
    page = page.submit({f"all-{workshop.newest(BatchKind.DELIVERY).id}": "1"}, form="hang-nhan")

    page = page.submit(
        {
            "spray_kind": spray["kind"],
            "spray_name": spray["name"],
            "spray_on": spray["applied_on"],
            "spray_phi": spray["phi_days"],
        },
        form="phun-bon",
        status=422,
    )

    assert "Phun, bón ngày 10/10/2026, cách ly 14 ngày: hái sớm nhất ngày 24/10/2026" in page.text
    assert mentions(page, expected)
    assert 'value="Buprofezin 25 %"' in page.body
    assert len(workshop.newest().inputs) == 1
