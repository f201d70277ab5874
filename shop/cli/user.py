"""`dacsan user`: open accounts, give and take roles, set a password, let a lost phone go.

A password is asked for or read from standard input, never from the command line, where other
programs of the machine could see it.
"""

import argparse
import getpass
import json
from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO

from shop.cli.failures import Refused
from shop.cli.language import Language

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from shop.models.people import Account, Grant

NAME = "user"
HELP = {
    "vi": "Mở tài khoản, giao và thu vai, đặt mật khẩu, cho thoát khỏi mọi máy.",
    "en": "Open accounts, give and take roles, set passwords, end sessions.",
}

ROLES = (
    "member", "helper", "office", "technician", "treasurer", "director",
    "vendor", "officer", "inspector", "integrator", "admin",
)  # fmt: skip

_COMMANDS = {
    "add": {
        "vi": "mở tài khoản; tài khoản đầu tiên là quản trị",
        "en": "open an account; the first one is the administrator",
    },
    "list": {"vi": "in các tài khoản với vai của họ", "en": "list the accounts with their roles"},
    "grant": {"vi": "giao một vai", "en": "give a role"},
    "revoke": {"vi": "thu lại một vai", "en": "take a role back"},
    "password": {
        "vi": "đặt mật khẩu mới và cho thoát khỏi mọi máy",
        "en": "set a new password and sign out everywhere",
    },
    "end-sessions": {"vi": "cho thoát khỏi mọi máy", "en": "sign out everywhere"},
    "remove-phone": {
        "vi": "bỏ máy tạo mã của người mất điện thoại và hết mã dự phòng",
        "en": "take away the generator of codes of somebody who lost phone and recovery codes",
    },
}
_OPTIONS = {
    "phone": {"vi": "số điện thoại để đăng nhập", "en": "phone number to sign in with"},
    "name": {"vi": "họ và tên", "en": "full name"},
    "role": {"vi": "vai: ", "en": "role: "},
    "seller": {
        "vi": "nơi bán mà vai có hiệu lực (phần cuối của địa chỉ /htx/...)",
        "en": "seller the role holds for (the end of its address /htx/...)",
    },
    "commune": {"vi": "mã xã mà vai có hiệu lực", "en": "commune code the role holds for"},
    "until": {
        "vi": "ngày cuối cùng của vai, ví dụ 31/12/2026",
        "en": "last day of the role, for example 31/12/2026",
    },
    "json": {"vi": "in kết quả dạng JSON", "en": "print the result as JSON"},
}
_PROMPT = {"vi": "Mật khẩu mới: ", "en": "New password: "}
_AGAIN = {"vi": "Gõ lại lần nữa: ", "en": "Once more: "}
_DONE = {
    "add": {"vi": "Đã mở tài khoản {phone} ({name}).", "en": "Opened account {phone} ({name})."},
    "grant": {"vi": "Đã giao vai {role} cho {phone}.", "en": "{phone} now has the role {role}."},
    "revoke": {"vi": "Đã thu vai {role} của {phone}.", "en": "Took the role {role} of {phone}."},
    "password": {
        "vi": "Đã đặt mật khẩu mới cho {phone}; mọi máy phải đăng nhập lại.",
        "en": "{phone} has a new password; every device must sign in again.",
    },
    "end-sessions": {
        "vi": "{phone} đã thoát khỏi mọi máy.",
        "en": "{phone} is signed out everywhere.",
    },
    "remove-phone": {
        "vi": "Đã bỏ máy tạo mã của {phone}; đăng nhập xong cài lại trên điện thoại mới.",
        "en": "Took the generator of codes of {phone} away; the next sign-in sets up another.",
    },
}
_NOBODY = {"vi": "Chưa có tài khoản nào.", "en": "There are no accounts yet."}

