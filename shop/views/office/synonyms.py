"""Which words mean one thing: those the shop knows, those offices added, adding and removing."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused, NotFound
from shop.forms.base import Fields
from shop.forms.synonyms import read_group
from shop.models.catalog import Seller
from shop.models.search import SynonymGroup
from shop.office import office_seller, show_for
from shop.office_orders import Answer
from shop.queries import synonyms as queries
from shop.search.shelf import synonyms as shipped
from shop.services import synonyms
from shop.services.permissions import Action

bp = Blueprint("office_synonyms", __name__, url_prefix="/quan-ly/tu-cung-nghia")


@bp.get("")
@signing_in.needs(Action.EDIT_PRODUCT)
def index() -> str:
    """Every group, and room for another."""
    return _page(Fields({}))


@bp.post("")
@signing_in.needs(Action.EDIT_PRODUCT)
def add() -> Answer:
    """Add a group."""
    seller, fields = office_seller(Action.EDIT_PRODUCT), Fields(request.form)
    words = fields.read("words", read_group)
    if words is None:
        return _page(fields), 422
    try:
        synonyms.add(db.session(), seller, words, actor=signing_in.actor(), now=clock.now())
    except FieldRefused as refused:
        db.session().rollback()
        fields.refuse("words", messages.sentence(refused))
        return _page(fields), refused.status
    db.session().commit()
    flash(_("Đã thêm. Ô tìm kiếm hiểu sau ít giây."))
    return redirect(url_for(".index"), 303)


@bp.post("/<int:group_id>/bo")
@signing_in.needs(Action.EDIT_PRODUCT)
def remove(group_id: int) -> Answer:
    """Take a group out."""
    session = db.session()
    group = session.get(SynonymGroup, group_id)
    if group is None or not signing_in.actor().may(Action.EDIT_PRODUCT, group.seller_id):
        raise NotFound(f"group {group_id}")
    show_for(session.get_one(Seller, group.seller_id))
    synonyms.remove(session, group, actor=signing_in.actor(), now=clock.now())
    session.commit()
    flash(_("Đã bỏ. Ô tìm kiếm thôi hiểu sau ít giây."))
    return redirect(url_for(".index"), 303)


def _page(fields: Fields) -> str:
    actor = signing_in.actor()
    office_seller(Action.EDIT_PRODUCT)
    added = [
        (group, name, actor.may(Action.EDIT_PRODUCT, group.seller_id))
        for group, name in queries.with_names(db.session())
    ]
    return render_template("office/synonyms.html", fields=fields, added=added, shipped=shipped())
