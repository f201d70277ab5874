"""Messages that were given up are seen by a person, told in words, and tried again."""

import pytest

from shop.models.outbox import OutboxMessage, OutboxState
from shop.models.people import Role
from shop.pages.office_messages import why
from shop.services import outbox
from shop.services.actors import account_actor
from tests.factories import make_account
from tests.support.office import open_office, sign_in
from tests.support.pages import Visitor

LIST = "/quan-ly/thu-chua-gui"


def given_up(office, error="550 no such user here", **values):
    """A letter about a new order that the worker has stopped trying to send."""
    order = office.order(buyer_email="hoa.nguyen@example.vn")
    message = (
        office.session.query(OutboxMessage)
        .filter_by(subject=f"order:{order.id}")
        .order_by(OutboxMessage.id)
        .first()
    )
    message.state, message.tries, message.last_error = OutboxState.DEAD, 20, error
    for name, value in values.items():
        setattr(message, name, value)
    office.session.commit()
    return message


def test_a_lost_letter_is_told_with_its_order_and_a_masked_address(office):
    message = given_up(office)

    page = office.visitor().open("/quan-ly").follow("Xem thư")

    for said in ("Thư báo khách: đã nhận đơn", "h•••@example.vn", "Không có hộp thư này."):
        assert said in page.text
    assert "hoa.nguyen" not in page.body
    assert message.last_error not in page.body


def test_a_letter_is_tried_again_and_leaves_the_list(office):
    message = given_up(office)

    page = office.visitor().open(LIST).submit(press="Gửi lại")

    assert "Đang gửi lại." in page.text
    assert "Không có thư nào bị kẹt." in page.text
    assert office.fresh(message).state is OutboxState.PENDING


def test_pressing_twice_sends_once(office):
    given_up(office)
    page = office.visitor().open(LIST)

    page.submit(press="Gửi lại")

    assert "Thư này đã được gửi lại rồi." in page.submit(press="Gửi lại").text


def test_letters_of_another_seller_are_neither_seen_nor_sent(app, app_session, office):
    message = given_up(office)
    stranger = open_office(app, app_session).visitor()

    page = stranger.open(LIST)

    assert "Không có thư nào bị kẹt." in page.text
    assert not outbox.may_retry(
        actor_of(office.account(Role.TECHNICIAN), office), office.fresh(message)
    )


def actor_of(account, office):
    return account_actor(account, origin="", now=office.now)


def test_what_belongs_to_no_seller_is_for_who_runs_the_installation(app, office):
    given_up(office, seller_id=None)
    account = make_account(office.session, role=Role.ADMIN)
    office.session.commit()

    admin = Visitor.of(sign_in(app, account))

    assert "Thư báo khách" in admin.open(LIST).text
    assert "Thư báo khách" not in office.visitor(Role.DIRECTOR).open(LIST).text


def test_a_long_list_is_turned_page_by_page(office):
    message = given_up(office)
    for number in range(30):
        office.session.add(
            OutboxMessage(
                seller_id=office.seller.id,
                key=f"k{number}",
                kind="mail",
                subject="x",
                payload=message.payload,
                state=OutboxState.DEAD,
                created_at=office.now,
                due_at=office.now,
            )
        )
    office.session.commit()

    page = office.visitor().open(LIST)

    assert "Trang 1 trên 2" in page.text
    assert "Trang 2 trên 2" in page.follow("Trang sau").text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ("550 5.1.1 User unknown", "Không có hộp thư này."),
        ("554 spam", "Máy chủ thư không nhận thư này."),
        ("451 try later", "Máy chủ thư bảo để lúc khác, thử nhiều lần không được."),
        ("mail.vn: ConnectionRefusedError: no", "Không nối được máy chủ thư."),
        ("mail.vn: SMTPAuthenticationError: 535", "Máy chủ thư không nhận mật khẩu đã cài."),
        ("the address has letters that mail servers do not take", "Địa chỉ thư không đúng."),
        ("nobody here delivers messages of kind x", "Máy này chưa gửi được loại tin này."),
        ("?", "Chưa rõ vì sao. Xem nhật ký của máy."),
    ],
)
def test_errors_are_told_in_words(app, error, words):
    with app.test_request_context():
        assert why(error) == words
