"""Time that has passed, by a clock that may have been set back."""

from datetime import datetime, timedelta

SLACK = timedelta(seconds=30)
"""How far ahead a stored time may lie: a request that waited for its turn compares with the moment at which it came."""


def is_ahead(stored: datetime, now: datetime) -> bool:
    """Whether `stored` lies in the future, so that the clock has been set back since."""
    return stored - now > SLACK


def has_passed(stored: datetime, length: timedelta, now: datetime) -> bool:
    """Whether `length` is over since `stored`. With a clock that was set back, it is: nothing lasts longer for that."""
    return now - stored >= length or is_ahead(stored, now)
