"""What each of the six outcomes needs, and how many goals a plan holds."""

import itertools
from datetime import date, timedelta

import pytest

from decisionaid.core.negotiation import (
    FOLLOWS_CLIENT,
    DateNeeded,
    FourthNeedsReason,
    GoalsRefused,
    NoneNeedsReason,
    Outcome,
    ReasonNeeded,
    TooManyGoals,
    check,
    check_goal_count,
)
from decisionaid.core.sort import Rating

TODAY = date(2026, 8, 20)
TOMORROW = TODAY + timedelta(days=1)
BLANK = ("", " ", "\n\t")
NOT_FOLLOWED = (Outcome.LEFT_OPEN, Outcome.DIFFER)


def test_the_six_outcomes_are_those_that_follow_the_client_and_two_that_do_not() -> None:
    assert set(Outcome) - FOLLOWS_CLIENT == set(NOT_FOLLOWED)


@pytest.mark.parametrize("reason", BLANK)
@pytest.mark.parametrize("outcome", NOT_FOLLOWED)
def test_a_clear_wish_that_is_not_followed_needs_a_reason(outcome: Outcome, reason: str) -> None:
    with pytest.raises(ReasonNeeded):
        check(outcome, Rating.DEFINITELY, reason, None, TODAY)
    check(outcome, Rating.DEFINITELY, "the waiting list is closed", None, TODAY)


@pytest.mark.parametrize(
    ("outcome", "rating"),
    [
        *itertools.product([None, *sorted(FOLLOWS_CLIENT - {Outcome.TRY_UNTIL})], [*Rating, None]),
        *itertools.product(NOT_FOLLOWED, [Rating.POSSIBLY, Rating.NOT, None]),
    ],
)
def test_everything_else_needs_none(outcome: Outcome | None, rating: Rating | None) -> None:
    check(outcome, rating, "", None, TODAY)


@pytest.mark.parametrize("until", [None, TODAY, TODAY - timedelta(days=1), date.min])
@pytest.mark.parametrize("rating", [*Rating, None])
def test_a_trial_needs_a_date_still_to_come(rating: Rating | None, until: date | None) -> None:
    with pytest.raises(DateNeeded):
        check(Outcome.TRY_UNTIL, rating, "a reason is no date", until, TODAY)
    check(Outcome.TRY_UNTIL, rating, "", TOMORROW, TODAY)


@pytest.mark.parametrize(
    ("goals", "fourth", "none", "refused"),
    [
        (0, "", "", NoneNeedsReason),
        (0, "", "  ", NoneNeedsReason),
        (0, "a reason for another thing", "", NoneNeedsReason),
        (0, "", "not today", None),
        (1, "", "", None),
        (3, "", "", None),
        (4, "", "", FourthNeedsReason),
        (4, " ", "a reason for another thing", FourthNeedsReason),
        (4, "they belong together", "", None),
        (5, "", "", FourthNeedsReason),
        (5, "they belong together", "", None),
        (6, "they belong together", "", TooManyGoals),
        (6, "", "", TooManyGoals),
    ],
)
def test_how_many_goals(goals: int, fourth: str, none: str, refused: type[GoalsRefused] | None) -> None:
    if refused is None:
        check_goal_count(goals, reason_for_fourth=fourth, reason_for_none=none)
        return
    with pytest.raises(refused):
        check_goal_count(goals, reason_for_fourth=fourth, reason_for_none=none)
