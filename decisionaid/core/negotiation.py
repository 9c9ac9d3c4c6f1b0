"""The six ways to settle a card for now, and how many goals a plan holds."""

from datetime import date
from enum import StrEnum

from decisionaid.core.sort import Rating

DRINKING = "drinking-goal"
"""The drinking goal is talked through like a card, under this name."""

USUAL_GOALS = 3
MOST_GOALS = 5


class Outcome(StrEnum):
    """How the two settle a card for now."""

    CLIENT_CHOICE = "client_choice"
    KEYWORKER_ACCEPTED = "keyworker_accepted"
    IN_BETWEEN = "in_between"
    TRY_UNTIL = "try_until"
    LEFT_OPEN = "left_open"
    DIFFER = "differ"


FOLLOWS_CLIENT = frozenset({Outcome.CLIENT_CHOICE, Outcome.KEYWORKER_ACCEPTED, Outcome.IN_BETWEEN, Outcome.TRY_UNTIL})
"""Outcomes to which the client said yes; the others leave the client's wish standing unanswered.

That the keyworker's suggestion was accepted is itself the client's yes. What they say in private of how far they agree
decides nothing here: a reason asked for on the screen would give it away (R17).
"""


class SettlementRefused(Exception):
    """A settlement lacks something that it needs."""


class DateNeeded(SettlementRefused):
    """A trial needs the date until which it runs, and that date is still to come."""


class ReasonNeeded(SettlementRefused):
    """A clear wish of the client's that is not followed needs a reason (R19)."""


class GoalsRefused(Exception):
    """The number of goals needs a reason, or is too high."""


class TooManyGoals(GoalsRefused):
    """A sixth goal."""


class FourthNeedsReason(GoalsRefused):
    """More than three goals at once, without saying why."""


class NoneNeedsReason(GoalsRefused):
    """No goal at all, without saying why."""


def check(outcome: Outcome | None, client_rating: Rating | None, reason: str, until: date | None, today: date) -> None:
    """Raise what a settlement lacks; no outcome yet lacks nothing.

    A reason is needed where the client clearly wants the card (definitely), and the outcome leaves that open or differs
    from it (R19). Every other settlement may give one.

    Raises:
        DateNeeded: a trial without a date after `today`.
        ReasonNeeded: a clear wish is not followed, and `reason` is blank.
    """
    if outcome is Outcome.TRY_UNTIL and (until is None or until <= today):
        raise DateNeeded
    not_followed = outcome is not None and outcome not in FOLLOWS_CLIENT
    if not_followed and client_rating is Rating.DEFINITELY and not reason.strip():
        raise ReasonNeeded


def check_goal_count(goals: int, *, reason_for_fourth: str = "", reason_for_none: str = "") -> None:
    """Raise where `goals` is too many, or a number that needs a reason has none."""
    if goals > MOST_GOALS:
        raise TooManyGoals
    if goals > USUAL_GOALS and not reason_for_fourth.strip():
        raise FourthNeedsReason
    if goals == 0 and not reason_for_none.strip():
        raise NoneNeedsReason
