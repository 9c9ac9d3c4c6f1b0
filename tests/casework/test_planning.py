"""The plan while it is worked on: goals, actions, words and dates."""

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from decisionaid.casework import planning, sorting
from decisionaid.casework.planning import Draft
from decisionaid.core.negotiation import MOST_GOALS, FourthNeedsReason, TooManyGoals
from decisionaid.core.plan import FIELDS, DateInPast, ReviewBeforeRevisit, RevisitOutOfRange
from decisionaid.storage.models import AgreedGoal, SortRecord
from tests.builders import CARDS, Case, a_case
from tests.casework.plans import add_action, add_goals, begin, complete, today

WHY = "they belong together"


def draft(case: Case) -> Draft:
    with case.database.writing() as db:
        return planning.draft(db, begin(db, case))


def titles(case: Case) -> list[str]:
    return [goal.title for goal in draft(case).goals]


def test_a_plan_begins_with_the_usual_dates_and_is_begun_once(agreed: Case) -> None:
    with agreed.database.writing() as db:
        plan = begin(db, agreed)
        assert plan.number == 1
        assert plan.revisit_date == today(agreed) + timedelta(weeks=3)
        assert plan.review_date == today(agreed) + timedelta(weeks=12)
        assert begin(db, agreed) is plan


def test_plans_are_counted_for_each_client(agreed: Case) -> None:
    complete(agreed)
    other = a_case(agreed.database, name="Ida Marsh", reference="IM-0101", own_clock=True).sorted_by_both()
    complete(other.confirmed())
    ids = (agreed.service_id, agreed.keyworker_id, agreed.client_id)
    again = Case(agreed.database, *ids, now=agreed.now, own_clock=True)
    complete(again.with_round().sorted_by_both().confirmed())
    with agreed.database.writing() as db:
        assert [begin(db, case).number for case in (agreed, other, again)] == [1, 1, 2]


def test_one_to_three_goals_then_a_reason_then_no_more(agreed: Case) -> None:
    with agreed.database.writing() as db:
        add_goals(db, agreed, *("Home", "Sleep", "Money"))
    for reason in ("", " "):
        with pytest.raises(FourthNeedsReason), agreed.database.writing() as db:
            add_goals(db, agreed, "Friends", reason=reason)
    with agreed.database.writing() as db:
        add_goals(db, agreed, "Friends", "Work", reason=WHY)
    with pytest.raises(TooManyGoals), agreed.database.writing() as db:
        add_goals(db, agreed, "Law", reason=WHY)
    assert (len(titles(agreed)), draft(agreed).text("fourth_goal_reason")) == (MOST_GOALS, WHY)


def test_a_dropped_goal_leaves_room_and_stays_on_record(agreed: Case) -> None:
    with agreed.database.writing() as db:
        home, *_ = add_goals(db, agreed, "Home", "Sleep", "Money")
        planning.drop_goal(begin(db, agreed), home, agreed.later())
        add_goals(db, agreed, "Friends")
        assert db.get_one(AgreedGoal, (agreed.service_id, home.id)).title == "Home"
    assert titles(agreed) == ["Sleep", "Money", "Friends"]


def test_what_was_to_be_done_for_a_dropped_goal_goes_with_it(agreed: Case) -> None:
    with agreed.database.writing() as db:
        home, sleep = add_goals(db, agreed, "Home", "Sleep")
        for goal in (home, sleep, None):
            add_action(db, agreed, goal, what=goal.title if goal else "a step of the plan", who="")
        planning.drop_goal(begin(db, agreed), home, agreed.later())
    assert {action.what for action in draft(agreed).actions} == {"Sleep", "a step of the plan"}


@pytest.mark.parametrize(
    ("goal", "by", "order"),
    [
        (0, -1, "abc"),
        (0, 1, "bac"),
        (1, -1, "bac"),
        (1, 1, "acb"),
        (2, -1, "acb"),
        (2, 1, "abc"),
    ],
)
def test_a_goal_moves_by_one_place(agreed: Case, goal: int, by: int, order: str) -> None:
    with agreed.database.writing() as db:
        goals = add_goals(db, agreed, *"abc")
        planning.move_goal(db, begin(db, agreed), goals[goal], by, agreed.later())
    assert titles(agreed) == list(order)


