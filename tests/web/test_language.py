"""Every word of the program can be said in another language, Welsh says all of them, and two people keep theirs."""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from flask import Flask

from decisionaid import i18n
from decisionaid.storage.database import Database
from tests.builders import PASSWORD, PIN, Case, a_case
from tests.police import Police
from tests.web.doors import browser, sign_in
from tests.web.sorters import desk_of, root, tablet_of
from tests.web.together_table import both_sign, sit

ROOT = Path(__file__).parent.parent.parent
LETTERS = re.compile(r"[^\W\d_]{2,}")
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%[sd]")
PLURAL = re.compile(r"{% trans (\w+)(?:(?!{% endtrans).)*?{% pluralize (\w*)")
JINJA = {"extensions": "jinja2.ext.i18n,jinja2.ext.do", "trimmed": "true", "silent": "false"}
SPOKEN = ("aria-label", "alt", "title", "placeholder")
"""Attributes that people hear or see."""

TYPED = {"Rowan", "Rowan Ellis", "RE-0522", "Maya", "Maya Osei", "maya", "Robin Pryce", "robin", "Hill Lane"}
TYPED |= {
    "Night line",
    "01632 960117",
    "01632 960140",
    "English",
    "Cymraeg",
    "Sleep through the night",
    "Monday",
    PASSWORD,
    PIN,
}
"""What people wrote, the demonstration's own logins, and the languages, each called by its own name."""

PUBLIC = ["/sign-in", "/away"]
DESK = ["/desk/", "/desk/clients/new", "/desk/plans", "/desk/account", "/desk/account/password"]
ADMIN = ["/admin/", "/admin/people/new", "/admin/clients", "/admin/service", "/admin/service/en/texts"]
ADMIN += ["/admin/service/en/lines", "/admin/service/cards", "/admin/account"]
CLIENT = ["welcome", "say", "card/1", "cards", "order", "own", "words", "words/1", "ask", "goal?open=1", "goal/all"]
CLIENT += ["goal/1", "safe/1", "check", "back", "reading"]
TOGETHER = ["side-by-side", "table", "card/1", "goals", "plan", "choice", "safe", "questions", "dates"]
TOGETHER += ["preview", "break", "desk", "goal/1"]

