"""What every test may use; the fixtures themselves stand in `tests/support`."""

import os
from pathlib import Path

import pytest

from tests.support.shared import shared_folder

pytest_plugins = ["tests.support.run", "tests.support.databases"]


def pytest_configure() -> None:
    """Let no setting of the machine's own shop reach a test."""
    for name in list(os.environ):
        if name.startswith("DACSAN_") and name != "DACSAN_SHARED":
            del os.environ[name]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared vectors and data; without it the test is skipped."""
    folder = shared_folder()
    if folder is None:
        pytest.skip("needs ../shared beside the checkout, or DACSAN_SHARED")
    return folder
