"""What a file is, read from its first bytes: its name and its ending prove nothing."""

import io
import re
import zipfile
from enum import StrEnum

from shop.forms.values import ValueRefused


class FileRefused(ValueRefused):
    """A whole file cannot be taken; its sentence says what to do with it instead."""


class FileKind(StrEnum):
    """The two kinds of file that are read."""

    WORKBOOK = "workbook"
    TEXT = "text"


_BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "file_is_pdf"),
    (b"\x89PNG", "file_is_picture"),
    (b"\xff\xd8\xff", "file_is_picture"),
    (b"GIF8", "file_is_picture"),
    (b"BM", "file_is_picture"),
    (b"II*\x00", "file_is_picture"),
    (b"MM\x00*", "file_is_picture"),
    (b"{\\rtf", "file_is_document"),
    (b"\x1f\x8b", "file_is_packed"),
    (b"BZh", "file_is_packed"),
    (b"7z\xbc\xaf", "file_is_packed"),
    (b"Rar!", "file_is_packed"),
    (b"\xfd7zXZ", "file_is_packed"),
    (b"SQLite format 3", "file_is_no_table"),
    (b"\x09\x08\x10\x00", "file_is_old_workbook"),
    (b"\x09\x08\x08\x00", "file_is_old_workbook"),
    (b"\x09\x04\x06\x00", "file_is_old_workbook"),
    (b"\x09\x02\x06\x00", "file_is_old_workbook"),
    (b"\x09\x00\x04\x00", "file_is_old_workbook"),
    (b"ID;P", "file_is_no_table"),
    (b"TABLE\r\n0,1\r\n", "file_is_no_table"),
    (b"MIME-Version:", "file_is_web_page"),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_LOCKED_INSIDE = "EncryptedPackage".encode("utf-16-le")
_MARKUP = re.compile(
    rb"\s*<(?:!--|!doctype|\?xml|html|head|body|table|thead|tbody|tr|div|span|font|meta|style|xml)"
    rb"[\s>/-]?",
    re.IGNORECASE,
)
_JSON = re.compile(rb'\s*(?:\[\s*[\[{"]|\{\s*")')
_BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOST_CONTROLS = 50


def recognise_file(content: bytes) -> FileKind:
    """Return what kind of table `content` is; raise `FileRefused` for anything else.

    Workbooks of before 2007, those locked with a password, OpenDocument, documents, pictures and
    archives are named, so that the sentence can say how to save them.
    """
    if not content.strip(b" \t\r\n\x00\xef\xbb\xbf"):
        raise FileRefused("file_empty")
    if content.startswith(_COMPOUND):
        locked = _LOCKED_INSIDE in content
        raise FileRefused("file_is_locked" if locked else "file_is_old_workbook")
    for beginning, code in _BEGINNINGS:
        if content.startswith(beginning) and _is_binary(content, beginning):
            raise FileRefused(code)
    if content[4:8] == b"ftyp" or (content[:4] == b"RIFF" and content[8:12] == b"WEBP"):
        raise FileRefused("file_is_picture")
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _inside(content)
    beginning = content[:400]
    for mark in _BOMS:
        beginning = beginning.removeprefix(mark)
    beginning = beginning.replace(b"\0", b"")
    if _MARKUP.match(beginning):
        raise FileRefused("file_is_web_page")
    if _JSON.match(beginning):
        raise FileRefused("file_is_no_table")
    if not content.startswith(_BOMS) and _is_noise(content):
        raise FileRefused("file_is_no_table")
    return FileKind.TEXT


def _is_binary(content: bytes, beginning: bytes) -> bool:
    """Return whether the file is what its beginning says: a CSV may begin with `BM` too."""
    return beginning != b"BM" or bool(_CONTROLS.search(content[:64]))


def _inside(content: bytes) -> FileKind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            locked = any(entry.flag_bits & 1 for entry in archive.infolist())
    except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as error:
        raise FileRefused("file_damaged") from error
    if locked:
        raise FileRefused("file_is_locked")
    if "xl/workbook.bin" in names:
        raise FileRefused("file_is_binary_workbook")
    if any(name.startswith("word/") for name in names):
        raise FileRefused("file_is_document")
    if "mimetype" in names or "content.xml" in names:
        raise FileRefused("file_is_open_document")
    if "Index/Document.iwa" in names or "index.apxl" in names:
        raise FileRefused("file_is_numbers")
    if "[Content_Types].xml" in names and any(name.startswith("xl/") for name in names):
        return FileKind.WORKBOOK
    raise FileRefused("file_is_packed")


def _is_noise(content: bytes) -> bool:
    """Return whether control characters stand where no text has them; UTF-16 has every second."""
    beginning = content[:4096]
    if len(_CONTROLS.findall(beginning)) <= min(_MOST_CONTROLS, len(beginning) // 8):
        return False
    nul_at = {place % 2 for place, byte in enumerate(beginning) if byte == 0}
    return len(nul_at) != 1 or beginning.count(0) * 3 < len(beginning)
