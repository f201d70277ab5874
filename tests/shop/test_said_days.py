"""Days as they are said in the north, the centre and the south, on a Sunday in November."""

from datetime import date

import pytest

from shop.forms.dates import read_date
from shop.forms.member_batch import read_day
from shop.forms.values import ValueRefused
from tests.support.saying import ASK, REFUSE, answer, cases, otherwise_written, without_marks

SUNDAY = date(2026, 11, 22)

SAID = {
    date(2026, 11, 22): """
        hôm nay
        hom nay
        nay
        bữa nay
        bữa ni
        sáng nay
        trưa nay
        chiều nay
        hồi sáng
        hồi nãy
        vừa xong
        22/11/2026
        22-11-26
        22.11.2026
        ngày 22 tháng 11 năm 2026
    """,
    date(2026, 11, 21): """
        hôm qua
        hom qua
        bữa qua
        sáng qua
        chiều qua
        tối qua
        hồi hôm
        đêm qua
        ngày hôm qua
        21/11/26
    """,
    date(2026, 11, 20): """
        hôm kia
        bữa kia
        20/11/2026
        ngày hai mươi tháng mười một năm 2026
        20 tháng 11 năm nay
    """,
    date(2026, 11, 19): """
        hôm kìa
        bữa kìa
    """,
    date(2025, 11, 5): """
        5 tháng 11 năm ngoái
        ngày năm tháng mười một năm ngoái
        05/11/2025
    """,
}
PROPOSED = {
    date(2026, 11, 22): """
        chủ nhật
        cn
        22/11
    """,
    date(2026, 11, 21): """
        thứ bảy
        thứ 7
        t7
        thứ bảy vừa rồi
        thu bay vua roi
        thứ bảy tuần này
        thứ bẩy
        một hôm trước
    """,
    date(2026, 11, 20): """
        hom kia
        20/11
        20-11
        ngày 20
        20
        ngày hai mươi
        ngày 20 tháng 11
        20 tháng mười một
        ngày 20 tháng này
        hai hôm trước
        2 ngày trước
        cách đây 2 hôm
        chiều thứ sáu
        thứ sáu vừa rồi
    """,
    date(2026, 11, 19): """
        3 hôm trước
        ba ngày trước
        3 bữa trước
        cách nay 3 ngày
        thứ năm
    """,
    date(2026, 11, 16): """
        thứ hai
        sáng thứ 2
        t2
    """,
    date(2026, 11, 15): """
        chủ nhật vừa rồi
        chủ nhật tuần trước
        một tuần trước
        7 ngày trước
    """,
    date(2026, 11, 14): """
        thứ bảy tuần trước
        thứ 7 tuần rồi
    """,
    date(2026, 11, 5): """
        5/11
        mùng 5
        mồng 5
        mùng năm
        mùng 5 tháng 11
        mồng năm tháng mười một
        mùng 5/11
        ngày 5
        ngày năm
        ngày 5 tây
        ngày 5 dương lịch
    """,
    date(2026, 10, 20): """
        20 tháng trước
        ngày 20 tháng trước
        20/10
    """,
    date(2026, 10, 31): """
        ngày 31
        31/10
    """,
    date(2025, 12, 25): """
        25/12
        ngày 25 tháng 12
    """,
}
REFUSED = """
    rằm
    rằm tháng mười
    ngày rằm
    15 âm
    mùng 10 tháng giêng
    mùng 3 tết
    30 tết
    tháng chạp
    mấy hôm trước
    vài ngày trước
    hôm nọ
    hôm trước
    hôm rồi
    bữa hổm
    hổm rày
    tuần trước
    tuần rồi
    đầu tháng
    cuối tháng trước
    giữa tuần
    lâu rồi
    hôm nào
    mai
    ngày mai
    mốt
    25/12/2026
    31/2
    31/11/2026
    30/13
    0/11
    11/2026
    tháng 11
    abc
    thứ tám
    ngày 32
    20261120
    3 hôm
    trước
"""
DAYS, QUESTIONS = list(cases(SAID)), list(cases(PROPOSED))
NO_DAYS = [said for said, _refused in cases({REFUSE: REFUSED})]


def strictly(said: str) -> date:
    return read_date(said, today=SUNDAY, latest=SUNDAY)


def proposed(said: str) -> object:
    try:
        return strictly(said)
    except ValueRefused as refused:
        return refused.values.get("proposed_on")


@pytest.mark.parametrize(("said", "day"), DAYS)
def test_a_day_with_one_meaning_is_taken(said: str, day: date) -> None:
    assert answer(strictly, said) == day


@pytest.mark.parametrize(("said", "day"), QUESTIONS)
def test_a_day_with_its_likely_meaning_is_asked_with_it(said: str, day: date) -> None:
    assert answer(strictly, said) == ASK
    assert proposed(said) == day


@pytest.mark.parametrize("said", NO_DAYS)
def test_a_day_that_nobody_can_tell_is_refused(said: str) -> None:
    assert answer(strictly, said) == REFUSE


@pytest.mark.parametrize(("said", "day"), DAYS + QUESTIONS)
def test_a_day_is_the_same_however_a_keyboard_sends_it(said: str, day: date) -> None:
    found = {proposed(written) for written in otherwise_written(said)}

    assert found == {day}


@pytest.mark.parametrize(("said", "day"), DAYS + QUESTIONS)
def test_a_day_without_marks_is_the_same_or_asked_never_another(said: str, day: date) -> None:
    assert answer(strictly, without_marks(said)) in {day, ASK, REFUSE}


def test_the_table_of_days_is_long_and_says_nothing_twice() -> None:
    said = [one for one, _day in DAYS + QUESTIONS] + NO_DAYS

    assert len(said) == len(set(said))
    assert len(said) > 120


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("3 hôm trước", date(2026, 11, 19)),
        ("thứ bảy vừa rồi", date(2026, 11, 21)),
        ("20/11", date(2026, 11, 20)),
        ("hom kia", date(2026, 11, 20)),
        ("ngày 31", date(2026, 10, 31)),
    ],
)
def test_a_member_s_harvest_takes_the_likely_day_to_show_it_back(said: str, day: date) -> None:
    assert read_day(said, today=SUNDAY) == day


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("mùng 5", "date_beginning"),
        ("25/12", "date_not_come_too_old"),
        ("rằm", "date_lunar"),
        ("mấy hôm trước", "date_vague"),
        ("mười tuần trước", "date_too_early"),
        ("mai", "date_in_future"),
    ],
)
def test_a_member_s_harvest_is_asked_about_what_may_be_another_day(said: str, code: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_day(said, today=SUNDAY)

    assert refused.value.code == code


def test_a_day_soon_to_come_is_told_so_and_that_of_last_year_is_offered() -> None:
    with pytest.raises(ValueRefused) as refused:
        strictly("25/12")

    assert refused.value.code == "date_not_come"
    assert refused.value.values["day_on"] == date(2026, 12, 25)
    assert refused.value.values["proposed_on"] == date(2025, 12, 25)


def test_on_a_saturday_the_last_saturday_is_a_week_ago_and_saturday_alone_is_today() -> None:
    saturday = date(2026, 11, 21)

    assert read_day("thứ bảy vừa rồi", today=saturday) == date(2026, 11, 14)
    assert read_day("thứ bảy", today=saturday) == saturday
