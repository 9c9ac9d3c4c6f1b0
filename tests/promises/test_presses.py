"""P26: every form of every page counts once: sent twice, ten times at once, again after Back, and the next day."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from flask import Flask, redirect
from werkzeug.wrappers import Response

from decisionaid.casework import presses
from decisionaid.storage.database import Database
from decisionaid.storage.models import Action, AgreedGoal, PressRecord, Risk, SeatRow, Staff
from decisionaid.web.request import db
from decisionaid.web.seat import BLUEPRINTS, FIRST_STEPS, WHILE_LOCKED
from tests.builders import PIN, Case, a_case
from tests.police import Police
from tests.promises import every_form
from tests.promises.every_form import MOMENTS, Drawn
from tests.promises.onlookers import HOMES, addresses, csrf_of, ids_of, rows, sit
from tests.web.sorters import held

MAY_DIFFER = {"seat", "form_draft", "throttle"}
"""When a seat was last seen; what a refused press leaves: its draft and the count of a guess."""

NOT_DRAWN = {
    "admin.enable admin.unlock admin.keep_first_steps keyworker.unlock keyworker.keep_first_steps",
    "client.describe client.drop_card_question client.drop_question client.goal_words client.remove_own",
    "client.put_back",
    "together.put_goal_back together.put_action_back together.put_risk_back",
    "client.keep_listened client.see_progress keyworker.same_words together.cancel_advice together.keep_question",
    "keyworker.sort_describe keyworker.sort_drop_card_question keyworker.sort_drop_question",
    "keyworker.sort_goal_words keyworker.sort_see_progress keyworker.sort_what_matters together.keep_reasons",
    "public.choose_language public.claim public.claim_by_scan public.go_on public.try_sign_in",
}
"""Forms of moments that no case below stands at. That they count once is seen where each address is tried."""


def posts(app: Flask) -> set[str]:
    """Every address that takes a form from someone in a seat."""
    return {rule.endpoint for rule in app.url_map.iter_rules() if "POST" in (rule.methods or ())}


# Every address, whatever its view does


def in_seat(app: Flask, case: Case, endpoint: str) -> Police:
    """A browser in the seat, and at the moment, at which this address answers."""
    seat = endpoint.partition(".")[0]
    asker = sit(app, case, seat)
    with case.database.writing() as session:
        for row in session.query(SeatRow).filter_by(kind=seat):
            row.locked = endpoint in WHILE_LOCKED
        for person in session.query(Staff):
            person.must_change = endpoint in FIRST_STEPS
    return asker


def runs(own_app: Flask, case: Case, endpoint: str, path: str) -> int:
    """How often the view behind an address runs where the same press is sent three times."""
    ran: list[str] = []

    def view(**_: object) -> Response:
        db()
        ran.append(endpoint)
        return redirect("/elsewhere", 303)

    asker = in_seat(own_app, case, endpoint)
    home = {"unlock": "/locked", "keep_first_steps": "/first-steps"}.get(endpoint.partition(".")[2], "")
    token = csrf_of(asker, HOMES[endpoint.partition(".")[0]] + home.removeprefix("/"))
    own_app.view_functions[endpoint] = view
    answers = [asker.post(path, data={"csrf_token": token, "a": "b"}) for _ in range(3)]
    assert {answer.location for answer in answers} == {"/elsewhere"}, endpoint
    return len(ran)


def of_seats(app: Flask, case: Case) -> Iterator[tuple[str, str]]:
    for address in addresses(app, "POST", **ids_of(case)):
        if address.endpoint.partition(".")[0] in BLUEPRINTS:
            yield address.endpoint, address.path


@pytest.mark.promise("P26")
def test_every_address_counts_the_same_press_once(own_app: Flask, database: Database) -> None:
    case = a_case(database).sorted_by_both().confirmed()
    found = {endpoint: runs(own_app, case, endpoint, path) for endpoint, path in of_seats(own_app, case)}
    assert set(found.values()) == {1}, found
    print(f"P26: {len(found)} addresses that take forms, the same press three times: 1 run each")


@pytest.mark.promise("P26")
def test_control_without_turns_a_view_runs_each_time(
    own_app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "take", lambda *_: None)
    case = a_case(database).sorted_by_both().confirmed()
    assert runs(own_app, case, "together.move_goal", "/together/goal/1/move") == 3


# Every form as it is drawn


def changed(before: dict[str, list[str]], after: dict[str, list[str]]) -> list[str]:
    return [table for table in before if table not in MAY_DIFFER and before[table] != after[table]]


def kinds(app: Flask, case: Case, seat: str) -> list[Drawn]:
    """One form of each kind that this seat is shown."""
    found = {(each.endpoint, frozenset(each.data)): each for each in every_form.forms(app, case, seat)}
    return list(found.values())


def twice(app: Flask, case: Case, drawn: Drawn) -> tuple[bool, list[str]]:
    """Whether a form, drawn afresh and sent, was taken; and what the same press changed when it came again."""
    asker = sit(app, case, drawn.seat)
    form = every_form.again(app, asker, drawn, whole=True)
    if form is None:
        return False, []
    before = rows(case)
    asker.post(form.path, data=form.data)
    after = rows(case)
    asker.post(form.path, data=form.data)
    return bool(changed(before, after)), changed(after, rows(case))


def sent_twice(app: Flask, database: Database, moment: str) -> tuple[set[str], set[str], dict[str, list[str]]]:
    """At this moment: the addresses that were tried, those that took the press, and what a second one changed."""
    case = every_form.at(app, database, moment)
    tried, taken, wrong = set[str](), set[str](), dict[str, list[str]]()
    for seat in MOMENTS[moment][1]:
        for drawn in kinds(app, case, seat):
            was_taken, again = twice(app, case, drawn)
            tried.add(drawn.endpoint)
            taken |= {drawn.endpoint} if was_taken else set()
            wrong |= {drawn.endpoint: again} if again else {}
    return tried, taken, wrong


@pytest.mark.in_turn(4)
@pytest.mark.promise("P26")
@pytest.mark.parametrize("moment", MOMENTS)
def test_every_form_sent_twice_has_one_effect(app: Flask, database: Database, moment: str) -> None:
    tried, taken, wrong = sent_twice(app, database, moment)
    assert not wrong
    assert len(taken) >= len(tried) // 4, tried - taken
    print(f"P26: {len(tried)} forms at the moment “{moment}”, each twice ({len(taken)} changed something): 1 effect")


@pytest.mark.promise("P26")
def test_control_without_turns_forms_take_effect_twice(
    app: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "take", lambda *_: None)
    wrong = sent_twice(app, database, "met")[2]
    assert {"together.add_action", "together.add_risk"} <= set(wrong)


@pytest.mark.promise("P26")
def test_no_form_of_the_address_map_is_left_out(app: Flask, database: Database) -> None:
    drawn = set()
    for number, moment in enumerate(MOMENTS):
        case = every_form.at(app, database, moment, reference=f"RE-{number}")
        drawn |= {each.endpoint for seat in MOMENTS[moment][1] for each in every_form.forms(app, case, seat)}
    not_drawn = {endpoint for line in NOT_DRAWN for endpoint in line.split()}
    assert posts(app) - drawn - not_drawn - {"public.sweep_up"} == set()


# A few in all the ways


@pytest.fixture
def planned(app: Flask, database: Database) -> Case:
    return every_form.at(app, database, "met")


def count(case: Case, model: type[AgreedGoal] | type[Action] | type[Risk] | type[PressRecord]) -> int:
    with case.database.reading() as session:
        found = session.query(model).all()
    return sum(1 for row in found if getattr(row, "dropped_at", None) is None)


def form_to(app: Flask, asker: Police, page: str, to: str, **fields: str) -> tuple[str, dict[str, str]]:
    found = every_form.on_page(app, "together", page, asker.page(page))
    form = next(each for each in found if each.path == to and "then" not in each.data)
    return to, {**form.data, **fields}


WAYS: dict[str, tuple[str, str, dict[str, str], Callable[[Case], int], int]] = {
    "a goal": ("/together/goals", "/together/goals", {"title": "Swim", "card": ""}, lambda c: count(c, AgreedGoal), 3),
    "a step": ("/together/goal/1", "/together/goal/1/action", {"step-what": "Swim"}, lambda c: count(c, Action), 5),
    "a risk": ("/together/safe", "/together/safe/risk", {"risk-risk": "Cold"}, lambda c: count(c, Risk), 3),
    "drop": ("/together/goals", "/together/goal/1/move", {"do": "drop"}, lambda c: count(c, AgreedGoal), 1),
}


def sender(app: Flask, asker: Police, path: str, data: dict[str, str]) -> Callable[[int], tuple[int, str | None]]:
    """What sends one press over a connection of its own, from the same browser."""
    cookie = asker.get_cookie("seat")
    assert cookie is not None

    def press(_: int) -> tuple[int, str | None]:
        copy = app.test_client()
        copy.set_cookie("seat", cookie.value)
        answer = copy.post(path, data=data)
        return answer.status_code, answer.location

    return press


@pytest.mark.promise("P26")
def test_control_ten_at_once_without_turns_count_more_than_once(
    app: Flask, planned: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(presses, "take", lambda *_: None)
    asker = sit(app, planned, "together")
    path, data = form_to(app, asker, "/together/goal/1", "/together/goal/1/action", **{"step-what": "Swim"})
    with ThreadPoolExecutor(10) as network:
        list(network.map(sender(app, asker, path, data), range(10)))
    assert count(planned, Action) == 14


@pytest.mark.in_turn(2)
@pytest.mark.promise("P26")
@pytest.mark.parametrize("way", WAYS)
def test_ten_at_once_and_after_back_and_the_next_day_is_once(app: Flask, planned: Case, way: str) -> None:
    page, to, fields, found, result = WAYS[way]
    asker = sit(app, planned, "together")
    path, data = form_to(app, asker, page, to, **fields)
    press = sender(app, asker, path, data)
    with ThreadPoolExecutor(10) as network:
        answers = set(network.map(press, range(10)))
    assert found(planned) == result
    assert len(answers) == 1
    asker.get("/together/plan")
    assert press(0) in answers
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=True):
        press(0)
    assert found(planned) == result


@pytest.mark.promise("P26")
def test_same_form_with_other_words_is_another_press(app: Flask, planned: Case) -> None:
    asker = sit(app, planned, "together")
    path, data = form_to(app, asker, "/together/goal/1", "/together/goal/1/action")
    for what in ("Swim", "Sing"):
        asker.post(path, data={**data, "step-what": what})
    assert count(planned, Action) == 6


@pytest.mark.promise("P26")
def test_answer_changed_and_changed_back_on_a_kept_page_is_the_last_one(app: Flask, database: Database) -> None:
    case = a_case(database).with_open_sorts()
    asker = sit(app, case, "client")
    token = csrf_of(asker, "/s/card/1")
    for answer in ("definitely", "possibly", "definitely"):
        asker.post("/s/card/1", data={"csrf_token": token, "answer": answer})
        assert [card.answer for card in held(case).cards.values()] == [answer]


def test_refused_press_leaves_no_turn_and_counts_when_it_is_right(app: Flask, planned: Case) -> None:
    asker = sit(app, planned, "together")
    held = count(planned, PressRecord)
    path, data = form_to(app, asker, "/together/goals", "/together/goals", title="x" * 81, card="")
    for _ in range(2):
        asker.post(path, data=data)
    assert count(planned, PressRecord) == held
    asker.post(path, data={**data, "title": "x"})
    assert (count(planned, PressRecord), count(planned, AgreedGoal)) == (held + 1, 3)


def test_wrong_pin_leaves_no_turn_and_is_counted_each_time(app: Flask, planned: Case) -> None:
    asker = sit(app, planned, "keyworker")
    asker.post("/desk/lock", data={"csrf_token": csrf_of(asker, "/desk/")})
    token, held = csrf_of(asker, "/desk/locked"), count(planned, PressRecord)
    for _ in range(2):
        asker.post("/desk/locked", data={"csrf_token": token, "pin": "975310"})
    assert count(planned, PressRecord) == held
    page = asker.get("/desk/locked").text
    assert "3 tries left" in page
    assert asker.post("/desk/locked", data={"csrf_token": token, "pin": PIN}).location == "/desk/"


def test_nothing_typed_is_stored_with_a_press_and_it_goes_after_three_days(app: Flask, planned: Case) -> None:
    asker = sit(app, planned, "together")
    path, data = form_to(app, asker, "/together/goals", "/together/goals", title="Quillfeather", card="")
    asker.post(path, data=data)
    assert "Quillfeather" not in str(rows(planned)["press"])
    for days, is_there in ((2, True), (4, False)):
        with planned.database.writing() as session:
            presses.sweep(session, datetime.now(UTC) + timedelta(days=days))
        assert bool(count(planned, PressRecord)) is is_there
