"""What stands in the foot of every page: the pages of the seller in question, or of the site."""

from flask import g, url_for
from flask_babel import gettext as _

from shop.models.catalog import Seller
from shop.models.legal import LegalPage


def stand_for(seller: Seller) -> None:
    """Let this page be one of `seller`: its stripe while training, its pages in the foot."""
    g.training, g.legal_seller = seller.is_training, seller.slug


def links(slug: str) -> list[tuple[str, str]]:
    """Return address and words; `slug` names the seller whose goods the page is about."""
    return [
        (_address(slug, LegalPage.ABOUT), _("Về chúng tôi")),
        (_address(slug, LegalPage.PAYMENT), _("Giá và trả tiền")),
        (_address(slug, LegalPage.DELIVERY), _("Giao hàng")),
        (_address(slug, LegalPage.RETURNS), _("Đổi trả")),
        (_address(slug, LegalPage.COMPLAINTS), _("Khiếu nại")),
        (_address(slug, LegalPage.PERSONAL_DATA), _("Dữ liệu cá nhân")),
        (_address(slug, LegalPage.TERMS), _("Điều khoản")),
        (_address("", LegalPage.WARNING), _("Cảnh giác lừa đảo")),
    ]


def _address(slug: str, page: LegalPage) -> str:
    if slug:
        return url_for("legal.of_seller", slug=slug, page=page.value)
    return url_for("legal.of_site", page=page.value)
