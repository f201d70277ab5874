"""A member offers something on one screen, the office decides, and only then is it public."""

import io
import re
from pathlib import Path

import pytest
from PIL import Image
from sqlalchemy import select

from shop.models.catalog import Product, ProductState
from shop.models.people import AuditEntry, Member, Plot, Role
from shop.models.submissions import Submission, SubmissionState
from shop.views.member.device import SCRIPTS
from tests import factories
from tests.factories import PASSWORD
from tests.support.office import open_office, sign_in
from tests.support.pages import Upload, Visitor

NEW, MINE = "/thanh-vien/ban-hang/moi", "/thanh-vien/ban-hang"
QUEUE = "/quan-ly/cho-duyet"
HONEY = {"name": "Mật ong rừng Bản Đạt", "price": "120k", "pack": "chai 500 ml"}
NO_PHOTO = "Tệp này không phải ảnh đọc được. Chọn ảnh JPEG, PNG hoặc WebP."
REST = {
    "kind": "Mật ong",
    "ingredients": "Mật ong 100 %",
    "no_allergens": "1",
    "storage": "Nơi khô, mát",
}


@pytest.fixture
def chanh(app, office):
    """A member of the cooperative with a phone, signed in."""
    account, _member = office.member_account()
    return Visitor.of(sign_in(app, account))


def photo(colour: str = "green") -> bytes:
    output = io.BytesIO()
    Image.new("RGB", (900, 700), colour).save(output, "JPEG")
    return output.getvalue()


def offer(visitor, **values):
    """Offer the honey and say yes to what was understood."""
    page = visitor.open(NEW).submit(HONEY | values, press="Gửi HTX duyệt", status=422)
    return page.submit(press="Đúng, gửi HTX duyệt")


def test_a_member_lists_the_office_approves_and_the_product_is_public(office, chanh):
    offered = offer(chanh, photo=Upload(photo(), "mat-ong.jpg"))
    clerk = office.visitor(Role.OFFICE)
    waiting = clerk.open(QUEUE).follow("Mật ong rừng Bản Đạt")
    form = waiting.submit(press="Duyệt")
    done = form.submit(REST, press="Duyệt và bán")

    assert "Đã gửi HTX" in offered.text
    assert "Chưa bán được, còn thiếu" in form.text
    assert "Đã duyệt, đang bán: Mật ong rừng Bản Đạt." in done.text
    public = Visitor.of(office.app.test_client()).open("/san-pham/mat-ong-rung-ban-dat")
    assert "120.000 ₫" in public.text
    assert "chai 500 ml" in public.text
    assert "/anh/" in public.body
    assert "Đang bán" in chanh.open(MINE).text
    assert "HTX đã duyệt: Mật ong rừng Bản Đạt." in chanh.open("/thanh-vien").text


def test_before_the_yes_nothing_of_it_is_public(office, chanh):
    offer(chanh, photo=Upload(photo(), "mat-ong.jpg"))
    public = Visitor.of(office.app.test_client())
    token = office.session.scalars(select(Submission.photo)).one()
    office.session.commit()

    for address in ("/", "/san-pham", "/san-pham?q=mat+ong", f"/htx/{office.seller.slug}"):
        assert "Mật ong" not in public.open(address).text, address
    public.open("/san-pham/mat-ong-rung-ban-dat", status=404)
    public.open(f"/anh/{token}-320.webp", status=404)
    assert public.open(f"/thanh-vien/ban-hang/anh/{token}").path.startswith("/dang-nhap")


def test_what_is_returned_says_why_and_is_sent_again(office, chanh):
    offer(chanh)
    clerk = office.visitor(Role.OFFICE)
    waiting = clerk.open(QUEUE).follow("Mật ong rừng Bản Đạt")
    unsaid = waiting.submit(form="/tra-lai", press="Trả lại", status=422)
    unsaid.submit({"why": "photo", "words": "Chụp cả nhãn"}, form="/tra-lai", press="Trả lại")

    home = chanh.open("/thanh-vien")
    again = home.follow("Xem")
    sent = again.submit({"name": "Mật ong rừng"}, press="Gửi HTX duyệt")

    assert "HTX trả lại: Mật ong rừng Bản Đạt." in home.text
    assert "Ảnh chưa rõ, chụp lại giúp. Chụp cả nhãn" in home.text
    assert "chờ HTX duyệt" in sent.text


