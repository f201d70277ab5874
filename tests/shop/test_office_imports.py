"""The office brings in a file: looks first, answers what is asked, confirms, takes it back."""

import io

import openpyxl
import pytest
from sqlalchemy import func, select

from shop.models.catalog import Pack, Product
from shop.models.imports import ImportRun
from shop.models.people import Member, Role
from tests import factories
from tests.support.imports import csv_file, workbook
from tests.support.office import open_office

START = "/quan-ly/nhap-tep"
ONE = csv_file("sku,ten,gia,khoi_luong_g", "T-1,Chè thử,90000,200")


def send(visitor, content, kind="products", name="hang.csv"):
    """Return the page that answers a file, whatever its status."""
    page = visitor.open(f"{START}?loai={kind}")
    return page.upload("file", content, name, form=START, press="Xem trước")


def confirm(page, values=None, status=200):
    return page.submit(values, press="Nhập vào sổ", status=status)


def count(office, model):
    office.session.rollback()
    found = office.session.scalar(
        select(func.count()).select_from(model).where(model.seller_id == office.seller.id)
    )
    office.session.rollback()
    return found


def test_a_file_is_shown_first_and_brought_in_by_a_second_tap(office):
    visitor = office.visitor(Role.OFFICE)

    page = send(visitor, ONE)
    assert "1 dòng mới" in page.text
    assert count(office, Product) == 0
    page = confirm(page)

    assert "Đã nhập tệp hang.csv" in page.text
    assert count(office, Product) == 1


def test_a_double_tap_brings_a_file_in_once(office):
    visitor = office.visitor(Role.OFFICE)
    page = send(visitor, ONE)

    first = confirm(page)
    second = confirm(page)

    assert first.path == second.path
    assert (count(office, Product), count(office, ImportRun)) == (1, 1)


def test_two_tabs_with_the_same_file_bring_it_in_once(office):
    visitor = office.visitor(Role.OFFICE)
    pages = [send(visitor, ONE), send(visitor, ONE)]

    answers = [confirm(page) for page in pages]

    assert "đã có sẵn" in answers[1].text
    assert (count(office, Product), count(office, ImportRun)) == (1, 1)


def test_faults_are_told_by_row_and_column_and_good_rows_can_be_taken_alone(office):
    visitor = office.visitor(Role.OFFICE)
    file = csv_file("sku,ten,gia,khoi_luong_g", "T-1,Chè,90000,200", 'T-2,Trà,"50,5",100')

    page = send(visitor, file)
    assert "50.500" in page.text
    refused = confirm(page, {"rows": "all"}, status=422)
    assert count(office, Product) == 0
    done = confirm(refused, {"rows": "good"})

    assert "1 dòng bỏ qua" in done.text
    assert count(office, Product) == 1


def test_of_very_many_faults_the_page_says_how_many_more_there_are(office):
    file = csv_file("sku,ten,gia,khoi_luong_g", *(f"T-{n},Chè,x,200" for n in range(205)))

    page = send(office.visitor(Role.OFFICE), file)

    assert "205 ô cần sửa" in page.text
    assert "Còn 5 ô cần sửa nữa" in page.text


def test_a_column_left_out_is_told_also_where_no_row_can_come_in(office):
    file = csv_file("sku,ten,gia,khoi_luong_g,mau", "T-1,Chè,x,200,xanh")

    page = send(office.visitor(Role.OFFICE), file)

    assert "Bỏ qua cột không dùng: mau." in page.text
    assert "Nhập vào sổ" not in page.text


def test_the_preview_shows_every_plot_that_would_be_written(office):
    file = csv_file(
        "Mã xã viên,Họ tên,Xóm,Tên thửa",
        "TV-9,Nguyễn Thị Mẫu,Thêm,",
        ",Trần Văn Mẫu,Thêm,Rẫy dưới",
    )

    page = send(office.visitor(Role.OFFICE), file, kind="members")

    assert "Mã xã viên: TV-9" in page.text
    assert "Mã thửa: TV-9-T1" in page.text
    assert "Mã xã viên: hệ thống cấp khi ghi" in page.text
    assert "Mã thửa: hệ thống cấp khi ghi" in page.text
    assert "Tên thửa: Rẫy dưới" in page.text


def test_what_is_asked_must_be_ticked(office):
    visitor = office.visitor(Role.OFFICE)
    page = send(visitor, csv_file("ten,gia,khoi_luong_g,Màu", "Chè,90000,200,xanh"))

    refused = confirm(page, {}, status=409)
    assert count(office, Product) == 0
    done = confirm(refused, {"tick": "columns_unknown"})

    assert "Đã nhập tệp" in done.text


def test_a_run_is_taken_back_by_one_tap(office):
    visitor = office.visitor(Role.OFFICE)
    page = send(visitor, ONE)
    done = confirm(page)

    undone = done.submit(press="Rút lại lần nhập này")

    assert "Mọi món đã về như trước" in undone.text
    assert count(office, Product) == 0


