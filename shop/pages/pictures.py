"""Pictures of goods as `templates/_macros/picture.html` wants them: photos, or drawn samples."""

from collections.abc import Callable, Iterable
from typing import Any

from flask import url_for

from shop import resources
from shop.models.catalog import PHOTO_LARGE, PHOTO_MIDDLE, PHOTO_SMALL, PHOTO_WIDTHS, Photo

NO_PHOTO = "pictures/chua-co-anh.svg"
DRAWN = "svg"
TYPES = {"avif": "image/avif", "webp": "image/webp", "jpg": "image/jpeg"}
"""Kinds of files by their ending, the smallest files first."""


def picture_address(key: str | None, extension: str | None, width: int = PHOTO_SMALL) -> str:
    """Return where a picture of a product is; drawn samples come with the static files."""
    if key is None:
        return resources.static_address(NO_PHOTO)
    if extension == DRAWN:
        return resources.static_address(f"pictures/{key}.svg")
    return url_for("catalog.photo", key=key, width=width, extension=extension)


def best(photos: Iterable[Photo], pack_id: int | None = None) -> Photo | None:
    """Return the photo that stands for a pack, or for the product as such.

    A photo of this pack or of the product goes before a drawn sample of either, and what shows
    another pack comes last: `queries.photos.shown` says the same to the database.
    """

    def rank(photo: Photo) -> tuple[bool, bool, bool, int, int]:
        is_of_another = photo.pack_id not in {None, pack_id}
        is_general = photo.pack_id is None
        return is_of_another, photo.is_sample, is_general, photo.position, photo.id

    return min(photos, key=rank, default=None)


def of_photo(photo: Any | None) -> dict[str, Any]:
    """Return the addresses of a photo in all sizes and formats; a sign where there is none."""
    if photo is None:
        return _addresses(None, None, "", 1, 1)
    return _addresses(photo.key, photo.extension, photo.formats, photo.width, photo.height)


def of_row(row: Any) -> dict[str, Any]:
    """Return the same of a row with `queries.photos.COLUMNS`."""
    return _addresses(
        row.photo_key, row.photo_extension, row.photo_formats, row.photo_width, row.photo_height
    )


def of_review(key: str, extension: str, formats: str) -> dict[str, Any]:
    """Return the same of a photo that came with a review, whose shape is not known."""

    def address(width: int, ending: str) -> str:
        return url_for("reviews.photo", key=key, width=width, extension=ending)

    return _sets(address, extension, formats, PHOTO_LARGE, PHOTO_LARGE)


def _addresses(
    key: str | None, extension: str | None, formats: str | None, width: int, height: int
) -> dict[str, Any]:
    if key is None or extension == DRAWN or extension is None:
        return {"src": picture_address(key, extension), "srcset": "", "sources": []}

    def address(wanted: int, ending: str) -> str:
        return picture_address(key, ending, wanted)

    return _sets(address, extension, formats or "", width, height)


def _sets(
    address: Callable[[int, str], str], extension: str, formats: str, width: int, height: int
) -> dict[str, Any]:
    """Return the source for everybody and the smaller ones for those who read them.

    All pictures are shown square: what fills the square is the shorter edge of a copy.
    """
    there = {extension, *formats.split(",")} - {""}
    longer, shorter = max(width, height, 1), max(min(width, height), 1)
    widths = [edge for edge in PHOTO_WIDTHS if formats or edge >= PHOTO_SMALL]

    def srcset(ending: str) -> str:
        filled = {min(edge, longer) * shorter // longer: edge for edge in reversed(widths)}
        return ", ".join(
            f"{address(edge, ending)} {across}w" for across, edge in reversed(filled.items())
        )

    plain = "jpg" if "jpg" in there else extension
    return {
        "src": address(PHOTO_MIDDLE, plain),
        "srcset": srcset(plain),
        "sources": [(kind, srcset(e)) for e, kind in TYPES.items() if e in there and e != plain],
    }
