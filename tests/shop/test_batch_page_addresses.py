"""Each address under which a batch is looked for leads to it, or says why not."""

import re
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from shop.models.batches import Batch, BatchKind, BatchState, CodeAlias
from shop.models.catalog import ProductState
from tests import factories
from tests.support.pages import Visitor
from tests.support.whole_batch import LOT, Whole, make_whole_batch, stop_clock


@pytest.fixture(autouse=True)
def _today(monkeypatch: pytest.MonkeyPatch) -> None:
    stop_clock(monkeypatch)


@pytest.fixture
def whole(app_session: Session) -> Whole:
    return make_whole_batch(app_session)


def test_the_address_on_the_pack_answers_at_once(client: FlaskClient, whole: Whole) -> None:
    answer = client.get(whole.path, headers={"Accept": "text/html"})

    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Link"] == (
        f'<http://127.0.0.1:8000{whole.path}?linkType=linkset>; rel="linkset"; '
        'type="application/linkset+json"'
    )
    assert "Accept" in answer.headers["Vary"]


@pytest.mark.parametrize("tail", ["/", "/21/A1B2C3", "?17=271112&utm_source=zalo"])
def test_what_follows_the_lot_changes_nothing(
    client: FlaskClient, whole: Whole, tail: str
) -> None:
    answer = client.get(whole.path + tail)

    assert answer.status_code == 200
    assert LOT in answer.text


def test_a_page_that_did_not_change_is_not_sent_again(client: FlaskClient, whole: Whole) -> None:
    tag = client.get(whole.path).headers["ETag"]

    again = client.get(whole.path, headers={"If-None-Match": tag})

    assert (again.status_code, again.data) == (304, b"")


