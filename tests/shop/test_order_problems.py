"""Something is wrong with an order: the buyer says so with photos and reads how far it is."""

import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from PIL import Image
from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import WrongMove
from shop.forms.problem import OrderProblem
from shop.models.batches import ProblemReason, ProblemReport, ProblemState
from shop.models.orders import Order
from shop.models.people import AuditEntry, Role
from shop.services import forgetting, order_fulfilment, order_problems, problem_answers
from shop.services.actors import BUYER, SYSTEM
from tests.support.office import Office, open_office
from tests.support.pages import Page, Upload, Visitor

TEXT = "Hộp ngoài bị ướt.\nChè còn khô."


def address(order: Order) -> str:
    return f"/don-hang/{order.token}/su-co"


def delivered(office: Office) -> Order:
    order = office.shipped_order()
    order_fulfilment.deliver(office.session, order.id, actor=SYSTEM, now=office.now)
    office.session.commit()
    return order


def photo(colour: str = "green") -> Upload:
    content = io.BytesIO()
    Image.new("RGB", (900, 700), colour).save(content, "JPEG")
    return Upload(content.getvalue(), "goi.jpg")


def status_of(office: Office, path: str, *, role: Role | None = None) -> int:
    """The status of what somebody gets: a stranger, or somebody of the office."""
    assert office.app is not None
    client = office.client(role) if role else office.app.test_client()
    with client.get(path) as answer:
        return answer.status_code


def pictures(page: Page) -> list[str]:
    return re.findall(r'src="([^"]*/su-co/[^"]*anh/[^"]*)"', page.body)


def folder_of(office: Office) -> Path:
    assert office.app is not None
    folder: Path = office.app.extensions["dacsan_settings"].var.resolve() / "photos"
    return folder


def reported(office: Office, order: Order, text: str = TEXT) -> ProblemReport:
    found = order_problems.report(
        office.session,
        order.id,
        OrderProblem(ProblemReason.DAMAGED, text),
        [],
        folder=folder_of(office),
        actor=BUYER,
        now=office.now,
    )
    office.session.commit()
    return found


def only(session: Session) -> ProblemReport:
    session.rollback()
    session.expire_all()
    found = session.scalars(select(ProblemReport)).one()
    session.commit()
    return found


