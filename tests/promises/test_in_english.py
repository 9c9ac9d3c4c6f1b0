"""Where a deck lacks the client's language, each page and paper says of the English words that they are English."""

import shutil
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from lxml import html

from decisionaid import packaged
from decisionaid.core.in_english import InEnglish
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.storage.decks import Decks, load_decks
from decisionaid.storage.kept_decks import round_deck
from decisionaid.storage.models import AgreedGoal, Service
from decisionaid.web import blank_paper
from tests.builders import DECK, NOW, a_case, a_service
from tests.paper import faults_of_pages
from tests.police import Police, parsed
from tests.promises.decks_changed import Stage, pages_of, program, stages
from tests.promises.onlookers import csrf_of, sit
from tests.turns import share
from tests.web.together_table import write

OF_ITSELF = {"language", "name", "direction", "reviewed"}
WHOLE = 7
"""From so many letters on, a text of a deck is sought within others; a shorter one ("Yes") has to stand alone."""
PLAIN_TEXT = {"title", "textarea", "option", "script", "svg"}
"""Elements that can hold no mark of a language."""


@pytest.fixture(scope="module")
def silent(tmp_path_factory: pytest.TempPathFactory) -> Decks:
    """Our decks, of which the cards and the choices speak no Polish."""
    folder = Path(shutil.copytree(packaged("questionnaires"), tmp_path_factory.mktemp("silent") / "decks"))
    for deck in (DECK.id, "drinking-goal"):
        for file in (folder / deck).glob("pl*.json"):
            file.unlink()
    return load_decks(folder)


@pytest.fixture
def app(database: Database, pdf_pool: PdfPool, silent: Decks) -> Flask:
    return program(database, pdf_pool, silent)


@pytest.fixture
def polish(app: Flask, database: Database, silent: Decks) -> dict[str, Stage]:
    """A client at each stage of a round, each of whom reads Polish."""
    return stages(app, database, round_deck(silent, DECK.id), ("pl",))


def test_every_page_says_which_of_its_words_are_english(
    app: Flask, database: Database, polish: dict[str, Stage], silent: Decks
) -> None:
    known = said_by(silent) - goals(database)
    now = dict(share(polish.items(), 2))
    seen = [(path, page) for path, page in pages(app, now) if page.get("lang") == "pl"]
    faults = [f"{path}: {fault}" for path, page in seen for fault in [*unmarked(page, known), *torn(page)]]
    assert faults == []
    marked = sum(len(page.findall(".//bdi[@lang='en']")) for _path, page in seen)
    assert len(seen) > 20 * len(now) and marked > 250 * len(now)
    print(f"{len(seen)} pages in Polish, {marked} texts marked as English")


def test_control_without_the_mark_most_pages_are_noticed(
    app: Flask, database: Database, silent: Decks, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = stages(app, database, round_deck(silent, DECK.id), ("pl",))
    monkeypatch.delattr(InEnglish, "__html__")
    known = said_by(silent) - goals(database)
    sorting = {"sorting": made["sorting"]}
    assert sum(1 for _path, page in pages(app, sorting) if any(unmarked(page, known))) > 30


def test_a_goal_called_as_a_card_in_english_stands_in_its_box_as_it_would_be_typed(
    app: Flask, database: Database, silent: Decks
) -> None:
    app.test_client_class = Police
    case = replace(a_case(database, language="pl"), deck=round_deck(silent, DECK.id)).sorted_by_both().confirmed()
    table = sit(app, case, "together")
    button = table.page("/together/goals").select_one("button[name=of]")
    assert button is not None
    for title in ("Spacer", "Sen", "Praca"):
        write(table, "/together/goals", {"title": title})
    pressed = {"csrf_token": csrf_of(table, "/together/goals"), "of": str(button["value"])}
    refused = table.press("/together/goals", pressed, status=422)
    box = parsed(refused).select_one("#title")
    assert box is not None and box["value"] == silent.card_words(DECK.id, "en").cards[str(button["value"])].title
    write(table, "/together/goals", {"fourth_goal_reason": "Bo tak"})
    with database.reading() as db:
        assert {type(goal.title) for goal in db.query(AgreedGoal)} == {str}


def test_blank_papers_say_it_too(
    app: Flask, database: Database, silent: Decks, pdf_pool: PdfPool, tmp_path: Path
) -> None:
    a_service(database)
    with app.app_context(), database.reading() as db:
        service = db.query(Service).one()
        papers = blank_paper.blanks(db, service, "pl", easy=False, on=NOW.date())
    known = said_by(silent)
    for paper in papers:
        page = html.document_fromstring(paper.html)
        assert [*unmarked(page, known), *torn(page)] == [], paper.name
        assert page.findall(".//bdi[@lang='en']"), paper.name
        pdf = pdf_pool.pdf(paper.html, language="pl", title=paper.name, style=blank_paper.STYLE)
        assert faults_of_pages(pdf, tmp_path) == [], paper.name


def pages(app: Flask, of: dict[str, Stage]) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page of each seat, at each stage."""
    for name, stage in of.items():
        for seat, cookie in stage.cookies.items():
            browser = app.test_client()
            browser.set_cookie("seat", cookie)
            for path in pages_of(app, stage, seat):
                answer = browser.get(path)
                if answer.status_code == 200 and answer.mimetype == "text/html":
                    yield f"{name}, {seat}: {path}", html.document_fromstring(answer.data)


def said_by(decks: Decks) -> set[str]:
    """Every English text of the cards and the choices."""
    return {folded(text) for deck in (DECK.id, "drinking-goal") for text in texts(decks.words(deck, "en"))}


def goals(database: Database) -> set[str]:
    """What goals are called: a goal that is named after a card is in the language of the plan's writing."""
    with database.reading() as db:
        return {goal.title for goal in db.query(AgreedGoal)}


def texts(held: Any) -> Iterator[str]:
    """Every text in some words."""
    if isinstance(held, str):
        yield held
    elif is_dataclass(held):
        for field in fields(held):
            yield from texts(getattr(held, field.name)) if field.name not in OF_ITSELF else ()
    elif isinstance(held, dict | tuple):
        for inner in held.values() if isinstance(held, dict) else held:
            yield from texts(inner)


def unmarked(page: html.HtmlElement, known: set[str]) -> Iterator[str]:
    """The texts of a page that hold English words of a deck and do not say so."""
    long = [text for text in known if len(text) >= WHOLE]
    for element in page.iter(html.etree.Element):
        if tongue(element) == "en":
            continue
        for text in map(folded, (element.text or "", *(inner.tail or "" for inner in element))):
            if text and (text in known or any(each in text for each in long)):
                yield f"<{element.tag}> {text}"


def torn(page: html.HtmlElement) -> Iterator[str]:
    """Marks of a language where only text can stand."""
    for element in page.iter(html.etree.Element):
        for name, value in element.attrib.items():
            if "<bdi" in f"{name} {value}":
                yield f"<{element.tag} {name}> {value}"
        if element.tag in PLAIN_TEXT and ("<bdi" in (element.text or "") or element.find(".//bdi") is not None):
            yield f"<{element.tag}> {element.text_content()}"


def tongue(element: html.HtmlElement) -> str | None:
    """The language of the texts right in this element."""
    return next((each.get("lang") for each in (element, *element.iterancestors()) if each.get("lang")), None)


def folded(text: str) -> str:
    return " ".join(text.split())