def test_a_recall_changes_the_page_that_a_phone_has_kept(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    tag = client.get(whole.path).headers["ETag"]
    factories.make_notice(app_session, whole.batch)
    app_session.commit()

    again = client.get(whole.path, headers={"If-None-Match": tag})

    assert again.status_code == 200
    assert "Đang thu hồi." in again.text


def test_the_page_is_the_same_for_everybody(client: FlaskClient, whole: Whole) -> None:
    first = client.get(whole.path)
    client.get("/bao-su-co")  # which begins a session for its form

    again = client.get(whole.path)

    assert again.data == first.data
    assert "Set-Cookie" not in again.headers


@pytest.mark.parametrize(
    "typed",
    [
        "che-261103-01",
        "CHE 261103 01",
        "CHE26110301",
        " CHE-261103-01 ",
        "CHE-261103-01\u200b",
        "CHE-２６１１０３-01",
        "che–261103–01",
    ],
)
def test_a_mistyped_lot_leads_to_its_stored_form(
    client: FlaskClient, whole: Whole, typed: str
) -> None:
    answer = client.get(f"/01/{whole.pack.gtin}/10/{quote(typed)}?17=271112")

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"{whole.path}?17=271112"


@pytest.mark.parametrize("cut", [1, 0])
def test_a_number_without_its_zeros_leads_to_its_stored_form(
    client: FlaskClient, whole: Whole, cut: int
) -> None:
    gtin = whole.pack.gtin[cut:] if cut else " ".join(re.findall("..", whole.pack.gtin))

    answer = client.get(f"/01/{quote(gtin)}/10/{LOT}")

    assert (answer.status_code, answer.headers["Location"]) == (308, whole.path)


def test_a_mistyped_lot_that_fits_two_batches_leads_nowhere(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    twin = factories.make_batch(app_session, whole.product, lot="CHE-26110301")
    factories.make_batch_pack(app_session, whole.pack, twin)
    app_session.commit()

    page = visitor.open(f"/01/{whole.pack.gtin}/10/che-261103-01", status=404)

    assert {LOT, "CHE-26110301"} <= set(page.text.split())


def test_a_code_of_former_times_leads_to_its_batch(
    client: FlaskClient, app_session: Session, whole: Whole
) -> None:
    alias = CodeAlias(gtin="02000001030004", lot="CU-01", batch_pack_id=whole.batch_pack.id)
    app_session.add(alias)
    app_session.commit()

    answer = client.get("/01/02000001030004/10/CU-01")

    assert (answer.status_code, answer.headers["Location"]) == (308, whole.path)


def test_an_unknown_lot_names_the_product_and_proposes_a_near_one(
    visitor: Visitor, whole: Whole
) -> None:
    page = visitor.open(f"/01/{whole.pack.gtin}/10/CHE-261103-07", status=404)

    assert page.heading == "Không có lô mang mã CHE-261103-07."
    assert "Số dưới mã vạch là của: Chè xanh La Bằng" in page.text
    assert "Có phải bạn nhìn nhầm?" in page.text
    assert page.links()[f"Đúng mã trên gói tôi {LOT}"] == whole.path
    assert "Mã in trên gói là hàng giả hay in sai? Báo cho HTX" in page.text
    assert "Lô đang bán" not in page.text


def test_a_lot_two_slips_away_is_not_proposed(visitor: Visitor, whole: Whole) -> None:
    page = visitor.open(f"/01/{whole.pack.gtin}/10/CHE-261130-07", status=404)

    assert "Có phải bạn nhìn nhầm?" not in page.text
    assert LOT not in page.text


def test_a_lot_of_another_pack_is_proposed_and_not_opened(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    other = factories.make_pack(app_session)
    app_session.commit()

    page = visitor.open(f"/01/{other.gtin}/10/{LOT}", status=404)

    assert page.links()[f"Đúng mã trên gói tôi {LOT}"] == whole.path


def test_an_unknown_number_and_lot_get_a_plain_page(visitor: Visitor, whole: Whole) -> None:
    page = visitor.open("/01/08936000000019/10/XYZ", status=404)

    assert page.heading == "Không có lô mang mã XYZ."
    assert "Số dưới mã vạch là của" not in page.text
    assert "Link" not in page.headers


def test_a_draft_is_as_unknown(visitor: Visitor, app_session: Session, whole: Whole) -> None:
    whole.batch.state, whole.batch.released_at = BatchState.DRAFT, None
    app_session.commit()

    page = visitor.open(whole.path, status=404)

    assert page.heading == f"Không có lô mang mã {LOT}."
    assert "Đúng mã trên gói tôi" not in page.text
    visitor.open(f"/01/{whole.pack.gtin}/10/{LOT.lower()}", status=404)


def test_a_withdrawn_code_is_gone_and_says_why(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.batch_pack.withdrawn_at = factories.NOW
    whole.batch_pack.withdrawn_reason = "In nhầm hạn dùng trên 12 tem."
    app_session.commit()

    page = visitor.open(whole.path, status=410)

    assert page.heading == "Mã này đã rút từ ngày 22/11/2026."
    assert "In nhầm hạn dùng trên 12 tem." in page.text
    assert page.links()["Gọi HTX 0540 001 001"] == "tel:+84540001001"
    assert "Mua" not in page.text


def test_a_withdrawn_code_of_a_recalled_batch_says_the_recall_first(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.batch_pack.withdrawn_at = factories.NOW
    factories.make_notice(app_session, whole.batch)
    app_session.commit()

    page = visitor.open(whole.path, status=410)

    assert page.text.startswith(f"Lô {LOT} Đang thu hồi.")


def test_a_number_alone_leads_to_its_product(client: FlaskClient, whole: Whole) -> None:
    answer = client.get(f"/01/{whole.pack.gtin}")

    assert answer.status_code == 307
    assert answer.headers["Location"] == f"/san-pham/{whole.product.slug}"
    assert answer.headers["Cache-Control"] == "no-store"
    assert f"/01/{whole.pack.gtin}?linkType=linkset" in answer.headers["Link"]


def test_a_number_with_a_serial_walks_up_to_its_product(client: FlaskClient, whole: Whole) -> None:
    answer = client.get(f"/01/{whole.pack.gtin}/21/A1B2")

    assert answer.headers["Location"] == f"/san-pham/{whole.product.slug}"


@pytest.mark.parametrize(
    ("state", "is_named"), [(ProductState.RETIRED, True), (ProductState.DRAFT, False)]
)
def test_a_product_that_is_not_on_the_shelf_is_not_opened(
    visitor: Visitor,
    app_session: Session,
    whole: Whole,
    state: ProductState,
    is_named: bool,
) -> None:
    whole.product.state = state
    app_session.commit()

    page = visitor.open(f"/01/{whole.pack.gtin}", status=404)

    assert page.heading == f"Không có món mang số {whole.pack.gtin}."
    assert ("Chè xanh La Bằng" in page.text) is is_named


@pytest.mark.parametrize(
    "path",
    [
        "/01/1/10/%00",
        "/01/%00",
        "/lo/%00/1",
        "/01/09521321100015/10/" + "A" * 3000,
        "/01/abc/10/%F0%9F%8D%B5",
        "/01/%20/10/%20",
        "/tra-cuu?ma=%00",
        "/tra-cuu?ma=" + "9" * 3000,
    ],
)
def test_nonsense_is_not_found(visitor: Visitor, path: str) -> None:
    visitor.open(path, status=404)


def test_a_delivery_says_what_when_from_where_and_where_it_went(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    page = visitor.open(f"/lo/{whole.seller.slug}/CHEN-261102-01")

    assert page.heading == "Búp chè tươi"
    text = page.text.replace("\u00a0", " ")
    assert "Phiếu giao hàng Mã lô CHEN-261102-01 Khối lượng 130 kg" in text
    assert "Thửa LB-T03 Thôn, xóm Xóm La Bằng Người giao Hộ anh Triệu Văn Lim" in text
    assert page.links()[LOT] == whole.path


def test_a_delivery_names_nobody_who_did_not_agree(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.member.show_name = False
    app_session.commit()

    page = visitor.open(f"/lo/{whole.seller.slug}/CHEN-261102-01")

    assert "Người giao 1 hộ, không nêu tên" in page.text
    assert "Lim" not in page.body


def test_a_recalled_delivery_says_so_first(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    factories.make_notice(app_session, whole.delivery)
    app_session.commit()

    page = visitor.open(f"/lo/{whole.seller.slug}/CHEN-261102-01")

    assert page.text.startswith("Lô CHEN-261102-01 Đang thu hồi. Có mùi lạ")


def test_addresses_without_a_number_are_mended_too(client: FlaskClient, whole: Whole) -> None:
    answer = client.get(f"/lo/{whole.seller.slug}/chen%20261102%2001")

    assert answer.status_code == 308
    assert answer.headers["Location"] == f"/lo/{whole.seller.slug}/CHEN-261102-01"


def test_a_packed_lot_without_a_number_leads_to_the_address_on_its_packs(
    client: FlaskClient, whole: Whole
) -> None:
    answer = client.get(f"/lo/{whole.seller.slug}/{LOT}")

    assert (answer.status_code, answer.headers["Location"]) == (307, whole.path)


def test_a_bulk_draft_is_as_unknown(visitor: Visitor, app_session: Session, whole: Whole) -> None:
    factories.make_batch(
        app_session, whole.product, lot="NHAP-1", kind=BatchKind.BULK, state=BatchState.DRAFT
    )
    app_session.commit()

    visitor.open(f"/lo/{whole.seller.slug}/NHAP-1", status=404)


def test_every_public_batch_of_the_demo_has_a_page(
    client: FlaskClient, app_session: Session
) -> None:
    public = app_session.query(Batch).filter(Batch.state != BatchState.DRAFT).all()
    paths = [
        f"/01/{one.pack.gtin}/10/{batch.lot}" if one else f"/lo/{batch.seller.slug}/{batch.lot}"
        for batch in public
        for one in (batch.packs or [None])
    ]

    answers = {path: client.get(path).status_code for path in paths}

    assert len(paths) > 60
    assert set(answers.values()) == {200}
