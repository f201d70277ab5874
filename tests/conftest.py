"""What every test may use; the fixtures themselves stand in `tests/support`."""

import os

pytest_plugins = [
    "tests.support.shared",
    "tests.support.report",
    "tests.support.run",
    "tests.support.databases",
    "tests.support.redis",
    "tests.support.applications",
    "tests.support.office",
    "tests.support.audit_told",
    "tests.support.imports",
    "tests.support.workshop",
    "tests.support.chromium",
    "tests.support.servers",
    "tests.support.nursery",
]


def pytest_configure() -> None:
    """Let no setting of the machine's own shop reach a test."""
    for name in list(os.environ):
        if name.startswith("DACSAN_") and name != "DACSAN_SHARED":
            del os.environ[name]
