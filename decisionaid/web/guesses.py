"""A try at a password is counted before the password is looked at; who tried too often is told how long to wait."""

import math
from collections.abc import Mapping
from datetime import timedelta

from wtforms import Field

from decisionaid.casework import tries
from decisionaid.casework.tries import Limit
from decisionaid.i18n import ngettext
from decisionaid.web.forms import complain
from decisionaid.web.request import commit, db, now

MINUTE = 60


def may_try(field: Field, service_id: str, limits: Mapping[str, Limit]) -> bool:
    """Whether the password may be looked at now: the try is then counted for good, whatever comes of it.

    Of tries at the same moment, no more are looked at than are free. Otherwise the field says how long to wait.
    """
    wait = tries.take(db(), service_id, limits, now())
    commit()
    if wait:
        complain(field, _wait_first(wait))
    return not wait


def _wait_first(wait: timedelta) -> str:
    seconds = math.ceil(wait.total_seconds())
    if seconds <= MINUTE:
        said = ngettext(
            "Too many tries. Wait %(number)s second, then try again.",
            "Too many tries. Wait %(number)s seconds, then try again.",
            seconds,
        )
        return said % {"number": seconds}
    minutes = math.ceil(seconds / MINUTE)
    said = ngettext(
        "Too many tries. Wait %(number)s minute, then try again.",
        "Too many tries. Wait %(number)s minutes, then try again.",
        minutes,
    )
    return said % {"number": minutes}
