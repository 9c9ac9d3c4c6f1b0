"""When a review is, in the gentle categories that the desk speaks of."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class When(StrEnum):
    """How far off a date is; the template finds the words."""

    NONE = "none"
    WEEKS = "weeks"
    NEXT_WEEK = "next_week"
    THIS_WEEK = "this_week"
    TODAY = "today"
    WAS_PLANNED = "was_planned"


@dataclass(frozen=True)
class Due:
    """A date seen from today; `weeks` is how many off it is, to the nearest (0 unless `when` is WEEKS)."""

    when: When
    date: date | None
    weeks: int = 0

    @property
    def has_come(self) -> bool:
        """Whether it is time: the date is today or has gone by."""
        return self.when in (When.TODAY, When.WAS_PLANNED)


def due(today: date, planned: date | None) -> Due:
    """How far off `planned` is. Weeks begin on Monday (ISO 8601)."""
    if planned is None:
        return Due(When.NONE, None)
    if planned < today:
        return Due(When.WAS_PLANNED, planned)
    if planned == today:
        return Due(When.TODAY, planned)
    calendar_weeks = (_monday(planned) - _monday(today)).days // 7
    if calendar_weeks == 0:
        return Due(When.THIS_WEEK, planned)
    if calendar_weeks == 1:
        return Due(When.NEXT_WEEK, planned)
    return Due(When.WEEKS, planned, weeks=round((planned - today).days / 7))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
