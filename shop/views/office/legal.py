"""The pages a shop must have, in the office: what they lack, writing them, who runs the site."""

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.config import Settings
from shop.errors import Changed, FieldRefused
from shop.forms import legal as form
from shop.forms.base import Fields, summary
from shop.forms.legal_drafts import LegalDraft
from shop.models.catalog import Seller
from shop.models.legal import LegalPage, LegalText
from shop.office import office_seller
from shop.pages import legal as shown
from shop.pages import office_legal as pages
from shop.queries import legal as queries
from shop.services import legal_texts
from shop.services.actors import require
from shop.services.legal_facts import Raw
from shop.services.permissions import Action

bp = Blueprint("office_legal", __name__, url_prefix="/quan-ly/trang")

OWN, SITE = "cua-hang", "chung"
_WHOSE = f'<any("{OWN}", "{SITE}"):whose>'
_PAGE = "<any(" + ", ".join(f'"{page.value}"' for page in LegalPage) + "):page>"


@bp.get("")
@signing_in.needs(Action.MANAGE_SELLER)
def index() -> str:
    """Every page with what it lacks; those of the site for whoever runs it."""
    seller = office_seller(Action.MANAGE_SELLER)
    session = db.session()
    may_run = signing_in.actor().may(Action.MANAGE_INSTALLATION, None)
    owners = [(OWN, seller)] + ([(SITE, None)] if may_run else [])
    return render_template(
        "office/legal/index.html",
        groups=[
            pages.group(whose, owner, legal_texts.in_force(session, owner), _facts(owner))
            for whose, owner in owners
        ],
        site_owner=queries.site_owner(session) if may_run else None,
        may_run=may_run,
    )


@bp.get(f"/{_WHOSE}/{_PAGE}")
@signing_in.needs(Action.MANAGE_SELLER)
def edit(whose: str, page: str) -> str:
    """One page to be written; `?ban=` begins with an earlier version."""
    seller = _owner(whose, page)
    text = legal_texts.in_force(db.session(), seller)[LegalPage(page)]
    earlier = _asked_version(seller, LegalPage(page))
    begin = earlier or text
    typed = {"vi": begin.vi, "en": begin.en, "over": str(text.number)}
    return _form(whose, seller, text, Fields(typed), earlier=earlier)


@bp.post(f"/{_WHOSE}/{_PAGE}")
@signing_in.needs(Action.MANAGE_SELLER)
def write(whose: str, page: str) -> Response | tuple[str, int] | str:
    """Show how the page would look, or let it be so from now on."""
    seller, fields = _owner(whose, page), Fields(request.form)
    session = db.session()
    text = legal_texts.in_force(session, seller)[LegalPage(page)]
    draft = form.read_text_of(fields, LegalPage(page))
    if draft is None:
        return _form(whose, seller, text, fields), 422
    if "preview" in request.form:
        return _form(whose, seller, text, fields, preview=draft)
    try:
        fresh = legal_texts.write(
            session, seller, draft, actor=signing_in.actor(), now=clock.now()
        )
    except FieldRefused as refused:
        session.rollback()
        fields.refuse(refused.field, messages.sentence(refused))
        return _form(whose, seller, text, fields), 422
    except Changed:
        session.rollback()
        return _form(whose, seller, text, fields, has_changed=True), 409
    session.commit()
    flash(_("Đã lưu bản %(number)s. Người mua thấy ngay.", number=fresh.number))
    return redirect(url_for(".index"), 303)


@bp.get("/nguoi-dieu-hanh")
@signing_in.needs(Action.MANAGE_INSTALLATION)
def owner() -> str:
    """Who runs the site, to be written down."""
    office_seller(Action.MANAGE_SELLER)
    return _owner_form(Fields(form.as_typed(queries.site_owner(db.session()))))


@bp.post("/nguoi-dieu-hanh")
@signing_in.needs(Action.MANAGE_INSTALLATION)
def change_owner() -> Response | tuple[str, int]:
    """Write down who runs the site."""
    office_seller(Action.MANAGE_SELLER)
    fields = Fields(request.form)
    draft = form.read_owner(fields, today=clock.today())
    if draft is None:
        return _owner_form(fields), 422
    legal_texts.write_owner(db.session(), draft, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã lưu ai điều hành trang."))
    return redirect(url_for(".index"), 303)


def _settings() -> Settings:
    found: Settings = current_app.extensions["dacsan_settings"]
    return found


def _facts(seller: Seller | None) -> Raw:
    demo = _settings().demo
    return shown.facts(db.session(), seller, demo=demo, today=clock.today())


def _owner(whose: str, page: str) -> Seller | None:
    """Return whose page it is; the page of the site is only for whoever runs the site."""
    seller = office_seller(Action.MANAGE_SELLER)
    if whose == SITE:
        require(signing_in.actor(), Action.MANAGE_INSTALLATION, None)
        return None
    if LegalPage(page) is LegalPage.WARNING:
        raise NotFound
    return seller


def _asked_version(seller: Seller | None, page: LegalPage) -> LegalText | None:
    asked = request.args.get("ban", "")
    if not asked.isascii() or not asked.isdigit() or len(asked) > 6:
        return None
    return queries.version(db.session(), seller.id if seller else None, page, int(asked))


def _form(
    whose: str,
    seller: Seller | None,
    text: LegalText,
    fields: Fields,
    *,
    preview: LegalDraft | None = None,
    earlier: LegalText | None = None,
    has_changed: bool = False,
) -> str:
    raw, base_url = _facts(seller), _settings().base_url
    found: dict[str, Any] = pages.edit_page(whose, seller, text, raw, base_url=base_url)
    if preview is not None:
        looks = LegalText(page=text.page, vi=preview.vi, en=preview.en)
        found["preview"] = shown.previews(looks, raw, seller, base_url=base_url)
        found["still_lacks"] = shown.lacks(looks, raw)
    seller_id = seller.id if seller else None
    return render_template(
        "office/legal/edit.html",
        fields=fields,
        typed=fields.typed,
        summary=summary(fields.faults, form.TEXT_NAMES),
        versions=queries.history(db.session(), seller_id, text.page),
        earlier=earlier,
        has_changed=has_changed,
        **found,
    )


def _owner_form(fields: Fields) -> str:
    return render_template(
        "office/legal/owner.html",
        fields=fields,
        typed=fields.typed,
        summary=summary(fields.faults, form.OWNER_NAMES),
    )
