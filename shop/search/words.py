"""Text as words: what the index keeps and what a question asks for, in the same form."""

import re
import unicodedata

from shop.search.folding import fold

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_DAK = re.compile(r"\b(đăk|đắc|đăc)\b")
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_UNITS = {
    "g": "g", "gr": "g", "gam": "g", "gram": "g", "kg": "kg", "ky": "kg", "ki": "kg", "can": "kg",
    "kilo": "kg", "ml": "ml", "l": "l", "lit": "l",
}  # fmt: skip
_HALVES = {"kg": "500g", "l": "500ml"}

Word = tuple[str, str]
"""A word as it is written and folded; a number carries its unit: `("200g", "200g")`."""


def words(text: str) -> list[Word]:
    """Return the words of `text`, each as written (lower case, `spelled`) and folded.

    >>> words("Chè đinh, 100 g")
    [('chè', 'che'), ('đinh', 'dinh'), ('100g', '100g')]
    >>> words("nửa ký")
    [('500g', '500g')]
    """
    found = _WORD.findall(_plain(text))
    joined: list[Word] = []
    for word in found:
        unit = _UNITS.get(fold(word))
        if unit in _HALVES and joined and joined[-1][1] == "nua":
            joined[-1] = (_HALVES[unit], _HALVES[unit])
        elif unit and joined and joined[-1][0][-1].isdigit():
            measure = joined.pop()[0] + unit
            joined.append((measure, measure))
        elif word[0].isdigit():
            number = word.replace(".", ",") if "," not in word else word
            joined.append((number, number))
        else:
            joined.append((spelled(word), fold(word)))
    return joined


def folded(text: str) -> list[str]:
    """Return the words of `text` folded."""
    return [plain for _written, plain in words(text)]


def spelled(word: str) -> str:
    """Return one word with its tone behind its letters, so that `hoà` and `hòa` are one.

    >>> spelled("hoà") == spelled("hòa")
    True
    """
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(mark for mark in marks if mark in _TONES)
    letters = "".join(mark for mark in marks if mark not in _TONES)
    return unicodedata.normalize("NFC", letters + tone)


def with_tone_placed(word: str) -> str:
    """Return a `spelled` word as people write it, its tone on the letter that carries it.

    >>> with_tone_placed(spelled("móc")), with_tone_placed(spelled("trứng"))
    ('móc', 'trứng')
    """
    marks = unicodedata.normalize("NFD", word)
    tone = "".join(mark for mark in marks if mark in _TONES)
    letters = unicodedata.normalize("NFC", "".join(m for m in marks if m not in _TONES))
    vowels = [place for place, letter in enumerate(letters) if fold(letter) in set("aeiouy")]
    if len(vowels) > 1 and letters[:2] in {"qu", "gi"}:
        vowels = vowels[1:]
    if not vowels:
        return unicodedata.normalize("NFC", letters + tone)
    hatted = [place for place in vowels if not letters[place].isascii()]
    is_closed = vowels[-1] + 1 < len(letters) or len(vowels) > 2
    at = hatted[-1] if hatted else vowels[min(is_closed, len(vowels) - 1)]
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])


def place_spelled(name: str) -> str:
    """Return the name of a place so that the ways of spelling it are one: `Hoà`, `Đăk Lăk`.

    >>> place_spelled("Đăk Hoà") == place_spelled("Đắk Hòa")
    True
    """
    alike = _DAK.sub("đắk", unicodedata.normalize("NFC", name).lower())
    return " ".join(spelled(word) for word in alike.split())


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text).lower()
    return "".join(mark for mark in composed if unicodedata.category(mark) != "Cf")
