"""Every wrong cell of a file is told at once: row, column, what stands there, what to do."""

import pytest

from shop.models.catalog import Pack
from tests import factories
from tests.support.imports import csv_file

GOODS = csv_file(
    "sku,ten,gia,khoi_luong_g,ma_vach",
    "LBT-200,Chè móc câu,90000,200,8938505974194",
    "LBT-500,Chè móc câu,210000,500,",
    "NKG-1000,Giò trứng,185000,1000,",
)
PEOPLE = csv_file("ma;ho ten;sdt;ma thua;dien tich", "TV-1;Nguyễn Thị Mẫu;0540000101;T-1;2 sào")


def told(importing, content, kind):
    """Return row, column, what was typed and code of every fault; each says what to do."""
    faults = importing.look(content, kind).faults
    assert all(len(fault.sentence) > 15 for fault in faults)
    return [(f.row, f.column or f.label or "", f.typed, f.code) for f in faults]


def test_a_batch_row_with_nothing_right_tells_every_cell(importing):
    importing.bring_in(GOODS)
    file = csv_file(
        "lo,sku,NSX,HSD,so goi",
        "1.5E+10,KHONG-CO,31/11/2026,abc,1.5",
        "L-2,LBT-200,15/10/2026,14/10/2026,x",
    )

    assert told(importing, file, "batches") == [
        (2, "lo", "1.5E+10", "number_mangled_by_excel"),
        (2, "sku", "KHONG-CO", "product_unknown"),
        (2, "NSX", "31/11/2026", "date_invalid"),
        (2, "HSD", "abc", "date_unreadable"),
        (2, "so goi", "1.5", "count_not_whole"),
        (3, "HSD", "14/10/2026", "expiry_before_production"),
        (3, "so goi", "x", "count_unreadable"),
    ]


def test_a_batch_row_with_a_bad_count_is_still_held_against_the_lots_that_are_there(importing):
    importing.bring_in(GOODS)
    importing.bring_in(csv_file("lo,sku,NSX", "L-1,NKG-1000,15/10/2026"), "batches")
    file = csv_file(
        "lo,sku,NSX,so goi",
        "L-1,LBT-200,15/10/2026,x",
        "L-2,LBT-200,15/10/2026,x",
        "L-2,LBT-500,16/10/2026,y",
    )

    assert told(importing, file, "batches") == [
        (2, "lo", "L-1", "lot_taken"),
        (2, "so goi", "x", "count_unreadable"),
        (3, "so goi", "x", "count_unreadable"),
        (4, "NSX", "16/10/2026", "cell_differs"),
        (4, "so goi", "y", "count_unreadable"),
    ]


def test_a_product_row_with_a_bad_price_tells_the_other_cells_too(importing):
    importing.bring_in(GOODS)
    file = csv_file(
        "sku,ten,loai,gia,khoi_luong,ma_vach,dung bang,ton",
        'MOI-1,Trà sen,Trà,"50,5",,8938505974194,xô,1.5',
        "MOI-1,Trà sen,Chè,90k,100 g,,,",
        "LBT-200,Giò trứng,,-1,,,,",
    )

    assert told(importing, file, "products") == [
        (2, "gia", "50,5", "price_ambiguous"),
        (2, "khoi_luong", "", "cell_needed_for_new"),
        (2, "ma_vach", "8938505974194", "gtin_taken"),
        (2, "dung bang", "xô", "unit_unknown"),
        (2, "ton", "1.5", "count_not_whole"),
        (3, "sku", "MOI-1", "row_twice"),
        (3, "loai", "Chè", "cell_differs"),
        (4, "sku", "LBT-200", "code_taken"),
        (4, "gia", "-1", "price_not_positive"),
    ]


def test_what_a_new_pack_needs_is_told_column_by_column_where_the_file_has_no_such_column(
    importing,
):
    assert told(importing, csv_file("sku,ten", "A-1,Chè"), "products") == [
        (2, "Khối lượng", "", "cell_needed_for_new"),
        (2, "Giá", "", "cell_needed_for_new"),
    ]


def test_rows_whose_names_cannot_be_read_are_not_taken_for_one_product(importing):
    file = csv_file(
        "sku,ten,loai,gia,khoi_luong_g", "A-1,<b>x</b>,Chè,90000,200", "A-2,#N/A,Giò,90000,200"
    )

    assert told(importing, file, "products") == [
        (2, "ten", "<b>x</b>", "name_has_markup"),
        (3, "ten", "#N/A", "cell_error"),
    ]


def test_a_member_row_with_a_bad_phone_tells_the_other_cells_too(importing):
    importing.bring_in(PEOPLE, "members")
    file = csv_file(
        "ma;ho ten;sdt;nam sinh;gioi;ma thua;dien tich",
        "TV-2;Lê Thị Mẫu;9.02E+08;xưa;x;T-1;2 khoảnh",
        "TV-1;Trần Văn Mẫu;12;;;;",
    )

    assert told(importing, file, "members") == [
        (2, "sdt", "9.02E+08", "number_mangled_by_excel"),
        (2, "nam sinh", "xưa", "year_unreadable"),
        (2, "gioi", "x", "gender_unreadable"),
        (2, "ma thua", "T-1", "plot_taken"),
        (2, "dien tich", "2 khoảnh", "area_unreadable"),
        (3, "ma", "TV-1", "member_name_differs"),
        (3, "sdt", "12", "phone_unreadable"),
    ]


@pytest.mark.parametrize(
    "row",
    ["Nguyễn Thị Mẫu,x,", "Nguyễn Thị Mẫu,,xưa"],
)
def test_of_two_with_one_name_a_bad_phone_or_year_alone_is_told(importing, row):
    importing.bring_in(
        csv_file("ma,ho ten,sdt", "A,Nguyễn Thị Mẫu,0540000101", "B,Nguyễn Thị Mẫu,0540000102"),
        "members",
    )

    faults = importing.look(csv_file("ho ten,sdt,nam sinh", row), "members").faults

    assert [fault.code for fault in faults] == [
        "phone_unreadable" if ",x," in row else "year_unreadable"
    ]


def test_a_bad_row_does_not_keep_the_good_ones_out(importing):
    factories.make_product(importing.session, importing.seller, name="Chè khác")
    importing.session.commit()
    file = csv_file("ten,gia,khoi_luong", "Chè,90000,x", "Chè,210000,500 g")

    importing.bring_in(file, only_good=True)

    assert importing.session.query(Pack).filter_by(net_quantity=500).count() == 1


def test_what_stands_in_a_cell_is_told_where_the_sentence_does_not_say_it(importing):
    file = csv_file("ho ten,sdt,gioi", "Lê Thị Mẫu,12ab,x")

    phone, gender = importing.look(file, "members").faults

    assert phone.told.startswith("Dòng 2, cột sdt, đang ghi “12ab”: Số điện thoại chỉ gồm")
    assert gender.told.startswith("Dòng 2, cột gioi: Chưa rõ “x”")
