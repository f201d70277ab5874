"""The pictures that go with a link: drawn when somebody asks for one, then kept in a folder.

1200 × 630 as Zalo, Facebook and others show it: the words left, the photo right, inside the
double frame of the packet. What draws them is loaded by the first who asks.
"""

import io
import re
import secrets
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from shop import resources
from shop.models.catalog import PHOTO_MIDDLE

if TYPE_CHECKING:
    from PIL.Image import Image as Picture
    from PIL.ImageDraw import ImageDraw as Pen
    from PIL.ImageFont import FreeTypeFont

SIZE = (1200, 630)
LARGEST_BYTES = 300 * 1024
MOST_KEPT = 4_000
"""So many pictures are kept; the oldest go first."""

GROUND, PAPER, INK, QUIET = "#F1F4E6", "#FFFFFB", "#16261B", "#3A493D"
GREEN, RED, TURMERIC = "#14512E", "#981313", "#F5C13D"

_PICTURE = 486
_LEFT, _TOP, _WIDTH, _FOOT = 64, 64, 560, 536
_NAME = re.compile("[a-z0-9-]{1,60}")
_one_at_a_time = threading.Lock()


@dataclass(frozen=True, slots=True)
class Words:
    """What is written: a title, who made it, facts with their labels, a warning, a band."""

    title: str
    maker: str
    lines: tuple[tuple[str, str], ...]
    warning: str
    band: str
    host: str


def kept(words: Words, digest: str, *, photo_key: str, extension: str, var: Path) -> bytes:
    """Return the picture with this digest from `var`, drawn now if it is not there.

    One is drawn at a time: many at once would fill the memory of a small machine.
    """
    folder = var / "share_cards"
    path = folder / f"{digest}.jpg"
    if path.is_file():
        return path.read_bytes()
    with _one_at_a_time:
        if not path.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _make_room(folder)
            _write(path, draw(words, _photo(photo_key, extension, var)))
        return path.read_bytes()


def sample(name: str, *, var: Path) -> bytes | None:
    """Return a drawn sample picture as PNG, for those who read no SVG."""
    drawing = resources.PACKAGE / "static" / "pictures" / f"{name}.svg"
    if not _NAME.fullmatch(name) or not drawing.is_file():
        return None
    folder = var / "sample_pictures"
    path = folder / f"{name}-{resources.static_version()}.png"
    if not path.is_file():
        folder.mkdir(parents=True, exist_ok=True)
        _write(path, _rendered(drawing, 800))
    return path.read_bytes()


def _write(path: Path, content: bytes) -> None:
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _make_room(folder: Path) -> None:
    found = list(folder.glob("*.jpg"))
    if len(found) >= MOST_KEPT:
        for path in sorted(found, key=lambda one: one.stat().st_mtime)[: MOST_KEPT // 4]:
            path.unlink(missing_ok=True)


def _rendered(drawing: Path, side: int) -> bytes:
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=drawing.read_text(encoding="utf-8"), width=side, skip_system_fonts=True
        )
    )


def _photo(key: str, extension: str, var: Path) -> "Picture | None":
    """Return the photo of a product or its drawn sample; nothing where there is none."""
    from PIL import Image

    if extension == "svg":
        drawing = resources.PACKAGE / "static" / "pictures" / f"{key}.svg"
        if not drawing.is_file():
            return None
        return Image.open(io.BytesIO(_rendered(drawing, 2 * _PICTURE))).convert("RGB")
    path = var / "photos" / f"{key}-{PHOTO_MIDDLE}.{extension}"
    if not key or not path.is_file():
        return None
    with Image.open(path) as picture:
        return picture.convert("RGB")


def draw(words: Words, photo: "Picture | None") -> bytes:
    """Return the picture as JPEG, in sRGB, at most `LARGEST_BYTES` long."""
    from PIL import Image, ImageDraw

    card = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(card)
    frame = RED if words.warning else GREEN
    pen.rectangle((20, 20, SIZE[0] - 21, SIZE[1] - 21), fill=PAPER, outline=frame, width=6)
    pen.rectangle((34, 34, SIZE[0] - 35, SIZE[1] - 35), outline=frame, width=2)
    _put_photo(card, pen, photo, has_warning=bool(words.warning))
    y = _write_warning(pen, words.warning) if words.warning else _TOP
    below = 100 + 48 * len(words.lines)
    y = _write_title(pen, words.title, y, most=_FOOT - y - below)
    _write_facts(pen, words, y + 10)
    _write_foot(pen, words.host)
    if words.band:
        _write_band(card, words.band)
    return _encoded(card)


