"""Draw the packs of the demo: `python -m tools.drawings` writes them beside the other pictures."""

from collections.abc import Iterator
from pathlib import Path

from tools.drawings.packs import PACKS
from tools.drawings.prints import PICTURES, sheet


def drawn() -> Iterator[tuple[Path, str]]:
    """Yield each file with what stands in it."""
    for sku, draw in PACKS.items():
        yield PICTURES / f"{sku.lower()}.svg", sheet([draw()])


if __name__ == "__main__":
    for path, text in drawn():
        path.write_text(text, encoding="utf-8")
