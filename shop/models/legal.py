"""The pages that a shop on the net must have: their texts, version by version, and who runs it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, choice, link_to
from shop.models.people import Account


class LegalPage(StrEnum):
    """One page, by the end of its address."""

    ABOUT = "ve-chung-toi"
    TERMS = "dieu-khoan"
    PAYMENT = "thanh-toan"
    DELIVERY = "giao-hang"
    RETURNS = "doi-tra"
    COMPLAINTS = "khieu-nai"
    PERSONAL_DATA = "du-lieu-ca-nhan"
    RECALL = "thu-hoi"
    WARNING = "canh-giac"


OF_SELLER = tuple(page for page in LegalPage if page is not LegalPage.WARNING)
"""The pages each seller has; the warning for buyers is one of the whole site."""


class LegalText(Model):
    """One version of one page of a seller, or of the site; never changed, a new one follows."""

    __tablename__ = "legal_text"
    __table_args__ = (
        UniqueConstraint("seller_id", "page", "number"),
        Index(
            "uq_legal_text_of_the_site",
            "page",
            "number",
            unique=True,
            sqlite_where=text("seller_id IS NULL"),
            postgresql_where=text("seller_id IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int | None] = mapped_column(link_to("seller"))
    """Whose page it is; nobody's is that of the site."""
    page: Mapped[LegalPage] = mapped_column(choice(LegalPage, "page"))
    number: Mapped[int]
    vi: Mapped[str]
    en: Mapped[str] = mapped_column(default="")
    is_start: Mapped[bool] = mapped_column(default=False)
    """Whether it is the text that every shop begins with, as nobody has written another yet."""
    written_at: Mapped[datetime]
    written_by_id: Mapped[int | None] = mapped_column(link_to("account"))

    written_by: Mapped[Account | None] = relationship()


class SiteOwner(Model):
    """Who runs this installation and answers for it; there is one row at the most."""

    __tablename__ = "site_owner"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    address: Mapped[str]
    phone: Mapped[str]
    email: Mapped[str] = mapped_column(default="")
    tax_code: Mapped[str | None]
    registration_no: Mapped[str | None]
    registered_on: Mapped[date | None]
    registered_by: Mapped[str] = mapped_column(default="")
    responsible: Mapped[str] = mapped_column(default="")
    is_sample: Mapped[bool] = mapped_column(default=False)
