"""Reviews: only of goods that came, read by the office first, and no more of a name than `H.`"""

import io
import os
import re
from typing import Any

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session, object_session

from shop import clock
from shop.errors import Changed, WrongMove
from shop.forms.reviews import Said
from shop.invariants import DATA_RULES, prove
from shop.jobs import encode_photos
from shop.models.orders import Order, OrderLine
from shop.models.people import AuditEntry, Role
from shop.models.reviews import ProductRating, Review, ReviewState, Salutation
from shop.services import batch_release, forgetting, order_fulfilment, reviews
from shop.services.actors import BUYER, SYSTEM
from tests.support.office import Office, open_office
from tests.support.pages import Page, Upload, Visitor

TEXT = "Chè thơm, gói kín.\nSẽ mua nữa."


def delivered(office: Office, **values: Any) -> Order:
    order = office.shipped_order(**values)
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)
    office.session.commit()
    return order


def address(order: Order) -> str:
    return f"/don-hang/{order.token}/danh-gia/{line_of(order).id}"


def line_of(order: Order) -> OrderLine:
    """Return the only line, and leave no transaction open."""
    line = order.lines[0]
    assert line.pack.product.slug
    object_session(order).commit()  # type: ignore[union-attr]
    return line


def only(session: Session) -> Review:
    session.rollback()
    session.expire_all()
    found = session.scalars(select(Review)).one()
    session.refresh(found)
    assert found.photos is not None
    session.commit()
    return found


def written(office: Office, order: Order, stars: int = 5, text: str = TEXT) -> Review:
    """A review that waits, put there by the service."""
    review = reviews.write(
        office.session,
        order.lines[0],
        Said(stars, text, Salutation.CHI),
        [],
        folder=None,  # type: ignore[arg-type]
        actor=BUYER,
        now=office.now,
    )
    office.session.commit()
    return review


def shown(office: Office, order: Order, stars: int = 5, text: str = TEXT) -> Review:
    review = written(office, order, stars, text)
    by: dict[str, Any] = {"actor": SYSTEM, "now": office.now}
    reviews.approve(office.session, review, version=review.version, **by)
    office.session.commit()
    return review


def pictures(page: Page) -> list[str]:
    return re.findall(r'src="([^"]*/anh-danh-gia/[^"]*)"', page.body)


def photo() -> Upload:
    content = io.BytesIO()
    Image.new("RGB", (900, 700), "green").save(content, "JPEG")
    return Upload(content.getvalue(), "che.jpg")


def product_path(order: Order) -> str:
    return f"/san-pham/{line_of(order).pack.product.slug}"


def test_a_review_goes_from_the_order_by_the_office_to_the_page_of_the_product(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office, buyer_name="Nguyễn Thị Hoa")
    path = product_path(order)

    form = visitor.open(f"/don-hang/{order.token}").follow("Đánh giá Chè móc câu, gói 200 g")
    page = form.submit({"stars": "4", "text": TEXT, "salutation": "chi", "photo": photo()})
    before = visitor.open(path)
    waiting = office.visitor().open("/quan-ly").follow("Đọc")
    done = waiting.submit({}, press="Cho hiện")
    after = visitor.open(path)

    assert "Đã nhận đánh giá, cảm ơn bạn." in page.text
    assert "Sửa đánh giá" in page.text
    assert "Người mua đánh giá" not in before.text
    assert "Chị H. · 4 sao" in waiting.text
    assert "Đánh giá đã hiện ở trang của món." in done.text
    assert "4/5 sao · 1 đánh giá" in after.text or "4,0/5 sao · 1 đánh giá" in after.text
    assert "Chị H. · 4 sao" in after.text
    assert "Sẽ mua nữa." in after.text
    assert "Hoa" not in after.text
    (image,) = pictures(after)
    assert visitor_status(office, image) == 200
    assert office.app is not None
    extensions = office.app.extensions
    encode_photos.run(extensions["dacsan_engine"], extensions["dacsan_settings"], now=clock.now())
    better = re.findall(r"/anh-danh-gia/\S+-320\.jpg", visitor.open(path).body)
    assert visitor_status(office, better[0]) == 200
    listed = visitor.open("/san-pham")
    assert "/5 sao · 1 đánh giá" in listed.text


def visitor_status(office: Office, path: str, *, role: Role | None = None) -> int:
    """The status of what somebody gets: a stranger, or somebody of the office."""
    assert office.app is not None
    client = office.client(role) if role else office.app.test_client()
    with client.get(path) as answer:
        return answer.status_code


