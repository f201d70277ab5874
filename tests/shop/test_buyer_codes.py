"""A buyer who forgot the password comes in with a code by e-mail, and nobody else does."""

import re
from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from sqlalchemy import select

from shop.jobs import clean_up, send_mail
from shop.models.buyers import Buyer, BuyerCode, BuyerSignIn
from shop.models.outbox import OutboxMessage
from shop.models.people import UnknownNumber
from tests.support.pages import Visitor

PHONE = "0987 654 321"
WORD = "chè ngon mùa xuân"
EMAIL = "mai@vidu.vn"


@pytest.fixture
def demo_database_url(database_url):
    """Nobody else has an account here."""
    return database_url


@pytest.fixture
def browser(office):
    """Make browsers, each with cookies of its own."""
    return lambda: Visitor.of(office.app.test_client())


def letters(office):
    """Return what the worker writes for all codes that were promised, the newest last."""
    settings = office.app.extensions["dacsan_settings"]
    engine = office.app.extensions["dacsan_engine"]
    office.session.rollback()
    office.session.expire_all()
    promised = office.session.scalars(
        select(OutboxMessage).where(OutboxMessage.kind == "mail").order_by(OutboxMessage.id)
    ).all()
    written = []
    for message in promised:
        told = send_mail.deliver(message, settings=settings, engine=engine, now=office.now)
        if "file" in told:
            raw = (settings.var / "mail" / told["file"]).read_bytes()
            written.append(message_from_bytes(raw, policy=default))
    office.session.commit()
    return written


def code_in(letter):
    return re.search(r"^(\d{6})\s*$", letter.get_content(), re.MULTILINE)[1]


def opened(visitor, phone=PHONE, word=WORD):
    form = visitor.open("/khach/mo-tai-khoan")
    return form.submit(
        {"name": "Trần Thị Mai", "phone": phone, "fresh": word}, press="Mở tài khoản"
    )


def with_email(office, visitor, email=EMAIL, word=WORD):
    page = opened(visitor, word=word)
    asked = page.submit({"email": email, "own_password": word}, form="/khach/e-mail")
    return asked.submit({"mail_code": code_in(letters(office)[-1])}, form="/khach/e-mail/ma")


def asked(visitor, phone=PHONE, status=200):
    return visitor.open("/khach/ma").submit({"phone": phone}, press="Gửi mã", status=status)


def rows(office, model):
    office.session.rollback()
    office.session.expire_all()
    found = list(office.session.scalars(select(model)))
    office.session.commit()
    return found


def passed(office, **time):
    """Let all that was written about codes and wrong tries be so much older."""
    for code in rows(office, BuyerCode):
        office.session.get_one(BuyerCode, code.id).made_at -= timedelta(**time)
    office.session.commit()
    for tried in rows(office, UnknownNumber):
        row = office.session.get_one(UnknownNumber, tried.phone_hash)
        row.locked_until = row.locked_until and row.locked_until - timedelta(**time)
    office.session.commit()


@pytest.mark.both_databases
def test_a_forgotten_password_is_replaced_with_a_code_that_came_by_letter(office, browser):
    old = browser()
    assert "mai@vidu.vn" in with_email(office, old).text

    page = asked(browser())
    letter = letters(office)[-1]
    assert letter["To"] == EMAIL
    code = code_in(letter)
    assert code in letter["Subject"]
    home = page.submit({"code": f"{code[:3]} {code[3:]}", "fresh": "mật khẩu mới của tôi"})

    assert home.heading == "Trần Thị Mai"
    assert "Các máy khác đã bị thoát" in home.text
    assert old.open("/khach").heading == "Tài khoản khách"
    form = browser().open("/khach/dang-nhap")
    entered = form.submit({"phone": PHONE, "password": "mật khẩu mới của tôi"}, press="Đăng nhập")
    assert entered.heading == "Trần Thị Mai"


def test_a_code_opens_once_and_without_a_new_password_the_old_one_stays(office, browser):
    with_email(office, browser())
    page = asked(browser())
    code = code_in(letters(office)[-1])
    assert page.submit({"code": code}).heading == "Trần Thị Mai"

    again = page.submit({"code": code}, status=422)

    assert "đã dùng" in again.text
    form = browser().open("/khach/dang-nhap")
    form.submit({"phone": PHONE, "password": WORD}, press="Đăng nhập", status=200)


def test_the_answer_tells_of_no_number_whether_it_has_an_account(office, browser):
    with_email(office, browser())
    opened(browser(), phone="0987 654 322")

    pages = [asked(browser(), phone).text for phone in (PHONE, "0987 654 322", "0987 654 399")]
    tried = [
        asked(browser(), phone).submit({"code": "000000"}, status=422).text
        for phone in (PHONE, "0987 654 399")
    ]

    assert pages[0] == pages[1] == pages[2]
    assert tried[0] == tried[1]
    assert len(rows(office, BuyerCode)) == 2  # one proved the address, one was asked for


def test_guessing_ends_the_code_and_shuts_the_number_for_a_while(office, browser):
    with_email(office, browser())
    page = asked(browser())
    code = code_in(letters(office)[-1])
    wrong = "111111" if code != "111111" else "222222"
    for _ in range(5):
        page.submit({"code": wrong}, status=422)

    shut = page.submit({"code": code}, status=429)
    assert "Đợi 2 phút" in shut.text
    passed(office, minutes=3)
    late = page.submit({"code": code}, status=422)
    assert "Xem thư mới nhất" in late.text
    assert len(rows(office, BuyerSignIn)) == 1


