"""One label as a small SVG for a screen: the same drawing as in the PDF, letters in any font."""

from dataclasses import dataclass, field
from typing import Any, cast
from xml.sax.saxutils import escape, quoteattr

from reportlab.pdfgen.canvas import Canvas

from traceability.labels import typesetting
from traceability.labels.drawing import Drawing, Label
from traceability.labels.layout import Layout
from traceability.labels.typesetting import BOLD

__all__ = ["svg"]

_MM_PER_POINT = 25.4 / 72


def svg(label: Label, layout: Layout) -> str:
    """Return the label as it will be printed, black on white whatever the page around it.

    Raises `CodeDoesNotFit`, or the errors of `qr.encode`.
    """
    sheet = _Sheet()
    Drawing(label, layout).define(cast(Canvas, sheet), "label")
    return sheet.content(f"{label.name}, {label.pack}, {label.lot}")


@dataclass
class _Path:
    """The rectangles of one path, in whole modules."""

    pieces: list[str] = field(default_factory=list)

    def rect(self, x: float, y: float, width: float, height: float) -> None:
        self.pieces.append(f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}z")


class _Sheet:
    """What `Drawing` asks of a canvas, written down as SVG, whose y runs down and not up."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._width = self._height = 0.0
        self._corner, self._module = (0.0, 0.0), 1.0
        self._font, self._size = "", 0.0

    def content(self, words: str) -> str:
        """Return the whole picture; `words` are what it says to those who do not see it."""
        size = f"{self._width:.2f} {self._height:.2f}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}" role="img"'
            f' width="{self._width * _MM_PER_POINT:.1f}mm"'
            f' height="{self._height * _MM_PER_POINT:.1f}mm" aria-label={quoteattr(words)}>'
            f'<path fill="#fff" d="M0 0h{self._width:.2f}v{self._height:.2f}H0z"/>'
            f"{''.join(self._parts)}</svg>"
        )

    def beginForm(self, _name: str, _x: float, _y: float, width: float, height: float) -> None:  # noqa: N802
        self._width, self._height = width, height

    def endForm(self) -> None:  # noqa: N802
        """The label is complete."""

    def setFillGray(self, _gray: float) -> None:  # noqa: N802
        """Everything on a label is black."""

    def saveState(self) -> None:  # noqa: N802
        """Only the code is moved, and it is drawn at once."""

    def restoreState(self) -> None:  # noqa: N802
        """See `saveState`."""

    def translate(self, x: float, y: float) -> None:
        self._corner = (x, self._height - y)

    def scale(self, x: float, _y: float) -> None:
        self._module = x

    def beginPath(self) -> _Path:  # noqa: N802
        return _Path()

    def drawPath(self, path: _Path, **_how: Any) -> None:  # noqa: N802
        left, top = self._corner
        self._parts.append(
            f'<path transform="translate({left:.2f} {top:.2f}) scale({self._module:.4f})"'
            f' shape-rendering="crispEdges" d="{"".join(path.pieces)}"/>'
        )

    def setFont(self, font: str, size: float) -> None:  # noqa: N802
        self._font, self._size = font, size

    def drawString(self, x: float, y: float, text: str) -> None:  # noqa: N802
        width = typesetting.width(text, self._font, self._size)
        weight = ' font-weight="700"' if self._font == BOLD else ""
        self._parts.append(
            f'<text x="{x:.2f}" y="{self._height - y:.2f}" font-family="sans-serif"'
            f' font-size="{self._size:.2f}"{weight} textLength="{width:.2f}"'
            f' lengthAdjust="spacingAndGlyphs">{escape(text)}</text>'
        )
