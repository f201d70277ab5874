"""How people are called: an elder and a younger one, by the last word of the name."""

from flask_babel import gettext as _

from shop.formats import given_name


def elder(full_name: str) -> str:
    """Return a member as those who help call them: `bác Chanh`."""
    return str(_("bác %(name)s", name=given_name(full_name)))


def helping(full_name: str) -> str:
    """Return a helper inside a sentence of the member's: `cháu Hẹ`."""
    return str(_("cháu %(name)s", name=given_name(full_name)))


def younger(full_name: str) -> str:
    """Return a helper as the member calls them: `Cháu Hẹ`."""
    return str(_("Cháu %(name)s", name=given_name(full_name)))
