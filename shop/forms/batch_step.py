"""One step of the work as it is typed: name, hours, weights, who, one or two figures."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time

from flask_babel import lazy_gettext as _l

from shop.clock import VIETNAM
from shop.forms.base import Fields
from shop.forms.characters import plain
from shop.forms.dates import read_date
from shop.forms.ids import read_id
from shop.forms.numbers import decimal_number
from shop.forms.read_back import Scales
from shop.forms.text import read_line, read_name
from shop.forms.times import read_time
from shop.search.folding import slug

NAMES = {
    "step_name": _l("tên bước"),
    "step_place": _l("nơi làm"),
    "step_day": _l("ngày làm"),
    "step_from": _l("giờ bắt đầu"),
    "step_until": _l("giờ xong"),
    "step_until_day": _l("ngày xong"),
    "in_g": _l("số cân vào"),
    "added_g": _l("số cân thêm vào"),
    "added_what": _l("thêm gì"),
    "out_g": _l("số cân ra"),
    "by_product_g": _l("số cân phụ phẩm"),
    "by_product_to": _l("phụ phẩm đi đâu"),
    "loss_reason": _l("vì sao hao"),
    "temp_c": _l("nhiệt độ"),
    "moisture_pct": _l("độ ẩm"),
}
"""What the summary of faults calls each field."""

KNOWN = (
    ("receive", "nhan", "tiep nhan"),
    ("wither", "heo"),
    ("fixation", "diet men"),
    ("roll", "vo", "ru toi"),
    ("dry", "sao kho", "say", "phoi", "lam kho"),
    ("scent", "lay huong", "danh huong"),
    ("sort", "sang", "phan loai", "chon loc"),
    ("wash", "rua"),
    ("cut", "cat", "thai"),
    ("mill", "nghien", "xay min"),
    ("boil", "luoc", "nau"),
    ("cool", "lam lanh", "lam nguoi"),
    ("pack", "dong goi", "hut chan khong", "dong tui", "dong hop"),
)
"""Codes of steps that rules know, with the words their names begin with (`field.md` 5)."""

_FIGURES = (("temp_c", -30, 400), ("moisture_pct", 0, 100))
_WORDS = {
    "temp_c": _l("Nhiệt độ ghi bằng số, ví dụ 240"),
    "moisture_pct": _l("Độ ẩm ghi bằng số từ 0 đến 100, ví dụ 6"),
}


@dataclass(frozen=True, slots=True)
class StepDraft:
    """A step as the form gives it, moments in UTC, weights in grams."""

    name: str
    place: str
    started_at: datetime
    ended_at: datetime
    in_g: int
    out_g: int
    added_g: int
    added_what: str
    by_product_g: int
    by_product_to: str
    loss_reason: str
    operator_id: int | None
    details: dict[str, float] = field(default_factory=dict)


def read_step(
    fields: Fields, typed: Mapping[str, str], *, today: date
) -> tuple[StepDraft | None, dict[str, int]]:
    """Return the step, or `None` with faults noted; and weights to be shown back first."""
    scales = Scales(fields, typed)
    name = fields.read("step_name", read_name, longest=80)
    place = fields.read("step_place", read_line, longest=80)
    moments = _read_moments(fields, today)
    in_g, out_g = scales.read("in_g"), scales.read("out_g", minimum=0)
    added_g = scales.read("added_g", minimum=0, required=False)
    by_product_g = scales.read("by_product_g", minimum=0, required=False)
    words = {
        one: fields.read(one, read_line, required=False, longest=120) or ""
        for one in ("added_what", "by_product_to", "loss_reason")
    }
    details = _read_figures(fields)
    if fields.faults or name is None or place is None or moments is None:
        return None, scales.to_confirm
    draft = StepDraft(
        name=name,
        place=place,
        started_at=moments[0],
        ended_at=moments[1],
        in_g=in_g or 0,
        out_g=out_g or 0,
        added_g=added_g or 0,
        by_product_g=by_product_g or 0,
        operator_id=read_id(fields.typed("operator")),
        details=details,
        **words,
    )
    return draft, scales.to_confirm


def code_for(name: str, earlier: Iterable[tuple[str, str]]) -> str:
    """Return the code of a step: that of an earlier step of this name, a known one, or a slug.

    >>> code_for("Sấy ở 58 độ", []), code_for("Hong gió", []), code_for("Hong", [("air", "Hong")])
    ('dry', 'hong-gio', 'air')
    """
    wanted = slug(name)
    for code, words in earlier:
        if slug(words) == wanted:
            return code
    for code, *beginnings in KNOWN:
        if any(re.match(rf"{slug(words)}(-|$)", wanted) for words in beginnings):
            return code
    return wanted if wanted[:1].isalpha() else f"buoc-{wanted}".strip("-")


def _read_moments(fields: Fields, today: date) -> tuple[datetime, datetime] | None:
    day = fields.read("step_day", read_date, today=today, latest=today)
    begun = fields.read("step_from", read_time)
    ended = fields.read("step_until", read_time)
    last_day = day
    if fields.typed("step_until_day").strip():
        last_day = fields.read("step_until_day", read_date, today=today, latest=today)
    if day is None or last_day is None or begun is None or ended is None:
        return None
    return _moment(day, begun), _moment(last_day, ended)


def _moment(day: date, at: time) -> datetime:
    return datetime.combine(day, at, VIETNAM).astimezone(UTC)


def _read_figures(fields: Fields) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, least, most in _FIGURES:
        typed = plain(fields.typed(name)).rstrip("°c %")
        if not typed:
            continue
        negative = typed.startswith("-")
        value = decimal_number(typed.removeprefix("-"))
        if value is None or not least <= (figure := -value if negative else value) <= most:
            fields.refuse(name, str(_WORDS[name]))
            continue
        found[name] = int(figure) if figure.denominator == 1 else round(float(figure), 2)
    return found
