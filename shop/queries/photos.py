"""Which photo stands for a product or one of its packs, and which wait for further formats."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from shop.models.catalog import Pack, Photo, Product
from shop.models.reviews import ReviewPhoto

DRAWN = "svg"


def shown(*, is_of_pack: bool = False) -> Any:
    """Return the statement for the id of the photo that stands for `Product`, or for `Pack`.

    A photo of this pack or of the product as such goes before a drawn sample of either, and what
    shows another pack comes last: `pages.pictures.best` says the same of rows that were read.
    """
    fits: ColumnElement[bool] = Photo.pack_id.is_(None)
    if is_of_pack:
        fits = or_(fits, Photo.pack_id == Pack.id)
    return func.coalesce(_first(fits), _first(true()))


def _first(condition: ColumnElement[bool]) -> Any:
    """Return the statement for the id of the first photo of `Product` of which this is true."""
    return (
        select(Photo.id)
        .where(Photo.product_id == Product.id, condition)
        .order_by(Photo.is_sample, Photo.pack_id.is_(None), Photo.position, Photo.id)
        .limit(1)
        .correlate(Product, Pack)
        .scalar_subquery()
    )


COLUMNS = (
    Photo.key.label("photo_key"),
    Photo.extension.label("photo_extension"),
    Photo.formats.label("photo_formats"),
    Photo.width.label("photo_width"),
    Photo.height.label("photo_height"),
)
"""What `pages.pictures.of_row` wants of a photo."""


def without_formats(
    session: Session, writable: str, *, limit: int
) -> Sequence[tuple[type[Photo] | type[ReviewPhoto], str, str]]:
    """Return photos for which not all that is `writable` was tried: kind, key, ending; newest
    first."""
    found: list[tuple[type[Photo] | type[ReviewPhoto], str, str]] = []
    for kind in (Photo, ReviewPhoto):
        rows = session.execute(
            select(kind.key, kind.extension)
            .where(kind.formats_tried != writable, kind.extension != DRAWN)
            .order_by(kind.id.desc())
            .limit(limit)
        )
        found += [(kind, key, extension) for key, extension in rows]
    return found
