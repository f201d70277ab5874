"""The look-up finds what is printed under the code, however people type it."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.models.batches import BatchState
from shop.models.catalog import ProductState, SellerMode
from tests import factories
from tests.support.applications import MakeSettings
from tests.support.pages import Visitor
from tests.support.whole_batch import LOT, Whole, make_whole_batch, stop_clock


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)


@pytest.fixture
def whole(app_session: Session) -> Whole:
    return make_whole_batch(app_session)


@pytest.mark.parametrize(
    "typed",
    [
        "CHE-261103-01",
        "che-261103-01",
        " Che 261103 01 ",
        "che26110301",
        "CHE\u200b-261103\ufeff-01",
        "ＣＨＥ-２６１１０３-０１",
        "CHE–261103–01",
        "Lô CHE-261103-01",
        "Mã lô: che-261103-01",
        "lot CHE-261103-01",
        "(01){gtin}(10)CHE-261103-01",
        "]C101{gtin}10CHE-261103-01",
        "{gtin} CHE-261103-01",
        "{gtin13} che-261103-01",
        "http://127.0.0.1:8000/01/{gtin}/10/CHE-261103-01",
        "http://localhost/en/01/{gtin}/10/che-261103-01",
        "127.0.0.1:8000/01/{gtin}/10/CHE-261103-01",
        "https://id.gs1.org/01/{gtin}/10/CHE-261103-01?17=271112",
        "https://khac.example/01/{gtin}/10/CHE-261103-01",
    ],
)
def test_what_is_typed_leads_to_the_batch(client: FlaskClient, whole: Whole, typed: str) -> None:
    asked = typed.format(gtin=whole.pack.gtin, gtin13=whole.pack.gtin[1:])

    answer = client.get("/tra-cuu", query_string={"ma": asked})

    assert (answer.status_code, answer.headers.get("Location")) == (303, whole.path)


@pytest.mark.parametrize("typed", ["{gtin}", "{gtin13}", " 9 521321 1{rest} ", "(01){gtin}"])
def test_the_number_under_the_bars_leads_to_its_product(
    client: FlaskClient, whole: Whole, typed: str
) -> None:
    gtin = whole.pack.gtin
    asked = typed.format(gtin=gtin, gtin13=gtin[1:], rest=gtin[9:])

    answer = client.get("/tra-cuu", query_string={"ma": asked})

    assert answer.headers.get("Location") == f"/san-pham/{whole.product.slug}"


def test_a_number_whose_product_left_the_shelf_asks_for_the_lot(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.product.state = ProductState.RETIRED
    app_session.commit()

    page = visitor.open(f"/tra-cuu?ma={whole.pack.gtin}", status=404)

    assert "Chè xanh La Bằng không còn bán. Gõ mã lô in trên gói" in page.text


def test_a_lot_of_several_packs_asks_which_one(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    large = factories.make_pack(app_session, whole.product, label="Chè móc câu, gói 500 g")
    factories.make_batch_pack(app_session, large, whole.batch)
    app_session.commit()

    page = visitor.open("/tra-cuu").submit({"ma": LOT})

    assert f"Lô {LOT} có nhiều loại. Gói của bạn là loại nào?" in page.text
    assert page.follow("Xem lô Chè móc câu, gói 500 g").path == f"/01/{large.gtin}/10/{LOT}"


def test_the_same_lot_of_two_sellers_asks_which_one(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    other = factories.make_batch_pack(
        app_session, batch=None, pack=factories.make_pack(app_session)
    )
    other.batch.lot = LOT
    app_session.commit()

    page = visitor.open(f"/tra-cuu?ma={LOT}")

    assert whole.path in page.links().values()
    assert f"/01/{other.pack.gtin}/10/{LOT}" in page.links().values()


def test_a_slip_of_a_delivery_is_found(client: FlaskClient, whole: Whole) -> None:
    answer = client.get("/tra-cuu?ma=chen26110201")

    assert answer.headers.get("Location") == f"/lo/{whole.seller.slug}/CHEN-261102-01"


@pytest.mark.parametrize(
    "typed",
    [
        "CHE-261130-01",  # two neighbours swapped
        "CHE-26l103-01",  # a letter for a digit
        "CHE-261103-0",
        "CHE-2611033-01",
        "XCHE-261103-01",
    ],
)
def test_one_slip_is_shown_to_compare_and_never_opened(
    visitor: Visitor, whole: Whole, typed: str
) -> None:
    page = visitor.open(f"/tra-cuu?ma={typed}", status=404)

    assert f"Không tìm thấy “{typed}”." in page.text
    assert page.links()[f"Đúng mã trên gói tôi {LOT}"] == whole.path
    assert page.links()["Báo cho chúng tôi"] == f"/bao-su-co?ma={typed}"


def test_proposals_are_at_most_three(visitor: Visitor, app_session: Session, whole: Whole) -> None:
    for number in range(2, 8):
        lot = f"CHE-261103-{number:02}"
        batch = factories.make_batch(app_session, whole.product, lot=lot)
        factories.make_batch_pack(app_session, whole.pack, batch)
    app_session.commit()

    page = visitor.open("/tra-cuu?ma=CHE-261103-09", status=404)

    assert sum("Đúng mã trên gói tôi" in words for words in page.links()) == 3


@pytest.mark.parametrize("typed", ["NK 7K2QF9", "nk7k2qf9", "Mã đơn NK-7K2QF9"])
def test_an_order_code_asks_for_the_digits_of_the_phone(
    client: FlaskClient, whole: Whole, typed: str
) -> None:
    answer = client.get("/tra-cuu", query_string={"ma": typed})

    assert answer.status_code == 303
    assert answer.headers["Location"].endswith("code=NK7K2QF9")


def test_a_draft_is_not_found(client: FlaskClient, app_session: Session, whole: Whole) -> None:
    whole.batch.state, whole.batch.released_at = BatchState.DRAFT, None
    app_session.commit()

    answer = client.get(f"/tra-cuu?ma={LOT}")

    assert answer.status_code == 404
    assert whole.path not in answer.text


def test_an_internal_number_from_another_host_is_not_ours(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    pack = factories.make_pack(app_session, whole.product)
    factories.make_batch_pack(app_session, pack, whole.batch)
    app_session.commit()
    path = f"/01/{pack.gtin}/10/{LOT}"

    own = client.get("/tra-cuu", query_string={"ma": f"http://127.0.0.1:8000{path}"})
    foreign = client.get("/tra-cuu", query_string={"ma": f"https://khac.example{path}"})

    assert own.headers.get("Location") == path
    assert foreign.status_code == 404


@pytest.mark.parametrize(
    "typed",
    ["https://khac.example/dang-nhap", "<script>alert(1)</script>", "urn:epc:id:x", "()", "%%%"],
)
def test_what_is_no_code_of_ours_is_said_not_to_be_found(
    visitor: Visitor, whole: Whole, typed: str
) -> None:
    page = visitor.open("/tra-cuu").submit({"ma": typed}, status=404)

    assert f"Không tìm thấy “{typed}”." in page.text
    assert "<script>alert" not in page.body


def test_an_empty_question_shows_the_form_again(visitor: Visitor) -> None:
    page = visitor.open("/tra-cuu?ma=%20")

    assert page.heading == "Tra mã trên gói"


def test_training_lots_are_not_proposed_beside_live_ones(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    school = factories.make_seller(app_session, mode=SellerMode.TRAINING)
    product = factories.make_product(app_session, school)
    batch = factories.make_batch(app_session, product, lot="TAP-261103-01")
    factories.make_batch_pack(app_session, factories.make_pack(app_session, product), batch)
    app_session.commit()

    page = visitor.open("/tra-cuu?ma=TAP-261103-07", status=404)

    assert "TAP-261103-01" not in page.text


def test_asking_too_often_is_answered_with_a_pause(
    make_settings: MakeSettings, demo_database_url: str
) -> None:
    from shop.app import create_app

    limited = create_app(make_settings(database_url=demo_database_url, rate_limits=True))
    asking = limited.test_client()

    answers = [asking.get("/tra-cuu?ma=XYZ").status_code for _ in range(61)]

    assert set(answers[:60]) == {404}
    assert answers[60] == 429
    limited.extensions["dacsan_engine"].dispose()


def test_every_recall_that_has_not_ended_is_listed_however_old(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    assert "Đang thu hồi" not in visitor.open("/tra-cuu").text
    declared = factories.NOW - timedelta(days=200)
    notice = factories.make_notice(app_session, whole.batch, declared_at=declared)
    app_session.commit()

    page = visitor.open("/tra-cuu")
    assert "Đang thu hồi" in page.text
    assert page.links()[LOT] == whole.path

    notice.ended_at, notice.outcome = factories.NOW, "Đã thu về đủ."
    app_session.commit()
    assert "Đang thu hồi" not in visitor.open("/tra-cuu").text