def test_a_report_goes_from_the_order_to_the_office_and_its_answer_back(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    token, path = order.token, address(order)
    office.session.commit()

    sent = (
        visitor.open(f"/don-hang/{token}")
        .follow("Báo sự cố")
        .submit({"reason": "damaged", "text": TEXT, "photo": photo()})
    )
    at_office = office.visitor()
    task = at_office.open("/quan-ly").follow("Trả lời")
    looking = task.submit({}, press="Đang xem")
    meanwhile = visitor.open(path)
    looking.submit({"answer": "HTX gửi bù 2 gói vào thứ Hai."}, press="Ghi câu trả lời")
    answered = visitor.open(f"/don-hang/{token}").follow("Hàng vỡ, rách, bẹp")
    done = answered.submit({}, press="Việc này xong rồi")

    assert "Đã nhận, cảm ơn bạn." in sent.text
    assert "sẽ xem và trả lời ở trang này" in sent.text
    assert "Hộp ngoài bị ướt." in task.text
    assert status_of(office, pictures(sent)[0]) == 200
    assert status_of(office, pictures(task)[0], role=Role.OFFICE) == 200
    assert status_of(office, pictures(task)[0].replace("anh/1", "anh/2"), role=Role.OFFICE) == 404
    assert "Đang xem" in meanwhile.text
    assert "HTX gửi bù 2 gói vào thứ Hai." in answered.text
    assert "Đã giải quyết xong" in done.text
    acts = [entry.action for entry in office.session.scalars(select(AuditEntry))]
    told = [act for act in acts if act.startswith("problem_")]
    assert told == ["problem_reported", "problem_looked_at", "problem_answered", "problem_settled"]


def test_a_fault_keeps_the_words_and_the_photos(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    path = address(order)
    office.session.commit()

    faulty = visitor.open(path).submit({"text": TEXT, "photo": photo()}, status=422)
    page = faulty.submit({"reason": "missing"})

    assert "Chưa chọn chuyện gì." in faulty.text
    assert "Hộp ngoài bị ướt." in faulty.text
    assert "Đã nhận, cảm ơn bạn." in page.text
    report = only(office.session)
    assert (report.reason, len(report.photos)) == (ProblemReason.MISSING, 1)


def test_four_photos_are_the_most_and_what_is_none_is_said(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    path = address(order)
    office.session.commit()
    typed = {"reason": "other", "text": "Xem ảnh"}

    none = visitor.open(path).submit(typed | {"photo": Upload(b"x" * 99, "a.jpg")}, status=422)
    page = visitor.open(path)
    for colour in ("red", "blue", "white", "black"):
        page = page.submit({"text": "", "photo": photo(colour)}, status=422)
    fifth = page.submit(typed | {"photo": photo("green")}, status=422)

    assert "ảnh" in none.text
    assert "Nhiều nhất 4 ảnh." in fifth.text
    assert len(pictures(fifth)) == 4


def test_the_same_report_twice_is_one_and_many_that_wait_are_enough(
    visitor: Visitor, office: Office
) -> None:
    order = delivered(office)
    path = address(order)
    first = reported(office, order)
    again = reported(office, order)
    for number in range(1, order_problems.MOST_OPEN):
        reported(office, order, f"Gói {number}")
    office.session.commit()

    page = visitor.open(path).submit({"reason": "other", "text": "Thêm"}, status=409)

    assert again.id == first.id
    assert "đang chờ trả lời" in page.text
    assert "Thêm" in page.body.partition("<textarea")[2].partition("</textarea>")[0]


def test_only_the_link_of_the_order_reads_and_settles_its_reports(
    visitor: Visitor, office: Office
) -> None:
    order, other = delivered(office), delivered(office)
    report = reported(office, order)
    problem_answers.answer(office.session, report, "Đã gọi", actor=SYSTEM, now=office.now)
    report_id, other_id, other_path = report.id, other.id, address(other)
    office.session.commit()

    page = visitor.open(other_path)
    with pytest.raises(WrongMove):
        order_problems.settle_by_buyer(
            office.session, other_id, report_id, actor=BUYER, now=office.now
        )

    assert "bị ướt" not in page.text
    assert only(office.session).state is ProblemState.ANSWERED
    assert status_of(office, "/don-hang/khong-co/su-co") == 404
    assert office.client(Role.MEMBER).get(f"/quan-ly/su-co/{report_id}").status_code == 403


def test_nothing_is_settled_before_it_is_answered(office: Office) -> None:
    order = delivered(office)
    report = reported(office, order)

    page = office.client().get(f"/quan-ly/su-co/{report.id}")
    office.session.commit()
    with pytest.raises(WrongMove):
        order_problems.settle(office.session, report, actor=SYSTEM, now=office.now)

    assert "Đã giải quyết xong" not in page.text


def test_who_is_forgotten_takes_words_and_photos_along(visitor: Visitor, office: Office) -> None:
    order = delivered(office)
    path = address(order)
    office.session.commit()
    visitor.open(path).submit({"reason": "damaged", "text": TEXT, "photo": photo()})
    report = only(office.session)
    folder, now = folder_of(office), office.now

    waits = forgetting.ask(office.session, order, now=now)
    problem_answers.answer(office.session, report, "Đã gọi", actor=SYSTEM, now=now)
    gone = forgetting.forget_asked(office.session, now=now + timedelta(days=1))
    office.session.commit()
    for file in folder.glob("problem-*"):
        os.utime(file, (0, 0))
    deleted = order_problems.forget_photos(office.session, folder, now=now)

    assert (waits, gone, deleted) == (False, 1, 1)
    assert list(folder.glob("problem-*")) == []
    report = only(office.session)
    assert (report.text, report.phone, report.photos) == ("", None, [])
    assert report.answer == "Đã gọi"


def test_the_office_of_another_seller_sees_nothing_of_it(app: Flask, office: Office) -> None:
    order = delivered(office)
    report = reported(office, order)
    other = open_office(app, office.session, slug="hang-khac", order_prefix="HK")
    report_id = report.id
    office.session.commit()

    answers = [
        other.client().get(f"/quan-ly/su-co/{report_id}").status_code,
        other.client().get(f"/quan-ly/su-co/{report_id}/anh/1").status_code,
    ]

    assert answers == [404, 404]
