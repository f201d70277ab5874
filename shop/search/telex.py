"""Words typed by Telex or VNI while the keyboard left them as they were: `giof`, `truwngs`."""

import re
import unicodedata

_TONES = {
    "s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323",
    "1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323",
}  # fmt: skip
_VOWEL = re.compile("[aeiouy]")
_TYPED = re.compile("[a-z][a-z0-9]*")
_HATS = re.compile("aa|ee|oo")
_HORN = re.compile("uw?ow|[uoa]w")
_HORN_AT_END = re.compile("uo|[uoa]")
_HORNED = {"uo": "ươ", "u": "ư", "o": "ơ", "a": "ă"}
_HATTED = {"a": "â", "e": "ê", "o": "ô"}


def converted(word: str) -> str:
    """Return a word as its keys mean it, its tone behind its letters; empty where they mean none.

    >>> [unicodedata.normalize("NFC", converted(word)) for word in ("mocs", "dduowngf", "tra")]
    ['moć', 'đương̀', '']
    """
    if not _TYPED.fullmatch(word) or not (vowel := _VOWEL.search(word)):
        return ""
    start, end = word[: vowel.start()], word[vowel.start() :]
    tones = [key for key in end if key in _TONES]
    if len(tones) > 1:
        return ""
    letters = "".join(key for key in end if key not in _TONES)
    letters, is_barred = _without_bar(letters)
    if start.startswith("dd") or (is_barred and start.startswith("d")):
        start = "đ" + start.lstrip("d")
    letters = _with_hat(letters)
    letters = _with_horn(letters.replace("7", "w").replace("8", "w"))
    read = start + letters + "".join(_TONES[key] for key in tones)
    is_word = all(letter.isalpha() or letter in _TONES.values() for letter in read)
    return unicodedata.normalize("NFC", read) if is_word and read != word else ""


def _without_bar(letters: str) -> tuple[str, bool]:
    is_barred = letters.endswith("d") or "9" in letters
    return letters.removesuffix("d").replace("9", ""), is_barred


def _with_hat(letters: str) -> str:
    if "6" in letters:
        letters = letters.replace("6", "")
        return re.sub("[aeo]", lambda one: _HATTED[one[0]], letters, count=1)
    return _HATS.sub(lambda one: _HATTED[one[0][0]], letters, count=1)


def _with_horn(letters: str) -> str:
    letters = _HORN.sub(_horned, letters)
    if "w" in letters:
        letters = _HORN_AT_END.sub(_horned, letters, count=1)
    return letters.replace("w", "")


def _horned(found: re.Match[str]) -> str:
    return _HORNED[found[0].replace("w", "")]
