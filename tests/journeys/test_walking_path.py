"""The walking path: a speciality is listed, its batch scanned, ordered and paid for.

Two people with a phone each: the clerk in the office, the buyer at the pack. The servers are
real, the label is the printed one, and the code on it is read by two decoders.
"""

import io
import re
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Page, expect
from pyzbar import pyzbar
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from integrations.payments import vietqr
from shop import clock, formats
from shop.models.batches import Batch, BatchPack
from shop.models.catalog import Pack, Product
from shop.models.inventory import StockLevel
from shop.models.ledger import Posting
from tests.support.chromium import NewPage
from tests.support.demo_people import PHONES, sign_in
from tests.support.servers import Server

NAME = "Chè nõn đầu mùa"


def photo() -> bytes:
    """A photo as a phone takes it: large, lying on its side."""
    picture = Image.new("RGB", (2400, 1800), (70, 120, 60))
    exif = Image.Exif()
    exif[0x0112] = 6
    output = io.BytesIO()
    picture.save(output, "JPEG", exif=exif)
    return output.getvalue()


def list_product(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/quan-ly/san-pham/moi")
    page.get_by_label("Tên sản phẩm").fill(NAME)
    page.get_by_label("Loại", exact=True).fill("Chè")
    page.get_by_label("Chụp hoặc chọn ảnh").set_input_files(
        {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    )
    row = page.get_by_role("group", name="Loại 1")
    row.get_by_label("Tên loại").fill("gói 100 g")
    row.get_by_label("Khối lượng hoặc thể tích").fill("100")
    row.get_by_label("Giá bán").fill("120k")
    page.get_by_label("Thành phần", exact=True).fill("Búp chè tươi 100 %")
    page.get_by_label("Không có chất gây dị ứng nào").check()
    page.get_by_label("Cách bảo quản", exact=True).fill("Nơi khô, mát, tránh nắng")
    page.get_by_label("Hạn dùng (số ngày)").fill("540")
    page.get_by_role("button", name="Lưu và bán").click()
    expect(page.get_by_text(f"Đã lưu {NAME}.")).to_be_visible()


def receive_leaf(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/quan-ly/giao-hang/moi")
    page.get_by_label("Hàng gì").fill("Búp chè tươi, một tôm")
    page.get_by_label("Số cân").fill("2 yến")
    page.get_by_label("Ai giao").select_option(index=1)
    page.get_by_role("button", name="Ghi phiếu", exact=True).click()
    expect(page.get_by_text("Hiểu là 20 kg")).to_be_visible()  # shown back before it is kept
    page.get_by_role("button", name="Ghi phiếu", exact=True).click()
    expect(page.get_by_text("Đã ghi 20 kg Búp chè tươi, một tôm")).to_be_visible()


def make_batch(page: Page, server: Server) -> str:
    page.goto(f"{server.url}/quan-ly/lo-hang/moi")
    page.get_by_label("Sản phẩm").select_option(label=NAME)
    page.get_by_label("Ngày sản xuất").fill("hôm nay")
    page.get_by_role("button", name="Mở lô").click()
    lot = page.get_by_role("heading", level=1).inner_text()
    sources = page.locator("details", has_text="Hàng nhận vào").first
    open_block(sources)
    sources.get_by_role("checkbox").last.check()
    sources.get_by_role("button", name="Cho vào lô").click()
    steps = page.locator("details", has_text="Các bước làm").first
    open_block(steps)
    steps.get_by_label("Tên bước").fill("Sao khô")
    steps.get_by_label("Từ giờ").fill("0:00")
    steps.get_by_label("Đến giờ").fill(formats.clock_time(clock.now()))  # also just after midnight
    steps.get_by_label("Vào", exact=True).fill("20 kg")
    steps.get_by_label("Ra", exact=True).fill("4 kg")
    steps.get_by_role("button", name="Ghi bước này").click()
    packs = page.locator("details", has_text="Đóng gói").last
    open_block(packs)
    packs.get_by_label(re.compile("Số gói")).fill("40")
    packs.get_by_role("button", name="Đóng lô").click()
    page.get_by_role("button", name="Cho bán").click()
    found = re.search(r"[A-Z]{3}-\d{6}-\d\d[0-9A-Z]?", lot + page.inner_text("main"))
    assert found
    return found[0]


def open_block(block: object) -> None:
    """Open a part of the page that may be folded."""
    if block.get_attribute("open") is None:  # type: ignore[attr-defined]
        block.locator("summary").first.click()  # type: ignore[attr-defined]


def print_label(page: Page, server: Server, batch_id: int, folder: Path) -> str:
    """Download the sheet, look at it as a printer would, and return what its code says."""
    page.goto(f"{server.url}/quan-ly/lo-hang/{batch_id}/tem")
    with page.expect_download() as coming:
        page.get_by_role("button", name="Tải tệp để in").click()
    path = folder / "tem.pdf"
    coming.value.save_as(path)
    document = pypdfium2.PdfDocument(path)
    sheet = document[0].render(scale=400 / 72).to_pil()
    document.close()
    corner = sheet.crop((0, 0, sheet.width // 3, sheet.height // 8 + 200))
    by_zxing = {found.text for found in zxingcpp.read_barcodes(corner)}
    by_zbar = {found.data.decode() for found in pyzbar.decode(corner)}
    assert len(by_zxing) == 1
    assert by_zxing == by_zbar
    return by_zxing.pop()


def order_two(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.get_by_text("Lô đang bán, còn hạn dùng")).to_be_visible()
    page.get_by_role("link", name="Mua từ lô này").click()
    page.get_by_role("button", name="Thêm vào giỏ").click()
    page.get_by_role("button", name="Thêm 1").first.click()
    page.wait_for_load_state()
    page.get_by_role("link", name=re.compile("Đặt hàng")).first.click()
    page.get_by_label("Họ và tên").fill("Nguyễn Thị Hoa")
    page.get_by_label("Số điện thoại", exact=True).fill("0912 345 678")
    page.get_by_label("Xã, phường").fill("Xã La Bằng, Tỉnh Thái Nguyên")
    page.get_by_label("Số nhà, đường hoặc thôn, xóm").fill("12 xóm La Bằng")
    page.get_by_label(re.compile("Gửi bưu kiện")).check()
    page.get_by_label(re.compile("Quét mã VietQR")).check()
    press_order(page)
    if "/don-hang/" not in page.url:  # the fee depends on the place, so it is shown first
        press_order(page)
    expect(page.get_by_text("Đã nhận đơn")).to_be_visible()


def press_order(page: Page) -> None:
    page.get_by_role("button", name=re.compile("^Đặt hàng")).click()
    page.wait_for_load_state()


def read_transfer(page: Page) -> vietqr.VietQR:
    """Read the code on the order page as a bank's application would."""
    picture = page.locator(".ma-qr").first.screenshot()
    found = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))
    return vietqr.decode(found[0].text)


def confirm_transfer(page: Page, server: Server, code: str, amount: str) -> None:
    page.goto(f"{server.url}/quan-ly/tien/chuyen-khoan/{code}")
    page.get_by_label("Số tiền về").fill(amount)
    page.get_by_label("Mã giao dịch").fill("FT26326000001")
    page.get_by_role("button", name="Ghi nhận").click()
    page.wait_for_load_state()
    again = page.get_by_role("button", name=re.compile("^Ghi nhận"))
    if again.count():
        again.click()


def on_hand(engine: Engine, lot: str) -> tuple[int, int]:
    with Session(engine) as session:
        row = session.execute(
            select(func.sum(StockLevel.on_hand), func.sum(StockLevel.reserved))
            .join(BatchPack, BatchPack.id == StockLevel.batch_pack_id)
            .join(Batch, Batch.id == BatchPack.batch_id)
            .where(Batch.lot == lot)
        ).one()
    return int(row[0]), int(row[1])


@pytest.mark.journey
@pytest.mark.browser
@pytest.mark.both_databases
def test_from_the_photo_of_a_product_to_the_stock_of_its_batch(
    server: Server, books: Engine, new_page: NewPage, tmp_path: Path
) -> None:
    office, buyer = new_page(accept_downloads=True), new_page()
    sign_in(office, server, PHONES["office"])
    list_product(office, server)
    receive_leaf(office, server)
    lot = make_batch(office, server)
    with Session(books) as session:
        batch = session.scalars(select(Batch).where(Batch.lot == lot)).one()
        batch_id, gtin = batch.id, batch.packs[0].pack.gtin
        picture = session.scalars(select(Product).where(Product.name == NAME)).one().photos[0]
        assert picture.height > picture.width
    address = print_label(office, server, batch_id, tmp_path)
    assert address == f"{server.url}/01/{gtin}/10/{lot}"

    order_two(buyer, address)
    code = read_transfer(buyer)
    assert (code.amount_vnd, code.bin) == (2 * 120_000 + 30_000, "999999")
    assert on_hand(books, lot) == (40, 2)

    confirm_transfer(office, server, code.memo or "", "270.000")
    expect(buyer.get_by_text(re.compile("Đã nhận 270.000"))).to_be_visible(timeout=15_000)
    office.goto(f"{server.url}/quan-ly/don-hang/{code.memo}")
    office.get_by_role("button", name="Bắt đầu soạn").click()
    office.get_by_role("link", name=re.compile("Gửi")).first.click()
    office.get_by_label("Ai chở hàng").fill("Bưu điện")
    office.get_by_role("button", name="Hàng đã rời kho").click()
    office.wait_for_load_state()

    assert on_hand(books, lot) == (38, 0)
    buyer.reload()
    expect(buyer.get_by_role("link", name=lot).first).to_be_visible()
    with Session(books) as session:
        owed = session.scalar(
            select(func.sum(Posting.amount_vnd)).where(Posting.account == "buyers")
        )
        assert owed == 0
        assert session.scalars(select(Pack.price_vnd).where(Pack.gtin == gtin)).one() == 120_000
