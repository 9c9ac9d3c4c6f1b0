"""A form names its thing: a press made for one goal, step, risk, question or card is never done to its neighbour."""

import pytest
from flask import Flask

from decisionaid.casework import planning
from decisionaid.casework.planning import Draft
from decisionaid.storage.database import Database
from decisionaid.web.request import ABOUT
from tests.builders import Case, a_case
from tests.police import Police
from tests.promises import every_form
from tests.promises.every_form import Drawn
from tests.promises.onlookers import rows, sit
from tests.web.doors import sat_once
from tests.web.together_table import write

NAMED = {
    "together.keep_goal",
    "together.move_goal",
    "together.add_action",
    "together.remove_action",
    "together.put_action_back",
    "together.put_goal_back",
    "together.remove_risk",
    "together.put_risk_back",
    "together.keep_question",
    "together.talk",
    "together.settle",
}


@pytest.fixture
def case(app: Flask, database: Database) -> Case:
    case = a_case(database).sorted_by_both().confirmed()
    sat_once(with_all, app, case)
    return case


def with_all(app: Flask, case: Case) -> Police:
    every_form.plan_with_all(app, case)
    return sit(app, case, "together")


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    return sit(app, case, "together")


def draft(case: Case) -> Draft:
    with case.database.reading() as db:
        plan = planning.plan_of(db, case.round(db))
        assert plan is not None
        return planning.draft(db, plan)


def titles(case: Case) -> list[str]:
    return [goal.title for goal in draft(case).goals]


def drawn(app: Flask, table: Police, page: str, to: str, nth: int = 0) -> Drawn:
    return [each for each in every_form.on_page(app, "together", page, table.page(page)) if each.path == to][nth]


def test_goal_dropped_from_two_tabs_leaves_the_other(app: Flask, table: Police, case: Case) -> None:
    tabs = [drawn(app, table, "/together/goals", "/together/goal/1/move") for _ in range(2)]
    heard = [table.heard(tab.path, {**tab.data, "do": "drop"}) for tab in tabs]
    assert heard == [303, 409]
    assert titles(case) == ["Sleep better"]


def test_words_of_a_goal_that_moved_go_to_that_goal(app: Flask, table: Police, case: Case) -> None:
    tab = drawn(app, table, "/together/goal/1", "/together/goal/1")
    write(table, "/together/goals", {"do": "up"}, to="/together/goal/2/move")
    sent = table.press(tab.path, {**tab.data, "why": "For my knees"})
    assert sent.location == "/together/goal/2"
    assert [(goal.title, goal.why) for goal in draft(case).goals] == [
        ("Sleep better", ""),
        ("Walk more", "For my knees"),
    ]


def test_words_refused_for_a_goal_that_moves_are_found_at_its_new_place(app: Flask, table: Police, case: Case) -> None:
    tab = drawn(app, table, "/together/goal/1", "/together/goal/1")
    table.press(tab.path, {**tab.data, "title": "x" * 81, "why": "For my knees"}, status=422)
    write(table, "/together/goals", {"do": "up"}, to="/together/goal/2/move")
    assert "For my knees" not in table.get("/together/goal/1").text
    assert "For my knees" in table.get("/together/goal/2").text
    write(table, "/together/goal/1", {"why": "Sleep"})
    assert "For my knees" in table.get("/together/goal/2").text


def test_words_for_a_goal_that_is_gone_wait_until_it_is_put_back(app: Flask, table: Police, case: Case) -> None:
    tab = drawn(app, table, "/together/goal/1", "/together/goal/1")
    write(table, "/together/goals", {"do": "drop"}, to="/together/goal/1/move")
    page = table.press(tab.path, {**tab.data, "why": "For my knees"}, status=409)
    assert "not in the plan any more" in page.text
    assert "For my knees" not in table.get("/together/goal/1").text
    assert draft(case).goals[0].why == ""
    write(table, "/together/goals", to="/together/goals/back")
    assert titles(case) == ["Sleep better", "Walk more"]
    assert "For my knees" in table.get("/together/goal/2").text


def test_step_for_a_goal_that_is_gone_is_not_added_to_the_neighbour(app: Flask, table: Police, case: Case) -> None:
    tab = drawn(app, table, "/together/goal/1", "/together/goal/1/action")
    write(table, "/together/goals", {"do": "drop"}, to="/together/goal/1/move")
    assert table.heard(tab.path, tab.data) == 409
    assert [step.what for step in draft(case).actions] == ["No telephone in bed", "Read"]


def test_step_taken_out_in_another_tab_is_gone(app: Flask, table: Police, case: Case) -> None:
    tabs = [drawn(app, table, "/together/goal/1", "/together/goal/1/action/remove") for _ in range(2)]
    assert [table.heard(tab.path, tab.data) for tab in tabs] == [303, 409]
    assert [step.what for step in draft(case).actions] == ["Buy shoes", "No telephone in bed", "Read"]


