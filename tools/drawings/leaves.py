"""Tea, pennywort and vằng: what is picked as leaves."""

from tools.drawings.prints import (
    BRICK,
    DARK,
    GREEN,
    LEAF,
    PALE,
    SHELL,
    STRAW,
    TURMERIC,
    at,
    box,
    diamonds,
    fill,
    ground,
    label,
    leaf,
    line,
    of,
    oval,
    printed,
    shadow,
    words,
)
from tools.drawings.wraps import carton, jar, kraft_bag, tall_bag


def sprig() -> str:
    """Return one bud with two leaves, its stalk at the origin."""
    return (
        line("M0 0C-4 -30 -2 -60 4 -96", 6, GREEN)
        + at(leaf(84, LEAF), 0, -36, turn=-154)
        + at(leaf(88, LEAF), 1, -48, turn=-24)
        + at(leaf(64, PALE), 3, -88, turn=-84)
    )


def cup() -> str:
    """Return the steaming cup of the drawing of tea."""
    return of("che", -2)


def hooks() -> str:
    """Return tea rolled into hooks, as it lies on the table."""
    one = "M0 0C14 -22 40 -16 36 4C34 16 18 14 20 4"
    spots = ((20, 0, 0), (72, 14, 40), (42, 30, -30), (104, 2, 160), (-8, 26, 100))
    return "".join(
        at(line(one, 13) + line(one, 5, LEAF), x, y, scale=0.8, turn=t) for x, y, t in spots
    )


def needles() -> str:
    """Return tea buds like needles, as they lie on the table."""
    one = printed("M0 0C16 -10 44 -8 62 -2C44 8 16 8 0 0Z", LEAF, shift=2, width=4)
    spots = ((0, 8, -16), (44, 20, 12), (24, 32, -4), (76, 2, -38))
    return "".join(at(one, x, y, turn=t) for x, y, t in spots)


def tea_bud() -> str:
    """100 g of the first buds, in a small box."""
    front = label(96, 236, 96, 86, at(sprig(), 144, 312, scale=0.6)) + diamonds(88, 214, 208)
    return (
        ground("turmeric", (286, 128))
        + shadow(184, 130)
        + carton(76, 196, 136, 58, (GREEN, "#1F4A2B", TURMERIC), front)
        + at(needles(), 272, 326, scale=0.85)
    )


def tea_shrimp() -> str:
    """200 g of bud and first leaf, in a slim light bag."""
    inner = label(146, 176, 88, 140, at(sprig(), 190, 296, scale=0.62))
    return (
        ground("vermilion", (112, 126))
        + shadow(190, 96)
        + tall_bag(130, 70, 120, LEAF, BRICK, inner)
        + at(leaf(70, PALE), 284, 336, turn=-26)
        + at(leaf(60, LEAF), 288, 346, turn=6)
    )


def tea_half_kilo() -> str:
    """Half a kilo of tea, in a broad bag with a window."""
    heap = "".join(at(hooks(), 108 + 14 * (n % 2), 160 + 34 * n) for n in range(4))
    pane = fill(box(0, 0, 400, 400), SHELL) + heap
    return (
        ground("indigo", (312, 104), tone_of_sun="#F0CC6B")
        + shadow(184, 150)
        + kraft_bag(78, 66, 208, pane, pigment=GREEN)
        + cup()
    )


def pennywort_dried() -> str:
    """200 g of dried leaves, in a paper bag with a window."""
    one = _notched(PALE)
    pane = fill(box(0, 0, 400, 400), "#DDE6BE") + "".join(
        at(
            _notched(LEAF if n % 2 else PALE),
            122 + 46 * (n % 3),
            178 + 38 * (n // 3),
            scale=0.5,
            turn=40 * n,
        )
        for n in range(9)
    )
    return (
        ground("turmeric", (292, 122))
        + shadow(186, 140)
        + kraft_bag(86, 74, 168, pane)
        + line("M312 352C316 330 322 312 330 296", 5, GREEN)
        + at(one, 334, 280, scale=0.9)
        + at(_notched(LEAF), 296, 330, scale=0.7, turn=-20)
    )


def _notched(colour: str) -> str:
    path = (
        "M0 8L-19 40Q-31 43 -32 30Q-45 28 -41 16Q-52 9 -44 -1Q-52 -11 -40 -18Q-43 -30 -31 -32"
        "Q-29 -44 -17 -41Q-10 -52 0 -44Q10 -52 17 -41Q29 -44 31 -32Q43 -30 40 -18Q52 -11 44 -1"
        "Q52 9 41 16Q45 28 32 30Q31 43 19 40Z"
    )
    veins = line("M0 6L-30 17M0 6L-34 -6M0 6L-22 -26M0 6V-34M0 6L22 -26M0 6L34 -6M0 6L30 17", 2.4)
    return printed(path, colour, veins, shift=4, width=5)


def pennywort_powder() -> str:
    """100 g of powder, in a jar with a wooden spoon."""
    inner = label(
        118, 214, 112, 96, at(_notched(LEAF), 174, 254, scale=0.62) + words(140, 296, 68, 1)
    )
    spoon = "M262 338C276 322 306 320 318 334C330 346 312 360 292 358C274 358 256 350 262 338Z"
    handle = "M314 338L384 306"
    return (
        ground("leaf", (296, 118))
        + shadow(186, 140)
        + jar(92, 112, 164, "#7FA650", TURMERIC, inner)
        + line(handle, 17)
        + line(handle, 8, STRAW)
        + printed(spoon, STRAW, fill(oval(290, 336, 24, 12), "#7FA650"), shift=4, width=5)
    )


def vang_half_kilo() -> str:
    """Half a kilo of extract, in a box with the dark blocks before it."""
    front = label(
        92, 196, 108, 104, at(leaf(84, LEAF), 104, 248, turn=-8) + words(112, 282, 68, 1)
    ) + diamonds(84, 214, 320)
    return (
        ground("indigo", (112, 116))
        + shadow(196, 160)
        + carton(74, 162, 144, 62, (BRICK, "#8F3318", TURMERIC), front)
        + at(_block(), 262, 300)
        + at(_block(), 318, 312, scale=0.9)
        + at(leaf(86, GREEN), 288, 140, turn=-70)
        + at(leaf(80, LEAF), 290, 138, turn=-20)
    )


def _block() -> str:
    """Return one block of dark extract."""
    edges = line("M0 14L32 28L66 14M32 28V62", 3)
    return printed("M0 14L34 0L66 14V48L32 62L0 48Z", DARK, edges, shift=3, width=5)
