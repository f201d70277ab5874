"""`dacsan search`: build the index of the search field anew, or ask it something."""

import argparse
import json
from typing import TextIO

from shop.cli.arguments import add_json
from shop.cli.language import Language

NAME = "search"
HELP = {
    "vi": "Dựng lại chỉ mục của ô tìm kiếm, hoặc tìm thử.",
    "en": "Build the index of the search field anew, or try a search.",
}
_WHAT = {
    "vi": "`rebuild` dựng lại (trang web vẫn tìm được trong lúc đó); `find` tìm thử",
    "en": "`rebuild` builds it anew (the shop goes on searching meanwhile); `find` tries it",
}
_WORDS = {"vi": "những chữ để tìm thử", "en": "the words to try"}
_DONE = {
    "vi": "Đã dựng lại chỉ mục: {goods} món.",
    "en": "The index was built anew: {goods} items.",
}


def add_arguments(parser: argparse.ArgumentParser, lang: Language) -> None:
    """Describe the command in `lang`."""
    parser.add_argument("what", choices=("rebuild", "find"), help=_WHAT[lang])
    parser.add_argument("words", nargs="*", help=_WORDS[lang])
    add_json(parser, lang)
    parser.set_defaults(run=lambda arguments, **files: _run(arguments, lang, **files))


def _run(arguments: argparse.Namespace, lang: Language, *, stdin: TextIO, stdout: TextIO) -> int:
    from shop import clock
    from shop.config import Settings
    from shop.db import READ_ONLY, make_engine, open_session
    from shop.queries import catalog
    from shop.search.shelf import Shelf
    from shop.services import search

    settings = Settings()
    place = search.folder(settings)
    with open_session(make_engine(settings.database), settings, **READ_ONLY) as session:
        if arguments.what == "rebuild":
            goods = search.rebuild(session, place, today=clock.today())
            told: dict[str, object] = {"goods": goods}
            text = _DONE[lang].format(goods=goods)
        else:
            found = Shelf(place).find(" ".join(arguments.words))
            names = catalog.product_names(session, [one for one, _tier in found.hits])
            told = {"read_as": found.read_as, "goods": names}
            text = "\n".join(names)
    print(json.dumps(told, ensure_ascii=False) if arguments.json else text, file=stdout)
    return 0
