"""The one clear sentence a command says when it cannot do its work."""

import errno
import sys
from typing import Any

from shop.cli.language import Language
from shop.cli.refusals import SENTENCES


class Refused(Exception):
    """A command cannot go on; `kind` has a sentence that `values` fill."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(f"{kind} {values}" if values else kind)
        self.kind, self.values = kind, values

    def sentence(self, lang: Language) -> str:
        """Return what happened and what to do next."""
        return SENTENCES[self.kind][lang].format(**self.values)


_DATABASE = (
    ("locked", "database_locked"),
    ("readonly database", "database_readonly"),
    ("unable to open", "database_unopened"),
    ("disk is full", "disk_full"),
    ("no such table", "database_empty"),
    ("not a database", "database_damaged"),
    ("malformed", "database_damaged"),
)
"""What SQLite says, in order of asking, and which sentence that calls for."""

_POSTGRESQL = {
    "55P03": "database_locked",
    "57014": "database_locked",
    "25006": "database_readonly",
    "42P01": "database_empty",
    "53100": "disk_full",
    "3D000": "database_missing",
}
"""By SQLSTATE (PostgreSQL, appendix A)."""


class RefusedByRule(Refused):
    """A rule of the shop refused, or what was typed cannot be read: it has its own sentence."""

    def __init__(self, error: Any) -> None:
        super().__init__(getattr(error, "sentence_code", error.code))
        self._error = error

    def sentence(self, lang: Language) -> str:
        """Return the sentence that pages show for the same refusal."""
        from shop import messages, messages_forms
        from shop.cli.sentences import speaking
        from shop.forms.values import ValueRefused

        with speaking(lang):
            if isinstance(self._error, ValueRefused):
                return messages_forms.sentence(self._error)
            return messages.sentence(self._error)


def recognise(error: BaseException) -> Refused | None:
    """Return the refusal behind `error`; `None` for a mistake of the program itself."""
    if isinstance(error, Refused):
        return error
    if isinstance(error, KeyboardInterrupt):
        return Refused("stopped")
    if isinstance(error, ModuleNotFoundError):
        return _missing_module(error)
    if isinstance(error, OSError):
        return _of_files(error)
    for module, kind, read in (
        ("sqlalchemy.exc", "DBAPIError", _of_database),
        ("sqlite3", "Error", _of_sqlite),
        ("pydantic", "ValidationError", _of_settings),
        ("shop.config", "AddressUnreadable", _of_address),
        ("shop.errors", "ShopError", RefusedByRule),
        ("shop.forms.values", "ValueRefused", RefusedByRule),
    ):
        loaded = sys.modules.get(module)
        if loaded is not None and isinstance(error, getattr(loaded, kind)):
            return read(error)
    return None


def _missing_module(error: ModuleNotFoundError) -> Refused | None:
    top = (error.name or "").partition(".")[0]
    if top in {"", "shop", "traceability", "integrations"}:
        return None
    return Refused("part_missing", module=top)


def _of_files(error: OSError) -> Refused | None:
    if error.errno == errno.ENOSPC:
        return Refused("disk_full")
    if error.errno == errno.EFBIG:
        return Refused("file_too_large")
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and error.filename:
        return Refused("not_writable", where=error.filename)
    if error.errno == errno.ENOENT and error.filename:
        return Refused("file_missing", where=error.filename)
    return None


def _of_database(error: Any) -> Refused | None:
    known = _of_sqlite(error.orig)
    if known is not None:
        return known
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return Refused(_POSTGRESQL[state], where="DACSAN_DATABASE_URL")
    if type(error).__name__ == "OperationalError" and state is None:
        return Refused("database_unreachable")
    return None


def _of_sqlite(error: Any) -> Refused | None:
    kinds = (kind for words, kind in _DATABASE if words in str(error))
    return next((Refused(kind) for kind in kinds), None)


def _of_settings(error: Any) -> Refused | None:
    if error.title != "Settings":
        return None
    names = [f"DACSAN_{'_'.join(map(str, one['loc']))}".upper() for one in error.errors()]
    return Refused("setting_wrong", names=", ".join(names))


def _of_address(error: Any) -> Refused:
    return Refused("address_unreadable", url=error.url)
