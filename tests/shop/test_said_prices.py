"""Prices as they are said in the north, the centre and the south: a value, a question, or a no."""

import pytest

from shop.forms.listing import understand
from shop.forms.spoken_prices import read_price_asking, read_spoken_price
from shop.forms.values import ValueRefused
from tests.support.saying import ASK, REFUSE, answer, cases, otherwise_written, without_marks

SAID = {
    1_500: """
        ngàn rưỡi
        một ngàn rưỡi
        1 nghìn rưỡi
        nghìn rưởi
        1k5
        1.500 đ
    """,
    2_000: """
        hai ngàn
        2 ngàn 1 trái
        2k/quả
        hai nghìn một củ
    """,
    5_000: """
        5k
        năm nghìn
        5 ngàn đồng
        năm ngàn một bó
        5k 1 củ
        5k/củ
        bó 5k
    """,
    10_000: """
        chục ngàn
        mười nghìn
        10k
        1 chục nghìn
    """,
    10_300: "mười ngàn ba",
    12_500: """
        12k5
        mười hai ngàn rưỡi
        mười hai ngàn rưỡi bó
        12,5k
        mười hai nghìn năm trăm
    """,
    12_000: """
        mười hai ngàn bó
        12k bó
        12.000đ hũ
    """,
    15_000: """
        mười lăm ngàn
        chục rưỡi ngàn
        15 nghìn
        mười nhăm nghìn
    """,
    21_000: """
        hai mươi mốt nghìn
        hăm mốt ngàn
        hai mốt nghìn
    """,
    25_000: """
        hăm lăm ngàn
        hai lăm nghìn
        hai mươi lăm ngàn
        hai nhăm nghìn
        25 ngàn
        bán hăm lăm ngàn
        hai mươi nhăm nghìn đồng
    """,
    28_000: """
        hăm tám ngàn
        hai tám ngàn
        hai tám nghìn đồng
    """,
    33_000: """
        ba ba nghìn
        ba mươi ba nghìn
        băm ba nghìn
    """,
    35_500: """
        ba mươi lăm nghìn rưỡi
        35 nghìn 5 trăm
        ba lăm ngàn năm trăm
    """,
    54_000: """
        năm tư nghìn
        năm mươi tư nghìn
        năm mươi bốn ngàn
    """,
    80_000: """
        tám mươi nghìn
        tam muoi nghin
        tám chục ngàn
        tam muoi ngan
    """,
    90_000: """
        90k
        90K
        90 k
        90.000
        90000đ
        90.000 đồng
        90,000
        90 nghìn
        90 ngàn
        90 ngìn
        chín mươi nghìn
        chín chục ngàn
        9 chục ngàn
        9 chục nghìn
        chin muoi nghin
        chín mươi ngàn đồng
        chín mươi ngàn bạc
        khoảng 90k
        chừng 90 ngàn
        tầm 90 nghìn
        tam 90k
        cỡ chín chục ngàn
        giá 90k thôi
        giá là 90k
        bán 90k nha
        để 90 ngàn ạ
        lấy chín chục ngàn
        chín mươi nghìn chẵn
        90k tròn
        90n
        90 ng
        90.000đ/gói
        90k một bó
        90k mỗi hũ
        90k/ hộp
        một gói chín chục ngàn
        gói 90k
        hũ giá 90k
        90k gói 200g
        90k/gói 200 g
        chín mươi nghìn một chai
        tổng 90k
    """,
    100_000: """
        trăm ngàn
        trăm nghìn
        một trăm nghìn
        1 trăm ngàn
        một trăm ngàn tròn
        100k
        một xị
    """,
    105_000: """
        một trăm linh năm nghìn
        một trăm lẻ năm ngàn
        trăm lẻ năm ngàn
    """,
    120_000: """
        một trăm hai mươi nghìn
        trăm hai chục ngàn
        1 trăm 2 chục nghìn
        một xị hai
        120 ngàn
    """,
    125_000: """
        trăm hai lăm nghìn
        trăm hai mươi lăm ngàn
        một trăm hai nhăm nghìn
    """,
    135_500: "một trăm ba mươi lăm ngàn năm trăm",
    150_000: """
        trăm rưỡi nghìn
        trăm rưỡi ngàn
        một trăm rưỡi nghìn
        xị rưỡi
        một trăm năm mươi nghìn
        trăm năm chục ngàn
    """,
    250_000: """
        hai trăm rưỡi nghìn
        hai trăm rưởi ngàn
        hai xị rưỡi
        2 trăm rưỡi ngàn
    """,
    500_000: """
        nửa triệu
        năm trăm nghìn
        nửa củ
        0,5 triệu
        5 xị
    """,
    1_000_000: """
        một triệu
        1tr
        1 củ
        một củ
        triệu bạc
    """,
    1_050_000: """
        một triệu không trăm năm mươi nghìn
        một triệu lẻ năm chục ngàn
        1tr050
    """,
    1_200_000: """
        1tr2
        một triệu hai
        triệu hai
        củ hai
        1 củ 2
        một triệu hai trăm nghìn
        1,2 triệu
    """,
    1_500_000: """
        triệu rưỡi
        1 triệu rưỡi
        một triệu rưởi
        củ rưỡi
        một củ rưỡi
        1tr5
    """,
    2_400_000: "hai triệu tư",
    2_500_000: """
        hai triệu rưỡi
        2 củ rưỡi
        2tr5
    """,
    ASK: """
        90
        chín
        9 chục
        chín chục
        bảy lăm
        trăm hai chục
        hai trăm
        trăm rưỡi
        chục rưỡi
        hăm lăm
        90 đồng
        50,5
        1tr25
        trăm hai
        một trăm hai
        trăm hai ngàn
        một trăm mốt ngàn
        bảy chục rưỡi
        ba chục rưỡi ngàn
        một chai
        một chai rưỡi
        chai hai
        5 lít
        2 lít rưỡi
        90 cành
        50 lúa
        50 cá
        3 lốp
        80-90k
        từ 80 đến 90 nghìn
        80 tới 90 ngàn
        tám mươi đến chín mươi nghìn
        gần 100k
        gần trăm nghìn
        hơn 90k
        ngót trăm nghìn
        trên 50 ngàn
        xấp xỉ 90k
        vài chục nghìn
        mấy chục ngàn
        dăm chục nghìn
        trăm mấy ngàn
        hai mươi mấy ngàn
        bảy tám chục ngàn
        hai ba chục ngàn
        năm bảy nghìn
        chín mười ngàn
        mươi ngàn
        mươi lăm nghìn
        mười lăm ngàn một chục
        15k/chục
        15 ngàn chục
        chục trứng 35k
        35k chục trứng
        hai chục 60k
        60 ngàn một tá
        100k 3 bó
        trăm ngàn ba bó
        3 bó 100k
        ba bó một trăm nghìn
        90k/3 gói
        90.000 đ 2 hũ
        90k/kg
        90k một ký
        45 một cân
        45/kg
        trăm rưỡi một lít
        chín mươi nghìn một cân
        1kg 90k
        cân 90k
        90k/2kg
        50k 3 cân
        90k nửa ký
        90k một kg rưỡi
        40k/lít
        khoảng 90k/lạng
    """,
    REFUSE: """
        rẻ thôi
        giá
        tùy
        thỏa thuận
        liên hệ
        miễn phí
        cho không
        4 đô
        $5
        5 usd
        100 tệ
        -90k
        0
        0 đồng
        tỷ rưỡi
        2 tỏi
        90k/ngày
        abc
        nghìn nghìn
        9E+04
        k
        90k 90k
        triệu triệu
        hai hai hai
        15 một chục
        một hai ba
    """,
}
CASES = list(cases(SAID))
COMMONER_WITHOUT_MARKS = {"chín mười ngàn", "mươi ngàn", "mươi lăm nghìn"}
"""`chin muoi` is ninety to everybody, and `muoi` ten."""


