"""What the rules of traceability ask of a batch, item by item, with what is there or lacks."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from shop import formats
from shop.locales import current_locale
from shop.pages.place_words import declared
from shop.services.batch_facts import producer_address
from shop.services.batch_story import Story
from traceability.completeness import REGULATIONS, Finding, State

TITLES: Mapping[str, Any] = {
    "circular_02_2024": _l("Thông tư 02/2024/TT-BKHCN"),
    "decree_37_2026_art_32": _l("Nghị định 37/2026/NĐ-CP, điều 32"),
}
"""By the key of the regulation."""

ITEMS: Mapping[str, Any] = {
    "product_name": _l("Tên sản phẩm"),
    "picture": _l("Hình ảnh"),
    "producer_name": _l("Nơi sản xuất"),
    "address": _l("Địa chỉ"),
    "stages": _l("Các công đoạn: mã, nơi, thời gian"),
    "time_of_production": _l("Thời gian sản xuất"),
    "tracing_code": _l("Mã truy xuất"),
    "brand_model_serial": _l("Thương hiệu, kiểu loại, số sê-ri"),
    "expiry": _l("Hạn dùng"),
    "name_and_gtin": _l("Tên và mã GTIN"),
    "producer": _l("Nơi sản xuất và mã số"),
    "origin": _l("Xuất xứ, nơi làm công đoạn cuối"),
    "traceability": _l("Thông tin truy xuất"),
    "certificates": _l("Giấy chứng nhận"),
    "dates": _l("Ngày làm, hạn dùng"),
    "warnings": _l("Cảnh báo an toàn"),
    "other": _l("Thông tin khác cơ quan yêu cầu"),
}
"""By the key of the item."""

FACTS: Mapping[str, Any] = {
    "product_name": _l("tên sản phẩm"),
    "gtin": _l("mã GTIN do GS1 cấp"),
    "picture": _l("hình ảnh"),
    "producer_name": _l("tên nơi sản xuất"),
    "producer_address": _l("địa chỉ nơi sản xuất"),
    "producer_id": _l("mã số nơi sản xuất"),
    "tracing_code": _l("mã truy xuất"),
    "stages": _l("các công đoạn"),
    "product_code": _l("mã sản phẩm"),
    "place_code": _l("mã nơi làm"),
    "happened_at": _l("thời gian"),
    "made_on": _l("ngày làm"),
    "expires_on": _l("hạn dùng"),
    "brand": _l("thương hiệu"),
    "model": _l("kiểu loại"),
    "serial": _l("số sê-ri"),
    "origin": _l("xuất xứ"),
    "certificates": _l("giấy chứng nhận"),
    "warnings": _l("cảnh báo an toàn"),
}
"""By the name of the fact that is missing; those of a stage without the stage."""

_STAGE = re.compile(r"stages\[(\d+)]\.(\w+)")
_SPELLED_OUT = 3


def regulations(story: Story) -> list[dict[str, Any]]:
    """Return each regulation with its items: words, and what is there or what is missing."""
    return [
        {
            "title": str(TITLES[regulation.key]),
            "items": [
                (str(ITEMS[finding.item]), _said(finding, story), finding.state is State.MISSING)
                for finding in story.findings
                if finding.regulation == regulation.key
            ],
        }
        for regulation in REGULATIONS
    ]


def summary(story: Story) -> str:
    """Return how many items are missing, in words."""
    missing = sum(finding.state is State.MISSING for finding in story.findings)
    if not missing:
        return str(_("đủ các mục"))
    return str(ngettext("chưa có %(num)s mục", "chưa có %(num)s mục", missing))


def _said(finding: Finding, story: Story) -> str:
    if finding.state is State.MISSING:
        return str(_("chưa có: %(what)s", what=_missing(finding.missing, story)))
    if finding.state is State.NOT_APPLICABLE:
        return str(_("không có"))
    return _SHOWN[finding.item](story)


def _missing(keys: tuple[str, ...], story: Story) -> str:
    words = [_fact(key, story) for key in keys[:_SPELLED_OUT]]
    more = len(keys) - len(words)
    if more:
        words.append(str(_("và %(count)s chỗ khác", count=more)))
    return ", ".join(words)


def _fact(key: str, story: Story) -> str:
    in_stage = _STAGE.fullmatch(key)
    if in_stage is None:
        return str(FACTS[key])
    stages = [*story.stage_names, _("Xem lại, cho bán")]
    step, fact = stages[int(in_stage[1])], str(FACTS[in_stage[2]])
    return str(_("%(fact)s của bước “%(step)s”", fact=fact, step=step))


def _made(story: Story) -> date:
    """Return the day of making; without one the rules also take that of the harvest or packing."""
    harvested = [harvest.day for harvest in story.harvests if harvest.day]
    days = [story.head.made_on, *sorted(harvested, reverse=True), story.head.packed_on]
    made: date = next(day for day in days if day is not None)
    return made


def _dates(story: Story) -> str:
    days = (story.head.made_on, story.head.expires_on)
    return " – ".join(_day(day) for day in days if day is not None)


def _day(day: date) -> str:
    return formats.day(day, current_locale())


def _stages(story: Story) -> str:
    count = len(story.stage_names) + (story.head.released_at is not None)
    return str(ngettext("%(num)s công đoạn, đủ", "%(num)s công đoạn, đủ", count))


def _origin(head: Any) -> str:
    return declared(", ".join(filter(None, [head.commune, head.province])))


def _producer(story: Story) -> str:
    head = story.head
    number = head.tax_code or head.registration_no
    return f"{head.seller_name}, {declared(producer_address(head))}, {number}"


_SHOWN: Mapping[str, Callable[[Story], str]] = {
    "product_name": lambda story: str(story.head.name),
    "picture": lambda _story: str(_("có")),
    "producer_name": lambda story: str(story.head.seller_name),
    "address": lambda story: declared(producer_address(story.head)),
    "stages": _stages,
    "time_of_production": lambda story: _day(_made(story)),
    "tracing_code": lambda story: story.address,
    "brand_model_serial": lambda story: str(story.head.brand),
    "expiry": lambda story: _day(story.head.expires_on),
    "name_and_gtin": lambda story: f"{story.head.name}, {story.head.gtin}",
    "producer": _producer,
    "origin": lambda story: _origin(story.head) or story.steps[-1].place,
    "traceability": _stages,
    "certificates": lambda story: ", ".join(
        paper.row.number for paper in story.papers if paper.is_valid
    ),
    "dates": _dates,
    "warnings": lambda story: ". ".join(story.head.cautions),
}
"""By the key of the item: what is there."""
