"""Which commands there are: files that name one, found without importing any of them.

A command is a module with `NAME`, `HELP` (`{"vi": ..., "en": ...}`) and `add_arguments(parser,
lang)`, which sets the default `run(arguments, *, stdin, stdout) -> int`.
"""

import ast
import importlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType

PLACES = {
    "shop": ("cli/*.py",),
    "traceability": ("commands.py", "*/commands.py"),
    "integrations": ("*/commands.py", "*/*/commands.py"),
}
"""Where modules with a command may lie, by package."""

_NAME = re.compile(rb'^NAME = "([a-z][a-z0-9-]*)"', re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Command:
    """One command and the file it is written in."""

    name: str
    module: str
    path: Path

    @property
    def needs_the_shop(self) -> bool:
        """Return whether it works on an installation, and not on files and texts alone."""
        return self.module.startswith("shop.")

    def load(self) -> ModuleType:
        """Import and return the module."""
        return importlib.import_module(self.module)

    def help(self, lang: str) -> str:
        """Return its sentence for the list of commands, read from the file as it is written."""
        for statement in ast.parse(self.path.read_bytes()).body:
            if isinstance(statement, ast.Assign) and _is_help(statement.targets[0]):
                return str(ast.literal_eval(statement.value)[lang])
        raise ValueError(f"{self.path} has a NAME and no HELP")


def _is_help(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "HELP"


def find_commands() -> dict[str, Command]:
    """Return all commands by name, in the order of the alphabet."""
    found = (command for package in PLACES for command in _commands_of(package))
    return {command.name: command for command in sorted(found, key=lambda one: one.name)}


def _commands_of(package: str) -> Iterator[Command]:
    spec = find_spec(package)
    for folder in spec.submodule_search_locations or () if spec else ():
        root = Path(folder)
        for pattern in PLACES[package]:
            for path in root.glob(pattern):
                named = _NAME.search(path.read_bytes())
                if named:
                    parts = path.relative_to(root).with_suffix("").parts
                    yield Command(named[1].decode(), ".".join([package, *parts]), path)
