"""What an office writes below its list does not become people or goods."""

import pytest

from tests.support.imports import csv_file


@pytest.fixture
def goods(importing):
    importing.bring_in(csv_file("sku,ten,gia,khoi_luong_g", "A-1,Chè móc câu,90000,200"))
    return importing


FOOTER = [
    ',,"La Bằng, ngày 22 tháng 11 năm 2026"',
    ",Người lập biểu,Giám đốc",
    ",(Ký và ghi rõ họ tên),(Ký tên)",
    ",Kế toán,",
    ",Chủ nhiệm HTX,",
]


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("members", ["stt,ho ten,sdt", "1,Tống Thị Mẫu,0912345678"]),
        ("products", ["ma,ten,gia,kl", "A-1,Chè móc câu,90000,200 g"]),
        ("batches", ["lo,ten,NSX,so goi", "L-1,Chè móc câu,15/10/2026,4"]),
    ],
)
def test_the_day_and_the_offices_below_a_list_are_left_out_with_a_note(goods, kind, data):
    plan = goods.look(csv_file(*data, "", *FOOTER), kind)

    assert [row.number for row in plan.rows] == [2]
    assert any("ký tên ở cuối: dòng 4, 5, 6, 7, 8" in note for note in plan.notes)
    assert "names_below" not in [tick.code for tick in plan.ticks]


@pytest.mark.parametrize("below", [[",Lê Văn Mẫu,"], [",Giám đốc,", ",Lê Văn Mẫu,"]])
def test_a_name_alone_below_a_list_is_left_out_after_a_question(importing, below):
    plan = importing.look(
        csv_file("stt,ho ten,sdt", "1,Tống Thị Mẫu,0912345678", *below), "members"
    )

    asked = [list(tick.rows) for tick in plan.ticks if tick.code == "names_below"]
    assert [row.title for row in plan.rows] == ["Tống Thị Mẫu"]
    assert asked == [[2 + len(below)]]


@pytest.mark.parametrize(
    "lines",
    [
        ["ho ten", "Tống Thị Mẫu", "Lê Văn Mẫu"],
        ["ho ten,sdt", "Tống Thị Mẫu,", "Lê Văn Mẫu,"],
        ["ho ten,sdt", "Tống Thị Mẫu,0912345678", "Lê Văn Mẫu,0912345679"],
        ["ho ten,gioi tinh", "Kế Toán Mẫu,nữ", "Lê Văn Mẫu,nam"],
        ["ho ten,thon", "Giám đốc,Xóm Đồng", "Lê Văn Mẫu,Xóm Đồng"],
    ],
)
def test_people_at_the_end_of_a_list_stay_people(importing, lines):
    plan = importing.look(csv_file(*lines), "members")

    assert [row.number for row in plan.rows] == [2, 3]
    assert "names_below" not in [tick.code for tick in plan.ticks]


def test_letters_broken_on_their_way_are_told_so_and_not_as_an_old_font(importing):
    broken = "Tống Thị Mẫu".encode().decode("latin-1")

    plan = importing.look(csv_file("ho ten,sdt", f"{broken},0912345678"), "members")

    (tick,) = [tick for tick in plan.ticks if tick.code == "legacy_encoding"]
    assert "chuyển bảng mã sai" in tick.sentence
    assert "Tống Thị Mẫu" in tick.sentence
    assert "phông cũ" not in tick.sentence
