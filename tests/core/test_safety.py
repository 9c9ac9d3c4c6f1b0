"""The rule of sudden stopping, as a truth table: what is not known to be calm is a warning sign."""

import itertools
from collections.abc import Mapping, Set
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisionaid.core.safety import SafetyStepMissing, check, safe_step_needed, warning_signs

CALM: Mapping[str, Set[str]] = {"units": {"under_15"}, "fit": {"no"}, "pregnant": {"no", "does_not_apply"}}
WELL = {"units": "under_15", "fit": "no", "pregnant": "does_not_apply"}
SIGNS = ("fit",)
REPLIES = st.text("noyesunder_15 ") | st.sampled_from(["no", "under_15"])
"""Of a few letters: all of Unicode takes long to lay out on a fresh machine."""
DAY = date(2026, 8, 27)

STOPPING = ("stop", "pause", "less")
OTHER = ("safer", "unsure", None)


def test_only_calm_answers_to_every_question_are_no_sign() -> None:
    assert warning_signs(CALM, WELL) == ()


@pytest.mark.parametrize("question", CALM)
@pytest.mark.parametrize("reply", ["yes", "dont_know", "skipped", "", "NO", " no", "under_15 ", "None"])
def test_any_other_reply_is_a_sign(question: str, reply: str) -> None:
    assert warning_signs(CALM, {**WELL, question: reply}) == (question,)


@pytest.mark.parametrize("question", CALM)
def test_no_reply_is_a_sign(question: str) -> None:
    assert warning_signs(CALM, {q: reply for q, reply in WELL.items() if q != question}) == (question,)


def test_signs_come_in_the_order_of_the_questions() -> None:
    assert warning_signs(CALM, {}) == tuple(CALM)


@pytest.mark.parametrize("reply", ["dont_know", "skipped", ""])
def test_a_deck_cannot_call_not_knowing_calm(reply: str) -> None:
    assert warning_signs({"fit": {"no", reply}}, {"fit": reply}) == ("fit",)


def test_a_check_without_questions_finds_nothing_calm() -> None:
    with pytest.raises(ValueError, match="without questions"):
        warning_signs({}, WELL)


@given(replies=st.dictionaries(st.sampled_from([*CALM, "other"]), REPLIES))
def test_whatever_is_replied_only_the_named_answers_are_calm(replies: dict[str, str]) -> None:
    assert set(CALM) - set(warning_signs(CALM, replies)) == {q for q in CALM if replies.get(q) in CALM[q]}


@pytest.mark.parametrize(("goal", "signs"), [*itertools.product((*STOPPING, *OTHER), ((), SIGNS))])
def test_when_the_safe_step_is_needed(goal: str | None, signs: tuple[str, ...]) -> None:
    assert safe_step_needed(goal, signs) is (goal in STOPPING and signs == SIGNS)


@pytest.mark.parametrize("goal", ["", "Stop", "stop ", "cut_down", "safer ", "a goal of the service's own"])
def test_a_goal_that_is_not_known_needs_it_too(goal: str) -> None:
    assert safe_step_needed(goal, SIGNS)
    assert not safe_step_needed(goal, ())


@pytest.mark.parametrize("goal", STOPPING)
@pytest.mark.parametrize(
    ("steps", "reason", "stands"),
    [
        ([], "", False),
        ([], " \n", False),
        ([("", DAY)], "", False),
        ([(" ", DAY)], "", False),
        ([("Dr Hart", None)], "", False),
        ([("Dr Hart", None), ("", DAY)], "", False),
        ([("Dr Hart", DAY)], "", True),
        ([("", None), ("Dr Hart", DAY)], "", True),
        ([], "advice was given on 3 August", True),
    ],
)
def test_what_lets_a_plan_be_signed(
    goal: str, steps: list[tuple[str, date | None]], reason: str, *, stands: bool
) -> None:
    check(goal, (), steps, reason)
    for other in OTHER:
        check(other, SIGNS, steps, reason)
    if stands:
        check(goal, SIGNS, steps, reason)
    else:
        with pytest.raises(SafetyStepMissing):
            check(goal, SIGNS, steps, reason)