ENGLISH = {"Next", "Back", "Save", "Stop", "Help", "Skip", "Yes", "Maybe", "Not now", "Finish", "Start", "My answers"}
"""Words of the interface, as a button or a heading might say them."""


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database)


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever language a person has, the program speaks the one in which a marked word wears brackets."""
    speak, speaking = i18n.speak, i18n.speaking
    monkeypatch.setattr(i18n, "speaking", lambda _code: speaking(i18n.PSEUDO))
    monkeypatch.setattr(i18n, "speak", lambda _code: speak(i18n.PSEUDO))


def unmarked(page: BeautifulSoup, written: frozenset[str]) -> list[str]:
    """The words inside <main> that wear no brackets, and that nobody has typed or `written` into a deck."""
    main = page.find("main")
    assert isinstance(main, Tag)
    found, depth = [], 0
    for label in main.select("svg text"):
        # A picture breaks a card's words into lines.
        label.string = " ".join(label.stripped_strings)
    for text in main.find_all(string=True):
        if type(text) is NavigableString and text.parent and text.parent.name not in ("textarea", "script"):
            bare, depth = _outside(str(text), depth)
            found.append(bare)
    for tag in main.find_all(True):
        found += [_outside(str(tag[name]), 0)[0] for name in SPOKEN if tag.has_attr(name)]
    said = {piece for text in found for piece in pieces(text)}
    return sorted(piece for piece in said - TYPED - written if _is_word(piece))


def pieces(text: str) -> list[str]:
    """A text cut at its marks, so that a list of deck words is seen as the words."""
    return [" ".join(piece.split()) for piece in re.split(r"[,.:;·“”]", text)]


def _is_word(text: str) -> bool:
    """Letters alone: what holds a figure is a date, a reference or a first password."""
    return bool(LETTERS.search(text)) and not any(letter.isdigit() for letter in text)


def _outside(text: str, depth: int) -> tuple[str, int]:
    """What stands outside brackets, and how many are open at the end: a sentence may hold links and names."""
    kept = []
    for letter in text:
        depth += (letter == "[") - (letter == "]")
        if depth == 0 and letter != "]":
            kept.append(letter)
    return "".join(kept), depth


@cache
def written() -> frozenset[str]:
    """All the words of the decks, and who wrote what they stand on."""
    decks = [json.loads(path.read_text("utf-8")) for path in (ROOT / "questionnaires").glob("*/*.json")]
    return frozenset(
        piece for deck in decks for text in _texts(deck) for cut in (text, *text.split("999")) for piece in pieces(cut)
    )


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner)


def check(visitor: Police, paths: list[str]) -> None:
    """Each page is there and has no word of its own that is not marked for translation."""
    faults = {}
    for path in paths:
        page = visitor.page(path)
        assert "[" in page.get_text(), f"{path} speaks no pseudo-language"
        if bare := unmarked(page, written()):
            faults[path] = bare
    assert not faults


# Every word is marked


def test_control_a_bare_word_is_found() -> None:
    marked = "<main><h1>[Hélló <b>Rowan</b>, nice]</h1><p>Rowan Ellis<p>12 May[,]"
    assert unmarked(BeautifulSoup(marked, "html.parser"), frozenset()) == []
    bare = "<main><p>[Óne] Next<a aria-label='Further'>[Twó]</a><p>The allotment<textarea>Typed</textarea>"
    assert unmarked(BeautifulSoup(bare, "html.parser"), frozenset({"The allotment"})) == ["Further", "Next"]


def test_before_anybody_is_there(app: Flask, case: Case, pseudo: None) -> None:
    check(browser(app), PUBLIC)


def test_at_the_desk(app: Flask, case: Case, pseudo: None) -> None:
    case.with_open_sorts()
    desk = sign_in(app)
    client, round_ = f"/desk/clients/{case.client_id}", f"/desk/rounds/{case.round_id}"
    check(desk, [*DESK, client, f"{client}/details", f"{round_}/hand-over", f"{round_}/close", f"{root(case)}/card/1"])


def test_at_the_admins(app: Flask, case: Case, pseudo: None) -> None:
    check(sign_in(app, "robin"), [*ADMIN, f"/admin/clients/{case.client_id}"])


def test_in_the_clients_seat(app: Flask, case: Case, pseudo: None) -> None:
    tablet = tablet_of(app, case.with_open_sorts())
    tablet.send("/s/card/1", answer="definitely")
    first = tablet.page("/s/order").select("button[name=add]")[0]
    tablet.send("/s/order", add=first["value"])
    check(tablet, [f"/s/{path}" for path in CLIENT])


def test_together(app: Flask, case: Case, pseudo: None) -> None:
    table = sit(app, case.sorted_by_both())
    check(table, ["/together/"])
    case.confirmed()
    table.send("/together/goals", title="Sleep through the night")
    check(table, [f"/together/{path}" for path in TOGETHER])


# Welsh says all of it


def messages() -> Catalog:
    """All that is marked in the program and its templates."""
    found = Catalog()
    for folder, mapping in (("decisionaid", ("**.py", "python")), ("templates", ("**.html", "jinja2"))):
        options = {mapping[0]: JINJA if mapping[1] == "jinja2" else {}}
        extracted = extract_from_dir(
            ROOT / folder, [mapping], options, keywords=KEYWORDS, comment_tags=(), strip_comment_tags=False
        )
        for _file, _line, message, _comments, context in extracted:
            found.add(message, context=context)
    return found


KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def texts(said: object) -> list[str]:
    """A message or its translation, as one or as each of its plurals."""
    return [said] if isinstance(said, str) else [str(each) for each in said]  # type: ignore[attr-defined]


def placeholders(said: object) -> list[set[str]]:
    return [set(PLACEHOLDER.findall(text)) for text in texts(said)]


def fault(message: Message, welsh: Message | None) -> str:
    """What is not right about a translation, or nothing."""
    if welsh is None or not all(texts(welsh.string)):
        return "is missing"
    if welsh.fuzzy:
        return "is fuzzy"
    needed = set.union(*placeholders(message.id))
    # A plural may say its count as a word ("un cerdyn").
    fewest = len(needed) - (not isinstance(message.id, str))
    if any(not held <= needed or len(held) < fewest for held in placeholders(welsh.string)):
        return f"holds other placeholders than {sorted(needed)}"
    return ""


def test_welsh_is_complete() -> None:
    with (i18n.CATALOGUES / "cy/LC_MESSAGES/messages.po").open("rb") as file:
        welsh = read_po(file, locale="cy")
    all_of_them = [message for message in messages() if message.id]
    assert len(all_of_them) > 500
    faults = [
        f"{message.id!r} {wrong}"
        for message in all_of_them
        if (wrong := fault(message, welsh.get(message.id, message.context)))
    ]
    assert not faults, "\n".join(faults)


def test_control_a_translation_that_lacks_something_is_found() -> None:
    message = Message("%(name)s is here")
    assert fault(message, Message("%(name)s is here", "Mae %(name)s yma")) == ""
    assert fault(message, None) == "is missing"
    assert fault(message, Message("%(name)s is here", "")) == "is missing"
    assert "placeholders" in fault(message, Message("%(name)s is here", "Mae yma"))
    assert "placeholders" in fault(message, Message("%(name)s is here", "Mae %(enw)s yma"))


def test_a_number_chooses_each_plural_of_the_templates() -> None:
    """It is the first variable, or the one named: a person's name there would fail in Welsh, and in Welsh only."""
    found = [
        (path.name, named or first)
        for path in (ROOT / "templates").rglob("*.html")
        for first, named in PLURAL.findall(path.read_text("utf-8"))
    ]
    assert len(found) > 5
    assert [one for one in found if one[1] != "count"] == []


