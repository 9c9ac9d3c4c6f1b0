"""The care plan: its written fields, its dates, and what must stand before it can be signed."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from decisionaid.core.days import working_day
from decisionaid.core.negotiation import USUAL_GOALS
from decisionaid.core.search import folded

REVIEW_WEEKS = 12
REVISIT_WEEKS = 3
REVISIT_EARLIEST, REVISIT_LATEST = timedelta(weeks=2), timedelta(weeks=4)


class ActionKind(StrEnum):
    """Whose step it is. Mutual aid and peer support are kept apart, and are never pressed on the unwilling (R9)."""

    OWN = "own"
    KEYWORKER = "keyworker"
    REFERRAL = "referral"
    MUTUAL_AID = "mutual_aid"
    PEER_SUPPORT = "peer_support"


class Agreement(StrEnum):
    """How far the client agrees, said in private (R17)."""

    AGREE = "agree"
    CAN_LIVE_WITH = "can_live_with"
    DONT_AGREE = "dont_agree"


class Missing(StrEnum):
    """What still stands in the way of signing."""

    GOALS = "goals"
    FOURTH_REASON = "fourth_reason"
    REVISIT_DATE = "revisit_date"
    REVIEW_DATE = "review_date"
    SAFETY_STEP = "safety_step"
    ACTION_WHO = "action_who"
    ACTION_WHEN = "action_when"
    CRISIS_LINES = "crisis_lines"


@dataclass(frozen=True)
class PlanField:
    """A written field of the plan: its name, and the part of the printed page it belongs to."""

    name: str
    section: str


FIELDS: tuple[PlanField, ...] = (
    PlanField("what_matters", "matters"),
    PlanField("drinking_words", "drinking"),
    PlanField("present", "present"),
    PlanField("fourth_goal_reason", "goals"),
    PlanField("no_goal_reason", "goals"),
    PlanField("meanwhile", "differ"),
    PlanField("not_now", "not_now"),
    PlanField("unavailable", "unavailable"),
    PlanField("waiting", "waiting"),
    PlanField("constraints", "constraints"),
    PlanField("required", "required"),
    PlanField("early_signs", "warning_signs"),
    PlanField("what_i_do", "warning_signs"),
    PlanField("whom_i_call", "warning_signs"),
    PlanField("way_back", "warning_signs"),
    PlanField("how_treat_me", "staff"),
    PlanField("missed_meeting", "missed"),
    PlanField("who_may_know", "who_knows"),
    PlanField("who_may_know_until", "who_knows"),
    PlanField("coordinator", "coordinator"),
    PlanField("aftercare", "aftercare"),
    PlanField("unmet_need", "unmet"),
)
"""Every written field. A test changes each on its screen and finds it on paper."""


class DatesRefused(Exception):
    """A date that a plan cannot hold. `field` is "revisit" or "review"."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field


class DateInPast(DatesRefused):
    """The date is not still to come."""


class RevisitOutOfRange(DatesRefused):
    """The agreement itself is looked at again after two to four weeks."""


class ReviewBeforeRevisit(DatesRefused):
    """The review comes after the first look back."""


def review_date(agreed: date, weeks: int = REVIEW_WEEKS) -> date:
    """When both sort again: twelve weeks on by default; never on a weekend, but on the Monday after."""
    return working_day(agreed + timedelta(weeks=weeks))


def revisit_date(agreed: date, weeks: int = REVISIT_WEEKS) -> date:
    """When the agreement itself is looked at again: three weeks on by default, or the Monday after a weekend."""
    return working_day(agreed + timedelta(weeks=weeks))


def check_dates(today: date, revisit: date, review: date) -> None:
    """Raise for a date in the past, a first look back outside two to four weeks, or a review before it."""
    for name, value in (("revisit", revisit), ("review", review)):
        if value <= today:
            raise DateInPast(name)
    if not today + REVISIT_EARLIEST <= revisit <= today + REVISIT_LATEST:
        raise RevisitOutOfRange("revisit")
    if review <= revisit:
        raise ReviewBeforeRevisit("review")


@dataclass(frozen=True)
class PlanFacts:
    """What decides whether a plan can be signed.

    `actions` are who and by when of each, `crisis_lines` how many of the service's own there are in the language of the
    print. `today` is the day of signing: a date agreed earlier may have gone by meanwhile.
    """

    goals: int
    no_goal_reason: str
    fourth_goal_reason: str
    revisit: date | None
    review: date | None
    actions: tuple[tuple[str, date | None], ...]
    safety_step_missing: bool
    crisis_lines: int
    today: date


def missing(facts: PlanFacts) -> tuple[Missing, ...]:
    """Everything that stands in the way of signing, all at once; nothing where the plan can be signed."""
    tests = (
        (Missing.GOALS, facts.goals == 0 and not facts.no_goal_reason.strip()),
        (Missing.FOURTH_REASON, facts.goals > USUAL_GOALS and not facts.fourth_goal_reason.strip()),
        (Missing.ACTION_WHO, any(not who.strip() for who, _ in facts.actions)),
        (Missing.ACTION_WHEN, any(when is None for _, when in facts.actions)),
        (Missing.SAFETY_STEP, facts.safety_step_missing),
        (Missing.REVISIT_DATE, facts.revisit is None or facts.revisit <= facts.today),
        (Missing.REVIEW_DATE, facts.review is None or facts.review <= facts.today),
        (Missing.CRISIS_LINES, facts.crisis_lines == 0),
    )
    return tuple(what for what, lacking in tests if lacking)


def text_hash(text: str, language: str, version: int, deck_digest: str) -> str:
    """What a signature binds: SHA-256 (hex) over the exact text, its language, its version and the deck."""
    bound = "\x1f".join((language, str(version), deck_digest, text))
    return hashlib.sha256(bound.encode()).hexdigest()


def is_name_of(typed: str, names: Iterable[str]) -> bool:
    """Whether a typed name fits a person with these names: they share a word, whatever its case and accents.

    People sign as Rowan, Rowan Ellis or R. Ellis. Where only a reference is known, any name is accepted.
    """
    known = {word for name in names for word in _words(name)}
    return bool(known & _words(typed)) if known else bool(typed.strip())


def _words(name: str) -> set[str]:
    """The words of a name, without initials where there is more."""
    words = set(re.findall(r"\w+", folded(name)))
    return {word for word in words if len(word) > 1} or words
