"""At the end of a run: the seconds per part, the ten slowest tests, and no silent skip."""

import json
import os
import signal
from collections import Counter
from collections.abc import Generator

import pytest

from tests.support.shared import NEEDS_SHARED

PARTS = {
    "races and faults": {"race", "chaos", "fuzz", "contract"},
    "journeys": {"journey", "browser"},
    "PostgreSQL and Redis": {"postgres", "redis"},
}
"""Part of the suite -> the markers that put a test there; the others are the first part."""
REST = "SQLite and files"

_seconds: Counter[str] = Counter()
_part_of: dict[str, str] = {}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--no-skips", action="store_true", help=f"a skip is a failure, unless it {NEEDS_SHARED}"
    )


def pytest_configure(config: pytest.Config) -> None:
    """End a run that is told to stop as Ctrl-C does: with a summary of what it has seen."""
    if not hasattr(config, "workerinput"):
        signal.signal(signal.SIGTERM, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything that tests need must be there."""
    report = yield
    if report.skipped and item.config.getoption("--no-skips"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if NEEDS_SHARED not in reason:
            report.outcome = "failed"
            report.longrepr = f"no test may be skipped here: {reason}"
    return report


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Add up how long each test took, with what was made for it."""
    _seconds[report.nodeid] += report.duration
    marks = set(report.keywords)
    _part_of[report.nodeid] = next((part for part, names in PARTS.items() if names & marks), REST)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the sums; a test runs beside others, so they exceed what the clock shows."""
    before = json.loads(os.environ.get("BEFORE_TESTS", '{"seconds": {}, "failed": []}'))
    if not _seconds or not (before["seconds"] or terminalreporter.config.getoption("--no-skips")):
        return
    sums = Counter(before["seconds"])
    for test, taken in _seconds.items():
        sums[_part_of[test]] += taken
    terminalreporter.section("seconds per part, two tests at a time")
    for part, taken in sums.items():
        terminalreporter.write_line(f"{taken:7.1f}  {part}")
    terminalreporter.section("the ten slowest tests")
    for test, taken in _seconds.most_common(10):
        terminalreporter.write_line(f"{taken:7.1f}  {test}")
    for step in before["failed"]:
        terminalreporter.section(f"failed before the tests: {step}", red=True)
