"""The examples in the docstrings are true, in every module that has any."""

import doctest
import importlib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NAMES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for package in ("shop", "traceability", "integrations")
    for path in (ROOT / package).rglob("*.py")
    if ">>> " in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", NAMES)
def test_examples_in_the_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name.removesuffix(".__init__")))

    assert result.attempted > 0
    assert result.failed == 0
