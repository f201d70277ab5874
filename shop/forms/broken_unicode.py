"""Unicode that somebody's program read as Windows letters: `Báº±ng` is `Bằng`.

Each word is mended by itself, since a text may be half broken: pasted from two places.
"""

import re
from collections.abc import Callable

_PAGES = ("cp1252", "cp1258")
_LOST_A = "Ã"
"""Before a lost non-breaking space this is `à`: browsers make a plain space of it."""


def as_latin_bytes(character: str) -> bytes:
    """Return the byte that Windows-1252 or, in its five gaps, Latin-1 shows as `character`.

    What neither shows becomes a question mark.
    """
    try:
        return character.encode("cp1252")
    except UnicodeEncodeError:
        return character.encode("latin-1", "replace")


def mended_words(text: str, *, is_vietnamese: Callable[[str], bool]) -> str | None:
    """Return `text` with its broken words mended, or `None` where none is broken.

    `is_vietnamese` says whether a word is a Vietnamese syllable: what decodes to none is left.
    """
    for page in _PAGES:
        whole = _decoded(text, page)
        if whole is not None and (page == "cp1252" or _has_syllable(whole, is_vietnamese)):
            return whole
    words = text.split(" ")
    mended = [_mended(word, is_vietnamese) for word in words]
    if all(one is None for one in mended):
        return None
    kept = [
        one or (f"{word[:-1]}à" if word.endswith(_LOST_A) else word)
        for word, one in zip(words, mended, strict=True)
    ]
    return _joined([word for word in kept if word], is_vietnamese)


def _mended(word: str, is_vietnamese: Callable[[str], bool]) -> str | None:
    if word.isascii():
        return None
    said = (_decoded(word, page) for page in _PAGES)
    return next((one for one in said if one and _has_syllable(one, is_vietnamese)), None)


def _has_syllable(said: str, is_vietnamese: Callable[[str], bool]) -> bool:
    words = re.findall(r"[^\W\d_]+", said)
    return any(not word.isascii() and is_vietnamese(word) for word in words)


def _joined(words: list[str], is_vietnamese: Callable[[str], bool]) -> str:
    """Return `words` as a line; `hà` and `ng`, parted by a lost space, are one again."""
    line: list[str] = []
    for word in words:
        is_torn = bool(line) and line[-1].endswith("à") and not is_vietnamese(word)
        if is_torn and is_vietnamese(line[-1] + word):
            line[-1] += word
        else:
            line.append(word)
    return " ".join(line)


def _decoded(text: str, page: str) -> str | None:
    """Return what the bytes behind `text` say in UTF-8, or `None` where they say nothing else."""
    try:
        if page == "cp1252":
            said = b"".join(map(as_latin_bytes, text)).decode() if _fits(text) else None
        else:
            said = text.encode(page).decode()
    except UnicodeError:
        return None
    return said if said != text else None


def _fits(text: str) -> bool:
    return all(as_latin_bytes(letter) != b"?" or letter == "?" for letter in text)
