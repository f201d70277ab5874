"""The project's own documents, and the examples in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.shared import CHECKOUT

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Document:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        """Return where it lies, from the root of the checkout."""
        return self.path.relative_to(CHECKOUT).as_posix()

    @property
    def text(self) -> str:
        """Return its text."""
        return self.path.read_text("utf-8")

    def python_examples(self) -> str:
        """Return its Python sessions, one after the other."""
        blocks = FENCE.findall(self.text)
        return "\n".join(body for kind, body in blocks if kind in {"python", "pycon"})

    def shell_examples(self) -> Iterator[tuple[str, str]]:
        """Yield each command that is shown with its output, and the output."""
        for _, body in FENCE.findall(self.text):
            for command, output in re.findall(r"^\$ (.*)\n((?:(?!\$ ).+\n)*)", body, re.MULTILINE):
                if output:
                    yield command, output

    def dead_links(self) -> list[str]:
        """Return the links to files of the checkout that are not there."""
        without_code = FENCE.sub("", self.text)
        targets = [link.split("#")[0] for link in LINK.findall(without_code)]
        files = [target for target in targets if target and "://" not in target]
        return [file for file in files if not (self.path.parent / file).exists()]


def documents() -> list[Document]:
    """Return the documents of the project, in the order of their names."""
    places = (
        "*.md",
        "docs/**/*.md",
        "shop/**/*.md",
        "traceability/**/*.md",
        "integrations/**/*.md",
    )
    paths = {path for place in (*places, "benchmarks/*.md") for path in CHECKOUT.glob(place)}
    return [Document(path) for path in sorted(paths)]


def unmentioned(names: list[str], among: list[Document]) -> list[str]:
    """Return the names that stand in no document as a word of their own."""
    text = "\n".join(document.text for document in among)
    return [
        name for name in names if not re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text)
    ]
