"""The command `dacsan`: finds the command that was asked for, imports it alone, and runs it."""

import argparse
import io
import json
import os
import sys
from collections.abc import Sequence

from shop.cli.arguments import PARSERS
from shop.cli.discovery import Command, find_commands
from shop.cli.failures import Refused, recognise
from shop.cli.language import Language, language

__all__ = ["main"]

_ABOUT = {
    "vi": "Bán đặc sản và truy xuất lô hàng cho hợp tác xã.",
    "en": "Selling specialities and tracing batches for a cooperative.",
}
_OVERVIEW = {
    "vi": "Cách dùng: dacsan LỆNH [tham số]\n\n{about}\n\ncác lệnh:\n{commands}\n\n"
    "Xem thêm về một lệnh: dacsan LỆNH --help",
    "en": "usage: dacsan COMMAND [arguments]\n\n{about}\n\ncommands:\n{commands}\n\n"
    "More about one command: dacsan COMMAND --help",
}
_UNKNOWN = {
    "vi": "dacsan: không có lệnh {name}. {near}Xem các lệnh: dacsan --help",
    "en": "dacsan: there is no command {name}. {near}See them all: dacsan --help",
}
_NEAR = {"vi": "Có phải là {near}? ", "en": "Did you mean {near}? "}


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 refused, 2 not understood."""
    _open_what_is_closed()
    _speak_utf8()
    try:
        code = _answer(list(sys.argv[1:] if argv is None else argv), language(os.environ))
        sys.stdout.flush()
    except BrokenPipeError:  # whoever read has read enough, as `dacsan … | head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return code


def _answer(words: Sequence[str], lang: Language) -> int:
    commands = find_commands()
    if not words or words in (["-h"], ["--help"]):
        print(_overview(commands, lang))
        return 0 if words else 2
    if words[0] not in commands:
        print(_unknown(words[0], commands, lang), file=sys.stderr)
        return 2
    try:
        return _run(commands[words[0]], words[1:], lang)
    except SystemExit as stopped:
        return stopped.code if isinstance(stopped.code, int) else int(stopped.code is not None)


def _open_what_is_closed() -> None:
    """Let a command that was started without its streams (`<&-`, a timer) read nothing."""
    if sys.stdin is None:
        sys.stdin = os.fdopen(os.open(os.devnull, os.O_RDONLY))
    if sys.stdout is None:
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w")


def _speak_utf8() -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")


def _overview(commands: dict[str, Command], lang: Language) -> str:
    lines = [f"  {command.name:<10} {command.help(lang)}" for command in commands.values()]
    return _OVERVIEW[lang].format(about=_ABOUT[lang], commands="\n".join(lines))


def _unknown(name: str, commands: dict[str, Command], lang: Language) -> str:
    from difflib import get_close_matches

    close = get_close_matches(name, commands, n=1)
    near = _NEAR[lang].format(near=close[0]) if close else ""
    return _UNKNOWN[lang].format(name=name, near=near)


def _run(command: Command, words: Sequence[str], lang: Language) -> int:
    arguments = argparse.Namespace()
    try:
        module = command.load()
        parser = PARSERS[lang](f"dacsan {command.name}", description=module.HELP[lang])
        module.add_arguments(parser, lang)
        arguments = parser.parse_args(words)
        if command.needs_the_shop:
            _finish_restore()
        code: int = arguments.run(arguments, stdin=sys.stdin, stdout=sys.stdout)
        sys.stdout.flush()
    except (Exception, KeyboardInterrupt) as error:
        refusal = recognise(error)
        if refusal is None or isinstance(error, BrokenPipeError):
            raise
        _tell(refusal, lang, as_json=getattr(arguments, "json", False))
        return 1
    return code


def _finish_restore() -> None:
    """End a restore that was killed half-way, before anything looks at the data."""
    from shop.config import Settings

    settings = Settings()
    if (settings.var / "restore.json").exists():
        from shop.backup import bringing_back

        bringing_back.finish(settings)


def _tell(refusal: Refused, lang: Language, *, as_json: bool) -> None:
    sentence = refusal.sentence(lang)
    if as_json:
        print(json.dumps({"error": refusal.kind, "message": sentence}, ensure_ascii=False))
    else:
        print(sentence, file=sys.stderr)
