"""What a browser says of itself, in the words people know: `Chrome trên Android`."""

import re

from flask_babel import gettext as _

_BROWSERS = (
    ("Zalo", r"zalo"),
    ("Cốc Cốc", r"coc_coc_browser"),
    ("Edge", r"\bEdgA?/"),
    ("Opera", r"\bOPR/"),
    ("Samsung Internet", r"SamsungBrowser/"),
    ("Firefox", r"(?:Firefox|FxiOS)/"),
    ("Chrome", r"(?:Chrome|CriOS)/"),
    ("Safari", r"Safari/"),
)
_SYSTEMS = (
    ("Android", r"Android"),
    ("iPhone", r"iPhone"),
    ("iPad", r"iPad"),
    ("Windows", r"Windows"),
    ("Mac", r"Macintosh"),
    ("Linux", r"Linux|X11"),
)
"""In this order: the first one that fits is meant."""


def device(said: str | None) -> str:
    """Return browser and system; the beginning of what was said where neither is known."""
    if not said:
        return ""
    browser, system = (
        next((name for name, pattern in table if re.search(pattern, said, re.I)), "")
        for table in (_BROWSERS, _SYSTEMS)
    )
    if browser and system:
        return str(_("%(browser)s trên %(system)s", browser=browser, system=system))
    return browser or system or said[:40]
