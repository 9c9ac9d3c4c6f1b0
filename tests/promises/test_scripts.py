"""P13: whatever is typed is shown as it was typed, and never becomes part of a page."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from bs4 import Tag
from flask import Flask
from markupsafe import Markup

from decisionaid.storage.database import Database
from decisionaid.storage.models import Signing
from tests.builders import Case, a_case
from tests.police import Police, parsed
from tests.promises.onlookers import addresses, browser, ids_of, sit
from tests.promises.payloads import MARK, PAYLOADS
from tests.web.together_table import write

LIVE = {"href", "src", "action", "formaction", "data", "srcdoc", "content", "style", "http-equiv", "xlink:href"}
SEATS = {
    "client": ["/s/card/1", "/s/words", "/s/words/1", "/s/goal", "/s/ask", "/s/ask/1", "/s/own"],
    "keyworker": ["/desk/clients/new", "/desk/clients/{client_id}/details", "/desk/account"],
    "together": [
        "/together/card/1",
        "/together/card/1/differ",
        "/together/goals",
        "/together/safe",
        "/together/plan/support",
        "/together/choice",
        "/together/dates",
    ],
    "admin": ["/admin/service", "/admin/service/en/texts", "/admin/service/en/lines", "/admin/people/new"],
}


class Live(HTMLParser):
    """Finds what of a page is more than words: tag by tag, as a tree would leave out what stands where it may not."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """A tag that does something is kept as it stands."""
        if is_live(tag, dict(attrs)):
            self.found.append((self.get_starttag_text() or tag)[:120])

    def handle_data(self, data: str) -> None:
        """So are typed words in a script."""
        if self.cdata_elem and MARK in data:
            self.found.append(data[:120])


def faults(html: str) -> list[str]:
    """What of a page has become more than words: scripts, handlers, addresses, names that somebody typed."""
    return Live(html).found


def is_live(tag: str, attributes: dict[str, str | None]) -> bool:
    if "<" in tag or (tag == "script" and not attributes.get("src")):
        return True
    if tag in ("style", "iframe", "object", "embed", "base", "marquee", "template", "math", "audio", "video"):
        return True
    return any(
        name.startswith("on") or MARK in name or (name in LIVE and leads_out(value))
        for name, value in attributes.items()
    )


def leads_out(value: object) -> bool:
    address = urlsplit(str(value))
    if str(value).startswith("/") and not address.netloc:
        return False  # our own: a form that is sent again, to where it was going
    return MARK in str(value) or bool(address.netloc) or address.scheme in ("javascript", "data", "file")


def fill(asker: Police, path: str, typed: str) -> str:
    """Type the same into every field for words of a page, send each form, and return all that was shown."""
    page = parsed(asker.get(path, follow_redirects=True))
    shown = ""
    for form in page.find_all("form", method="post"):
        action = str(form["action"])
        fields: dict[str, str | list[str]] = {
            str(box["name"]): str(box.get("value", "")) for box in form.find_all("input", type="hidden")
        }
        fields["drawn"] = [str(box["value"]) for box in form.select("[name=drawn]")]
        words = [str(box["name"]) for box in form.find_all(["input", "textarea"]) if takes_words(box)]
        if not words:
            continue
        for radio in form.find_all("input", type="radio"):
            fields[str(radio["name"])] = str(radio["value"])
        answer = asker.post(action, data={**fields, **dict.fromkeys(words, typed)})
        assert answer.status_code < 500, action
        shown += answer.text + (asker.get(answer.location, follow_redirects=True).text if answer.location else "")
    return shown + asker.get(path, follow_redirects=True).text


PLAIN = "plain words"
"""What shows which pages show again what is typed there."""


def takes_words(box: Tag) -> bool:
    return box.name == "textarea" or box.get("type", "text") in ("text", "search", "tel")


def case_for(database: Database, seat: str) -> Case:
    case = a_case(database).with_open_sorts()
    return case.sorted_by_both().confirmed() if seat == "together" else case


def typed_literally(html: str, typed: str) -> bool:
    """Whether the words stand on the page just as they were typed, in text or in a field."""
    return str(Markup.escape(typed)) in html


@pytest.mark.in_turn(2)
@pytest.mark.promise("P13")
@pytest.mark.parametrize("seat", SEATS)
def test_whatever_is_typed_is_only_words(app: Flask, database: Database, seat: str) -> None:
    case = case_for(database, seat)
    asker = sit(app, case, seat)
    paths = [path.format(**ids_of(case)) for path in SEATS[seat]]
    echoing = [path for path in paths if typed_literally(fill(asker, path, PLAIN), PLAIN)]
    for number, payload in enumerate(PAYLOADS):
        assert faults(fill(asker, paths[number % len(paths)], payload)) == [], payload
        path = echoing[number % len(echoing)]
        shown = fill(asker, path, payload)
        assert faults(shown) == [], (path, payload)
        assert typed_literally(shown, payload), (path, payload)
    for address in addresses(app, "GET", **ids_of(case)):
        shown = asker.get(address.path).text if address.endpoint.startswith(f"{seat}.") else ""
        assert faults(shown) == [], address.path
    print(f"P13: {len(PAYLOADS)} payloads into {len(paths)} pages of {seat}: 0 run, all shown as typed")


@pytest.mark.promise("P13")
def test_the_text_of_a_plan_holds_every_payload_as_words(app: Flask, database: Database) -> None:
    case = case_for(database, "together")
    table = sit(app, case, "together")
    for start in range(0, len(PAYLOADS), 10):
        write(table, "/together/goals", {"title": "Walk more"}) if start == 0 else None
        words = " | ".join(PAYLOADS[start : start + 5])
        write(table, "/together/plan/support", {"aftercare": words})
        shown = table.get("/together/preview").text
        assert typed_literally(shown, words)
        assert faults(shown) == []
    write(table, "/together/preview", to="/together/freeze")
    with database.reading() as db:
        held = db.query(Signing).one().text
    assert MARK in held
    assert faults(held) == []


@pytest.mark.promise("P13")
def test_form_of_nobodys_shows_nothing_of_what_it_holds(app: Flask) -> None:
    for payload in PAYLOADS:
        somebody = browser(app)
        sent = somebody.post("/sign-in", data={payload: payload}, query_string={"a": payload})
        shown = somebody.led(sent)
        assert shown.status_code == 400
        for text in (sent.text, sent.location or "", shown.text):
            assert MARK not in text, payload


@pytest.mark.promise("P13")
@pytest.mark.parametrize("payload", [p for p in PAYLOADS if p.startswith("<") and "xml" not in p])
def test_the_same_look_notices_a_payload_that_is_not_escaped(payload: str) -> None:
    assert len(PAYLOADS) >= 60
    assert faults(f"<main><p>{payload}</p></main>") != [] or payload.startswith(("<!", "<meta"))
    assert faults(f"<main><p>{Markup.escape(payload)}</p></main>") == []
