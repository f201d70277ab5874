"""The lock files pin all that pyproject.toml asks for, by digest and without an address."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.shared import CHECKOUT

LOCKS = sorted((CHECKOUT / "requirements").glob("*.lock"))


def pinned(lock: Path) -> dict[str, Version]:
    """Return the version of each package of a lock file."""
    found = re.findall(r"^([\w.-]+)==([\w.!+]+)", lock.read_text("utf-8"), re.MULTILINE)
    return {canonicalize_name(name): Version(version) for name, version in found}


def asked_for(extra: str) -> list[Requirement]:
    """Return what the project needs with `extra`, extras of its own resolved."""
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text("utf-8"))["project"]
    found, extras = [], [extra]
    lines = list(project["dependencies"])
    while extras or lines:
        lines += project["optional-dependencies"][extras.pop()] if extras else []
        while lines:
            requirement = Requirement(lines.pop())
            if requirement.name == project["name"]:
                extras += requirement.extras
            else:
                found.append(requirement)
    return found


@pytest.mark.parametrize(("lock", "extra"), [("run.lock", "demo"), ("dev.lock", "dev")])
def test_the_lock_holds_what_the_project_asks_for(lock: str, extra: str) -> None:
    versions = pinned(CHECKOUT / "requirements" / lock)

    unmet = [
        str(asked)
        for asked in asked_for(extra)
        if canonicalize_name(asked.name) not in versions
        or versions[canonicalize_name(asked.name)] not in asked.specifier
    ]

    assert unmet == [], "run `make lock`"


def test_both_locks_agree_on_every_version() -> None:
    run, dev = (pinned(CHECKOUT / "requirements" / name) for name in ("run.lock", "dev.lock"))

    assert run.items() <= dev.items()


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_by_digest_and_no_address_is_named(lock: Path) -> None:
    text = lock.read_text("utf-8")
    entries = re.split(r"\n(?=\S)", text.strip())

    assert all(re.match(r"[\w.-]+==\S+.*\\\n +--hash=sha256:[0-9a-f]{64}", e) for e in entries)
    assert re.search(r"://|--(extra-)?index|--find-links", text) is None
