"""In which language a command speaks: Vietnamese, unless the machine is set to English."""

from collections.abc import Mapping
from typing import Literal

Language = Literal["vi", "en"]

VARIABLES = ("DACSAN_LANG", "LANGUAGE", "LC_ALL", "LANG")
"""The first of these that names a language of ours decides."""


def language(environment: Mapping[str, str]) -> Language:
    """Return the language that `environment` asks for.

    >>> language({"LANG": "en_GB.UTF-8"}), language({"LANG": "C.UTF-8"}), language({})
    ('en', 'vi', 'vi')
    >>> language({"DACSAN_LANG": "vi", "LANG": "en_US.UTF-8"})
    'vi'
    """
    for name in VARIABLES:
        beginning = environment.get(name, "")[:2].lower()
        if beginning == "vi":
            return "vi"
        if beginning == "en":
            return "en"
    return "vi"
