"""Vietnamese text from before Unicode, recognised where its bytes were read as Latin letters.

TCVN3 (the .VnTime fonts, TCVN 5712:1993) gives every accented letter one byte; VNI writes the
accent as a letter of its own after the vowel. A text counts as legacy when more of
its accented words become syllables by decoding than are syllables already: names from other
languages must never be taken for it, a short legacy text may be missed.
"""

import re
import unicodedata
from dataclasses import dataclass

from shop.forms.broken_unicode import as_latin_bytes, mended_words

_TONES = "\u0300\u0301\u0303\u0309\u0323"
_ONSET = "(?:ngh|ng|nh|gh|gi|kh|ph|th|tr|ch|qu|[bcdđghklmnprstvx])?"
_CLOSED = (
    "(?:iê|yê|oa|oă|oe|uâ|uê|uyê|uy|uô|uơ|ươ|[aăâeêioôơuưy])(?:ng|[cmnpt])?"
    "|(?:oa|uê|uy|[aêiy])(?:ch|nh)"
)
_OPEN = (
    "(?P<open>iêu|yêu|oai|oay|oao|oeo|uây|uya|uyu|uôi|ươi|ươu|ai|ao|au|ay|âu|ây|eo|êu|ia|iu|oi|ôi"
    "|ơi|ua|ui|ưa|ưi|ưu)"
)
_SYLLABLE = re.compile(f"{_ONSET}(?:{_OPEN}|{_CLOSED})")
_LETTERS = frozenset("bcdđghklmnpqrstvx").union(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", *_TONES)
)
_ONLY_IN_UNICODE = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9]")
_MICRO_UNITS = frozenset({"µm", "µg", "µl"})
_WORD = re.compile("[A-Za-z\u00a1-\u024f\u1e00-\u1eff]+")
_WORD_OF_BYTES = re.compile(
    "[A-Za-z\x80-\u024f\u1e00-\u1eff\u02c6\u02dc\u2013-\u203a\u20ac\u2122]+"
)
"""As `_WORD`, with the signs under which Windows shows the bytes 80 to 9F."""
_LEAST_OF_VISCII = 2

