"""Files to fill in: the columns of an import, two rows as an example, a sheet that explains."""

import io

from flask_babel import gettext as _

from shop.forms.imports.kinds import COLUMNS, TITLES, ImportKind
from shop.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_bytes

FILE_NAMES = {
    ImportKind.PRODUCTS: "san-pham",
    ImportKind.MEMBERS: "xa-vien",
    ImportKind.BATCHES: "lo-hang",
}

EXAMPLES: dict[ImportKind, dict[str, tuple[str, str]]] = {
    ImportKind.PRODUCTS: {
        "sku": ("LBT-MOCCAU-200", "LBT-MOCCAU-500"),
        "name": ("Chè móc câu La Bằng", "Chè móc câu La Bằng"),
        "kind": ("Chè", "Chè"),
        "label": ("gói 200 g", "gói 500 g"),
        "unit": ("gói", "gói"),
        "net": ("200 g", "500 g"),
        "price": ("90.000", "210.000"),
        "stock": ("40", "12"),
        "shelf_life_days": ("365", "365"),
    },
    ImportKind.MEMBERS: {
        "code": ("LBT-TV-101", "LBT-TV-102"),
        "full_name": ("Nguyễn Thị Mẫu", "Trần Văn Mẫu"),
        "phone": ("0540 000 101", "0540 000 102"),
        "birth_year": ("1958", "1964"),
        "gender": ("nữ", "nam"),
        "hamlet": ("Xóm Đồng Đình", "Xóm Tân Sơn"),
        "plot": ("LBT-T101", "LBT-T102"),
        "crop": ("chè", "chè"),
        "area": ("720 m2", "2 sào"),
    },
    ImportKind.BATCHES: {
        "lot": ("LO-CHE-15-10", "LO-CHE-20-10"),
        "sku": ("LBT-MOCCAU-200", "LBT-MOCCAU-500"),
        "name": ("Chè móc câu La Bằng", "Chè móc câu La Bằng"),
        "made_on": ("15/10/2026", "20/10/2026"),
        "units": ("40", "12"),
    },
}
"""What stands in the two rows of each template; goods and people are named as they are here."""

_FIRST_ROWS = 500


def template(kind: ImportKind, ending: str) -> tuple[bytes, str]:
    """Return the bytes and the content type of the template, as `csv` or `xlsx`."""
    columns = COLUMNS[kind]
    names = [str(column.label) for column in columns]
    examples = [EXAMPLES[kind].get(column.key, ("", "")) for column in columns]
    rows = [[example[place] for example in examples] for place in (0, 1)]
    if ending == "csv":
        return csv_bytes(names, rows), CSV_TYPE
    notes = [(str(column.label), str(column.meaning)) for column in columns]
    return _workbook(str(TITLES[kind]), names, rows, notes), XLSX_TYPE


def _workbook(
    title: str, names: list[str], rows: list[list[str]], notes: list[tuple[str, str]]
) -> bytes:
    """Return a workbook whose cells are all texts, so that no zero and no date is lost."""
    # loaded when asked for: the web process is smaller without it
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for row in (names, *rows):
        sheet.append(row)
    for number, name in enumerate(names, 1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = max(len(name), 14) + 2
        sheet.cell(1, number).font = Font(bold=True)
        for line in range(2, _FIRST_ROWS):
            sheet.cell(line, number).number_format = "@"
    explained = book.create_sheet(_("Hướng dẫn"))
    explained.column_dimensions["A"].width, explained.column_dimensions["B"].width = 24, 80
    explained.append([_("Cột"), _("Ghi gì")])
    explained.append([_("Chung"), _("Xóa hai dòng ví dụ. Ô để trống thì giữ như đang có.")])
    for note in notes:
        explained.append(list(note))
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()
