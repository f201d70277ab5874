"""Whose page a page of the office about a member is."""

from shop import db, signing_in
from shop.errors import NotFound
from shop.models.people import Member
from shop.office import show_for
from shop.queries import members
from shop.services.permissions import Action


def visible_member(member_id: int) -> Member:
    """Return a member for the page of this request; `NotFound` for one of another seller."""
    member = members.by_id(db.session(), member_id)
    if member is None or not signing_in.actor().may(Action.MANAGE_MEMBERS, member.seller_id):
        raise NotFound(f"member {member_id}")
    show_for(member.seller)
    return member
