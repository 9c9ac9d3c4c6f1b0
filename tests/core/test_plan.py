"""Dates, what a signature needs, and what it binds."""

import hashlib
import itertools
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisionaid.core.plan import (
    FIELDS,
    DateInPast,
    DatesRefused,
    Missing,
    PlanFacts,
    ReviewBeforeRevisit,
    RevisitOutOfRange,
    check_dates,
    missing,
    review_date,
    revisit_date,
    text_hash,
)

TODAY = date(2026, 8, 20)
WHOLE = PlanFacts(
    goals=1,
    no_goal_reason="",
    fourth_goal_reason="",
    revisit=TODAY + timedelta(weeks=3),
    review=TODAY + timedelta(weeks=12),
    actions=(("Maya", TODAY),),
    safety_step_missing=False,
    crisis_lines=1,
    today=TODAY,
)
DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


def days(number: int) -> date:
    return TODAY + timedelta(days=number)


@pytest.mark.parametrize(
    ("revisit", "review", "refused"),
    [
        (14, 84, None),
        (21, 84, None),
        (28, 29, None),
        (13, 84, RevisitOutOfRange("revisit")),
        (29, 84, RevisitOutOfRange("revisit")),
        (1, 84, RevisitOutOfRange("revisit")),
        (0, 84, DateInPast("revisit")),
        (-1, 84, DateInPast("revisit")),
        (21, 0, DateInPast("review")),
        (21, -7, DateInPast("review")),
        (21, 21, ReviewBeforeRevisit("review")),
        (21, 20, ReviewBeforeRevisit("review")),
    ],
)
def test_the_dates_of_a_plan(revisit: int, review: int, refused: DatesRefused | None) -> None:
    if refused is None:
        check_dates(TODAY, days(revisit), days(review))
        return
    with pytest.raises(type(refused)) as said:
        check_dates(TODAY, days(revisit), days(review))
    assert said.value.field == refused.field


@given(agreed=DAYS)
def test_the_usual_dates_are_dates_that_a_plan_may_have(agreed: date) -> None:
    check_dates(agreed, revisit_date(agreed), review_date(agreed))


@given(agreed=DAYS, weeks=st.integers(1, 60))
def test_weeks_on_is_the_same_day_of_the_week_or_the_monday_after_a_weekend(agreed: date, weeks: int) -> None:
    for found in (revisit_date(agreed, weeks), review_date(agreed, weeks)):
        beyond = (found - agreed).days - 7 * weeks
        assert found.weekday() == (agreed.weekday() if agreed.weekday() < 5 else 0)
        assert beyond == {5: 2, 6: 1}.get(agreed.weekday(), 0)


def test_a_whole_plan_lacks_nothing() -> None:
    assert missing(WHOLE) == ()


@pytest.mark.parametrize(
    ("lacking", "what"),
    [
        ({"goals": 0}, Missing.GOALS),
        ({"goals": 0, "no_goal_reason": " "}, Missing.GOALS),
        ({"goals": 4}, Missing.FOURTH_REASON),
        ({"goals": 5, "fourth_goal_reason": "\n"}, Missing.FOURTH_REASON),
        ({"actions": (("Maya", TODAY), ("", TODAY))}, Missing.ACTION_WHO),
        ({"actions": ((" ", TODAY),)}, Missing.ACTION_WHO),
        ({"actions": (("Maya", None), ("Rowan", TODAY))}, Missing.ACTION_WHEN),
        ({"safety_step_missing": True}, Missing.SAFETY_STEP),
        ({"revisit": None}, Missing.REVISIT_DATE),
        ({"revisit": TODAY}, Missing.REVISIT_DATE),
        ({"review": None}, Missing.REVIEW_DATE),
        ({"review": TODAY - timedelta(1)}, Missing.REVIEW_DATE),
        ({"crisis_lines": 0}, Missing.CRISIS_LINES),
    ],
)
def test_each_thing_that_is_missing_is_said(lacking: dict[str, object], what: Missing) -> None:
    assert missing(replace(WHOLE, **lacking)) == (what,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "enough",
    [
        {"goals": 0, "no_goal_reason": "not today"},
        {"goals": 3},
        {"goals": 4, "fourth_goal_reason": "they belong together"},
        {"actions": ()},
        {"revisit": TODAY + timedelta(1), "review": TODAY + timedelta(1)},
    ],
)
def test_what_is_enough(enough: dict[str, object]) -> None:
    assert missing(replace(WHOLE, **enough)) == ()  # type: ignore[arg-type]


def test_everything_missing_is_said_at_once() -> None:
    empty = PlanFacts(0, "", "", None, None, (("", None),), safety_step_missing=True, crisis_lines=0, today=TODAY)
    assert set(missing(empty)) == set(Missing) - {Missing.FOURTH_REASON}


def test_the_fields_have_a_name_each() -> None:
    assert len({field.name for field in FIELDS}) == len(FIELDS)
    assert all(field.section for field in FIELDS)


@pytest.mark.parametrize(
    "name",
    [
        *("what_matters", "drinking_words", "present", "fourth_goal_reason", "no_goal_reason", "meanwhile", "not_now"),
        *("unavailable", "waiting", "constraints", "required", "early_signs", "what_i_do"),
        *("whom_i_call", "way_back", "how_treat_me", "missed_meeting", "who_may_know", "who_may_know_until"),
        *("coordinator", "aftercare", "unmet_need"),
    ],
)
def test_what_the_plan_has_to_hold_has_its_field(name: str) -> None:
    assert name in {field.name for field in FIELDS}


PARTS = {"text": "We agree.", "language": "en", "version": 1, "deck_digest": "ab12"}


def test_a_signature_binds_a_sha256() -> None:
    assert len(text_hash("", "en", 1, "")) == len(hashlib.sha256().hexdigest())
    assert text_hash(**PARTS) == text_hash(**PARTS)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changed",
    [{"text": "We agree"}, {"text": "We agree.\n"}, {"language": "cy"}, {"version": 2}, {"deck_digest": "ab13"}],
)
def test_the_hash_changes_with_each_part(changed: dict[str, object]) -> None:
    assert text_hash(**{**PARTS, **changed}) != text_hash(**PARTS)  # type: ignore[arg-type]


def test_no_two_plans_share_a_hash() -> None:
    """Nor where the end of one part could be read as the beginning of the next."""
    parts = [*itertools.product(["", "1", "2", "12 weeks"], ["en", "cy", "en1"], [1, 2, 11, 12], ["", "1", "2"])]
    hashes = {text_hash(text, language, version, deck) for text, language, version, deck in parts}
    assert len(hashes) == len(parts)
