"""The style sheet keeps what docs/design-language.md promises, and templates keep to the sheet."""

import gzip
import re
from itertools import pairwise
from pathlib import Path

import pytest
from jinja2 import Environment

from shop.views import design

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "shop/static"
SHEET = (STATIC / "style.css").read_text(encoding="utf-8")
LIVING_PAGE = (STATIC / "design.css").read_text(encoding="utf-8")
GUIDE = (ROOT / "docs/design-language.md").read_text(encoding="utf-8")
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*.html") if path.parent.name != "mail"
)
TOKEN_BLOCK = re.compile(
    r":root(?:\[data-nen=toi\]|:not\(\[data-nen=sang\]\)|:root:root)? \{[^}]*\}"
)
COLOUR = re.compile(
    r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl|oklch)a?\(|:[^;{]*\b(?:white|black|red|green|gray)\b"
)
KEPT_IN_SCRIPT = {"anh-nho", "bao"}
"""Classes that only a script of ours writes."""

Tokens = dict[str, str]


def tokens(selector: str) -> list[Tokens]:
    """Return the colours of each token block with this selector."""
    found = re.findall(rf"(?m)^\s*{re.escape(selector)} \{{([^}}]*)\}}", SHEET)
    return [dict(re.findall(r"--([\w-]+): (#[0-9A-F]{6});", block)) for block in found]


LIGHT = tokens(":root")[0]
DARK = LIGHT | tokens(":root[data-nen=toi]")[0]
DARK_BY_SYSTEM = LIGHT | tokens(":root:not([data-nen=sang])")[0]


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2, relative luminance)."""
    lighter, darker = sorted((_luminance(first), _luminance(second)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(share * c for share, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


PAIRS = re.findall(
    r"^\| `--([\w-]+)` \| `--([\w-]+)` \| ([\d.]+) \| ([\d.]+) \| (\d) \|", GUIDE, re.M
)


def test_the_guide_lists_the_pairs_of_text_and_ground() -> None:
    assert len(PAIRS) >= 30


@pytest.mark.parametrize(("front", "back", "light", "dark", "least"), PAIRS)
def test_text_stands_out_from_its_ground(
    front: str, back: str, light: str, dark: str, least: str
) -> None:
    measured = [contrast(theme[front], theme[back]) for theme in (LIGHT, DARK)]

    assert [f"{ratio:.1f}" for ratio in measured] == [light, dark]
    assert min(measured) >= float(least)


def test_both_ways_into_the_dark_show_the_same_colours() -> None:
    assert DARK == DARK_BY_SYSTEM
    assert DARK != LIGHT


@pytest.mark.parametrize("name", ["son", "nhan", "trang", "nghe", "nghe-muc"])
def test_what_must_be_known_at_a_glance_keeps_its_colour_in_the_dark(name: str) -> None:
    assert DARK[name] == LIGHT[name]


@pytest.mark.parametrize("sheet", [SHEET, LIVING_PAGE], ids=["style.css", "design.css"])
def test_only_the_token_blocks_know_colours_and_fonts(sheet: str) -> None:
    rest = TOKEN_BLOCK.sub("", sheet)

    assert COLOUR.findall(rest) == []
    fonts = re.findall(r"\bfont(?:-family)?: ([^;}]+)", rest)
    assert [font for font in fonts if "var(--chu" not in font and font != "inherit"] == []
    assert "@import" not in sheet
    assert "@font-face" not in sheet


def test_every_token_asked_for_exists() -> None:
    known = set(re.findall(r"(--[\w-]+):", SHEET))

    assert set(re.findall(r"var\((--[\w-]+)", SHEET + LIVING_PAGE)) - known == set()


def test_the_style_sheet_weighs_less_than_9_kilobytes_compressed() -> None:
    assert len(gzip.compress(SHEET.encode(), 9)) < 9 * 1024


def test_letters_with_marks_above_and_below_are_never_cut() -> None:
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", TOKEN_BLOCK.sub("", SHEET))
    hidden = {
        selector.strip() for selector, body in rules if re.search(r"overflow: (hidden|clip)", body)
    }
    heights = [float(found) for found in re.findall(r"/([\d.]+) var\(--chu", SHEET)]
    heights += [float(found) for found in re.findall(r"line-height: ([\d.]+);", SHEET)]

    assert "line-clamp" not in SHEET
    assert "text-transform" not in SHEET
    assert "text-overflow" not in SHEET
    assert {
        selector for selector in hidden if ".an" not in selector and "thead" not in selector
    } == set()
    assert sorted(height for height in heights if height < 1.4) == [1.2, 1.25]
    assert re.findall(r"([^{}]+)\{[^{}]*/1\.2 var", SHEET) == ["\n.tien "]
    assert re.findall(r"([^{}]+)\{[^{}]*line-height: 1\.25;", SHEET) == ["\n.day > .gia "]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_hold_no_style_and_no_script_of_their_own(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert (
        re.findall(r"\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*\bsrc=)", source) == []
    )
    assert re.findall(r"(?:src|href)=\"(?:https?:)?//", source) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_name_only_classes_the_style_sheet_knows(path: Path) -> None:
    known = set(re.findall(r"\.([a-z][\w-]*)", SHEET + LIVING_PAGE))

    assert sorted(set(classes(path.read_text(encoding="utf-8"))) - known) == []


def classes(source: str) -> list[str]:
    """Return the class names in a template; a name that is put together stands for none."""
    found: list[str] = []
    for value in re.findall(r'class="((?:\{\{.*?\}\}|\{%.*?%\}|[^"])*)"', source):
        plain = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", lambda m: " " if "%" in m[0] else "\0", value)
        found += [name for name in plain.split() if "\0" not in name]
    return found


def test_class_names_are_found_between_the_parts_of_a_template() -> None:
    source = '<p class="nut{% if wide %} rong{% endif %} {{ kind }} x-{{ n }}"><b class="so">'

    assert classes(source) == ["nut", "rong", "so"]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT)))
def test_templates_name_only_icons_and_scripts_that_exist(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    symbols = re.findall(r'id="i-([\w-]+)"', (ROOT / "templates/_parts/icons.html").read_text())

    assert set(re.findall(r'\bicon\("([\w-]+)"', source)) - set(symbols) == set()
    for name in re.findall(r'data-part="([\w-]+)"', source):
        assert "export function start" in _script(
            name
        ) or "export async function start" in _script(name)


def _script(name: str) -> str:
    return (STATIC / f"js/{name}.js").read_text(encoding="utf-8")


def test_every_macro_stands_in_the_guide_with_its_arguments() -> None:
    missing = []
    for path in sorted((ROOT / "templates/_macros").glob("*.html")):
        for name, arguments in re.findall(
            r"{% macro (\w+)\((.*?)\) -?%}", path.read_text("utf-8")
        ):
            if not name.startswith("_") and f"`{name}({arguments})`" not in GUIDE:
                missing.append(f"{path.name}: {name}({arguments})")

    assert missing == []


def test_every_template_can_be_read() -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)

    trees = [environment.parse(path.read_text(encoding="utf-8")) for path in TEMPLATES]

    assert len(trees) > 25


def test_scripts_neither_speak_nor_reach_outside() -> None:
    for path in sorted((STATIC / "js").glob("*.js")):
        code = re.sub(r"(?m)//.*$", "", path.read_text(encoding="utf-8"))

        assert re.findall(r"https?:|eval\(|document\.write|localStorage", code) == [], path.name


def test_the_pictures_are_plain_drawings_without_script() -> None:
    pictures = sorted((STATIC / "pictures").glob("*.svg"))

    assert len(pictures) >= 16
    for path in pictures:
        drawing = path.read_text(encoding="utf-8")
        assert re.findall(r"<script|<image|<foreignObject|href=|\son\w+=", drawing) == [], (
            path.name
        )


def test_headings_of_the_sheet_shrink_step_by_step() -> None:
    sizes = [float(size) for size in re.findall(r"(?m)^h[123] \{ font-size: ([\d.]+)rem", SHEET)]

    assert all(larger > smaller for larger, smaller in pairwise(sizes))
    assert len(sizes) == 3


def test_every_step_of_space_corner_and_level_stands_on_the_living_page() -> None:
    block = SHEET[: SHEET.index("}")]

    assert set(re.findall(r"--(\d): ", block)) == set(design.SPACES)
    assert set(re.findall(r"--(bo[a-z-]*): ", block)) == {"bong", *design.CORNERS}
    assert set(re.findall(r"box-shadow: 0 [^;]*var\(--([a-z]+)\)", SHEET)) == {"bong"}
    names = (*design.CORNERS, *design.LEVELS, *design.SPACES)
    assert [name for name in names if f"var(--{name})" not in LIVING_PAGE] == []
