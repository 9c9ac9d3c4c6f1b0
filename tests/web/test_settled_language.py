"""What was said of a card keeps the mark of the language it was written in, whatever the page speaks later."""

from collections.abc import Iterator

import pytest
from bs4 import Tag
from flask import Flask

from decisionaid.casework import negotiating
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, Settlement, Staff
from tests.builders import Case, a_case
from tests.police import Police, parsed
from tests.web.together_table import sit, write

HEARD, WORDS, REASON = "Rydych chi eisiau cysgu", "Gawn ni weld yn y gwanwyn", "Nid oes ystafell yn rhydd"
TALK, HOW = "/together/card/1", "/together/card/1/differ"


def speaking(case: Case, client: str, desk: str) -> Case:
    """The case with a client and a desk of these languages."""
    with case.database.writing() as db:
        db.get_one(Client, (case.service_id, case.client_id)).language = client
        db.get_one(Staff, (case.service_id, case.keyworker_id)).language = desk
    return case


def welsh_talk(app: Flask, case: Case) -> Police:
    """The two talk Welsh at an English desk: what was heard, and how they differ."""
    table = sit(app, speaking(case, "cy", "en"))
    write(table, TALK, {"heard": HEARD})
    write(table, HOW, {"words": WORDS, "reason": REASON})
    write(table, "/together/goals", {"title": "Cerdded mwy"})
    return table


def marks(table: Police, path: str, text: str) -> set[str]:
    """In which language each place says that this text is: by the nearest mark around it."""
    page = parsed(table.get(path))
    return {_language(found.parent) for found in page.find_all(string=lambda said: text in said) if found.parent}


def _language(tag: Tag) -> str:
    return next(str(outer["lang"]) for outer in _outward(tag) if outer.has_attr("lang"))


def _outward(tag: Tag) -> Iterator[Tag]:
    yield tag
    yield from tag.parents


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


@pytest.mark.parametrize("client", ["cy", "en"])
def test_welsh_words_are_marked_as_welsh_at_an_english_desk(app: Flask, case: Case, client: str) -> None:
    """The control is the client who speaks English later: without a mark of their own the words would count as so."""
    welsh_talk(app, case)
    table = sit(app, speaking(case, client, "en"))
    assert marks(table, TALK, HEARD) == {"cy"}
    for path in (TALK, HOW, "/together/preview"):
        assert marks(table, path, WORDS) == marks(table, path, REASON) == {"cy"}, path
    write(table, "/together/preview", to="/together/freeze")
    assert marks(table, "/together/sign", WORDS) == marks(table, "/together/sign", REASON) == {"cy"}


def test_a_wrong_mark_is_noticed(app: Flask, case: Case) -> None:
    """The control: the mark on the page is the one that was kept, and no other."""
    table = welsh_talk(app, case)
    with case.database.writing() as db:
        db.query(Settlement).update({"language": "en"})
    for path in (TALK, HOW, "/together/preview"):
        assert marks(table, path, WORDS) == {"en"}, path


def test_it_is_asked_only_where_the_two_speak_different_languages(app: Flask, case: Case) -> None:
    for client, asked in (("cy", True), ("en", False)):
        table = sit(app, speaking(case, client, "en"))
        for path in (TALK, HOW):
            page = parsed(table.get(path))
            assert bool(page.select("input[name=written_in]")) is asked, (client, path)


def test_english_words_in_a_welsh_talk_are_marked_as_english(app: Flask, case: Case) -> None:
    table = sit(app, speaking(case, "cy", "en"))
    write(table, TALK, {"heard": "You want to sleep", "written_in": "en"})
    write(table, HOW, {"words": "In the spring", "reason": "No room", "written_in": "en"})
    write(table, "/together/goals", {"title": "Cerdded mwy"})
    assert marks(table, TALK, "You want to sleep") == {"en"}
    for path in (TALK, "/together/preview"):
        assert marks(table, path, "In the spring") == {"en"}


def test_what_nobody_changes_keeps_its_language(app: Flask, case: Case) -> None:
    welsh_talk(app, case)
    table = sit(app, speaking(case, "en", "en"))
    write(table, TALK, {"right": "yes"})
    write(table, HOW)
    assert kept(case) == ("cy", "cy")
    write(table, TALK, {"heard": "You want to sleep"})
    assert kept(case) == ("en", "cy")
    write(table, HOW, {"words": "In the spring"})
    assert kept(case) == ("en", "en")


def kept(case: Case) -> tuple[str, str]:
    with case.database.reading() as db:
        row: Settlement = negotiating.settlements(db, case.round(db)).popitem()[1]
        return row.heard_language, row.language


def test_a_newer_text_is_shown_in_its_own_language(app: Flask, case: Case) -> None:
    welsh_talk(app, case)
    table = sit(app, speaking(case, "en", "en"))
    late = write(table, HOW, {"words": "In the spring", "seen_version": "1"}, status=409)
    page = parsed(late)
    said = {str(shown.get_text()): str(shown.get("lang")) for shown in page.select("[aria-labelledby=meanwhile] dd")}
    assert said == {HEARD: "cy", WORDS: "cy", REASON: "cy"}
