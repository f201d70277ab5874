"""The small markup of the legal pages: headings, paragraphs, lists, bold, links to own pages.

CommonMark by markdown-it, with everything else switched off: what is no markup is shown as it
was typed, so that no text can bring HTML, a picture or a script into a page.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it.renderer import RendererProtocol
    from markdown_it.token import Token
    from markdown_it.utils import EnvType, OptionsDict

Fact = str | Sequence[str]
"""One fact in words, or several, which become a list; `Markup` stays as it is."""

_PLACES = re.compile(r"(\{[a-z0-9-]{1,40}\}|\[(?:chưa điền|to fill in): [^\]\n]{1,120}\])")
_OUTSIDE = re.compile(r"(?:https://[^\s\"'<>]+|mailto:[^\s\"'<>]+|tel:\+?\d+)", re.ASCII)
_HEADINGS = {"h1": "h2", "h2": "h2", "h3": "h3"}


def html_of(text: str, facts: Mapping[str, Fact], links: Mapping[str, str]) -> Markup:
    """Return a text as HTML: facts in the place of their names, links by the names of pages.

    A name that is not in `facts` stays as it was typed, and a link that is not in `links` and
    leads nowhere else is only its words.
    """
    parser = _parser()
    tokens = _with_lists(parser.parse(text), facts)
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = _HEADINGS.get(token.tag, "h3")
        token.children = _led(token.children or [], links) if token.children else token.children
    return Markup(parser.renderer.render(tokens, parser.options, {"facts": facts}))  # noqa: S704


def _text(
    _self: "RendererProtocol",
    tokens: "Sequence[Token]",
    idx: int,
    _options: "OptionsDict",
    env: "EnvType",
) -> str:
    facts: Mapping[str, Fact] = env["facts"]
    return "".join(_filled(part, facts) for part in _PLACES.split(tokens[idx].content))


def _filled(part: str, facts: Mapping[str, Fact]) -> str:
    if part.startswith("[") and _PLACES.fullmatch(part):
        return str(Markup("<mark>{}</mark>").format(part[1:-1]))
    fact = facts.get(part[1:-1]) if _PLACES.fullmatch(part) else None
    if fact is None:
        return str(escape(part))
    return str(escape(fact)) if isinstance(fact, str) else str(Markup("; ").join(fact))


def _with_lists(tokens: "Sequence[Token]", facts: Mapping[str, Fact]) -> "list[Token]":
    """Return `tokens`, a paragraph that is but the name of several facts become their list."""
    from markdown_it.token import Token

    found: list[Token] = []
    for token in tokens:
        name = token.content.strip()[1:-1] if token.type == "inline" else ""
        lines = facts.get(name)
        if not name or lines is None or isinstance(lines, str):
            found.append(token)
        elif found and found[-1].type == "paragraph_open":
            rows = Markup("").join(Markup("<li>{}</li>\n").format(line) for line in lines)
            block = Token("html_block", "", 0, content=str(Markup("<ul>\n{}</ul>\n").format(rows)))
            found[-1] = block
        else:
            found.append(token)
    return [one for at, one in enumerate(found) if not _closes_nothing(found, at)]


def _closes_nothing(tokens: "Sequence[Token]", at: int) -> bool:
    return tokens[at].type == "paragraph_close" and at > 0 and tokens[at - 1].type == "html_block"


def _led(children: "Sequence[Token]", links: Mapping[str, str]) -> "list[Token]":
    """Return the pieces of a line with the addresses of its links; without those that lead
    nowhere."""
    return list(_each(children, links))


def _each(children: "Sequence[Token]", links: Mapping[str, str]) -> "Iterator[Token]":
    is_open = False
    for child in children:
        if child.type == "link_open":
            href = str(child.attrGet("href") or "")
            address = links.get(href) or (href if _OUTSIDE.fullmatch(href) else "")
            is_open = bool(address)
            if address:
                child.attrs = {"href": address}
                yield child
        elif child.type != "link_close" or is_open:
            yield child


@lru_cache(maxsize=1)
def _parser() -> Any:
    """Return the parser; a process that shows no legal page does without it."""
    from markdown_it import MarkdownIt

    rules = ["heading", "list", "emphasis", "link", "escape", "newline", "balance_pairs"]
    parser = MarkdownIt("zero", {"breaks": True}).enable(rules)
    parser.add_render_rule("text", _text)
    return parser
