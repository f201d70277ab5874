"""Where the vectors and data lie that this project shares with others."""

import os
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def shared_folder() -> Path | None:
    """Return the shared folder: `DACSAN_SHARED`, or `shared` beside the checkout; else `None`."""
    given = os.environ.get("DACSAN_SHARED")
    folder = Path(given) if given else CHECKOUT.parent / "shared"
    return folder if (folder / "vectors").is_dir() else None
