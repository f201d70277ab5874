"""A person without script: opens pages, reads them, fills in forms that are really there.

Every page opened must be well-formed HTML and bear no id twice: each test of a view shows it.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urldefrag, urlencode, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
import requests
from flask.testing import FlaskClient
from html5lib.constants import E as PARSE_ERRORS


@dataclass(frozen=True)
class Upload:
    """A file that is chosen in a form."""

    content: bytes
    name: str


Values = Mapping[str, str | list[str] | Upload]
UNSPOKEN = {"script", "style", "template", "title"}
BLOCKS = {"address", "article", "br", "dd", "div", "dt", "figure", "footer", "form", "h1", "h2"}
BLOCKS |= {"h3", "header", "label", "legend", "li", "main", "nav", "option", "p", "section", "td"}
BLOCKS |= {"th", "tr"}


@dataclass(frozen=True)
class Answer:
    """What came back, after redirections."""

    status: int
    path: str
    """Path and query of the page that was reached."""
    headers: Mapping[str, str]
    body: str


Fetch = Callable[[str, str, Values | None], Answer]
"""Takes method, path and form values."""


def faults(body: str) -> list[str]:
    """Return what is wrong with an HTML document, by line."""
    parser = html5lib.HTMLParser(namespaceHTMLElements=False)
    root = parser.parse(body)
    found = [
        f"line {(position or (0, 0))[0]}: {PARSE_ERRORS[code] % values}"
        for position, code, values in parser.errors
    ]
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    found += [f"id {name} stands there {times} times" for name, times in ids.items() if times > 1]
    labelled = [element.get("for") for element in root.iter("label") if element.get("for")]
    return found + [
        f"a label for {name}, which is missing" for name in labelled if name not in ids
    ]


class Visitor:
    """Somebody with a browser of their own, in this process or over the network."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    @classmethod
    def of(cls, client: FlaskClient) -> "Visitor":
        """Return a visitor whose pages come from `client`."""

        def fetch(method: str, path: str, values: Values | None) -> Answer:
            sent = {
                name: (BytesIO(value.content), value.name) if isinstance(value, Upload) else value
                for name, value in (values or {}).items()
            }
            came = client.open(path, method=method, data=sent, follow_redirects=True)
            for one in (*came.history, came):
                one.request.environ["wsgi.input"].close()  # a large form lies in a file
            query = came.request.query_string.decode()
            reached = came.request.path + (f"?{query}" if query else "")
            return Answer(came.status_code, reached, came.headers, came.get_data(as_text=True))

        return cls(fetch)

    @classmethod
    def at(cls, base_url: str) -> "Visitor":
        """Return a visitor whose pages come from the server at `base_url`."""
        connection = requests.Session()

        def fetch(method: str, path: str, values: Values | None) -> Answer:
            given = values or {}
            files = {
                name: (value.name, value.content)
                for name, value in given.items()
                if isinstance(value, Upload)
            }
            data = {name: value for name, value in given.items() if name not in files}
            address = urljoin(base_url, path)
            came = connection.request(method, address, data=data, files=files or None, timeout=60)
            parts = urlsplit(came.url)
            reached = parts.path + (f"?{parts.query}" if parts.query else "")
            return Answer(came.status_code, reached, came.headers, came.text)

        return cls(fetch)

    def open(self, path: str, *, status: int = 200) -> "Page":
        """Return the page at `path`, which must answer with `status`."""
        return Page(self._fetch, self._fetch("GET", path, None), status)

    def post(self, path: str, values: Values) -> Answer:
        """Send a form that stands on a page which is the same for everybody."""
        return self._fetch("POST", path, values)


