"""What the legal pages still have to be told, as tasks of the office's inbox."""

from collections.abc import Iterator
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from shop.models.catalog import Seller
from shop.pages import legal
from shop.queries import legal as queries
from shop.services import legal_texts
from shop.services.actors import Actor
from shop.services.permissions import Action

Row = tuple[str, str, str, str]
"""Title, facts, address, words of the act."""


def to_complete(session: Session, seller_id: int, *, actor: Actor, today: date) -> Iterator[Row]:
    """Yield what the public cannot read yet: blanks and facts of the seller, then of the site."""
    if not actor.may(Action.MANAGE_SELLER, seller_id):
        return
    seller = session.get_one(Seller, seller_id)
    raw = legal.facts(session, seller, demo=False, today=today)
    texts = legal_texts.in_force(session, seller)
    lacking = dict.fromkeys(one for text in texts.values() for one in legal.lacks(text, raw))
    if lacking:
        yield (
            _("Trang cho người mua còn %(count)s chỗ chưa điền", count=len(lacking)),
            _("Chưa có: %(what)s.", what=", ".join(lacking)),
            url_for("office_legal.index"),
            _("Điền"),
        )
    if actor.may(Action.MANAGE_INSTALLATION, None) and queries.site_owner(session) is None:
        yield (
            _("Chưa ghi ai điều hành trang"),
            _("Người mua chưa biết trang này của ai."),
            url_for("office_legal.owner"),
            _("Ghi"),
        )
