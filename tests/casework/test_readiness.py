"""What still stands in the way of signing, the safe step of stopping before all."""

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from decisionaid.casework import people, planning, readiness, sorting
from decisionaid.core.negotiation import USUAL_GOALS
from decisionaid.core.plan import ActionKind, Missing
from decisionaid.storage.models import Service, SortRecord
from tests.builders import Case
from tests.casework.plans import add_action, add_goals, begin, today

CALM = {"fit": {"no"}, "units": {"under_15"}}


def lacking(case: Case, language: str = "en") -> set[Missing]:
    with case.database.writing() as db:
        held = planning.draft(db, begin(db, case))
        found = readiness.lacking(db, case.round(db), held, calm=CALM, language=language, today=today(case))
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


SAFE: dict[str, Callable[[Session, Case], object]] = {
    "a step with who and when": lambda db, case: add_action(db, case, None, kind=ActionKind.SAFE_WITHDRAWAL),
    "a recorded reason": lambda db, case: planning.set_text(
        db, begin(db, case), "safety_reason", "advice was given in May", language="en", now=case.later()
    ),
}
UNSAFE: dict[str, Callable[[Session, Case], object]] = {
    "nothing": lambda _db, _case: None,
    "a step of another kind": lambda db, case: add_action(db, case, None, kind=ActionKind.REFERRAL),
    "a blank reason": lambda db, case: planning.set_text(
        db, begin(db, case), "safety_reason", "  ", language="en", now=case.later()
    ),
}


@pytest.mark.promise("P33")
@pytest.mark.parametrize("option", ["stop", "pause", "less", "a goal that nobody knows"])
@pytest.mark.parametrize("way", [*SAFE, *UNSAFE])
def test_where_the_safety_check_was_not_answered_stopping_needs_the_safe_step(
    agreed: Case, option: str, way: str
) -> None:
    with agreed.database.writing() as db:
        add_goals(db, agreed, "Drinking")
        planning.set_drinking(begin(db, agreed), option, allocated=False, now=agreed.later())
        {**SAFE, **UNSAFE}[way](db, agreed)
    assert lacking(agreed) == ({Missing.SAFETY_STEP} if way in UNSAFE else set())


@pytest.mark.promise("P33")
def test_a_safe_step_on_a_dropped_goal_is_no_safe_step(agreed: Case) -> None:
    with agreed.database.writing() as db:
        drinking, _ = add_goals(db, agreed, "Drinking", "Home")
        planning.set_drinking(begin(db, agreed), "stop", allocated=False, now=agreed.later())
        add_action(db, agreed, drinking, kind=ActionKind.SAFE_WITHDRAWAL)
        planning.drop_goal(begin(db, agreed), drinking, agreed.later())
    assert lacking(agreed) == {Missing.SAFETY_STEP}


@pytest.mark.parametrize("option", [None, "safer", "unsure"])
def test_other_goals_need_none(agreed: Case, option: str | None) -> None:
    with agreed.database.writing() as db:
        add_goals(db, agreed, *["a goal"] * USUAL_GOALS)
        planning.set_drinking(begin(db, agreed), option, allocated=True, now=agreed.later())
    assert lacking(agreed) == set()


@pytest.mark.parametrize(
    ("replies", "needed"),
    [
        ({"fit": "no", "units": "under_15"}, False),
        ({"fit": "no"}, True),
        ({"fit": "yes", "units": "under_15"}, True),
        ({"fit": "dont_know", "units": "under_15"}, True),
    ],
)
def test_the_clients_replies_decide(case: Case, replies: dict[str, str], *, needed: bool) -> None:
    case.with_open_sorts()
    with case.database.writing() as db:
        record = db.get_one(SortRecord, (case.service_id, case.client_sort_id))
        for question, reply in replies.items():
            sorting.answer_safety(db, record, question, reply, case.later())
    case.sorted_by_both().confirmed()
    with case.database.writing() as db:
        add_goals(db, case, "Drinking")
        planning.set_drinking(begin(db, case), "stop", allocated=False, now=case.later())
    assert lacking(case) == ({Missing.SAFETY_STEP} if needed else set())
