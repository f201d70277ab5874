"""What `make test` does: set-up, lint, types, then every test in one pytest run."""

import json
import os
import subprocess
import sys
import time

import setup
import system_packages

BIN = setup.BIN
STEPS = {
    "lint": [
        [str(BIN / "ruff"), "check", "."],
        [str(BIN / "ruff"), "format", "--check", "."],
        [str(BIN / "djlint"), "--quiet", "--lint", "templates"],
    ],
    "types": [[str(BIN / "mypy")]],
}
PYTEST = [str(setup.PYTHON), "-m", "pytest", "--numprocesses=2", "--dist=worksteal", "--no-skips"]


def main():
    """Run all of it; return 0 when nothing failed."""
    seconds = {}
    before = time.monotonic()
    try:
        setup.prepare("dev")
        system_packages.ensure()
    except setup.Refused as refusal:
        print(refusal, file=sys.stderr)
        return 1
    seconds["set-up"] = time.monotonic() - before

    failed = []
    for step, commands in STEPS.items():
        before = time.monotonic()
        print(f"== {step}", flush=True)
        complaints = [command for command in commands if _fails(command)]
        failed += [step] if complaints else []
        seconds[step] = time.monotonic() - before

    print("== tests", flush=True)
    before_tests = json.dumps({"seconds": seconds, "failed": failed})
    told = {**os.environ, "BEFORE_TESTS": before_tests, "PYTHONDONTWRITEBYTECODE": ""}
    tests = subprocess.run([*PYTEST, *sys.argv[1:]], check=False, cwd=setup.ROOT, env=told)
    return tests.returncode or bool(failed)


def _fails(command):
    return subprocess.run(command, check=False, cwd=setup.ROOT).returncode != 0


if __name__ == "__main__":
    sys.exit(main())
