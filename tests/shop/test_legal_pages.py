"""The pages a shop must have: who sells, fees, returns, data; kept by version, told from facts."""

import re

import pytest
from sqlalchemy import select

from shop.models.legal import OF_SELLER, LegalPage
from shop.models.orders import DeliveryMethod, Order
from shop.models.people import Role
from shop.pages.markup import html_of
from shop.services import legal_texts
from shop.services.legal_starts import pages, starting_text
from tests.factories import make_account
from tests.support.office import sign_in
from tests.support.pages import Visitor

OFFICE = "/quan-ly/trang"
DEMO = ("htx-che-la-bang", "htx-non-khe", "htx-quang-tho-ii")


class TestInTheDemo:
    """The demo's cooperatives and the site have all their pages, complete."""

    def test_every_page_is_complete_in_both_languages_and_says_it_is_a_sample(self, visitor):
        addresses = [f"/htx/{slug}/{page.value}" for slug in DEMO for page in OF_SELLER]
        addresses += [f"/{page.value}" for page in LegalPage]

        for address in addresses:
            for lang in ("", "/en"):
                page = visitor.open(lang + address)
                assert "None" not in page.text, address
                assert "chưa điền" not in page.text, address
                assert re.findall(r"\{[a-z-]+\}", page.text) == [], address
                sample = "Sample text" if lang else "Văn bản mẫu, không có thật."
                assert sample in page.text, address

    def test_who_sells_is_told_from_the_books(self, visitor):
        page = visitor.open("/htx/htx-non-khe/ve-chung-toi")

        assert page.heading == "Về chúng tôi"
        assert "Mã số thuế: 0000000002" in page.text
        assert "Số giấy đăng ký: MAU-NKG-02" in page.text
        assert "Ngày đăng ký:" in page.text
        assert "Phạm Văn Mẫu" in page.text
        assert "HTX NON KHE" in page.text

    def test_fees_and_hold_times_are_those_of_the_checkout(self, visitor):
        page = visitor.open("/htx/htx-non-khe/thanh-toan")

        assert "Giao lạnh: 40.000 ₫" in page.text
        assert "giữ hàng 24 giờ" in page.text
        assert "đơn đến 3.000.000 ₫" in page.text

    def test_the_warning_names_the_real_address_and_the_real_accounts(self, visitor, app):
        page = visitor.open("/canh-giac")

        assert app.extensions["dacsan_settings"].base_url in page.text
        assert "HTX CHE LA BANG" in page.text
        assert "Không ai của hợp tác xã hay của trang này gọi điện xin mã OTP" in page.text

    def test_the_foot_leads_to_the_pages_of_the_seller_and_of_the_site(self, visitor):
        home = visitor.open("/").links()
        seller = visitor.open("/htx/htx-non-khe").links()

        assert home["Đổi trả"] == "/doi-tra"
        assert seller["Đổi trả"] == "/htx/htx-non-khe/doi-tra"
        assert seller["Cảnh giác lừa đảo"] == home["Cảnh giác lừa đảo"] == "/canh-giac"

    def test_an_unknown_page_seller_or_version_is_not_there(self, client):
        for address in (
            "/htx/khong-co/doi-tra",
            "/htx/htx-non-khe/canh-giac",
            "/htx/htx-non-khe/doi-tra/ban/99",
            "/doi-tra/ban/0",
            "/don-hang/khong-co/dieu-khoan",
        ):
            assert client.get(address).status_code == 404, address


def test_every_start_is_written_in_both_languages_and_asks_for_known_facts():
    for of_seller in (True, False):
        for page in pages(of_seller=of_seller):
            for lang in ("vi", "en"):
                text = starting_text(page, of_seller=of_seller, lang=lang)
                assert set(legal_texts.facts_in(text)) <= legal_texts.KNOWN, (page, lang)
                assert text.count("## ") or len(text) < 400, (page, lang)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("# Đầu\n\nchữ", "<h2>Đầu</h2>\n<p>chữ</p>\n"),
        ("### Nhỏ", "<h3>Nhỏ</h3>\n"),
        ("- một\n- **hai**", "<ul>\n<li>một</li>\n<li><strong>hai</strong></li>\n</ul>\n"),
        ("một\nhai", "<p>một<br>\nhai</p>\n"),
        ("<script>x</script>", "<p>&lt;script&gt;x&lt;/script&gt;</p>\n"),
        ("[x](javascript:alert(1))", "<p>[x](javascript:alert(1))</p>\n"),
        ("[x](//xau.example)", "<p>x</p>\n"),
        ("[x](doi-tra)", '<p><a href="/doi-tra">x</a></p>\n'),
        ("![x](https://xau.example/a.png)", '<p>!<a href="https://xau.example/a.png">x</a></p>\n'),
        ("{ten} nhé", "<p>HTX &lt;b&gt; &amp; con nhé</p>\n"),
        ("{cach-giao}", "<ul>\n<li>a</li>\n<li>&lt;b&gt;</li>\n</ul>\n"),
        ("[chưa điền: giờ <gọi>]", "<p><mark>chưa điền: giờ &lt;gọi&gt;</mark></p>\n"),
        ("{la-la}", "<p>{la-la}</p>\n"),
    ],
)
def test_markup_is_headings_lists_bold_and_own_links_and_nothing_else(typed, shown):
    facts = {"ten": "HTX <b> & con", "cach-giao": ["a", "<b>"]}

    assert html_of(typed, facts, {"doi-tra": "/doi-tra"}) == shown


