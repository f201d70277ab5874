"""What demo buyers said of demo goods, so that the pages of the goods and the office show it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy.orm import Session

from shop.demo.people import DEMO
from shop.forms.reviews import Said
from shop.models.orders import Order
from shop.models.reviews import Salutation
from shop.services import reviews

CHI, ANH = Salutation.CHI, Salutation.ANH

Deliver = Callable[[str, tuple[str, str], datetime], Order]

OPINIONS = (
    (
        "LBT-BUP-500",
        ("Đỗ Thị Mẫu Sáu", "+84540009006"),
        5,
        "Nước xanh, vị chát rồi ngọt. Gói kín, giao nhanh.",
        CHI,
    ),
    (
        "LBT-BUP-500",
        ("Hồ Văn Mẫu Bảy", "+84540009007"),
        4,
        "Chè thơm, hơi nhiều cám ở cuối gói.",
        ANH,
    ),
    ("LBT-MOCCAU-200", ("Bùi Thị Mẫu Tám", "+84540009008"), 5, "Mua biếu bố, ông khen mãi.", CHI),
)
"""Pack, buyer, stars, words, how to be called; the last one waits for the office."""

ANSWER = "HTX cảm ơn anh. Từ lô sau HTX sàng kỹ hơn."


def load(session: Session, deliver: Deliver, *, now: datetime) -> None:
    """Let each of `OPINIONS` be said; `deliver` brings one pack to one buyer at a moment."""
    last = len(OPINIONS) - 1
    for number, (sku, buyer, stars, text, called) in enumerate(OPINIONS):
        at = now - timedelta(hours=20 - 2 * number)
        order = deliver(sku, buyer, at)
        written = reviews.write(
            session,
            order.lines[0],
            Said(stars, text, called),
            [],
            folder=Path(),
            actor=DEMO,
            now=at + timedelta(hours=1),
        )
        if number == last:
            continue
        by: dict[str, Any] = {"actor": DEMO, "now": at + timedelta(hours=2)}
        reviews.approve(session, written, version=written.version, **by)
        if stars < 5:
            reviews.answer(session, written, ANSWER, **by)
