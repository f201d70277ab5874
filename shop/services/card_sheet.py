"""A sign-in card as one A4 page to cut: the card, and its PIN on a strip to be kept apart.

Loads what draws it by itself: import this module where a card is printed, not before.
"""

from dataclasses import dataclass, field
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from traceability.labels import qr, typesetting
from traceability.labels.typesetting import BOLD, REGULAR

CARD_MM = (85.6, 54.0)
"""ISO/IEC 7810, ID-1: as large as a bank card."""

STRIP_MM = (85.6, 34.0)
_PAGE_MM = (210.0, 297.0)
_LEFT_MM, _TOP_MM, _GAP_MM = 20.0, 20.0, 12.0
_CODE_MM = 40.0
_PADDING_MM = 4.0


@dataclass(frozen=True, slots=True)
class CardText:
    """What stands on a card; every text is ready for people."""

    url: str = field(repr=False)
    pin: str = field(repr=False)
    name: str
    maker: str
    place: str
    phone: str
    title: str
    lost: str
    band: str
    pin_title: str
    pin_advice: str
    how_to: str


def pdf(text: CardText) -> bytes:
    """Return the page as PDF, at its true size."""
    typesetting.load_fonts()
    output = BytesIO()
    canvas = Canvas(
        output,
        pagesize=(_PAGE_MM[0] * mm, _PAGE_MM[1] * mm),
        pageCompression=1,
        initialFontName=REGULAR,  # type: ignore[arg-type]  # a name; the stubs say float
        lang="vi",
    )
    canvas.setTitle(text.title)
    card_y = (_PAGE_MM[1] - _TOP_MM - CARD_MM[1]) * mm
    strip_y = card_y - (_GAP_MM + STRIP_MM[1]) * mm
    _draw_card(canvas, text, _LEFT_MM * mm, card_y)
    _draw_strip(canvas, text, _LEFT_MM * mm, strip_y)
    room = (_PAGE_MM[0] - 2 * _LEFT_MM) * mm
    _write(canvas, text.how_to, REGULAR, 11, _LEFT_MM * mm, strip_y - 8 * mm, room, lines=6)
    canvas.showPage()
    canvas.save()
    return output.getvalue()


def _draw_card(canvas: Canvas, text: CardText, x: float, y: float) -> None:
    width, height = (side * mm for side in CARD_MM)
    canvas.roundRect(x, y, width, height, 3 * mm)
    _draw_code(canvas, text.url, x + _PADDING_MM * mm, y + height - (_CODE_MM + _PADDING_MM) * mm)
    left = x + (_PADDING_MM + _CODE_MM + 1) * mm
    room = x + width - _PADDING_MM * mm - left
    top = y + height - _PADDING_MM * mm
    top = _write(canvas, text.maker, BOLD, 11, left, top, room, lines=2)
    top = _write(canvas, text.place, REGULAR, 10, left, top - 0.5 * mm, room, lines=2)
    top = _write(canvas, text.name, BOLD, 16, left, top - 2 * mm, room, lines=3)
    top = _write(canvas, text.title, REGULAR, 10, left, top - 2 * mm, room, lines=2)
    _write(canvas, text.band, BOLD, 10, left, top - 1 * mm, room)
    foot = f"{text.lost} {text.phone}"
    below = y + 8.5 * mm
    _write(canvas, foot, BOLD, 11, x + _PADDING_MM * mm, below, width - 2 * _PADDING_MM * mm)


def _draw_strip(canvas: Canvas, text: CardText, x: float, y: float) -> None:
    width, height = (side * mm for side in STRIP_MM)
    canvas.saveState()
    canvas.setDash(4, 3)
    canvas.rect(x, y, width, height)
    canvas.restoreState()
    left, room = x + _PADDING_MM * mm, width - 2 * _PADDING_MM * mm
    top = y + height - _PADDING_MM * mm
    top = _write(canvas, f"{text.pin_title}: {text.name}", REGULAR, 11, left, top, room)
    top = _write(canvas, f"{text.pin[:3]} {text.pin[3:]}", BOLD, 22, left, top - 1 * mm, room)
    _write(canvas, text.pin_advice, REGULAR, 10, left, top - 2 * mm, room, lines=2)


def _draw_code(canvas: Canvas, url: str, x: float, y: float) -> None:
    code = qr.encode(url, level="M")
    module = _CODE_MM * mm / code.side
    canvas.setFillGray(0)
    path = canvas.beginPath()
    for column, row, length in code.runs():
        bottom = y + _CODE_MM * mm - (row + 1) * module
        path.rect(x + column * module, bottom, length * module, module)
    canvas.drawPath(path, stroke=0, fill=1)


def _write(
    canvas: Canvas,
    text: str,
    font: str,
    size: float,
    x: float,
    top: float,
    room: float,
    *,
    lines: int = 1,
) -> float:
    """Write `text` below `top` and return where the next line may begin."""
    for line in typesetting.fit(text, font, size, room=room, lines=lines):
        top -= line.height
        canvas.setFont(line.font, line.size)
        canvas.drawString(x, top + 0.25 * line.size, line.text)
    return top
