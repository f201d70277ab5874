"""The office: whose goods it shows, and what its menu offers."""

from flask import g
from flask import session as cookie
from sqlalchemy import select

from shop import db, signing_in
from shop.errors import NotAllowed
from shop.models.catalog import Seller
from shop.services.permissions import Action


def office_seller(action: Action) -> Seller:
    """Return the seller whose things are shown: the one chosen last, else the first allowed."""
    allowed = signing_in.actor().sellers(action)
    query = select(Seller).order_by(Seller.id)
    if allowed is not None:
        query = query.where(Seller.id.in_(allowed))
    sellers = db.session().scalars(query).all()
    if not sellers:
        raise NotAllowed(action=action.value)
    chosen = next((one for one in sellers if one.id == cookie.get("seller")), sellers[0])
    g.training = chosen.is_training
    return chosen
