"""What is cooked, pressed and laid: rolls, rice paper, rice cakes, sweets, shrimp, noodles."""

from tools.drawings.prints import (
    BRICK,
    GREEN,
    INDIGO,
    LEAF,
    PAPER,
    PINK,
    STRAW,
    TURMERIC,
    at,
    box,
    diamonds,
    ground,
    line,
    of,
    oval,
    printed,
    shadow,
    words,
)
from tools.drawings.wraps import carton, clear_bag


def roll(length: float, ties: int, *, ribbon: bool = False) -> str:
    """Return a roll in banana leaf, its cut face at the left; `length` along its side."""
    end = 92 + length
    slope = 0.135 * length
    body = (
        f"M92 178L{end:g} {178 - slope:g}C{end + 30:g} {178 - slope:g} {end + 46:g} {218 - slope:g} "
        f"{end + 46:g} {254 - slope:g}S{end + 32:g} {328 - slope:g} {end + 4:g} {332 - slope:g}L110 330Z"
    )
    veins = "".join(
        line(f"M70 {y:g}L{end + 60:g} {y - slope - 12:g}", 2.2, GREEN) for y in range(190, 360, 22)
    )
    bands = ""
    for n in range(ties):
        x = 150 + (end - 160) * (n + 0.5) / ties
        y = 178 - 0.135 * (x - 92)
        tie = f"M{x:g} {y:g}C{x + 26:g} {y + 44:g} {x + 26:g} {y + 100:g} {x + 6:g} {y + 150:g}"
        bands += line(tie, 9) + line(tie, 4.5, STRAW)
    if ribbon:
        x = 92 + length * 0.55
        y = 178 - 0.135 * (x - 92)
        sash = (
            f"M{x:g} {y - 4:g}L{x + 52:g} {y - 11:g}C{x + 80:g} {y + 40:g} {x + 80:g} {y + 92:g} "
            f"{x + 60:g} {y + 148:g}L{x + 6:g} {y + 154:g}C{x + 28:g} {y + 100:g} {x + 28:g} {y + 44:g} {x:g} {y - 4:g}Z"
        )
        bands += printed(sash, BRICK, diamonds(x + 46, x + 60, y + 62, size=11), shift=3, width=5)
    return printed(body, LEAF, veins) + bands + of("gio", 15, 19)


def pork_roll_small() -> str:
    """Half a kilo of roll: short, tied twice."""
    short = at(roll(126, 2), 22, 40, scale=0.9)
    return ground("leaf", (290, 120)) + shadow(190, 130) + short + at(of("gio", 19), 10, 0)


def pork_roll_feast() -> str:
    """The long roll of a feast, with a red sash."""
    long = at(roll(262, 4, ribbon=True), -24, 24, scale=0.94)
    petals = "".join(
        at(printed(oval(0, -13, 9, 12), PINK, shift=2, width=4), 0, 0, turn=72 * n)
        for n in range(5)
    )
    blossom = petals + printed(oval(0, 0, 6, 6), TURMERIC, shift=1, width=3)
    twig = line("M250 92C290 74 320 74 372 52M318 72C326 60 330 52 330 40", 6, "#8B5A33")
    flowers = at(blossom, 268, 86) + at(blossom, 330, 42) + at(blossom, 364, 58, scale=0.8)
    return ground("vermilion", (110, 112)) + shadow(204, 170) + twig + flowers + long


def rice_paper_half() -> str:
    """Half a kilo: a thin stack in a clear wrap with a label."""
    return (
        ground("turmeric", (290, 118))
        + shadow(190, 160)
        + of("banhtrang", 5, 9)
        + of("banhtrang", 9, 13)
        + at(of("banhtrang", 29, 33), 0, 48)
        + printed(
            "M150 300H232L240 352H144Z",
            PAPER,
            words(166, 320, 52, 1) + diamonds(160, 232, 334, step=22, size=7),
            shift=0,
            width=4,
        )
        + of("banhtrang", 33)
    )


def _cake(x: float, y: float, size: float) -> str:
    """Return one rice cake of the drawing of rice cakes, by its middle."""
    return at(at(of("comchay", 9, 13), -146, -262), x, y, scale=size)


def rice_cake_box() -> str:
    """200 g of rice cakes, in a box with a window."""
    pane = box(88, 188, 124, 100)
    front = printed(pane, "#3B4F78", _cake(150, 240, 0.62), shift=0, width=4) + diamonds(
        84, 216, 312
    )
    return (
        ground("turmeric", (112, 112))
        + shadow(190, 150)
        + carton(68, 160, 164, 62, (INDIGO, "#22395F", "#8FA9CC"), front)
        + at(of("comchay", 13), 26, 0)
    )


def rice_cake_bag() -> str:
    """Half a kilo of rice cakes, in a clear bag."""
    inside = _cake(132, 276, 0.72) + _cake(216, 270, 0.72) + _cake(176, 208, 0.72)
    return (
        ground("leaf", (296, 116))
        + shadow(180, 140)
        + clear_bag(84, 92, 192, inside)
        + at(of("comchay", 13), 20, 4)
    )


def sweets_gift() -> str:
    """400 g of sesame sweets, in an open gift box."""
    cubes = "".join(at(of("mexung", 5, 6), x, 82, scale=0.8) for x in (-12, 62, 136))
    tray = "M52 262H300L288 352H64Z"
    lid = "M228 92L348 128L318 250L204 214Z"
    bow = printed("M0 0C-26 -26 -48 -8 0 0C26 -26 48 -8 0 0Z", TURMERIC, shift=2, width=4)
    return (
        ground("leaf", (112, 112))
        + shadow(186, 156)
        + printed(lid, BRICK, line("M284 92L262 250M214 150L340 188", 7, TURMERIC))
        + at(bow, 276, 172, scale=1.2, turn=16)
        + cubes
        + printed(tray, BRICK, diamonds(84, 280, 296, step=28, size=10))
        + at(of("mexung", 9), 50, 6, scale=0.9)
    )


def sour_shrimp_small() -> str:
    """250 g of sour shrimp: a small jar, chopsticks beside it."""
    sticks = "M262 360L380 250M282 366L392 268"
    small = at(of("tomchua", 5, 15), 62, 104, scale=0.71)
    return (
        ground("vermilion", (284, 118))
        + shadow(180, 100, 354)
        + small
        + line(sticks, 12)
        + line(sticks, 5, STRAW)
    )


def noodles_one() -> str:
    """Half a kilo of noodles: one bundle."""
    return (
        ground("leaf", (118, 120))
        + shadow(200, 130)
        + at(of("mien", 5, 6), 58, -4, scale=1.06)
        + at(of("mien", 7), -10, 0)
    )
