"""Vietnamese is the source of every text people see, and English stands beside all of it."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.support import Translations
from jinja2 import Environment, nodes

from tools import texts

ROOT = Path(__file__).parents[2]
TEMPLATES = ROOT / "templates"
MARKS = set(texts.KEYWORDS)
SILENT = MARKS | {"compile"}
"""Calls whose texts are translated, or are patterns that people's words are compared with."""
READ_BY_PEOPLE = {"alt", "title", "placeholder", "aria-label", "aria-description"}
SAME_EVERYWHERE = re.compile(
    r"Đặc Sản|English|Tiếng Việt|VietQR|\b(?:kg|km|g|ml|mm|ha|m²|ID|QR|GTIN|SKU|C)\b|Ế Ộ Ữ Ặ ỹ ợ Đ"
    r"|MẪU|^(?:Tỉnh|Thành phố|Xã|Phường|Đặc khu) $"
    r"|^(?:Chỗ để hàng trả|Tự đến lấy|Gửi bưu kiện)$"
)
"""The brand, the languages' own names, units, codes, the band printed on sample labels, the first
words of administrative names, which are cut off rather than said, and what the first places and
ways of delivery of a new seller are called, which are its data from then on."""
MACHINE_TEXT = re.compile(r"\|?/[\w/-]+|\b(?!alt|title|placeholder|aria-label)[a-z-]+=\"[^\"]*\"")
"""Addresses in plain letters, and attributes that a macro adds to a tag that began elsewhere."""
FOREIGN_NUMBER = re.compile(r"\b\d{1,3}\.\d{3}\b|\b\d+,\d{1,2} ?(?:kg|ha|l)\b")
"""`50.500` or `12,5 kg`, where the same page writes 120,000 ₫ and 12.5 kg."""

VIETNAMESE = re.compile(
    r"[\u0102\u0103\u0110\u0111\u0128\u0129\u0168\u0169\u01a0-\u01b0\u1ea0-\u1ef9]"
)
"""Letters of Vietnamese that hardly any other language has."""

NAMES = re.compile(
    r"Hợp tác xã Chè La Bằng|Tự đến lấy|Gửi bưu kiện"
    r"|La Bằng|Nộn Khê|Quảng Thọ|Yên Từ|Thái Nguyên|Huế|Hà Nội|Nguyễn Thị Hoa|NĐ-CP"
    r"|Phường Văn Miếu - Quốc Tử Giám|12 ngõ Văn Hương, xóm|Chè (?:móc câu|xanh|ngon)"
    r"|, gói 200 g|Quảng Điền|Đà Nẵng|\bđồng\b|\(đ\)|\bsào\b|lạc, đậu phộng|ngô, bắp|đậu phộng$"
)
"""Names of people, places and goods, which English keeps, with what examples tell to type."""

JINJA = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


def templates() -> list[Path]:
    return sorted(path for path in TEMPLATES.rglob("*") if path.suffix in {".html", ".txt"})


@pytest.fixture(scope="module")
def catalogue() -> Catalog:
    return texts.catalogue()


@pytest.fixture(scope="module")
def said() -> set[str]:
    """Every text that code and templates mark."""
    return keys(texts.used())


def keys(of: Catalog) -> set[str]:
    """Return the messages of a catalogue, the singular standing for both."""
    return {m.id if isinstance(m.id, str) else m.id[0] for m in of if m.id}


def forms(of: Message) -> list[str]:
    """Return the English of a message: one text, or those of the singular and the plural."""
    return [of.string] if isinstance(of.string, str) else list(of.string)


def test_every_string_of_the_english_catalogue_is_translated(catalogue: Catalog) -> None:
    assert [message.id for message in texts.untranslated(catalogue)] == []


def test_translations_keep_the_places_of_their_values(catalogue: Catalog) -> None:
    faulty = [message.id for message in catalogue if message.id and list(message.check(catalogue))]

    assert faulty == []


def test_english_examples_write_numbers_as_english_pages_do(catalogue: Catalog) -> None:
    english = [text for message in catalogue if message.id for text in forms(message)]

    assert [text for text in english if FOREIGN_NUMBER.search(text)] == []


def test_english_texts_hold_no_vietnamese_but_names(catalogue: Catalog) -> None:
    english = [text for message in catalogue if message.id for text in forms(message)]

    assert [text for text in english if VIETNAMESE.search(NAMES.sub("", text))] == []


def test_every_text_of_code_and_templates_is_in_the_english_catalogue(
    catalogue: Catalog, said: set[str]
) -> None:
    assert sorted(said - keys(catalogue)) == []


def test_the_english_catalogue_holds_nothing_that_is_no_longer_said(
    catalogue: Catalog, said: set[str]
) -> None:
    assert sorted(keys(catalogue) - said) == []


def test_the_catalogue_compiles_and_speaks_english(catalogue: Catalog) -> None:
    compiled = BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)

    english = Translations(compiled)

    assert english.gettext("Giỏ") == "Cart"
    assert english.ngettext("Còn %(num)s chỗ cần sửa:", "Còn %(num)s chỗ cần sửa:", 2) == (
        "%(num)s places to correct:"
    )


