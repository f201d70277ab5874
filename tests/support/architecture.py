"""Which way the arrows point: rules over the source tree, read without importing it.

Each rule takes a `Tree` and returns complaints; an empty list means that the rule is kept.
"""

import ast
import re
import statistics
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PACKAGES = ("shop", "traceability", "integrations")
EDGES = ("views", "jobs", "cli")
LAYERS = {"models": 1, "queries": 2, "forms": 2, "search": 2, "services": 3} | dict.fromkeys(
    EDGES, 4
)
KNOWN_PROVIDERS = {"vnpay", "shopee", "lazada", "sepay", "casso", "payos", "momo", "zalopay"}
NOT_PROVIDERS = {"vietqr", "statement_files", "spreadsheet"}
"""Folders among the providers that are named for a format, not for a company."""
EXTRAS = {
    "traceability/labels/": {"qrcode", "PIL", "reportlab", "font_source_sans_pro"},
    "traceability/log/": {"cryptography"},
    "integrations/simulation/": {"werkzeug", "requests", "urllib3"},
    "integrations/": {"requests"},
}
"""Folder of a library -> what its modules may import besides Python's own."""
POSIX_ONLY = {"fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
VAGUE = re.compile(r"^(utils?|helpers?|commons?|managers?|misc|base_\w+)$")
VAGUE_CLASS = re.compile(r"\w(Manager|Helper|Service)$")


@dataclass(frozen=True)
class Module:
    """One Python file of the three packages."""

    path: str
    """Where it lies, from the root of the checkout."""
    source: str

    @property
    def name(self) -> str:
        """Return its dotted name."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    @cached_property
    def nodes(self) -> list[ast.AST]:
        """Return everything in its syntax tree."""
        return list(ast.walk(ast.parse(self.source, self.path)))

    @cached_property
    def imports(self) -> set[str]:
        """Return the dotted names it imports, `from a import b` as both `a` and `a.b`."""
        found = set()
        package = self.name if self.path.endswith("__init__.py") else self.name.rpartition(".")[0]
        for node in self.nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                origin = ".".join([*(above if node.level else []), *filter(None, [node.module])])
                found |= {origin} | {f"{origin}.{alias.name}" for alias in node.names}
        return found

    def calls(self) -> Iterator[tuple[str, int]]:
        """Yield each call by its dotted name, with its line."""
        for node in self.nodes:
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), node.lineno


class Tree:
    """The checkout, or a made-up one."""

    def __init__(self, root: Path) -> None:
        self.root = root

    @cached_property
    def modules(self) -> list[Module]:
        """Return the modules of the three packages."""
        paths = [path for package in PACKAGES for path in (self.root / package).rglob("*.py")]
        return [
            Module(path.relative_to(self.root).as_posix(), path.read_text("utf-8"))
            for path in sorted(paths)
        ]

    @cached_property
    def names(self) -> set[str]:
        """Return the dotted names of all modules."""
        return {module.name for module in self.modules}

    def modules_imported_by(self, module: Module) -> set[str]:
        """Return the modules of ours that `module` imports; the bare package holds nothing."""
        return {name for name in module.imports if name in self.names} - {module.name, "shop"}

    @cached_property
    def ranks(self) -> dict[str, int]:
        """Return how high each module of the shop stands.

        What lies in no layer stands as high as the highest module it imports, so that no arrow
        goes back by a detour.
        """
        ranks = {module.name: LAYERS.get(_layer(module.name), 0) for module in self.modules}
        loose = [module for module in self.modules if _layer(module.name) not in LAYERS]
        for _ in loose:
            for module in loose:
                below = [ranks[name] for name in self.modules_imported_by(module)]
                ranks[module.name] = max([ranks[module.name], *below])
        return ranks

    @cached_property
    def provider_names(self) -> set[str]:
        """Return the names of the providers found, and of those that are known."""
        kinds = ("payments", "banks", "marketplaces")
        folders = [
            path for kind in kinds for path in (self.root / "integrations" / kind).glob("*/")
        ]
        return (
            KNOWN_PROVIDERS
            | {folder.name for folder in folders if (folder / "__init__.py").exists()}
            - NOT_PROVIDERS
        )


def _layer(name: str) -> str:
    package, _, rest = name.partition(".")
    return rest.split(".")[0] if package == "shop" else ""


def libraries_stand_alone(tree: Tree) -> list[str]:
    """The libraries import Python's own modules, their extras, and nothing of ours."""
    complaints = []
    for module in tree.modules:
        library = module.name.split(".")[0]
        if library == "shop":
            continue
        allowed = {library} | set(sys.stdlib_module_names)
        allowed |= next(
            (e for folder, e in EXTRAS.items() if module.path.startswith(folder)), set()
        )
        if module.path.endswith("/simulator.py") or "/simulator/" in module.path:
            allowed |= {"werkzeug", "markupsafe"}
        strangers = {name.split(".")[0] for name in module.imports} - allowed
        complaints += [f"{module.path} imports {stranger}" for stranger in sorted(strangers)]
    return complaints


def arrows_point_down(tree: Tree) -> list[str]:
    """Inside the shop a layer imports what stands below it, by no detour what stands above."""
    complaints = []
    for module in tree.modules:
        layer = _layer(module.name)
        if layer not in LAYERS:
            continue
        for name in sorted(tree.modules_imported_by(module)):
            if tree.ranks[name] > LAYERS[layer]:
                complaints.append(f"{module.path} imports {name}, which stands above")
            elif _is_sideways(module, name):
                complaints.append(f"{module.path} imports {name}, which stands beside")
    return complaints


def _is_sideways(module: Module, name: str) -> bool:
    """A view imports no other view, nor a job; a job no command; the command line starts jobs."""
    layer, other = _layer(module.name), _layer(name)
    if other not in EDGES:
        return False
    if layer == other == "views":
        return not (module.path.endswith("__init__.py") or module.name.startswith(f"{name}."))
    return layer != other and (layer, other) != ("cli", "jobs")


def rules_know_no_web(tree: Tree) -> list[str]:
    """Models, queries and services import no Flask: they run in a job as in a request."""
    web = {"flask", "flask_login", "flask_wtf", "werkzeug", "wtforms"}
    return [
        f"{module.path} imports {name}"
        for module in tree.modules
        if _layer(module.name) in {"models", "queries", "services"}
        for name in sorted(module.imports)
        if name in web
    ]


def providers_stay_in_their_folders(tree: Tree) -> list[str]:
    """No provider's name stands in a file or the name of a file outside its own folder."""
    names = re.compile("|".join(sorted(tree.provider_names)), re.IGNORECASE)
    exempt = re.compile(
        r"(^|/)(translations|demo|__pycache__)/|README\.md$|CHANGELOG\.md$"
        r"|^integrations/vietqr/banks\.toml$"  # the public list of bank numbers: all companies
    )
    complaints = []
    for folder in (*PACKAGES, "templates"):
        for path in sorted((tree.root / folder).rglob("*")):
            place = path.relative_to(tree.root).as_posix()
            if not path.is_file() or exempt.search(place):
                continue
            folders = place.split("/")[:-1]
            own = set(folders[2:3]) if folder == "integrations" else set()
            text = f"{place}\n{path.read_bytes().decode('utf-8', 'ignore')}"
            for number, line in enumerate(text.splitlines()):
                strange = {found.lower() for found in names.findall(line)} - own
                complaints += [f"{place}:{number} names {name}" for name in sorted(strange)]
    return complaints


def modules_are_short(tree: Tree) -> list[str]:
    """A module stays under 400 lines, half of them under 120; migrations are lists."""
    lengths = {
        module.path: module.source.count("\n")
        for module in tree.modules
        if "/migrations/versions/" not in module.path and not module.path.endswith("__init__.py")
    }
    complaints = [f"{path}: {length} lines" for path, length in lengths.items() if length >= 400]
    if lengths and (median := statistics.median(lengths.values())) > 120:
        complaints.append(f"half of the modules have more than {median:.0f} lines")
    return complaints


def names_say_what_a_thing_is(tree: Tree) -> list[str]:
    """No module or class has a name that would fit anything."""
    complaints = [
        f"{module.path}: say what it is"
        for module in tree.modules
        if any(VAGUE.match(part) for part in module.name.split("."))
    ]
    return complaints + [
        f"{module.path}: class {node.name}"
        for module in tree.modules
        for node in module.nodes
        if isinstance(node, ast.ClassDef)
        and VAGUE_CLASS.search(node.name)
        and not any("Error" in ast.unparse(base) for base in node.bases)
    ]


def modules_say_what_they_are_for(tree: Tree) -> list[str]:
    """Every module begins with a docstring."""
    return [
        f"{module.path} has no docstring"
        for module in tree.modules
        if ast.get_docstring(ast.parse(module.source)) is None
    ]


def time_is_an_argument(tree: Tree) -> list[str]:
    """Only a `clock.py` asks what time it is."""
    asks = re.compile(r"\b(datetime\.(utc)?now|(date|datetime)\.today|time\.time|time_ns)$")
    return [
        f"{module.path}:{line} calls {name}"
        for module in tree.modules
        if not module.path.endswith("/clock.py")
        for name, line in module.calls()
        if asks.search(name)
    ]


def settings_are_read_in_one_place(tree: Tree) -> list[str]:
    """The environment is read in `config.py`, `clock.py` and the command line alone.

    `commands.py` of a provider is of the command line; a request's `environ` is WSGI's.
    """
    complaints = []
    for module in tree.modules:
        is_command = _layer(module.name) == "cli" or module.path.endswith("/commands.py")
        if module.path in {"shop/config.py", "shop/clock.py"} or is_command:
            continue
        for node in module.nodes:
            if not isinstance(node, ast.Attribute) or ast.unparse(node.value) == "request":
                continue
            if node.attr in {"environ", "getenv", "environb"}:
                complaints.append(f"{module.path}:{node.lineno} reads os.{node.attr}")
        if module.path != "shop/app.py":
            complaints += [
                f"{module.path}:{line} reads the settings anew"
                for name, line in module.calls()
                if name in {"Settings", "config.Settings"} and "shop.config" in module.imports
            ]
    return complaints


def only_commands_print(tree: Tree) -> list[str]:
    """Printing is for the command line and the `commands.py` it finds."""
    return [
        f"{module.path}:{line} prints"
        for module in tree.modules
        if _layer(module.name) != "cli" and not module.path.endswith("/commands.py")
        for name, line in module.calls()
        if name == "print"
    ]


def money_is_whole(tree: Tree) -> list[str]:
    """Nothing named `..._vnd` is a float or becomes one."""
    complaints = []
    for module in tree.modules:
        for node in module.nodes:
            if isinstance(node, ast.AnnAssign):
                name, kind = ast.unparse(node.target), ast.unparse(node.annotation)
            elif isinstance(node, ast.arg) and node.annotation:
                name, kind = node.arg, ast.unparse(node.annotation)
            elif isinstance(node, ast.FunctionDef) and node.returns:
                name, kind = node.name, ast.unparse(node.returns)
            elif isinstance(node, ast.Call) and ast.unparse(node.func) == "float" and node.args:
                name, kind = ast.unparse(node.args[0]), "float"
            else:
                continue
            if name.endswith("_vnd") and re.search(r"\b(float|Float|Numeric|Decimal)\b", kind):
                complaints.append(f"{module.path}:{node.lineno} makes {name} a {kind}")
    return complaints


def errors_are_named(tree: Tree) -> list[str]:
    """Away from the edge nobody catches whatever may happen, but to hand it to who waits."""
    wide = {"Exception", "BaseException"}
    return [
        f"{module.path}:{node.lineno} catches everything"
        for module in tree.modules
        if _layer(module.name) not in {*EDGES, "app"}
        for node in module.nodes
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or {ast.unparse(node.type)} & wide)
        and not _is_handed_over(node)
    ]


