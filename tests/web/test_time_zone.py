"""Every day is counted in the service's time zone: what is on a screen or on paper, and what rules go by.

The service lies in the far west, where it is still 19 August while the server's clock says 20 August.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from flask import Flask

from decisionaid.demonstration.press import Press
from decisionaid.demonstration.stories import Story
from decisionaid.storage import queries_caseload, queries_safety
from decisionaid.storage.database import Database
from decisionaid.storage.models import Handover, Plan, Printout, Service, Signing, SortRecord
from decisionaid.storage.models.sorts import Device
from decisionaid.web import blank_paper
from tests.builders import DECKS, Case, a_case, open_up
from tests.police import Police, words
from tests.web.doors import sign_in
from tests.web.together_table import both_sign, paper, printed, sit, write

FAR, ELSEWHERE = "Pacific/Pago_Pago", "Europe/London"
THERE, HERE = date(2026, 8, 19), date(2026, 8, 20)
ZONES = pytest.mark.parametrize(("zone", "day"), [(FAR, THERE), (ELSEWHERE, HERE)])
"""What is checked, and its control: another zone has another day."""


@pytest.fixture(autouse=True)
def clock() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 8, 20, 9, 30, tzinfo=UTC), tick=False):
        yield


def in_zone(database: Database, zone: str) -> Case:
    """A case of a service in this zone, both sorts finished today."""
    case = a_case(database).sorted_by_both().confirmed()
    with database.writing() as db:
        db.query(Service).one().time_zone = zone
    return case


def signed(app: Flask, case: Case) -> Police:
    table = sit(app, case)
    write(table, "/together/goals", {"title": "Walk more"})
    both_sign(table)
    return table


def at(moment: datetime, zone: str) -> str:
    """The time of day there, as paper says it."""
    return f"{moment.astimezone(ZoneInfo(zone)):%H:%M}"


def said(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@ZONES
def test_plan_paper_and_dates(app: Flask, database: Database, zone: str, day: date) -> None:
    case = in_zone(database, zone)
    printed_on = printed(paper(signed(app, case)))
    with database.reading() as db:
        assert db.query(Signing).one().agreed_on == day
        plan = db.query(Plan).one()
        assert plan.revisit_date is not None and plan.review_date is not None
        assert (plan.revisit_date - day, plan.review_date - day) == (timedelta(weeks=3), timedelta(weeks=12))
        assert db.query(Printout).count() == 1
    other = HERE if day == THERE else THERE
    assert f"printed {said(day)}, {at(datetime.now(UTC), zone)}" in printed_on
    assert said(other) not in printed_on
    with database.reading() as db:
        finished = {row.party: row.finished_at for row in db.query(SortRecord)}
    assert len(set(finished.values())) == 2
    for moment in finished.values():
        assert moment is not None
        assert f"finished on {said(day)} at {at(moment, zone)}." in printed_on


@ZONES
@pytest.mark.parametrize(
    ("device", "so"),
    [
        (Device.TABLET, "handed over by Maya Osei on {day} at {at}."),
        (Device.OWN, "connected by Maya Osei on {day} at {at}."),
        (Device.PAPER, "Maya Osei typed them in on {day}."),
    ],
)
def test_how_the_cards_were_handed_over(
    app: Flask, database: Database, zone: str, day: date, device: Device, so: str
) -> None:
    case = in_zone(database, zone)
    with database.writing() as db:
        given = {"service_id": case.service_id, "round_id": case.round_id, "by_id": case.keyworker_id}
        db.add(Handover(**given, device=device, at=datetime.now(UTC)))
    table = sit(app, case)
    write(table, "/together/goals", {"title": "Walk more"})
    text = words(table.get("/together/preview")).replace("\N{NO-BREAK SPACE}", " ")
    assert so.format(day=said(day), at=at(datetime.now(UTC), zone)) in text


@ZONES
def test_desk_and_history(app: Flask, database: Database, zone: str, day: date) -> None:
    case = in_zone(database, zone)
    text = words(sign_in(app).get(f"/desk/clients/{case.client_id}")).replace("\N{NO-BREAK SPACE}", " ")
    other = HERE if day == THERE else THERE
    assert f"Started on {said(day)}" in text
    assert said(other) not in text


@ZONES
def test_a_review_is_due_on_its_day(app: Flask, database: Database, zone: str, day: date) -> None:
    case = in_zone(database, zone)
    signed(app, case)
    open_up(database)
    with database.writing() as db:
        db.query(Signing).one().review_date = HERE
        (line,) = queries_caseload.lines(db, case.service_id, case.keyworker_id, HERE)
        assert line.waiting_since == datetime.combine(HERE, time(), ZoneInfo(zone))
    page = words(sign_in(app).get("/desk/"))
    assert ("Start the review" in page or "Start the review" in page) is (day == HERE)


@ZONES
def test_safety_answers_have_their_day(database: Database, zone: str, day: date) -> None:
    case = in_zone(database, zone)
    with database.reading() as db:
        assert {reply.on for reply in queries_safety.facts_of(db, case.round(db)).replies} == {day}


@ZONES
def test_blank_paper(app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch, zone: str, day: date) -> None:
    in_zone(database, zone)
    asked: list[date] = []

    def blanks(*_: object, on: date, **_more: object) -> tuple[()]:
        asked.append(on)
        return ()

    monkeypatch.setattr(blank_paper, "blanks", blanks)
    blank_paper.printed(app, "en", easy=False)
    assert asked == [day]


def test_the_demonstration_counts_days_where_it_lies(app: Flask, database: Database) -> None:
    case = a_case(database)
    with database.reading() as db:
        held = db.query(Service).one()
        story = Story(db, held, case.keyworker(db), DECKS, {}, Press(app), case.now)
        days = []
        for zone in (FAR, ELSEWHERE):
            held.time_zone, story.clock = zone, case.now
            days.append(story.day)
    assert days == [THERE, HERE]