class TestInTheOffice:
    """A new seller is led to complete what it must say; each version is kept."""

    @pytest.fixture
    def demo_database_url(self, database_url):
        """Nobody else sells here."""
        return database_url

    def test_a_new_seller_is_told_what_is_blank_until_it_is_not(self, office):
        director = office.visitor()
        inbox = director.open("/quan-ly")
        assert "Trang cho người mua còn" in inbox.text
        assert "giờ nghe điện thoại" in inbox.text
        assert "mã số thuế" in inbox.text.lower()

        page = director.open(f"{OFFICE}/cua-hang/ve-chung-toi")
        typed = page.fields(press="Lưu")["vi"]
        assert "[chưa điền: giờ nghe điện thoại]" in typed
        page.submit({"vi": "Gọi {dien-thoai} buổi sáng."}, press="Lưu")

        assert "giờ nghe điện thoại" not in director.open("/quan-ly").text

    def test_a_missing_fact_is_said_to_be_missing_and_never_none(self, visitor, office):
        page = visitor.open(f"/htx/{office.seller.slug}/ve-chung-toi")

        assert "Mã số thuế: chưa điền" in page.text
        assert "None" not in page.text

    def test_a_page_is_previewed_before_it_is_saved(self, office, visitor):
        page = office.visitor().open(f"{OFFICE}/cua-hang/doi-tra")

        page = page.submit({"vi": "## Mới\n\nTrong 3 ngày, gọi {dien-thoai}."}, press="Xem trước")

        assert "Sẽ hiện như sau" in page.text
        assert "Trong 3 ngày, gọi 0540 001 001." in page.text
        assert "3 ngày" not in visitor.open(f"/htx/{office.seller.slug}/doi-tra").text

    def test_every_version_stays_and_can_be_taken_up_again(self, office, visitor):
        director, slug = office.visitor(), office.seller.slug
        edit = f"{OFFICE}/cua-hang/doi-tra"
        director.open(edit).submit({"vi": "Bản hai."}, press="Lưu")
        director.open(edit).submit({"vi": "Bản ba."}, press="Lưu")

        assert "Bản ba." in visitor.open(f"/htx/{slug}/doi-tra").text
        earlier = visitor.open(f"/htx/{slug}/doi-tra/ban/2")
        assert "Bản hai." in earlier.text
        assert 'content="noindex"' in earlier.body
        page = director.open(f"{edit}?ban=2").submit(press="Lưu")
        assert "Đã lưu bản 4." in page.text
        assert "Bản hai." in visitor.open(f"/htx/{slug}/doi-tra").text
        history = office.visitor().open("/quan-ly/lich-su").text
        assert "Viết lại trang phải có" in history

    def test_two_who_write_at_once_lose_nothing(self, office):
        edit = f"{OFFICE}/cua-hang/khieu-nai"
        one, other = office.visitor().open(edit), office.visitor().open(edit)
        one.submit({"vi": "Của người thứ nhất."}, press="Lưu")

        page = other.submit({"vi": "Của người thứ hai."}, press="Lưu", status=409)

        assert "Có người vừa lưu bản 2." in page.text
        assert page.fields(press="Lưu")["vi"].strip() == "Của người thứ hai."

    @pytest.mark.parametrize(
        ("vi", "sentence"),
        [
            ("", "Trang này phải có chữ."),
            ("Gọi {so-may}.", "Không có chữ tự điền tên {so-may}."),
        ],
    )
    def test_what_cannot_be_a_page_is_refused_beside_its_field(self, office, vi, sentence):
        page = office.visitor().open(f"{OFFICE}/cua-hang/khieu-nai")

        page = page.submit({"vi": vi}, press="Lưu", status=422)

        assert sentence in page.text

    def test_a_page_without_english_says_so_in_english(self, office, visitor):
        edit = office.visitor().open(f"{OFFICE}/cua-hang/giao-hang")
        edit.submit({"vi": "Giao ngày chợ.", "en": ""}, press="Lưu")

        page = visitor.open(f"/en/htx/{office.seller.slug}/giao-hang")

        assert "This page is in Vietnamese only." in page.text
        assert '<article class="xep bai" lang="vi">' in page.body

    def test_who_runs_the_site_is_written_by_an_administrator_alone(self, office, visitor):
        assert office.client().get(f"{OFFICE}/nguoi-dieu-hanh").status_code == 403
        assert office.client().get(f"{OFFICE}/chung/doi-tra").status_code == 403

        admin = make_account(office.session, role=Role.ADMIN)
        office.session.commit()
        browser = Visitor.of(sign_in(office.app, admin))
        assert "Chưa ghi ai điều hành trang" in browser.open("/quan-ly").text
        browser.open(f"{OFFICE}/nguoi-dieu-hanh").submit(
            {"name": "Hội Chè", "address": "Thái Nguyên", "phone": "0912 345 678"}, press="Lưu"
        )

        assert "Hội Chè điều hành trang" in visitor.open("/ve-chung-toi").text
        assert "Chưa ghi ai điều hành trang" not in browser.open("/quan-ly").text

    def test_an_order_keeps_the_terms_it_was_placed_under(self, office, visitor):
        order = office.order()
        director = office.visitor()
        director.open(f"{OFFICE}/cua-hang/doi-tra").submit({"vi": "Điều mới."}, press="Lưu")
        fee = office.session.scalars(select(DeliveryMethod)).first()
        fee.fee_vnd = 99_000
        office.session.commit()

        page = visitor.open(f"/don-hang/{order.token}").follow("Điều khoản lúc đặt đơn này")

        assert "Điều mới." not in page.text
        assert "Khi nào được đổi, trả" in page.text
        assert "99.000" not in page.text
        assert office.session.scalar(select(Order.snapshot))["terms"]["pages"]["doi-tra"] == 1
        office.session.commit()
