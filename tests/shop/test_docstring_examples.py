"""The examples in the docstrings of the readers and printers are true."""

import doctest
import importlib

import pytest


@pytest.mark.parametrize(
    "name",
    [
        "shop.forms.legacy_text",
        "shop.forms.lots",
        "shop.forms.numbers",
        "shop.search.folding",
        "shop.spoken",
    ],
)
def test_examples_in_the_docstrings_are_true(name):
    result = doctest.testmod(importlib.import_module(name))

    assert result.attempted > 0
    assert result.failed == 0
