"""The one clear sentence a command says when it cannot do its work."""

import errno
import sys
from typing import Any

from shop.cli.language import Language

Sentence = dict[Language, str]


class Refused(Exception):
    """A command cannot go on; `kind` has a sentence that `values` fill."""

    def __init__(self, kind: str, **values: object) -> None:
        super().__init__(f"{kind} {values}" if values else kind)
        self.kind, self.values = kind, values

    def sentence(self, lang: Language) -> str:
        """Return what happened and what to do next."""
        return SENTENCES[self.kind][lang].format(**self.values)


SENTENCES: dict[str, Sentence] = {
    "demo_beside_live": {
        "vi": "Ở đây đã có nơi bán thật ({seller}) nên không nạp lại dữ liệu mẫu từ đầu. Dùng một "
        "thư mục dữ liệu khác để tập.",
        "en": "There is a real seller here ({seller}), so the sample data are not loaded afresh. "
        "Use another data folder to practise.",
    },
    "database_missing": {
        "vi": "Chưa có cơ sở dữ liệu ở {where}. Chạy dacsan run một lần để tạo, hoặc "
        "dacsan restore để lấy lại từ bản sao lưu.",
        "en": "There is no database at {where}. Run dacsan run once to make it, or dacsan "
        "restore to bring one back from a backup.",
    },
    "database_empty": {
        "vi": "Cơ sở dữ liệu còn trống, chưa có bảng nào. Chạy dacsan run một lần để tạo.",
        "en": "The database has no tables yet. Run dacsan run once to make them.",
    },
    "database_old": {
        "vi": "Cơ sở dữ liệu thuộc bản cũ ({revision}). Chạy dacsan run một lần để nâng cấp.",
        "en": "The database is of an older release ({revision}). Run dacsan run once to bring it "
        "up to date.",
    },
    "database_new": {
        "vi": "Cơ sở dữ liệu thuộc bản mới hơn ({revision}) mà chương trình này chưa biết. "
        "Hãy cập nhật chương trình.",
        "en": "The database is of a newer release ({revision}) that this program does not know. "
        "Update the program.",
    },
    "database_locked": {
        "vi": "Cơ sở dữ liệu đang bận vì một chương trình khác giữ lâu. Đợi một phút rồi chạy "
        "lại lệnh này.",
        "en": "The database is busy: another program holds it. Wait a minute and run this "
        "command again.",
    },
    "database_readonly": {
        "vi": "Không ghi được cơ sở dữ liệu: tệp hoặc thư mục chỉ cho đọc. Chạy lệnh bằng tài "
        "khoản đã cài chương trình.",
        "en": "The database cannot be written: the file or its folder is read-only. Use the "
        "account that installed the program.",
    },
    "database_unopened": {
        "vi": "Không mở được cơ sở dữ liệu. Kiểm tra thư mục dữ liệu và quyền ghi, rồi chạy lại.",
        "en": "The database cannot be opened. Check the data folder and its rights, then run "
        "this again.",
    },
    "database_damaged": {
        "vi": "Tệp cơ sở dữ liệu bị hỏng hoặc không phải cơ sở dữ liệu. Lấy lại bản sao lưu gần "
        "nhất bằng dacsan restore.",
        "en": "The database file is damaged or is no database. Bring back the last backup with "
        "dacsan restore.",
    },
    "database_unreachable": {
        "vi": "Không nối được với máy chủ cơ sở dữ liệu. Kiểm tra PostgreSQL đã chạy và "
        "DACSAN_DATABASE_URL đúng.",
        "en": "The database server cannot be reached. See that PostgreSQL runs and that "
        "DACSAN_DATABASE_URL is right.",
    },
    "disk_full": {
        "vi": "Ổ đĩa đã đầy. Xoá bớt tệp không dùng rồi chạy lại.",
        "en": "The disk is full. Remove files you do not need, then run this again.",
    },
    "not_writable": {
        "vi": "Không ghi được vào {where}. Kiểm tra quyền ghi của thư mục này.",
        "en": "{where} cannot be written. Check the rights of this folder.",
    },
    "file_missing": {
        "vi": "Không có tệp {where}.",
        "en": "There is no file {where}.",
    },
    "setting_wrong": {
        "vi": "Thiết lập chưa đúng: {names}. Sửa biến môi trường này rồi chạy lại.",
        "en": "A setting is wrong: {names}. Correct this environment variable and run this again.",
    },
    "passwords_differ": {
        "vi": "Hai lần gõ mật khẩu không giống nhau. Chạy lại lệnh này.",
        "en": "The two passwords differ. Run this command again.",
    },
    "role_missing": {
        "vi": "Cần nói rõ vai của tài khoản này, ví dụ --role office --seller la-bang",
        "en": "Say which role the account has, for example --role office --seller la-bang",
    },
    "account_unknown": {
        "vi": "Không có tài khoản nào với số {phone}. Xem các tài khoản: dacsan user list",
        "en": "There is no account with the number {phone}. See them all: dacsan user list",
    },
    "seller_unknown": {
        "vi": "Không có nơi bán {seller}. Tên cần viết là phần cuối của địa chỉ /htx/...",
        "en": "There is no seller {seller}. Write the end of its address /htx/...",
    },
    "part_missing": {
        "vi": "Lệnh này cần phần cửa hàng mà máy chưa cài (thiếu {module}). Cài bằng: "
        'pip install "dacsan[shop]"',
        "en": "This command needs the shop, which is not installed ({module} is missing). "
        'Install it with: pip install "dacsan[shop]"',
    },
    "stopped": {
        "vi": "Đã dừng theo yêu cầu.",
        "en": "Stopped as asked.",
    },
}

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
        ("pydantic", "ValidationError", _of_settings),
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
    if error.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and error.filename:
        return Refused("not_writable", where=error.filename)
    if error.errno == errno.ENOENT and error.filename:
        return Refused("file_missing", where=error.filename)
    return None


def _of_database(error: Any) -> Refused | None:
    said = str(error.orig)
    for words, kind in _DATABASE:
        if words in said:
            return Refused(kind)
    state = getattr(error.orig, "sqlstate", None)
    if state in _POSTGRESQL:
        return Refused(_POSTGRESQL[state], where="DACSAN_DATABASE_URL")
    if type(error).__name__ == "OperationalError" and state is None:
        return Refused("database_unreachable")
    return None


def _of_settings(error: Any) -> Refused | None:
    if error.title != "Settings":
        return None
    names = [f"DACSAN_{'_'.join(map(str, one['loc']))}".upper() for one in error.errors()]
    return Refused("setting_wrong", names=", ".join(names))
