"""A whole plan on paper: in both languages, new, changed and replaced, every page of it is whole and reads out right.

What the printer's own checker finds (see tests/test_printing.py) is not looked for again. This goes by the picture of
the pages, and by whether the tags say what was signed.
"""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf
import pytest
import weasyprint
from bs4 import BeautifulSoup

from decisionaid import create_app
from decisionaid.casework import people, planning
from decisionaid.core.plan import FIELDS
from decisionaid.demonstration import fill
from decisionaid.demonstration.press import Press
from decisionaid.printing import PdfPool
from decisionaid.storage import schema
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Plan, Printout, Round, Service, Signing, Staff
from tests.builders import DECKS, Case
from tests.paper import (
    collisions,
    fact,
    faults_of_fonts,
    faults_of_pages,
    faults_of_tags,
    heard,
    out_of_step,
    reads_out,
    text_of,
    tokens,
    tool,
    words_of,
)
from tests.police import Police
from tests.web.together_table import both_sign, in_days, paper, sit

WHO = {"en": "RE-0522", "cy": "MG-0460"}
"""Whose newest plan it is: a third round in English, a first one in Welsh."""
REPLACED = {"en": "This plan was replaced by plan 3, version 2,", "cy": "Daeth cynllun 1, fersiwn 2, yn lle"}
LONG_LINE = ("The night line of Hill Lane and its neighbours", "01632 960118")


@dataclass(frozen=True)
class Paper:
    """A printed version, and the text that was signed."""

    pdf: bytes
    html: str
    language: str


Papers = dict[tuple[str, str], Paper]
STATES = [(language, state) for language in WHO for state in ("signed", "replaced", "changed")]


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, pdf_pool: PdfPool) -> Iterator[Papers]:
    """Each plan as it was first signed, as that prints once it is replaced, and as it is after the change."""
    database = Database(f"sqlite:///{tmp_path_factory.mktemp('paper') / 'paper.db'}")
    schema.upgrade(database)
    app = create_app(DATABASE=database, PDF_POOL=pdf_pool, DECKS=DECKS, TESTING=True)
    app.test_client_class = Police
    fill(database, DECKS, Press(app))
    found: Papers = {}
    for language, reference in WHO.items():
        plan = newest_plan(database, reference)
        case = case_of(database, plan)
        first = found[language, "signed"] = kept(database, plan, 1)
        change_everything(case, plan, language)
        table = sit(app, case)
        with database.reading() as db:
            client = db.query(Client).filter_by(reference=reference).one().name
        both_sign(table, reason="The doctor knows of this and has agreed to it", client=client)
        found[language, "replaced"] = Paper(paper(table, 1), first.html, language)
        found[language, "changed"] = kept(database, plan, 2)
    yield found
    database.close()


@pytest.fixture(params=STATES, ids=["-".join(state) for state in STATES])
def printed(papers: Papers, request: pytest.FixtureRequest) -> Paper:
    """Each of them in turn."""
    return papers[request.param]


def newest_plan(database: Database, reference: str) -> Plan:
    with database.reading() as db:
        client = db.query(Client).filter_by(reference=reference).one()
        return db.query(Plan).filter_by(client_id=client.id).order_by(Plan.number.desc()).limit(1).one()


def case_of(database: Database, plan: Plan) -> Case:
    with database.reading() as db:
        keyworker_id = db.get_one(Round, (plan.service_id, plan.round_id)).keyworker_id
    return Case(database, plan.service_id, keyworker_id, plan.client_id, plan.round_id)


def kept(database: Database, plan: Plan, version: int) -> Paper:
    with database.reading() as db:
        signed = db.query(Signing).filter_by(plan_id=plan.id, version=version).one()
        return Paper(db.query(Printout).filter_by(signing_id=signed.id).one().pdf, signed.text, signed.language)


def change_everything(case: Case, plan: Plan, language: str) -> None:
    """Two lines in every field, and a telephone with a long name."""
    with case.database.writing() as db:
        held = db.get_one(Plan, (plan.service_id, plan.id))
        words = planning.draft(db, held).text("what_matters")
        for field in FIELDS:
            planning.set_text(db, held, field.name, words, language=language, now=case.later())
        planning.set_dates(held, in_days(21), in_days(84), today=in_days(0), now=case.later())
        service, admin = db.get_one(Service, case.service_id), db.query(Staff).filter_by(login="robin").one()
        people.set_crisis_lines(db, service, language, [LONG_LINE], actor=admin, now=case.later())


@pytest.mark.in_turn(3)
def test_every_page_is_a4_holds_something_and_keeps_its_margins(printed: Paper, tmp_path: Path) -> None:
    assert faults_of_pages(printed.pdf, tmp_path) == []
    assert 2 <= int(fact(printed.pdf, "Pages")) <= 6


@pytest.mark.in_turn(3)
def test_every_word_that_was_signed_can_be_seen_and_none_over_another(printed: Paper) -> None:
    seen = words_of(printed.pdf)
    assert collisions(seen) == []
    assert set(text_of(printed.html, "caption, svg")) - set(tokens(" ".join(word.text for word in seen))) == set()


@pytest.mark.in_turn(3)
def test_no_telephone_number_breaks_over_two_lines(printed: Paper) -> None:
    lines = tool("pdftotext", printed.pdf, "-layout", "-", "-").splitlines()
    numbers = [tag.get_text() for tag in BeautifulSoup(printed.html, "html.parser").select(".plan-phones strong")]
    assert len(numbers) == 5
    assert [number for number in numbers if not any(number in line for line in lines)] == []


