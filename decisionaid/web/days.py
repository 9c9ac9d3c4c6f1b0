"""A day that cannot be meant is said at its field: one that has passed, or one that is years away."""

from decisionaid import i18n
from decisionaid.core.days import DayFault, day_fault
from decisionaid.web.forms import DayField, complain
from decisionaid.web.request import today


def are_to_come(*fields: DayField) -> bool:
    """Whether the days of these fields, where they have one, can be meant; each that cannot says why."""
    faults = [_fault(field) for field in fields]
    for field, said in zip(fields, faults, strict=True):
        if said:
            complain(field, said)
    return not any(faults)


def _fault(field: DayField) -> str:
    day = field.data
    fault = day_fault(day, today()) if day else None
    if day is None or fault is None:
        return ""
    if fault is DayFault.PASSED:
        return i18n.gettext("This day has passed. Choose today or a later day.")
    return i18n.gettext("This day is in %(year)s. Choose a day in the next 3 years.") % {"year": day.year}