def test_what_waits_can_be_changed_and_its_photos_are_seen_by_nobody_else(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    visitor.open(address(order)).submit({"stars": "2", "text": "Hơi vụn", "photo": photo()})
    key = only(office.session).photos[0].key

    form = visitor.open(address(order))
    form.submit({"stars": "3", "text": "Hơi vụn, nhưng thơm"})

    review = only(office.session)
    assert (review.stars, review.text) == (3, "Hơi vụn, nhưng thơm")
    assert [one.key for one in review.photos] == [key]
    assert visitor_status(office, f"/anh-danh-gia/{key}-320.webp") == 404
    assert visitor_status(office, f"/anh-danh-gia/{key}-320.webp", role=Role.OFFICE) == 200
    visitor.open(address(order)).submit({"kept_photo": []})
    assert only(office.session).photos == []


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({}, "Chưa chọn số sao. Chọn từ 1 đến 5 sao"),
        ({"stars": "6"}, "Chưa chọn số sao"),
        ({"stars": "5", "text": "Gọi 0912 345 678 nhé"}, "xin bỏ số điện thoại"),
        ({"stars": "5", "text": "call +84 912.345.678"}, "xin bỏ số điện thoại"),
        ({"stars": "5", "text": "Máy bàn 0208 3855 123"}, "xin bỏ số điện thoại"),
        ({"stars": "5", "text": "Mua ở www.re-hon.vn"}, "không ghi được địa chỉ trang web"),
        ({"stars": "5", "text": "viết cho an@vidu.vn"}, "không ghi được địa chỉ trang web"),
        ({"stars": "5", "text": "<script>alert(1)</script>"}, "Có mã lạ trong lời viết"),
        ({"stars": "5", "text": "a" * 1001}, "Dài quá 1.000 chữ"),
        ({"stars": "5", "photo": Upload(b"none", "x.jpg")}, "Tệp này không phải ảnh đọc được"),
    ],
)
def test_what_cannot_stand_there_is_said_beside_its_field_and_kept(
    visitor: Visitor, office: Office, values: dict[str, Any], words: str
) -> None:
    order = delivered(office)
    form = visitor.open(address(order))

    page = form.submit(values, status=422)

    assert words in page.text
    if isinstance(text := values.get("text"), str) and "<" not in text:
        assert text in page.body
    assert office.session.scalars(select(Review)).all() == []
    office.session.commit()


@pytest.mark.parametrize(
    "text",
    ["Giá 90.000 đồng, đáng tiền", "Mua 12 gói ngày 05/11/2026, hạn 2028", "3 < 5, a & b ngon"],
)
def test_figures_that_are_no_phone_numbers_are_words_like_others(
    visitor: Visitor, office: Office, text: str
) -> None:
    order = delivered(office)

    visitor.open(address(order)).submit({"stars": "5", "text": text})

    assert only(office.session).text == text


def test_photos_outlive_a_form_that_comes_back(visitor: Visitor, office: Office) -> None:
    order = delivered(office)

    again = visitor.open(address(order)).submit({"text": "Ngon", "photo": photo()}, status=422)
    (image,) = pictures(again)
    again.submit({"stars": "5"})

    assert visitor_status(office, image) == 200
    assert len(only(office.session).photos) == 1


def test_only_what_came_can_be_reviewed(visitor: Visitor, office: Office) -> None:
    on_its_way, other = office.shipped_order(), delivered(office)

    page = visitor.open(address(on_its_way), status=409)
    answer = visitor.open(address(other)).submit({"stars": "5"})
    foreign = visitor.open(
        f"/don-hang/{on_its_way.token}/danh-gia/{line_of(other).id}", status=404
    )

    assert "Hàng chưa tới tay nên chưa đánh giá được." in page.text
    assert "Đánh giá" not in visitor.open(f"/don-hang/{on_its_way.token}").text
    assert answer.path == f"/don-hang/{other.token}"
    assert foreign.path.endswith(str(line_of(other).id))


