"""Write `docs/reference/`: settings, commands and refusals, as the code has them.

Runs with the Python of `.venv`; a test fails when a page is not what this would write.
"""

import ast
import importlib
import inspect
import pkgutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import shop
from shop.app import create_app
from shop.cli.discovery import find_commands
from shop.config import Settings
from shop.errors import ShopError
from shop.member_pages import ADDRESS
from shop.models.people import Role
from shop.services.permissions import ALLOWED, Action

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "reference"
HOW = "Viết bằng `make docs` từ mã nguồn, đừng sửa ở đây. *Written by `make docs` from the code.*"


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    return {
        "settings.md": _settings(),
        "commands.md": _commands(),
        "refusals.md": _refusals(),
        "permissions.md": _permissions(),
    }


_CONSENT = (
    "## Giấy nhờ làm hộ — consent",
    "",
    "`help_member` mở trang chọn người. Chọn được ai là tùy giấy nhờ của người ấy còn hiệu lực. "
    "Từ lúc chọn, tài khoản chỉ còn quyền của người nhờ, và chỉ ở các địa chỉ ghi “có giấy nhờ”; "
    "quyền riêng của mình đóng lại cho đến khi bấm *Xong*. Giấy nhờ hết thì bị chặn ngay lần bấm "
    "sau. Số điện thoại, mật khẩu, tài khoản ngân hàng, việc hiện tên và giấy nhờ thì người làm "
    "hộ không đổi được.",
    "",
    "*`help_member` opens the page where a person to be helped is chosen: one whose consent holds "
    "today. From then on the account may do what that member may, at the addresses marked “with "
    "consent”, and nothing of its own until the help is ended. An ended consent shuts with the "
    "next click. Phone, password, bank account, the shown name and consents are no helper's.*",
)


def _permissions() -> str:
    """Return who may do what, and by which action each address is decided."""
    heads = ("việc — action", *(role.value for role in Role))
    rows = [
        (f"`{action}`", *("●" if role in ALLOWED[action] else "" for role in Role))
        for action in Action
    ]
    table = _page("Ai được làm gì — permissions", heads, rows)
    routes = sorted({(rule, by) for rule, by in _decisions()})
    lines = [
        "",
        *_CONSENT,
        "",
        "## Địa chỉ — routes",
        "",
        _row(("địa chỉ — route", "việc — action")),
    ]
    lines += [_row(("---", "---")), *(_row((f"`{rule}`", by)) for rule, by in routes)]
    return table + "\n".join(lines) + "\n"


def _decisions() -> Iterator[tuple[str, str]]:
    with tempfile.TemporaryDirectory() as folder:
        app = create_app(Settings(var=Path(folder), secret_key="0" * 64))
        app.extensions["dacsan_engine"].dispose()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        words = _decided(view, is_members=rule.rule.startswith(ADDRESS))
        for method in sorted(rule.methods - {"HEAD", "OPTIONS"}):
            yield f"{rule.rule} {method}", words


def _decided(view: Callable[..., Any], *, is_members: bool) -> str:
    """Return who a view is for: an action, with a member's consent, an account, everybody."""
    action = getattr(view, "decided_by", None)
    if action is Action.ACT_AS_MEMBER and is_members:
        alone = getattr(view, "is_for_oneself", False)
        return f"`{action}`" + ("" if alone else ", hoặc có giấy nhờ — or with consent")
    if action:
        return f"`{action}`"
    if getattr(view, "needs_sign_in", False):
        return "ai đã đăng nhập — whoever is signed in"
    return "ai cũng mở được — everybody"


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
