"""Things to do in the office, in groups."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: what, one line of facts, and the next act if there is one."""

    title: str
    facts: str
    url: str = ""
    act: str = ""


@dataclass(slots=True)
class Group:
    """Tasks of one kind; `total` counts those that are not shown as well."""

    title: str
    tasks: list[Task] = field(default_factory=list)
    is_urgent: bool = False
    total: int = 0
    more_url: str = ""


def shortened(text: str, longest: int = 90) -> str:
    """Return the beginning of a text on one line."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
