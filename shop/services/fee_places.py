"""The places that a table of delivery fees names: provinces of today, communes with theirs."""

import re
from datetime import date

from sqlalchemy.orm import Session

from shop.forms.fee_tables import NamedPlace
from shop.forms.values import ValueRefused
from shop.services import addresses

_WITH_PROVINCE = re.compile(r"(?P<commune>[^()]+)\((?P<province>[^()]+)\)")


def find(session: Session, typed: str, *, day: date) -> NamedPlace:
    """Return the province or, with its province in brackets, the commune of `day`.

    Names of before July 2025 are not led on: half a province could get another fee unseen.
    Raises `ValueRefused`: `fee_place_unknown` for a province, `fee_place_unclear` for a commune.
    """
    parts = _WITH_PROVINCE.fullmatch(typed.strip())
    province = addresses.province_called(session, parts["province"] if parts else typed, day=day)
    if province is None:
        raise ValueRefused("fee_place_unknown", typed=typed)
    code, name = province
    if parts is None:
        return NamedPlace(code, addresses.short_name(name))
    words = f"{parts['commune'].strip()}, {addresses.short_name(name)}"
    found = addresses.resolve(session, words, day=day, province_code=code).commune
    if found is None or found.province_code != code:
        raise ValueRefused("fee_place_unclear", typed=typed)
    return NamedPlace(
        found.code, f"{addresses.in_sentence(found.name)} ({addresses.short_name(name)})"
    )
