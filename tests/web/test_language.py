"""Every word of the program can be said in another language, each says what it promises, and two people keep theirs."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from zoneinfo import available_timezones

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString
from flask import Flask

from decisionaid import i18n, translating
from decisionaid.storage.database import Database
from tests.builders import PASSWORD, PIN, Case, a_case
from tests.police import Police
from tests.web.doors import browser, sign_in
from tests.web.pairs import agree, code_on, own_device, show_code, type_code
from tests.web.sorters import desk_of, root, tablet_of
from tests.web.together_table import both_sign, sit

ROOT = Path(__file__).parent.parent.parent
LETTERS = re.compile(r"[^\W\d_]{2,}")
PLURAL = re.compile(r"{% trans (\w+)(?:(?!{% endtrans).)*?{% pluralize (\w*)")
SPOKEN = ("aria-label", "alt", "title", "placeholder")
"""Attributes that people hear or see."""

NO_WORDS = ("textarea", "script", "code")
"""What is typed, run, or drawn by lot, as a first password is."""

CLOCK = datetime(2027, 3, 10, 10, tzinfo=UTC)
"""The time in every test here. All dates on these pages are whole weeks away, so they name the same weekday."""

TYPED = {"Rowan", "Rowan Ellis", "RE-0522", "Maya", "Maya Osei", "maya", "Robin Pryce", "robin", "Hill Lane"}
TYPED |= {
    "Night line",
    "01632 960117",
    "01632 960140",
    "Sleep through the night",
    f"{CLOCK:%A}",
    PASSWORD,
    PIN,
    *(spoken.name for spoken in i18n.LANGUAGES.values()),
    *(zone.replace("_", " ") for zone in available_timezones()),
}
"""What people wrote, the demonstration's own logins, the languages, each called by its own name, and the time zones."""

PUBLIC = ["/sign-in", "/away", "/join"]
DESK = ["/desk/", "/desk/clients/new", "/desk/plans", "/desk/account", "/desk/account/password"]
ADMIN = ["/admin/", "/admin/people/new", "/admin/clients", "/admin/service", "/admin/service/en/texts"]
ADMIN += ["/admin/service/en/lines", "/admin/service/cards", "/admin/account"]
CLIENT = ["welcome", "say", "card/1", "cards", "order", "own", "words", "words/1", "ask", "goal?open=1", "goal/all"]
CLIENT += ["goal/1", "safe/1", "check", "back", "reading"]
TOGETHER = ["side-by-side", "table", "card/1", "goals", "plan", "choice", "safe", "questions", "dates"]
TOGETHER += ["preview", "break", "desk", "goal/1"]

ENGLISH = {"Next", "Back", "Save", "Stop", "Help", "Skip", "Yes", "Maybe", "Not now", "Finish", "Start", "My answers"}
"""Words of the interface, as a button or a heading might say them."""


OTHERS = [code for code in i18n.LANGUAGES if code != i18n.SOURCE]


@pytest.fixture(autouse=True)
def _one_clock() -> Iterator[None]:
    with time_machine.travel(CLOCK, tick=True):
        yield


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
        if type(text) is NavigableString and text.parent and text.parent.name not in NO_WORDS:
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
    """Letters alone: what holds a figure is a date or a reference."""
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
    check(desk, [own_device(case)])


def test_on_the_way_to_an_own_device(app: Flask, case: Case, pseudo: None, monkeypatch: pytest.MonkeyPatch) -> None:
    desk, phone = sign_in(app), browser(app)
    show_code(desk, case.with_round())
    shown = {code_on(desk, case), *pieces("http://localhost/join")}
    monkeypatch.setattr(f"{__name__}.TYPED", TYPED | shown)
    check(desk, [own_device(case)])
    type_code(phone, desk, case)
    check(desk, [own_device(case)])
    check(phone, ["/join/words"])
    agree(desk, case)
    check(desk, [own_device(case)])
    check(phone, ["/join/words"])


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


# Each language says all that it promises


@pytest.mark.parametrize("language", i18n.LANGUAGES.values(), ids=list(i18n.LANGUAGES))
def test_a_language_says_all_that_its_record_promises(language: i18n.Language) -> None:
    lacks = translating.report(language, i18n.CATALOGUES, ROOT / "questionnaires")
    assert (lacks.missing, lacks.stale) == ((), ())


def test_all_is_more_than_what_a_client_sees() -> None:
    assert len(translating.messages(desk=False)) > 500
    assert len(translating.messages()) > len(translating.messages(desk=False)) + 100


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


@pytest.mark.parametrize("spoken", OTHERS)
def test_a_client_and_an_english_desk_in_one_round(app: Flask, database: Database, spoken: str) -> None:
    case = a_case(database, language=spoken).with_open_sorts()
    tablet, desk = tablet_of(app, case), desk_of(app, case, begun=False)
    tablet.send("/s/card/1", answer="definitely")
    for path in ("welcome", "card/1", "cards", "order", "words", "safe/1", "check", "back"):
        page = tablet.page(f"/s/{path}")
        assert (language(page), english_in(page)) == (spoken, set()), path
    seen = set()
    for path in ("/desk/", f"/desk/clients/{case.client_id}", f"{root(case)}/card/1", f"{root(case)}/check"):
        page = desk.page(path)
        assert language(page) == "en", path
        seen |= english_in(page)
    assert seen, "the short list of English words is found on no English page"


@pytest.mark.parametrize("spoken", OTHERS)
def test_the_plan_is_in_the_clients_language(app: Flask, database: Database, spoken: str) -> None:
    table = sit(app, a_case(database, language=spoken).sorted_by_both().confirmed())
    table.send("/together/goals", title="Cysgu")
    page = table.page("/together/preview")
    assert (language(page), english_in(page)) == (spoken, set())
    both_sign(table)
