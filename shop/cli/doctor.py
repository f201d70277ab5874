"""`dacsan doctor`: is this installation well, in sentences that say what to do."""

import argparse
import json
from functools import partial
from typing import TextIO

from shop.cli.arguments import add_json
from shop.cli.language import Language

NAME = "doctor"
HELP = {
    "vi": "Khám máy: thư mục, ổ đĩa, cơ sở dữ liệu, phần việc nền, sao lưu, địa chỉ.",
    "en": "Examine this machine: folder, disk, database, worker, backup, address.",
}

_MARKS = {"fine": "✓", "notice": "!", "problem": "✗"}
_WELL = {"vi": "Máy chạy tốt.", "en": "All is well."}
_ILL = {"vi": "Có {problems} việc cần sửa.", "en": "{problems} things need to be put right."}


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    add_json(parser, lang)
    parser.set_defaults(run=partial(_run, lang))


def _run(lang: Language, arguments: argparse.Namespace, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock
    from shop.cli.symptoms import examine
    from shop.config import Settings

    symptoms = list(examine(Settings(), now=clock.now(), lang=lang))
    problems = sum(symptom.state == "problem" for symptom in symptoms)
    if arguments.json:
        shown = [
            {
                "probe": symptom.probe,
                "state": symptom.state,
                "kind": symptom.kind,
                "message": symptom.sentence(lang),
            }
            for symptom in symptoms
        ]
        found = {"ok": not problems, "symptoms": shown}
        print(json.dumps(found, ensure_ascii=False, indent=1), file=stdout)
    else:
        for symptom in symptoms:
            print(f"{_MARKS[symptom.state]} {symptom.sentence(lang)}", file=stdout)
        print((_ILL if problems else _WELL)[lang].format(problems=problems), file=stdout)
    return 1 if problems else 0
