"""Reviews: what buyers say of goods they got, shown once the office has read it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from shop.models.base import Model, choice, link_to
from shop.models.catalog import Product
from shop.models.orders import OrderLine


class ReviewState(StrEnum):
    """Whether people see a review."""

    WAITING = "waiting"
    SHOWN = "shown"
    REFUSED = "refused"


class Salutation(StrEnum):
    """How somebody wants to be called above what they wrote."""

    CHI = "chi"
    ANH = "anh"
    NONE = "none"


class Review(Model):
    """What the buyer of one order line says of it; nobody is named, only an initial stands."""

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="one_to_five_stars"),
        CheckConstraint("(state = 'waiting') = (decided_at IS NULL)", name="decided_when_decided"),
        Index(None, "product_id", "state", "submitted_at"),
        Index(None, "seller_id", "state", "submitted_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(link_to("seller"))
    product_id: Mapped[int] = mapped_column(link_to("product"))
    order_line_id: Mapped[int] = mapped_column(link_to("order_line"), unique=True)
    stars: Mapped[int]
    text: Mapped[str] = mapped_column(default="")
    salutation: Mapped[Salutation] = mapped_column(choice(Salutation, "salutation"))
    initial: Mapped[str]
    """The first letter of the given name with a full stop, and nothing else of the name."""
    state: Mapped[ReviewState] = mapped_column(choice(ReviewState, "state"))
    submitted_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]
    decided_by_id: Mapped[int | None] = mapped_column(link_to("account"))
    refused_because: Mapped[str] = mapped_column(default="")
    reply: Mapped[str] = mapped_column(default="")
    replied_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    product: Mapped[Product] = relationship()
    line: Mapped[OrderLine] = relationship()
    photos: Mapped[list["ReviewPhoto"]] = relationship(
        back_populates="review", cascade="all, delete-orphan", order_by="ReviewPhoto.id"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class ReviewPhoto(Model):
    """A photo that came with a review; its files stand under `key`, which nobody can guess."""

    __tablename__ = "review_photo"

    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(link_to("review"), index=True)
    key: Mapped[str] = mapped_column(unique=True)
    extension: Mapped[str] = mapped_column(default="webp")
    formats: Mapped[str] = mapped_column(default="")
    formats_tried: Mapped[str] = mapped_column(default="")
    token: Mapped[str]
    """Under which it was put aside while the form was filled in: the same again is no second."""

    review: Mapped[Review] = relationship(back_populates="photos")


class ProductRating(Model):
    """How many shown reviews gave a product how many stars: their counts, kept for speed."""

    __tablename__ = "product_rating"
    __table_args__ = (
        CheckConstraint(
            "stars_1 >= 0 AND stars_2 >= 0 AND stars_3 >= 0 AND stars_4 >= 0 AND stars_5 >= 0",
            name="counts_are_counts",
        ),
    )

    product_id: Mapped[int] = mapped_column(link_to("product"), primary_key=True)
    stars_1: Mapped[int] = mapped_column(default=0)
    stars_2: Mapped[int] = mapped_column(default=0)
    stars_3: Mapped[int] = mapped_column(default=0)
    stars_4: Mapped[int] = mapped_column(default=0)
    stars_5: Mapped[int] = mapped_column(default=0)
