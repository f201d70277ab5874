"""Which bank a BIN belongs to. The BIN is the only key: see `banks.toml`, where the facts are."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

__all__ = ["Bank", "all_banks", "find_bank", "read_banks"]


@dataclass(frozen=True, slots=True)
class Bank:
    """One entry of the table; `None` where the sources do not say.

    `kind` is `bank`, `wallet` or `finance_company`; `vietqr` is `transfer` (its app pays by code
    and can be paid so) or `receive_only`; `codes` are other lists' names for it, never keys.
    """

    bin: str
    name: str
    kind: str
    state_bank_2023: bool
    short_name: str | None = None
    vietqr: str | None = None
    name_lookup: bool | None = None
    swift: str | None = None
    codes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """Return the name to print beside a code: the short one where there is one."""
        return self.short_name or self.name


def find_bank(bin: str) -> Bank | None:  # noqa: A002 - the word that banks and the format use
    """Return the bank with this BIN, or `None` for one that the table does not know.

    >>> find_bank("970436").label
    'Vietcombank'
    >>> find_bank("VCB") is None
    True
    """
    return all_banks().get(bin)


@cache
def all_banks() -> Mapping[str, Bank]:
    """Return the table that comes with this version, by BIN."""
    table = resources.files(__package__).joinpath("banks.toml")
    return read_banks(table.read_text(encoding="utf-8"))


def read_banks(text: str) -> Mapping[str, Bank]:
    """Return the table in `text`, which has the form of `banks.toml`, by BIN.

    Raises `ValueError` when the text has another form.
    """
    try:
        banks = {key: _bank(key, entry) for key, entry in tomllib.loads(text)["banks"].items()}
    except (KeyError, TypeError, AttributeError) as fault:
        raise ValueError(f"not a table of banks: {fault}") from fault
    return MappingProxyType(banks)


def _bank(bin: str, entry: dict[str, Any]) -> Bank:  # noqa: A002
    if not re.fullmatch("[0-9]{6}", bin):
        raise ValueError(f"not a BIN: {bin}")
    return Bank(bin=bin, **entry | {"codes": tuple(entry.get("codes", ()))})
