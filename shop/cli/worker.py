"""`dacsan worker`: keep promises and do what is due, beside the web server or on its own host."""

import argparse
import gc
import os
import threading
from datetime import timedelta
from typing import TextIO

from shop import lifeline
from shop.cli.language import Language

NAME = "worker"
HELP = {
    "vi": "Chạy phần việc nền: gửi thư, trả hàng hết hạn giữ, ghi sổ truy xuất.",
    "en": "Run the background work: send letters, free stock, write the log.",
}
_THREADS = {
    "vi": "số tin gửi cùng lúc (mặc định %(default)s)",
    "en": "messages sent at once (default %(default)s)",
}
_LEASE = {
    "vi": "số giây một tin thuộc về nơi đang gửi nó (mặc định %(default)s)",
    "en": "seconds a message belongs to whoever is sending it (default %(default)s)",
}


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("--threads", type=_positive, default=2, metavar="N", help=_THREADS[lang])
    parser.add_argument("--lease", type=_positive, default=30, metavar="N", help=_LEASE[lang])
    parser.add_argument("--supervised", default="", help=argparse.SUPPRESS)
    parser.set_defaults(run=_run)


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def _run(arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    stop, is_at_work = threading.Event(), threading.Event()

    def let_go() -> None:
        if not is_at_work.is_set():
            os._exit(0)  # nothing has begun yet, and loading may take longer than there is time
        stop.set()

    if arguments.supervised:
        lifeline.when_let_go(let_go)
    from shop.cli.installation import open_database
    from shop.cli.run import prepare_folder
    from shop.config import Settings
    from shop.jobs.worker import work

    settings = Settings()
    settings.require_address()
    prepare_folder(settings)
    open_database(settings).dispose()
    is_at_work.set()
    work(
        settings,
        stop=stop,
        threads=arguments.threads,
        lease=timedelta(seconds=arguments.lease),
        notes=settings.var / "log" / "worker.log" if arguments.supervised else None,
    )
    gc.freeze()  # the end of the process need not look through everything once more
    return 0
