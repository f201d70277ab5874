"""The parts of an XLSX file, unpacked in pieces with a limit, read without building a tree.

A small file can unpack into gigabytes, and XML can name itself into more: here a part ends at a
limit, and a document type is refused. Nothing in a damaged file may raise anything but
`FileRefused`.
"""

import io
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from xml.parsers import expat

from shop.forms.tables.file_kinds import FileRefused

MOST_PARTS = 2000
MOST_UNPACKED = 64 * 1024 * 1024
"""Bytes of one part; a sheet of a million empty rows has fewer."""

_PIECE = 4 * 1024 * 1024
"""Large, as the parser begins anew with each piece of something long, such as a comment."""

Attributes = Mapping[str, str]


class Package:
    """The parts of one file by name."""

    def __init__(self, content: bytes) -> None:
        try:
            self._archive = zipfile.ZipFile(io.BytesIO(content))
        except (zipfile.BadZipFile, ValueError, RuntimeError, OSError) as error:
            raise FileRefused("file_damaged") from error
        entries = self._archive.infolist()
        if len(entries) > MOST_PARTS:
            raise FileRefused("file_too_much_inside")
        self._names = {entry.filename.lstrip("/").lower(): entry.filename for entry in entries}

    def has(self, name: str) -> bool:
        """Return whether there is such a part."""
        return name.lower() in self._names

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield the bytes of a part in pieces; raise `FileRefused` for a missing or broken one."""
        stored = self._names.get(name.lower())
        if stored is None:
            raise FileRefused("file_damaged")
        read = 0
        try:
            with self._archive.open(stored) as part:
                while piece := part.read(_PIECE):
                    read += len(piece)
                    if read > MOST_UNPACKED:
                        raise FileRefused("file_too_much_inside")
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError) as error:
            raise FileRefused("file_damaged") from error


class Enough(Exception):
    """A reader has seen what it wanted of a part."""


def walk(
    package: Package,
    name: str,
    *,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] | None = None,
    text: Callable[[str], None] | None = None,
) -> None:
    """Tell `start`, `end` and `text` what stands in the XML part `name`, by local names.

    They may raise `Enough`. Raises `FileRefused` `file_damaged`, `file_too_much_inside`.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = lambda tag, given: start(_local(tag), _plain(given))
    parser.StartDoctypeDeclHandler = _refuse_doctype
    if end is not None:
        parser.EndElementHandler = lambda tag: end(_local(tag))
    if text is not None:
        parser.CharacterDataHandler = text
    try:
        for piece in package.pieces(name):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except Enough:
        return
    except expat.ExpatError as error:
        raise FileRefused("file_damaged") from error


def _refuse_doctype(*_declared: object) -> None:
    raise FileRefused("file_damaged")


def _local(tag: str) -> str:
    return tag.rpartition(" ")[2]


def _plain(given: Mapping[str, str]) -> Attributes:
    return {_local(name): value for name, value in given.items()}
