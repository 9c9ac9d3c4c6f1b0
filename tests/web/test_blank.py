"""Paper copies for when there is no tablet: what the desk offers, and that none comes without crisis lines."""

from pathlib import Path

import pytest
from flask import Flask

from decisionaid.i18n import LANGUAGES
from decisionaid.storage.database import Database
from decisionaid.storage.models import CrisisLine
from tests.builders import Case, a_case
from tests.own_decks import NEW_TITLE, OWN, TITLE, with_own
from tests.police import Police, words
from tests.web.doors import sign_in


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).with_open_sorts()


@pytest.fixture
def desk(app: Flask, case: Case, monkeypatch: pytest.MonkeyPatch) -> Police:
    """A desk whose papers are not set in type; test_blank_paper prints."""

    def page(html: str, *, language: str, **_: str) -> bytes:
        return f"{language}: {html}".encode()

    monkeypatch.setattr("decisionaid.web.keyworker.blank.printed", page)
    return sign_in(app)


def links(desk: Police) -> list[str]:
    found = [str(link["href"]) for link in desk.page("/desk/blank").select("main a")]
    return [link for link in found if link.endswith(".pdf")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_and_plan_are_offered_in_each_language_and_come(desk: Police, language: str) -> None:
    offered = [link for link in links(desk) if f"/{language}/" in link]
    names = [f"cards-{language}", f"cards-{language}-easy", f"plan-{language}"]
    assert offered == [f"/desk/blank/{language}/{name}.pdf" for name in names]
    files = [desk.get(link) for link in offered]
    for name, file in zip(names, files, strict=True):
        assert (file.status_code, file.mimetype) == (200, "application/pdf")
        assert file.headers["Content-Disposition"] == f'inline; filename="{name}.pdf"'
        assert file.text.startswith(f"{language}: ")
    assert len({file.text for file in files}) == len(files)


@pytest.mark.parametrize("path", ["en/cards-cy", "en/plan", "en/cards-en-hard", "xx/cards-xx", "en/plan-en-easy"])
def test_any_other_paper_does_not_exist(desk: Police, path: str) -> None:
    assert desk.get(f"/desk/blank/{path}.pdf").status_code == 404


def test_nothing_comes_in_a_language_without_crisis_lines(desk: Police, database: Database) -> None:
    assert "has no crisis lines yet" not in words(desk.get("/desk/blank"))
    with database.writing() as db:
        db.query(CrisisLine).filter_by(language="cy").delete()
    assert "has no crisis lines yet" in words(desk.get("/desk/blank"))
    assert [link for link in links(desk) if "/cy/" in link] == []
    assert desk.get("/desk/blank/cy/plan-cy.pdf").status_code == 404
    with database.writing() as db:
        db.query(CrisisLine).delete()
    assert "Nothing can be printed yet" in words(desk.get("/desk/blank"))
    assert links(desk) == []


def test_it_is_found_beside_the_plans_and_where_the_tablet_is_given(desk: Police, case: Case) -> None:
    for page in ("/desk/plans", f"/desk/rounds/{case.round_id}/hand-over"):
        assert desk.page(page).select_one('main a[href="/desk/blank"]'), page


# With a deck of the service's own


@pytest.fixture
def two(app: Flask, desk: Police, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Police:
    """The same desk, where the service has a deck of cards of its own."""
    monkeypatch.setitem(app.extensions, "decks", with_own(tmp_path))
    return desk


def test_the_cards_of_every_deck_are_offered_by_its_title_and_come(two: Police) -> None:
    page = two.page("/desk/blank")
    called = {str(link["href"]): link.get_text(strip=True) for link in page.select('main a[href^="/desk/blank/en/"]')}
    assert called == {
        "/desk/blank/en/cards-en.pdf": "Cards and answer sheet: What matters in my life",
        "/desk/blank/en/cards-en-easy.pdf": "Cards in short words: What matters in my life",
        "/desk/blank/en/cards-en-2.pdf": f"Cards and answer sheet: {TITLE}",
        "/desk/blank/en/plan-en.pdf": "Blank plan",
    }
    ours, own = (two.get(f"/desk/blank/en/cards-en{number}.pdf").text for number in ("", "-2"))
    assert (NEW_TITLE in own, f"{TITLE}, version 1." in own, "What matters in my life" in own) == (True, True, False)
    assert (NEW_TITLE in ours, "What matters in my life, version 2." in ours) == (False, True)


def test_a_plan_to_fill_in_names_every_deck_that_it_may_follow(two: Police) -> None:
    plan = two.get("/desk/blank/en/plan-en.pdf").text
    assert all(f"{title}, version " in plan for title in ("What matters in my life", TITLE))


@pytest.mark.parametrize("path", ["en/cards-en-1", "en/cards-en-3", "en/cards-en-2-easy", f"en/cards-en-{OWN}"])
def test_a_paper_of_no_deck_does_not_exist(two: Police, path: str) -> None:
    assert two.get(f"/desk/blank/{path}.pdf").status_code == 404