@pytest.mark.parametrize(("said", "expected"), CASES)
def test_a_price_is_read_asked_or_refused_as_people_mean_it(said: str, expected: object) -> None:
    assert answer(read_spoken_price, said) == expected


@pytest.mark.parametrize(
    ("said", "price_vnd", "base"),
    [("45 một cân", 45_000, 1000), ("45/lạng", 45_000, 100), ("90k một cân", 90_000, 1000)],
)
def test_a_price_without_its_thousand_stays_that_of_its_measure(
    said: str, price_vnd: int, base: int
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_spoken_price(said)

    assert refused.value.code == "price_per_measure"
    assert (refused.value.values["price_vnd"], refused.value.values["base"]) == (price_vnd, base)


def test_the_table_of_prices_is_long_and_says_nothing_twice() -> None:
    said = [one for one, _expected in CASES]

    assert len(said) == len(set(said))
    assert len(said) > 230


@pytest.mark.parametrize(("said", "expected"), CASES)
def test_a_price_is_the_same_however_a_keyboard_sends_it(said: str, expected: object) -> None:
    found = {answer(read_spoken_price, written) for written in otherwise_written(said)}

    assert found == {expected}


@pytest.mark.parametrize(("said", "expected"), CASES)
def test_a_price_without_marks_is_the_same_or_asked_never_another(
    said: str, expected: object
) -> None:
    found = answer(read_spoken_price, without_marks(said))

    assert found in {expected, ASK, REFUSE} or said in COMMONER_WITHOUT_MARKS


@pytest.mark.parametrize(
    ("said", "pack", "vnd"),
    [
        ("15k/chục", "10 quả 600 g", 15_000),
        ("mười lăm ngàn một chục", "chục 12 trái 2 ký", 15_000),
        ("60 ngàn một tá", "tá trứng 700g", 60_000),
        ("100k 3 bó", "3 bó 1 kg", 100_000),
        ("90k/kg", "túi 1 kg", 90_000),
        ("90k/2kg", "túi 2 kg", 90_000),
        ("90k nửa ký", "hộp nửa cân", 90_000),
        ("40k/lít", "can 1 lít", 40_000),
    ],
)
def test_a_price_of_several_is_that_of_a_pack_of_just_so_many(
    said: str, pack: str, vnd: int
) -> None:
    price, _pack, refused = understand(said, pack)

    assert (price, refused) == (vnd, {})


@pytest.mark.parametrize(
    ("said", "pack", "proposed"),
    [
        ("100k 2 bó", "bó 300 g", 50_000),
        ("100k 3 bó", "bó 300 g", None),
        ("15k/chục", "quả 1 kg", None),
        ("90k/kg", "gói 200 g", 18_000),
        ("90k/2kg", "gói 1 kg", 45_000),
    ],
)
def test_a_price_of_several_is_asked_for_one_with_the_round_price_it_makes(
    said: str, pack: str, proposed: int | None
) -> None:
    price, _pack, refused = understand(said, pack)

    assert price is None
    assert refused["price"].values.get("proposed_vnd") == proposed


@pytest.mark.parametrize(
    ("said", "both"),
    [
        ("bảy chục rưỡi", (75_000, 70_500)),
        ("một trăm hai", (120_000, 102_000)),
        ("trăm hai ngàn", (120_000, 102_000)),
        ("80-90k", (90_000, 80_000)),
        ("tám mươi đến chín mươi nghìn", (90_000, 80_000)),
    ],
)
def test_what_two_people_hear_in_two_ways_is_asked_with_both(
    said: str, both: tuple[int, int]
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_spoken_price(said)

    assert (refused.value.values["high_vnd"], refused.value.values["low_vnd"]) == both


def test_the_office_reads_a_typed_price_at_once_and_asks_about_one_in_words() -> None:
    with pytest.raises(ValueRefused) as refused:
        read_price_asking("chín mươi nghìn")

    assert read_price_asking("90k") == 90_000
    assert (refused.value.code, refused.value.values["proposed_vnd"]) == ("price_said", 90_000)