@pytest.mark.parametrize("path", templates(), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_text_of_a_template_escapes_translation(path: Path) -> None:
    source = path.read_text(encoding="utf-8")

    assert [*unmarked_text(source), *unmarked_constants(source)] == []


def code_people_hear() -> list[Path]:
    folders = ("views", "services", "forms")
    return sorted(path for name in folders for path in (ROOT / "shop" / name).rglob("*.py"))


@pytest.mark.parametrize("path", code_people_hear(), ids=lambda path: str(path.relative_to(ROOT)))
def test_no_vietnamese_sentence_of_the_code_escapes_translation(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))

    assert unmarked_literals(tree, sentences_only="forms" in path.parts) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Xin chào</p>",
        '<img alt="Gói chè">',
        '<input placeholder="ví dụ">',
        '{{ link("/", "Xem giỏ") }}',
        "{% set words = ['Hết hàng'] %}",
    ],
)
def test_unmarked_text_is_noticed(source: str) -> None:
    assert [*unmarked_text(source), *unmarked_constants(source)] != []


@pytest.mark.parametrize(
    "source",
    [
        '<p>{{ _("Xin chào") }}</p>',
        "{% trans %}Chào <b>bác</b>{% endtrans %}",
        '<p class="cụm">{{ mass }} kg · Đặc Sản</p>',
        "{# Lời dặn cho người viết #}",
    ],
)
def test_marked_text_is_let_through(source: str) -> None:
    assert [*unmarked_text(source), *unmarked_constants(source)] == []


def test_words_that_a_form_listens_for_are_let_through() -> None:
    tree = ast.parse('UNITS = {"lạng": 100, "mét vuông": 1}\nREFUSAL = "Chưa đọc được giá"')

    assert unmarked_literals(tree, sentences_only=True) == ["line 2: Chưa đọc được giá"]


def test_an_unmarked_literal_of_the_code_is_noticed() -> None:
    tree = ast.parse('def f():\n    """Lời giải thích."""\n    return "Hết hàng", _("Còn hàng")')

    assert unmarked_literals(tree, sentences_only=False) == ["line 3: Hết hàng"]


class Texts(HTMLParser):
    """Collects what people read in the HTML parts of a template."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._unspoken = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._unspoken += tag in {"script", "style", "code"}
        for name, value in attrs:
            if name in READ_BY_PEOPLE:
                self._note(value or "")

    def handle_endtag(self, tag: str) -> None:
        self._unspoken -= tag in {"script", "style", "code"}

    def handle_data(self, data: str) -> None:
        if not self._unspoken:
            self._note(data)

    def _note(self, text: str) -> None:
        said = SAME_EVERYWHERE.sub("", MACHINE_TEXT.sub("", text))
        if any(letter.isalpha() for letter in said):
            self.found.append(" ".join(text.split()))


def unmarked_text(source: str) -> list[str]:
    """Return the texts a reader sees that stand in a template outside of `_()` and `trans`."""
    parser = Texts()
    html = "".join(_raw_parts(source)).replace("<|", "<x").replace("</|", "</x")
    parser.feed(html)
    parser.close()
    return parser.found


def _raw_parts(source: str) -> Iterator[str]:
    """Yield the HTML of a template, without what `trans` holds; values become a stroke."""
    is_translated, block = False, ""
    for _line, kind, text in JINJA.lex(source):
        if kind == "block_begin":
            block = ""
        elif kind == "name" and not block:
            block = text
        elif kind == "block_end" and block in {"trans", "endtrans"}:
            is_translated = block == "trans"
        elif kind == "variable_end" and not is_translated:
            yield "|"
        elif kind == "data" and not is_translated:
            yield text


def unmarked_constants(source: str) -> list[str]:
    """Return the Vietnamese strings inside a template's expressions that no mark surrounds."""
    found: list[str] = []

    def walk(node: nodes.Node) -> None:
        if isinstance(node, nodes.Call) and getattr(node.node, "name", "") in MARKS:
            return
        if isinstance(node, nodes.Const) and _is_vietnamese(node.value):
            found.append(node.value)
        for child in node.iter_child_nodes():
            walk(child)

    walk(JINJA.parse(source))
    return found


def unmarked_literals(tree: ast.Module, *, sentences_only: bool) -> list[str]:
    """Return the Vietnamese strings of a module that are neither marked nor docstrings.

    With `sentences_only`, for modules that read what people typed: single words and units are
    heard there, not said.
    """
    docstrings = set(_docstrings(tree))
    found: list[str] = []

    def walk(node: ast.AST) -> None:
        if id(node) in docstrings or (isinstance(node, ast.Call) and _called(node) in SILENT):
            return
        if isinstance(node, ast.Constant) and _is_vietnamese(node.value):
            words = node.value.split()
            if not sentences_only or (len(words) > 1 and words[0].istitle()):
                found.append(f"line {node.lineno}: {node.value}")
        for child in ast.iter_child_nodes(node):
            walk(child)

    walk(tree)
    return found


def _is_vietnamese(value: object) -> bool:
    return isinstance(value, str) and bool(VIETNAMESE.search(SAME_EVERYWHERE.sub("", value)))


def _docstrings(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            yield id(node)


def _called(call: ast.Call) -> str:
    return getattr(call.func, "id", getattr(call.func, "attr", ""))