_TCVN3 = str.maketrans(
    "¡¢£¤¥¦§¨©ª«¬\u00ad®µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ",
    "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
)
_VISCII = str.maketrans(
    "\x02\x05\x06\x14\x19\x1e\x80\x81\x82\x83\x84\x85\x86\x87\x88\x89\x8a\x8b\x8c\x8d"
    "\x8e\x8f\x90\x91\x92\x93\x94\x95\x96\x97\x98\x99\x9a\x9b\x9c\x9d\x9e\x9f\xa0\xa1"
    "\xa2\xa3\xa4\xa5\xa6\xa7\xa8\xa9\xaa\xab\xac\xad\xae\xaf\xb0\xb1\xb2\xb3\xb4\xb5"
    "\xb6\xb7\xb8\xb9\xba\xbb\xbc\xbd\xbe\xbf\xc4\xc5\xc6\xc7\xcb\xce\xcf\xd0\xd1\xd5"
    "\xd6\xd7\xd8\xdb\xdc\xde\xdf\xe4\xe5\xe6\xe7\xeb\xee\xef\xf0\xf1\xf6\xf7\xf8\xfb"
    "\xfc\xfe\xff",
    "ẲẴẪỶỸỴẠẮẰẶẤẦẨẬẼẸẾỀỂỄỆỐỒỔỖỘỢỚỜỞỊỎỌỈỦŨỤỲÕắằặấầẩậẽẹếềểễệốồổỗỠƠộ"
    "ờởịỰỨỪỬơớƯẢĂẳẵẺĨỳĐứạỷừửỹỵỡưảăữẫẻĩỉđựỏọụũủợỮ",
)
_VNI_MARKS = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_VNI_ROOFS = {
    "â": "\u0302", "à": "\u0302\u0300", "á": "\u0302\u0301", "å": "\u0302\u0309",
    "ã": "\u0302\u0303", "ä": "\u0323\u0302",
    "ê": "\u0306", "è": "\u0306\u0300", "é": "\u0306\u0301", "ú": "\u0306\u0309",
    "ü": "\u0306\u0303", "ë": "\u0323\u0306",
}  # fmt: skip
_VNI = re.compile("([aeouyôö])([âàáåãäêèéúüëøùûõï])|[öôñæóòî]", re.IGNORECASE)
_VNI_LETTERS = {"ö": "ư", "ô": "ơ", "ñ": "đ", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


NAMES = {"tcvn3": "TCVN3 (.VnTime)", "vni": "VNI", "viscii": "VISCII"}
"""What people call the encodings."""

BROKEN = "utf8"
"""Unicode that was taken for Latin letters on its way: no old font drew it."""


@dataclass(frozen=True)
class LegacyText:
    """Text that was written in `encoding` (one of `NAMES`, or `BROKEN`), and what it says."""

    encoding: str
    text: str


def recognise(text: str) -> LegacyText | None:
    """Return what `text` says if it is legacy Vietnamese or broken Unicode, else `None`.

    >>> recognise("ChÌ mãc c©u La B»ng")
    LegacyText(encoding='tcvn3', text='Chè móc câu La Bằng')
    """
    if text.isascii():
        return None
    if (mended := mend(text)) is not None:
        return LegacyText(BROKEN, mended)
    if _ONLY_IN_UNICODE.search(text):
        return None
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    gains = {
        encoding: sum(_gains(word, decode(word)) for word in words)
        for encoding, decode in _DECODERS.items()
    }
    of_bytes = [word for word in _WORD_OF_BYTES.findall(text) if not word.isascii()]
    in_viscii = sum(_gains(word, from_viscii(_as_latin(word))) for word in of_bytes)
    gains["viscii"] = in_viscii if in_viscii >= _LEAST_OF_VISCII else 0
    best = max(gains, key=lambda encoding: gains[encoding])
    if gains[best] <= sum(map(_is_vietnamese, words)):
        return None
    said = from_viscii(_as_latin(text)) if best == "viscii" else _DECODERS[best](text)
    return LegacyText(best, said)


def count_syllables(text: str) -> tuple[int, int]:
    """Return how many of the accented words in `text` are Vietnamese syllables, and how many
    there are.

    >>> count_syllables("Chè móc câu, crème")
    (3, 4)
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return sum(map(_is_vietnamese, words)), len(words)


def from_tcvn3(text: str) -> str:
    """Return what `text` says if its letters are TCVN3 bytes read as Latin-1."""
    return text.translate(_TCVN3)


def from_viscii(text: str) -> str:
    """Return what `text` says if its letters are VISCII bytes (RFC 1456) read as Latin-1.

    >>> from_viscii("Nguy\xadn Th\xb8 M\xe7u")
    'Nguyễn Thị Mẫu'
    """
    return text.translate(_VISCII)


def from_vni(text: str) -> str:
    """Return what `text` says if its letters are VNI bytes read as Latin-1."""
    return _VNI.sub(_said_in_vni, text)


def _said_in_vni(written: re.Match[str]) -> str:
    vowel, accent = written[1], written[2]
    if vowel is None:
        return _vni_letter(written[0])
    marks = _VNI_MARKS.get(accent.lower()) or _VNI_ROOFS[accent.lower()]
    composed = unicodedata.normalize("NFC", _vni_letter(vowel) + marks)
    return composed if len(composed) == 1 else written[0]


def _vni_letter(letter: str) -> str:
    said = _VNI_LETTERS.get(letter.lower(), letter)
    return said.upper() if letter.isupper() else said


_DECODERS = {"tcvn3": from_tcvn3, "vni": from_vni}


def _gains(word: str, decoded: str) -> bool:
    """Return whether decoding makes a syllable of `word`; a lone sign such as `½` is no proof."""
    if word == decoded or len(decoded) < 2 or word in _MICRO_UNITS:
        return False
    return _is_vietnamese(decoded) and not _is_vietnamese(word)


def _is_vietnamese(word: str) -> bool:
    """Return whether `word` has the shape of one syllable, in one case or with a capital."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    letters = unicodedata.normalize("NFC", word.lower())
    if not _LETTERS.issuperset(letters):
        return False
    bare = [_toneless(letter) for letter in letters]
    toned = [place for place, letter in enumerate(letters) if letter != bare[place]]
    syllable = _SYLLABLE.fullmatch("".join(bare))
    if syllable is None or len(toned) > 1:
        return False
    # No tone stands on the last vowel of `ao` or `ia`: that is how VNI gives itself away.
    return not (syllable["open"] and toned == [len(letters) - 1])


def _toneless(letter: str) -> str:
    marks = unicodedata.normalize("NFD", letter)
    return unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))


def mend(text: str) -> str | None:
    """Return what `text` said before its UTF-8 was read as Windows-1252 or -1258; else `None`.

    >>> mend("TrÃ  La Báº±ng"), mend("HỢP TÁC XÃ")
    ('Trà La Bằng', None)
    """
    return mended_words(text, is_vietnamese=_is_vietnamese)


def _as_latin(text: str) -> str:
    """Return `text` with the signs of Windows-1252 as the Latin-1 characters of their bytes."""
    return "".join(as_latin_bytes(letter).decode("latin-1") for letter in text)