def _is_handed_over(handler: ast.ExceptHandler) -> bool:
    """Return whether all that is done with an error is to keep it, for another thread to raise."""
    kept = handler.body[0] if len(handler.body) == 1 else None
    return (
        isinstance(kept, ast.Assign)
        and isinstance(kept.value, ast.Name)
        and kept.value.id == handler.name
    )


def windows_is_welcome(tree: Tree) -> list[str]:
    """No module needs what Windows lacks."""
    return [
        f"{module.path} imports {name}"
        for module in tree.modules
        for name in sorted(module.imports & POSIX_ONLY)
    ]


def nothing_is_left_open(tree: Tree) -> list[str]:
    """No reminder to finish something later, no method without a body."""
    reminders = re.compile(r"\b(TODO|FIXME|XXX|HACK|NotImplementedError)\b")
    return [
        f"{module.path}:{number} {line.strip()}"
        for module in tree.modules
        for number, line in enumerate(module.source.splitlines(), 1)
        if reminders.search(line)
    ]


def three_packages_and_no_more(tree: Tree) -> list[str]:
    """Nothing else in the checkout can be imported by who installs it; all three are typed."""
    beside = {"tests"}
    found = {path.parent.name for path in tree.root.glob("*/__init__.py")} - beside
    complaints = [f"{name} is a fourth package" for name in sorted(found - set(PACKAGES))]
    return complaints + [
        f"{name}/py.typed is missing"
        for name in found
        if not (tree.root / name / "py.typed").exists()
    ]


RULES: list[Callable[[Tree], list[str]]] = [
    libraries_stand_alone,
    arrows_point_down,
    rules_know_no_web,
    providers_stay_in_their_folders,
    modules_are_short,
    names_say_what_a_thing_is,
    modules_say_what_they_are_for,
    time_is_an_argument,
    settings_are_read_in_one_place,
    only_commands_print,
    money_is_whole,
    errors_are_named,
    windows_is_welcome,
    nothing_is_left_open,
    three_packages_and_no_more,
]
