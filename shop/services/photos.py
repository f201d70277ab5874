"""Photos: read from the bytes, turned upright, made small, everything else about them dropped."""

import hashlib
import io
import re
import secrets
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError
from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.models.catalog import PHOTO_WIDTHS as WIDTHS
from shop.models.catalog import Photo, Product
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

FORMAT = "webp"
LARGEST_BYTES = 400 * 1024
MOST_PIXELS = 64_000_000
MOST_BYTES = 30 * 1024 * 1024

STAGED_KEPT = timedelta(days=2)
"""How long a photo waits for the form it was chosen in."""

_TOKEN = re.compile("[0-9a-f]{32}")

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_READABLE = ("JPEG", "PNG", "WEBP")


def add(
    session: Session,
    product: Product,
    content: bytes,
    *,
    folder: Path,
    actor: Actor,
    now: datetime,
) -> Photo:
    """Keep a photo of `product` in three sizes under `folder` and return its row.

    The same photo again is the one that is there. Raises `FieldRefused` for `photo`:
    `image_heic`, `image_unreadable`, `image_too_large`.
    """
    require(actor, Action.EDIT_PRODUCT, product.seller_id)
    token = stage(content, folder=folder)
    return add_staged(session, product, token, folder=folder, actor=actor, now=now)


def stage(content: bytes, *, folder: Path) -> str:
    """Put a photo aside in three sizes and return the token it waits under for its form.

    Raises `FieldRefused` as `add` does.
    """
    picture = open_picture(content)
    token = hashlib.sha256(content).hexdigest()[:32]
    write_sizes(picture, token, folder=_waiting(folder))
    return token


def staged(token: str, width: int, *, folder: Path) -> Path | None:
    """Return the file of a photo that was put aside, if it still waits."""
    if not _TOKEN.fullmatch(token):
        return None
    path = _waiting(folder) / f"{token}-{width}.{FORMAT}"
    return path if path.is_file() else None


def forget_staged(folder: Path, *, now: datetime) -> int:
    """Delete what has waited for its form for more than two days; return how many photos."""
    long_ago = (now - STAGED_KEPT).timestamp()
    waiting = _waiting(folder)
    old = [path for path in waiting.glob("*") if path.stat().st_mtime < long_ago]
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
    width, height = _copy_sizes(token, key, folder=folder)
    photo = Photo(
        product_id=product.id,
        key=key,
        extension=FORMAT,
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


def open_picture(content: bytes) -> Image.Image:
    """Return the upright picture in `content`, at most twice as large as it is kept.

    A large JPEG is decoded at a fraction of its size, so that a phone's 48 megapixels do not
    fill the memory.
    """
    if len(content) > MOST_BYTES:
        raise FieldRefused("photo", "image_too_large")
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        raise FieldRefused("photo", "image_heic")
    try:
        picture: Image.Image = Image.open(io.BytesIO(content), formats=_READABLE)
        if picture.width * picture.height > MOST_PIXELS:
            raise FieldRefused("photo", "image_too_large")
        picture.draft("RGB", (WIDTHS[-1] * 2, WIDTHS[-1] * 2))
        picture = ImageOps.exif_transpose(picture)
        picture.thumbnail((WIDTHS[-1] * 2, WIDTHS[-1] * 2))
        upright = Image.new("RGB", picture.size, "white")
        paste_mask = picture.convert("RGBA").getchannel("A") if _has_alpha(picture) else None
        upright.paste(picture.convert("RGB"), mask=paste_mask)
    except (
        UnidentifiedImageError,
        Image.DecompressionBombError,
        OSError,
        ValueError,
        SyntaxError,
    ) as error:
        raise FieldRefused("photo", "image_unreadable") from error
    return upright


def _copy_sizes(token: str, key: str, *, folder: Path) -> tuple[int, int]:
    folder.mkdir(parents=True, exist_ok=True)
    largest = staged(token, WIDTHS[-1], folder=folder)
    if largest is None:
        raise FieldRefused("photo", "image_gone")
    for edge in WIDTHS:
        waiting = _waiting(folder) / f"{token}-{edge}.{FORMAT}"
        shutil.copyfile(waiting, folder / f"{key}-{edge}.{FORMAT}")
    with Image.open(largest) as picture:
        return picture.size


def _has_alpha(picture: Image.Image) -> bool:
    return picture.mode in {"RGBA", "LA", "PA"} or "transparency" in picture.info


def write_sizes(picture: Image.Image, key: str, *, folder: Path) -> tuple[int, int]:
    """Write the three copies of `picture` and return width and height of the largest."""
    folder.mkdir(parents=True, exist_ok=True)
    size = picture.size
    for edge in reversed(WIDTHS):
        copy = picture.copy()
        copy.thumbnail((edge, edge), Image.Resampling.LANCZOS)
        (folder / f"{key}-{edge}.{FORMAT}").write_bytes(_encoded(copy))
        size = copy.size if edge == WIDTHS[-1] else size
    return size


def _encoded(picture: Image.Image) -> bytes:
    for quality in (78, 65, 50, 35, 20):
        output = io.BytesIO()
        picture.save(output, FORMAT.upper(), quality=quality, method=4)
        if output.tell() <= LARGEST_BYTES:
            break
    return output.getvalue()


def turn(session: Session, photo: Photo, *, folder: Path, actor: Actor, now: datetime) -> None:
    """Turn a photo a quarter to the right under new names: phones keep what had the old ones."""
    require(actor, Action.EDIT_PRODUCT, photo.product.seller_id)
    largest = folder / f"{photo.key}-{WIDTHS[-1]}.{photo.extension}"
    with Image.open(largest) as kept:
        turned = kept.convert("RGB").transpose(Image.Transpose.ROTATE_270)
    photo.key = secrets.token_hex(8)
    photo.width, photo.height = write_sizes(turned, photo.key, folder=folder)
    session.flush()
    audit(session, actor, "photo_turned", photo.product, now=now)


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
