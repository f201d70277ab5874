"""The distribution as others get it: built once in a run, installed into clean environments."""

import os
import runpy
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.run import Run
from tests.support.shared import CHECKOUT

Install = Callable[[str], Path]


@pytest.fixture(scope="session")
def wheel(run: Run) -> Path:
    """The wheel, built from the source distribution, so that both are complete."""

    def build(folder: Path) -> None:
        command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder)]
        done = subprocess.run(
            [*command, str(CHECKOUT)], capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr

    return next(run.once("dist", build).glob("*.whl"))


@pytest.fixture(scope="session")
def install(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Install]:
    """Install the wheel with the given extras into an environment with nothing else."""
    tools = runpy.run_path(str(CHECKOUT / "tools/setup.py"))
    made: list[Path] = []

    def into_new_environment(extras: str) -> Path:
        folder = tmp_path_factory.mktemp("clean")
        made.append(folder)
        uv = [sys.executable, "-m", "uv", "--quiet"]
        versions = ["--constraints", str(CHECKOUT / "requirements/run.lock")]
        python = folder / "bin/python"
        for command in (
            [*uv, "venv", "--python", sys.executable, str(folder)],
            [*uv, "pip", "install", "--python", str(python), *versions, f"{wheel}{extras}"],
        ):
            subprocess.run(command, check=True, env=tools["uv_environment"](), cwd=folder)
        return python

    yield into_new_environment
    for folder in made:
        shutil.rmtree(folder)


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """Variables for a program that shall see neither the checkout nor anybody's settings."""
    home = tmp_path / "home"
    home.mkdir()
    return {"PATH": os.environ["PATH"], "HOME": str(home), "LANG": "C.UTF-8"}
