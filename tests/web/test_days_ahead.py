"""A day by which something is to happen is refused at its field where it has passed, or is years away."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask import Flask

from decisionaid.casework import sorting
from decisionaid.core.days import FARTHEST
from decisionaid.storage.database import Database
from decisionaid.storage.models import QuestionAnswer, SortRecord
from tests.builders import Case, a_case
from tests.police import Police, parsed
from tests.web.together_table import days, in_days, sit, write

STEP = {"step-what": "Ring the plots", "step-who": "Rowan"}
ADVICE = {"planned-with_whom": "Dr Amin"}
PLACES: dict[str, tuple[str, str, dict[str, str], str]] = {
    "a step": ("/together/goal/1", "/together/goal/1/action", STEP, "step-by_when"),
    "a question": ("/together/questions", "/together/questions/1", {"question-1-who": "Maya"}, "question-1-by_when"),
    "a trial": ("/together/card/1/try_until", "/together/card/1/try_until", {}, "until"),
    "the review": ("/together/dates", "/together/dates", {}, "review"),
    "the first look back": ("/together/dates", "/together/dates", {}, "revisit"),
    "advice": ("/together/safe", "/together/safe/planned", ADVICE, "planned-day"),
    "the change": (
        "/together/safe",
        "/together/safe/planned",
        {**ADVICE, **days("planned-day", in_days(3))},
        "planned-change_begins",
    ),
}
"""Where a day is written: the page, where its form goes, what else is typed, and the field."""

WRONG = {
    "yesterday": (in_days(-1), "This day has passed"),
    "long ago": (date(1900, 1, 1), "This day has passed"),
    "in 2099": (date(2099, 12, 4), "This day is in 2099. Choose a day in the next 3 years."),
    "at the end of time": (date(9999, 12, 31), "This day is in 9999."),
}


@pytest.fixture
def case(database: Database) -> Case:
    """The client asked something, and both have finished."""
    case = a_case(database).with_open_sorts()
    with database.writing() as db:
        sort = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        sorting.ask(db, sort, None, "Could I lose my room?", case.later())
    return case.sorted_by_both().confirmed()


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    found = sit(app, case)
    write(found, "/together/goals", {"title": "Walk more"})
    return found


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("place", PLACES)
def test_a_day_that_cannot_be_meant_is_said_at_its_field(table: Police, place: str, wrong: str) -> None:
    (page, to, typed, field), (day, said) = PLACES[place], WRONG[wrong]
    shown = parsed(write(table, page, {**typed, **days(field, day)}, to=to, status=422))
    error = shown.find(id=f"{field}-error")
    assert error is not None and said in error.get_text()
    box = shown.find("input", attrs={"name": f"{field}-year"})
    assert box is not None and box["value"] == str(day.year), "what was typed is still there"


@pytest.mark.parametrize("place", ["a step", "a question"])
@pytest.mark.parametrize("day", [in_days(0), in_days(FARTHEST.days)])
def test_control_today_and_the_farthest_day_are_taken(table: Police, place: str, day: date) -> None:
    page, to, typed, field = PLACES[place]
    write(table, page, {**typed, **days(field, day)}, to=to)


def test_a_question_can_be_answered_after_its_day(app: Flask, table: Police, case: Case) -> None:
    page, to, typed, field = PLACES["a question"]
    write(table, page, {**typed, **days(field, in_days(2))}, to=to)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=5)):
        later = sit(app, case)
        write(later, page, {"question-1-answered": "y"}, to=to)
    with case.database.reading() as db:
        assert db.query(QuestionAnswer).one().answered


@pytest.mark.parametrize("begun", [date(2026, 8, 22), date(2026, 8, 23)], ids=["Saturday", "Sunday"])
def test_no_date_is_proposed_on_a_weekend(app: Flask, database: Database, begun: date) -> None:
    with time_machine.travel(datetime(begun.year, begun.month, begun.day, 12, tzinfo=UTC)):
        table = sit(app, a_case(database).sorted_by_both().confirmed())
        write(table, "/together/goals", {"title": "Walk more"})
        page = table.page("/together/dates")
        proposed = [str(box["value"]) for box in page.select("#revisit, #revisit-month, #review, #review-month")]
    assert proposed == ["14", "9", "16", "11"]
    assert date(2026, 9, 14).weekday() == date(2026, 11, 16).weekday() == 0
