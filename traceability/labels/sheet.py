"""Labels as PDF for a black and white printer: A4 sheets of 24 or 40, or single ones, 40 x 30 mm.

Nothing is printed outside the cells of a sheet but the measuring line and the text at its foot.
The same labels give the same bytes, and the text can be searched and read aloud.
"""

from collections.abc import Sequence
from io import BytesIO

from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from traceability.errors import TraceabilityError
from traceability.labels import typesetting
from traceability.labels.drawing import Drawing, Label
from traceability.labels.layout import (
    LABEL_40X30,
    LAYOUTS,
    SHEET_24,
    SHEET_40,
    CodeDoesNotFit,
    Layout,
)
from traceability.labels.typesetting import REGULAR

__all__ = [
    "LABEL_40X30",
    "LAYOUTS",
    "SHEET_24",
    "SHEET_40",
    "CodeDoesNotFit",
    "Label",
    "Layout",
    "pdf",
]

_MEASURE_MM = 50.0
_FOOT_MM = 8.5  # above the page's lower edge: printers leave about 5 mm blank
_FOOT_SIZE = 7.0


def pdf(
    labels: Sequence[tuple[Label, int]], *, layout: Layout = SHEET_24, first_cell: int = 1
) -> bytes:
    """Return a PDF with each label as often as its number says, one after the other.

    `first_cell` (from 1) leaves cells free that were used up before. Raises `CodeDoesNotFit`, or
    `TraceabilityError` of kind `bad_position`, `bad_count`, or those of `qr.encode`.
    """
    if not 1 <= first_cell <= layout.cells:
        raise TraceabilityError("bad_position", f"cell {first_cell} of {layout.cells}")
    if not labels or any(count < 1 for _, count in labels):
        raise TraceabilityError("bad_count", "at least one copy of each label is printed")
    drawings = [Drawing(label, layout) for label, _ in labels]
    output = BytesIO()
    canvas = _new_canvas(output, labels, layout)
    for number, drawing in enumerate(drawings):
        drawing.define(canvas, _form(number))
    order = [number for number, (_, count) in enumerate(labels) for _ in range(count)]
    _draw_pages(canvas, order, layout, first_cell - 1, _summary(labels))
    canvas.save()
    return output.getvalue()


def _new_canvas(output: BytesIO, labels: Sequence[tuple[Label, int]], layout: Layout) -> Canvas:
    typesetting.load_fonts()
    canvas = Canvas(
        output,
        pagesize=(layout.page_mm[0] * mm, layout.page_mm[1] * mm),
        pageCompression=1,
        invariant=1,
        initialFontName=REGULAR,  # type: ignore[arg-type]  # a name; the stubs say float
        lang="vi",
    )
    canvas.setTitle(f"Tem {_summary(labels)}")
    return canvas


def _draw_pages(
    canvas: Canvas, order: list[int], layout: Layout, skipped: int, summary: str
) -> None:
    pages = -(-(skipped + len(order)) // layout.cells)
    for page in range(pages):
        cells = range(page * layout.cells, (page + 1) * layout.cells)
        for index, cell in enumerate(cells):
            if 0 <= cell - skipped < len(order):
                left, top = layout.cell_corner_mm(index)
                canvas.saveState()
                canvas.translate(left * mm, (layout.page_mm[1] - top - layout.cell_mm[1]) * mm)
                canvas.doForm(_form(order[cell - skipped]))
                canvas.restoreState()
        if layout.is_sheet:
            _draw_foot(canvas, layout, f"{summary} · trang {page + 1}/{pages}")
        canvas.showPage()


def _draw_foot(canvas: Canvas, layout: Layout, text: str) -> None:
    left, y, tick = layout.corner_mm[0] * mm, _FOOT_MM * mm, mm
    right = left + _MEASURE_MM * mm
    canvas.setStrokeGray(0)
    canvas.setFillGray(0)
    canvas.setLineWidth(0.5)
    canvas.lines(
        [(left, y, right, y), (left, y - tick, left, y + tick), (right, y - tick, right, y + tick)]
    )
    lines = [
        "Vạch bên trái phải đo được 50 mm. In đúng cỡ 100 %, đừng chọn “vừa trang”.",
        text,
    ]
    room = (layout.page_mm[0] - layout.corner_mm[0]) * mm - right - 3 * mm
    baseline = y + 0.25 * _FOOT_SIZE
    for line in lines:
        for set_line in typesetting.fit(line, REGULAR, _FOOT_SIZE, room=room):
            canvas.setFont(set_line.font, set_line.size)
            canvas.drawString(right + 3 * mm, baseline, set_line.text)
        baseline -= _FOOT_SIZE * typesetting.LEADING


def _summary(labels: Sequence[tuple[Label, int]]) -> str:
    count = sum(copies for _, copies in labels)
    first = labels[0][0]
    more = f" và {len(labels) - 1} loại khác" if len(labels) > 1 else ""
    return f"{first.name}, {first.pack} · lô {first.lot}{more} · {count} tem"


def _form(number: int) -> str:
    return f"label{number}"
