"""`Đây có phải gói của tôi?`: a plain verdict, and what to do when the pack is another one."""

import io
from datetime import timedelta

import pytest
from PIL import Image
from sqlalchemy.orm import Session

from shop.models.orders import Order
from shop.services import batch_release
from shop.services.actors import SYSTEM
from tests import factories
from tests.support.office import Office, open_office
from tests.support.pages import Page, Visitor
from traceability.labels import qr

LOT = "CMC-261103-01"


@pytest.fixture
def order(office: Office) -> Order:
    """An order on its way with one pack of one batch; others stand beside it."""
    level = office.level(lot=LOT)
    pack = level.batch_pack.pack
    bag = factories.make_pack(office.session, pack.product, label="gói 500 g")
    factories.make_batch_pack(office.session, bag, level.batch_pack.batch)
    office.level(pack=pack, lot="CMC-261104-02")
    sent = office.shipped_order(pack)
    assert sent.lines[0].pack.gtin
    assert bag.gtin
    office.session.commit()
    return sent


def ask(visitor: Visitor, order: Order, typed: str) -> Page:
    form = visitor.open(f"/don-hang/{order.token}").follow("Đây có phải gói của tôi?")
    return form.submit({"ma": typed}, press="So với đơn của tôi")


@pytest.mark.parametrize(
    ("typed", "verdict"),
    [
        (LOT, "Đúng gói của bạn."),
        ("cmc 261103 01", "Đúng gói của bạn."),
        ("http://127.0.0.1:8000/01/{gtin}/10/" + LOT, "Đúng gói của bạn."),
        ("http://127.0.0.1:8000/01/{bag}/10/" + LOT, "Đúng lô, nhưng khác loại đã đặt."),
        ("CMC-261104-02", "Gói này là lô CMC-261104-02, không phải lô đã ghi cho đơn."),
        ("CMC-999999-99", "Không có lô mang mã “CMC-999999-99”."),
        ("<b>x</b>", "Không có lô mang mã “<b>x</b>”."),
        ("a1" * 150, "Không có lô mang mã"),
    ],
)
def test_the_label_is_held_against_the_order(
    visitor: Visitor, office: Office, order: Order, typed: str, verdict: str
) -> None:
    product = order.lines[0].pack.product
    gtins = {"gtin": order.lines[0].pack.gtin, "bag": product.packs[-1].gtin}
    office.session.commit()

    page = ask(visitor, order, typed.format(**gtins))

    assert verdict in page.text
    assert f"phải mang mã: {LOT}" in page.text
    is_own = verdict == "Đúng gói của bạn."
    assert ("Gọi HTX" in page.text.split("So với đơn của tôi")[1].split("Trang này")[0]) != is_own


def test_goods_of_another_seller_are_told_as_such(
    visitor: Visitor, office: Office, order: Order, app_session: Session
) -> None:
    other = open_office(office.app, app_session)  # type: ignore[arg-type]
    other.level(lot="KHAC-261103-09")

    page = ask(visitor, order, "KHAC-261103-09")

    assert "không phải nơi đã bán đơn này." in page.text


def test_a_recall_stands_before_everything(visitor: Visitor, office: Office, order: Order) -> None:
    batch = order.lines[0].allocations[0].batch_pack.batch
    batch_release.recall(
        office.session, batch, reason="Sai nhãn", remedy="Đổi", actor=SYSTEM, now=office.now
    )
    office.session.commit()

    page = ask(visitor, order, LOT)

    assert "Đúng gói của bạn, và lô này đang thu hồi." in page.text
    assert "Đúng gói của bạn. " not in page.text


def test_a_pack_past_its_day_is_said_to_be(visitor: Visitor, office: Office, order: Order) -> None:
    order.lines[0].allocations[0].batch_pack.batch.expires_on = office.today - timedelta(days=1)
    office.session.commit()

    assert "nhưng đã hết hạn dùng từ" in ask(visitor, order, LOT).text


def test_an_order_without_batches_yet_has_nothing_to_compare(
    visitor: Visitor, office: Office
) -> None:
    waiting = office.order()
    path = f"/don-hang/{waiting.token}/goi-cua-toi"

    page = visitor.open(path)

    assert "Đơn chưa chia lô nên chưa so được." in page.text
    visitor.open("/don-hang/khong-co/goi-cua-toi", status=404)


def photo_of(content: str) -> bytes:
    """Return a photo in which the label lies askew on something darker than paper."""
    with Image.open(io.BytesIO(qr.png(content, side_mm=25).content)) as code:
        label = code.convert("RGB").resize((420, 420))
    table = Image.new("RGB", (1600, 1200), (120, 96, 70))
    turned = label.rotate(17, expand=True, fillcolor=(120, 96, 70))
    table.paste(turned, (500, 300))
    output = io.BytesIO()
    table.save(output, "JPEG", quality=60)
    return output.getvalue()


def shot(visitor: Visitor, order: Order, content: bytes) -> Page:
    page = visitor.open(f"/don-hang/{order.token}/goi-cua-toi")
    return page.upload("photo", content, "tem.jpg", form="/goi-cua-toi", press="Đọc mã trong ảnh")


@pytest.mark.parametrize(
    ("lot", "verdict"),
    [
        (LOT, "Đúng gói của bạn."),
        ("CMC-261104-02", "Gói này là lô CMC-261104-02, không phải lô đã ghi cho đơn."),
        ("CMC-999999-99", "Không có lô mang mã"),
    ],
)
def test_a_photo_of_the_label_answers_as_the_code_would(
    visitor: Visitor, office: Office, order: Order, lot: str, verdict: str
) -> None:
    gtin = order.lines[0].pack.gtin
    office.session.commit()

    page = shot(visitor, order, photo_of(f"http://127.0.0.1:8000/01/{gtin}/10/{lot}"))

    assert verdict in page.text
    assert page.fields(press="So với đơn của tôi")["ma"].endswith(lot)


def test_of_two_codes_in_a_photo_the_one_of_the_batch_counts(
    visitor: Visitor, office: Office, order: Order
) -> None:
    office.session.commit()
    with (
        Image.open(io.BytesIO(photo_of("https://khac.example/quang-cao"))) as other,
        Image.open(io.BytesIO(photo_of(LOT))) as own,
    ):
        both = Image.new("RGB", (other.width, other.height * 2))
        both.paste(other, (0, 0))
        both.paste(own, (0, other.height))
    output = io.BytesIO()
    both.save(output, "JPEG")

    assert "Đúng gói của bạn." in shot(visitor, order, output.getvalue()).text


def blank() -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (400, 400), "white").save(output, "PNG")
    return output.getvalue()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không phải ảnh"),
        (b"%PDF-1.7", "không phải ảnh"),
        (photo_of(LOT)[:900], "ảnh"),
        (blank(), "Chưa đọc được mã trong ảnh."),
    ],
)
def test_a_photo_that_says_nothing_is_told_beside_its_field(
    visitor: Visitor, office: Office, order: Order, content: bytes, said: str
) -> None:
    office.session.commit()

    page = shot(visitor, order, content)

    fault = page.root.find(".//*[@id='loi-photo']")
    assert fault is not None
    assert said in "".join(fault.itertext())
    assert "Gói trong đơn này phải mang mã" in page.text
