"""What goods are packed in: bags, boxes, jars, bottles, crates. Each stands on the table at 352."""

from tools.drawings.prints import (
    BROWN,
    KEY,
    PAPER,
    SHELL,
    STRAW,
    TURMERIC,
    box,
    diamonds,
    fill,
    line,
    printed,
)


def tall_bag(x: float, top: float, width: float, pigment: str, fold: str, inner: str = "") -> str:
    """Return a folded tea bag with a band of diamonds; (x, top) is the upper left."""
    left, right = x, x + width
    body = (
        f"M{left + 6:g} {top + 24:g}L{left + 14:g} {top + 12:g}H{right - 14:g}"
        f"L{right - 6:g} {top + 24:g}L{right + 4:g} 340C{right + 4:g} 350 {right - 2:g} 354 "
        f"{right - 10:g} 354H{left + 10:g}C{left + 2:g} 354 {left - 4:g} 350 {left - 4:g} 340Z"
    )
    lid = f"M{left + 6:g} {top + 24:g}L{left + 14:g} {top:g}H{right - 14:g}L{right - 6:g} {top + 24:g}Z"
    band = diamonds(left + 8, right, top + 40) + line(
        f"M{left - 20:g} {top + 34:g}H{right + 20:g}M{left - 20:g} {top + 64:g}H{right + 20:g}",
        2.5,
    )
    seam = line(f"M{left + 8:g} {top + 12:g}H{right - 8:g}", 2.5)
    return printed(body, pigment, band + inner) + printed(lid, fold, seam)


def kraft_bag(x: float, top: float, width: float, window: str, *, pigment: str = STRAW) -> str:
    """Return a paper bag with a rolled top and a round window that shows `window`."""
    left, right, middle = x, x + width, x + width / 2
    body = (
        f"M{left + 4:g} {top + 30:g}H{right - 4:g}L{right + 6:g} 338C{right + 6:g} 350 {right:g} 354 "
        f"{right - 10:g} 354H{left + 10:g}C{left:g} 354 {left - 6:g} 350 {left - 6:g} 338Z"
    )
    roll = (
        f"M{left - 4:g} {top:g}H{right + 4:g}C{right + 12:g} {top + 8:g} {right + 12:g} {top + 24:g} "
        f"{right + 4:g} {top + 32:g}H{left - 4:g}C{left - 12:g} {top + 24:g} {left - 12:g} "
        f"{top + 8:g} {left - 4:g} {top:g}Z"
    )
    pane_top, pane = top + 62, width - 44
    round_ = (
        f"M{middle - pane / 2:g} {pane_top + 22:g}q0 -22 22 -22h{pane - 44:g}q22 0 22 22v74"
        f"q0 22 -22 22h{44 - pane:g}q-22 0 -22 -22Z"
    )
    shown = printed(round_, PAPER, window, shift=0, width=4)
    feet = diamonds(left + 14, right - 8, 318, step=26)
    return printed(body, pigment, shown + feet) + printed(
        roll, TURMERIC, line(f"M{left - 6:g} {top + 17:g}H{right + 6:g}", 2.5)
    )


def carton(
    x: float,
    top: float,
    width: float,
    depth: float,
    colours: tuple[str, str, str],
    front: str = "",
) -> str:
    """Return a box seen from its front, with its side and its lid; colours: front, side, lid."""
    right, rise = x + width, depth * 0.5
    side = (
        f"M{right:g} {top:g}L{right + depth:g} {top - rise:g}V{346 - rise * 1.2:g}L{right:g} 352Z"
    )
    lid = f"M{x:g} {top:g}L{x + depth:g} {top - rise:g}H{right + depth:g}L{right:g} {top:g}Z"
    return (
        printed(side, colours[1], shift=3)
        + printed(lid, colours[2], shift=4)
        + printed(box(x, top, width, 352 - top), colours[0], front)
    )