def test_codes_are_few_and_old_ones_count_for_nothing(office, browser):
    with_email(office, browser())
    page = asked(browser())
    first = code_in(letters(office)[-1])
    asked(browser())
    assert len(rows(office, BuyerCode)) == 2, "a second one within the minute is not sent"

    passed(office, minutes=11)
    assert "quá 10 phút" in page.submit({"code": first}, status=422).text
    for _ in range(9):
        asked(browser())
        passed(office, minutes=2)

    assert len(rows(office, BuyerCode)) == 5
    passed(office, hours=25)
    told = clean_up.run(
        office.app.extensions["dacsan_engine"],
        office.app.extensions["dacsan_settings"],
        now=office.now,
    )
    assert "5 buyer_codes" in told


def test_an_address_counts_once_a_code_was_read_there_and_takes_the_password(office, browser):
    visitor = browser()
    page = opened(visitor)

    refused = page.submit(
        {"email": EMAIL, "own_password": "sai"}, form="/khach/e-mail", status=422
    )
    assert "Mật khẩu chưa đúng" in refused.text
    assert EMAIL in refused.body
    unread = refused.submit(
        {"email": "không phải thư", "own_password": WORD}, form="/khach/e-mail", status=422
    )
    assert "Ví dụ hoa@gmail.com" in unread.text
    waiting = unread.submit({"email": EMAIL.upper(), "own_password": WORD}, form="/khach/e-mail")
    assert f"Mã đang tới {EMAIL}" in waiting.text
    assert rows(office, Buyer)[0].email == ""
    asked(browser())
    assert len(letters(office)) == 1, "an address that was not proved gets no code to come in"

    short = waiting.submit({"mail_code": "12"}, form="/khach/e-mail/ma", status=422)
    assert "Mã có 6 số" in short.text
    done = short.submit({"mail_code": code_in(letters(office)[-1])}, form="/khach/e-mail/ma")
    assert rows(office, Buyer)[0].email == EMAIL
    gone = done.submit(form="/khach/e-mail/bo")
    assert EMAIL not in gone.text
    assert rows(office, Buyer)[0].email == ""


def test_several_accounts_of_one_number_each_open_with_their_own_code(office, browser):
    with_email(office, browser(), "mot@vidu.vn")
    passed(office, minutes=2)
    second = browser()
    page = second.open("/khach/mo-tai-khoan")
    page = page.submit(
        {"name": "Người Hai", "phone": PHONE, "fresh": "một mật khẩu khác"}, press="Mở tài khoản"
    )
    waiting = page.submit(
        {"email": "hai@vidu.vn", "own_password": "một mật khẩu khác"}, form="/khach/e-mail"
    )
    waiting.submit({"mail_code": code_in(letters(office)[-1])}, form="/khach/e-mail/ma")
    passed(office, minutes=2)

    page = asked(browser())
    sent = {letter["To"]: code_in(letter) for letter in letters(office)}

    assert page.submit({"code": sent["hai@vidu.vn"]}).heading == "Người Hai"
    assert page.submit({"code": sent["mot@vidu.vn"]}).heading == "Trần Thị Mai"


def test_the_database_and_its_letters_to_be_sent_hold_no_code(office, browser):
    with_email(office, browser())
    asked(browser())
    code = code_in(letters(office)[-1])

    assert code not in str([vars(row) for row in rows(office, BuyerCode)])
    assert code not in str([row.payload for row in rows(office, OutboxMessage)])


def test_a_new_password_takes_codes_on_their_way_with_it(office, browser):
    visitor = browser()
    with_email(office, visitor)
    page = asked(browser())
    code = code_in(letters(office)[-1])
    visitor.open("/khach").submit(
        {"password": WORD, "fresh": "một mật khẩu khác"}, press="Đổi mật khẩu"
    )

    page.submit({"code": code}, status=422)


def test_an_erased_account_leaves_no_address_and_no_code(office, browser):
    visitor = browser()
    with_email(office, visitor)
    asked(browser())

    visitor.open("/khach/xoa").submit({"password": WORD}, form="/khach/xoa")

    assert rows(office, Buyer) == []
    assert rows(office, BuyerCode) == []
    assert letters(office) == []


def test_the_copy_of_everything_names_the_address(office, browser):
    visitor = browser()
    with_email(office, visitor)

    assert EMAIL in visitor.open("/khach/du-lieu").text


def test_the_letter_is_in_the_language_of_the_page(office, browser):
    with_email(office, browser())
    passed(office, minutes=2)

    browser().open("/en/khach/ma").submit({"phone": PHONE}, press="Send the code")

    assert letters(office)[-1]["Subject"].startswith("Your code: ")


def test_odd_codes_are_refused_in_words(browser):
    page = asked(browser())
    for typed in ("", "abc", "1" * 500, "１２３４５", "٠٠٠٠٠٠", "12\x00345"):
        refused = page.submit({"code": typed}, status=422)
        assert "Mã có 6 số" in refused.text


def test_full_width_figures_are_read(office, browser):
    with_email(office, browser())
    page = asked(browser())
    code = code_in(letters(office)[-1])
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in code)

    assert page.submit({"code": wide}).heading == "Trần Thị Mai"
