"""Write `docs/reference/`: settings, commands and refusals, as the code has them.

Runs with the Python of `.venv`; a test fails when a page is not what this would write.
"""

import ast
import importlib
import inspect
import pkgutil
from collections.abc import Iterable
from pathlib import Path

import shop
from shop.cli.discovery import find_commands
from shop.config import Settings
from shop.errors import ShopError

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
HOW = "Viết bằng `make docs` từ mã nguồn, đừng sửa ở đây. *Written by `make docs` from the code.*"


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {"settings.md": _settings(), "commands.md": _commands(), "refusals.md": _refusals()}


def _settings() -> str:
    meanings = _meanings(Settings)
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if "Secret" in str(field.annotation) else str(field.default)
        shown = f"`{default}`" if default else "(trống)"
        rows.append((f"`DACSAN_{name.upper()}`", shown, meanings[name]))
    title = "Thiết đặt — settings"
    return _page(title, ("biến — variable", "mặc định — default", "nghĩa — meaning"), rows)


def _meanings(settings: type) -> dict[str, str]:
    """Return the sentence that stands under each setting."""
    [written] = ast.parse(inspect.getsource(settings)).body
    return {
        ast.unparse(above.target): " ".join(str(ast.literal_eval(below.value)).split())
        for above, below in zip(written.body, written.body[1:], strict=False)
        if isinstance(above, ast.AnnAssign) and isinstance(below, ast.Expr)
    }


def _commands() -> str:
    rows = [
        (f"`dacsan {command.name}`", command.help("vi"), command.help("en"))
        for command in find_commands().values()
    ]
    return _page("Lệnh — commands", ("lệnh — command", "tiếng Việt", "English"), rows)


def _refusals() -> str:
    sentences = _sentences()
    kinds = sorted(_refusal_kinds(), key=lambda kind: (kind.code, kind.__name__))
    rows = [
        (
            f"`{kind.code}`",
            str(kind.status),
            inspect.cleandoc(kind.__doc__ or "").split("\n\n")[0].replace("\n", " "),
            sentences.get(kind.code, ""),
        )
        for kind in kinds
    ]
    heads = ("mã — code", "HTTP", "what happened", "câu người dùng đọc")
    return _page("Lời từ chối — refusals", heads, rows)


def _refusal_kinds() -> set[type[ShopError]]:
    for found in pkgutil.walk_packages(shop.__path__, "shop."):
        if not found.name.startswith("shop.migrations.") and not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    kinds, wanted = set[type[ShopError]](), [ShopError]
    while wanted:
        kind = wanted.pop()
        kinds.add(kind)
        wanted += kind.__subclasses__()
    return kinds


def _sentences() -> dict[str, str]:
    """Return the Vietnamese sentence of each code, from all tables of messages."""
    found = {}
    for module in pkgutil.iter_modules(shop.__path__):
        if module.name.startswith("messages"):
            table = getattr(importlib.import_module(f"shop.{module.name}"), "SENTENCES", {})
            found = {code: str(sentence) for code, sentence in table.items()} | found
    return found


def _page(title: str, heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [f"# {title}", "", HOW, "", _row(heads), _row(("---",) * len(heads))]
    return "\n".join([*lines, *map(_row, rows)]) + "\n"


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def main() -> None:
    """Write the pages."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
