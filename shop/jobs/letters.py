"""Writing letters: a template of `templates/mail` in the reader's language becomes an e-mail.

The first line of a template is the subject, the rest the body. No request and no Flask is
needed, so that the worker stays small.
"""

import hashlib
from collections.abc import Mapping
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr
from functools import cache
from typing import Any

from babel.support import Translations
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from sqlalchemy.orm import Session

from shop import formats, resources
from shop.clock import VIETNAM
from shop.config import Settings
from shop.models.catalog import Seller
from shop.models.outbox import OutboxMessage
from shop.queries.order_letters import order_facts, watch_facts


class NoLongerWanted(Exception):
    """Whoever was to read the letter has taken their address back."""


def compose(session: Session, message: OutboxMessage, *, settings: Settings) -> EmailMessage:
    """Return the letter that `message` promises, with headers that a repeat has as well.

    Raises `ValueError` or `MessageError` for an address that is none, `NoLongerWanted` where
    nobody waits for it any more.
    """
    payload = message.payload
    to, seller, values = _about(session, payload)
    subject, body = render(
        payload["template"],
        lang=payload["locale"],
        base_url=settings.base_url,
        values={**values, "training": seller.is_training},
    )
    letter = EmailMessage(policy=SMTP)
    letter["Message-ID"] = message_id(message, sender=settings.mail_from)
    letter["Date"] = message.created_at.astimezone(VIETNAM)
    letter["From"] = Address(seller.name, addr_spec=parseaddr(settings.mail_from)[1])
    letter["To"] = Address(addr_spec=to)
    if seller.email:
        letter["Reply-To"] = seller.email
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    letter.set_content(body, cte="quoted-printable")
    letter["Content-Language"] = payload["locale"]
    return letter


def _about(session: Session, payload: Mapping[str, Any]) -> tuple[str, Seller, dict[str, Any]]:
    """Return to whom a letter goes, for which seller, and what its template may say.

    Raises `NoLongerWanted` where its reader has withdrawn meanwhile.
    """
    if "watch_id" in payload:
        watch = watch_facts(session, payload["watch_id"])
        if watch is None:
            raise NoLongerWanted
        if not watch.email.isascii():
            raise ValueError("the address has letters that mail servers do not take")
        seller = watch.pack.product.seller
        address = ", ".join(filter(None, [seller.hamlet, seller.commune, seller.province]))
        said = {"name": seller.name, "phone": seller.phone, "address": address}
        return watch.email, seller, {"watch": watch, "pack": watch.pack, "seller": said}
    facts = order_facts(session, payload["order_id"])
    order = facts.order
    said = order.snapshot["seller"]
    values = {"facts": facts, "order": order, "payment": facts.payment, "seller": said}
    return payload["to"], order.seller, values


def message_id(message: OutboxMessage, *, sender: str) -> str:
    """Return the Message-ID of a letter: the same for each try, so that a repeat is known as one.

    It comes from the key and the moment of the promise. The key alone would do inside one
    installation; mailboxes that hear from two would take their first orders for each other's.
    """
    seed = f"{message.key} {message.created_at.isoformat()}"
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return f"<{hashlib.sha256(seed.encode()).hexdigest()[:40]}@{domain}>"


def render(
    template: str, *, lang: str, base_url: str, values: Mapping[str, Any]
) -> tuple[str, str]:
    """Return the subject and the body of a letter; links lead to the pages in its language."""
    root = f"{base_url}/en" if lang == "en" else base_url
    text = (
        _environment(lang)
        .get_template(f"mail/{template}.txt")
        .render(**values, base_url=base_url, root=root, lang=lang)
    )
    subject, _, body = text.partition("\n")
    return subject.strip(), body.strip() + "\n"


@cache
def _environment(lang: str) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(resources.templates_folder()),
        autoescape=select_autoescape(("html",)),
        extensions=["jinja2.ext.i18n"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translations = Translations.load(str(resources.translations_folder()), [lang])
    environment.install_gettext_translations(translations, newstyle=True)  # type: ignore[attr-defined]
    for name, function in {
        "dong": formats.money,
        "number": formats.number,
        "moment": formats.moment,
    }.items():
        environment.filters[name] = lambda value, show=function: show(value, lang)
    environment.filters["phone"] = formats.phone
    environment.filters["given_name"] = formats.given_name
    return environment
