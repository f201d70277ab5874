"""How a page speaks of the seller: a cooperative by its usual short word, others in general."""

from dataclasses import dataclass

from flask_babel import gettext as _

from shop.locales import current_locale
from shop.models.catalog import Seller, SellerKind

__all__ = ["SellerWords", "seller_words", "short_word"]


@dataclass(frozen=True, slots=True)
class SellerWords:
    """The sentences of public pages that name the seller."""

    call: str
    tell: str
    keep: str
    checking: str


def seller_words(kind: SellerKind) -> SellerWords:
    """Return the sentences for a seller of this kind."""
    if kind is SellerKind.COOPERATIVE:
        return SellerWords(
            call=_("Gọi HTX"),
            tell=_("Báo cho HTX"),
            keep=_("Giữ nguyên gói và gọi HTX."),
            checking=_("HTX đang kiểm tra lô này, tạm ngừng bán."),
        )
    return SellerWords(
        call=_("Gọi nơi bán"),
        tell=_("Báo cho nơi bán"),
        keep=_("Giữ nguyên gói và gọi nơi bán."),
        checking=_("Nơi bán đang kiểm tra lô này, tạm ngừng bán."),
    )


def short_word(seller: Seller) -> str:
    """Return the name of a seller inside a sentence: `HTX`, or the short name where it is none."""
    is_cooperative = seller.kind is SellerKind.COOPERATIVE
    return "HTX" if is_cooperative and current_locale() == "vi" else seller.short_name