Work = Callable[["Session", argparse.Namespace, datetime, str], "Account"]


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the sub-commands in `lang`."""
    commands = parser.add_subparsers(metavar=" | ".join(_COMMANDS), required=True)
    made = {}
    for name, texts in _COMMANDS.items():
        made[name] = commands.add_parser(name, help=texts[lang], description=texts[lang])
        made[name].add_argument("--json", action="store_true", help=_OPTIONS["json"][lang])
        made[name].set_defaults(run=partial(_change, name, lang))
    made["list"].set_defaults(run=partial(_list, lang))
    made["add"].add_argument("--phone", required=True, help=_OPTIONS["phone"][lang])
    made["add"].add_argument("--name", required=True, help=_OPTIONS["name"][lang])
    made["add"].add_argument("--role", choices=ROLES, metavar="ROLE", help=_roles(lang))
    for name in ("grant", "revoke", "password", "end-sessions", "remove-phone"):
        made[name].add_argument("phone", help=_OPTIONS["phone"][lang])
    for name in ("grant", "revoke"):
        made[name].add_argument("role", choices=ROLES, metavar="role", help=_roles(lang))
    for name in ("add", "grant", "revoke"):
        made[name].add_argument("--seller", help=_OPTIONS["seller"][lang])
        made[name].add_argument("--commune", help=_OPTIONS["commune"][lang])
    for name in ("add", "grant"):
        made[name].add_argument("--until", help=_OPTIONS["until"][lang])


def _roles(lang: Language) -> str:
    return _OPTIONS["role"][lang] + ", ".join(ROLES)


def _change(
    name: str, lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO
) -> int:
    from shop import clock
    from shop.cli.installation import open_database
    from shop.config import Settings
    from shop.db import open_session
    from shop.forms.phones import national, read_phone

    settings = Settings()
    arguments.phone = read_phone(arguments.phone)
    engine = open_database(settings)
    password = _read_password(stdin, lang) if name in {"add", "password"} else ""
    with open_session(engine, settings) as session:
        account = _WORK[name](session, arguments, clock.now(), password)
        session.commit()
        shown = _shown(account, clock.now())
    engine.dispose()
    if arguments.json:
        print(json.dumps(shown, ensure_ascii=False), file=stdout)
    else:
        role = getattr(arguments, "role", "")
        values = {"phone": national(account.phone), "name": account.name, "role": role}
        print(_DONE[name][lang].format(**values), file=stdout)
    return 0


def _list(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock
    from shop.cli.installation import open_database
    from shop.config import Settings
    from shop.db import READ_ONLY, open_session
    from shop.forms.phones import national
    from shop.queries import accounts

    settings = Settings()
    engine = open_database(settings)
    with open_session(engine, settings, **READ_ONLY) as session:
        shown = [_shown(account, clock.now()) for account in accounts.all_accounts(session)]
    engine.dispose()
    if arguments.json:
        print(json.dumps(shown, ensure_ascii=False, indent=1), file=stdout)
        return 0
    for one in shown:
        roles = ", ".join(f"{role['role']} ({role['over']})" for role in one["roles"])
        print(f"{national(one['phone'])}  {one['name']}  {roles}".rstrip(), file=stdout)
    if not shown:
        print(_NOBODY[lang], file=stdout)
    return 0


def _read_password(stdin: TextIO, lang: Language) -> str:
    if not stdin.isatty():
        return stdin.readline().rstrip("\r\n")
    typed = getpass.getpass(_PROMPT[lang])
    if getpass.getpass(_AGAIN[lang]) != typed:
        raise Refused("passwords_differ")
    return typed


def _shown(account: "Account", now: datetime) -> dict[str, Any]:
    standing = [one for one in account.grants if one.until is None or one.until > now]
    return {
        "id": account.id,
        "phone": account.phone,
        "name": account.name,
        "is_active": account.is_active,
        "roles": [_shown_role(given) for given in standing],
    }


def _shown_role(given: "Grant") -> dict[str, Any]:
    seller = f"seller {given.seller_id}" if given.seller_id else ""
    commune = f"commune {given.commune_code}" if given.commune_code else ""
    return {
        "role": given.role.value,
        "over": seller or commune or given.scope.value,
        "until": given.until.isoformat() if given.until else None,
    }


def _add(
    session: "Session", arguments: argparse.Namespace, now: datetime, password: str
) -> "Account":
    from shop.forms.text import read_name
    from shop.models.people import Role
    from shop.queries.accounts import is_anybody_there
    from shop.services import accounts

    if arguments.role is None and not is_anybody_there(session):
        arguments.role = Role.ADMIN.value
    if arguments.role is None:
        raise Refused("role_missing")
    accounts.require_fit(password, {Role(arguments.role)})
    account = accounts.open_account(
        session,
        phone=arguments.phone,
        name=read_name(arguments.name),
        password=password,
        actor=_operator(),
        now=now,
    )
    _give(session, account, arguments, now)
    return account


def _grant(
    session: "Session", arguments: argparse.Namespace, now: datetime, _password: str
) -> "Account":
    account = _account(session, arguments)
    _give(session, account, arguments, now)
    return account


def _give(
    session: "Session", account: "Account", arguments: argparse.Namespace, now: datetime
) -> None:
    from shop.clock import VIETNAM, day_of
    from shop.forms.dates import read_date
    from shop.models.people import Role
    from shop.services import accounts

    until = None
    if arguments.until:
        today = day_of(now)
        last_day = read_date(arguments.until, today=today, earliest=today)
        until = datetime.combine(last_day + timedelta(days=1), time(), VIETNAM)
    accounts.grant(
        session,
        account,
        Role(arguments.role),
        seller=_seller(session, arguments),
        commune_code=arguments.commune,
        until=until,
        actor=_operator(),
        now=now,
    )


def _revoke(
    session: "Session", arguments: argparse.Namespace, now: datetime, _password: str
) -> "Account":
    from shop.models.people import Role
    from shop.services import accounts

    account = _account(session, arguments)
    given = accounts.standing_grant(
        session,
        account,
        Role(arguments.role),
        seller=_seller(session, arguments),
        commune_code=arguments.commune,
        now=now,
    )
    accounts.revoke(session, given, actor=_operator(), now=now)
    return account


def _password(
    session: "Session", arguments: argparse.Namespace, now: datetime, password: str
) -> "Account":
    from shop.services import accounts, cards

    account = _account(session, arguments)
    accounts.set_password(session, account, password, actor=_operator(), now=now)
    cards.end_all(session, account, actor=_operator(), now=now)
    return account


def _remove_phone(
    session: "Session", arguments: argparse.Namespace, now: datetime, _password: str
) -> "Account":
    from shop.services import accounts, second_factor

    account = _account(session, arguments)
    second_factor.take_away(session, account, actor=_operator(), now=now)
    accounts.end_sessions(session, account, actor=_operator(), now=now)
    return account


def _end_sessions(
    session: "Session", arguments: argparse.Namespace, now: datetime, _password: str
) -> "Account":
    from shop.services import accounts

    account = _account(session, arguments)
    accounts.end_sessions(session, account, actor=_operator(), now=now)
    return account


_WORK: dict[str, Work] = {
    "add": _add,
    "grant": _grant,
    "revoke": _revoke,
    "password": _password,
    "end-sessions": _end_sessions,
    "remove-phone": _remove_phone,
}


def _account(session: "Session", arguments: argparse.Namespace) -> "Account":
    from shop.forms.phones import national
    from shop.queries.staff import account_by_phone

    account = account_by_phone(session, arguments.phone)
    if account is None:
        raise Refused("account_unknown", phone=national(arguments.phone))
    return account


def _seller(session: "Session", arguments: argparse.Namespace) -> Any:
    from shop.queries.catalog import seller_by_slug

    if arguments.seller is None:
        return None
    seller = seller_by_slug(session, arguments.seller)
    if seller is None:
        raise Refused("seller_unknown", seller=arguments.seller)
    return seller


def _operator() -> Any:
    """Return whoever sits at the machine itself: it owns the files, so it may do everything."""
    from shop.services.actors import Actor

    return Actor("system", origin="dacsan user")
