"""Paper for the day when the tablet fails: in each language every page is whole, reads out right, tells nothing by its
name, and never comes without the red card and the service's crisis lines."""

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from flask import Flask

from decisionaid import cli, create_app
from decisionaid.casework import people
from decisionaid.core.plan import FIELDS
from decisionaid.i18n import LANGUAGES
from decisionaid.printing import PdfPool
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.decks import CARD_DECK, Decks
from decisionaid.storage.models import Nation, Service, Staff
from decisionaid.web import blank_paper
from decisionaid.web.blank_paper import Blank, NoCrisisLines, NoEasyWords
from tests.builders import DECK, DECKS, a_case, a_service
from tests.own_decks import OWN, add_own, with_own
from tests.paper import Word, collisions, fact, faults_of_fonts, faults_of_pages, text_of, tokens, tool, words_of
from tests.promises import telling
from tests.web.doors import sign_in

ON = date(2026, 11, 23)
KINDS = [(language, easy) for language in LANGUAGES for easy in (False, True)]
KINDS = [(language, easy) for language, easy in KINDS if not easy or DECKS.easy_words(DECK.id, language)]


@dataclass(frozen=True)
class Paper:
    """One paper, printed."""

    name: str
    html: str
    language: str
    pdf: bytes


def rendered(app: Flask, language: str, *, easy: bool = False) -> tuple[Blank, Blank]:
    """The pages, for a service that has added every spare card and written every sentence that it can."""
    with app.app_context(), app.extensions["database"].writing() as db:
        service = db.query(Service).first()
        if service:
            service.spare_cards = tuple(card.id for card in DECK.spares)
        return blank_paper.blanks(db, service, language, easy=easy, on=ON)