def test_of_several_sheets_one_is_chosen(office):
    visitor = office.visitor(Role.OFFICE)
    rows = [["ten", "gia", "khoi_luong_g"], ["Chè", 90000, 200]]
    file = workbook(sheets={"Tháng 10": rows, "Tháng 11": [*rows, ["Trà", 50000, 100]]})

    page = send(visitor, file, name="hang.xlsx")
    assert page.heading == "Nhập trang nào?"
    page = visitor.open(f"{page.path}?sheet=Tháng 11")
    done = confirm(page)

    assert "2 dòng mới" in done.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không có dòng nào"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x89PNG\r\n\x1a\n", "ảnh"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, ".xls"),
        (b"<html><table><tr><td>sku</td></tr></table>", "trang web"),
        (workbook(["sku", "ten"], ["a", "b"])[:900], "bị hỏng"),
        (b"chi,co,chu\r\n1,2,3", "tên cột"),
    ],
)
def test_a_file_of_another_kind_is_refused_with_what_to_do(office, content, said):
    page = send(office.visitor(Role.OFFICE), content)

    assert said in page.text
    assert count(office, Product) == 0


def test_without_a_file_or_a_kind_the_form_says_so(office):
    page = office.visitor(Role.OFFICE).open(START)

    refused = page.submit({"kind": ""}, form=START, press="Xem trước", status=422)

    assert "Chưa chọn tệp" in refused.text
    assert "Chọn tệp có gì bên trong" in refused.text


def test_only_who_sent_a_file_can_look_at_it(office, app_session):
    page = send(office.visitor(Role.OFFICE), ONE)
    other = open_office(office.app, app_session)

    assert office.client(Role.OFFICE).get(page.path).status_code == 404
    assert other.client(Role.OFFICE).get(page.path).status_code == 404


def test_a_run_of_another_seller_is_not_there(office, app_session):
    page = send(office.visitor(Role.OFFICE), ONE)
    run = confirm(page)
    other = open_office(office.app, app_session)

    assert other.client(Role.OFFICE).get(run.path).status_code == 404


@pytest.mark.parametrize("kind", ["products", "members", "batches"])
@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_template_is_read_without_a_fault_in_its_columns(office, kind, ending):
    client = office.client(Role.OFFICE)
    product = factories.make_product(office.session, office.seller, name="Chè móc câu La Bằng")
    for sku in ("LBT-MOCCAU-200", "LBT-MOCCAU-500"):
        if kind == "batches":
            factories.make_pack(office.session, product, sku=sku)
    office.session.commit()

    file = client.get(f"{START}/mau/{kind}.{ending}").data
    page = send(office.visitor(Role.OFFICE), file, kind, f"mau.{ending}")

    assert "2 dòng mới" in page.text
    assert "ô cần sửa" not in page.text


def test_a_template_explains_its_columns(office):
    file = office.client(Role.OFFICE).get(f"{START}/mau/members.xlsx").data

    book = openpyxl.load_workbook(io.BytesIO(file))

    assert book.sheetnames == ["Xã viên", "Hướng dẫn"]
    assert book["Hướng dẫn"]["A1"].value == "Cột"


def test_members_of_a_csv_in_an_old_font_come_in_after_a_tick(office):
    names = "Họ tên;SĐT\r\nNguyÔn ThÞ MÉu;0540000201".encode()
    page = send(office.visitor(Role.OFFICE), names, "members")
    assert "TCVN3" in page.text
    assert "Nguyễn Thị Mẫu" in page.text

    confirm(page, {"tick": "legacy_encoding"})

    office.session.rollback()
    member = office.session.scalars(
        select(Member).where(Member.seller_id == office.seller.id)
    ).one()
    assert member.full_name == "Nguyễn Thị Mẫu"


def test_stock_is_written_down_when_its_day_is_given(office):
    visitor = office.visitor(Role.OFFICE)
    page = send(visitor, csv_file("sku,ten,gia,khoi_luong_g,ton", "T-1,Chè,90000,200,40"))
    assert "tồn phải thuộc một lô" in page.text

    page = visitor.open(f"{page.path}?stock_made_on=01/11/2026")
    confirm(page)

    pack = office.session.scalars(select(Pack).where(Pack.sku == "T-1")).one()
    stock = visitor.open("/quan-ly/ton-kho?q=Chè")
    assert pack.price_vnd == 90_000
    assert "40" in stock.text


def test_a_file_of_twenty_megabytes_is_told_its_limit_on_the_page(office):
    page = send(office.visitor(Role.OFFICE), b"sku,ten\r\n" + b"x" * (20 * 1024 * 1024))

    assert "Tệp quá 10 MB." in page.text
