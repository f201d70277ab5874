"""A run of the suite tells its times, skips nothing in silence, and names failed steps."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support.shared import CHECKOUT, NEEDS_SHARED

SUITE = f"""
import pytest

def test_quick():
    pass

@pytest.mark.race
def test_race():
    pass

def test_without_shared():
    pytest.skip({NEEDS_SHARED!r})

@pytest.mark.skipif(True, reason="too slow")
def test_skipped():
    pass
"""


def run(folder: Path, *options: str, **environment: str) -> tuple[int, str]:
    """Return exit code and output of pytest on a small suite of its own."""
    (folder / "test_small.py").write_text(SUITE, encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\nmarkers =\n    race: x\n", encoding="utf-8")
    plugins = ["-p", "tests.support.shared", "-p", "tests.support.report"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *plugins, "-p", "no:cacheprovider", *options],
        check=False,
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **environment},
    )
    return done.returncode, done.stdout


def test_only_what_needs_shared_may_be_skipped(tmp_path: Path) -> None:
    code, said = run(tmp_path, "--no-skips")

    assert code == 1
    assert "no test may be skipped here: Skipped: too slow" in said
    assert "2 passed, 1 skipped, 1 error" in said.splitlines()[-1]


def test_a_skip_is_no_failure_where_programs_may_be_missing(tmp_path: Path) -> None:
    code, said = run(tmp_path)

    assert code == 0
    assert "2 passed, 2 skipped" in said.splitlines()[-1]


def test_seconds_are_summed_by_part_with_those_before_the_tests(tmp_path: Path) -> None:
    before = {"seconds": {"set-up": 12.3}, "failed": ["lint"]}

    _, said = run(tmp_path, "--no-skips", BEFORE_TESTS=json.dumps(before))

    lines = [" ".join(line.split()) for line in said.splitlines()]
    sums = lines[lines.index(next(line for line in lines if "seconds per part" in line)) + 1 :]
    assert [line.split(" ", 1)[1] for line in sums[:3]] == [
        "set-up",
        "SQLite and files",
        "races and faults",
    ]
    assert sums[0].startswith("12.3 ")
    assert any("failed before the tests: lint" in line for line in sums)
    assert sum("test_small.py::" in line for line in sums if line[0].isdigit()) == 4
