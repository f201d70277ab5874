"""Sending letters: over SMTP where a server is set, else as files that a person can open."""

import os
import re
import tempfile
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from shop import clock
from shop.config import Settings
from shop.db import READ_ONLY, open_session
from shop.jobs import smtp
from shop.jobs.deliverers import Refused
from shop.jobs.letters import NoLongerWanted, compose
from shop.models.outbox import OutboxMessage

KIND = "mail"

LONGEST_SECONDS = 20.0


def deliver(
    message: OutboxMessage, *, settings: Settings, engine: Engine, now: datetime
) -> dict[str, Any]:
    """Send the letter and return its Message-ID and where it went.

    It takes two thirds of what is left of the claim at the most, so that nobody else sends the
    letter meanwhile. Raises `Refused` or `CameToNothing` with what the mail server said.
    """
    if not message.payload.get("to", "").isascii():
        raise Refused("the address has letters that mail servers do not take")
    with open_session(engine, settings, **READ_ONLY) as session:
        try:
            letter = compose(session, message, settings=settings, now=now)
        except NoLongerWanted:
            return {"withdrawn": True}
        except (ValueError, MessageError) as error:
            raise Refused(f"the letter cannot be addressed: {error}") from error
    if not settings.mail_url:
        folder = settings.var / "mail"
        answer = {"file": _write(letter, folder, _file_name(message))}
    else:
        left = (message.claimed_until - now).total_seconds() if message.claimed_until else 0.0
        seconds = min(LONGEST_SECONDS, left * 2 / 3)
        answer = smtp.send(letter, smtp.read_address(settings.mail_url), seconds=seconds)
    return {"message_id": letter["Message-ID"], **answer}


def _file_name(message: OutboxMessage) -> str:
    key = re.sub(r"[^A-Za-z0-9._-]+", "-", message.key)
    return f"{clock.day_of(message.created_at)}-{key}.eml"


def _write(letter: EmailMessage, folder: Path, name: str) -> str:
    """Write the letter so that it is there whole or not at all; the same again changes nothing."""
    folder.mkdir(parents=True, exist_ok=True)
    handle, unfinished = tempfile.mkstemp(dir=folder, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(letter.as_bytes())
            file.flush()
            os.fsync(file.fileno())
        Path(unfinished).replace(folder / name)
    except OSError:
        Path(unfinished).unlink(missing_ok=True)
        raise
    return name