def test_words_in_two_senses_are_shown_back_before_they_are_sent(chanh, office):
    page = chanh.open(NEW).submit(
        HONEY | {"price": "chín mươi nghìn"}, press="Gửi HTX duyệt", status=422
    )

    assert "Hiểu là 90.000 ₫" in page.text
    assert "Hiểu là chai 500 ml" in page.text
    assert office.session.scalars(select(Submission.state)).one() is SubmissionState.DRAFT


def test_a_price_by_weight_is_reckoned_for_the_pack_and_asked(chanh):
    values = {"price": "90k/kg", "pack": "gói 200 g"}
    asked = chanh.open(NEW).submit(HONEY | values, press="Gửi HTX duyệt", status=422)
    sent = asked.submit({"price": "18.000"}, press="Gửi HTX duyệt")

    assert "Giá 90.000 ₫ là của một kg, vậy gói 200 g là 18.000 ₫." in asked.text.replace(
        "\xa0", " "
    )
    assert "Đã gửi HTX." in sent.text


def test_what_cannot_be_read_stays_typed_and_kept_as_a_draft(chanh):
    page = chanh.open(NEW).submit(
        HONEY | {"price": "1tr25", "name": ""}, press="Gửi HTX duyệt", status=422
    )

    assert "Chưa ghi tên hàng" in page.text
    assert "1.250.000 ₫ hay 1.025.000 ₫" in page.text
    assert page.fields(press="Lưu nháp")["price"] == "1tr25"
    assert "Bản nháp, chưa gửi HTX" in chanh.open(MINE).text


def test_a_photo_that_is_none_does_not_hold_up_the_words(chanh, office):
    page = chanh.open(NEW).upload("photo", b"no picture", "a.jpg", form="/moi", press="Lưu nháp")

    assert "Đã lưu nháp" in page.text
    assert NO_PHOTO in page.text
    assert office.session.scalars(select(Submission.photo)).one() == ""


def test_a_draft_that_a_script_keeps_says_that_the_photo_was_none(app, office):
    client = sign_in(app, office.member_account()[0])
    typed = Visitor.of(client).open(NEW).fields(press="Lưu nháp") | {"act": "save"}

    kept = client.post(
        NEW,
        data=typed | HONEY | {"photo": (io.BytesIO(b"no picture"), "a.jpg")},
        headers={"Accept": "application/json"},
    )

    assert (kept.status_code, kept.json["faults"]) == (200, {"photo": NO_PHOTO})


def test_what_came_back_and_is_kept_again_is_not_said_to_be_sent(office, chanh):
    offer(chanh)
    waiting = office.visitor(Role.OFFICE).open(QUEUE).follow("Mật ong rừng Bản Đạt")
    waiting.submit({"why": "photo", "words": ""}, form="/tra-lai", press="Trả lại")

    kept = chanh.open("/thanh-vien").follow("Xem").submit({"name": "Mật ong"}, press="Lưu nháp")

    assert "Đã lưu nháp, chưa gửi HTX." in kept.text
    assert "Đã gửi HTX." not in kept.text


def test_other_words_kept_on_an_old_page_do_not_vanish(office, chanh):
    asked = chanh.open(NEW).submit(HONEY, press="Gửi HTX duyệt", status=422)
    asked.submit(press="Đúng, gửi HTX duyệt")

    again = asked.submit({"price": "50k"}, press="Lưu nháp", status=409)

    assert "Chưa gửi bản này." in again.text
    assert again.fields(press="Bỏ bản trước, gửi bản này")["price"] == "50k"


def test_a_price_is_changed_through_the_office_and_old_stands_beside_new(office, chanh):
    offer(chanh)
    clerk = office.visitor(Role.OFFICE)
    form = clerk.open(QUEUE).follow("Mật ong rừng Bản Đạt").submit(press="Duyệt")
    form.submit(REST, press="Duyệt và bán")
    own = chanh.open(MINE).follow("Mật ong rừng Bản Đạt")
    own.submit({"price": "135.000"}, press="Gửi HTX duyệt")

    waiting = clerk.open(QUEUE).follow("Mật ong rừng Bản Đạt")
    still = Visitor.of(office.app.test_client()).open("/san-pham/mat-ong-rung-ban-dat")
    waiting.submit(press="Duyệt")
    now = Visitor.of(office.app.test_client()).open("/san-pham/mat-ong-rung-ban-dat")

    assert "<del>120.000" in waiting.body
    assert "<ins>135.000" in waiting.body
    assert "120.000 ₫" in still.text
    assert "135.000 ₫" in now.text


