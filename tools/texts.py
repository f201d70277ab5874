"""Bring the English catalogue up to what code and templates say, and list what is untranslated.

Runs with the Python of `.venv`: `python tools/texts.py`. Vietnamese is the source. New texts come
in untranslated, texts no longer said go out, nothing is guessed; the order is alphabetical, so
that two people who add texts rarely touch the same lines.
"""

import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
CATALOGUE = ROOT / "shop/translations/en/LC_MESSAGES/messages.po"
HEAD = r"""# English of Đặc Sản; the messages themselves are Vietnamese.
msgid ""
msgstr ""
"Project-Id-Version: dacsan\n"
"Language: en\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"
"MIME-Version: 1.0\n"
"Content-Type: text/plain; charset=utf-8\n"
"Content-Transfer-Encoding: 8bit\n"

"""
KEYWORDS = {
    **dict.fromkeys(("_", "_l", "gettext", "lazy_gettext", "N_")),
    **dict.fromkeys(("ngettext", "lazy_ngettext", "_n"), (1, 2)),
}


def used() -> Catalog:
    """Return every text that code and templates mark for translation."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as mapping:
        methods, options = parse_mapping_cfg(mapping, "babel.cfg")
    found = Catalog()
    for part in ("shop", "templates"):
        methods_here = [(pattern.removeprefix(f"{part}/"), how) for pattern, how in methods]
        options_here = {pattern.removeprefix(f"{part}/"): how for pattern, how in options.items()}
        for _file, _line, message, _comments, _context in extract_from_dir(
            ROOT / part, methods_here, options_here, KEYWORDS, directory_filter=lambda _: True
        ):
            found.add(message)
    return found


def catalogue() -> Catalog:
    """Return the English catalogue as it stands."""
    with CATALOGUE.open("rb") as po:
        return read_po(po, locale="en")


def untranslated(of: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue that lack their English, or a form of it."""
    for message in of:
        texts = [message.string] if isinstance(message.string, str) else message.string
        if message.id and (message.fuzzy or not texts or not all(texts)):
            yield message


def main() -> int:
    """Write the catalogue; return 1 while something is untranslated."""
    merged = catalogue()
    merged.update(used(), no_fuzzy_matching=True)
    merged.obsolete.clear()
    body = BytesIO()
    write_po(body, merged, width=98, omit_header=True, sort_output=True, no_location=True)
    CATALOGUE.write_bytes(HEAD.encode() + body.getvalue())
    missing = list(untranslated(catalogue()))
    for message in missing:
        print(message.id if isinstance(message.id, str) else message.id[0])
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
