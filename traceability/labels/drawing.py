"""One label, set in the cell of a layout and drawn once as a form that a page can repeat."""

from dataclasses import dataclass
from datetime import date

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from traceability.errors import TraceabilityError
from traceability.labels import qr, typesetting
from traceability.labels.layout import Layout
from traceability.labels.typesetting import BOLD, REGULAR, Line

__all__ = ["Drawing", "Label"]

_OVERLAP = 1.02  # height of a module drawn, so that no hairline shows between two rows
_NON_ZERO = 1  # PDF's winding rule: where modules overlap they stay dark
_ASCENT = 0.9  # of the size, from the top of a line to its baseline
_GAP = 0.3 * mm
_BETWEEN = 2 * mm  # lot and look-up address on one line

_EXPIRY, _LOT, _PLAIN, _SMALL = 1.2, 1.1, 0.8, 0.62  # sizes, as shares of the name's


@dataclass(frozen=True, slots=True)
class Label:
    """What one label says: the code's text, then the same for eyes.

    `look_up` is the short address where a person types the lot; `band` a warning such as "MẪU"
    or "TẬP HUẤN". Dates may be unknown and then are not printed.
    """

    digital_link: str
    name: str
    pack: str
    lot: str
    look_up: str
    maker: str = ""
    made_on: date | None = None
    expires_on: date | None = None
    band: str = ""


class Drawing:
    """A label measured for `layout`; raises `CodeDoesNotFit`, or the errors of `qr.encode`.

    The code stands top left, facts beside it, the lot below it.
    """

    def __init__(self, label: Label, layout: Layout) -> None:
        if not (label.name.strip() and label.lot.strip() and label.look_up.strip()):
            raise TraceabilityError("empty_value", "a label needs a name, a lot and an address")
        typesetting.load_fonts()
        self._label, self._layout = label, layout
        self._code = qr.encode(label.digital_link)
        self._code_width = layout.code_width_mm(self._code) * mm
        self._padding = layout.padding_mm * mm
        self._width, self._height = (side * mm for side in layout.cell_mm)

    def define(self, canvas: Canvas, name: str) -> None:
        """Add the label to the document as form `name`, its lower left corner at the origin."""
        canvas.beginForm(name, 0, 0, self._width, self._height)
        canvas.setFillGray(0)
        self._draw_code(canvas)
        self._draw_lot_and_address(canvas)
        self._draw_facts(canvas)
        canvas.endForm()

    @property
    def _facts_room(self) -> float:
        return self._width - 2 * self._padding - self._code_width - _GAP

    @property
    def _foot_room(self) -> tuple[float, float]:
        """The strip below the code: its width and height."""
        twice = 2 * self._padding
        return self._width - twice, self._height - twice - self._code_width

    def _draw_code(self, canvas: Canvas) -> None:
        module = self._code_width / self._code.side
        canvas.saveState()
        canvas.translate(self._padding, self._height - self._padding)
        canvas.scale(module, -module)
        path = canvas.beginPath()
        for x, y, length in self._code.runs():
            path.rect(x, y, length, _OVERLAP)
        canvas.drawPath(path, stroke=0, fill=1, fillMode=_NON_ZERO)
        canvas.restoreState()

    def _draw_lot_and_address(self, canvas: Canvas) -> None:
        lot, address = self._lot(), self._address()
        low = self._padding + 0.22 * lot.size
        if self._on_one_line(lot, address):
            right = self._width - self._padding
            _draw(canvas, address, right - _width(address), low)
        elif self._below_each_other(lot, address):
            _draw(canvas, address, self._padding, low)
            low += address.height
        _draw(canvas, lot, self._padding, low)

    def _draw_facts(self, canvas: Canvas) -> None:
        left = self._padding + self._code_width + _GAP
        lines = self._facts()
        top = self._height - self._padding - (self._code_width - _height(lines)) / 2
        for line in lines:
            _draw(canvas, line, left, top - _ASCENT * line.size)
            top -= line.height

    def _facts(self) -> list[Line]:
        """Set what stands beside the code; if it is too much, all but the expiry gets smaller."""
        above, expiry, below = self._above_expiry(), self._expiry(), self._below_expiry()
        share = (self._code_width - _height(expiry)) / max(_height(above + below), 1)
        if share < 1:
            above, below = ([line.scaled(share) for line in part] for part in (above, below))
        return above + expiry + below

    def _above_expiry(self) -> list[Line]:
        label, size, room = self._label, self._layout.type_size, self._facts_room
        lines = typesetting.fit(label.band, BOLD, size * _PLAIN, room=room)
        lines += typesetting.fit(label.name, BOLD, size, room=room, lines=2)
        lines += typesetting.fit(label.pack, REGULAR, size * _PLAIN, room=room)
        if label.made_on:
            made = f"NSX {label.made_on:%d/%m/%Y}"
            lines += typesetting.fit(made, REGULAR, size * _PLAIN, room=room)
        return lines

    def _expiry(self) -> list[Line]:
        if not self._label.expires_on:
            return []
        size, room = self._layout.type_size, self._facts_room
        written = f"{self._label.expires_on:%d/%m/%Y}"
        whole = Line(f"HSD {written}", BOLD, size * _EXPIRY)
        if _width(whole) <= room:
            return [whole]
        return [
            Line("HSD", BOLD, size * _PLAIN),
            *typesetting.fit(written, BOLD, size * _EXPIRY, room=room),
        ]

    def _below_expiry(self) -> list[Line]:
        size, room = self._layout.type_size * _SMALL, self._facts_room
        lines = typesetting.fit(self._label.maker, REGULAR, size, room=room, lines=2)
        lot, address = self._lot(), self._address()
        if not self._on_one_line(lot, address) and not self._below_each_other(lot, address):
            lines += typesetting.fit(self._label.look_up, REGULAR, size, room=room, lines=2)
        return lines

    def _lot(self) -> Line:
        """Set the lot large, but never larger than the expiry date."""
        width, height = self._foot_room
        sizes = [line.size for line in self._expiry()[-1:]]
        size = min(self._layout.type_size * _LOT, height / typesetting.LEADING, *sizes)
        return typesetting.fit(self._label.lot, BOLD, size, room=width)[0]

    def _address(self) -> Line:
        width, _ = self._foot_room
        size = self._layout.type_size * _SMALL
        return typesetting.fit(self._label.look_up, REGULAR, size, room=width)[0]

    def _on_one_line(self, lot: Line, address: Line) -> bool:
        return _width(lot) + _BETWEEN + _width(address) <= self._foot_room[0]

    def _below_each_other(self, lot: Line, address: Line) -> bool:
        return lot.height + address.height <= self._foot_room[1]


def _height(lines: list[Line]) -> float:
    return sum(line.height for line in lines)


def _width(line: Line) -> float:
    return typesetting.width(line.text, line.font, line.size)


def _draw(canvas: Canvas, line: Line, x: float, baseline: float) -> None:
    canvas.setFont(line.font, line.size)
    canvas.drawString(x, baseline, line.text)
