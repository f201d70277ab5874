"""`dacsan restore`: bring a backup back, proved first, whole or not at all."""

import argparse
import json
import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from shop.cli.arguments import add_json
from shop.cli.failures import Refused
from shop.cli.language import Language

if TYPE_CHECKING:
    from shop.backup.bringing_back import Staged
    from shop.config import Settings

NAME = "restore"
HELP = {
    "vi": "Lấy lại dữ liệu từ một bản sao lưu; dữ liệu đang có được giữ riêng.",
    "en": "Bring the data of a backup back; what is there now is kept aside.",
}

_FILE = {"vi": "tệp sao lưu", "en": "the backup"}
_RUNNING = {
    "vi": "không hỏi xem cửa hàng có đang chạy không (khi chương trình khác dùng cổng của nó); "
    "cơ sở dữ liệu đang mở thì vẫn từ chối",
    "en": "do not ask whether the shop runs (when another program uses its port); a database "
    "that is open is refused all the same",
}
_FINDINGS = {
    "vi": "lấy lại cả khi dữ liệu trong bản sao lưu có chỗ sai",
    "en": "bring it back although its data has faults",
}
_PROGRESS = {
    "unpacking": {
        "vi": "Đang mở bản sao lưu và so mã từng phần…",
        "en": "Unpacking the backup and comparing the digest of each part…",
    },
    "opening": {"vi": "Đang mở cơ sở dữ liệu…", "en": "Opening the database…"},
    "proving": {
        "vi": "Đang kiểm tra dữ liệu như dacsan check…",
        "en": "Proving the data as dacsan check does…",
    },
}
_DONE = {
    "vi": "Đã lấy lại dữ liệu của bản sao lưu lúc {made_at}. Dữ liệu trước đó để ở {aside}.",
    "en": "The data of the backup of {made_at} is back. What was there before is in {aside}.",
}
_NEEDS_KEY = {
    "vi": "Bản này sao lưu khi khoá nằm ở DACSAN_SECRET_KEY: hãy đặt đúng khoá ấy trước khi chạy.",
    "en": "The key was in DACSAN_SECRET_KEY when this backup was made: set the same before you "
    "run the shop.",
}


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("file", type=Path, metavar="FILE", help=_FILE[lang])
    parser.add_argument("--ignore-port", action="store_true", help=_RUNNING[lang])
    parser.add_argument("--with-faults", action="store_true", help=_FINDINGS[lang])
    add_json(parser, lang)
    parser.set_defaults(run=partial(_run, lang))


def _run(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock, formats
    from shop.backup import bringing_back, postgresql, sqlite_file
    from shop.backup.archive import BackupUnusable
    from shop.config import Settings

    settings = Settings()

    def say(what: str) -> None:
        if not arguments.json:
            print(_PROGRESS[what][lang], file=stdout, flush=True)

    if not arguments.ignore_port:
        _require_stopped(settings)
    try:
        bringing_back.clean_up(settings)
        bringing_back.require_unused(settings)
        staged = bringing_back.stage(settings, arguments.file, say=say)
        try:
            _require_no_findings(staged, lang, accepted=arguments.with_faults)
            aside = bringing_back.put_in_place(settings, staged, now=clock.now())
        except (Refused, sqlite_file.StillOpen, bringing_back.UnderWay):
            bringing_back.discard(settings, staged.folder, staged.database)
            raise
    except BackupUnusable as error:
        raise Refused(f"backup_{error.reason}", part=error.part) from error
    except postgresql.ProgramMissing as error:
        raise Refused("program_missing", name=error.name) from error
    except sqlite_file.StillOpen as error:
        raise Refused("database_in_use") from error
    except bringing_back.UnderWay as error:
        raise Refused("restore_under_way") from error
    manifest = staged.manifest
    needs_key = manifest.key_from == "environment" and not settings.secret_key.get_secret_value()
    if arguments.json:
        shown = {
            "made_at": manifest.made_at.isoformat(),
            "aside": str(aside.resolve()),
            "findings": [finding.as_json(lang) for finding in staged.findings],
            "needs_key": needs_key,
        }
        print(json.dumps(shown, ensure_ascii=False), file=stdout)
        return 0
    made_at = formats.moment(manifest.made_at, lang)
    print(_DONE[lang].format(made_at=made_at, aside=aside), file=stdout)
    if needs_key:
        print(_NEEDS_KEY[lang], file=stdout)
    return 0


def _require_stopped(settings: "Settings") -> None:
    """Raise `Refused` while the shop of this folder runs, or anything holds its port."""
    from shop import network, supervisor

    for record in sorted(settings.var.glob("run-*.json")):
        if supervisor.running_supervisor(record, own_pid=os.getpid()) is not None:
            raise Refused("shop_is_running")
    if network.why_port_is_closed(settings.host, settings.port) == "port_taken":
        raise Refused("shop_is_running")


def _require_no_findings(staged: "Staged", lang: Language, *, accepted: bool) -> None:
    if staged.findings and not accepted:
        raise Refused(
            "backup_has_faults",
            count=len(staged.findings),
            first=staged.findings[0].sentence(lang),
        )
