"""What fills bottles, bags and crates: pepper, honey, fish sauce, oil, lotus seeds, pomelos."""

from tools.drawings.prints import (
    BRICK,
    DARK,
    GREEN,
    INDIGO,
    PAPER,
    PINK,
    SHELL,
    STRAW,
    TURMERIC,
    at,
    box,
    fill,
    ground,
    label,
    line,
    of,
    oval,
    printed,
    shadow,
    words,
)
from tools.drawings.wraps import crate, jug, kraft_bag


def _corns(count: int, colours: tuple[str, ...]) -> str:
    return "".join(
        printed(
            oval(98 + 24 * (n % 7) + 12 * (n // 7 % 2), 148 + 21 * (n // 7), 12, 12),
            colours[(n * 5 + n // 7) % len(colours)],
            shift=2,
            width=3,
        )
        for n in range(count)
    )


def pepper_half_kilo() -> str:
    """Half a kilo of corns, in a paper bag with a window."""
    pane = fill(box(0, 0, 400, 400), "#2B211B") + _corns(42, ("#3A2C24", "#4F3C30", "#211A16"))
    return (
        ground("vermilion", (300, 116))
        + shadow(182, 140)
        + kraft_bag(80, 80, 176, pane)
        + at(of("tieu", 13, 16), -4, 0)
        + at(of("tieu", 16), -2, 0)
    )


def honey_litre() -> str:
    """A litre of honey, in a jug with a handle."""
    comb = "M176 236l20 -12l20 12v24l-20 12l-20 -12Z"
    inner = label(
        134, 212, 124, 100, printed(comb, TURMERIC, shift=3, width=4) + words(158, 290, 76, 1)
    )
    return (
        ground("turmeric", (112, 116))
        + shadow(200, 140)
        + jug(100, 60, 192, "#E0891C", DARK, inner)
        + at(of("matong", 17), 30, -10)
    )


def fish_sauce_litre() -> str:
    """A litre of fish sauce: broad, with a handle and a red cap."""
    fish = printed(
        "M0 20C22 -6 62 -4 82 20L104 4V36L82 20C62 44 22 46 0 20Z",
        INDIGO,
        fill(oval(20, 16, 3, 3), PAPER),
        shift=3,
        width=4,
    )
    inner = label(122, 214, 128, 104, at(fish, 136, 236) + words(150, 300, 72, 1))
    return (
        ground("indigo", (296, 110))
        + shadow(190, 140)
        + jug(90, 56, 196, "#7A3414", BRICK, inner)
        + at(of("nuocmam", 13, 14), 22, 6)
    )


def oil_litre() -> str:
    """A litre of oil: a jug with a handle."""
    nut = printed(
        "M0 16C0 -8 26 -10 38 0C50 -10 84 -8 84 16S50 42 38 32C26 42 0 40 0 16Z",
        STRAW,
        line(
            "M12 8C16 14 16 22 12 28M28 4C32 12 32 22 28 30M52 4C48 12 48 22 52 30M70 8C66 14 66 22 70 28",
            2.4,
        ),
        shift=3,
        width=4,
    )
    inner = label(122, 216, 124, 100, at(nut, 142, 236) + words(150, 298, 68, 1))
    return (
        ground("vermilion", (112, 114))
        + shadow(186, 140)
        + jug(88, 58, 192, "#F2CF4A", GREEN, inner)
        + at(of("dauphung", 13), 14, 4)
        + at(of("dauphung", 15), 20, 8)
    )


def _seeds(count: int) -> str:
    one = printed(oval(0, 0, 18, 13), SHELL, line("M-10 0H10", 2.4), shift=2, width=4)
    return "".join(
        at(one, 96 + (n * 43) % 170, 168 + (n * 59) % 130, turn=(n * 37) % 90)
        for n in range(count)
    )


def lotus_small() -> str:
    """250 g of lotus seeds: a small bag before its pod."""
    pane = fill(box(0, 0, 400, 400), "#E9DFC0") + at(_seeds(30), 0, 24)
    pod = at(of("hatsen", 5, -7), 76, -22, scale=0.76)
    return (
        ground("leaf", (110, 110), tone_of_sun="#EDB7A8")
        + shadow(160, 120)
        + pod
        + at(kraft_bag(70, 144, 132, pane, pigment=PINK), 0, 0)
    )


def lotus_half_kilo() -> str:
    """Half a kilo of lotus seeds: a broad bag, the pod and seeds beside it."""
    pane = fill(box(0, 0, 400, 400), "#E9DFC0") + _seeds(46)
    return (
        ground("turmeric", (300, 118), tone_of_sun="#EDB7A8")
        + shadow(176, 150)
        + at(of("hatsen", 5, -7), 214, 150, scale=0.52, turn=4)
        + kraft_bag(50, 70, 206, pane, pigment=PINK)
        + at(of("hatsen", -4, -2), -4, 2)
    )


def pomelo_crate() -> str:
    """Ten pomelos in a crate."""
    one = at(of("thanhtra", 5, 12), -166, -230)
    spots = ((110, 172), (200, 158), (288, 172), (152, 226), (246, 226))
    heap = "".join(at(one, x, y, scale=0.46) for x, y in spots)
    return (
        ground("turmeric", (300, 92), tone_of_sun="#F0CC6B")
        + shadow(198, 170)
        + crate(48, 234, 300, heap)
    )
