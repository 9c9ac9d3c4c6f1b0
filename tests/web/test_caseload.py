"""The caseload: what each row says, in which order, and that neither tells anything of a client's sort too early."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
import time_machine
from flask import Flask
from sqlalchemy.orm import Session

from decisionaid.casework import people, planning, reviewing, sorting
from decisionaid.core.next_step import Group, Step
from decisionaid.core.sort import Party
from decisionaid.storage import queries_caseload
from decisionaid.storage.database import Database
from decisionaid.storage.models import Client, History, Service, SortRecord, Staff
from decisionaid.storage.queries_caseload import Line
from tests.builders import NOW, Case, a_case
from tests.casework.plans import complete
from tests.police import Police, parsed, words
from tests.web.cases import counted, frozen, signed
from tests.web.doors import sign_in

TODAY = NOW.date()
REVIEW = TODAY + timedelta(weeks=12)


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database, own_clock=True)


def line_of(case: Case, today: date = TODAY) -> Line:
    """What the keyworker may know of this client."""
    with case.database.reading() as db:
        (line,) = queries_caseload.lines(db, case.service_id, case.keyworker_id, today, case.client_id)
        return line


WAY: list[tuple[Callable[[Case], Case], Step, Group, str]] = [
    (lambda case: case, Step.OPEN_FIRST, Group.FOR_YOU, "Start the first round"),
    (Case.with_round, Step.OWN_CARDS, Group.FOR_YOU, "Do your own cards"),
    (Case.with_open_sorts, Step.OWN_CARDS, Group.FOR_YOU, "Do your own cards"),
    (Case.sorted_by_client, Step.OWN_CARDS, Group.FOR_YOU, "Do your own cards"),
    (Case.sorted_by_keyworker, Step.CLIENT_CARDS, Group.FOR_CLIENT, "Give Rowan the tablet"),
    (Case.sorted_by_both, Step.COMPARE, Group.FOR_YOU, "Compare together"),
    (lambda case: case.sorted_by_both().confirmed(), Step.TALK, Group.FOR_YOU, "Carry on comparing"),
    (lambda case: frozen(case.sorted_by_both().confirmed()), Step.SIGN, Group.FOR_YOU, "Sign the plan together"),
    (
        lambda case: signed(frozen(case.sorted_by_both().confirmed())),
        Step.SEE_PLAN,
        Group.UNDER_WAY,
        "Plan 1, signed by both",
    ),
    (
        lambda case: signed(frozen(case.sorted_by_both().confirmed()), client_signs=False),
        Step.NOT_SIGNED,
        Group.FOR_YOU,
        "Talk about why the plan was not signed",
    ),
]


@pytest.mark.parametrize(("story", "step", "group", "said"), WAY)
def test_each_point_of_the_way(
    app: Flask, case: Case, story: Callable[[Case], Case], step: Step, group: Group, said: str
) -> None:
    story(case)
    line = line_of(case)
    assert (line.step, line.group) == (step, group)
    with time_machine.travel(NOW + timedelta(hours=8)):
        desk = sign_in(app)
        row = desk.page("/desk/").select_one(f"ul[aria-labelledby={group}] .case")
        assert row is not None
        assert said in " ".join(row.get_text(" ").split())
        assert said in words(desk.get(f"/desk/clients/{case.client_id}"))


@pytest.mark.parametrize(
    ("days", "said", "step"),
    [
        (0, "Review in about 12 weeks", Step.SEE_PLAN),
        (84 - 21, "Review in about 3 weeks", Step.CHECK_IN),
        (84 - 10, "Review on Thursday 12 November", Step.CHECK_IN),
        (84 - 2, "Review this week, on Thursday 12 November", Step.CHECK_IN),
        (84, "Review today", Step.OPEN_REVIEW),
        (84 + 30, "Review was due on 12 November", Step.OPEN_REVIEW),
    ],
)
def test_the_review_as_people_say_it(app: Flask, case: Case, days: int, said: str, step: Step) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    assert line_of(case, TODAY + timedelta(days=days)).step is step
    with time_machine.travel(NOW + timedelta(days=days)):
        desk = sign_in(app)
        for path in ("/desk/", "/desk/plans", f"/desk/clients/{case.client_id}"):
            shown = said_of(desk, path)
            assert said in shown, path
            assert "overdue" not in shown.lower()


def said_of(desk: Police, path: str) -> str:
    return words(desk.get(path)).replace("\N{NO-BREAK SPACE}", " ")


@pytest.mark.parametrize(
    ("opened", "seen", "said"),
    [
        (84 + 30, 84 + 30, "Review under way, due since 12 November"),
        (84, 84 + 40, "Review under way, due since 12 November"),
        (84, 84, "Review under way, due since 12 November"),
        (84 - 7, 84 - 1, "Review under way, planned for 12 November"),
        (84 - 7, 84 + 2, "Review under way, due since 12 November"),
    ],
)
def test_review_that_is_under_way_says_since_when_it_was_due(
    app: Flask, case: Case, opened: int, seen: int, said: str
) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    page = f"/desk/clients/{case.client_id}"
    with time_machine.travel(NOW + timedelta(days=opened)):
        sign_in(app).send(page, f"{page}/rounds")
    with time_machine.travel(NOW + timedelta(days=seen)):
        desk = sign_in(app)
        for path in ("/desk/", "/desk/plans", page):
            assert said in said_of(desk, path), path
        told = said_of(desk, page)
        assert "Maya Osei started the review that was due on 12 November 2026" in told
        day = TODAY + timedelta(days=opened)
        assert f"Round 2, a review Due on 12 November 2026 Started on {day.day} {day:%B %Y}" in told


def test_review_that_is_signed_makes_way_for_the_next(app: Flask, case: Case) -> None:
    complete(case.sorted_by_both().confirmed())
    case.now = NOW + timedelta(days=100)
    case.round_id = case.client_sort_id = case.keyworker_sort_id = ""
    case.sorted_by_both().confirmed()
    with time_machine.travel(case.now):
        assert "Review under way, due since 12 November" in said_of(sign_in(app), "/desk/")
    complete(case)
    with time_machine.travel(case.now):
        said = said_of(sign_in(app), f"/desk/clients/{case.client_id}")
    assert "under way" not in said
    assert "Review in about 12 weeks" in said
    assert "Due on 12 November 2026" in said


def test_review_that_was_stopped_is_due_again(app: Flask, case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    case.now = NOW + timedelta(days=100)
    case.with_round()
    with case.database.writing() as db:
        reviewing.close_round(db, case.round(db), "not now", actor=case.keyworker(db), now=case.later())
    assert line_of(case, case.now.date()).step is Step.OPEN_REVIEW
    with time_machine.travel(case.now):
        assert "Review was due on 12 November" in said_of(sign_in(app), "/desk/")


def test_review_was_due_as_the_last_version_says(app: Flask, case: Case) -> None:
    complete(case.sorted_by_both().confirmed())
    with case.database.writing() as db:
        plan = planning.plan_of(db, case.round(db))
        assert plan is not None and plan.revisit_date is not None
        planning.set_dates(plan, plan.revisit_date, TODAY + timedelta(days=60), today=TODAY, now=case.later())
    complete(case)
    case.now = NOW + timedelta(days=70)
    case.with_round()
    with time_machine.travel(case.now):
        said = said_of(sign_in(app), f"/desk/clients/{case.client_id}")
    assert "Maya Osei started the review that was due on 19 October 2026" in said
    assert "12 November" not in said


def test_first_round_is_no_review(app: Flask, case: Case) -> None:
    case.with_round()
    said = said_of(sign_in(app), f"/desk/clients/{case.client_id}")
    assert "Maya Osei started a round" in said
    assert "Due on" not in said
    assert "No review date yet" in said_of(sign_in(app), "/desk/")


CHECK_IN = 21
"""So many days after it was agreed comes a plan's first check-in."""


