"""What the forms of a member's phone share: the id of an entry, its photo, how it is answered."""

import uuid
from typing import Any

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from shop import clock, db, messages, signing_in
from shop.errors import FieldRefused
from shop.forms.base import Fields
from shop.models.submissions import Submission
from shop.services import photos, submissions

Answer = Response | tuple[str, int] | tuple[Response, int] | str


def prepare(app: Flask) -> None:
    """Let the templates of `app` ask whether entries may be kept on the device."""
    app.jinja_env.globals.update(keeps_on_device=keeps_on_device, device_account=device_account)


def keeps_on_device() -> bool:
    """Return whether entries wait on this device for a network: never on a shared computer."""
    person = signing_in.signed_in()
    return person is not None and not person.sign_in.is_shared_computer


def device_account() -> int | None:
    """Return the number of the account that entries of this device are kept under."""
    person = signing_in.signed_in()
    return person.account.id if person else None


def client_id() -> str:
    """Return the id of the entry as the phone gave it; a new one where it is none of ours."""
    try:
        return str(uuid.UUID(request.form.get("client_id", "")))
    except ValueError:
        return str(uuid.uuid4())


def wants_data() -> bool:
    """Return whether our own script asks, and not a person who wants a page."""
    return request.accept_mimetypes.best == "application/json"


def photo_folder() -> Any:
    """Return the folder of the photos; those that wait lie beside it."""
    return current_app.extensions["dacsan_settings"].var.resolve() / "photos"


def take_photo(found: Submission, fields: Fields) -> None:
    """Put the photo that came along beside the entry; what is none is told, the words stay."""
    upload = request.files.get("photo")
    if upload is None or not upload.filename:
        return
    upload.stream.seek(0)  # the request may be answered a second time
    try:
        token = photos.stage(upload.read(), folder=photo_folder())
    except FieldRefused as refused:
        fields.refuse("photo", messages.sentence(refused))
        return
    by: dict[str, Any] = {"actor": signing_in.actor(), "now": clock.now()}
    submissions.attach_photo(db.session(), found, token, **by)