def _put_photo(card: "Picture", pen: "Pen", photo: "Picture | None", *, has_warning: bool) -> None:
    from PIL import Image, ImageOps

    x, y = SIZE[0] - 72 - _PICTURE, (SIZE[1] - _PICTURE) // 2
    edge = (x - 2, y - 2, x + _PICTURE + 1, y + _PICTURE + 1)
    if photo is None:
        pen.rectangle(edge, fill=GROUND, outline=INK, width=2)
        middle = (x + _PICTURE // 2, y + _PICTURE // 2)
        pen.regular_polygon((*middle, 120), 4, rotation=45, fill=TURMERIC)
        return
    fitted = ImageOps.fit(photo, (_PICTURE, _PICTURE), Image.Resampling.LANCZOS)
    # nobody shall take a picture of the goods for an invitation to eat them
    card.paste(ImageOps.grayscale(fitted).convert("RGB") if has_warning else fitted, (x, y))
    pen.rectangle(edge, outline=INK, width=2)


def _write_warning(pen: "Pen", warning: str) -> int:
    font, lines = _fitted(warning, 46, 32, width=_WIDTH - 40, most=150)
    height = len(lines) * _leading(font) + 32
    pen.rectangle((_LEFT - 12, _TOP - 12, _LEFT + _WIDTH - 12, _TOP - 12 + height), fill=RED)
    _write_lines(pen, lines, _LEFT + 8, _TOP + 2, font, "#FFFFFF")
    return _TOP + height + 4


def _write_title(pen: "Pen", title: str, y: int, *, most: int) -> int:
    font, lines = _fitted(title, 72, 36, width=_WIDTH - 24, most=max(most, 90))
    return _write_lines(pen, lines, _LEFT, y, font, INK)


def _write_facts(pen: "Pen", words: Words, y: int) -> None:
    maker, lines = _fitted(words.maker, 34, 24, width=_WIDTH - 24, most=80)
    y = _write_lines(pen, lines, _LEFT, y, maker, GREEN) + 8
    label_font = _font(28, bold=False)
    for label, fact in words.lines:
        font, found = _fitted(fact, 36, 20, width=_WIDTH - 170, most=_leading(_font(36)))
        pen.text((_LEFT, y + 34), label, font=label_font, fill=QUIET, anchor="ls")
        pen.text((_LEFT + 150, y + 34), found[0], font=font, fill=INK, anchor="ls")
        y += 48


def _write_foot(pen: "Pen", host: str) -> None:
    y = _FOOT + 10
    pen.regular_polygon((_LEFT + 15, y + 8, 18), 4, rotation=45, fill=TURMERIC)
    name = "Đặc Sản"
    pen.text((_LEFT + 44, y + 18), name, font=_font(32), fill=GREEN, anchor="ls")
    x = _LEFT + 44 + _font(32).getlength(name) + 18
    if host and x + _font(24, bold=False).getlength(host) < _LEFT + _WIDTH:
        pen.text((x, y + 18), host, font=_font(24, bold=False), fill=QUIET, anchor="ls")


def _write_band(card: "Picture", band: str) -> None:
    from PIL import ImageDraw

    pen = ImageDraw.Draw(card)
    x, y = SIZE[0] - 72 - _PICTURE, (SIZE[1] + _PICTURE) // 2 - 64
    pen.rectangle((x, y, x + _PICTURE - 1, y + 63), fill=TURMERIC)
    middle = (x + _PICTURE // 2, y + 32)
    pen.text(middle, band, font=_font(38), fill=INK, anchor="mm")


def _fitted(
    text: str, largest: int, smallest: int, *, width: int, most: int
) -> tuple["FreeTypeFont", list[str]]:
    """Return the largest font in which `text` stands in `width` × `most` pixels, and its lines.

    What does not fit in the smallest ends in an ellipsis.
    """
    for size in range(largest, smallest - 1, -2):
        font = _font(size)
        lines = _broken(text, font, width)
        if len(lines) * _leading(font) <= most:
            return font, _balanced(text, font, width, len(lines))
    kept = lines[: max(1, most // _leading(font))]
    return font, [*kept[:-1], kept[-1].rstrip(".,; ") + "…"]


def _balanced(text: str, font: "FreeTypeFont", width: int, count: int) -> list[str]:
    """Return the lines of `text` about equally long, so that no word stands alone at the end."""
    narrow = width
    while narrow > width // 2 and len(_broken(text, font, narrow - 20)) == count:
        narrow -= 20
    return _broken(text, font, narrow)


def _broken(text: str, font: "FreeTypeFont", width: int) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        lines.append("")
        for word in paragraph.split():
            longer = f"{lines[-1]} {word}".strip()
            if font.getlength(longer) <= width or not lines[-1]:
                lines[-1] = longer
            else:
                lines.append(word)
    return [part for line in lines for part in _parts(line, font, width)]


def _parts(line: str, font: "FreeTypeFont", width: int) -> list[str]:
    """Return a line in pieces that fit: one word may be wider than the card."""
    pieces = [""]
    for letter in line:
        if font.getlength(pieces[-1] + letter) > width:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def _write_lines(
    pen: "Pen", lines: list[str], x: int, y: int, font: "FreeTypeFont", colour: str
) -> int:
    for line in lines:
        pen.text((x, y + int(font.size)), line, font=font, fill=colour, anchor="ls")
        y += _leading(font)
    return y


def _leading(font: "FreeTypeFont") -> int:
    """Return the height of a line: stacked marks must not touch the line above."""
    return int(font.size * 1.25)


def _font(size: int, *, bold: bool = True) -> "FreeTypeFont":
    from PIL import ImageFont

    from traceability.labels import fonts

    return ImageFont.truetype(fonts.BOLD if bold else fonts.REGULAR, size)


def _encoded(card: "Picture") -> bytes:
    for quality in (90, 82, 70, 55, 40):
        output = io.BytesIO()
        card.save(output, "JPEG", quality=quality, subsampling=0, optimize=True)
        if output.tell() <= LARGEST_BYTES:
            break
    return output.getvalue()