@pytest.mark.in_turn(3)
def test_what_is_said_stands_beside_its_name(printed: Paper) -> None:
    assert out_of_step(words_of(printed.pdf), printed.html) == []


@pytest.mark.in_turn(3)
def test_the_tags_are_those_of_the_text(printed: Paper) -> None:
    assert faults_of_tags(printed.pdf, printed.html, printed.language) == []
    assert fact(printed.pdf, "Tagged") == "yes"
    assert fact(printed.pdf, "JavaScript") == "no"


@pytest.mark.in_turn(2)
@pytest.mark.parametrize("state", ["signed", "changed"])
@pytest.mark.parametrize("language", WHO)
def test_what_was_signed_is_read_out_in_its_order(papers: Papers, language: str, state: str) -> None:
    assert reads_out(papers[language, state].pdf, papers[language, state].html)


@pytest.mark.in_turn(3)
def test_its_letters_are_in_the_file(printed: Paper) -> None:
    assert faults_of_fonts(printed.pdf) == []


@pytest.mark.in_turn(3)
def test_it_is_kept_as_pdf_a_3a_and_pdf_ua_1(printed: Paper) -> None:
    with pikepdf.open(io.BytesIO(printed.pdf)) as file, file.open_metadata() as about:
        said = [about[name] for name in ("pdfaid:part", "pdfaid:conformance", "pdfuaid:part")]
    assert said == ["3", "A", "1"]


def test_only_a_replaced_plan_says_that_it_is(papers: Papers) -> None:
    for (language, state), printed in papers.items():
        text = " ".join(tool("pdftotext", printed.pdf, "-l", "1", "-", "-").split())
        assert (REPLACED[language] in text) == (state == "replaced"), (language, state)


def test_a_word_without_end_stays_on_the_page(pdf_pool: PdfPool, tmp_path: Path) -> None:
    table = "<table><caption>-</caption><tr><th scope=row>{0}</th><td>{0}</td></tr></table>".format("y" * 99)
    body = ENOUGH + f'<p>{"x" * 400}</p><dl class="plan-facts"><dt>Name</dt><dd>{"z" * 200}</dd></dl>{table}'
    pdf = pdf_pool.pdf(page_with(body), language="en", title="-")
    assert faults_of_pages(pdf, tmp_path) == []
    assert "x" * 400 in "".join(heard(pdf).split())


# The same looks notice what is wrong


def page_with(body: str) -> str:
    return f'<!doctype html><html lang="en"><title>-</title><body><article class="plan">{body}</article></body></html>'


ENOUGH = "<h1>Plan</h1><p>" + "Enough words to fill a line. " * 5 + "</p>"
SPOILT = {
    "margins": ENOUGH + '<p style="margin-left: -15mm">Over the edge</p>',
    "empty": ENOUGH + '<p style="break-before: page">Few</p>',
    "over each other": ENOUGH + '<p style="height: 0">Under</p><p>Above</p>',
    "out of step": ENOUGH
    + '<dl class="plan-facts"><dt>One name that takes two lines</dt><dd>First</dd><dt>Name</dt>'
    + '<dd style="margin-top: -3mm">Second</dd></dl>',
}


@pytest.mark.parametrize("what", SPOILT)
def test_a_spoilt_page_is_noticed(pdf_pool: PdfPool, tmp_path: Path, what: str) -> None:
    pdf = pdf_pool.pdf(page_with(SPOILT[what]), language="en", title="-")
    found = faults_of_pages(pdf, tmp_path)
    assert found == {"margins": ["page 1 goes over its margins"], "empty": ["page 2 is empty"]}.get(what, [])
    assert bool(collisions(words_of(pdf))) == (what == "over each other")
    assert bool(out_of_step(words_of(pdf), SPOILT[what])) == (what == "out of step")


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        ("<h1>Plan</h1><p>One</p>", "headings"),
        ("<h1>Plan</h1><table><tr><td>One</td></tr></table><h2>-</h2><h3>-</h3><h3>-</h3>", "a cell without"),
        ("<h1>Plan</h1><svg width=9 height=9><title>A sign</title><rect width=9 height=9 /></svg>", "pictures"),
    ],
)
def test_tags_that_say_something_else_are_noticed(body: str, fault: str) -> None:
    pdf = weasyprint.HTML(string=page_with(body)).write_pdf(pdf_tags=True)
    assert any(fault in found for found in faults_of_tags(pdf, "<h1>Plan</h1>", "en"))


def test_what_is_read_out_in_another_order_is_noticed() -> None:
    pdf = weasyprint.HTML(string=page_with("<h1>Plan</h1><p>One, two</p>")).write_pdf(pdf_tags=True)
    assert reads_out(pdf, "<h1>Plan</h1><p>One</p> two")
    assert not reads_out(pdf, "<h1>Plan</h1><p>Two, one</p>")


def test_a_file_without_tags_or_letters_is_noticed() -> None:
    bare = weasyprint.HTML(string=page_with(ENOUGH)).write_pdf()
    assert faults_of_tags(bare, ENOUGH, "en") == ["no tags"]
    with pikepdf.new() as file:
        file.add_blank_page()
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        file.pages[0].Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=helvetica))
        file.save(kept_in := io.BytesIO())
    assert len(faults_of_fonts(kept_in.getvalue())) == 1
