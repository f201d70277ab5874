"""What is installed from the wheel works without the checkout."""

import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging

IMPORT_ALL = """
import importlib, importlib.util, pkgutil, sys
import integrations, traceability

EXTRAS = ("traceability.labels", ".simulator", "integrations.simulation", ".log.signing")
imported = []
def leave_out(name):
    assert any(part in name for part in EXTRAS), name

for package in (integrations, traceability):
    for found in pkgutil.walk_packages(package.__path__, package.__name__ + ".", leave_out):
        if not any(part in found.name for part in EXTRAS):
            importlib.import_module(found.name)
            imported.append(found.name)
for absent in ("flask", "sqlalchemy", "werkzeug", "tests", "templates"):
    assert importlib.util.find_spec(absent) is None, absent
print(len(imported))
"""


def test_the_libraries_work_after_a_bare_install(
    install: Callable[[str], Path], clean_environment: dict[str, str], tmp_path: Path
) -> None:
    python = install("")

    done = subprocess.run(
        [python, "-W", "error", "-c", IMPORT_ALL],
        capture_output=True,
        text=True,
        check=False,
        cwd=tmp_path,
        env=clean_environment,
    )

    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 20


def test_the_wheel_holds_three_packages_and_what_they_show(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    tops = {name.split("/")[0] for name in names if ".dist-info/" not in name}
    assert tops == {"shop", "traceability", "integrations"}
    assert {"shop/py.typed", "traceability/py.typed", "integrations/py.typed"} <= set(names)
    assert "shop/templates/base.html" in names
    assert "shop/static/style.css" in names
    assert any(name.endswith(".dist-info/licenses/LICENSE") for name in names)
    assert [name for name in names if name.endswith((".pyc", ".sqlite", ".log"))] == []


def test_translations_in_the_wheel_are_compiled(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()

    catalogues = [name for name in names if name.endswith("/messages.po")]
    assert catalogues != []
    assert all(name.replace(".po", ".mo") in names for name in catalogues)