@pytest.fixture(scope="module")
def all_papers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[tuple[str, bool], list[Paper]]]:
    """The cards and the plan in each language, in usual and in easy words, printed once for all tests."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('blank') / 'blank.db'}")
    schema.upgrade(database)
    a_service(database)
    pool = PdfPool(processes=1)
    app = create_app(DATABASE=database, PDF_POOL=pool, DECKS=DECKS, TESTING=True)
    found = {}
    for language, easy in KINDS:
        cards, plan = rendered(app, language, easy=easy)
        pages = (cards,) if easy else (cards, plan)  # the plan has no easy words of its own
        found[language, easy] = [printed(pool, page, language) for page in pages]
    yield found
    pool.close()
    database.close()


def printed(pool: PdfPool, blank: Blank, language: str) -> Paper:
    return Paper(
        blank.name, blank.html, language, pool.pdf(blank.html, language=language, title=blank.name, style="blank")
    )


@pytest.fixture(params=KINDS, ids=[f"{language}{'-easy' * easy}" for language, easy in KINDS])
def papers(all_papers: dict[tuple[str, bool], list[Paper]], request: pytest.FixtureRequest) -> list[Paper]:
    """The two of each kind."""
    return all_papers[request.param]


@pytest.mark.in_turn(3)
def test_every_paper_is_whole_tagged_and_says_what_it_should(papers: list[Paper], tmp_path: Path) -> None:
    for paper in papers:
        assert faults_of_pages(paper.pdf, tmp_path) == [], paper.name
        seen = words_of(paper.pdf)
        assert collisions(seen) == [], paper.name
        wanted = set(text_of(paper.html, "caption, svg, title"))
        lost = wanted - set(tokens(" ".join(word.text for word in seen)))
        assert {word for word in lost if not hyphenated(word, seen)} == set(), paper.name
        assert faults_of_fonts(paper.pdf) == []
        assert (fact(paper.pdf, "Tagged"), fact(paper.pdf, "JavaScript")) == ("yes", "no")
        with pikepdf.open(io.BytesIO(paper.pdf)) as file, file.open_metadata() as about:
            assert str(file.Root.Lang) == paper.language
            assert (about["pdfaid:part"], about["pdfuaid:part"]) == ("3", "1")


def hyphenated(word: str, seen: list[Word]) -> bool:
    """Whether a word of a narrow column stands over two lines."""
    return any(word.startswith(each.text[:-1]) for each in seen if each.text.endswith("-") and len(each.text) > 2)


@pytest.mark.in_turn(3)
def test_six_cards_stand_on_a_page_and_each_once(papers: list[Paper]) -> None:
    cards = papers[0]
    words = DECKS.card_words(DECK.id, cards.language, easy=cards.name.endswith("-easy")).cards
    every = [card.id for card in (*DECK.cards, *DECK.spares)]
    assert cards.html.count('<section class="cut">') == len(every) + 3
    pages = [" ".join(page.split()) for page in tool("pdftotext", cards.pdf, "-layout", "-", "-").split("\f")]
    for number, card in enumerate(every):
        assert set(tokens(words[card].title)) <= set(tokens(pages[2 + number // 6])), f"{card} is not on its page"


@pytest.mark.in_turn(3)
def test_the_red_cards_stand_on_every_paper_and_on_the_cards_they_belong_to(papers: list[Paper]) -> None:
    red_cards = DECKS.safety_words("safety-check", papers[0].language).red_cards
    for paper in papers:
        said = tokens(tool("pdftotext", paper.pdf, "-raw", "-", "-"))
        on_cards = paper.name.startswith("cards")
        for danger, red in red_cards.items():
            assert times(tokens(f"{red.title} {red.lead}"), said) == (2 if on_cards else 1)
            assert times(tokens(red.emergency), said) >= len(red_cards)
            # In short words too: on each card it belongs to and after the questions; on the plan beside the choices.
            belongs = sum(card.warns == danger for card in (*DECK.cards, *DECK.spares))
            wanted = belongs + 1 if on_cards else danger == "drinking"
            assert times(tokens(f"{red.title} {red.emergency}"), said) == wanted


def times(part: list[str], whole: list[str]) -> int:
    """How often these words stand one after the other."""
    return sum(whole[start : start + len(part)] == part for start in range(len(whole)))


def test_crisis_lines_stand_on_both_and_the_sentences_of_the_service_on_the_plan(
    app: Flask, database: Database
) -> None:
    a_service(database)
    with database.writing() as db:
        service, admin = db.query(Service).one(), db.query(Staff).filter_by(login="robin").one()
        people.set_texts(
            db, service, "en", {"missed_meeting": "We ring you the same day."}, actor=admin, now=service.created_at
        )
    cards, plan = rendered(app, "en")
    assert all("01632 960117" in paper.html for paper in (cards, plan))
    assert "We ring you the same day." in plan.html
    assert "missed_meeting" in {field.name for field in FIELDS}


def test_each_source_says_if_its_date_is_when_it_was_read(app: Flask, database: Database) -> None:
    a_service(database)
    for language, read in (("en", "read in November 2026"), ("pl", "data odczytu: listopad 2026")):
        text = " ".join(BeautifulSoup(rendered(app, language)[1].html, "html.parser").get_text(" ").split())
        for source in (*DECKS.safety("safety-check").sources, *DECKS.options("drinking-goal").sources):
            after = text.partition(source.citation)[2][:40]
            assert (read in after) == (source.dated == "read"), (source.id, after)
            assert source.date not in after or len(source.date) == len("2026"), (source.id, after)


@pytest.mark.parametrize("nation", Nation)
def test_both_papers_carry_the_numbers_of_the_services_nation(app: Flask, database: Database, nation: Nation) -> None:
    a_service(database)
    with database.writing() as db:
        db.query(Service).one().nation = nation
    said = {
        Nation.ENGLAND: "choose the mental health option",
        Nation.WALES: "press 2",
        Nation.SCOTLAND: "Mental Health Hub",
        Nation.NORTHERN_IRELAND: "0808 808 8000",
    }
    for paper in rendered(app, "en"):
        assert [known for known, words in said.items() if words in paper.html] == [nation], paper.name


def test_the_answer_sheet_asks_every_safety_question_and_says_which_two_come_first(
    app: Flask, database: Database
) -> None:
    a_service(database)
    check = DECKS.safety("safety-check")
    for language in LANGUAGES:
        asked = DECKS.safety_words(check.id, language).questions
        page = BeautifulSoup(rendered(app, language)[0].html, "html.parser")
        questions = page.select(".question")
        assert [question.h3.get_text() for question in questions if question.h3] == [
            asked[question.id].text for question in check.questions
        ]
        for question, shown in zip(check.questions, questions, strict=True):
            said = [tick.get_text() for tick in shown.select(".plan-tick")]
            assert said == [asked[question.id].answers[answer.id] for answer in question.answers]
        rest = page.select_one(".questions-rest")
        assert rest is not None
        assert rest.find_next_siblings(class_="question") == questions[len(check.gates) :]


@pytest.mark.parametrize("begun", [False, True])
def test_nothing_prints_without_crisis_lines(app: Flask, database: Database, begun: bool) -> None:
    if begun:
        a_service(database)
        with database.writing() as db:
            service, admin = db.query(Service).one(), db.query(Staff).filter_by(login="robin").one()
            people.set_crisis_lines(db, service, "en", [], actor=admin, now=service.created_at)
    with pytest.raises(NoCrisisLines):
        rendered(app, "en")


def test_a_deck_without_easy_words_says_so(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    a_service(database)
    monkeypatch.setattr(Decks, "easy_words", lambda *_: None)
    with pytest.raises(NoEasyWords):
        rendered(app, "en", easy=True)


def about(pdf: bytes) -> str:
    """What a file says of itself beside its pages."""
    with pikepdf.open(io.BytesIO(pdf)) as file:
        return str(dict(file.docinfo.items())) + file.Root.Metadata.read_bytes().decode()


@pytest.mark.in_turn(3)
@pytest.mark.promise("P08")
def test_names_and_properties_of_the_files_tell_nothing(papers: list[Paper]) -> None:
    for paper in papers:
        assert telling.told(f"{paper.name} {about(paper.pdf)}", telling.every_word()) == []
        title = re.search("<title>(.*?)</title>", paper.html)
        assert title
        assert telling.told(title[1], telling.every_word()) == []
    assert telling.told(about(papers[0].pdf), ["cards"]), "control: what the file says of itself was not read"


def test_the_desk_prints_them(app: Flask, database: Database) -> None:
    a_case(database)
    answer = sign_in(app).get("/desk/blank/pl/plan-pl.pdf")
    assert answer.mimetype == "application/pdf"
    assert "Mój plan" in tool("pdftotext", answer.data, "-", "-")
    assert fact(answer.data, "Tagged") == "yes"


def test_the_command_writes_both_or_says_how_to_add_crisis_lines(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INSTANCE", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    refused = CliRunner().invoke(cli.main, ["paper", str(tmp_path / "out")])
    assert refused.exit_code == 1
    assert "add them under" in refused.output
    assert "Crisis lines" in refused.output
    assert not (tmp_path / "out").exists()
    made = Database(f"sqlite:///{tmp_path / 'decisionaid.db'}")
    a_case(made)
    made.close()
    written = CliRunner().invoke(cli.main, ["paper", str(tmp_path / "out"), "--language", "cy", "--easy"])
    assert written.exit_code == 0, written.output
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"cards-cy-easy.pdf", "plan-cy.pdf"}
    assert all(path.read_bytes().startswith(b"%PDF-") for path in (tmp_path / "out").iterdir())


def test_the_command_writes_the_cards_of_every_deck_that_has_such_words(
    app: Flask, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_service(database)
    monkeypatch.setitem(app.extensions, "decks", with_own(tmp_path))
    monkeypatch.setitem(app.extensions, "pdf", Unprinted())
    names = {easy: set(blank_paper.printed(app, "en", easy=easy)) for easy in (False, True)}
    assert names == {
        False: {"cards-en.pdf", "cards-en-2.pdf", "plan-en.pdf"},
        True: {"cards-en-easy.pdf", "plan-en.pdf"},
    }


def test_the_command_knows_the_decks_of_the_instance_folder(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known: list[tuple[str, ...]] = []

    def printed(app: Flask, *_: object, **_more: object) -> dict[str, bytes]:
        known.append(app.extensions["decks"].card_decks)
        return {}

    monkeypatch.setenv("INSTANCE", str(tmp_path))
    monkeypatch.setattr(blank_paper, "printed", printed)
    add_own(tmp_path / "questionnaires")
    written = CliRunner().invoke(cli.main, ["paper", str(tmp_path / "out")])
    assert (written.exit_code, known) == (0, [(CARD_DECK, OWN)]), written.output


class Unprinted:
    """A printer that sets nothing in type."""

    def pdf(self, html: str, **_: object) -> bytes:
        return html.encode()


def test_control_a_hyphen_that_our_letters_lack_and_a_red_card_in_parts_are_noticed(pdf_pool: PdfPool) -> None:
    narrow = "hyphens: auto; width: 3em; font-family: 'Atkinson Hyperlegible Next'"
    page = f'<!doctype html><html lang="en"><title>-</title><h1>-</h1><p style="{narrow}">understand</p></html>'
    with pikepdf.open(io.BytesIO(pdf_pool.pdf(page, language="en", title="-"))) as file:
        assert "/Metadata" not in file.Root, "a file that cannot keep its claim makes none"
    red = DECKS.safety_words("safety-check", "en").red_cards["drinking"]
    assert times(tokens(f"{red.title} {red.lead}"), tokens(f"{red.title} Something else. {red.lead}")) == 0
