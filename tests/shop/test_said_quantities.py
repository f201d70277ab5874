"""Weights and packs as they are said in the north, the centre and the south, and counts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shop.forms.counted_goods import read_quantity
from shop.forms.spoken_counts import read_said_count
from shop.forms.spoken_packs import check_pack_size, read_pack
from shop.forms.spoken_weights import read_spoken_weight
from shop.forms.values import ValueRefused
from shop.models.catalog import NetUnit, Pack
from tests.shop.test_spoken_words import WORDS
from tests.support.saying import ASK, REFUSE, answer, cases, otherwise_written, without_marks

WEIGHTS = {
    50: "nửa lạng",
    100: """
        lạng
        một lạng
        1 lạng
        100 gam
    """,
    150: """
        lạng rưỡi
        một lạng rưỡi
    """,
    300: """
        3 lạng
        ba lạng
        ba lang
        300g
        ba trăm gam
    """,
    500: """
        nửa cân
        nửa ký
        nữa ký
        nua can
        1/2 kg
        ½ kg
        năm lạng
        500 gr
    """,
    750: "3/4 cân",
    1_100: """
        cân mốt
        ký mốt
    """,
    1_200: """
        cân hai
        ký hai
        1kg2
        một ký hai
        1 ký 2
        1 cân 2 lạng
    """,
    1_400: """
        cân tư
        ký tư
    """,
    1_500: """
        cân rưỡi
        ký rưỡi
        kí rưỡi
        1 cân rưỡi
        kg rưỡi
        1,5 kg
        một ký rưởi
    """,
    5_000: """
        nửa yến
        5 ki lô
        năm ký lô
    """,
    10_000: """
        một yến
        yến
        chục cân
        chục ký
        mười cân
        1 chục ký
    """,
    12_500: """
        12kg5
        12 cân rưỡi
        mười hai cân rưỡi
        12,5 kg
        12 ký rưỡi
        12.5 kg
        12kg500
    """,
    15_000: """
        yến rưỡi
        một yến rưỡi
        chục rưỡi cân
        mười lăm ký
    """,
    25_000: """
        hăm lăm ký
        hai lăm cân
        hai mươi nhăm cân
        25 cân
    """,
    28_000: """
        28
        hăm tám cân
        hai mươi tám ký
        28 ký
        hai muoi tam can
        được 28 cân
        khoảng 28 cân
        chừng 28 ký
        2 yến 8
        hai tám cân
        hai tám ký
        28 cân tươi
        28 cân rau tươi
        28kg chè khô
        28 kg khô
        hai yến tám
    """,
    30_000: """
        3 yến
        ba yến
        ba chục ký
        3 chục cân
        lối 30 ký
        tầm ba chục cân
    """,
    33_000: "ba ba cân",
    42_000: """
        bốn hai cân
        bốn mươi hai ký
    """,
    50_000: """
        nửa tạ
        năm yến
        1 bao 50 kg
        năm chục ký
    """,
    100_000: """
        tạ
        một tạ
        trăm ký
        một trăm cân
        2 bao x 50kg
        hai bao mỗi bao 50 ký
        2 x 50 kg
        10 thùng x 10kg
    """,
    120_000: """
        tạ hai
        một tạ hai
        1 tạ 2 yến
    """,
    150_000: """
        tạ rưỡi
        một tạ rưỡi
        trăm rưỡi cân
        3 bao x 50 ký
    """,
    230_000: "2 tạ 3 yến",
    1_500_000: """
        tấn rưỡi
        1 tấn rưỡi
        1,5 tấn
    """,
    ASK: """
        một trăm hai cân
        trăm hai ký
        1.250 kg
        20-25 cân
        từ 20 đến 25 kg
        hai chục đến ba chục ký
        gần ba chục cân
        hơn 2 tạ
        ngót tạ
        xấp xỉ 30 ký
        30kg hơn
        vài cân
        mấy chục ký
        dăm yến
        hai ba cân
        năm bảy cân
        can 5 lít
        20 chai 500 ml
        ba bốn chục ký
        bảy tám yến
        mươi cân
        2 bao 50 ký
        hai bao 40 cân
        200 cái
        hai trăm cái
        200 quả
        hai trăm trái
        3 bao
        ba thùng
        200 chai
        10 con
        50 lít
        hai trăm lít
        nửa lít
        12kg50
    """,
    REFUSE: """
        nhiều
        nặng
        kg
        abc
        -5 kg
        0 kg
        1/0 kg
        5 kgx
        2 tá
        9E+02
        1 kg 1500 g
    """,
}
PACKS = {
    "gói 200 g": """
        gói 200 g
        goi 200g
        gói hai lạng
        một gói hai trăm gam
        200g
        khoảng 200g
    """,
    "gói 500 g": """
        mỗi gói nửa cân
        nửa ký
        gói năm lạng
    """,
    "túi 500 g": """
        bịch nửa ký
        túi nửa cân
    """,
    "hũ 500 g": """
        hũ 1/2 kg
        hủ ½ ký
    """,
    "chai 500 ml": """
        chai nửa lít
        chai 500ml
        chai 2 xị
    """,
    "can 5 lít": """
        can 5 lít
        can năm lít
        1 can 5 lít
    """,
    "bình 20 lít": "bình 20 lít",
    "giỏ 2 kg": "giỏ hai ký",
    "gói 1 kg": """
        kg
        cân
        ký
    """,
    "nải 1,5 kg": "nải cân rưỡi",
    "quả 1,2 kg": "trái ký hai",
    "bao 50 kg": "bao 50 ký",
    "10 quả 600 g": "10 quả 600 g",
    "12 trái 2 kg": "chục 12 trái 2 ký",
    "12 trứng 700 g": "tá trứng 700g",
    "6 trứng 350 g": "nửa tá trứng 350g",
    "24 trứng 1,4 kg": "hai tá trứng 1,4 kg",
    "vỉ 10 trứng 600 g": """
        vỉ 10 trứng 600g
        vỉ mười trứng 6 lạng
        vỉ 10 trứng 60g
    """,
    "hộp 20 túi lọc 40 g": """
        hộp 20 túi lọc 40 g
        hộp 20 túi lọc 2g
        hộp hai mươi túi lọc 2 gam
        hộp 20 túi lọc x 2g
    """,
    "20 gói 200 g": "20 gói x 10g",
    "hộp 40 g": "hộp 20 x 2g",
    "thùng 24 chai 12 lít": """
        thùng 24 chai 500ml
        két 24 chai nửa lít
    """,
    ASK: """
        lọ
        một bó
        gói 200
        can 5
        chai 65
        lọ 500
        10 quả
        tá trứng
        hộp 20 túi lọc
        vỉ 10 trứng
        chục trứng
        một chục
        2 chục trứng 1,2 kg
        chục trứng 600 g
        thùng 12 hộp 1 kg
        2 gói 200 g
        gói 1.250 kg
        200-300g
        gần 200g
    """,
    REFUSE: """
        bò 500g
        kẹo 200g
        một gói to
        1/0 kg
        to
        gói gói
    """,
}
WEIGHT_CASES, PACK_CASES = list(cases(WEIGHTS)), list(cases(PACKS))


def label(said: str) -> str:
    return read_pack(said).label.replace("\u00a0", " ")


@pytest.mark.parametrize(("said", "expected"), WEIGHT_CASES)
def test_a_weight_is_read_asked_or_refused_as_people_mean_it(said: str, expected: object) -> None:
    assert answer(read_spoken_weight, said) == expected


@pytest.mark.parametrize(("said", "expected"), WEIGHT_CASES)
def test_a_weight_is_the_same_however_a_keyboard_sends_it(said: str, expected: object) -> None:
    found = {answer(read_spoken_weight, written) for written in otherwise_written(said)}

    assert found == {expected}


COMMONER_WITHOUT_MARKS = {"mươi cân", "2 tá"}


@pytest.mark.parametrize(("said", "expected"), WEIGHT_CASES)
def test_a_weight_without_marks_is_the_same_or_asked_never_another(
    said: str, expected: object
) -> None:
    found = answer(read_spoken_weight, without_marks(said))

    assert found in {expected, ASK, REFUSE} or said in COMMONER_WITHOUT_MARKS


@pytest.mark.parametrize(
    "said", ["chục 600g", "hai 500g", "5 500 g", "gói 1 200g", "mười hai 100 ml"]
)
def test_a_count_before_a_weight_is_no_thousands(said: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_pack(said)

    assert refused.value.code == "pack_unreadable"


@pytest.mark.parametrize(("said", "expected"), PACK_CASES)
def test_a_pack_is_read_asked_or_refused_as_people_mean_it(said: str, expected: object) -> None:
    assert answer(label, said) == expected


def test_the_tables_of_quantities_are_long_and_say_nothing_twice() -> None:
    for found, least in ((WEIGHT_CASES, 130), (PACK_CASES, 60)):
        said = [one for one, _expected in found]

        assert len(said) == len(set(said))
        assert len(said) > least


@pytest.mark.parametrize(
    ("said", "proposed"),
    [
        ("500 kg", "gói 500 g"),
        ("bao 60 ký", "bao 60 g"),
        ("can 200 lít", "can 200 ml"),
        ("2 tạ rưỡi", "gói 250 g"),
        ("60,5 kg", ""),
    ],
)
def test_a_pack_nobody_carries_home_is_asked_about(said: str, proposed: str) -> None:
    with pytest.raises(ValueRefused) as refused:
        check_pack_size(read_pack(said))

    assert refused.value.code == "pack_heavy"
    assert str(refused.value.values["proposed"]).replace("\u00a0", " ") == proposed


def test_a_pack_cheaper_than_sand_is_asked_about() -> None:
    with pytest.raises(ValueRefused) as refused:
        check_pack_size(read_pack("bao 40 kg"), price_vnd=15_000)

    assert refused.value.code == "pack_cheap"
    assert check_pack_size(read_pack("bao 40 kg"), price_vnd=900_000).net_quantity == 40_000


COUNTS = {
    "136": 136,
    "1.200": 1_200,
    "200 gói": 200,
    "200 goi": 200,
    "hai trăm gói": 200,
    "hăm lăm gói": 25,
    "trăm rưỡi": 150,
    "200 cái": 200,
    "3 tá": 36,
    "ba tá": 36,
    "2 chục": ASK,
    "hai chục gói": ASK,
    "chục": ASK,
    "200 chai": ASK,
    "vài gói": ASK,
    "gần 200": ASK,
    "trăm hai": REFUSE,
    "200 kg": REFUSE,
    "-5": REFUSE,
    "12,5": REFUSE,
    "": REFUSE,
}


@pytest.mark.parametrize(("said", "expected"), COUNTS.items())
def test_packs_are_counted_in_the_word_they_are_sold_in(said: str, expected: object) -> None:
    assert answer(lambda text: read_said_count(text, unit="gói"), said) == expected


@given(text=st.text(max_size=30) | WORDS)
@settings(max_examples=200, deadline=None)
def test_no_text_breaks_the_reader_of_counts(text: str) -> None:
    found = answer(lambda typed: read_said_count(typed, unit="gói", maximum=500), text)

    assert found in {ASK, REFUSE} or 0 <= int(str(found)) <= 500


def a_pack(unit: str, mass_g: int, net: int, net_unit: NetUnit) -> Pack:
    return Pack(label=f"{unit} thử", unit=unit, mass_g=mass_g, net_quantity=net, net_unit=net_unit)


@pytest.mark.parametrize(
    ("said", "code", "proposed_g"),
    [
        ("200 chai", "weight_from_packs", 140_000),
        ("hai trăm chai", "weight_from_packs", 140_000),
        ("50 lít", "weight_from_packs", 70_000),
        ("can 5 lít", "weight_from_packs", 7_000),
        ("20 chai 500 ml", "weight_from_packs", 14_000),
        ("200 hũ", "weight_counted", None),
        ("200 cái", "weight_counted", None),
        ("3 gói", "weight_of_packs", None),
    ],
)
def test_what_was_counted_or_poured_is_proposed_as_its_weight_where_packs_tell_it(
    said: str, code: str, proposed_g: int | None
) -> None:
    packs = [
        a_pack("chai", 700, 500, NetUnit.MILLILITRE),
        a_pack("gói", 200, 200, NetUnit.GRAM),
        a_pack("gói", 500, 500, NetUnit.GRAM),
    ]

    with pytest.raises(ValueRefused) as refused:
        read_quantity(said, packs=packs)

    assert refused.value.code == code
    assert refused.value.values.get("proposed_g") == proposed_g


def plain_value(refused: ValueRefused, name: str) -> str:
    return str(refused.values[name]).replace("\u00a0", " ")


def test_what_packs_hold_together_is_shown_beside_their_weight() -> None:
    packs = [a_pack("chai", 520, 500, NetUnit.MILLILITRE)]

    with pytest.raises(ValueRefused) as refused:
        read_quantity("hai mươi chai", packs=packs)

    assert plain_value(refused.value, "sum") == "20 chai 500 ml = 10 lít"
    assert refused.value.values["proposed_g"] == 10_400


def test_of_several_packs_each_is_offered_with_what_it_makes() -> None:
    packs = [
        a_pack("gói", 200, 200, NetUnit.GRAM),
        a_pack("gói", 500, 500, NetUnit.GRAM),
    ]

    with pytest.raises(ValueRefused) as refused:
        read_quantity("30 gói", packs=packs)

    assert refused.value.code == "weight_of_packs"
    assert plain_value(refused.value, "packs") == "30 gói 200 g = 6 kg; 30 gói 500 g = 15 kg"
    assert (refused.value.values["first_g"], refused.value.values["second_g"]) == (6_000, 15_000)


@pytest.mark.parametrize(
    ("said", "code", "proposed"),
    [
        ("chai 65", "pack_unit_missing", "chai 65 ml"),
        ("lọ 500", "pack_unit_missing", "lọ 500 ml"),
        ("chai 1", "pack_unit_missing", "chai 1 lít"),
        ("can 5", "pack_unit_missing", "can 5 lít"),
        ("bình 20", "pack_unit_missing", "bình 20 lít"),
        ("gói 200", "weight_unit_missing", "gói 200 g"),
        ("gói 2", "weight_unit_missing", None),
    ],
)
def test_a_pack_without_its_unit_is_offered_with_that_of_such_packs(
    said: str, code: str, proposed: str | None
) -> None:
    with pytest.raises(ValueRefused) as refused:
        read_pack(said)

    assert refused.value.code == code
    assert refused.value.values.get("proposed") == proposed
