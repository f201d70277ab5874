"""How everything is drawn: a woodblock print of flat pigments with a sliver of paper at the left.

A drawing is a text of SVG on 400 × 400 units. Each printed shape is three layers: the shape in
paper, the same in its pigment moved down and right and cut to the shape, and the key line.
"""

import re
from collections.abc import Iterable
from pathlib import Path

PICTURES = Path(__file__).parents[2] / "shop" / "static" / "pictures"

PAPER, KEY = "#FBFAF0", "#1C2A20"
GREEN, LEAF, PALE = "#2E6239", "#4F8A4C", "#A8CB86"
TURMERIC, BRICK, INDIGO, SKY = "#F0BB3A", "#C9502E", "#34558A", "#8FA9CC"
BROWN, STRAW, PINK, SHELL = "#8B5A33", "#C79A66", "#E9A692", "#F4EFDC"
DARK = "#4A2E1A"

GROUNDS = {
    "turmeric": ("#F7E3A8", "#F0CC6B"),
    "leaf": ("#D5E6C3", "#B7D29B"),
    "indigo": ("#CFDCEA", "#AEC4DC"),
    "vermilion": ("#F4D6C6", "#E8B49C"),
}
"""Each ground with the deeper tone of its sun."""

ROUND = 'stroke-linecap="round" stroke-linejoin="round"'


def line(path: str, width: float = 3, colour: str = KEY) -> str:
    """Return a line along `path`."""
    return f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{width}" {ROUND}/>'


def fill(path: str, colour: str) -> str:
    """Return `path` filled flat, without a key line."""
    return f'<path d="{path}" fill="{colour}"/>'


def printed(
    path: str, pigment: str, inner: str = "", *, shift: float = 7, width: float = 6
) -> str:
    """Return a printed shape; `inner` are marks on it, cut to the shape."""
    return (
        f'<clipPath id="@"><path d="{path}"/></clipPath>{fill(path, PAPER)}'
        f'<g clip-path="url(#@)"><path d="{path}" fill="{pigment}" '
        f'transform="translate({shift} {shift})"/>{inner}</g>{line(path, width)}'
    )


def oval(x: float, y: float, rx: float, ry: float) -> str:
    """Return the path of an ellipse around (x, y)."""
    return f"M{x - rx:g} {y:g}a{rx:g} {ry:g} 0 1 0 {2 * rx:g} 0a{rx:g} {ry:g} 0 1 0 {-2 * rx:g} 0Z"


def box(x: float, y: float, width: float, height: float) -> str:
    """Return the path of a rectangle."""
    return f"M{x:g} {y:g}h{width:g}v{height:g}h{-width:g}Z"


def at(drawing: str, x: float, y: float, *, scale: float = 1, turn: float = 0) -> str:
    """Return a drawing moved to (x, y), then turned by degrees and scaled about its origin."""
    turned = f" rotate({turn:g})" if turn else ""
    scaled = f" scale({scale:g})" if scale != 1 else ""
    return f'<g transform="translate({x:g} {y:g}){turned}{scaled}">{drawing}</g>'


def diamonds(left: float, right: float, y: float, *, step: float = 24, size: float = 9) -> str:
    """Return the row of diamonds of the woven band from `left` to `right`."""
    count = int((right - left) // step) + 1
    one = f"l{size:g} {size:g}l{-size:g} {size:g}l{-size:g} {-size:g}Z"
    return fill("".join(f"M{left + step * n:g} {y:g}{one}" for n in range(count)), TURMERIC)


def words(x: float, y: float, width: float, rows: int = 2, *, step: float = 18) -> str:
    """Return lines that stand for text on a label."""
    parts = (
        f"M{x + 12 * (n == rows - 1):g} {y + step * n:g}h{width - 24 * (n == rows - 1):g}"
        for n in range(rows)
    )
    return line("".join(parts), 4)


def label(x: float, y: float, width: float, height: float, inner: str = "") -> str:
    """Return a paper label on a pack."""
    path = box(x, y, width, height)
    return fill(path, PAPER) + line(path, 3) + inner


def leaf(length: float, colour: str, *, width: float = 5) -> str:
    """Return a leaf that points right from its stalk at the origin."""
    high = length * 0.34
    path = (
        f"M0 0C{length * 0.25:g} {-high:g} {length * 0.7:g} {-high * 0.8:g} {length:g} 0"
        f"C{length * 0.7:g} {high * 0.8:g} {length * 0.25:g} {high:g} 0 0Z"
    )
    return printed(path, colour, line(f"M6 0H{length - 14:g}", 2.5), shift=4, width=width)


def ground(
    tone: str, sun: tuple[float, float], *, table: float = 296, tone_of_sun: str = ""
) -> str:
    """Return the ground with its sun behind one shoulder and the table in front."""
    back, deeper = GROUNDS[tone]
    return (
        f'<rect width="400" height="400" fill="{back}"/>'
        f'<circle cx="{sun[0]:g}" cy="{sun[1]:g}" r="78" fill="{tone_of_sun or deeper}"/>'
        f'<path d="M0 {table:g}H400V400H0Z" fill="{PAPER}" opacity=".62"/>'
        f'<path d="M0 {table:g}H400" stroke="{KEY}" stroke-width="3" opacity=".75"/>'
    )


def shadow(x: float, width: float, y: float = 352) -> str:
    """Return the one flat shadow on the table."""
    return f'<ellipse cx="{x:g}" cy="{y:g}" rx="{width:g}" ry="14" fill="{KEY}" opacity=".16"/>'


def of(picture: str, first: int, end: int | None = None) -> str:
    """Return parts of a product's drawing, by their order from the top of its file."""
    text = (PICTURES / f"{picture}.svg").read_text(encoding="utf-8")
    inner = text[text.index(">") + 1 : text.rindex("</svg>")]
    parts = "".join(_parts(inner)[first:end])
    for name in re.findall(r'id="(\w+)"', parts):
        parts = re.sub(rf'(id="|url\(#){name}\b', r"\g<1>@", parts)
    return parts


def _parts(markup: str) -> list[str]:
    """Return the elements that stand side by side in `markup`."""
    found, depth, start = [], 0, 0
    for tag in re.finditer(r"<(/?)\w+[^>]*?(/?)>", markup):
        if not depth:
            start = tag.start()
        depth += 0 if tag[2] else -1 if tag[1] else 1
        if not depth:
            found.append(markup[start : tag.end()])
    return found


def sheet(parts: Iterable[str]) -> str:
    """Return the file of a drawing, with a name of its own for each shape that cuts another.

    Each such shape is used once, right behind it and before any that lies within.
    """
    markup = "".join(parts)
    markup = re.sub(r"(\d+\.\d\d)\d+", r"\1", markup)
    names = 0
    while "@" in markup:
        markup = markup.replace('id="@"', f'id="p{names}"', 1).replace("#@", f"#p{names}", 1)
        names += 1
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 400">{markup}</svg>\n'
