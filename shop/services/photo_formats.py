"""In which formats a photo is kept: one at once, the others by a job after the commit.

AVIF costs about a second of a slow processor for each photo, so nobody waits for it. What this
machine cannot write is left out; a page shows what is there.
"""

import io
import secrets
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import structlog

from shop.models.catalog import PHOTO_LARGE, PHOTO_MIDDLE, PHOTO_SMALL, PHOTO_WIDTHS

if TYPE_CHECKING:
    from PIL.Image import Image as Picture

FORMATS = ("avif", "webp", "jpg")
"""Endings of the files, the smallest files first; the last one every browser can show."""

_WRITERS: Mapping[str, tuple[str, dict[str, Any]]] = {
    "avif": ("AVIF", {"speed": 6, "max_threads": 1}),
    "webp": ("WEBP", {"method": 4}),
    "jpg": ("JPEG", {"optimize": True, "progressive": True}),
}
_QUALITIES: Mapping[str, tuple[int, ...]] = {
    "avif": (60, 50, 40, 30, 20),
    "webp": (78, 65, 50, 35, 20),
    "jpg": (80, 70, 55, 40, 25),
}
_MOST_BYTES: Mapping[int, int] = {
    160: 4_000,
    PHOTO_SMALL: 9_000,
    PHOTO_MIDDLE: 40_000,
    PHOTO_LARGE: 160_000,
}
"""So much an AVIF of this width may weigh: a dozen small ones keep a list under 150 KB."""
_HEAVIER: Mapping[str, float] = {"avif": 1.0, "webp": 1.5, "jpg": 2.0}

log = structlog.get_logger()


@cache
def writable() -> tuple[str, ...]:
    """Return the endings of the formats that this machine can write, in the order of `FORMATS`."""
    from PIL import features

    return tuple(ending for ending in FORMATS if features.check(ending))


def first() -> str:
    """Return the ending of the format a photo is kept in at once."""
    return "webp" if "webp" in writable() else "jpg"


def write_sizes(
    picture: "Picture", key: str, *, folder: Path, extension: str = ""
) -> tuple[int, int]:
    """Write the copies of `picture` in one format; return width and height of the largest.

    The largest comes last: where it is, all are.
    """
    extension = extension or first()
    folder.mkdir(parents=True, exist_ok=True)
    size = picture.size
    for edge in PHOTO_WIDTHS:
        copy = _copy(picture, edge)
        write(folder / f"{key}-{edge}.{extension}", _encoded(copy, extension, edge))
        size = copy.size
    return size


def write_further(key: str, extension: str, *, folder: Path) -> str:
    """Write the other formats of a photo that is kept, and return their endings with commas.

    A width that was not kept when the photo came is written too. What cannot be read or written
    is left out: the photo stays as it is.
    """
    from PIL import Image

    try:
        with Image.open(folder / f"{key}-{PHOTO_LARGE}.{extension}") as kept:
            picture = kept.convert("RGB")
    except (OSError, ValueError, SyntaxError):
        log.warning("photo_unreadable", key=key, exc_info=True)
        return ""
    for edge in PHOTO_WIDTHS:
        path = folder / f"{key}-{edge}.{extension}"
        if not path.is_file():
            write(path, _encoded(_copy(picture, edge), extension, edge))
    written = [ending for ending in writable() if ending != extension]
    for ending in list(written):
        try:
            write_sizes(picture, key, folder=folder, extension=ending)
        except (OSError, ValueError, RuntimeError):
            log.warning("photo_not_encoded", key=key, ending=ending, exc_info=True)
            written.remove(ending)
    return ",".join(written)


def write(path: Path, content: bytes) -> None:
    """Let the file be there whole or not at all: the same photo may come twice at once."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _copy(picture: "Picture", edge: int) -> "Picture":
    from PIL import Image

    copy = picture.copy()
    copy.thumbnail((edge, edge), Image.Resampling.LANCZOS)
    return copy


def _encoded(picture: "Picture", extension: str, edge: int) -> bytes:
    name, options = _WRITERS[extension]
    most = _MOST_BYTES[edge] * _HEAVIER[extension]
    for quality in _QUALITIES[extension]:
        output = io.BytesIO()
        picture.save(output, name, quality=quality, **options)
        if output.tell() <= most:
            break
    return output.getvalue()
