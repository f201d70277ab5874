"""Write the lock files anew: exact versions and digests of all packages, and no address.

Runs with the Python of `.venv`; `python tools/lock.py --upgrade` takes the newest versions.
"""

import subprocess
import sys

from setup import LOCKS, OLDEST, ROOT, uv

BUILD = ["hatchling", "Babel"]
"""What builds the project itself, see `[build-system]` in pyproject.toml."""


def main() -> None:
    """Write `uv.lock`, `run.lock` and, with the same versions, `dev.lock`."""
    _compile("uv.lock", ["uv"])
    _compile("run.lock", BUILD, "pyproject.toml", "--extra", "demo")
    shared = ["--constraints", str(LOCKS / "run.lock")]
    _compile("dev.lock", BUILD, "pyproject.toml", "--extra", "dev", *shared)


def _compile(name: str, packages: list[str], *arguments: str) -> None:
    """Resolve `packages` and what `arguments` name for every system and Python we support."""
    command = [*uv("compile"), "-", *arguments, "--universal", "--generate-hashes"]
    command += ["--python-version", ".".join(map(str, OLDEST)), "--no-emit-index-url"]
    command += ["--no-header", "--no-annotate", "--output-file", str(LOCKS / name)]
    command += ["--upgrade"] if "--upgrade" in sys.argv[1:] else []
    subprocess.run(
        command,
        input="\n".join(packages),
        text=True,
        check=True,
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
    )


if __name__ == "__main__":
    main()
