"""The page to print of a new sign-in card, Vietnamese whatever language the office reads."""

from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from shop import formats
from shop.models.catalog import Seller
from shop.models.people import Account
from shop.queries import members
from shop.services import cards
from shop.services.cards import Issued
from shop.services.labels import SAMPLE_BAND


def answer(session: Session, issued: Issued, account: Account, seller: Seller) -> Response:
    """Return the PDF of a card and its PIN: the only place of their secrets."""
    with force_locale("vi"):
        content = _drawn(session, issued, account, seller)
    headers = {"Content-Disposition": 'inline; filename="the-dang-nhap.pdf"'}
    return Response(content, content_type="application/pdf", headers=headers)


def _drawn(session: Session, issued: Issued, account: Account, seller: Seller) -> bytes:
    from shop.services import card_sheet  # draws: a quarter of a second that others never need

    return card_sheet.pdf(
        card_sheet.CardText(
            url=f"{session.info['base_url']}/dang-nhap/the/{issued.token}",
            pin=issued.pin,
            name=_full_name(session, account, seller),
            maker=seller.short_name,
            place=seller.commune,
            phone=formats.phone(seller.phone),
            title=_("Thẻ đăng nhập"),
            lost=_("Mất thẻ thì gọi HTX"),
            band=_band(session, seller),
            pin_title=_("Mã PIN của thẻ"),
            pin_advice=_("Cất riêng, không để cùng thẻ. Không đọc cho ai, kể cả HTX."),
            how_to=_(
                "Cắt theo khung. Đưa thẻ và mảnh PIN tận tay, hoặc đọc PIN cho người ấy rồi hủy "
                "mảnh giấy. Mở máy ảnh điện thoại soi mã trên thẻ, bấm PIN là vào. Thẻ cũ của "
                "người này đã hết dùng được. Trang này không in lại được; hỏng thì làm thẻ mới."
            ),
        )
    )


def _band(session: Session, seller: Seller) -> str:
    """Return what marks a card that is none to give away."""
    marks = [_("TẬP HUẤN")] if seller.is_training else []
    return " · ".join([*marks, SAMPLE_BAND] if cards.is_sample(session) else marks)


def _full_name(session: Session, account: Account, seller: Seller) -> str:
    """Return the name as the cooperative wrote it down, else as the account bears it."""
    known = members.of_account(session, account.id)
    return next((one.full_name for one in known if one.seller_id == seller.id), account.name)
