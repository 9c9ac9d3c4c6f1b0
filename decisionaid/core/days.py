"""Days that people agree on: still to come, in another century only where it is meant, and working days where we
propose."""

from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5
FARTHEST = timedelta(days=3 * 366)
"""A day beyond this is asked about: a review follows within months, and a year is easily mistyped."""


class DayFault(StrEnum):
    """Why a day may not be meant: one that has passed cannot be, one that is far away is asked about."""

    PASSED = "passed"
    FAR_AWAY = "far_away"


def day_fault(day: date, today: date) -> DayFault | None:
    """What is wrong with a day by which something is to happen; None for today and the next three years."""
    if day < today:
        return DayFault.PASSED
    return DayFault.FAR_AWAY if day - today > FARTHEST else None


def working_day(day: date) -> date:
    """This day, or the Monday after a weekend: a service is open then."""
    return day + timedelta(days=7 - day.weekday()) if day.weekday() >= SATURDAY else day
