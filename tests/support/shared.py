"""Where the vectors and data lie that this project shares with others."""

import os
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
NEEDS_SHARED = "needs ../shared beside the checkout, or DACSAN_SHARED"
"""The one reason for which a test may be skipped in `make test`."""


def shared_folder() -> Path | None:
    """Return the shared folder: `DACSAN_SHARED`, or `shared` beside the checkout; else `None`."""
    given = os.environ.get("DACSAN_SHARED")
    folder = Path(given) if given else CHECKOUT.parent / "shared"
    return folder if (folder / "vectors").is_dir() else None


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared vectors and data; without it the test is skipped."""
    folder = shared_folder()
    if folder is None:
        pytest.skip(NEEDS_SHARED)
    return folder
