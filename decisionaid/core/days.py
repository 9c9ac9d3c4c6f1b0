"""Days that people agree on: still to come, not in another century by mistake, and working days where we propose."""

from datetime import date, timedelta
from enum import StrEnum

SATURDAY = 5
FARTHEST = timedelta(days=3 * 366)
"""No plan reaches further: a review follows within months."""


class DayFault(StrEnum):
    """Why a day cannot be meant."""

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
