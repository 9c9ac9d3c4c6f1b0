"""A day by which something is to happen is today or later, and not years away."""

from datetime import date, timedelta

import pytest

from decisionaid.core.days import FARTHEST, DayFault, day_fault, working_day

TODAY = date(2028, 2, 29)


@pytest.mark.parametrize(
    ("day", "fault"),
    [
        (TODAY, None),
        (TODAY - timedelta(days=1), DayFault.PASSED),
        (date(1900, 1, 1), DayFault.PASSED),
        (TODAY + FARTHEST, None),
        (TODAY + FARTHEST + timedelta(days=1), DayFault.FAR_AWAY),
        (date(9999, 12, 31), DayFault.FAR_AWAY),
    ],
)
def test_a_day_that_cannot_be_meant(day: date, fault: DayFault | None) -> None:
    assert day_fault(day, TODAY) is fault


def test_a_weekend_becomes_monday() -> None:
    week = [date(2026, 8, 17) + timedelta(days=number) for number in range(7)]
    assert [working_day(day) for day in week] == [*week[:5], date(2026, 8, 24), date(2026, 8, 24)]
