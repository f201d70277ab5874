"""A form that could not be taken: what was typed, to be sent again, and the page it stood on.

No page can hold a chosen file: those the person has to choose again.
"""

from flask import request
from flask_babel import gettext as _

from integrations.payments import providers
from shop.web_addresses import own_path, split_address

SECRET_FIELDS = {"password", "fresh", "again", "pin", "recovery", "old_code"} | {
    field.name for provider in providers().values() for field in provider.fields if field.is_secret
}

SECRET_FORMS = {"second_factor"}
"""Blueprints whose forms ask for secrets: there `code` is one, elsewhere that of an order."""


ONLY_FILES = {"office_imports.send", "office_products.add_photos"}
"""Forms that are nothing without the files chosen in them."""


def typed_here() -> list[tuple[str, str]]:
    """Return what was typed into a form of ours, to be sent again with a fresh token.

    Nothing of a form that another site sent, which a person must not be led to press, nothing
    when a secret was part of it, and nothing of a form that has files alone to send.
    """
    is_ours = request.headers.get("Origin", "").rstrip("/") == request.host_url.rstrip("/")
    has_secret = request.blueprint in SECRET_FORMS or SECRET_FIELDS & set(request.form)
    if not is_ours or has_secret or request.endpoint in ONLY_FILES:
        return []
    typed = request.form.items(multi=True)
    return [(name, value) for name, value in typed if name != "csrf_token"]


def files_again() -> str:
    """Return the sentence that the files of the form must be chosen again; empty without any."""
    if not any(upload.filename for upload in request.files.values()):
        return ""
    is_table = request.endpoint == "office_imports.send"
    return str(_("Tệp thì phải chọn lại.") if is_table else _("Ảnh thì phải chọn lại."))


def came_from() -> str:
    """Return the path of the page of ours that a refused form stood on; empty for none."""
    address = split_address(request.referrer or "")
    if request.method != "POST" or address is None or address.netloc != request.host:
        return ""
    return own_path(address.path)
