"""What was measured during a step of the work, in words."""

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

MEASURED: Mapping[str, Any] = {
    "temp_c": _l("%(value)s °C"),
    "water_temp_c": _l("nước %(value)s °C"),
    "core_temp_c": _l("ruột %(value)s °C"),
    "core_hold_min": _l("giữ %(value)s phút"),
    "meat_temp_c": _l("thịt %(value)s °C"),
    "paste_temp_c_max": _l("không quá %(value)s °C"),
    "from_c": _l("từ %(value)s °C"),
    "to_c": _l("xuống %(value)s °C"),
    "fridge_c": _l("tủ mát %(value)s °C"),
    "minutes_per_load": _l("%(value)s phút mỗi mẻ"),
    "turn_every_min": _l("đảo mỗi %(value)s phút"),
    "tray_load_kg": _l("%(value)s kg mỗi khay"),
    "rinses": _l("%(value)s lần nước"),
    "seconds": _l("%(value)s giây"),
    "minutes": _l("%(value)s phút"),
    "hours": _l("%(value)s giờ"),
    "days": _l("%(value)s ngày"),
    "months": _l("%(value)s tháng"),
    "moisture_pct": _l("độ ẩm %(value)s %%"),
    "residual_moisture_pct": _l("độ ẩm còn %(value)s %%"),
    "cell_break_pct": _l("dập tế bào %(value)s %%"),
    "frames_capped_pct": _l("%(value)s %% cầu đã vít nắp"),
    "eggs_per_1_6kg": _l("%(value)s quả trứng mỗi cây 1,6 kg"),
    "protein_n_g_per_l": _l("%(value)s g đạm mỗi lít"),
    "ph_end": _l("độ pH cuối %(value)s"),
    "mesh": _l("rây cỡ %(value)s"),
    "mesh_um": _l("lưới %(value)s µm"),
}
"""By the name of the figure in a step's details; the first ones say most."""

STEPS: Mapping[str, Any] = {
    "receive": _l("nhận hàng"),
    "wither": _l("làm héo"),
    "fixation": _l("diệt men"),
    "roll": _l("vò"),
    "dry": _l("sao khô, sấy, phơi"),
    "scent": _l("lấy hương"),
    "sort": _l("sàng, phân loại"),
    "wash": _l("rửa"),
    "cut": _l("cắt, thái"),
    "mill": _l("nghiền"),
    "boil": _l("luộc, nấu"),
    "cool": _l("làm lạnh"),
    "pack": _l("đóng gói"),
}
"""What the steps are called that rules know by a code (`forms.batch_step.KNOWN`)."""

WORK: Mapping[str, Any] = {
    **STEPS,
    "blanch": _l("chần"),
    "chill": _l("làm lạnh"),
    "cook": _l("nấu chín"),
    "cure": _l("ướp"),
    "draw": _l("rút nước cốt"),
    "extract": _l("quay, chắt lấy"),
    "extrude": _l("ép sợi"),
    "ferment": _l("ủ, lên men"),
    "filter": _l("lọc"),
    "fry": _l("chiên"),
    "grind": _l("xay"),
    "layer": _l("xếp lớp"),
    "mix": _l("trộn"),
    "press": _l("ép, nén"),
    "press_dry": _l("ép ráo"),
    "reduce": _l("cô đặc"),
    "roast": _l("rang"),
    "salt": _l("muối"),
    "select": _l("chọn lựa"),
    "settle": _l("để lắng"),
    "shell": _l("bóc vỏ"),
    "sieve": _l("rây"),
    "soak": _l("ngâm"),
    "steam": _l("hấp"),
    "sun_dry": _l("phơi nắng"),
    "thresh": _l("tuốt, tách hạt"),
    "top": _l("phủ mặt"),
    "trim": _l("lọc, tỉa"),
    "uv": _l("chiếu tia cực tím"),
}
"""What else is usual work, by the codes in which batches record it."""


def step(code: str) -> str:
    """Return what a step is called; the code of one that nobody has words for is its own name."""
    return str(STEPS[code]) if code in STEPS else code.replace("-", " ")


SHOWN = 2
"""More figures than this make the line under a step hard to read."""


def measured(details: Mapping[str, Any], lang: str) -> list[str]:
    """Return the figures of a step that say most; what has no words here is left out."""
    known = [(words, details[key]) for key, words in MEASURED.items() if _is_figure(details, key)]
    return [_with_unit(str(words), _written(value, lang)) for words, value in known[:SHOWN]]


def _is_figure(details: Mapping[str, Any], key: str) -> bool:
    value = details.get(key)
    return isinstance(value, int | float | str) and not isinstance(value, bool) and value != ""


def _with_unit(words: str, value: str) -> str:
    """Return `words` with the figure in them, which does not part from its unit."""
    return (words % {"value": value}).replace(f"{value} ", f"{value}\u00a0", 1)


def _written(value: float | str, lang: str) -> str:
    if isinstance(value, str):
        return value
    text = f"{value:g}"
    return text if lang == "en" else text.replace(".", ",")