def test_control_a_name_that_would_choose_a_plural_is_found() -> None:
    wrong = "{% trans name=who, count=3 %}{{ name }} moved.{% pluralize %}{{ name }} moved often.{% endtrans %}"
    assert PLURAL.findall(wrong) == [("name", "")]


# Each in their own language


def english_in(page: BeautifulSoup) -> set[str]:
    """Texts of a page that are exactly an English word of the interface."""
    return {" ".join(text.split()) for text in page.find_all(string=True)} & ENGLISH


def language(page: BeautifulSoup) -> str:
    assert page.html is not None
    return str(page.html["lang"])


def test_a_welsh_client_and_an_english_desk_in_one_round(app: Flask, database: Database) -> None:
    case = a_case(database, language="cy").with_open_sorts()
    tablet, desk = tablet_of(app, case), desk_of(app, case, begun=False)
    tablet.send("/s/card/1", answer="definitely")
    for path in ("welcome", "card/1", "cards", "order", "words", "safe/1", "check", "back"):
        page = tablet.page(f"/s/{path}")
        assert (language(page), english_in(page)) == ("cy", set()), path
    seen = set()
    for path in ("/desk/", f"/desk/clients/{case.client_id}", f"{root(case)}/card/1", f"{root(case)}/check"):
        page = desk.page(path)
        assert language(page) == "en", path
        seen |= english_in(page)
    assert seen, "the short list of English words is found on no English page"


def test_the_plan_is_in_the_clients_language(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database, language="cy").sorted_by_both().confirmed())
    table.send("/together/goals", title="Cysgu")
    page = table.page("/together/preview")
    assert (language(page), english_in(page)) == ("cy", set())
    both_sign(table)
