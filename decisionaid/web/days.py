"""A day that cannot be meant is said at its field, and one that is years away is asked about there.

The answer is a box to tick below the day. It names the day, and holds for that day alone.
"""

from datetime import date

from flask import Flask

from decisionaid import i18n
from decisionaid.core.days import DayFault, day_fault
from decisionaid.web.forms import DayField, complain
from decisionaid.web.request import today


def init_app(app: Flask) -> None:
    app.jinja_env.globals["day_to_confirm"] = day_to_confirm


def day_to_confirm(field: DayField) -> date | None:
    """The day of a field that its page asks about; None where the day was not refused, or a rule bounds it."""
    day = field.data
    is_asked = day is not None and not field.bounded and (field.errors or field.is_sure)
    return day if day and is_asked and day_fault(day, today()) is DayFault.FAR_AWAY else None


def are_to_come(*fields: DayField) -> bool:
    """Whether the days of these fields, where they have one, are meant; each that is not says why."""
    faults = [_fault(field) for field in fields]
    for field, said in zip(fields, faults, strict=True):
        if said:
            complain(field, said)
    return not any(faults)


def _fault(field: DayField) -> str:
    day = field.data
    fault = day_fault(day, today()) if day else None
    if day is None or fault is None or (fault is DayFault.FAR_AWAY and field.is_sure):
        return ""
    if fault is DayFault.PASSED:
        return i18n.gettext("This day has passed. Choose today or a later day.")
    if field.bounded:
        return i18n.gettext("This day is in %(year)s. Choose a day in the next 3 years.") % {"year": day.year}
    said = i18n.gettext("%(day)s is more than 3 years away. Change it, or tick the box below if it is right.")
    return said % {"day": i18n.day(day, weekday=True)}
