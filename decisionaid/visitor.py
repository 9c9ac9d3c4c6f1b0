"""A visitor without script: fetches pages over real HTTP, keeps cookies itself, fills in forms and sends them.

`decisionaid check` walks a round with two of them, as a browser with scripts off would.
"""

from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from http.client import HTTPConnection
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit


class WentAstray(Exception):
    """A page was not what the visitor came for; the text says which, and what was there instead."""


@dataclass
class Form:
    """A form as it stands on a page: where it goes, and what it would send untouched."""

    action: str
    method: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)
    ways: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """Where its buttons send it in place of that, each with what the button adds."""

    def names(self) -> set[str]:
        """Every name that this form can send."""
        return {name for name, _ in self.fields + self.buttons}


class _FormReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.text: list[str] = []
        self.links: list[str] = []
        self._form: Form | None = None
        self._area: str | None = None
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "a" and given.get("href"):
            self.links.append(given["href"])
        if tag == "form":
            self._form = Form(given.get("action", ""), given.get("method", "get").lower())
            self.forms.append(self._form)
        elif self._form is not None and tag == "button" and given.get("formaction"):
            own = [(given["name"], given.get("value", ""))] if given.get("name") else []
            self._form.ways.setdefault(given["formaction"], own)
        elif self._form is not None and given.get("name"):
            self._field(tag, given, {name for name, _ in attrs})
        if tag == "option" and self._form is not None and self._select and "selected" in {n for n, _ in attrs}:
            self._form.fields.append((self._select, given.get("value", "")))

    def _field(self, tag: str, given: dict[str, str], flags: set[str]) -> None:
        form, name, kind = self._form, given["name"], given.get("type", "text")
        assert form is not None  # noqa: S101 - the caller has looked
        if tag == "button" or (tag == "input" and kind == "submit"):
            form.buttons.append((name, given.get("value", "")))
        elif tag == "input" and (kind not in ("radio", "checkbox") or "checked" in flags):
            form.fields.append((name, given.get("value", "")))
        elif tag == "input":
            form.buttons.append((name, given.get("value", "")))
        elif tag == "textarea":
            self._area = name
            form.fields.append((name, ""))
        elif tag == "select":
            self._select = name

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "textarea":
            self._area = None
        elif tag == "select":
            self._select = None

    def handle_data(self, data: str) -> None:
        self.text.append(data)
        if self._area and self._form is not None:
            name, value = self._form.fields.pop()
            self._form.fields.append((name, value + data))


@dataclass(frozen=True)
class Page:
    """What came back: where the visitor ended up, and what stands there."""

    path: str
    status: int
    body: bytes
    kind: str

    @property
    def words(self) -> str:
        """The text of the page, spaces folded."""
        return " ".join(" ".join(self._read().text).split())

    @property
    def forms(self) -> list[Form]:
        return self._read().forms

    @property
    def links(self) -> list[str]:
        """Where the links of the page lead."""
        return self._read().links

    @property
    def is_refusal(self) -> bool:
        """Whether it shows a form that was not taken: a field to put right, or a newer text of someone else's."""
        return b"data-error-summary" in self.body or b"data-changed" in self.body

    def form(self, action: str) -> Form:
        """The form that goes to `action`, itself or by one of its buttons. Raises WentAstray if the page has none."""
        for form in self.forms:
            if urlsplit(form.action).path == action:
                return form
            if action in form.ways:
                return replace(form, action=action, fields=form.fields + form.ways[action])
        raise WentAstray(f"{self.path} has no form to {action}: {self.words[:300]}")

    def _read(self) -> _FormReader:
        reader = _FormReader()
        reader.feed(self.body.decode(errors="replace") if self.kind.startswith("text/html") else "")
        return reader


class Visitor:
    """One browser with its own cookies, at `address` ("127.0.0.1:8123")."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies: dict[str, str] = {}
        self.page = Page("", 0, b"", "")

    def go(self, path: str) -> Page:
        """Fetch a page and follow where it sends."""
        return self._arrive(*self._ask("GET", path, None))

    def send(self, action: str, **values: str) -> Page:
        """Send the form of this page that goes to `action`, with these values in place of what stands there.

        Raises:
            WentAstray: there is no such form or field, or the press was refused.
        """
        form = self.page.form(action)
        unknown = set(values) - form.names()
        if unknown:
            raise WentAstray(
                f"the form to {action} on {self.page.path} has no {', '.join(sorted(unknown))}: {sorted(form.names())}"
            )
        sent = [(name, value) for name, value in form.fields if name not in values] + list(values.items())
        page = self._arrive(*self._ask("POST", form.action, urlencode(sent)))
        if page.is_refusal:
            raise WentAstray(f"{action} was refused: {page.words[:300]}")
        return page

    def _arrive(self, path: str, status: int, body: bytes, kind: str) -> Page:
        self.page = Page(path, status, body, kind)
        if status >= 400:
            raise WentAstray(f"{path} answered {status}: {self.page.words[:300]}")
        return self.page

    def _ask(self, method: str, path: str, form: str | None, hops: int = 5) -> tuple[str, int, bytes, str]:
        connection = HTTPConnection(self.address, timeout=60)
        sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if form is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request(method, path, form, sent)
        response = connection.getresponse()
        body = response.read()
        self._keep_cookies(response.headers.get_all("Set-Cookie") or [])
        connection.close()
        if response.status == 303 and hops:
            return self._ask("GET", urljoin(path, response.headers["Location"]), None, hops - 1)
        return path, response.status, body, response.headers.get("Content-Type", "")

    def _keep_cookies(self, lines: list[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value
                if not morsel.value:
                    self.cookies.pop(name)
