"""`dacsan backup`: keep a copy of everything in one file, while the shop goes on."""

import argparse
import json
from functools import partial
from pathlib import Path
from typing import TextIO

from shop.cli.arguments import add_json
from shop.cli.language import Language

NAME = "backup"
HELP = {
    "vi": "Sao lưu toàn bộ dữ liệu vào một tệp, cửa hàng vẫn chạy.",
    "en": "Keep a copy of everything in one file, while the shop goes on.",
}

_FILE = {
    "vi": "tệp hoặc thư mục để ghi, ví dụ ổ USB; bỏ trống thì ghi vào var/backups",
    "en": "file or folder to write to, a USB stick for example; left out: var/backups",
}
_DONE = {
    "vi": "Đã sao lưu vào {path} ({size}, {files} tệp kèm theo), đã đọc lại và thấy nguyên vẹn.",
    "en": "The backup is {path} ({size}, {files} files with it); it was read back and is whole.",
}
_WARNINGS = {
    "file": {
        "vi": "Tệp này chứa thông tin người mua và khoá bí mật của cửa hàng: cất kỹ như tiền mặt, "
        "đừng gửi qua mạng.",
        "en": "It holds buyers' data and the secret key of the shop: keep it as you keep cash, "
        "and do not send it over the net.",
    },
    "environment": {
        "vi": "Tệp này chứa thông tin người mua: cất kỹ, đừng gửi qua mạng. Khoá bí mật nằm ở "
        "DACSAN_SECRET_KEY, không có trong tệp: hãy giữ riêng một nơi khác.",
        "en": "It holds buyers' data: keep it safe and do not send it over the net. The secret "
        "key is in DACSAN_SECRET_KEY and not in the file: keep it apart.",
    },
    "none": {
        "vi": "Tệp này chứa dữ liệu của cửa hàng: cất kỹ, đừng gửi qua mạng.",
        "en": "It holds the data of the shop: keep it safe and do not send it over the net.",
    },
}
"""By where the secret key is."""


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("file", nargs="?", type=Path, metavar="FILE", help=_FILE[lang])
    add_json(parser, lang)
    parser.set_defaults(run=partial(_run, lang))


def _run(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock, formats
    from shop.backup import making
    from shop.backup.archive import BackupUnusable
    from shop.backup.postgresql import ProgramMissing
    from shop.cli.failures import Refused
    from shop.cli.installation import open_database
    from shop.config import Settings

    settings = Settings()
    open_database(settings).dispose()
    now = clock.now()
    path: Path = arguments.file or making.default_path(settings, now)
    if path.is_dir():
        path = path / making.default_name(now)
    try:
        made = making.make(settings, path, now=now)
    except BackupUnusable as error:
        raise Refused(f"backup_{error.reason}", part=error.part) from error
    except ProgramMissing as error:
        raise Refused("program_missing", name=error.name) from error
    warning = _WARNINGS[made.key_from][lang]
    if arguments.json:
        shown = {
            "path": str(made.path.resolve()),
            "size": made.size,
            "files": made.files,
            "key_from": made.key_from,
            "warning": warning,
        }
        print(json.dumps(shown, ensure_ascii=False), file=stdout)
        return 0
    size = f"{formats.number(max(1, made.size // 1024), lang)} KB"
    print(_DONE[lang].format(path=made.path, size=size, files=made.files), file=stdout)
    print(warning, file=stdout)
    return 0
