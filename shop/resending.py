"""A form that could not be taken: what was typed, to be sent again, and the page it stood on."""

from flask import request

from shop.web_addresses import own_path, split_address

SECRET_FIELDS = {"password", "fresh", "again", "pin", "totp"}


def typed_here() -> list[tuple[str, str]]:
    """Return what was typed into a form of ours, to be sent again with a fresh token.

    Nothing of a form that another site sent, which a person must not be led to press, and
    nothing when a file or a secret was part of it.
    """
    is_ours = request.headers.get("Origin", "").rstrip("/") == request.host_url.rstrip("/")
    has_files = any(upload.filename for upload in request.files.values())
    if not is_ours or has_files or SECRET_FIELDS & set(request.form):
        return []
    typed = request.form.items(multi=True)
    return [(name, value) for name, value in typed if name != "csrf_token"]


def came_from() -> str:
    """Return the path of the page of ours that a refused form stood on; empty for none."""
    address = split_address(request.referrer or "")
    if request.method != "POST" or address is None or address.netloc != request.host:
        return ""
    return own_path(address.path)
