"""What the workers of one test run share: a folder, and the process that ends last."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from filelock import FileLock


@dataclass(frozen=True)
class Run:
    """One test run, seen from any of its workers."""

    folder: Path
    """A folder that all workers see, gone with the run."""
    owner: int
    """The process that starts and ends the workers."""

    def once(self, name: str, make: Callable[[Path], None]) -> Path:
        """Return the path `name` in the folder, made by whichever worker asks first."""
        path = self.folder / name
        with FileLock(self.folder / f"{name}.lock"):
            if not path.exists():
                unfinished = path.with_name(f"unfinished-{name}")
                unfinished.unlink(missing_ok=True)
                make(unfinished)
                unfinished.rename(path)
        return path


@pytest.fixture(scope="session")
def run(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Run:
    """The test run this worker belongs to."""
    own = tmp_path_factory.getbasetemp()
    if hasattr(request.config, "workerinput"):
        return Run(own.parent, os.getppid())
    return Run(own, os.getpid())
