"""Files that wait for their confirmation, in a folder beside the photos that do."""

import json
import re
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT = timedelta(days=2)
"""How long a file waits after it was sent."""

_TOKEN = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class WaitingFile:
    """A file that was sent, by whom and for whose goods."""

    kind: str
    file_name: str
    seller_id: int
    account_id: int


def keep(content: bytes, about: WaitingFile, *, folder: Path) -> str:
    """Put a file aside and return the token it waits under."""
    folder.mkdir(parents=True, exist_ok=True)
    token = secrets.token_hex(16)
    (folder / f"{token}.content").write_bytes(content)
    (folder / f"{token}.json").write_text(json.dumps(asdict(about)), encoding="utf-8")
    return token


def find(token: str, *, account_id: int, folder: Path) -> tuple[WaitingFile, bytes] | None:
    """Return a file that this account put aside, if it still waits."""
    if not _TOKEN.fullmatch(token):
        return None
    about, content = folder / f"{token}.json", folder / f"{token}.content"
    if not (about.is_file() and content.is_file()):
        return None
    found = WaitingFile(**json.loads(about.read_text(encoding="utf-8")))
    return (found, content.read_bytes()) if found.account_id == account_id else None


def forget(folder: Path, *, now: datetime) -> int:
    """Delete what has waited for more than two days; return how many files."""
    long_ago = (now - KEPT).timestamp()
    old = [path for path in folder.glob("*") if path.stat().st_mtime < long_ago]
    for path in old:
        path.unlink(missing_ok=True)
    return len({path.stem for path in old})
