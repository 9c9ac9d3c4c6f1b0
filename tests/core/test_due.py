"""How far off a review is, as a table and against a calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisionaid.core.due import Due, When, due

THURSDAY = date(2026, 8, 20)


@pytest.mark.parametrize(
    ("today", "days", "when", "weeks"),
    [
        (THURSDAY, -400, When.WAS_PLANNED, 0),
        (THURSDAY, -1, When.WAS_PLANNED, 0),
        (THURSDAY, 0, When.TODAY, 0),
        (THURSDAY, 1, When.THIS_WEEK, 0),
        (THURSDAY, 3, When.THIS_WEEK, 0),
        (THURSDAY, 4, When.NEXT_WEEK, 0),
        (THURSDAY, 10, When.NEXT_WEEK, 0),
        (THURSDAY, 14, When.WEEKS, 2),
        (THURSDAY, 21, When.WEEKS, 3),
        (THURSDAY, 24, When.WEEKS, 3),
        (THURSDAY, 25, When.WEEKS, 4),
        (THURSDAY, 84, When.WEEKS, 12),
        (date(2026, 8, 17), 6, When.THIS_WEEK, 0),
        (date(2026, 8, 23), 1, When.NEXT_WEEK, 0),
        (date(2026, 8, 23), 7, When.NEXT_WEEK, 0),
        (date(2026, 12, 31), 1, When.THIS_WEEK, 0),
        (date(2026, 12, 31), 4, When.NEXT_WEEK, 0),
        (date(2024, 12, 30), 5, When.THIS_WEEK, 0),
    ],
)
def test_how_far_off(today: date, days: int, when: When, weeks: int) -> None:
    planned = today + timedelta(days)
    assert due(today, planned) == Due(when, planned, weeks)


def test_no_date_is_none_and_has_not_come() -> None:
    assert due(THURSDAY, None) == Due(When.NONE, None)
    assert not due(THURSDAY, None).has_come


@pytest.mark.parametrize(("today", "days"), [(date(2026, 8, 23), 8), (THURSDAY, 11), (date(2026, 8, 17), 14)])
def test_the_week_after_next_is_not_next_week(today: date, days: int) -> None:
    assert due(today, today + timedelta(days)).when is When.WEEKS


@given(today=st.dates(date(2000, 1, 1), date(2100, 1, 1)), days=st.integers(-800, 800))
def test_weeks_are_those_of_the_calendar(today: date, days: int) -> None:
    planned = today + timedelta(days)
    found = due(today, planned)
    assert found.has_come is (planned <= today)
    assert (found.when is When.THIS_WEEK) is (planned > today and week(planned) == week(today))
    assert (found.when is When.NEXT_WEEK) is (week(planned) == week(today + timedelta(7)))
    if found.when is When.WEEKS:
        assert found.weeks >= 1 and abs(found.weeks * 7 - days) <= 3


def week(day: date) -> tuple[int, int]:
    return day.isocalendar()[:2]
