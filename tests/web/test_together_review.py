"""The review: both sort again, everyone sees what moved, and the first plan stays as it was printed."""

from dataclasses import replace

import pytest
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.core.review import Progress
from decisionaid.core.sort import Rating
from decisionaid.storage.database import Database
from decisionaid.storage.models import AgreedGoal, Printout, Signing, SortRecord
from decisionaid.storage.models.sorts import Listened
from tests.builders import CARDS, Case, a_case
from tests.police import Police, words
from tests.web.doors import sat_once
from tests.web.together_table import both_sign, paper, printed, sit, write


@pytest.fixture
def first(app: Flask, database: Database) -> Case:
    """A first round with a signed plan of one goal."""
    case = a_case(database).sorted_by_both().confirmed()
    sat_once(signed, app, case)
    return case


def signed(app: Flask, case: Case) -> Police:
    table = sit(app, case)
    write(table, "/together/goals", {"title": "Walk more"})
    both_sign(table)
    return table


@pytest.fixture
def review(first: Case, database: Database) -> Case:
    """Both have sorted again; the client moved the first card off the places, and they see the old goal in two ways."""
    case = replace(first, round_id="", client_sort_id="", keyworker_sort_id="").with_open_sorts()
    with database.writing() as db:
        goal = db.query(AgreedGoal).one()
        client, keyworker = (
            db.get_one(SortRecord, (case.service_id, sort)) for sort in (case.client_sort_id, case.keyworker_sort_id)
        )
        sorting.see_progress(db, client, goal.id, Progress.ACHIEVED, "I walk each day", case.later())
        sorting.see_progress(db, keyworker, goal.id, Progress.STEP_BACK, "", case.later())
        sorting.say_listened(client, Listened.PARTLY, "More than last time", case.later())
    answers = {card: Rating.DEFINITELY if card in CARDS[1:6] else Rating.NOT for card in CARDS}
    case.sorted_by_client({**answers, CARDS[0]: Rating.POSSIBLY}, CARDS[1:6])
    other = {card: Rating.DEFINITELY if card in CARDS[3:10] else Rating.NOT for card in CARDS}
    return case.sorted_by_keyworker(other, CARDS[3:8]).confirmed()


@pytest.fixture
def table(app: Flask, review: Case) -> Police:
    return sit(app, review)


def test_who_moved_and_from_what_to_what(table: Police) -> None:
    assert table.get("/together/").headers["Location"] == "/together/moved"
    page = table.page("/together/moved")
    assert "Rowan sees 6 cards differently now." in words(table.get("/together/moved"))
    assert "Maya sees 0 cards differently now." in words(table.get("/together/moved"))
    row = page.select_one(".moved tbody tr")
    assert row is not None
    said = [" ".join(cell.get_text(" ").split()) for cell in row.select("td")]
    assert said == ["Yes then Maybe", "Not now, as before"]
    assert "A place to live: place" in page.select_one(".moved").get_text()  # type: ignore[union-attr]


def test_each_sees_the_old_goal_apart(table: Police) -> None:
    goal = table.page("/together/moved").select_one(".goal-both")
    assert goal is not None
    said = [" ".join(box.get_text(" ").split()) for box in goal.select(".said-box")]
    assert said == ["Rowan: Done", "Maya: Go back a step first"]
    assert "I walk each day" in goal.get_text()
    assert "More than last time" in words(table.get("/together/moved"))


def test_every_card_then_and_now(table: Police) -> None:
    assert len(table.page("/together/moved/table").select("tbody tr")) == len(CARDS)


def test_plan_two_and_plan_one_as_it_was_printed(app: Flask, table: Police, first: Case, database: Database) -> None:
    with database.reading() as db:
        old = db.query(Printout).one().pdf
    write(table, "/together/card/1", {"outcome": "client_choice"})
    write(table, "/together/card/1", to="/together/goals")
    both_sign(table)
    text = printed(paper(table))
    assert "Plan 2, version 1" in text
    assert "What we said last time" in text
    with database.reading() as db:
        signed = db.query(Signing).order_by(Signing.completed_at).first()
        assert signed is not None
        assert db.get_one(Printout, (signed.service_id, signed.id)).pdf == old
    assert "replaced by plan 2, version 1" in printed(paper(sit(app, first)))


def test_a_first_round_has_nothing_to_look_back_at(app: Flask, first: Case) -> None:
    assert sit(app, first).get("/together/moved").headers["Location"] == "/together/side-by-side"
    assert sit(app, first).get("/together/moved/table").status_code == 404


def test_what_moved_is_closed_before_the_client_confirms(app: Flask, first: Case, database: Database) -> None:
    case = replace(first, round_id="", client_sort_id="", keyworker_sort_id="").sorted_by_both()
    assert sit(app, case).get("/together/moved").headers["Location"] == "/together/"
