"""Each pack of the demo that differs from the drawing of its product."""

from collections.abc import Callable

from tools.drawings import kitchen, leaves, stores

PACKS: dict[str, Callable[[], str]] = {
    "LBT-DINH-100": leaves.tea_bud,
    "LBT-NONTOM-200": leaves.tea_shrimp,
    "LBT-BUP-500": leaves.tea_half_kilo,
    "NKG-500": kitchen.pork_roll_small,
    "NKG-1600": kitchen.pork_roll_feast,
    "QTR-KHO-200": leaves.pennywort_dried,
    "QTR-BOT-100": leaves.pennywort_powder,
    "BDC-BT-500": kitchen.rice_paper_half,
    "CTX-CAO-500": leaves.vang_half_kilo,
    "CTX-TIEU-500": stores.pepper_half_kilo,
    "NKG-CC-200": kitchen.rice_cake_box,
    "NKG-CC-500": kitchen.rice_cake_bag,
    "QTR-MX-400": kitchen.sweets_gift,
    "QTR-TC-250": kitchen.sour_shrimp_small,
    "LBT-MD-500": kitchen.noodles_one,
    "LBT-MO-1000": stores.honey_litre,
    "BDC-NM-1000": stores.fish_sauce_litre,
    "BDC-DP-1000": stores.oil_litre,
    "QTR-HS-250": stores.lotus_small,
    "QTR-HS-500": stores.lotus_half_kilo,
    "QTR-TT-THUNG": stores.pomelo_crate,
}
"""By the code of the pack; the others have the drawing of their product."""
