"""A language is its files: a record that says what it covers, and words. No line of the program names one."""

import json
import secrets
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from decisionaid import create_app, i18n
from decisionaid.core.deck import Review
from decisionaid.storage.database import Database
from decisionaid.storage.deck_reading import BrokenDecks
from decisionaid.storage.decks import Decks
from decisionaid.storage.models import Staff
from tests.builders import a_case
from tests.promises.onlookers import csrf_of
from tests.web.doors import browser, sign_in
from tests.web.sorters import tablet_of
from tests.web.together_table import sit

UNREVIEWED = "This translation has not been checked yet."
RECORD = {"name": "Ours", "direction": "rtl", "dates": "fr_FR", "reviewed": None, "seats": "client and plan"}


def a_language(folder: Path, code: str, **changes: object) -> None:
    (folder / code).mkdir()
    (folder / code / "language.json").write_text(json.dumps({**RECORD, **changes}), "utf-8")


def test_a_folder_with_a_record_is_a_language(tmp_path: Path) -> None:
    a_language(tmp_path, "cy", seats="all", reviewed={"by": "Ann", "on": "2026-11-01"})
    a_language(tmp_path, "en")
    a_language(tmp_path, "aa")
    (tmp_path / "bb").mkdir()
    found = i18n.read_languages(tmp_path)
    assert list(found) == ["en", "aa", "cy"]
    assert (found["aa"].name, found["aa"].direction, found["aa"].reviewed, found["aa"].at_desk) == (
        "Ours",
        "rtl",
        None,
        False,
    )
    assert found["cy"].reviewed is not None and found["cy"].reviewed.by == "Ann" and found["cy"].at_desk


@pytest.mark.parametrize("changes", [{"direction": "up"}, {"seats": "some"}, {"reviewed": "yes"}, {"name": None}])
def test_a_record_that_says_nonsense_is_refused(tmp_path: Path, changes: dict[str, object]) -> None:
    a_language(tmp_path, "en", **changes)
    with pytest.raises(ValueError, match="validation error"):
        i18n.read_languages(tmp_path)


def test_a_language_without_deck_words_stops_the_start(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_language(tmp_path, "aa")
    monkeypatch.setitem(i18n.LANGUAGES, "aa", i18n.read_languages(tmp_path)["aa"])
    with pytest.raises(BrokenDecks, match=r"safety-check/aa\.json: The safety check needs every language"):
        create_app(DATABASE=database)


@pytest.fixture
def clients_only(monkeypatch: pytest.MonkeyPatch) -> str:
    """Welsh, as if its words covered what the client sees and no more."""
    welsh = i18n.Language("cy", "Cymraeg", "ltr", "cy_GB", None, "client and plan")
    monkeypatch.setitem(i18n.LANGUAGES, "cy", welsh)
    return "cy"


def test_the_desk_speaks_english_where_a_language_does_not_cover_it(
    app: Flask, database: Database, clients_only: str
) -> None:
    case = a_case(database, language=clients_only)
    with database.writing() as db:
        for each in db.query(Staff):
            each.language = clients_only
    spoken = sign_in(app).page("/desk/")
    assert spoken.html is not None and spoken.html["lang"] == "en"
    case.with_open_sorts()
    welcome = tablet_of(app, case).page("/s/welcome")
    together = sit(app, case.sorted_by_both()).page("/together/")
    for page in (welcome, together):
        assert page.html is not None and page.html["lang"] == clients_only


def test_only_a_language_of_the_desk_can_be_chosen_there(app: Flask, database: Database, clients_only: str) -> None:
    a_case(database)
    assert not browser(app).page("/sign-in").select("button[value=cy]")
    desk = sign_in(app)
    assert not desk.page("/desk/account").select("option[value=cy], input[value=cy]")
    assert desk.page("/desk/clients/new").select("option[value=cy], input[value=cy]")
    assert desk.heard("/desk/account", {"language": "cy", "csrf_token": csrf_of(desk, "/desk/account")}) == 422


def said(app: Flask, database: Database, language: str) -> tuple[bool, bool]:
    """Whether the first page and the plan say that nobody has checked the words."""
    case = a_case(database, language=language, reference=secrets.token_hex(4))
    with i18n.speaking(language):
        warning = i18n.gettext(f"{UNREVIEWED} If something is not clear, ask for the English.")
    case.with_open_sorts()
    first = tablet_of(app, case).page("/s/welcome").get_text()
    plan = sit(app, case.sorted_by_both().confirmed())
    plan.send("/together/goals", title="Sleep")
    return warning in first, warning in plan.page("/together/preview").get_text()


def test_an_unreviewed_language_says_so_at_the_start_and_prints_so(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert said(app, database, "en") == (False, False)
    assert said(app, database, "cy") == (True, True)
    monkeypatch.setitem(i18n.LANGUAGES, "cy", replace(i18n.LANGUAGES["cy"], reviewed=Review("Ann", "2026-11-01")))
    assert said(app, database, "cy") == (True, True), "the decks were not read through"


def test_control_a_reviewed_language_says_nothing(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(i18n.LANGUAGES, "cy", replace(i18n.LANGUAGES["cy"], reviewed=Review("Ann", "2026-11-01")))
    monkeypatch.setattr(Decks, "is_reviewed", lambda _decks, _language: True)
    assert said(app, database, "cy") == (False, False)


def test_a_page_that_is_not_there_speaks_the_clients_language(app: Flask, database: Database) -> None:
    tablet = tablet_of(app, a_case(database, language="pl").with_open_sorts())
    for path in ("/nothing", "/desk/", "/s/card/99"):
        page = tablet.page(path, status=404)
        assert page.html is not None and page.html["lang"] == "pl", path
        assert "Nie znaleziono strony" in page.get_text()
