"""Words that mean one thing: those the shop comes with, and those offices add.

A word means the same whoever sells the goods, so every group counts in every search. What is
found by another word comes after what has the word typed (`search/find.py`), so that a group can
add to what is found and push nothing away.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from shop.errors import FieldRefused
from shop.forms.synonyms import key_of
from shop.models.catalog import Seller
from shop.models.search import SynonymGroup
from shop.queries import synonyms as queries
from shop.search.shelf import synonyms as shipped
from shop.services.actors import Actor, audit, require
from shop.services.permissions import Action

MOST = 200
"""Groups of one seller: each search goes through all of them."""


def all_groups(session: Session) -> list[list[str]]:
    """Return the groups that searching goes by, those that the shop comes with first."""
    return shipped() + [list(group.words) for group in queries.groups(session)]


def add(
    session: Session, seller: Seller, words: Sequence[str], *, actor: Actor, now: datetime
) -> SynonymGroup:
    """Add a group; the worker takes it into the index within seconds.

    Raises `NotAllowed`, and `FieldRefused` for `words`: `synonyms_known` where the group is
    there already or all its words stand in one that the shop comes with, `synonyms_full`.
    """
    require(actor, Action.EDIT_PRODUCT, seller.id)
    key = key_of(list(words))
    meant = set(key.split(","))
    is_shipped = any(meant <= set(key_of(group).split(",")) for group in shipped())
    if is_shipped or queries.with_key(session, key):
        raise FieldRefused("words", "synonyms_known")
    if queries.count(session, seller.id) >= MOST:
        raise FieldRefused("words", "synonyms_full", most=MOST)
    group = SynonymGroup(seller_id=seller.id, words=list(words), key=key, added_at=now)
    try:
        with session.begin_nested():
            session.add(group)
    except IntegrityError as error:  # somebody added the same a moment ago
        raise FieldRefused("words", "synonyms_known") from error
    after = {"words": ", ".join(words)}
    audit(session, actor, "synonyms_added", group, now=now, after=after)
    return group


def remove(session: Session, group: SynonymGroup, *, actor: Actor, now: datetime) -> None:
    """Take a group out; raises `NotAllowed` for those of another seller."""
    require(actor, Action.EDIT_PRODUCT, group.seller_id)
    before = {"words": ", ".join(group.words)}
    audit(session, actor, "synonyms_removed", group, now=now, before=before)
    session.delete(group)
    session.flush()