@pytest.mark.parametrize(
    ("days", "said"),
    [
        (CHECK_IN - 1, ""),
        (CHECK_IN, "First check-in today"),
        (CHECK_IN + 5, "First check-in was planned for 10 September"),
    ],
)
def test_first_check_in_that_has_come_is_a_task(app: Flask, case: Case, days: int, said: str) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    line = line_of(case, TODAY + timedelta(days=days))
    assert (line.step, line.group) == ((Step.CHECK_IN, Group.FOR_YOU) if said else (Step.SEE_PLAN, Group.UNDER_WAY))
    with time_machine.travel(NOW + timedelta(days=days)):
        desk = sign_in(app)
        for path in ("/desk/", f"/desk/clients/{case.client_id}"):
            shown = said_of(desk, path)
            assert ("Do the first check-in" in shown) is bool(said), path
            assert said in shown, path
        shown = said_of(desk, "/desk/plans")
        assert said in shown
        assert said or not re.search("First check-in (today|was)", shown)


def test_check_in_is_done_by_sitting_down_over_the_plan(app: Flask, case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    after = TODAY + timedelta(days=CHECK_IN + 5)
    page = f"/desk/clients/{case.client_id}"
    sat = "Maya Osei opened the plan together with the client"
    with time_machine.travel(NOW + timedelta(days=CHECK_IN - 1)):
        sign_in(app).send(page, f"/desk/rounds/{case.round_id}/together")
    assert line_of(case, after).step is Step.CHECK_IN, "the day before is too early"
    with time_machine.travel(NOW + timedelta(days=CHECK_IN + 5)):
        sign_in(app).send("/desk/", f"/desk/rounds/{case.round_id}/together")
        assert words(sign_in(app).get(page)).count(sat) == 2
    assert line_of(case, after).step is Step.SEE_PLAN
    assert line_of(case, after - timedelta(days=1)).step is Step.CHECK_IN, "by a clock that was ahead"


@pytest.mark.parametrize(("zone", "step"), [("Pacific/Pago_Pago", Step.CHECK_IN), ("Europe/London", Step.SEE_PLAN)])
def test_look_counts_on_the_day_that_it_is_at_the_service(app: Flask, case: Case, zone: str, step: Step) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    with case.database.writing() as db:
        db.query(Service).one().time_zone = zone
    with time_machine.travel(NOW + timedelta(days=CHECK_IN)):  # by London's clock; the evening before in the other zone
        sign_in(app).send(f"/desk/clients/{case.client_id}", f"/desk/rounds/{case.round_id}/together")
    assert line_of(case, TODAY + timedelta(days=CHECK_IN + 5)).step is step


def test_round_opened_by_a_clock_ahead_hides_no_later_look(case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    for days in (CHECK_IN, 400):
        case.now = NOW + timedelta(days=days)
        case.with_round()
        with case.database.writing() as db:
            reviewing.close_round(db, case.round(db), "not now", actor=case.keyworker(db), now=case.later())
    assert line_of(case, TODAY + timedelta(days=CHECK_IN)).step is Step.SEE_PLAN


def test_look_by_a_clock_ahead_hides_no_later_one(app: Flask, case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    page = f"/desk/clients/{case.client_id}"
    for days in (400, CHECK_IN):
        with time_machine.travel(NOW + timedelta(days=days)):
            sign_in(app).send(page, f"/desk/rounds/{case.round_id}/together")
    assert line_of(case, TODAY + timedelta(days=CHECK_IN)).step is Step.SEE_PLAN


def test_check_in_is_done_by_a_round_that_was_opened_since(case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    case.now = NOW + timedelta(days=CHECK_IN)
    case.with_round()
    assert line_of(case, case.now.date()).step is Step.OWN_CARDS
    with case.database.writing() as db:
        reviewing.close_round(db, case.round(db), "not now", actor=case.keyworker(db), now=case.later())
    assert line_of(case, case.now.date()).step is Step.SEE_PLAN


def test_check_in_of_a_plan_that_was_signed_anew_is_its_own(case: Case) -> None:
    complete(case.sorted_by_both().confirmed())
    case.now = NOW + timedelta(days=13)
    complete(case)
    assert line_of(case, TODAY + timedelta(days=CHECK_IN)).check_in.has_come
    with case.database.writing() as db:
        plan = planning.plan_of(db, case.round(db))
        assert plan is not None
        dates = (case.now.date() + timedelta(weeks=3), case.now.date() + timedelta(weeks=12))
        planning.set_dates(plan, *dates, today=case.now.date(), now=case.later())
    complete(case)
    assert line_of(case, TODAY + timedelta(days=CHECK_IN)).step is Step.SEE_PLAN
    assert line_of(case, dates[0]).step is Step.CHECK_IN


def test_check_ins_wait_since_their_day(case: Case) -> None:
    signed(frozen(case.sorted_by_both().confirmed()))
    line = line_of(case, TODAY + timedelta(days=CHECK_IN + 5))
    assert line.waiting_since.isoformat() == "2026-09-10T00:00:00+01:00"


def test_sitting_down_over_a_round_without_a_plan_is_no_look_at_one(app: Flask, case: Case) -> None:
    case.sorted_by_both()
    sign_in(app).send("/desk/", f"/desk/rounds/{case.round_id}/together")
    with case.database.reading() as db:
        assert db.query(History).filter_by(verb="sat_over_plan").count() == 0


# Blindness


def bare(desk: Police, path: str) -> str:
    """A page without its tokens, which differ each time."""
    return re.sub(r'name="csrf_token" value="[^"]*"', "", desk.get(path).get_data(as_text=True))


def test_until_the_keyworker_has_finished_no_page_tells_anything_of_the_clients_sort(app: Flask, case: Case) -> None:
    case.with_round()
    paths = ("/desk/", "/desk/plans", f"/desk/clients/{case.client_id}", f"/desk/rounds/{case.round_id}/hand-over")
    with time_machine.travel(NOW + timedelta(hours=8), tick=False):
        desk = sign_in(app)
        before = [bare(desk, path) for path in paths]
        with case.database.writing() as db:
            sort = sorting.begin(db, case.round(db), Party.CLIENT, author=None, language="en", now=case.later())
            case.client_sort_id = sort.id
        assert [bare(desk, path) for path in paths] == before
        case.sorted_by_client()
        assert [bare(desk, path) for path in paths] == before
        with case.database.writing() as db:
            own = sorting.begin(
                db, case.round(db), Party.KEYWORKER, author=case.keyworker(db), language="en", now=case.later()
            )
            case.keyworker_sort_id = own.id
        case.sorted_by_keyworker()
        assert [bare(desk, path) for path in paths] != before  # the control: something did change


def test_history_says_nothing_of_the_clients_sort_before_it_is_confirmed(app: Flask, case: Case) -> None:
    case.sorted_by_both()
    desk = sign_in(app)
    path = f"/desk/clients/{case.client_id}"
    assert "The client finished their cards" not in words(desk.get(path))
    assert "Maya Osei finished their own cards" in words(desk.get(path))
    case.confirmed()
    assert "The client finished their cards" in words(desk.get(path))


def test_the_order_does_not_tell_when_a_client_finished(database: Database) -> None:
    """Both keyworker sorts are done at known times; whichever client finishes first, the order stays."""
    for turn in (0, 1):
        cases = [a_case(database, name=f"{name} {turn}", reference=f"{name}-{turn}") for name in ("Ada", "Ben")]
        for one in cases:
            one.sorted_by_keyworker()
        orders = cases if turn else list(reversed(cases))
        for later, one in enumerate(orders, start=1):
            one.now = NOW + timedelta(days=later)
            one.sorted_by_client()
        with database.reading() as db:
            mine = queries_caseload.lines(db, cases[0].service_id, cases[0].keyworker_id, TODAY)
        waits = {line.client_id: line.waiting_since for line in mine if line.step is Step.COMPARE}
        for one in cases:
            with database.reading() as db:
                own = db.get_one(SortRecord, (one.service_id, one.keyworker_sort_id))
            assert waits[one.client_id] == own.finished_at


def test_longest_wait_first(app: Flask, database: Database) -> None:
    for number, name in enumerate(("Cem", "Ada", "Ben")):
        one = a_case(database, name=f"{name} Example", reference=f"R-{number}")
        one.now = NOW + timedelta(days=number)
        one.with_round()
    rows = sign_in(app).page("/desk/").select(".case-who b")
    assert [row.get_text(strip=True) for row in rows] == ["Cem Example", "Ada Example", "Ben Example"]


def _pass_on(db: Session, case: Case, keyworker_id: str) -> None:
    client = db.get_one(Client, (case.service_id, case.client_id))
    people.reassign(
        db, client, db.get_one(Staff, (case.service_id, keyworker_id)), actor=case.keyworker(db), now=case.later()
    )


def test_whoever_takes_over_sorts_anew_until_the_client_has_confirmed(database: Database, case: Case) -> None:
    case.sorted_by_both()
    idris = a_case(database, login="idris", name="Elin Frost", reference="EF-0533").keyworker_id
    with database.writing() as db:
        _pass_on(db, case, idris)
    case.keyworker_id = idris
    assert line_of(case).step is Step.OWN_CARDS
    assert line_of(case).client_finished is None


def test_a_comparison_that_has_begun_survives_being_passed_on(database: Database, case: Case) -> None:
    case.sorted_by_both().confirmed()
    idris = a_case(database, login="idris", name="Elin Frost", reference="EF-0533").keyworker_id
    with database.writing() as db:
        _pass_on(db, case, idris)
    case.keyworker_id = idris
    assert line_of(case).step is Step.TALK


# Search, emptiness, cost


@pytest.mark.parametrize(
    ("find", "names"),
    [
        ("adé", ["Adé Wren"]),
        ("ADE", ["Adé Wren"]),
        ("wren", ["Adé Wren"]),
        ("aw-1", ["Adé Wren"]),
        ("re-0522", ["Rowan Ellis"]),
        ("n", ["Adé Wren", "Rowan Ellis"]),
        ("Wren, Ade", ["Adé Wren"]),
        ("re0522", ["Rowan Ellis"]),
        ("+44 1632 960 142", ["Adé Wren"]),
        ("%", []),
        ("_", []),
        ("frost", []),
        ("<script>", []),
        ("x" * 500, []),
    ],
)
def test_search_by_name_or_reference(app: Flask, database: Database, case: Case, find: str, names: list[str]) -> None:
    wren = a_case(database, name="Adé Wren", reference="AW-1")
    with database.writing() as db:
        details: dict[str, object] = {"reference": "AW-1", "telephone": "01632 960142"}
        client = db.get_one(Client, (wren.service_id, wren.client_id))
        people.change_client(db, client, details, actor=wren.keyworker(db), now=wren.now)
    a_case(database, login="idris", name="Elin Frost", reference="EF-0533")
    desk = sign_in(app)
    page = parsed(desk.get("/desk/", query_string={"find": find}))
    assert sorted(row.get_text(strip=True) for row in page.select(".case-who b")) == names
    if not names:
        assert "You have no client matching" in page.get_text()


def test_an_empty_caseload_says_what_will_be_here(app: Flask, database: Database, case: Case) -> None:
    elin = a_case(database, login="idris", name="Elin Frost", reference="EF-0533")
    with database.writing() as db:
        _pass_on(db, elin, case.keyworker_id)
    assert "No clients here yet" in words(sign_in(app, "idris").get("/desk/"))


def test_the_number_of_queries_does_not_grow(app: Flask, database: Database, case: Case) -> None:
    desk = sign_in(app)
    numbers = []
    case.sorted_by_both()
    for more in (0, 12):
        for number in range(more):
            one = a_case(database, name=f"Client {number}", reference=f"C-{number}")
            if number % 3:
                one.with_round()
            if number % 3 == 1:
                one.sorted_by_both()
        with counted(database) as sent:
            assert desk.get("/desk/").status_code == 200
        numbers.append(len(sent))
    assert numbers[0] == numbers[1] <= 16, numbers
