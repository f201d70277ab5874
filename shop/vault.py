"""Secrets of sellers at rest: encrypted with a key derived from the master key (`design.md` 2).

The cipher is loaded by the first who needs it: most requests never do.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from shop.config import Settings
from shop.errors import ShopError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet


class SecretUnreadable(ShopError):
    """A secret was encrypted under another master key: it must be entered again."""

    code = "secret_unreadable"
    status = 409


class Vault:
    """Encrypts and decrypts under the master key of an installation, read when first needed."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    @property
    def _fernet(self) -> "Fernet":
        return _cipher(self._settings.master_key)

    def close(self, secrets: Mapping[str, str]) -> str:
        """Return the secrets as a text that only this master key opens."""
        return self._fernet.encrypt(json.dumps(dict(secrets)).encode()).decode("ascii")

    def open(self, closed: str) -> dict[str, str]:
        """Return the secrets; raise `SecretUnreadable` for those of another master key."""
        from cryptography.fernet import InvalidToken

        if not closed:
            return {}
        try:
            found: dict[str, str] = json.loads(self._fernet.decrypt(closed.encode("ascii")))
        except InvalidToken as error:
            raise SecretUnreadable from error
        return found

    def opens(self, closed: str) -> bool:
        """Return whether this master key closed a text."""
        try:
            self.open(closed)
        except SecretUnreadable:
            return False
        return True

    def derive(self, purpose: str) -> bytes:
        """Return 32 bytes that this master key gives for `purpose`, the same every time."""
        return hmac.digest(self._settings.master_key.encode(), purpose.encode(), "sha256")


@cache
def _cipher(master_key: str) -> "Fernet":
    """Return the cipher for a master key, which is long and random: no slow derivation needed."""
    from cryptography.fernet import Fernet
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    derived = HKDF(SHA256(), length=32, salt=None, info=b"dacsan provider secrets")
    return Fernet(base64.urlsafe_b64encode(derived.derive(master_key.encode())))
