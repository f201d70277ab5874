"""`make` on a machine where something is missing says so in one sentence."""

import ast
import json
import os
import runpy
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shared import CHECKOUT

SETUP = CHECKOUT / "tools/setup.py"


@pytest.fixture
def fresh_checkout(tmp_path: Path) -> Path:
    """What set-up reads, in a folder without `.venv`."""
    folder = tmp_path / "checkout"
    shutil.copytree(CHECKOUT / "tools", folder / "tools", ignore=lambda *_: ["__pycache__"])
    shutil.copytree(CHECKOUT / "requirements", folder / "requirements")
    for name in ("pyproject.toml", "hatch_build.py"):
        shutil.copy(CHECKOUT / name, folder)
    return folder


def run(*command: str | Path, **environment: str) -> tuple[int, str]:
    """Return the exit code of a command and all that it said."""
    done = subprocess.run(
        command,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1", **environment},
        timeout=60,
    )
    return done.returncode, done.stdout


def test_an_old_python_is_told_which_one_is_needed() -> None:
    pretend = (
        "import runpy, sys; sys.version_info = (3, 9, 2); runpy.run_path({!r}, run_name={!r})"
    )

    code, said = run(sys.executable, "-c", pretend.format(str(SETUP), "__main__"))

    assert (code, said.count("\n")) == (1, 1)
    assert "Cần Python 3.11 trở lên mà lệnh này chạy bằng Python 3.9" in said


def test_an_old_python_understands_the_set_up_script() -> None:
    for name in ("setup.py", "suite.py", "system_packages.py"):
        source = (CHECKOUT / "tools" / name).read_text("utf-8")

        assert ast.parse(source, name, feature_version=(3, 7))


def test_a_python_without_venv_is_told_what_to_install(
    fresh_checkout: Path, tmp_path: Path
) -> None:
    (tmp_path / "lacking").mkdir()
    (tmp_path / "lacking/ensurepip.py").write_text("raise ImportError('not in this Python')")

    code, said = run(
        sys.executable, fresh_checkout / "tools/setup.py", PYTHONPATH=str(tmp_path / "lacking")
    )

    assert (code, said.count("\n")) == (1, 1)
    assert "sudo apt install python3-venv" in said


def test_a_folder_that_cannot_be_written_is_named(fresh_checkout: Path) -> None:
    fresh_checkout.chmod(0o555)
    humble = ["setpriv", "--bounding-set", "-dac_override"] if os.geteuid() == 0 else []

    code, said = run(*humble, sys.executable, fresh_checkout / "tools/setup.py")

    assert code == 1
    assert f"Không ghi được vào {fresh_checkout}/.venv: không có quyền ghi." in said


def test_set_up_that_is_done_is_not_done_again(fresh_checkout: Path) -> None:
    script = fresh_checkout / "tools/setup.py"
    tools = runpy.run_path(str(script))
    (fresh_checkout / ".venv/bin").mkdir(parents=True)
    tools["PYTHON"].symlink_to(sys.executable)
    tools["STAMP"].write_text(json.dumps(tools["_fingerprints"]("dev")), encoding="utf-8")

    code, said = run(sys.executable, script, "--dev")

    assert (code, said) == (0, "")


@pytest.mark.parametrize(
    "target", ["run", "test", "lint", "types", "lock", "docs", "wheel", "clean"]
)
def test_make_lists_its_targets(target: str) -> None:
    code, said = run("make", "--no-print-directory", "--directory", str(CHECKOUT))

    assert code == 0
    assert f"make {target} " in said


def test_every_target_of_make_is_listed() -> None:
    makefile = (CHECKOUT / "Makefile").read_text("utf-8")
    targets = [line.split(":")[0] for line in makefile.splitlines() if line[:1].islower()]

    _, said = run("make", "--no-print-directory", "--directory", str(CHECKOUT))

    listed = [line.split()[1] for line in said.splitlines()]
    assert sorted(listed) == sorted(set(targets) - {"dev"})


def test_programs_that_are_missing_are_named(tmp_path: Path) -> None:
    code, said = run(
        sys.executable, "-c", "import system_packages; system_packages.ensure()",
        PYTHONPATH=str(CHECKOUT / "tools"), PATH=str(tmp_path),
    )  # fmt: skip

    assert code == 1
    assert "Còn thiếu: chromium, redis-server. Trên Debian hãy chạy: sudo apt-get install" in said
