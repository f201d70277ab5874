"""The design's rules about the source tree hold, and each rule notices when one is broken."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import architecture
from tests.support.architecture import RULES, Tree
from tests.support.shared import CHECKOUT

Rule = Callable[[Tree], list[str]]

BROKEN: list[tuple[Rule, dict[str, str]]] = [
    (architecture.libraries_stand_alone, {"traceability/gtin.py": "import flask"}),
    (architecture.libraries_stand_alone, {"traceability/gtin.py": "import requests"}),
    (architecture.libraries_stand_alone, {"integrations/http.py": "from shop import db"}),
    (architecture.libraries_stand_alone, {"integrations/http.py": "import traceability.gtin"}),
    (architecture.libraries_stand_alone, {"integrations/http.py": "import sqlalchemy"}),
    (architecture.libraries_stand_alone, {"integrations/http.py": "import werkzeug"}),
    (
        architecture.arrows_point_down,
        {"shop/models/a.py": "from shop.queries import b", "shop/queries/b.py": ""},
    ),
    (
        architecture.arrows_point_down,
        {"shop/services/a.py": "from ..views.b import show", "shop/views/b.py": "show = 1"},
    ),
    (
        architecture.arrows_point_down,
        {
            "shop/queries/a.py": "import shop.detour",
            "shop/detour.py": "from shop.services import b",
            "shop/services/b.py": "",
        },
    ),
    (
        architecture.arrows_point_down,
        {"shop/views/a.py": "from shop.views import b", "shop/views/b.py": ""},
    ),
    (
        architecture.arrows_point_down,
        {"shop/views/a.py": "from shop.jobs import b", "shop/jobs/b.py": ""},
    ),
    (architecture.rules_know_no_web, {"shop/services/a.py": "from flask import request"}),
    (
        architecture.providers_stay_in_their_folders,
        {"shop/services/a.py": "if provider == 'Shopee': pass"},
    ),
    (architecture.providers_stay_in_their_folders, {"templates/lazada/page.html": ""}),
    (
        architecture.providers_stay_in_their_folders,
        {
            "integrations/banks/newbank/__init__.py": "",
            "integrations/banks/__init__.py": "from integrations.banks import newbank",
        },
    ),
    (
        architecture.providers_stay_in_their_folders,
        {"integrations/payments/vnpay/client.py": "", "integrations/banks/momo.py": ""},
    ),
    (architecture.modules_are_short, {"shop/a.py": "x = 1\n" * 400}),
    (
        architecture.modules_are_short,
        {f"shop/{name}.py": "x = 1\n" * lines for name, lines in [("a", 130), ("b", 140)]},
    ),
    (architecture.names_say_what_a_thing_is, {"shop/utils.py": ""}),
    (architecture.names_say_what_a_thing_is, {"shop/common/money.py": ""}),
    (architecture.names_say_what_a_thing_is, {"shop/a.py": "class OrderManager: pass"}),
    (architecture.modules_say_what_they_are_for, {"shop/a.py": "x = 1"}),
    (
        architecture.time_is_an_argument,
        {"shop/a.py": "from datetime import datetime\nnow = datetime.now()"},
    ),
    (architecture.time_is_an_argument, {"shop/a.py": "import datetime\ndatetime.date.today()"}),
    (architecture.settings_are_read_in_one_place, {"shop/a.py": "import os\nos.environ['A']"}),
    (
        architecture.settings_are_read_in_one_place,
        {"integrations/a.py": "import os\nos.getenv('A')"},
    ),
    (
        architecture.settings_are_read_in_one_place,
        {"shop/a.py": "from shop.config import Settings\nSettings().port", "shop/config.py": ""},
    ),
    (architecture.only_commands_print, {"shop/services/a.py": "print(1)"}),
    (architecture.money_is_whole, {"shop/a.py": "amount_vnd: float = 0"}),
    (architecture.money_is_whole, {"shop/a.py": "def pay(amount_vnd: 'float | None'): pass"}),
    (architecture.money_is_whole, {"shop/a.py": "def total_vnd() -> float: return 0"}),
    (architecture.money_is_whole, {"shop/a.py": "x = float(order.total_vnd)"}),
    (
        architecture.errors_are_named,
        {"shop/services/a.py": "try:\n    x = 1\nexcept Exception:\n    pass"},
    ),
    (architecture.windows_is_welcome, {"shop/cli/run.py": "import fcntl"}),
    (architecture.nothing_is_left_open, {"shop/a.py": "# TODO the rest"}),
    (architecture.three_packages_and_no_more, {"extra/__init__.py": ""}),
    (architecture.three_packages_and_no_more, {"shop/__init__.py": ""}),
]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_the_source_tree_keeps_the_rule(rule: Rule) -> None:
    complaints = rule(Tree(CHECKOUT))

    assert complaints == []


@pytest.mark.parametrize(
    ("rule", "files"),
    [pytest.param(*case, id=f"{case[0].__name__}-{n}") for n, case in enumerate(BROKEN)],
)
def test_the_rule_notices_when_it_is_broken(
    rule: Rule, files: dict[str, str], tmp_path: Path
) -> None:
    for place, source in files.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")

    assert rule(Tree(tmp_path)) != []


def test_every_rule_is_seen_to_notice() -> None:
    assert {rule for rule, _ in BROKEN} == set(RULES)


KEPT = {
    "traceability/labels/qr.py": '"""Codes."""\nimport qrcode',
    "integrations/payments/vnpay/__init__.py": '"""VNPay."""\nfrom . import simulator',
    "integrations/payments/vnpay/simulator.py": '"""A stand-in."""\nimport werkzeug',
    "shop/__init__.py": '"""The shop."""',
    "shop/py.typed": "",
    "shop/models/a.py": '"""A table."""',
    "shop/services/a.py": '"""Pay."""\nfrom shop.models import a\ndef f(amount_vnd: int): ...',
    "shop/views/__init__.py": '"""All views."""\nfrom shop.views import office',
    "shop/views/office/__init__.py": '"""The office."""\nfrom shop.services import a',
    "shop/cli/__init__.py": '"""The command."""\nimport os\nprint(os.environ)',
    "shop/clock.py": '"""The time."""\nfrom datetime import UTC, datetime\ndatetime.now(UTC)',
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_what_the_design_allows_breaks_no_rule(rule: Rule, tmp_path: Path) -> None:
    for place, source in KEPT.items():
        path = tmp_path / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")

    complaints = [c for c in rule(Tree(tmp_path)) if "py.typed" not in c]

    assert complaints == []
