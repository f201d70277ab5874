"""Writing letters: a template of `templates/mail` in the reader's language becomes an e-mail.

The first line of a template is the subject, the rest the body. No request and no Flask is
needed, so that the worker stays small.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
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
from shop.models.batches import ProblemReport
from shop.models.buyers import CodePurpose
from shop.models.catalog import Seller
from shop.models.outbox import OutboxMessage
from shop.queries import buyers
from shop.queries.legal import site_owner
from shop.queries.order_letters import order_facts, watch_facts
from shop.services import buyer_codes

SITE = "Đặc Sản"
"""Who writes where nobody is entered as running the site."""


class NoLongerWanted(Exception):
    """Whoever was to read the letter has taken their address back."""


def compose(
    session: Session, message: OutboxMessage, *, settings: Settings, now: datetime
) -> EmailMessage:
    """Return the letter that `message` promises, with headers that a repeat has as well.

    Raises `ValueError` or `MessageError` for an address that is none, `NoLongerWanted` where
    nobody waits for it any more.
    """
    payload = message.payload
    head, values = _about(session, payload, now=now)
    subject, body = render(
        payload["template"],
        lang=payload["locale"],
        base_url=settings.base_url,
        values={**values, "training": head.is_training},
    )
    letter = EmailMessage(policy=SMTP)
    letter["Message-ID"] = message_id(message, sender=settings.mail_from)
    letter["Date"] = message.created_at.astimezone(VIETNAM)
    letter["From"] = Address(head.sender, addr_spec=parseaddr(settings.mail_from)[1])
    letter["To"] = Address(addr_spec=head.to)
    if head.reply_to:
        letter["Reply-To"] = head.reply_to
    letter["Subject"] = subject
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834: no holiday answers, please
    letter.set_content(body, cte="quoted-printable")
    letter["Content-Language"] = payload["locale"]
    return letter


@dataclass(frozen=True, slots=True)
class Letterhead:
    """To whom a letter goes, and who writes it."""

    to: str
    sender: str
    reply_to: str
    is_training: bool = False


def _about(
    session: Session, payload: Mapping[str, Any], *, now: datetime
) -> tuple[Letterhead, dict[str, Any]]:
    """Return the head of a letter and what its template may say.

    Raises `NoLongerWanted` where its reader has withdrawn meanwhile.
    """
    if "code_id" in payload:
        return _about_code(session, payload["code_id"], now=now)
    if "watch_id" in payload:
        watch = watch_facts(session, payload["watch_id"])
        if watch is None:
            raise NoLongerWanted
        _require_ascii(watch.email)
        seller = watch.pack.product.seller
        address = ", ".join(filter(None, [seller.hamlet, seller.commune, seller.province]))
        said = {"name": seller.name, "phone": seller.phone, "address": address}
        return _of_seller(watch.email, seller), {
            "watch": watch,
            "pack": watch.pack,
            "seller": said,
        }
    facts = order_facts(session, payload["order_id"])
    order = facts.order
    said = order.snapshot["seller"]
    values = {"facts": facts, "order": order, "payment": facts.payment, "seller": said}
    if "report_id" in payload:
        values["answer"] = session.get_one(ProblemReport, payload["report_id"]).answer
    return _of_seller(payload["to"], order.seller), values


def _of_seller(to: str, seller: Seller) -> Letterhead:
    return Letterhead(to, seller.name, seller.email, is_training=seller.is_training)


def _about_code(
    session: Session, code_id: int, *, now: datetime
) -> tuple[Letterhead, dict[str, Any]]:
    """A code comes from who runs the site: it is about an account, and about no seller."""
    code = buyers.code(session, code_id)
    if code is None or code.ended_at is not None or now - code.made_at > buyer_codes.GOOD_FOR:
        raise NoLongerWanted
    _require_ascii(code.email)
    owner = site_owner(session)
    said = {
        "name": owner.name if owner else SITE,
        "phone": owner.phone if owner else "",
        "address": owner.address if owner else "",
    }
    head = Letterhead(code.email, said["name"], owner.email if owner else "")
    return head, {
        "seller": said,
        "figures": buyer_codes.figures(session, code),
        "is_proof": code.purpose is CodePurpose.EMAIL,
    }


def _require_ascii(email: str) -> None:
    if not email.isascii():
        raise ValueError("the address has letters that mail servers do not take")


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
