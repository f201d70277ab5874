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
from shop.models.catalog import PHOTO_WIDTHS, Product, ProductState
from shop.office import office_seller, show_for
from shop.office_batches import client_id
from shop.pages.cards import picture_address
from shop.pages.unit_words import container
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

MISSING = {
    "packs": _l("loại đóng gói và giá"),
    "allergens": _l("chất gây dị ứng (hoặc chọn “Không có”)"),
    "storage": _l("cách bảo quản"),
    "ingredients": _l("thành phần"),
}


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
        return _page(None, _one_row_more(), fields.faults, allergens, chosen=chosen)
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
    path = photos.staged(token, PHOTO_WIDTHS[0], folder=_photo_folder())
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
        return _page(product, _one_row_more(), {}, request.form.getlist("allergens"))
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
    """Turn a photo, remove it, or show it first."""
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
    else:
        raise NotFound
    session.commit()
    return redirect(url_for(".edit", product_id=product_id) + "#phan-anh", 303)


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
    kept = [token for token in sent if photos.staged(token, PHOTO_WIDTHS[0], folder=folder)]
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


def _one_row_more() -> dict[str, str]:
    typed = request.form.to_dict()
    typed["rows"] = str(min(form.MOST_ROWS, len(form.rows_in(typed)) + 1))
    return typed


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
    rows = form.rows_in(typed)
    return render_template(
        "office/products/form.html",
        product=product,
        is_published=product is not None and product.state is ProductState.PUBLISHED,
        states=STATES,
        typed=typed,
        faults=faults,
        notice_text=notice,
        chosen_photos=chosen,
        summary=[(name, _field_name(name)) for name in form.in_order(faults, rows)],
        missing=[str(MISSING[name]) for name in missing or []],
        rows=rows,
        kinds=office_catalog.kinds(db.session()),
        units=[(unit, container(unit)) for unit in form.UNITS],
        net_units=list(form.NET_UNITS.items()),
        tax_classes=list(form.TAX_CLASSES.items()),
        allergens=list(form.ALLERGENS.items()),
        chosen_allergens=chosen_allergens,
        may_publish=signing_in.actor().sellers(Action.PUBLISH_PRODUCT) != set(),
        photo_url=lambda photo, width: picture_address(photo.key, photo.extension, width),
    )


def _field_name(name: str) -> str:
    if name.startswith("packs-"):
        number, part = name.split("-")[1:3]
        return f"{form.PACK_NAMES[part]} ({int(number) + 1})"
    return str(form.NAMES.get(name, name))
