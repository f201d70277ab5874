"""What the picture says that Zalo and others show with a link: name, maker, lot, and a warning.

The address of a picture holds a digest of all that stands on it: with other words it is another
address, so that nobody keeps an old picture for a batch that has been recalled since.
"""

import hashlib
from dataclasses import astuple, dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from shop import formats
from shop.locales import current_locale
from shop.models.catalog import SellerMode
from shop.pages.place_words import place
from shop.services.addresses import short_name
from shop.services.batch_story import Story

DRAWN_AS = 1
"""Counted up when the drawing changes, so that addresses do."""


@dataclass(frozen=True, slots=True)
class ShareCard:
    """The words of one picture, and the photo beside them (`extension` `svg`: a drawn sample)."""

    title: str
    maker: str
    lines: tuple[tuple[str, str], ...] = ()
    warning: str = ""
    band: str = ""
    """What is written over everything that is not real."""
    photo_key: str = ""
    extension: str = ""

    @property
    def digest(self) -> str:
        """Return what the address of the picture ends in."""
        return hashlib.sha256(repr((DRAWN_AS, astuple(self))).encode()).hexdigest()[:16]


def of_shop() -> ShareCard:
    """Return the card of the shop itself."""
    return ShareCard(
        title="\n".join([str(_("Biết ai làm ra.")), str(_("Biết làm ngày nào."))]),
        maker=str(_("Đặc sản gửi thẳng từ hợp tác xã")),
        photo_key="hero",
        extension="svg",
    )


def of_product(head: Any) -> ShareCard:
    """Return the card of a product; `head` is the row its page begins with."""
    return ShareCard(
        title=head.name,
        maker=head.short_name,
        lines=((str(_("Nơi làm")), f"{place(head.commune)}, {short_name(head.province)}"),),
        band=_band(head),
        photo_key=head.photo_key or "",
        extension=head.photo_extension or "",
    )


def of_seller(seller: Any) -> ShareCard:
    """Return the card of a seller."""
    return ShareCard(
        title=seller.short_name,
        maker=f"{place(seller.commune)}, {short_name(seller.province)}",
        band=_band(seller),
        photo_key="hero",
        extension="svg",
    )


def of_batch(story: Story, warning: str) -> ShareCard:
    """Return the card of a batch; nothing on it says that all is well, for it may be kept."""
    head, lang = story.head, current_locale()
    lines = [(str(_("Mã lô")), head.lot)]
    if head.packed_on is not None:
        lines.append((str(_("Đóng gói")), formats.day(head.packed_on, lang)))
    if head.expires_on is not None:
        lines.append((str(_("Hạn dùng")), formats.day(head.expires_on, lang)))
    return ShareCard(
        title=head.name,
        maker=f"{head.short_name} · {head.label}",
        lines=tuple(lines[: 1 if warning else 3]),
        warning=warning,
        band=_band(head),
        photo_key=head.photo_key or "",
        extension=head.photo_extension or "",
    )


def _band(row: Any) -> str:
    return str(_("TẬP HUẤN")) if row.mode is SellerMode.TRAINING else ""


def shop_address() -> str:
    """Return where the picture of the shop itself is."""
    return url_for("share_cards.of_shop", digest=of_shop().digest)


def product_address(head: Any) -> str:
    """Return where the picture of a product is as it is now."""
    return url_for("share_cards.of_product", slug=head.slug, digest=of_product(head).digest)


def seller_address(seller: Any) -> str:
    """Return where the picture of a seller is as it is now."""
    return url_for("share_cards.of_seller", slug=seller.slug, digest=of_seller(seller).digest)


def batch_address(story: Story, warning: str) -> str:
    """Return where the picture of a batch is as it is now."""
    head, card = story.head, of_batch(story, warning)
    return url_for("share_cards.of_batch", gtin=head.gtin, lot=head.lot, digest=card.digest)
