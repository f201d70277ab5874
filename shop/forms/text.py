"""Words people type: names of one line, free lines, descriptions of many lines.

All come back in NFC, trimmed, without invisible characters. Lengths count visible letters,
which for Vietnamese is the length in NFC. Escaping is the page's work: `<` and `&` are honest
letters in a description and stay as they were typed.
"""

import re
import unicodedata
from typing import Any

from shop.forms.characters import has_control, without_invisible
from shop.forms.legacy_text import BROKEN, NAMES, recognise
from shop.forms.values import ValueRefused

_MARKUP = re.compile(r"<[a-z/!?]|&(?:[a-z]\w*|#\d+|#x[0-9a-f]+);", re.IGNORECASE)
_EMOJI = re.compile(
    "[\u20e3\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2500-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\v|\f|\x85")


def read_name(text: str, *, longest: int = 120, shortest: int = 1) -> str:
    """Return the name in `text` (of a person, product or place) on one line, without emoji.

    Raises `ValueRefused`: `name_empty` (also for emoji alone), `name_too_short`, `name_too_long`,
    `name_has_markup`, `text_has_control`, `text_damaged`, `legacy_encoding`, `letters_broken`.
    """
    name = " ".join(_EMOJI.sub(" ", _clean(text)).split())
    if not any(character.isalnum() for character in name):
        raise ValueRefused("name_empty")
    if _MARKUP.search(name):
        raise ValueRefused("name_has_markup")
    if len(name) < shortest:
        raise ValueRefused("name_too_short", typed=name)
    if len(name) > longest:
        raise ValueRefused("name_too_long", longest=longest, surplus=len(name) - longest)
    return name


def read_line(text: str, *, longest: int = 200, required: bool = True) -> str:
    """Return `text` as one line with single spaces; empty only where it is not `required`.

    Raises `ValueRefused`: `text_empty`, `text_too_long`, `text_has_control`, `text_damaged`,
    `legacy_encoding`, `letters_broken`.
    """
    return _bounded(" ".join(_clean(text).split()), longest, required)


def read_text(text: str, *, longest: int = 4000, required: bool = False) -> str:
    """Return `text` with its lines, at most one empty line in a row, none at either end.

    Raises `ValueRefused` as `read_line` does.
    """
    lines = (line.rstrip() for line in _clean(text).split("\n"))
    paragraphs = re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip("\n")
    return _bounded(paragraphs if paragraphs.strip() else "", longest, required)


def is_same(one: Any, other: Any) -> bool:
    """Return whether two values read the same: texts in NFC, whatever kind their blanks are.

    Lists are compared one by one, as the database holds them.

    >>> is_same("gói 100\\u00a0g", "gói 100 g")
    True
    """
    return bool(_read(one) == _read(other))


def _read(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(unicodedata.normalize("NFC", value).split())
    return [_read(each) for each in value] if isinstance(value, list | tuple) else value


def refuse_legacy(text: str) -> None:
    """Raise `legacy_encoding` for letters of an old font, `letters_broken` for broken Unicode.

    Both have what the text says as `proposed`, the first its `encoding`.
    """
    legacy = recognise(text)
    if legacy is None:
        return
    if legacy.encoding == BROKEN:
        raise ValueRefused("letters_broken", proposed=legacy.text)
    raise ValueRefused("legacy_encoding", encoding=NAMES[legacy.encoding], proposed=legacy.text)


def _clean(text: str) -> str:
    """Return `text` in NFC with line feeds only, or refuse what is not readable text."""
    refuse_legacy(text)
    lines = _LINE_ENDS.sub("\n", without_invisible(text)).replace("\t", " ")
    if "\ufffd" in lines:
        raise ValueRefused("text_damaged")
    if has_control(lines.replace("\n", " ")):
        raise ValueRefused("text_has_control")
    return unicodedata.normalize("NFC", lines)


def _bounded(text: str, longest: int, required: bool) -> str:
    if required and not text:
        raise ValueRefused("text_empty")
    if len(text) > longest:
        raise ValueRefused("text_too_long", longest=longest, surplus=len(text) - longest)
    return text
