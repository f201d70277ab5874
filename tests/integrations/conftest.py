"""The shared cases: `@pytest.mark.vectors(file, kind)` runs a test once for each of them."""

import json

import pytest

from tests.support.shared import shared_folder


def pytest_configure(config):
    config.addinivalue_line("markers", "vectors(file, kind): one run for each shared case")


def pytest_generate_tests(metafunc):
    marker = metafunc.definition.get_closest_marker("vectors")
    if marker:
        metafunc.parametrize("case", _cases(*marker.args))


def _cases(file, kind):
    folder = shared_folder()
    if folder is None:
        absent = pytest.mark.skip(reason="needs ../shared beside the checkout, or DACSAN_SHARED")
        return [pytest.param(None, marks=absent, id="absent")]
    cases = json.loads((folder / "vectors" / file).read_text(encoding="utf-8"))["cases"]
    return [pytest.param(case, id=case["id"]) for case in cases if case["kind"] == kind]
