"""Time that has passed, and what came after what, by a clock that may have been set back."""

from datetime import datetime, timedelta

SLACK = timedelta(seconds=30)
"""How far ahead a stored time may lie: a request that waited for its turn compares with the moment at which it came."""


def has_passed(stored: datetime, length: timedelta, now: datetime) -> bool:
    """Whether `length` is over since `stored`. If that lies in the future it is: the clock has been set back since."""
    return not stored - SLACK <= now < stored + length


def is_over(until: datetime, length: timedelta, now: datetime) -> bool:
    """The same for what was given `length` until `until`."""
    return has_passed(until - length, length, now)


def after(last: datetime | None, now: datetime) -> datetime:
    """The moment to record for what happens now and came after `last`: where a clock was set back since, just later
    than that, so that what was done last is read as the last."""
    return now if last is None or last < now else last + timedelta(microseconds=1)