def test_risk_taken_out_in_another_tab_is_gone(app: Flask, table: Police, case: Case) -> None:
    tabs = [drawn(app, table, "/together/safe", "/together/safe/risk/remove") for _ in range(2)]
    assert [table.heard(tab.path, tab.data) for tab in tabs] == [303, 409]
    assert len(draft(case).risks) == 1


def test_risk_taken_out_comes_back_with_its_words(app: Flask, table: Police, case: Case) -> None:
    before = [risk.risk for risk in draft(case).risks]
    write(table, "/together/safe", to="/together/safe/risk/remove")
    assert [risk.risk for risk in draft(case).risks] == before[1:]
    assert before[0] not in table.get("/together/preview").text
    tabs = [drawn(app, table, "/together/safe", "/together/safe/risk/back") for _ in range(2)]
    assert [table.heard(tab.path, tab.data) for tab in tabs] == [303, 409]
    assert [risk.risk for risk in draft(case).risks] == before
    assert before[0] in table.get("/together/preview").text


def test_what_was_heard_goes_to_the_card_that_the_form_names(app: Flask, table: Police, case: Case) -> None:
    tab = drawn(app, table, "/together/card/1", "/together/card/1")
    sent = table.press("/together/card/2", {**tab.data, "heard": "Heard of the first"})
    assert sent.location == "/together/card/1"
    assert "Heard of the first" in table.get("/together/card/1").text
    assert "Heard of the first" not in table.get("/together/card/2").text


def test_goal_and_step_taken_out_come_back_with_their_words(app: Flask, table: Police, case: Case) -> None:
    before = draft(case)
    write(table, "/together/goal/1", to="/together/goal/1/action/remove")
    assert "Ring the gym" in table.get("/together/goal/1").text
    write(table, "/together/goal/1", to="/together/goal/1/action/back")
    assert [step.what for step in draft(case).actions] == [step.what for step in before.actions]
    write(table, "/together/goals", {"do": "drop"}, to="/together/goal/1/move")
    assert "Put it back: Walk more" in table.get("/together/goals").text
    assert "Ring the gym" not in table.get("/together/preview").text
    write(table, "/together/goals", to="/together/goals/back")
    assert "Ring the gym" in table.get("/together/preview").text
    assert len(draft(case).actions) == 4


def test_step_taken_out_is_not_on_the_plan(app: Flask, table: Police, case: Case) -> None:
    write(table, "/together/goal/1", to="/together/goal/1/action/remove")
    assert "Ring the gym" not in table.get("/together/preview").text


def test_a_sixth_goal_is_not_put_back(app: Flask, table: Police, case: Case) -> None:
    write(table, "/together/goals", {"do": "drop"}, to="/together/goal/1/move")
    for title in "abcd":
        more = {"fourth_goal_reason": "All of it"} if title in "cd" else {}
        write(table, "/together/goals", {"title": title, **more})
    write(table, "/together/goals", to="/together/goals/back", status=422)
    assert len(titles(case)) == 5


def test_a_card_makes_one_goal_from_two_tabs(app: Flask, table: Police, case: Case) -> None:
    tabs = [drawn(app, table, "/together/card/1", "/together/card/1") for _ in range(2)]
    for tab in tabs:
        page = drawn(app, table, "/together/goals", "/together/goals")
        data = {**page.data, "card": tab.data[ABOUT], "title": "The card"}
        table.press("/together/goals", data)
    assert titles(case).count("The card") == 1


@pytest.mark.promise("P26")
def test_every_form_to_a_place_names_its_thing(app: Flask, table: Police, case: Case) -> None:
    write(table, "/together/goal/1", to="/together/goal/1/action/remove")
    write(table, "/together/goals", {"do": "drop"}, to="/together/goal/2/move")
    write(table, "/together/safe", to="/together/safe/risk/remove")
    seen = list(every_form.forms(app, case, "together", table))
    places = {rule.endpoint for rule in app.url_map.iter_rules() if "number" in rule.arguments}
    acts = [each for each in seen if "then" not in each.data]  # what only leads on does nothing to a thing
    at_places = [each for each in acts if each.endpoint in places | NAMED and each.endpoint.startswith("together.")]
    assert all(each.data.get(ABOUT) for each in at_places)
    assert {each.endpoint for each in at_places} | {"together.keep_question"} == NAMED
    before = rows(case)
    for each in at_places:
        for about in ({}, {ABOUT: "of-nobody"}):
            data = {name: value for name, value in each.data.items() if name != ABOUT}
            assert table.heard(each.path, {**data, **about}) == 409, each.endpoint
    assert {**rows(case), "form_draft": [], "seat": []} == {**before, "form_draft": [], "seat": []}


@pytest.mark.promise("P26")
def test_control_by_position_the_neighbour_goes_too(
    app: Flask, table: Police, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("decisionaid.web.named.meant", lambda goals, _of: next(iter(goals), None))
    tabs = [drawn(app, table, "/together/goals", "/together/goal/1/move") for _ in range(2)]
    assert [table.heard(tab.path, {**tab.data, "do": "drop"}) for tab in tabs] == [303, 303]
    assert titles(case) == []
