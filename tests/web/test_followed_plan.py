"""A plan that was followed by a later round is read and printed, and no press changes it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from bs4 import Tag
from flask import Flask

from decisionaid.casework import planning
from decisionaid.storage.database import Database
from decisionaid.web.together.part_forms import PARTS
from tests.builders import Case, a_case
from tests.police import Police
from tests.promises.onlookers import rows
from tests.web.doors import sat_once
from tests.web.together_table import both_sign, sit, write

PAGES = (
    *("/together/goals", "/together/goal/1", "/together/safe", "/together/choice", "/together/dates"),
    *(f"/together/plan/{part}" for part in PARTS),
    "/together/preview",
)
ELSEWHERE = ("/leave", "/desk", "/withdraw", "/print", "/sign")
PLAN = ("plan", "plan_text", "agreed_goal", "action", "risk", "question_answer", "signing")


@pytest.fixture
def case(database: Database) -> Case:
    return a_case(database).sorted_by_both().confirmed()


@pytest.fixture
def table(app: Flask, case: Case) -> Police:
    return sat_once(with_a_signed_plan, app, case)


def with_a_signed_plan(app: Flask, case: Case) -> Police:
    """A signed plan with one goal, a step and a risk, that could still be changed."""
    table = sit(app, case)
    write(table, "/together/goals", {"title": "Walk more"})
    both_sign(table)
    return table


def forms(table: Police) -> list[tuple[str, dict[str, str]]]:
    """Each press of the plan's pages as a browser would send it, with words in each field for words."""
    found = []
    for path in PAGES:
        for form in table.page(path).find_all("form", method="post"):
            ways: list[tuple[str, dict[str, str]]] = [(str(form["action"]), {})]
            for button in form.select("button[formaction]"):
                own = {str(button["name"]): str(button["value"])} if button.get("name") else {}
                ways.append((str(button["formaction"]), own))
            found += [(to.split("?")[0], {**filled(form), **own}) for to, own in ways]
    return [(to, fields) for to, fields in found if not any(word in to for word in ELSEWHERE)]


def filled(form: Tag) -> dict[str, str]:
    fields: dict[str, str] = {}
    for box in form.select("input[name], textarea[name], button[name]:not([formaction], [name=then])"):
        kind, name = box.get("type", "text"), str(box["name"])
        value = str(box.get("value", ""))
        typed = box.name == "textarea" or (kind == "text" and box.get("inputmode") != "numeric")
        fields[name] = "Other words than before" if typed else fields.get(name) or value
    return fields


def plan_rows(case: Case) -> dict[str, Any]:
    return {name: held for name, held in rows(case).items() if name in PLAN}


def changing(table: Police, case: Case, sent: list[tuple[str, dict[str, str]]]) -> list[str]:
    """The forms that change anything of the plan, sent one after another."""
    found = []
    for action, fields in sent:
        before = plan_rows(case)
        table.post(action, data=fields)
        if plan_rows(case) != before:
            found.append(action)
    return found


def later_plan(case: Case) -> None:
    """A second round is over, and has led to a plan."""
    later = replace(case, round_id="", client_sort_id="", keyworker_sort_id="").sorted_by_both().confirmed()
    with case.database.writing() as db:
        dates: dict[str, Any] = {"weeks_to_review": 12, "weeks_to_revisit": 3, "today": case.now.date()}
        planning.begin(db, later.round(db), **dates, now=case.later())
        later.round(db).closed_at = case.later()


FOLLOWED: dict[str, Callable[[Case], object]] = {
    "a round": lambda case: replace(case).with_round(),
    "a plan": later_plan,
}


@pytest.mark.parametrize("by", FOLLOWED)
def test_followed_plan_is_changed_by_no_press(table: Police, case: Case, by: str) -> None:
    sent = forms(table)
    FOLLOWED[by](case)
    assert changing(table, case, sent) == []


def test_control_plan_that_is_the_newest_is_changed_by_the_same_presses(table: Police, case: Case) -> None:
    found = changing(table, case, sorted(forms(table), key=lambda form: form[0].endswith("/move")))  # it takes one out
    assert {"/together/goals", "/together/goal/1", "/together/safe/risk"} <= set(found), found
