"""The Vietnamese order of words: letters first, then tones from ngang to nặng."""

import unicodedata

_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_RANK = {letter: rank for rank, letter in enumerate(_LETTERS)}
_TONES = {tone: rank for rank, tone in enumerate("\u0300\u0309\u0303\u0301\u0323", start=1)}

SortKey = tuple[tuple[tuple[int, int], ...], tuple[int, ...], str]


def collation_key(text: str) -> SortKey:
    """Return the key that sorts `text` as a Vietnamese dictionary does.

    Letters decide first (a ă â b c d đ e ê …), then tones (ngang, huyền, hỏi, ngã, sắc, nặng),
    then the text itself. Blanks and digits come before letters, other scripts after.
    """
    letters: list[tuple[int, int]] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text).lower():
        letter, tone = _split(character)
        rank = _RANK.get(letter)
        if rank is not None:
            letters.append((1, rank))
        else:
            letters.append((0 if letter.isascii() else 2, ord(letter)))
        tones.append(tone)
    return tuple(letters), tuple(tones), text


def person_key(full_name: str) -> tuple[SortKey, SortKey]:
    """Return the key that sorts people by given name, the last word, then by the whole name."""
    return collation_key(full_name.rpartition(" ")[2]), collation_key(full_name)


def _split(character: str) -> tuple[str, int]:
    marks = unicodedata.normalize("NFD", character)
    tone = max((_TONES.get(mark, 0) for mark in marks), default=0)
    toneless = "".join(mark for mark in marks if mark not in _TONES)
    return (unicodedata.normalize("NFC", toneless) or character)[0], tone
