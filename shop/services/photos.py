"""Photos: read from the bytes, turned upright, made small, everything else about them dropped."""

import hashlib
import io
import re
import secrets
from collections.abc import Container
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.models.catalog import PHOTO_LARGE, PHOTO_WIDTHS, Pack, Photo, Product
from shop.models.reviews import ReviewPhoto
from shop.services import photo_formats
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

if TYPE_CHECKING:  # loaded when the first photo comes: the web process is smaller without it
    from PIL.Image import Image as Picture

MOST_PIXELS = 64_000_000
MOST_PIXELS_IN_STEPS = 24_000_000
"""Of a progressive JPEG, whose coefficients are all kept until the last of them is read."""
MOST_PIXELS_WHOLE = 9_000_000
"""Of a PNG or WebP, which is decoded at its full size: more than any screen shows."""

MOST_BYTES = 30 * 1024 * 1024

STAGED_KEPT = timedelta(days=2)
"""How long a photo waits for the form it was chosen in."""

_TOKEN = re.compile("[0-9a-f]{32}")

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_BEGINNING = re.compile(rb"\xff\xd8\xff|\x89PNG\r\n|RIFF....WEBP", re.DOTALL)
"""What a photo begins with even where the rest of it is lost."""
_READABLE = ("JPEG", "PNG", "WEBP")

KEPT_IN = ("webp", "jpg")
"""Endings of the format a photo is kept in at once."""


def add(
    session: Session,
    product: Product,
    content: bytes,
    *,
    folder: Path,
    actor: Actor,
    now: datetime,
) -> Photo:
    """Keep a photo of `product` in all sizes under `folder` and return its row.

    The same photo again is the one that is there. Raises `FieldRefused` for `photo`:
    `image_heic`, `image_unreadable`, `image_damaged` for one that breaks off, `image_too_large`
    and `image_too_many_pixels` (with `megapixels`).
    """
    require(actor, Action.EDIT_PRODUCT, product.seller_id)
    token = stage(content, folder=folder)
    return add_staged(session, product, token, folder=folder, actor=actor, now=now)


def stage(content: bytes, *, folder: Path) -> str:
    """Put a photo aside in all sizes and return the token it waits under for its form.

    Raises `FieldRefused` as `add` does.
    """
    picture = open_picture(content)
    token = hashlib.sha256(content).hexdigest()[:32]
    photo_formats.write_sizes(picture, token, folder=_waiting(folder))
    return token


def staged(token: str, width: int, *, folder: Path) -> Path | None:
    """Return the file of a photo that was put aside, if it still waits."""
    if not _TOKEN.fullmatch(token):
        return None
    return file(token, width, folder=_waiting(folder))


def file(key: str, width: int, *, folder: Path) -> Path | None:
    """Return the file of a photo in the format it came to be kept in, if it is there."""
    paths = (folder / f"{key}-{width}.{ending}" for ending in KEPT_IN)
    return next((path for path in paths if path.is_file()), None)


def forget_staged(folder: Path, *, now: datetime, kept: frozenset[str] = frozenset()) -> int:
    """Delete what has waited for its form for more than two days; return how many photos.

    Those whose token is in `kept` wait on: for the office to look at what a member sent.
    """
    long_ago = (now - STAGED_KEPT).timestamp()
    waiting = _waiting(folder)
    old = [
        path
        for path in waiting.glob("*")
        if path.stat().st_mtime < long_ago and path.name.partition("-")[0] not in kept
    ]
    for path in old:
        path.unlink(missing_ok=True)
    return len({path.name.partition("-")[0] for path in old})


def _waiting(folder: Path) -> Path:
    return folder.with_name(f"{folder.name}_waiting")


def add_staged(
    session: Session,
    product: Product,
    token: str,
    *,
    folder: Path,
    actor: Actor,
    now: datetime,
) -> Photo:
    """Make a photo that was put aside one of `product` and return its row.

    One product has the same photo once. Raises `FieldRefused` `image_gone` for `photo` when it
    waited too long. The files are written before the row: a file without a row harms nobody.
    """
    require(actor, Action.EDIT_PRODUCT, product.seller_id)
    key = hashlib.sha256(f"{product.id}:{token}".encode()).hexdigest()[:16]
    known = next((photo for photo in product.photos if photo.key == key), None)
    if known is not None:
        return known
    extension, width, height = _copy_sizes(token, key, folder=folder)
    photo = Photo(
        product_id=product.id,
        key=key,
        extension=extension,
        width=width,
        height=height,
        alt=product.name,
        position=1 + max((one.position for one in product.photos), default=0),
        created_at=now,
    )
    product.photos.append(photo)
    session.flush()
    audit(session, actor, "photo_added", product, now=now, after={"photo": key})
    return photo


def forget_orphans(folder: Path, prefix: str, *, kept: Container[str], now: datetime) -> int:
    """Delete files of photos whose names begin with `prefix` and are not among those `kept`.

    Files of the last hours stay: what they belong to may be written at this moment. Returns how
    many photos went.
    """
    long_ago = (now - timedelta(hours=3)).timestamp()
    gone = set()
    for path in folder.glob(f"{prefix}*"):
        key = path.name.rpartition("-")[0]
        if key not in kept and path.stat().st_mtime < long_ago:
            path.unlink(missing_ok=True)
            gone.add(key)
    return len(gone)


def keep_staged(token: str, *, folder: Path, prefix: str = "") -> tuple[str, str]:
    """Keep a photo that was put aside under a name of its own; return that name and the ending.

    The name begins with `prefix`.

    Raises `FieldRefused` `image_gone` for `photo` when it waited too long.
    """
    key = prefix + secrets.token_hex(16)
    extension, _width, _height = _copy_sizes(token, key, folder=folder)
    return key, extension