class Page:
    """An HTML page that was reached."""

    def __init__(self, fetch: Fetch, answer: Answer, status: int) -> None:
        said = f"{answer.path} answered {answer.status}, not {status}"
        assert answer.status == status, f"{said}\n{answer.body[:2000]}"
        assert faults(answer.body) == [], answer.path
        self._fetch, self.path, self.headers = fetch, answer.path, answer.headers
        self.body = answer.body
        self.root: Element = html5lib.parse(answer.body, namespaceHTMLElements=False)

    @property
    def text(self) -> str:
        """Return what a person reads, spaces put together."""
        return " ".join("".join(_spoken(self.root)).split())

    @property
    def heading(self) -> str:
        """Return the text of the first-level heading."""
        return " ".join("".join(_spoken(next(self.root.iter("h1")))).split())

    def links(self) -> dict[str, str]:
        """Return the address behind each link's words."""
        return {
            " ".join("".join(_spoken(link)).split()): link.get("href", "")
            for link in self.root.iter("a")
        }

    def follow(self, words: str) -> "Page":
        """Open the link that holds `words`."""
        found = [address for said, address in self.links().items() if words in said]
        assert found, f"no link says {words!r}, but {sorted(self.links())}"
        return Page(self._fetch, self._fetch("GET", urljoin(self.path, found[0]), None), 200)

    def submit(
        self,
        values: Values | None = None,
        *,
        form: str = "",
        press: str = "",
        status: int = 200,
    ) -> "Page":
        """Fill in the form whose action holds `form`, press the button that says `press`.

        Fields keep what the page put into them; a value for a field that is not there is an
        error, as nobody could type it.
        """
        return Page(self._fetch, self.send(values, form=form, press=press), status)

    def fields(self, *, form: str = "", press: str = "") -> dict[str, str | list[str]]:
        """Return what stands in the fields of a form."""
        return filled(self._form(form, {}, press))

    def upload(
        self, name: str, content: bytes, file_name: str, *, form: str, press: str
    ) -> "Page":
        """Choose a file, press the button, and return the page whatever its status is."""
        answer = self.send({name: Upload(content, file_name)}, form=form, press=press)
        return Page(self._fetch, answer, answer.status)

    def send(self, values: Values | None = None, *, form: str = "", press: str = "") -> Answer:
        """Do what `submit` does and return whatever is answered; a page can be sent again."""
        values = values or {}
        chosen = self._form(form, values, press)
        sent: dict[str, str | list[str] | Upload] = {**filled(chosen)}
        for name, value in _pressed(chosen, press).items():
            # the buttons of ours that bear the name of a field stand before it
            sent[name] = [value, *_listed(filled(chosen).get(name, []))]
        sent |= values
        own = _button(chosen, press)
        leads = own.get("formaction") if own is not None else None
        action = urljoin(self.path, leads or chosen.get("action") or self.path)
        method = (chosen.get("method") or "get").upper()
        if method == "GET":
            above = urldefrag(action).url.split("?")[0]
            address = f"{above}?{urlencode(sent, doseq=True)}"
            return self._fetch("GET", address, None)
        return self._fetch("POST", action, sent)

    def _form(self, action: str, values: Values, press: str) -> Element:
        for form in self.root.iter("form"):
            names = {field.get("name") for field in _fields(form)}
            says = [" ".join("".join(_spoken(button)).split()) for button in form.iter("button")]
            if (
                action in (form.get("action") or self.path)
                and names.issuperset(values)
                and any(press in words for words in says)
            ):
                return form
        forms = [
            (form.get("action"), [field.get("name") for field in _fields(form)])
            for form in self.root.iter("form")
        ]
        raise AssertionError(f"no form for {action!r} {sorted(values)} {press!r} among {forms}")


def _fields(form: Element) -> Iterable[Element]:
    return (e for e in form.iter() if e.tag in {"input", "select", "textarea", "button"})


def filled(form: Element) -> dict[str, str | list[str]]:
    """Return the values a browser would send for a form that nobody touched."""
    found: dict[str, str | list[str]] = {}
    for field in _fields(form):
        name, kind = field.get("name"), field.get("type", "text")
        if not name or field.get("disabled") is not None or field.tag == "button":
            continue
        if field.tag == "select":
            options = list(field.iter("option"))
            picked = [o for o in options if o.get("selected") is not None] or options[:1]
            if picked:
                found[name] = picked[0].get("value", picked[0].text or "")
        elif field.tag == "textarea":
            found[name] = field.text or ""
        elif kind in {"checkbox", "radio"}:
            if field.get("checked") is not None:
                before = found.get(name, [])
                found[name] = [*before, field.get("value", "on")]
        elif kind not in {"submit", "file", "image", "button"}:
            value, before = field.get("value", ""), found.get(name)
            # a form that is sent again may hold a name twice, and a browser sends both in order
            found[name] = value if before is None else [*_listed(before), value]
    return found


def _listed(value: str | list[str]) -> list[str]:
    return [value] if isinstance(value, str) else value


def _pressed(form: Element, press: str) -> dict[str, str]:
    button = _button(form, press)
    return {} if button is None else {button.get("name", ""): button.get("value", "")}


def _button(form: Element, press: str) -> Element | None:
    """Return the button with a name that is pressed; the first of all where no words say which."""
    for button in form.iter("button"):
        if press in " ".join("".join(_spoken(button)).split()) and button.get("name"):
            return button
        if not press:
            break
    return None


def _spoken(element: Element) -> Iterable[str]:
    if element.tag in UNSPOKEN or not isinstance(element.tag, str):
        return
    yield " " if element.tag in BLOCKS else ""
    yield element.text or ""
    for child in element:
        yield from _spoken(child)
        yield child.tail or ""
    yield " " if element.tag in BLOCKS else ""
