"""How fast cards were answered: a reason to ask whether somebody would like to look again, never a judgement."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise
from statistics import median

QUICK = timedelta(seconds=2)
"""A card that is read takes longer."""

FEWEST = 6
"""Answers from which a pace can be told at all."""


def is_quick(answered: Iterable[datetime]) -> bool:
    """Whether most answers came within two seconds of the one before; a late change of mind does not hide that."""
    moments = sorted(answered)
    if len(moments) < FEWEST:
        return False
    return median((later - earlier).total_seconds() for earlier, later in pairwise(moments)) < QUICK.total_seconds()
