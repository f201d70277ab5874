"""The web process: granian with the application, ended by its supervisor or by Ctrl-C.

`python -m shop.serve --host 127.0.0.1 --port 8000 --threads 8 --workers 1 --supervised MARK`
"""

import argparse
import gc
from typing import Any

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from shop import lifeline

KILL_AFTER_SECONDS = 3
"""How long a request may go on after the server was asked to stop."""


def serve(
    *, host: str, port: int, threads: int, workers: int, ends_with_supervisor: bool = False
) -> None:
    """Answer requests until SIGINT or SIGTERM, or until the supervisor lets go.

    Nothing may live in the threads: idle ones end. On Windows there is one worker.
    """
    server = Granian(
        "shop.app:create_app",
        interface=Interfaces.WSGI,
        address=host,
        port=port,
        workers=workers,
        blocking_threads=threads,
        workers_kill_timeout=KILL_AFTER_SECONDS,
        respawn_failed_workers=workers > 1 or not ends_with_supervisor,
        log_level=LogLevels.error,
    )
    if ends_with_supervisor:
        lifeline.when_let_go(server.signal_handler_interrupt)
    server.serve(target_loader=_load, wrap_loader=False)


def _load() -> Any:
    """Make the application, in the process that answers: granian's own stays small."""
    lifeline.end_with_parent()
    gc.disable()  # all that is loaded stays: to look through it again and again costs a fifth
    from shop.app import create_app

    app = create_app()
    gc.freeze()
    gc.enable()
    return app


def _main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--threads", type=int, required=True)
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--supervised", required=True)
    asked = parser.parse_args()
    serve(
        host=asked.host,
        port=asked.port,
        threads=asked.threads,
        workers=asked.workers,
        ends_with_supervisor=True,
    )


if __name__ == "__main__":
    _main()