def test_each_change_of_the_office_is_told_with_old_and_new(office, chanh):
    offer(chanh)
    form = office.visitor(Role.OFFICE).open(QUEUE).follow("Mật ong rừng Bản Đạt")
    edited = {"name": "Mật ong hoa rừng", "packs-0-price": "125.000"} | REST
    form.follow("Sửa rồi duyệt").submit(edited, press="Duyệt và bán")

    home = chanh.open("/thanh-vien")
    told = home.follow("Xem")
    colleague = office.visitor(Role.DIRECTOR).open(f"{QUEUE}/{the_only_entry(office)}")

    assert "chưa bán bao giờ" not in colleague.text
    assert "<del>hoa</del>" in colleague.body
    assert "HTX đã sửa tên, loại hàng, thành phần" in home.text
    assert "tên: Mật ong rừng Bản Đạt thành Mật ong hoa rừng" in told.text
    assert "giá: 120.000 ₫ thành 125.000 ₫" in told.text
    assert "thành phần: ghi thêm Mật ong 100 %" in told.text
    assert "chất gây dị ứng: ghi thêm không có" in told.text
    assert "cách bảo quản: ghi thêm “Nơi khô, mát”" in told.text


def test_the_office_reads_the_members_own_words_where_they_are_not_plain(office, chanh):
    offer(chanh, price="chín chục nghìn", pack="chai 500 ml")

    page = office.visitor(Role.OFFICE).open(QUEUE).follow("Mật ong rừng Bản Đạt")

    assert "90.000" in page.text
    assert "Bác ấy viết: chín chục nghìn" in page.text
    assert page.text.count("Bác ấy viết") == 1


def test_the_members_own_words_stand_beside_price_and_pack_while_the_office_edits(office, chanh):
    offer(chanh, price="chín chục nghìn", pack="chai nửa lít")
    entry = f"{QUEUE}/{the_only_entry(office)}/sua"

    form = office.visitor(Role.OFFICE).open(entry)
    again = form.submit({"name": ""}, press="Duyệt và bán", status=422)

    for page in (form, again):
        assert "Giá. Bác ấy viết: chín chục nghìn" in page.text
        assert "Đóng gói. Bác ấy viết: chai nửa lít" in page.text


def the_only_entry(office) -> int:
    number = office.session.scalars(select(Submission.id)).one()
    office.session.commit()
    return number


def test_two_clerks_decide_once_and_the_second_is_told(office, chanh):
    offer(chanh)
    first, second = office.visitor(Role.OFFICE), office.visitor(Role.DIRECTOR)
    seen = second.open(QUEUE).follow("Mật ong rừng Bản Đạt")
    sheet = first.open(QUEUE).follow("Mật ong rừng Bản Đạt")
    sheet.submit({"why": "price"}, form="/tra-lai", press="Trả lại")

    late = seen.submit({"why": "photo"}, form="/tra-lai", press="Trả lại", status=409)

    assert "đã xem món này trước" in late.text
    found = office.session.scalars(select(Submission)).one()
    assert found.reason == "Giá chưa hợp, xem lại giúp"


def test_a_clerk_who_helps_is_told_that_somebody_else_approves(app, office):
    account, member = office.account(Role.OFFICE), office.member()
    factories.make_consent(office.session, member, account, today=office.today)
    office.session.commit()
    clerk = Visitor.of(sign_in(app, account))
    clerk.open("/thanh-vien/lam-ho").submit(press="bác Chanh")
    offer(clerk).submit(press="Xong")

    waiting = clerk.open(QUEUE).follow("Mật ong rừng Bản Đạt")
    edited = clerk.open(f"{waiting.path}/sua", status=403)
    asked = clerk.open(waiting.path)

    said = "Bác gửi món này hộ Hoàng Thị Chanh. Nhờ người khác trong văn phòng duyệt."
    for page in (waiting, edited, asked):
        assert page.text.count(said) == 1
        assert all("/duyet" not in form.get("action", "") for form in page.root.iter("form"))
        assert "Sửa rồi duyệt" not in page.text
        assert "Trả lại" in page.text
    other = office.visitor(Role.OFFICE).open(waiting.path)
    assert "Sửa rồi duyệt" in other.text


