"""What is still missing before a plan can be signed."""

import pytest

from decisionaid.casework import people, planning, readiness
from decisionaid.core import safety
from decisionaid.core.plan import Missing
from decisionaid.storage import queries_safety
from decisionaid.storage.models import Service
from tests.builders import RULES, Case
from tests.casework.plans import add_action, add_goals, begin, today


def lacking(case: Case, language: str = "en") -> set[Missing]:
    with case.database.writing() as db:
        held = planning.draft(db, begin(db, case))
        verdict = safety.judge(RULES, queries_safety.facts_of(db, case.round(db)), today(case))
        found = readiness.lacking(
            db, case.round(db), held, verdict=verdict, word=None, language=language, today=today(case)
        )
        return set(found)


def test_a_plan_just_begun_lacks_its_goals_alone(agreed: Case) -> None:
    assert lacking(agreed) == {Missing.GOALS}


def test_no_goal_is_allowed_with_a_reason(agreed: Case) -> None:
    with agreed.database.writing() as db:
        planning.set_text(db, begin(db, agreed), "no_goal_reason", "not today", language="en", now=agreed.later())
    assert lacking(agreed) == set()


@pytest.mark.parametrize(
    ("words", "what"),
    [({}, set()), ({"who": " "}, {Missing.ACTION_WHO}), ({"by_when": None}, {Missing.ACTION_WHEN})],
)
def test_an_action_says_who_and_by_when(agreed: Case, words: dict[str, object], what: set[Missing]) -> None:
    with agreed.database.writing() as db:
        (goal,) = add_goals(db, agreed, "Home")
        add_action(db, agreed, goal, **words)
    assert lacking(agreed) == what


def test_an_action_of_a_dropped_goal_stands_in_nobodys_way(agreed: Case) -> None:
    with agreed.database.writing() as db:
        home, _ = add_goals(db, agreed, "Home", "Sleep")
        add_action(db, agreed, home, who="", by_when=None)
        planning.drop_goal(begin(db, agreed), home, agreed.later())
    assert lacking(agreed) == set()


def test_without_a_crisis_line_in_its_language_nothing_is_signed(agreed: Case) -> None:
    with agreed.database.writing() as db:
        add_goals(db, agreed, "Home")
        service = db.get_one(Service, agreed.service_id)
        people.set_crisis_lines(db, service, "cy", [], actor=agreed.keyworker(db), now=agreed.later())
    assert (lacking(agreed), lacking(agreed, "cy")) == (set(), {Missing.CRISIS_LINES})
