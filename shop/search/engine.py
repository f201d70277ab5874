"""The index on disk: the one module that knows Whoosh.

A build stands in a folder of its own below `folder`; the file `current` names the one in use and
is replaced in one step, so that searching goes on while another is built. Words come cut and
folded (`shop.search.words`): Whoosh's analysers split Vietnamese letters and drop its words.
A process in which nobody searches never loads it: that spares it three megabytes.
"""

import json
import os
import secrets
import shutil
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shop.search.documents import Document
from shop.search.words import words

FORMAT = "2"
"""Part of a build's name: a build of an older form is not read."""

FIELDS = ("name", "names", "text")
_CURRENT = "current"
_SYNONYMS = "synonyms.json"


class IndexUnusable(Exception):
    """The index is missing, damaged, or of another form; it has to be built anew."""


@dataclass
class Entry:
    """One product of an open index, its texts folded and joined for comparing phrases."""

    number: int
    product_id: int
    digest: str
    title: str
    """The name as it is written."""
    name: str
    everything: str


@dataclass
class OpenIndex:
    """A build as it stood when it was opened, its words and products in memory."""

    reader: Any
    synonyms: list[list[str]]
    entries: dict[int, Entry] = field(default_factory=dict)
    _found: dict[tuple[str, str], frozenset[int]] = field(default_factory=dict)

    def with_word(self, where: str, word: str) -> frozenset[int]:
        """Return the numbers of the entries that have `word` in a field of `FIELDS`.

        `name:w` and the like ask for the written form, `name:f` for the folded one.
        """
        key = (where, word)
        if key not in self._found:
            column = where.replace(":", "_")
            with _trouble():
                there = (column, word) in self.reader
                found = list(self.reader.postings(column, word).all_ids()) if there else []
            if len(self._found) > 50_000:
                self._found.clear()
            self._found[key] = frozenset(found)
        return self._found[key]

    def words_of(self, where: str) -> list[str]:
        """Return all words of a field, in the order of their letters."""
        column = where.replace(":", "_")
        with _trouble():
            return [word.decode() for word in self.reader.lexicon(column)]
        raise AssertionError("unreachable")

    def close(self) -> None:
        """Let go of the files."""
        self.reader.close()


def build(folder: Path, documents: Iterable[Document], synonyms: Sequence[Sequence[str]]) -> None:
    """Write an index of `documents` beside the one in use, then put it in its place."""
    name = f"{FORMAT}-{secrets.token_hex(6)}"
    place = folder / name
    place.mkdir(parents=True)
    from whoosh import index

    writer = index.create_in(str(place), _schema()).writer(limitmb=64)
    for document in documents:
        writer.add_document(**_row(document))
    writer.commit(optimize=True)
    _write(place / _SYNONYMS, json.dumps(list(synonyms), ensure_ascii=False))
    before = current(folder)
    _write(folder / _CURRENT, name)
    _clear_away(folder, keep={name, before})


def update(
    folder: Path,
    changed: Iterable[Document],
    gone: Iterable[int],
    synonyms: Sequence[Sequence[str]] | None,
) -> None:
    """Bring some products up to date in the index in use, and take out those that are gone.

    Raises `IndexUnusable`, also while another process writes: the next turn tries again.
    """
    from whoosh import index
    from whoosh.query import Term

    place = _place(folder)
    with _trouble():
        writer = index.open_dir(str(place)).writer()
        for document in changed:
            writer.update_document(**_row(document))
        for product_id in gone:
            writer.delete_by_query(Term("key", str(product_id)))
        writer.commit()
        if synonyms is not None:
            _write(place / _SYNONYMS, json.dumps(list(synonyms), ensure_ascii=False))


def current(folder: Path) -> str:
    """Return the name of the build in use; empty where there is none."""
    try:
        return (folder / _CURRENT).read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def state(folder: Path) -> str:
    """Return what is another as soon as the index in use was built anew or brought up to date."""
    name = current(folder)
    place = folder / name
    try:
        parts = [entry.name for entry in os.scandir(place) if entry.name.startswith("_MAIN")]
        changed = (place / _SYNONYMS).stat().st_mtime_ns
    except OSError:
        return ""
    return f"{name}:{changed}:{','.join(sorted(parts))}" if name and parts else ""


def open_index(folder: Path) -> OpenIndex:
    """Return the index in use; raises `IndexUnusable`."""
    from whoosh import index

    place = _place(folder)
    with _trouble():
        reader = index.open_dir(str(place)).reader()
        synonyms = json.loads((place / _SYNONYMS).read_text("utf-8"))
        opened = OpenIndex(reader, synonyms)
        for number, stored in reader.iter_docs():
            opened.entries[number] = Entry(number=number, **_read(stored))
        return opened
    raise AssertionError("unreachable")


def _read(stored: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "product_id": int(stored["key"]),
        "digest": stored["digest"],
        "title": stored["title"],
        "name": stored["phrase_name"],
        "everything": stored["phrase_all"],
    }


def _place(folder: Path) -> Path:
    name = current(folder)
    if not name.startswith(f"{FORMAT}-") or "/" in name or "\\" in name:
        raise IndexUnusable("there is no index of this form")
    return folder / name


class _trouble:  # noqa: N801 - reads as a statement: `with _trouble():`
    """Turn whatever Whoosh makes of a damaged or locked index into `IndexUnusable`."""

    def __enter__(self) -> None:
        return

    def __exit__(self, kind: type[BaseException] | None, error: Any, _trace: Any) -> None:
        if kind is not None and issubclass(kind, Exception) and kind is not IndexUnusable:
            raise IndexUnusable(f"{kind.__name__}: {error}") from error


def _schema() -> Any:
    from whoosh import fields

    columns: dict[str, Any] = {
        "key": fields.ID(unique=True, stored=True),
        "digest": fields.STORED(),
        "title": fields.STORED(),
        "phrase_name": fields.STORED(),
        "phrase_all": fields.STORED(),
    }
    for name in FIELDS:
        for form in ("w", "f"):
            columns[f"{name}_{form}"] = fields.KEYWORD(scorable=False)
    return fields.Schema(**columns)


def _row(document: Document) -> dict[str, str]:
    texts = {
        "name": [document.name],
        "names": [document.name, *document.names],
        "text": [document.text],
    }
    row = {
        "key": str(document.product_id),
        "digest": document.digest,
        "title": document.name,
    }
    cut = {name: [words(text) for text in found] for name, found in texts.items()}
    folded = [words(text) for text in document.folded]
    for name, found in cut.items():
        row[f"{name}_w"] = " ".join(written for part in found for written, _plain in part)
        known = [*found, *folded] if name == "names" else found
        row[f"{name}_f"] = " ".join(plain for part in known for _written, plain in part)
    row["phrase_name"] = _phrase(cut["name"])
    row["phrase_all"] = _phrase([*cut["names"], *folded])
    return row


def _phrase(parts: Iterable[Sequence[tuple[str, str]]]) -> str:
    """Return the folded words so that a phrase is found at the beginnings of words alone."""
    return " | ".join(" ".join(["", *(plain for _written, plain in part)]) for part in parts)


def _write(path: Path, text: str) -> None:
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)


def _clear_away(folder: Path, *, keep: set[str]) -> None:
    """Remove builds that nobody reads any more; what is still open somewhere stays for once."""
    for place in folder.iterdir():
        if place.is_dir() and place.name not in keep:
            with suppress(OSError):
                shutil.rmtree(place)