def test_dropped_goals_have_no_place_to_move_over(agreed: Case) -> None:
    with agreed.database.writing() as db:
        _, second, third = add_goals(db, agreed, *"abc")
        planning.drop_goal(begin(db, agreed), second, agreed.later())
        planning.move_goal(db, begin(db, agreed), third, -1, agreed.later())
    assert titles(agreed) == ["c", "a"]


@pytest.mark.parametrize("field", [field.name for field in FIELDS])
def test_every_written_field_is_kept_changed_and_taken_away(agreed: Case, field: str) -> None:
    for text in ("the first words", "the second words", ""):
        with agreed.database.writing() as db:
            planning.set_text(db, begin(db, agreed), field, text, language="cy", now=agreed.later())
        held = draft(agreed)
        assert held.text(field) == text
        assert [(row.field, row.language) for row in held.texts.values()] == ([(field, "cy")] if text else [])


def test_a_field_that_is_not_declared_is_a_mistake(agreed: Case) -> None:
    with pytest.raises(KeyError), agreed.database.writing() as db:
        planning.set_text(db, begin(db, agreed), "elsewhere", "words", language="en", now=agreed.later())


@pytest.mark.parametrize(
    ("revisit", "review", "refused"),
    [(0, 84, DateInPast), (13, 84, RevisitOutOfRange), (29, 84, RevisitOutOfRange), (21, 21, ReviewBeforeRevisit)],
)
def test_dates_that_a_plan_cannot_hold_change_nothing(
    agreed: Case, revisit: int, review: int, refused: type[Exception]
) -> None:
    before = draft(agreed).plan
    with pytest.raises(refused):
        set_dates(agreed, revisit, review)
    set_dates(agreed, 14, 15)
    after = draft(agreed).plan
    assert (before.revisit_date, before.review_date) == (in_days(agreed, 21), in_days(agreed, 84))
    assert (after.revisit_date, after.review_date) == (in_days(agreed, 14), in_days(agreed, 15))


def test_who_answers_a_question_and_by_when(case: Case) -> None:
    question = with_question(case)
    for answered, who, by_when in ((False, "Maya", in_days(case, 7)), (True, "", None)):
        with case.database.writing() as db:
            plan, said = begin(db, case), {"answered": answered, "who": who, "by_when": by_when}
            planning.answer_question(db, plan, question, **said, now=case.later())  # type: ignore[arg-type]
        held = draft(case).answers[question]
        assert (held.answered, held.who, held.by_when) == (answered, who, by_when)


def test_risks_and_actions_come_and_go(agreed: Case) -> None:
    with agreed.database.writing() as db:
        plan = begin(db, agreed)
        for risk in ("fits", "falls"):
            planning.add_risk(db, plan, risk, "advice", explained=True, language="en", now=agreed.later())
        add_action(db, agreed, None, what="first")
        add_action(db, agreed, None, what="second")
    with agreed.database.writing() as db:
        held = planning.draft(db, begin(db, agreed))
        planning.remove_risk(held.plan, held.risks[0], agreed.later())
        planning.remove_action(held.plan, held.actions[0], agreed.later())
    assert [risk.risk for risk in draft(agreed).risks] == ["falls"]
    assert [risk.risk for risk in draft(agreed).risks_taken_out] == ["fits"]
    assert [action.what for action in draft(agreed).actions_of(None)] == ["second"]


def in_days(case: Case, days: int) -> date:
    return today(case) + timedelta(days)


def set_dates(case: Case, revisit: int, review: int) -> None:
    with case.database.writing() as db:
        plan = begin(db, case)
        dates = in_days(case, revisit), in_days(case, review)
        planning.set_dates(plan, *dates, today=today(case), now=case.later())


def client_sort(db: Session, case: Case) -> SortRecord:
    return db.get_one(SortRecord, (case.service_id, case.client_sort_id))


def with_question(case: Case) -> str:
    """The client asked something on the first card; returns the question's id."""
    case.with_open_sorts()
    with case.database.writing() as db:
        asked = sorting.ask(db, client_sort(db, case), CARDS[0], "How long?", case.later())
        db.flush()
        question_id = asked.id
    case.sorted_by_both().confirmed()
    return question_id
