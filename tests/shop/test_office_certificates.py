"""The papers of the office: written down once, claimed while they hold, withdrawn when not."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from shop import formats
from shop.models.catalog import Certificate
from shop.models.people import AuditEntry, Role
from tests.factories import make_certificate, make_product, make_seller
from tests.support.workshop import Workshop

PAPERS = "/quan-ly/giay-to"


@pytest.fixture
def demo_database_url(database_url):
    """These tests make their own goods."""
    return database_url


@pytest.fixture
def vietgap(workshop: Workshop):
    """What a clerk copies from a VietGAP certificate."""
    today = workshop.office.today
    return {
        "kind": "vietgap",
        "number": "VG-19-2026",
        "issuer": "Tổ chức chứng nhận số 1",
        "issued_on": formats.day(today - timedelta(days=90)),
        "expires_on": formats.day(today + timedelta(days=600)),
        "products": [str(workshop.product.id)],
    }


def papers(workshop):
    return workshop.read().scalars(select(Certificate).order_by(Certificate.id)).all()


def add(workshop, typed, **options):
    return workshop.clerk.open(f"{PAPERS}/moi").submit(typed, press="Ghi giấy", **options)


def test_a_paper_lets_the_product_claim_what_it_says(workshop, vietgap):
    workshop.released_batch()
    shelf = f"/san-pham/{workshop.product.slug}"
    before = workshop.clerk.open(shelf)

    page = add(workshop, vietgap)

    assert "VietGAP" not in before.text
    assert "Đã ghi giấy số VG-19-2026." in page.text
    assert "Còn hiệu lực" in page.text
    assert workshop.product.name in page.text
    assert "VietGAP" in workshop.clerk.open(shelf).text


def test_a_withdrawn_paper_allows_no_claim_any_more(workshop, vietgap):
    workshop.released_batch()
    page = add(workshop, vietgap)

    question = page.follow("Thu hồi VG-19-2026")
    page = question.submit(press="Thu hồi")

    assert question.heading == "Thu hồi giấy số VG-19-2026?"
    assert "Bị thu hồi" in page.text
    assert "VietGAP" not in workshop.clerk.open(f"/san-pham/{workshop.product.slug}").text


def test_what_happened_to_a_paper_is_on_record(workshop, vietgap):
    add(workshop, vietgap).follow("Thu hồi VG-19-2026").submit(press="Thu hồi")

    acts = workshop.read().scalars(
        select(AuditEntry.action).where(AuditEntry.subject_kind == "certificate")
    )
    assert list(acts) == ["certificate_added", "certificate_revoked"]


def test_the_same_paper_typed_twice_is_one(workshop, vietgap):
    add(workshop, vietgap)

    add(workshop, vietgap)

    assert len(papers(workshop)) == 1


def test_another_paper_under_a_known_number_is_refused(workshop, vietgap):
    add(workshop, vietgap)

    page = add(workshop, vietgap | {"issuer": "Nơi khác"}, status=422)

    assert "Giấy số VG-19-2026 đã có" in page.text
    assert 'value="Nơi khác"' in page.body


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"kind": ""}, "Chọn loại giấy"),
        ({"products": []}, "Chọn ít nhất một sản phẩm"),
        ({"expires_on": "01/01/2020"}, "Ngày hết hạn trước ngày cấp"),
        ({"issued_on": "31/11/2026"}, "Tháng 11 năm 2026 chỉ có 30 ngày"),
        ({"kind": "ocop", "stars": "7"}, "Số lượng nhiều nhất là 5"),
        ({"kind": "test_report"}, "Giấy này chỉ nói về một lô"),
        ({"kind": "test_report", "lot": "KHONG-CO"}, "Không có lô mang mã KHONG-CO"),
    ],
)
def test_what_is_wrong_with_a_paper_stands_beside_its_field(workshop, vietgap, changed, said):
    page = add(workshop, vietgap | changed, status=422)

    assert said in page.text
    assert 'value="VG-19-2026"' in page.body
    assert papers(workshop) == []


def test_stars_are_kept_with_the_decision(workshop, vietgap):
    add(workshop, vietgap | {"kind": "ocop", "stars": "4"})

    assert papers(workshop)[0].extra == {"stars": "4"}


def test_a_test_report_speaks_for_its_batch_alone(workshop, vietgap):
    batch = workshop.released_batch()

    page = add(workshop, vietgap | {"kind": "test_report", "lot": batch.lot})

    assert not papers(workshop)[0].covers_all_batches
    assert batch.lot in page.text


def test_papers_that_end_soon_stand_first(workshop):
    today, session = workshop.office.today, workshop.office.session
    for number, days in (("XA", 400), ("GAN", 30), ("CU", -1)):
        make_certificate(
            session,
            workshop.office.seller,
            number=number,
            issued_on=today - timedelta(days=500),
            expires_on=today + timedelta(days=days),
        )
    session.commit()

    page = workshop.clerk.open(PAPERS)

    assert page.text.index("CU") < page.text.index("GAN") < page.text.index("XA")
    for said in ("Hết hạn", "Sắp hết hạn", "còn 30 ngày", "Còn hiệu lực"):
        assert said in page.text


def test_a_product_of_another_seller_is_on_no_paper(workshop, vietgap):
    other = make_product(workshop.office.session, make_seller(workshop.office.session))
    workshop.office.session.commit()

    add(workshop, vietgap | {"products": [str(other.id)]}, status=404)

    assert workshop.read().scalar(select(func.count(Certificate.id))) == 0


def test_a_paper_of_another_seller_cannot_be_withdrawn(workshop):
    session = workshop.office.session
    paper = make_certificate(session, make_seller(session))
    session.commit()

    workshop.clerk.open(f"{PAPERS}/{paper.id}/thu-hoi", status=404)


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.TREASURER])
def test_only_the_office_writes_papers(workshop, role):
    workshop.office.visitor(role).open(PAPERS, status=403)