def test_a_helper_reads_the_news_and_leaves_it_for_the_member(app, office, chanh):
    offer(chanh)
    office.visitor(Role.OFFICE).open(QUEUE).follow("Mật ong rừng").submit(
        {"why": "photo"}, form="/tra-lai", press="Trả lại"
    )
    member = office.session.scalars(select(Member).filter_by(seller_id=office.seller.id)).one()
    helper = sign_in(app, office.helper(member))
    home = Visitor.of(helper).open("/thanh-vien/lam-ho").submit(press="bác Chanh")
    app.config["WTF_CSRF_ENABLED"] = False
    refused = helper.post("/thanh-vien/da-xem", data={"for_member": member.id})

    assert "HTX trả lại: Mật ong rừng Bản Đạt." in home.text
    assert "Đã xem" not in home.text
    assert refused.status_code == 403
    own = chanh.open("/thanh-vien")
    assert "HTX trả lại: Mật ong rừng Bản Đạt." in own.text
    assert "Đã xem" in own.text


def test_drafts_returns_and_what_waits_stand_apart(office, chanh):
    offer(chanh)
    office.visitor(Role.OFFICE).open(QUEUE).follow("Mật ong rừng").submit(
        {"why": "photo"}, form="/tra-lai", press="Trả lại"
    )
    offer(chanh, name="Măng khô")
    draft = {"name": "Hạt dổi", "price": "90k", "pack": "gói 200 g"}
    chanh.open(NEW).submit(draft, form=NEW, press="Lưu nháp")

    mine = chanh.open(MINE)
    new = chanh.open(NEW)

    headings = [" ".join("".join(one.itertext()).split()) for one in mine.root.iter("h2")]
    assert headings[:3] == ["HTX trả lại", "Bản nháp", "Đang chờ"]
    assert "gói 200\xa0g" in mine.body
    assert "Bản nháp, chưa gửi HTX Lưu lúc " in mine.text
    back = mine.follow("Sửa")
    assert "HTX trả lại: Ảnh chưa rõ" in back.text
    assert "Bác còn bản nháp: Hạt dổi. Lưu lúc " in new.text
    assert new.follow("Viết tiếp").fields(press="Lưu nháp")["name"] == "Hạt dổi"


def test_a_form_without_a_draft_offers_none(chanh):
    assert "Viết tiếp" not in chanh.open(NEW).text


def test_of_two_packs_the_member_says_which_and_reads_what_waits(app, office):
    account, member = office.member_account()
    pack = office.level().batch_pack.pack
    pack.product.member_id = member.id
    large = factories.make_pack(
        office.session,
        pack.product,
        label="gói 500 g",
        unit="gói",
        net_quantity=500,
        mass_g=500,
        price_vnd=180_000,
    )
    office.session.commit()
    chanh = Visitor.of(sign_in(app, account))
    address = f"/thanh-vien/ban-hang/sua/{pack.product.id}"

    asked = chanh.open(address)
    form = asked.submit({"loai": str(large.id)}, press="Sửa loại này")
    again = form.submit({"price": "195k"}, press="Gửi HTX duyệt", status=422)
    again.submit(press="Đúng, gửi HTX duyệt")
    later = chanh.open(address)

    assert "Sửa loại nào?" in asked.text
    assert pack.label in asked.text
    assert form.fields(press="Gửi HTX duyệt")["price"] == "180.000"
    assert "Đang chờ duyệt" not in asked.text
    assert "Đang chờ duyệt: 195.000 ₫" in later.text
    opened = later.submit({"loai": str(large.id)}, press="Sửa loại này")
    assert "Đang chờ duyệt: 195.000 ₫" in opened.text
    other = later.submit({"loai": str(pack.id)}, press="Sửa loại này")
    assert "Đang chờ duyệt" not in other.text


def test_a_phone_asks_for_no_plot_where_there_is_no_choice(app, office):
    account, member = office.member_account()
    office.session.add(
        Plot(seller_id=office.seller.id, member_id=member.id, code="T-1", party_id="p-1")
    )
    office.session.commit()
    client = sign_in(app, account)

    assert client.get("/thanh-vien/ai-day").get_json()["choices"]["plot"] == []