def test_who_holds_a_recalled_pack_is_told_not_to_use_it_before_anything(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    batch = order.lines[0].allocations[0].batch_pack.batch
    batch_release.recall(
        office.session, batch, reason="Sai nhãn", remedy="Đổi", actor=SYSTEM, now=office.now
    )
    office.session.commit()

    page = visitor.open(address(order), status=409)

    assert "Lô trong đơn này đang thu hồi. Xin đừng dùng" in page.text


def test_goods_sent_back_may_be_reviewed_and_the_review_says_so(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    by: dict[str, Any] = {"actor": SYSTEM, "now": office.now}
    order_fulfilment.take_back(office.session, order.id, reason="changed_mind", **by)
    office.session.commit()

    shown(office, order, 2, "Không hợp khẩu vị")

    assert "đã trả hàng" in visitor.open(product_path(order)).text


@pytest.mark.both_databases
def test_the_office_shows_what_it_read_and_counts_follow(
    office: Office, app_session: Session
) -> None:
    order = delivered(office)
    review = written(office, order, 5)
    by: dict[str, Any] = {"actor": SYSTEM, "now": office.now}
    seen = review.version
    written(office, order, 1, "Đổi ý")

    with pytest.raises(Changed):
        reviews.approve(app_session, review, version=seen, **by)
    app_session.rollback()
    reviews.approve(app_session, review, version=review.version, **by)
    app_session.commit()
    counts = app_session.get_one(ProductRating, review.product_id)
    first = (counts.stars_1, counts.stars_5)
    with pytest.raises(WrongMove):
        reviews.approve(app_session, review, version=review.version, **by)
    app_session.rollback()
    with pytest.raises(reviews.ReviewDecided):
        written(office, order, 5)
    app_session.rollback()
    reviews.refuse(app_session, review, "Lời tục", version=review.version, **by)
    app_session.commit()

    assert first == (1, 0)
    assert app_session.get_one(ProductRating, review.product_id).stars_1 == 0
    acts = app_session.scalars(select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [act for act in acts if act.startswith("review_")] == [
        "review_sent",
        "review_sent",
        "review_shown",
        "review_refused",
    ]
    own = [rule for rule in DATA_RULES if rule.table in {"review", "product_rating"}]
    assert list(prove(app_session.connection(), now=clock.now(), rules=own)) == []
    app_session.commit()


def test_who_was_refused_reads_why_and_may_write_again(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    written(office, order, 1, "Dở")
    clerk = office.visitor(Role.OFFICE)
    page = clerk.open("/quan-ly/danh-gia").follow("Đọc")

    missing = page.submit({"reason": " "}, press="Không cho hiện", status=422)
    missing.submit({"reason": "Xin viết rõ dở chỗ nào"}, press="Không cho hiện")
    form = visitor.open(f"/don-hang/{order.token}").follow("Viết lại đánh giá Chè")

    assert "Chưa ghi vì sao. Người viết đọc được lý do này" in missing.text
    assert "Xin viết rõ dở chỗ nào" in form.text
    form.submit({"stars": "1", "text": "Vụn nhiều"})
    assert only(office.session).state is ReviewState.WAITING


def test_an_answer_of_the_seller_stands_below_and_can_be_taken_away(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    review = shown(office, order)
    page = office.visitor().open(f"/quan-ly/danh-gia/{review.id}")

    page.submit({"answer": "HTX cảm ơn chị."}, press="Ghi phản hồi")
    with_answer = visitor.open(product_path(order)).text
    office.visitor().open(f"/quan-ly/danh-gia/{review.id}").submit(
        {"answer": ""}, press="Ghi phản hồi"
    )

    assert "phản hồi: HTX cảm ơn chị." in with_answer
    assert "HTX cảm ơn chị." not in visitor.open(product_path(order)).text


def test_nobody_of_another_seller_sees_or_decides_a_review(
    app: Flask, office: Office, app_session: Session
) -> None:
    review = written(office, delivered(office))
    other = open_office(app, app_session)
    client = other.client(Role.DIRECTOR)
    app.config["WTF_CSRF_ENABLED"] = False

    answers = [client.get(f"/quan-ly/danh-gia/{review.id}")]
    for act in ("hien", "khong-hien", "phan-hoi"):
        answers.append(client.post(f"/quan-ly/danh-gia/{review.id}/{act}"))

    assert [answer.status_code for answer in answers] == [404] * 4


def test_many_reviews_are_paged_by_link(visitor: Visitor, office: Office) -> None:
    pack = office.level(on_hand=40).batch_pack.pack
    for number in range(22):
        shown(office, delivered(office, pack=pack), 5 if number else 1, f"Lần {number}")
    path = f"/san-pham/{pack.product.slug}"

    first = visitor.open(path)
    every = first.follow("Xem cả 22 đánh giá")
    second = every.follow("Trang sau")

    assert "4,8/5 sao · 22 đánh giá" in first.text
    assert first.text.count("· gói 200 g") <= first.text.count("5 sao")
    assert "Lần 21" in every.text
    assert "Lần 0" in second.text
    assert visitor.open(f"{path}/danh-gia?trang=99").text.count("Lần") == 2


@pytest.mark.both_databases
def test_who_is_forgotten_takes_words_name_and_photos_along_and_leaves_the_stars(
    visitor: Visitor, office: Office, app: Flask
) -> None:
    order = delivered(office)
    path, slug = address(order), order.lines[0].pack.product.slug
    office.session.commit()
    visitor.open(path).submit({"stars": "4", "text": TEXT, "salutation": "chi", "photo": photo()})
    review, by = only(office.session), {"actor": SYSTEM, "now": office.now}
    reviews.approve(office.session, review, version=review.version, **by)
    office.session.commit()
    before = visitor.open(f"/san-pham/{slug}")
    (picture,) = pictures(before)

    assert forgetting.ask(office.session, order, now=office.now)
    office.session.commit()
    folder = app.extensions["dacsan_settings"].var.resolve() / "photos"
    for file in folder.glob("review-*"):
        os.utime(file, (0, 0))
    assert reviews.forget_photos(office.session, folder, now=office.now) == 1
    after = visitor.open(f"/san-pham/{slug}")

    assert "Chè thơm, gói kín." in before.text
    assert "Chè thơm" not in after.text
    assert "H." not in after.text
    assert pictures(after) == []
    visitor.open(picture, status=404)
    assert list(folder.glob("review-*")) == []
    review = only(office.session)
    assert (review.stars, review.text, review.initial) == (4, "", "")
    own = [rule for rule in DATA_RULES if rule.table in {"review", "product_rating"}]
    assert list(prove(office.session.connection(), now=clock.now(), rules=own)) == []
