"""Numbers in words, for reading aloud and as the visible twin of what is spoken."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_SCALES = ((1_000_000, "triệu"), (1_000, "nghìn"))
_SMALL_EN = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS_EN = (
    "", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)  # fmt: skip
_SCALES_EN = ((10**9, "billion"), (10**6, "million"), (1_000, "thousand"))


def amount_in_words(amount_vnd: int, lang: str = "vi") -> str:
    """Return whole đồng in words: 315000 -> `ba trăm mười lăm nghìn đồng`."""
    return f"{number_in_words(amount_vnd, lang)} đồng"


def weight_in_words(grams: int) -> str:
    """Return a weight as it is said at the scales: 28000 -> `hai mươi tám cân`.

    Half a kilogram is `rưỡi`, whole hundreds of grams are `lạng`, anything else `gam`.
    """
    kilograms, rest = divmod(grams, 1000)
    if rest == 500 and kilograms:
        return f"{number_in_words(kilograms)} cân rưỡi"
    parts = [f"{number_in_words(kilograms)} cân"] if kilograms or not rest else []
    if rest:
        lang_count, fine = divmod(rest, 100)
        small = f"{number_in_words(rest)} gam" if fine else f"{number_in_words(lang_count)} lạng"
        parts.append(small)
    return " ".join(parts)


def number_in_words(value: int, lang: str = "vi") -> str:
    """Return a whole number in words, in the Vietnamese of the school books or in English.

    >>> number_in_words(21), number_in_words(1_005)
    ('hai mươi mốt', 'một nghìn không trăm linh năm')
    """
    if value < 0:
        minus = "minus" if lang == "en" else "âm"
        return f"{minus} {number_in_words(-value, lang)}"
    return _english(value) if lang == "en" else " ".join(_vietnamese(value, full=False))


def _vietnamese(value: int, *, full: bool) -> list[str]:
    """Return the words; `full` speaks a missing hundred too, as after a higher group."""
    if value >= 10**9:
        billions, rest = divmod(value, 10**9)
        words = [*_vietnamese(billions, full=full), "tỷ"]
        return words + (_vietnamese(rest, full=True) if rest else [])
    words = []
    for scale, name in _SCALES:
        group, value = divmod(value, scale)
        if group:
            words += [*_three_digits(group, full=full), name]
            full = True
    if value or not words:
        words += _three_digits(value, full=full)
    return words


def _three_digits(value: int, *, full: bool) -> list[str]:
    hundreds, rest = divmod(value, 100)
    words = [_DIGITS[hundreds], "trăm"] if hundreds or full else []
    tens, units = divmod(rest, 10)
    if tens == 0:
        if units and words:
            return [*words, "linh", _DIGITS[units]]
        return words or [_DIGITS[units]]
    words += ["mười"] if tens == 1 else [_DIGITS[tens], "mươi"]
    if units == 5:
        return [*words, "lăm"]
    if units == 1 and tens > 1:
        return [*words, "mốt"]
    if units == 4 and tens > 1:
        return [*words, "tư"]
    return [*words, _DIGITS[units]] if units else words


def _english(value: int) -> str:
    for scale, name in _SCALES_EN:
        if value >= scale:
            group, rest = divmod(value, scale)
            joint = " and " if 0 < rest < 100 else " "
            return f"{_english(group)} {name}" + (joint + _english(rest) if rest else "")
    if value >= 100:
        hundreds, rest = divmod(value, 100)
        return f"{_SMALL_EN[hundreds]} hundred" + (f" and {_english(rest)}" if rest else "")
    if value < 20:
        return _SMALL_EN[value]
    tens, units = divmod(value, 10)
    return _TENS_EN[tens] + (f"-{_SMALL_EN[units]}" if units else "")
