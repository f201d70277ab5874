"""The zip file of a backup: writing its parts with their digests, reading them back checked."""

import hashlib
import json
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import IO, Any

from shop.backup import durable

FORMAT = "dacsan-backup"
VERSION = 1
MANIFEST = "manifest.json"
DATABASE = "database"
FILES = "files/"
_CHUNK = 1 << 20


class BackupUnusable(Exception):
    """The file is no backup that can be trusted; `reason` says why, about `part`."""

    def __init__(self, reason: str, part: str = "") -> None:
        super().__init__(f"{reason} {part}".strip())
        self.reason, self.part = reason, part


@dataclass(frozen=True, slots=True)
class Part:
    """One file inside the backup."""

    name: str
    size: int
    sha256: str


@dataclass(slots=True)
class Manifest:
    """What a backup holds: when it was made, of which database, with which parts."""

    made_at: datetime
    database_kind: str
    revision: str
    key_from: str
    """Where the master key was: `file` (one of the parts), `environment` or `none`."""
    parts: list[Part] = field(default_factory=list)

    def as_json(self) -> str:
        """Return the manifest as it stands in the file."""
        content = {"format": FORMAT, "version": VERSION, **asdict(self)}
        content["made_at"] = self.made_at.isoformat()
        return json.dumps(content, indent=1)


def write(path: Path, manifest: Manifest, sources: Iterator[tuple[str, Path]]) -> None:
    """Write a backup to `path` with the files of `sources` (name inside, where it lies).

    The file appears under its name when it is whole and has been read back. A file that is gone
    by its turn is left out: only letters and the like are ever removed.
    """
    unfinished = path.with_name(f"{path.name}.part")
    try:
        with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for name, source in sources:
                try:
                    manifest.parts.append(_add(archive, name, source))
                except FileNotFoundError:
                    continue
            archive.writestr(MANIFEST, manifest.as_json())
        durable.sync_file(unfinished)
        for _part, _content in read(unfinished):
            pass
        unfinished.replace(path)
        durable.sync_folder(path.parent)
    finally:
        durable.remove(unfinished)


def _add(archive: zipfile.ZipFile, name: str, source: Path) -> Part:
    digest, size = hashlib.sha256(), 0
    with source.open("rb") as content:
        entry = zipfile.ZipInfo.from_file(source, name, strict_timestamps=False)
        entry.compress_type = zipfile.ZIP_DEFLATED
        with archive.open(entry, "w", force_zip64=True) as kept:
            while chunk := content.read(_CHUNK):
                kept.write(chunk)
                digest.update(chunk)
                size += len(chunk)
    return Part(name, size, digest.hexdigest())


def read_manifest(path: Path) -> Manifest:
    """Return what the backup says it holds; raise `BackupUnusable` for anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            content = json.loads(archive.read(MANIFEST))
            names = sorted(archive.namelist())
    except (zipfile.BadZipFile, KeyError, ValueError, EOFError) as error:
        raise BackupUnusable("not_a_backup") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise BackupUnusable("not_a_backup")
    if content.get("version") != VERSION:
        raise BackupUnusable("other_version")
    manifest = _understood(content)
    listed = sorted([part.name for part in manifest.parts] + [MANIFEST])
    if names != listed:
        strange = next(iter(set(names) ^ set(listed)), MANIFEST)
        raise BackupUnusable("parts_differ", strange)
    return manifest


def _understood(content: dict[str, Any]) -> Manifest:
    try:
        manifest = Manifest(
            made_at=datetime.fromisoformat(content["made_at"]),
            database_kind=content["database_kind"],
            revision=content["revision"],
            key_from=content["key_from"],
            parts=[Part(**part) for part in content["parts"]],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise BackupUnusable("not_a_backup") from error
    for part in manifest.parts:
        steps = PurePosixPath(part.name).parts
        if part.name != "/".join(steps) or {"..", "/"} & set(steps) or "\\" in part.name:
            raise BackupUnusable("unsafe_name", part.name)
    return manifest


def read(path: Path) -> Iterator[tuple[Part, "Content"]]:
    """Yield the parts of a backup with their content, each checked before the next is begun."""
    manifest = read_manifest(path)
    with zipfile.ZipFile(path) as archive:
        for part in manifest.parts:
            with archive.open(part.name) as opened:
                content = Content(opened, part)
                yield part, content
                content.finish()


class Content:
    """The content of one part, which is measured while it is read."""

    def __init__(self, opened: IO[bytes], part: Part) -> None:
        self._opened, self._part = opened, part
        self._digest, self._size = hashlib.sha256(), 0

    def chunks(self) -> Iterator[bytes]:
        """Yield the bytes; raise `BackupUnusable` at more than the manifest allows."""
        try:
            while chunk := self._opened.read(_CHUNK):
                self._size += len(chunk)
                if self._size > self._part.size:
                    raise BackupUnusable("part_damaged", self._part.name)
                self._digest.update(chunk)
                yield chunk
        except (zipfile.BadZipFile, zlib.error, EOFError) as error:
            raise BackupUnusable("part_damaged", self._part.name) from error

    def finish(self) -> None:
        """Read what is left; raise `BackupUnusable` unless size and SHA-256 are as listed."""
        for _chunk in self.chunks():
            pass
        if (self._size, self._digest.hexdigest()) != (self._part.size, self._part.sha256):
            raise BackupUnusable("part_damaged", self._part.name)
