"""A CSV as people have them: any separator, quoted line breaks, `sep=`, cut off in the middle."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from shop.forms.tables.cells import ROWS_BESIDE, Cell, Row, Sheet
from shop.forms.tables.encodings import decode
from shop.forms.tables.file_kinds import FileRefused

SEPARATORS = (",", ";", "\t", "|")
MOST_COLUMNS = 200
LONGEST_CELL = 32_767

_SAID = re.compile(r'\ufeff?"?sep=([,;|\t])"?\r?\n?', re.IGNORECASE)
_LINE_ENDS = re.compile("\r\n|\r|\n|\x85|\u2028|\u2029")
_LOOKED_AT = 50
_MOST_LINES = 200_000


@dataclass(frozen=True, slots=True)
class _Record:
    number: int
    fields: list[str]


def read_delimited(content: bytes, *, most_rows: int) -> Sheet:
    """Return the rows of a CSV that have something in them.

    Rows are counted as a spreadsheet counts them: blank lines too, a quoted line break as one
    row. Raises `FileRefused`: `file_encoding_unknown`, `file_quote_unclosed` (with `row`),
    `file_too_many_rows`, `file_too_much_inside`.
    """
    decoded = decode(content)
    text, first = decoded.text.lstrip("\ufeff").rstrip("\0\x1a"), 1
    said = _SAID.match(text)
    if said:
        text, first = text[said.end() :], 2
    lines = _LINE_ENDS.split(text)
    if len(lines) > _MOST_LINES:
        raise FileRefused("file_too_much_inside")
    separator = said[1] if said else _separator(lines)
    rows: list[Row] = []
    widths: list[int] = []
    for record in _unwrapped(_records(lines, separator, first)):
        width = len(record.fields)
        cells = tuple(Cell(_told(text)) for text in _without_tail(record.fields))
        row = Row(record.number, cells)
        if row.is_empty:
            continue
        if len(rows) == most_rows + ROWS_BESIDE:
            raise FileRefused("file_too_many_rows", most=most_rows)
        rows.append(row)
        widths.append(width)
    if lines[-1] and len(rows) > 2 and widths[-1] < min(widths[1:-1]):
        rows[-1] = Row(rows[-1].number, rows[-1].cells, is_cut_short=True)
    return Sheet("", rows, encoding=decoded.encoding)


def _separator(lines: list[str]) -> str:
    """Return what parts the columns: the sign that gives the most lines the same many columns."""
    sample = [line for line in lines[: _LOOKED_AT * 4] if line.strip()][:_LOOKED_AT]
    best, most = SEPARATORS[0], (0, 0)
    for separator in SEPARATORS:
        counts = [_outside_quotes(line).count(separator) for line in sample]
        usual = max(set(counts), key=lambda count: (count > 0, counts.count(count)), default=0)
        score = (counts.count(usual) if usual else 0, usual)
        if score > most:
            best, most = separator, score
    return best


def _outside_quotes(line: str) -> str:
    return re.sub(r'"[^"]*"', "", line)


def _records(lines: list[str], separator: str, first: int) -> Iterator[_Record]:
    number, place = first, 0
    while place < len(lines):
        line, place = lines[place], place + 1
        if '"' not in line:
            yield _Record(number, line.split(separator))
        else:
            fields, used = _quoted(lines, place - 1, separator, number)
            place = place - 1 + used
            yield _Record(number, fields)
        number += 1


def _unwrapped(records: Iterator[_Record]) -> Iterator[_Record]:
    """Yield the records; of a file that has each line in one pair of quotes, what is inside."""
    inside = ""
    is_first = True
    for record in records:
        alone = record.fields[0] if len(record.fields) == 1 else ""
        if is_first and any(record.fields):
            inside = next((one for one in SEPARATORS if one in alone), "")
            is_first = False
        if inside and alone:
            yield next(_records([alone.replace("\n", " ")], inside, record.number))
        else:
            yield record


def _quoted(lines: list[str], start: int, separator: str, number: int) -> tuple[list[str], int]:
    """Return the fields of the record that begins at `start`, and over how many lines it goes."""
    fields: list[str] = []
    line, used, place, length = lines[start], 1, 0, 0
    while True:
        if place < len(line) and line[place] == '"':
            parts: list[str] = []
            place += 1
            while True:
                end = line.find('"', place)
                if end < 0:
                    parts.append(line[place:])
                    length += len(line) + 1
                    if start + used >= len(lines) or length > LONGEST_CELL:
                        raise FileRefused("file_quote_unclosed", row=number)
                    parts.append("\n")
                    line, used, place = lines[start + used], used + 1, 0
                elif line[end : end + 2] == '""':
                    parts.append(line[place : end + 1])
                    place = end + 2
                else:
                    parts.append(line[place:end])
                    place = end + 1
                    break
            end = line.find(separator, place)
            rest = line[place:] if end < 0 else line[place:end]
            fields.append("".join(parts) + rest)
        else:
            end = line.find(separator, place)
            fields.append(line[place:] if end < 0 else line[place:end])
        if end < 0:
            return fields, used
        place = end + 1


def _without_tail(fields: list[str]) -> list[str]:
    """Return the fields without empty ones at the end, so that a width means something."""
    while fields and not fields[-1].strip():
        fields.pop()
    return fields[: MOST_COLUMNS + 1]


_AS_TEXT = re.compile(r'="([^"]*)"?')


def _told(text: str) -> str:
    """Return a field without what spreadsheets put round it to keep it a text.

    >>> _told('="0912345678"'), _told("'+84912345678"), _told("'n roll")
    ('0912345678', '+84912345678', "'n roll")
    """
    text = text[: LONGEST_CELL + 1]
    if as_text := _AS_TEXT.fullmatch(text.strip()):
        return as_text[1]
    return text[1:] if text[:1] == "'" and text[1:2] in "=+-@0123456789" and text[1:2] else text
