"""Where the files lie that are not code, and how the static ones are served."""

import hashlib
import shutil
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from rjsmin import jsmin
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

PACKAGE = Path(__file__).parent


def templates_folder() -> Path:
    """Return the folder of the templates: packed in the wheel, or beside the package."""
    packed = PACKAGE / "templates"
    return packed if packed.is_dir() else PACKAGE.parent / "templates"


def translations_folder() -> Path:
    """Return the folder of the message catalogues."""
    return PACKAGE / "translations"


@cache
def static_version() -> str:
    """Return a short hash over all static files: it changes when one of them does."""
    digest = hashlib.sha256()
    for path in sorted((PACKAGE / "static").rglob("*")):
        if path.is_file():
            digest.update(path.relative_to(PACKAGE).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


@cache
def release() -> str:
    """Return a short hash over what pages are made with: static files, code, templates, texts."""
    digest = hashlib.sha256(static_version().encode())
    for folder in (PACKAGE, templates_folder()):
        for path in sorted(folder.rglob("*")):
            if path.suffix in {".py", ".html", ".mo"}:
                digest.update(path.relative_to(folder).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def static_address(filename: str) -> str:
    """Return the address of a static file, the same in every language and cached for ever."""
    return f"/static/{static_version()}/{filename}"


def serve_static(app: Any, var: Path) -> Any:
    """Return `app` with the static files in front of it, compressed ahead of time in `var`."""
    root = var / "static" / static_version()
    if not root.is_dir():
        _compress_into(root)
    served = WhiteNoise(
        app,
        root=str(root),
        prefix=f"static/{static_version()}/",
        max_age=31_536_000,
        immutable_file_test=lambda _path, _url: True,
        allow_all_origins=False,
    )
    served.add_files(str(PACKAGE / "static" / "root"), prefix="")
    return served


def _compress_into(root: Path) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(dir=root.parent))
    try:
        copy = work / "static"
        shutil.copytree(PACKAGE / "static", copy)
        for path in copy.rglob("*.js"):
            path.write_text(jsmin(path.read_text("utf-8")), "utf-8")
        compressor = Compressor(quiet=True)
        for path in sorted(copy.rglob("*")):
            if path.is_file() and compressor.should_compress(path.name):
                list(compressor.compress(str(path)))
        try:
            copy.rename(root)
        except OSError:
            if not root.is_dir():  # otherwise another process was first
                raise
    finally:
        shutil.rmtree(work, ignore_errors=True)
