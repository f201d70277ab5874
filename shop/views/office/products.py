"""The products of the office: list, form, photos, on and off the shelf."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from flask import (
    Blueprint,
    current_app,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import Changed, FieldRefused, Incomplete, NotFound
from shop.forms import product as form
from shop.forms.base import Fields
from shop.forms.ids import read_number
from shop.models.catalog import PHOTO_SMALL, Pack, Product, ProductState
from shop.office import office_seller, show_for
from shop.office_batches import client_id
from shop.pages.pictures import best, picture_address
from shop.pages.product_form import form_facts, missing_words
from shop.queries import office_catalog
from shop.services import photos, products
from shop.services.permissions import Action

bp = Blueprint("office_products", __name__, url_prefix="/quan-ly/san-pham")

STATES = {
    ProductState.DRAFT: _l("Bản nháp, chưa bán"),
    ProductState.PUBLISHED: _l("Đang bán"),
    ProductState.RETIRED: _l("Ngừng bán"),
}

MOST_KEPT = 12
"""Photos that wait for one form; more than anybody chooses one by one."""


@bp.get("/")
@signing_in.needs(Action.EDIT_PRODUCT)
def index() -> str:
    """All products of the seller, drafts too."""
    seller = office_seller(Action.EDIT_PRODUCT)
    found = office_catalog.products(db.session(), seller.id)
    return render_template("office/products/index.html", products=found, states=STATES)


@bp.get("/moi")
@signing_in.needs(Action.EDIT_PRODUCT)
def new() -> str:
    """An empty form."""
    office_seller(Action.EDIT_PRODUCT)
    return _page(None, form.as_typed(None) | {"client_id": str(uuid.uuid4())}, {}, [])


@bp.post("/moi")
@signing_in.needs(Action.EDIT_PRODUCT)
def create() -> Response | tuple[str, int] | str:
    """Write down a new product, with its first photo."""
    seller = office_seller(Action.EDIT_PRODUCT)
    fields = Fields(request.form)
    chosen = _chosen_photos(fields)
    if request.form.get("act") == "add_row":
        allergens = request.form.getlist("allergens")
        typed = form.one_row_more(request.form)
        return _page(None, typed, fields.faults, allergens, chosen=chosen)
    draft = form.read_product(fields, request.form, request.form.getlist("allergens"))
    if draft is None:
        return _refused(None, fields.faults, chosen)
    session = db.session()
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    try:
        product = products.create(session, seller, draft, client_id=client_id(), **by)
        for token in chosen:
            photos.add_staged(session, product, token, folder=_photo_folder(), **by)
        return _finish(product)
    except FieldRefused as refused:
        session.rollback()
        return _refused(None, {refused.field: messages.sentence(refused)}, chosen)


@bp.get("/anh-cho/<token>")
@signing_in.needs(Action.EDIT_PRODUCT)
def waiting_photo(token: str) -> Response:
    """A photo that was chosen in a form which is not kept yet."""
    path = photos.staged(token, PHOTO_SMALL, folder=_photo_folder())
    if path is None:
        raise NotFound
    return send_file(path)


@bp.get("/<int:product_id>")
@signing_in.needs(Action.EDIT_PRODUCT)
def edit(product_id: int) -> str:
    """The form of one product as it stands."""
    product = _product(product_id)
    return _page(product, form.as_typed(product), {}, product.allergens)


@bp.post("/<int:product_id>")
@signing_in.needs(Action.EDIT_PRODUCT)
def save(product_id: int) -> Response | tuple[str, int] | str:
    """Change a product."""
    product = _product(product_id)
    fields = Fields(request.form)
    if request.form.get("act") == "add_row":
        allergens = request.form.getlist("allergens")
        return _page(product, form.one_row_more(request.form), {}, allergens)
    draft = form.read_product(fields, request.form, request.form.getlist("allergens"))
    if draft is None:
        return _refused(product, fields.faults)
    session = db.session()
    try:
        products.change(
            session,
            product,
            draft,
            version=read_number(request.form.get("version", "")) or 0,
            actor=signing_in.actor(),
            now=clock.now(),
        )
        return _finish(product)
    except FieldRefused as refused:
        session.rollback()
        return _refused(_product(product_id), {refused.field: messages.sentence(refused)})
    except Changed as changed:
        session.rollback()
        product, typed = _product(product_id), request.form.to_dict()
        typed["version"] = str(product.version)
        page = _page(
            product,
            typed,
            {},
            request.form.getlist("allergens"),
            notice=messages.sentence(changed),
        )
        return page, changed.status


@bp.post("/<int:product_id>/ngung-ban")
@signing_in.needs(Action.PUBLISH_PRODUCT)
def retire(product_id: int) -> Response:
    """Take a product off the shelf."""
    product = _product(product_id)
    products.retire(db.session(), product, actor=signing_in.actor(), now=clock.now())
    db.session().commit()
    flash(_("Đã ngừng bán %(name)s.", name=product.name))
    return redirect(url_for(".edit", product_id=product_id), 303)


@bp.post("/<int:product_id>/anh")
@signing_in.needs(Action.EDIT_PRODUCT)
def add_photos(product_id: int) -> Response | tuple[str, int]:
    """Add photos to a product; one that cannot be read stops none of the others."""
    product = _product(product_id)
    faults = _add_uploads(product)
    db.session().commit()
    if faults:
        return _page(product, form.as_typed(product), faults, product.allergens), 422
    flash(_("Đã thêm ảnh."))
    return redirect(url_for(".edit", product_id=product_id) + "#phan-anh", 303)


@bp.post("/<int:product_id>/anh/<int:photo_id>")
@signing_in.needs(Action.EDIT_PRODUCT)
def photo_act(product_id: int, photo_id: int) -> Response:
    """Turn a photo, remove it, show it first, or give it to a pack."""
    product = _product(product_id)
    photo = next((one for one in product.photos if one.id == photo_id), None)
    if photo is None:
        raise NotFound
    session, actor, now = db.session(), signing_in.actor(), clock.now()
    act = request.form.get("act")
    if act == "turn":
        photos.turn(session, photo, folder=_photo_folder(), actor=actor, now=now)
    elif act == "remove":
        photos.remove(session, photo, actor=actor, now=now)
    elif act == "first":
        photos.make_first(session, photo, actor=actor, now=now)
    elif act == "pack":
        photos.give_to_pack(session, photo, _pack(product), actor=actor, now=now)
    else:
        raise NotFound
    session.commit()
    return redirect(url_for(".edit", product_id=product_id) + "#phan-anh", 303)


def _pack(product: Product) -> Pack | None:
    """Return the pack of `product` that the form names; nothing where it names none."""
    asked = request.form.get("pack", "")
    found = next((pack for pack in product.packs if str(pack.id) == asked), None)
    if asked and found is None:
        raise NotFound
    return found


def _product(product_id: int) -> Product:
    sellers = signing_in.actor().sellers(Action.EDIT_PRODUCT)
    found = office_catalog.product(db.session(), product_id, sellers=sellers)
    if found is None:
        raise NotFound
    show_for(found.seller)
    return found


def _finish(product: Product) -> Response | tuple[str, int]:
    session = db.session()
    missing: list[str] = []
    if request.form.get("act") == "publish":
        try:
            products.publish(session, product, actor=signing_in.actor(), now=clock.now())
        except Incomplete as incomplete:
            missing = incomplete.values["missing"]
    session.commit()
    if missing:
        page = _page(product, form.as_typed(product), {}, product.allergens, missing=missing)
        return page, 409
    flash(_("Đã lưu %(name)s.", name=product.name))
    return redirect(url_for(".edit", product_id=product.id), 303)


def _add_uploads(product: Product) -> dict[str, str]:
    fields = Fields({})
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    for token in _uploaded(fields):
        photos.add_staged(db.session(), product, token, folder=_photo_folder(), **by)
    return fields.faults


def _chosen_photos(fields: Fields) -> list[str]:
    """Return the photos that were chosen for a new product, in this turn and in earlier ones."""
    folder = _photo_folder()
    sent = request.form.getlist("kept_photo")[:MOST_KEPT]
    kept = [token for token in sent if photos.staged(token, PHOTO_SMALL, folder=folder)]
    if len(kept) < len(sent):
        fields.refuse("photo", messages.sentence(FieldRefused("photo", "image_gone")))
    return list(dict.fromkeys([*kept, *_uploaded(fields)]))


def _uploaded(fields: Fields) -> list[str]:
    """Put the photos that came along aside; what is none is told beside the field."""
    tokens = []
    for upload in request.files.getlist("photo"):
        if not upload.filename:
            continue
        upload.stream.seek(0)  # the request may be answered a second time
        try:
            tokens.append(photos.stage(upload.read(), folder=_photo_folder()))
        except FieldRefused as refused:
            fields.refuse("photo", messages.sentence(refused))
    return tokens


def _photo_folder() -> Any:
    return current_app.extensions["dacsan_settings"].var.resolve() / "photos"


def _refused(
    product: Product | None, faults: dict[str, str], chosen: Sequence[str] = ()
) -> tuple[str, int]:
    allergens = request.form.getlist("allergens")
    return _page(product, request.form.to_dict(), faults, allergens, chosen=chosen), 422


def _page(
    product: Product | None,
    typed: Mapping[str, str],
    faults: dict[str, str],
    chosen_allergens: list[str],
    *,
    missing: list[str] | None = None,
    notice: str = "",
    chosen: Sequence[str] = (),
) -> str:
    return render_template(
        "office/products/form.html",
        product=product,
        is_published=product is not None and product.state is ProductState.PUBLISHED,
        states=STATES,
        typed=typed,
        notice_text=notice,
        chosen_photos=chosen,
        missing=missing_words(missing or []),
        may_publish=signing_in.actor().sellers(Action.PUBLISH_PRODUCT) != set(),
        main_photo=best(product.photos) if product else None,
        photo_url=lambda photo, width: picture_address(photo.key, photo.extension, width),
        **form_facts(db.session(), typed, faults, chosen_allergens),
    )
