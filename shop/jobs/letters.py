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
from shop.models.outbox import OutboxMessage
from shop.queries.order_letters import order_facts


def compose(session: Session, message: OutboxMessage, *, settings: Settings) -> EmailMessage:
    """Return the letter that `message` promises, with headers that a repeat has as well.

    Raises `ValueError` or `MessageError` for an address that is none.
    """
    payload = message.payload
    facts = order_facts(session, payload["order_id"])
    seller = facts.order.seller
    subject, body = render(
        payload["template"],
        lang=payload["locale"],
        base_url=settings.base_url,
        values={
            "facts": facts,
            "order": facts.order,
            "payment": facts.payment,
            "seller": facts.order.snapshot["seller"],
            "training": seller.is_training,
        },
    )
    letter = EmailMessage(policy=SMTP)
    letter["Message-ID"] = message_id(message, sender=settings.mail_from)
    letter["Date"] = message.created_at.astimezone(VIETNAM)
    letter["From"] = Address(seller.name, addr_spec=parseaddr(settings.mail_from)[1])
    letter["To"] = Address(addr_spec=payload["to"])
    if seller.email:
        letter["Reply-To"] = seller.email
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    letter.set_content(body, cte="quoted-printable")
    letter["Content-Language"] = payload["locale"]
    return letter


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