def test_one_entry_sent_twice_by_the_phone_is_one_and_says_so(app, office):
    account, _member = office.member_account()
    client = sign_in(app, account)
    who = client.get("/thanh-vien/ai-day").get_json()
    entry = HONEY | {
        "client_id": "6f1e4f0e-97a1-4d0a-8a59-0d1c5f7b8f11",
        "for_member": who["member"],
        "act": "send",
        "price": "120.000",
    }
    headers = {"Accept": "application/json", "X-CSRFToken": who["token"]}

    answers = [client.post(NEW, data=entry, headers=headers) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    assert {answer.get_json()["state"] for answer in answers} == {"sent"}
    assert len(office.session.scalars(select(Submission)).all()) == 1


def test_a_phone_that_signed_out_or_is_shared_may_send_nothing(app, office):
    account, _member = office.member_account()
    client = app.test_client()
    shared = Visitor.of(client)
    page = shared.open("/dang-nhap").submit(
        {
            "phone": account.phone.replace("+84", "0"),
            "password": PASSWORD,
            "machine": "shared",
        },
        form="/dang-nhap",
    )
    home = shared.open(NEW)

    assert app.test_client().get("/thanh-vien/ai-day").status_code == 401
    told = client.get("/thanh-vien/ai-day")
    assert (told.status_code, told.get_json()) == (200, {})
    assert page.path
    assert 'data-part="member-form"' not in home.body
    assert "data-shared" in home.body


def test_a_member_of_another_cooperative_finds_nothing_of_it(app, office, app_session, chanh):
    offer(chanh)
    found = office.session.scalars(select(Submission)).one()
    office.session.commit()
    account, _member = open_office(app, app_session).member_account()
    stranger = Visitor.of(sign_in(app, account))

    stranger.open(f"{MINE}/{found.id}", status=404)
    assert "Mật ong" not in stranger.open(MINE).text


def test_the_history_names_member_and_clerk(office, chanh):
    offer(chanh)
    clerk = office.visitor(Role.OFFICE)
    form = clerk.open(QUEUE).follow("Mật ong rừng Bản Đạt").submit(press="Duyệt")
    form.submit(REST, press="Duyệt và bán")

    told = office.session.scalars(
        select(AuditEntry).where(AuditEntry.action == "submission_approved")
    ).one()
    product = office.session.get_one(
        Product, office.session.scalars(select(Submission.product_id)).one()
    )
    assert told.after["member"] == "Hoàng Thị Chanh"
    assert told.actor_id is not None
    assert product.state is ProductState.PUBLISHED


def test_the_pages_without_a_network_are_the_same_for_everybody(app, chanh):
    stranger = Visitor.of(app.test_client())

    for address in ("", "/ban-hang", "/lo-moi"):
        path = f"/thanh-vien/khi-mat-mang{address}"
        assert stranger.open(path).body == chanh.open(path).body
    worker = app.test_client().get("/thanh-vien/may.js")
    assert worker.headers["Service-Worker-Allowed"] == "/thanh-vien"
    assert "khi-mat-mang/lo-moi" in worker.get_data(as_text=True)


def test_the_same_entry_sent_again_with_another_price_is_not_said_to_be_sent(office, chanh):
    """The page was gone back to: what was typed now stays, and one press puts it in place."""
    form = chanh.open(NEW)
    asked = form.submit(HONEY, press="Gửi HTX duyệt", status=422)
    asked.submit(press="Đúng, gửi HTX duyệt")

    again = asked.submit({"price": "50k"}, press="Đúng, gửi HTX duyệt", status=409)
    again.submit(press="Bỏ bản trước, gửi bản này")

    assert "Chưa gửi bản này." in again.text
    assert again.fields(press="Bỏ bản trước, gửi bản này")["price"] == "50k"
    (one,) = office.session.scalars(select(Submission)).all()
    assert (one.state.value, one.understood["price_vnd"]) == ("sent", 50_000)


def test_every_script_that_a_page_without_a_network_asks_for_is_kept(app):
    folder = Path(app.root_path) / "static/js"
    asked = {
        name
        for script in SCRIPTS
        for name in re.findall(r'from "\./([\w-]+)\.js"', (folder / f"{script}.js").read_text())
    }

    assert asked <= set(SCRIPTS)
