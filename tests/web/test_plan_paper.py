"""The paper itself: whose it is on each page, which language each text is in, and that everybody can read it."""

import io
import subprocess
from dataclasses import replace
from datetime import date

import pikepdf
import pytest
from bs4 import BeautifulSoup
from flask import Flask

from decisionaid.casework import people
from decisionaid.core.sort import Party
from decisionaid.printing import PdfPool
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Plan, Service, Staff
from tests.builders import NAMES, PIN, Case, a_case
from tests.police import Police, parsed
from tests.web.together_table import both_sign, days, in_days, paper, printed, sit, write


def signed(app: Flask, case: Case) -> Police:
    """A plan with one goal and one step, signed by both."""
    table = sit(app, case.sorted_by_both().confirmed())
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    step = {"step-what": "Ring the plots", "step-who": "Rowan", **days("step-by_when", in_days(5))}
    write(table, "/together/goal/1", step, to="/together/goal/1/action")
    both_sign(table)
    return table


def pages(pdf: bytes) -> list[str]:
    """The text of each page."""
    read = subprocess.run(["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True)
    return [" ".join(page.split()) for page in read.stdout.decode().split("\f") if page.strip()]


def test_each_page_says_whose_it_is_which_version_and_where_it_stands(app: Flask, database: Database) -> None:
    texts = pages(paper(signed(app, a_case(database))))
    assert len(texts) > 1
    for number, text in enumerate(texts, start=1):
        assert "Rowan Ellis · RE-0522" in text
        assert "Plan 1, version 1 · printed" in text
        assert f"page {number} of {len(texts)}" in text


def test_a_client_known_by_reference_has_a_second_identifier(app: Flask, database: Database) -> None:
    case = a_case(database)
    with database.writing() as db:
        client = db.get_one(Client, (case.service_id, case.client_id))
        client.name, client.preferred_name, client.second_identifier = "", "", "born 1971"
    for text in pages(paper(signed(app, case))):
        assert "RE-0522 · born 1971" in text
        assert "Rowan Ellis ·" not in text


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_file_says_its_language_and_nothing_of_the_person(app: Flask, database: Database, language: str) -> None:
    pdf = paper(signed(app, a_case(database, language=language)))
    file = pikepdf.open(io.BytesIO(pdf))
    assert str(file.Root.Lang) == language
    assert file.Root.StructTreeRoot.K
    about = str(dict(file.docinfo.items())) + file.Root.Metadata.read_bytes().decode()
    assert not [word for word in ("Rowan", "Ellis", "RE-0522", "Maya", "alcohol") if word in about]
    assert len(pdf) < 100_000


def test_a_text_in_another_language_is_marked(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database, language="cy").sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Cerdded mwy"})
    write(table, "/together/plan/support", {"aftercare": "The evening group", "written_in": "en"})
    write(table, "/together/plan/differences", {"waiting": "Ystafell"})
    shown = parsed(table.get("/together/preview"))
    marked = [str(tag) for tag in shown.select("article.plan [lang=en]")]
    assert any("The evening group" in tag for tag in marked)
    assert not any("Ystafell" in tag for tag in marked)
    assert shown.html is not None
    assert shown.html["lang"] == "cy"


def test_the_services_own_sentences_print(app: Flask, database: Database) -> None:
    case = a_case(database)
    said = {field: f"The service on {field}" for field in people.SERVICE_TEXTS}
    with database.writing() as db:
        service, admin = db.get_one(Service, case.service_id), db.query(Staff).filter_by(login="robin").one()
        people.set_texts(db, service, "en", said, actor=admin, now=case.later())
    text = printed(paper(signed(app, case)))
    assert [each for each in said.values() if each not in text] == []


def test_the_keyworkers_telephone_and_hours_print(app: Flask, database: Database) -> None:
    case = a_case(database)
    with database.writing() as db:
        case.keyworker(db).hours = "weekdays 9 to 5"
    text = printed(paper(signed(app, case)))
    assert "Maya, weekdays 9 to 5" in text
    assert "01632 960140" in text


def test_a_step_says_with_whom_of_what_kind_and_the_year_where_it_is_another(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    today = in_days(0)
    for day, more in (
        (today, {"step-agency": "Hill Allotments", "step-kind": "mutual_aid"}),
        (date(today.year + 1, 3, 9), {}),
    ):
        step = {"step-what": "Ring the plots", "step-who": "Rowan", **days("step-by_when", day), **more}
        write(table, "/together/goal/1", step, to="/together/goal/1/action")
    rows = [row.get_text(" ", strip=True) for row in table.page("/together/preview").select(".plan-goal tbody tr")]
    first, second = (" ".join(row.split()) for row in rows)
    assert first == f"Ring the plots (Mutual aid group) Rowan (Hill Allotments) {today:%A} {today.day} {today:%B}"
    assert second == f"Ring the plots Rowan {date(today.year + 1, 3, 9):%A} 9 March {today.year + 1}"


@pytest.fixture
def pages_printed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The HTML of each paper, in the place of printing it."""
    pages: list[str] = []

    def note(_pool: PdfPool, html: str, **_more: object) -> bytes:
        pages.append(html)
        return b"%PDF-"

    monkeypatch.setattr(PdfPool, "pdf", note)
    return pages


def both_say(app: Flask, case: Case, *, signs: tuple[bool, bool], given: bool = False) -> None:
    """A plan is frozen, and each signs it or not, the client first; a copy is given to the client or not."""
    table = sit(app, case.sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    write(table, "/together/preview", {"copy_given": "y"} if given else {}, to="/together/freeze")
    for (party, name), yes in zip(NAMES.items(), signs, strict=True):
        word = {"signs": "yes", "name": name} if yes else {"signs": "no", "reason": f"{name} waits"}
        said = {f"{party}-{field}": value for field, value in word.items()}
        pin = {"keyworker-pin": PIN} if party is Party.KEYWORKER else {}
        write(table, "/together/sign", said | pin, to=f"/together/sign/{party}")


@pytest.mark.parametrize("given", [True, False])
def test_the_box_for_a_copy_is_ticked_where_one_was_given(
    app: Flask, database: Database, pages_printed: list[str], *, given: bool
) -> None:
    both_say(app, a_case(database), signs=(True, True), given=given)
    ticks = BeautifulSoup(pages_printed[0], "html.parser").select(".plan-tick")
    (box,) = (tick for tick in ticks if "has a copy" in tick.get_text())
    assert ("is-ticked" in box["class"]) is given


@pytest.mark.parametrize("signs", [(True, True), (True, False), (False, True), (False, False)])
def test_the_paper_ticks_what_each_said_and_has_their_reason(
    app: Flask, database: Database, pages_printed: list[str], signs: tuple[bool, bool]
) -> None:
    both_say(app, a_case(database), signs=signs)
    boxes = BeautifulSoup(pages_printed[0], "html.parser").select(".plan-sign")
    for box, name, yes in zip(boxes, NAMES.values(), signs, strict=True):
        ticked = [tick.get_text() for tick in box.select(".plan-tick.is-ticked")]
        assert ticked == ["I sign this plan" if yes else "I am not signing this plan because:"]
        assert (f"{name} waits" in box.get_text()) is not yes


def test_the_review_has_its_day_of_the_week(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "Walk more"})
    shown = table.page("/together/preview").select_one(".plan-again-date")
    with database.reading() as db:
        on = db.query(Plan).one().review_date
    assert shown is not None and on is not None
    assert " ".join(shown.get_text().split()) == f"{on:%A} {on.day} {on:%B} {on.year}"


def test_what_was_typed_is_text_and_never_markup(app: Flask, database: Database) -> None:
    table = sit(app, a_case(database).sorted_by_both().confirmed())
    write(table, "/together/goals", {"title": "<b>Bold</b> & brave"})
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; brave" in table.get("/together/preview").text
    both_sign(table)
    assert "<b>Bold</b> & brave" in printed(paper(table))


def test_how_each_sort_was_made_prints(app: Flask, database: Database) -> None:
    text = printed(paper(signed(app, a_case(database))))
    assert "Rowan finished on 20 August 2026 at" in text
    assert "Maya: on their own screen, finished on 20 August 2026 at" in text
    assert "What matters in my life, version 2" in text


def test_it_is_the_same_paper_at_the_desk(app: Flask, database: Database) -> None:
    case = a_case(database)
    table = signed(app, case)
    first = paper(table)
    assert paper(sit(app, replace(case))) == first
