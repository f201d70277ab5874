"""The page of a certificate says what stands on it, and whether it holds today."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

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


def test_a_claim_leads_to_number_issuer_days_and_state(visitor: Visitor, whole: Whole) -> None:
    page = visitor.open(whole.path).follow("Xem giấy VietGAP")

    assert page.heading == "Giấy chứng nhận VietGAP"
    assert "Còn hiệu lực, đến 09/03/2027" in page.text
    assert f"Số {whole.certificate.number} Nơi cấp Tổ chức chứng nhận mẫu" in page.text
    assert "Cấp ngày 10/03/2025 Có hiệu lực đến 09/03/2027" in page.text
    assert page.links()["Chè xanh La Bằng"] == f"/san-pham/{whole.product.slug}"


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"expires_on": date(2026, 11, 21)}, "hết hạn ngày 21/11/2026"),
        ({"revoked_on": date(2026, 11, 22)}, "bị thu hồi ngày 22/11/2026"),
        ({"issued_on": date(2026, 11, 23)}, "chưa có hiệu lực, từ 23/11/2026"),
        ({"expires_on": None}, "Còn hiệu lực, từ 10/03/2025"),
        ({"expires_on": date(2026, 11, 22)}, "Còn hiệu lực, đến 22/11/2026"),
    ],
)
def test_the_state_is_that_of_today(
    visitor: Visitor,
    app_session: Session,
    whole: Whole,
    values: dict[str, Any],
    words: str,
) -> None:
    for name, value in values.items():
        setattr(whole.certificate, name, value)
    app_session.commit()

    page = visitor.open(f"/giay-to/{whole.certificate.id}")

    assert words in page.text
    assert ("Còn hiệu lực" in page.text) is words.startswith("Còn")


def test_a_sample_is_called_a_sample(visitor: Visitor, app_session: Session, whole: Whole) -> None:
    assert "Giấy mẫu" not in visitor.open(f"/giay-to/{whole.certificate.id}").text

    whole.certificate.is_sample = True
    app_session.commit()

    text = visitor.open(f"/giay-to/{whole.certificate.id}").text
    assert "Giấy mẫu, không có thật." in text
    assert "Dữ liệu mẫu, không có thật." in text


def test_what_else_stands_on_a_certificate_is_told_in_words(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.certificate.scope = "Chè búp tươi, 4 hộ"
    whole.certificate.extra = {"area_ha": 0.65, "sample_received_on": "2026-02-01", "x": "y"}
    app_session.commit()

    text = visitor.open(f"/giay-to/{whole.certificate.id}").text

    assert "Phạm vi Chè búp tươi, 4 hộ Diện tích (ha) 0,65 Ngày nhận mẫu 01/02/2026" in text


def test_a_test_report_names_its_batches_and_links_them(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    report = factories.make_certificate(
        app_session, whole.seller, batches=[whole.batch], title="Phiếu kết quả thử nghiệm"
    )
    app_session.commit()

    page = visitor.open(f"/giay-to/{report.id}")

    assert page.links()[LOT] == whole.path


def test_goods_that_left_the_shelf_are_not_linked(
    visitor: Visitor, app_session: Session, whole: Whole
) -> None:
    whole.product.state = ProductState.RETIRED
    app_session.commit()

    page = visitor.open(f"/giay-to/{whole.certificate.id}")

    assert "Chè xanh La Bằng" not in page.links()


def test_a_certificate_that_is_not_there_is_not_found(visitor: Visitor) -> None:
    visitor.open("/giay-to/999999", status=404)
