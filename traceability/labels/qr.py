"""One QR code for a Digital Link, as SVG or PNG, with the light margin a reader needs inside it.

Sources: ISO/IEC 18004 (margin of 4 modules, any of the eight masks is valid), GS1 General
Specifications 5.9 (module size on hand-held goods).
"""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Literal
from xml.sax.saxutils import escape, quoteattr

from traceability.errors import TraceabilityError, excerpt
from traceability.labels import fonts

if TYPE_CHECKING:
    from PIL import ImageDraw

__all__ = ["MARGIN", "MIN_MODULE_MM", "Code", "Level", "Picture", "encode", "png", "svg"]

Level = Literal["L", "M", "Q", "H"]

MARGIN = 4
"""Light modules on each side (ISO/IEC 18004, 9.1)."""

MIN_MODULE_MM = 0.40
"""The smallest module that phones read from a hand-made label."""

_MASK = 2  # any mask is valid; trying all eight takes most of the time
_BAND_MODULES = 6
_BAND_SHARE = 0.94  # of the width, so that the text does not touch the cut edge
_MM_PER_INCH = 25.4


@dataclass(frozen=True, slots=True)
class Code:
    """The modules of one code without its margin, row by row from the top; true is dark."""

    text: str
    level: Level
    rows: tuple[tuple[bool, ...], ...]

    @property
    def version(self) -> int:
        """The symbol's version, 1 to 40."""
        return (len(self.rows) - 17) // 4

    @property
    def side(self) -> int:
        """The width in modules, margins included."""
        return len(self.rows) + 2 * MARGIN

    def side_mm(self, wanted_mm: float = 0.0) -> float:
        """Return the width to print in mm, margins included: `wanted_mm`, or more if need be."""
        return max(wanted_mm, self.side * MIN_MODULE_MM)

    def runs(self) -> list[tuple[int, int, int]]:
        """Return each row's unbroken dark pieces as (x, y, length) in modules, margin included."""
        found = []
        for y, row in enumerate(self.rows, MARGIN):
            start = None
            for x, dark in enumerate((*row, False), MARGIN):
                if dark and start is None:
                    start = x
                elif not dark and start is not None:
                    found.append((start, y, x - start))
                    start = None
        return found


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture to store or print, and how wide it must be printed; a band adds to the height."""

    content: bytes
    media_type: str
    width_mm: float
    height_mm: float


def encode(text: str, *, level: Level = "Q") -> Code:
    """Return the smallest code that holds `text`, byte for byte, at error correction `level`.

    `TraceabilityError` of kind `empty_value` or `too_long`.

    >>> encode("https://tra.example/01/09521321100015/10/LB-1").text
    'https://tra.example/01/09521321100015/10/LB-1'
    """
    if not text:
        raise TraceabilityError("empty_value", "a code must say something")
    # loaded when the first code is drawn: both libraries are large
    from qrcode import constants
    from qrcode.exceptions import DataOverflowError
    from qrcode.main import QRCode

    correction = getattr(constants, f"ERROR_CORRECT_{level}")
    maker = QRCode(error_correction=correction, border=0, mask_pattern=_MASK)
    maker.add_data(text.encode())
    try:
        maker.make(fit=True)
    except (DataOverflowError, ValueError) as error:  # which of them depends on the library
        raise TraceabilityError(
            "too_long", f"{len(text)} characters are too many for a QR code", subject=excerpt(text)
        ) from error
    rows = tuple(tuple(bool(dark) for dark in row) for row in maker.get_matrix())
    return Code(text, level, rows)


def svg(text: str, *, level: Level = "Q", side_mm: float = 20.0, band: str = "") -> Picture:
    """Return the code as a small SVG, `side_mm` wide or more (`MIN_MODULE_MM` a module).

    `band` is a warning such as "MẪU", written below the code and outside its margin. Colours are
    fixed, dark on white, whatever the page around it looks like. Errors as for `encode`.
    """
    code = encode(text, level=level)
    width_mm = code.side_mm(side_mm)
    side, height = code.side, code.side + (_BAND_MODULES if band else 0)
    height_mm = width_mm * height / side
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width_mm:.2f}mm"'
        f' height="{height_mm:.2f}mm" viewBox="0 0 {side} {height}" role="img"'
        f" aria-label={quoteattr(f'{band} {code.text}'.strip())}>"
        f'<path fill="#fff" d="M0 0h{side}v{height}H0z"/>'
        f'<path stroke="#000" shape-rendering="crispEdges" d="{_strokes(code)}"/>'
        f"{_band_svg(band, side)}</svg>"
    )
    return Picture(drawing.encode(), "image/svg+xml", width_mm, height_mm)


def png(
    text: str, *, level: Level = "Q", side_mm: float = 20.0, dpi: int = 300, band: str = ""
) -> Picture:
    """Return the code as a black and white PNG of whole pixels per module, about `dpi` fine.

    The file says its own resolution, so that it prints `side_mm` wide or more; `band` as for
    `svg`. Errors as for `encode`.
    """
    code = encode(text, level=level)
    width_mm = code.side_mm(side_mm)
    scale = max(1, round(width_mm / code.side * dpi / _MM_PER_INCH))
    side = code.side * scale
    height = side + (_BAND_MODULES * scale if band else 0)
    from PIL import Image, ImageDraw

    image = Image.new("1", (side, height), 1)
    draw = ImageDraw.Draw(image)
    for x, y, length in code.runs():
        left, top = x * scale, y * scale
        draw.rectangle((left, top, left + length * scale - 1, top + scale - 1), fill=0)
    if band:
        _draw_band(draw, band, code.side, scale)
    content = BytesIO()
    true_dpi = side / width_mm * _MM_PER_INCH
    image.save(content, "PNG", optimize=True, dpi=(true_dpi, true_dpi))
    return Picture(content.getvalue(), "image/png", width_mm, width_mm * height / side)


def _strokes(code: Code) -> str:
    """Draw each run as one stroke through the middle of its row: half the size of outlines."""
    pieces: list[str] = []
    at = (0, 0)
    for x, y, length in code.runs():
        pieces.append(f"m{x - at[0]} {y - at[1]}h{length}" if pieces else f"M{x} {y}.5h{length}")
        at = (x + length, y)
    return "".join(pieces)


def _band_svg(band: str, side: int) -> str:
    if not band:
        return ""
    fit = ""
    if 0.62 * 3 * len(band) > side * _BAND_SHARE:  # wider than the code in any usual bold font
        fit = f' textLength="{side * _BAND_SHARE:.1f}" lengthAdjust="spacingAndGlyphs"'
    return (
        f'<text x="{side / 2:g}" y="{side + 3.6:g}" font-family="sans-serif" font-weight="bold"'
        f' font-size="3" text-anchor="middle"{fit}>{escape(band)}</text>'
    )


def _draw_band(draw: "ImageDraw.ImageDraw", band: str, side: int, scale: int) -> None:
    size = 4.0 * scale
    from PIL import ImageFont

    font = ImageFont.truetype(fonts.BOLD, size)
    widest = side * scale * _BAND_SHARE
    if font.getlength(band) > widest:
        font = ImageFont.truetype(fonts.BOLD, size * widest / font.getlength(band))
    middle = (side * scale / 2, (side + _BAND_MODULES / 2 - 0.5) * scale)
    draw.text(middle, band, font=font, fill=0, anchor="mm")