def jar(x: float, top: float, width: float, inside: str, lid: str, inner: str = "") -> str:
    """Return a glass jar with a flat lid; `inside` is the pigment of what it holds."""
    right = x + width
    body = (
        f"M{x + 22:g} {top + 38:g}H{right - 22:g}V{top + 54:g}C{right - 4:g} {top + 62:g} {right:g} "
        f"{top + 76:g} {right:g} {top + 92:g}V330C{right:g} 346 {right - 10:g} 354 {right - 24:g} 354"
        f"H{x + 24:g}C{x + 10:g} 354 {x:g} 346 {x:g} 330V{top + 92:g}C{x:g} {top + 76:g} {x + 4:g} "
        f"{top + 62:g} {x + 22:g} {top + 54:g}Z"
    )
    top_ = box(x + 14, top, width - 28, 40)
    rib = line(f"M{x + 14:g} {top + 20:g}H{right - 14:g}", 2.5)
    return printed(body, inside, inner) + printed(top_, lid, rib)


def jug(x: float, top: float, width: float, inside: str, cap: str, inner: str = "") -> str:
    """Return a broad bottle with a handle at its neck, for a litre."""
    right, neck = x + width, x + width / 2
    body = (
        f"M{neck - 24:g} {top + 34:g}H{neck + 24:g}V{top + 62:g}C{right - 14:g} {top + 80:g} {right:g} "
        f"{top + 108:g} {right:g} {top + 144:g}V328C{right:g} 346 {right - 12:g} 354 {right - 28:g} 354"
        f"H{x + 28:g}C{x + 12:g} 354 {x:g} 346 {x:g} 328V{top + 144:g}C{x:g} {top + 108:g} "
        f"{x + 14:g} {top + 80:g} {neck - 24:g} {top + 62:g}Z"
    )
    grip = (
        f"M{neck + 22:g} {top + 46:g}C{neck + 70:g} {top + 34:g} {right + 22:g} {top + 66:g} "
        f"{right - 6:g} {top + 124:g}"
    )
    handle = line(grip, 20) + line(grip, 9, inside)
    seam = line(f"M{neck - 34:g} {top + 18:g}H{neck + 34:g}", 2.5)
    return handle + printed(body, inside, inner) + printed(box(neck - 32, top, 64, 38), cap, seam)


def clear_bag(x: float, top: float, width: float, inner: str) -> str:
    """Return a see-through bag, knotted on top with a label on its knot."""
    right, middle = x + width, x + width / 2
    body = (
        f"M{middle - 20:g} {top + 26:g}C{x + 4:g} {top + 40:g} {x - 6:g} {top + 80:g} {x - 4:g} 316"
        f"C{x - 4:g} 344 {x + 12:g} 354 {x + 32:g} 354H{right - 32:g}C{right - 12:g} 354 "
        f"{right + 4:g} 344 {right + 4:g} 316C{right + 6:g} {top + 80:g} {right - 4:g} {top + 40:g} "
        f"{middle + 20:g} {top + 26:g}Z"
    )
    frill = (
        f"M{middle - 20:g} {top + 28:g}L{middle - 44:g} {top - 22:g}L{middle - 14:g} {top - 8:g}"
        f"L{middle:g} {top - 30:g}L{middle + 16:g} {top - 8:g}L{middle + 44:g} {top - 20:g}"
        f"L{middle + 20:g} {top + 28:g}Z"
    )
    shine = line(f"M{x + 18:g} {top + 96:g}V{280:g}", 5, PAPER)
    knot = printed(box(middle - 26, top + 20, 52, 20), TURMERIC, shift=3, width=5)
    return printed(frill, SHELL, shift=4) + printed(body, SHELL, inner + shine) + knot


def crate(x: float, top: float, width: float, inner: str) -> str:
    """Return a slatted crate with `inner` heaped in it."""
    boards = "".join(
        printed(box(x, top + n * 40, width, 32), STRAW, shift=5, width=5) for n in range(3)
    )
    posts = "".join(
        printed(box(post, top - 8, 24, 126), BROWN, shift=4, width=5)
        for post in (x + 10, x + width - 34)
    )
    nails = "".join(
        fill(f"M{post + 9:g} {top + 12 + n * 40:g}h6v6h-6Z", KEY)
        for post in (x + 10, x + width - 34)
        for n in range(3)
    )
    return inner + boards + posts + nails
