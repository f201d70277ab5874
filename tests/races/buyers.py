"""Many buyers who want the same packs at the same moment, over HTTP; the harness of the races."""

import threading
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from tests.support.pages import Page, Visitor

BUYER = {
    "name": "Nguyễn Thị Hoa",
    "commune": "Xã La Bằng, Tỉnh Thái Nguyên",
    "street": "12 xóm La Bằng",
}


def rush(
    addresses: Sequence[str], *, seller: str, pack_id: int, buyers: int, quantity: int = 1
) -> Counter[str]:
    """Let `buyers` people order at once, spread over the servers; return how each one ended.

    `ordered`, `refused` (told so on a page), or what else was answered: that is a fault.
    """
    gate = threading.Barrier(buyers)
    with ThreadPoolExecutor(buyers) as crowd:
        ends = crowd.map(
            lambda number: _buy(
                addresses[number % len(addresses)], seller, pack_id, quantity, number, gate
            ),
            range(buyers),
        )
        return Counter(ends)


def _buy(
    address: str, seller: str, pack_id: int, quantity: int, number: int, gate: threading.Barrier
) -> str:
    visitor = Visitor.at(address)
    try:
        form = fill_cart(visitor, seller=seller, pack_id=pack_id, quantity=quantity)
    finally:
        gate.wait(timeout=120)
    return send(form, phone=f"09120{number:05}")


def fill_cart(visitor: Visitor, *, seller: str, pack_id: int, quantity: int) -> Page:
    """Put packs into the cart and open the checkout."""
    visitor.post("/gio-hang", {"pack": str(pack_id), "quantity": str(quantity)})
    return visitor.open(f"/dat-hang?seller={seller}")


def send(form: Page, *, phone: str) -> str:
    """Send the checkout and say how it ended."""
    answer = form.send({**BUYER, "phone": phone}, press="Đặt hàng")
    if answer.path.startswith("/don-hang/"):
        return "ordered"
    told = any(word in answer.body for word in ("hết hàng", "vừa hết", "chỉ còn"))
    if told and answer.status == 409:
        return "refused"
    return f"{answer.status} {answer.path}"
