"""The index as a web process uses it: opened once, opened anew when another build is there."""

import threading
from collections.abc import Sequence
from pathlib import Path

from shop.search import engine
from shop.search.find import Finder, Found

SYNONYMS = Path(__file__).with_name("synonyms.txt")


class Shelf:
    """The index below `folder`; threads take turns, a search takes a few milliseconds."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._finder: Finder | None = None
        self._state = ""

    def find(self, question: str, *, exactly: bool = False) -> Found:
        """Return the goods for `question`; raises `engine.IndexUnusable`."""
        with self._lock:
            try:
                return self._open().find(question, exactly=exactly)
            except engine.IndexUnusable:
                self._finder = None  # a file of it went away or was damaged: opened anew next
                raise

    def suggest(self, beginning: str, *, most: int, exactly: bool = False) -> Sequence[str]:
        """Return names of goods for what was typed so far; raises `engine.IndexUnusable`."""
        with self._lock:
            return self._open().suggest(beginning, most=most, exactly=exactly)

    def _open(self) -> Finder:
        state = engine.state(self.folder)
        if self._finder is None or state != self._state:
            self._finder = Finder(engine.open_index(self.folder))
            self._state = state
        return self._finder


def synonyms() -> list[list[str]]:
    """Return the groups of words that mean one thing."""
    lines = SYNONYMS.read_text("utf-8").splitlines()
    groups = [line.split(",") for line in lines if line.strip() and not line.startswith("#")]
    return [[word.strip() for word in group] for group in groups]
