"""The sheets and rolls that labels are printed on, and how large a code may be on each."""

from dataclasses import dataclass

from traceability.errors import TraceabilityError
from traceability.labels.qr import MIN_MODULE_MM, Code

__all__ = ["LABEL_40X30", "LAYOUTS", "SHEET_24", "SHEET_40", "CodeDoesNotFit", "Layout"]

_GOOD_MODULE_MM = 0.45  # what a weak phone reads at once; MIN_MODULE_MM is the end of the road


@dataclass(frozen=True, slots=True)
class Layout:
    """Equal cells on a page, all measures in mm, counted from the top left corner, row by row.

    `code_mm` is the usual width of the code with its margin, `widest_code_mm` what the cell can
    give at most; `type_size` the size of the product's name in points, to which all other text
    is in proportion.
    """

    key: str
    page_mm: tuple[float, float]
    columns: int
    rows: int
    cell_mm: tuple[float, float]
    corner_mm: tuple[float, float]
    padding_mm: float
    code_mm: float
    widest_code_mm: float
    type_size: float

    @property
    def cells(self) -> int:
        """Labels on one page."""
        return self.columns * self.rows

    @property
    def is_sheet(self) -> bool:
        """Whether several labels share a page, which then has a foot with a measuring line."""
        return self.cells > 1

    def cell_corner_mm(self, index: int) -> tuple[float, float]:
        """Return the distance of cell `index` (from 0) from the page's left and top edge."""
        row, column = divmod(index, self.columns)
        left, top = self.corner_mm
        return left + column * self.cell_mm[0], top + row * self.cell_mm[1]

    def has_room_for(self, code: Code) -> bool:
        """Say whether `code` can be printed here with modules that a phone reads."""
        return code.side * MIN_MODULE_MM <= self.widest_code_mm

    def code_width_mm(self, code: Code) -> float:
        """Return how wide to print `code`, its margin included; `CodeDoesNotFit` if too small."""
        if not self.has_room_for(code):
            raise CodeDoesNotFit(code, self)
        return min(max(self.code_mm, code.side * _GOOD_MODULE_MM), self.widest_code_mm)


class CodeDoesNotFit(TraceabilityError):
    """The code would need modules too small to be read; `smallest` is a layout that has room.

    It is the smallest of those on the same paper, else of all; `None` if none has room.
    """

    def __init__(self, code: Code, layout: Layout) -> None:
        self.layout, self.needed_mm = layout, code.side * MIN_MODULE_MM
        roomy = [other for other in LAYOUTS.values() if other.has_room_for(code)]
        self.smallest = min(
            roomy,
            key=lambda other: (other.page_mm != layout.page_mm, other.widest_code_mm),
            default=None,
        )
        advice = f"use layout {self.smallest.key}" if self.smallest else "no layout has room"
        super().__init__(
            "code_does_not_fit",
            f"the code needs {self.needed_mm:.1f} mm, layout {layout.key} has"
            f" {layout.widest_code_mm:.1f} mm: {advice}",
            subject=layout.key,
        )


SHEET_24 = Layout(
    key="24",
    page_mm=(210.0, 297.0),
    columns=3,
    rows=8,
    cell_mm=(63.5, 33.9),
    corner_mm=(9.75, 12.9),
    padding_mm=2.0,
    code_mm=23.6,
    widest_code_mm=25.6,
    type_size=11.0,
)

SHEET_40 = Layout(
    key="40",
    page_mm=(210.0, 297.0),
    columns=4,
    rows=10,
    cell_mm=(48.5, 25.4),
    corner_mm=(8.0, 21.5),
    padding_mm=1.0,
    code_mm=20.3,
    widest_code_mm=20.3,
    type_size=8.5,
)

LABEL_40X30 = Layout(
    key="40x30",
    page_mm=(40.0, 30.0),
    columns=1,
    rows=1,
    cell_mm=(40.0, 30.0),
    corner_mm=(0.0, 0.0),
    padding_mm=0.8,
    code_mm=22.0,
    widest_code_mm=24.0,
    type_size=8.5,
)

LAYOUTS = {layout.key: layout for layout in (SHEET_24, SHEET_40, LABEL_40X30)}
"""Every layout by its key, as asked for on the command line and in the print dialog."""
