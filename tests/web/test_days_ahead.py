"""A day by which something is to happen is refused at its field where it has passed, and asked about where it is years
away."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.datastructures import MultiDict

from decisionaid import i18n
from decisionaid.casework import sorting
from decisionaid.core.days import FARTHEST
from decisionaid.storage.database import Database
from decisionaid.storage.models import QuestionAnswer, SortRecord
from decisionaid.web.forms import DayField, PlainForm
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
    "the first check-in": ("/together/dates", "/together/dates", {}, "revisit"),
    "advice": ("/together/safe", "/together/safe/planned", ADVICE, "planned-day"),
    "the change": (
        "/together/safe",
        "/together/safe/planned",
        {**ADVICE, **days("planned-day", in_days(3))},
        "planned-change_begins",
    ),
}
"""Where a day is written: the page, where its form goes, what else is typed, and the field."""

PASSED = {"yesterday": in_days(-1), "long ago": date(1900, 1, 1)}
FAR = {
    "the day after the farthest": in_days(FARTHEST.days + 1),
    "in 2099": date(2099, 12, 4),
    "at the end of time": date(9999, 12, 31),
}
BOUNDED = ("the first check-in", "advice")
"""A rule says how far away these may be."""
ASKED = tuple(place for place in PLACES if place not in BOUNDED)


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


def sure(field: str, day: date) -> dict[str, str]:
    """The box that says of this day that it is meant, ticked."""
    return {f"{field}-sure": day.isoformat()}


def write_day(table: Police, place: str, day: date, **more: str) -> BeautifulSoup:
    """Type this day at a place, where it is not taken; what is on the page then."""
    page, to, typed, field = PLACES[place]
    return parsed(write(table, page, {**typed, **days(field, day), **more}, to=to, status=422))


def said_at(shown: BeautifulSoup, field: str) -> str:
    error = shown.find(id=f"{field}-error")
    return error.get_text().replace("\N{NO-BREAK SPACE}", " ") if error else ""


def box(shown: BeautifulSoup, field: str) -> Tag | None:
    """The box by which a day that is years away is meant."""
    return shown.find("input", attrs={"name": f"{field}-sure"})


def typed_year(shown: BeautifulSoup, field: str) -> str:
    return str(shown.select_one(f'[name="{field}-year"]')["value"])  # type: ignore[index]


@pytest.mark.parametrize("day", PASSED.values(), ids=PASSED)
@pytest.mark.parametrize("place", PLACES)
def test_a_day_that_has_passed_is_refused_at_its_field(table: Police, place: str, day: date) -> None:
    field = PLACES[place][3]
    shown = write_day(table, place, day)
    assert "This day has passed" in said_at(shown, field)
    assert typed_year(shown, field) == str(day.year), "what was typed is still there"
    assert box(shown, field) is None


@pytest.mark.parametrize("day", FAR.values(), ids=FAR)
@pytest.mark.parametrize("place", BOUNDED)
def test_a_far_day_that_a_rule_bounds_is_refused(table: Police, place: str, day: date) -> None:
    field = PLACES[place][3]
    shown = write_day(table, place, day)
    assert f"This day is in {day.year}. Choose a day in the next 3 years." in said_at(shown, field)
    assert typed_year(shown, field) == str(day.year)
    assert box(shown, field) is None


@pytest.mark.parametrize("bounded", [False, True])
def test_a_tick_for_a_day_that_a_rule_bounds_says_nothing(app: Flask, *, bounded: bool) -> None:
    class Example(PlainForm):
        when = DayField("When?", bounded=bounded)

    far = date(2099, 12, 4)
    with app.test_request_context():
        form = Example(formdata=MultiDict({**days("when", far), **sure("when", far)}))
    assert form.when.is_sure is not bounded


@pytest.mark.parametrize("day", FAR.values(), ids=FAR)
@pytest.mark.parametrize("place", ASKED)
def test_a_day_years_away_is_asked_about_and_taken_when_it_is_meant(table: Police, place: str, day: date) -> None:
    page, to, _, field = PLACES[place]
    shown = write_day(table, place, day)
    named = i18n.day(day, weekday=True).replace("\N{NO-BREAK SPACE}", " ")
    assert f"{named} is more than 3 years away" in said_at(shown, field)
    assert typed_year(shown, field) == str(day.year), "what was typed is still there"
    asked = box(shown, field)
    assert asked is not None
    assert (asked["value"], asked.has_attr("checked")) == (day.isoformat(), False)
    label = shown.select_one(f'label[for="{asked["id"]}"]')
    assert label is not None and label.get_text().replace("\N{NO-BREAK SPACE}", " ") == f"Yes, I mean {named}"
    write(table, page, {}, to=to, status=422)  # pressed again without the tick, it is asked again
    write(table, page, sure(field, day), to=to)
    assert box(table.page(page), field) is None


@pytest.mark.parametrize("place", ASKED)
def test_another_day_is_asked_about_anew(table: Police, place: str) -> None:
    field, (first, other) = PLACES[place][3], (date(2099, 12, 4), date(2099, 12, 5))
    write_day(table, place, first)
    shown = write_day(table, place, other, **sure(field, first))
    assert "5 December 2099 is more than 3 years away" in said_at(shown, field)
    asked = box(shown, field)
    assert asked is not None
    assert (asked["value"], asked.has_attr("checked")) == (other.isoformat(), False)


def test_a_tick_stays_while_something_else_is_put_right(table: Police) -> None:
    day = date(2099, 12, 4)
    write_day(table, "a step", day)
    page, to, _, field = PLACES["a step"]
    shown = parsed(write(table, page, {"step-what": "", **sure(field, day)}, to=to, status=422))
    asked = box(shown, field)
    assert said_at(shown, field) == ""
    assert asked is not None and asked.has_attr("checked")
    write(table, page, STEP, to=to)


@pytest.mark.parametrize("place", ["a question", "a trial", "the review"])
def test_a_far_day_that_was_taken_is_not_asked_about_again(table: Police, place: str) -> None:
    day, (page, to, _, field) = date(2099, 12, 4), PLACES[place]
    write_day(table, place, day)
    write(table, page, sure(field, day), to=to)
    assert typed_year(table.page(page), field) == "2099"
    assert box(table.page(page), field) is None
    write(table, page, {"words": "Mornings"} if place == "a trial" else {}, to=to)


def test_the_question_is_still_there_after_another_page(table: Police) -> None:
    write_day(table, "the review", date(2099, 12, 4))
    assert box(table.page("/together/plan"), "review") is None
    assert box(table.page("/together/dates"), "review") is not None


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
