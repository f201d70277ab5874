"""Reading a command line and explaining it, in Vietnamese or English."""

import argparse
import re
import sys
from collections.abc import Iterable
from typing import Any, NoReturn

from shop.cli.language import Language

_SENTENCES = [
    (re.compile(pattern), vietnamese)
    for pattern, vietnamese in (
        (r"the following arguments are required: (.+)", r"thiếu \1"),
        (r"unrecognized arguments: (.+)", r"không có tham số \1"),
        (r"one of the arguments (.+) is required", r"cần một trong các tham số \1"),
        (r"not allowed with argument (.+)", r"không dùng cùng lúc với \1"),
        (r"expected one argument", "cần một giá trị theo sau"),
        (r"expected at least one argument", "cần ít nhất một giá trị theo sau"),
        (r"expected at most one argument", "chỉ nhận một giá trị"),
        (r"expected (\d+) arguments?", r"cần \1 giá trị theo sau"),
        (r"ignored explicit argument (.+)", r"không nhận giá trị \1"),
        (r"ambiguous option: (.+) could match (.+)", r"\1 chưa rõ là \2"),
        (r"invalid choice: (.+?)(?:, maybe you meant .+?)? \(choose from (.+)\)",
         r"không có \1; chọn một trong \2"),
        (r"invalid .+ value: (.+)", r"\1 không đúng kiểu giá trị"),
    )
]  # fmt: skip


class Parser(argparse.ArgumentParser):
    """The parser of the standard library, which never guesses what a shortened option means."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"allow_abbrev": False, **options})


class _Formatter(argparse.HelpFormatter):
    def add_usage(
        self,
        usage: str | None,
        actions: Iterable[argparse.Action],
        groups: Iterable[Any],
        prefix: str | None = None,
    ) -> None:
        """Begin the line that shows how the command is written."""
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class VietnameseParser(Parser):
    """The same parser with its own words in Vietnamese."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"formatter_class": _Formatter, **options, "add_help": False})
        self._positionals.title = "tham số"
        self._optionals.title = "tuỳ chọn"
        self.add_argument(
            "-h", "--help", action="help", default=argparse.SUPPRESS, help="in hướng dẫn này"
        )

    def error(self, message: str) -> NoReturn:
        """Print how the command is written and what is wrong, then leave with 2."""
        self.print_usage(sys.stderr)
        self.exit(2, f"{self.prog}: {vietnamese(message)}\n")


def vietnamese(message: str) -> str:
    """Return what argparse complains about, in Vietnamese; sentences of our own stay as they are.

    >>> vietnamese("argument --size: expected one argument")
    '--size: cần một giá trị theo sau'
    """
    named = re.fullmatch(r"argument (.+?): (.+)", message, re.DOTALL)
    if named:
        return f"{named[1]}: {vietnamese(named[2])}"
    for pattern, sentence in _SENTENCES:
        found = pattern.fullmatch(message)
        if found:
            return found.expand(sentence)
    return message


_JSON: dict[Language, str] = {"vi": "in kết quả dạng JSON", "en": "print the result as JSON"}


def add_json(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Let a command be asked for its result as JSON."""
    parser.add_argument("--json", action="store_true", help=_JSON[lang])


PARSERS: dict[Language, type[Parser]] = {"vi": VietnameseParser, "en": Parser}
"""By language; sub-parsers take the class of their parent."""
