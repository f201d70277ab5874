"""The words of a claim: what a paper lets us say beside a product's name."""

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

CLAIMS: Mapping[str, Any] = {
    "vietgap": "VietGAP",
    "organic": _l("Hữu cơ"),
    "collective_mark": _l("Nhãn hiệu tập thể"),
    "geographical_indication": _l("Chỉ dẫn địa lý"),
}
"""By the kind of the paper; other kinds stand behind a product without being a claim."""

ORDER = ("ocop", "vietgap", "organic", "geographical_indication", "collective_mark")
"""What is read first stands first."""


def claim_words(kind: str, extra: Mapping[str, Any]) -> str:
    """Return what a paper of this kind lets us say, empty if it is no ground for a claim."""
    if kind == "ocop":
        stars = extra.get("stars")
        return str(_("OCOP %(stars)s sao", stars=stars)) if stars else "OCOP"
    return str(CLAIMS.get(kind, ""))