def open_picture(content: bytes) -> "Picture":
    """Return the upright picture in `content`, no larger than it is kept.

    A large JPEG is decoded at a fraction of its size, so that a phone's 48 megapixels do not
    fill the memory.
    """
    from PIL import Image, ImageOps, UnidentifiedImageError

    if len(content) > MOST_BYTES:
        raise FieldRefused("photo", "image_too_large")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise FieldRefused("photo", "image_heic")
    try:
        picture: Picture = Image.open(io.BytesIO(content), formats=_READABLE)
        _refuse_too_many_pixels(picture)
        picture.draft("RGB", (PHOTO_LARGE * 2, PHOTO_LARGE * 2))
        picture.thumbnail((PHOTO_LARGE, PHOTO_LARGE), Image.Resampling.LANCZOS)
        picture = ImageOps.exif_transpose(picture)
        upright = Image.new("RGB", picture.size, "white")
        paste_mask = picture.convert("RGBA").getchannel("A") if _has_alpha(picture) else None
        upright.paste(picture.convert("RGB"), mask=paste_mask)
    except Image.DecompressionBombError as error:
        raise _too_many_pixels(MOST_PIXELS) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        known = _BEGINNING.match(content)
        raise FieldRefused("photo", "image_damaged" if known else "image_unreadable") from error
    return upright


def _refuse_too_many_pixels(picture: "Picture") -> None:
    """Refuse by the head of the file, before a small file becomes half a gigabyte of memory."""
    most = MOST_PIXELS
    if picture.format != "JPEG":
        most = MOST_PIXELS_WHOLE
    elif "progressive" in picture.info:
        most = MOST_PIXELS_IN_STEPS
    if picture.width * picture.height > most:
        raise _too_many_pixels(most)


def _too_many_pixels(most: int) -> FieldRefused:
    return FieldRefused("photo", "image_too_many_pixels", megapixels=most // 1_000_000)


def _copy_sizes(token: str, key: str, *, folder: Path) -> tuple[str, int, int]:
    """Return the ending of the files, and width and height of the largest."""
    from PIL import Image

    folder.mkdir(parents=True, exist_ok=True)
    largest = staged(token, PHOTO_LARGE, folder=folder)
    if largest is None:
        raise FieldRefused("photo", "image_gone")
    for edge in PHOTO_WIDTHS:
        waiting = staged(token, edge, folder=folder)
        if waiting is not None:  # the job adds a width that was not kept when the photo came
            copy = folder / f"{key}-{edge}{waiting.suffix}"
            photo_formats.write(copy, waiting.read_bytes())
    with Image.open(largest) as picture:
        return largest.suffix[1:], *picture.size


def _has_alpha(picture: "Picture") -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def turn(session: Session, photo: Photo, *, folder: Path, actor: Actor, now: datetime) -> None:
    """Turn a photo a quarter to the right under new names: phones keep what had the old ones."""
    require(actor, Action.EDIT_PRODUCT, photo.product.seller_id)
    largest = folder / f"{photo.key}-{PHOTO_LARGE}.{photo.extension}"
    from PIL import Image

    with Image.open(largest) as kept:
        turned = kept.convert("RGB").transpose(Image.Transpose.ROTATE_270)
    before = {"photo": photo.key}
    photo.key = secrets.token_hex(8)
    photo.extension, photo.formats, photo.formats_tried = photo_formats.first(), "", ""
    photo.width, photo.height = photo_formats.write_sizes(turned, photo.key, folder=folder)
    session.flush()
    after = {"photo": photo.key}
    audit(session, actor, "photo_turned", photo.product, now=now, before=before, after=after)


def remove(session: Session, photo: Photo, *, actor: Actor, now: datetime) -> None:
    """Take a photo off its product; the files stay for old links."""
    product = photo.product
    require(actor, Action.EDIT_PRODUCT, product.seller_id)
    product.photos.remove(photo)
    session.delete(photo)
    session.flush()
    audit(session, actor, "photo_removed", product, now=now, before={"photo": photo.key})


def make_first(session: Session, photo: Photo, *, actor: Actor, now: datetime) -> None:
    """Show this photo first."""
    require(actor, Action.EDIT_PRODUCT, photo.product.seller_id)
    photo.position = min(one.position for one in photo.product.photos) - 1
    session.flush()
    audit(session, actor, "photo_first", photo.product, now=now, after={"photo": photo.key})


def give_to_pack(
    session: Session, photo: Photo, pack: Pack | None, *, actor: Actor, now: datetime
) -> None:
    """Let a photo show one pack of its product, or with nothing the product as such."""
    require(actor, Action.EDIT_PRODUCT, photo.product.seller_id)
    if pack is not None and pack.product_id != photo.product_id:
        raise ValueError(f"pack {pack.id} is not of product {photo.product_id}")
    before = {"photo": photo.key, "pack": _sku(photo)}
    photo.pack_id = pack.id if pack else None
    session.flush()
    after = {"photo": photo.key, "pack": pack.sku if pack else ""}
    audit(session, actor, "photo_of_pack", photo.product, now=now, before=before, after=after)


def _sku(photo: Photo) -> str:
    return next((pack.sku for pack in photo.product.packs if pack.id == photo.pack_id), "")


def note_formats(
    session: Session, kind: type[Photo] | type[ReviewPhoto], key: str, formats: str, tried: str
) -> None:
    """Write down in which further formats the photo with this key is there by now.

    One that was turned or removed meanwhile has another key, and is left as it is.
    """
    found: Any = select(kind).where(kind.key == key)
    row: Photo | ReviewPhoto | None = session.scalars(found).one_or_none()
    if row is not None:
        row.formats, row.formats_tried = formats, tried
        session.flush()
